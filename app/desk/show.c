#include "app/desk/desk.h"
#include "app/desk/rewrite.h"
#include "app/footer.h"
#include "app/desk/offer.h"
#include "app/desk/picture.h"
#include "app/desk/pull.h"
#include "app/projects/projects.h"
#include "app/servers.h"
#include "app/used.h"
#include "core/clock.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/panel_takes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_AT_ONCE (256u << 10)

/* -- takes ---------------------------------------------------------------------------------------------------------------------------- */

/* The passage whose siblings the panel lists: the nearest take or fork at or above where the writer is; in the prompt the last take. */
static int take_point(struct app *app)
{
    const struct piece *p = &app->piece;
    int i = points_here(app);
    while (i >= 0 && p->passages[i].take < 0 && (app->desk.focus == FOCUS_PROMPT || !piece_has_siblings(p, i)))
        i = p->passages[i].parent;
    return i;
}

/* How long a take is, counted only as far as it grew. */
static struct count count_take(struct app *app, int take)
{
    if (app->take_tally_count < app->piece.take_count) {
        app->take_tallies = mem_grow(app->take_tallies, (size_t)app->piece.take_count, sizeof *app->take_tallies);
        while (app->take_tally_count < app->piece.take_count)
            tally_reset(&app->take_tallies[app->take_tally_count++]);
    }
    tally_grow(&app->take_tallies[take], str_span(&app->piece.takes[take].text));
    return app->take_tallies[take].counter.count;
}

static double temperature_of(const struct piece *p, const struct take *t)
{
    int g = t->generation < 0 ? (int)(-1 - t->generation) : piece_find_generation(p, t->generation);
    return g >= 0 && p->generations[g].dials.on[DIAL_TEMPERATURE] ? p->generations[g].dials.value[DIAL_TEMPERATURE] : -1;
}

static void add_take_row(struct app *app, int passage, bool chosen)
{
    int take = app->piece.passages[passage].take, cap = app->take_row_cap;
    ARRAY_ROOM(app->take_rows, app->take_row_count, app->take_row_cap);
    if (app->take_row_cap > cap)
        app->take_passages = mem_grow(app->take_passages, (size_t)app->take_row_cap, sizeof *app->take_passages);
    struct desk_take *row = &app->take_rows[app->take_row_count];
    *row = (struct desk_take){.number = app->take_row_count + 1, .state = TAKE_DONE, .temperature = -1, .own = take < 0, .chosen = chosen};
    if (take >= 0) {
        const struct take *t = &app->piece.takes[take];
        struct count count = count_take(app, take);
        row->state = t->state;
        row->rating = t->rating;
        row->temperature = temperature_of(&app->piece, t);
        row->length = count.han ? count.han : count.words;
        row->han = count.han > 0;
    }
    app->take_passages[app->take_row_count++] = passage;
}

/* "thinking · 340 字" until the first word of the answer, then "thought 340 字": folded away, and read with the command. */
static void tell_thoughts(struct app *app, int take)
{
    const struct take *t = take >= 0 ? &app->piece.takes[take] : NULL;
    struct str length = {0};
    str_clear(&app->thoughts);
    if (t && t->reasoning.len) {
        if (take != app->thought_take)
            tally_reset(&app->thought_tally);
        app->thought_take = take;
        tally_grow(&app->thought_tally, str_span(&t->reasoning));
        struct count n = app->thought_tally.counter.count;
        take_length(&length, n.han ? n.han : n.words, n.han > 0);
        str_printf(&app->thoughts, t->state == TAKE_WRITING && !t->text.len ? _("thinking · %s") : _("thought %s"), str_text(&length));
    }
    app->desk.thoughts = str_span(&app->thoughts);
    str_release(&length);
}

void desk_find_takes(struct app *app)
{
    struct desk_view *v = &app->desk;
    int point = take_point(app);
    int i = point >= 0 ? piece_first_child(&app->piece, app->piece.passages[point].parent) : -1;
    app->take_row_count = 0;
    if (rewrite_shown(app)) {
        const int *takes = NULL;
        int count = 0, at = 0;
        rewrite_takes(app, &takes, &count, &at);
        for (int row = 0; row < count; row++)
            add_take_row(app, takes[row], row == at);
        i = -1;
    }
    for (; i >= 0; i = piece_next_sibling(&app->piece, i))
        add_take_row(app, i, i == point);
    v->takes = app->take_rows;
    v->take_count = app->take_row_count;
    if (v->take >= v->take_count)
        v->take = v->take_count ? v->take_count - 1 : 0;
    v->siblings = v->take_count;
    v->sibling = 0;
    v->leaf_rating = 0;
    int take = -1;
    for (int row = 0; row < v->take_count; row++)
        if (app->take_rows[row].chosen) {
            v->sibling = row + 1;
            v->leaf_rating = app->take_rows[row].rating;
            take = app->piece.passages[app->take_passages[row]].take;
        }
    tell_thoughts(app, take);
}

