#include "core/history.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

static void scrap_add(struct scrap *s, size_t at, struct span text, const struct run *runs, size_t count)
{
    if (text.len == 0)
        return;
    str_splice(&s->text, at, 0, text);
    runs_replace(&s->runs, at, at, runs, count);
}

static void scrap_release(struct scrap *s)
{
    str_release(&s->text);
    runs_release(&s->runs);
}

/* Moves everything from `at` on into `tail`, which is empty. */
static void scrap_cut(struct scrap *s, size_t at, struct scrap *tail)
{
    str_add(&tail->text, span_cut(str_span(&s->text), at, s->text.len));
    runs_copy(&s->runs, at, s->text.len, &tail->runs);
    runs_replace(&s->runs, at, s->text.len, NULL, 0);
    str_cut(&s->text, at);
}

static size_t entry_bytes(const struct entry *e)
{
    return sizeof *e + e->removed.text.len + e->inserted.text.len +
           (e->removed.runs.count + e->inserted.runs.count) * sizeof(struct run);
}

/* Releases the entries [from, to) and closes the hole. */
static void history_drop(struct history *h, size_t from, size_t to)
{
    if (from == to)
        return;
    for (size_t i = from; i < to; i++) {
        h->bytes -= entry_bytes(&h->entries[i]);
        scrap_release(&h->entries[i].removed);
        scrap_release(&h->entries[i].inserted);
    }
    memmove(h->entries + from, h->entries + to, (h->count - to) * sizeof *h->entries);
    h->count -= to - from;
}

void history_drop_undo(struct history *h)
{
    history_drop(h, 0, h->done);
    h->done = 0;
    h->sealed = true;
}

void history_drop_redo(struct history *h)
{
    history_drop(h, h->done, h->count);
}

void history_release(struct history *h)
{
    history_drop(h, 0, h->count);
    free(h->entries);
    *h = (struct history){.limit = h->limit, .groups = h->groups, .open = h->open};
}

/* The oldest groups go until the rest fits, and a little more, so that this is not done at every key. The
 * newest always stays. */
void history_trim(struct history *h)
{
    if (h->bytes <= h->limit)
        return;
    history_drop_redo(h);
    if (h->count == 0)
        return;
    size_t wanted = h->limit - h->limit / 16, bytes = h->bytes, drop = 0;
    uint64_t newest = h->entries[h->count - 1].group;
    while (bytes > wanted && h->entries[drop].group != newest) {
        uint64_t group = h->entries[drop].group;
        while (h->entries[drop].group == group)
            bytes -= entry_bytes(&h->entries[drop++]);
    }
    history_drop(h, 0, drop);
    h->done -= drop;
}

/* -- foreign text ---------------------------------------------------------------------------------------- */

static struct entry *history_open(struct history *h, size_t index)
{
    ARRAY_ROOM(h->entries, h->count, h->cap);
    memmove(h->entries + index + 1, h->entries + index, (h->count - index) * sizeof *h->entries);
    h->count++;
    h->entries[index] = (struct entry){0};
    return &h->entries[index];
}

/* Foreign text has come to lie inside the bytes that the entry at `index` gave (or, undone, will take). The
 * entry becomes two that go together, one for each side, so that undoing it takes the writer's bytes and
 * leaves the foreign ones. */
static void history_split(struct history *h, size_t index, bool done, size_t inside, size_t len)
{
    h->bytes -= entry_bytes(&h->entries[index]);
    struct entry *second = history_open(h, index + 1);
    struct entry *first = second - 1;
    second->kind = first->kind;
    second->group = first->group;
    if (done) {
        scrap_cut(&first->inserted, inside, &second->inserted);
        second->at = first->at + inside + len;
    } else {
        scrap_cut(&first->removed, inside, &second->removed);
        second->at = first->at + first->inserted.text.len + len;
    }
    h->bytes += entry_bytes(first) + entry_bytes(second);
}

/* Follows the insertion at *x from the text on one side of a step to the other; false when it is not there.
 */
static bool step_shift(struct entry *e, bool done, size_t x, size_t len)
{
    *(done ? &e->length_after : &e->length_before) += len;
    if (x >= e->at)
        return false;
    *(done ? &e->length_before : &e->length_after) += len;
    e->at += len;
    return true;
}

/* `len` bytes came at `x` of the present text: walks back through what is done, newest first, keeping x right
 * for the text as it was before each entry. */
static void history_shift_done(struct history *h, size_t x, size_t len)
{
    for (size_t i = h->done; i-- > 0;) {
        struct entry *e = &h->entries[i];
        size_t gave = e->inserted.text.len, took = e->removed.text.len;
        if (e->kind == ENTRY_STEP) {
            if (!step_shift(e, true, x, len))
                return;
        } else if (x <= e->at) {
            e->at += len;
        } else if (x >= e->at + gave) {
            x = x - gave + took;
        } else {
            size_t before = e->at + took;
            history_split(h, i, true, x - e->at, len);
            h->done++;
            x = before;
        }
    }
}

