#include "app/views/splice_kept.h"
#include "app/views/splice.h"

#define SETTING "splice" /* the runs in a line of their own, then the text: both or neither */

bool splice_keep(struct store *s, struct buffer *b, uint64_t *kept, struct err *e)
{
    struct str value = {0};
    uint64_t version = buffer_version(b);
    if (version == *kept)
        return true;
    if (buffer_length(b)) {
        splice_runs(b, &value);
        str_add_byte(&value, '\n');
        str_add(&value, buffer_text(b));
    }
    bool ok = store_set_setting(s, SETTING, str_span(&value), e);
    *kept = ok ? version : *kept;
    str_release(&value);
    return ok;
}

void splice_bring_back(struct store *s, struct buffer *b, uint64_t *kept)
{
    struct str value = {0};
    struct runs runs = {0};
    struct run run;
    struct span text = {0}, line;
    if (store_setting(s, SETTING, &value))
        text = str_span(&value);
    if (span_line(&text, &line)) {
        while (run_read(&line, &run) && run.len <= text.len - runs.total)
            runs_replace(&runs, runs.total, runs.total, &run, 1);
        run = (struct run){text.len - runs.total, {0, AUTHOR_WRITER, 0}};
        runs_replace(&runs, runs.total, runs.total, &run, 1);
        buffer_reset_tail(b, 0, text, runs.items, runs.count);
    }
    *kept = buffer_version(b);
    runs_release(&runs);
    str_release(&value);
}
