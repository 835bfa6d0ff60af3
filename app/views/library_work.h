/* What the library does besides showing hits: a search that goes on, offers for what is typed, acts that can be taken back, and long work in
 * pauses. Only for the library's own files. */
#ifndef RENGA_APP_LIBRARY_WORK_H
#define RENGA_APP_LIBRARY_WORK_H

#include "app/app.h"
#include "storage/bulk.h"
#include "storage/walk.h"

#define LIBRARY_SLICE_US 6000 /* how long the library may hold the thread */

struct kept_sheet;

struct library_work {
    struct walk *walk;               /* the search that goes on when more is wanted; NULL: none */
    int wanted;                      /* hits that are to be there */
    struct library_offer *offers;    /* for the word before the caret */
    int offer_count, offer_cap;
    size_t offer_from;               /* where the text begins that an offer replaces, in bytes */
    bool offers_shut;                /* Esc: until the next letter */
    struct bulk *undo;               /* what was done, the last at the end */
    int undo_count, undo_cap;
    bool emptying;                   /* the trash is being emptied */
    struct trash_emptying trash;
    struct kept_sheet *kept;         /* "what I keep", while it is counted; NULL: it is not */
    int64_t tidy_us;                 /* when the index is to be merged next, 0: it is */
    int64_t passage;                 /* in the trash, that is previewed; 0: a page or a generation is */
};

/* -- library.c ---- */

void library_stop_search(struct app *app);
/* Goes on with the search for one slice; what came is shown. */
void library_search_slice(struct app *app);

/* -- library_offers.c ---- */

void library_offers_find(struct app *app);     /* for what stands before the caret of the search */
void library_offers_clear(struct app *app);
bool library_offer_take(struct app *app);      /* false: there is none */

/* -- library_acts.c ---- */

/* The marked generations, or the selected one; *count 0: none, and a sentence was said. The caller frees. */
int64_t *library_meant(struct app *app, int *count);
/* Does it to them, keeps what taking back needs, and shows the outcome. */
bool library_act(struct app *app, struct bulk *b);
void library_take_back(struct app *app);
void library_empty_trash(struct app *app);     /* begins; goes on in pauses */
void library_acts_release(struct app *app);

/* -- library_kept.c ---- */

void library_kept_open(struct app *app);
void library_kept_slice(struct app *app);
void library_kept_release(struct app *app);

#endif
