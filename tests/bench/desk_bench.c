/* The desk beside its floor, in turns: desk_bench RENGA FLOOR PORT HOMES [ROUNDS] prints one row for each figure.
 *
 * HOMES holds three homes: `new` without a library, `one` and `four` with a large one and a config that asks for as
 * many takes. On PORT answers tests/server/fake_server. Figures are milliseconds, and medians unless they say so. */
#include "core/clock.h"
#include "core/mem.h"
#include "pty_child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK     "quit"  /* stands in the last row of the first frame of both */
#define ASK      "x\x07" /* a prompt and ^G */
#define STOP     "\x1b"
#define NEW      "\x0e"  /* ^N */
#define DELETE   "\x7f"
#define MODEL    "count-800-200"
#define TOKENS   800 /* of each take */
#define STARTS   10  /* a round; so are the keys */
#define KEYS     70
#define MOST     1000

struct figures {
    int count;
    double of[MOST];
};

enum row {
    START_NEW,
    START_NEW_CPU,
    START_FULL,
    START_FULL_CPU,
    IDLE_CPU,
    ECHO_IDLE,
    ECHO_ONE,
    ECHO_FOUR,
    TOKEN_ONE,
    TOKEN_FOUR,
    BYTES_ONE,
    BYTES_FOUR,
    MEMORY,
    ROWS
};

struct program {
    const char *path, *quit;
    bool is_floor;
    struct figures figures[ROWS];
};

static const char *port, *homes;

/* -- figures ------------------------------------------------------------------------------------------------------- */

