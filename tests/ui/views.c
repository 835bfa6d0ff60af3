/* Desk and library as text. Golden screens lie in tests/data/golden; `ui_views FOLDER --update` rewrites them. */
#include "tests/ui/sound.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "ui/theme.h"
#include "ui/view_library.h"

#include <locale.h>
#include <stdlib.h>

static const char *golden_folder;
static bool updating;

static const struct footer_key keys[] = {
    {"^G", "generate", "generate"},  {"Esc", "stop", "stop"},       {"M-Left", "takes", "take-previous"},
    {"^R", "library", "library"},    {"F3", "dials", "dials"},      {"^P", "commands", "palette"},
    {"F1", "help", "help"},
};

static const struct desk_take takes[] = {
    {1, TAKE_DONE, 3, 0.7, 31, true, false, false},         {2, TAKE_WRITING, 0, 0.7, 12, true, true, false},
    {3, TAKE_WAITING, 0, 0.7, 0, true, false, false},       {4, TAKE_INTERRUPTED, 0, 0.9, 112, false, false, false},
    {5, TAKE_FAILED, 0, -1, 0, false, false, false},        {6, TAKE_STOPPED, 0, 1.3, 7, true, false, false},
};

/* A desk with everything on it. */
struct scene {
    struct desk_view view;
    struct dials dials;
    bool taken[DIAL_COUNT];
    struct theme theme;
    struct canvas canvas;
};

static const char *page_mark(void *ctx, size_t line_start)
{
    struct buffer *page = ctx;
    struct ink ink = buffer_ink_at(page, line_start);
    bool first = line_start == 0 || buffer_ink_at(page, line_start - 1).author != AUTHOR_PROMPT;
    return ink.author == AUTHOR_PROMPT && first ? "›" : NULL;
}

static void add_passage(struct buffer *b, enum author author, const char *text)
{
    struct ink ink = {(int64_t)buffer_length(b) + 1, (int)author, 0};
    buffer_insert_foreign(b, buffer_length(b), span_of(text), ink);
}

static void fill_page(struct buffer *b)
{
    add_passage(b, AUTHOR_PROMPT, "写一首五绝，秋夜\n\n");
    add_passage(b, AUTHOR_MODEL, "霜落千山寂，\n月明一水寒。\n孤舟何处客，\n灯下看归鸿。\n\n");
    add_passage(b, AUTHOR_WRITER, "The river kept its own counsel that autumn, and the two of us kept ours.\n\n");
    add_passage(b, AUTHOR_PROMPT, "再写一首，说河流\n\n");
    add_passage(b, AUTHOR_MODEL, "河水不说话，只把石头磨圆。我们坐在岸上，听它把一个下午慢慢地带走；");
    add_passage(b, AUTHOR_EDIT, "远处有人喊了一声，回声落进水里，也被带走了。");
}

static void scene_init(struct scene *s)
{
    struct err e = {0};
    *s = (struct scene){.taken = {false}};
    struct desk_view *v = &s->view;
    desk_view_init(v);
    v->page.buf = buffer_new();
    v->prompt.buf = buffer_new();
    v->page.mark_of = page_mark;
    v->page.ctx = v->page.buf;
    fill_page(v->page.buf);
    add_passage(v->prompt.buf, AUTHOR_WRITER, "再来一首七绝，写渡口的灯。");
    dials_default(&s->dials);
    for (int i = 0; i < DIAL_COUNT; i++)
        s->taken[i] = i != DIAL_MIN_P;
    v->dials = &s->dials;
    v->taken = s->taken;
    v->where = SPAN("Autumn letters ▸ 河流，第三稿");
    v->counts = (struct count){.han = 142, .han_marks = 168, .words = 14, .lines = 12};
    v->server = SPAN("qwen3 · desk-pc:8080");
    v->rate = 34;
    v->takes = takes;
    v->take_count = (int)COUNT_OF(takes);
    v->siblings = 3;
    v->sibling = 2;
    v->leaf_rating = 3;
    v->hint = SPAN("Ask for something below and press ^G.");
    v->footer = keys;
    v->footer_count = (int)COUNT_OF(keys);
    assert_true(theme_load(&s->theme, "ink", NULL, &e));
    canvas_init(&s->canvas);
    s->canvas.styles = s->theme.styles;
}

