/* How fast a library answers: library_bench FILE [writing]. FILE is one that make_library made; it is written into (600 generations are
 * added). `writing`: only how fast that goes.
 *
 * A keystroke is what the desk does for it: the search is opened and works until its first page is full or six milliseconds are over;
 * "whole" is what the page took in all, slices and all. On a machine that does other things too, the processor's own time ("CPU") tells more than
 * the clock. Beside it what SQLite needs for the same: the index, or a scan where it has none. */
#include "core/clock.h"
#include "core/mem.h"
#include "storage/store_parts.h"
#include "storage/text_index.h"
#include "storage/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLICE_US 6000
#define ROUNDS   20
#define PAGE     50

/* -- figures ------------------------------------------------------------------------------------------------------------------------- */

struct figures {
    int64_t us[4000];
    int count;
};

static void note(struct figures *f, int64_t us)
{
    if (f->count < (int)COUNT_OF(f->us))
        f->us[f->count++] = us;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double at(struct figures *f, int percent)
{
    if (f->count == 0)
        return 0;
    qsort(f->us, (size_t)f->count, sizeof *f->us, compare);
    return (double)f->us[(f->count - 1) * percent / 100] / 1000;
}

static struct figures all_keys, all_keys_cpu;

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long resident_kb(void)
{
    long total = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &total, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void free_hits(struct hit **hits, int *count)
{
    for (int i = 0; i < *count; i++)
        hit_release(&(*hits)[i]);
    free(*hits);
    *hits = NULL;
    *count = 0;
}

static bool fail(const char *what, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", what, e->text);
    return false;
}

/* -- searching ---------------------------------------------------------------------------------------------------------------------- */

struct search_times {
    struct figures first, cpu, whole, slice;
    int found, shown;
    bool over;
};

static bool search_once(struct store *s, const char *query, struct search_times *t)
{
    struct walk *w = NULL;
    struct hit *hits = NULL;
    struct err e = {0};
    int count = 0;
    int64_t start = clock_now_us(), slice = start, cpu = cpu_us();
    bool ok = walk_open(&w, s, span_of(query), 0, PAGE, &e);
    for (int i = 0; ok && !walk_over(w) && count < PAGE; i++) {
        int64_t used = i ? 0 : clock_now_us() - start;
        ok = walk_step(w, PAGE - count, used < SLICE_US - 1000 ? SLICE_US - used : 1000, &hits, &count, &e);
        int64_t now = clock_now_us();
        if (i == 0) {
            note(&t->first, now - start);
            note(&all_keys, now - start);
            note(&t->cpu, cpu_us() - cpu);
            note(&all_keys_cpu, cpu_us() - cpu);
            t->shown = count;
        }
        note(&t->slice, now - slice);
        slice = now;
    }
    note(&t->whole, clock_now_us() - start);
    t->found = count;
    t->over = ok && walk_over(w);
    walk_close(w);
    free_hits(&hits, &count);
    return ok || fail(query, &e);
}

/* What SQLite alone takes: NULL where there is no such question. */
static double raw(struct store *s, const char *sql)
{
    sqlite3_stmt *q = NULL;
    struct figures f = {.count = 0};
    for (int i = 0; i < 3; i++) {
        int64_t start = clock_now_us();
        if (sqlite3_prepare_v2(s->db.handle, sql, -1, &q, NULL) != SQLITE_OK)
            return -1;
        while (sqlite3_step(q) == SQLITE_ROW)
            continue;
        sqlite3_finalize(q);
        note(&f, clock_now_us() - start);
        if (f.us[f.count - 1] > 300000)
            break;
    }
    return at(&f, 50);
}

static bool measure(struct store *s, const char *query, const char *sql)
{
    static struct search_times t;
    t = (struct search_times){.found = 0};
    for (int i = 0; i < ROUNDS; i++)
        if (!search_once(s, query, &t))
            return false;
    printf("%-34s %7.2f %7.2f %7.2f %6d  %9.2f %5d%s  %8.2f", *query ? query : "(newest)", at(&t.first, 50), at(&t.first, 95), at(&t.cpu, 95), t.shown,
           at(&t.whole, 50), t.found, t.over ? " " : "+", at(&t.slice, 100));
    double ms = sql ? raw(s, sql) : 0;
    if (sql)
        printf("  %9.2f %6.2f×", ms, at(&t.first, 50) / ms);
    printf("\n");
    return true;
}

/* A word letter by letter: every beginning is a search. */
static bool type_out(struct store *s, const char *word)
{
    static struct search_times t;
    t = (struct search_times){.found = 0};
    for (int i = 0; i < 5; i++)
        for (size_t len = 1; len <= strlen(word); len++) {
            char beginning[64];
            if (((unsigned char)word[len] & 0xC0) == 0x80)
                continue;
            snprintf(beginning, sizeof beginning, "%.*s", (int)len, word);
            if (!search_once(s, beginning, &t))
                return false;
        }
    printf("typed out: %-23s %7.2f %7.2f %7.2f         %9.2f %5d   %8.2f\n", word, at(&t.first, 50), at(&t.first, 95), at(&t.cpu, 95), at(&t.whole, 50), t.found,
           at(&t.slice, 100));
    return true;
}

static bool measure_searches(struct store *s)
{
    static const struct {
        const char *query, *sql;
    } cases[] = {
        {"", "SELECT g.*, t.text FROM generations g JOIN takes t ON t.generation = g.id ORDER BY g.id DESC LIMIT 50"},
        {"艺术", "SELECT generation FROM takes WHERE text LIKE '%艺术%' ORDER BY id DESC LIMIT 50"},
        {"渔舟", "SELECT generation FROM takes WHERE text LIKE '%渔舟%' ORDER BY id DESC LIMIT 50"},
        {"的", NULL},
        {"风", NULL},
        {"月夜", NULL},
        {"罕见", NULL},
        {"一了的不", NULL},
        {"autumn", "SELECT generation FROM takes WHERE text LIKE '%autumn%' ORDER BY id DESC LIMIT 50"},
        {"the", NULL},
        {"th", NULL},
        {"st", NULL},
        {"\"winter of the\"", NULL},
        {"autumn river moon winter", NULL},
        {"秋 山 autumn", NULL},
        {"zzzzqq", "SELECT generation FROM takes WHERE text LIKE '%zzzzqq%' ORDER BY id DESC LIMIT 50"},
        {"龘龘", NULL},
        {"model:qwen", NULL},
        {"model:rare", "SELECT id FROM generations WHERE model LIKE '%rare%' ORDER BY id DESC LIMIT 50"},
        {"model:none", NULL},
        {"server:attic", NULL},
        {"project:letters", NULL},
        {"project:\"letters 39\"", NULL},
        {"tag:keep", NULL},
        {"tag:rare", NULL},
        {"state:failed", NULL},
        {"★>=4", NULL},
        {"★=5 tag:rare", NULL},
        {"temperature>0.8", NULL},
        {"temperature>1.9", NULL},
        {"temperature>3", NULL},
        {"before:2017", NULL},
        {"after:2016-03 before:2016-04", NULL},
        {"before:2014", NULL},
        {"is:trash", NULL},
        {"的 model:rare", NULL},
        {"渔舟 ★>=4", NULL},
        {"the tag:rare", NULL},
        {"autumn temperature>1.9", NULL},
        {"的 before:2016-06", NULL},
        {"sort:rating", NULL},
        {"sort:length", NULL},
        {"sort:model", NULL},
        {"autumn sort:best", NULL},
        {"autumn sort:rating", NULL},
        {"渔舟 sort:rating", NULL},
        {"渔舟 sort:length", NULL},
        {"的 sort:length", NULL},
        {"tag:rare sort:model", NULL},
    };
    printf("\n%-34s %7s %7s %7s %6s  %9s %6s  %8s  %9s %7s\n", "milliseconds", "key", "p95", "CPU p95", "shown", "whole", "found", "slice", "SQLite", "ratio");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (!measure(s, cases[i].query, cases[i].sql))
            return false;
    return type_out(s, "autumn") && type_out(s, "grishoundait") && type_out(s, "秋风") && type_out(s, "the wind");
}

/* -- opening, browsing, writing -------------------------------------------------------------------------------------------------------- */

static bool measure_open(const char *path)
{
    struct figures f = {.count = 0};
    struct err e = {0};
    for (int i = 0; i < ROUNDS; i++) {
        struct store *s = NULL;
        int64_t start = clock_now_us();
        if (!store_open(&s, path, &e))
            return fail(path, &e);
        struct hit *hits = NULL;
        int count = 0;
        struct search newest = {.limit = PAGE};
        bool ok = store_search(s, &newest, &hits, &count, &e);
        note(&f, clock_now_us() - start);
        free_hits(&hits, &count);
        store_close(s);
        if (!ok)
            return fail("newest", &e);
    }
    printf("open the library and its first page       median %8.3f ms   p95 %8.3f ms\n", at(&f, 50), at(&f, 95));
    return true;
}

/* Two hundred pages down. */
static bool measure_browsing(struct store *s)
{
    struct figures f = {.count = 0};
    struct walk *w = NULL;
    struct hit *hits = NULL;
    struct err e = {0};
    int count = 0;
    bool ok = walk_open(&w, s, SPAN(""), 0, PAGE, &e);
    for (int i = 0; ok && i < 200; i++) {
        int64_t start = clock_now_us();
        ok = walk_step(w, PAGE, SLICE_US, &hits, &count, &e);
        note(&f, clock_now_us() - start);
    }
    printf("a page further, 200 times                 median %8.3f ms   p95 %8.3f ms   (%d hits)\n", at(&f, 50), at(&f, 95), count);
    walk_close(w);
    free_hits(&hits, &count);
    return ok || fail("browsing", &e);
}

static void add_generation(struct piece *p, const char *text)
{
    int prompt = piece_add_prompt(p, -1, SPAN("写一首关于秋夜的诗")), index = piece_add_generation(p);
    struct generation *g = &p->generations[index];
    str_set(&g->prompt, SPAN("写一首关于秋夜的诗"));
    str_set(&g->server, SPAN("desk"));
    str_set(&g->model, SPAN("qwen3-4b"));
    g->sent_ms = clock_wall_ms();
    dials_default(&g->dials);
    int take = piece_add_take(p, -1 - index, 0);
    str_set(&p->takes[take].text, span_of(text));
    piece_choose(p, piece_add_passage(p, prompt, AUTHOR_MODEL, take));
}

/* Any text of the library's own length. */
static char *some_text(struct store *s, int64_t at)
{
    struct str text = {0};
    if (!db_text(&s->db, "SELECT text FROM takes WHERE id = ?", WITH(as_int(1 + at * 37)), &text, NULL, NULL))
        str_clear(&text);
    return str_take(&text);
}

/* Since the last call. */
static int pages_written(struct store *s)
{
    int now = 0, most = 0;
    sqlite3_db_status(s->db.handle, SQLITE_DBSTATUS_CACHE_WRITE, &now, &most, 1);
    return now;
}

/* A prompt goes out and its take ends: two durable transactions; the index is merged while the program rests, as on the desk. */
static bool measure_writing(struct store *s, const char *how)
{
    static struct figures begin, end, both, tidy;
    begin.count = end.count = both.count = tidy.count = 0;
    struct err e = {0};
    bool ok = true, more = true;
    int pages = 0;
    for (int i = 0; ok && i < 300; i++) {
        struct piece p;
        char *text = some_text(s, i);
        piece_init(&p);
        add_generation(&p, text);
        p.takes[0].state = TAKE_WAITING;
        int64_t start = clock_now_us(), sent;
        ok = store_generation_begin(s, &p, 0, &e);
        note(&begin, (sent = clock_now_us()) - start);
        p.takes[0].state = TAKE_DONE;
        ok = ok && store_take_end(s, &p.takes[0], &e);
        note(&end, clock_now_us() - sent);
        note(&both, clock_now_us() - start);
        pages += pages_written(s);
        start = clock_now_us();
        ok = ok && store_tidy(s, SLICE_US, &more, &e);
        (void)pages_written(s);
        note(&tidy, clock_now_us() - start);
        piece_release(&p);
        free(text);
    }
    printf("begin a generation (%-18s)   median %8.3f ms   p99 %8.3f ms\n", how, at(&begin, 50), at(&begin, 99));
    printf("end a take, indexed (%-18s)  median %8.3f ms   p99 %8.3f ms\n", how, at(&end, 50), at(&end, 99));
    printf("both (%-18s)                 median %8.3f ms   p99 %8.3f ms   (%.1f pages)\n", how, at(&both, 50), at(&both, 99),
           pages / 300.0);
    printf("merge the index in a pause                median %8.3f ms   p99 %8.3f ms\n", at(&tidy, 50), at(&tidy, 99));
    return ok || fail("writing", &e);
}

/* The least that keeps a text: one row in one table, as durable. */
static bool measure_floor(struct store *s, const char *how)
{
    static struct figures f;
    f.count = 0;
    struct err e = {0};
    bool ok = db_begin(&s->db, DB_DURABLE, &e) && db_end(&s->db, db_script(&s->db, "CREATE TABLE bench_floor(id INTEGER PRIMARY KEY, text TEXT)", &e), &e);
    for (int i = 0; ok && i < 300; i++) {
        char *text = some_text(s, i);
        int64_t start = clock_now_us();
        ok = db_begin(&s->db, DB_DURABLE, &e) &&
             db_end(&s->db, db_run(&s->db, "INSERT INTO bench_floor(text) VALUES(?)", WITH(as_name(text)), &e), &e);
        note(&f, clock_now_us() - start);
        free(text);
    }
    ok = ok && db_begin(&s->db, DB_DURABLE, &e) && db_end(&s->db, db_script(&s->db, "DROP TABLE bench_floor", &e), &e);
    printf("SQLite: one row, no index (%-15s) median %8.3f ms   p99 %8.3f ms\n", how, at(&f, 50), at(&f, 99));
    return ok || fail("floor", &e);
}

static void tell_size(struct store *s)
{
    int64_t pages = 0, size = 0, free_pages = 0, takes = 0, prompts = 0, own = 0, bodies = 0, count = store_generation_count(s);
    struct err e = {0};
    bool ok = db_integer(&s->db, "PRAGMA page_count", WITH_NOTHING, &pages, &e) && db_integer(&s->db, "PRAGMA page_size", WITH_NOTHING, &size, &e) &&
              db_integer(&s->db, "PRAGMA freelist_count", WITH_NOTHING, &free_pages, &e) &&
              db_integer(&s->db, "SELECT sum(length(CAST(text AS BLOB))) FROM takes", WITH_NOTHING, &takes, &e) &&
              db_integer(&s->db, "SELECT sum(length(CAST(prompt AS BLOB))) FROM generations", WITH_NOTHING, &prompts, &e) &&
              db_integer(&s->db, "SELECT sum(length(CAST(text AS BLOB))) FROM passages", WITH_NOTHING, &own, &e) &&
              db_integer(&s->db, "SELECT sum(length(CAST(request AS BLOB)) + length(CAST(context AS BLOB))) FROM bodies", WITH_NOTHING, &bodies, &e);
    if (!ok)
        return;
    double file = (double)((pages - free_pages) * size);
    printf("%lld generations, %.0f MB: %.2f × the texts of prompts and takes (%.0f MB), %.2f × all text that is kept\n", (long long)count, file / 1e6,
           file / (double)(takes + prompts), (double)(takes + prompts) / 1e6, file / (double)(takes + prompts + own + bodies));
}

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct err e = {0};
    bool only_writing = argc == 3 && !strcmp(argv[2], "writing");
    if (argc != 2 && !only_writing) {
        fprintf(stderr, "usage: library_bench FILE [writing]\n");
        return 2;
    }
    bool ok = measure_open(argv[1]) && store_open(&s, argv[1], &e);
    long before = resident_kb();
    ok = ok && (only_writing || (measure_searches(s) && measure_browsing(s)));
    if (ok && !only_writing) {
        printf("\nall keystrokes above                      median %8.3f ms   p95 %8.3f ms   CPU median %8.3f ms   p95 %8.3f ms\n", at(&all_keys, 50),
               at(&all_keys, 95), at(&all_keys_cpu, 50), at(&all_keys_cpu, 95));
        printf("memory grew by %.1f MB\n", (double)(resident_kb() - before) / 1024);
    }
    ok = ok && measure_writing(s, "durable") && measure_floor(s, "durable");
    if (ok) { /* the same work, without waiting for the disk to have it */
        s->db.always_full = true;
        ok = db_script(&s->db, "PRAGMA synchronous=OFF", &e) && measure_writing(s, "without waiting") && measure_floor(s, "without waiting");
    }
    if (ok)
        tell_size(s);
    store_close(s);
    return ok ? 0 : 1;
}
