#include "ui/panel_learning.h"

#include "core/i18n.h"
#include "core/mem.h"
#include "ui/popup.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#include <math.h>
#include <stdlib.h>

#define SHEET_WIDTH 64
#define PLAN_ROWS   8
#define NOTICE_ROWS 4
#define CURVE_ROWS  5
#define LABEL       6 /* columns of "5.213 " on either side of the curve */
#define DOTS_WIDE   2 /* of a braille cell */
#define DOTS_HIGH   4

/* -- the curve: braille dots, which take one column in every terminal ------------------------------------------------------------------ */

struct plot {
    struct rect area; /* in cells */
    unsigned char *cells;
    double low, high; /* losses at the lowest and the highest dot */
    int steps;
};

static void set_dot(struct plot *plot, int x, int y)
{
    static const unsigned char bits[DOTS_HIGH][DOTS_WIDE] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int cell = y / DOTS_HIGH * plot->area.w + x / DOTS_WIDE;
    plot->cells[cell] = (unsigned char)(plot->cells[cell] | bits[y % DOTS_HIGH][x % DOTS_WIDE]);
}

static int dot_x(const struct plot *plot, int step)
{
    int last = plot->area.w * DOTS_WIDE - 1;
    int x = (int)((double)step / plot->steps * last + 0.5);
    return x < 0 ? 0 : x > last ? last : x;
}

static int dot_y(const struct plot *plot, double loss)
{
    int last = plot->area.h * DOTS_HIGH - 1;
    double height = plot->high > plot->low ? (loss - plot->low) / (plot->high - plot->low) : 1;
    return last - (int)(height * last + 0.5);
}

static void set_line(struct plot *plot, int x0, int y0, int x1, int y1)
{
    int across = abs(x1 - x0), down = abs(y1 - y0), dots = across > down ? across : down;
    for (int i = 0; i <= dots; i++)
        set_dot(plot, x0 + (dots ? (x1 - x0) * i / dots : 0), y0 + (dots ? (y1 - y0) * i / dots : 0));
}

static void draw_cells(const struct plot *plot, struct canvas *c)
{
    for (int i = 0; i < plot->area.w * plot->area.h; i++) {
        unsigned dots = plot->cells[i];
        char glyph[] = {(char)0xE2, (char)(0xA0 | dots >> 6),
                        (char)(0x80 | (dots & 0x3F))}; /* U+2800 and the dots */
        if (dots)
            canvas_text(c, plot->area.x + i % plot->area.w, plot->area.y + i / plot->area.w, 1,
                        (struct span){glyph, sizeof glyph}, STYLE_ACCENT);
    }
}

/* The first loss stands before the curve, the last one behind it. */
static void draw_losses(const struct learning_panel *p, const struct plot *plot, struct canvas *c)
{
    int last = p->curve_count - 1;
    double first = p->curve_losses[0], now = p->curve_losses[last];
    canvas_print(c, plot->area.x - LABEL, plot->area.y + dot_y(plot, first) / DOTS_HIGH, LABEL, STYLE_DIM,
                 "%.3f", first);
    if (last > 0)
        canvas_print(c, plot->area.x + dot_x(plot, p->curve_steps[last]) / DOTS_WIDE + 2,
                     plot->area.y + dot_y(plot, now) / DOTS_HIGH, LABEL, STYLE_POPUP, "%.3f", now);
}

static void draw_curve(const struct learning_panel *p, struct canvas *c, struct rect r)
{
    struct plot plot = {.area = {r.x + LABEL, r.y, r.w - 2 * LABEL - 1, r.h}, .steps = p->steps};
    if (p->curve_count == 0 || plot.area.w < 8 || r.h < 1)
        return;
    plot.cells = mem_new((size_t)(plot.area.w * plot.area.h), 1);
    plot.low = plot.high = p->curve_losses[0];
    for (int i = 1; i < p->curve_count; i++) {
        plot.low = fmin(plot.low, p->curve_losses[i]);
        plot.high = fmax(plot.high, p->curve_losses[i]);
    }
    int x = dot_x(&plot, p->curve_steps[0]), y = dot_y(&plot, p->curve_losses[0]);
    for (int i = 0; i < p->curve_count; i++) {
        int to_x = dot_x(&plot, p->curve_steps[i]), to_y = dot_y(&plot, p->curve_losses[i]);
        set_line(&plot, x, y, to_x, to_y);
        x = to_x;
        y = to_y;
    }
    draw_cells(&plot, c);
    draw_losses(p, &plot, c);
    free(plot.cells);
}

/* -- the bar --------------------------------------------------------------------------------------------------------------------------- */

static void draw_bar(const struct learning_panel *p, struct canvas *c, struct rect r)
{
    struct str words = {0};
    str_printf(&words, _("step %d of %d"), p->step, p->steps);
    if (p->seconds_left >= 0 && p->step < p->steps)
        str_printf(&words, _(" · %d s left"), (int)fmin(ceil(p->seconds_left), 1e6));
    int width = display_width(str_span(&words)), bar = r.w - width - 2;
    int done = bar > 0 ? (int)((double)p->step / p->steps * bar + 0.5) : 0;
    for (int i = 0; i < bar; i++)
        canvas_text(c, r.x + i, r.y, 1, sign_text(SIGN_TRACK), i < done ? STYLE_ACCENT : STYLE_SLIDER);
    if (done > 0)
        canvas_text(c, r.x + done - 1, r.y, 1, sign_text(SIGN_KNOB), STYLE_ACCENT);
    canvas_text(c, r.x + (bar > 0 ? bar + 2 : 0), r.y, r.w, str_span(&words), STYLE_POPUP);
    str_release(&words);
}

/* -- the sheet ------------------------------------------------------------------------------------------------------------------------- */

static struct rect take_rows(struct rect *rest, int rows)
{
    struct rect r = {rest->x, rest->y, rest->w, rows < rest->h ? rows : rest->h};
    rest->y += r.h;
    rest->h -= r.h;
    return r;
}

struct rect learning_panel_draw(const struct learning_panel *p, struct canvas *c)
{
    int width = c->w - 8 < SHEET_WIDTH ? c->w - 8 : SHEET_WIDTH;
    width = width > 8 ? width : c->w;
    int plan = text_rows(p->plan, width, PLAN_ROWS), notice = text_rows(p->notice, width, NOTICE_ROWS);
    int progress = p->steps > 0 ? CURVE_ROWS + 3 : 0; /* with a line above, and air below the curve */
    int gap = notice && (plan || progress);
    struct rect area, in = popup_draw(c, width, plan + progress + gap + notice + 2, p->title, &area);
    text_draw(c, take_rows(&in, plan), p->plan, STYLE_POPUP, false);
    if (progress && in.h > 2) {
        popup_rule(c, area, take_rows(&in, 1).y);
        draw_curve(p, c, take_rows(&in, in.h >= CURVE_ROWS + 4 ? CURVE_ROWS : in.h - 3));
        take_rows(&in, in.h > 3);
        draw_bar(p, c, take_rows(&in, 1));
    }
    if (notice) {
        take_rows(&in, in.h > notice + 2 ? gap : 0);
        text_draw(c, take_rows(&in, notice), p->notice, p->notice_role, false);
    }
    if (in.h > 1)
        popup_rule(c, area, in.y + in.h - 2);
    if (in.h > 0)
        canvas_text(c, in.x, in.y + in.h - 1, in.w, p->keys, STYLE_DIM);
    return area;
}
