#include "app/desk/learn.h"
#include "app/desk/desk.h"
#include "app/menu.h"
#include "app/own_pages.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/panel_learning.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 250

/* -- errands: what may take a second, on a thread of its own --------------------------------------------------------------------------- */

enum errand_kind { READ, STOP, KEEP };

struct errand {
    enum errand_kind kind;
    struct learning *learning;
    struct str plan;
    struct err err;
    bool ok;
    atomic_bool over; /* all before it may be looked at */
    pthread_t thread;
};

static void *run_errand(void *context)
{
    struct errand *r = context;
    if (r->kind == READ)
        r->ok = learning_prepare(r->learning, &r->plan, &r->err);
    else if (r->kind == STOP)
        r->ok = learning_stop(r->learning, &r->err);
    else
        r->ok = learning_keep(r->learning, &r->err);
    atomic_store(&r->over, true);
    return NULL;
}

static bool start_errand(struct study *s, enum errand_kind kind, struct learning *l, struct err *e)
{
    struct errand *r = mem_new(1, sizeof *r);
    r->kind = kind;
    r->learning = l;
    int error = pthread_create(&r->thread, NULL, run_errand, r);
    if (error) {
        free(r);
        return err_set(e, ERR_IO, _("The thread that learns could not be started: %s."), strerror(error));
    }
    s->errand = r;
    return true;
}

/* Waits for it. */
static bool end_errand(struct study *s, struct err *e)
{
    struct errand *r = s->errand;
    pthread_join(r->thread, NULL);
    bool ok = r->ok;
    *e = r->err;
    if (r->kind == READ)
        str_move(&s->plan, &r->plan);
    str_release(&r->plan);
    free(r);
    s->errand = NULL;
    return ok;
}

/* -- how it goes ----------------------------------------------------------------------------------------------------------------------- */

static void let_go(struct study *s)
{
    learning_free(s->learning);
    s->learning = NULL;
    str_clear(&s->label);
}

/* How it ended: on the sheet while it is seen, else above the footer. */
static void tell(struct app *app, enum role_id role, const char *text)
{
    str_set(&app->study.result, span_of(text));
    app->study.result_role = role;
    if (!app->study.shown)
        app_say(app, role, "%s", text);
    app_touch(app, true);
}

static void tell_failure(struct app *app, const struct err *e)
{
    let_go(&app->study);
    tell(app, e->kind == ERR_IO ? STYLE_ERROR : STYLE_WARNING, e->text);
}

/* A voice is another model of the muse; a writer who writes with the muse writes with it from now on. */
static void tell_result(struct app *app, const char *name, const struct progress *p)
{
    struct str text = {0};
    bool muse = server_is_muse(servers_current(app));
    if (muse)
        servers_choose_model(app, name);
    str_printf(&text, _("“%s” is learnt: perplexity on what was held out %.1f → %.1f."), name,
               exp(p->own_before), exp(p->own_best));
    str_printf(&text, " %s", muse ? _("It is in use.") : _("M-m chooses it when the muse writes (F2)."));
    tell(app, STYLE_OK, str_text(&text));
    str_release(&text);
}

static void set_label(struct study *s)
{
    const struct progress *p = &s->look.progress;
    str_clear(&s->label);
    str_printf(&s->label, _("learning %d %%"), p->steps > 0 ? (int)(100LL * p->step / p->steps) : 0);
}

static void finish(struct app *app)
{
    struct study *s = &app->study;
    const struct progress *p = &s->look.progress;
    struct err err = {0};
    if (p->own_best >= p->own_before)
        err_set(&err, ERR_FORMAT, "%s",
                _("Nothing was gained: the muse knows texts like these already, or they are too few. No "
                  "voice was kept."));
    if (err.kind || !start_errand(s, KEEP, s->learning, &err))
        tell_failure(app, &err);
}

static void tell_stopped(struct app *app)
{
    struct study *s = &app->study;
    learning_look(s->learning, &s->look);
    let_go(s);
    s->shown = false;
    app_say(app, STYLE_OK, _("Stopped at step %d of %d. The same command goes on from there."),
            s->look.progress.step, s->look.progress.steps);
}

static void errand_over(struct app *app)
{
    struct study *s = &app->study;
    enum errand_kind kind = s->errand->kind;
    struct err err = {0};
    bool ok = end_errand(s, &err) && (kind != READ || learning_start(s->learning, &err));
    if (!ok) {
        tell_failure(app, &err);
    } else if (kind == STOP) {
        tell_stopped(app);
    } else if (kind == KEEP) {
        let_go(s);
        tell_result(app, str_text(&s->name), &s->look.progress);
    }
    app_touch(app, true);
}

