#include "library.h"

/* How many generations and passages a query finds, and the text line of the first. */
static void expect(struct store *s, const char *query, int expected, const char *line)
{
    struct hit *hits;
    int count = library_find(s, query, 0, 20, &hits);
    if (count != expected)
        fail_msg("“%s” finds %d instead of %d", query, count, expected);
    if (line && strcmp(str_text(&hits[0].text), line) != 0)
        fail_msg("“%s” shows “%s” instead of “%s”", query, str_text(&hits[0].text), line);
    hits_free(hits, count);
}

static void chinese_words_of_any_length_are_found_exactly(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    library_add(s, "写一首关于艺术的诗", "第一行\n风雨夜来\n末行");
    library_add(s, "艺不压身,术业专攻", "风,雨");
    library_add(s, "AI时代的书法", "Ｔhe 𠀋 and 🍂");
    expect(s, "艺术", 1, "第一行");
    expect(s, "艺", 2, NULL);
    expect(s, "风雨", 1, "风雨夜来");
    expect(s, "风雨夜来", 1, NULL);
    expect(s, "雨风", 0, NULL);
    expect(s, "风", 2, NULL);
    expect(s, "风 雨", 2, NULL);
    expect(s, "艺术 夜来", 1, "风雨夜来");
    expect(s, "艺术　末行", 1, "末行");
    expect(s, "ai时代", 1, NULL);
    expect(s, "𠀋", 1, NULL);
    expect(s, "🍂", 1, NULL);
    expect(s, "🍁", 0, NULL);
    expect(s, ",", 1, NULL);
    expect(s, "诗", 1, NULL);
    store_close(s);
}

static void english_words_are_found_whole_and_without_accents(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    library_add(s, "An elegy for the river", "The café\nby the River's edge");
    library_add(s, "Rivers", "none");
    expect(s, "river ", 1, "by the River's edge");
    expect(s, "CAFE", 1, NULL);
    expect(s, "the river", 1, NULL);
    expect(s, "\"by the river\"", 1, NULL);
    expect(s, "\"river by\"", 0, NULL);
    expect(s, "elegy edge", 1, NULL);
    expect(s, "riv ", 0, NULL);
    store_close(s);
}

static void the_word_being_typed_is_found_by_its_beginning(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    library_add(s, "Autumn wind", "leaves fall");
    expect(s, "autu", 1, NULL);
    expect(s, "wind lea", 1, NULL);
    expect(s, "autu ", 0, NULL);
    expect(s, "autu leaves", 0, NULL);
    expect(s, "\"autu\"", 0, NULL);
    expect(s, "a", 0, NULL);
    store_close(s);
}

static void the_writers_own_passages_are_found(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct hit *hits;
    struct piece p;
    piece_init(&p);
    piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    passage_set_text(&p, 0, SPAN("first\n我的月光"));
    must(store_piece_save(s, &p, &e));
    int count = library_find(s, "月光", 0, 20, &hits);
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].generation, 0);
    assert_int_equal(hits[0].piece, p.id);
    assert_string_equal(str_text(&hits[0].text), "我的月光");
    hits_free(hits, count);
    passage_set_text(&p, 0, SPAN("日光"));
    must(store_piece_save(s, &p, &e));
    expect(s, "月光", 0, NULL);
    expect(s, "日光", 1, NULL);
    expect(s, "日光 model:x", 0, NULL);
    must(store_trash_passage(s, p.passages[0].id, true, &e));
    expect(s, "日光", 0, NULL);
    expect(s, "日光 is:trash", 1, NULL);
    piece_release(&p);
    store_close(s);
}

/* A piece of the writer's own text, last changed at `at_ms`; returns its id. */
static int64_t add_page(struct store *s, const char *title, const char *project, const char *text, int64_t at_ms)
{
    struct piece p;
    piece_init(&p);
    str_set(&p.title, span_of(title));
    str_set(&p.project_name, span_of(project));
    piece_choose(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1));
    passage_set_text(&p, 0, span_of(text));
    clock_freeze(0, at_ms);
    must(store_piece_save(s, &p, &e));
    clock_freeze(-1, -1);
    int64_t id = p.id;
    piece_release(&p);
    return id;
}

