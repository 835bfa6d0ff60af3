#include "ui/view_desk.h"

#include "core/i18n.h"
#include "ui/desk_layout.h"
#include "ui/footer.h"
#include "ui/panel_dials.h"
#include "ui/panel_takes.h"
#include "ui/slider.h"
#include "ui/text_block.h"
#include "ui/topline.h"

#include <string.h>

#define WIDE 100
#define HINT_WIDTH 60

static enum role_id author_role(int author)
{
    static const enum role_id roles[AUTHOR_COUNT] = {
        [AUTHOR_WRITER] = STYLE_WRITER,
        [AUTHOR_MODEL] = STYLE_MODEL,
        [AUTHOR_EDIT] = STYLE_EDIT,
        [AUTHOR_PROMPT] = STYLE_PROMPT,
    };
    return author >= 0 && author < AUTHOR_COUNT ? roles[author] : STYLE_TEXT;
}

void desk_view_init(struct desk_view *v)
{
    *v = (struct desk_view){.rate = -1, .message_role = STYLE_TEXT};
    editor_init(&v->page, NULL);
    editor_init(&v->prompt, NULL);
    v->page.gutter = 2;
    v->page.role_of = author_role;
}

void desk_view_release(struct desk_view *v)
{
    editor_release(&v->page);
    editor_release(&v->prompt);
    str_release(&v->typing);
}

bool desk_view_wide(int w)
{
    return w >= WIDE;
}

/* -- lines and names ----------------------------------------------------------------------------------------------------- */

/* A name in a line; the area that has the keys says so here. Returns the columns used, spaces included. */
static int draw_title(struct canvas *c, int x, int y, int columns, struct span title, enum role_id role)
{
    if (columns < 4)
        return 0;
    int used = canvas_text(c, x + 1, y, columns - 2, title, role);
    canvas_text(c, x, y, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, x + 1 + used, y, 1, SPAN(" "), STYLE_TEXT);
    return used + 2;
}

static enum role_id title_role(const struct desk_view *v, enum focus area)
{
    return v->focus == area ? STYLE_BORDER_FOCUS : STYLE_TITLE;
}

static void draw_prompt_note(struct desk_view *v, struct canvas *c, struct rect r)
{
    struct str shown = {0};
    display_line(&shown, v->prompt_note, r.w - 2);
    r.w = draw_title(c, r.x, r.y, r.w, str_span(&shown), STYLE_DIM);
    if (v->prompt_command)
        places_add_command(&v->places, r, v->prompt_command);
    str_release(&shown);
}

static void draw_lines(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    struct rect f = l->frame;
    int left = l->sides ? 2 : 1, main = l->beside ? l->side.x + 1 : f.w;
    if (l->sides) {
        canvas_box(c, f, STYLE_BORDER, SPAN(""));
    } else if (l->ruled) {
        canvas_hline(c, 0, f.y, f.w, STYLE_BORDER);
        canvas_hline(c, 0, f.y + f.h - 1, f.w, STYLE_BORDER);
    }
    if (l->beside)
        canvas_vline(c, l->side.x, f.y, f.h, STYLE_BORDER);
    if (l->prompt_rule >= 0) {
        canvas_hline(c, 0, l->prompt_rule, main, STYLE_BORDER);
        int used = draw_title(c, left, l->prompt_rule, main - 4, span_of(_("Prompt")), title_role(v, FOCUS_PROMPT));
        if (v->prompt_note.len)
            draw_prompt_note(v, c, (struct rect){left + used + 1, l->prompt_rule, main - 5 - used, 1});
    }
    if (l->ruled)
        draw_title(c, left, f.y, main - 4, v->over ? v->over_title : span_of(_("Page")), title_role(v, FOCUS_PAGE));
}

/* -- page and prompt ------------------------------------------------------------------------------------------------------- */

