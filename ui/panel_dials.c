#include "ui/panel_dials.h"

#include "core/i18n.h"
#include "ui/slider.h"
#include "ui/text_block.h"

#define VALUE_COLUMNS 6 /* kept free for a value beside a slider on the same row */
#define HELP_ROWS 3     /* an empty row and two of text */

int panel_dials_rows(int per_dial)
{
    return DIAL_COUNT * per_dial - (per_dial == 3 ? 1 : 0) + HELP_ROWS;
}

static int help_rows(struct rect r)
{
    if (r.h >= panel_dials_rows(1))
        return HELP_ROWS;
    return r.h >= DIAL_COUNT + 1 ? 1 : 0;
}

static int rows_per_dial(struct rect r)
{
    for (int rows = 3; rows > 1; rows--)
        if (r.h >= panel_dials_rows(rows))
            return rows;
    return 1;
}

static int label_columns(void)
{
    int widest = 0;
    for (int i = 0; i < DIAL_COUNT; i++) {
        int width = display_width(span_of(_(dial_table[i].label)));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static bool is_taken(const struct desk_view *v, int dial)
{
    return !v->taken || v->taken[dial];
}

static enum slider_state state_of(const struct desk_view *v, int dial)
{
    if (!is_taken(v, dial))
        return SLIDER_DEAD;
    return v->dials->on[dial] ? SLIDER_ON : SLIDER_OFF;
}

/* What stands at the right: the value, the digits being typed, or why there is none. */
static enum role_id value_text(const struct desk_view *v, int dial, bool selected, struct str *out)
{
    if (selected && v->typing.len) {
        str_add(out, str_span(&v->typing));
        return STYLE_ACCENT;
    }
    if (!is_taken(v, dial)) {
        str_add_text(out, _("not taken"));
        return STYLE_OFF;
    }
    if (!v->dials->on[dial]) {
        str_add_text(out, _("off"));
        return STYLE_OFF;
    }
    dial_format(v->dials, (enum dial_id)dial, out);
    return STYLE_TEXT;
}

static void draw_track(struct desk_view *v, struct canvas *c, struct rect track, int dial, bool on_row)
{
    double fraction = v->dials->on[dial] ? dial_fraction(v->dials, (enum dial_id)dial) : 1;
    slider_draw(c, track.x, track.y, track.w, state_of(v, dial), fraction, on_row);
    places_add_track(&v->places, track, dial);
}

static void draw_dial(struct desk_view *v, struct canvas *c, struct rect r, int dial, int rows)
{
    bool selected = v->focus == FOCUS_DIALS && v->dial == dial;
    struct rect inside = {r.x + 1, r.y, r.w - 2, 1};
    struct str value = {0};
    enum role_id role = value_text(v, dial, selected, &value);
    enum role_id label_role = !is_taken(v, dial) ? STYLE_OFF : STYLE_TEXT;
    places_add(&v->places, (struct rect){r.x, r.y, r.w, rows < 3 ? rows : 2}, TARGET_DIAL, dial);
    if (selected) {
        canvas_fill(c, (struct rect){r.x, r.y, r.w, 1}, STYLE_ROW);
        label_role = STYLE_ROW;
    }
    int width = display_width(str_span(&value));
    width = width < inside.w ? width : inside.w;
    int label = inside.w - width - 1;
    canvas_text(c, inside.x, r.y, label > 0 ? label : 0, span_of(_(dial_table[dial].label)), label_role);
    canvas_text_right(c, inside.x + inside.w, r.y, width, str_span(&value), selected ? STYLE_ROW : role);
    if (selected)
        canvas_cursor(c, inside.x + inside.w, r.y);
    if (rows > 1) {
        draw_track(v, c, (struct rect){inside.x, r.y + 1, inside.w, 1}, dial, false);
    } else if (width <= VALUE_COLUMNS) {
        int at = label_columns() + 1;
        struct rect track = {inside.x + at, r.y, inside.w - at - VALUE_COLUMNS - 1, 1};
        if (track.w >= 5)
            draw_track(v, c, track, dial, selected);
    }
    str_release(&value);
}

static void draw_help(const struct desk_view *v, struct canvas *c, struct rect r)
{
    if (v->focus != FOCUS_DIALS || v->dial < 0 || v->dial >= DIAL_COUNT)
        return;
    if (r.h == HELP_ROWS)
        r = (struct rect){r.x, r.y + 1, r.w, r.h - 1};
    struct rect inside = {r.x + 1, r.y, r.w - 2, r.h};
    if (is_taken(v, v->dial))
        text_draw(c, inside, span_of(_(dial_table[v->dial].help)), STYLE_DIM, false);
    else
        text_draw(c, inside, span_of(_("Not taken by this model; it is not sent.")), STYLE_WARNING, false);
}

void panel_dials_draw(struct desk_view *v, struct canvas *c, struct rect r)
{
    if (r.h < 1 || r.w < 4 || !v->dials)
        return;
    int help = help_rows(r), rows = rows_per_dial(r), seen = (r.h - help + (rows == 3)) / rows;
    seen = seen < DIAL_COUNT ? seen : DIAL_COUNT;
    if (v->dial >= 0 && v->dial < v->dial_top)
        v->dial_top = v->dial;
    if (v->dial >= v->dial_top + seen)
        v->dial_top = v->dial - seen + 1;
    if (v->dial_top > DIAL_COUNT - seen)
        v->dial_top = DIAL_COUNT - seen;
    for (int i = 0; i < seen; i++)
        draw_dial(v, c, (struct rect){r.x, r.y + i * rows, r.w, 1}, v->dial_top + i, rows);
    if (help)
        draw_help(v, c, (struct rect){r.x, r.y + r.h - help, r.w, help});
}
