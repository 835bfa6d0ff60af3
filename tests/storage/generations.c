#include "library.h"

static void fill(struct generation *g)
{
    struct str *texts[] = {&g->prompt,  &g->context, &g->system, &g->stops,    &g->server,
                           &g->dialect, &g->url,     &g->model,  &g->resolved, &g->request};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        str_printf(texts[i], "text %zu 雨\xFF", i);
    for (int i = 0; i < DIAL_COUNT; i += 2)
        dial_set(&g->dials, (enum dial_id)i, dial_table[i].max);
    g->sent_ms = 1790000000123;
    g->usage = (struct usage){17, -1};
    g->kind = KIND_CONTINUE;
}

static void expect_same(const struct generation *a, const struct generation *b, bool whole)
{
    assert_true(span_equal(str_span(&a->prompt), str_span(&b->prompt)));
    assert_true(span_equal(str_span(&a->system), str_span(&b->system)));
    assert_true(span_equal(str_span(&a->stops), str_span(&b->stops)));
    assert_true(span_equal(str_span(&a->server), str_span(&b->server)));
    assert_true(span_equal(str_span(&a->dialect), str_span(&b->dialect)));
    assert_true(span_equal(str_span(&a->url), str_span(&b->url)));
    assert_true(span_equal(str_span(&a->model), str_span(&b->model)));
    assert_true(span_equal(str_span(&a->resolved), str_span(&b->resolved)));
    assert_true(whole == span_equal(str_span(&a->context), str_span(&b->context)));
    assert_true(whole == span_equal(str_span(&a->request), str_span(&b->request)));
    assert_true(dials_equal(&a->dials, &b->dials));
    assert_int_equal(a->sent_ms, b->sent_ms);
    assert_int_equal(a->usage.prompt_tokens, b->usage.prompt_tokens);
    assert_int_equal(a->usage.completion_tokens, b->usage.completion_tokens);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->rerun_of, b->rerun_of);
    assert_int_equal(a->piece, b->piece);
}

static void takes_free(struct take *takes, int count)
{
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
}

static void everything_that_was_sent_comes_back(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct generation whole = {0};
    struct take *takes = NULL;
    struct piece p, back;
    int count = 0;
    piece_init(&p);
    piece_init(&back);
    piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    piece_add_generation(&p);
    fill(&p.generations[0]);
    piece_add_take(&p, -1, 1);
    piece_add_take(&p, -1, 0);
    must(store_generation_begin(s, &p, 0, &e));
    int64_t first = p.generations[0].id;
    assert_int_equal(p.generations[0].piece, p.id);
    assert_int_equal(p.takes[0].generation, first);
    must(store_generation_load(s, first, &whole, &takes, &count, &e));
    expect_same(&p.generations[0], &whole, true);
    assert_int_equal(count, 2);
    assert_int_equal(takes[0].id, p.takes[1].id);
    assert_int_equal(takes[0].first_ms, -1);
    takes_free(takes, count);

    must(store_piece_load(s, p.id, &back, &e));
    expect_same(&p.generations[0], &back.generations[0], false);

    str_set(&p.generations[0].resolved, SPAN("qwen3-4b"));
    p.generations[0].usage.completion_tokens = 99;
    must(store_generation_end(s, &p.generations[0], &e));
    must(store_generation_load(s, first, &whole, &takes, &count, &e));
    expect_same(&p.generations[0], &whole, true);
    takes_free(takes, count);
    generation_release(&whole);
    piece_release(&p);
    piece_release(&back);
    store_close(s);
}

