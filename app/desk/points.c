#include "app/desk/points.h"
#include "app/app.h"
#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/desk/rewrite.h"
#include "core/mem.h"

#include <stdlib.h>

#define NARROW 40 /* columns; below them the page keeps its width for itself */

void points_init(struct points *pt)
{
    *pt = (struct points){.held = -1, .current = -1};
}

void points_release(struct points *pt)
{
    free(pt->list);
    points_init(pt);
}

/* -- which one is meant --------------------------------------------------------------------------------------------------------------- */

/* At the end of a line what stands before the caret, else what stands after it. */
static int passage_at_caret(struct app *app)
{
    size_t at = app->desk.page.caret;
    bool behind = at > 0 && buffer_byte(app->page.buf, at) == '\n' && buffer_byte(app->page.buf, at - 1) != '\n';
    return page_passage_at(&app->page, behind ? at - 1 : at);
}

static bool is_on_page(const struct piece *p, int passage)
{
    int i = p->leaf;
    while (i >= 0 && i != passage)
        i = p->passages[i].parent;
    return i >= 0;
}

int points_here(struct app *app)
{
    struct points *pt = &app->points;
    size_t caret = app->desk.page.caret;
    if (app->desk.focus == FOCUS_PROMPT)
        return app->piece.leaf;
    if (pt->held >= app->piece.passage_count || caret != pt->held_caret || (pt->held >= 0 && !is_on_page(&app->piece, pt->held)))
        pt->held = -1;
    if (pt->held >= 0)
        return pt->held;
    int here = caret >= buffer_length(app->page.buf) ? -1 : passage_at_caret(app);
    return here >= 0 && here < app->piece.passage_count ? here : app->piece.leaf;
}

int points_current(struct app *app)
{
    return page_flip_point(&app->page, points_here(app));
}

int points_below(struct app *app)
{
    const struct piece *p = &app->piece;
    bool prompt = app->desk.focus == FOCUS_PROMPT, at_end = app->desk.page.caret >= buffer_length(app->page.buf);
    bool here = p->leaf >= 0 && points_here(app) == p->leaf && (prompt || (at_end && app->points.held != p->leaf));
    return here ? piece_first_child(p, p->leaf) : -1;
}

void points_hold(struct app *app, int passage)
{
    app->points.held = passage;
    app->points.held_caret = app->desk.page.caret;
}

/* Behind what a passage says, before the newlines it ends with. */
static size_t last_of(struct app *app, size_t from, size_t to)
{
    while (to > from && buffer_byte(app->page.buf, to - 1) == '\n')
        to--;
    return to;
}

/* A take that fits is seen whole with the caret behind it, where one goes on; a long one is read from its start. */
void points_choose(struct app *app, int passage)
{
    struct piece *p = &app->piece;
    struct editor *ed = &app->desk.page;
    size_t from = page_go(&app->page, insert_complete(p, passage)), start = from, end = buffer_length(app->page.buf), to = 0;
    bool inside = p->leaf != passage && app->desk.focus != FOCUS_PROMPT, fits = editor_rows(ed, ed->w) <= ed->h;
    if (inside && page_passage_range(&app->page, passage, &start, &to)) {
        end = last_of(app, start, to);
        fits = fits || end - start <= (size_t)ed->w * (size_t)ed->h;
    }
    if (inside || app->desk.focus != FOCUS_PAGE || ed->caret >= from)
        editor_after_change(ed, fits ? end : start);
    points_hold(app, passage);
    app->desk.page.follow = !inside && engine_busy(&app->engine, p);
    desk_edited(app);
}

/* -- the marks ------------------------------------------------------------------------------------------------------------------------- */

static struct point count_siblings(const struct piece *p, int passage)
{
    struct point point = {.passage = passage};
    for (int i = piece_first_child(p, p->passages[passage].parent); i >= 0; i = piece_next_sibling(p, i)) {
        point.of++;
        if (i == passage)
            point.number = point.of;
    }
    return point;
}

static int digits(int number)
{
    return number < 10 ? 1 : 1 + digits(number / 10);
}

/* A prompt begins with the lines that keep it apart from what stands above. */
static size_t text_start(struct app *app, size_t at, size_t len)
{
    size_t start = at;
    while (start < at + len && buffer_byte(app->page.buf, start) == '\n')
        start++;
    return start < at + len ? start : at;
}

/* A page that ends above a fork says how many ways go on. Returns the widest mark. */
static int end_mark(struct app *app, int widest)
{
    struct points *pt = &app->points;
    int ways = 0;
    if (app->piece.leaf < 0 || passage_text(&app->piece, app->piece.leaf).len == 0)
        return widest;
    for (int i = piece_first_child(&app->piece, app->piece.leaf); i >= 0; i = piece_next_sibling(&app->piece, i))
        ways++;
    if (ways == 0)
        return widest;
    ARRAY_ROOM(pt->list, pt->count, pt->cap);
    pt->list[pt->count++] = (struct point){.at = buffer_length(app->page.buf), .passage = -1, .of = ways};
    int width = 1 + digits(ways);
    return width > widest ? width : widest;
}

void points_find(struct app *app)
{
    struct points *pt = &app->points;
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(app->page.buf, &count);
    int64_t owner = 0;
    int widest = 0;
    pt->count = 0;
    for (size_t i = 0; i < count; at += runs[i++].len) {
        int passage = (int)runs[i].ink.owner - 1;
        bool begins = runs[i].ink.owner != owner && passage >= 0 && passage < app->piece.passage_count;
        owner = runs[i].ink.owner;
        if (!begins || !piece_has_siblings(&app->piece, passage))
            continue;
        ARRAY_ROOM(pt->list, pt->count, pt->cap);
        struct point *point = &pt->list[pt->count++];
        *point = count_siblings(&app->piece, passage);
        point->at = text_start(app, at, runs[i].len);
        int width = digits(point->number) + 1 + digits(point->of);
        widest = width > widest ? width : widest;
    }
    widest = end_mark(app, widest);
    pt->current = points_current(app);
    app->desk.page.notes = widest && app->canvas.w >= NARROW ? widest + 1 : 0;
}

enum role_id points_note(void *ctx, size_t from, size_t to, struct str *out)
{
    const struct app *app = ctx;
    const struct points *pt = &app->points;
    int low = 0, high = pt->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (pt->list[middle].at < from)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == pt->count || pt->list[low].at >= to)
        return STYLE_DIM;
    if (pt->list[low].passage < 0)
        str_printf(out, "+%d", pt->list[low].of);
    else
        str_printf(out, "%d/%d", pt->list[low].number, pt->list[low].of);
    return pt->list[low].passage == pt->current && app->desk.focus != FOCUS_PROMPT ? STYLE_TEXT : STYLE_DIM;
}