static void figures_add(struct figures *f, double value)
{
    if (f->count < MOST)
        f->of[f->count++] = value;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double figures_at(struct figures *f, double part)
{
    if (f->count == 0)
        return 0;
    qsort(f->of, (size_t)f->count, sizeof *f->of, compare);
    return f->of[(int)(part * (f->count - 1) + 0.5)];
}

/* `part` is 0.5 for the median. */
static void print_row(const char *name, struct program *floor, struct program *renga, enum row row, double part,
                      const char *target)
{
    double least = figures_at(&floor->figures[row], part), ours = figures_at(&renga->figures[row], part);
    printf("%-50s %9.3f %9.3f", name, least, ours);
    if (least > 0)
        printf(" %6.1f×", ours / least);
    else
        printf("       –");
    printf("  %s\n", target);
}

static void print_rows(struct program *floor, struct program *renga)
{
    static const struct {
        const char *name;
        enum row row;
        double part;
        const char *target;
    } rows[] = {
        {"start to the first frame, new library", START_NEW, 0.5, "≤ 3×"},
        {"  its CPU until at rest", START_NEW_CPU, 0.5, "≤ 3×"},
        {"start to the first frame, 100,000 generations", START_FULL, 0.5, "≤ 3×"},
        {"  its CPU until at rest", START_FULL_CPU, 0.5, "≤ 3×"},
        {"CPU in 2 s idle", IDLE_CPU, 0.5, "0"},
        {"key echo, idle", ECHO_IDLE, 0.5, ""},
        {"key echo, idle, p99", ECHO_IDLE, 0.99, "< 1 ms"},
        {"key echo, 1 take streaming", ECHO_ONE, 0.5, ""},
        {"key echo, 1 take streaming, p99", ECHO_ONE, 0.99, ""},
        {"key echo, 4 takes streaming", ECHO_FOUR, 0.5, ""},
        {"key echo, 4 takes streaming, p99", ECHO_FOUR, 0.99, "< 8 ms"},
        {"CPU a token, 1 take of 200 tok/s", TOKEN_ONE, 0.5, "≤ 2×"},
        {"CPU a token, 4 takes of 200 tok/s", TOKEN_FOUR, 0.5, "≤ 2×"},
        {"bytes to the terminal a token, 1 take (bytes)", BYTES_ONE, 0.5, ""},
        {"bytes to the terminal a token, 4 takes (bytes)", BYTES_FOUR, 0.5, ""},
        {"largest resident memory (MB)", MEMORY, 1, "< 20 MB"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        print_row(rows[i].name, floor, renga, rows[i].row, rows[i].part, rows[i].target);
}

/* -- running ------------------------------------------------------------------------------------------------------- */

static _Noreturn void give_up(const struct program *p, const char *why)
{
    fprintf(stderr, "desk_bench: %s: %s\n", p->path, why);
    exit(1);
}

/* Starts it in one of the homes and waits for its first frame; the milliseconds that took. */
static double start(struct program *p, struct pty_child *c, const char *home)
{
    static const char *const folders[] = {
        "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
    };
    char places[COUNT_OF(folders)][512], url[64];
    char *environment[COUNT_OF(folders) + 3] = {(char[]){"TERM=xterm-256color"}, (char[]){"LC_ALL=C.UTF-8"}};
    char *takes = strcmp(home, "four") ? (char[]){"1"} : (char[]){"4"}, *path = (char *)p->path;
    char *renga[] = {path, (char[]){"--url"}, url, (char[]){"--model"}, (char[]){MODEL}, NULL};
    char *floor[] = {path, (char *)port, (char[]){MODEL}, takes, NULL};
    snprintf(url, sizeof url, "http://127.0.0.1:%s", port);
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        snprintf(places[i], sizeof places[i], "%s=%s/%s", folders[i], homes, home);
        environment[i + 2] = places[i];
    }
    if (!pty_child_open(c, p->is_floor ? floor : renga, environment) || !pty_child_wait(c, MARK))
        give_up(p, "no first frame came");
    return (double)(clock_now_us() - c->started_us) / 1000;
}

static double cpu_ms(const struct pty_child *c)
{
    return (double)pty_child_cpu_us(c) / 1000;
}

static void measure_start(struct program *p, const char *home, bool large)
{
    static struct pty_child c;
    figures_add(&p->figures[large ? START_FULL : START_NEW], start(p, &c, home));
    pty_child_read_for(&c, 100);
    figures_add(&p->figures[large ? START_FULL_CPU : START_NEW_CPU], cpu_ms(&c));
    pty_child_quit(&c, p->quit);
}

static void measure_idle(struct program *p, struct pty_child *c)
{
    double before = cpu_ms(c);
    pty_child_read_for(c, 2000);
    figures_add(&p->figures[IDLE_CPU], cpu_ms(c) - before);
}

/* A letter comes back, goes again, and the next one waits for a moment that keeps no time with the stream. The letters
 * stand in nothing else that is written; they take turns, for one that replaced itself would not be written. */
static void measure_keys(struct program *p, struct pty_child *c, enum row row)
{
    for (int i = 0; i < KEYS; i++) {
        const char *letter = i % 2 ? "U" : "Y";
        int64_t typed_us = clock_now_us();
        pty_child_type(c, letter);
        if (!pty_child_wait(c, letter))
            give_up(p, "a letter did not come back");
        figures_add(&p->figures[row], (double)(clock_now_us() - typed_us) / 1000);
        pty_child_type(c, DELETE);
        pty_child_read_for(c, 12 + i * 7 % 13);
    }
}

/* All of one generation, the request and the library's part included. */
static void measure_stream(struct program *p, struct pty_child *c, bool four)
{
    double before = cpu_ms(c), tokens = four ? 4 * TOKENS : TOKENS;
    size_t written = c->written;
    pty_child_type(c, ASK);
    if (!pty_child_wait_quiet(c, 500))
        give_up(p, "the stream did not end");
    if (c->written - written < TOKENS * 3)
        give_up(p, "the stream did not come");
    figures_add(&p->figures[four ? TOKEN_FOUR : TOKEN_ONE], (cpu_ms(c) - before) / tokens);
    figures_add(&p->figures[four ? BYTES_FOUR : BYTES_ONE], (double)(c->written - written) / tokens);
}

static void measure_session(struct program *p, bool four)
{
    static struct pty_child c;
    start(p, &c, four ? "four" : "one");
    pty_child_type(&c, NEW);
    pty_child_read_for(&c, four ? 500 : 1500); /* what a change brings late, a save, is not idleness */
    if (!four) {
        measure_idle(p, &c);
        measure_keys(p, &c, ECHO_IDLE);
    }
    measure_stream(p, &c, four);
    pty_child_type(&c, ASK);
    pty_child_read_for(&c, 300);
    measure_keys(p, &c, four ? ECHO_FOUR : ECHO_ONE);
    figures_add(&p->figures[MEMORY], (double)pty_child_peak_kb(&c) / 1024);
    pty_child_type(&c, STOP); /* and a decent end, or the next start looks after a crash */
    pty_child_read_for(&c, 300);
    pty_child_quit(&c, p->quit);
}

static void measure_round(struct program *floor, struct program *renga)
{
    for (int i = 0; i < STARTS; i++) {
        measure_start(floor, "new", false);
        measure_start(renga, "new", false);
        measure_start(floor, "one", true);
        measure_start(renga, "one", true);
    }
    for (int four = 0; four < 2; four++) {
        measure_session(floor, four);
        measure_session(renga, four);
    }
}

int main(int argc, char **argv)
{
    static struct program floor = {.quit = "q", .is_floor = true}, renga = {.quit = "\x11"};
    long rounds = argc > 5 ? strtol(argv[5], NULL, 10) : 1;
    if (argc < 5) {
        fprintf(stderr, "usage: desk_bench RENGA FLOOR PORT HOMES [ROUNDS]\n");
        return 2;
    }
    renga.path = argv[1];
    floor.path = argv[2];
    port = argv[3];
    homes = argv[4];
    for (long i = 0; i < rounds; i++)
        measure_round(&floor, &renga);
    print_rows(&floor, &renga);
    return 0;
}
