#include "app/script.h"
#include "app/commands/command.h"
#include "app/desk/pull.h"
#include "app/input.h"
#include "app/loop.h"
#include "app/views/doctor.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/i18n.h"

#include <stdio.h>
#include <string.h>

#define WAIT_TURNS 1000
#define TURN_MS 10

struct step {
    const char *file;
    int line;
    struct span rest; /* what stands behind the word */
};

static bool fail(const struct step *s, struct err *e, const char *why)
{
    return err_set(e, ERR_USAGE, "%s:%d: %s", s->file, s->line, why);
}

/* The next word of the step; "" at its end. */
static struct span next_word(struct step *s)
{
    s->rest = span_trim(s->rest);
    size_t len = 0;
    while (len < s->rest.len && s->rest.s[len] != ' ')
        len++;
    struct span word = span_cut(s->rest, 0, len);
    s->rest = span_cut(s->rest, len + 1, s->rest.len);
    return word;
}

static bool next_number(struct step *s, int64_t *out)
{
    return span_integer(next_word(s), out);
}

/* -- what a step does --------------------------------------------------------------------------------------------------------------------- */

static bool set_size(struct app *app, struct step *s, struct err *e)
{
    int64_t w = 0, h = 0;
    if (!next_number(s, &w) || !next_number(s, &h) || w < 1 || h < 1 || w > 1000 || h > 1000)
        return fail(s, e, _("A size is two numbers, columns and rows."));
    term_close(app->term);
    app->term = term_open_null((int)w, (int)h);
    return true;
}

static bool stop_clock(struct app *app, struct step *s, struct err *e)
{
    int64_t wall = 0;
    (void)app;
    if (!next_number(s, &wall) || wall < 0 || wall > INT64_MAX / 1000)
        return fail(s, e, _("The clock is set to Unix time in milliseconds."));
    clock_freeze(wall * 1000, wall); /* both, so that a later one lets deadlines pass */
    return true;
}

static bool type_text(struct app *app, struct step *s, struct err *e)
{
    (void)e;
    input_handle(app, &(struct input){.kind = INPUT_TEXT, .text = s->rest});
    return true;
}

static bool paste_text(struct app *app, struct step *s, struct err *e)
{
    struct str text = {0};
    (void)e;
    for (size_t i = 0; i < s->rest.len; i++) {
        bool newline = s->rest.s[i] == '\\' && i + 1 < s->rest.len && s->rest.s[i + 1] == 'n';
        str_add_byte(&text, newline ? '\n' : s->rest.s[i]);
        i += newline;
    }
    input_handle(app, &(struct input){.kind = INPUT_PASTE, .text = str_span(&text)});
    str_release(&text);
    return true;
}

static bool press_keys(struct app *app, struct step *s, struct err *e)
{
    for (struct span name = next_word(s); name.len; name = next_word(s)) {
        struct input in = {.kind = INPUT_KEY};
        if (!key_parse(name, &in.key))
            return fail(s, e, _("This is not the name of a key."));
        char c = name.s[0];
        if (name.len == 1 && (unsigned char)c > ' ') /* a plain character is typed, as a terminal would send it */
            in = (struct input){.kind = INPUT_TEXT, .text = name};
        input_handle(app, &in);
    }
    return true;
}

static bool run_command(struct app *app, struct step *s, struct err *e)
{
    const struct command *c = command_find(next_word(s));
    if (!c)
        return fail(s, e, _("There is no such command."));
    command_run(app, c);
    return true;
}

static bool use_mouse(struct app *app, struct step *s, struct err *e)
{
    static const char *const kinds[] = {"press", "drag", "release", "up", "down"};
    struct span kind = next_word(s);
    int64_t x = 0, y = 0;
    for (int i = 0; i < 5; i++)
        if (span_is(kind, kinds[i]) && next_number(s, &x) && next_number(s, &y)) {
            struct mouse m = {.kind = (enum mouse_kind)i, .button = 1, .x = (int)x, .y = (int)y};
            input_handle(app, &(struct input){.kind = INPUT_MOUSE, .mouse = m});
            return true;
        }
    return fail(s, e, _("A mouse step is press, drag, release, up or down, with a column and a row."));
}

/* -- looking ---------------------------------------------------------------------------------------------------------------------------------- */

static void dump(struct app *app, struct str *out)
{
    loop_paint(app);
    canvas_dump(&app->canvas, out);
}

static bool shows(struct app *app, struct span text)
{
    struct str screen = {0};
    dump(app, &screen);
    bool found = span_find(str_span(&screen), text, 0) >= 0;
    str_release(&screen);
    return found;
}

static bool busy(const struct app *app)
{
    return engine_busy(&app->engine, NULL) || app->servers.awaited.ticket || app->servers.quiet.ticket || app->study.learning ||
           desk_pulls(app) || app->test.trial || doctor_looks(app);
}

static bool wait_for(struct app *app, struct step *s, struct err *e)
{
    bool text = span_is(next_word(s), "text");
    for (int i = 0; i < WAIT_TURNS; i += muse_busy(app->muse) ? 0 : 1) { /* the muse is as quick as the machine */
        if (text ? shows(app, s->rest) : !busy(app))
            return true;
        loop_turn(app, TURN_MS);
    }
    struct str screen = {0};
    dump(app, &screen);
    fputs(str_text(&screen), stderr);
    str_release(&screen);
    return fail(s, e, _("What was waited for did not come."));
}

static bool print_screen(struct app *app, struct step *s, struct err *e)
{
    struct str screen = {0};
    (void)e;
    dump(app, &screen);
    printf("── %.*s\n%s", SPAN_ARG(s->rest), str_text(&screen));
    fflush(stdout); /* what fails later is said on standard error, behind it */
    str_release(&screen);
    return true;
}

static bool expect(struct app *app, struct step *s, struct err *e)
{
    return shows(app, s->rest) ? true : fail(s, e, _("The screen does not show it."));
}

static bool refuse(struct app *app, struct step *s, struct err *e)
{
    return shows(app, s->rest) ? fail(s, e, _("The screen shows it.")) : true;
}

static const struct {
    const char *word;
    bool (*run)(struct app *app, struct step *s, struct err *e);
} steps[] = {
    {"size", set_size},     {"clock", stop_clock},  {"type", type_text},      {"paste", paste_text}, {"key", press_keys},
    {"mouse", use_mouse},   {"wait", wait_for},     {"command", run_command}, {"screen", print_screen},
    {"expect", expect},     {"refuse", refuse},
};

static bool run_step(struct app *app, struct step *s, struct err *e)
{
    struct span word = next_word(s);
    if (word.len == 0 || word.s[0] == '#')
        return true;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (span_is(word, steps[i].word))
            return steps[i].run(app, s, e);
    return fail(s, e, _("This is not a step of a script."));
}

bool script_run(struct app *app, const char *file, struct err *e)
{
    struct str text = {0};
    struct step s = {.file = file};
    bool ok = file_read(strcmp(file, "-") ? file : "/dev/stdin", &text, 1u << 20, e);
    struct span rest = str_span(&text);
    while (ok && !app->quit && span_line(&rest, &s.rest)) {
        s.line++;
        ok = run_step(app, &s, e);
    }
    str_release(&text);
    return ok;
}
