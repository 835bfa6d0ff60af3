/* The tree of passages: whatever is cut, joined and moved about, every way from the root to a leaf reads as before, and comes back. */
#include "core/tree.h"
#include "core/mem.h"
#include "core/outline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t dice_state = 1;

static int dice(int sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (int)((dice_state >> 8) % (uint32_t)sides);
}

static int add_text(struct piece *p, int parent, enum author author, const char *text)
{
    int added = piece_add_passage(p, parent, author, -1);
    passage_set_text(p, added, span_of(text));
    return added;
}

static int add_take(struct piece *p, int parent, const char *text)
{
    int take = piece_add_take(p, 7, p->take_count);
    str_add_text(&p->takes[take].text, text);
    p->takes[take].state = TAKE_DONE;
    return piece_add_passage(p, parent, AUTHOR_MODEL, take);
}

static bool shows(const struct piece *p, int passage, const char *text)
{
    return span_is(passage_text(p, passage), text);
}

/* -- what may not change ---------------------------------------------------------------------------------------------------------------- */

/* Every way from the root to a leaf, a line each: its text and who wrote each byte of it, in reading order. */
static void add_path(const struct piece *p, int leaf, struct str *out)
{
    static const char names[] = "wmep";
    int path[256], count = piece_path(p, leaf, path, 256);
    assert_true(count <= 256);
    for (int i = 0; i < count; i++) {
        const struct passage *ps = &p->passages[path[i]];
        struct span text = passage_text(p, path[i]), runs = str_span(&ps->runs);
        size_t at = 0;
        while (at < text.len) {
            size_t len = text.len - at;
            int author = (int)ps->author;
            char *end = NULL;
            if (runs.len) {
                len = strtoul(runs.s, &end, 10);
                author = (int)strtol(end + 1, &end, 10);
                runs = span_cut(runs, (size_t)(end - runs.s) + (*end == ','), runs.len);
            }
            for (size_t b = 0; b < len; b++, at++)
                str_printf(out, "%c%c", text.s[at], names[author]);
        }
    }
    str_add_byte(out, '\n');
}

static void read_all(const struct piece *p, struct str *out)
{
    for (int i = tree_next(p, -1, -1); i >= 0; i = tree_next(p, i, -1))
        if (piece_first_child(p, i) < 0)
            add_path(p, i, out);
}

static void page_text(const struct piece *p, struct str *out)
{
    int path[256], count = piece_path(p, p->leaf, path, 256);
    for (int i = 0; i < count; i++)
        str_add(out, passage_text(p, path[i]));
}

/* Parents, order and both ends of every list of siblings agree. */
static void expect_sound(const struct piece *p)
{
    int seen = 0;
    for (int parent = -1; parent < p->passage_count; parent++) {
        int before = -1, i = parent < 0 ? p->first : p->passages[parent].first;
        for (; i >= 0; before = i, i = p->passages[i].next, seen++) {
            assert_int_equal(p->passages[i].parent, parent);
            assert_int_equal(p->passages[i].before, before);
        }
        assert_int_equal(before, parent < 0 ? p->last : p->passages[parent].last);
        int chosen = parent < 0 ? p->root_chosen : p->passages[parent].chosen;
        assert_true(chosen < 0 || p->passages[chosen].parent == parent);
    }
    assert_int_equal(seen, p->passage_count);
}

/* -- random trees ------------------------------------------------------------------------------------------------------------------------ */

static const char *const words[] = {"a", "bcd", "ef ghi", "jk\n", "lmnopqrst", "u v w"};

static void grow(struct piece *p, int passages)
{
    piece_init(p);
    for (int i = 0; i < passages; i++) {
        int parent = i ? dice(i + 1) - 1 : -1;
        const char *text = words[dice(COUNT_OF(words))];
        if (dice(2))
            add_text(p, parent, dice(4) ? AUTHOR_WRITER : AUTHOR_PROMPT, text);
        else
            add_take(p, parent, text);
    }
    piece_choose_leaf(p, dice(passages));
}

static int any_living(const struct piece *p)
{
    int i = dice(p->passage_count);
    while (i >= 0) {
        int up = i;
        while (up >= 0 && !p->passages[up].trashed)
            up = p->passages[up].parent;
        if (up < 0)
            return i;
        i = p->passages[i].parent;
    }
    return piece_first_child(p, -1);
}

