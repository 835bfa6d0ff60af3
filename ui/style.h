/* How a cell looks: colours and attributes, and the roles that a theme gives looks to. */
#ifndef RENGA_UI_STYLE_H
#define RENGA_UI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/* A colour: the terminal's default, one of its 256, or 24-bit. */
enum colour_kind { COLOUR_DEFAULT, COLOUR_INDEX, COLOUR_RGB };
struct colour {
    uint8_t kind;
    uint8_t r, g, b; /* COLOUR_INDEX: r is the index */
};

enum { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_ITALIC = 4, ATTR_UNDERLINE = 8, ATTR_REVERSE = 16 };

struct style {
    struct colour fg, bg;
    uint8_t attrs;
};

/* Everything a theme can colour. Names with '-' in theme files; a role without a look inherits from its parent. */
enum role_id {
    STYLE_TEXT,        /* plain text and the empty screen; every chain ends here */
    STYLE_DIM,         /* labels, hints */
    STYLE_ACCENT,      /* the one accent: focus, the slider's knob, the selected row's mark */
    STYLE_BORDER,
    STYLE_BORDER_FOCUS,
    STYLE_TITLE,       /* names in borders and the top line */
    STYLE_STATUS,      /* top line */
    STYLE_FOOTER,      /* footer's words */
    STYLE_KEY,         /* footer's keys */
    STYLE_WRITER,      /* authors on the page */
    STYLE_MODEL,
    STYLE_EDIT,
    STYLE_PROMPT,
    STYLE_MARKER,      /* ␛ and its like */
    STYLE_SELECTION,
    STYLE_MATCH,       /* what a search found */
    STYLE_SLIDER,      /* track */
    STYLE_OFF,         /* a dial that is off or not taken */
    STYLE_OK,
    STYLE_WARNING,
    STYLE_ERROR,
    STYLE_ODDS_SURE,   /* words of a take by how likely they were */
    STYLE_ODDS_LIKELY,
    STYLE_ODDS_EVEN,
    STYLE_ODDS_UNLIKELY,
    STYLE_ODDS_RARE,
    STYLE_ADDED,       /* of two texts: what only the newer has, */
    STYLE_REMOVED,     /* what only the older has, */
    STYLE_CHANGED,     /* and what differs where neither is the older */
    STYLE_POPUP,       /* palette, menus, forms */
    STYLE_ROW,         /* selected row of a list */
    STYLE_COUNT
};

#endif
