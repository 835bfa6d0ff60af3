#include "ui/compare_marks.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define ALIKE 0.25 /* below this, marks would cover all but chance letters */

void compare_marks_release(struct compare_marks *m)
{
    for (int i = 0; i < DIFF_TEXTS_MAX; i++)
        free(m->marks[i]);
    *m = (struct compare_marks){.known = false};
}

static void add_mark(struct compare_marks *m, int line, size_t from, size_t to)
{
    if (from == to)
        return;
    ARRAY_ROOM(m->marks[line], m->count[line], m->cap[line]);
    m->marks[line][m->count[line]++] = (struct compare_mark){from, to};
}

static void mark_pair(struct compare_marks *m, const struct span *lines, int a, int b)
{
    struct diff d = {0};
    diff_make(&d, lines[a], lines[b]);
    for (int i = 0; i < d.count; i++) {
        if (d.hunks[i].kind == DIFF_SAME)
            continue;
        add_mark(m, a, d.hunks[i].a, d.hunks[i].a_end);
        add_mark(m, b, d.hunks[i].b, d.hunks[i].b_end);
    }
    diff_release(&d);
}

static int compare(const void *x, const void *y)
{
    const struct compare_mark *p = x, *q = y;
    return (p->from > q->from) - (p->from < q->from);
}

/* Sorts what several pairs marked and joins what touches. */
static void tidy(struct compare_marks *m, int line)
{
    struct compare_mark *marks = m->marks[line];
    int kept = 0;
    if (m->count[line])
        qsort(marks, (size_t)m->count[line], sizeof *marks, compare);
    for (int i = 0; i < m->count[line]; i++) {
        if (kept && marks[i].from <= marks[kept - 1].to) {
            if (marks[i].to > marks[kept - 1].to)
                marks[kept - 1].to = marks[i].to;
        } else {
            marks[kept++] = marks[i];
        }
    }
    m->count[line] = kept;
}

void compare_marks_make(struct compare_marks *m, const struct span *lines, int count)
{
    compare_marks_release(m);
    m->known = m->same = true;
    for (int a = 0; a < count; a++) {
        m->same = m->same && lines[a].s && (a == 0 || span_equal(span_trim(lines[a]), span_trim(lines[0])));
        for (int b = a + 1; b < count; b++)
            if (lines[a].s && lines[b].s && diff_likeness(lines[a], lines[b]) >= ALIKE)
                mark_pair(m, lines, a, b);
    }
    for (int a = 0; a < count; a++)
        tidy(m, a);
    if (m->same)
        memset(m->count, 0, sizeof m->count);
}
