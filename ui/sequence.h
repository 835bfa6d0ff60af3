/* One complete escape sequence → the key or mouse event it stands for. Knows no timing and no buffer. */
#ifndef RENGA_UI_SEQUENCE_H
#define RENGA_UI_SEQUENCE_H

#include "ui/key.h"

enum sequence_kind {
    SEQUENCE_NONE,  /* a reply or a sequence unknown to us: to be swallowed */
    SEQUENCE_INPUT,
    SEQUENCE_PASTE, /* a bracketed paste begins */
};

/* `body` is what follows ESC [, its final byte included. `button` is the mouse button last pressed: X10 releases do not
 * name it. An INPUT_TEXT borrows `typed`. */
enum sequence_kind sequence_csi(struct span body, int *button, char typed[4], struct input *out);
/* `body` is what follows ESC O: a final byte, perhaps with a digit for modifiers before it. */
enum sequence_kind sequence_ss3(struct span body, char typed[4], struct input *out);
/* Turns a control byte (below 0x20, or DEL) into its key. */
struct key sequence_control(unsigned char byte);

#endif