static void a_take_ends_with_its_text_whole(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct generation g = {0};
    struct take *takes = NULL;
    struct piece p;
    int count = 0;
    piece_init(&p);
    must(store_generation_begin(s, &p, library_ask(&p, -1, "q", 1), &e));
    struct take *t = &p.takes[0];
    store_take_text(s, t->id, SPAN("half"), false);
    store_take_text(s, t->id, SPAN("thought"), true);
    must(store_tick(s, clock_now_us() + 300000, &e));
    must(store_generation_load(s, t->generation, &g, &takes, &count, &e));
    assert_int_equal(takes[0].state, TAKE_WRITING);
    assert_string_equal(str_text(&takes[0].text), "half");
    assert_string_equal(str_text(&takes[0].reasoning), "thought");
    takes_free(takes, count);

    str_set(&t->finish, SPAN("stop"));
    str_set(&t->error, SPAN("cut"));
    str_set(&t->reasoning, SPAN("thoughts"));
    t->first_ms = 12;
    t->total_ms = 3400;
    t->tokens = 56;
    library_end(s, t, "half and half", TAKE_FAILED);
    must(store_rate(s, t->id, 4, &e));
    must(store_generation_load(s, t->generation, &g, &takes, &count, &e));
    assert_int_equal(takes[0].state, TAKE_FAILED);
    assert_string_equal(str_text(&takes[0].text), "half and half");
    assert_string_equal(str_text(&takes[0].reasoning), "thoughts");
    assert_string_equal(str_text(&takes[0].finish), "stop");
    assert_string_equal(str_text(&takes[0].error), "cut");
    assert_int_equal(takes[0].first_ms, 12);
    assert_int_equal(takes[0].total_ms, 3400);
    assert_int_equal(takes[0].tokens, 56);
    assert_int_equal(takes[0].rating, 4);
    takes_free(takes, count);
    generation_release(&g);
    piece_release(&p);
    store_close(s);
}

static void a_generation_may_stand_outside_any_piece(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    piece_add_generation(&p);
    str_set(&p.generations[0].prompt, SPAN("one shot"));
    piece_add_take(&p, -1, 0);
    must(store_generation_begin(s, &p, 0, &e));
    assert_int_equal(p.id, 0);
    assert_int_equal(p.generations[0].piece, 0);
    assert_true(p.takes[0].id > 0);
    assert_int_equal(store_newest_piece(s), 0);
    piece_release(&p);
    store_close(s);
}

static void tags_trash_and_the_counter(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct str tags = {0};
    int64_t id = library_add(s, "a", "b");
    library_add(s, "c", "d");
    assert_int_equal(store_generation_count(s), 2);
    must(store_tag(s, id, SPAN(" 诗 "), true, &e));
    must(store_tag(s, id, SPAN("诗"), true, &e));
    must(store_tag(s, id, SPAN("later"), true, &e));
    assert_true(store_tags(s, id, &tags));
    assert_string_equal(str_text(&tags), "later\n诗\n");
    must(store_tag(s, id, SPAN("later"), false, &e));
    str_clear(&tags);
    assert_true(store_tags(s, id, &tags));
    assert_string_equal(str_text(&tags), "诗\n");
    must_fail(store_tag(s, id, SPAN("  "), true, &e));
    must_fail(store_tag(s, 999, SPAN("x"), true, &e));
    must(store_trash(s, id, true, &e));
    must(store_trash(s, id, true, &e));
    assert_int_equal(store_generation_count(s), 1);
    must(store_trash(s, id, false, &e));
    assert_int_equal(store_generation_count(s), 2);
    str_release(&tags);
    store_close(s);
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct generation g = {.id = 5};
    struct take t = {.id = 5}, *takes = NULL;
    int count = 0;
    must_fail(store_generation_load(s, 5, &g, &takes, &count, &e));
    must_fail(store_generation_end(s, &g, &e));
    must_fail(store_take_end(s, &t, &e));
    must_fail(store_rate(s, 5, 1, &e));
    must_fail(store_trash(s, 5, true, &e));
    must_fail(store_trash_passage(s, 5, true, &e));
    t.id = 0;
    must_fail(store_take_end(s, &t, &e));
    store_take_text(s, 5, SPAN("to nowhere"), false);
    must(store_tick(s, clock_now_us() + 300000, &e));
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_that_was_sent_comes_back),
        cmocka_unit_test(a_take_ends_with_its_text_whole),
        cmocka_unit_test(a_generation_may_stand_outside_any_piece),
        cmocka_unit_test(tags_trash_and_the_counter),
        cmocka_unit_test(what_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
