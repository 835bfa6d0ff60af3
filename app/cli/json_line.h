/* JSON as the command line prints it: one object a line. Knows how to write, not how to read. */
#ifndef RENGA_APP_JSON_LINE_H
#define RENGA_APP_JSON_LINE_H

#include "core/str.h"

/* Each adds `"name":value`, with the comma or the opening brace that belongs before it. */
void json_line_text(struct str *out, const char *name, struct span value);
void json_line_number(struct str *out, const char *name, int64_t value);
/* A value that is JSON already. */
void json_line_raw(struct str *out, const char *name, struct span value);
/* Opens an object within: as a member, or (name NULL) the line itself. */
void json_line_open(struct str *out, const char *name);
void json_line_close(struct str *out);

#endif
