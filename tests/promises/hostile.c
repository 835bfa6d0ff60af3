/* Promise 1: hostile texts in every place that shows text, on the command line and on the desk: hostile RENGA FAKE_SERVER FOLDER.
 * RENGA_HOSTILE names one more folder of them. */
#include "core/file.h"
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

/* -- the text of a file in all places ------------------------------------------------------------------------------------------------------ */

static void furnish(const char *path)
{
    static const char *const models[] = {"text", "error", "page", "late"};
    struct str config = {0};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        str_printf(&config, "[server %s]\nurl = http://127.0.0.1:%d%s/v1\nmodel = %s\n", models[i], stage_port(), path, models[i]);
    stage_furnish_with("hostile", str_span(&config));
    str_release(&config);
}

static void try_file(const char *path)
{
    struct str text = {0};
    assert_true(file_read(path, &text, FILE_MAX, NULL));
    furnish(path);
    on_the_command_line(path, argument_of(str_span(&text)));
    on_the_desk(path, str_span(&text));
    str_release(&text);
    figures.files++;
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

static void nothing_hostile_reaches_the_terminal(void **state)
{
    (void)state;
    for (int f = 0; f < FOLDERS_MAX && folders[f]; f++) {
        char *paths[200];
        size_t count = list_texts(folders[f], paths, sizeof paths / sizeof *paths);
        for (size_t i = 0; i < count; i++) {
            try_file(paths[i]);
            try_as_settings(paths[i]);
            free(paths[i]);
        }
    }
    promise(1, "obeyed", figures.odd, "%zu hostile files in %zu places, %zu bytes to the terminal audited", figures.files, figures.places,
            figures.bytes);
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
    return cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
}
