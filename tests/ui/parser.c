#include "ui/parser.h"
#include "core/clock.h"
#include "core/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Inputs written down as one line: keys by name, typed text in quotes (pieces joined), pastes in <>, mouse in []. */
struct notes {
    struct str line;
    bool in_text;
};

static void note_mouse(struct str *line, struct mouse m)
{
    static const char kinds[] = "PDRUW";
    str_printf(line, "[%c%d %d,%d %d]", kinds[m.kind], m.button, m.x, m.y, m.mods);
}

static void note(struct notes *n, const struct input *in)
{
    bool text = in->kind == INPUT_TEXT;
    if (n->in_text != text)
        str_add_byte(&n->line, '"');
    n->in_text = text;
    switch (in->kind) {
    case INPUT_KEY:
        key_format(in->key, &n->line);
        str_add_byte(&n->line, ' ');
        break;
    case INPUT_TEXT:
        str_add(&n->line, in->text);
        break;
    case INPUT_PASTE:
        str_printf(&n->line, "<%.*s>", SPAN_ARG(in->text));
        break;
    case INPUT_MOUSE:
        note_mouse(&n->line, in->mouse);
        break;
    case INPUT_FOCUS_IN:
        str_add_byte(&n->line, '+');
        break;
    case INPUT_FOCUS_OUT:
        str_add_byte(&n->line, '-');
        break;
    }
}

static void drain(struct parser *p, struct notes *n, int64_t now_us)
{
    struct input in = {.kind = INPUT_KEY};
    while (parser_next(p, &in, now_us))
        note(n, &in);
}

/* The notes of `bytes` read in three pieces at one moment and followed by silence. */
static void run_split(struct span bytes, size_t a, size_t b, struct notes *n)
{
    struct parser *p = parser_new();
    int64_t now = 5000000;
    const size_t cuts[] = {0, a, b, bytes.len};
    for (size_t i = 0; i < 3; i++) {
        parser_feed(p, span_cut(bytes, cuts[i], cuts[i + 1]), now);
        drain(p, n, now);
    }
    for (int ms = 10; ms <= 600; ms += 10)
        drain(p, n, now + ms * 1000);
    assert_int_equal(parser_wait_ms(p, now + 600000), -1);
    if (n->in_text)
        str_add_byte(&n->line, '"');
    parser_free(p);
}

struct row {
    const char *bytes, *notes;
};

