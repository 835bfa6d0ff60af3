#include "ui/key.h"
#include "core/mem.h"
#include "core/utf8.h"
#include <strings.h>

/* The first row of a code is how it is written; the others are read as well. */
static const struct {
    int32_t code;
    const char *name;
} names[] = {
    {KEYCODE_UP, "Up"},
    {KEYCODE_DOWN, "Down"},
    {KEYCODE_LEFT, "Left"},
    {KEYCODE_RIGHT, "Right"},
    {KEYCODE_HOME, "Home"},
    {KEYCODE_END, "End"},
    {KEYCODE_PAGE_UP, "PgUp"},
    {KEYCODE_PAGE_UP, "PageUp"},
    {KEYCODE_PAGE_DOWN, "PgDn"},
    {KEYCODE_PAGE_DOWN, "PageDown"},
    {KEYCODE_INSERT, "Ins"},
    {KEYCODE_INSERT, "Insert"},
    {KEYCODE_DELETE, "Del"},
    {KEYCODE_DELETE, "Delete"},
    {KEYCODE_BACKSPACE, "Bksp"},
    {KEYCODE_BACKSPACE, "Backspace"},
    {KEYCODE_ENTER, "Enter"},
    {KEYCODE_ENTER, "Return"},
    {KEYCODE_TAB, "Tab"},
    {KEYCODE_ESCAPE, "Esc"},
    {KEYCODE_ESCAPE, "Escape"},
    {' ', "Space"},
};

static const struct {
    const char *prefix;
    int mod;
} prefixes[] = {
    {"M-", MOD_ALT}, {"Alt-", MOD_ALT}, {"C-", MOD_CTRL}, {"Ctrl-", MOD_CTRL}, {"^", MOD_CTRL}, {"S-", MOD_SHIFT},
    {"Shift-", MOD_SHIFT},
};

static void add_character(int32_t code, struct str *out)
{
    char bytes[4];
    int len = utf8_encode(code, bytes);
    str_add(out, (struct span){bytes, (size_t)len});
}

static void add_name(int32_t code, struct str *out)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].code == code) {
            str_add_text(out, names[i].name);
            return;
        }
    }
    if (code >= KEYCODE_F1 && code <= KEYCODE_F24)
        str_printf(out, "F%d", code - KEYCODE_F1 + 1);
    else
        add_character(code, out);
}

void key_format(struct key k, struct str *out)
{
    bool caret = (k.mods & MOD_CTRL) && k.code < KEYCODE_UP;
    if (k.mods & MOD_ALT)
        str_add_text(out, "M-");
    if ((k.mods & MOD_CTRL) && !caret)
        str_add_text(out, "C-");
    if (k.mods & MOD_SHIFT)
        str_add_text(out, "S-");
    if (caret)
        str_add_text(out, "^");
    if (caret && k.code >= 'a' && k.code <= 'z')
        k.code += 'A' - 'a';
    add_name(k.code, out);
}

/* Takes one modifier off the front, as long as something is left to be modified. */
static bool take_prefix(struct span *name, int *mods)
{
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        size_t len = span_of(prefixes[i].prefix).len;
        if (name->len > len && strncasecmp(name->s, prefixes[i].prefix, len) == 0) {
            *mods |= prefixes[i].mod;
            *name = span_cut(*name, len, name->len);
            return true;
        }
    }
    return false;
}

static bool parse_function_key(struct span name, int32_t *code)
{
    int64_t number = 0;
    if (name.len < 2 || (name.s[0] != 'F' && name.s[0] != 'f'))
        return false;
    if (!span_integer(span_cut(name, 1, name.len), &number) || number < 1 || number > 24)
        return false;
    *code = KEYCODE_F1 + (int32_t)number - 1;
    return true;
}

static bool parse_name(struct span name, int32_t *code)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (span_of(names[i].name).len == name.len && strncasecmp(names[i].name, name.s, name.len) == 0) {
            *code = names[i].code;
            return true;
        }
    }
    if (parse_function_key(name, code))
        return true;
    int32_t cp = -1;
    if (utf8_decode(name, &cp) != (int)name.len || cp < ' ' || cp == 0x7F)
        return false;
    *code = cp;
    return true;
}

bool key_parse(struct span name, struct key *k)
{
    struct key parsed = {.code = 0};
    while (take_prefix(&name, &parsed.mods))
        continue;
    if (name.len == 0 || !parse_name(name, &parsed.code))
        return false;
    if ((parsed.mods & MOD_CTRL) && parsed.code >= 'A' && parsed.code <= 'Z')
        parsed.code += 'a' - 'A';
    /* A shifted letter is the capital, as terminals send it. */
    if ((parsed.mods & (MOD_SHIFT | MOD_CTRL)) == MOD_SHIFT && parsed.code >= 'a' && parsed.code <= 'z')
        parsed = (struct key){parsed.code + 'A' - 'a', parsed.mods & ~MOD_SHIFT};
    *k = parsed;
    return true;
}

bool key_equal(struct key a, struct key b) { return a.code == b.code && a.mods == b.mods; }
