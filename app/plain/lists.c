#include "app/plain/parts.h"
#include "app/desk/desk.h"
#include "app/views/compare.h"
#include "app/views/library.h"
#include "app/views/notes.h"
#include "app/views/odds.h"
#include "app/views/sweep.h"
#include "app/views/tree.h"
#include "core/i18n.h"
#include "ui/compare_marks.h"
#include "ui/panel_takes.h"

#include <math.h>

#define WORDS 60 /* columns of a text in a row */

static void add_text(struct str *out, struct span text)
{
    str_add_text(out, out->len && out->s[out->len - 1] != ' ' && out->s[out->len - 1] != '\n' ? " · " : "");
    plain_quote(out, text, WORDS);
}

static void add_rating(struct str *out, int rating)
{
    if (rating)
        str_printf(out, _(" · rated %d of 5"), rating);
}

/* -- the library ------------------------------------------------------------------------------------------------------------------------------ */

static void library_head(struct app *app, struct str *out)
{
    const struct library_view *v = &app->library.view;
    struct span query = buffer_text(v->query_text);
    str_printf(out, ngettext("%d row", "%d rows", (unsigned)v->hit_count), v->hit_count);
    if (v->total > 0)
        str_printf(out, _(" of %lld in all"), (long long)v->total);
    if (query.len)
        str_printf(out, _(", for “%.*s”"), SPAN_ARG(query));
    str_add_text(out, _(". Words search, a number shows."));
}

static void library_rows(struct app *app, struct str *out)
{
    const struct library *l = &app->library;
    for (int i = 0; i < l->count; i++) {
        const struct hit *h = &l->hits[i];
        str_add_text(out, h->generation && library_is_marked(app, h->generation) ? _("marked · ") : "");
        plain_quote(out, str_span(h->text.len ? &h->text : &h->prompt), WORDS);
        if (h->prompt.len && h->text.len)
            str_add_text(out, _(" · asked: ")), plain_quote(out, str_span(&h->prompt), 40);
        if (h->model.len)
            str_add_text(out, " · "), plain_quote(out, str_span(&h->model), 30);
        add_rating(out, h->rating);
        str_add_byte(out, '\n');
    }
}

static void library_detail(struct app *app, struct str *out)
{
    const struct library *l = &app->library;
    if (!l->view.focus_list)
        return;
    if (l->previewed) {
        str_printf(out, "%s\n%s %s\n", str_text(&l->preview.prompt), str_text(&l->preview.server), str_text(&l->preview.model));
        dials_format(&l->preview.dials, out);
        str_printf(out, "\n%s%s", str_text(&l->tags), str_text(&l->used));
    }
    for (int i = 0; i < l->take_count && l->previewed; i++) {
        str_printf(out, _("\ntake %d:\n"), i + 1);
        str_add(out, span_trim(str_span(&l->takes[i].text)));
        add_rating(out, l->takes[i].rating);
    }
    str_add(out, str_span(&l->page_text));
}

static void library_choose(struct app *app, int row)
{
    app->library.view.focus_list = true;
    library_move(app, row - app->library.view.selected);
}

static enum footer_place library_footer(const struct app *app)
{
    return app->library.count ? FOOTER_LIST : FOOTER_QUERY;
}

/* -- the tree --------------------------------------------------------------------------------------------------------------------------------- */

static void tree_head(struct app *app, struct str *out)
{
    const struct tree_view *v = tree_seen(app);
    str_add(out, v->title);
    str_printf(out, ngettext(", %d passage", ", %d passages", (unsigned)v->passages), v->passages);
    if (v->where.len)
        str_printf(out, ", %.*s", SPAN_ARG(v->where));
}