static const struct row rows[] = {
    {"a诗", "\"a诗\""},
    {"\x1b", "Esc "},
    {"\x1b\x1b", "Esc Esc "},
    {"\x1b[", "M-[ "},
    {"\x1bO", "M-O "},
    {"\x1b]", "M-] "},
    {"\x1bx\x1b诗\x1bG", "M-x M-诗 M-G "},
    {"\x1b\x07", "M-^G "},
    {"\x1b\r\x1b\x7f\x1b\t", "M-Enter M-Bksp M-Tab "},
    {"\x1b[A\x1bOB\x1b[C\x1bOD", "Up Down Right Left "},
    {"\x1b\x1b[A\x1b\x1bOD", "M-Up M-Left "},
    {"\x1b\x1b" "a", "Esc M-a "},
    {"\x1b[1;2A\x1b[1;5C\x1b[1;3D\x1b[1;8H", "S-Up C-Right M-Left M-C-S-Home "},
    {"\x1b[3~\x1b[3;5~\x1b[5~\x1b[6;2~\x1b[15~\x1b[24;3~\x1b[34~", "Del C-Del PgUp S-PgDn F5 M-F12 F20 "},
    {"\x1b[1~\x1b[7~\x1b[4~\x1b[8~\x1b[H\x1bOF", "Home Home End End Home End "},
    {"\x1b[Z", "S-Tab "},
    {"\x1bOP\x1bOS\x1b[1;5Q\x1bO5R", "F1 F4 C-F2 C-F3 "},
    {"\x1b[[A\x1b[[E", "F1 F5 "},
    {"\x1b[a\x1bOa\x1b[3$\x1b[3^\x1b[3@", "S-Up C-Up S-Del C-Del C-S-Del "},
    {"\x1bOM\x1bOj\x1bOw\x1bOX", "Enter \"*7=\""},
    {"\x1b[97u\x1b[97;5u\x1b[97;3u\x1b[97:65;2u\x1b[97;2u", "\"a\"^A M-a \"AA\""},
    {"\x1b[13u\x1b[13;2u\x1b[27u\x1b[127;5u\x1b[9;2u\x1b[97;5:3u", "Enter S-Enter Esc C-Bksp S-Tab "},
    {"\x1b[57399u\x1b[57419;5u\x1b[57441u\x1b[55296u", "\"0\"C-Up "},
    {"\x1b[27;5;103~\x1b[27;2;13~\x1b[27;6;103~", "^G S-Enter S-^G "},
    {"\x01\x07\x1a\x1c\x1f", "^A ^G ^Z ^\\ ^_ "},
    {"\x08\x7f\t\r\n", "Bksp Bksp Tab Enter ^J "},
    {"\x1b[I\x1b[O", "+-"},
    {"\x1b[<0;1;1M\x1b[<32;5;6M\x1b[<0;5;6m", "[P1 0,0 0][D1 4,5 0][R1 4,5 0]"},
    {"\x1b[<2;300;9M\x1b[<18;3;4m", "[P3 299,8 0][R3 2,3 4]"},
    {"\x1b[<64;2;2M\x1b[<65;2;2M\x1b[<66;2;2M\x1b[<128;2;2M\x1b[<35;2;2M", "[U0 1,1 0][W0 1,1 0]"},
    {"\x1b[<0;0;0M\x1b[<99999999999;1;1M\x1b[<;;M\x1b[<M\x1b[<0;1M", ""},
    {"\x1b[M !!\x1b[M#!!\x1b[M`\xc3\xa9", "[P1 0,0 0][R1 0,0 0][U0 162,136 0]"},
    {"\x1b[32;3;4M", "[P1 2,3 0]"},
    /* replies are swallowed whole */
    {"a\x1b]11;rgb:0000/0000/0000\x1b\\b\x1b]0;t\x07" "c", "\"abc\""},
    {"\x1bP1$r0m\x1b\\\x1b_Gi=1;OK\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\k", "\"k\""},
    {"\x1b[?62;4c\x1b[24;80R\x1b[?2026;2$y\x1b[>0;10;1c\x1b[0n\x1b[201~k", "\"k\""},
    {"\x1b[12\x1b[A", "Up "},
    {"\x1b[12\x18k\x1b[5\rk", "^X \"k\"Enter \"k\""},
    {"\x1b[999999999999999999999~\x1b[;;;;;;;;;;;;;;;;;;;A", ""},
    /* ill-formed UTF-8 and C1 are nobody's typing */
    {"a\xff\xe8\xaf" "b\xc2\x9b" "c\xed\xa0\x80" "d\xf0\x9f", "\"abcd\""},
    {"\x1b\xff\x1b\xc2\x9b" "a", "\"a\""},
    /* pastes are data, whatever they hold */
    {"\x1b[200~hello\x1b[201~", "<hello>"},
    {"\x1b[200~\x1b[201~", "<>"},
    {"x\x1b[200~a\rb\r\nc\nd\x1b[201~", "\"x\"<a\nb\nc\nd>"},
    {"\x1b[200~\x1b[A\x07\x1b\x1b[201\x1b[201~", "<\x1b[A\x07\x1b\x1b[201>"},
    {"\x1b[200~a\x1b[201~rm -rf /\r\x1b[201~", "<arm -rf /\n>"},
    {"\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~", "<ab>"},
    {"\x1b[200~a\x1b[201~\r", "<a\n>"},
    {"\x1b[200~\x1b[200~a\x1b[20\x1b[201~1~b~\x1b[20\x1b[20\x1b[200~0~1~", "<ab~>"},
};

