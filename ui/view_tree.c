#include "ui/view_tree.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/panel_takes.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define MARGIN        3 /* columns left of the lines: which row is meant, which are marked */
#define LEVEL         2 /* columns a branch is set in */
#define LENGTH_WIDTH  11
#define STARS_WIDTH   6
#define COUNT_WIDTH   6 /* "2/5" and room */
#define COUNT_LONG    14 /* "take 2 of 5" */
#define WIDE_ROW      70
#define STARS_ROW     48
#define NARROW_ROW    32 /* only words from here down */
#define MESSAGE_ROWS  3

/* Where everything stands; a rect of height 0 is not shown. */
struct tree_layout {
    bool framed;
    struct rect frame, list, preview, message;
    int split;        /* column of the line between list and preview, -1: they lie below one another */
    int preview_rule; /* row of the line between them, -1: none */
};

static void place(struct tree_layout *l, const struct tree_view *v, int w, int h)
{
    int message = v->message.len && h >= 6 ? text_rows(v->message, w - 2, h >= 16 ? MESSAGE_ROWS : 1) : h >= 16;
    int footer = h >= 5 ? 1 : 0;
    l->frame = (struct rect){0, 0, w, h - message - footer};
    l->message = (struct rect){1, l->frame.h, w - 2, message};
    l->framed = l->frame.h >= 7 && w >= 20;
    int edge = l->framed ? 1 : 0, rows = l->frame.h - 2 * edge;
    l->list = (struct rect){edge, edge, w - 2 * edge, rows > 0 ? rows : 0};
    if (!l->framed || !v->outline || v->outline->count == 0)
        return;
    if (desk_view_wide(w)) {
        l->split = w * 11 / 20;
        l->list.w = l->split - 1;
        l->preview = (struct rect){l->split + 3, edge + 1, w - l->split - 6, rows - 1};
    } else if (rows >= 12) {
        l->list.h = rows * 3 / 5;
        l->preview_rule = edge + l->list.h;
        l->preview = (struct rect){edge + 2, l->preview_rule + 1, w - 2 * edge - 4, rows - l->list.h - 1};
    }
}

/* -- a row ------------------------------------------------------------------------------------------------------------- */

static enum role_id author_role(enum author author)
{
    static const enum role_id roles[AUTHOR_COUNT] = {STYLE_WRITER, STYLE_MODEL, STYLE_EDIT, STYLE_PROMPT};
    return author < AUTHOR_COUNT ? roles[author] : STYLE_TEXT;
}

static enum sign row_sign(const struct outline_row *place, const struct tree_row *row)
{
    static const enum sign signs[AUTHOR_COUNT] = {SIGN_WRITER, SIGN_MODEL, SIGN_EDIT, SIGN_PROMPT};
    if (place->hidden)
        return SIGN_FOLD;
    if (row->state != TAKE_DONE)
        return take_sign(row->state);
    return row->author < AUTHOR_COUNT ? signs[row->author] : SIGN_MODEL;
}

/* The lines left of a row, from the nearest outwards: each belongs to a line that goes on below. `x`: column of the row's own sign. */
static void draw_lines(const struct outline *o, struct canvas *c, int index, int x, int left, int y, enum role_id role)
{
    const struct outline_row *row = &o->rows[index];
    int beside = row->beside;
    if (row->head) {
        x -= LEVEL;
        enum sign fork = row->ends ? SIGN_FORK_END : index == 0 ? SIGN_FORK_TOP : SIGN_FORK;
        if (x >= left) {
            canvas_text(c, x, y, 1, sign_text(fork), role);
            canvas_text(c, x + 1, y, 1, sign_text(SIGN_RUNG), role);
        }
    }
    for (x -= LEVEL; beside >= 0 && x >= left; x -= LEVEL) {
        if (!o->rows[beside].ends)
            canvas_text(c, x, y, 1, sign_text(SIGN_LINE), role);
        beside = o->rows[beside].beside;
    }
}

/* Length, stars and number, each in a column of its own. Returns where the words must end. */
static int draw_figures(const struct outline_row *place, const struct tree_row *row, struct canvas *c, struct rect r, int count,
                        bool selected)
{
    struct str text = {0};
    enum role_id plain = selected ? STYLE_ROW : STYLE_DIM;
    int right = r.x + r.w - 1;
    if (r.w < NARROW_ROW)
        return right;
    if (row->length > 0)
        take_length(&text, row->length, row->han);
    canvas_text_right(c, right, r.y, LENGTH_WIDTH, str_span(&text), plain);
    right -= LENGTH_WIDTH;
    if (r.w >= STARS_ROW) {
        str_clear(&text);
        sign_stars(&text, row->rating);
        canvas_text(c, right - STARS_WIDTH + 1, r.y, STARS_WIDTH - 1, str_span(&text), selected ? STYLE_ROW : STYLE_ACCENT);
        right -= STARS_WIDTH;
    }
    str_clear(&text);
    bool take = row->author == AUTHOR_MODEL || row->author == AUTHOR_EDIT;
    if (place->of > 1 && count >= COUNT_LONG)
        str_printf(&text, take ? _("take %d of %d") : _("%d of %d"), place->number, place->of);
    else if (place->of > 1)
        str_printf(&text, "%d/%d", place->number, place->of);
    canvas_text(c, right - count + 1, r.y, count - 1, str_span(&text), place->on_page && !selected ? STYLE_TEXT : plain);
    str_release(&text);
    return right - count;
}

