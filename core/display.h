/* What a text looks like: grapheme clusters in the one display form that every terminal agrees on.
 * The only place that decides what may reach the screen; the data behind it is never changed.
 *
 * A cluster is utf8proc's extended grapheme cluster, but never more than one character that takes columns (a spacing
 * vowel sign follows in a cluster of its own, since terminals and cells count it so), never CR with LF, and at most
 * DISPLAY_CLUSTER_MAX bytes of data; longer ones are split. It becomes a glyph: either its own text (base + up to 4
 * combining marks that libc's wcwidth knows; on ◌ where the base is missing), or a *marker* where it could control,
 * deceive or vanish:
 *   C0 ␀…␛, DEL ␡, C1 ‹85›; ill-formed bytes ‹xE4›, one by one;
 *   bidi controls ‹RLO›, zero-width, tag and selector characters ‹ZWSP› ‹TAG› ‹VS› (several in a row are one: ‹3 TAG›);
 *   noncharacters and U+FFFD by number ‹FFFD›; a flag by its letters;
 *   a Han character that libc does not know 〓, any other unknown □.
 * Where they belong, some are left out and the base alone is shown, since terminals disagree on them: ZWJ and what it
 * joins, VS15, VS16 and skin modifiers after emoji, the selector of a Han variant, ZWNJ and ZWJ between letters of scripts
 * that need them. A tab is a glyph of the width up to the next stop; a newline is one of width 0 and kind NEWLINE. */
#ifndef RENGA_CORE_DISPLAY_H
#define RENGA_CORE_DISPLAY_H

#include "core/str.h"

#define DISPLAY_CLUSTER_MAX 64
#define DISPLAY_TEXT_MAX 24
#define TAB_WIDTH 4

enum glyph_kind { GLYPH_TEXT, GLYPH_MARKER, GLYPH_TAB, GLYPH_NEWLINE };

struct glyph {
    enum glyph_kind kind;
    int bytes;                   /* length of the cluster in the data, 0 at the end of the text */
    int width;                   /* columns: 0 (newline), 1, 2, or more for a marker or a tab */
    int text_len;
    char text[DISPLAY_TEXT_MAX]; /* what to draw, UTF-8, printable only, NUL-ended; spaces for a tab */
    int32_t base;                /* first code point of the cluster, -1 for an ill-formed byte */
};

/* Columns of an East Asian Ambiguous character (— … ‘ ’ “ ” · × and the like): 1 (default) or 2. A setting of the whole
 * program, because it is a fact about the terminal. */
void display_set_ambiguous(int width);
int display_ambiguous(void);

/* The glyph of the cluster that starts at `at`. `column` is where it will stand (for tabs). */
void display_glyph(struct span text, size_t at, int column, struct glyph *out);
/* Offsets of the cluster borders after and before `at`; both clamp to the text. Before looks back as far as needed to be
 * right. */
size_t display_next(struct span text, size_t at);
size_t display_prev(struct span text, size_t at);
/* Columns of a whole single-line text (a newline counts as its marker would). */
int display_width(struct span text);
/* Appends the display form of a text that must fit on one line: newlines and tabs as one space, at most `columns` wide,
 * with an ellipsis where it was cut (columns < 0: no limit). For titles, statuses, error sentences, list rows. */
void display_line(struct str *out, struct span text, int columns);

#endif
