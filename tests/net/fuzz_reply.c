/* Any bytes as an answer, cut in two anywhere: nothing may break, and both ways must give the same text. The first byte
 * chooses dialect, status, takes and what else a reply is told; the second where the bytes are cut. */
#include "core/mem.h"
#include "core/utf8.h"
#include "net/reply.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const uint8_t how, struct span bytes, size_t cut, struct str *out)
{
    struct source_queue queue = {0};
    struct source_event ev = {0};
    struct heads heads;
    heads_init(&heads);
    heads.status = how & 4 ? 400 : 200;
    struct reply r = {.dialect = dialect_of((enum dialect_id)((how >> 4) % DIALECT_SPOKEN)),
                      .heads = &heads,
                      .out = &queue,
                      .takes = how & 2 ? 3 : 1,
                      .odds = how & 8,
                      .part = how & 1,
                      .page = (how >> 4) >= DIALECT_SPOKEN ? SPAN("The lamp is low, and no one comes") : SPAN(""),
                      .place = {.server = "server", .model = "m"}};
    reply_begin(&r);
    if (reply_add(&r, span_cut(bytes, 0, cut)))
        reply_add(&r, span_cut(bytes, cut, bytes.len));
    reply_end(&r, NULL);
    while (source_queue_pop(&queue, &ev)) {
        CHECK((ev.kind == SOURCE_ODDS || utf8_valid(str_span(&ev.text))) && ev.take < r.takes); /* a token may be part of a character */
        str_printf(out, "%d %d ", (int)ev.kind, ev.take);
        str_add(out, str_span(&ev.text));
        source_event_release(&ev);
    }
    str_add_text(out, r.err.text);
    reply_release(&r);
    heads_release(&heads);
    source_queue_release(&queue);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str whole = {0}, cut = {0};
    if (size < 2)
        return 0;
    struct span bytes = {(const char *)data + 2, size - 2};
    read_all(data[0], bytes, bytes.len, &whole);
    read_all(data[0], bytes, bytes.len ? data[1] % (bytes.len + 1) : 0, &cut);
    CHECK(span_equal(str_span(&whole), str_span(&cut)));
    str_release(&whole);
    str_release(&cut);
    return 0;
}
