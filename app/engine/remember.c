#include "app/engine/remember.h"

#include <stdlib.h>

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

bool remember_lessons(struct store *store, struct span lessons, struct err *e)
{
    struct span line = SPAN("");
    span_line(&lessons, &line);
    char *name = span_copy(line);
    bool ok = store_set_setting(store, name, lessons, e);
    free(name);
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
