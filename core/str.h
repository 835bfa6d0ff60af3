/* Strings: `struct str` owns its bytes, `struct span` borrows them. Both may hold any bytes; neither knows encodings.
 *
 * Invariants of a str: `s` is never NULL after any call (an empty one points at a shared ""), s[len] == 0, and
 * len <= max when max is not 0. A zeroed struct str is a valid empty string without a limit. */
#ifndef RENGA_CORE_STR_H
#define RENGA_CORE_STR_H

#include "core/err.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const char *s;
    size_t len;
};

struct str {
    char *s;
    size_t len, cap;
    size_t max; /* 0: no limit */
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})
#define SPAN_ARG(sp) (int)(sp).len, (sp).s /* for "%.*s" */

struct span span_of(const char *text);                               /* NULL gives an empty span */
struct span span_cut(struct span sp, size_t from, size_t to);        /* bytes [from, to), clamped */
struct span span_trim(struct span sp);                               /* without ASCII and U+3000 white space at both ends */
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);                       /* equal to a C string */
bool span_starts(struct span sp, const char *prefix);
/* Offset of the first `needle` at or after `from`, or -1. */
ptrdiff_t span_find(struct span sp, struct span needle, size_t from);
/* Takes the next line off the front of `rest` (without its LF or CRLF) into `line`; false when nothing is left. */
bool span_line(struct span *rest, struct span *line);
/* Strict decimal number with nothing after it (C locale, no white space); false leaves `out` alone. */
bool span_number(struct span sp, double *out);
bool span_integer(struct span sp, int64_t *out);
char *span_copy(struct span sp) __attribute__((malloc));             /* NUL-ended; the caller frees */

void str_init(struct str *b, size_t max);
void str_release(struct str *b);                                     /* frees; the str is empty and usable again */
void str_clear(struct str *b);                                       /* empties, keeps the memory */
/* True when all of `sp` was added; false when the limit would be passed (then nothing was added). */
bool str_try_add(struct str *b, struct span sp) MUST_USE;
/* Adds; passing a limit here is our mistake and fails a CHECK. */
void str_add(struct str *b, struct span sp);
void str_add_text(struct str *b, const char *text);
void str_add_byte(struct str *b, char byte);
void str_add_quoted(struct str *b, struct span text); /* as a string of JSON: quotes around it, controls and DEL escaped */
void str_printf(struct str *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vprintf(struct str *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
void str_set(struct str *b, struct span sp);                         /* clear, then add */
/* Replaces the bytes [from, from + removed) by `sp`. */
void str_splice(struct str *b, size_t from, size_t removed, struct span sp);
void str_cut(struct str *b, size_t len);                             /* shortens to len bytes */
void str_move(struct str *to, struct str *from);                     /* to is released first, from is left empty */
char *str_take(struct str *b) __attribute__((malloc));               /* hands over the bytes; the str is left empty */
struct span str_span(const struct str *b);
const char *str_text(const struct str *b);                           /* never NULL */

#endif