static void tree_rows_in_words(struct app *app, struct str *out)
{
    static const char *const authors[AUTHOR_COUNT] = {N_("yours"), N_("model"), N_("edited"), N_("prompt")};
    const struct tree_view *v = tree_seen(app);
    for (int i = 0; v->outline && i < v->outline->count; i++) {
        const struct outline_row *place = &v->outline->rows[i];
        struct tree_row row;
        v->row(v->ctx, i, &row);
        str_printf(out, "%*s", place->depth * 2, "");
        if (place->of > 1)
            str_printf(out, _("%d of %d, "), place->number, place->of);
        str_printf(out, "%s%s%s%s%s: ", _(authors[row.author]), place->on_page ? _(", on the page") : "", row.marked ? _(", marked") : "",
                   row.bookmark ? _(", bookmark") : "", row.unread ? _(", not read yet") : "");
        plain_quote(out, row.name.len ? row.name : row.text, WORDS);
        add_rating(out, row.rating);
        if (place->hidden)
            str_printf(out, _(", %d folded away"), place->hidden);
        str_add_byte(out, '\n');
    }
}

static void tree_detail(struct app *app, struct str *out)
{
    const struct tree_view *v = tree_seen(app);
    str_printf(out, "%d. %.*s\n%.*s", v->selected + 1, SPAN_ARG(v->preview_facts), SPAN_ARG(v->preview));
}

static void tree_choose_row(struct app *app, int row)
{
    tree_move_rows(app, row - tree_seen(app)->selected);
}

static enum footer_place tree_footer(const struct app *app)
{
    (void)app;
    return FOOTER_TREE;
}

/* -- odds ------------------------------------------------------------------------------------------------------------------------------------- */

static void odds_head(struct app *app, struct str *out)
{
    const struct odds_view *v = odds_seen(app);
    str_printf(out, "%.*s %.*s", SPAN_ARG(v->name), SPAN_ARG(v->state));
}

static void odds_rows(struct app *app, struct str *out)
{
    int at = 0;
    const struct odds_units *words = odds_words(app, &at);
    struct buffer *text = odds_seen(app)->text.buf;
    for (int i = 0; i < words->count; i++) {
        const struct odds_unit *u = &words->list[i];
        plain_quote(out, buffer_slice(text, u->from, u->to), WORDS);
        if (u->count)
            str_printf(out, " %.0f %%", exp(u->logprob) * 100);
        str_add_byte(out, '\n');
    }
}

static void odds_detail(struct app *app, struct str *out)
{
    const struct odds_picture *picture = &odds_seen(app)->picture;
    int at = 0;
    odds_words(app, &at);
    if (!odds_known(app))
        return;
    str_printf(out, _("word %d; there might have stood:"), at + 1);
    for (int i = 0; picture->choices && i < picture->choices->count; i++) {
        const struct odds_choice *c = &picture->choices->list[i];
        str_add_text(out, "\n  ");
        str_printf(out, "%d. ", i + 1);
        plain_quote(out, str_span(&c->text), 30);
        str_printf(out, " %.0f %%%s%s", c->odds * 100, c->taken ? _(", what the take says") : "", i == picture->selected ? _(", chosen") : "");
    }
    str_add_text(out, _("\n/other 2 chooses the second, /odds-take takes it."));
}

static void odds_choose_word(struct app *app, int row)
{
    int at = 0;
    odds_words(app, &at);
    odds_move(app, row - at);
}

static enum footer_place odds_footer(const struct app *app)
{
    (void)app;
    return FOOTER_ODDS;
}

/* -- memory, note and lore ---------------------------------------------------------------------------------------------------------------------- */

static void notes_head(struct app *app, struct str *out)
{
    const struct notes_view *v = notes_seen(app);
    str_printf(out, "%.*s. %.*s", SPAN_ARG(v->piece), SPAN_ARG(v->sum));
}

static void notes_rows(struct app *app, struct str *out)
{
    const struct notes_view *v = notes_seen(app);
    for (int i = 0; i < v->row_count; i++) {
        const struct notes_row *row = &v->rows[i];
        plain_quote(out, row->name.len ? row->name : span_of(_("without keys")), WORDS);
        str_printf(out, " %.*s%s%s\n", SPAN_ARG(row->size), row->on ? "" : _(", off"), row->goes ? _(", goes along") : "");
    }
}