static void any_split_gives_the_same_inputs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span bytes = span_of(rows[i].bytes);
        for (size_t a = 0; a <= bytes.len; a++) {
            for (size_t b = a; b <= bytes.len; b++) {
                struct notes n = {.in_text = false};
                run_split(bytes, a, b, &n);
                assert_string_equal(str_text(&n.line), rows[i].notes);
                str_release(&n.line);
            }
        }
    }
}

static void whole_corpus_byte_by_byte(void **state)
{
    (void)state;
    struct str all = {.max = 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (i < 6 || strstr(rows[i].bytes, "\x1b[200~"))
            continue; /* these need the silence after them */
        str_add_text(&all, rows[i].bytes);
        str_add_text(&all, "\x1b[I");
    }
    struct notes whole = {.in_text = false}, bytewise = {.in_text = false};
    run_split(str_span(&all), all.len, all.len, &whole);
    struct parser *p = parser_new();
    for (size_t i = 0; i < all.len; i++) {
        parser_feed(p, span_cut(str_span(&all), i, i + 1), 1000);
        drain(p, &bytewise, 1000);
    }
    assert_string_equal(str_text(&whole.line), str_text(&bytewise.line));
    assert_true(whole.line.len > 300);
    parser_free(p);
    str_release(&all);
    str_release(&whole.line);
    str_release(&bytewise.line);
}

static void silence_makes_escape(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    struct notes n = {.in_text = false};
    int64_t now = 1000000;
    parser_feed(p, SPAN("\x1b"), now);
    drain(p, &n, now);
    assert_int_equal(parser_wait_ms(p, now), PARSER_ESC_MS);
    assert_int_equal(parser_wait_ms(p, now + 20000), PARSER_ESC_MS - 20);
    drain(p, &n, now + 29000);
    assert_int_equal(n.line.len, 0);
    /* Bytes that come after the silence are not its sequence, even when nobody asked in between. */
    parser_feed(p, SPAN("[A"), now + 31000);
    drain(p, &n, now + 31000);
    assert_string_equal(str_text(&n.line), "Esc \"[A");
    assert_int_equal(parser_wait_ms(p, now + 31000), -1);
    str_release(&n.line);
    parser_free(p);
}

static void slow_sequences_are_still_one(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    struct notes n = {.in_text = false};
    parser_feed(p, SPAN("\x1b[1;"), 1000000);
    drain(p, &n, 1100000);
    parser_feed(p, SPAN("5C\xe8"), 1200000);
    drain(p, &n, 1300000);
    parser_feed(p, SPAN("\xaf\x97"), 1400000);
    drain(p, &n, 1400000);
    assert_string_equal(str_text(&n.line), "C-Right \"诗");
    str_release(&n.line);
    parser_free(p);
}

static void keys_after_a_paste_are_keys(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    struct notes n = {.in_text = false};
    parser_feed(p, SPAN("\x1b[200~one"), 1000000);
    drain(p, &n, 1000000);
    drain(p, &n, 1200000);
    parser_feed(p, SPAN(" two\x1b[201~"), 1300000);
    drain(p, &n, 1300000);
    assert_int_equal(n.line.len, 0);
    assert_int_equal(parser_wait_ms(p, 1300000), PARSER_ESC_MS);
    parser_feed(p, SPAN("\r"), 1340000);
    drain(p, &n, 1340000);
    assert_string_equal(str_text(&n.line), "<one two>Enter ");
    str_release(&n.line);
    parser_free(p);
}

static void lost_paste_end_gives_the_keyboard_back(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    struct notes n = {.in_text = false};
    parser_feed(p, SPAN("\x1b[200~one"), 1000000);
    drain(p, &n, 1000000);
    drain(p, &n, 5900000);
    assert_int_equal(n.line.len, 0);
    drain(p, &n, 6000000);
    parser_feed(p, SPAN("\r"), 7000000);
    drain(p, &n, 7000000);
    assert_string_equal(str_text(&n.line), "<one>Enter ");
    str_release(&n.line);
    parser_free(p);
}

