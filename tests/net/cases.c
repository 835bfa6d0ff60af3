/* The cases in tests/net/cases: each is one request and one answer as files anybody can read. Every answer is read
 * whole, byte by byte and cut at every byte; all must come to the same.
 *
 * A case has parts that begin with "> ". "> ask": what is asked, "name: value". "> sent": the exact body. "> answer":
 * status and head.
 * "> body": the answer's bytes, each line ends in LF unless «» stands at its end; «0D» are bytes in hex. "> events":
 * what must come of it. */
#include "core/mem.h"
#include "net/reply.h"
#include "outcome.h"
#include "tests/promise.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"

struct answer_case {
    char *path;
    enum dialect_id dialect;
    struct request request;
    int takes;
    struct heads heads;
    struct str sent, body, events;
};

static void case_release(struct answer_case *c)
{
    request_release(&c->request);
    heads_release(&c->heads);
    str_release(&c->sent);
    str_release(&c->body);
    str_release(&c->events);
}

/* -- reading a case ---------------------------------------------------------------------------- */

/* A line with its «hex» turned into bytes. */
static void add_bytes(struct str *out, struct span line)
{
    size_t at = 0;
    bool open = false;
    while (at < line.len) {
        ptrdiff_t from = span_find(line, SPAN("«"), at);
        str_add(out, span_cut(line, at, from < 0 ? line.len : (size_t)from));
        if (from < 0) {
            open = false;
            break;
        }
        ptrdiff_t end = span_find(line, SPAN("»"), (size_t)from);
        assert_true(end > 0);
        for (size_t i = (size_t)from + 2; i + 1 < (size_t)end; i += 2)
            str_add_byte(out, (char)strtol((char[]){line.s[i], line.s[i + 1], 0}, NULL, 16));
        open = end == from + 2;
        at = (size_t)end + 2;
    }
    if (!open)
        str_add_byte(out, '\n');
}

static void read_ask(struct answer_case *c, struct span line)
{
    ptrdiff_t colon = span_find(line, SPAN(": "), 0);
    assert_true(colon > 0);
    struct span name = span_cut(line, 0, (size_t)colon), value = span_cut(line, (size_t)colon + 2, line.len);
    struct err err = {0};
    struct str bytes = {0};
    add_bytes(&bytes, value);
    str_cut(&bytes, bytes.len - 1);
    int64_t number = 0;
    enum dial_id dial;
    if (span_is(name, "dialect"))
        assert_true(dialect_parse(value, &c->dialect));
    else if (span_is(name, "model"))
        str_set(&c->request.model, value);
    else if (span_is(name, "prompt"))
        str_set(&c->request.prompt, str_span(&bytes));
    else if (span_is(name, "suffix"))
        str_set(&c->request.suffix, str_span(&bytes));
    else if (span_is(name, "system"))
        str_set(&c->request.system, str_span(&bytes));
    else if (span_is(name, "user") || span_is(name, "assistant"))
        request_add_turn(&c->request, span_is(name, "user") ? ROLE_USER : ROLE_ASSISTANT, str_span(&bytes));
    else if (span_is(name, "stop"))
        assert_true(request_add_stop(&c->request, str_span(&bytes)));
    else if (span_is(name, "stream"))
        c->request.stream = span_is(value, "yes");
    else if (span_is(name, "grammar"))
        str_set(&c->request.grammar, str_span(&bytes));
    else if (span_is(name, "room") && span_integer(value, &number))
        c->request.room = number;
    else if (span_is(name, "logprobs") && span_integer(value, &number))
        c->request.logprobs = (int)number;
    else if (!dial_find(name, &dial) || !dial_parse(&c->request.dials, dial, value, &err))
        fail_msg("%s: what is “%.*s”?", c->path, SPAN_ARG(line));
    str_release(&bytes);
}

static void read_head(struct answer_case *c, struct span line)
{
    assert_true(heads_line(&c->heads, line, 0));
}

