#include "ui/view_notes.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define BESIDE     64 /* columns from which on the list stands beside the text */
#define LIST_MIN   26
#define LIST_MAX   44
#define MEASURE    88 /* columns of text that are comfortable to read */
#define ABOUT_ROWS 3

struct notes_layout {
    struct rect list, about, keys, text, message;
    int split; /* column of the line between list and text, -1: they lie below one another */
    int rule;  /* row of the line between them, -1: none */
    bool framed;
    struct rect frame;
};

void notes_view_init(struct notes_view *v)
{
    *v = (struct notes_view){.keys_text = buffer_new(), .text_text = buffer_new(), .message_role = STYLE_TEXT};
    editor_init(&v->keys, v->keys_text);
    editor_init(&v->text, v->text_text);
    v->keys.single_line = true;
}

void notes_view_release(struct notes_view *v)
{
    editor_release(&v->keys);
    editor_release(&v->text);
    buffer_free(v->keys_text);
    buffer_free(v->text_text);
    *v = (struct notes_view){.keys_text = NULL};
}

/* -- layout ------------------------------------------------------------------------------------------------------------ */

/* About, keys and text below one another in `r`. */
static void place_text(struct notes_layout *l, const struct notes_view *v, struct rect r)
{
    int about = r.h >= 8 ? text_rows(v->about, r.w, ABOUT_ROWS) : 0, y = r.y + about + (about > 0);
    l->about = (struct rect){r.x, r.y, r.w, about};
    if (v->with_keys) {
        l->keys = (struct rect){r.x, y, r.w, 1};
        y += r.h >= 8 ? 2 : 1;
    }
    l->text = (struct rect){r.x, y, r.w, r.y + r.h > y ? r.y + r.h - y : 0};
}

static void place(struct notes_layout *l, const struct notes_view *v, int w, int h)
{
    int message = v->message.len && h >= 6 ? text_rows(v->message, w - 2, 2) : h >= 16, footer = h >= 5;
    l->frame = (struct rect){0, 0, w, h - message - footer};
    l->message = (struct rect){1, l->frame.h, w - 2, message};
    l->framed = l->frame.h >= 7 && w >= 20;
    int edge = l->framed ? 1 : 0, rows = l->frame.h - 2 * edge, pad = w >= 40 ? 1 : 0;
    if (w >= BESIDE) {
        int list = w * 2 / 5 < LIST_MIN ? LIST_MIN : w * 2 / 5 > LIST_MAX ? LIST_MAX : w * 2 / 5;
        int right = w - list - 2 * edge - 1 - 2 * (pad + 1), width = right < MEASURE ? right : MEASURE;
        l->list = (struct rect){edge, edge + pad, list, rows - 2 * pad};
        l->split = edge + list;
        place_text(l, v, (struct rect){l->split + 2 + pad, edge + pad, width, rows - 2 * pad});
        return;
    }
    int list = v->row_count < rows / 3 ? v->row_count : rows / 3 > 0 ? rows / 3 : 1;
    l->list = (struct rect){edge, edge, w - 2 * edge, list};
    l->rule = edge + list;
    place_text(l, v, (struct rect){edge + pad, edge + list + 1, w - 2 * (edge + pad), rows - list - 1});
}

/* -- drawing ----------------------------------------------------------------------------------------------------------- */

static void draw_frame(const struct notes_view *v, struct canvas *c, const struct notes_layout *l)
{
    struct str title = {0};
    if (!l->framed)
        return;
    canvas_box(c, l->frame, STYLE_BORDER, SPAN(""));
    if (l->split >= 0)
        canvas_vline(c, l->split, 0, l->frame.h, STYLE_BORDER);
    if (l->rule >= 0)
        canvas_hline(c, 0, l->rule, c->w, STYLE_BORDER);
    str_add_text(&title, _("Memory, note and lore"));
    if (v->piece.len && c->w >= BESIDE) {
        str_add_text(&title, " · ");
        display_line(&title, v->piece, c->w / 3);
    }
    int used = canvas_text(c, 3, 0, c->w - 6, str_span(&title), STYLE_BORDER_FOCUS);
    canvas_text(c, 2, 0, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, 3 + used, 0, 1, SPAN(" "), STYLE_TEXT);
    int sum = display_width(v->sum);
    if (sum && sum + used + 10 < c->w) {
        canvas_text_right(c, c->w - 3, 0, sum, v->sum, STYLE_DIM);
        canvas_text(c, c->w - 3, 0, 1, SPAN(" "), STYLE_TEXT);
        canvas_text(c, c->w - 4 - sum, 0, 1, SPAN(" "), STYLE_TEXT);
    }
    str_release(&title);
}

