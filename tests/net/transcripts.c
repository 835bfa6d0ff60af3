/* Reads a collection of recorded answers, where there is one: RENGA_TRANSCRIPTS names its folder, with an INDEX.tsv
 * (case, family, …) and for each case CASE.txt, the body, and CASE.json, what must come out. Skipped (77) without it.
 */
#include "core/file.h"
#include "core/mem.h"
#include "net/reply.h"
#include "outcome.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_MAX (32u << 20)

struct recorded {
    char name[128];
    enum dialect_id dialect;
    struct str body;
    struct json *facts;
    struct heads heads;
    int takes;
    bool bad; /* something came out otherwise */
};

static void complain(struct recorded *c, const char *what, struct span expected, struct span came)
{
    c->bad = true;
    printf("%s: %s\n  expected: %.*s\n  came:     %.*s\n", c->name, what,
           (int)(expected.len > 200 ? 200 : expected.len), expected.s, (int)(came.len > 200 ? 200 : came.len), came.s);
}

/* -- expectations ------------------------------------------------------------------------------ */

static bool is_fact(const struct json *value, struct span came)
{
    struct str text = {0};
    struct span raw = SPAN("");
    json_text(value, &raw);
    flow_whole(&text, raw);
    bool same = span_equal(str_span(&text), came);
    str_release(&text);
    return same;
}

static const struct json *of_take(const struct recorded *c, const char *map, int take)
{
    char key[16];
    snprintf(key, sizeof key, "%d", take);
    return json_get(json_get(c->facts, map), key);
}

static void check_text(struct recorded *c, const struct outcome *o, int take)
{
    const struct json *options = json_get(c->facts, "expected_text_options");
    struct span came = str_span(&o->text[take]), refusal = SPAN("");
    bool right = !options && is_fact(of_take(c, "expected_texts", take), came);
    if (take == 0 && json_get_text(c->facts, "expected_refusal", &refusal) && refusal.len)
        right = right || span_equal(came, refusal);
    for (const struct json *one = json_first(options); one; one = json_next(one))
        right = right || is_fact(one, came);
    if (!right)
        complain(c, "text", SPAN("(see the case)"), came);
}

/* Where text came the finish must be the server's; a wordless take fails in words of our own, and an error outweighs a
 * finish. */
static void check_finish(struct recorded *c, const struct outcome *o, int take)
{
    const struct json *finish = of_take(c, "expected_finish_reasons", take);
    struct span expected = SPAN("");
    if (o->failure[take].len || o->err.kind || !json_text(finish, &expected) ||
        !json_get(c->facts, "expected_finish_reasons"))
        return;
    if (!span_equal(expected, str_span(&o->finish[take])))
        complain(c, "finish", expected, str_span(&o->finish[take]));
}

/* The first token of an echoed prompt has no logprob; we pass over it. */
static void check_odds(struct recorded *c, const struct outcome *o, int take)
{
    int64_t count = 0;
    if (json_integer(of_take(c, "logprob_tokens", take), &count) && count != o->odds_count[take] &&
        !(strstr(c->name, "echo") && count == o->odds_count[take] + 1))
        complain(c, "odds", SPAN("(see the case)"), str_span(&o->odds[take]));
}

static void check_usage(struct recorded *c, const struct outcome *o)
{
    static const char *const prompts[] = {"prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count", "tokens_evaluated"};
    static const char *const completions[] = {"completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count", "tokens_predicted"};
    const struct json *usage = json_get(c->facts, "usage");
    int64_t count = 0;
    for (size_t i = 0; i < COUNT_OF(prompts); i++) {
        if (json_get_integer(usage, prompts[i], &count) && count != o->usage.prompt_tokens)
            complain(c, prompts[i], SPAN(""), SPAN(""));
        if (json_get_integer(usage, completions[i], &count) && count != o->usage.completion_tokens)
            complain(c, completions[i], SPAN(""), SPAN(""));
    }
}

/* A whole answer without choices (tool calls only, properties, …) is none to us. */
static void check_result(struct recorded *c, const struct outcome *o)
{
    struct span outcome = SPAN("");
    json_get_text(c->facts, "expected_outcome", &outcome);
    bool failed = o->err.kind != ERR_NONE;
    if (failed == span_is(outcome, "ok"))
        complain(c, "result", outcome, span_of(o->err.text));
    if (c->heads.status == 429 && o->err.kind != ERR_BUSY && !strstr(o->err.text, "quota"))
        complain(c, "busy", outcome, span_of(o->err.text));
}

static void check(struct recorded *c, const struct outcome *o)
{
    struct span reasoning = SPAN("");
    for (int i = 0; i < c->takes; i++) {
        check_text(c, o, i);
        check_finish(c, o, i);
        check_odds(c, o, i);
    }
    if (json_get_text(c->facts, "expected_reasoning", &reasoning) &&
        !is_fact(json_get(c->facts, "expected_reasoning"), str_span(&o->reasoning[0])))
        complain(c, "reasoning", reasoning, str_span(&o->reasoning[0]));
    check_usage(c, o);
    check_result(c, o);
}

