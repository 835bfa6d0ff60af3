/* Which instances of the program have the library open: each holds a lock on a byte of its own in a file beside it. The kernel lets go of
 * the lock when the instance ends, however it ends. Knows no table. */
#ifndef RENGA_STORAGE_INSTANCE_H
#define RENGA_STORAGE_INSTANCE_H

#include <stdbool.h>
#include <stdint.h>

struct instance {
    int fd;        /* -1: no lock file could be made; then nobody else counts as alive */
    int64_t token; /* the byte: written beside every take that this instance streams */
};

void instance_open(struct instance *in, const char *library); /* NULL: a library in memory, alone by nature */
void instance_close(struct instance *in);
bool instance_alive(const struct instance *in, int64_t token);
bool instance_alone(const struct instance *in);

#endif