/* Words before the text: bookmark, "new", name. Returns the next free column. */
static int draw_signs(const struct tree_row *row, struct canvas *c, int x, int y, int right, bool selected)
{
    enum role_id accent = selected ? STYLE_ROW : STYLE_ACCENT;
    if (row->bookmark && right > x)
        x += canvas_text(c, x, y, right - x, sign_text(SIGN_BOOKMARK), accent) + 1;
    if (row->unread && right > x)
        x += canvas_text(c, x, y, right - x, span_of(_("new")), accent) + 1;
    if (row->name.len && right > x) {
        struct str name = {0};
        display_line(&name, row->name, (right - x) * 2 / 3);
        x += canvas_text(c, x, y, right - x, str_span(&name), selected ? STYLE_ROW : STYLE_TITLE) + 2;
        str_release(&name);
    }
    return x;
}

static void draw_words(const struct outline_row *place, const struct tree_row *row, struct canvas *c, int x, int y, int right, bool selected)
{
    struct span text = span_trim(row->text);
    struct str line = {0}, hidden = {0};
    enum role_id role = selected ? STYLE_ROW : !place->on_page ? STYLE_DIM : author_role(row->author);
    if (place->hidden)
        str_printf(&hidden, " +%d", place->hidden);
    int room = right - x - display_width(str_span(&hidden));
    const char *nothing = row->state == TAKE_DONE ? _("(empty)") : take_word(row->state);
    display_line(&line, text.len ? text : span_of(nothing), room > 0 ? room : 0);
    x += canvas_text(c, x, y, room > 0 ? room : 0, str_span(&line), text.len ? role : selected ? STYLE_ROW : STYLE_DIM);
    canvas_text(c, x, y, right > x ? right - x : 0, str_span(&hidden), selected ? STYLE_ROW : STYLE_ACCENT);
    str_release(&line);
    str_release(&hidden);
}

/* Columns of "2/5" or "take 2 of 5" in the rows that are shown. */
static int count_width(const struct tree_view *v, int w)
{
    int digits = 1;
    for (int i = v->top; i < v->outline->count && i < v->top + v->rows; i++)
        for (int of = v->outline->rows[i].of, d = 1; of > 0; of /= 10, d++)
            digits = d > digits ? d : digits;
    int extra = 2 * (digits - 1);
    int narrow = COUNT_WIDTH + extra < COUNT_LONG ? COUNT_WIDTH + extra : COUNT_LONG - 1;
    return w >= WIDE_ROW + extra ? COUNT_LONG + extra : narrow;
}

