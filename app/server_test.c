#include "app/server_test.h"
#include "app/doctor/ping.h"
#include "app/engine/compose.h"
#include "app/servers.h"
#include "core/i18n.h"

#define ASK_MS 15000

static void say(struct app *app, enum role_id role, const char *text)
{
    str_set(&app->form.message, span_of(text));
    app->form.message_role = role;
    app_touch(app, true);
}

/* A form cannot show a picker over itself: the question stands in its message, and the same key again is the yes. */
static bool may_be_sent(struct app *app, const struct server *server)
{
    struct str host = {0}, question = {0};
    if (!server_is_exposed(server) || span_is(str_span(&app->test.allowed), server->url))
        return true;
    str_set(&app->test.allowed, span_of(server->url));
    url_label(server->url, &host);
    str_printf(&question, _("Plain http to %s: anyone on the way can read what is sent, the key too. The same key again tests it all the same; "
                            "https:// keeps it private."), str_text(&host));
    say(app, STYLE_WARNING, str_text(&question));
    str_release(&host);
    str_release(&question);
    return false;
}

/* All that the form says, a line each. */
static void add_form(struct app *app, struct str *out)
{
    for (int i = 0; i < app->form.count; i++)
        str_printf(out, "%.*s\n", SPAN_ARG(fields_text(&app->form, i)));
}

bool server_test_goes_on(struct app *app)
{
    struct str form = {0};
    if (app->test.on)
        add_form(app, &form);
    bool same = app->test.on && span_equal(str_span(&form), str_span(&app->test.form));
    str_release(&form);
    return same;
}

/* -- the two steps ------------------------------------------------------------------------------------------------------------------ */

static void ask_for_models(struct app *app, const struct server *server)
{
    struct err err = {0};
    server_release(&app->test.server);
    server_copy(&app->test.server, server);
    str_clear(&app->test.form);
    add_form(app, &app->test.form);
    bool asked = servers_question(app, server, ASK_MS, &app->test.ticket, &err);
    if (!asked)
        app->test.ticket = 0;
    say(app, asked ? STYLE_DIM : STYLE_ERROR, asked ? _("Asking…") : err.text);
}

/* A key's command may ask for a passphrase: it gets the terminal. */
static void ask_for_a_token(struct app *app)
{
    struct err err = {0};
    struct trial *t = app->test.trial = trial_new(app->net, &app->test.server, str_span(&app->test.model));
    bool leave = trial_wants_terminal(t);
    if (leave)
        term_leave(app->term);
    trial_start(t);
    if (leave && !term_return(app->term, &err))
        app->quit = true;
    say(app, STYLE_DIM, _("Waiting for its first word… Esc stops it."));
}

void server_test(struct app *app, const struct server *server)
{
    bool on = server_test_goes_on(app);
    if (app->test.trial || !may_be_sent(app, server))
        return;
    app->test.on = false; /* once more begins anew */
    if (on)
        ask_for_a_token(app);
    else
        ask_for_models(app, server);
}

bool server_test_busy(const struct app *app)
{
    return app->test.ticket || app->test.trial;
}

void server_test_forget(struct app *app)
{
    trial_free(app->test.trial);
    app->test.trial = NULL;
    app->test.ticket = 0;
    app->test.on = false;
}

bool server_test_stop(struct app *app)
{
    if (!server_test_busy(app))
        return false;
    server_test_forget(app);
    say(app, STYLE_DIM, _("The test was stopped. F5 begins it anew, Enter keeps the server, Esc leaves it."));
    return true;
}

void server_test_release(struct app *app)
{
    server_test_forget(app);
    server_release(&app->test.server);
    str_release(&app->test.model);
    str_release(&app->test.form);
    str_release(&app->test.allowed);
}

/* -- what comes of it --------------------------------------------------------------------------------------------------------------- */

/* "✓ name  ✓ connect  ✗ path": how far it went. */
static void add_steps(struct str *out, const struct server *s, const struct ping *p, enum ping_step failed)
{
    struct url_parts url = {.https = false};
    (void)!url_split(s->url, &url, NULL);
    for (int i = 0; i <= (int)failed; i++)
        if (i != PING_TLS || url.https)
            str_printf(out, "%s%s %s", i ? "  " : "", p->verdicts[i] == VERDICT_WRONG ? "✗" : "✓", _(ping_step_names[i]));
}

static void tell_well(struct app *app, const struct answer *a)
{
    struct str text = {0};
    struct server *tested = &app->test.server;
    unsigned count = 0;
    struct span rest = str_span(&a->models), line = {0};
    str_clear(&app->test.model);
    for (; span_line(&rest, &line); count++)
        if (!count)
            str_set(&app->test.model, line);
    str_printf(&text, ngettext("It answers, in %d ms, with %d model. Enter keeps it.", "It answers, in %d ms, with %d models. Enter keeps it.", count),
               a->ms[ASK_MODELS] >= 0 ? a->ms[ASK_MODELS] : a->ms[ASK_ANSWER], (int)count);
    tested->told = answer_told(a, span_of(tested->model));
    if (tested->instruct) { /* whether that form is to be had */
        str_add_byte(&text, '\n');
        compose_tell_form(tested, &text);
    }
    str_printf(&text, "\n%s", _("F5 again tries whether it writes, which costs a few tokens."));
    say(app, STYLE_OK, str_text(&text));
    str_release(&text);
}

bool server_test_answer(struct app *app, const struct answer *a)
{
    struct ping ping = {0};
    struct str text = {0};
    if (!app->test.ticket || a->ticket != app->test.ticket)
        return false;
    app->test.ticket = 0;
    ping_read(&ping, &app->test.server, a);
    app->test.on = ping_is_worth_a_try(&ping, &app->test.server);
    app->test.listed = ping_failed(&ping) == PING_STEPS;
    if (app->test.listed) {
        tell_well(app, a);
    } else {
        add_steps(&text, &app->test.server, &ping, ping_failed(&ping));
        str_printf(&text, "\n%s", ping.err.text);
        if (app->test.on)
            str_printf(&text, "\n%s", _("F5 again tries whether it writes all the same, which costs a few tokens."));
        say(app, STYLE_ERROR, str_text(&text));
    }
    ping_release(&ping);
    str_release(&text);
    return true;
}

static void tell_trial(struct app *app, const struct trial *t)
{
    struct ping ping = {0};
    struct str text = {0};
    ping_tried(&ping, &app->test.server, t);
    if (ping.err.kind) {
        if (app->test.listed) {
            add_steps(&text, &app->test.server, &ping, ping_failed(&ping));
            str_add_byte(&text, '\n');
        }
        str_add_text(&text, ping.err.text);
    } else {
        str_printf(&text, _("%s writes · %d ms. Enter keeps it."), trial_model(t), trial_ms(t));
    }
    say(app, ping.err.kind ? STYLE_ERROR : STYLE_OK, str_text(&text));
    ping_release(&ping);
    str_release(&text);
}

void server_test_step(struct app *app)
{
    if (server_test_busy(app) && !app->form.open)
        server_test_forget(app);
    if (!app->test.trial || !trial_step(app->test.trial))
        return;
    struct trial *t = app->test.trial;
    app->test.trial = NULL;
    tell_trial(app, t);
    trial_free(t);
}

int server_test_wait_ms(const struct app *app)
{
    return app->test.trial ? trial_wait_ms(app->test.trial) : -1;
}
