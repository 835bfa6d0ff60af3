#include "app/views/doctor.h"
#include "app/commands/command.h"
#include "app/doctor/doctor.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>

#define NAME_COLUMNS 11 /* of the copy, as on the command line */

/* What was told, and lasts. */
struct kept {
    enum verdict verdict;
    struct str name, text;
    int ms;
    bool within;
};

struct doctor_look {
    struct doctor doctor;
    bool begun;              /* and not done yet */
    int asked;               /* how often */
    struct kept *list;
    int count, cap;
    struct doctor_row *rows; /* beside list, for the view */
    struct str outcome;
    struct doctor_view view;
};

static const enum doctor_sign signs[] = {
    [VERDICT_WELL] = DOCTOR_WELL, [VERDICT_NOTE] = DOCTOR_NOTE, [VERDICT_WRONG] = DOCTOR_WRONG, [VERDICT_PASSED] = DOCTOR_PASSED};

/* -- looking ------------------------------------------------------------------------------------------------------------------------ */

static bool on_finding(void *ctx, const struct finding *f)
{
    struct doctor_look *l = ((struct app *)ctx)->doctor;
    struct kept k = {.verdict = f->verdict, .ms = f->ms, .within = f->server && f->check != l->doctor.check};
    str_add_text(&k.name, _(f->check));
    str_add_text(&k.text, f->text);
    ARRAY_ROOM(l->list, l->count, l->cap);
    l->list[l->count++] = k;
    return true;
}

static bool on_question(void *ctx, const struct server *s, int limit_ms, int64_t *ticket, struct err *e)
{
    return servers_question(ctx, s, limit_ms, ticket, e);
}

static void forget(struct doctor_look *l)
{
    doctor_end(&l->doctor);
    for (int i = 0; i < l->count; i++) {
        str_release(&l->list[i].name);
        str_release(&l->list[i].text);
    }
    l->count = 0;
    l->begun = false;
    str_clear(&l->outcome);
}

void doctor_look_open(struct app *app)
{
    if (!app->doctor)
        app->doctor = mem_new(1, sizeof *app->doctor);
    struct doctor_look *l = app->doctor;
    forget(l);
    l->doctor = (struct doctor){.paths = &app->paths, .library = app->library_path, .config = &app->config, .at_desk = true,
                                .ask = on_question, .tell = on_finding, .ctx = app};
    l->begun = true;
    l->asked++;
    l->view.scroll = 0;
    app->view = VIEW_DOCTOR;
    app_touch(app, true);
}

void doctor_look_release(struct app *app)
{
    struct doctor_look *l = app->doctor;
    if (!l)
        return;
    forget(l);
    free(l->list);
    free(l->rows);
    str_release(&l->outcome);
    free(l);
    app->doctor = NULL;
}

bool doctor_looks(const struct app *app)
{
    return app->doctor && app->doctor->begun;
}

int doctor_look_wait_ms(const struct app *app)
{
    return doctor_looks(app) ? doctor_wait_ms(&app->doctor->doctor) : -1;
}

bool doctor_look_answer(struct app *app, const struct answer *a)
{
    return doctor_looks(app) && doctor_answer(&app->doctor->doctor, a);
}

static void sum_up(struct doctor_look *l)
{
    int wrong = l->doctor.wrong;
    str_clear(&l->outcome);
    if (wrong)
        str_printf(&l->outcome, ngettext("%d thing is wrong; what to do stands beside it.", "%d things are wrong; what to do stands beside each.",
                                         (unsigned long)wrong), wrong);
    else
        str_add_text(&l->outcome, _("Nothing is wrong."));
}

void doctor_look_step(struct app *app)
{
    struct doctor_look *l = app->doctor;
    if (!doctor_looks(app))
        return;
    if (app->view != VIEW_DOCTOR) { /* nobody looks any more */
        forget(l);
        return;
    }
    int told = l->count;
    const char *at = doctor_at(&l->doctor);
    l->begun = doctor_step(&l->doctor);
    if (!l->begun)
        sum_up(l);
    if (l->count != told || doctor_at(&l->doctor) != at || !l->begun)
        app_touch(app, false);
}

