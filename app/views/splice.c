#include "app/views/splice.h"
#include "core/mem.h"
#include "core/story.h"

#include <stdlib.h>
#include <string.h>

static const struct ink own = {0, AUTHOR_WRITER, 0};

/* The runs of [from, to), to be given back to the buffer. */
static void copy_runs(struct buffer *b, size_t from, size_t to, struct runs *out)
{
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(b, &count);
    for (size_t i = 0; i < count && at < to; at += runs[i++].len) {
        size_t low = at > from ? at : from, high = at + runs[i].len < to ? at + runs[i].len : to;
        struct run run = {high > low ? high - low : 0, runs[i].ink};
        runs_replace(out, out->total, out->total, &run, 1);
    }
}

static void replace(struct editor *ed, size_t from, size_t to, struct span text, const struct runs *runs, size_t caret)
{
    buffer_seal(ed->buf);
    buffer_replace_runs(ed->buf, from, to, text, runs->items, runs->count);
    buffer_seal(ed->buf);
    editor_after_change(ed, caret);
}

static void add_run(struct runs *to, size_t len, struct ink ink)
{
    struct run run = {len, ink};
    runs_replace(to, to->total, to->total, &run, 1);
}

void splice_add(struct editor *ed, struct span lines, const struct run *inks, size_t count)
{
    struct str text = {0};
    struct runs runs = {0};
    size_t at = buffer_line_end(ed->buf, ed->caret);
    if (buffer_length(ed->buf)) {
        str_add_byte(&text, '\n');
        add_run(&runs, 1, own);
    }
    str_add(&text, lines);
    for (size_t i = 0; i < count; i++)
        add_run(&runs, inks[i].len, inks[i].ink);
    if (text.len)
        replace(ed, at, at, str_span(&text), &runs, at + text.len);
    str_release(&text);
    runs_release(&runs);
}

bool splice_drop(struct editor *ed)
{
    size_t from = buffer_line_start(ed->buf, ed->caret), to = buffer_line_end(ed->buf, ed->caret);
    struct runs none = {0};
    if (buffer_length(ed->buf) == 0)
        return false;
    size_t caret = from ? from - 1 : 0;
    if (from)
        from--;
    else if (to < buffer_length(ed->buf))
        to++;
    replace(ed, from, to, SPAN(""), &none, caret);
    return true;
}

bool splice_shift(struct editor *ed, int step)
{
    struct buffer *b = ed->buf;
    size_t from = buffer_line_start(b, ed->caret), to = buffer_line_end(b, ed->caret), inside = ed->caret - from;
    if (step < 0 ? from == 0 : to == buffer_length(b))
        return false;
    size_t upper = step < 0 ? buffer_line_start(b, from - 1) : from, upper_end = step < 0 ? from - 1 : to;
    size_t lower = upper_end + 1, lower_end = buffer_line_end(b, lower);
    struct str text = {0};
    struct runs runs = {0};
    str_add(&text, buffer_slice(b, lower, lower_end));
    str_add(&text, buffer_slice(b, upper_end, lower));
    str_add(&text, buffer_slice(b, upper, upper_end));
    copy_runs(b, lower, lower_end, &runs);
    copy_runs(b, upper_end, lower, &runs);
    copy_runs(b, upper, upper_end, &runs);
    replace(ed, upper, lower_end, str_span(&text), &runs, inside + (step < 0 ? upper : upper + (lower_end - lower) + 1));
    str_release(&text);
    runs_release(&runs);
    return true;
}

bool splice_walk(struct editor *ed, bool back)
{
    struct undo step = back ? buffer_undo(ed->buf) : buffer_redo(ed->buf);
    if (step.kind != UNDO_EDIT)
        return false;
    editor_after_change(ed, step.caret);
    return true;
}

struct ink splice_ink(struct buffer *b, size_t at)
{
    bool after_text = at > 0 && buffer_byte(b, at - 1) != '\n', before_text = at < buffer_length(b) && buffer_byte(b, at) != '\n';
    if (!after_text && !before_text)
        return own;
    struct ink ink = buffer_ink_at(b, after_text ? at - 1 : at);
    if (ink.author == AUTHOR_MODEL)
        ink.author = AUTHOR_EDIT;
    return ink;
}

int splice_lines(struct buffer *b)
{
    size_t length = buffer_length(b);
    return length ? (int)buffer_newlines(b, 0, length) + 1 : 0;
}

void splice_runs(struct buffer *b, struct str *out)
{
    size_t count = 0;
    const struct run *runs = buffer_runs(b, &count);
    for (size_t i = 0; i < count; i++)
        run_write(out, &runs[i]);
}
