#include "ui/sequence.h"
#include "core/mem.h"
#include "core/utf8.h"
#include <limits.h>

enum { PARAMS_MAX = 8 };

/* The numbers of a CSI; `second` is what follows a colon (kitty: the shifted key, the kind of event). */
struct params {
    int count;
    int first[PARAMS_MAX], second[PARAMS_MAX];
};

struct code_row {
    int sign;
    int32_t code;
    int mods;
};

/* CSI and SS3 end in the same letters; the small ones are rxvt's. */
static const struct code_row letters[] = {
    {'A', KEYCODE_UP, 0},         {'B', KEYCODE_DOWN, 0},         {'C', KEYCODE_RIGHT, 0},
    {'D', KEYCODE_LEFT, 0},       {'F', KEYCODE_END, 0},          {'H', KEYCODE_HOME, 0},
    {'P', KEYCODE_F1, 0},         {'Q', KEYCODE_F1 + 1, 0},       {'R', KEYCODE_F1 + 2, 0},
    {'S', KEYCODE_F1 + 3, 0},     {'Z', KEYCODE_TAB, MOD_SHIFT},  {'a', KEYCODE_UP, MOD_SHIFT},
    {'b', KEYCODE_DOWN, MOD_SHIFT}, {'c', KEYCODE_RIGHT, MOD_SHIFT}, {'d', KEYCODE_LEFT, MOD_SHIFT},
};

static const struct code_row tildes[] = {
    {1, KEYCODE_HOME, 0},      {2, KEYCODE_INSERT, 0},    {3, KEYCODE_DELETE, 0},    {4, KEYCODE_END, 0},
    {5, KEYCODE_PAGE_UP, 0},   {6, KEYCODE_PAGE_DOWN, 0}, {7, KEYCODE_HOME, 0},      {8, KEYCODE_END, 0},
    {11, KEYCODE_F1, 0},       {12, KEYCODE_F1 + 1, 0},   {13, KEYCODE_F1 + 2, 0},   {14, KEYCODE_F1 + 3, 0},
    {15, KEYCODE_F1 + 4, 0},   {17, KEYCODE_F1 + 5, 0},   {18, KEYCODE_F1 + 6, 0},   {19, KEYCODE_F1 + 7, 0},
    {20, KEYCODE_F1 + 8, 0},   {21, KEYCODE_F1 + 9, 0},   {23, KEYCODE_F1 + 10, 0},  {24, KEYCODE_F1 + 11, 0},
    {25, KEYCODE_F1 + 12, 0},  {26, KEYCODE_F1 + 13, 0},  {28, KEYCODE_F1 + 14, 0},  {29, KEYCODE_F1 + 15, 0},
    {31, KEYCODE_F1 + 16, 0},  {32, KEYCODE_F1 + 17, 0},  {33, KEYCODE_F1 + 18, 0},  {34, KEYCODE_F1 + 19, 0},
};

/* Keys of the kitty protocol that have no character; its private code points from 57344 on. */
static const struct code_row kitty[] = {
    {57414, KEYCODE_ENTER, 0}, {57417, KEYCODE_LEFT, 0},    {57418, KEYCODE_RIGHT, 0},     {57419, KEYCODE_UP, 0},
    {57420, KEYCODE_DOWN, 0},  {57421, KEYCODE_PAGE_UP, 0}, {57422, KEYCODE_PAGE_DOWN, 0}, {57423, KEYCODE_HOME, 0},
    {57424, KEYCODE_END, 0},   {57425, KEYCODE_INSERT, 0},  {57426, KEYCODE_DELETE, 0},
};

static const struct code_row *row_find(const struct code_row *rows, size_t count, int sign)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].sign == sign)
            return &rows[i];
    return NULL;
}

static enum sequence_kind give_key(struct input *out, int32_t code, int mods)
{
    *out = (struct input){.kind = INPUT_KEY, .key = {code, mods}};
    return SEQUENCE_INPUT;
}

static enum sequence_kind give_text(struct input *out, int32_t cp, char typed[4])
{
    size_t len = (size_t)utf8_encode(cp, typed);
    *out = (struct input){.kind = INPUT_TEXT, .text = {typed, len}};
    return SEQUENCE_INPUT;
}

/* Digits up to the first other byte; a number that is too large stays at the bound and so means nothing. */
static int take_number(const char **at, const char *end)
{
    int number = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
        number = number < INT_MAX / 20 ? number * 10 + (**at - '0') : number;
    return number;
}