static void scene_release(struct scene *s)
{
    struct buffer *page = s->view.page.buf, *prompt = s->view.prompt.buf;
    desk_view_release(&s->view);
    buffer_free(page);
    buffer_free(prompt);
    canvas_release(&s->canvas);
}

static void scene_draw(struct scene *s, int w, int h)
{
    canvas_resize(&s->canvas, w, h);
    desk_view_draw(&s->view, &s->canvas);
    assert_sound(&s->canvas, "desk");
}

/* -- every size ---------------------------------------------------------------------------------------------------------- */

static const int widths[] = {1,  2,  3,  5,  8,  11, 12, 19, 20, 21, 37, 39, 40, 41, 49, 50,
                             59, 60, 61, 76, 80, 99, 100, 101, 120, 163, 200, 500};
static const int heights[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16, 17, 24, 33, 40, 60, 200};

/* Calls `draw` for every size; `turn` counts on, so that modes can take turns. */
static void for_sizes(void (*draw)(void *ctx, int w, int h, int turn), void *ctx)
{
    int turn = 0;
    for (size_t i = 0; i < COUNT_OF(widths); i++)
        for (size_t j = 0; j < COUNT_OF(heights); j++, turn++)
            if (widths[i] <= 200 || heights[j] == 200 || heights[j] == 1)
                draw(ctx, widths[i], heights[j], turn);
}

static void draw_desk(void *ctx, int w, int h, int turn)
{
    struct scene *s = ctx;
    struct desk_view *v = &s->view;
    for (int mode = 0; mode < FOCUS_COUNT; mode++) {
        v->focus = (enum focus)mode;
        v->drawer = (turn + mode) % 3 == 0;
        v->dial = (turn + mode) % DIAL_COUNT;
        v->take = turn % v->take_count;
        v->saved = (enum saved_state)(turn % 4);
        v->message = turn % 2 ? SPAN("") : SPAN("服务器拒绝了连接；请先启动它，或按 F2 换一个。 It said: no route to host.");
        scene_draw(s, w, h);
        for (int y = -1; y <= h; y += h > 40 ? 7 : 1)
            for (int x = -1; x <= w; x += w > 40 ? 9 : 1)
                desk_view_at(v, x, y);
    }
}

static void test_desk_at_every_size(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    for_sizes(draw_desk, &s);
    display_set_ambiguous(2);
    for_sizes(draw_desk, &s);
    display_set_ambiguous(1);
    scene_release(&s);
}

static void test_cursor_stays_in_sight(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    for (size_t i = 0; i < COUNT_OF(widths); i++)
        for (size_t j = 0; j < COUNT_OF(heights); j++)
            for (int f = 0; f < FOCUS_COUNT; f++) {
                if (widths[i] < 20 || widths[i] > 200 || heights[j] < 6 || heights[j] > 60)
                    continue;
                s.view.focus = (enum focus)f;
                s.view.drawer = false;
                scene_draw(&s, widths[i], heights[j]);
                if (s.canvas.cursor_x < 0)
                    fail_msg("no cursor at %dx%d with focus %d", widths[i], heights[j], f);
                assert_true(s.canvas.cursor_y < heights[j] - 1); /* input methods need a row below */
            }
    scene_release(&s);
}

static void test_hostile_texts_stay_in_their_place(void **state)
{
    (void)state;
    static const char evil[] = "\x1b[2J\x1b]0;x\a\r\b\xE2\x80\xAE \xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD e\xCC\x81 \xFF\xC0 \xC2\x9B" "31m汉";
    struct scene s;
    scene_init(&s);
    s.view.where = s.view.server = s.view.preset = s.view.message = s.view.hint = SPAN(evil);
    add_passage(s.view.page.buf, AUTHOR_MODEL, evil);
    str_set(&s.view.typing, SPAN(evil));
    s.view.focus = FOCUS_DIALS;
    for_sizes(draw_desk, &s);
    scene_draw(&s, 100, 30);
    for (int i = 0; i < 100 * 30; i++)
        for (int b = 0; b < s.canvas.cells[i].len; b++)
            assert_true((unsigned char)s.canvas.cells[i].text[b] >= 0x20);
    scene_release(&s);
}

/* -- what is drawn and what is hit --------------------------------------------------------------------------------------- */

