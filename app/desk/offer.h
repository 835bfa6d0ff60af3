/* What a writer may ask for, offered by the desk: examples in grey in the empty prompt, and a form's name put into what is written there. Asks
 * nobody. */
#ifndef RENGA_APP_OFFER_H
#define RENGA_APP_OFFER_H

#include "app/app.h"
#include "muse/form.h"

/* What stands in grey in the empty prompt of an empty page, where the muse answers; "" : nothing. */
struct span offer_shown(struct app *app);
void offer_take(struct app *app);  /* writes it into the prompt */
/* Writes an example into the prompt, or the next one in its place; a prompt of the writer's own stays, with a sentence. */
void offer_next(struct app *app);

/* Where in a prompt a form is named, the longest name that one of its words has there; false: nowhere. */
bool offer_find_form(struct span prompt, const struct form *form, size_t *from, size_t *to);
/* Puts the form's name into the prompt: in the place of the one it names, or at its beginning. */
void offer_form(struct app *app, const struct form *form);

#endif
