/* What goes along with a page: memory, note and lore; what there is no room for; what stands behind a gap or is to be written anew. */
#include "core/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int add_text(struct piece *p, int parent, enum author author, const char *text)
{
    int added = piece_add_passage(p, parent, author, -1);
    passage_set_text(p, added, span_of(text));
    return added;
}

/* The turns as "role:text" joined by '|'. */
static bool turns_are(const struct request *r, const char *want)
{
    struct str all = {.max = 0};
    for (int i = 0; i < r->turn_count; i++)
        str_printf(&all, "%s%s:%s", i ? "|" : "", role_name(r->turns[i].role), str_text(&r->turns[i].text));
    bool are = span_is(str_span(&all), want);
    if (!are)
        print_error("%s\n", str_text(&all));
    str_release(&all);
    return are;
}

/* -- memory, note and lore --------------------------------------------------------------------------------------------- */

/* A page of four lines, the third a model's, with everything that a piece can tell. */
static int tell_all(struct piece *p)
{
    piece_init(p);
    str_add_text(&p->notes.memory, "阿兰住在河边。\n");
    str_add_text(&p->notes.note, "写得静一些");
    p->notes.depth = 2;
    notes_add_lore(&p->notes, SPAN("灯，lamp"), SPAN("灯是铜的。"));
    notes_add_lore(&p->notes, SPAN("river, flood"), SPAN("The river is called Wen."));
    notes_add_lore(&p->notes, SPAN("boat"), SPAN("No boat comes."));
    notes_add_lore(&p->notes, SPAN("空阶"), SPAN("off"))->enabled = false;
    notes_add_lore(&p->notes, SPAN("空阶"), SPAN("gone"))->trashed = true;
    int at = add_text(p, -1, AUTHOR_WRITER, "雨落空阶\n一灯如豆\n");
    at = add_text(p, at, AUTHOR_MODEL, "River mist.\n");
    return add_text(p, at, AUTHOR_WRITER, "她醒了。\n");
}

static void memory_comes_first_and_the_note_some_lines_before_the_end(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    struct str context = {.max = 0};
    int at = tell_all(&p);
    request_init(&r);
    request_ask(&r, &p, at, SPAN("What does she hear?"), &context);
    assert_string_equal(str_text(&context), "阿兰住在河边。\n\n灯是铜的。\nThe river is called Wen.\n\n"
                                            "雨落空阶\n一灯如豆\n写得静一些\nRiver mist.\n她醒了。\n");
    assert_string_equal(str_text(&r.prompt), "阿兰住在河边。\n\n灯是铜的。\nThe river is called Wen.\n\n"
                                             "雨落空阶\n一灯如豆\n写得静一些\nRiver mist.\n她醒了。\n\nWhat does she hear?");
    assert_string_equal(str_text(&r.prompt) + r.asked, "What does she hear?");
    assert_true(turns_are(&r, "user:阿兰住在河边。\n\n灯是铜的。\nThe river is called Wen.\n\n雨落空阶\n一灯如豆\n写得静一些|"
                              "assistant:River mist.|user:她醒了。\n\nWhat does she hear?"));
    request_release(&r);
    p.notes.depth = 1;
    request_init(&r);
    request_continue(&r, &p, at, &context);
    assert_string_equal(str_text(&r.prompt), "阿兰住在河边。\n\n灯是铜的。\nThe river is called Wen.\n\n"
                                             "雨落空阶\n一灯如豆\nRiver mist.\n写得静一些\n她醒了。\n");
    request_release(&r);
    piece_release(&p);
    str_release(&context);
}

/* The parts add up to what is sent, each with its text. */
static void every_part_is_named(void **state)
{
    (void)state;
    static const char *const texts[CONTEXT_COUNT] = {
        [CONTEXT_MEMORY] = "阿兰住在河边。", [CONTEXT_LORE] = "灯是铜的。\nThe river is called Wen.", [CONTEXT_PAGE] = "雨落空阶\n一灯如豆\n",
        [CONTEXT_NOTE] = "写得静一些", [CONTEXT_PAGE_END] = "River mist.\n她醒了。\n"};
    struct piece p;
    struct request r, copy;
    struct str context = {.max = 0};
    int at = tell_all(&p);
    request_init(&r);
    request_init(&copy);
    request_continue(&r, &p, at, &context);
    request_copy(&copy, &r);
    assert_int_equal(copy.part_count, CONTEXT_COUNT);
    for (int i = 0; i < copy.part_count; i++)
        assert_true(span_is(span_cut(str_span(&context), copy.parts[i].from, copy.parts[i].to), texts[copy.parts[i].kind]));
    request_release(&r);
    request_release(&copy);
    piece_release(&p);
    str_release(&context);
}

