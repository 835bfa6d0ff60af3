/* The odds on a canvas: sound at every size, bars as long as they should be, and what is hostile in a word made harmless. */
#include "tests/ui/sound.h"

#include "core/mem.h"
#include "ui/theme.h"
#include "ui/view_odds.h"

#include <locale.h>

static struct theme theme;
static struct canvas canvas;

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    canvas_init(&canvas);
    canvas.styles = theme.styles;
    return theme_load(&theme, "mono", NULL, &e) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    canvas_release(&canvas);
    return 0;
}

/* A place with three choices, of which the last cannot be seen and the second one is wide. */
struct place_of_words {
    struct odds_choices choices;
    double after[ODDS_CHOICES];
    struct odds_picture picture;
};

static void fill(struct place_of_words *p)
{
    static const char *const words[] = {"霜\n", " a long word with spaces ", "\x1b[2J"};
    static const double odds[] = {0.5, 0.25, 0.125};
    *p = (struct place_of_words){.picture = {.temperature = 0.5, .selected = 1}};
    for (int i = 0; i < 3; i++) {
        str_add_text(&p->choices.list[i].text, words[i]);
        p->choices.list[i].odds = odds[i];
    }
    p->choices.list[0].taken = true;
    p->choices.count = 3;
    p->choices.rest = 0.125;
    p->choices.each = 0.125;
    p->after[0] = 0.75;
    p->after[1] = 0.125;
    p->picture.choices = &p->choices;
    p->picture.after = p->after;
    p->picture.rest = 0.125;
}

/* The row of a picture that is `w` columns wide, without the spaces at its end. */
static void expect_row(const struct place_of_words *p, int w, int row, const char *want)
{
    struct str all = {0};
    struct span rest, line = SPAN("");
    canvas_resize(&canvas, w, 9);
    canvas_clear(&canvas);
    panel_odds_draw(&p->picture, NULL, &canvas, (struct rect){0, 0, w, 9});
    assert_sound(&canvas, "picture");
    canvas_dump(&canvas, &all);
    rest = str_span(&all);
    for (int i = 0; i <= row; i++)
        assert_true(span_line(&rest, &line));
    if (!span_is(line, want))
        fail_msg("have “%.*s”, want “%s”", SPAN_ARG(line), want);
    str_release(&all);
}

static void bars_are_as_long_as_the_odds(void **state)
{
    struct place_of_words p;
    (void)state;
    fill(&p);
    /* twice the likeliest is a whole bar of 20: 10 before, 15 after; 5 before, 2½ after; nothing after */
    expect_row(&p, 47, 0, "                 p      p′ ∝ p^(1/T)   T = 0.50");
    expect_row(&p, 47, 1, "● 霜↵           50 % ━━━━━━━━━━┿━━━━       75 %");
    expect_row(&p, 47, 2, "› ␣a long wor…  25 % ━━╾──                 12 %");
    expect_row(&p, 47, 3, "  ␛[2J          12 % ╌╌╌                    cut");
    expect_row(&p, 47, 4, "  others        12 % ━━╸                   12 %");
    p.picture.guessed = true;
    expect_row(&p, 47, 4, "  others        12 % ━━╸                  ~12 %");
    expect_row(&p, 47, 6, "  Below 1: the likely gains.");
    odds_choices_release(&p.choices);
}

/* Where there is no room for all, what is selected is seen, else what the take says. */
static void what_matters_stays_in_view(void **state)
{
    struct place_of_words p;
    struct str all = {0};
    (void)state;
    fill(&p);
    p.picture.selected = 2;
    canvas_resize(&canvas, 40, 3);
    canvas_clear(&canvas);
    panel_odds_draw(&p.picture, NULL, &canvas, (struct rect){0, 0, 40, 3});
    canvas_dump(&canvas, &all);
    assert_true(span_find(str_span(&all), SPAN("霜"), 0) >= 0 && span_find(str_span(&all), SPAN("␛"), 0) >= 0);
    p.picture.selected = -1;
    p.choices.list[0].taken = false;
    p.choices.list[1].taken = true;
    canvas_resize(&canvas, 40, 2);
    canvas_clear(&canvas);
    panel_odds_draw(&p.picture, NULL, &canvas, (struct rect){0, 0, 40, 2});
    str_clear(&all);
    canvas_dump(&canvas, &all);
    assert_true(span_find(str_span(&all), SPAN("a long"), 0) >= 0);
    str_release(&all);
    odds_choices_release(&p.choices);
}

static void is_sound_at_every_size(void **state)
{
    static const int widths[] = {1, 2, 3, 5, 8, 12, 19, 20, 28, 30, 40, 59, 60, 79, 80, 99, 100, 101, 160, 500};
    struct place_of_words p;
    struct buffer *text = buffer_new();
    struct odds_view v;
    (void)state;
    fill(&p);
    odds_view_init(&v, text);
    buffer_insert_foreign(text, 0, SPAN("秋夜霜，\na lamp burns low。\n\x1b[2J"), (struct ink){1, ODDS_RARE, 0});
    for (int known = 0; known < 2; known++)
        for (size_t i = 0; i < COUNT_OF(widths); i++)
            for (int h = 1; h < 40; h++) {
                v.name = SPAN("take 1 · a model with a rather long name");
                v.place = known ? SPAN("3 of 9") : SPAN("");
                v.most = known ? 3 : 0;
                v.picture = known ? p.picture : (struct odds_picture){.selected = 0};
                v.state = SPAN("This take was kept without odds. o asks again with odds on.");
                v.message = h % 3 ? SPAN("") : SPAN("A sentence that takes more than one row where the screen is small.");
                canvas_resize(&canvas, widths[i], h);
                odds_view_draw(&v, &canvas);
                assert_sound(&canvas, "odds");
                for (int y = 0; y < h; y++)
                    for (int x = 0; x < widths[i]; x++)
                        (void)odds_view_at(&v, x, y);
            }
    odds_view_release(&v);
    buffer_free(text);
    odds_choices_release(&p.choices);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_long_as_the_odds),
        cmocka_unit_test(what_matters_stays_in_view),
        cmocka_unit_test(is_sound_at_every_size),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
