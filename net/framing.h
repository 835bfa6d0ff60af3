/* Splits a stream of bytes into events: server-sent events, or one event a line. Any split of the bytes gives the same
 * events. Knows no JSON and no dialect. */
#ifndef RENGA_NET_FRAMING_H
#define RENGA_NET_FRAMING_H

#include "core/str.h"

enum framing_kind {
    FRAMING_SSE,   /* WHATWG event stream; CR, LF and CRLF may be mixed, a byte order mark is skipped */
    FRAMING_LINES, /* every line that is not empty is an event */
};

#define EVENT_MAX (16u << 20)

struct framing {
    enum framing_kind kind;
    /* One event: its name ("" for most) and its data. Borrowed for the call. False stops the stream. */
    bool (*event)(void *ctx, struct span name, struct span data);
    void *ctx;
    struct str line; /* a line whose end has not come */
    struct str name, data;
    bool has_data;
    bool after_cr; /* a LF that comes next belongs to the line before */
    bool begun;    /* the first line has been seen */
};

void framing_init(struct framing *f, enum framing_kind kind, bool (*event)(void *, struct span, struct span),
                  void *ctx);
void framing_release(struct framing *f);
/* False when an event grows past EVENT_MAX or the event function said stop. */
bool framing_add(struct framing *f, struct span bytes);
/* The bytes are over: delivers a last event that lacks its empty line. */
bool framing_end(struct framing *f);

#endif
