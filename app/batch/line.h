/* One line of a batch: what to ask, as a JSON object, and what names it. Knows no server and no library.
 *
 *     {"prompt": "写一首五绝", "id": "a7", "system": …, "context": …, "model": …, "stop": "…" or […], "n": 2, "title": …, "temperature": 0.9} */
#ifndef RENGA_APP_BATCH_LINE_H
#define RENGA_APP_BATCH_LINE_H

#include "core/request.h"

#define BATCH_LINE_MAX (16u << 20)

struct batch_line {
    struct str id, prompt, system, context, model, title; /* "" : not given */
    struct str stops[REQUEST_STOPS_MAX];
    int stop_count;                                       /* -1: not given */
    struct dials dials;
    bool given[DIAL_COUNT];                               /* a dial that is given and off is null in the line */
};
void batch_line_release(struct batch_line *l); /* safe on zeroed memory */

/* `out` is initialised or zeroed; what it held is gone. False with a sentence about the line. */
bool batch_line_read(struct batch_line *out, struct span text, struct err *e) MUST_USE;
/* Lays it over a request that holds the defaults; the prompt is not among it. */
void batch_line_apply(const struct batch_line *l, struct request *req);

/* What names a line: 24 hexadecimal digits of its bytes. */
#define BATCH_NAME_LEN 24
void batch_line_name(struct span text, struct str *out);
uint64_t batch_line_hash(struct span text);

/* How often lines were seen that say the same and have no id: each is an item of its own. Eight bytes a line. */
struct batch_seen {
    uint64_t *slots;
    size_t count, cap;
};
int batch_seen_again(struct batch_seen *s, struct span text); /* 1: the first time, 2, 3… */
void batch_seen_release(struct batch_seen *s);

#endif