static void a_prompt_calls_lore_too_and_a_page_left_out_still_has_its_memory(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    tell_all(&p);
    request_init(&r);
    request_ask(&r, &p, -1, SPAN("a BOAT at night"), NULL);
    assert_string_equal(str_text(&r.prompt), "阿兰住在河边。\n\nNo boat comes.\n\n写得静一些\n\na BOAT at night");
    request_release(&r);
    request_init(&r);
    r.bare = true;
    request_ask(&r, &p, -1, SPAN("a boat"), NULL);
    assert_string_equal(str_text(&r.prompt), "a boat");
    request_release(&r);
    piece_release(&p);
}

static void a_note_at_the_very_end_has_a_line_of_its_own(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    piece_init(&p);
    str_add_text(&p.notes.note, "quiet");
    p.notes.depth = 0;
    int at = add_text(&p, -1, AUTHOR_MODEL, "one\ntwo");
    request_init(&r);
    request_continue(&r, &p, at, NULL);
    assert_string_equal(str_text(&r.prompt), "one\ntwo\nquiet\n");
    request_release(&r);
    p.notes.depth = NOTE_DEPTH_MAX;
    request_init(&r);
    request_continue(&r, &p, at, NULL);
    assert_string_equal(str_text(&r.prompt), "quiet\none\ntwo");
    request_release(&r);
    piece_release(&p);
}

/* -- room ---------------------------------------------------------------------------------------------------------------- */

static void what_there_is_no_room_for_is_left_out_from_the_beginning(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    piece_init(&p);
    str_add_text(&p.notes.memory, "记");
    int at = add_text(&p, -1, AUTHOR_WRITER, "一二三四五\n六七八九十\n");
    at = add_text(&p, at, AUTHOR_MODEL, "abcd");
    request_init(&r);
    dial_set(&r.dials, DIAL_MAX_TOKENS, 10);
    r.room = 50 + 10 + 1 + 7; /* to spare, answer, memory, and for the page six of the second line and one of the third */
    request_continue(&r, &p, at, NULL);
    assert_string_equal(str_text(&r.prompt), "记\n\n六七八九十\nabcd");
    assert_int_equal(r.left_out, 6);
    assert_true(span_starts(str_span(&r.turns[0].text), "记\n\n六七八九十"));
    request_release(&r);
    request_init(&r);
    r.room = 5;
    request_continue(&r, &p, at, NULL);
    assert_string_equal(str_text(&r.prompt), "记\n\n");
    request_release(&r);
    request_init(&r);
    r.room = 1000;
    request_continue(&r, &p, at, NULL);
    assert_string_equal(str_text(&r.prompt), "记\n\n一二三四五\n六七八九十\nabcd");
    assert_int_equal(r.left_out, 0);
    request_release(&r);
    piece_release(&p);
}

static void tokens_are_estimated_and_lines_are_not_cut(void **state)
{
    (void)state;
    assert_int_equal(tokens_of(SPAN("")), 0);
    assert_int_equal(tokens_of(SPAN("秋夜，")), 3);
    assert_int_equal(tokens_of(SPAN("autumn night")), 3);
    assert_int_equal(tokens_of(SPAN("秋 a\xff")), 2);
    assert_int_equal(context_cut(SPAN("一\n二\n三"), 3), 4);
    assert_int_equal(context_cut(SPAN("一\n二\n三"), 5), 0);
    assert_int_equal(context_cut(SPAN("一二三四五"), 2), 9); /* one line that is too long goes along with its end */
    assert_int_equal(context_cut(SPAN("一二三"), 0), 9);
    assert_int_equal(context_cut(SPAN(""), 3), 0);
}

/* -- into the middle ----------------------------------------------------------------------------------------------------- */