static void expect_page(const struct hit *h, int64_t piece, const char *label, const char *line)
{
    assert_int_equal(h->generation, 0);
    assert_int_equal(h->take, 0);
    assert_int_equal(h->piece, piece);
    assert_string_equal(str_text(&h->prompt), label);
    assert_string_equal(str_text(&h->text), line);
}

static void pieces_without_a_generation_are_listed(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct hit *hits;
    int64_t old = add_page(s, "", "letters", "\n 秋江\n\n一人 \n末行", 1700000000000);
    int64_t titled = add_page(s, "夜", "", "first\nsecond", 1710000000000);
    add_page(s, "only a title", "", "", 1720000000000);
    library_add(s, "asked", "answered");
    int count = library_find(s, "", 0, 20, &hits);
    assert_int_equal(count, 3);
    assert_string_equal(str_text(&hits[0].prompt), "asked");
    expect_page(&hits[1], titled, "夜", "first");
    expect_page(&hits[2], old, "秋江", "一人");
    assert_int_equal(hits[2].sent_ms, 1700000000000);
    assert_string_equal(str_text(&hits[2].project), "letters");
    hits_free(hits, count);
    count = library_find(s, "末行", 0, 20, &hits);
    assert_int_equal(count, 1);
    expect_page(&hits[0], old, "秋江", "末行");
    hits_free(hits, count);
    expect(s, "project:letters", 1, "一人");
    expect(s, "before:2024", 1, "一人");
    expect(s, "after:2024 before:2025", 1, "first");
    expect(s, "model:qwen3", 1, "answered");
    expect(s, "is:trash", 0, NULL);
    count = library_find(s, "", 1 << 20, 20, &hits);
    assert_int_equal(count, 1);
    hits_free(hits, count);
    store_close(s);
}

static void a_piece_whose_generations_are_in_the_trash_is_listed(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct hit *hits;
    struct piece p;
    piece_init(&p);
    piece_choose(&p, piece_add_passage(&p, -1, AUTHOR_WRITER, -1));
    passage_set_text(&p, 0, SPAN("我的一行"));
    int first = library_ask(&p, 0, "one", 1), second = library_ask(&p, 0, "two", 1);
    must(store_generation_begin(s, &p, first, &e));
    must(store_generation_begin(s, &p, second, &e));
    int64_t asked = library_add(s, "no text of one's own", "x");
    expect(s, "", 3, NULL);
    must(store_trash(s, p.generations[first].id, true, &e));
    must(store_trash(s, asked, true, &e));
    int count = library_find(s, "", 0, 20, &hits);
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].generation, p.generations[second].id);
    hits_free(hits, count);
    must(store_trash(s, p.generations[second].id, true, &e));
    count = library_find(s, "", 0, 20, &hits);
    assert_int_equal(count, 1);
    expect_page(&hits[0], p.id, "我的一行", "");
    hits_free(hits, count);
    must(store_trash_passage(s, p.passages[0].id, true, &e));
    expect(s, "", 0, NULL);
    piece_release(&p);
    store_close(s);
}

static void pages_and_generations_are_listed_by_time(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct hit *hits;
    clock_freeze(0, 1710000000000);
    library_add(s, "between", "x");
    add_page(s, "older", "", "own", 1700000000000);
    add_page(s, "newer", "", "own", 1720000000000);
    library_add(s, "now", "x");
    static const char *const order[] = {"now", "newer", "between", "older"};
    int count = library_find(s, "", 0, 20, &hits);
    assert_int_equal(count, COUNT_OF(order));
    for (int i = 0; i < count; i++)
        assert_string_equal(str_text(&hits[i].prompt), order[i]);
    hits_free(hits, count);
    store_close(s);
}

