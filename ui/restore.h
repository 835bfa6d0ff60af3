/* Gives the terminal back when the program ends in a way nobody planned: a fault, an abort, a stack overflow, exit(3),
 * a deadly signal. Knows bytes and a termios, not what they mean. What runs in a handler is async-signal-safe. */
#ifndef RENGA_UI_RESTORE_H
#define RENGA_UI_RESTORE_H

#include "core/str.h"
#include <termios.h>

/* From now on the bytes and the settings go to `fd` (which must not block) before the program dies, once, and only
 * while we are in the terminal's foreground. Faults are always caught; INT, QUIT, TERM and HUP only where their action is the
 * default one. Sets check_hook. The bytes are copied; more than 512 fail a CHECK. */
void restore_arm(int fd, const struct termios *settings, struct span bytes);
/* The terminal was given back by other means. */
void restore_disarm(void);
/* Gives it back now, if armed. */
void restore_now(void);

#endif
