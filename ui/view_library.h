/* The library: a search field, the hits, and a preview of the selected one: a generation with all its dials, or the writer's own page. */
#ifndef RENGA_UI_VIEW_LIBRARY_H
#define RENGA_UI_VIEW_LIBRARY_H

#include "core/story.h"
#include "ui/view_desk.h"

/* What the word before the caret may become. */
struct library_offer {
    char *text, *help;            /* owned by app; help may be NULL */
};

struct library_view {
    struct buffer *query_text;    /* owned */
    struct editor query;
    const struct hit *hits;       /* borrowed; newest first */
    int hit_count;
    bool more;                    /* there are older ones to load when the end comes into view */
    bool searching;               /* more is being looked for; so many generations were passed */
    int64_t looked;
    const int64_t *marks;         /* generations that are marked */
    int mark_count;
    const struct library_offer *offers; /* below the search field; none: nothing is shown */
    int offer_count, offer_selected;
    int64_t total;                /* generations in the library; -1: what was searched is not among them */
    int selected, top;            /* top is private */
    int rows;                     /* list rows of the last draw, for page motions */
    const struct generation *preview; /* of the selected hit; NULL: none */
    const struct take *preview_takes;
    int preview_take_count;
    struct span preview_tags;     /* one a line */
    struct span preview_used;     /* "tokens: 812 in · 256 out", "" : not told */
    struct span preview_text;     /* of a hit without a generation: what stands on its page */
    int preview_scroll;
    bool focus_list;              /* false: the search field has the keys */
    struct span message;
    enum role_id message_role;
    const struct footer_key *footer;
    int footer_count;
    struct places places;         /* private: what the last draw put where */
    struct rect query_area;       /* private: the search field of the last draw */
};

void library_view_init(struct library_view *v);
void library_view_release(struct library_view *v);
void library_view_draw(struct library_view *v, struct canvas *c);
enum library_target { LIBRARY_NONE, LIBRARY_QUERY, LIBRARY_OFFER, LIBRARY_ROW, LIBRARY_PREVIEW, LIBRARY_COMMAND };
enum library_target library_view_at(const struct library_view *v, int x, int y, int *row, size_t *offset, const char **command);

#endif