void desk_learn_step(struct app *app)
{
    struct study *s = &app->study;
    int step = s->look.progress.step, steps = s->look.progress.steps;
    if (s->errand && atomic_load(&s->errand->over))
        errand_over(app);
    if (!s->learning || s->errand)
        return;
    learning_look(s->learning, &s->look);
    set_label(s);
    if (s->look.over)
        finish(app);
    if (s->look.progress.step != step || s->look.progress.steps != steps)
        app_touch(app, false);
}

int desk_learn_wait_ms(const struct app *app)
{
    return app->study.learning ? LOOK_MS : -1;
}

void desk_learn_stop(struct app *app)
{
    struct study *s = &app->study;
    struct err err = {0};
    if (!s->learning || s->errand)
        app_say(app, STYLE_DIM, "%s", s->errand ? _("One moment…") : _("No voice is being learnt."));
    else if (!start_errand(s, STOP, s->learning, &err))
        tell_failure(app, &err);
    else
        app_say(app, STYLE_DIM, "%s", _("Stopping after this step…"));
}

bool desk_learn_end(struct app *app, struct err *e)
{
    struct study *s = &app->study;
    bool ok = true, reading = s->errand && s->errand->kind == READ;
    if (s->errand)
        ok = end_errand(s, e) || reading;
    else if (s->learning)
        ok = learning_stop(s->learning, e);
    let_go(s);
    str_release(&s->name);
    str_release(&s->plan);
    str_release(&s->result);
    str_release(&s->label);
    return ok;
}

void desk_learn_draw(struct app *app)
{
    struct study *s = &app->study;
    struct str title = {0};
    str_printf(&title, s->learning ? _("Learning “%s”") : _("The voice “%s”"), str_text(&s->name));
    struct learning_panel panel = {
        .title = str_span(&title),
        .plan = s->learning && s->plan.len == 0 ? span_of(_("Reading the texts…")) : str_span(&s->plan),
        .step = s->look.progress.step,
        .steps = s->look.progress.steps,
        .seconds_left = s->look.progress.seconds_left,
        .curve_steps = s->look.curve_steps,
        .curve_losses = s->look.curve_losses,
        .curve_count = s->look.curve_count,
        .notice = str_span(&s->result),
        .notice_role = s->result_role,
        .keys =
            span_of(s->learning ? _("Esc hides this, and learning goes on · s stops it") : _("Esc closes")),
    };
    s->area = learning_panel_draw(&panel, &app->canvas);
    str_release(&title);
}

/* -- what to learn from ---------------------------------------------------------------------------------------------------------------- */

enum { FIELD_NAME, FIELD_FROM, FIELD_FILE };

struct gathering {
    struct learning *learning;
    int count;
};

static void add_own(void *ctx, struct span text)
{
    struct gathering *g = ctx;
    learning_add_text(g->learning, text);
    g->count++;
}

/* A path as the shell would read it. */
static char *path_of(struct span text)
{
    const char *home = getenv("HOME");
    struct str path = {0};
    if (text.len > 1 && text.s[0] == '~' && text.s[1] == '/' && home) {
        str_add_text(&path, home);
        text = span_cut(text, 1, text.len);
    }
    str_add(&path, text);
    char *copy = span_copy(str_span(&path));
    str_release(&path);
    return copy;
}

static bool add_texts(struct app *app, struct learning *l, struct err *e)
{
    struct span file = span_trim(fields_text(&app->form, FIELD_FILE));
    struct gathering g = {.learning = l};
    bool project = app->form.fields[FIELD_FROM].choice > 0;
    if (file.len) {
        char *path = path_of(file);
        bool ok = learning_add_file(l, path, e);
        free(path);
        return ok;
    }
    bool ok = project ? own_pages_project(app->store, str_text(&app->piece.project_name), add_own, &g, e)
                      : own_pages_kept(app->store, add_own, &g, e);
    if (ok && g.count == 0)
        ok = err_set(e, ERR_USAGE, "%s",
                     project ? _("This project has no page yet.")
                             : _("No take has three stars yet; M-r rates."));
    return ok;
}

static void remember(struct app *app, const char *setting, int field)
{
    struct err err = {0};
    if (!store_set_setting(app->store, setting, span_trim(fields_text(&app->form, field)), &err))
        app_fail(app, &err);
}

