/* A piece of 10,000 passages on the desk and in its tree: what each key costs. tree_bench RENGA [PASSAGES]. Prints figures, judges nothing.
 *
 *     deep   one line, each passage below the last
 *     wide   one root, and all others beside one another below it
 *     bushy  a line on which every passage has two takes beside it
 */
#include "core/clock.h"
#include "core/mem.h"
#include "storage/store.h"
#include "tests/bench/pty_child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMES 8
#define QUIET_MS 40

enum shape { DEEP, WIDE, BUSHY, SHAPES };
static const char *const names[SHAPES] = {"deep", "wide", "bushy"};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "tree_bench: %s\n", why);
    exit(1);
}

/* Every passage is the take of a generation of its own, as on a desk that asked so often. */
static int add(struct piece *p, int parent)
{
    int g = piece_add_generation(p), take = piece_add_take(p, -1 - g, 0);
    struct str text = {0};
    str_set(&p->generations[g].server, SPAN("bench"));
    str_set(&p->generations[g].model, SPAN("bench"));
    dials_default(&p->generations[g].dials);
    str_printf(&text, "%d 河水不说话，只把石头磨圆。 The river keeps its counsel.\n", take);
    str_set(&p->takes[take].text, str_span(&text));
    p->takes[take].state = TAKE_DONE;
    str_release(&text);
    return piece_add_passage(p, parent, AUTHOR_MODEL, take);
}

static void grow(struct piece *p, enum shape shape, int passages)
{
    int tip = add(p, -1);
    while (p->passage_count < passages) {
        int parent = tip;
        for (int i = 0; shape == BUSHY && i < 2; i++)
            add(p, parent);
        int added = add(p, parent);
        tip = shape == WIDE ? tip : added;
        if (shape == WIDE && p->passage_count == passages)
            tip = added;
    }
    piece_choose_leaf(p, tip);
}

static void make(const char *folder, enum shape shape, int passages)
{
    struct str path = {0};
    struct store *s = NULL;
    struct piece p, back;
    struct err e = {0};
    piece_init(&p);
    piece_init(&back);
    str_printf(&path, "%s/renga", folder);
    mkdir(str_text(&path), 0700);
    str_add_text(&path, "/renga.db");
    grow(&p, shape, passages);
    if (!store_open(&s, str_text(&path), &e) || !store_piece_save(s, &p, &e))
        give_up(e.text);
    int64_t from = clock_now_us();
    if (!store_piece_save(s, &p, &e) || !store_set_setting(s, "piece", SPAN("1"), &e))
        give_up(e.text);
    int64_t saved = clock_now_us();
    if (!store_piece_load(s, p.id, &back, &e))
        give_up(e.text);
    printf("%-6s saved again in %.1f ms, loaded in %.1f ms\n", names[shape], (double)(saved - from) / 1000,
           (double)(clock_now_us() - saved) / 1000);
    piece_release(&p);
    piece_release(&back);
    str_release(&path);
    store_close(s);
}

static void measure(struct pty_child *c, const char *what, const char *keys)
{
    double most = 0, all = 0;
    for (int i = 0; i < TIMES; i++) {
        int64_t before = pty_child_cpu_us(c);
        pty_child_type(c, keys);
        pty_child_read_for(c, QUIET_MS);
        double ms = (double)(pty_child_cpu_us(c) - before) / 1000;
        all += ms;
        most = ms > most ? ms : most;
    }
    printf("       %-28s %6.2f ms of CPU a key, at most %.2f\n", what, all / TIMES, most);
}

static void run(const char *renga, const char *folder, enum shape shape, int passages)
{
    static struct pty_child c;
    char homes[5][600], *environment[8] = {(char[]){"TERM=xterm-256color"}, (char[]){"LC_ALL=C.UTF-8"}};
    static const char *const variables[5] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"};
    char *argv[] = {(char *)renga, NULL};
    for (int i = 0; i < 5; i++) {
        snprintf(homes[i], sizeof homes[i], "%s=%s", variables[i], folder);
        environment[i + 2] = homes[i];
    }
    make(folder, shape, passages);
    if (!pty_child_open(&c, argv, environment) || !pty_child_wait(&c, "^G"))
        give_up("no first frame came");
    printf("       %-28s %6.1f ms\n", "first frame", (double)(clock_now_us() - c.started_us) / 1000);
    pty_child_read_for(&c, 300);
    measure(&c, "a letter in the prompt", "y");
    pty_child_type(&c, "\t");
    pty_child_read_for(&c, 900);
    measure(&c, "a letter at the page's end", "y");
    measure(&c, "a take back and on", "\x1b[1;3D\x1b[1;3C");
    measure(&c, "a screen up the page", "\x1b[5~");
    pty_child_type(&c, "\x1b<");
    pty_child_read_for(&c, 900);
    measure(&c, "a letter at the page's start", "y");
    pty_child_read_for(&c, 900);
    measure(&c, "the tree and back", "\x14\x14");
    pty_child_type(&c, "\x14");
    pty_child_read_for(&c, 300);
    measure(&c, "a row down", "\x1b[B");
    measure(&c, "a screen down", "\x1b[6~");
    measure(&c, "to the end and the start", "\x1b[4~\x1b[1~");
    measure(&c, "fold and unfold", "ff");
    measure(&c, "bookmark", "b");
    pty_child_quit(&c, "\x11");
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/renga-tree-XXXXXX";
    int passages = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 10000;
    if (argc < 2 || passages < 10)
        give_up("tree_bench RENGA [PASSAGES]");
    for (int shape = 0; shape < SHAPES; shape++) {
        if (!mkdtemp(folder))
            give_up("no folder could be made");
        run(argv[1], folder, (enum shape)shape, passages);
        char *const remove[] = {(char[]){"rm"}, (char[]){"-rf"}, folder, NULL};
        pid_t child = fork();
        if (child == 0)
            execvp("rm", remove);
        waitpid(child, NULL, 0);
        memcpy(folder, "/tmp/renga-tree-XXXXXX", sizeof folder);
    }
    return 0;
}
