/* What the files of the projects share: the state of their list, and what is meant when something is done. Only for this folder. */
#ifndef RENGA_APP_PROJECTS_PARTS_H
#define RENGA_APP_PROJECTS_PARTS_H

#include "app/projects/projects.h"

/* What the list shows, and what is being done from it. */
struct projects {
    struct project *list;
    int count;
    struct shelf_piece *seen;      /* the pieces listed */
    int seen_count, seen_cap;
    int64_t unfolded;              /* whose pieces are listed; 0: of none */
    int limit;                     /* how many of them */
    bool trash;                    /* it shows what lies there */
    uint64_t filled;               /* the filter's version that it was filled for */
    bool back;                     /* the form goes back to the list */
    int64_t subject;               /* project or piece that a form or a menu is about */
    char trashed_kind;             /* what went into the trash last: 'j', 'p', 0: nothing */
    int64_t trashed;
};

/* A row's id is a letter and a number: j a project, p a piece, + a new piece in a project, > older pieces, n a new project, t the trash,
 * < out of it. */
struct project_row {
    char kind;
    int64_t id;
};

#define PROJECTS_MAX 300 /* rows that make sense to walk through; typing finds the others */

/* -- list.c ---- */

struct projects *projects_state(struct app *app);
void projects_load(struct app *app, const struct shelf *q);           /* fills `list` */
const char *projects_name(const struct project *j);                   /* for the writer */
void projects_add_counts(struct str *out, const struct project *j);   /* "12 pieces · 34 asked · 10-25 14:03" */
struct project_row projects_selected(const struct app *app);
const struct shelf_piece *projects_seen(const struct app *app, int64_t piece); /* NULL: not listed */
void projects_fill(struct app *app);                                  /* the list anew, on the same row */
void projects_list(struct app *app);                                  /* opens it, without a filter */
void projects_list_again(struct app *app);                            /* as it was left */
void projects_select(struct app *app, char kind, int64_t id);

/* -- projects.c ---- */

/* The project meant: the selected one, or that of the selected piece; where the list is not shown, that of the desk. False, with a
 * sentence: there is none. */
bool projects_meant(struct app *app, struct project *out) MUST_USE;
void projects_bring_back(struct app *app, char kind, int64_t id);

#endif
