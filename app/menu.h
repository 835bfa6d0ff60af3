/* The popups: palette, presets, models, servers, themes, help and forms, filled from the tables. Draws nothing. */
#ifndef RENGA_APP_MENU_H
#define RENGA_APP_MENU_H

#include "app/app.h"

/* Opens an empty form or picker whose Enter goes to the function. */
void menu_form(struct app *app, const char *title, void (*submitted)(struct app *app));
void menu_refuse(struct app *app, const struct err *e); /* the form stays open and says why */
void menu_picker(struct app *app, const char *title, const char *hint, void (*picked)(struct app *app, const char *id));
void menu_moved(struct app *app);     /* the selection of the picker may have changed */
void menu_enter(struct app *app);     /* Enter in picker or form */
void menu_dismiss(struct app *app);   /* Esc in picker, form or pager */

void menu_presets(struct app *app);
void menu_models(struct app *app);    /* of the current server, as far as they are known */
void menu_servers(struct app *app);
void menu_test(struct app *app);      /* tests the server of the open form */

#endif
