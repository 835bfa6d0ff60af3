/* A full-screen reading view: a titled text that scrolls, with find. For help, "what would be sent" and the like. */
#ifndef RENGA_UI_PAGER_H
#define RENGA_UI_PAGER_H

#include "ui/view_desk.h"

struct pager {
    struct str title;
    struct buffer *text;     /* owned */
    struct editor editor;    /* readonly */
    bool open;
    const struct footer_key *footer;
    int footer_count;
    struct span message;     /* one sentence in the lower line, "" : none; borrowed for the draw */
    enum role_id message_role;
    struct places places;    /* private: the footer's keys of the last draw */
};

void pager_init(struct pager *p);
void pager_release(struct pager *p);
void pager_open(struct pager *p, const char *title, struct span text);
void pager_draw(struct pager *p, struct canvas *c);
const char *pager_at(const struct pager *p, int x, int y); /* the footer's command there, NULL: none */

#endif
