#include "core/buffer.h"

#include "core/gap.h"
#include "core/history.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

enum { CHANGES_KEPT = 256, HISTORY_LIMIT = 64 << 20, VERSIONS_SHIFT = 40 };

struct buffer {
    struct gap text;
    struct runs runs;
    struct history history;
    uint64_t born, version;              /* the first version and the present one */
    struct change changes[CHANGES_KEPT]; /* a ring: what led to version v lies at v % CHANGES_KEPT */
};

struct buffer *buffer_new(void)
{
    static uint64_t serial;
    struct buffer *b = mem_new(1, sizeof *b);
    b->born = b->version = ++serial << VERSIONS_SHIFT;
    b->history.limit = HISTORY_LIMIT;
    return b;
}

void buffer_free(struct buffer *b)
{
    if (!b)
        return;
    gap_release(&b->text);
    runs_release(&b->runs);
    history_release(&b->history);
    free(b);
}

/* -- reading --------------------------------------------------------------------------------------------- */

size_t buffer_length(const struct buffer *b)
{
    return gap_length(&b->text);
}

struct span buffer_text(struct buffer *b)
{
    return gap_slice(&b->text, 0, buffer_length(b));
}

struct span buffer_slice(struct buffer *b, size_t from, size_t to)
{
    return gap_slice(&b->text, from, to);
}

int buffer_byte(const struct buffer *b, size_t at)
{
    return gap_byte(&b->text, at);
}

uint64_t buffer_version(const struct buffer *b)
{
    return b->version;
}

/* Two changes in a row as one: `e` is how far either reaches in the text between them. */
static struct change change_join(struct change first, struct change second)
{
    size_t at = first.at < second.at ? first.at : second.at;
    size_t e = first.at + first.added;
    if (e < second.at + second.removed)
        e = second.at + second.removed;
    return (struct change){
        .at = at,
        .removed = e - first.added + first.removed - at,
        .added = e - second.removed + second.added - at,
    };
}

bool buffer_changed_since(const struct buffer *b, uint64_t version, struct change *out)
{
    if (version < b->born || version > b->version || b->version - version > CHANGES_KEPT)
        return false;
    *out = (struct change){0};
    for (uint64_t v = version + 1; v <= b->version; v++) {
        struct change change = b->changes[v % CHANGES_KEPT];
        *out = v == version + 1 ? change : change_join(*out, change);
    }
    return true;
}

size_t buffer_line_start(const struct buffer *b, size_t at)
{
    return gap_line_start(&b->text, at);
}

size_t buffer_line_end(const struct buffer *b, size_t at)
{
    return gap_line_end(&b->text, at);
}

size_t buffer_newlines(const struct buffer *b, size_t from, size_t to)
{
    return gap_newlines(&b->text, from, to);
}

const struct run *buffer_runs(const struct buffer *b, size_t *count)
{
    *count = b->runs.count;
    return b->runs.items;
}

struct ink buffer_ink_at(const struct buffer *b, size_t at)
{
    return runs_at(&b->runs, at);
}

/* -- changing -------------------------------------------------------------------------------------------- */

/* The one place where bytes and runs change. */
static void buffer_splice(struct buffer *b, size_t from, size_t to, struct span text, const struct run *runs,
                          size_t count)
{
    size_t length = buffer_length(b);
    gap_replace(&b->text, from, to, text);
    runs_replace(&b->runs, from, to, runs, count);
    CHECK(b->runs.total == length - (to - from) + text.len);
    b->version++;
    b->changes[b->version % CHANGES_KEPT] = (struct change){from, to - from, text.len};
}

void buffer_replace_runs(struct buffer *b, size_t from, size_t to, struct span text, const struct run *runs,
                         size_t count)
{
    if (from == to && text.len == 0)
        return;
    struct scrap removed = {0};
    str_add(&removed.text, gap_slice(&b->text, from, to));
    runs_copy(&b->runs, from, to, &removed.runs);
    buffer_splice(b, from, to, text, runs, count);
    history_record(&b->history, from, &removed, text, runs, count);
    str_release(&removed.text);
    runs_release(&removed.runs);
}

void buffer_replace(struct buffer *b, size_t from, size_t to, struct span text, struct ink ink)
{
    buffer_replace_runs(b, from, to, text, &(struct run){text.len, ink}, 1);
}

