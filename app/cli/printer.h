/* Standard output and standard error of the command line: bytes as they are into pipes and files, display forms onto a terminal, so
 * that no text from outside can control it. Knows not what is printed. */
#ifndef RENGA_APP_PRINTER_H
#define RENGA_APP_PRINTER_H

#include "core/str.h"

struct printer {
    int fd;
    bool terminal;
    bool broken;      /* the reader has gone, or the disk is full: `why` says which */
    int why;          /* errno */
    struct str held;  /* what is not written yet */
};

void printer_init(struct printer *p, int fd);
void printer_release(struct printer *p);              /* flushes */
/* Text from outside, of which more may follow: the return value says how many of its bytes were taken. On a terminal the last cluster is left to
 * the caller unless `last`, since what follows may still belong to it. */
size_t printer_text(struct printer *p, struct span text, bool last);
void printer_line(struct printer *p, struct span text);         /* text from outside that must fit on one line, without the newline */
void printer_say(struct printer *p, const char *text);          /* the program's own words */
void printer_format(struct printer *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bold, dim, … on a terminal only: an SGR number, 0 ends it. Nothing when NO_COLOR is set. */
void printer_style(struct printer *p, int sgr);
/* Writes what is held; false when the output is broken, or when a signal came before all was written (what is left stays). */
bool printer_flush(struct printer *p);
int printer_columns(const struct printer *p);         /* of the terminal, 0: no terminal */

#endif
