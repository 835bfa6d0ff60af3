/* The muse as a server: its runs, takes and events, with the packs that come with the program. What it writes is not looked at, only how. */
#include "core/utf8.h"
#include "muse/muse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *packs;

#define TAKES 3
#define QUATRAIN "写一首七绝，秋夜"

struct outcome {
    struct str text[TAKES], odds_text[TAKES], model, note, finish;
    int texts[TAKES], odds, over, failed, done;
    int texts_before_first_end; /* takes that had text before the first was over */
    struct usage usage;
    struct err err;
};

struct stage {
    struct muse *muse;
    struct source *source;
    struct source_queue queue;
    struct request request;
    struct outcome outcome;
};

static int set_up(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->muse = muse_new(packs, "no-such-folder");
    s->source = muse_source_new(s->muse);
    request_init(&s->request);
    dial_set(&s->request.dials, DIAL_SEED, 7);
    *state = s;
    return 0;
}

static void outcome_release(struct outcome *o)
{
    for (int i = 0; i < TAKES; i++) {
        str_release(&o->text[i]);
        str_release(&o->odds_text[i]);
    }
    str_release(&o->model);
    str_release(&o->note);
    str_release(&o->finish);
    *o = (struct outcome){0};
}

static int tear_down(void **state)
{
    struct stage *s = *state;
    s->source->ops->free(s->source);
    muse_free(s->muse);
    source_queue_release(&s->queue);
    request_release(&s->request);
    outcome_release(&s->outcome);
    free(s);
    return 0;
}

static void take_odds(struct outcome *o, const struct source_event *ev)
{
    const struct odds *odds = ev->odds;
    o->odds++;
    str_add(&o->odds_text[ev->take], str_span(&ev->text));
    assert_int_equal(odds->count, 3);
    assert_true(odds->logprob <= 0);
    for (int i = 0; i < odds->count; i++) {
        assert_true(odds->alternative[i] <= 0 && utf8_valid(str_span(&odds->token[i])));
        assert_true(i == 0 || odds->alternative[i] <= odds->alternative[i - 1]);
    }
}

static void take_event(struct outcome *o, const struct source_event *ev)
{
    assert_int_equal(o->done, 0);
    switch (ev->kind) {
    case SOURCE_TEXT:
        assert_true(ev->text.len > 0 && ev->pieces > 0 && utf8_valid(str_span(&ev->text)));
        str_add(&o->text[ev->take], str_span(&ev->text));
        o->texts[ev->take]++;
        o->texts_before_first_end += o->over == 0 && o->texts[ev->take] == 1;
        break;
    case SOURCE_ODDS:
        take_odds(o, ev);
        break;
    case SOURCE_RETHINK:
        fail_msg("the muse does not think aloud");
        break;
    case SOURCE_LESSONS:
        fail_msg("the muse refuses no dial");
        break;
    case SOURCE_MODEL:
        str_set(&o->model, str_span(&ev->text));
        break;
    case SOURCE_NOTE:
        str_set(&o->note, str_span(&ev->text));
        break;
    case SOURCE_TAKE_DONE:
        o->over++;
        str_set(&o->finish, str_span(&ev->text));
        break;
    case SOURCE_FAILED:
        o->failed++;
        o->err = ev->err;
        break;
    case SOURCE_DONE:
        o->done++;
        o->usage = ev->usage;
        break;
    case SOURCE_REASONING:
        fail_msg("the muse does not think aloud");
        break;
    }
}

static void take_events(struct stage *s)
{
    struct source_event ev = {0};
    while (source_queue_pop(&s->queue, &ev)) {
        assert_int_equal(ev.run, 1);
        take_event(&s->outcome, &ev);
        source_event_release(&ev);
    }
}

static void ask(struct stage *s, const char *prompt, int takes)
{
    struct err e = {0};
    outcome_release(&s->outcome);
    str_set(&s->request.prompt, span_of(prompt));
    dial_set(&s->request.dials, DIAL_TAKES, takes);
    assert_true(s->source->ops->start(s->source, 1, &s->request, &s->queue, NULL, &e));
    assert_true(muse_busy(s->muse));
}

