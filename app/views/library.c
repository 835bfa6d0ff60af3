#include "app/views/library.h"
#include "app/commands/command.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "core/i18n.h"
#include "core/mem.h"
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
}

void library_release(struct app *app)
{
    struct library *l = &app->library;
    forget_hits(l);
    forget_preview(l);
    free(l->hits);
    free(l->marks);
    str_release(&l->tags);
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

/* Loads `limit` more hits below those that are there; a filter that does not parse is said and keeps the old ones. */
static bool load_more(struct app *app, int limit)
{
    struct library *l = &app->library;
    struct search search = {.query = buffer_text(l->view.query_text), .limit = limit};
    struct hit *found = NULL;
    struct err err = {0};
    int count = 0;
    if (l->count)
        search.before = l->hits[l->count - 1].generation;
    if (!store_search(app->store, &search, &found, &count, &err)) {
        app_say(app, STYLE_WARNING, "%s", err.text);
        return false;
    }
    for (int i = 0; i < count; i++) {
        ARRAY_ROOM(l->hits, l->count, l->cap);
        l->hits[l->count++] = found[i];
    }
    free(found);
    l->view.more = count == limit && l->hits[l->count - 1].generation; /* only generations go on below the first page */
    return true;
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
    if (hit && hit->generation == l->previewed && (hit->generation || hit->piece == l->page))
        return;
    forget_preview(l);
    l->view.preview_scroll = 0;
    if (hit && hit->generation)
        load_generation(app, hit->generation);
    else if (hit)
        load_page(app, hit);
}

void library_search(struct app *app)
{
    struct library *l = &app->library;
    str_clear(&app->message);
    forget_hits(l);
    l->view.selected = 0;
    l->view.more = false;
    load_more(app, HITS_AT_ONCE);
    load_preview(app);
    app_touch(app, true);
}

void library_open(struct app *app)
{
    app->view = VIEW_LIBRARY;
    app->library.view.focus_list = false;
    editor_select_all(&app->library.view.query);
    forget_preview(&app->library);
    library_search(app);
}

void library_refresh(struct app *app)
{
    struct library *l = &app->library;
    int selected = l->view.selected, wanted = l->count > HITS_AT_ONCE ? l->count : HITS_AT_ONCE;
    forget_hits(l);
    forget_preview(l);
    load_more(app, wanted);
    l->view.selected = selected < l->count ? selected : l->count - 1;
    if (l->view.selected < 0)
        l->view.selected = 0;
    load_preview(app);
    app_touch(app, true);
}

void library_move(struct app *app, int rows)
{
    struct library *l = &app->library;
    int to = l->view.selected + rows;
    while (to >= l->count - 1 && l->view.more && load_more(app, HITS_AT_ONCE))
        ;
    l->view.selected = to >= l->count ? l->count - 1 : to;
    if (l->view.selected < 0)
        l->view.selected = 0;
    load_preview(app);
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
    l->view.preview_text = str_span(&l->page_text);
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
    library_search(app);
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
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_QUERY) {
        v->focus_list = false;
        editor_move_to(&v->query, offset, false);
    } else if (m->kind == MOUSE_PRESS && target == LIBRARY_COMMAND) {
        command_run_named(app, command);
    }
}
