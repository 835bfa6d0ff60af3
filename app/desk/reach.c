#include "app/desk/reach.h"
#include "app/engine/compose.h"
#include "app/desk/generate.h"
#include "app/servers.h"

#define ROOM_AT_ONCE 65536 /* tokens that are counted between two keys */
#define BYTES_LEAST  2     /* of a token, as context.h estimates */

/* Tokens that are left for the page once everything else has its place; < 0: no limit is known. */
static int64_t find_room(struct app *app, size_t upto)
{
    struct request req;
    struct err err = {0};
    struct context c = {.page_from = 0};
    int64_t room = -1;
    request_init(&req);
    (void)generate_prepare(app, &req, &err);
    if (req.room > 0 && !req.bare) {
        struct span prompt = buffer_text(app->prompt);
        struct span nearby = buffer_slice(app->page.buf, upto > LORE_NEARBY ? upto - LORE_NEARBY : 0, upto);
        context_make(&c, &app->piece.notes, nearby, prompt, 0, 0, false);
        room = req.room - request_taken(&req, prompt) - context_tokens(&c);
        room = room > 0 ? room : 0;
        context_release(&c);
    }
    request_release(&req);
    return room;
}

void reach_find(struct app *app)
{
    struct reach *r = &app->reach;
    struct reach now = {.page = buffer_version(app->page.buf), .upto = insert_place(app)};
    now.room = find_room(app, now.upto);
    bool same = now.page == r->page && now.upto == r->upto && now.room == r->room;
    if (same || (now.room > ROOM_AT_ONCE && app->pause_us))
        return;
    if (now.room >= 0 && (uint64_t)now.room < now.upto / BYTES_LEAST)
        now.from = context_cut(buffer_slice(app->page.buf, 0, now.upto), now.room);
    *r = now;
}
