#include "core/story.h"
#include "core/display.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A passage of its own text. */
static int add_text(struct piece *p, int parent, enum author author, const char *text)
{
    int added = piece_add_passage(p, parent, author, -1);
    passage_set_text(p, added, span_of(text));
    return added;
}

/* A passage that shows a take. */
static int add_take(struct piece *p, int parent, const char *text)
{
    int take = piece_add_take(p, 7, p->take_count);
    str_add_text(&p->takes[take].text, text);
    return piece_add_passage(p, parent, AUTHOR_MODEL, take);
}

static bool shows(const struct piece *p, int passage, const char *text)
{
    return span_is(passage_text(p, passage), text);
}

static void states_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < TAKE_STATE_COUNT; i++) {
        enum take_state s = TAKE_STATE_COUNT;
        assert_true(take_state_parse(span_of(take_state_name((enum take_state)i)), &s));
        assert_int_equal(s, i);
        assert_int_equal(take_state_over((enum take_state)i), i >= TAKE_DONE);
    }
    enum take_state s = TAKE_DONE;
    assert_false(take_state_parse(SPAN(""), &s) || take_state_parse(SPAN("Done"), &s) || take_state_parse(SPAN("donee"), &s));
    assert_int_equal(s, TAKE_DONE);
}

static void an_empty_piece_has_an_empty_page(void **state)
{
    (void)state;
    struct piece p;
    int path[1] = {-2};
    struct str label = {.max = 0};
    piece_init(&p);
    assert_true(p.leaf == -1 && p.root_chosen == -1 && p.id == 0);
    assert_int_equal(piece_path(&p, p.leaf, path, 1), 0);
    assert_int_equal(piece_siblings(&p, -1, path, 1), 0);
    assert_int_equal(path[0], -2);
    assert_int_equal(piece_find_take(&p, 1), -1);
    assert_int_equal(piece_find_generation(&p, 1), -1);
    assert_int_equal(piece_find_passage(&p, 1), -1);
    piece_choose(&p, -1);
    piece_choose_leaf(&p, -1);
    assert_true(p.leaf == -1 && p.root_chosen == -1);
    piece_label(&p, &label, 20);
    assert_string_equal(str_text(&label), "");
    str_release(&label);
    piece_release(&p);
    piece_release(&p);
    assert_true(p.leaf == -1);
}

/*      0 ─ 1 ─ 2 ─ 3
 *          ├ 4 ─ 5
 *          └ 6
 *      7                 */
static void grow(struct piece *p)
{
    static const int parents[] = {-1, 0, 1, 2, 1, 4, 1, -1};
    piece_init(p);
    for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
        add_text(p, parents[i], AUTHOR_WRITER, "x");
}

static void path_runs_from_root_to_leaf(void **state)
{
    (void)state;
    struct piece p;
    int path[8] = {-2, -2, -2, -2, -2};
    grow(&p);
    assert_int_equal(piece_path(&p, 5, path, 8), 4);
    assert_true(path[0] == 0 && path[1] == 1 && path[2] == 4 && path[3] == 5 && path[4] == -2);
    int near[3] = {-2, -2, -2};
    assert_int_equal(piece_path(&p, 5, near, 2), 4); /* what is nearest the leaf stays */
    assert_true(near[0] == 4 && near[1] == 5 && near[2] == -2);
    assert_int_equal(piece_path(&p, 5, NULL, 0), 4);
    assert_int_equal(piece_path(&p, 7, path, 8), 1);
    assert_int_equal(path[0], 7);
    piece_release(&p);
}

static void siblings_come_in_order_without_the_trash(void **state)
{
    (void)state;
    struct piece p;
    int out[4] = {-2, -2, -2, -2};
    grow(&p);
    assert_int_equal(piece_siblings(&p, 4, out, 4), 3);
    assert_true(out[0] == 2 && out[1] == 4 && out[2] == 6 && out[3] == -2);
    p.passages[4].trashed = true;
    assert_int_equal(piece_siblings(&p, 2, out, 4), 2);
    assert_true(out[0] == 2 && out[1] == 6);
    assert_int_equal(piece_siblings(&p, 4, NULL, 0), 3); /* itself included */
    assert_int_equal(piece_siblings(&p, 7, out, 1), 2);
    assert_int_equal(out[0], 0);
    piece_release(&p);
}