static void draw_hint(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    if (!v->hint.len || !v->page.buf || buffer_length(v->page.buf) || l->page.h < 1)
        return;
    int width = l->page_pane.w - 4 < HINT_WIDTH ? l->page_pane.w - 4 : HINT_WIDTH;
    if (width < 8)
        return;
    int rows = text_rows(v->hint, width, l->page.h);
    int x = l->page_pane.x + (l->page_pane.w - width) / 2;
    /* A little above the middle, where the eye takes it for the middle. */
    int y = l->page.y + (l->page.h - rows) * 2 / 5;
    text_draw(c, (struct rect){x, y, width, rows}, v->hint, STYLE_DIM, true);
}

/* "take 2/3 ‹ ›  ★★★  thought 340 字" */
static void draw_take_line(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    if (l->take_line < 0)
        return;
    struct str stars = {0};
    int x = l->page.x + v->page.gutter;
    struct rect clip = canvas_clip(c, (struct rect){l->page.x, l->take_line, l->page.w, 1});
    if (v->siblings > 1) {
        x += canvas_print(c, x, l->take_line, -1, STYLE_DIM, _("take %d/%d"), v->sibling, v->siblings) + 1;
        x += canvas_text(c, x, l->take_line, -1, sign_text(SIGN_BACK), STYLE_KEY) + 1;
        x += canvas_text(c, x, l->take_line, -1, sign_text(SIGN_ON), STYLE_KEY) + 2;
    }
    sign_stars(&stars, v->leaf_rating);
    if (stars.len)
        x += canvas_text(c, x, l->take_line, -1, str_span(&stars), STYLE_ACCENT) + 2;
    if (v->thoughts.len) {
        int used = canvas_text(c, x, l->take_line, -1, v->thoughts, STYLE_DIM);
        places_add_command(&v->places, (struct rect){x, l->take_line, used, 1}, "thoughts");
    }
    c->clip = clip;
    str_release(&stars);
}

static struct editor *page_editor(struct desk_view *v)
{
    return v->over ? v->over : &v->page;
}

static void draw_editors(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    v->page_area = l->page;
    v->prompt_area = l->prompt;
    places_add(&v->places, l->page_pane, TARGET_PAGE, 0);
    places_add(&v->places, l->prompt_pane, TARGET_PROMPT, 0);
    if (l->page.h > 0 && l->page.w > 0 && l->page_pane.h > 0 && v->page.buf)
        editor_draw(page_editor(v), c, l->page, v->focus == FOCUS_PAGE);
    if (l->prompt.h > 0 && l->prompt.w > 0 && l->prompt_pane.h > 0 && v->prompt.buf)
        editor_draw(&v->prompt, c, l->prompt, v->focus == FOCUS_PROMPT);
    if (v->prompt_offer.len && l->prompt.h > 0 && l->prompt_pane.h > 0 && v->prompt.buf && buffer_length(v->prompt.buf) == 0)
        canvas_text(c, l->prompt.x, l->prompt.y, l->prompt.w, v->prompt_offer, STYLE_DIM);
    draw_hint(v, c, l);
    draw_take_line(v, c, l);
}

/* -- dials and takes ------------------------------------------------------------------------------------------------------- */

static void draw_preset(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    struct span name = v->preset.len ? v->preset : span_of(_("mine"));
    struct str shown = {0};
    int right = l->side.x + l->side.w - (l->beside || l->sides ? 2 : 1);
    display_line(&shown, name, l->side.w - 14);
    int width = display_width(str_span(&shown)) + 2;
    draw_title(c, right - width, l->side.y, width, str_span(&shown), v->preset.len ? STYLE_TEXT : STYLE_DIM);
    places_add(&v->places, (struct rect){right - width, l->side.y, width, 1}, TARGET_PRESET, 0);
    str_release(&shown);
}

