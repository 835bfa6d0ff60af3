/* Memory, author's note and lore: kept with their piece, written only when they differ, and never lost. */
#include "library.h"

static void make(struct piece *p)
{
    piece_init(p);
    str_set(&p->title, SPAN("River"));
    str_set(&p->notes.memory, SPAN("阿兰住在河边。"));
    str_set(&p->notes.note, SPAN("quiet"));
    p->notes.depth = 7;
    p->notes.dirty = true;
    notes_add_lore(&p->notes, SPAN("灯, lamp"), SPAN("灯是铜的。"));
    notes_add_lore(&p->notes, SPAN("boat"), SPAN("No boat\ncomes."))->enabled = false;
}

static void expect_same(const struct notes *a, const struct notes *b)
{
    assert_string_equal(str_text(&a->memory), str_text(&b->memory));
    assert_string_equal(str_text(&a->note), str_text(&b->note));
    assert_int_equal(a->depth, b->depth);
    assert_int_equal(a->lore_count, b->lore_count);
    for (int i = 0; i < a->lore_count; i++) {
        assert_int_equal(a->lore[i].id, b->lore[i].id);
        assert_int_equal(a->lore[i].enabled, b->lore[i].enabled);
        assert_int_equal(a->lore[i].trashed, b->lore[i].trashed);
        assert_string_equal(str_text(&a->lore[i].keys), str_text(&b->lore[i].keys));
        assert_string_equal(str_text(&a->lore[i].text), str_text(&b->lore[i].text));
    }
}

static void they_come_back_with_their_piece(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p, back, other;
    make(&p);
    piece_init(&back);
    piece_init(&other);
    str_set(&other.title, SPAN("Another"));
    must(store_piece_save(s, &p, &e));
    must(store_notes_save(s, &p, &e));
    must(store_piece_save(s, &other, &e));
    assert_false(p.notes.dirty || p.notes.lore[0].dirty || p.notes.lore[1].dirty);
    assert_true(p.notes.lore[0].id > 0 && p.notes.lore[1].id > p.notes.lore[0].id);
    must(store_piece_load(s, p.id, &back, &e));
    expect_same(&back.notes, &p.notes);
    must(store_piece_load(s, other.id, &back, &e));
    assert_true(notes_are_empty(&back.notes) && back.notes.lore_count == 0 && back.notes.depth == NOTE_DEPTH);
    piece_release(&p);
    piece_release(&back);
    piece_release(&other);
    store_close(s);
}

static void changes_and_the_trash_are_kept(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p, back;
    make(&p);
    piece_init(&back);
    must(store_piece_save(s, &p, &e));
    must(store_notes_save(s, &p, &e));
    str_set(&p.notes.lore[0].text, SPAN("Brass."));
    p.notes.lore[0].dirty = true;
    p.notes.lore[1].trashed = p.notes.lore[1].dirty = true;
    str_clear(&p.notes.memory);
    p.notes.dirty = true;
    must(store_notes_save(s, &p, &e));
    must(store_piece_load(s, p.id, &back, &e));
    expect_same(&back.notes, &p.notes);
    p.notes.lore[1].trashed = false;
    p.notes.lore[1].dirty = true;
    must(store_notes_save(s, &p, &e));
    must(store_piece_load(s, p.id, &back, &e));
    expect_same(&back.notes, &p.notes);
    piece_release(&p);
    piece_release(&back);
    store_close(s);
}

/* What cannot be written stays to be written: the ids and marks are as before. */
static void a_failed_save_forgets_nothing(void **state)
{
    (void)state;
    struct store *s = library_open(NULL);
    struct piece p;
    struct err err = {0};
    make(&p);
    p.id = 4711; /* no such piece: the library refuses lore that belongs nowhere */
    assert_false(store_notes_save(s, &p, &err));
    assert_true(err.kind == ERR_STORAGE && *err.text);
    assert_true(p.notes.dirty && p.notes.lore[0].dirty && p.notes.lore[1].dirty && p.notes.lore[0].id == 0);
    p.id = 0;
    must(store_piece_save(s, &p, &e));
    must(store_notes_save(s, &p, &e));
    assert_false(p.notes.dirty);
    piece_release(&p);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_back_with_their_piece),
        cmocka_unit_test(changes_and_the_trash_are_kept),
        cmocka_unit_test(a_failed_save_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