/* The same forward through what is undone. */
static void history_shift_undone(struct history *h, size_t x, size_t len)
{
    for (size_t i = h->done; i < h->count; i++) {
        struct entry *e = &h->entries[i];
        size_t gives = e->inserted.text.len, takes = e->removed.text.len;
        if (e->kind == ENTRY_STEP) {
            if (!step_shift(e, false, x, len))
                return;
        } else if (x <= e->at) {
            e->at += len;
        } else if (x >= e->at + takes) {
            x = x - takes + gives;
        } else {
            size_t after = e->at + gives;
            history_split(h, i, false, x - e->at, len);
            i++;
            x = after;
        }
    }
}

/* Brings the offsets up to date with the foreign insertion that was put off. */
static void history_settle(struct history *h)
{
    size_t at = h->foreign_at, len = h->foreign_len;
    h->foreign_len = 0;
    if (len == 0)
        return;
    if (h->drifted) {
        if (at >= h->drift_at)
            return; /* it lies in a tail that no entry knows */
        h->drift_at += len;
        h->drift_length += len;
    }
    history_shift_done(h, at, len);
    history_shift_undone(h, at, len);
}

void history_insert_foreign(struct history *h, size_t at, size_t len)
{
    if (h->foreign_len && at == h->foreign_at + h->foreign_len) {
        h->foreign_len += len;
        return;
    }
    history_settle(h);
    h->foreign_at = at;
    h->foreign_len = len;
}

/* [*x, *x + len) goes from the text on the near side of an entry: moves the entry, or *x to where that is on the far side. False: the entry
 * has some of it itself. */
static bool entry_close(struct entry *e, bool done, size_t *x, size_t len)
{
    size_t near = done ? e->inserted.text.len : e->removed.text.len, far = done ? e->removed.text.len : e->inserted.text.len;
    if (*x + len <= e->at)
        e->at -= len;
    else if (*x >= e->at + near)
        *x = *x - near + far;
    else
        return false;
    return true;
}

/* Follows the removal through the entries on one side of the present, to the step beyond which there was nothing to remove. False: one of
 * them has some of it itself. */
static bool history_close(struct history *h, bool done, size_t x, size_t len)
{
    size_t count = done ? h->done : h->count - h->done;
    for (size_t i = 0; i < count; i++) {
        struct entry *e = &h->entries[done ? h->done - 1 - i : h->done + i];
        if (e->kind != ENTRY_STEP) {
            if (!entry_close(e, done, &x, len))
                return false;
            continue;
        }
        *(done ? &e->length_after : &e->length_before) -= len;
        if (x >= e->at)
            return true;
        if (x + len > e->at)
            return false;
        *(done ? &e->length_before : &e->length_after) -= len;
        e->at -= len;
    }
    return true;
}

void history_remove_foreign(struct history *h, size_t at, size_t len)
{
    history_settle(h);
    if (h->drifted && at >= h->drift_at)
        return; /* it lay in a tail that no entry knows */
    if (!history_close(h, true, at, len))
        history_drop_undo(h);
    if (!history_close(h, false, at, len))
        history_drop_redo(h);
    h->sealed = true;
}

/* -- steps ----------------------------------------------------------------------------------------------- */

void history_reset_tail(struct history *h, size_t from, size_t length)
{
    history_settle(h);
    if (!h->drifted || h->count == 0) { /* what a text is opened with belongs to no step */
        h->drift_at = from;
        h->drift_length = length;
    } else if (from < h->drift_at) {
        h->drift_at = from;
    }
    h->drifted = true;
}

void history_same_tail(struct history *h, size_t from)
{
    history_settle(h);
    h->parted = true;
    h->part_at = from;
}

void history_push_step(struct history *h, int64_t before, int64_t after, size_t length)
{
    history_settle(h);
    history_drop_redo(h);
    struct entry *e = history_open(h, h->count);
    *e = (struct entry){.kind = ENTRY_STEP, .group = ++h->groups, .before = before, .after = after};
    e->at = h->drifted ? h->drift_at : h->parted ? h->part_at : length;
    e->length_before = h->drifted ? h->drift_length : length;
    e->length_after = length;
    h->bytes += entry_bytes(e);
    h->done = h->count;
    h->drifted = h->parted = false;
    h->carrying = CARRYING_NOTHING;
    h->sealed = true;
    history_trim(h);
}

void history_step_done(struct history *h, size_t length)
{
    history_settle(h);
    h->drifted = h->parted = false;
    if (h->carrying == CARRYING_UNDO && h->entries[h->done].length_before != length)
        history_drop_undo(h);
    if (h->carrying == CARRYING_REDO && h->entries[h->done - 1].length_after != length)
        history_drop_redo(h);
    h->carrying = CARRYING_NOTHING;
}

