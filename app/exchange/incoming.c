#include "app/exchange/incoming.h"
#include "core/clock.h"
#include "core/utf8.h"

#include <stdio.h>
#include <string.h>

void incoming_init(struct incoming *in, struct bundle_import *import, const char *program, struct span bytes, struct err *e)
{
    *in = (struct incoming){.import = import, .now_ms = clock_wall_ms(), .e = e, .ok = true};
    struct str both = {0};
    str_printf(&both, "%s\n", program);
    str_add(&both, bytes);
    struct uid seed = uid_of(str_span(&both));
    str_set(&in->seed, uid_span(&seed));
    str_release(&both);
}

void incoming_release(struct incoming *in)
{
    str_release(&in->line);
    str_release(&in->lines);
    str_release(&in->seed);
}

struct uid incoming_uid(struct incoming *in)
{
    struct str name = {0};
    str_printf(&name, "%s %d", str_text(&in->seed), ++in->rows);
    struct uid uid = uid_of(str_span(&name));
    str_release(&name);
    return uid;
}

void incoming_piece(struct incoming *in, struct span project)
{
    in->leaf = in->root = (struct uid){{0}};
    str_clear(&in->lines);
    in->piece = incoming_uid(in);
    in->ok = in->ok && bundle_import_project(in->import, project, in->project, in->e);
}

static void keep_line(struct incoming *in)
{
    bundle_close(&in->line);
    str_add(&in->lines, str_span(&in->line));
}

static void add_uid(struct incoming *in, const char *name, const struct uid *uid)
{
    if (uid && uid->text[0])
        bundle_text(&in->line, name, uid_span(uid));
}

static struct uid add_passage(struct incoming *in, enum author author, struct span text, const struct uid *take, int64_t at_ms, bool trashed)
{
    static const char *const names[AUTHOR_COUNT] = {"writer", "model", "edit", "prompt"};
    struct uid uid = incoming_uid(in);
    int64_t at = at_ms > 0 ? at_ms : in->now_ms;
    bundle_open(&in->line, "passage", uid_span(&uid));
    add_uid(in, "piece", &in->piece);
    add_uid(in, "parent", &in->leaf);
    bundle_number(&in->line, "position", 0);
    bundle_number(&in->line, "created_at", at);
    bundle_number(&in->line, "changed_at", at);
    bundle_number(&in->line, "marks", 0);
    if (trashed)
        bundle_number(&in->line, "trashed_at", at);
    bundle_text(&in->line, "author", span_of(names[author]));
    add_uid(in, "take", take);
    if (!take) /* else the take's own, unchanged */
        bundle_text(&in->line, "text", text);
    keep_line(in);
    return uid;
}

void incoming_passage(struct incoming *in, enum author author, struct span text, const struct uid *take, int64_t at_ms)
{
    in->leaf = add_passage(in, author, text, take, at_ms, false);
    if (!in->root.text[0])
        in->root = in->leaf;
}

void incoming_sibling(struct incoming *in, enum author author, struct span text, const struct uid *take, int64_t at_ms)
{
    add_passage(in, author, text, take, at_ms, false);
}

void incoming_put_away(struct incoming *in, struct span text)
{
    add_passage(in, AUTHOR_WRITER, text, NULL, 0, true);
}

struct uid incoming_generation(struct incoming *in, const struct incoming_generation *g)
{
    struct uid uid = incoming_uid(in);
    bundle_open(&in->line, "generation", uid_span(&uid));
    add_uid(in, "piece", &in->piece);
    add_uid(in, "passage", &in->leaf);
    bundle_number(&in->line, "sent_at", g->at_ms > 0 ? g->at_ms : in->now_ms);
    bundle_number(&in->line, "kind", g->kind);
    if (g->prompt_tokens >= 0)
        bundle_number(&in->line, "prompt_tokens", g->prompt_tokens);
    if (g->completion_tokens >= 0)
        bundle_number(&in->line, "completion_tokens", g->completion_tokens);
    bundle_text(&in->line, "server", g->server);
    bundle_text(&in->line, "model", g->model);
    bundle_text(&in->line, "prompt", g->prompt);
    bundle_text(&in->line, "system", g->system);
    bundle_dials(&in->line, &g->dials);
    keep_line(in);
    return uid;
}

struct uid incoming_take(struct incoming *in, const struct uid *generation, int number, struct span text, struct span reasoning,
                         const struct incoming_generation *g)
{
    struct uid uid = incoming_uid(in);
    bundle_open(&in->line, "take", uid_span(&uid));
    add_uid(in, "generation", generation);
    bundle_number(&in->line, "number", number);
    bundle_number(&in->line, "rating", 0);
    bundle_text(&in->line, "state", SPAN("done"));
    bundle_text(&in->line, "text", text);
    bundle_text(&in->line, "reasoning", reasoning);
    if (g->total_ms >= 0)
        bundle_number(&in->line, "total_ms", g->total_ms);
    bundle_number(&in->line, "tokens", g->completion_tokens > 0 ? g->completion_tokens : 0);
    keep_line(in);
    return uid;
}

void incoming_lore(struct incoming *in, struct span keys, struct span text, bool enabled)
{
    struct uid uid = incoming_uid(in);
    bundle_open(&in->line, "lore", uid_span(&uid));
    add_uid(in, "piece", &in->piece);
    bundle_number(&in->line, "changed_at", in->now_ms);
    bundle_number(&in->line, "enabled", enabled);
    bundle_text(&in->line, "keys", keys);
    bundle_text(&in->line, "text", text);
    keep_line(in);
}

static void take_in_lines(struct incoming *in, struct span lines)
{
    struct span line;
    while (in->ok && span_line(&lines, &line))
        in->ok = bundle_import_line(in->import, line, in->e);
}

bool incoming_end(struct incoming *in, struct span title, const struct incoming_notes *notes, int64_t at_ms)
{
    int64_t at = at_ms > 0 ? at_ms : in->now_ms;
    bundle_open(&in->line, "piece", uid_span(&in->piece));
    bundle_text(&in->line, "project", span_of(in->project));
    bundle_text(&in->line, "title", title);
    bundle_number(&in->line, "created_at", at);
    bundle_number(&in->line, "changed_at", at);
    add_uid(in, "leaf", &in->leaf);
    add_uid(in, "root_chosen", &in->root);
    bundle_text(&in->line, "memory", notes ? notes->memory : SPAN(""));
    bundle_text(&in->line, "note", notes ? notes->note : SPAN(""));
    bundle_number(&in->line, "note_depth", notes && notes->depth >= 0 && notes->depth <= 1000000 ? notes->depth : 3);
    bundle_close(&in->line);
    take_in_lines(in, str_span(&in->line));
    take_in_lines(in, str_span(&in->lines));
    return in->ok;
}

/* -- small help ------------------------------------------------------------------------------------------------------------------------- */

struct span member_text(const struct json *object, const char *key)
{
    struct span text = SPAN("");
    if (!json_get_text(object, key, &text))
        return SPAN("");
    return text;
}

struct span base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct span name = span_of(slash ? slash + 1 : path);
    for (size_t i = name.len; i > 1; i--)
        if (name.s[i - 1] == '.')
            return span_cut(name, 0, i - 1);
    return name;
}
