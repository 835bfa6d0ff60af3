#include "net/lessons.h"
#include "core/clock.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000
#define ROWS_MAX 1000 /* of models; a server that gives each request's model another name is not remembered without end */

static int64_t today(void)
{
    return clock_wall_ms() / DAY_MS;
}

void lessons_release(struct lessons *l)
{
    lessons_forget(l);
    free(l->rows);
    *l = (struct lessons){0};
}

static struct lesson *find(const struct lessons *l, struct span model)
{
    for (int i = 0; i < l->count; i++)
        if (span_equal(str_span(&l->rows[i].model), model))
            return &l->rows[i];
    return NULL;
}

/* Where all rows are taken, the oldest is given up. */
static struct lesson *find_or_add(struct lessons *l, struct span model)
{
    struct lesson *row = find(l, model);
    if (row)
        return row;
    if (l->count == ROWS_MAX) {
        str_release(&l->rows[0].model);
        memmove(l->rows, l->rows + 1, (size_t)--l->count * sizeof *l->rows);
    }
    ARRAY_ROOM(l->rows, l->count, l->cap);
    row = &l->rows[l->count++];
    *row = (struct lesson){0};
    str_set(&row->model, model);
    return row;
}

const struct manners *lessons_of(const struct lessons *l, struct span model)
{
    static const struct manners none;
    const struct lesson *row = find(l, model);
    return row ? &row->manners : &none;
}

bool lessons_learn(struct lessons *l, struct span model, enum dialect_id id, const struct refusal *r)
{
    struct manners now = *lessons_of(l, model);
    if (!manners_learn(&now, id, r))
        return false;
    struct lesson *row = find_or_add(l, model);
    row->manners = now;
    row->day = today();
    return l->untold = true;
}

void lessons_take_back(struct lessons *l, struct span model, enum dialect_id id, const struct refusal *r)
{
    struct lesson *row = find(l, model);
    l->untold = (row && manners_take_back(&row->manners, id, r)) || l->untold;
}

void lessons_learn_takes(struct lessons *l, struct span model)
{
    if (lessons_of(l, model)->refused[DIAL_TAKES])
        return;
    struct lesson *row = find_or_add(l, model);
    row->manners.refused[DIAL_TAKES] = true;
    row->day = today();
    l->untold = true;
}

bool lessons_forget(struct lessons *l)
{
    bool known = l->count > 0;
    while (l->count)
        str_release(&l->rows[--l->count].model);
    l->untold = false;
    return known;
}

/* -- between sessions ------------------------------------------------------------------------------- */

/* It can stand in a line. */
static bool is_plain(struct span model)
{
    for (size_t i = 0; i < model.len; i++)
        if ((unsigned char)model.s[i] < ' ')
            return false;
    return true;
}

void lessons_tell(struct lessons *l, struct str *out)
{
    for (int i = 0; i < l->count; i++) {
        const struct lesson *row = &l->rows[i];
        if (!is_plain(str_span(&row->model)))
            continue;
        str_printf(out, "%s\t%lld\t", str_text(&row->model), (long long)row->day);
        manners_words(&row->manners, out);
        str_add_byte(out, '\n');
    }
    l->untold = false;
}

/* What stands before the next TAB, which is passed. */
static struct span cell(struct span *rest)
{
    ptrdiff_t tab = span_find(*rest, SPAN("\t"), 0);
    size_t end = tab < 0 ? rest->len : (size_t)tab;
    struct span text = span_cut(*rest, 0, end);
    *rest = span_cut(*rest, tab < 0 ? end : end + 1, rest->len);
    return text;
}

static void recall(struct lessons *l, struct span line)
{
    struct span model = cell(&line), day = cell(&line), words = cell(&line);
    struct manners known = {0};
    int64_t learnt = 0, now = today();
    if (!is_plain(model) || !span_integer(day, &learnt) || learnt > now || now - learnt > LESSONS_DAYS || !manners_from_words(&known, words))
        return;
    struct lesson *row = find_or_add(l, model);
    row->manners = known;
    row->day = learnt;
}

void lessons_recall(struct lessons *l, struct span lines)
{
    struct span line;
    while (span_line(&lines, &line))
        recall(l, line);
}