static void run(struct stage *s, const char *prompt, int takes, int64_t budget_us)
{
    ask(s, prompt, takes);
    while (muse_step(s->muse, budget_us))
        take_events(s);
    take_events(s);
    assert_false(muse_busy(s->muse));
    assert_int_equal(s->outcome.done, 1);
}

static void takes_stream_side_by_side(void **state)
{
    struct stage *s = *state;
    run(s, QUATRAIN, TAKES, 1);
    assert_int_equal(s->outcome.over, TAKES);
    assert_int_equal(s->outcome.texts_before_first_end, TAKES);
    for (int i = 0; i < TAKES; i++)
        assert_true(s->outcome.texts[i] > 1); /* line by line */
    assert_string_equal(str_text(&s->outcome.model), "muse · zh");
    assert_string_equal(str_text(&s->outcome.finish), "stop");
    assert_true(s->outcome.usage.prompt_tokens > 2 && s->outcome.usage.completion_tokens >= (int64_t)TAKES * 32);
    assert_int_equal(s->outcome.note.len, 0);
}

static void a_seed_gives_the_same_text_at_any_pace(void **state)
{
    struct stage *s = *state;
    struct str first = {0}, second = {0};
    run(s, QUATRAIN, 2, 1);
    str_set(&first, str_span(&s->outcome.text[0]));
    str_set(&second, str_span(&s->outcome.text[1]));
    assert_string_not_equal(str_text(&first), str_text(&second));
    run(s, QUATRAIN, 1, 1000000);
    assert_string_equal(str_text(&s->outcome.text[0]), str_text(&first));
    dial_set(&s->request.dials, DIAL_SEED, 8);
    run(s, QUATRAIN, 1, 1000000);
    assert_string_equal(str_text(&s->outcome.text[0]), str_text(&second));
    str_release(&first);
    str_release(&second);
}

static void a_drawn_seed_is_told_and_used_once(void **state)
{
    struct stage *s = *state;
    struct str first = {0}, again = {0}, later = {0};
    struct err e = {0};
    int64_t seed = 0;
    dial_off(&s->request.dials, DIAL_SEED);
    str_set(&s->request.prompt, SPAN(QUATRAIN));
    assert_true(s->source->ops->preview(s->source, &s->request, &first, &e));
    assert_true(s->source->ops->preview(s->source, &s->request, &again, &e));
    assert_string_equal(str_text(&first), str_text(&again));
    run(s, QUATRAIN, 1, 1000000);
    str_clear(&again);
    str_set(&again, str_span(&s->outcome.text[0]));
    assert_true(s->source->ops->preview(s->source, &s->request, &later, &e));
    assert_string_not_equal(str_text(&first), str_text(&later));
    const char *told = strstr(str_text(&first), "seed=");
    assert_non_null(told);
    struct span digits = span_of(told + 5);
    assert_true(span_integer(span_cut(digits, 0, strspn(digits.s, "0123456789")), &seed));
    dial_set(&s->request.dials, DIAL_SEED, (double)seed);
    run(s, QUATRAIN, 1, 1000000);
    assert_string_equal(str_text(&s->outcome.text[0]), str_text(&again));
    str_release(&first);
    str_release(&again);
    str_release(&later);
}

static void a_stop_string_ends_a_take_wherever_it_lies(void **state)
{
    struct stage *s = *state;
    struct str whole = {0};
    run(s, QUATRAIN, 1, 1000000);
    str_set(&whole, str_span(&s->outcome.text[0]));
    ptrdiff_t line = span_find(str_span(&whole), SPAN("\n"), 0);
    assert_true(line > 6 && whole.len > (size_t)line + 4);
    /* From the last character of the first line on into the second. */
    request_add_stop(&s->request, span_cut(str_span(&whole), (size_t)line - 3, (size_t)line + 4));
    run(s, QUATRAIN, 1, 1);
    assert_int_equal(s->outcome.text[0].len, line - 3);
    assert_true(span_starts(str_span(&whole), str_text(&s->outcome.text[0])));
    str_set(&s->request.stops[0], SPAN("a word it never says"));
    run(s, QUATRAIN, 1, 1);
    assert_string_equal(str_text(&s->outcome.text[0]), str_text(&whole));
    str_release(&whole);
}

