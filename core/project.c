#include "core/project.h"

#include <stdlib.h>

void project_release(struct project *p)
{
    str_release(&p->name);
    str_release(&p->cover);
    str_release(&p->notes);
    str_release(&p->server);
    str_release(&p->model);
    str_release(&p->dials);
    str_release(&p->system);
    *p = (struct project){0};
}

void project_copy(struct project *to, const struct project *from)
{
    project_release(to);
    *to = (struct project){.id = from->id,
                           .changed_ms = from->changed_ms,
                           .pieces = from->pieces,
                           .generations = from->generations,
                           .trashed = from->trashed};
    str_set(&to->name, str_span(&from->name));
    str_set(&to->cover, str_span(&from->cover));
    str_set(&to->notes, str_span(&from->notes));
    str_set(&to->server, str_span(&from->server));
    str_set(&to->model, str_span(&from->model));
    str_set(&to->dials, str_span(&from->dials));
    str_set(&to->system, str_span(&from->system));
}

bool project_has_defaults(const struct project *p)
{
    return p->server.len || p->model.len || p->dials.len || p->system.len;
}

void projects_free(struct project *projects, int count)
{
    for (int i = 0; i < count; i++)
        project_release(&projects[i]);
    free(projects);
}

void shelf_free(struct shelf_piece *pieces, int count)
{
    for (int i = 0; i < count; i++)
        str_release(&pieces[i].label);
    free(pieces);
}
