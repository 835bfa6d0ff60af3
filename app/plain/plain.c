#include "app/plain/plain.h"
#include "app/plain/parts.h"
#include "app/desk/desk.h"
#include "app/desk/pull.h"
#include "app/loop.h"
#include "app/server_test.h"
#include "app/views/doctor.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES (16u << 20)

struct plain *plain_new(void)
{
    struct plain *p = mem_new(1, sizeof *p);
    printer_init(&p->out, STDOUT_FILENO);
    p->out.terminal = true; /* the safe form, into a pipe as well: speech and braille read it */
    p->terminal = isatty(STDIN_FILENO);
    p->asked = -1;
    return p;
}

void plain_free(struct plain *p)
{
    if (!p)
        return;
    printer_release(&p->out);
    told_release(&p->before);
    str_release(&p->heard);
    str_release(&p->form_said);
    str_release(&p->lines);
    str_release(&p->trouble);
    free(p->follow.takes);
    free(p);
}

/* -- hearing -------------------------------------------------------------------------------------------------------------------------------- */

static bool is_busy(const struct app *app)
{
    return engine_busy(&app->engine, NULL) || app->servers.awaited.ticket || app->servers.quiet.ticket || server_test_busy(app) ||
           doctor_looks(app) || follow_busy(app);
}

/* A pipe has written everything in advance: its next line is meant for when the model is done. */
static bool may_hear(const struct app *app)
{
    return app->plain->terminal || !is_busy(app);
}

static bool has_line(const struct plain *p)
{
    return p->heard.len && (p->ended || memchr(p->heard.s, '\n', p->heard.len));
}

int plain_fd(const struct app *app)
{
    const struct plain *p = app->plain;
    return p && !p->ended && !has_line(p) ? STDIN_FILENO : -1;
}

void plain_read(struct app *app)
{
    static char bytes[65536];
    struct plain *p = app->plain;
    ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count > 0 && p->heard.len + (size_t)count <= LINE_MAX_BYTES)
        str_add(&p->heard, (struct span){bytes, (size_t)count});
    else if (count > 0)
        plain_say(app, "%s", _("That line is too long; it was left out."));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        p->ended = true;
}

bool plain_interrupt(struct app *app)
{
    if (app->plain)
        app->plain->interrupted = true;
    return app->plain != NULL;
}

static void hear_next(struct app *app)
{
    struct plain *p = app->plain;
    struct str clean = {0};
    const char *end = memchr(p->heard.s, '\n', p->heard.len);
    size_t len = end ? (size_t)(end - p->heard.s) : p->heard.len;
    utf8_add_clean(&clean, (struct span){p->heard.s, len});
    str_splice(&p->heard, 0, end ? len + 1 : len, SPAN(""));
    if (clean.len && clean.s[clean.len - 1] == '\n') /* a carriage return stood there */
        str_cut(&clean, clean.len - 1);
    plain_hear(app, str_span(&clean));
    str_release(&clean);
}

/* -- saying what comes by itself --------------------------------------------------------------------------------------------------------------- */

static void say_trouble(struct app *app)
{
    struct plain *p = app->plain;
    const struct err *unkept = app->save_err.kind ? &app->save_err : &app->engine.storage_err;
    struct span now = unkept->kind ? span_of(unkept->text) : SPAN("");
    if (span_equal(now, str_span(&p->trouble)))
        return;
    if (now.len)
        plain_sentence(app, now);
    else
        plain_say(app, "%s", _("Everything is kept again."));
    str_set(&p->trouble, now);
}

static void stop_writing(struct app *app)
{
    app->plain->interrupted = false;
    if (engine_busy(&app->engine, NULL)) {
        engine_cancel_all(&app->engine, NULL);
        plain_say(app, "%s", _("Stopped; what came is kept."));
    } else {
        plain_say(app, "%s", _("Nothing is being written. /quit leaves; everything is kept."));
    }
}

static void say_message(struct app *app)
{
    if (app->message.len)
        plain_sentence(app, str_span(&app->message));
    str_clear(&app->message);
}

/* A quarter of a model is news. */
static void say_fetching(struct app *app)
{
    struct plain *p = app->plain;
    struct str line = {0};
    int quarter = desk_pull_percent(app) / 25;
    if (!desk_pulls(app))
        p->fetched = 0;
    if (quarter <= p->fetched)
        return;
    p->fetched = quarter;
    desk_pull_tell(app, &line);
    plain_lines(app, str_span(&line));
    str_release(&line);
}

/* Where a prompt went out from the page, the writer is on the page again, behind what came. */
static void return_to_page(struct app *app)
{
    struct plain *p = app->plain;
    if (!p->to_page || is_busy(app) || app->picker.open || app->form.open)
        return;
    p->to_page = false;
    if (app->view == VIEW_DESK)
        desk_focus(app, FOCUS_PAGE);
    editor_after_change(&app->desk.page, buffer_length(app->page.buf));
}

static void step(struct app *app)
{
    struct plain *p = app->plain;
    if (p->interrupted)
        stop_writing(app);
    follow_look(app);
    follow_step(app);
    plain_doctor_step(app);
    say_fetching(app);
    say_message(app);
    say_trouble(app);
    if (!is_busy(app))
        plain_ask_again(app);
    return_to_page(app);
    if (has_line(p) && may_hear(app))
        hear_next(app);
    else if (p->ended && !has_line(p) && !is_busy(app) && !app->study.learning && !desk_pulls(app))
        app->quit = true;
}

static void greet(struct app *app)
{
    plain_say(app, "%s", _("renga by lines. What you type is yours, on the page; /ask and your words ask a model, /go goes on with the page, "
                           "/help lists everything, /quit leaves; all is kept."));
    desk_focus(app, FOCUS_PAGE);
    say_message(app);
    loop_paint(app);
    plain_say_desk(app);
}

void plain_run(struct app *app)
{
    struct plain *p = app->plain;
    app->plain->follow.known = app->piece.take_count;
    loop_begin(app);
    greet(app);
    while (!app->quit) {
        bool at_once = p->interrupted || p->ended || (has_line(p) && may_hear(app));
        loop_turn(app, at_once ? (is_busy(app) ? 10 : 0) : -1);
        step(app);
    }
}
