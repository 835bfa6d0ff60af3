#include "ui/slider.h"

#include "ui/sign.h"

#define SLIDER_MIN 5

/* Positions of the knob between the two ends of the track. */
static int steps(int w)
{
    return w - 3;
}

int slider_draw(struct canvas *c, int x, int y, int w, enum slider_state state, double fraction, bool on_row)
{
    if (w < SLIDER_MIN)
        return -1;
    enum sign track = state == SLIDER_DEAD ? SIGN_TRACK_DEAD : SIGN_TRACK;
    enum role_id role = on_row ? STYLE_ROW : state == SLIDER_ON ? STYLE_SLIDER : STYLE_BORDER;
    canvas_text(c, x, y, 1, sign_text(SIGN_TRACK_LEFT), role);
    for (int i = 1; i < w - 1; i++)
        canvas_text(c, x + i, y, 1, sign_text(track), role);
    canvas_text(c, x + w - 1, y, 1, sign_text(SIGN_TRACK_RIGHT), role);
    if (state == SLIDER_DEAD)
        return -1;
    fraction = fraction > 0 ? fraction < 1 ? fraction : 1 : 0; /* what is no number becomes 0 */
    if (state == SLIDER_OFF)
        fraction = 1;
    int knob = x + 1 + (int)(fraction * steps(w) + 0.5);
    if (state == SLIDER_OFF)
        canvas_text(c, knob, y, 1, sign_text(SIGN_KNOB_OFF), on_row ? STYLE_ROW : STYLE_OFF);
    else
        canvas_text(c, knob, y, 1, sign_text(SIGN_KNOB), STYLE_ACCENT);
    return knob;
}

double slider_fraction(int x, int w, int column)
{
    if (w < SLIDER_MIN || column <= x + 1)
        return 0;
    return column >= x + w - 2 ? 1 : (double)(column - x - 1) / steps(w);
}