static void an_insertion_tells_what_follows(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    struct str context = {.max = 0};
    piece_init(&p);
    int at = add_text(&p, -1, AUTHOR_WRITER, "雨落空阶\n谁在窗外\n");
    request_init(&r);
    request_insert(&r, &p, at, strlen("雨落空阶\n"), SPAN("谁在窗外\n"), &context);
    assert_string_equal(str_text(&r.prompt), "雨落空阶\n");
    assert_string_equal(str_text(&r.suffix), "谁在窗外\n");
    assert_string_equal(str_text(&context), "雨落空阶\n");
    assert_int_equal(r.asked, r.prompt.len);
    assert_true(turns_are(&r, "user:雨落空阶\n\nGo on with this text from exactly where it stops, so that it leads to what follows there "
                              "already:\n\n“谁在窗外”\n\nWrite only what stands between, and repeat nothing."));
    request_release(&r);
    request_init(&r);
    request_insert(&r, &p, -1, 0, SPAN("after"), &context); /* before everything */
    assert_string_equal(str_text(&r.prompt), "");
    assert_string_equal(str_text(&r.suffix), "after");
    assert_true(turns_are(&r, "user:Write how this text begins, so that it leads to what follows there already:\n\n“after”\n\n"
                              "Write only the beginning, and repeat nothing."));
    request_release(&r);
    request_init(&r);
    r.room = 40;
    assert_true(span_is(request_fit(&r, SPAN("一二三四\n五六七八\n九\n")), "一二三四\n五六七八\n"));
    assert_true(span_is(request_fit(&r, SPAN("一二三四五六七八九十一\n")), ""));
    request_release(&r);
    piece_release(&p);
    str_release(&context);
}

static void a_rewriting_is_one_clear_message(void **state)
{
    (void)state;
    struct piece p;
    struct request r;
    struct str context = {.max = 0};
    const struct rewriting what = {SPAN("一灯如豆"), SPAN("\n谁在窗外"), SPAN("colder")};
    piece_init(&p);
    str_add_text(&p.notes.memory, "A river.");
    int at = add_text(&p, -1, AUTHOR_MODEL, "雨落空阶\n一灯如豆\n谁在窗外");
    request_init(&r);
    request_rewrite(&r, &p, at, strlen("雨落空阶\n"), &what, &context);
    assert_string_equal(str_text(&context), "A river.\n\n雨落空阶\n");
    assert_true(turns_are(&r, "user:A river.\n\n雨落空阶\n<<<一灯如豆>>>\n谁在窗外\n\nOf this text, rewrite only what stands between <<< and >>>. "
                              "How: colder\n\nWrite only the new wording of that part, without the marks, and repeat nothing of the rest."));
    assert_string_equal(str_text(&r.prompt), "### Input:\nA river.\n\n雨落空阶\n<<<一灯如豆>>>\n谁在窗外\n\n### Instruction:\n"
                                             "Rewrite only what stands between <<< and >>>: colder\n\n### Response:\n");
    assert_int_equal(r.suffix.len, 0); /* it is told, and not sent apart */
    request_release(&r);
    request_init(&r);
    r.bare = true;
    request_rewrite(&r, &p, at, strlen("雨落空阶\n"), &what, &context);
    assert_string_equal(str_text(&r.prompt), "雨落空阶\n\ncolder");
    assert_string_equal(str_text(&r.prompt) + r.asked, "colder");
    request_release(&r);
    piece_release(&p);
    str_release(&context);
}

/* -- keys of lore -------------------------------------------------------------------------------------------------------- */

static void keys_of_lore(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text;
        bool occurs;
    } rows[] = {
        {"河", "她住在运河边", true}, {"阿兰", "兰阿", false}, {"river", "The River rose", true}, {"river", "rivers rose", false},
        {"river", "driver", false}, {"river", "river", true}, {"river", "“river”", true}, {"river", "a河river河", true},
        {"old river", "The OLD RIVER.", true}, {"R2", "r2-d2", true}, {"é", "caf\xc3\xa9s", false}, {"", "anything", false},
        {"河 river", "河 River", false}, {"河 river", "大河 river边", true}, {"river", "", false}, {"?!", "what?!", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (lore_key_occurs(span_of(rows[i].key), span_of(rows[i].text)) != rows[i].occurs)
            fail_msg("“%s” in “%s”", rows[i].key, rows[i].text);
    struct span rest = SPAN(" 阿兰，兰儿、, river\nflood ,"), key;
    static const char *const keys[] = {"阿兰", "兰儿", "river", "flood"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_true(lore_key(&rest, &key) && span_is(key, keys[i]));
    assert_false(lore_key(&rest, &key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_first_and_the_note_some_lines_before_the_end),
        cmocka_unit_test(every_part_is_named),
        cmocka_unit_test(a_prompt_calls_lore_too_and_a_page_left_out_still_has_its_memory),
        cmocka_unit_test(a_note_at_the_very_end_has_a_line_of_its_own),
        cmocka_unit_test(what_there_is_no_room_for_is_left_out_from_the_beginning),
        cmocka_unit_test(tokens_are_estimated_and_lines_are_not_cut),
        cmocka_unit_test(an_insertion_tells_what_follows),
        cmocka_unit_test(a_rewriting_is_one_clear_message),
        cmocka_unit_test(keys_of_lore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
