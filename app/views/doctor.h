/* The doctor on the screen: looks at everything while the desk goes on, and lists what it finds. Leaving the view breaks it off. Draws through
 * ui/view_doctor. */
#ifndef RENGA_APP_VIEWS_DOCTOR_H
#define RENGA_APP_VIEWS_DOCTOR_H

#include "app/app.h"
#include "ui/view_doctor.h"

struct doctor_look; /* NULL in struct app until the doctor was asked */

void doctor_look_open(struct app *app);            /* looks anew */
void doctor_look_release(struct app *app);
bool doctor_looks(const struct app *app);          /* it is not done yet */
/* For who says it in words: what was found so far, and the sentence that sums up, "" : not yet. */
int doctor_asked(const struct app *app);           /* how often; each time what was found before is gone */
int doctor_found(const struct app *app);
struct doctor_row doctor_finding(const struct app *app, int index); /* borrowed until the doctor is asked anew */
struct span doctor_outcome(const struct app *app);

/* -- for the loop ---- */

void doctor_look_step(struct app *app);
int doctor_look_wait_ms(const struct app *app);    /* -1: nothing goes on */
bool doctor_look_answer(struct app *app, const struct answer *a); /* false: it was somebody else's question */

/* -- what the keys do; the view must be open ---- */

void doctor_scroll(struct app *app, int rows);
void doctor_scroll_pages(struct app *app, int pages);
void doctor_copy(struct app *app);

/* For the table of views. */
enum map doctor_map(const struct app *app);
struct editor *doctor_text(struct app *app);
void doctor_draw(struct app *app);
void doctor_mouse(struct app *app, const struct mouse *m);

#endif