static bool cut_or_join(struct piece *p, struct tree_change *c)
{
    struct err e = {0};
    int passage = any_living(p);
    int len = (int)passage_text(p, passage).len;
    int done = dice(2) ? tree_split(p, passage, len ? (size_t)dice(len) : 0, c, &e) : tree_join(p, passage, c, &e);
    assert_true((done < 0) == (e.kind != ERR_NONE));
    if (done < 0)
        assert_int_equal(c->count, 0);
    return done >= 0;
}

static void every_way_reads_the_same(void **state)
{
    (void)state;
    int cuts = 0;
    for (int round = 0; round < 300; round++) {
        struct piece p;
        struct str before = {0}, page = {0};
        grow(&p, 2 + dice(20));
        read_all(&p, &before);
        page_text(&p, &page);
        for (int i = 0; i < 30; i++) {
            struct tree_change c = {0};
            struct str after = {0}, page_after = {0};
            cuts += cut_or_join(&p, &c);
            expect_sound(&p);
            read_all(&p, &after);
            page_text(&p, &page_after);
            assert_string_equal(str_text(&after), str_text(&before));
            if (c.count && c.leaf != p.leaf) /* the page ended with the upper of two that were joined */
                assert_true(span_starts(str_span(&page_after), str_text(&page)));
            else
                assert_string_equal(str_text(&page_after), str_text(&page));
            str_set(&page, str_span(&page_after));
            tree_change_release(&c);
            str_release(&after);
            str_release(&page_after);
        }
        str_release(&before);
        str_release(&page);
        piece_release(&p);
    }
    assert_true(cuts > 2000);
}

/* Everything a writer sees of a tree, in order. */
static void describe(const struct piece *p, struct str *out)
{
    for (int i = tree_next(p, -1, -1); i >= 0; i = tree_next(p, i, -1))
        str_printf(out, "%d<%d c%d %s m%u [%.*s] (%s)\n", i, p->passages[i].parent, p->passages[i].chosen, str_text(&p->passages[i].name),
                   p->passages[i].marks & PASSAGE_BOOKMARK, SPAN_ARG(passage_text(p, i)), str_text(&p->passages[i].runs));
    str_printf(out, "leaf %d root %d", p->leaf, p->root_chosen);
}

static void change_something(struct piece *p, struct tree_change *c)
{
    struct err e = {0};
    int passage = any_living(p);
    switch (dice(6)) {
    case 0:
        tree_move(p, passage, dice(2) ? 1 : -1, c);
        break;
    case 1:
        tree_name(p, passage, SPAN("name"), c);
        break;
    case 2:
        tree_mark(p, passage, PASSAGE_BOOKMARK, dice(2), c);
        break;
    case 3:
        if (passage_text(p, passage).len < 3 && tree_trash(p, passage, c, &e) && tree_is_below(p, p->leaf, passage))
            piece_choose_leaf(p, tree_neighbour(p, passage));
        break;
    default:
        cut_or_join(p, c);
        break;
    }
}

static void every_change_comes_back(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct piece p;
        struct tree_change changes[12] = {{0}};
        struct str looks[12] = {{0}};
        grow(&p, 2 + dice(25));
        int count = 0;
        while (count < 12 && piece_first_child(&p, -1) >= 0) {
            describe(&p, &looks[count]);
            change_something(&p, &changes[count++]);
            expect_sound(&p);
        }
        while (count-- > 0) {
            struct str look = {0};
            if (changes[count].count)
                tree_take_back(&p, &changes[count]);
            expect_sound(&p);
            describe(&p, &look);
            assert_string_equal(str_text(&look), str_text(&looks[count]));
            str_release(&look);
            tree_change_release(&changes[count]);
        }
        for (int i = 0; i < 12; i++)
            str_release(&looks[i]);
        piece_release(&p);
    }
}

/* -- one by one -------------------------------------------------------------------------------------------------------------------------- */

static void a_cut_keeps_who_wrote_what(void **state)
{
    (void)state;
    struct piece p;
    struct tree_change c = {0};
    piece_init(&p);
    int prompt = piece_add_prompt(&p, -1, SPAN("秋夜"));
    int take = add_take(&p, prompt, "\n\n空山新雨后"), below = add_text(&p, take, AUTHOR_WRITER, "后"), other = add_take(&p, prompt, "明月");
    piece_choose(&p, below);
    piece_choose_leaf(&p, below);
    struct err e = {0};
    int upper = tree_split(&p, take, 6, &c, &e);
    assert_true(shows(&p, upper, "空山") && shows(&p, take, "新雨后"));
    assert_true(p.passages[upper].author == AUTHOR_MODEL && p.passages[upper].take == p.passages[take].take);
    assert_true(p.passages[take].parent == upper && p.passages[below].parent == take && p.passages[upper].parent == prompt);
    int siblings[3] = {-2, -2, -2};
    assert_int_equal(piece_siblings(&p, other, siblings, 3), 2);
    assert_true(siblings[0] == upper && siblings[1] == other); /* it stands where the whole stood */
    assert_true(p.leaf == below && p.passages[prompt].chosen == upper && p.passages[upper].chosen == take);
    assert_true(p.takes[0].text.len == strlen("\n\n空山新雨后"));
    assert_int_equal(tree_join(&p, upper, &c, &e), take);
    assert_true(shows(&p, take, "空山新雨后") && !p.passages[take].own_text); /* whole again: the model's own text */
    assert_true(p.passages[upper].trashed && piece_siblings(&p, take, siblings, 3) == 2 && siblings[0] == take);
    tree_change_release(&c);
    piece_release(&p);
}