static void endless_reply_is_bounded(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    struct notes n = {.in_text = false};
    struct str reply = {.max = 0};
    str_add_text(&reply, "\x1b]52;c;");
    while (reply.len < 9000)
        str_add_byte(&reply, 'A');
    parser_feed(p, str_span(&reply), 1000000);
    drain(p, &n, 1000000);
    parser_feed(p, SPAN("ok"), 1000000);
    drain(p, &n, 1000000);
    assert_string_equal(str_text(&n.line), "\"ok");
    str_release(&reply);
    str_release(&n.line);
    parser_free(p);
}

/* Feeds a paste of `size` bytes in reads of 64 kB; gives its length as it came out. */
static size_t paste_through(struct parser *p, size_t size, int64_t *took_us)
{
    struct str bytes = {.max = 0};
    str_add_text(&bytes, "\x1b[200~");
    while (bytes.len < size + 6)
        str_add(&bytes, span_cut(SPAN("山高月小,水落石出。\r\n"), 0, size + 6 - bytes.len));
    str_add_text(&bytes, "\x1b[201~");
    struct input in = {.kind = INPUT_KEY};
    int64_t start = clock_now_us();
    for (size_t at = 0; at < bytes.len; at += 65536) {
        parser_feed(p, span_cut(str_span(&bytes), at, at + 65536), 1000000);
        assert_false(parser_next(p, &in, 1000000));
    }
    assert_true(parser_next(p, &in, 1040000));
    *took_us = clock_now_us() - start;
    assert_int_equal(in.kind, INPUT_PASTE);
    str_release(&bytes);
    return in.text.len;
}

static void large_pastes_are_quick(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    int64_t took = 0;
    assert_int_equal(paste_through(p, 30 * 33000, &took), 29 * 33000);
    print_message("1 MB paste: %.2f ms\n", (double)took / 1000);
    assert_true(took < 500000);
    assert_false(parser_paste_cut(p));
    parser_free(p);
}

static void pastes_are_bounded(void **state)
{
    (void)state;
    struct parser *p = parser_new();
    int64_t took = 0;
    assert_true(paste_through(p, PARSER_PASTE_MAX + 1000, &took) <= PARSER_PASTE_MAX);
    assert_true(parser_paste_cut(p));
    assert_false(parser_paste_cut(p));
    struct notes n = {.in_text = false};
    parser_feed(p, SPAN("\r"), 2000000);
    drain(p, &n, 2000000);
    assert_string_equal(str_text(&n.line), "Enter ");
    str_release(&n.line);
    parser_free(p);
}

static void noise_never_harms(void **state)
{
    static const char alphabet[] = "\x1b\x1b\x1b[[O]P<;:0123~MmuA\x07\x18\\\x9b\xe8\xaf\x97 a\r$";
    (void)state;
    srandom(7);
    struct parser *p = parser_new();
    int64_t now = 1000000;
    for (int i = 0; i < 200000; i++) {
        char bytes[8];
        size_t len = (size_t)random() % sizeof bytes;
        for (size_t k = 0; k < len; k++)
            bytes[k] = random() % 8 ? alphabet[(size_t)random() % (sizeof alphabet - 1)] : (char)random();
        now += random() % 20 ? 1000 : 700000;
        parser_feed(p, (struct span){bytes, len}, now);
        struct input in = {.kind = INPUT_KEY};
        while (parser_next(p, &in, now)) {
            if (in.kind == INPUT_MOUSE)
                assert_true(in.mouse.x >= 0 && in.mouse.y >= 0 && in.mouse.button <= 3);
            if (in.kind == INPUT_KEY)
                assert_true(in.key.code >= ' ' && in.key.code <= KEYCODE_F24);
        }
    }
    parser_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_inputs),
        cmocka_unit_test(whole_corpus_byte_by_byte),
        cmocka_unit_test(silence_makes_escape),
        cmocka_unit_test(slow_sequences_are_still_one),
        cmocka_unit_test(keys_after_a_paste_are_keys),
        cmocka_unit_test(lost_paste_end_gives_the_keyboard_back),
        cmocka_unit_test(endless_reply_is_bounded),
        cmocka_unit_test(large_pastes_are_quick),
        cmocka_unit_test(pastes_are_bounded),
        cmocka_unit_test(noise_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