/* Pieces may fill what generations leave free, and never push out more than a quarter of them. */
static void pieces_leave_room_for_generations(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    for (int i = 0; i < 20; i++)
        add_page(s, "", "", "own", 1700000000000 + i);
    expect(s, "", 20, "");
    for (int i = 0; i < 20; i++) {
        struct hit *hits;
        library_add(s, "asked", "answered");
        int count = library_find(s, "", 0, 8, &hits), pages = 0;
        for (int h = 0; h < count; h++)
            pages += hits[h].generation == 0;
        assert_int_equal(count, 8);
        assert_int_equal(pages, i + 1 < 6 ? 8 - (i + 1) : 2);
        assert_int_equal(hits[7].generation, i + 1 < 6 ? 1 : i - 4);
        hits_free(hits, count);
    }
    store_close(s);
}

static void filters_narrow_what_is_found(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    piece_init(&p);
    str_set(&p.project_name, SPAN("Autumn letters"));
    int g = library_ask(&p, -1, "letter", 2);
    p.generations[g].sent_ms = 1790000000000; /* September 2026 */
    dial_set(&p.generations[g].dials, DIAL_TEMPERATURE, 1.1);
    must(store_generation_begin(s, &p, g, &e));
    library_end(s, &p.takes[0], "one", TAKE_STOPPED);
    library_end(s, &p.takes[1], "best", TAKE_DONE);
    must(store_rate(s, p.takes[1].id, 4, &e));
    must(store_tag(s, p.generations[g].id, SPAN("诗"), true, &e));
    clock_freeze(0, 1600000000000); /* September 2020 */
    library_add(s, "letter", "old");
    clock_freeze(-1, -1);
    expect(s, "letter", 2, NULL);
    static const char *const one[] = {"project:autumn",
                                      "project:\"Autumn letters\"",
                                      "tag:诗",
                                      "tag：诗",
                                      "state:stopped",
                                      "★>=3",
                                      "★★★★",
                                      "★≥4",
                                      "rating>3",
                                      "rating:4",
                                      "temperature>1",
                                      "temperature>=1.1",
                                      "after:2026-09",
                                      "after:2026",
                                      "max_tokens=256 ★>0"};
    for (size_t i = 0; i < COUNT_OF(one); i++)
        expect(s, one[i], 1, "best");
    expect(s, "before:2026-09-01", 1, "old");
    expect(s, "after:2020-09-01 before:2021", 1, "old");
    expect(s, "rating<1", 2, NULL);
    expect(s, "state:done model:QWEN server:des", 2, NULL);
    static const char *const none[] = {"project:wi%ter", "tag:x",   "state:failed", "★>4",
                                       "★★★★★",          "top_k>0", "model:gpt",    "before:2019"};
    for (size_t i = 0; i < COUNT_OF(none); i++)
        expect(s, none[i], 0, NULL);
    piece_release(&p);
    store_close(s);
}

static void a_filter_that_does_not_parse_is_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "tag:",       "temperature>warm", "★>=x",    "before:soon", "after:2026-02-30", "before:2026-1-1",
        "state:gone", "is:lost",          "rating>", "project:\"\""};
    struct store *s = library_open(NULL);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct hit *hits = NULL;
        struct err e = {0};
        int count = 0;
        struct search search = {span_of(wrong[i]), 0, 5};
        assert_false(store_search(s, &search, &hits, &count, &e));
        assert_non_null(strstr(e.text, wrong[i]));
    }
    store_close(s);
}

static void trash_is_left_out_and_comes_back(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    int64_t id = library_add(s, "lost", "和 found");
    must(store_trash(s, id, true, &e));
    expect(s, "lost", 0, NULL);
    expect(s, "", 0, NULL);
    expect(s, "lost is:trash", 1, NULL);
    must(store_trash(s, id, false, &e));
    expect(s, "lost", 1, NULL);
    store_close(s);
}

static void pages_follow_one_another(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    int64_t newest = 0;
    for (int i = 0; i < 25; i++)
        newest = library_add(s, i % 2 ? "雨" : "雪", "the same word");
    static const char *const queries[] = {"", "word", "雪"};
    static const int expected[] = {25, 25, 13};
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        int64_t before = 0, last = newest + 1;
        int found = 0, count = 0;
        do {
            struct hit *hits;
            count = library_find(s, queries[i], before, 4, &hits);
            for (int h = 0; h < count; h++) {
                assert_true(hits[h].generation < last);
                last = hits[h].generation;
            }
            before = last;
            found += count;
            hits_free(hits, count);
        } while (count == 4);
        assert_int_equal(found, expected[i]);
    }
    store_close(s);
}