static void notes_detail(struct app *app, struct str *out)
{
    const struct notes_view *v = notes_seen(app);
    static const char *const wants[] = {N_("/notes-write writes in it."), N_("Type its keys, with commas between; /notes-next goes on to its text."),
                                        N_("Type its text; /stop ends it.")};
    str_printf(out, "%d. %.*s\n", v->selected + 1, SPAN_ARG(v->about));
    if (v->with_keys)
        str_printf(out, _("keys: %.*s\n"), SPAN_ARG(buffer_text(v->keys_text)));
    str_add(out, buffer_text(v->text_text));
    str_printf(out, "\n%s", _(wants[v->focus]));
}

static void notes_choose(struct app *app, int row)
{
    notes_move_rows(app, row - notes_seen(app)->selected);
}

static enum footer_place notes_footer(const struct app *app)
{
    return notes_seen(app)->focus == NOTES_LIST ? FOOTER_NOTES : FOOTER_NOTES_TEXT;
}

/* -- comparing ---------------------------------------------------------------------------------------------------------------------------------- */

static void compare_head(struct app *app, struct str *out)
{
    const struct compare_view *v = compare_seen(app);
    for (int i = 0; i < v->column_count; i++)
        str_printf(out, "%s%.*s", i ? "; " : "", SPAN_ARG(v->columns[i].title));
    str_add_text(out, ". ");
    for (int f = 0; f < v->fact_count; f++)
        for (int i = 0; i < v->column_count; i++)
            str_printf(out, "%s%.*s", i ? " / " : f ? "; " : "", SPAN_ARG(v->facts[f].value[i]));
    if (!v->fact_count)
        str_add(out, v->facts_note);
}

/* "“夜雨”, “灯”": what of the line is its own. */
static void add_marks(struct str *out, struct span line, const struct compare_marks *m, int column)
{
    if (!m->count[column])
        return;
    str_add_text(out, _(" (otherwise: "));
    for (int i = 0; i < m->count[column]; i++) {
        str_add_text(out, i ? ", " : "");
        plain_quote(out, span_cut(line, m->marks[column][i].from, m->marks[column][i].to), WORDS);
    }
    str_add_text(out, ")");
}

static void add_columns(const struct compare_view *v, const struct span *lines, const struct compare_marks *m, struct str *out)
{
    for (int i = 0; i < v->column_count; i++) {
        str_printf(out, "%s%d: ", i ? " / " : "", i + 1);
        if (!lines[i].s)
            str_add_text(out, _("no line"));
        else
            plain_quote(out, lines[i], -1);
        if (lines[i].s)
            add_marks(out, lines[i], m, i);
    }
}

static void compare_rows_in_words(struct app *app, struct str *out)
{
    const struct compare_view *v = compare_seen(app);
    for (int r = 0; v->rows && r < v->rows->count; r++) {
        struct span lines[COMPARE_COLUMNS] = {0};
        struct compare_marks m = {0};
        for (int i = 0; i < v->column_count; i++) {
            int line = v->rows->rows[r].line[i];
            lines[i] = line < 0 ? (struct span){0} : v->columns[i].lines[line];
        }
        compare_marks_make(&m, lines, v->column_count);
        if (m.same)
            str_add_text(out, _("the same: ")), plain_quote(out, lines[0], -1);
        else
            add_columns(v, lines, &m, out);
        str_add_byte(out, '\n');
        compare_marks_release(&m);
    }
}

static void compare_detail(struct app *app, struct str *out)
{
    const struct compare_view *v = compare_seen(app);
    str_printf(out, _("row %d, side %d"), v->row + 1, v->focus + 1);
    if (buffer_length(v->splice_text))
        str_printf(out, _("\nThe splice:\n%.*s"), SPAN_ARG(buffer_text(v->splice_text)));
}

static enum footer_place compare_footer(const struct app *app)
{
    return compare_seen(app)->in_splice ? FOOTER_SPLICE : FOOTER_COMPARE;
}

/* -- a sweep ------------------------------------------------------------------------------------------------------------------------------------ */

static void sweep_head(struct app *app, struct str *out)
{
    const struct sweep_view *v = sweep_seen(app);
    str_printf(out, "%.*s · ", SPAN_ARG(v->what));
    plain_quote(out, v->asked, WORDS);
}