static void draw_side(struct desk_view *v, struct canvas *c, const struct desk_layout *l)
{
    struct rect s = l->side;
    if (s.h == 0)
        return;
    if (l->drawer) {
        canvas_fill(c, s, STYLE_TEXT);
        places_add(&v->places, s, TARGET_NONE, 0);
        if (l->sides) {
            canvas_box(c, s, STYLE_BORDER, SPAN(""));
        } else if (l->ruled) {
            canvas_hline(c, s.x, s.y, s.w, STYLE_BORDER);
            canvas_hline(c, s.x, s.y + s.h - 1, s.w, STYLE_BORDER);
        }
    }
    if (l->takes_rule >= 0)
        canvas_hline(c, s.x, l->takes_rule, s.w, STYLE_BORDER);
    if (l->ruled) {
        bool takes_only = l->dials.h == 0;
        struct span title = span_of(takes_only ? _("Takes") : _("Dials"));
        draw_title(c, s.x + 2, s.y, s.w - 4, title, title_role(v, takes_only ? FOCUS_TAKES : FOCUS_DIALS));
        if (!takes_only)
            draw_preset(v, c, l);
    }
    if (l->takes_rule >= 0)
        draw_title(c, s.x + 2, l->takes_rule, s.w - 4, span_of(_("Takes")), title_role(v, FOCUS_TAKES));
    if (l->picture_rule >= 0)
        canvas_hline(c, s.x, l->picture_rule, s.w, STYLE_BORDER);
    if (l->picture_rule >= 0)
        draw_title(c, s.x + 2, l->picture_rule, s.w - 4, v->picture_title, STYLE_TITLE);
    struct rect clip = canvas_clip(c, s);
    if (l->picture.h > 0)
        panel_odds_draw(v->picture, NULL, c, l->picture);
    panel_dials_draw(v, c, l->dials);
    panel_takes_draw(v, c, l->takes);
    c->clip = clip;
}

/* -- the whole ------------------------------------------------------------------------------------------------------------- */

void desk_view_draw(struct desk_view *v, struct canvas *c)
{
    struct desk_layout l = {.beside = false};
    canvas_clear(c);
    places_clear(&v->places);
    desk_layout_make(&l, v, c->w, c->h);
    draw_lines(v, c, &l);
    draw_editors(v, c, &l);
    draw_side(v, c, &l);
    if (l.topline)
        topline_draw(v, c);
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (l.footer)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
    v->layout = l;
}

bool desk_view_draw_stream(struct desk_view *v, struct canvas *c)
{
    struct desk_layout l = {.beside = false};
    int places = v->places.count; /* they are where they were */
    desk_layout_make(&l, v, c->w, c->h);
    if (l.drawer || v->hint.len || memcmp(&l, &v->layout, sizeof l))
        return false;
    canvas_fill(c, (struct rect){l.page.x, l.page.y, l.page.w + v->page.notes, l.page.h}, STYLE_TEXT);
    editor_draw(page_editor(v), c, l.page, v->focus == FOCUS_PAGE);
    draw_take_line(v, c, &l);
    canvas_fill(c, l.takes, STYLE_TEXT);
    panel_takes_draw(v, c, l.takes);
    if (l.topline)
        topline_draw(v, c);
    v->places.count = places;
    return true;
}

static size_t editor_offset(struct editor *ed, struct rect area, int x, int y)
{
    return ed->buf ? editor_at(ed, x - area.x, y - area.y) : 0;
}

struct target desk_view_at(const struct desk_view *v, int x, int y)
{
    struct target t = {.kind = TARGET_OUTSIDE, .fraction = -1};
    const struct place *p = places_at(&v->places, x, y);
    if (!p)
        return t;
    t = (struct target){.kind = p->kind, .index = p->index, .fraction = -1, .command = p->command};
    if (p->track)
        t.fraction = slider_fraction(p->area.x, p->area.w, x);
    /* Asking where a cell's text is may fill the editor's wrap cache; what the view shows stays as it is. */
    if (p->kind == TARGET_PAGE)
        t.offset = editor_offset(page_editor((struct desk_view *)v), v->page_area, x, y);
    if (p->kind == TARGET_PROMPT)
        t.offset = editor_offset((struct editor *)&v->prompt, v->prompt_area, x, y);
    return t;
}
