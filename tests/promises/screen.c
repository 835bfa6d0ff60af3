/* Promises 3 and 4, seen in a terminal: Chinese stays aligned whatever the width, and the cursor stays at the caret: screen RENGA FAKE_SERVER. */
#include "core/utf8.h"
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* -- promise 3 ----------------------------------------------------------------------------------------------------------------------------- */

#define PAGE                                                                                                                  \
    "他说：“你好，世界！”她答：《红楼梦》……——好（注）。“走吧”，他想、她也想；真的吗？？！真的……「是」『的』【对】100％，3.14元/斤。\r" \
    "秋风起了。院子里的老槐树落下最后几片叶子——那是去年冬天的叶子，还是今年的？没有人知道。\r"                                       \
    "中文 mixed with English，以及 numbers 3.14159、（括号(nested)）和“引号”。"

/* What no row may begin with. */
static const char *const no_start[] = {"，", "。", "、", "；", "：", "！", "？", "）", "」", "』", "】", "》", "”", "％"};

struct shot {
    char cells[60][200][24];
    int w, h;
};

static void take_shot(struct terminal *t, struct shot *s)
{
    terminal_wait_frame(t);
    *s = (struct shot){.w = t->w, .h = t->h};
    for (int y = 0; y < t->h; y++)
        for (int x = 0; x < t->w; x++)
            strncpy(s->cells[y][x], terminal_cell(t, x, y), sizeof s->cells[y][x] - 1);
}

/* Without the top row, which tells whether all is saved. */
static size_t count_different(const struct shot *a, const struct shot *b)
{
    size_t count = 0;
    for (int y = 1; y < a->h; y++)
        for (int x = 0; x < a->w; x++)
            count += strcmp(a->cells[y][x], b->cells[y][x]) != 0;
    return count;
}

static bool is_side(const char *cell)
{
    return !strcmp(cell, "│");
}

/* Rows in a frame whose other side is not where the frame's corner is, and rows that begin with what no row may. */
static size_t count_crooked(const struct shot *s, size_t *rows)
{
    size_t count = 0;
    int corner = 0;
    for (int y = 1; y < s->h; y++) {
        const char *first = NULL;
        if (!strcmp(s->cells[y][0], "┌"))
            for (corner = 1; corner < s->w && strcmp(s->cells[y][corner], "┐");)
                corner++;
        if (!is_side(s->cells[y][0]))
            continue;
        ++*rows;
        count += corner >= s->w || !is_side(s->cells[y][corner]);
        for (int x = 1; x < corner && (!first || !strcmp(first, " ")); x++)
            first = s->cells[y][x];
        for (size_t i = 0; first && i < sizeof no_start / sizeof *no_start; i++)
            count += !strcmp(first, no_start[i]);
    }
    return count;
}

/* Returns when all that was sent before has been answered: a sign of its own is typed, seen, and taken back. */
static void settle(struct terminal *t)
{
    static unsigned turn;
    char sign[5] = {0};
    utf8_encode((int32_t)(0x9F00 + turn++ % 150), sign);
    terminal_type(t, sign);
    terminal_wait_text(t, sign);
    terminal_type(t, "\x7f");
    terminal_wait_no_text(t, sign);
}

static void every_width_is_aligned(void **state)
{
    static struct shot shown, again;
    struct terminal t;
    size_t wrong = 0, rows = 0, screens = 0;
    (void)state;
    stage_furnish("widths", "poem");
    stage_start(&t, "widths", 80, 50);
    terminal_type(&t, "\t" PAGE);
    for (int w = 80; w >= 24; w--, screens += 2) {
        terminal_resize(&t, w, 50);
        settle(&t);
        take_shot(&t, &shown);
        wrong += count_crooked(&shown, &rows);
        if (w % 7 == 0) { /* a list over wide characters, and gone again */
            terminal_type(&t, KEY_CTRL('P'));
            terminal_wait_text(&t, "Commands");
            terminal_type(&t, ESC);
            terminal_wait_no_text(&t, "Commands");
            take_shot(&t, &again);
            wrong += count_different(&shown, &again);
        }
        terminal_type(&t, KEY_CTRL('L'));
        settle(&t);
        take_shot(&t, &again);
        wrong += count_different(&shown, &again);
    }
    promise(3, "crooked", wrong, "%zu screens of Chinese from 80 columns down to 24, %zu rows, each drawn again by ^L", screens, rows);
    assert_int_equal(wrong, 0);
    stage_leave(&t);
}

/* -- promise 4 ----------------------------------------------------------------------------------------------------------------------------- */

struct watch {
    const char *text;        /* the cursor stands behind its last character where that is shown last on the screen; before its first when so told */
    bool before;
    size_t frames, astray;
};

/* Where the text begins, the last time that it is on the screen; -1: nowhere. */
static int find_text(const struct terminal *t, const char *text, int *y, int *end)
{
    for (*y = t->h - 1; *y >= 0; --*y)
        for (int x = t->w - 1; x >= 0; x--) {
            const char *rest = text;
            int at = x;
            for (size_t len; at < t->w && *rest; at++, rest += len) {
                const char *cell = terminal_cell(t, at, *y);
                len = strlen(cell);
                if (strncmp(rest, cell, len) != 0)
                    break;
            }
            if (!*rest) {
                for (*end = at; *end < t->w && !*terminal_cell(t, *end, *y);)
                    ++*end; /* over the second half of a wide character */
                return x;
            }
        }
    return -1;
}

static void look_at_cursor(struct terminal *t, void *ctx)
{
    struct watch *w = ctx;
    int x, y, row, end, from = find_text(t, w->text, &row, &end);
    terminal_cursor(t, &x, &y);
    if (from < 0)
        return; /* not typed yet, or already gone */
    w->frames++;
    w->astray += !t->cursor_shown || y != row || x != (w->before ? from : end);
}

/* Watches until the text is on the screen. */
static void watch_for(struct terminal *t, struct watch *w, const char *seen, const char *text)
{
    w->text = text;
    t->on_frame = look_at_cursor;
    t->ctx = w;
    terminal_wait_text(t, seen);
    t->on_frame = NULL;
}

static void the_cursor_stays_at_the_caret(void **state)
{
    static const int sizes[][2] = {{80, 24}, {200, 50}, {40, 12}};
    struct watch watch = {.text = ""};
    (void)state;
    stage_furnish("caret", "count-900-400");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct terminal t;
        stage_start(&t, "caret", sizes[i][0], sizes[i][1]);
        terminal_type(&t, KEY_CTRL('N'));
        terminal_type(&t, "写一首 poem\x07");
        terminal_wait_text(&t, "w9 ");
        watch.before = false;
        terminal_type(&t, "等雨");
        watch_for(&t, &watch, "w250 ", "等雨");
        terminal_type(&t, "停");
        watch_for(&t, &watch, "w500 ", "等雨停");
        terminal_type(&t, "\t" ESC "[1;5H"); /* the page, its beginning */
        terminal_wait_text(&t, "写一首");
        watch.before = true;
        watch_for(&t, &watch, "The take stopped", "写一首");
        stage_leave(&t);
    }
    promise(4, "astray", watch.astray, "%zu frames of a stream, the caret in the prompt and on the page", watch.frames);
    assert_true(watch.frames > 0);
    assert_int_equal(watch.astray, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_width_is_aligned),
        cmocka_unit_test(the_cursor_stays_at_the_caret),
    };
    if (argc < 3)
        return 2;
    stage_programs(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