static void cancelling_keeps_what_came(void **state)
{
    struct stage *s = *state;
    ask(s, QUATRAIN, TAKES);
    while (s->outcome.texts[0] == 0) {
        muse_step(s->muse, 1);
        take_events(s);
    }
    s->source->ops->cancel(s->source, 1);
    assert_false(muse_step(s->muse, 1000000));
    take_events(s);
    assert_int_equal(s->outcome.done, 1);
    assert_int_equal(s->outcome.failed, 0);
    ask(s, QUATRAIN, 1); /* and freed in the middle nothing is left behind: tear_down() */
    muse_step(s->muse, 1);
}

static void odds_are_told_of_every_token(void **state)
{
    struct stage *s = *state;
    struct str said = {0};
    s->request.logprobs = 3;
    run(s, QUATRAIN, TAKES, 1);
    assert_true(s->outcome.odds >= TAKES * 32);
    assert_int_equal(s->outcome.odds, s->outcome.usage.completion_tokens);
    for (int i = 0; i < TAKES; i++) {
        str_clear(&said);
        for (size_t at = 0; at < s->outcome.text[i].len; at++)
            if (s->outcome.text[i].s[at] != '\n')
                str_add_byte(&said, s->outcome.text[i].s[at]);
        assert_string_equal(str_text(&s->outcome.odds_text[i]), str_text(&said));
    }
    run(s, "haiku: first snow", 1, 1);
    assert_true(s->outcome.odds > 10);
    str_release(&said);
}

static void what_it_cannot_write_it_says(void **state)
{
    struct stage *s = *state;
    run(s, "explain how a steam engine works", 1, 1000000);
    assert_true(s->outcome.note.len > 10 && s->outcome.text[0].len > 10);
    assert_string_equal(str_text(&s->outcome.model), "muse · en");
}

static void what_is_impossible_is_refused_before_it_begins(void **state)
{
    struct stage *s = *state;
    struct str body = {0};
    struct err e = {0};
    str_set(&s->request.prompt, SPAN("五绝，藏头“春夏秋冬又一年”"));
    assert_false(s->source->ops->preview(s->source, &s->request, &body, &e));
    assert_true(e.kind != ERR_NONE && strlen(e.text) > 10);
    assert_int_equal(body.len, 0);
    assert_false(s->source->ops->start(s->source, 1, &s->request, &s->queue, NULL, &e));
    assert_false(muse_busy(s->muse));
    assert_int_equal(s->queue.count, 0);
    str_set(&s->request.model, SPAN("nobody"));
    assert_false(s->source->ops->preview(s->source, &s->request, &body, &e));
    assert_non_null(strstr(e.text, "nobody"));
    str_release(&body);
}

static void without_packs_there_is_a_sentence(void **state)
{
    struct stage *s = *state;
    struct muse *bare = muse_new("no-such-folder", "no-such-folder");
    struct source *source = muse_source_new(bare);
    struct err e = {0};
    struct muse_facts facts;
    str_set(&s->request.prompt, SPAN(QUATRAIN));
    assert_false(source->ops->preview(source, &s->request, NULL, &e));
    assert_non_null(strstr(e.text, "zh.muse"));
    assert_false(muse_facts(bare, SPAN(MUSE_NAME), FORM_EN, &facts, &e));
    assert_true(muse_facts(s->muse, SPAN(MUSE_NAME), FORM_EN, &facts, &e));
    assert_true(facts.language == FORM_EN && facts.parameters > 1000000 && facts.bytes > 1000000 && facts.tokens > 1000);
    source->ops->free(source);
    muse_free(bare);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(int argc, char **argv)
{
    packs = argc > 1 ? argv[1] : "muse/packs";
    const struct CMUnitTest tests[] = {
        CASE(takes_stream_side_by_side),
        CASE(a_seed_gives_the_same_text_at_any_pace),
        CASE(a_drawn_seed_is_told_and_used_once),
        CASE(a_stop_string_ends_a_take_wherever_it_lies),
        CASE(cancelling_keeps_what_came),
        CASE(odds_are_told_of_every_token),
        CASE(what_it_cannot_write_it_says),
        CASE(what_is_impossible_is_refused_before_it_begins),
        CASE(without_packs_there_is_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