/* `shift`: columns that the whole tree is moved to the left, so that a branch deep inside can be read. */
static void draw_row(struct tree_view *v, struct canvas *c, struct rect r, int index, int shift, int count)
{
    const struct outline_row *place = &v->outline->rows[index];
    struct tree_row row = {.state = TAKE_DONE};
    bool selected = index == v->selected;
    int left = r.x + MARGIN, x = left + place->depth * LEVEL - shift;
    v->row(v->ctx, index, &row);
    if (selected) {
        canvas_fill(c, r, STYLE_ROW);
        canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    if (row.marked)
        canvas_text(c, r.x + 1, r.y, 1, sign_text(SIGN_CHECK), selected ? STYLE_ROW : STYLE_ACCENT);
    int right = draw_figures(place, &row, c, r, count, selected);
    x = x < left ? left : x;
    x = x > right - 12 && right - 12 > left ? right - 12 : x;
    draw_lines(v->outline, c, index, x, left, r.y, selected ? STYLE_ROW : STYLE_BORDER);
    enum role_id sign = selected ? STYLE_ROW : row.state != TAKE_DONE ? take_role(row.state) : place->on_page ? author_role(row.author) : STYLE_DIM;
    canvas_text(c, x, r.y, 1, sign_text(row_sign(place, &row)), sign);
    x = draw_signs(&row, c, x + 2, r.y, right, selected);
    draw_words(place, &row, c, x, r.y, right, selected);
}

static void draw_list(struct tree_view *v, struct canvas *c, struct rect r)
{
    int count = v->outline ? v->outline->count : 0;
    v->rows = r.h > 0 ? r.h : 1;
    if (count == 0) {
        text_draw(c, (struct rect){r.x + 2, r.y + r.h * 2 / 5, r.w - 4, r.h - r.h * 2 / 5}, span_of(_("Nothing is written in this piece yet.")),
                  STYLE_DIM, true);
        canvas_cursor(c, r.x, r.y);
        return;
    }
    if (v->selected < v->top)
        v->top = v->selected;
    if (v->selected >= v->top + v->rows)
        v->top = v->selected - v->rows + 1;
    if (v->top > count - v->rows)
        v->top = count > v->rows ? count - v->rows : 0;
    int shift = v->outline->rows[v->selected].depth * LEVEL - r.w / 3;
    int numbers = count_width(v, r.w);
    struct rect clip = canvas_clip(c, r);
    for (int i = v->top; i < count && i < v->top + v->rows; i++) {
        struct rect row = {r.x, r.y + i - v->top, r.w, 1};
        draw_row(v, c, row, i, shift > 0 ? shift : 0, numbers);
        places_add(&v->places, row, TARGET_TAKE, i);
    }
    c->clip = clip;
}

/* -- the preview ------------------------------------------------------------------------------------------------------- */

static void draw_preview(struct tree_view *v, struct canvas *c, struct rect r)
{
    v->preview_shown = r.h > 0 && r.w >= 8;
    if (!v->preview_shown)
        return;
    struct flow f = {c, r, v->preview_scroll, 0};
    flow_text(&f, v->preview_facts, STYLE_DIM);
    if (r.h >= 6)
        flow_gap(&f);
    flow_text(&f, v->preview, author_role(v->preview_author));
    if (v->preview_scroll && f.row <= v->preview_scroll) { /* past the end: its last row stays in view */
        v->preview_scroll = f.row > 0 ? f.row - 1 : 0;
        draw_preview(v, c, r);
    }
    places_add(&v->places, r, TARGET_PAGE, 0);
}

/* -- the whole --------------------------------------------------------------------------------------------------------- */

static void draw_frame(const struct tree_view *v, struct canvas *c, const struct tree_layout *l)
{
    struct str title = {0}, total = {0};
    if (!l->framed)
        return;
    canvas_box(c, l->frame, STYLE_BORDER, SPAN(""));
    if (l->split >= 0)
        canvas_vline(c, l->split, 0, l->frame.h, STYLE_BORDER);
    if (l->preview_rule >= 0)
        canvas_hline(c, 0, l->preview_rule, c->w, STYLE_BORDER);
    canvas_text(c, 2, 0, 1, SPAN(" "), STYLE_TEXT);
    int x = 3 + canvas_text(c, 3, 0, c->w - 6, span_of(_("Tree")), STYLE_BORDER_FOCUS);
    int room = (l->split >= 0 ? l->split : c->w - 22) - x - 6;
    if (v->title.len || v->where.len) {
        str_add(&title, v->title);
        if (v->where.len)
            str_printf(&title, " ▸ %.*s", SPAN_ARG(v->where));
        struct str line = {0};
        display_line(&line, str_span(&title), room > 0 ? room : 0);
        x += canvas_text(c, x, 0, 3, SPAN(" · "), STYLE_BORDER_FOCUS);
        x += canvas_text(c, x, 0, room > 0 ? room : 0, str_span(&line), STYLE_TITLE);
        str_release(&line);
    }
    canvas_text(c, x, 0, 1, SPAN(" "), STYLE_TEXT);
    str_printf(&total, ngettext(" %d passage ", " %d passages ", (unsigned long)v->passages), v->passages);
    if (c->w >= 50)
        canvas_text_right(c, c->w - 2, 0, 20, str_span(&total), STYLE_DIM);
    str_release(&title);
    str_release(&total);
}

void tree_view_draw(struct tree_view *v, struct canvas *c)
{
    struct tree_layout l = {.split = -1, .preview_rule = -1};
    canvas_clear(c);
    places_clear(&v->places);
    place(&l, v, c->w, c->h);
    draw_frame(v, c, &l);
    draw_list(v, c, l.list);
    draw_preview(v, c, l.preview);
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (c->h >= 5)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

enum tree_target tree_view_at(const struct tree_view *v, int x, int y, int *row, const char **command)
{
    const struct place *p = places_at(&v->places, x, y);
    *row = -1;
    *command = NULL;
    if (!p)
        return TREE_NONE;
    *row = p->index;
    *command = p->command;
    return p->kind == TARGET_COMMAND ? TREE_COMMAND : p->kind == TARGET_TAKE ? TREE_ROW : TREE_PREVIEW;
}
