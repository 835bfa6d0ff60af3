#include "app/desk/picture.h"
#include "app/desk/desk.h"
#include "app/servers.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/next_word.h"

#include <stdlib.h>

#define WORDS 5

struct dial_picture {
    struct odds_picture shown;
    struct odds_choices choices;
    double after[ODDS_CHOICES];
    int64_t take;                 /* whose odds these are; 0: none */
    struct odds_record record;
    struct odds_units units;
    struct next_word *next;       /* NULL: not asked for yet, or the voice cannot be had */
    struct str asked;             /* what it was asked for */
};

static void forget_next(struct dial_picture *d)
{
    next_word_free(d->next);
    d->next = NULL;
    str_clear(&d->asked);
}

void picture_release(struct app *app)
{
    struct dial_picture *d = app->dial_picture;
    if (!d)
        return;
    forget_next(d);
    str_release(&d->asked);
    odds_choices_release(&d->choices);
    odds_record_release(&d->record);
    odds_units_release(&d->units);
    free(d);
    app->dial_picture = NULL;
}

/* -- a word of a take ------------------------------------------------------------------------------------------------------------------------ */

static void load_take(struct app *app, struct dial_picture *d, const struct take *t)
{
    struct str form = {0};
    bool found = false;
    if (d->take == t->id)
        return;
    d->take = t->id;
    odds_record_release(&d->record);
    if (store_odds_load(app->store, t->id, &form, &found, NULL) && found)
        (void)!odds_record_read(&d->record, str_span(&form), NULL);
    odds_units_make(&d->units, &d->record, str_span(&t->text));
    str_release(&form);
}

/* The caret inside a take that the writer has not changed. */
static bool word_at_caret(struct app *app, struct dial_picture *d)
{
    const struct piece *p = &app->piece;
    size_t caret = app->desk.page.caret, from = 0, to = 0;
    int passage = page_passage_at(&app->page, caret);
    if (passage < 0 || passage >= p->passage_count || p->passages[passage].take < 0 || p->passages[passage].own_text)
        return false;
    const struct take *t = &p->takes[p->passages[passage].take];
    if (!take_state_over(t->state) || !t->id || !page_passage_range(&app->page, passage, &from, &to) || caret < from || caret >= to)
        return false;
    load_take(app, d, t);
    int unit = odds_units_at(&d->units, caret - from + passage_left_out(p, passage));
    if (unit < 0 || d->units.list[unit].count == 0)
        return false;
    odds_choices_make(&d->choices, &d->record, &d->units.list[unit], str_span(&t->text));
    odds_reshape(&d->choices, &app->dials, d->after, &d->shown.rest);
    return true;
}

/* -- the muse's next word -------------------------------------------------------------------------------------------------------------------- */

/* Read again only when something else is asked. */
static void ask_muse(struct app *app, struct dial_picture *d)
{
    struct request req;
    struct generation what = {0};
    struct str asked = {0};
    request_init(&req);
    bool can = desk_request(app, &req, &what, NULL);
    str_printf(&asked, "%d %zu %s\n", can, req.asked, str_text(&req.model));
    str_add(&asked, str_span(&req.prompt));
    if (!span_equal(str_span(&asked), str_span(&d->asked))) {
        forget_next(d);
        str_move(&d->asked, &asked);
        if (can)
            d->next = next_word_new(app->muse, &req, NULL);
    }
    str_release(&asked);
    request_release(&req);
    generation_release(&what);
}

static bool next_of_muse(struct app *app, struct dial_picture *d)
{
    if (!server_is_muse(servers_current(app)) || engine_busy(&app->engine, NULL))
        return false;
    ask_muse(app, d);
    if (d->next)
        next_word_odds(d->next, &app->dials, WORDS, &d->choices, d->after, &d->shown.rest);
    return d->next != NULL;
}

/* -- the picture ------------------------------------------------------------------------------------------------------------------------------ */

static bool shapes_odds(int dial)
{
    return dial == DIAL_TEMPERATURE || dial == DIAL_TOP_P || dial == DIAL_TOP_K || dial == DIAL_MIN_P;
}

void picture_fill(struct app *app)
{
    const struct dials *dials = &app->dials;
    app->desk.picture = NULL;
    if (app->desk.focus != FOCUS_DIALS || !desk_view_wide(app->canvas.w) || !shapes_odds(app->desk.dial))
        return;
    if (!app->dial_picture)
        app->dial_picture = mem_new(1, sizeof *app->dial_picture);
    struct dial_picture *d = app->dial_picture;
    bool word = word_at_caret(app, d);
    if (!word && !next_of_muse(app, d))
        return;
    d->shown.choices = &d->choices;
    d->shown.after = d->after;
    d->shown.guessed = word;
    d->shown.temperature = dials->on[DIAL_TEMPERATURE] ? dials->value[DIAL_TEMPERATURE] : 1;
    d->shown.cuts = dials->on[DIAL_TOP_P] || dials->on[DIAL_TOP_K] || dials->on[DIAL_MIN_P];
    d->shown.selected = -1;
    app->desk.picture = &d->shown;
    app->desk.picture_title = span_of(word ? _("At the caret") : _("The muse's next word"));
}
