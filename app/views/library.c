#include "app/views/library.h"
#include "app/commands/command.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "app/used.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "app/views/library_work.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "storage/query.h"

#include <stdlib.h>
#include <string.h>

#define HITS_AT_ONCE 50

static void forget_hits(struct library *l)
{
    for (int i = 0; i < l->count; i++)
        hit_release(&l->hits[i]);
    l->count = 0;
}

static void forget_preview(struct library *l)
{
    generation_release(&l->preview);
    for (int i = 0; i < l->take_count; i++)
        take_release(&l->takes[i]);
    free(l->takes);
    l->takes = NULL;
    l->take_count = 0;
    l->previewed = 0;
    l->page = 0;
    str_clear(&l->page_text);
    str_clear(&l->tags);
}

void library_init(struct app *app)
{
    library_view_init(&app->library.view);
    app->library.work = mem_new(1, sizeof *app->library.work);
}

void library_release(struct app *app)
{
    struct library *l = &app->library;
    library_stop_search(app);
    library_offers_clear(app);
    library_acts_release(app);
    library_kept_release(app);
    free(l->work->offers);
    free(l->work);
    forget_hits(l);
    forget_preview(l);
    free(l->hits);
    free(l->marks);
    str_release(&l->tags);
    str_release(&l->used);
    str_release(&l->page_text);
    library_view_release(&l->view);
}

const struct hit *library_selected(const struct app *app)
{
    const struct library *l = &app->library;
    return l->view.selected >= 0 && l->view.selected < l->count ? &l->hits[l->view.selected] : NULL;
}

/* -- marks -------------------------------------------------------------------------------------------------------------------------------- */

int library_marked(const struct app *app, int64_t *generations, int max)
{
    const struct library *l = &app->library;
    for (int i = 0; i < l->mark_count && i < max; i++)
        generations[i] = l->marks[i];
    return l->mark_count;
}

static int find_mark(const struct library *l, int64_t generation)
{
    for (int i = 0; i < l->mark_count; i++)
        if (l->marks[i] == generation)
            return i;
    return -1;
}

bool library_is_marked(const struct app *app, int64_t generation)
{
    return find_mark(&app->library, generation) >= 0;
}

void library_mark(struct app *app, int64_t generation, bool on)
{
    struct library *l = &app->library;
    int at = find_mark(l, generation);
    if (on && at < 0) {
        ARRAY_ROOM(l->marks, l->mark_count, l->mark_cap);
        l->marks[l->mark_count++] = generation;
    } else if (!on && at >= 0) {
        memmove(l->marks + at, l->marks + at + 1, (size_t)(--l->mark_count - at) * sizeof *l->marks);
    }
}

void library_unmark(struct app *app)
{
    app->library.mark_count = 0;
}

/* -- searching ---------------------------------------------------------------------------------------------------------------------------- */

void library_stop_search(struct app *app)
{
    walk_close(app->library.work->walk);
    app->library.work->walk = NULL;
}

static void tell_state(struct library *l)
{
    struct library_work *w = l->work;
    l->view.more = w->walk && !walk_over(w->walk);
    l->view.searching = l->view.more && l->count < w->wanted;
    l->view.looked = w->walk ? walk_looked(w->walk) : 0;
}

/* Works for so long, or until all that is wanted is there. */
static bool search_for(struct app *app, int64_t budget_us)
{
    struct library *l = &app->library;
    struct hit *found = NULL;
    struct err err = {0};
    int count = 0, wanted = l->work->wanted - l->count;
    if (!l->work->walk || wanted <= 0 || walk_over(l->work->walk))
        return true;
    bool ok = walk_step(l->work->walk, wanted, budget_us, &found, &count, &err);
    for (int i = 0; i < count; i++) {
        ARRAY_ROOM(l->hits, l->count, l->cap);
        l->hits[l->count++] = found[i];
    }
    free(found);
    if (!ok) {
        library_stop_search(app);
        app_fail(app, &err);
    }
    tell_state(l);
    return ok;
}

/* The page as Enter would lay it on the desk. */
static void add_page(struct str *out, const struct piece *p)
{
    int count = piece_path(p, p->leaf, NULL, 0);
    int *path = mem_new((size_t)count + 1, sizeof *path);
    piece_path(p, p->leaf, path, count);
    for (int i = 0; i < count; i++)
        str_add(out, passage_text(p, path[i]));
    free(path);
}