static void choosing_remembers_how_a_branch_went_on(void **state)
{
    (void)state;
    struct piece p;
    grow(&p);
    piece_choose_leaf(&p, 3);
    assert_true(p.leaf == 3 && p.root_chosen == 0 && p.passages[1].chosen == 2 && p.passages[2].chosen == 3);
    piece_choose_leaf(&p, 5);
    assert_true(p.leaf == 5 && p.passages[1].chosen == 4);
    piece_choose(&p, 2); /* back on the first branch: with what followed there */
    assert_true(p.leaf == 3 && p.passages[1].chosen == 2);
    piece_choose(&p, 0);
    assert_int_equal(p.leaf, 3);
    piece_choose_leaf(&p, 2); /* exactly here, although it has a child */
    assert_true(p.leaf == 2 && p.passages[2].chosen == -1);
    piece_choose_leaf(&p, 3);
    p.passages[3].trashed = true;
    piece_choose(&p, 1); /* the trash is not shown */
    assert_int_equal(p.leaf, 2);
    piece_choose(&p, 7);
    assert_true(p.leaf == 7 && p.root_chosen == 7);
    piece_choose_leaf(&p, -1);
    assert_true(p.leaf == -1 && p.root_chosen == -1);
    piece_release(&p);
}

static void prompts_stand_on_lines_of_their_own(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    int first = piece_add_prompt(&p, -1, SPAN(" \n 写一首五绝 \u3000\n"));
    assert_true(shows(&p, first, "写一首五绝\n"));
    assert_int_equal(p.passages[first].author, AUTHOR_PROMPT);
    assert_true(p.passages[first].own_text && p.passages[first].dirty);
    assert_true(shows(&p, piece_add_prompt(&p, add_text(&p, first, AUTHOR_WRITER, "a"), SPAN("b")), "\n\nb\n"));
    assert_true(shows(&p, piece_add_prompt(&p, add_text(&p, first, AUTHOR_WRITER, "a\n"), SPAN("b")), "\nb\n"));
    /* a passage without text does not count: what stands before it does */
    int empty = add_text(&p, add_text(&p, first, AUTHOR_WRITER, "a"), AUTHOR_WRITER, "");
    assert_true(shows(&p, piece_add_prompt(&p, empty, SPAN("b")), "\n\nb\n"));
    assert_true(shows(&p, piece_add_prompt(&p, add_text(&p, -1, AUTHOR_WRITER, ""), SPAN("b")), "b\n"));
    assert_true(shows(&p, piece_add_prompt(&p, add_take(&p, first, "\n\n秋夜"), SPAN("b")), "\n\nb\n"));
    piece_release(&p);
}

static void takes_below_a_prompt_lose_leading_white_space(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    int prompt = piece_add_prompt(&p, -1, SPAN("ask"));
    int answer = add_take(&p, prompt, "\n \t\r\n秋夜 \n");
    assert_true(shows(&p, answer, "秋夜 \n"));
    assert_true(span_is(str_span(&p.takes[p.passages[answer].take].text), "\n \t\r\n秋夜 \n"));
    assert_true(shows(&p, add_take(&p, answer, "\n\nmore"), "\n\nmore"));  /* a continuation keeps its own */
    assert_true(shows(&p, add_take(&p, -1, " \nfirst"), "first"));         /* the page's top needs none either */
    assert_true(shows(&p, add_take(&p, prompt, " \n "), ""));
    assert_true(shows(&p, add_take(&p, prompt, ""), ""));
    assert_true(shows(&p, add_take(&p, prompt, "\u3000\u3000段"), "\u3000\u3000段")); /* an indent is part of the text */
    int nul = add_take(&p, prompt, " ");
    str_add(&p.takes[p.passages[nul].take].text, SPAN("\0a"));
    assert_true(span_equal(passage_text(&p, nul), SPAN("\0a"))); /* a control character is no white space */
    piece_release(&p);
}

static void own_text_hides_the_take_and_keeps_it(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    int passage = add_take(&p, -1, "the model's");
    p.passages[passage].dirty = false;
    assert_false(p.passages[passage].own_text);
    passage_set_text(&p, passage, SPAN("mine"));
    assert_true(shows(&p, passage, "mine") && p.passages[passage].own_text && p.passages[passage].dirty);
    assert_string_equal(str_text(&p.takes[0].text), "the model's");
    passage_set_text(&p, passage, SPAN(""));
    assert_true(shows(&p, passage, ""));
    piece_release(&p);
}

