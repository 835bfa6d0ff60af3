#include "app/compose.h"

void compose_ask(struct request *req, struct generation *what, const struct piece *p, int leaf, struct span prompt, bool context)
{
    str_set(&what->prompt, prompt);
    request_ask(req, p, context ? leaf : -1, prompt, &what->context);
}

void compose_continue(struct request *req, struct generation *what, const struct piece *p, int leaf)
{
    str_clear(&what->prompt);
    what->kind = KIND_CONTINUE;
    request_continue(req, p, leaf, &what->context);
}

int compose_parent(const struct piece *p, const struct generation *g)
{
    return g->passage ? piece_find_passage(p, g->passage) : -1;
}

bool compose_again(struct request *req, struct generation *what, const struct piece *p, const struct generation *g, struct err *e)
{
    int parent = compose_parent(p, g);
    int leaf = g->kind != KIND_ASK || parent < 0 ? parent : p->passages[parent].parent;
    struct piece then = {0}; /* the page as it was, for when it has changed since */
    piece_init(&then);
    if (g->kind != KIND_ASK)
        compose_continue(req, what, p, leaf);
    else
        compose_ask(req, what, p, leaf, str_span(&g->prompt), g->context.len > 0);
    if (!span_equal(str_span(&what->context), str_span(&g->context))) {
        request_release(req);
        request_init(req);
        passage_set_text(&then, piece_add_passage(&then, -1, AUTHOR_WRITER, -1), str_span(&g->context));
        if (g->kind != KIND_ASK)
            compose_continue(req, what, &then, 0);
        else
            compose_ask(req, what, &then, 0, str_span(&g->prompt), true);
    }
    piece_release(&then);
    what->rerun_of = g->id;
    req->dials = g->dials;
    str_set(&req->system, str_span(&g->system));
    str_set(&req->model, str_span(&g->model));
    return stops_from_json(req, str_span(&g->stops), e);
}

void compose_for_server(struct request *req, const struct server *server)
{
    if (req->model.len == 0)
        str_set(&req->model, span_of(server->model));
    if (req->system.len == 0)
        str_set(&req->system, span_of(server->system));
}
