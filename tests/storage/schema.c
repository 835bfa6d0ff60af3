#include "storage/schema.h"
#include "core/file.h"
#include "library.h"
#include "storage/batch.h"
#include "storage/names.h"
#include "tests/promise.h"

static void expect_mode(const char *path, mode_t mode)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, mode);
}

static void a_new_library_is_private_whatever_the_umask(void **state)
{
    (void)state;
    static const mode_t masks[] = {0, 0077, 0777};
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        char *path = library_path();
        mode_t old = umask(masks[i]);
        struct store *s = library_open(path);
        library_add(s, "a", "b");
        umask(old);
        struct str side = {0};
        expect_mode(path, 0600);
        str_printf(&side, "%s-wal", path);
        expect_mode(str_text(&side), 0600);
        str_cut(&side, side.len - strlen("/renga.db-wal"));
        expect_mode(str_text(&side), 0700);
        str_release(&side);
        store_close(s);
        library_sound(path);
        library_remove(path);
    }
}

static void a_new_library_has_its_marks(void **state)
{
    (void)state;
    char *path = library_path();
    store_close(library_open(path));
    raw_expect(path, "PRAGMA application_id", "1380861761");
    raw_expect(path, "PRAGMA user_version", "2");
    raw_expect(path, "PRAGMA page_size", "8192");
    raw_expect(path, "PRAGMA journal_mode", "wal");
    struct store *s = library_open(path);
    assert_null(store_notice(s));
    assert_false(store_in_memory(s));
    store_close(s);
    library_remove(path);
}

/* -- every old form opens for ever
 * ------------------------------------------------------------------------------------- */

static void load_fixture(const char *path, const char *name)
{
    struct str file = {0}, sql = {0};
    store_close(library_open(path)); /* makes the folder */
    unlink(path);
    str_printf(&file, "%s/%s", RENGA_FIXTURES, name);
    must(file_read(str_text(&file), &sql, (size_t)1 << 24, &e));
    raw_run(path, str_text(&sql));
    str_release(&file);
    str_release(&sql);
}

static void version_1_opens(void **state)
{
    (void)state;
    char *path = library_path();
    load_fixture(path, "version-1.sql");
    struct store *s = library_open(path);
    struct piece p;
    struct hit *hits;
    piece_init(&p);
    assert_int_equal(store_generation_count(s), 2);
    must(store_piece_load(s, store_newest_piece(s), &p, &e));
    assert_string_equal(str_text(&p.title), "River");
    assert_string_equal(str_text(&p.project_name), "Autumn letters");
    assert_int_equal(p.passage_count, 4);
    assert_true(span_is(passage_text(&p, p.leaf), "岸上有人"));
    assert_true(p.generations[0].dials.on[DIAL_TEMPERATURE]);
    int count = library_find(s, "秋夜", 0, 5, &hits);
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].rating, 5);
    hits_free(hits, count);
    count = library_find(s, "tag:诗 江", 0, 5, &hits);
    assert_int_equal(count, 1);
    hits_free(hits, count);
    piece_release(&p);
    library_add(s, "new", "words");
    store_close(s);
    library_sound(path);
    library_remove(path);
}

/* A split passage, sweep, odds, lore, a batch, and a take that a killed program left. */
static void expect_page_of_version_2(struct store *s, int64_t piece)
{
    struct piece p;
    piece_init(&p);
    must(store_piece_load(s, piece, &p, &e));
    assert_string_equal(str_text(&p.project_name), "Autumn letters");
    assert_int_equal(p.passage_count, 7);
    int upper = piece_find_passage(&p, 4), lower = piece_find_passage(&p, 3);
    assert_true(span_is(passage_text(&p, upper), "江上") && span_is(passage_text(&p, lower), "无人"));
    assert_int_equal(p.passages[lower].parent, upper);
    assert_string_equal(str_text(&p.passages[lower].name), "no one");
    assert_int_equal(p.passages[lower].marks, 1);
    assert_true(span_is(passage_text(&p, p.leaf), "Then the moon sails on."));
    assert_string_equal(str_text(&p.notes.memory), "阿兰住在河边。");
    assert_int_equal(p.notes.depth, 7);
    assert_int_equal(p.notes.lore_count, 2);
    assert_false(p.notes.lore[1].enabled);
    assert_int_equal(p.generations[0].sweep, 1);
    assert_int_equal(p.generations[1].sweep, 1);
    assert_int_equal(p.generations[1].rerun_of, 1);
    piece_release(&p);
}

static int found(struct store *s, const char *query)
{
    struct hit *hits;
    int count = library_find(s, query, 0, 9, &hits);
    hits_free(hits, count);
    return count;
}

