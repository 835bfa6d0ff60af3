/* What differs between two texts, told so that a reader likes it: by word where words have spaces between them, by character (grapheme
 * cluster) in Chinese and its like; and which lines of two or three texts stand beside one another. Knows no screen and no author.
 *
 *     struct diff d = {0};
 *     diff_make(&d, before, after);
 *     for (int i = 0; i < d.count; i++)
 *         … d.hunks[i]: before[a, a_end) became after[b, b_end) …
 *     diff_apply(&d, before, after, taken, &merged);      some of the changes, the others left
 *     diff_release(&d);
 *
 * The hunks cover both texts from start to end, in order, without gaps; SAME ones alternate with the others. Borders lie between whole words
 * and clusters. Small equal stretches between larger changes ("的", a space, a comma) are part of the change, and where a change could
 * stand at several places it stands at the border of a line, a sentence or a word.
 *
 * The time depends on the lengths, not on how much differs: two texts of 10,000 characters take a few milliseconds, ten times as much text
 * ten times as long: above some 16,000 words or characters that differ, only stretches that stand in both once (eight words or
 * characters and longer) are kept apart, and the diff is `coarse`: right, but not the shortest. */
#ifndef RENGA_CORE_DIFF_H
#define RENGA_CORE_DIFF_H

#include "core/str.h"

enum diff_kind {
    DIFF_SAME,    /* equal bytes on both sides */
    DIFF_ADDED,   /* nothing of a, something of b */
    DIFF_REMOVED, /* something of a, nothing of b */
    DIFF_CHANGED, /* something of a became something else */
};

struct diff_hunk {
    enum diff_kind kind;
    size_t a, a_end, b, b_end; /* bytes [a, a_end) of the one, [b, b_end) of the other */
};

/* Zeroed memory is an empty diff. Offsets only: the texts are not kept. */
struct diff {
    struct diff_hunk *hunks;
    int count, cap;
    size_t common;     /* words and characters that the texts have in common, before small equal stretches were given up */
    size_t a_size, b_size; /* words and characters of each */
    bool coarse;
};

/* Any bytes will do. `d` is released first. */
void diff_make(struct diff *d, struct span a, struct span b);
void diff_release(struct diff *d);
int diff_changes(const struct diff *d); /* hunks that are not DIFF_SAME */
/* Appends `a` with those changes made that `taken` (beside the hunks; NULL: all) says yes to; SAME hunks are always copied. */
void diff_apply(const struct diff *d, struct span a, struct span b, const bool *taken, struct str *out);
/* How much of two texts is the same, 0 (nothing) … 1 (equal), white space and marks aside; without a diff, in linear time. */
double diff_likeness(struct span a, struct span b);

/* -- lines beside lines ----------------------------------------------------------------------------------------------------------- */

#define DIFF_TEXTS_MAX 3

/* Lines that stand beside one another: of each text the index of its line (as span_line() counts), -1: a gap. Never all -1. */
struct diff_row {
    int line[DIFF_TEXTS_MAX];
};

struct diff_rows {
    struct diff_row *rows;
    int count, cap;
};

/* Lays the lines of `count` texts (1…3) beside one another, each text's in its own order and none left out: b and c along a. Equal lines
 * meet, then lines that are alike; what is left between them stands side by side as it comes. `out` is released first. */
void diff_align(struct diff_rows *out, const struct span *texts, int count);
void diff_rows_release(struct diff_rows *out);

#endif
