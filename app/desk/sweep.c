#include "app/desk/sweep.h"
#include "app/engine/compose.h"
#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/desk/rewrite.h"
#include "app/menu.h"
#include "app/servers.h"
#include "app/known.h"
#include "app/views/odds.h"
#include "core/i18n.h"

#include <stdlib.h>

#define MODELS_OFFERED 6

/* -- the form ----------------------------------------------------------------------------------------------------------------------- */

enum { FIELD_WHAT, FIELD_FROM, FIELD_TO, FIELD_STEP, FIELD_VALUES };

static struct {
    int what;                                      /* the choice the fields were filled for */
    bool earlier;                                  /* the piece has a sweep already */
    int like;
    void (*asked)(struct app *app, int first);
} form;

/* The choices: every dial but the number of takes, then the model. DIAL_COUNT: the model. */
static int choice_dials[DIAL_COUNT + 1];
static const char *choice_names[DIAL_COUNT + 2];

static void list_choices(void)
{
    int count = 0;
    for (int i = 0; i < DIAL_COUNT; i++)
        if (i != DIAL_TAKES) {
            choice_dials[count] = i;
            choice_names[count++] = _(dial_table[i].label);
        }
    choice_dials[count] = DIAL_COUNT;
    choice_names[count++] = _("model");
    choice_names[count] = NULL;
}

static int chosen_dial(const struct app *app)
{
    return choice_dials[app->form.fields[FIELD_WHAT].choice];
}

static void submitted(struct app *app);

bool sweep_form_is_open(const struct app *app)
{
    return app->form.open && app->submitted == submitted;
}

static void set_field(struct app *app, int field, struct span text)
{
    struct editor *ed = &app->form.fields[field].editor;
    editor_select_all(ed);
    if (text.len)
        editor_type(ed, text);
    else
        editor_delete(ed, MOVE_LEFT);
}

static void set_number(struct app *app, int field, enum dial_id dial, double value)
{
    struct str text = {0};
    str_printf(&text, "%.*f", dial_table[dial].decimals, value);
    set_field(app, field, str_span(&text));
    str_release(&text);
}

/* The models the server has told of, the one in use first. */
static void offer_models(struct app *app)
{
    struct str names = {0};
    struct span rest = servers_models(app, app->servers.current), line;
    const char *current = servers_current(app)->model;
    str_add_text(&names, current);
    for (int i = 1; i < MODELS_OFFERED && span_line(&rest, &line);) {
        if (span_is(line, current))
            continue;
        str_add_text(&names, names.len ? ", " : "");
        str_add(&names, line);
        i++;
    }
    set_field(app, FIELD_VALUES, str_span(&names));
    str_release(&names);
}

static void fill_fields(struct app *app)
{
    int dial = chosen_dial(app);
    double from = 0, to = 0, step = 0;
    form.what = app->form.fields[FIELD_WHAT].choice;
    for (int i = FIELD_FROM; i <= FIELD_VALUES; i++)
        set_field(app, i, SPAN(""));
    if (dial == DIAL_COUNT) {
        offer_models(app);
        return;
    }
    sweep_suggest(&app->dials, (enum dial_id)dial, &from, &to, &step);
    set_number(app, FIELD_FROM, (enum dial_id)dial, from);
    set_number(app, FIELD_TO, (enum dial_id)dial, to);
    set_number(app, FIELD_STEP, (enum dial_id)dial, step);
}

/* What the form says: its values where there are any, else its range. */
static bool read_form(struct app *app, struct sweep *s, struct err *e)
{
    int dial = chosen_dial(app);
    struct span values = span_trim(fields_text(&app->form, FIELD_VALUES)), step = span_trim(fields_text(&app->form, FIELD_STEP));
    struct str range = {0};
    if (dial == DIAL_COUNT)
        return sweep_parse_models(s, values, e);
    if (values.len)
        return sweep_parse_dial(s, (enum dial_id)dial, values, e);
    str_printf(&range, "%.*s:%.*s", SPAN_ARG(span_trim(fields_text(&app->form, FIELD_FROM))),
               SPAN_ARG(span_trim(fields_text(&app->form, FIELD_TO))));
    if (step.len)
        str_printf(&range, ":%.*s", SPAN_ARG(step));
    bool ok = sweep_parse_dial(s, (enum dial_id)dial, str_span(&range), e);
    str_release(&range);
    return ok;
}

