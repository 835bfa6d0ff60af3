#include "ui/view_library.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/library_preview.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define ROWS_PER_HIT 2
#define DATE_COLUMNS 12
#define WIDE_ROW     40 /* from here on dates have a column */
#define MESSAGE_ROWS 3

/* Where everything stands; a rect of height 0 is not shown. */
struct library_layout {
    bool framed;
    struct rect frame, query, list, preview, message;
    int split;        /* column of the line between list and preview, -1: they lie below one another */
    int preview_rule; /* row of the line between them, -1: none */
};

void library_view_init(struct library_view *v)
{
    *v = (struct library_view){.query_text = buffer_new(), .message_role = STYLE_TEXT};
    editor_init(&v->query, v->query_text);
    v->query.single_line = true;
}

void library_view_release(struct library_view *v)
{
    editor_release(&v->query);
    buffer_free(v->query_text);
    *v = (struct library_view){.query_text = NULL};
}

/* -- layout ------------------------------------------------------------------------------------------------------------ */

static void place_rows(struct library_layout *l, const struct library_view *v, int w, int h)
{
    int message = v->message.len && h >= 6 ? text_rows(v->message, w - 2, h >= 16 ? MESSAGE_ROWS : 1) : h >= 16;
    int footer = h >= 5 ? 1 : 0;
    l->frame = (struct rect){0, 0, w, h - message - footer};
    l->message = (struct rect){1, l->frame.h, w - 2, message};
    l->framed = l->frame.h >= 7 && w >= 20;
}

static void place_areas(struct library_layout *l, const struct library_view *v, int w)
{
    int edge = l->framed ? 1 : 0, pad = w >= 60 ? 1 : 0;
    int x = edge + pad, inside = w - 2 * x;
    l->query = (struct rect){x, edge, inside, 1};
    int top = edge + 1 + edge, rows = l->frame.h - edge - top;
    l->list = (struct rect){edge, top, w - 2 * edge, rows > 0 ? rows : 0};
    l->preview = (struct rect){x, top, inside, 0};
    if (!l->framed || v->hit_count <= 0)
        return;
    if (desk_view_wide(w)) {
        l->split = w * 9 / 20;
        l->list.w = l->split - 1;
        l->preview = (struct rect){l->split + 3, top, w - l->split - 6, rows};
    } else if (rows >= 9) {
        int list = rows / 2 / ROWS_PER_HIT * ROWS_PER_HIT;
        l->list.h = list;
        l->preview_rule = top + list;
        l->preview = (struct rect){x + pad, top + list + 1, inside - 2 * pad, rows - list - 1};
    }
}

/* -- the list ---------------------------------------------------------------------------------------------------------- */

static const char *own_page(const struct library_view *v, const struct hit *hit)
{
    return v->total >= 0 ? _("your page") : hit->passage ? _("a passage") : _("a piece");
}

/* Date and number of takes, in a column of their own. */
static void draw_when(const struct library_view *v, const struct hit *hit, struct canvas *c, int x, int y, enum role_id role)
{
    struct str text = {0};
    library_date(&text, hit->sent_ms);
    canvas_text(c, x, y, DATE_COLUMNS, str_span(&text), role);
    if (!hit->generation)
        canvas_text(c, x, y + 1, DATE_COLUMNS, span_of(own_page(v, hit)), role);
    else if (hit->takes > 1)
        canvas_print(c, x, y + 1, DATE_COLUMNS, role, ngettext("%d take", "%d takes", (unsigned long)hit->takes), hit->takes);
    str_release(&text);
}

/* A text in display form, cut to end before column `right`. */
static void draw_cut(struct canvas *c, int x, int y, int right, struct span text, enum role_id role)
{
    struct str line = {0};
    int room = right > x ? right - x : 0;
    display_line(&line, text, room);
    canvas_text(c, x, y, room, str_span(&line), role);
    str_release(&line);
}

/* At the right end: the rating, or that it is the writer's own page where no column says so. Returns where the rest must end. */
static int draw_mark(const struct library_view *v, const struct hit *hit, struct canvas *c, struct rect r, bool row)
{
    struct str mark = {0};
    int right = r.x + r.w - 1;
    bool own = !hit->generation && r.w < WIDE_ROW;
    sign_stars(&mark, hit->rating);
    if (own)
        str_add_text(&mark, own_page(v, hit));
    enum role_id role = own ? STYLE_DIM : STYLE_ACCENT;
    if (mark.len)
        right -= canvas_text_right(c, right, r.y, r.w, str_span(&mark), row ? STYLE_ROW : role) + 1;
    str_release(&mark);
    return right;
}

/* What a row is called: what was asked, or how the writer's own page begins. */
static void draw_name(const struct hit *hit, struct canvas *c, int x, int y, int right, bool row)
{
    enum role_id role = hit->generation ? STYLE_PROMPT : STYLE_WRITER;
    struct span name = str_span(&hit->prompt);
    if (!name.len) {
        role = STYLE_DIM;
        name = span_of(hit->generation ? _("(continuation)") : _("(untitled)"));
    }
    draw_cut(c, x, y, right, name, row ? STYLE_ROW : role);
}