static void test_states_are_told(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    s.view.focus = FOCUS_DIALS;
    s.view.dial = DIAL_MIN_P;
    scene_draw(&s, 120, 40);
    assert_shows(&s.canvas, "not taken");
    assert_shows(&s.canvas, "off │");
    assert_shows(&s.canvas, "Not taken by this model");
    assert_shows(&s.canvas, "✕ failed");
    assert_shows(&s.canvas, "◌ interrupted");
    assert_shows(&s.canvas, "■ stopped");
    assert_shows(&s.canvas, "› 2 ◐ writing");
    assert_shows(&s.canvas, "take 2/3");
    assert_shows(&s.canvas, "mine ─┐");
    assert_hides(&s.canvas, "Ask for something");
    s.view.saved = MEMORY_ONLY;
    s.view.preset = SPAN("狂放");
    s.view.siblings = 1;
    s.view.leaf_rating = 0;
    s.view.take_count = 0;
    buffer_clear(s.view.page.buf);
    str_set(&s.view.typing, SPAN("0.8"));
    scene_draw(&s, 120, 40);
    assert_shows(&s.canvas, "in memory only");
    assert_shows(&s.canvas, "狂放 ─┐");
    assert_shows(&s.canvas, "Ask for something below");
    assert_shows(&s.canvas, "0.8 │");
    assert_shows(&s.canvas, "none yet");
    assert_hides(&s.canvas, "take 2/3");
    scene_release(&s);
}

static void test_long_messages_are_told_whole(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    s.view.message = SPAN("The server desk-pc:8080 did not answer within ten seconds; start it there, "
                          "check the address, or choose another server with F2.");
    s.view.message_role = STYLE_ERROR;
    scene_draw(&s, 80, 24);
    assert_shows(&s.canvas, "The server desk-pc");
    assert_shows(&s.canvas, "server with F2.");
    scene_release(&s);
}

static void test_footer_is_hit_where_it_is_seen(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    scene_draw(&s, 60, 20);
    int seen = 0;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        int x = find_in_row(&s.canvas, 19, keys[i].label);
        if (x < 0)
            continue;
        seen++;
        struct target t = desk_view_at(&s.view, x, 19);
        assert_int_equal(t.kind, TARGET_COMMAND);
        assert_string_equal(t.command, keys[i].command);
    }
    assert_in_range(seen, 3, 6);
    assert_int_equal(desk_view_at(&s.view, 59, 19).kind, TARGET_OUTSIDE);
    scene_release(&s);
}

/* A click anywhere on a track puts the knob right under the mouse. */
static void check_track(struct scene *s, int w, int h)
{
    int x = 0, y = 0;
    scene_draw(s, w, h);
    assert_true(find_text(&s->canvas, "temperature", &x, &y));
    struct target label = desk_view_at(&s->view, x, y);
    assert_int_equal(label.kind, TARGET_DIAL);
    assert_int_equal(label.index, DIAL_TEMPERATURE);
    int row = find_in_row(&s->canvas, y, "├─") >= 0 ? y : y + 1, hits = 0;
    for (int at = x; at < w; at++) {
        struct target t = desk_view_at(&s->view, at, row);
        if (t.kind != TARGET_DIAL || t.fraction < 0)
            continue;
        assert_int_equal(t.index, DIAL_TEMPERATURE);
        dial_set_fraction(&s->dials, DIAL_TEMPERATURE, t.fraction);
        scene_draw(s, w, h);
        bool end = t.fraction <= 0 || t.fraction >= 1;
        assert_true(end || span_is(cell_text(&s->canvas, at, row), "●"));
        hits++;
    }
    assert_true(hits >= 6);
}

static void test_tracks_are_hit_where_they_are_seen(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    s.view.focus = FOCUS_DIALS;
    check_track(&s, 120, 40);
    check_track(&s, 100, 24);
    check_track(&s, 80, 24);
    check_track(&s, 40, 16);
    scene_release(&s);
}

static void test_areas_are_hit_where_they_are_seen(void **state)
{
    (void)state;
    struct scene s;
    int x = 0, y = 0;
    scene_init(&s);
    scene_draw(&s, 120, 40);
    assert_true(find_text(&s.canvas, "◐ writing", &x, &y));
    assert_int_equal(desk_view_at(&s.view, x, y).kind, TARGET_TAKE);
    assert_int_equal(desk_view_at(&s.view, x, y).index, 1);
    assert_true(find_text(&s.canvas, "mine", &x, &y));
    assert_int_equal(desk_view_at(&s.view, x, y).kind, TARGET_PRESET);
    assert_true(find_text(&s.canvas, "月明一水寒", &x, &y));
    struct target t = desk_view_at(&s.view, x + 2, y);
    assert_int_equal(t.kind, TARGET_PAGE);
    assert_true(span_starts(buffer_slice(s.view.page.buf, t.offset, t.offset + 3), "明"));
    assert_true(find_text(&s.canvas, "七绝", &x, &y));
    t = desk_view_at(&s.view, x, y);
    assert_int_equal(t.kind, TARGET_PROMPT);
    assert_true(span_starts(buffer_slice(s.view.prompt.buf, t.offset, t.offset + 3), "七"));
    assert_int_equal(desk_view_at(&s.view, 0, 0).kind, TARGET_OUTSIDE);
    scene_release(&s);
}