void buffer_insert_foreign(struct buffer *b, size_t at, struct span text, struct ink ink)
{
    if (text.len == 0)
        return;
    buffer_splice(b, at, at, text, &(struct run){text.len, ink}, 1);
    history_insert_foreign(&b->history, at, text.len);
}

void buffer_remove_foreign(struct buffer *b, size_t from, size_t to)
{
    if (from == to)
        return;
    buffer_splice(b, from, to, SPAN(""), NULL, 0);
    history_remove_foreign(&b->history, from, to - from);
}

void buffer_reset_tail(struct buffer *b, size_t from, struct span text, const struct run *runs, size_t count)
{
    size_t length = buffer_length(b);
    if (span_equal(gap_slice(&b->text, from, length), text)) {
        history_same_tail(&b->history, from);
        runs_replace(&b->runs, from, length, runs, count);
        return;
    }
    history_reset_tail(&b->history, from, length);
    buffer_splice(b, from, length, text, runs, count);
}

void buffer_part(struct buffer *b, size_t at, int64_t owner, int64_t upper)
{
    runs_pass_on(&b->runs, at, owner, upper);
    history_part(&b->history, at, owner, upper);
}

void buffer_clear(struct buffer *b)
{
    history_release(&b->history);
    if (buffer_length(b) > 0)
        buffer_splice(b, 0, buffer_length(b), SPAN(""), NULL, 0);
}

/* -- history --------------------------------------------------------------------------------------------- */

void buffer_seal(struct buffer *b)
{
    b->history.sealed = true;
}

void buffer_group(struct buffer *b, bool open)
{
    b->history.sealed = true;
    b->history.open = open ? ++b->history.groups : 0;
}

void buffer_push_step(struct buffer *b, int64_t before, int64_t after)
{
    history_push_step(&b->history, before, after, buffer_length(b));
}

void buffer_step_done(struct buffer *b)
{
    history_step_done(&b->history, buffer_length(b));
}

void buffer_set_history_limit(struct buffer *b, size_t bytes)
{
    b->history.limit = bytes;
    history_trim(&b->history);
}

/* Puts `now` where `then` stands; false, and nothing changed, when it does not stand there. */
static bool buffer_swap(struct buffer *b, size_t at, const struct scrap *then, const struct scrap *now)
{
    size_t len = then->text.len, length = buffer_length(b);
    if (at > length || len > length - at)
        return false;
    if (!span_equal(gap_slice(&b->text, at, at + len), str_span(&then->text)))
        return false;
    buffer_splice(b, at, at + len, str_span(&now->text), now->runs.items, now->runs.count);
    return true;
}

static bool entry_follows(const struct entry *e, uint64_t group)
{
    return e && e->kind != ENTRY_STEP && e->group == group;
}

struct undo buffer_undo(struct buffer *b)
{
    struct history *h = &b->history;
    struct undo undo = {0};
    const struct entry *e = history_to_undo(h);
    if (!e)
        return undo;
    if (e->kind == ENTRY_STEP) {
        h->done--;
        h->carrying = CARRYING_UNDO;
        return (struct undo){.kind = UNDO_STEP, .step = e->before};
    }
    for (uint64_t group = e->group; entry_follows(e, group); e = history_to_undo(h)) {
        if (!buffer_swap(b, e->at, &e->inserted, &e->removed)) {
            history_drop_undo(h);
            break;
        }
        h->done--;
        undo.kind = UNDO_EDIT;
        undo.caret = e->at + (e->kind == ENTRY_FORWARD ? 0 : e->removed.text.len);
    }
    return undo;
}

struct undo buffer_redo(struct buffer *b)
{
    struct history *h = &b->history;
    struct undo undo = {0};
    const struct entry *e = history_to_redo(h);
    if (!e)
        return undo;
    if (e->kind == ENTRY_STEP) {
        h->done++;
        h->carrying = CARRYING_REDO;
        return (struct undo){.kind = UNDO_STEP, .step = e->after};
    }
    for (uint64_t group = e->group; entry_follows(e, group); e = history_to_redo(h)) {
        if (!buffer_swap(b, e->at, &e->removed, &e->inserted)) {
            history_drop_redo(h);
            break;
        }
        h->done++;
        undo.kind = UNDO_EDIT;
        undo.caret = e->at + e->inserted.text.len;
    }
    return undo;
}