static bool refuse_place(struct err *e)
{
    return err_set(e, ERR_USAGE, "%s", _("A sweep asks the prompt, or goes on from the end of the page: Tab to the prompt first."));
}

/* What the form asks for, if it can be asked from where the caret stands. */
static bool read_wish(struct app *app, struct sweep *s, struct err *e)
{
    if (form.like < 0 && (insert_is_meant(app) || rewrite_is_meant(app)))
        return refuse_place(e);
    return read_form(app, s, e);
}

/* Says what Enter would ask for, or what is wrong with it. */
static void tell_values(struct app *app)
{
    struct sweep s = {0};
    struct err err = {0};
    struct str *said = &app->form.message;
    str_clear(said);
    app->form.message_role = STYLE_DIM;
    if (read_wish(app, &s, &err)) {
        str_printf(said, ngettext("%d take:", "%d takes:", (unsigned)s.count), s.count);
        for (int i = 0; i < s.count; i++) {
            str_add_text(said, i && s.models ? ", " : " ");
            sweep_value(&s, i, said);
        }
    } else {
        str_add_text(said, err.text);
        app->form.message_role = STYLE_WARNING;
    }
    if (form.earlier)
        str_printf(said, "\n%s", _("M-s again shows the last sweep."));
    sweep_release(&s);
}

static void changed(struct app *app)
{
    if (!sweep_form_is_open(app))
        return;
    if (app->form.fields[FIELD_WHAT].choice != form.what)
        fill_fields(app);
    tell_values(app);
}

static void submitted(struct app *app)
{
    struct sweep s = {0};
    struct err err = {0};
    if (!read_wish(app, &s, &err)) {
        menu_refuse(app, &err);
    } else {
        app->form.open = false;
        int first = sweep_start(app, &s, form.like);
        if (first >= 0)
            form.asked(app, first);
    }
    sweep_release(&s);
}

void sweep_form(struct app *app, int like, void (*asked)(struct app *app, int first))
{
    int chosen = 0, models = 0;
    struct span rest = servers_models(app, app->servers.current), line;
    while (span_line(&rest, &line))
        models++;
    list_choices();
    while (app->desk.focus == FOCUS_DIALS && choice_dials[chosen] < DIAL_COUNT && choice_dials[chosen] != app->desk.dial)
        chosen++; /* the dial the writer stands on */
    if (choice_dials[chosen] == DIAL_COUNT && !models)
        chosen = 0;
    form.asked = asked;
    form.like = like;
    form.earlier = false;
    for (int i = 0; i < app->piece.generation_count; i++)
        form.earlier = form.earlier || app->piece.generations[i].sweep;
    menu_form(app, _("Sweep"), submitted);
    app->form_changed = changed;
    fields_add_choice(&app->form, _("over"), _("What differs from take to take; all else stays as it is. ←/→ choose."), choice_names, chosen);
    fields_add_text(&app->form, _("from"), _("The first value."), SPAN(""));
    fields_add_text(&app->form, _("to"), _("The last one, or the last that the steps reach."), SPAN(""));
    fields_add_text(&app->form, _("step"), _("How far from one to the next."), SPAN(""));
    fields_add_text(&app->form, _("or values"), _("One by one instead, with commas between: 0.3, 0.7, 1.2"), SPAN(""));
    fill_fields(app);
    tell_values(app);
}

/* -- asking ------------------------------------------------------------------------------------------------------------------------- */

/* A list of models that is still to come starts nothing by itself: what was wanted is a sweep. */
static bool can_send(struct app *app, const struct request *req)
{
    bool can = generate_can_send(app, req);
    app->servers.generate_when_known = app->servers.generate_when_known && can;
    return can;
}

/* One generation a value below `parent`; returns the first that was sent, -1: none. */
static int send_all(struct app *app, const struct sweep *s, int parent, struct request *req, struct generation *what)
{
    int first = -1;
    for (int i = 0; i < s->count; i++) {
        sweep_apply(s, i, req);
        dial_set(&req->dials, DIAL_TAKES, 1);
        what->sweep = first < 0 ? SWEEP_FIRST : app->piece.generations[first].id;
        struct job *job = generate_send(app, parent, req, what, app->servers.current);
        if (job && first < 0)
            first = job->generation;
    }
    return first;
}

