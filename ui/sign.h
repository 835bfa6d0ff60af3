/* The signs that views draw beside words, with an ASCII stand-in each. Every sign takes one column. Knows no state. */
#ifndef RENGA_UI_SIGN_H
#define RENGA_UI_SIGN_H

#include "core/str.h"

enum sign {
    SIGN_DONE,
    SIGN_WRITING,
    SIGN_WAITING,
    SIGN_STOPPED,
    SIGN_FAILED,
    SIGN_INTERRUPTED,
    SIGN_STAR,
    SIGN_MARK,       /* before the row that is meant */
    SIGN_BACK,       /* ‹ one before */
    SIGN_ON,         /* › one further */
    SIGN_KNOB,
    SIGN_KNOB_OFF,
    SIGN_TRACK,
    SIGN_TRACK_DEAD, /* a dial that the server does not take */
    SIGN_TRACK_LEFT,
    SIGN_TRACK_RIGHT,
    SIGN_DOT,        /* between facts on one line */
    SIGN_BAR,        /* of a bar: what is, to the end of the cell and to its middle, */
    SIGN_BAR_HALF,
    SIGN_BAR_WAS,    /* what was, */
    SIGN_BAR_WAS_HALF,
    SIGN_BAR_SHRUNK, /* half of each, */
    SIGN_BAR_GROWN,  /* where what was ended, */
    SIGN_BAR_CUT,    /* and what is no more */
    SIGN_WRITER,     /* who wrote a passage of the tree */
    SIGN_MODEL,
    SIGN_EDIT,
    SIGN_PROMPT,
    SIGN_LINE,       /* the tree's lines */
    SIGN_FORK,
    SIGN_FORK_TOP,
    SIGN_FORK_END,
    SIGN_RUNG,
    SIGN_FOLD,
    SIGN_BOOKMARK,
    SIGN_CHECK,      /* a row that is marked */
    SIGN_COUNT
};

/* Most of them are East Asian ambiguous: where such characters take two columns the stand-in is given, so that lines keep their
 * length. */
struct span sign_text(enum sign s);
void sign_stars(struct str *out, int rating); /* "★★★" */

#endif
