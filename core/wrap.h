/* Where lines break: soft wrap of one paragraph into rows of a given width, Chinese and Latin alike. Knows no cursor.
 *
 * Rules, in this order: a row holds at most `width` columns; no break inside a grapheme cluster; Latin words, numbers and
 * addresses stay whole unless one alone is wider than the row (a hyphen between letters allows a break after it); no row
 * begins with a closing mark (，。、；：！？）》」』】〕”’…—%‰ and the like, full-width or ASCII) and none ends with an opening
 * one (（《「『【〔“‘); —— …… and their like are never split; spaces at a break hang at the end of the row (width not
 * counted). Between two Han characters a break is always allowed otherwise. 避头尾 is done by moving the last characters
 * of the row down (追い出し), never by hanging punctuation. When no lawful break exists in the row the row breaks at the
 * last cluster that fits. A width below 2 acts as 2; only a single cluster (a marker) may be wider than its row. */
#ifndef RENGA_CORE_WRAP_H
#define RENGA_CORE_WRAP_H

#include "core/str.h"

/* Length in bytes of the first row of `paragraph` (which holds no newline), `width` columns wide. Returns the whole
 * length when it fits. Never 0 for a non-empty paragraph. */
size_t wrap_row(struct span paragraph, int width);

/* Row starts of one paragraph. Reuse between calls keeps the memory. */
struct wrap {
    uint32_t *starts; /* starts[0] == 0; byte offsets into the paragraph */
    int count, cap;
};
/* Wraps from row `from` on (0: all); rows before it are kept as they are. Growing text re-wraps from its last-but-one
 * row. */
void wrap_paragraph(struct wrap *w, struct span paragraph, int width, int from);
void wrap_release(struct wrap *w);

#endif
