/* A strict reader of `[section]`, `key = value` and `# comment` lines: config, themes and keymaps. Knows no key's meaning.
 *
 * One entry a line; white space around names and values is cut; a value in double quotes keeps its spaces and knows \" \\ \n \t;
 * a comment starts with # at the line's beginning, or with a # that
 * stands alone between white space outside quotes (so #d7875f is a colour). The text must be UTF-8 without control
 * characters but tab; lines are at most 4,096 bytes, files 1 MB. A leading BOM and CRLF are taken. */
#ifndef RENGA_CORE_INI_H
#define RENGA_CORE_INI_H

#include "core/str.h"

struct ini_entry {
    const char *file; /* as given, for messages */
    int line;
    struct span section; /* "" before the first; "server desk" for [server desk] */
    struct span key;
    struct span value;   /* unquoted; valid during the call only */
};

/* Calls `entry` for each line. A faulty line (or one for which `entry` returns false, having filled its err) is passed over and the rest is
 * still read; the result is then false with "FILE:LINE: …" of the first fault. */
bool ini_read(const char *file, struct span text, bool (*entry)(void *ctx, const struct ini_entry *en, struct err *e), void *ctx,
              struct err *e) MUST_USE;
/* "FILE:LINE: sentence", ERR_CONFIG. */
bool ini_fail(const struct ini_entry *en, struct err *e, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Appends `value` quoted when it needs to be; control characters and ill-formed bytes, which no line may hold, are left out. */
void ini_quote(struct str *out, struct span value);

#endif