static void read_case(struct answer_case *c, char *path)
{
    struct str file = {0};
    struct span rest, line, part = SPAN("");
    *c = (struct answer_case){.path = path, .dialect = DIALECT_OPENAI_CHAT};
    request_init(&c->request);
    c->request.stream = true;
    memset(&c->request.dials, 0, sizeof c->request.dials);
    heads_init(&c->heads);
    c->heads.status = 200;
    assert_true(file_read(path, &file, 1 << 20, NULL));
    rest = str_span(&file);
    while (span_line(&rest, &line)) {
        if (span_starts(line, "> "))
            part = line;
        else if (span_is(part, "> ask"))
            read_ask(c, line);
        else if (span_is(part, "> sent"))
            str_add(&c->sent, line);
        else if (span_is(part, "> answer"))
            read_head(c, line);
        else if (span_is(part, "> body"))
            add_bytes(&c->body, line);
        else if (span_is(part, "> events"))
            str_printf(&c->events, "%.*s\n", SPAN_ARG(line));
    }
    c->takes = dials_takes(&c->request.dials);
    c->request.asked = c->request.turn_count ? 0 : c->request.prompt.len; /* without a turn the prompt is a page to go on with */
    str_release(&file);
}

/* -- running it -------------------------------------------------------------------------------- */

struct cut {
    size_t first, step; /* the first piece's length, then pieces of `step` bytes; step 0: all the rest */
};

static void run_reply(const struct answer_case *c, struct cut cut, struct str *out)
{
    struct source_queue queue = {0};
    struct outcome o;
    struct reply r = {.dialect = dialect_of(c->dialect),
                      .heads = &c->heads,
                      .out = &queue,
                      .takes = c->takes,
                      .odds = c->request.logprobs > 0,
                      .stops = c->request.stops,
                      .stop_count = c->request.stop_count,
                      .part = true,
                      .place = {.server = "the-server", .model = str_text(&c->request.model), .pulls = c->dialect == DIALECT_OLLAMA}};
    struct span rest = str_span(&c->body);
    size_t len = cut.first;
    outcome_init(&o);
    reply_begin(&r);
    for (bool more = true; more && rest.len; len = cut.step ? cut.step : rest.len) {
        struct span piece = span_cut(rest, 0, len);
        char *own = span_copy(piece); /* so that the sanitizer sees a read past the piece */
        more = piece.len == 0 || reply_add(&r, (struct span){own, piece.len});
        free(own);
        rest = span_cut(rest, piece.len, rest.len);
    }
    reply_end(&r, NULL);
    outcome_take(&o, &queue);
    o.err = r.err;
    o.usage = r.usage;
    outcome_print(&o, out);
    for (int i = 0; i < c->takes; i++)
        if (reply_missing(&r, i) && !r.err.kind)
            str_printf(out, "missing %d\n", i);
    outcome_release(&o);
    reply_release(&r);
    source_queue_release(&queue);
}

static size_t splits, frames;

static void check(const struct answer_case *c, struct cut cut)
{
    splits++;
    struct str out = {0};
    run_reply(c, cut, &out);
    if (!span_equal(str_span(&out), str_span(&c->events)))
        fail_msg("%s (cut at %zu, then every %zu)\n--- expected\n%s--- came\n%s", c->path, cut.first, cut.step,
                 str_text(&c->events), str_text(&out));
    str_release(&out);
}

/* -- the same in another frame ------------------------------------------------------------------- */

/* Ways to write the same events: what ends a line, what stands between and beside them, and a mark before all. */
enum frame { FRAME_CRLF, FRAME_CR, FRAME_COMMENTS, FRAME_FIELDS, FRAME_TIGHT, FRAME_MARK, FRAMES };

