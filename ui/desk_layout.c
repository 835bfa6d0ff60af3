#include "ui/desk_layout.h"

#include "ui/panel_dials.h"
#include "ui/text_block.h"

#define MEASURE 84      /* columns of text that are comfortable to read */
#define PROMPT_ROWS 3   /* of an empty prompt editor where there is room */
#define MESSAGE_ROWS 3  /* of a long sentence, */
#define QUOTE_ROWS 5    /* and of one that quotes a server, where there is room */
#define TALL 24
#define ROOMY 16        /* screens from this height on keep the message's row free */
#define TAKES_MIN 3
#define PICTURE_MIN 7   /* a head, four words, the rest and a caption */
#define SIDE_MIN 36
#define SIDE_MAX 44
#define PAGE_MIN 40     /* a page narrower than this is covered by the drawer instead of moving aside */

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

static int clamp(int value, int low, int high)
{
    return max_int(low, min_int(value, high));
}

/* Top line, message and footer take their rows; what is left is the frame. */
static void split_rows(struct desk_layout *l, const struct desk_view *v, int w, int h)
{
    int margin = w < 40 ? 0 : 1, rows = 0;
    if (v->message.len && h >= 3)
        rows = text_rows(v->message, w - 2 * margin, h >= TALL ? QUOTE_ROWS : h >= ROOMY ? MESSAGE_ROWS : h >= 8 ? 2 : 1);
    if (h >= ROOMY)
        rows = max_int(rows, 1);
    l->topline = h >= 4;
    l->footer = h >= 6;
    int y = l->topline ? 1 : 0;
    l->frame = (struct rect){0, y, w, h - y - rows - (l->footer ? 1 : 0)};
    l->message = (struct rect){margin, l->frame.y + l->frame.h, w - 2 * margin, rows};
}

static void place_side(struct desk_layout *l, const struct desk_view *v, int w)
{
    bool asked = v->drawer || v->focus == FOCUS_DIALS || v->focus == FOCUS_TAKES;
    l->ruled = l->frame.h >= 8 && w >= 20;
    l->sides = l->ruled && w >= 60;
    bool wide = desk_view_wide(w) && l->ruled && l->frame.h >= 10;
    if (!wide && !asked)
        return;
    int width = w >= 50 ? clamp(w * 3 / 10, SIDE_MIN, SIDE_MAX) : w;
    l->beside = wide || (l->sides && w - width >= PAGE_MIN);
    l->drawer = !l->beside;
    l->side = (struct rect){w - width, l->frame.y, width, l->frame.h};
}

/* Margins like a book's, and lines no longer than the eye likes: on a wide screen the text stands in the middle. */
static struct rect text_rect(struct rect pane, int w, int gutter, int notes)
{
    int pad = w >= 60 ? 2 : w >= 40 ? 1 : 0;
    int left = max_int(0, pad - 1);
    struct rect r = {pane.x + left, pane.y, pane.w - left - max_int(pad, notes && pad ? notes + 1 : notes), pane.h};
    if (r.w > MEASURE + gutter) {
        r.w = MEASURE + gutter;
        r.x = pane.x + (pane.w - r.w) / 2;
    }
    return r;
}

/* The prompt grows with its text up to a third of the screen, but never takes more than half of what there is. */
static int prompt_rows(struct desk_view *v, int width, int room, int h)
{
    int rows = v->prompt.buf ? editor_rows(&v->prompt, width) : 1;
    int wanted = clamp(rows, PROMPT_ROWS, max_int(PROMPT_ROWS, h / 3));
    return clamp(wanted, 1, max_int(1, room < 12 ? room / 3 : room / 2));
}

