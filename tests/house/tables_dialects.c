#include "tests/house/tables_dialects.h"
#include "net/reply.h"

#include <stdio.h>
#include <string.h>

/* What each dialect can do, found out by asking it: what it writes for a request and what it reads out of samples. */

static void write_request(enum dialect_id id, const struct request *r, struct str *out)
{
    const struct manners none = {0};
    const struct wire wire = {.request = r, .model = SPAN("m"), .prompt = str_span(&r->prompt), .takes = 1, .manners = &none};
    str_clear(out);
    dialect_of(id)->write(&wire, out);
}

/* Whether the dialect writes anything for what `set` puts into a request, a prompt's or a continuation's. */
static bool takes(enum dialect_id id, void (*set)(struct request *))
{
    bool differs = false;
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        struct request r;
        struct str before = {0}, after = {0};
        request_init(&r);
        str_set(&r.prompt, SPAN("Rain"));
        request_add_turn(&r, ROLE_USER, SPAN("Rain"));
        r.asked = goes_on ? r.prompt.len : 0;
        write_request(id, &r, &before);
        set(&r);
        write_request(id, &r, &after);
        differs = differs || !span_equal(str_span(&before), str_span(&after));
        str_release(&before);
        str_release(&after);
        request_release(&r);
    }
    return differs;
}

static void set_stop(struct request *r)
{
    request_add_stop(r, SPAN("END"));
}

static void set_system(struct request *r)
{
    str_set(&r->system, SPAN("Be brief."));
}

static void set_odds(struct request *r)
{
    r->logprobs = 5;
}

static void set_suffix(struct request *r)
{
    str_set(&r->suffix, SPAN(" falls."));
}

static void set_grammar(struct request *r)
{
    str_set(&r->grammar, SPAN("root ::= line"));
}

/* Whether a model's thinking comes apart from its text by itself, without tags. */
static bool thinks_apart(enum dialect_id id)
{
    static const char *const samples[] = {
        "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"x\"}}]}",
        "{\"type\":\"response.reasoning_summary_text.delta\",\"delta\":\"x\"}",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"x\"}}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"thought\":true,\"text\":\"x\"}]}}]}",
        "{\"message\":{\"thinking\":\"x\"},\"done\":false}",
    };
    bool apart = false;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct heads heads = {.status = 200};
        struct source_queue queue = {0};
        struct source_event ev = {0};
        struct str event = {0};
        struct reply r = {.dialect = dialect_of(id), .heads = &heads, .out = &queue, .takes = 1, .place = {.server = "s", .model = "m"}};
        reply_begin(&r);
        str_printf(&event, r.dialect->lines ? "%s\n" : "data: %s\n\n", samples[i]);
        (void)reply_add(&r, str_span(&event));
        while (source_queue_pop(&queue, &ev)) {
            apart = apart || ev.kind == SOURCE_REASONING;
            source_event_release(&ev);
        }
        reply_release(&r);
        source_queue_release(&queue);
        str_release(&event);
    }
    return apart;
}

static void add(struct str *out, bool has, const char *what)
{
    if (has)
        str_printf(out, "%s%s", out->len ? ", " : "", what);
}

static void add_dials(struct str *out, enum dialect_id id)
{
    for (int i = 0; i < DIAL_COUNT; i++)
        add(out, i != DIAL_TAKES && dial_table[i].wire[id], dial_table[i].name);
}

static void add_rest(struct str *out, enum dialect_id id)
{
    add(out, dial_table[DIAL_TAKES].wire[id], "takes of one request");
    add(out, takes(id, set_stop), "stop words");
    add(out, takes(id, set_system), "system text");
    add(out, takes(id, set_odds), "odds");
    add(out, takes(id, set_suffix), "what stands behind");
    add(out, takes(id, set_grammar), "grammar");
    add(out, thinks_apart(id), "thinking apart");
    add(out, dialect_of(id)->tells, "what its model holds, and its form");
}

void print_dialects(void)
{
    for (int i = 0; i < DIALECT_SPOKEN; i++) {
        enum dialect_id id = (enum dialect_id)i;
        const struct dialect *d = dialect_of(id);
        struct request r;
        struct str dials = {0}, rest = {0}, place = {0};
        request_init(&r);
        r.stream = true;
        str_set(&r.prompt, SPAN("Rain")); /* asked: not gone on with */
        str_printf(&place, "%s%s", d->version, d->endpoint(&r));
        add_dials(&dials, id);
        add_rest(&rest, id);
        printf("row\t| `%s` | `%s` | %s | %s |\n", dialect_name(id), str_text(&place), str_text(&dials), str_text(&rest));
        printf("line\t.It Cm %s\nline\t%s.\nline\tBesides: %s.\n", dialect_name(id), str_text(&dials), rest.len ? str_text(&rest) : "nothing");
        str_release(&dials);
        str_release(&rest);
        str_release(&place);
        request_release(&r);
    }
}
