#include "core/source.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

void source_event_release(struct source_event *ev)
{
    str_release(&ev->text);
    if (ev->odds) {
        for (int i = 0; i < ODDS_MAX; i++)
            str_release(&ev->odds->token[i]);
        free(ev->odds);
    }
    memset(ev, 0, sizeof *ev);
}

void source_queue_push(struct source_queue *q, struct source_event *ev)
{
    if (q->head > 0 && q->head + q->count >= q->cap) {
        memmove(q->events, q->events + q->head, (size_t)q->count * sizeof *q->events);
        q->head = 0;
    }
    ARRAY_ROOM(q->events, q->head + q->count, q->cap);
    q->events[q->head + q->count++] = *ev;
    memset(ev, 0, sizeof *ev);
}

void source_queue_text(struct source_queue *q, enum source_event_kind kind, int64_t run, int take, struct span text)
{
    if (text.len == 0)
        return;
    struct source_event *last = q->count ? &q->events[q->head + q->count - 1] : NULL;
    if (last && last->kind == kind && last->run == run && last->take == take) {
        last->pieces++;
        str_add(&last->text, text);
        return;
    }
    struct source_event ev = {.kind = kind, .run = run, .take = take, .pieces = 1};
    str_add(&ev.text, text);
    source_queue_push(q, &ev);
}

bool source_queue_pop(struct source_queue *q, struct source_event *out)
{
    if (q->count == 0)
        return false;
    *out = q->events[q->head++];
    if (--q->count == 0)
        q->head = 0;
    return true;
}

void source_queue_release(struct source_queue *q)
{
    struct source_event ev;
    while (source_queue_pop(q, &ev))
        source_event_release(&ev);
    free(q->events);
    memset(q, 0, sizeof *q);
}