static void expect_rest_of_version_2(struct store *s)
{
    struct str odds = {0}, query = {0}, revision = {0}, draft = {0}, results = {0};
    struct batch_item item;
    int64_t batch = 0, size = 0, which = 0;
    bool there = false;
    must(store_odds_load(s, 1, &odds, &there, &e));
    assert_true(there && span_starts(str_span(&odds), "renga odds 1\n"));
    assert_true(store_search_query(s, SPAN("moons"), &query));
    assert_string_equal(str_text(&query), "moon ★>=4");
    assert_true(store_revision(s, 5, &which, &revision, &results));
    assert_string_equal(str_text(&revision), "The lamp stays lit all night.");
    assert_true(store_draft_load(s, 1, &draft));
    must(batch_find(s, SPAN("lines"), &batch, &e));
    must(batch_item(s, batch, SPAN("line 1"), &item, &e));
    assert_true(item.state == BATCH_DONE && item.written && item.generation == 3);
    must(batch_results(s, batch, &results, &size, &e));
    assert_int_equal(size, 120);
    struct str *all[] = {&odds, &query, &revision, &draft, &results};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        str_release(all[i]);
}

static void version_2_opens(void **state)
{
    (void)state;
    char *path = library_path();
    load_fixture(path, "version-2.sql");
    struct store *s = library_open(path);
    assert_int_equal(store_generation_count(s), 3);
    expect_page_of_version_2(s, 1);
    expect_rest_of_version_2(s);
    assert_int_equal(found(s, "乌啼 tag:诗 ★=5"), 1);
    assert_int_equal(found(s, "tag:draft"), 0);
    assert_int_equal(found(s, "smoke"), 0);
    assert_int_equal(found(s, "smoke is:trash"), 1);
    assert_int_equal(found(s, "寒山 state:interrupted"), 1);
    assert_int_equal(found(s, "unended"), 1);
    library_add(s, "new", "words");
    store_close(s);
    raw_expect(path, "SELECT off_at FROM tags_off WHERE tag = 'draft'", "1795581021197");
    raw_expect(path, "SELECT dates FROM pieces WHERE id = 1", " memory=1795581021165 page=1795581021176 note=1795581021165");
    library_sound(path);
    library_remove(path);
}

/* -- what is not touched
 * -------------------------------------------------------------------------------------------------- */

static void expect_refused_untouched(const char *path, const char *why)
{
    struct str before = {0}, after = {0};
    struct store *s = NULL;
    struct err refusal = {0};
    must(file_read(path, &before, (size_t)1 << 24, &e));
    assert_false(store_open(&s, path, &refusal));
    assert_null(s);
    assert_non_null(strstr(refusal.text, why));
    must(file_read(path, &after, (size_t)1 << 24, &e));
    assert_true(span_equal(str_span(&before), str_span(&after)));
    str_release(&before);
    str_release(&after);
}

static void a_newer_library_is_refused_untouched(void **state)
{
    (void)state;
    char *path = library_path();
    store_close(library_open(path));
    raw_run(path, "PRAGMA user_version=99");
    expect_refused_untouched(path, "newer");
    library_remove(path);
}

static void a_strange_file_is_refused_untouched(void **state)
{
    (void)state;
    char *path = library_path();
    store_close(library_open(path));
    raw_run(path, "PRAGMA application_id=7");
    expect_refused_untouched(path, "not a library");
    unlink(path);
    raw_run(path, "CREATE TABLE theirs(x)");
    expect_refused_untouched(path, "not a library");
    must(file_write(
        path, SPAN("My dear diary, this is a text file and no library at all, and it must stay as it is.\n"), &e));
    expect_refused_untouched(path, "not a library");
    library_remove(path);
}

