#include "ui/view_odds.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/text_block.h"

#define MEASURE      84
#define MESSAGE_ROWS 3
#define SIDE_MIN     36
#define SIDE_MAX     48
#define TEXT_MIN     4  /* rows that the text keeps on a narrow screen */

/* Where everything stands; a rect of height 0 is not shown. */
struct odds_layout {
    bool framed;
    struct rect frame, text, panel, legend, message;
    int split;  /* column of the line between text and panel, -1: they lie below one another */
    int rule;   /* row of the line between them, -1: none */
};

static enum role_id role_of(int step)
{
    return step >= 0 && step < ODDS_STEPS ? odds_step_role((enum odds_step)step) : STYLE_DIM;
}

void odds_view_init(struct odds_view *v, struct buffer *text)
{
    *v = (struct odds_view){.message_role = STYLE_TEXT};
    editor_init(&v->text, text);
    v->text.readonly = true;
    v->text.role_of = role_of;
}

void odds_view_release(struct odds_view *v)
{
    editor_release(&v->text);
}

/* -- layout -------------------------------------------------------------------------------------------------------------------------- */

static int panel_rows(const struct odds_view *v, int width)
{
    return v->most ? panel_odds_rows_for(v->most) : text_rows(v->state, width, 4);
}

static void place_rows(struct odds_layout *l, const struct odds_view *v, int w, int h)
{
    int message = v->message.len && h >= 6 ? text_rows(v->message, w - 2, h >= 16 ? MESSAGE_ROWS : 1) : h >= 16;
    int footer = h >= 5 ? 1 : 0;
    l->frame = (struct rect){0, 0, w, h - message - footer};
    l->message = (struct rect){1, l->frame.h, w - 2, message};
    l->framed = l->frame.h >= 7 && w >= 20;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static void place_beside(struct odds_layout *l, int w, int pad)
{
    struct rect in = {1, l->frame.y + 1, w - 2, l->frame.h - 2};
    int side = clamp(w * 3 / 8, SIDE_MIN, SIDE_MAX);
    l->split = w - side;
    l->text = (struct rect){in.x + pad, in.y + 1, l->split - 1 - 2 * pad, in.h - 2};
    l->legend = (struct rect){in.x + pad, in.y + in.h - 1, l->split - 1 - 2 * pad, 1};
    l->panel = (struct rect){l->split + 2, in.y + 1, side - 4, in.h - 2};
}

static void place_below(struct odds_layout *l, const struct odds_view *v, int w, int pad)
{
    int edge = l->framed ? 1 : 0;
    struct rect in = {edge, l->frame.y + edge, w - 2 * edge, l->frame.h - 2 * edge};
    int rows = panel_rows(v, in.w - 2 * pad), most = in.h - TEXT_MIN - 2;
    rows = rows < most ? rows : most > 0 ? most : 0;
    bool legend = l->framed && in.h - rows >= TEXT_MIN + 3;
    int text = in.h - rows - (rows > 0) - legend;
    l->text = (struct rect){in.x + pad, in.y, in.w - 2 * pad, text};
    if (text >= 8) {
        l->text.y++;
        l->text.h--;
    }
    l->legend = (struct rect){in.x + pad, in.y + text, in.w - 2 * pad, legend};
    l->rule = rows > 0 ? in.y + text + legend : -1;
    l->panel = (struct rect){in.x + pad, l->rule + 1, in.w - 2 * pad, rows};
}

static void layout_make(struct odds_layout *l, const struct odds_view *v, int w, int h)
{
    int pad = w >= 60 ? 2 : w >= 40 ? 1 : 0;
    *l = (struct odds_layout){.split = -1, .rule = -1};
    place_rows(l, v, w, h);
    if (desk_view_wide(w) && l->framed)
        place_beside(l, w, pad);
    else
        place_below(l, v, w, pad);
    if (l->text.w > MEASURE) {
        l->text.x += (l->text.w - MEASURE) / 2;
        l->text.w = MEASURE;
    }
}

/* -- drawing ------------------------------------------------------------------------------------------------------------------------- */

static int draw_title(struct canvas *c, int x, int y, int columns, struct span title, enum role_id role)
{
    struct str shown = {0};
    if (columns < 4 || title.len == 0)
        return 0;
    display_line(&shown, title, columns - 2);
    int used = canvas_text(c, x + 1, y, columns - 2, str_span(&shown), role);
    canvas_text(c, x, y, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, x + 1 + used, y, 1, SPAN(" "), STYLE_TEXT);
    str_release(&shown);
    return used + 2;
}

static void draw_place(const struct odds_view *v, struct canvas *c, int right, int y)
{
    int width = display_width(v->place);
    if (width == 0 || width + 16 > right)
        return;
    draw_title(c, right - width - 2, y, width + 2, v->place, STYLE_DIM);
}

static void draw_lines(const struct odds_view *v, struct canvas *c, const struct odds_layout *l)
{
    struct rect f = l->frame;
    if (!l->framed)
        return;
    canvas_box(c, f, STYLE_BORDER, SPAN(""));
    if (l->split >= 0)
        canvas_vline(c, l->split, f.y, f.h, STYLE_BORDER);
    if (l->rule >= 0)
        canvas_hline(c, f.x, l->rule, f.w, STYLE_BORDER);
    int end = l->split >= 0 ? l->split : f.w;
    int used = draw_title(c, 2, f.y, end - 4, span_of(_("Odds")), STYLE_BORDER_FOCUS);
    draw_title(c, 3 + used, f.y, end - 5 - used - display_width(v->place), v->name, STYLE_DIM);
    draw_place(v, c, end - 1, f.y);
    if (l->split >= 0 || l->rule >= 0)
        draw_title(c, l->split >= 0 ? l->split + 2 : 2, l->split >= 0 ? f.y : l->rule, 40, span_of(_("What might stand here")), STYLE_TITLE);
}

/* "≥80 % ≥40 % …", each in the look it explains. */
static void draw_legend(const struct odds_view *v, struct canvas *c, struct rect r)
{
    int x = r.x;
    if (r.h < 1 || !v->most)
        return;
    struct rect clip = canvas_clip(c, r);
    for (int i = 0; i < ODDS_STEPS; i++) {
        struct str text = {0};
        if (i < ODDS_RARE)
            str_printf(&text, _("from %.0f %%"), odds_step_from[i] * 100);
        else
            str_add_text(&text, _("rarer"));
        x += canvas_text(c, x, r.y, -1, str_span(&text), odds_step_role((enum odds_step)i)) + 2;
        str_release(&text);
    }
    c->clip = clip;
}

static void draw_panel(struct odds_view *v, struct canvas *c, const struct odds_layout *l)
{
    struct rect r = l->panel;
    if (r.h < 1)
        return;
    if (v->picture.choices) {
        int rows = panel_odds_rows(&v->picture);
        panel_odds_draw(&v->picture, &v->places, c, (struct rect){r.x, r.y, r.w, r.h < rows ? r.h : rows});
    } else {
        text_draw(c, r, v->state, STYLE_DIM, false);
    }
}

void odds_view_draw(struct odds_view *v, struct canvas *c)
{
    struct odds_layout l;
    canvas_clear(c);
    places_clear(&v->places);
    layout_make(&l, v, c->w, c->h);
    draw_lines(v, c, &l);
    v->text_area = l.text;
    places_add(&v->places, l.text, TARGET_PAGE, 0);
    if (l.text.h > 0 && l.text.w > 0)
        editor_draw(&v->text, c, l.text, true);
    draw_legend(v, c, l.legend);
    draw_panel(v, c, &l);
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (c->h >= 5)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

struct target odds_view_at(const struct odds_view *v, int x, int y)
{
    struct target t = {.kind = TARGET_NONE, .fraction = -1};
    const struct place *p = places_at(&v->places, x, y);
    if (!p)
        return t;
    t = (struct target){.kind = p->kind, .index = p->index, .fraction = -1, .command = p->command};
    /* Asking where a cell's text is may fill the editor's wrap cache; what the view shows stays as it is. */
    if (p->kind == TARGET_PAGE)
        t.offset = editor_at((struct editor *)&v->text, x - v->text_area.x, y - v->text_area.y);
    return t;
}