static void add_line(struct str *out, enum frame frame, struct span line)
{
    bool data = span_starts(line, "data: ");
    if (frame == FRAME_FIELDS && data)
        str_add_text(out, "id: 7\nretry: 100\n");
    str_add(out, frame == FRAME_TIGHT && data ? SPAN("data:") : SPAN(""));
    str_add(out, frame == FRAME_TIGHT && data ? span_cut(line, 6, line.len) : line);
    str_add_text(out, frame == FRAME_CRLF ? "\r\n" : frame == FRAME_CR ? "\r" : "\n");
    if (frame == FRAME_COMMENTS && line.len == 0)
        str_add_text(out, ": keep-alive\n\n");
}

/* Whole lines only: a case whose last one is open, or that has ends of its own, is about its frame. */
static bool is_plain_stream(const struct answer_case *c)
{
    struct span body = str_span(&c->body);
    bool events = span_starts(body, "data: ") || span_starts(body, "event: ") || span_starts(body, ": ");
    return events && !dialect_of(c->dialect)->lines && body.s[body.len - 1] == '\n' && !memchr(body.s, '\r', body.len);
}

static void check_frames(struct answer_case *c)
{
    struct str body = {0};
    str_move(&body, &c->body);
    for (int frame = 0; frame < FRAMES; frame++) {
        struct span rest = str_span(&body), line;
        str_clear(&c->body);
        str_add(&c->body, frame == FRAME_MARK ? SPAN("\xEF\xBB\xBF") : SPAN(""));
        while (span_line(&rest, &line))
            add_line(&c->body, (enum frame)frame, line);
        frames++;
        check(c, (struct cut){c->body.len, 0});
        check(c, (struct cut){1, 1});
    }
    str_release(&body);
}

static void check_sent(const struct answer_case *c)
{
    struct str body = {0};
    const struct manners none = {0};
    const struct wire wire = {
        .request = &c->request, .model = str_span(&c->request.model), .prompt = str_span(&c->request.prompt), .takes = c->takes, .manners = &none};
    if (!c->sent.len)
        return;
    dialect_of(c->dialect)->write(&wire, &body);
    assert_string_equal(str_text(&body), str_text(&c->sent));
    str_release(&body);
}

static void runs_case(void **state)
{
    struct answer_case c;
    read_case(&c, *state);
    check_sent(&c);
    if (c.events.len) {
        check(&c, (struct cut){c.body.len, 0});
        check(&c, (struct cut){1, 1});
        check(&c, (struct cut){2, 3});
        for (size_t at = 1; at < c.body.len; at++)
            check(&c, (struct cut){at, 0});
    }
    if (c.events.len && is_plain_stream(&c))
        check_frames(&c);
    case_release(&c);
}

/* -- all of them ------------------------------------------------------------------------------- */

static int is_case(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 5 && !strcmp(entry->d_name + len - 5, ".case");
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    const char *folder = argc > 1 ? argv[1] : "tests/net/cases";
    int count = scandir(folder, &entries, is_case, alphasort);
    if (count <= 0) {
        fprintf(stderr, "no cases in %s\n", folder);
        return 1;
    }
    struct CMUnitTest *tests = mem_new((size_t)count, sizeof *tests);
    for (int i = 0; i < count; i++) {
        struct str path = {0};
        str_printf(&path, "%s/%s", folder, entries[i]->d_name);
        tests[i] = (struct CMUnitTest){
            .name = mem_copy_text(entries[i]->d_name), .test_func = runs_case, .initial_state = str_take(&path)};
        free(entries[i]);
    }
    free(entries);
    int failed = _cmocka_run_group_tests("net_cases", tests, (size_t)count, NULL, NULL);
    promise(14, "different", (size_t)failed, "%d replies of all dialects and %zu that say the same in other frames, in %zu splits: whole, byte by byte, and cut at every byte", count,
            frames, splits);
    for (int i = 0; i < count; i++) {
        free((void *)tests[i].name);
        free(tests[i].initial_state);
    }
    free(tests);
    return failed;
}
