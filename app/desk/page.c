#include "app/desk/page.h"
#include "core/mem.h"
#include "core/runs.h"

#include <stdlib.h>
#include <string.h>

void page_init(struct page *pg)
{
    *pg = (struct page){.buf = buffer_new()};
}

void page_release(struct page *pg)
{
    buffer_free(pg->buf);
    memset(pg, 0, sizeof *pg);
}

static int64_t owner_of(int passage)
{
    return passage + 1;
}

/* The page's passages, root first. The caller frees. */
static int *new_path(const struct piece *p, int leaf, int *count)
{
    *count = piece_path(p, leaf, NULL, 0);
    int *path = mem_new((size_t)*count, sizeof *path);
    piece_path(p, leaf, path, *count);
    return path;
}

/* -- laying out -------------------------------------------------------------------------------------------------------------------- */

struct layout_text {
    struct str text;
    struct run *runs;
    int count, cap;
};

static void add_run(struct layout_text *out, size_t len, struct ink ink)
{
    if (len == 0)
        return;
    ARRAY_ROOM(out->runs, out->count, out->cap);
    out->runs[out->count++] = (struct run){len, ink};
}

/* A passage by several authors or from several takes. What does not add up falls to the passage's own author. */
static void add_authors(struct layout_text *out, struct span runs, enum author author, int64_t owner, size_t len)
{
    struct run run;
    while (runs.len && len && run_read(&runs, &run) && run.len <= len && run.ink.author < AUTHOR_COUNT) {
        run.ink.owner = owner;
        add_run(out, run.len, run.ink);
        len -= run.len;
    }
    add_run(out, len, (struct ink){owner, (int)author, 0});
}

static void lay_out(struct layout_text *out, const struct piece *p, int passage)
{
    struct span text = passage_text(p, passage);
    str_add(&out->text, text);
    add_authors(out, str_span(&p->passages[passage].runs), p->passages[passage].author, owner_of(passage), text.len);
}

/* Replaces the buffer from `from` on by the passages path[first…]. */
static void show_tail(struct page *pg, size_t from, const int *path, int first, int count)
{
    struct layout_text out = {0};
    for (int i = first; i < count; i++)
        lay_out(&out, pg->piece, path[i]);
    buffer_reset_tail(pg->buf, from, str_span(&out.text), out.runs, (size_t)out.count);
    str_release(&out.text);
    free(out.runs);
}

void page_open(struct page *pg, struct piece *p)
{
    int count = 0;
    pg->piece = p;
    buffer_clear(pg->buf);
    int *path = new_path(p, p->leaf, &count);
    show_tail(pg, 0, path, 0, count);
    free(path);
    pg->synced = buffer_version(pg->buf);
}

/* -- back into passages ----------------------------------------------------------------------------------------------------------- */

/* Gathers what `owner` holds in the buffer, and its runs in stored form; mixed: they say more than who the passage is by. */
static void gather(struct page *pg, int64_t owner, struct str *text, struct str *runs, bool *mixed)
{
    size_t count = 0, at = 0;
    int author = -1;
    const struct run *all = buffer_runs(pg->buf, &count);
    *mixed = false;
    for (size_t i = 0; i < count; at += all[i++].len) {
        if (all[i].ink.owner != owner)
            continue;
        str_add(text, buffer_slice(pg->buf, at, at + all[i].len));
        run_write(runs, &all[i]);
        *mixed = *mixed || all[i].ink.source || (author >= 0 && author != all[i].ink.author);
        author = all[i].ink.author;
    }
}

/* True when an edited take has come back to what the model wrote. */
static bool is_original(struct piece *p, int passage, struct span text)
{
    struct passage *ps = &p->passages[passage];
    if (ps->take < 0)
        return false;
    bool own = ps->own_text;
    ps->own_text = false;
    bool same = span_equal(text, passage_text(p, passage));
    ps->own_text = own;
    return same;
}

static bool sync_passage(struct page *pg, int passage)
{
    struct passage *ps = &pg->piece->passages[passage];
    struct str text = {0}, runs = {0};
    bool mixed = false;
    gather(pg, owner_of(passage), &text, &runs, &mixed);
    bool differs = !span_equal(str_span(&text), passage_text(pg->piece, passage));
    if (differs && is_original(pg->piece, passage, str_span(&text))) {
        ps->author = AUTHOR_MODEL;
        ps->own_text = false;
        ps->dirty = true;
        str_clear(&ps->runs);
    } else if (differs) {
        if (ps->author == AUTHOR_MODEL)
            ps->author = AUTHOR_EDIT;
        passage_set_text(pg->piece, passage, str_span(&text));
        str_set(&ps->runs, mixed ? str_span(&runs) : SPAN(""));
    }
    str_release(&text);
    str_release(&runs);
    return differs;
}

/* Which passages of the path stand otherwise on the page than in the piece, told by one walk over the text: gathering each of them to
 * compare it would take its time for every one on a page of thousands. */