static void test_prompt_grows_to_a_third(void **state)
{
    (void)state;
    struct scene s;
    int x = 0, before = 0, after = 0;
    scene_init(&s);
    scene_draw(&s, 80, 30);
    assert_true(find_text(&s.canvas, "Prompt", &x, &before));
    for (int i = 0; i < 40; i++)
        add_passage(s.view.prompt.buf, AUTHOR_WRITER, "\n又一行");
    scene_draw(&s, 80, 30);
    assert_true(find_text(&s.canvas, "Prompt", &x, &after));
    assert_int_equal(before - after, 10 - 3);
    scene_release(&s);
}

/* -- the library --------------------------------------------------------------------------------------------------------- */

/* The row that is no generation. */
#define OWN_PAGE 6

struct shelf {
    struct library_view view;
    struct hit hits[12];
    struct generation generation;
    struct take takes[2];
};

static void shelf_init(struct shelf *s)
{
    static const char *const prompts[] = {"写一首五绝，秋夜", "A letter to the river, in four lines", "",
                                          "再写一首，说河流，要有一个人坐在岸上等另一个人的来信，等了很久很久"};
    static const char *const texts[] = {"霜落千山寂，月明一水寒。", "You kept the stones and gave me back the sound,",
                                        "远处有人喊了一声", "河水不说话，只把石头磨圆。我们坐在岸上，听它把下午带走"};
    *s = (struct shelf){.hits = {{.generation = 0}}};
    struct library_view *v = &s->view;
    library_view_init(v);
    clock_freeze(0, 1792300000000); /* 2026-10-18 05:06:40 UTC */
    for (int i = 0; i < (int)COUNT_OF(s->hits); i++) {
        struct hit *hit = &s->hits[i];
        *hit = (struct hit){.sent_ms = 1792300000000 - i * 5000000000, .takes = 1 + i % 4, .rating = i % 6};
        hit->generation = i == OWN_PAGE ? 0 : 100 - i;
        str_set(&hit->prompt, span_of(prompts[i % 4]));
        str_set(&hit->text, span_of(texts[i % 4]));
    }
    struct generation *g = &s->generation;
    g->sent_ms = s->hits[1].sent_ms;
    str_set(&g->prompt, span_of("A letter to the river, in four lines"));
    str_set(&g->model, SPAN("qwen3"));
    str_set(&g->server, SPAN("desk"));
    dials_default(&g->dials);
    s->takes[0] = (struct take){.state = TAKE_DONE, .rating = 4};
    s->takes[1] = (struct take){.index = 1, .state = TAKE_FAILED};
    str_set(&s->takes[0].text, SPAN("You kept the stones\nand gave me back the sound,\n\n河水不说话，只把石头磨圆。"));
    str_set(&s->takes[1].error, SPAN("The server closed the connection; press r to ask again."));
    v->hits = s->hits;
    v->hit_count = (int)COUNT_OF(s->hits);
    v->total = 1204;
    v->selected = 1;
    v->focus_list = true;
    v->preview = g;
    v->preview_takes = s->takes;
    v->preview_take_count = 2;
    v->preview_tags = SPAN("river\n秋\n");
    v->footer = keys;
    v->footer_count = (int)COUNT_OF(keys);
}

static void shelf_release(struct shelf *s)
{
    library_view_release(&s->view);
    for (size_t i = 0; i < COUNT_OF(s->hits); i++)
        hit_release(&s->hits[i]);
    generation_release(&s->generation);
    take_release(&s->takes[0]);
    take_release(&s->takes[1]);
    clock_freeze(-1, -1);
}

struct library_case {
    struct shelf shelf;
    struct scene scene; /* for its theme and canvas */
};

static void library_case_init(struct library_case *l)
{
    scene_init(&l->scene);
    shelf_init(&l->shelf);
}

