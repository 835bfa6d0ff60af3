/* The takes of a generation as a list: state, rating, temperature and length of each. Knows no text. */
#ifndef RENGA_UI_PANEL_TAKES_H
#define RENGA_UI_PANEL_TAKES_H

#include "ui/sign.h"
#include "ui/view_desk.h"

/* How a take's state looks, wherever takes are shown. */
enum sign take_sign(enum take_state s);
enum role_id take_role(enum take_state s);
const char *take_word(enum take_state s); /* translated */
/* "31 字" or "12 words". */
void take_length(struct str *out, int64_t length, bool han);

void panel_takes_draw(struct desk_view *v, struct canvas *c, struct rect r);

#endif