/* Makes the offsets right. A tail that was replaced without a step leaves nothing that could be trusted. */
static void history_prepare(struct history *h)
{
    history_settle(h);
    h->carrying = CARRYING_NOTHING;
    h->parted = false;
    if (!h->drifted)
        return;
    history_drop(h, 0, h->count);
    h->done = 0;
    h->drifted = false;
}

struct entry *history_to_undo(struct history *h)
{
    history_prepare(h);
    h->sealed = true;
    return h->done > 0 ? &h->entries[h->done - 1] : NULL;
}

struct entry *history_to_redo(struct history *h)
{
    history_prepare(h);
    h->sealed = true;
    return h->done < h->count ? &h->entries[h->done] : NULL;
}

/* -- owners ---------------------------------------------------------------------------------------------- */

/* The bytes of a scrap that lie before `at` when it begins at `from`. */
static void scrap_pass_on(struct scrap *s, size_t from, size_t at, int64_t owner, int64_t upper)
{
    if (at > from)
        runs_pass_on(&s->runs, at - from, owner, upper);
}

void history_part(struct history *h, size_t at, int64_t owner, int64_t upper)
{
    history_prepare(h);
    history_drop_redo(h);
    for (size_t i = h->done; i-- > 0;) {
        struct entry *e = &h->entries[i];
        size_t gave = e->inserted.text.len, took = e->removed.text.len;
        if (e->kind == ENTRY_STEP) {
            if (at <= e->at)
                continue;
            history_drop(h, 0, i + 1);
            h->done -= i + 1;
            break;
        }
        scrap_pass_on(&e->inserted, e->at, at, owner, upper);
        at = at <= e->at ? at : at >= e->at + gave ? at - gave + took : e->at + took;
        scrap_pass_on(&e->removed, e->at, at, owner, upper);
    }
    h->sealed = true;
}

/* -- edits ----------------------------------------------------------------------------------------------- */

/* Typing on at the end of `e`, in the same ink. */
static bool entry_types_on(const struct entry *e, size_t at, const struct run *runs, size_t count)
{
    const struct runs *given = &e->inserted.runs;
    return e->kind == ENTRY_TYPING && at == e->at + e->inserted.text.len && count == 1 && given->count > 0 &&
           ink_equal(given->items[given->count - 1].ink, runs[0].ink);
}

/* Joins a deletion to the newest entry when it goes on in the same direction. */
static bool entry_erase(struct entry *e, size_t at, const struct scrap *removed)
{
    bool backward = at + removed->text.len == e->at, forward = at == e->at;
    if (backward && (e->kind == ENTRY_ERASING || e->kind == ENTRY_BACKWARD))
        e->kind = ENTRY_BACKWARD;
    else if (forward && (e->kind == ENTRY_ERASING || e->kind == ENTRY_FORWARD))
        e->kind = ENTRY_FORWARD;
    else
        return false;
    scrap_add(&e->removed, backward ? 0 : e->removed.text.len, str_span(&removed->text), removed->runs.items,
              removed->runs.count);
    e->at = at;
    return true;
}

static bool history_join(struct history *h, size_t at, const struct scrap *removed, struct span inserted,
                         const struct run *runs, size_t count)
{
    if (h->sealed || h->done == 0)
        return false;
    struct entry *e = &h->entries[h->done - 1];
    if (h->open && e->group != h->open)
        return false;
    size_t before = entry_bytes(e);
    if (inserted.len == 0) {
        if (!entry_erase(e, at, removed))
            return false;
    } else {
        if (removed->text.len > 0 || !entry_types_on(e, at, runs, count))
            return false;
        scrap_add(&e->inserted, e->inserted.text.len, inserted, runs, count);
    }
    h->bytes += entry_bytes(e) - before;
    return true;
}

void history_record(struct history *h, size_t at, const struct scrap *removed, struct span inserted,
                    const struct run *runs, size_t count)
{
    history_prepare(h);
    history_drop_redo(h);
    if (!history_join(h, at, removed, inserted, runs, count)) {
        struct entry *e = history_open(h, h->count);
        e->kind = inserted.len ? ENTRY_TYPING : ENTRY_ERASING;
        e->group = h->open ? h->open : ++h->groups;
        e->at = at;
        scrap_add(&e->removed, 0, str_span(&removed->text), removed->runs.items, removed->runs.count);
        scrap_add(&e->inserted, 0, inserted, runs, count);
        h->bytes += entry_bytes(e);
        h->done = h->count;
    }
    h->sealed =
        span_find(inserted, SPAN("\n"), 0) >= 0 || span_find(str_span(&removed->text), SPAN("\n"), 0) >= 0;
    history_trim(h);
}
