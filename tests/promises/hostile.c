/* Promise 1: hostile texts in every place that shows text, on the command line and on the desk: hostile RENGA FAKE_SERVER FOLDER,
 * or in every room of a desk whose names they are: … FOLDER rooms. RENGA_HOSTILE names one more folder of them. */
#include "core/file.h"
#include "core/ini.h"
#include "tests/app/escapes.h"
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILE_MAX (4u << 20)
#define TEXT_MAX 1500 /* what is typed and given in arguments of a file */
#define FOLDERS_MAX 2

static const char *folders[FOLDERS_MAX];
static bool rooms_only;

static struct {
    size_t files, places, bytes, odd;
} figures;

/* -- the texts ----------------------------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The paths of the folder's texts, in order. */
static size_t list_texts(const char *folder, char **paths, size_t max)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) && count < max;) {
        char path[4096];
        if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "index.md"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        paths[count++] = realpath(path, NULL);
    }
    closedir(dir);
    qsort(paths, count, sizeof *paths, by_name);
    return count;
}

/* Its beginning without NUL, which no argument holds and no key sends. */
static char *argument_of(struct span text)
{
    static char out[TEXT_MAX + 1];
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < TEXT_MAX; i++)
        if (text.s[i])
            out[len++] = text.s[i];
    out[len] = '\0';
    return out;
}

/* As a terminal sends what is pasted: without the mark that would end it. */
static void paste(struct terminal *t, struct span text)
{
    struct str typed = {0};
    str_add_text(&typed, argument_of(text));
    for (ptrdiff_t at; (at = span_find(str_span(&typed), SPAN("201~"), 0)) >= 0;)
        str_splice(&typed, (size_t)at, 4, SPAN(""));
    terminal_type(t, ESC "[200~");
    terminal_type(t, str_text(&typed));
    terminal_type(t, ESC "[201~");
    str_release(&typed);
}

/* -- what may not happen ------------------------------------------------------------------------------------------------------------------- */

static void audit(struct terminal *t, const char *path, const char *place)
{
    ptrdiff_t odd = escapes_first_odd(str_span(&t->bytes));
    figures.places++;
    figures.bytes += t->bytes.len;
    if (odd < 0 && !t->answers && !t->titles)
        return;
    figures.odd++;
    fprintf(stderr, "%s, %s: ", path, place);
    for (size_t i = 0; odd >= 0 && i < 24 && (size_t)odd + i < t->bytes.len; i++)
        fprintf(stderr, "%02x ", (unsigned char)t->bytes.s[(size_t)odd + i]);
    fprintf(stderr, "%zu bytes were answered, the title was set %zu times\n", t->answers, t->titles);
}

/* -- the command line ---------------------------------------------------------------------------------------------------------------------- */

static void run(const char *path, const char *place, const char *const *args)
{
    struct terminal t;
    stage_command(&t, "hostile", 80, 24, args);
    assert_true(terminal_wait_end(&t) < 128);
    audit(&t, path, place);
    terminal_close(&t);
}

#define RUN(path, place, ...) run(path, place, (const char *const[]){__VA_ARGS__, NULL})

static void on_the_command_line(const char *path, char *text)
{
    RUN(path, "a take", "write", "-p", "x", "-s", "text");
    RUN(path, "a take at once", "write", "-p", "x", "-s", "text", "--no-stream");
    RUN(path, "a take as JSON", "write", "-p", "x", "-s", "text", "-j");
    RUN(path, "a refusal", "write", "-p", "x", "-s", "error");
    RUN(path, "a page", "write", "-p", "x", "-s", "page");
    RUN(path, "a late error", "write", "-p", "x", "-s", "late");
    RUN(path, "names of models", "models", "-s", "text");
    RUN(path, "names of models as JSON", "models", "-s", "text", "-j");
    RUN(path, "a prompt", "write", "-s", "text", "--project", text, "-p", text);
    RUN(path, "the name of a model", "write", "-p", "x", "-s", "text", "-m", text);
    RUN(path, "the name of a server", "ping", text);
    RUN(path, "the name of a template", "write", "--template", text);
    RUN(path, "the value of a dial", "write", "x", "--temperature", text);
    RUN(path, "an unknown command", text);
    RUN(path, "a file's name", "import", text);
    RUN(path, "an import", "import", path, "--project", text);
    RUN(path, "projects", "projects");
    RUN(path, "servers", "servers");
    RUN(path, "templates", "templates");
    RUN(path, "a doctor", "doctor");
    RUN(path, "the history", "history");
    RUN(path, "a search", "history", text);
    RUN(path, "a generation", "show", "1");
    RUN(path, "a page of text", "export", "--all", "-f", "txt", "-o", "-");
    RUN(path, "a page of Markdown", "export", "--all", "-o", "-");
    RUN(path, "a bundle", "export", "--all", "-f", "jsonl", "-o", "-");
}