/* -- words around the page ---------------------------------------------------------------------------------------------------------------- */

static void fill_where(struct app *app)
{
    str_clear(&app->where);
    if (app->piece.project_name.len) {
        display_line(&app->where, str_span(&app->piece.project_name), 24);
        if (projects_in_use(app)) /* the desk stands as the project begins */
            str_add_text(&app->where, _(" · defaults"));
        str_add_text(&app->where, " ▸ ");
    }
    size_t before = app->where.len;
    piece_label(&app->piece, &app->where, 40);
    if (app->where.len == before)
        str_add_text(&app->where, _("new piece"));
    app->desk.where = str_span(&app->where);
}

static void fill_server(struct app *app)
{
    str_clear(&app->server_label);
    servers_label(app, &app->server_label);
    app->desk.server = str_span(&app->server_label);
    app->desk.rate = engine_rate(&app->engine, &app->piece);
}

/* What goes on behind the desk, both kinds of it. */
static void fill_behind(struct app *app)
{
    struct span pulled = desk_pull_label(app);
    str_set(&app->behind, str_span(&app->study.label));
    if (app->behind.len && pulled.len)
        str_add_text(&app->behind, " · ");
    str_add(&app->behind, pulled);
    app->desk.behind = str_span(&app->behind);
}

static void fill_used(struct app *app)
{
    int g = used_last(&app->piece);
    str_clear(&app->used);
    if (g >= 0)
        used_tell(&app->config, &app->piece.generations[g], &app->used);
    app->desk.used = str_span(&app->used);
}

static void fill_hint(struct app *app)
{
    str_clear(&app->hint);
    if (buffer_length(app->page.buf) == 0 && server_is_muse(servers_current(app)))
        str_add_text(&app->hint, _("An empty page.\n\n^G asks the muse for what stands in grey below:\n"
                                   "verse, in Chinese and English, without key or network.\n\n"
                                   "M-e brings another example, M-f a form.\nF2 adds a server that writes other things too."));
    else if (buffer_length(app->page.buf) == 0)
        str_add_text(&app->hint, _("An empty page.\n\nWrite a prompt below and press ^G,\nor Tab up here and begin yourself."));
    app->desk.hint = str_span(&app->hint);
}

static void fill_saved(struct app *app)
{
    struct desk_view *v = &app->desk;
    if (store_in_memory(app->store))
        v->saved = MEMORY_ONLY;
    else if (app->save_err.kind || app->engine.storage_err.kind)
        v->saved = UNSAVED;
    else
        v->saved = app->save_us || (app->saved_in_passing && app->pause_us) ? SAVING : SAVED;
}

/* When it is asked again; 0: it does not wait for that. A server that wants to be left alone is left alone by all. */
static int64_t again_us(const struct engine *en, const struct job *job)
{
    int64_t until = en->lanes[job->lane].until_us;
    return !job->retry_us || job->over ? 0 : job->retry_us > until ? job->retry_us : until;
}

/* A busy server's countdown changes by itself. What the desk has to say stands before it, else why it waits. */
static bool fill_countdown(struct app *app)
{
    const struct job *next = NULL;
    int64_t soonest = 0;
    for (int i = 0; i < app->engine.run_count; i++) {
        int64_t at = again_us(&app->engine, app->engine.runs[i]);
        if (at && (!next || at < soonest)) {
            next = app->engine.runs[i];
            soonest = at;
        }
    }
    if (!next)
        return false;
    int64_t seconds = (soonest - clock_now_us() + 999999) / 1000000;
    const char *said = app->message.len ? str_text(&app->message) : next->err.text;
    str_clear(&app->note);
    if (seconds > 0)
        str_printf(&app->note, _("%s Asking again in %lld s; Esc gives up."), said, (long long)seconds);
    else
        str_printf(&app->note, _("%s Asking again as soon as it is its turn; Esc gives up."), said);
    app->desk.message = str_span(&app->note);
    app->desk.message_role = STYLE_WARNING;
    return true;
}

