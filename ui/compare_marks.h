/* Which bytes of lines that stand beside one another differ. Knows no screen. */
#ifndef RENGA_UI_COMPARE_MARKS_H
#define RENGA_UI_COMPARE_MARKS_H

#include "core/diff.h"

struct compare_mark {
    size_t from, to;
};

/* Zeroed memory: not known yet. */
struct compare_marks {
    bool known;
    bool same;                                  /* all lines are there and equal */
    struct compare_mark *marks[DIFF_TEXTS_MAX]; /* ascending; none where lines have next to nothing in common: then nothing is the same */
    int count[DIFF_TEXTS_MAX], cap[DIFF_TEXTS_MAX];
};

/* `lines[i].s` NULL: there is none. What is marked in a line is what not every line beside it that is like it has as well. */
void compare_marks_make(struct compare_marks *m, const struct span *lines, int count);
void compare_marks_release(struct compare_marks *m);

#endif