static struct params read_params(const char *at, const char *end)
{
    struct params p = {.count = 0};
    while (at < end && p.count < PARAMS_MAX) {
        p.first[p.count] = take_number(&at, end);
        if (at < end && *at == ':') {
            at++;
            p.second[p.count] = take_number(&at, end);
        }
        while (at < end && *at != ';')
            at++;
        p.count++;
        if (at < end)
            at++;
    }
    return p;
}

/* xterm's modifier parameter: one more than shift 1, alt 2, ctrl 4, as our own bits are. 0 means none was sent. */
static int mods_of(int param) { return param > 0 ? (param - 1) & (MOD_SHIFT | MOD_ALT | MOD_CTRL) : 0; }

struct key sequence_control(unsigned char byte)
{
    switch (byte) {
    case 0x00:
        return (struct key){' ', MOD_CTRL};
    case 0x08: /* sent by Ctrl-Backspace, and by Backspace itself on some terminals */
    case 0x7F:
        return (struct key){KEYCODE_BACKSPACE, 0};
    case 0x09:
        return (struct key){KEYCODE_TAB, 0};
    case 0x0D:
        return (struct key){KEYCODE_ENTER, 0};
    case 0x1B:
        return (struct key){KEYCODE_ESCAPE, 0};
    default:
        return (struct key){byte < 0x1B ? byte + 'a' - 1 : byte + '@', MOD_CTRL};
    }
}

/* A key told by its code point and modifiers: kitty's CSI u and xterm's modifyOtherKeys. */
static enum sequence_kind give_code(int32_t cp, int32_t shifted, int mods, char typed[4], struct input *out)
{
    const struct code_row *row = row_find(kitty, COUNT_OF(kitty), cp);
    if (row)
        return give_key(out, row->code, mods);
    if (cp >= 57376 && cp <= 57387)
        return give_key(out, KEYCODE_F1 + 12 + cp - 57376, mods);
    if (cp >= 57399 && cp <= 57408)
        cp = '0' + cp - 57399;
    if (cp == '\t' || cp == '\r' || cp == 0x1B || cp == 0x08 || cp == 0x7F)
        return give_key(out, sequence_control((unsigned char)cp).code, mods);
    if (cp < ' ' || (cp >= 0x80 && cp < 0xA0) || (cp >= 0xD800 && cp < 0xF900) || cp > 0x10FFFF)
        return SEQUENCE_NONE;
    if (mods & MOD_CTRL)
        return give_key(out, cp >= 'A' && cp <= 'Z' ? cp + 'a' - 'A' : cp, mods);
    if ((mods & MOD_SHIFT) && shifted > ' ' && shifted < 0xD800)
        cp = shifted;
    else if ((mods & MOD_SHIFT) && cp >= 'a' && cp <= 'z')
        cp += 'A' - 'a';
    if (mods & MOD_ALT)
        return give_key(out, cp, MOD_ALT);
    return give_text(out, cp, typed);
}

static enum sequence_kind give_mouse(int code, int x, int y, bool release, int *button, struct input *out)
{
    struct mouse m = {.button = (code & 3) + 1, .x = x - 1, .y = y - 1};
    m.mods = (code & 4 ? MOD_SHIFT : 0) | (code & 8 ? MOD_ALT : 0) | (code & 16 ? MOD_CTRL : 0);
    if (x < 1 || y < 1 || code >= 128)
        return SEQUENCE_NONE; /* buttons 8 to 11: back, forward */
    if (code & 64) {
        if (m.button > 2)
            return SEQUENCE_NONE; /* a wheel that goes left and right */
        m.kind = m.button == 1 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
        m.button = 0;
    } else if (m.button == 4 || release) {
        if (code & 32)
            return SEQUENCE_NONE; /* moved with no button down */
        m.kind = MOUSE_RELEASE;
        m.button = m.button == 4 ? *button : m.button;
    } else {
        m.kind = code & 32 ? MOUSE_DRAG : MOUSE_PRESS;
        *button = m.button;
    }
    *out = (struct input){.kind = INPUT_MOUSE, .mouse = m};
    return SEQUENCE_INPUT;
}