static void the_newest_is_found_first(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    for (int i = 0; i < 20; i++) {
        piece_add_take(&p, 1, i);
        p.takes[i].id = 100 + i;
        piece_add_generation(&p);
        p.generations[i].id = 200 + i;
        piece_add_passage(&p, i - 1, AUTHOR_WRITER, -1);
        p.passages[i].id = 300 + i;
    }
    assert_int_equal(piece_find_take(&p, 107), 7);
    assert_int_equal(piece_find_generation(&p, 219), 19);
    assert_int_equal(piece_find_passage(&p, 300), 0);
    assert_int_equal(piece_find_take(&p, 300), -1);
    assert_true(p.takes[3].first_ms == -1 && p.takes[3].total_ms == -1 && p.takes[3].index == 3);
    assert_true(p.generations[3].usage.prompt_tokens == -1 && p.generations[3].usage.completion_tokens == -1);
    assert_int_equal(piece_path(&p, 19, NULL, 0), 20);
    piece_release(&p);
}

static void a_copy_shares_nothing(void **state)
{
    (void)state;
    struct generation from = {.id = 5, .passage = 6, .kind = KIND_CONTINUE, .usage = {7, 8}}, to = {.id = 0};
    struct str *texts[] = {&from.prompt, &from.context,  &from.system, &from.stops, &from.server,
                           &from.dialect, &from.url, &from.model,  &from.resolved, &from.request};
    struct str *copies[] = {&to.prompt, &to.context,  &to.system, &to.stops, &to.server,
                            &to.dialect, &to.url, &to.model,  &to.resolved, &to.request};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        str_printf(texts[i], "text %zu", i);
    str_add(&from.prompt, SPAN("\0ä"));
    dial_set(&from.dials, DIAL_SEED, 9);
    str_add_text(&to.prompt, "was here before");
    generation_copy(&to, &from);
    assert_true(to.id == 5 && to.passage == 6 && to.kind == KIND_CONTINUE && to.usage.completion_tokens == 8 && to.dials.on[DIAL_SEED]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(span_equal(str_span(copies[i]), str_span(texts[i])) && copies[i]->len > 0);
        assert_ptr_not_equal(copies[i]->s, texts[i]->s);
    }
    generation_release(&from);
    assert_true(span_starts(str_span(&to.request), "text 9"));
    generation_copy(&from, &(struct generation){.id = 1});
    assert_true(from.id == 1 && from.prompt.len == 0);
    generation_release(&to);
    generation_release(&to);
    generation_release(&from);
}

static bool label_is(const struct piece *p, int columns, const char *want)
{
    struct str label = {.max = 0};
    piece_label(p, &label, columns);
    bool is = span_is(str_span(&label), want);
    str_release(&label);
    return is;
}

static void a_label_is_the_title_or_the_first_line(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    int blank = add_text(&p, -1, AUTHOR_WRITER, " \n ");
    assert_true(label_is(&p, 20, ""));
    add_text(&p, blank, AUTHOR_WRITER, "\n  秋夜书怀\n第二行");
    assert_true(label_is(&p, 20, "秋夜书怀"));
    assert_true(label_is(&p, 6, "秋夜…") || label_is(&p, 5, "秋夜…"));
    str_add_text(&p.title, "  River\x1b[31m\nthird");
    assert_true(label_is(&p, 40, "River␛[31m"));
    piece_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_names),
        cmocka_unit_test(an_empty_piece_has_an_empty_page),
        cmocka_unit_test(path_runs_from_root_to_leaf),
        cmocka_unit_test(siblings_come_in_order_without_the_trash),
        cmocka_unit_test(choosing_remembers_how_a_branch_went_on),
        cmocka_unit_test(prompts_stand_on_lines_of_their_own),
        cmocka_unit_test(takes_below_a_prompt_lose_leading_white_space),
        cmocka_unit_test(own_text_hides_the_take_and_keeps_it),
        cmocka_unit_test(the_newest_is_found_first),
        cmocka_unit_test(a_copy_shares_nothing),
        cmocka_unit_test(a_label_is_the_title_or_the_first_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