/* -- what the keys do --------------------------------------------------------------------------------------------------------------- */

int doctor_asked(const struct app *app)
{
    return app->doctor ? app->doctor->asked : 0;
}

int doctor_found(const struct app *app)
{
    return app->doctor ? app->doctor->count : 0;
}

struct doctor_row doctor_finding(const struct app *app, int index)
{
    const struct kept *k = &app->doctor->list[index];
    return (struct doctor_row){signs[k->verdict], str_span(&k->name), str_span(&k->text), k->ms, k->within};
}

struct span doctor_outcome(const struct app *app)
{
    return app->doctor ? str_span(&app->doctor->outcome) : SPAN("");
}

static struct doctor_look *shown(struct app *app)
{
    if (app->view == VIEW_DOCTOR && app->doctor)
        return app->doctor;
    app_say(app, STYLE_DIM, "%s", _("That is done where the doctor tells what it found; /doctor or ^P opens it."));
    return NULL;
}

void doctor_scroll(struct app *app, int rows)
{
    struct doctor_look *l = shown(app);
    if (l)
        l->view.scroll += rows; /* the draw keeps it within what there is */
}

void doctor_scroll_pages(struct app *app, int pages)
{
    struct doctor_look *l = shown(app);
    if (l)
        l->view.scroll += pages * (l->view.rows_seen > 1 ? l->view.rows_seen - 1 : 1);
}

static void add_line(const struct kept *k, struct str *out)
{
    int pad = NAME_COLUMNS - display_width(str_span(&k->name));
    str_printf(out, "%.*s %s%*s %s", SPAN_ARG(doctor_sign_text(signs[k->verdict])), str_text(&k->name), pad > 0 ? pad : 0, "", str_text(&k->text));
    if (k->ms >= 0)
        str_printf(out, "  %d ms", k->ms);
    str_add_byte(out, '\n');
}

void doctor_copy(struct app *app)
{
    struct doctor_look *l = shown(app);
    if (!l)
        return;
    str_clear(&app->clipboard);
    for (int i = 0; i < l->count; i++)
        add_line(&l->list[i], &app->clipboard);
    term_copy(app->term, str_span(&app->clipboard));
    app_say(app, STYLE_DIM, "%s",
            app->clipboard.len <= TERM_COPY_MAX ? _("Copied.") : _("Copied for ^V here; it is too long for the terminal's clipboard."));
}

/* -- for the table of views --------------------------------------------------------------------------------------------------------- */

enum map doctor_map(const struct app *app)
{
    (void)app;
    return MAP_DOCTOR;
}

struct editor *doctor_text(struct app *app)
{
    (void)app;
    return NULL;
}

void doctor_draw(struct app *app)
{
    struct doctor_look *l = app->doctor;
    const char *at = l->begun ? doctor_at(&l->doctor) : "";
    l->rows = mem_grow(l->rows, (size_t)l->count + 1, sizeof *l->rows);
    for (int i = 0; i < l->count; i++)
        l->rows[i] = doctor_finding(app, i);
    l->view.rows = l->rows;
    l->view.count = l->count;
    l->view.at = *at ? span_of(_(at)) : SPAN("");
    l->view.outcome = str_span(&l->outcome);
    l->view.outcome_role = l->doctor.wrong ? STYLE_ERROR : STYLE_OK;
    l->view.message = str_span(&app->message);
    l->view.message_role = app->message_role;
    l->view.footer_count = footer_fill(app, FOOTER_DOCTOR, &l->view.footer);
    doctor_view_draw(&l->view, &app->canvas);
}

void doctor_mouse(struct app *app, const struct mouse *m)
{
    struct doctor_look *l = app->doctor;
    const char *command = doctor_view_at(&l->view, m->x, m->y);
    if (mouse_wheel(m))
        l->view.scroll += mouse_wheel(m);
    else if (m->kind == MOUSE_PRESS)
        command_run_named(app, command);
}