static void runs_are_cut_where_the_text_is(void **state)
{
    (void)state;
    struct piece p;
    struct tree_change c = {0};
    struct err e = {0};
    piece_init(&p);
    int mixed = add_text(&p, -1, AUTHOR_EDIT, "aaabbbccc");
    str_set(&p.passages[mixed].runs, SPAN("3:1,3:2:77,3:1"));
    int upper = tree_split(&p, mixed, 4, &c, &e);
    assert_string_equal(str_text(&p.passages[upper].runs), "3:1,1:2:77"); /* what else a run knows goes along */
    assert_string_equal(str_text(&p.passages[mixed].runs), "2:2:77,3:1");
    int last = tree_split(&p, mixed, 2, &c, &e);
    assert_true(shows(&p, last, "bb") && shows(&p, mixed, "ccc"));
    assert_string_equal(str_text(&p.passages[mixed].runs), "3:1"); /* not the edit's own author */
    assert_int_equal(tree_join(&p, last, &c, &e), mixed);
    assert_string_equal(str_text(&p.passages[mixed].runs), "2:2:77,3:1");
    tree_change_release(&c);
    piece_release(&p);
}

static void joined_takes_keep_their_names(void **state)
{
    (void)state;
    struct piece p;
    struct tree_change c = {0};
    struct err e = {0};
    piece_init(&p);
    int one = add_take(&p, -1, "aaa"), two = add_take(&p, one, "bb"), own = add_text(&p, two, AUTHOR_WRITER, "c");
    p.takes[0].id = 7;
    p.takes[1].id = 8;
    assert_int_equal(tree_join(&p, one, &c, &e), two);
    assert_string_equal(str_text(&p.passages[two].runs), "3:1:7,2:1"); /* the passage is take 8's, its beginning take 7's */
    assert_int_equal(tree_join(&p, two, &c, &e), own);
    assert_string_equal(str_text(&p.passages[own].runs), "3:1:7,2:1,1:0");
    assert_int_equal(p.passages[own].take, 1);
    tree_change_release(&c);
    piece_release(&p);
}

static void what_cannot_be_done_says_why(void **state)
{
    (void)state;
    struct piece p;
    struct tree_change c = {0};
    struct err e = {0};
    piece_init(&p);
    int prompt = piece_add_prompt(&p, -1, SPAN("ask"));
    int one = add_take(&p, prompt, "one"), end = add_text(&p, one, AUTHOR_WRITER, "end");
    assert_int_equal(tree_join(&p, prompt, &c, &e), -1);
    assert_string_equal(e.text, "A prompt and what follows it stay apart.");
    assert_int_equal(tree_join(&p, end, &c, &e), -1);
    assert_string_equal(e.text, "Nothing stands below this passage that it could be joined with.");
    add_take(&p, prompt, "two");
    assert_int_equal(tree_join(&p, prompt, &c, &e), -1);
    assert_true(strstr(e.text, "Several passages") != NULL);
    assert_int_equal(tree_split(&p, one, 0, &c, &e), -1);
    assert_int_equal(tree_split(&p, one, 3, &c, &e), -1);
    assert_true(strstr(e.text, "an end of the passage") != NULL);
    p.takes[0].state = TAKE_WRITING;
    assert_int_equal(tree_split(&p, one, 1, &c, &e), -1);
    assert_false(tree_trash(&p, prompt, &c, &e));
    assert_true(strstr(e.text, "still being written") != NULL);
    assert_int_equal(p.passage_count, 4);
    piece_release(&p);
}

