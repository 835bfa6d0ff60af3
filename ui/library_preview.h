/* The library's preview: one generation with its prompt, dials and takes, as it was, or a page of the writer's own. */
#ifndef RENGA_UI_LIBRARY_PREVIEW_H
#define RENGA_UI_LIBRARY_PREVIEW_H

#include "ui/view_library.h"

/* Keeps v->preview_scroll within the text. */
void library_preview_draw(struct library_view *v, struct canvas *c, struct rect r);
/* "10-18 14:03", for another year than this "2025-10-18"; local time, at most 11 columns. */
void library_date(struct str *out, int64_t wall_ms);

#endif
