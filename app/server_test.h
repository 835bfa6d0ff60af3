/* The test of the server that F2's form describes, in two steps: which models are there, and, when that went well, does it write. What comes of it
 * goes into the form's message. Knows no field of the form. */
#ifndef RENGA_APP_SERVER_TEST_H
#define RENGA_APP_SERVER_TEST_H

#include "app/app.h"

/* The first step; after it went well and for the same server, the second. */
void server_test(struct app *app, const struct server *server);
bool server_test_busy(const struct app *app);
bool server_test_goes_on(struct app *app); /* the first step leaves hope, and the form says the same still: the second is next */
bool server_test_stop(struct app *app);    /* false: nothing is waited for */
void server_test_forget(struct app *app);  /* the form is another; an answer that still comes is for nobody */
void server_test_release(struct app *app);

/* -- for the loop ---- */

bool server_test_answer(struct app *app, const struct answer *a); /* false: it was somebody else's question */
void server_test_step(struct app *app);
int server_test_wait_ms(const struct app *app); /* until its patience ends, -1: nothing is waited for */

#endif