static enum sequence_kind csi_mouse(struct span body, int *button, struct input *out)
{
    char final = body.s[body.len - 1];
    if (body.s[0] == '<') {
        struct params p = read_params(body.s + 1, body.s + body.len - 1);
        if (p.count != 3)
            return SEQUENCE_NONE;
        return give_mouse(p.first[0], p.first[1], p.first[2], final == 'm', button, out);
    }
    if (body.len == 4 && body.s[0] == 'M') { /* X10: three bytes, each 32 more than its number */
        const unsigned char *b = (const unsigned char *)body.s;
        return give_mouse(b[1] - 32, b[2] - 32, b[3] - 32, false, button, out);
    }
    struct params p = read_params(body.s, body.s + body.len - 1); /* rxvt's 1015 */
    return p.count == 3 ? give_mouse(p.first[0] - 32, p.first[1], p.first[2], false, button, out) : SEQUENCE_NONE;
}

static enum sequence_kind csi_tilde(const struct params *p, int extra, char typed[4], struct input *out)
{
    if (p->first[0] == 200)
        return SEQUENCE_PASTE;
    if (p->first[0] == 27 && p->count >= 3)
        return give_code(p->first[2], 0, mods_of(p->first[1]), typed, out);
    const struct code_row *row = row_find(tildes, COUNT_OF(tildes), p->first[0]);
    return row ? give_key(out, row->code, extra | mods_of(p->first[1])) : SEQUENCE_NONE;
}

static enum sequence_kind csi_letter(char final, const struct params *p, struct input *out)
{
    const struct code_row *row = row_find(letters, COUNT_OF(letters), final);
    /* 1 or nothing before the modifiers; other numbers are replies, such as the cursor's position. */
    if (!row || p->count > 2 || (p->count > 0 && p->first[0] > 1))
        return SEQUENCE_NONE;
    return give_key(out, row->code, row->mods | mods_of(p->first[1]));
}

enum sequence_kind sequence_csi(struct span body, int *button, char typed[4], struct input *out)
{
    if (body.len == 0)
        return SEQUENCE_NONE;
    char final = body.s[body.len - 1];
    if (body.s[0] == '<' || body.s[0] == 'M' || final == 'M')
        return csi_mouse(body, button, out);
    if (body.s[0] == '[') /* the Linux console: F1 to F5 */
        return final >= 'A' && final <= 'E' ? give_key(out, KEYCODE_F1 + final - 'A', 0) : SEQUENCE_NONE;
    for (size_t i = 0; i + 1 < body.len; i++)
        if (body.s[i] < '0' || body.s[i] > ';')
            return SEQUENCE_NONE; /* private marks and intermediates: replies */
    struct params p = read_params(body.s, body.s + body.len - 1);
    if (p.second[1] == 3)
        return SEQUENCE_NONE; /* kitty: the key was let go */
    switch (final) {
    case '~':
        return csi_tilde(&p, 0, typed, out);
    case '$': /* rxvt */
        return csi_tilde(&p, MOD_SHIFT, typed, out);
    case '^':
        return csi_tilde(&p, MOD_CTRL, typed, out);
    case '@':
        return csi_tilde(&p, MOD_CTRL | MOD_SHIFT, typed, out);
    case 'u':
        return p.count ? give_code(p.first[0], p.second[0], mods_of(p.first[1]), typed, out) : SEQUENCE_NONE;
    case 'I':
    case 'O':
        *out = (struct input){.kind = final == 'I' ? INPUT_FOCUS_IN : INPUT_FOCUS_OUT};
        return SEQUENCE_INPUT;
    default:
        return csi_letter(final, &p, out);
    }
}

enum sequence_kind sequence_ss3(struct span body, char typed[4], struct input *out)
{
    static const char keypad[] = "*+,-./0123456789"; /* sent as j…y */
    if (body.len == 0)
        return SEQUENCE_NONE;
    const char *at = body.s;
    int mods = mods_of(take_number(&at, body.s + body.len));
    char final = body.s[body.len - 1];
    if (final == 'M')
        return give_key(out, KEYCODE_ENTER, mods);
    if (final == 'X' || (final >= 'j' && final <= 'y'))
        return give_text(out, final == 'X' ? '=' : keypad[final - 'j'], typed);
    const struct code_row *row = row_find(letters, COUNT_OF(letters), final);
    if (!row)
        return SEQUENCE_NONE;
    /* rxvt tells Ctrl-arrows by small letters here, and Shift-arrows by the same letters in a CSI. */
    bool small = final >= 'a' && final <= 'd';
    return give_key(out, row->code, small ? MOD_CTRL : row->mods | mods);
}