static void library_case_release(struct library_case *l)
{
    shelf_release(&l->shelf);
    scene_release(&l->scene);
}

static void draw_library(void *ctx, int w, int h, int turn)
{
    static const int64_t marks[] = {100, 97};
    static char names[][40] = {"model:", "project:\"山水 1\" ", "qwen3-30b-a3b-instruct-2507 ", "by this model"};
    static const struct library_offer offers[] = {{names[0], names[3]}, {names[1], NULL}, {names[2], names[3]}};
    struct library_case *l = ctx;
    struct library_view *v = &l->shelf.view;
    int row = 0;
    size_t offset = 0;
    const char *command = NULL;
    v->focus_list = turn % 2;
    v->selected = turn % 12;
    v->hit_count = turn % 5 ? 12 : 0;
    v->preview = v->selected == OWN_PAGE ? NULL : &l->shelf.generation;
    v->preview_text = v->selected == OWN_PAGE ? SPAN("秋江\n\n一人坐在岸上，等另一个人的来信。\n") : SPAN("");
    v->preview_scroll = turn % 7 ? turn % 40 : INT32_MAX / 2;
    v->message = turn % 3 ? SPAN("") : SPAN("移到了废纸篓；按 ^Z 取回。");
    v->marks = marks;
    v->mark_count = turn % 3;
    v->offers = offers;
    v->offer_count = turn % 4;
    v->offer_selected = turn % 3;
    v->searching = turn % 6 == 0;
    v->looked = (int64_t)turn * 1000003;
    v->total = turn % 8 ? 1204 : -1;
    canvas_resize(&l->scene.canvas, w, h);
    library_view_draw(v, &l->scene.canvas);
    assert_sound(&l->scene.canvas, "library");
    for (int y = -1; y <= h; y += h > 40 ? 7 : 1)
        library_view_at(v, w / 3, y, &row, &offset, &command);
}

static void test_library_at_every_size(void **state)
{
    (void)state;
    struct library_case l;
    library_case_init(&l);
    for_sizes(draw_library, &l);
    display_set_ambiguous(2);
    for_sizes(draw_library, &l);
    display_set_ambiguous(1);
    library_case_release(&l);
}

static void test_library_is_hit_where_it_is_seen(void **state)
{
    (void)state;
    struct library_case l;
    int x = 0, y = 0, row = 0;
    size_t offset = 0;
    const char *command = NULL;
    library_case_init(&l);
    struct canvas *c = &l.scene.canvas;
    canvas_resize(c, 120, 30);
    library_view_draw(&l.shelf.view, c);
    assert_true(find_text(c, "You kept the stones", &x, &y));
    assert_int_equal(library_view_at(&l.shelf.view, x, y, &row, &offset, &command), LIBRARY_ROW);
    assert_int_equal(row, 1);
    assert_true(find_text(c, "#river", &x, &y));
    assert_int_equal(library_view_at(&l.shelf.view, x, y, &row, &offset, &command), LIBRARY_PREVIEW);
    assert_true(find_text(c, "search prompts", &x, &y));
    assert_int_equal(library_view_at(&l.shelf.view, x, y, &row, &offset, &command), LIBRARY_QUERY);
    x = find_in_row(c, 29, "library");
    assert_int_equal(library_view_at(&l.shelf.view, x, 29, &row, &offset, &command), LIBRARY_COMMAND);
    assert_string_equal(command, "library");
    library_case_release(&l);
}

static void test_preview_scroll_ends_at_the_end(void **state)
{
    (void)state;
    struct library_case l;
    library_case_init(&l);
    l.shelf.view.preview_scroll = 1000;
    canvas_resize(&l.scene.canvas, 80, 24);
    library_view_draw(&l.shelf.view, &l.scene.canvas);
    assert_in_range(l.shelf.view.preview_scroll, 1, 20);
    assert_shows(&l.scene.canvas, "press r to ask again");
    l.shelf.view.hit_count = 0;
    l.shelf.view.preview = NULL;
    library_view_draw(&l.shelf.view, &l.scene.canvas);
    assert_shows(&l.scene.canvas, "Everything you write and ask for is kept here.");
    library_case_release(&l);
}

