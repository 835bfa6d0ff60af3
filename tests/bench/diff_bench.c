/* How long the word diff, the alignment of lines and their wrapping take: prints the least and the median of some runs for each case
 * (on a busy machine the least is nearer to the truth). */
#include "core/clock.h"
#include "core/diff.h"
#include "core/mem.h"
#include "core/wrap.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 15 };

static uint32_t dice_state = 7;

static uint32_t dice(uint32_t sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 8) % sides;
}

/* `characters` of verse: Chinese lines of seven with a mark, English lines of some words. */
static void write_verse(struct str *out, size_t characters, bool chinese, uint32_t first)
{
    size_t written = 0;
    for (int n = 0; written < characters; n++) {
        if (chinese) {
            uint32_t cp = 0x4E00 + first + dice(3000);
            char utf8[] = {(char)(0xE0 | cp >> 12), (char)(0x80 | (cp >> 6 & 0x3F)), (char)(0x80 | (cp & 0x3F)), 0};
            str_add_text(out, utf8);
            str_add_text(out, n % 7 < 6 ? "" : n % 14 < 7 ? "，\n" : "。\n");
            written += n % 7 < 6 ? 1 : 3;
            continue;
        }
        size_t from = out->len;
        for (uint32_t letters = 1 + dice(9); letters > 0; letters--)
            str_add_byte(out, (char)('a' + (first + dice(13)) % 26));
        str_add_text(out, n % 8 < 7 ? " " : ",\n");
        written += out->len - from;
    }
}

/* Every `each`th character or so becomes another. */
static void change_some(struct str *text, const struct str *from, uint32_t each, bool chinese)
{
    str_set(text, str_span(from));
    size_t width = chinese ? 3 : 1;
    for (size_t at = 0; at + width <= text->len; at += 1)
        if (dice(each * (uint32_t)width) == 0 && (unsigned char)text->s[at] >= (chinese ? 0xE4 : 'a') && text->len - at > width)
            str_splice(text, at, width, chinese ? SPAN("新") : SPAN("zq"));
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* As the comparison does when it opens: columns of 36. */
static void wrap_all(struct span text)
{
    struct span line;
    while (span_line(&text, &line))
        while (line.len)
            line = span_cut(line, wrap_row(line, 36), line.len);
}

static void measure(const char *name, const struct str *a, const struct str *b)
{
    int64_t diff_us[RUNS], align_us[RUNS], wrap_us[RUNS];
    struct diff d = {0};
    struct diff_rows rows = {0};
    for (int i = 0; i < RUNS; i++) {
        int64_t start = clock_now_us();
        diff_make(&d, str_span(a), str_span(b));
        diff_us[i] = clock_now_us() - start;
        start = clock_now_us();
        diff_align(&rows, (struct span[]){str_span(a), str_span(b)}, 2);
        align_us[i] = clock_now_us() - start;
        start = clock_now_us();
        wrap_all(str_span(a));
        wrap_all(str_span(b));
        wrap_us[i] = clock_now_us() - start;
    }
    qsort(diff_us, RUNS, sizeof *diff_us, compare);
    qsort(align_us, RUNS, sizeof *align_us, compare);
    qsort(wrap_us, RUNS, sizeof *wrap_us, compare);
    printf("%-34s diff %7.2f ms (median %7.2f)   lines %6.2f ms   wrapping %6.2f ms   %zu and %zu tokens, %d changes%s\n", name,
           (double)diff_us[0] / 1000, (double)diff_us[RUNS / 2] / 1000, (double)align_us[0] / 1000, (double)wrap_us[0] / 1000,
           d.a_size, d.b_size, diff_changes(&d), d.coarse ? ", coarse" : "");
    diff_release(&d);
    diff_rows_release(&rows);
}

static void measure_all(const char *language, bool chinese, size_t characters)
{
    struct str a = {0}, b = {0};
    char name[80];
    write_verse(&a, characters, chinese, 0);
    change_some(&b, &a, 100, chinese);
    snprintf(name, sizeof name, "%s, %zu, 1%% changed", language, characters);
    measure(name, &a, &b);
    change_some(&b, &a, 4, chinese);
    snprintf(name, sizeof name, "%s, %zu, a quarter changed", language, characters);
    measure(name, &a, &b);
    str_clear(&b);
    write_verse(&b, characters, chinese, 0);
    snprintf(name, sizeof name, "%s, %zu, the same words anew", language, characters);
    measure(name, &a, &b);
    str_clear(&b);
    write_verse(&b, characters, chinese, chinese ? 9000 : 13);
    snprintf(name, sizeof name, "%s, %zu, nothing alike", language, characters);
    measure(name, &a, &b);
    str_release(&a);
    str_release(&b);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    measure_all("Chinese", true, 10000);
    measure_all("English", false, 10000);
    measure_all("Chinese", true, 200000);
    measure_all("English", false, 1000000);
    return 0;
}
