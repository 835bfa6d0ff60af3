#include "ui/view_sweep.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/panel_takes.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define COLUMN_LEAST 30 /* of a take beside others, its margins and line included */
#define HEAD_ROWS    3  /* of a column: value, state, an empty one */
#define MESSAGE_ROWS 3

/* -- parts of a take ---------------------------------------------------------------------------------------------------------------- */

/* "31 字", "waiting for its turn", "failed": what there is to say of it now. */
static void add_state(const struct sweep_take *t, struct str *out)
{
    bool written = t->state == TAKE_DONE || t->state == TAKE_WRITING;
    if (t->queued)
        str_add_text(out, _("waiting for its turn"));
    else if (!written || !t->length)
        str_add_text(out, take_word(t->state));
    if (!t->length)
        return;
    str_add_text(out, out->len ? " · " : "");
    take_length(out, t->length, t->han);
}

/* Mark, value and what stands behind it in one row; the stars at its right end. */
static void draw_value(const struct sweep_take *t, struct canvas *c, struct rect r, bool selected)
{
    struct str stars = {0}, value = {0};
    int right = r.x + r.w;
    enum role_id role = selected ? STYLE_ACCENT : STYLE_TITLE;
    sign_stars(&stars, t->rating);
    if (stars.len)
        right -= canvas_text_right(c, right, r.y, r.w, str_span(&stars), STYLE_ACCENT) + 1;
    if (selected)
        canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), STYLE_ACCENT);
    display_line(&value, t->value, right - r.x - 2);
    int x = r.x + 2 + canvas_text(c, r.x + 2, r.y, right - r.x - 2, str_span(&value), role);
    if (t->marked)
        x += 1 + canvas_text(c, x + 1, r.y, right - x - 1, span_of(_("marked")), STYLE_WARNING);
    if (t->on_page)
        canvas_print(c, x + 1, r.y, right - x - 1, STYLE_DIM, t->marked ? "· %s" : "%s", _("on the page"));
    str_release(&stars);
    str_release(&value);
}

static void draw_state(const struct sweep_take *t, struct canvas *c, int x, int y, int columns)
{
    struct str state = {0};
    add_state(t, &state);
    canvas_text(c, x, y, 1, sign_text(take_sign(t->state)), take_role(t->state));
    canvas_text(c, x + 2, y, columns - 2, str_span(&state), STYLE_DIM);
    str_release(&state);
}

/* The take's text, and below it why it ended badly. */
static void draw_text(const struct sweep_view *v, const struct sweep_take *t, struct canvas *c, struct rect r)
{
    struct flow f = {.c = c, .area = r, .skip = v->scroll};
    struct rect clip = canvas_clip(c, r);
    if (t->text.len)
        flow_text(&f, t->text, STYLE_MODEL);
    if (t->text.len && t->error.len)
        flow_gap(&f);
    if (t->error.len)
        flow_text(&f, t->error, STYLE_ERROR);
    c->clip = clip;
}

/* -- beside one another ------------------------------------------------------------------------------------------------------------- */

static void keep_in_sight(struct sweep_view *v, int shown)
{
    if (v->selected < v->first)
        v->first = v->selected;
    if (v->selected >= v->first + shown)
        v->first = v->selected - shown + 1;
    if (v->first > v->count - shown)
        v->first = v->count - shown;
    if (v->first < 0)
        v->first = 0;
}

static void draw_column(struct sweep_view *v, struct canvas *c, struct rect r, int index)
{
    const struct sweep_take *t = &v->takes[index];
    bool selected = index == v->selected;
    draw_value(t, c, (struct rect){r.x, r.y, r.w, 1}, selected);
    draw_state(t, c, r.x + 2, r.y + 1, r.w - 2);
    struct rect text = {r.x + 2, r.y + HEAD_ROWS, r.w - 2, r.h - HEAD_ROWS};
    draw_text(v, t, c, text);
    places_add(&v->places, r, TARGET_TAKE, index);
    if (selected)
        canvas_cursor(c, r.x, r.y);
}

