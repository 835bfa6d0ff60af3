/* The footer: the keys that matter now, each a place to click. Knows no command's meaning. */
#ifndef RENGA_UI_FOOTER_H
#define RENGA_UI_FOOTER_H

#include "ui/view_desk.h"

/* Draws as many keys as fit whole into row y; the one that leads out, Esc, keeps its room. */
void footer_draw(struct canvas *c, int y, const struct footer_key *keys, int count, struct places *places);

#endif