static void load_page(struct app *app, const struct hit *hit)
{
    struct library *l = &app->library;
    struct piece piece;
    struct err err = {0};
    piece_init(&piece);
    l->page = hit->piece;
    if (!store_piece_load(app->store, hit->piece, &piece, &err))
        app_fail(app, &err);
    int passage = hit->passage ? piece_find_passage(&piece, hit->passage) : -1;
    l->work->passage = hit->passage;
    if (passage >= 0) /* in the trash it shows itself */
        str_set(&l->page_text, passage_text(&piece, passage));
    else
        add_page(&l->page_text, &piece);
    if (span_trim(str_span(&l->page_text)).len == 0) /* what was found lies beside an empty page */
        str_set(&l->page_text, str_span(hit->text.len ? &hit->text : &hit->prompt));
    piece_release(&piece);
}

static void load_generation(struct app *app, int64_t generation)
{
    struct library *l = &app->library;
    struct err err = {0};
    l->previewed = generation;
    if (!store_generation_load(app->store, generation, &l->preview, &l->takes, &l->take_count, &err))
        app_fail(app, &err);
    if (!store_tags(app->store, generation, &l->tags))
        str_clear(&l->tags);
}

static void load_preview(struct app *app)
{
    struct library *l = &app->library;
    const struct hit *hit = library_selected(app);
    if (hit && hit->generation == l->previewed && (hit->generation || (hit->piece == l->page && hit->passage == l->work->passage)))
        return;
    forget_preview(l);
    l->view.preview_scroll = 0;
    if (hit && hit->generation)
        load_generation(app, hit->generation);
    else if (hit)
        load_page(app, hit);
}

/* A new search in place of the old one. A query that does not parse is said, and what was found stays. */
static bool begin_search(struct app *app, int wanted)
{
    struct library *l = &app->library;
    struct walk *walk = NULL;
    struct err err = {0};
    if (!walk_open(&walk, app->store, buffer_text(l->view.query_text), 0, HITS_AT_ONCE, &err)) {
        app_say(app, STYLE_WARNING, "%s", err.text);
        return false;
    }
    library_stop_search(app);
    forget_hits(l);
    l->work->walk = walk;
    l->work->wanted = wanted;
    return true;
}

void library_search(struct app *app)
{
    struct library *l = &app->library;
    int64_t start = clock_now_us();
    str_clear(&app->message);
    if (begin_search(app, HITS_AT_ONCE)) {
        l->view.selected = 0;
        int64_t left = LIBRARY_SLICE_US - (clock_now_us() - start);
        search_for(app, left > 1000 ? left : 1000);
        load_preview(app);
    }
    app_touch(app, true);
}

void library_search_slice(struct app *app)
{
    bool none = app->library.count == 0;
    search_for(app, LIBRARY_SLICE_US);
    if (none && app->library.count)
        load_preview(app);
    app_touch(app, false);
}

void library_open(struct app *app)
{
    app->view = VIEW_LIBRARY;
    app->library.view.focus_list = false;
    editor_select_all(&app->library.view.query);
    library_offers_clear(app);
    forget_preview(&app->library);
    library_search(app);
}

void library_refresh(struct app *app)
{
    struct library *l = &app->library;
    int selected = l->view.selected, wanted = l->count > HITS_AT_ONCE ? l->count : HITS_AT_ONCE;
    forget_preview(l);
    if (begin_search(app, wanted))
        search_for(app, LIBRARY_SLICE_US);
    l->view.selected = selected < l->count ? selected : l->count - 1;
    if (l->view.selected < 0)
        l->view.selected = 0;
    load_preview(app);
    app_touch(app, true);
}

void library_keep_rating(struct app *app, int64_t take, int rating)
{
    struct library *l = &app->library;
    for (int i = 0; i < l->count; i++)
        if (l->hits[i].take == take)
            l->hits[i].rating = rating;
    forget_preview(l);
    load_preview(app);
}