static void sweep_rows(struct app *app, struct str *out)
{
    const struct sweep_view *v = sweep_seen(app);
    for (int i = 0; i < v->count; i++) {
        const struct sweep_take *t = &v->takes[i];
        str_printf(out, "%.*s · %s%s%s", SPAN_ARG(t->value), take_word(t->state), t->marked ? _(", marked") : "",
                   t->on_page ? _(", on the page") : "");
        add_text(out, t->error.len ? t->error : t->text);
        add_rating(out, t->rating);
        str_add_byte(out, '\n');
    }
}

static void sweep_detail(struct app *app, struct str *out)
{
    const struct sweep_view *v = sweep_seen(app);
    if (v->count)
        str_printf(out, "%d. %.*s\n%.*s", v->selected + 1, SPAN_ARG(v->takes[v->selected].value), SPAN_ARG(v->takes[v->selected].text));
}

static void sweep_choose(struct app *app, int row)
{
    sweep_move(app, row - sweep_seen(app)->selected);
}

static enum footer_place sweep_footer(const struct app *app)
{
    (void)app;
    return FOOTER_SWEEP;
}

/* -- of the desk --------------------------------------------------------------------------------------------------------------------------------- */

static void dial_rows(struct app *app, struct str *out)
{
    for (int i = 0; i < DIAL_COUNT; i++) {
        str_printf(out, "/%s ", dial_table[i].name);
        if (app->dials.on[i])
            dial_format(&app->dials, (enum dial_id)i, out);
        else
            str_add_text(out, _("off"));
        str_printf(out, " · %s%s\n", _(dial_table[i].help), app->desk.taken && !app->desk.taken[i] ? _(" This server does not take it.") : "");
    }
}

static void dial_detail(struct app *app, struct str *out)
{
    const struct dial *d = &dial_table[app->desk.dial];
    str_printf(out, _("%d. %s: from %g to %g, or off"), app->desk.dial + 1, _(d->label), d->min, d->max);
}

static void dial_choose(struct app *app, int row)
{
    desk_take_typing(app);
    app->desk.dial = row;
}

static enum footer_place dial_footer(const struct app *app)
{
    (void)app;
    return FOOTER_DIALS;
}

void plain_take_row(struct app *app, int row, struct str *out)
{
    const struct desk_take *t = &app->take_rows[row];
    str_printf(out, "%s%s · ", t->chosen ? _("on the page, ") : "", t->own ? _("yours") : take_word(t->state));
    take_length(out, t->length, t->han);
    add_rating(out, t->rating);
    add_text(out, passage_text(&app->piece, app->take_passages[row]));
}

static void take_rows(struct app *app, struct str *out)
{
    desk_find_takes(app);
    for (int i = 0; i < app->take_row_count; i++) {
        plain_take_row(app, i, out);
        str_add_byte(out, '\n');
    }
}

static void take_choose(struct app *app, int row)
{
    app->desk.take = row;
    points_choose(app, app->take_passages[row]);
}

static enum footer_place take_footer(const struct app *app)
{
    (void)app;
    return FOOTER_TAKES;
}

const struct spot plain_dials = {N_("Dials"), NULL, dial_rows, dial_detail, dial_choose, dial_footer};
const struct spot plain_takes = {N_("Takes"), NULL, take_rows, NULL, take_choose, take_footer};
const struct spot plain_views[VIEW_COUNT] = {
    [VIEW_LIBRARY] = {N_("The library"), library_head, library_rows, library_detail, library_choose, library_footer},
    [VIEW_TREE] = {N_("The tree"), tree_head, tree_rows_in_words, tree_detail, tree_choose_row, tree_footer},
    [VIEW_ODDS] = {N_("Odds"), odds_head, odds_rows, odds_detail, odds_choose_word, odds_footer},
    [VIEW_NOTES] = {N_("Memory, note and lore"), notes_head, notes_rows, notes_detail, notes_choose, notes_footer},
    [VIEW_COMPARE] = {N_("Side by side"), compare_head, compare_rows_in_words, compare_detail, compare_go, compare_footer},
    [VIEW_SWEEP] = {N_("A sweep"), sweep_head, sweep_rows, sweep_detail, sweep_choose, sweep_footer},
    [VIEW_DOCTOR] = {N_("The doctor"), plain_doctor_head, NULL, plain_doctor_detail, NULL, plain_doctor_footer},
};
