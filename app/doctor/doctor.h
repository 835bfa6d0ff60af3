/* The doctor: looks at everything the desk stands on and tells what it finds, one check after the other. Changes nothing and asks no server
 * for text. A machine whose steps are taken by whoever has the loop, none of which waits. Knows not where its findings are shown. */
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

struct library_reading;
struct questions; /* servers.c */

struct doctor {
    const struct paths *paths;
    const char *library;         /* its path */
    const struct config *config; /* with the servers of the environment; it may grow meanwhile */
    bool at_desk;                /* the library is open here, and the terminal drawn on */
    /* Asks a server for its models, like net_ask(); *ticket becomes one that is nobody else's. */
    bool (*ask)(void *ctx, const struct server *s, int limit_ms, int64_t *ticket, struct err *e);
    bool (*tell)(void *ctx, const struct finding *f); /* false: nobody listens any more */
    void *ctx;
    /* The doctor's own. */
    int at;                      /* index of the check */
    bool looking;                /* it was begun, and waits */
    const char *check;
    int wrong;                   /* findings that are VERDICT_WRONG */
    bool enough;
    struct library_reading *reading;
    struct questions *questions;
};

/* A check, each a row. */
struct doctor_check {
    const char *name;                /* N_() */
    void (*look)(struct doctor *d);  /* in milliseconds; or begins what takes longer */
    bool (*wait)(struct doctor *d);  /* looks how that goes: true once it is over; NULL: nothing takes longer */
};
extern const struct doctor_check doctor_checks[]; /* ended by a NULL name */

/* One check, or one look at what is waited for. False once everything is over. The doctor begins with its own fields zeroed. */
bool doctor_step(struct doctor *d);
bool doctor_over(const struct doctor *d);
const char *doctor_at(const struct doctor *d);  /* the check that is next or under way; "" : it is over */
int doctor_wait_ms(const struct doctor *d);     /* until the next step is due, at the latest; -1: it is over */
/* An answer has come. False: to somebody else's question. */
bool doctor_answer(struct doctor *d, const struct answer *a);
void doctor_end(struct doctor *d);              /* breaks off what is under way, at once; safe twice */

/* -- for the checks ------------------------------------------------------------------------------------------------------------------ */

void doctor_say(struct doctor *d, enum verdict v, const char *format, ...) __attribute__((format(printf, 3, 4)));
void doctor_tell(struct doctor *d, const struct finding *f);

void check_library(struct doctor *d);
bool check_library_read(struct doctor *d);
void check_space(struct doctor *d);
void check_permissions(struct doctor *d);
void check_config(struct doctor *d);
void check_clock(struct doctor *d);
void check_locale(struct doctor *d);
void check_terminal(struct doctor *d);
void check_network(struct doctor *d);
void check_muse(struct doctor *d);
void check_servers(struct doctor *d);
bool check_servers_answered(struct doctor *d);
bool questions_answer(struct doctor *d, const struct answer *a);
void questions_free(struct questions *q);       /* safe on NULL */

#endif