static void find_changed(struct page *pg, const int *path, int count, bool *changed)
{
    size_t run_count = 0, at = 0, inside = 0;
    const struct run *runs = buffer_runs(pg->buf, &run_count);
    struct span all = buffer_text(pg->buf);
    int i = 0;
    for (size_t r = 0; r < run_count; at += runs[r++].len) {
        int next = i;
        while (next < count && owner_of(path[next]) != runs[r].ink.owner)
            next++;
        if (next == count) { /* out of order: nothing is known of what follows */
            memset(changed + i, 1, (size_t)(count - i));
            return;
        }
        for (; i < next; i++, inside = 0)
            changed[i] = changed[i] || inside != passage_text(pg->piece, path[i]).len;
        struct span text = passage_text(pg->piece, path[i]);
        changed[i] = changed[i] || !span_equal(span_cut(text, inside, inside + runs[r].len), span_cut(all, at, at + runs[r].len));
        inside += runs[r].len;
    }
    for (; i < count; i++, inside = 0)
        changed[i] = changed[i] || inside != passage_text(pg->piece, path[i]).len;
}

bool page_sync(struct page *pg)
{
    int count = 0;
    bool differed = false;
    if (!pg->piece || pg->synced == buffer_version(pg->buf))
        return false;
    int *path = new_path(pg->piece, pg->piece->leaf, &count);
    bool *changed = mem_new((size_t)count + 1, sizeof *changed);
    find_changed(pg, path, count, changed);
    for (int i = 0; i < count; i++)
        differed = (changed[i] && sync_passage(pg, path[i])) || differed;
    free(changed);
    free(path);
    pg->synced = buffer_version(pg->buf);
    return differed;
}

void page_part(struct page *pg, int passage, size_t at, int upper)
{
    buffer_part(pg->buf, at, owner_of(passage), owner_of(upper));
}

/* -- where things are ---------------------------------------------------------------------------------------------------------------- */

bool page_passage_range(struct page *pg, int passage, size_t *from, size_t *to)
{
    size_t count = 0, at = 0;
    bool found = false;
    const struct run *runs = buffer_runs(pg->buf, &count);
    for (size_t i = 0; i < count; at += runs[i++].len) {
        if (runs[i].ink.owner != owner_of(passage))
            continue;
        if (!found)
            *from = at;
        *to = at + runs[i].len;
        found = true;
    }
    return found;
}

bool page_rewrite(struct page *pg, int passage, struct span text, struct span runs)
{
    struct layout_text out = {0};
    size_t from = 0, to = 0;
    if (!page_passage_range(pg, passage, &from, &to))
        return false;
    enum author author = pg->piece->passages[passage].author;
    add_authors(&out, runs, author == AUTHOR_MODEL ? AUTHOR_EDIT : author, owner_of(passage), text.len);
    buffer_replace_runs(pg->buf, from, to, text, out.runs, (size_t)out.count);
    free(out.runs);
    return true;
}

int page_passage_at(struct page *pg, size_t at)
{
    return (int)buffer_ink_at(pg->buf, at).owner - 1;
}

int page_passage_of_take(const struct piece *p, int take)
{
    int changed = -1, thrown = -1;
    for (int i = p->passage_count - 1; i >= 0; i--) {
        const struct passage *ps = &p->passages[i];
        if (ps->take != take)
            continue;
        if (!ps->trashed && !ps->own_text)
            return i;
        if (!ps->trashed)
            changed = i; /* of several the oldest: the others branched off from it */
        thrown = thrown < 0 ? i : thrown;
    }
    return changed >= 0 ? changed : thrown;
}

static bool still_written(const struct piece *p, int passage)
{
    int take = p->passages[passage].take;
    return take >= 0 && !take_state_over(p->takes[take].state);
}

int page_tip(struct page *pg)
{
    page_sync(pg);
    int tip = pg->piece->leaf;
    while (tip >= 0 && passage_text(pg->piece, tip).len == 0 && !still_written(pg->piece, tip))
        tip = pg->piece->passages[tip].parent;
    return tip;
}

int page_flip_point(struct page *pg, int from)
{
    int passage = from;
    while (passage >= 0 && !piece_has_siblings(pg->piece, passage))
        passage = pg->piece->passages[passage].parent;
    return passage;
}

/* -- the writer ------------------------------------------------------------------------------------------------------------------------ */

/* A new passage of the writer's at the end of the page. */
static int begin_passage(struct page *pg)
{
    int added = piece_add_passage(pg->piece, pg->piece->leaf, AUTHOR_WRITER, -1);
    piece_choose_leaf(pg->piece, added);
    return added;
}

struct ink page_ink(struct page *pg, size_t at)
{
    struct piece *p = pg->piece;
    size_t length = buffer_length(pg->buf);
    if (at >= length) {
        int leaf = p->leaf;
        if (leaf < 0 || p->passages[leaf].author != AUTHOR_WRITER || piece_first_child(p, leaf) >= 0)
            leaf = begin_passage(pg);
        return (struct ink){owner_of(leaf), AUTHOR_WRITER, 0};
    }
    /* inside a line what stands before goes on; at a line's start what stands after */
    bool joins_before = at > 0 && buffer_byte(pg->buf, at - 1) != '\n';
    struct ink ink = buffer_ink_at(pg->buf, joins_before ? at - 1 : at);
    if (ink.author == AUTHOR_MODEL)
        ink.author = AUTHOR_EDIT;
    if (!joins_before && buffer_byte(pg->buf, at) == '\n')
        ink.source = 0; /* a line of its own comes from no take */
    return ink;
}