/* -- running ----------------------------------------------------------------------------------- */

static void run(struct recorded *c, size_t step)
{
    struct source_queue queue = {0};
    struct outcome o;
    struct reply r = {.dialect = dialect_of(c->dialect),
                      .heads = &c->heads,
                      .out = &queue,
                      .takes = c->takes,
                      .odds = true,
                      .place = {.server = "server", .model = ""}};
    struct span rest = str_span(&c->body);
    outcome_init(&o);
    reply_begin(&r);
    for (bool more = true; more && rest.len; rest = span_cut(rest, step, rest.len))
        more = reply_add(&r, span_cut(rest, 0, step));
    reply_end(&r, NULL);
    outcome_take(&o, &queue);
    o.err = r.err;
    o.usage = r.usage;
    check(c, &o);
    outcome_release(&o);
    reply_release(&r);
    source_queue_release(&queue);
}

static bool load(struct recorded *c, const char *folder, struct str *facts)
{
    struct str path = {0};
    struct span line = SPAN("");
    int64_t status = 200;
    str_printf(&path, "%s/%s.txt", folder, c->name);
    bool ok = file_read(str_text(&path), &c->body, FILE_MAX, NULL);
    str_clear(&path);
    str_printf(&path, "%s/%s.json", folder, c->name);
    ok = ok && file_read(str_text(&path), facts, FILE_MAX, NULL);
    c->facts = ok ? json_parse(str_span(facts)) : NULL;
    str_release(&path);
    json_get_integer(c->facts, "status", &status);
    heads_init(&c->heads);
    c->heads.status = (int)status;
    if (json_get_text(json_get(c->facts, "headers"), "location", &line))
        str_add(&c->heads.location, line);
    c->takes = 1;
    for (const struct json *text = json_first(json_get(c->facts, "expected_texts")); text; text = json_next(text))
        if (span_integer(json_key(text), &status) && status >= c->takes && status < OUTCOME_TAKES)
            c->takes = (int)status + 1;
    return c->facts;
}

static bool family_dialect(struct span family, enum dialect_id *id)
{
    static const struct {
        const char *name;
        enum dialect_id id;
    } families[] = {{"chat", DIALECT_OPENAI_CHAT},         {"completions", DIALECT_OPENAI_COMPLETIONS},
                    {"responses", DIALECT_OPENAI_RESPONSES}, {"anthropic", DIALECT_ANTHROPIC},
                    {"gemini", DIALECT_GEMINI},              {"ollama", DIALECT_OLLAMA},
                    {"llamacpp", DIALECT_LLAMACPP},          {"kobold", DIALECT_KOBOLDCPP}};
    *id = DIALECT_OPENAI_CHAT;
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (span_is(family, families[i].name)) {
            *id = families[i].id;
            return true;
        }
    return false;
}

/* Cases of our dialects, and answers that say no, whatever the dialect. */
static bool is_ours(const struct recorded *c, struct span family)
{
    struct span outcome = SPAN("");
    json_get_text(c->facts, "expected_outcome", &outcome);
    enum dialect_id id;
    return family_dialect(family, &id) || (span_is(family, "auto") && !span_is(outcome, "ok"));
}

static int try_case(const char *folder, struct span name, struct span family)
{
    struct recorded c = {0};
    family_dialect(family, &c.dialect);
    struct str facts = {0};
    snprintf(c.name, sizeof c.name, "%.*s", SPAN_ARG(name));
    bool ours = load(&c, folder, &facts) && is_ours(&c, family);
    if (ours) {
        run(&c, SIZE_MAX / 2);
        run(&c, 1);
        run(&c, 7);
        run(&c, 1000);
    }
    json_free(c.facts);
    heads_release(&c.heads);
    str_release(&c.body);
    str_release(&facts);
    return !ours ? 0 : c.bad ? -1 : 1;
}

int main(void)
{
    const char *folder = getenv("RENGA_TRANSCRIPTS");
    struct str path = {0}, index = {0};
    struct span rest, line;
    int passed = 0, failed = 0, others = 0;
    if (!folder) {
        puts("skipped: RENGA_TRANSCRIPTS names no folder");
        return 77;
    }
    str_printf(&path, "%s/INDEX.tsv", folder);
    if (!file_read(str_text(&path), &index, FILE_MAX, NULL))
        return 77;
    rest = str_span(&index);
    while (span_line(&rest, &line)) {
        ptrdiff_t tab = span_find(line, SPAN("\t"), 0), next = span_find(line, SPAN("\t"), (size_t)tab + 1);
        int result = tab < 0 || next < 0 ? 0
                                         : try_case(folder, span_cut(line, 0, (size_t)tab),
                                                    span_cut(line, (size_t)tab + 1, (size_t)next));
        passed += result > 0;
        failed += result < 0;
        others += result == 0;
    }
    printf("%d passed, %d failed, %d of other dialects\n", passed, failed, others);
    promise(14, "different", (size_t)failed, "%d recorded answers in 4 splits each", passed + failed);
    str_release(&path);
    str_release(&index);
    return failed ? 1 : 0;
}
