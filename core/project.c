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