/* -- takes ------------------------------------------------------------------------------------------------------------------------------ */

static bool is_on_page(const struct page *pg, int passage)
{
    int i = pg->piece->leaf;
    while (i >= 0 && i != passage)
        i = pg->piece->passages[i].parent;
    return i >= 0;
}

/* The offset where `passage` ends on the page, or where it would stand; -1 when the page does not run through it. */
static ptrdiff_t end_of(struct page *pg, int passage)
{
    size_t count = 0, at = buffer_length(pg->buf);
    if (!is_on_page(pg, passage))
        return -1;
    const struct run *runs = buffer_runs(pg->buf, &count);
    bool *below = mem_new((size_t)pg->piece->passage_count, sizeof *below); /* what stands behind it on the page */
    for (int i = pg->piece->leaf; i != passage; i = pg->piece->passages[i].parent)
        below[i] = true;
    while (count > 0 && runs[count - 1].ink.owner > 0 && below[runs[count - 1].ink.owner - 1])
        at -= runs[--count].len;
    free(below);
    return (ptrdiff_t)at;
}

static void show_leaf(struct page *pg, int leaf, size_t *changed_from)
{
    int old_count = 0, count = 0, same = 0;
    int *old = new_path(pg->piece, pg->piece->leaf, &old_count);
    int *path = new_path(pg->piece, leaf, &count);
    while (same < count && same < old_count && path[same] == old[same])
        same++;
    ptrdiff_t from = same ? end_of(pg, path[same - 1]) : 0;
    piece_choose_leaf(pg->piece, leaf);
    show_tail(pg, (size_t)from, path, same, count);
    pg->synced = buffer_version(pg->buf);
    *changed_from = (size_t)from;
    free(old);
    free(path);
}

size_t page_go(struct page *pg, int leaf)
{
    size_t from = buffer_length(pg->buf);
    int before = pg->piece->leaf;
    page_sync(pg);
    if (leaf == before)
        return from;
    show_leaf(pg, leaf, &from);
    buffer_push_step(pg->buf, before, leaf);
    return from;
}

bool page_take_grew(struct page *pg, int passage, struct span text, size_t *at, size_t *len)
{
    struct passage *ps = &pg->piece->passages[passage];
    ptrdiff_t end = end_of(pg, passage);
    bool was_synced = pg->synced == buffer_version(pg->buf);
    if (end < 0) {
        if (ps->own_text) {
            str_add(&ps->text, text);
            ps->dirty = true;
        }
        return false;
    }
    if (!ps->own_text && passage_text(pg->piece, passage).len < text.len)
        text = passage_text(pg->piece, passage); /* leading white space was left out */
    buffer_insert_foreign(pg->buf, (size_t)end, text, (struct ink){owner_of(passage), AUTHOR_MODEL, 0});
    if (ps->own_text)
        str_add(&ps->text, text);
    if (was_synced)
        pg->synced = buffer_version(pg->buf);
    *at = (size_t)end;
    *len = text.len;
    return true;
}

bool page_take_back(struct page *pg, int passage, size_t *at, size_t *len)
{
    size_t count = 0, end = buffer_length(pg->buf);
    const struct run *runs = buffer_runs(pg->buf, &count);
    while (count > 0 && (runs[count - 1].ink.owner != owner_of(passage) || runs[count - 1].ink.author != AUTHOR_MODEL))
        end -= runs[--count].len;
    if (count == 0)
        return false;
    *len = runs[count - 1].len;
    *at = end - *len;
    buffer_remove_foreign(pg->buf, *at, end);
    return true;
}

/* -- history ---------------------------------------------------------------------------------------------------------------------------- */

/* What was typed below a take has come back: the page runs on to its passage, which no step names. */
static void reach_end(struct page *pg)
{
    int last = page_passage_at(pg, buffer_length(pg->buf));
    if (last >= 0 && !is_on_page(pg, last))
        piece_choose_leaf(pg->piece, last);
}

static bool carry_out(struct page *pg, struct undo done, size_t *caret)
{
    if (done.kind == UNDO_NOTHING)
        return false;
    *caret = done.caret;
    if (done.kind == UNDO_STEP) {
        show_leaf(pg, (int)done.step, caret);
        buffer_step_done(pg->buf);
    } else {
        reach_end(pg);
    }
    return true;
}

bool page_undo(struct page *pg, size_t *caret)
{
    page_sync(pg);
    return carry_out(pg, buffer_undo(pg->buf), caret);
}

bool page_redo(struct page *pg, size_t *caret)
{
    page_sync(pg);
    return carry_out(pg, buffer_redo(pg->buf), caret);
}
