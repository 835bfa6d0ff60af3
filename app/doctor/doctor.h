/* The doctor: looks at everything the desk stands on and tells what it finds, one check after the other. Changes nothing and asks no server
 * for text. Knows not where its findings are shown. */
#ifndef RENGA_APP_DOCTOR_H
#define RENGA_APP_DOCTOR_H

#include "app/config/config.h"
#include "app/paths.h"
#include "net/net.h"

enum verdict {
    VERDICT_WELL,
    VERDICT_NOTE,   /* works, but the writer may want to know */
    VERDICT_WRONG,
    VERDICT_PASSED, /* not reached: what comes before it failed */
};
const char *verdict_name(enum verdict v); /* "well", "note", "wrong", "passed": for JSON */

struct finding {
    const char *check;   /* the check's name, or a step's of a ping: not translated */
    const char *server;  /* whose step it is; NULL: of no server */
    enum verdict verdict;
    int ms;              /* how long it took, -1: not measured */
    const char *text;    /* a sentence in the writer's language */
};

struct doctor {
    const struct paths *paths;
    const char *library;         /* its path */
    const struct config *config; /* with the servers of the environment */
    bool (*tell)(void *ctx, const struct finding *f); /* false: nobody listens any more */
    void *ctx;
    /* The doctor's own. */
    const char *check;
    int wrong;                   /* findings that are VERDICT_WRONG */
    bool enough;
};

/* A check, each a row. */
struct doctor_check {
    const char *name;            /* N_() */
    void (*look)(struct doctor *d);
};
extern const struct doctor_check doctor_checks[]; /* ended by a NULL name */

/* Runs every check; true when nothing is wrong. */
bool doctor_run(struct doctor *d);

/* -- for the checks ------------------------------------------------------------------------------------------------------------------ */

void doctor_say(struct doctor *d, enum verdict v, const char *format, ...) __attribute__((format(printf, 3, 4)));
void doctor_tell(struct doctor *d, const struct finding *f);

void check_library(struct doctor *d);
void check_space(struct doctor *d);
void check_permissions(struct doctor *d);
void check_config(struct doctor *d);
void check_clock(struct doctor *d);
void check_locale(struct doctor *d);
void check_terminal(struct doctor *d);
void check_network(struct doctor *d);
void check_muse(struct doctor *d);
void check_servers(struct doctor *d);

#endif