/* Leaves the library as a killed program does: its log beside it. */
static void crash_in(const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *s = library_open(path);
        library_add(s, "crash", "here");
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void damage_is_seen_after_a_crash(void **state)
{
    (void)state;
    char *path = library_path();
    store_close(library_open(path));
    crash_in(path);
    struct store *s = library_open(path); /* a crash alone does no harm */
    assert_int_equal(store_generation_count(s), 1);
    store_close(s);
    crash_in(path);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    assert_int_equal(fseek(f, 16384, SEEK_SET), 0);
    for (long i = 16384; i < size; i++)
        fputc(0xEE, f);
    fclose(f);
    expect_refused_untouched(path, "damaged");
    library_remove(path);
}

/* -- growing
 * --------------------------------------------------------------------------------------------------------------- */

static void a_missing_dial_column_is_added(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    int64_t id = library_add(s, "a", "b");
    store_close(s);
    raw_run(path, "ALTER TABLE generations DROP COLUMN top_k; ALTER TABLE generations DROP COLUMN temperature");
    s = library_open(path);
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0;
    must(store_generation_load(s, id, &g, &takes, &count, &e));
    assert_false(g.dials.on[DIAL_TEMPERATURE]);
    assert_true(g.dials.on[DIAL_MAX_TOKENS]);
    take_release(&takes[0]);
    free(takes);
    generation_release(&g);
    library_add(s, "c", "d");
    store_close(s);
    raw_expect(path, "SELECT temperature FROM generations ORDER BY id DESC LIMIT 1", "0.7");
    library_remove(path);
}

static bool open_as(const char *path, const struct schema *schema, struct err *e)
{
    struct db d = {0};
    bool ok = db_open(&d, path, false, e) && schema_open(&d, schema, false, e);
    db_close(&d);
    return ok;
}

/* The only file in the library's folder whose name goes on after `prefix`; the caller frees. */
static char *find_backup(const char *path)
{
    struct str folder = {0}, found = {0};
    str_add_text(&folder, path);
    str_cut(&folder, (size_t)(strrchr(path, '/') - path));
    DIR *dir = opendir(str_text(&folder));
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strstr(entry->d_name, ".v2"))
            str_printf(&found, "%s/%s", str_text(&folder), entry->d_name);
    closedir(dir);
    str_release(&folder);
    return str_take(&found);
}

static void an_upgrade_keeps_a_dated_copy(void **state)
{
    (void)state;
    char *path = library_path();
    struct store *s = library_open(path);
    library_add(s, "before", "the upgrade");
    store_close(s);
    const char *const steps[] = {schema_library.steps[0], schema_library.steps[1], "CREATE TABLE extra(x) STRICT; nonsense"};
    const char *const better[] = {schema_library.steps[0], schema_library.steps[1], "CREATE TABLE extra(x TEXT) STRICT;"};
    struct schema broken = {steps, 3}, next = {better, 3};
    must_fail(open_as(path, &broken, &e));
    raw_expect(path, "PRAGMA user_version", "2");
    raw_expect(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'", "0");
    char *backup = find_backup(path);
    unlink(backup);
    free(backup);

    must(open_as(path, &next, &e));
    raw_expect(path, "PRAGMA user_version", "3");
    raw_expect(path, "SELECT count(*) FROM generations", "1");
    backup = find_backup(path);
    expect_mode(backup, 0600);
    library_sound(backup);
    raw_expect(backup, "PRAGMA user_version", "2");
    raw_expect(backup, "SELECT text FROM takes", "the upgrade");
    expect_refused_untouched(path, "newer");
    free(backup);
    library_remove(path);
}

/* What is done where shared memory cannot be trusted, tried on a folder where it could be. */
static void a_network_library_uses_no_shared_memory(void **state)
{
    (void)state;
    char *path = library_path();
    store_close(library_open(path));
    struct db d = {0};
    must(db_open(&d, path, true, &e));
    must(schema_open(&d, &schema_library, false, &e));
    must(db_begin(&d, DB_NORMAL, &e));
    must(db_end(&d, db_run(&d, "UPDATE counters SET value = 5", WITH_NOTHING, &e), &e));
    assert_true(d.always_full);
    struct str shm = {0};
    str_printf(&shm, "%s-shm", path);
    assert_int_not_equal(access(str_text(&shm), F_OK), 0);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "SELECT * FROM counters", NULL, NULL, NULL), SQLITE_BUSY);
    sqlite3_close(other);
    db_close(&d);
    str_release(&shm);
    struct store *s = library_open(path); /* and back on a disk of its own */
    assert_int_equal(store_generation_count(s), 5);
    store_close(s);
    library_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_library_is_private_whatever_the_umask),
        cmocka_unit_test(a_new_library_has_its_marks),
        cmocka_unit_test(version_1_opens),
        cmocka_unit_test(version_2_opens),
        cmocka_unit_test(a_newer_library_is_refused_untouched),
        cmocka_unit_test(a_strange_file_is_refused_untouched),
        cmocka_unit_test(damage_is_seen_after_a_crash),
        cmocka_unit_test(a_missing_dial_column_is_added),
        cmocka_unit_test(an_upgrade_keeps_a_dated_copy),
        cmocka_unit_test(a_network_library_uses_no_shared_memory),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    promise(9, "wrong", (size_t)failed, "a library of each of 2 versions upgraded with a dated copy, and newer and strange ones left alone");
    return failed;
}
