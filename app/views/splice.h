/* The passage that is spliced from lines of others: a text whose every stretch knows the take it was cut from. Each of these is one undo.
 * Knows no screen and no library. */
#ifndef RENGA_APP_SPLICE_H
#define RENGA_APP_SPLICE_H

#include "core/runs.h"
#include "ui/editor.h"

/* Puts one or more lines below the line of the caret, in the inks given (their lengths add up); the caret goes to their end. */
void splice_add(struct editor *ed, struct span lines, const struct run *inks, size_t count);
/* Takes out the line of the caret; false: there is none. */
bool splice_drop(struct editor *ed);
/* Changes the caret's line with the one above (-1) or below (1); false: there is none. */
bool splice_shift(struct editor *ed, int step);
bool splice_walk(struct editor *ed, bool back); /* undo, redo */
/* The ink of what the writer types at `at`: an edit of the line there, or a line of the writer's own. */
struct ink splice_ink(struct buffer *b, size_t at);
int splice_lines(struct buffer *b);
/* The runs as a passage keeps them. */
void splice_runs(struct buffer *b, struct str *out);

#endif
