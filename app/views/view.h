/* The views: what fills the screen, a row each. Popups, forms and the pager lie over them (input.c, loop.c). */
#ifndef RENGA_APP_VIEWS_VIEW_H
#define RENGA_APP_VIEWS_VIEW_H

#include "app/app.h"

struct view_row {
    enum map (*map)(const struct app *app);                  /* the table of keys that is asked first */
    struct editor *(*text)(struct app *app);                 /* the text that has the keys; NULL: none has them */
    void (*edited)(struct app *app, struct editor *ed);      /* the writer changed it; NULL: nothing follows */
    void (*draw)(struct app *app);
    void (*mouse)(struct app *app, const struct mouse *m);
    void (*back)(struct app *app);                           /* Esc where nothing nearer can end; NULL: back to the desk */
};
extern const struct view_row view_table[VIEW_COUNT];

const struct view_row *view_current(const struct app *app);
void view_back(struct app *app);

#endif