static void order_is_the_writers(void **state)
{
    (void)state;
    struct piece p;
    struct tree_change c = {0};
    int out[5];
    piece_init(&p);
    int root = add_text(&p, -1, AUTHOR_WRITER, "r");
    for (int i = 0; i < 4; i++)
        add_take(&p, root, "x");
    assert_false(tree_move(&p, 1, -1, &c));
    assert_true(tree_move(&p, 3, -1, &c));
    piece_siblings(&p, 1, out, 5);
    assert_true(out[0] == 1 && out[1] == 3 && out[2] == 2 && out[3] == 4);
    assert_int_equal(p.passages[4].position, 0); /* nothing was said of what stands behind */
    int newest = add_take(&p, root, "y");
    piece_siblings(&p, 1, out, 5);
    assert_int_equal(out[4], newest);
    p.passages[3].trashed = true; /* moving steps over the trash */
    assert_true(tree_move(&p, 2, -1, &c));
    piece_siblings(&p, 1, out, 5);
    assert_true(out[0] == 2 && out[1] == 1 && out[2] == 4);
    tree_take_back(&p, &c);
    piece_siblings(&p, 1, out, 5);
    assert_true(out[0] == 1 && out[1] == 2);
    piece_release(&p);
}

static void circles_are_broken(void **state)
{
    (void)state;
    struct piece p;
    piece_init(&p);
    for (int i = 0; i < 6; i++)
        add_text(&p, -1, AUTHOR_WRITER, "x");
    static const int parents[] = {2, 0, 1, 3, 3, 4}; /* 0→2→1→0, and 3→3 with 4, 5 below */
    for (int i = 0; i < 6; i++)
        p.passages[i].parent = parents[i];
    piece_link(&p);
    expect_sound(&p);
    int seen = 0;
    for (int i = tree_next(&p, -1, -1); i >= 0; i = tree_next(&p, i, -1))
        seen++;
    assert_int_equal(seen, 6);
    assert_true(p.passages[4].parent == 3 && p.passages[5].parent == 4);
    piece_release(&p);
}

/* -- as rows ------------------------------------------------------------------------------------------------------------------------------- */

static void outline_text(const struct piece *p, int top, struct str *out)
{
    struct outline o = {0};
    str_clear(out);
    outline_make(&o, p, top);
    for (int i = 0; i < o.count; i++) {
        const struct outline_row *row = &o.rows[i];
        assert_int_equal(o.row_of[row->passage], i);
        str_printf(out, "%d@%d%s%s%s ", row->passage, row->depth, row->head ? row->ends ? "L" : "+" : "", row->on_page ? "*" : "",
                   row->hidden ? "…" : "");
    }
    outline_release(&o);
}

/*      0 ─ 1 ─ 2 ─ 3
 *          ├ 4 ─ 5
 *          └ 6            */
static void a_page_is_one_straight_line(void **state)
{
    (void)state;
    static const int parents[] = {-1, 0, 1, 2, 1, 4, 1};
    struct piece p;
    struct str rows = {0};
    piece_init(&p);
    for (size_t i = 0; i < COUNT_OF(parents); i++)
        add_text(&p, parents[i], AUTHOR_WRITER, "x");
    piece_choose_leaf(&p, 3);
    outline_text(&p, -1, &rows);
    assert_string_equal(str_text(&rows), "0@0* 1@0* 4@1+ 5@1 6@1+ 2@0* 3@0* ");
    piece_choose_leaf(&p, 5);
    outline_text(&p, -1, &rows);
    assert_string_equal(str_text(&rows), "0@0* 1@0* 2@1+ 3@1 6@1+ 4@0* 5@0* ");
    piece_choose_leaf(&p, 1); /* the page ends at the fork: no line goes on */
    outline_text(&p, -1, &rows);
    assert_string_equal(str_text(&rows), "0@0* 1@0* 2@1+ 3@1 4@1+ 5@1 6@1L ");
    p.passages[4].marks = PASSAGE_FOLDED;
    outline_text(&p, 4, &rows);
    assert_string_equal(str_text(&rows), "4@0… ");
    p.passages[6].trashed = true;
    outline_text(&p, 1, &rows);
    assert_string_equal(str_text(&rows), "1@0* 2@1+ 3@1 4@1L… ");
    str_release(&rows);
    piece_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_reads_the_same),    cmocka_unit_test(every_change_comes_back),
        cmocka_unit_test(a_cut_keeps_who_wrote_what),  cmocka_unit_test(runs_are_cut_where_the_text_is),
        cmocka_unit_test(joined_takes_keep_their_names),
        cmocka_unit_test(what_cannot_be_done_says_why), cmocka_unit_test(order_is_the_writers),
        cmocka_unit_test(circles_are_broken),          cmocka_unit_test(a_page_is_one_straight_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
