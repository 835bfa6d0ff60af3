#include "ui/editor.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Whatever is done to an editor, in any order and at any size: the caret stands in the text and on the
 * screen, and not one cell outside its place is touched. */
enum { ROUNDS = 12, ACTS = 1500, W = 40, H = 14 };

struct desk {
    struct canvas canvas;
    struct buffer *buf;
    struct editor ed;
    struct rect place;
    bool scrolled;
    uint32_t seed;
};

static const struct ink WRITER = {1, 0, 0}, MODEL = {2, 1, 0};

static const char *const pieces[] = {
    "a",
    "word ",
    "   ",
    "\n",
    "夜",
    "，",
    "……",
    "（",
    "\t",
    "\x1b[2J",
    "e\xCC\x81",
    "\xFF",
    "\xE4\xBD",
    "\r\n",
    "\u202E",
    "longwordwithoutanyend",
    "👨‍👩‍👧🇫🇷🇩🇪",
    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
};

static uint32_t pick(struct desk *d, uint32_t below)
{
    d->seed = d->seed * 1664525 + 1013904223;
    return (d->seed >> 8) % below;
}

static struct span any_piece(struct desk *d)
{
    return span_of(pieces[pick(d, sizeof pieces / sizeof *pieces)]);
}

static size_t any_place(struct desk *d)
{
    return pick(d, (uint32_t)buffer_length(d->buf) + 1);
}

static void resize(struct desk *d)
{
    int x = (int)pick(d, W), y = (int)pick(d, H);
    d->place = (struct rect){x, y, 1 + (int)pick(d, (uint32_t)(W - x)), 1 + (int)pick(d, (uint32_t)(H - y))};
    d->ed.gutter = d->place.w > 4 ? 2 * (int)pick(d, 2) : 0;
}

static void stream(struct desk *d)
{
    struct span text = any_piece(d);
    size_t at = pick(d, 2) ? buffer_length(d->buf) : any_place(d);
    buffer_insert_foreign(d->buf, at, text, MODEL);
    editor_shifted(&d->ed, at, 0, text.len);
}

static void travel(struct desk *d)
{
    struct undo undo = pick(d, 2) ? buffer_undo(d->buf) : buffer_redo(d->buf);
    if (undo.kind == UNDO_EDIT)
        editor_after_change(&d->ed, undo.caret);
    d->scrolled = d->scrolled && undo.kind != UNDO_EDIT;
}

static void move(struct desk *d)
{
    editor_move(&d->ed, (enum motion)pick(d, MOVE_TEXT_END + 1), pick(d, 3) == 0);
    d->scrolled = false;
}

static void edit(struct desk *d)
{
    uint64_t before = buffer_version(d->buf);
    if (pick(d, 3) > 0)
        editor_type(&d->ed, any_piece(d));
    else
        editor_delete(&d->ed, (enum motion)pick(d, MOVE_TEXT_START));
    d->scrolled = d->scrolled && buffer_version(d->buf) == before;
}

static void seek(struct desk *d)
{
    switch (pick(d, 6)) {
    case 0:
        editor_move_to(&d->ed, editor_at(&d->ed, (int)pick(d, W) - 2, (int)pick(d, H) - 2), pick(d, 2));
        break;
    case 1:
        editor_go_to_line(&d->ed, pick(d, 30));
        assert_int_equal(editor_line(&d->ed), buffer_newlines(d->buf, 0, d->ed.caret) + 1);
        break;
    case 2:
        if (!editor_find(&d->ed, any_piece(d), pick(d, 2)))
            return;
        break;
    case 3:
        if (editor_replace_all(&d->ed, any_piece(d), any_piece(d)) == 0)
            return;
        break;
    default:
        editor_move_to(&d->ed, any_place(d), pick(d, 2));
        break;
    }
    d->scrolled = false;
}

static void act(struct desk *d)
{
    switch (pick(d, 12)) {
    case 0:
        resize(d);
        break;
    case 1:
        editor_scroll(&d->ed, (int)pick(d, 20) - 10);
        d->scrolled = true;
        break;
    case 2:
        editor_toggle_mark(&d->ed);
        break;
    case 3:
        travel(d);
        break;
    case 4:
        seek(d);
        break;
    case 5:
        d->ed.follow = pick(d, 4) == 0;
        break;
    case 6:
        d->ed.single_line = pick(d, 8) == 0;
        break;
    case 7:
    case 8:
        stream(d);
        break;
    case 9:
    case 10:
        move(d);
        break;
    default:
        edit(d);
        break;
    }
}

static bool inside(const struct rect *r, int x, int y)
{
    return x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h;
}

static void draw_and_check(struct desk *d)
{
    canvas_clear(&d->canvas);
    editor_draw(&d->ed, &d->canvas, d->place, true);
    assert_true(d->ed.caret <= buffer_length(d->buf) && d->ed.anchor <= buffer_length(d->buf));
    int x = d->canvas.cursor_x - d->place.x, y = d->canvas.cursor_y - d->place.y;
    assert_true(inside(&d->place, d->canvas.cursor_x, d->canvas.cursor_y));
    if (!d->scrolled && !d->ed.follow &&
        x < d->place.w - 1) { /* in the last column it may stand for what hangs outside */
        size_t shown = editor_at(&d->ed, x, y);
        assert_true(shown <= d->ed.caret && d->ed.caret - shown < DISPLAY_CLUSTER_MAX);
        if (shown != d->ed.caret)
            assert_true(display_next(buffer_text(d->buf), shown) > d->ed.caret);
    }
    for (int cy = 0; cy < H; cy++) {
        for (int cx = 0; cx < W; cx++) {
            if (!inside(&d->place, cx, cy))
                assert_string_equal(d->canvas.cells[cy * W + cx].text, " ");
        }
    }
}

static void anything_goes(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct desk d = {.seed = round, .buf = buffer_new()};
        canvas_init(&d.canvas);
        canvas_resize(&d.canvas, W, H);
        editor_init(&d.ed, d.buf);
        d.ed.ink = WRITER;
        d.ed.needle_shown = true;
        resize(&d);
        for (int i = 0; i < ACTS; i++) {
            act(&d);
            if (pick(&d, 3) > 0)
                draw_and_check(&d);
        }
        editor_release(&d.ed);
        buffer_free(d.buf);
        canvas_release(&d.canvas);
    }
}

int main(void)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 77;
    const struct CMUnitTest tests[] = {cmocka_unit_test(anything_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
