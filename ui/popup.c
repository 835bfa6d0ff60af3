#include "ui/popup.h"

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* Sheets hang a little above the middle, so that a list that grows shorter does not jump. */
struct rect popup_draw(struct canvas *c, int w, int h, struct span title, struct rect *area)
{
    bool framed = c->w >= 12 && c->h >= 6;
    int outer_w = min_int(w + (framed ? 4 : 0), c->w), outer_h = min_int(h + (framed ? 2 : 0), c->h);
    *area = (struct rect){(c->w - outer_w) / 2, (c->h - outer_h) / 3, outer_w, outer_h};
    canvas_fill(c, (struct rect){area->x - 1, area->y, outer_w + 2, outer_h}, STYLE_TEXT); /* air around it */
    canvas_fill(c, *area, STYLE_POPUP);
    c->cursor_x = c->cursor_y = -1;
    if (!framed)
        return *area;
    canvas_box(c, *area, STYLE_BORDER, SPAN(""));
    if (title.len) {
        int used = canvas_text(c, area->x + 3, area->y, outer_w - 6, title, STYLE_BORDER_FOCUS);
        canvas_text(c, area->x + 2, area->y, 1, SPAN(" "), STYLE_POPUP);
        canvas_text(c, area->x + 3 + used, area->y, 1, SPAN(" "), STYLE_POPUP);
    }
    return (struct rect){area->x + 2, area->y + 1, outer_w - 4, outer_h - 2};
}

void popup_rule(struct canvas *c, struct rect area, int y)
{
    if (y > area.y && y < area.y + area.h - 1)
        canvas_hline(c, area.x, y, area.w, STYLE_BORDER);
}
