/* Which keys the footer shows for the place that has the focus, read from the keymap so that it never lies. */
#ifndef RENGA_APP_FOOTER_H
#define RENGA_APP_FOOTER_H

#include "app/app.h"

enum footer_place {
    FOOTER_PROMPT, FOOTER_PAGE, FOOTER_DIALS, FOOTER_TAKES, FOOTER_LIST, FOOTER_QUERY, FOOTER_TREE, FOOTER_PAGER,
    FOOTER_REWRITE, FOOTER_NOTES, FOOTER_NOTES_TEXT, FOOTER_ODDS, FOOTER_COMPARE, FOOTER_SPLICE, FOOTER_PROJECTS, FOOTER_MODELS,
    FOOTER_SWEEP, FOOTER_DOCTOR, FOOTER_PICKER, FOOTER_FORM, FOOTER_COUNT
};

/* The keys of a place; *out holds until the next call: the screen shows one footer at a time. Returns how many there are. */
int footer_fill(struct app *app, enum footer_place place, const struct footer_key **out);

#endif
