/* What went wrong outside the program, as one sentence for the writer and a kind for the code. Knows no cause. */
#ifndef RENGA_CORE_ERR_H
#define RENGA_CORE_ERR_H

#include <stdbool.h>

/* The kind decides what app does (exit code, retry, colour); the text is what the writer reads. */
enum err_kind {
    ERR_NONE,
    ERR_USAGE,   /* the command line or a command's argument is wrong */
    ERR_CONFIG,  /* a config, theme or keymap file is wrong; the text names file and line */
    ERR_IO,      /* a file, folder or terminal refused */
    ERR_STORAGE, /* the library could not be read or written */
    ERR_FORMAT,  /* bytes that are not what they claim to be */
    ERR_LIMIT,   /* more than a bound allows */
    ERR_NETWORK, /* name, connect, TLS, time-out, broken stream */
    ERR_REFUSED, /* the server answered and said no */
    ERR_BUSY,    /* the server asks to come back later; retry_ms says when */
    ERR_STOPPED, /* the writer stopped it */
};

struct err {
    enum err_kind kind;
    int retry_ms; /* ERR_BUSY: how long to wait, 0 if not told */
    int status;   /* ERR_REFUSED and ERR_BUSY: the HTTP status */
    char text[640];
};

/* Fills `e` (may be NULL) and returns false, so that `return err_set(e, …);` reports and fails in one line.
 * The text is cut at a whole UTF-8 character when it does not fit. */
bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));
void err_clear(struct err *e);

#define MUST_USE __attribute__((warn_unused_result))

#endif
