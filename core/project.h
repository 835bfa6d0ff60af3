/* Projects as plain data: named shelves of pieces, with what a piece there begins with. Knows no library, no server and no screen. */
#ifndef RENGA_CORE_PROJECT_H
#define RENGA_CORE_PROJECT_H

#include "core/str.h"

/* The default project has the name "": its pieces stand in no project. */
struct project {
    int64_t id;                        /* 0: not kept yet */
    struct str name;
    struct str cover;                  /* one line about it, "" : none */
    struct str notes;
    struct str server, model;          /* its defaults: names, "" : none */
    struct str dials;                  /* as dials_format() writes them, "" : none */
    struct str system;                 /* system text of its requests, "" : the server's */
    int64_t changed_ms;                /* when the newest of its pieces was changed; its own change when it has none */
    int64_t pieces, generations;       /* that do not lie in the trash; counted up to PROJECT_COUNT_MAX pieces */
    bool trashed;
};
#define PROJECT_COUNT_MAX 10000

/* One piece as a list shows it. */
struct shelf_piece {
    int64_t id, project;
    struct str label;                  /* its title, or the first line of its page; may be "" */
    int64_t changed_ms, generations;
    bool titled;                       /* the label is a title of its own */
};

void project_release(struct project *p);
bool project_has_defaults(const struct project *p);
void projects_free(struct project *projects, int count);
void shelf_free(struct shelf_piece *pieces, int count);

#endif
