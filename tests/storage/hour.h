/* An hour at the desk, as the library sees it: the same steps every time, each of which can be tried again, and a way to tell what a library
 * holds. Knows nothing of what goes wrong meanwhile. */
#ifndef RENGA_TESTS_STORAGE_HOUR_H
#define RENGA_TESTS_STORAGE_HOUR_H

#include "storage/bulk.h"

enum hour_kind {
    HOUR_KEPT,   /* once it has succeeded no power cut takes it back */
    HOUR_STREAM, /* text that streams in: a power cut may take back two seconds of it */
    HOUR_LOOK,   /* writes nothing */
    HOUR_SMALL,  /* no text, like odds, settings and an emptied trash: kept with the next thing that is */
};

struct hour {
    const char *path;
    struct store *store;
    struct piece piece, other;
    int64_t now_us;      /* by its own clock, which the program's follows */
    int64_t later_us;    /* by which a tick that is tried again comes later */
    struct str exported; /* what the last export wrote */
    struct trash_emptying emptying;
    int prepared;        /* steps whose part in memory has happened */
};

void hour_begin(struct hour *h, const char *path);
void hour_end(struct hour *h);
int hour_steps(void);
const char *hour_name(int step);
enum hour_kind hour_kind(int step);
/* Steps are taken in order; one that failed may be tried again, and changes nothing twice. */
bool hour_step(struct hour *h, int step, struct err *e) MUST_USE;

/* Opens the library and tells all that its rows hold, but for what differs from run to run. False when it does not open. */
bool hour_tell(const char *path, struct str *out, struct err *e) MUST_USE;

#endif