static void draw_columns(struct sweep_view *v, struct canvas *c, struct rect r)
{
    int shown = r.w / COLUMN_LEAST < v->count ? r.w / COLUMN_LEAST : v->count;
    keep_in_sight(v, shown);
    v->rows = r.h - HEAD_ROWS;
    for (int i = 0; i < shown; i++) {
        int x = r.x + r.w * i / shown, end = r.x + r.w * (i + 1) / shown;
        if (i)
            canvas_vline(c, x - 1, r.y - 1, r.h + 2, STYLE_BORDER);
        draw_column(v, c, (struct rect){x + (i ? 1 : 0), r.y, end - x - 2 - (i ? 1 : 0), r.h}, v->first + i);
    }
    if (v->first)
        canvas_text(c, r.x - 1, r.y, 1, sign_text(SIGN_BACK), STYLE_DIM);
    if (v->first + shown < v->count)
        canvas_text(c, r.x + r.w - 1, r.y, 1, sign_text(SIGN_ON), STYLE_DIM);
}

/* -- below one another -------------------------------------------------------------------------------------------------------------- */

static void draw_row(struct sweep_view *v, struct canvas *c, struct rect r, int index)
{
    const struct sweep_take *t = &v->takes[index];
    bool selected = index == v->selected;
    int half = r.w / 2;
    draw_value(t, c, (struct rect){r.x, r.y, half, 1}, selected);
    draw_state(t, c, r.x + half + 2, r.y, r.w - half - 2);
    places_add(&v->places, r, TARGET_TAKE, index);
    if (selected)
        canvas_cursor(c, r.x, r.y);
}

static void draw_list(struct sweep_view *v, struct canvas *c, struct rect r)
{
    int list = v->count < r.h / 2 ? v->count : r.h / 2;
    list = list > 0 ? list : 1;
    keep_in_sight(v, list);
    for (int i = 0; i < list; i++)
        draw_row(v, c, (struct rect){r.x, r.y + i, r.w, 1}, v->first + i);
    v->rows = r.h - list - 1;
    if (v->rows < 1)
        return;
    canvas_hline(c, 0, r.y + list, c->w, STYLE_BORDER);
    struct rect text = {r.x + 2, r.y + list + 1, r.w - 2, v->rows};
    draw_text(v, &v->takes[v->selected], c, text);
    places_add(&v->places, text, TARGET_PAGE, 0);
}

/* -- the whole ---------------------------------------------------------------------------------------------------------------------- */

/* "Sweep · temperature · 写一首五绝" in the top line, "3 of 6" at its end. */
static void draw_title(const struct sweep_view *v, struct canvas *c)
{
    struct str title = {0}, count = {0};
    str_printf(&count, _(" %d of %d "), v->selected + 1, v->count);
    int room = c->w - 6 - display_width(str_span(&count));
    str_printf(&title, " %s · ", _("Sweep"));
    str_add(&title, v->what);
    if (v->asked.len) {
        str_add_text(&title, " · ");
        display_line(&title, v->asked, room - display_width(str_span(&title)) - 1);
    }
    str_add_byte(&title, ' ');
    canvas_text(c, 2, 0, room, str_span(&title), STYLE_BORDER_FOCUS);
    if (v->count)
        canvas_text_right(c, c->w - 2, 0, c->w, str_span(&count), STYLE_DIM);
    str_release(&title);
    str_release(&count);
}

void sweep_view_draw(struct sweep_view *v, struct canvas *c)
{
    int message = v->message.len ? text_rows(v->message, c->w - 2, MESSAGE_ROWS) : c->h >= 16, footer = c->h >= 5;
    struct rect frame = {0, 0, c->w, c->h - message - footer};
    canvas_clear(c);
    places_clear(&v->places);
    canvas_box(c, frame, STYLE_BORDER, SPAN(""));
    struct rect inside = {2, 1, c->w - 4, frame.h - 2};
    if (v->count && inside.h > 0 && desk_view_wide(c->w))
        draw_columns(v, c, inside);
    else if (v->count && inside.h > 0)
        draw_list(v, c, inside);
    draw_title(v, c);
    if (message > 0)
        text_draw(c, (struct rect){1, frame.h, c->w - 2, message}, v->message, v->message_role, false);
    if (footer)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

enum sweep_target sweep_view_at(const struct sweep_view *v, int x, int y, int *take, const char **command)
{
    const struct place *p = places_at(&v->places, x, y);
    *take = p && p->kind == TARGET_TAKE ? p->index : -1;
    *command = p && p->kind == TARGET_COMMAND ? p->command : NULL;
    if (!p)
        return SWEEP_NONE;
    return p->kind == TARGET_COMMAND ? SWEEP_COMMAND : p->kind == TARGET_TAKE ? SWEEP_TAKE : SWEEP_TEXT;
}
