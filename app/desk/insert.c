#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/engine/compose.h"
#include "app/servers.h"
#include "core/i18n.h"

#include <string.h>

bool insert_is_meant(struct app *app)
{
    if (app->desk.focus != FOCUS_PAGE)
        return false;
    size_t at = app->desk.page.caret, length = buffer_length(app->page.buf);
    while (at < length && strchr(" \t\r\n", buffer_byte(app->page.buf, at)))
        at++;
    return at < length;
}

size_t insert_place(struct app *app)
{
    return insert_is_meant(app) ? app->desk.page.caret : buffer_length(app->page.buf);
}

/* A take that was asked for into the middle of the page. */
static bool is_within(const struct piece *p, int passage)
{
    int take = p->passages[passage].take;
    int g = take < 0 ? -1 : piece_find_generation(p, p->takes[take].generation);
    return g >= 0 && (p->generations[g].kind == KIND_INSERT || p->generations[g].kind == KIND_REWRITE);
}

void insert_request(struct app *app, struct request *req, struct generation *what)
{
    size_t caret = app->desk.page.caret;
    struct spot spot = tail_spot(&app->page, caret);
    struct str suffix = {0};
    str_set(&suffix, buffer_slice(app->page.buf, caret, buffer_length(app->page.buf)));
    compose_insert(req, what, &app->piece, spot.passage, spot.offset, str_span(&suffix));
    str_release(&suffix);
}

void insert_send(struct app *app, const struct request *req, const struct generation *what)
{
    struct err err = {0};
    size_t caret = app->desk.page.caret;
    struct spot spot = tail_spot(&app->page, caret);
    int above = -1, leaf = app->piece.leaf;
    if (!tail_is_still(&app->page, spot, &err) || !tail_cut(&app->page, spot, &above, &err)) {
        app_fail(app, &err);
        return;
    }
    struct job *job = generate_send(app, above, req, what, app->servers.current);
    if (!job)
        return;
    spot = (struct spot){above, above < 0 ? 0 : passage_text(&app->piece, above).len};
    generate_show(app, tail_grow(&app->piece, spot, leaf, page_passage_of_take(&app->piece, job->first_take)), caret);
    if (server_is_muse(servers_current(app)))
        app_say(app, STYLE_DIM, "%s", _("The muse goes on from here; it does not read what follows, which stays below. ^Z takes it back."));
    else
        app_say(app, STYLE_DIM, "%s", _("Going on from here; what follows stays below. ^Z takes it back."));
}

/* -- what follows a take ------------------------------------------------------------------------------------------------------------------ */

/* The generation that a passage's take came from, or the one which that asked once more; -1: none. */
static int first_asked(const struct piece *p, int passage)
{
    int take = p->passages[passage].take;
    int g = take < 0 ? -1 : piece_find_generation(p, p->takes[take].generation);
    int earlier = g < 0 || !p->generations[g].rerun_of ? -1 : piece_find_generation(p, p->generations[g].rerun_of);
    while (earlier >= 0 && earlier < g) { /* what was asked again is older */
        g = earlier;
        earlier = p->generations[g].rerun_of ? piece_find_generation(p, p->generations[g].rerun_of) : -1;
    }
    return g;
}

/* A take of the same question beside `passage` that something hangs below; -1: none. */
static int completed_sibling(const struct piece *p, int passage)
{
    int asked = first_asked(p, passage);
    for (int i = piece_first_child(p, p->passages[passage].parent); i >= 0; i = piece_next_sibling(p, i))
        if (i != passage && first_asked(p, i) == asked && piece_first_child(p, i) >= 0)
            return i;
    return -1;
}

int insert_complete(struct piece *p, int passage)
{
    bool bare = is_within(p, passage) && piece_first_child(p, passage) < 0;
    int sibling = bare ? completed_sibling(p, passage) : -1;
    if (sibling < 0)
        return piece_line_end(p, passage);
    return tail_grow(p, (struct spot){sibling, passage_text(p, sibling).len}, piece_line_end(p, sibling), passage);
}
