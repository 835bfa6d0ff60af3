#include "app/engine/compose.h"
#include "core/count.h"
#include "core/i18n.h"
#include "core/instruct.h"
#include "muse/wish.h"
#include "net/net.h"

void compose_toward(struct request *req, const struct server *server)
{
    req->room = server_context(server);
    req->bare = server_is_muse(server);
    req->form = server_form(server);
    str_set(&req->grammar, span_of(server->grammar));
}

void compose_tell_form(const struct server *server, struct str *out)
{
    const struct instruct *form = server_form(server);
    bool automatic = server_form_is_auto(server);
    if (server_is_muse(server) || (!server->instruct && !dialect_takes_form(server->dialect)))
        return;
    if (!dialect_takes_form(server->dialect))
        str_printf(out, _("It puts prompts into its model's form itself: instruct = %s changes nothing there."), server->instruct);
    else if (form && automatic)
        str_printf(out, _("Prompts go out in the form %s, as the server tells."), form->name);
    else if (form)
        str_printf(out, _("Prompts go out in the form %s, as the config says."), form->name);
    else if (automatic && server->told.has_template)
        str_add_text(out, _("Its own template is in no form that is known here, so prompts go out as they are."));
    else if (automatic)
        str_add_text(out, _("It has told no template, so prompts go out as they are; instruct = chatml would name a form."));
    else if (!net_tells(server))
        str_add_text(out, _("Prompts go out as they are; instruct = chatml would name a form."));
    else
        str_add_text(out, _("Prompts go out as they are; instruct = auto would take their form from the server."));
}

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

void compose_insert(struct request *req, struct generation *what, const struct piece *p, int leaf, size_t upto, struct span suffix)
{
    str_clear(&what->prompt);
    what->kind = KIND_INSERT;
    str_set(&what->suffix, request_fit(req, suffix));
    request_insert(req, p, leaf, upto, str_span(&what->suffix), &what->context);
}

/* -- rewriting -------------------------------------------------------------------------------------------------------------------------- */

/* How long the lines of a text are when all are of one length; 0: they differ. */
static int64_t line_length(struct span text, int64_t *lines)
{
    struct span line = {0};
    int64_t length = -1;
    *lines = 0;
    while (span_line(&text, &line)) {
        struct count count = {0};
        count_add(&count, line);
        if (count.han + count.words == 0)
            continue;
        length = length < 0 || length == count.han ? count.han : 0;
        ++*lines;
    }
    return length;
}

/* The muse writes verse anew on what the instruction speaks of; where that names no form, in lines like those selected. */
static void say_for_muse(struct str *out, const struct rewriting *rewriting)
{
    struct wish wish;
    int64_t lines = 0, length = line_length(rewriting->selection, &lines);
    struct count count = {0};
    str_set(out, rewriting->instruction);
    count_add(&count, rewriting->selection);
    wish_init(&wish);
    wish_read(&wish, rewriting->instruction, rewriting->selection);
    if (!wish.form_said && lines > 1 && count.han > 0)
        str_printf(out, "，%s%lld行", length == 5 ? "五言" : length == 7 ? "七言" : "", (long long)lines);
    else if (!wish.form_said && lines > 1)
        str_printf(out, ", %lld lines", (long long)lines);
    wish_release(&wish);
}

void compose_rewrite(struct request *req, struct generation *what, const struct piece *p, int leaf, size_t upto,
                     const struct rewriting *rewriting)
{
    struct rewriting said = *rewriting;
    struct str instruction = {0};
    what->kind = KIND_REWRITE;
    str_set(&what->prompt, rewriting->instruction);
    str_set(&what->selection, rewriting->selection);
    str_set(&what->suffix, request_fit(req, rewriting->suffix));
    said.suffix = str_span(&what->suffix);
    if (req->bare) {
        say_for_muse(&instruction, rewriting);
        said.instruction = str_span(&instruction);
    }
    request_rewrite(req, p, leaf, upto, &said, &what->context);
    str_release(&instruction);
}

/* -- again ------------------------------------------------------------------------------------------------------------------------------ */

int compose_parent(const struct piece *p, const struct generation *g)
{
    return g->passage ? piece_find_passage(p, g->passage) : -1;
}

static void compose_kind(struct request *req, struct generation *what, const struct piece *p, int leaf, const struct generation *g)
{
    const struct rewriting rewriting = {str_span(&g->selection), str_span(&g->suffix), str_span(&g->prompt)};
    switch (g->kind) {
    case KIND_CONTINUE:
        compose_continue(req, what, p, leaf);
        break;
    case KIND_INSERT:
        compose_insert(req, what, p, leaf, WHOLE_LEAF, str_span(&g->suffix));
        break;
    case KIND_REWRITE:
        compose_rewrite(req, what, p, leaf, WHOLE_LEAF, &rewriting);
        break;
    case KIND_ASK:
    case KIND_COUNT:
        compose_ask(req, what, p, leaf, str_span(&g->prompt), g->context.len > 0);
        break;
    }
}

/* Everything but the texts; what the server is like stays. */
static void set_out(struct request *req, const struct generation *g)
{
    struct request before = *req;
    request_init(req);
    req->dials = g->dials;
    str_set(&req->system, str_span(&g->system));
    str_set(&req->model, str_span(&g->model));
    req->room = before.room;
    req->bare = before.bare;
    req->form = before.form;
    str_move(&req->grammar, &before.grammar);
    request_release(&before);
}

bool compose_again(struct request *req, struct generation *what, const struct piece *p, const struct generation *g, struct err *e)
{
    int parent = compose_parent(p, g);
    int leaf = g->kind != KIND_ASK || parent < 0 ? parent : p->passages[parent].parent;
    int64_t room = req->room;
    set_out(req, g);
    compose_kind(req, what, p, leaf, g);
    if (!span_equal(str_span(&what->context), str_span(&g->context))) {
        struct piece then; /* the page as it was, for when it has changed since */
        piece_init(&then);
        set_out(req, g);
        req->room = 0;
        if (g->context.len)
            passage_set_text(&then, piece_add_passage(&then, -1, AUTHOR_WRITER, -1), str_span(&g->context));
        compose_kind(req, what, &then, then.passage_count - 1, g);
        req->room = room;
        piece_release(&then);
    }
    what->rerun_of = g->id;
    return stops_from_json(req, str_span(&g->stops), e);
}

void compose_for_server(struct request *req, const struct server *server)
{
    if (req->model.len == 0)
        str_set(&req->model, span_of(server->model));
    if (req->system.len == 0)
        str_set(&req->system, span_of(server->system));
}