static bool is_among(const int64_t *ids, int count, int64_t id)
{
    for (int i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

void library_drop(struct app *app, const int64_t *generations, int count)
{
    struct library *l = &app->library;
    int kept = 0, selected = l->view.selected;
    for (int i = 0; i < l->count; i++)
        if (l->hits[i].generation && is_among(generations, count, l->hits[i].generation)) {
            selected -= i < l->view.selected;
            hit_release(&l->hits[i]);
        } else {
            l->hits[kept++] = l->hits[i];
        }
    l->count = kept;
    l->view.selected = selected < kept ? selected : kept > 0 ? kept - 1 : 0;
    library_move(app, 0);
}

void library_move(struct app *app, int rows)
{
    struct library *l = &app->library;
    int to = l->view.selected + rows;
    if (to >= l->count - 1 && l->view.more) {
        int wanted = to + HITS_AT_ONCE;
        l->work->wanted = wanted > l->work->wanted ? wanted : l->work->wanted;
        search_for(app, LIBRARY_SLICE_US);
    }
    l->view.selected = to >= l->count ? l->count - 1 : to;
    if (l->view.selected < 0)
        l->view.selected = 0;
    load_preview(app);
}

/* -- in pauses ------------------------------------------------------------------------------------------------------------------------------ */

#define TIDY_REST_US 700000 /* after a key the index is left alone for so long */
#define TIDY_SLICE_US 4000

static void tidy(struct app *app)
{
    struct err err = {0};
    bool more = false;
    /* A library that cannot be merged now is said by whatever writes into it. */
    bool ok = store_tidy(app->store, TIDY_SLICE_US, &more, &err);
    app->library.work->tidy_us = ok && more ? clock_now_us() + 20000 : 0;
}

void library_rest(struct app *app)
{
    app->library.work->tidy_us = clock_now_us() + TIDY_REST_US;
}

int library_wait_ms(const struct app *app)
{
    const struct library_work *w = app->library.work;
    int64_t now = clock_now_us();
    if ((app->view == VIEW_LIBRARY && app->library.view.searching) || w->emptying || w->kept)
        return 0;
    if (!w->tidy_us || engine_busy(&app->engine, NULL))
        return -1;
    return w->tidy_us <= now ? 0 : (int)((w->tidy_us - now) / 1000) + 1;
}

void library_step(struct app *app)
{
    struct library_work *w = app->library.work;
    if (app->view == VIEW_LIBRARY && app->library.view.searching)
        library_search_slice(app);
    else if (w->emptying)
        library_empty_trash(app);
    else if (w->kept)
        library_kept_slice(app);
    else if (w->tidy_us && w->tidy_us <= clock_now_us() && !engine_busy(&app->engine, NULL))
        tidy(app);
}

/* -- drawing --------------------------------------------------------------------------------------------------------------------------------- */

static bool in_trash(const struct library *l)
{
    struct query query;
    struct err err = {0};
    return query_parse(&query, buffer_text(l->view.query_text), &err) && query_filter(&query, FILTER_TRASH);
}

void library_draw(struct app *app)
{
    struct library *l = &app->library;
    l->view.hits = l->hits;
    l->view.hit_count = l->count;
    l->view.total = in_trash(l) ? -1 : store_generation_count(app->store);
    l->view.preview = l->previewed ? &l->preview : NULL;
    l->view.preview_takes = l->takes;
    l->view.preview_take_count = l->take_count;
    l->view.preview_tags = str_span(&l->tags);
    str_clear(&l->used);
    if (l->previewed)
        used_tell(&app->config, &l->preview, &l->used);
    l->view.preview_used = str_span(&l->used);
    l->view.preview_text = str_span(&l->page_text);
    l->view.marks = l->marks;
    l->view.mark_count = l->mark_count;
    l->view.offers = l->work->offers;
    l->view.offer_count = l->view.focus_list ? 0 : l->work->offer_count;
    l->view.message = str_span(&app->message);
    l->view.message_role = app->message_role;
    l->view.footer_count = footer_fill(app, l->view.focus_list ? FOOTER_LIST : FOOTER_QUERY, &l->view.footer);
    library_view_draw(&l->view, &app->canvas);
}

/* -- keys and mouse ----------------------------------------------------------------------------------------------------------------------- */

enum map library_map(const struct app *app)
{
    return app->library.view.focus_list ? MAP_LIBRARY : MAP_QUERY;
}

struct editor *library_text(struct app *app)
{
    return app->library.view.focus_list ? NULL : &app->library.view.query;
}

void library_text_edited(struct app *app, struct editor *ed)
{
    (void)ed;
    app->library.work->offers_shut = false;
    library_search(app);
    library_offers_find(app);
    if (app->library.work->offer_count)
        str_clear(&app->message); /* what is half typed is no fault */
}

/* Esc first puts the offers away. */
void library_back(struct app *app)
{
    bool offers = app->library.work->offer_count && !app->library.view.focus_list;
    app->library.work->offers_shut = true;
    library_offers_clear(app);
    if (!offers)
        app->view = VIEW_DESK;
}

void library_mouse(struct app *app, const struct mouse *m)
{
    struct library_view *v = &app->library.view;
    int row = 0;
    size_t offset = 0;
    const char *command = NULL;
    enum library_target target = library_view_at(v, m->x, m->y, &row, &offset, &command);
    if (mouse_wheel(m) && target == LIBRARY_PREVIEW) {
        command_run_named(app, mouse_wheel(m) < 0 ? "library-scroll-up" : "library-scroll-down");
    } else if (mouse_wheel(m)) {
        library_move(app, mouse_wheel(m));
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_ROW) {
        bool again = v->focus_list && row == v->selected;
        v->focus_list = true;
        library_move(app, row - v->selected);
        if (again)
            command_run_named(app, "library-enter");
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_OFFER) {
        v->offer_selected = row;
        library_offer_take(app);
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_QUERY) {
        v->focus_list = false;
        editor_move_to(&v->query, offset, false);
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_COMMAND) {
        command_run_named(app, command);
    }
}
