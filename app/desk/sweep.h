/* Asking for a sweep on the desk: the form, and the generations it starts. Knows not how they are shown. */
#ifndef RENGA_APP_SWEEP_ASK_H
#define RENGA_APP_SWEEP_ASK_H

#include "app/app.h"
#include "core/sweep.h"

/* Opens the form. `like`: the generation whose question is asked again, below the same passage (index in the piece); -1: what ^G would ask
 * is asked. `asked` is called after Enter, when something was asked, with the generation of the first value (index in the piece). */
void sweep_form(struct app *app, int like, void (*asked)(struct app *app, int first));
bool sweep_form_is_open(const struct app *app);
/* The same prompt and page once for each value, one take each. Returns the generation of the first (index in the piece), -1: nothing was
 * asked, and a sentence says why. */
int sweep_start(struct app *app, const struct sweep *s, int like);
/* Generation `index` once more, in the same sweep, as many takes as the dial says; `before`: how many takes of this value there are. */
bool sweep_start_again(struct app *app, int index, bool seeds, int before);

#endif