static bool is_marked(const struct library_view *v, int64_t generation)
{
    bool marked = false;
    for (int i = 0; generation && !marked && i < v->mark_count; i++)
        marked = v->marks[i] == generation;
    return marked;
}

/* What was asked with its rating, and below it a line of the answer; or the writer's own page and a line of it. */
static void draw_hit(const struct library_view *v, struct canvas *c, struct rect r, int index)
{
    const struct hit *hit = &v->hits[index];
    bool selected = index == v->selected, row = selected && v->focus_list;
    int x = r.x + 2;
    if (row) {
        canvas_fill(c, r, STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    if (selected)
        canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), row ? STYLE_ROW : STYLE_ACCENT);
    if (is_marked(v, hit->generation))
        canvas_text(c, r.x, r.y + 1, 1, sign_text(SIGN_CHECK), row ? STYLE_ROW : STYLE_ACCENT);
    if (r.w >= WIDE_ROW) {
        draw_when(v, hit, c, x, r.y, row ? STYLE_ROW : STYLE_DIM);
        x += DATE_COLUMNS + 1;
    }
    draw_cut(c, x, r.y + 1, r.x + r.w - 1, str_span(&hit->text), row ? STYLE_ROW : STYLE_TEXT);
    draw_name(hit, c, x, r.y, draw_mark(v, hit, c, r, row), row);
}

static void draw_empty(const struct library_view *v, struct canvas *c, struct rect r)
{
    struct span said = span_of(v->searching                      ? _("Nothing yet; still searching.")
                               : v->total < 0                    ? _("Nothing of that lies in the trash.")
                               : buffer_length(v->query_text) > 0 ? _("Nothing in the library is like that.")
                                                                  : _("Everything you write and ask for is kept here."));
    struct rect middle = {r.x + 2, r.y + r.h * 2 / 5, r.w - 4, r.h - r.h * 2 / 5};
    text_draw(c, middle, said, STYLE_DIM, true);
}

static void draw_list(struct library_view *v, struct canvas *c, struct rect r)
{
    v->rows = r.h / ROWS_PER_HIT > 0 ? r.h / ROWS_PER_HIT : 1;
    if (r.h < 1)
        return;
    if (v->hit_count <= 0) {
        draw_empty(v, c, r);
        return;
    }
    struct rect clip = canvas_clip(c, r);
    if (v->selected < v->top)
        v->top = v->selected;
    if (v->selected >= v->top + v->rows)
        v->top = v->selected - v->rows + 1;
    v->top = v->top > 0 ? v->top : 0;
    for (int i = 0; i <= v->rows && v->top + i < v->hit_count; i++) {
        struct rect row = {r.x, r.y + i * ROWS_PER_HIT, r.w, ROWS_PER_HIT};
        row.h = row.y + row.h > r.y + r.h ? r.y + r.h - row.y : row.h;
        if (row.h < 1)
            break;
        draw_hit(v, c, row, v->top + i);
        places_add(&v->places, row, TARGET_TAKE, v->top + i);
    }
    c->clip = clip;
}

/* -- the whole --------------------------------------------------------------------------------------------------------- */

/* While more is looked for: how far that has come. */
static void add_progress(struct str *text, const struct library_view *v)
{
    str_printf(text, ngettext(" searching… %d found in %lld so far ", " searching… %d found in %lld so far ", (unsigned long)v->hit_count),
               v->hit_count, (long long)v->looked);
}

static void add_marks(struct str *text, const struct library_view *v)
{
    if (!v->mark_count)
        return;
    str_printf(text, ngettext(" %d marked ", " %d marked ", (unsigned long)v->mark_count), v->mark_count);
    str_add(text, sign_text(SIGN_DOT));
}

/* "3 of 120" only where all that is shown is among those 120. */
static void draw_total(const struct library_view *v, struct canvas *c)
{
    struct str text = {0};
    add_marks(&text, v);
    long long shown = v->hit_count, total = (long long)v->total;
    bool asked = buffer_length(v->query_text) > 0, only_generations = total >= 0;
    for (int i = 0; i < v->hit_count && only_generations; i++)
        only_generations = v->hits[i].generation != 0;
    if (v->searching)
        add_progress(&text, v);
    else if (asked && only_generations)
        str_printf(&text, v->more ? _(" %lld+ of %lld ") : _(" %lld of %lld "), shown, total);
    else if (asked || (shown > 0 && total <= 0))
        str_printf(&text, v->more ? _(" %lld+ shown ") : _(" %lld shown "), shown);
    else
        str_printf(&text, ngettext(" %lld generation ", " %lld generations ", (unsigned long)total), total);
    int width = display_width(str_span(&text));
    if (width + 16 < c->w)
        canvas_text_right(c, c->w - 2, 0, width, str_span(&text), STYLE_DIM);
    str_release(&text);
}

