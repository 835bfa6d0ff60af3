#include "app/plain/parts.h"
#include "app/commands/keymap.h"
#include "app/input.h"
#include "core/display.h"

#include <stdarg.h>
#include <string.h>

static void flush(struct printer *out)
{
    while (!printer_flush(out) && !out->broken)
        continue;
}

void plain_text(struct app *app, struct span text)
{
    struct plain *p = app->plain;
    printer_text(&p->out, text, true);
    flush(&p->out);
    p->said = true;
    app->quit = app->quit || p->out.broken; /* nobody listens any more; all is kept */
}

void plain_lines(struct app *app, struct span text)
{
    plain_text(app, text);
    if (text.len == 0 || text.s[text.len - 1] != '\n')
        plain_text(app, SPAN("\n"));
}

void plain_say(struct app *app, const char *format, ...)
{
    struct str text = {0};
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    plain_lines(app, str_span(&text));
    str_release(&text);
}

void plain_quote(struct str *out, struct span text, int columns)
{
    display_line(out, span_trim(text), columns);
}

/* -- keys in sentences --------------------------------------------------------------------------------------------------------------------- */

/* Names that no sentence uses for anything else. */
static bool is_surely_a_key(struct span name)
{
    static const char *const words[] = {"Esc", "Enter", "Tab", "Space"};
    for (int i = 0; i < 4; i++)
        if (span_is(name, words[i]))
            return true;
    return name.len > 1 && (name.s[0] == '^' || span_starts(name, "M-") || span_starts(name, "S-") ||
                            (name.s[0] == 'F' && name.s[1] >= '1' && name.s[1] <= '9'));
}

static bool goes_on_a_word(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The key's name at the beginning of `rest`; "" : none stands there. An arrow is called by its word. */
static struct span key_at(struct span rest, const char **arrow)
{
    static const struct {
        const char *sign, *name;
    } arrows[] = {{"←", "Left"}, {"→", "Right"}, {"↑", "Up"}, {"↓", "Down"}};
    size_t len = 0;
    *arrow = NULL;
    for (int i = 0; i < 4; i++)
        if (span_starts(rest, arrows[i].sign)) {
            *arrow = arrows[i].name;
            return span_cut(rest, 0, strlen(arrows[i].sign));
        }
    while (len < rest.len && (goes_on_a_word((unsigned char)rest.s[len]) || rest.s[len] == '^' || rest.s[len] == '-'))
        len++;
    if (len == 2 && span_starts(rest, "M-") && len < rest.len) /* M-. and its like */
        len++;
    struct span name = span_cut(rest, 0, len);
    return is_surely_a_key(name) ? name : SPAN("");
}

/* Nearest places first, as the key itself would be looked up; then wherever it does something. */
static const struct command *command_of(struct app *app, struct span name)
{
    enum map maps[3];
    struct key key = {0};
    int count = input_places(app, maps);
    const struct command *c = NULL;
    if (!key_parse(name, &key))
        return NULL;
    for (int i = 0; !c && i < count; i++)
        c = keymap_lookup(&app->keymap, maps[i], key);
    for (int i = 0; !c && i < MAP_COUNT; i++)
        c = keymap_lookup(&app->keymap, (enum map)i, key);
    return c;
}

void plain_sentence(struct app *app, struct span text)
{
    struct str out = {0};
    size_t at = 0;
    while (at < text.len) {
        const char *arrow = NULL;
        bool begins = at == 0 || !(goes_on_a_word((unsigned char)text.s[at - 1]) || text.s[at - 1] == '-');
        struct span name = begins ? key_at(span_cut(text, at, text.len), &arrow) : SPAN("");
        const struct command *c = name.len ? command_of(app, arrow ? span_of(arrow) : name) : NULL;
        if (c) {
            str_printf(&out, "/%s", c->name);
            at += name.len;
            if (arrow && at < text.len && text.s[at] == '/') { /* ←/→ */
                str_add_text(&out, ", ");
                at++;
            }
        } else {
            str_add_byte(&out, text.s[at++]);
        }
    }
    plain_lines(app, str_span(&out));
    str_release(&out);
}
