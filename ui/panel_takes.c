#include "ui/panel_takes.h"

#include "core/i18n.h"

static const struct {
    enum sign sign;
    enum role_id role;
    const char *word;
} looks[TAKE_STATE_COUNT] = {
    [TAKE_WAITING] = {SIGN_WAITING, STYLE_DIM, N_("waiting")},
    [TAKE_WRITING] = {SIGN_WRITING, STYLE_ACCENT, N_("writing")},
    [TAKE_DONE] = {SIGN_DONE, STYLE_OK, N_("done")},
    [TAKE_STOPPED] = {SIGN_STOPPED, STYLE_WARNING, N_("stopped")},
    [TAKE_FAILED] = {SIGN_FAILED, STYLE_ERROR, N_("failed")},
    [TAKE_INTERRUPTED] = {SIGN_INTERRUPTED, STYLE_WARNING, N_("interrupted")},
};

static enum take_state known(enum take_state s)
{
    return (unsigned)s < TAKE_STATE_COUNT ? s : TAKE_FAILED;
}

enum sign take_sign(enum take_state s)
{
    return looks[known(s)].sign;
}

enum role_id take_role(enum take_state s)
{
    return looks[known(s)].role;
}

const char *take_word(enum take_state s)
{
    return _(looks[known(s)].word);
}

void take_length(struct str *out, int64_t length, bool han)
{
    if (han)
        str_printf(out, _("%lld 字"), (long long)length);
    else
        str_printf(out, ngettext("%lld word", "%lld words", (unsigned long)length), (long long)length);
}

/* Number, sign, state (or, once rated, its stars), temperature, length; the last ones go first where it is narrow. */
static void draw_take(struct desk_view *v, struct canvas *c, struct rect r, int index)
{
    const struct desk_take *t = &v->takes[index];
    bool selected = v->focus == FOCUS_TAKES && v->take == index;
    enum role_id plain = selected ? STYLE_ROW : t->chosen ? STYLE_TEXT : STYLE_DIM;
    struct str word = {0}, length = {0};
    int right = r.x + r.w - 1, x = r.x + 1;
    struct rect clip = canvas_clip(c, r);
    if (selected) {
        canvas_fill(c, r, STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    if (t->chosen)
        canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), selected ? STYLE_ROW : STYLE_ACCENT);
    x += canvas_print(c, x, r.y, -1, plain, "%2d ", t->number);
    if (t->own)
        x += 2;
    else
        x += canvas_text(c, x, r.y, -1, sign_text(take_sign(t->state)), selected ? plain : take_role(t->state)) + 1;
    if (t->own)
        str_add_text(&word, _("yours"));
    else if (t->state == TAKE_DONE && t->rating > 0)
        sign_stars(&word, t->rating);
    else
        str_add_text(&word, take_word(t->state));
    canvas_text(c, x, r.y, -1, str_span(&word), t->rating > 0 && t->state == TAKE_DONE && !selected ? STYLE_ACCENT : plain);
    x += 12; /* "interrupted" and a space */
    if (t->temperature >= 0 && x + 4 <= right)
        canvas_print(c, x, r.y, -1, plain, "%.2f", t->temperature < 1000 ? t->temperature : 1000);
    x += 5;
    if (t->length > 0)
        take_length(&length, t->length, t->han);
    if (x + display_width(str_span(&length)) <= right)
        canvas_text_right(c, right, r.y, right - x, str_span(&length), plain);
    c->clip = clip;
    places_add(&v->places, r, TARGET_TAKE, index);
    str_release(&word);
    str_release(&length);
}

void panel_takes_draw(struct desk_view *v, struct canvas *c, struct rect r)
{
    if (r.h < 1 || r.w < 4)
        return;
    if (v->take_count <= 0) {
        canvas_text(c, r.x + 1, r.y, r.w - 2, span_of(_("none yet")), STYLE_DIM);
        if (v->focus == FOCUS_TAKES)
            canvas_cursor(c, r.x + 1, r.y);
        return;
    }
    if (v->take >= 0 && v->take < v->take_top)
        v->take_top = v->take;
    if (v->take >= v->take_top + r.h)
        v->take_top = v->take - r.h + 1;
    if (v->take_top > v->take_count - r.h)
        v->take_top = v->take_count > r.h ? v->take_count - r.h : 0;
    for (int i = v->take_top; i < v->take_count && i < v->take_top + r.h; i++)
        draw_take(v, c, (struct rect){r.x, r.y + i - v->take_top, r.w, 1}, i);
    if (v->used.len && v->take_count + 1 < r.h) {
        struct str used = {0};
        display_line(&used, v->used, r.w - 2);
        canvas_text(c, r.x + 1, r.y + r.h - 1, r.w - 2, str_span(&used), STYLE_DIM);
        str_release(&used);
    }
}