/* -- the desk ------------------------------------------------------------------------------------------------------------------------------ */

/* Returns when all that was typed has been answered: a sign of its own is typed where text goes, seen, and taken back. */
static void settle(struct terminal *t)
{
    static const char *const signs[] = {"厵", "灥", "麤"};
    static unsigned turn;
    const char *sign = signs[turn++ % 3];
    terminal_type(t, sign);
    terminal_wait_text(t, sign);
    terminal_type(t, "\x7f");
}

static void leave(struct terminal *t, const char *title)
{
    terminal_type(t, ESC);
    terminal_wait_no_text(t, title);
}

/* A popup that asks for text is opened, fed and left. */
static void feed(struct terminal *t, const char *key, const char *title, struct span text)
{
    terminal_type(t, key);
    terminal_wait_text(t, title);
    paste(t, text);
    settle(t);
    leave(t, title);
}

static void on_the_desk(const char *path, struct span text)
{
    struct terminal t;
    stage_start(&t, "hostile", 80, 24);
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, "x"); /* something to ask, whatever the text */
    paste(&t, text);
    settle(&t);
    terminal_type(&t, KEY_CTRL('G'));
    settle(&t);
    terminal_type(&t, "\t"); /* the page */
    paste(&t, text);
    settle(&t);
    feed(&t, KEY_CTRL('P'), "─ Commands ─", text);
    feed(&t, KEY_CTRL('F'), "─ Find ─", text);
    terminal_type(&t, ESC "OS"); /* F4 */
    terminal_wait_text(&t, "What ^G would send");
    leave(&t, "What ^G would send");
    terminal_type(&t, KEY_CTRL('R'));
    terminal_wait_text(&t, "─ Library ─");
    leave(&t, "─ Library ─");
    feed(&t, KEY_CTRL('R'), "─ Library ─", text);
    terminal_type(&t, KEY_CTRL('Q'));
    terminal_type(&t, KEY_CTRL('Q'));
    assert_int_equal(terminal_wait_end(&t), 0);
    terminal_check_restored(&t);
    audit(&t, path, "the desk");
    terminal_close(&t);
}

struct room {
    const char *key, *title;
    bool takes_text;
};

static const struct room rooms[] = {
    {ESC "OP", "─ Help ─", false}, {ESC "OQ", "─ Servers ─", true},    {ESC "i", "─ Templates ─", true}, {ESC "m", "─ Models ─", true},
    {ESC "p", "─ Presets ─", true}, {ESC "t", "─ Themes ─", true},     {ESC "f", "─ Forms ─", true},     {ESC "x", "─ Export ─", false},
    {ESC "s", "─ Sweep ─", false},  {ESC "k", "─ Odds ─", false},      {"\x14", "─ Tree ·", false},      {ESC "j", "─ Projects ─", true},
};

static void visit(struct terminal *t, const char *key, const char *title)
{
    terminal_type(t, key);
    terminal_wait_text(t, title);
    leave(t, title);
}

/* Where names and first lines are listed, and what is typed there. */
static void in_every_room(const char *path, struct span text)
{
    struct terminal t;
    char unlike[32]; /* no two projects have one name */
    stage_start(&t, "hostile", 120, 36);
    terminal_type(&t, KEY_CTRL('N'));
    terminal_type(&t, "x\x07");
    terminal_wait_text(&t, "› 1 "); /* its row among the takes */
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
        if (rooms[i].takes_text)
            feed(&t, rooms[i].key, rooms[i].title, text);
        else
            visit(&t, rooms[i].key, rooms[i].title);
    terminal_type(&t, ESC "l"); /* a memory */
    terminal_wait_text(&t, "n new entry");
    terminal_type(&t, "\r");
    terminal_wait_no_text(&t, "n new entry");
    paste(&t, text);
    settle(&t);
    terminal_type(&t, ESC);
    terminal_wait_text(&t, "n new entry");
    leave(&t, "n new entry");
    terminal_type(&t, ESC "j"); /* a project of that name, as it is told and as it stands above the desk and in the list */
    terminal_wait_text(&t, "─ Projects ─");
    terminal_type(&t, "\x0e");
    terminal_wait_text(&t, "─ New project ─");
    snprintf(unlike, sizeof unlike, "%zu", figures.files);
    terminal_type(&t, unlike);
    paste(&t, text);
    settle(&t);
    terminal_type(&t, "\r");
    terminal_wait_no_text(&t, "─ New project ─");
    leave(&t, "─ Projects ─");
    visit(&t, ESC "OQ", "─ Servers ─");
    terminal_type(&t, KEY_CTRL('Q'));
    assert_int_equal(terminal_wait_end(&t), 0);
    terminal_check_restored(&t);
    audit(&t, path, "the rooms");
    terminal_close(&t);
}

