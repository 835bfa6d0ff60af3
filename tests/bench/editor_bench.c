/* How long the editor takes for what must stay under one frame (16 ms); prints milliseconds, the worst of
 * each. */
#include "core/clock.h"
#include "ui/editor.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { MEGABYTE = 1 << 20, KEYS = 200, WIDTH = 100, HEIGHT = 40 };

static const char prose[] = "The river was low that autumn, and 秋夜长,月如霜 was all he wrote. ";

struct bench {
    struct canvas canvas;
    struct buffer *buf;
    struct editor ed;
};

/* Each line is `line` bytes long or a little more; 0: no newlines at all. */
static void fill(struct str *out, size_t bytes, size_t line)
{
    for (size_t column = 0; out->len < bytes; column += sizeof prose - 1) {
        if (line && column >= line) {
            str_add_byte(out, '\n');
            column = 0;
        }
        str_add(out, SPAN(prose));
    }
}

static void bench_open(struct bench *b, size_t bytes, size_t line)
{
    struct str text = {0};
    *b = (struct bench){0};
    fill(&text, bytes, line);
    canvas_init(&b->canvas);
    canvas_resize(&b->canvas, WIDTH, HEIGHT);
    b->buf = buffer_new();
    buffer_insert_foreign(b->buf, 0, str_span(&text), (struct ink){1, 0, 0});
    editor_init(&b->ed, b->buf);
    str_release(&text);
}

static void bench_close(struct bench *b)
{
    editor_release(&b->ed);
    buffer_free(b->buf);
    canvas_release(&b->canvas);
}

static void draw(struct bench *b)
{
    canvas_clear(&b->canvas);
    editor_draw(&b->ed, &b->canvas, (struct rect){0, 0, WIDTH, HEIGHT}, true);
}

/* Milliseconds since `start` for what was done and its frame. */
static double frame_since(struct bench *b, int64_t start)
{
    draw(b);
    return (double)(clock_now_us() - start) / 1000;
}

static double key(struct bench *b, enum motion m)
{
    int64_t start = clock_now_us();
    editor_move(&b->ed, m, false);
    return frame_since(b, start);
}

static double typing(struct bench *b)
{
    double worst = 0;
    for (int i = 0; i < KEYS; i++) {
        int64_t start = clock_now_us();
        editor_type(&b->ed, i % 2 ? SPAN("夜") : SPAN("a "));
        double taken = frame_since(b, start);
        worst = taken > worst ? taken : worst;
    }
    return worst;
}

static double finding(struct bench *b)
{
    int64_t start = clock_now_us();
    editor_find(&b->ed, SPAN("not in this text"), false);
    return frame_since(b, start);
}

static void walk_through(const char *name, size_t bytes, size_t line)
{
    struct bench b;
    bench_open(&b, bytes, line);
    printf("%s\n", name);
    printf("  first frame     %8.2f\n", frame_since(&b, clock_now_us()));
    printf("  go to the end   %8.2f\n", key(&b, MOVE_TEXT_END));
    printf("  page up         %8.2f\n", key(&b, MOVE_PAGE_UP));
    printf("  page down       %8.2f\n", key(&b, MOVE_PAGE_DOWN));
    printf("  go to the start %8.2f\n", key(&b, MOVE_TEXT_START));
    int64_t start = clock_now_us();
    editor_move_to(&b.ed, buffer_length(b.buf) / 2, false);
    printf("  go to the middle%8.2f\n", frame_since(&b, start));
    printf("  type there      %8.2f\n", typing(&b));
    start = clock_now_us();
    editor_line(&b.ed);
    printf("  count lines     %8.2f\n", (double)(clock_now_us() - start) / 1000);
    printf("  find nothing    %8.2f\n", finding(&b));
    bench_close(&b);
}

static void paste(size_t line)
{
    struct bench b;
    struct str text = {0};
    bench_open(&b, 10 * MEGABYTE, 400);
    editor_move_to(&b.ed, 5 * MEGABYTE, false);
    draw(&b);
    fill(&text, MEGABYTE, line);
    int64_t start = clock_now_us();
    editor_type(&b.ed, str_span(&text));
    printf("paste 1 MB, %s  %8.2f\n", line ? "lines of 400" : "one line    ", frame_since(&b, start));
    str_release(&text);
    bench_close(&b);
}

/* Token by token, a frame after every eighth. The last tenth must cost what the first did. */
static void stream(void)
{
    struct bench b;
    bench_open(&b, 0, 0);
    b.ed.follow = true;
    double tenths[11] = {0};
    for (size_t tokens = 0; buffer_length(b.buf) < MEGABYTE; tokens++) {
        size_t at = buffer_length(b.buf), tenth = at * 10 / MEGABYTE;
        int64_t start = clock_now_us();
        buffer_insert_foreign(b.buf, at, tokens % 3 ? SPAN(" river") : SPAN("秋夜"), (struct ink){2, 1, 0});
        editor_shifted(&b.ed, at, 0, buffer_length(b.buf) - at);
        if (tokens % 8 == 0)
            draw(&b);
        tenths[tenth] += (double)(clock_now_us() - start) / 1000;
    }
    double all = 0;
    for (int i = 0; i < 10; i++)
        all += tenths[i];
    printf("stream 1 MB into one line %8.2f (first tenth %.2f, last %.2f)\n", all, tenths[0], tenths[9]);
    bench_close(&b);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    walk_through("10 MB in lines of 400", 10 * MEGABYTE, 400);
    walk_through("1 MB in one line", MEGABYTE, 0);
    paste(400);
    paste(0);
    stream();
    return 0;
}
