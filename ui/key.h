/* Keys, mouse and pastes as events, and the names of keys. Knows no bytes and no command. */
#ifndef RENGA_UI_KEY_H
#define RENGA_UI_KEY_H

#include "core/str.h"

enum { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CTRL = 4 };

/* Keys without a character lie above Unicode. */
enum key_code {
    KEYCODE_UP = 0x110000,
    KEYCODE_DOWN,
    KEYCODE_LEFT,
    KEYCODE_RIGHT,
    KEYCODE_HOME,
    KEYCODE_END,
    KEYCODE_PAGE_UP,
    KEYCODE_PAGE_DOWN,
    KEYCODE_INSERT,
    KEYCODE_DELETE,
    KEYCODE_BACKSPACE,
    KEYCODE_ENTER,
    KEYCODE_TAB,
    KEYCODE_ESCAPE,
    KEYCODE_F1, /* F1…F24 follow one another */
    KEYCODE_F24 = KEYCODE_F1 + 23,
};

struct key {
    int32_t code; /* a code point (lower case with MOD_CTRL) or an enum key_code */
    int mods;
};

enum mouse_kind { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
struct mouse {
    enum mouse_kind kind;
    int button; /* 1 left, 2 middle, 3 right */
    int x, y;   /* from 0 */
    int mods;
};

enum input_kind { INPUT_KEY, INPUT_TEXT, INPUT_PASTE, INPUT_MOUSE, INPUT_FOCUS_IN, INPUT_FOCUS_OUT };
struct input {
    enum input_kind kind;
    struct key key;
    struct mouse mouse;
    struct span text; /* INPUT_TEXT: typed characters, several when they came in one read; INPUT_PASTE: the whole paste, data as it is, with
                         CR and CRLF as LF. Borrowed until the next call of the parser */
};

/* "^G", "M-Left", "S-PgDn", "F1", "Esc", "Enter", "Tab", "M-1", "^_": as help, footer, keymap files and scripts write them. */
void key_format(struct key k, struct str *out);
bool key_parse(struct span name, struct key *k);
bool key_equal(struct key a, struct key b);

#endif
