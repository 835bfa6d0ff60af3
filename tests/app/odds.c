/* The odds of a job on their way into the library, and which passage shows a take that others branched off from. */
#include "app/desk/page.h"
#include "app/engine/job_odds.h"
#include "core/i18n.h"
#include "core/odds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct store *store;
    struct piece piece;
    struct job job;
};

static int make(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    assert_true(store_open(&f->store, NULL, NULL));
    piece_init(&f->piece);
    int prompt = piece_add_prompt(&f->piece, -1, SPAN("秋夜"));
    int g = piece_add_generation(&f->piece);
    str_set(&f->piece.generations[g].prompt, SPAN("秋夜"));
    for (int i = 0; i < 2; i++)
        piece_add_passage(&f->piece, prompt, AUTHOR_MODEL, piece_add_take(&f->piece, -1 - g, i));
    f->job = (struct job){.piece = &f->piece, .generation = g, .takes = 2};
    f->job.request.logprobs = 5;
    assert_true(store_generation_begin(f->store, &f->piece, g, NULL));
    *state = f;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *f = *state;
    job_odds_release(&f->job);
    piece_release(&f->piece);
    store_close(f->store);
    free(f);
    return 0;
}

static void come(struct fixture *f, int take, const char *token, const char *text, double logprob)
{
    struct source_event ev = {.kind = SOURCE_ODDS, .take = take, .odds = calloc(1, sizeof *ev.odds)};
    str_add_text(&ev.text, token);
    ev.odds->logprob = logprob;
    job_odds_add(&f->job, &ev);
    source_event_release(&ev);
    if (take >= 0 && take < 2)
        str_add_text(&f->piece.takes[take].text, text);
}

static bool load(struct fixture *f, int take, struct odds_record *r)
{
    struct str form = {0};
    bool found = false;
    assert_true(store_odds_load(f->store, f->piece.takes[take].id, &form, &found, NULL));
    if (found)
        assert_true(odds_record_read(r, str_span(&form), NULL));
    str_release(&form);
    return found;
}

static void each_take_keeps_its_own(void **state)
{
    struct fixture *f = *state;
    struct odds_record r = {0};
    come(f, 0, "秋", "秋", -0.5);
    come(f, 1, "月", "月", -1);
    come(f, 0, "\xE5\xA4", "", -0.25);
    come(f, 0, "\x9C", "夜", -0.25);
    come(f, 0, "<|end|>", "", -0.01); /* never comes into the text */
    come(f, 7, "x", "", -1);
    come(f, -1, "x", "", -1);
    for (int i = 0; i < 2; i++)
        assert_true(job_odds_keep(&f->job, i, f->store, NULL));
    assert_true(load(f, 0, &r));
    assert_int_equal(r.count, 3);
    assert_float_equal(r.tokens[1].logprob, -0.25, 1e-6);
    assert_true(load(f, 1, &r));
    assert_int_equal(r.count, 1);
    odds_record_release(&r);
}

/* That a server was asked and told nothing is known afterwards; that none was asked, too. */
static void silence_is_kept_when_it_was_asked(void **state)
{
    struct fixture *f = *state;
    struct odds_record r = {0};
    str_add_text(&f->piece.takes[0].text, "秋夜");
    assert_false(load(f, 0, &r));
    assert_true(job_odds_keep(&f->job, 0, f->store, NULL));
    assert_true(load(f, 0, &r));
    assert_int_equal(r.count, 0);
    str_add_text(&f->piece.takes[1].text, "秋夜");
    f->job.request.logprobs = 0;
    assert_true(job_odds_keep(&f->job, 1, f->store, NULL));
    assert_false(load(f, 1, &r));
}

static void a_take_is_where_nobody_changed_it(void **state)
{
    struct fixture *f = *state;
    int shown = page_passage_of_take(&f->piece, 0), prompt = f->piece.passages[shown].parent;
    int branch = piece_add_passage(&f->piece, prompt, AUTHOR_EDIT, 0);
    passage_set_text(&f->piece, branch, SPAN("秋天"));
    assert_int_equal(page_passage_of_take(&f->piece, 0), shown);
    passage_set_text(&f->piece, shown, SPAN("秋夜静"));
    assert_int_equal(page_passage_of_take(&f->piece, 0), shown);
    f->piece.passages[shown].trashed = true;
    assert_int_equal(page_passage_of_take(&f->piece, 0), branch);
    assert_int_equal(page_passage_of_take(&f->piece, 9), -1);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_take_keeps_its_own, make, unmake),
        cmocka_unit_test_setup_teardown(silence_is_kept_when_it_was_asked, make, unmake),
        cmocka_unit_test_setup_teardown(a_take_is_where_nobody_changed_it, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