/* -- the text of a file in all places ------------------------------------------------------------------------------------------------------ */

/* One line of the text that may be a name between brackets and in a folder. */
static void add_name(struct str *out, struct span text)
{
    for (size_t i = 0; i < text.len && out->len < 60; i++)
        if (text.s[i] && !strchr("]\n/", text.s[i]))
            str_add_byte(out, text.s[i]);
}

static void write_beside_config(const char *folder, struct span name, struct span text)
{
    struct str path = {0};
    struct err e = {.kind = ERR_NONE};
    str_printf(&path, "%s/hostile/renga/%s", stage_folder(), folder);
    assert_true(folder_make(str_text(&path), &e));
    str_printf(&path, "/%.*s.txt", SPAN_ARG(name));
    assert_true(file_write(str_text(&path), text, &e));
    str_release(&path);
}

/* Servers that say what the file says; one and a preset that are named so; themes, templates and keys that read so. */
static void furnish(const char *path, struct span text)
{
    static const char *const models[] = {"text", "error", "page", "late"};
    struct str config = {0}, name = {0}, quoted = {0}, keys = {0};
    struct err e = {.kind = ERR_NONE};
    add_name(&name, text);
    ini_quote(&quoted, str_span(&name));
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        str_printf(&config, "[server %s]\nurl = http://127.0.0.1:%d%s/v1\nmodel = %s\n", models[i], stage_port(), path, models[i]);
    str_printf(&config, "[server %s]\nurl = http://127.0.0.1:9\nmodel = %s\nsystem = %s\n", str_text(&name), str_text(&quoted), str_text(&quoted));
    str_printf(&config, "[preset %s]\nhelp = %s\ndials = temperature=1\n", str_text(&name), str_text(&quoted));
    stage_furnish_with("hostile", str_span(&config));
    write_beside_config("themes", str_span(&name), text);
    write_beside_config("templates", str_span(&name), text);
    str_printf(&keys, "%s/hostile/renga/keys", stage_folder());
    assert_true(file_write(str_text(&keys), text, &e));
    str_release(&config);
    str_release(&name);
    str_release(&quoted);
    str_release(&keys);
}

static void try_as_settings(const char *path)
{
    static const char *const args[] = {"servers", NULL};
    struct str text = {0};
    struct terminal t;
    assert_true(file_read(path, &text, FILE_MAX, NULL));
    stage_furnish_with("settings", str_span(&text));
    stage_command(&t, "settings", 80, 24, args);
    assert_true(terminal_wait_end(&t) < 128);
    audit(&t, path, "the config");
    terminal_close(&t);
    str_release(&text);
}

static void try_file(const char *path)
{
    struct str text = {0};
    assert_true(file_read(path, &text, FILE_MAX, NULL));
    furnish(path, str_span(&text));
    if (rooms_only) {
        RUN(path, "a take", "write", "-p", "x", "-s", "text", "--project", argument_of(str_span(&text)));
        in_every_room(path, str_span(&text));
    } else {
        on_the_command_line(path, argument_of(str_span(&text)));
        on_the_desk(path, str_span(&text));
        try_as_settings(path);
    }
    str_release(&text);
    figures.files++;
}

static void nothing_hostile_reaches_the_terminal(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS_MAX && folders[f]; f++) {
        char *paths[200];
        size_t count = list_texts(folders[f], paths, sizeof paths / sizeof *paths);
        for (size_t i = 0; i < count; i++) {
            try_file(paths[i]);
            free(paths[i]);
        }
    }
    promise(1, "obeyed", figures.odd, "%zu hostile files in %zu %s, %zu bytes to the terminal audited", figures.files, figures.places,
            rooms_only ? "homes full of them" : "places", figures.bytes);
    assert_int_equal(figures.odd, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_hostile_reaches_the_terminal)};
    if (argc < 4)
        return 2;
    stage_programs(argv[1], argv[2]);
    folders[0] = argv[3];
    folders[1] = getenv("RENGA_HOSTILE");
    rooms_only = argc > 4;
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