static void draw_row(const struct notes_view *v, struct canvas *c, struct rect r, int index)
{
    const struct notes_row *row = &v->rows[index];
    bool selected = index == v->selected, lit = selected && v->focus == NOTES_LIST;
    enum role_id dim = lit ? STYLE_ROW : STYLE_DIM;
    struct str name = {0};
    if (lit) {
        canvas_fill(c, r, STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    if (selected)
        canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), lit ? STYLE_ROW : STYLE_ACCENT);
    if (row->lore || row->goes)
        canvas_text(c, r.x + 2, r.y, 1, sign_text(row->goes ? SIGN_DONE : SIGN_WAITING), lit ? STYLE_ROW : row->goes ? STYLE_ACCENT : STYLE_OFF);
    int size = canvas_text_right(c, r.x + r.w - 1, r.y, r.w / 2, row->size, dim);
    display_line(&name, row->name.len ? row->name : span_of(_("(no key words)")), r.w - 6 - size);
    canvas_text(c, r.x + 4, r.y, r.w - 6 - size, str_span(&name), lit ? STYLE_ROW : row->on && row->name.len ? STYLE_TEXT : STYLE_DIM);
    str_release(&name);
}

static void draw_list(struct notes_view *v, struct canvas *c, struct rect r)
{
    if (v->selected < v->top)
        v->top = v->selected;
    if (v->selected >= v->top + r.h)
        v->top = v->selected - r.h + 1;
    if (v->top > 0 && v->top + r.h > v->row_count) /* no empty rows while there are others above */
        v->top = v->row_count > r.h ? v->row_count - r.h : 0;
    for (int i = 0; i < r.h && v->top + i < v->row_count; i++) {
        struct rect row = {r.x, r.y + i, r.w, 1};
        draw_row(v, c, row, v->top + i);
        places_add(&v->places, row, TARGET_TAKE, v->top + i);
    }
}

static void draw_keys(struct notes_view *v, struct canvas *c, struct rect r)
{
    if (r.h < 1)
        return;
    int used = canvas_text(c, r.x, r.y, r.w, span_of(_("key words")), v->focus == NOTES_KEYS ? STYLE_ACCENT : STYLE_DIM) + 2;
    v->keys_area = (struct rect){r.x + used, r.y, r.w - used, 1};
    if (v->keys_area.w < 1)
        return;
    editor_draw(&v->keys, c, v->keys_area, v->focus == NOTES_KEYS);
    if (buffer_length(v->keys_text) == 0)
        canvas_text(c, v->keys_area.x, r.y, v->keys_area.w, span_of(_("words that call it up, with commas between")), STYLE_DIM);
    places_add(&v->places, r, TARGET_PROMPT, 0);
}

void notes_view_draw(struct notes_view *v, struct canvas *c)
{
    struct notes_layout l = {.split = -1, .rule = -1};
    canvas_clear(c);
    places_clear(&v->places);
    place(&l, v, c->w, c->h);
    draw_frame(v, c, &l);
    draw_list(v, c, l.list);
    if (l.about.h > 0)
        text_draw(c, l.about, v->about, STYLE_DIM, false);
    draw_keys(v, c, l.keys);
    v->text_area = l.text;
    if (l.text.h > 0 && l.text.w > 0) {
        editor_draw(&v->text, c, l.text, v->focus == NOTES_TEXT);
        if (buffer_length(v->text_text) == 0)
            text_draw(c, l.text, v->offer, STYLE_DIM, false);
        places_add(&v->places, l.text, TARGET_PAGE, 0);
    }
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (c->h >= 5)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

enum notes_target notes_view_at(const struct notes_view *v, int x, int y, int *row, size_t *offset, const char **command)
{
    const struct place *p = places_at(&v->places, x, y);
    if (!p)
        return NOTES_AT_NOTHING;
    *row = p->index;
    *command = p->command;
    /* Asking where a cell's text is may fill the editor's wrap cache; what the view shows stays as it is. */
    switch (p->kind) {
    case TARGET_COMMAND:
        return NOTES_AT_COMMAND;
    case TARGET_TAKE:
        return NOTES_AT_ROW;
    case TARGET_PROMPT:
        *offset = editor_at((struct editor *)&v->keys, x - v->keys_area.x, 0);
        return NOTES_AT_KEYS;
    case TARGET_PAGE:
        *offset = editor_at((struct editor *)&v->text, x - v->text_area.x, y - v->text_area.y);
        return NOTES_AT_TEXT;
    default:
        return NOTES_AT_NOTHING;
    }
}
