#include "app/known.h"
#include "app/engine/compose.h"
#include "core/mem.h"

#include <stdlib.h>

static struct known_row *find(const struct servers *s, int index, struct span model)
{
    for (int i = 0; i < s->known_count; i++)
        if (s->known[i].server == index && span_equal(str_span(&s->known[i].model), model))
            return &s->known[i];
    return NULL;
}

static void put(struct servers *s, int index, struct span model, const struct model_told *told)
{
    struct known_row *row = find(s, index, model);
    if (!row) {
        ARRAY_ROOM(s->known, s->known_count, s->known_cap);
        row = &s->known[s->known_count++];
        *row = (struct known_row){.server = index};
        str_set(&row->model, model);
    }
    row->told = *told;
}

void known_forget(struct servers *s)
{
    while (s->known_count)
        str_release(&s->known[--s->known_count].model);
}

void known_release(struct servers *s)
{
    known_forget(s);
    free(s->known);
}

void known_take(struct app *app, int index, const struct answer *a)
{
    struct server *server = &app->config.servers[index];
    if (a->told_of.len)
        put(&app->servers, index, str_span(&a->told_of), &a->told);
    else
        known_none(app, index, span_of(server->model));
    server->told = known_of(app, index, span_of(server->model));
}

void known_none(struct app *app, int index, struct span model)
{
    if (!find(&app->servers, index, model))
        put(&app->servers, index, model, &(struct model_told){0});
}

struct model_told known_of(const struct app *app, int index, struct span model)
{
    const struct known_row *row = find(&app->servers, index, model);
    struct model_told told = row ? row->told : (struct model_told){0};
    if (!told.context)
        told.context = models_context(str_span(&app->servers.contexts[index]), model);
    return told;
}

static bool was_asked(const struct app *app, int index)
{
    return find(&app->servers, index, span_of(app->config.servers[index].model)) != NULL;
}

bool known_is_open(const struct app *app, int index)
{
    const struct server *s = &app->config.servers[index];
    return net_tells(s) && *s->model && !was_asked(app, index);
}

bool known_is_needed(const struct app *app, int index)
{
    const struct server *s = &app->config.servers[index];
    return server_form_is_auto(s) && dialect_takes_form(s->dialect) && *s->model && !was_asked(app, index);
}

void known_toward(const struct app *app, struct request *req, int index, struct span model)
{
    struct server s = app->config.servers[index]; /* borrowed, but for what is told */
    if (model.len && !span_is(model, s.model))
        s.told = known_of(app, index, model);
    compose_toward(req, &s);
}