/* Nothing that is typed into the search field is a fault, and words that look like operators are only words. */
static void any_string_is_a_query(void **state)
{
    (void)state;
    static const char *const hostile[] = {"'); DROP TABLE runs;--",
                                          "\" OR 1=1",
                                          "%_%",
                                          "*",
                                          "NEAR(a b)",
                                          "foo AND NOT",
                                          "\"unbalanced",
                                          "col:x",
                                          "^a",
                                          "{a b}:c",
                                          "风",
                                          "\\",
                                          "\"\"",
                                          "\"",
                                          "a\"b",
                                          "words:x",
                                          "x AND y OR z",
                                          "-minus",
                                          "+plus",
                                          "a*",
                                          "1.5e",
                                          "\xFF\xFE",
                                          "\xF0\x9F",
                                          ">",
                                          "=",
                                          ":",
                                          "★",
                                          "★>",
                                          "a:b:c",
                                          "\xE3\x80\x80",
                                          "\t\n",
                                          "generation_words",
                                          "\xEE\x80\x80"};
    struct store *s = library_open(NULL);
    for (size_t i = 0; i < COUNT_OF(hostile); i++)
        library_add(s, hostile[i], "plain");
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct hit *hits = NULL;
        int count = 0;
        struct err e = {0};
        struct search search = {span_of(hostile[i]), 0, 50};
        if (store_search(s, &search, &hits, &count, &e))
            assert_in_range(count, i < 12 ? 1 : 0, COUNT_OF(hostile));
        else
            assert_int_equal(e.kind, ERR_USAGE);
        hits_free(hits, count);
    }
    struct hit *hits = NULL;
    int count = 0;
    struct search zeros = {{"a\0b \0 \"\0", 9}, 0, 5};
    must(store_search(s, &zeros, &hits, &count, &e));
    hits_free(hits, count);
    struct str many = {0};
    for (int i = 0; i < 100; i++)
        str_add_text(&many, "word ");
    struct search lengthy = {str_span(&many), 0, 5};
    must_fail(store_search(s, &lengthy, &hits, &count, &e));
    str_release(&many);
    store_close(s);
}

/* The words of a prompt reach the index with those of its first take that is over, not when it is sent. */
static void it_is_found_from_its_first_end_on(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct hit *hits;
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, "question", 3);
    must(store_generation_begin(s, &p, g, &e));
    for (int i = 0; i < 3; i++) {
        int count = library_find(s, "question", 0, 9, &hits);
        assert_int_equal(count, i > 0);
        hits_free(hits, count);
        library_end(s, &p.takes[i], i ? "answer" : "", i ? TAKE_DONE : TAKE_FAILED);
    }
    int count = library_find(s, "question answer", 0, 9, &hits);
    assert_int_equal(count, 1);
    hits_free(hits, count);
    piece_release(&p);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_from_its_first_end_on),
        cmocka_unit_test(chinese_words_of_any_length_are_found_exactly),
        cmocka_unit_test(english_words_are_found_whole_and_without_accents),
        cmocka_unit_test(the_word_being_typed_is_found_by_its_beginning),
        cmocka_unit_test(the_writers_own_passages_are_found),
        cmocka_unit_test(pieces_without_a_generation_are_listed),
        cmocka_unit_test(a_piece_whose_generations_are_in_the_trash_is_listed),
        cmocka_unit_test(pages_and_generations_are_listed_by_time),
        cmocka_unit_test(pieces_leave_room_for_generations),
        cmocka_unit_test(filters_narrow_what_is_found),
        cmocka_unit_test(a_filter_that_does_not_parse_is_named),
        cmocka_unit_test(trash_is_left_out_and_comes_back),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(any_string_is_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
