/* What the doctor shows, made-up findings in place of a machine. Golden screens lie in tests/data/golden; `ui_view_doctor FOLDER --update`
 * rewrites them. */
#include "tests/ui/sound.h"

#include "core/file.h"
#include "core/mem.h"
#include "ui/theme.h"
#include "ui/view_doctor.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const char *golden_folder;
static bool updating;

static const struct footer_key keys[] = {{"Esc", "back", "stop"}, {"r", "look again", "doctor"}, {"j", "scroll", "doctor-down"}};

static struct doctor_row found[] = {
    {DOCTOR_WELL, {"library", 7}, {0}, -1, false},
    {DOCTOR_NOTE, {"space", 5}, {0}, -1, false},
    {DOCTOR_WRONG, {"permissions", 11}, {0}, -1, false},
    {DOCTOR_WELL, {"locale", 6}, {0}, -1, false},
    {DOCTOR_WELL, {"locale", 6}, {0}, -1, false},
    {DOCTOR_WELL, {"servers", 7}, {0}, 412, false},
    {DOCTOR_NOTE, {"servers", 7}, {0}, -1, false},
    {DOCTOR_WELL, {"name", 4}, {0}, 1, true},
    {DOCTOR_WRONG, {"connect", 7}, {0}, -1, true},
    {DOCTOR_PASSED, {"TLS", 3}, {0}, -1, true},
    {DOCTOR_PASSED, {"path", 4}, {0}, -1, true},
};
static const char *const texts[] = {
    "/srv/li/.local/share/renga/renga.db is whole: every page, index and reference of it was read (203 MB, 41,207 generations, form 2).",
    "120 MB are free in /srv/li; that is little. Make room soon.",
    "Others on this machine can reach /srv/li/.local/share/renga/renga.db (0644). Say: chmod 600 /srv/li/.local/share/renga/renga.db",
    "The locale zh_CN.UTF-8 is UTF-8.",
    "“—” 和 “…” 按一列计，如设置里 “ambiguous” 所说。秋夜读书，灯下无人，文库里每一页、每一条索引和每一处引用都读过了。",
    "desk answers. “qwen3:30b-a3b-instruct-2507-q4_K_M” is in its list of 12.",
    "far has a fault. Step by step:",
    "127.0.0.1 is an address; no name is looked up.",
    "Nothing answers at 127.0.0.1:1. Start the server there, or correct its address.",
    "not reached",
    "not reached",
};

struct scene {
    struct doctor_view view;
    struct theme theme;
    struct canvas canvas;
};

static void scene_init(struct scene *s)
{
    struct err e = {0};
    *s = (struct scene){.view = {.rows = found, .count = (int)COUNT_OF(found), .footer = keys, .footer_count = (int)COUNT_OF(keys)}};
    for (size_t i = 0; i < COUNT_OF(found); i++)
        found[i].text = span_of(texts[i]);
    assert_true(theme_load(&s->theme, "ink", NULL, &e));
    canvas_init(&s->canvas);
    s->canvas.styles = s->theme.styles;
}

static void scene_draw(struct scene *s, int w, int h)
{
    canvas_resize(&s->canvas, w, h);
    doctor_view_draw(&s->view, &s->canvas);
    assert_sound(&s->canvas, "doctor");
}

static bool shows(const struct scene *s, const char *text)
{
    struct str shown = {0};
    canvas_dump(&s->canvas, &shown);
    bool found_it = span_find(str_span(&shown), span_of(text), 0) >= 0;
    str_release(&shown);
    return found_it;
}

static void it_is_sound_at_every_size(void **state)
{
    struct scene s;
    (void)state;
    scene_init(&s);
    for (int w = 1; w <= 200; w += w < 30 ? 1 : 13)
        for (int h = 1; h <= 60; h += h < 8 ? 1 : 9)
            for (int scroll = 0; scroll < 200; scroll += 33) {
                s.view.at = scroll % 2 ? SPAN("servers") : SPAN("");
                s.view.outcome = scroll % 2 ? SPAN("") : SPAN("2 things are wrong; what to do stands beside each.");
                s.view.scroll = scroll;
                scene_draw(&s, w, h);
            }
    canvas_release(&s.canvas);
}

static void everything_can_be_scrolled_to(void **state)
{
    static const int sizes[][2] = {{80, 24}, {44, 12}, {30, 8}, {200, 10}};
    struct scene s;
    (void)state;
    scene_init(&s);
    s.view.outcome = SPAN("Summed up.");
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        bool first = false, last = false;
        s.view.scroll = 0;
        for (int step = 0; step < 100; step++) {
            scene_draw(&s, sizes[i][0], sizes[i][1]);
            first = first || shows(&s, "library");
            last = last || shows(&s, "Summed up.");
            s.view.scroll++;
        }
        assert_true(first && last);
        assert_true(shows(&s, "Summed up.")); /* at the end it stays there */
        assert_true(s.view.scroll < 100);
    }
    canvas_release(&s.canvas);
}

static void what_is_looked_at_is_told(void **state)
{
    struct scene s;
    (void)state;
    scene_init(&s);
    s.view.count = 2;
    s.view.at = SPAN("permissions");
    scene_draw(&s, 80, 24);
    assert_true(shows(&s, "permissions"));
    assert_false(shows(&s, "chmod"));
    assert_string_equal(doctor_view_at(&s.view, 2, 23), "stop");
    assert_null(doctor_view_at(&s.view, 2, 3));
    canvas_release(&s.canvas);
}

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
        fail_msg("%s differs from what is kept:\n%s\nIf it is better so, run `ui_view_doctor %s --update`.", name, str_text(&shown),
                 golden_folder);
    str_release(&path);
    str_release(&shown);
    str_release(&kept);
}

static void golden_screens(void **state)
{
    struct scene s;
    (void)state;
    scene_init(&s);
    s.view.outcome = SPAN("2 things are wrong; what to do stands beside each.");
    s.view.outcome_role = STYLE_ERROR;
    scene_draw(&s, 160, 50);
    check_golden(&s.canvas, "doctor-160x50");
    scene_draw(&s, 80, 24);
    check_golden(&s.canvas, "doctor-80x24");
    scene_draw(&s, 40, 12);
    check_golden(&s.canvas, "doctor-40x12");
    s.view.count = 4;
    s.view.at = SPAN("network");
    s.view.outcome = SPAN("");
    scene_draw(&s, 80, 24);
    check_golden(&s.canvas, "doctor-80x24-looking");
    canvas_release(&s.canvas);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_sound_at_every_size),
        cmocka_unit_test(everything_can_be_scrolled_to),
        cmocka_unit_test(what_is_looked_at_is_told),
        cmocka_unit_test(golden_screens),
    };
    golden_folder = argc > 1 ? argv[1] : "tests/data/golden";
    updating = argc > 2 && strcmp(argv[2], "--update") == 0;
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