static void place_editors(struct desk_layout *l, struct desk_view *v, int w, int h)
{
    int x = l->sides ? 1 : 0, right = l->beside ? l->side.x : l->sides ? w - 1 : w;
    int y = l->frame.y + (l->ruled ? 1 : 0), bottom = l->frame.y + l->frame.h - (l->ruled ? 1 : 0);
    int rows = bottom - y, gutter = v->page.gutter;
    struct rect pane = {x, y, right - x, rows};
    l->page_pane = l->prompt_pane = pane;
    if (rows < 2) {
        *(v->focus == FOCUS_PAGE ? &l->prompt_pane.h : &l->page_pane.h) = 0;
    } else {
        int rule = rows >= 3 ? 1 : 0;
        int width = max_int(1, text_rect(pane, w, gutter, 0).w - gutter);
        int prompt = prompt_rows(v, width, rows - rule, h);
        l->page_pane.h = rows - rule - prompt;
        l->prompt_pane.h = prompt;
        l->prompt_pane.y = bottom - prompt;
        if (rule)
            l->prompt_rule = l->prompt_pane.y - 1;
    }
    l->page = text_rect(l->page_pane, w, gutter, v->page.notes);
    l->prompt = text_rect(l->prompt_pane, w, gutter, 0);
    l->prompt.x += gutter;
    l->prompt.w = max_int(1, l->prompt.w - gutter);
}

/* The page keeps a free row at its top and above "take 2/3" where there is room. */
static void trim_page(struct desk_layout *l, const struct desk_view *v)
{
    if ((v->siblings > 1 || v->leaf_rating > 0 || v->thoughts.len) && l->page.h >= 3) {
        int air = l->page.h >= 10 ? 1 : 0;
        l->take_line = l->page.y + l->page.h - 1;
        l->page.h -= 1 + air;
    }
    if (l->page.h >= 10) {
        l->page.y++;
        l->page.h--;
    }
}

/* The picture of the odds takes what the takes can do without; where that is too little the dials move closer together for it. */
static void place_picture(struct desk_layout *l, const struct desk_view *v, struct rect in)
{
    int wanted = v->picture ? panel_odds_rows(v->picture) : 0, around = 2 + TAKES_MIN;
    if (wanted == 0 || !l->beside)
        return;
    if (in.h - l->dials.h - around < PICTURE_MIN)
        l->dials.h = min_int(l->dials.h, panel_dials_rows(2));
    int rows = min_int(wanted, in.h - l->dials.h - around);
    l->picture_rule = in.y + l->dials.h;
    if (rows >= PICTURE_MIN)
        l->picture = (struct rect){in.x + 1, l->picture_rule + 1, in.w - 2, rows};
    else
        l->picture_rule = -1;
    l->takes_rule = in.y + l->dials.h + (rows >= PICTURE_MIN ? 1 + rows : 0);
}

static void place_panels(struct desk_layout *l, const struct desk_view *v)
{
    if (l->side.h == 0)
        return;
    bool lines = l->ruled;
    struct rect in = {l->side.x + 1, l->side.y + (lines ? 1 : 0), l->side.w - 1 - (l->beside || l->sides ? 1 : 0),
                      l->side.h - (lines ? 2 : 0)};
    l->dials = l->takes = in;
    if (in.h < 8) {
        *(v->focus == FOCUS_TAKES ? &l->dials.h : &l->takes.h) = 0;
        return;
    }
    int takes = clamp(v->take_count, TAKES_MIN, max_int(TAKES_MIN, in.h / 4));
    int dials = in.h - 1 - takes;
    for (int per_dial = 3; per_dial > 1; per_dial--)
        if (dials >= panel_dials_rows(per_dial)) {
            dials = panel_dials_rows(per_dial);
            break;
        }
    /* One line across the whole screen looks calmer than two at nearly the same height. */
    int aligned = l->prompt_rule - in.y, slack = aligned - dials;
    if (l->beside && l->prompt_rule > 0 && slack >= 0 && slack <= 8 && in.h - 1 - aligned >= takes)
        dials = aligned;
    l->dials.h = dials;
    l->takes_rule = in.y + dials;
    place_picture(l, v, in);
    l->takes.y = l->takes_rule + 1;
    l->takes.h = in.y + in.h - l->takes.y;
}

void desk_layout_make(struct desk_layout *l, struct desk_view *v, int w, int h)
{
    *l = (struct desk_layout){.take_line = -1, .prompt_rule = -1, .picture_rule = -1, .takes_rule = -1};
    split_rows(l, v, w, h);
    place_side(l, v, w);
    place_editors(l, v, w, h);
    trim_page(l, v);
    place_panels(l, v);
}