static void test_a_page_of_ones_own_is_no_generation(void **state)
{
    (void)state;
    struct library_case l;
    library_case_init(&l);
    struct library_view *v = &l.shelf.view;
    struct canvas *c = &l.scene.canvas;
    struct hit *hit = &l.shelf.hits[OWN_PAGE];
    v->hits = hit;
    v->hit_count = 1;
    v->selected = 0;
    v->preview = NULL;
    v->preview_text = SPAN("秋江\n\n一人坐在岸上");
    hit->takes = hit->rating = 0;
    str_clear(&hit->prompt);
    for (int w = 38; w <= 120; w += 41) {
        canvas_resize(c, w, 24);
        library_view_draw(v, c);
        assert_shows(c, "your page");
        assert_shows(c, "(untitled)");
        assert_shows(c, "一人坐在岸上");
        assert_shows(c, "1204 generations");
    }
    add_passage(v->query_text, AUTHOR_WRITER, "岸");
    library_view_draw(v, c);
    assert_shows(c, "1 shown");
    hit->generation = 7;
    library_view_draw(v, c);
    assert_shows(c, "1 of 1204");
    assert_shows(c, "(continuation)");
    v->total = -1;
    library_view_draw(v, c);
    assert_shows(c, "1 shown");
    library_case_release(&l);
}

/* -- golden screens ------------------------------------------------------------------------------------------------------ */

static void check_golden(const struct canvas *c, const char *name)
{
    struct str path = {0}, shown = {0}, kept = {0};
    struct err e = {0};
    canvas_dump(c, &shown);
    str_printf(&path, "%s/%s.txt", golden_folder, name);
    if (updating && !file_write(str_text(&path), str_span(&shown), &e))
        fail_msg("%s", e.text);
    if (!file_read(str_text(&path), &kept, 1u << 20, &e))
        fail_msg("%s", e.text);
    if (!span_equal(str_span(&shown), str_span(&kept)))
        fail_msg("%s differs from what is kept:\n%s\nIf it is better so, run `ui_views %s --update`.", name,
                 str_text(&shown), golden_folder);
    str_release(&path);
    str_release(&shown);
    str_release(&kept);
}

static void test_golden_desks(void **state)
{
    (void)state;
    struct scene s;
    scene_init(&s);
    s.view.focus = FOCUS_PROMPT;
    scene_draw(&s, 120, 40);
    check_golden(&s.canvas, "desk-120x40");
    scene_draw(&s, 80, 24);
    check_golden(&s.canvas, "desk-80x24");
    scene_draw(&s, 40, 12);
    check_golden(&s.canvas, "desk-40x12");
    s.view.focus = FOCUS_DIALS;
    s.view.message = SPAN("这台服务器不收 min p；其余照常。");
    scene_draw(&s, 80, 24);
    check_golden(&s.canvas, "desk-80x24-dials");
    scene_release(&s);
}

static void test_golden_libraries(void **state)
{
    (void)state;
    struct library_case l;
    library_case_init(&l);
    canvas_resize(&l.scene.canvas, 120, 30);
    library_view_draw(&l.shelf.view, &l.scene.canvas);
    check_golden(&l.scene.canvas, "library-120x30");
    canvas_resize(&l.scene.canvas, 80, 24);
    library_view_draw(&l.shelf.view, &l.scene.canvas);
    check_golden(&l.scene.canvas, "library-80x24");
    library_case_release(&l);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desk_at_every_size),
        cmocka_unit_test(test_cursor_stays_in_sight),
        cmocka_unit_test(test_hostile_texts_stay_in_their_place),
        cmocka_unit_test(test_states_are_told),
        cmocka_unit_test(test_long_messages_are_told_whole),
        cmocka_unit_test(test_footer_is_hit_where_it_is_seen),
        cmocka_unit_test(test_tracks_are_hit_where_they_are_seen),
        cmocka_unit_test(test_areas_are_hit_where_they_are_seen),
        cmocka_unit_test(test_prompt_grows_to_a_third),
        cmocka_unit_test(test_library_at_every_size),
        cmocka_unit_test(test_library_is_hit_where_it_is_seen),
        cmocka_unit_test(test_preview_scroll_ends_at_the_end),
        cmocka_unit_test(test_a_page_of_ones_own_is_no_generation),
        cmocka_unit_test(test_golden_desks),
        cmocka_unit_test(test_golden_libraries),
    };
    golden_folder = argc > 1 ? argv[1] : "tests/data/golden";
    updating = argc > 2 && strcmp(argv[2], "--update") == 0;
    setenv("TZ", "UTC", 1);
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
