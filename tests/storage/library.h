/* What the tests of the library share: a folder that goes away, a small piece, and a look behind the store. */
#ifndef RENGA_TESTS_STORAGE_LIBRARY_H
#define RENGA_TESTS_STORAGE_LIBRARY_H

#include "core/clock.h"
#include "core/mem.h"
#include "storage/store.h"

#include <dirent.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h> /* after what it needs */

#define MAYBE_UNUSED __attribute__((unused))

#define must(call)                                                                                                     \
    do {                                                                                                               \
        struct err e = {0};                                                                                            \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", #call, e.text);                                                                         \
    } while (0)

#define must_fail(call)                                                                                                \
    do {                                                                                                               \
        struct err e = {0};                                                                                            \
        if (call)                                                                                                      \
            fail_msg("%s did not fail", #call);                                                                        \
        assert_true(e.kind != ERR_NONE);                                                                               \
        assert_true(e.text[0] != '\0');                                                                                \
    } while (0)

/* A path in a new folder; the caller hands it to library_remove(). */
MAYBE_UNUSED static char *library_path(void)
{
    char folder[] = P_tmpdir "/renga-library-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct str path = {0};
    str_printf(&path, "%s/desk/renga.db", folder);
    return str_take(&path);
}

static void folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct str path = {0};
        str_printf(&path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(str_text(&path));
        str_release(&path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

MAYBE_UNUSED static void library_remove(char *path)
{
    for (int i = 0; i < 2; i++) {
        *strrchr(path, '/') = '\0';
        folder_remove(path);
    }
    free(path);
}

MAYBE_UNUSED static struct store *library_open(const char *path)
{
    struct store *s = NULL;
    must(store_open(&s, path, &e));
    return s;
}

/* A prompt below `parent` and its takes, all waiting; returns the index of the generation. */
MAYBE_UNUSED static int library_ask(struct piece *p, int parent, const char *prompt, int takes)
{
    int passage = piece_add_passage(p, parent, AUTHOR_PROMPT, -1), index = piece_add_generation(p);
    struct generation *g = &p->generations[index];
    passage_set_text(p, passage, span_of(prompt));
    str_set(&g->prompt, span_of(prompt));
    str_set(&g->server, SPAN("desk"));
    str_set(&g->model, SPAN("qwen3"));
    g->sent_ms = clock_wall_ms();
    dials_default(&g->dials);
    for (int i = 0; i < takes; i++) {
        int take = piece_add_take(p, -1 - index, i);
        piece_choose(p, piece_add_passage(p, passage, AUTHOR_MODEL, take));
    }
    return index;
}

MAYBE_UNUSED static void library_end(struct store *s, struct take *t, const char *text, enum take_state state)
{
    str_set(&t->text, span_of(text));
    t->state = state;
    must(store_take_end(s, t, &e));
}

/* A whole generation in a piece of its own: returns its id. */
MAYBE_UNUSED static int64_t library_add(struct store *s, const char *prompt, const char *text)
{
    struct piece p;
    piece_init(&p);
    int g = library_ask(&p, -1, prompt, 1);
    must(store_generation_begin(s, &p, g, &e));
    library_end(s, &p.takes[0], text, TAKE_DONE);
    int64_t id = p.generations[g].id;
    piece_release(&p);
    return id;
}

MAYBE_UNUSED static sqlite3 *raw_open(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    return db;
}

MAYBE_UNUSED static void raw_run(const char *path, const char *sql)
{
    sqlite3 *db = raw_open(path);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(db);
}

/* The first column of the first row as text; the caller frees. */
MAYBE_UNUSED static char *raw_text(const char *path, const char *sql)
{
    sqlite3 *db = raw_open(path);
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    char *text = sqlite3_step(q) == SQLITE_ROW ? mem_copy_text((const char *)sqlite3_column_text(q, 0)) : NULL;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return text;
}

MAYBE_UNUSED static void raw_expect(const char *path, const char *sql, const char *expected)
{
    char *text = raw_text(path, sql);
    if (!text || strcmp(text, expected) != 0)
        fail_msg("%s: %s instead of %s", sql, text ? text : "nothing", expected);
    free(text);
}

MAYBE_UNUSED static long long raw_number(const char *path, const char *sql)
{
    char *text = raw_text(path, sql);
    long long number = text ? strtoll(text, NULL, 10) : -1;
    free(text);
    return number;
}

/* Every page, every reference, the counts and both word indexes are sound. */
MAYBE_UNUSED static void library_sound(const char *path)
{
    raw_expect(path, "PRAGMA integrity_check", "ok");
    assert_null(raw_text(path, "PRAGMA foreign_key_check"));
    assert_null(raw_text(path, "SELECT id FROM pieces p WHERE generations <> "
                               "(SELECT count(*) FROM generations WHERE piece = p.id AND trashed_at IS NULL)"));
    raw_run(path, "INSERT INTO generation_words(generation_words) VALUES('integrity-check');"
                  "INSERT INTO passage_words(passage_words) VALUES('integrity-check')");
}

MAYBE_UNUSED static int library_find(struct store *s, const char *query, int64_t before, int limit, struct hit **hits)
{
    int count = 0;
    *hits = NULL;
    struct search search = {span_of(query), before, limit};
    must(store_search(s, &search, hits, &count, &e));
    return count;
}

MAYBE_UNUSED static void hits_free(struct hit *hits, int count)
{
    for (int i = 0; i < count; i++)
        hit_release(&hits[i]);
    free(hits);
}

#endif