static void draw_lines(const struct library_view *v, struct canvas *c, const struct library_layout *l)
{
    if (!l->framed)
        return;
    canvas_box(c, l->frame, STYLE_BORDER, SPAN(""));
    canvas_hline(c, 0, l->query.y + 1, c->w, STYLE_BORDER);
    if (l->split >= 0)
        canvas_vline(c, l->split, l->query.y + 1, l->frame.h - l->query.y - 1, STYLE_BORDER);
    if (l->preview_rule >= 0)
        canvas_hline(c, 0, l->preview_rule, c->w, STYLE_BORDER);
    int used = canvas_text(c, 3, 0, c->w - 6, span_of(_("Library")), STYLE_BORDER_FOCUS);
    canvas_text(c, 2, 0, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, 3 + used, 0, 1, SPAN(" "), STYLE_TEXT);
    draw_total(v, c);
}

static void draw_query(struct library_view *v, struct canvas *c, struct rect r)
{
    canvas_text(c, r.x, r.y, 1, sign_text(SIGN_MARK), v->focus_list ? STYLE_DIM : STYLE_ACCENT);
    v->query_area = (struct rect){r.x + 2, r.y, r.w - 2, 1};
    if (v->query_area.w < 1)
        return;
    editor_draw(&v->query, c, v->query_area, !v->focus_list);
    if (buffer_length(v->query_text) == 0)
        canvas_text(c, v->query_area.x, r.y, v->query_area.w, span_of(_("search prompts and texts   model: tag: ★>=3")),
                    STYLE_DIM);
    places_add(&v->places, (struct rect){0, r.y, c->w, 1}, TARGET_PROMPT, 0);
}

/* What the word before the caret may become, below the field: over the list, and gone with the next space. */
static void draw_offers(struct library_view *v, struct canvas *c, const struct rect *field)
{
    int widest = 0, rows = v->offer_count, help = 0;
    for (int i = 0; i < rows; i++) {
        int w = display_width(span_of(v->offers[i].text)), h = v->offers[i].help ? display_width(span_of(v->offers[i].help)) + 2 : 0;
        widest = w > widest ? w : widest;
        help = h > help ? h : help;
    }
    struct rect r = {field->x, field->y + 1, widest + help + 4, rows + 2};
    r.w = r.w > c->w - r.x - 1 ? c->w - r.x - 1 : r.w;
    if (rows < 1 || r.w < 8 || r.y + r.h >= c->h - 1)
        return;
    canvas_fill(c, r, STYLE_TEXT);
    canvas_box(c, r, STYLE_BORDER_FOCUS, SPAN(""));
    for (int i = 0; i < rows; i++) {
        bool row = i == v->offer_selected;
        int y = r.y + 1 + i, x = r.x + 2, right = r.x + r.w - 2;
        if (row)
            canvas_fill(c, (struct rect){r.x + 1, y, r.w - 2, 1}, STYLE_ROW);
        draw_cut(c, x, y, right, span_of(v->offers[i].text), row ? STYLE_ROW : STYLE_TEXT);
        if (v->offers[i].help)
            draw_cut(c, x + widest + 2, y, right, span_of(v->offers[i].help), row ? STYLE_ROW : STYLE_DIM);
        places_add(&v->places, (struct rect){r.x + 1, y, r.w - 2, 1}, TARGET_PRESET, i);
    }
}

void library_view_draw(struct library_view *v, struct canvas *c)
{
    struct library_layout l = {.split = -1, .preview_rule = -1};
    canvas_clear(c);
    places_clear(&v->places);
    place_rows(&l, v, c->w, c->h);
    place_areas(&l, v, c->w);
    draw_lines(v, c, &l);
    draw_query(v, c, l.query);
    draw_list(v, c, l.list);
    library_preview_draw(v, c, l.preview);
    places_add(&v->places, l.preview, TARGET_PAGE, 0);
    draw_offers(v, c, &v->query_area);
    if (l.message.h > 0)
        text_draw(c, l.message, v->message, v->message_role, false);
    if (c->h >= 5)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
}

enum library_target library_view_at(const struct library_view *v, int x, int y, int *row, size_t *offset, const char **command)
{
    const struct place *p = places_at(&v->places, x, y);
    *row = -1;
    *offset = 0;
    *command = NULL;
    if (!p)
        return LIBRARY_NONE;
    if (p->kind == TARGET_COMMAND) {
        *command = p->command;
        return LIBRARY_COMMAND;
    }
    if (p->kind == TARGET_TAKE || p->kind == TARGET_PRESET) {
        *row = p->index;
        return p->kind == TARGET_TAKE ? LIBRARY_ROW : LIBRARY_OFFER;
    }
    if (p->kind == TARGET_PAGE)
        return LIBRARY_PREVIEW;
    /* Asking where a cell's text is may fill the editor's wrap cache; what the view shows stays as it is. */
    *offset = editor_at((struct editor *)&v->query, x - v->query_area.x, y - v->query_area.y);
    return LIBRARY_QUERY;
}
