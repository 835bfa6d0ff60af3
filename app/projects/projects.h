/* Projects on the desk: their list with their pieces, what is done with them, and the defaults that a piece begins with. Knows no key. */
#ifndef RENGA_APP_PROJECTS_H
#define RENGA_APP_PROJECTS_H

#include "app/app.h"

void projects_release(struct app *app);

/* -- the list: a picker that the library fills anew as the writer types ---- */

void projects_open(struct app *app);
bool projects_shown(const struct app *app);  /* the picker on the screen is this one */

/* What is done with the selected row; where the list is not shown, with the piece on the desk and its project. */
void projects_new(struct app *app);
void projects_edit(struct app *app);         /* name, cover line and notes of a project; title of a piece */
void projects_move(struct app *app);         /* a piece to another project */
void projects_trash(struct app *app);
void projects_undo(struct app *app);         /* the last one comes back from the trash */
void projects_take_defaults(struct app *app);
void projects_forget_defaults(struct app *app);

/* -- the desk's project ---- */

/* The piece on the desk is another one, or in another project, now: app->project follows it. With `defaults` what the project begins with
 * is laid out, when the project is another than before or when nothing was ever asked in the piece. */
void projects_follow(struct app *app, bool defaults);
bool projects_in_use(const struct app *app); /* the project has defaults, and the desk stands at them */
struct span projects_system(const struct app *app); /* the system text of a request: the desk's own, else the project's */

#endif
