/* Where on the page a model begins to read, when the page is longer than it holds. Draws nothing. */
#ifndef RENGA_APP_REACH_H
#define RENGA_APP_REACH_H

#include <stddef.h>
#include <stdint.h>

struct app;

/* As last found, and what it was found for. */
struct reach {
    size_t from;            /* a line's start; 0: all of the page is read */
    uint64_t page;          /* version of its text */
    size_t upto;            /* what stands behind is not read */
    int64_t room;           /* tokens for the page; < 0: any number */
};

/* Looks again where something has changed; a big context waits for a pause in the typing. */
void reach_find(struct app *app);

#endif