static void submitted(struct app *app)
{
    struct study *s = &app->study;
    struct err err = {0};
    char *name = span_copy(span_trim(fields_text(&app->form, FIELD_NAME)));
    desk_save(app); /* the page as it stands is learnt from */
    struct learning *l = learning_new(name, app->paths.muse, app->paths.voices, &err);
    if (!l || !add_texts(app, l, &err) || !start_errand(s, READ, l, &err)) {
        learning_free(l);
        menu_refuse(app, &err);
    } else {
        remember(app, "voice", FIELD_NAME);
        remember(app, "voice_file", FIELD_FILE);
        s->learning = l;
        s->look = (struct learning_look){.over = false};
        str_set(&s->name, span_of(name));
        str_clear(&s->plan);
        str_clear(&s->result);
        set_label(s);
        s->shown = true;
        app->form.open = false;
    }
    free(name);
}

static void open_form(struct app *app)
{
    const char *choices[] = {_("takes with three stars and more"),
                             app->piece.project_name.len ? _("this project") : NULL, NULL};
    struct str name = {0}, file = {0};
    if (!store_setting(app->store, "voice", &name) || name.len == 0)
        str_set(&name, span_of(_("my voice")));
    (void)store_setting(app->store, "voice_file", &file);
    menu_form(app, _("A voice for the muse"), submitted);
    fields_add_text(&app->form, _("name"),
                    _("What the voice is called; M-m shows it among the muse's models."), str_span(&name));
    fields_add_choice(&app->form, _("learn from"), _("Texts in the library. ←/→ choose."), choices, 0);
    fields_add_text(&app->form, _("or a file"),
                    _("Its path: plain text, poems parted by empty lines. Empty: the library, as above."),
                    str_span(&file));
    str_set(&app->form.message, span_of(_("Enter learns, Esc leaves it. The muse itself stays as it is.")));
    app->form.message_role = STYLE_DIM;
    str_release(&name);
    str_release(&file);
}

void desk_learn(struct app *app)
{
    if (app->study.learning)
        app->study.shown = true;
    else
        open_form(app);
}

/* -- forgetting ------------------------------------------------------------------------------------------------------------------------ */

static void forget_picked(struct app *app, const char *name)
{
    struct err err = {0};
    if (!learning_forget(name, app->paths.voices, &err)) {
        app_fail(app, &err);
        return;
    }
    for (int i = 0; i < app->config.server_count; i++)
        if (server_is_muse(&app->config.servers[i]) && !strcmp(app->config.servers[i].model, name)) {
            server_set_text(&app->config.servers[i].model, span_of(MUSE_NAME));
            if (i == app->servers.current)
                servers_choose_model(app, MUSE_NAME);
        }
    app_say(app, STYLE_OK, _("The voice “%s” is forgotten; “recall” in ^P brings it back."), name);
}

static void recall_picked(struct app *app, const char *name)
{
    struct err err = {0};
    if (learning_recall(name, app->paths.voices, &err))
        app_say(app, STYLE_OK, _("The voice “%s” is back as it was; M-m chooses it."), name);
    else
        app_fail(app, &err);
}

void desk_learn_recall(struct app *app)
{
    struct str names = {0};
    struct span line = {0};
    learning_forgotten(app->paths.voices, &names);
    menu_picker(app, _("Bring back a voice"), _("part of a name"), recall_picked);
    for (struct span rest = str_span(&names); span_line(&rest, &line);) {
        char *name = span_copy(line);
        picker_add(&app->picker, name, NULL, _("Enter brings it back as it was before it was forgotten or learnt anew."), name);
        free(name);
    }
    picker_filter(&app->picker);
    if (names.len == 0) {
        app->picker.open = false;
        app_say(app, STYLE_DIM, "%s", _("No voice has been forgotten."));
    }
    str_release(&names);
}

void desk_learn_forget(struct app *app)
{
    struct str models = {0};
    struct span line = {0};
    int voices = 0;
    muse_models(app->muse, &models);
    menu_picker(app, _("Forget a voice"), _("part of a name"), forget_picked);
    for (struct span rest = str_span(&models); span_line(&rest, &line);) {
        char *name = span_copy(line);
        if (strcmp(name, MUSE_NAME)) {
            picker_add(&app->picker, name, NULL,
                       _("Enter forgets it; what it was learnt from stays, and “recall” in ^P brings it back."), name);
            voices++;
        }
        free(name);
    }
    picker_filter(&app->picker);
    str_release(&models);
    if (voices == 0) {
        app->picker.open = false;
        app_say(app, STYLE_DIM, "%s", _("The muse has learnt no voice yet; “learn” in ^P teaches it one."));
    }
}
