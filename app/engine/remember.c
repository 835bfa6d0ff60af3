#include "app/engine/remember.h"

#include <stdlib.h>

#define LESSONS_MAX (64u << 10)

static bool recall(struct store *store, const struct server *server, struct str *name, struct str *lessons)
{
    net_lessons_name(server, name);
    return name->len && store_setting(store, str_text(name), lessons) && lessons->len;
}

struct source *remember_source(struct store *store, struct net *net, struct muse *muse, const struct server *server)
{
    struct str name = {0}, lessons = {0};
    if (server_is_muse(server))
        return muse_source_new(muse);
    struct source *source = net_source_new(net, server);
    if (recall(store, server, &name, &lessons))
        net_source_teach(source, str_span(&lessons));
    str_release(&name);
    str_release(&lessons);
    return source;
}

/* A line begins with its model and a TAB. */
static bool tells_of(struct span lines, struct span model)
{
    struct span line;
    while (span_line(&lines, &line))
        if (line.len >= model.len && span_equal(span_cut(line, 0, model.len), model))
            return true;
    return false;
}

/* What another source of the same server, or another instance, has learnt of other models stays. */
static void add_others(struct str *lessons, struct span before)
{
    struct span line;
    size_t own = lessons->len;
    while (lessons->len < LESSONS_MAX && span_line(&before, &line)) {
        ptrdiff_t tab = span_find(line, SPAN("\t"), 0);
        if (tab >= 0 && !tells_of(span_cut(str_span(lessons), 0, own), span_cut(line, 0, (size_t)tab + 1)))
            str_printf(lessons, "%.*s\n", SPAN_ARG(line));
    }
}

bool remember_lessons(struct store *store, struct span lessons, struct err *e)
{
    struct str before = {0}, all = {0};
    struct span line = SPAN("");
    span_line(&lessons, &line);
    char *name = span_copy(line);
    str_set(&all, lessons);
    if (store_setting(store, name, &before))
        add_others(&all, str_span(&before));
    bool ok = store_set_setting(store, name, str_span(&all), e);
    free(name);
    str_release(&before);
    str_release(&all);
    return ok;
}

bool remember_forget(struct store *store, const struct server *server, bool *known, struct err *e)
{
    struct str name = {0}, lessons = {0};
    *known = !server_is_muse(server) && recall(store, server, &name, &lessons);
    bool ok = !*known || store_set_setting(store, str_text(&name), SPAN(""), e);
    str_release(&name);
    str_release(&lessons);
    return ok;
}