static void fill_message(struct app *app)
{
    const struct err *unkept = app->save_err.kind ? &app->save_err : &app->engine.storage_err;
    if (fill_countdown(app))
        return;
    app->desk.message = str_span(&app->message);
    app->desk.message_role = app->message_role;
    if (app->message.len == 0 && unkept->kind) {
        app->desk.message = span_of(unkept->text);
        app->desk.message_role = STYLE_ERROR;
    }
}

/* The dialect has a name for it, and this model has not refused it. */
static bool is_taken(struct app *app, const struct server *server, enum dial_id dial)
{
    return dial_table[dial].wire[server->dialect] && !servers_refuses(app, dial);
}

/* The shipped presets have a name in each language; the writer's own are called as the writer called them. */
static const char *preset_label(const char *name)
{
    for (int i = 0; i < preset_count; i++)
        if (!strcmp(name, preset_table[i].name))
            return _(name);
    return name;
}

static void fill_dials(struct app *app)
{
    static bool taken[DIAL_COUNT];
    const struct server *server = servers_current(app);
    for (int i = 0; i < DIAL_COUNT; i++)
        taken[i] = i == DIAL_TAKES || is_taken(app, server, (enum dial_id)i);
    app->desk.dials = &app->dials;
    app->desk.taken = taken;
    app->desk.preset = span_of(preset_label(app->preset));
}

/* The poem is counted, not what was asked for it. */
static void tally_page(struct app *app)
{
    size_t count = 0, at = 0, counted = app->tally.length, length = buffer_length(app->page.buf);
    const struct run *runs = buffer_runs(app->page.buf, &count);
    for (size_t i = 0; i < count; at += runs[i++].len) {
        size_t from = at > counted ? at : counted, to = at + runs[i].len;
        if (to > counted && runs[i].ink.author != AUTHOR_PROMPT)
            counter_add(&app->tally.counter, buffer_slice(app->page.buf, from, to));
    }
    app->tally.length = length;
}

/* A big text that is being edited is counted when the writer pauses. */
static void fill_counts(struct app *app)
{
    if (app->tally.length == 0 && app->pause_us && buffer_length(app->page.buf) > COUNT_AT_ONCE)
        return;
    tally_page(app);
    app->desk.counts = app->tally.counter.count;
}

/* What the muse understands of the prompt does not change while a take only streams. */
static void fill_prompt(struct app *app)
{
    bool muse = server_is_muse(servers_current(app));
    struct span page = app->context && app->whole_frame ? buffer_text(app->page.buf) : SPAN("");
    app->desk.prompt_offer = offer_shown(app);
    app->desk.prompt_command = muse ? "form" : NULL;
    if (!app->whole_frame)
        return;
    str_clear(&app->prompt_note);
    if (!app->context)
        str_add_text(&app->prompt_note, _("alone, without the page"));
    if (rewrite_selected(app) && app->desk.focus == FOCUS_PROMPT)
        str_printf(&app->prompt_note, "%s%s", app->prompt_note.len ? " · " : "", _("Tab, then ^G rewrites the selection"));
    if (muse && buffer_length(app->prompt)) {
        struct str wish = {0};
        muse_understand(buffer_text(app->prompt), page, &wish);
        if (wish.len && app->prompt_note.len)
            str_add_text(&app->prompt_note, " · ");
        display_line(&app->prompt_note, str_span(&wish), 60);
        str_release(&wish);
    }
    app->desk.prompt_note = str_span(&app->prompt_note);
}

void desk_draw(struct app *app)
{
    static const enum footer_place places[FOCUS_COUNT] = {FOOTER_PROMPT, FOOTER_PAGE, FOOTER_DIALS, FOOTER_TAKES};
    fill_counts(app);
    desk_find_takes(app);
    points_find(app);
    fill_where(app);
    fill_server(app);
    fill_behind(app);
    fill_used(app);
    fill_hint(app);
    fill_saved(app);
    fill_message(app);
    fill_dials(app);
    if (app->whole_frame)
        picture_fill(app);
    bool rewriting = rewrite_shown(app);
    reach_find(app);
    app->desk.over = rewrite_editor(app);
    app->desk.over_title = span_of(_("Rewriting"));
    app->desk.footer_count =
        footer_fill(app, rewriting && app->desk.focus == FOCUS_PAGE ? FOOTER_REWRITE : places[app->desk.focus], &app->desk.footer);
    fill_prompt(app);
    if (app->whole_frame || !desk_view_draw_stream(&app->desk, &app->canvas))
        desk_view_draw(&app->desk, &app->canvas);
}