static int first_take_of(const struct piece *p, int generation)
{
    for (int i = 0; i < p->take_count; i++)
        if (p->takes[i].generation == p->generations[generation].id || p->takes[i].generation == -1 - generation)
            return i;
    return -1;
}

/* What generation `like` asked, with the dials as they stand. */
static bool ask_like(struct app *app, int like, struct request *req, struct generation *what, int *parent, struct err *e)
{
    struct generation full = {0};
    struct take *takes = NULL;
    int count = 0;
    compose_toward(req, servers_current(app));
    bool ok = store_generation_load(app->store, app->piece.generations[like].id, &full, &takes, &count, e) &&
              compose_again(req, what, &app->piece, &full, e);
    str_clear(&req->model);
    str_clear(&req->system);
    ok = ok && generate_prepare(app, req, e);
    *parent = ok ? compose_parent(&app->piece, &full) : -1;
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    generation_release(&full);
    return ok;
}

static bool compose(struct app *app, int like, struct request *req, struct generation *what, int *parent, struct err *e)
{
    if (like >= 0)
        return ask_like(app, like, req, what, parent, e);
    *parent = page_tip(&app->page);
    if (!desk_request(app, req, what, e))
        return false;
    return what->kind == KIND_ASK || what->kind == KIND_CONTINUE || refuse_place(e);
}

int sweep_start(struct app *app, const struct sweep *s, int like)
{
    struct request req;
    struct generation what = {0};
    struct err err = {0};
    int first = -1, parent = -1;
    request_init(&req);
    if (!compose(app, like, &req, &what, &parent, &err)) {
        app_fail(app, &err);
        goto out;
    }
    sweep_apply(s, 0, &req);
    if (!can_send(app, &req))
        goto out;
    bool asks = what.kind == KIND_ASK && like < 0;
    if (asks)
        parent = piece_add_prompt(&app->piece, parent, str_span(&what.prompt));
    first = send_all(app, s, parent, &req, &what);
    if (first >= 0)
        generate_show(app, page_passage_of_take(&app->piece, first_take_of(&app->piece, first)), SIZE_MAX);
    if (first >= 0 && asks)
        generate_clear_prompt(app);
    desk_save(app);
out:
    request_release(&req);
    generation_release(&what);
    return first;
}

static int server_named(const struct app *app, const struct str *name)
{
    for (int i = 0; i < app->config.server_count; i++)
        if (span_is(str_span(name), app->config.servers[i].name))
            return i;
    return app->servers.current;
}

/* The same seed would give the same take again. */
static void move_seed(struct dials *d, bool seeds, int before)
{
    if (d->on[DIAL_SEED] && !seeds)
        dial_set(d, DIAL_SEED, d->value[DIAL_SEED] + before);
}

bool sweep_start_again(struct app *app, int index, bool seeds, int before)
{
    struct request req;
    struct generation what = {0}, full = {0};
    struct take *takes = NULL;
    struct err err = {0};
    struct job *job = NULL;
    int count = 0, server = server_named(app, &app->piece.generations[index].server);
    int64_t sweep = generation_sweep(&app->piece.generations[index]);
    request_init(&req);
    known_toward(app, &req, server, str_span(&app->piece.generations[index].model));
    if (store_generation_load(app->store, app->piece.generations[index].id, &full, &takes, &count, &err) &&
        compose_again(&req, &what, &app->piece, &full, &err)) {
        compose_for_server(&req, &app->config.servers[server]);
        req.logprobs = odds_asked(app, &app->config.servers[server]);
        dial_set(&req.dials, DIAL_TAKES, dials_takes(&app->dials));
        move_seed(&req.dials, seeds, before);
        what.sweep = sweep;
        job = generate_send(app, compose_parent(&app->piece, &full), &req, &what, server);
        desk_save(app);
    } else {
        app_fail(app, &err);
    }
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    request_release(&req);
    generation_release(&what);
    generation_release(&full);
    return job != NULL;
}
