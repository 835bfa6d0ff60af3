#include "app/views/library.h"
#include "app/views/library_work.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/names.h"
#include "storage/query.h"

#include <stdlib.h>
#include <string.h>

#define OFFERS_MAX 8

void library_offers_clear(struct app *app)
{
    struct library_work *w = app->library.work;
    for (int i = 0; i < w->offer_count; i++) {
        free(w->offers[i].text);
        free(w->offers[i].help);
    }
    w->offer_count = 0;
    app->library.view.offer_selected = 0;
}

/* `text` as it will stand in the query. */
static void add(struct library_work *w, struct span text, const char *help)
{
    if (w->offer_count == OFFERS_MAX)
        return;
    ARRAY_ROOM(w->offers, w->offer_count, w->offer_cap);
    w->offers[w->offer_count++] = (struct library_offer){span_copy(text), help ? mem_copy_text(help) : NULL};
}

static bool begins(struct span text, struct span with)
{
    return text.len >= with.len && memcmp(text.s, with.s, with.len) == 0;
}

/* -- names of filters --------------------------------------------------------------------------------------------------------------------- */

/* From two letters on, so that a word in common speech is not in the way for long. */
static void offer_names(struct library_work *w, struct span word)
{
    struct str text = {0};
    if (word.len < 2)
        return;
    for (const struct query_help *h = query_filters_help; h->name; h++)
        if (begins(span_of(h->name), word)) {
            str_clear(&text);
            str_printf(&text, "%s%s", h->name, h->sign);
            add(w, str_span(&text), _(h->help));
        }
    for (int i = 0; i < DIAL_COUNT; i++)
        if (begins(span_of(dial_table[i].name), word)) {
            str_clear(&text);
            str_printf(&text, "%s>", dial_table[i].name);
            add(w, str_span(&text), _(dial_table[i].label));
        }
    str_release(&text);
}

/* -- what may follow them ------------------------------------------------------------------------------------------------------------------ */

static void offer_value(struct library_work *w, struct span value, struct span part)
{
    struct str text = {0};
    bool spaced = span_find(value, SPAN(" "), 0) >= 0;
    str_printf(&text, spaced ? "\"%.*s\" " : "%.*s ", SPAN_ARG(value));
    if (value.len > part.len || span_find(value, part, 0) != 0) /* a whole value needs no offer */
        add(w, str_span(&text), NULL);
    str_release(&text);
}

static void offer_library_names(struct app *app, enum names what, struct span part)
{
    struct str names = {0};
    struct err err = {0};
    struct span line;
    if (!store_names(app->store, what, part, OFFERS_MAX, &names, &err)) /* the search itself will say what is wrong */
        str_clear(&names);
    for (struct span rest = str_span(&names); span_line(&rest, &line);)
        offer_value(app->library.work, line, part);
    str_release(&names);
}

static void offer_states(struct library_work *w, struct span part)
{
    for (int i = TAKE_DONE; i < TAKE_STATE_COUNT; i++)
        if (begins(span_of(take_state_name((enum take_state)i)), part))
            offer_value(w, span_of(take_state_name((enum take_state)i)), part);
}

static void offer_orders(struct library_work *w, struct span part)
{
    for (int i = 0; i < SORT_COUNT; i++)
        if (begins(span_of(query_sort_name((enum query_sort)i)), part))
            offer_value(w, span_of(query_sort_name((enum query_sort)i)), part);
}

static void offer_values(struct app *app, struct span name, struct span part)
{
    static const struct {
        const char *name;
        enum names what;
    } rows[] = {{"model", NAMES_MODEL}, {"server", NAMES_SERVER}, {"project", NAMES_PROJECT}, {"tag", NAMES_TAG}};
    struct library_work *w = app->library.work;
    if (part.len && part.s[0] == '"')
        part = span_cut(part, 1, part.len);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (span_is(name, rows[i].name))
            offer_library_names(app, rows[i].what, part);
    if (span_is(name, "state"))
        offer_states(w, part);
    else if (span_is(name, "sort"))
        offer_orders(w, part);
    else if (span_is(name, "is") && begins(SPAN("trash"), part))
        offer_value(w, SPAN("trash"), part);
}

/* -- all --------------------------------------------------------------------------------------------------------------------------------------- */

/* The word that ends at the caret: white space inside quotes belongs to it. */
static struct span word_before(struct span text, size_t caret)
{
    size_t start = 0;
    bool quoted = false;
    for (size_t i = 0; i < caret; i++) {
        quoted ^= text.s[i] == '"';
        if (!quoted && text.s[i] == ' ')
            start = i + 1;
    }
    return span_cut(text, start, caret);
}

void library_offers_find(struct app *app)
{
    struct library *l = &app->library;
    struct span text = buffer_text(l->view.query_text), word = word_before(text, l->view.query.caret);
    size_t from = (size_t)(word.s - text.s);
    library_offers_clear(app);
    if (l->work->offers_shut)
        return;
    ptrdiff_t colon = span_find(word, SPAN(":"), 0);
    if (colon > 0) {
        l->work->offer_from = from + (size_t)colon + 1;
        offer_values(app, span_cut(word, 0, (size_t)colon), span_cut(word, (size_t)colon + 1, word.len));
    } else {
        l->work->offer_from = from;
        offer_names(l->work, word);
    }
}

bool library_offer_take(struct app *app)
{
    struct library *l = &app->library;
    struct editor *ed = &l->view.query;
    int chosen = l->view.offer_selected;
    if (l->view.focus_list || chosen >= l->work->offer_count)
        return false;
    char *text = mem_copy_text(l->work->offers[chosen].text);
    size_t caret = ed->caret;
    editor_move_to(ed, l->work->offer_from, false);
    editor_move_to(ed, caret, true);
    editor_type(ed, span_of(text));
    free(text);
    library_text_edited(app, ed);
    return true;
}
