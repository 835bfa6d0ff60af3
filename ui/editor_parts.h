/* What the editor's files share: offsets, clusters and columns of a text in its layout. */
#ifndef RENGA_UI_EDITOR_PARTS_H
#define RENGA_UI_EDITOR_PARTS_H

#include "ui/editor.h"
#include "ui/layout.h"

/* Brings layout and offsets up to date with the buffer; false: there is no buffer. Every public function of
 * the editor begins with it. */
bool editor_ready(struct editor *ed);

/* Cluster borders around `at`, and the last one not behind it. */
size_t editor_next(struct editor *ed, size_t at);
size_t editor_prev(struct editor *ed, size_t at);
size_t editor_snap(struct editor *ed, size_t at);
/* The glyph at `at` as if it began a row; kind GLYPH_NEWLINE at a newline and 0 bytes at the end. */
void editor_glyph(struct editor *ed, size_t at, struct glyph *g);

/* Columns from the row's start to `at`, and the cluster at a column: of those beyond the row its end, or the
 * last one of a row that goes on in the next. */
int editor_column(struct editor *ed, const struct row *row, size_t at);
size_t editor_at_column(struct editor *ed, const struct row *row, int column);

/* Where a motion goes from the caret. Vertical ones aim at ed->goal. */
size_t editor_target(struct editor *ed, enum motion m);
/* Sets caret and selection for a motion, and replaces text with all that follows from it. */
void editor_put(struct editor *ed, size_t anchor, size_t caret);
void editor_replace(struct editor *ed, size_t from, size_t to, struct span text);
/* Rows up from `row`, as far as there are. */
struct row editor_rows_up(struct editor *ed, struct row row, int rows);

#endif
