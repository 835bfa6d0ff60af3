#include "ui/picker.h"

#include "core/i18n.h"
#include "core/mem.h"
#include "ui/popup.h"
#include "ui/sign.h"

#include <stdlib.h>
#include <string.h>

#define PICKER_WIDTH 72
#define IN_USE "●"
#define CHROME_ROWS 2 /* the filter and the line below it */

void picker_init(struct picker *p)
{
    *p = (struct picker){.filter_text = buffer_new()};
    editor_init(&p->filter, p->filter_text);
    p->filter.single_line = true;
}

static void free_rows(struct picker *p)
{
    for (int i = 0; i < p->count; i++) {
        free((char *)p->rows[i].label);
        free((char *)p->rows[i].detail);
        free((char *)p->rows[i].note);
        free((char *)p->rows[i].id);
    }
    free(p->rows);
    free(p->shown);
    p->rows = NULL;
    p->shown = NULL;
    p->count = p->cap = p->shown_count = p->selected = p->top = 0;
}

void picker_release(struct picker *p)
{
    free_rows(p);
    editor_release(&p->filter);
    buffer_free(p->filter_text);
    str_release(&p->title);
    str_release(&p->hint);
    *p = (struct picker){.open = false};
}

void picker_open(struct picker *p, const char *title, const char *hint)
{
    free_rows(p);
    editor_release(&p->filter);
    buffer_clear(p->filter_text);
    editor_init(&p->filter, p->filter_text);
    p->filter.single_line = true;
    str_set(&p->title, span_of(title));
    str_set(&p->hint, span_of(hint));
    p->open = true;
    p->whole = false;
}

void picker_refill(struct picker *p)
{
    free_rows(p);
    p->whole = true;
}

static void add_row(struct picker *p, struct picker_row row)
{
    ARRAY_ROOM(p->rows, p->count, p->cap);
    p->rows[p->count] = row;
    p->shown = mem_grow(p->shown, (size_t)p->cap, sizeof *p->shown);
    p->shown[p->shown_count++] = p->count++;
    if (p->rows[p->shown[p->selected]].heading && !row.heading)
        p->selected = p->shown_count - 1;
}

void picker_add(struct picker *p, const char *label, const char *detail, const char *note, const char *id)
{
    add_row(p, (struct picker_row){.label = mem_copy_text(label ? label : ""),
                                   .detail = mem_copy_text(detail),
                                   .note = mem_copy_text(note),
                                   .id = mem_copy_text(id ? id : "")});
}

void picker_add_heading(struct picker *p, const char *label)
{
    add_row(p, (struct picker_row){.label = mem_copy_text(label), .id = mem_copy_text(""), .heading = true});
}

/* -- filter ------------------------------------------------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool starts_with(struct span text, struct span word)
{
    if (text.len < word.len)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (lower(text.s[i]) != lower(word.s[i]))
            return false;
    return true;
}

static bool contains(const char *text, struct span word)
{
    struct span rest = span_of(text);
    for (; rest.len >= word.len; rest = span_cut(rest, 1, rest.len))
        if (starts_with(rest, word))
            return true;
    return false;
}

/* Takes the next word off the front; words stand between spaces, U+3000 among them. */
static bool next_word(struct span *rest, struct span *word)
{
    *rest = span_trim(*rest);
    size_t end = 0;
    while (end < rest->len && rest->s[end] != ' ' && !span_starts(span_cut(*rest, end, rest->len), "\xE3\x80\x80"))
        end++;
    *word = span_cut(*rest, 0, end);
    *rest = span_cut(*rest, end, rest->len);
    return word->len > 0;
}

static bool matches(const struct picker_row *row, struct span words)
{
    struct span word = SPAN("");
    while (next_word(&words, &word))
        if (!contains(row->label, word) && !contains(row->detail, word) && !contains(row->id, word))
            return false;
    return !row->heading;
}

/* How well a row fits: it is called so, it begins so, or what was typed occurs in it. */
enum { RANK_EXACT, RANK_BEGINNING, RANK_ELSEWHERE, RANKS };

/* The mark before the row in use is no part of its name. */
static int rank(const struct picker_row *row, struct span words)
{
    struct span label = span_trim(span_of(row->label));
    if (span_starts(label, IN_USE))
        label = span_trim(span_cut(label, strlen(IN_USE), label.len));
    return !starts_with(label, words) ? RANK_ELSEWHERE : label.len == words.len ? RANK_EXACT : RANK_BEGINNING;
}

static void show_matches(struct picker *p, struct span words, int ranked)
{
    for (int i = 0; i < p->count; i++)
        if (matches(&p->rows[i], words) && rank(&p->rows[i], words) == ranked)
            p->shown[p->shown_count++] = i;
}

static int first_selectable(const struct picker *p)
{
    for (int i = 0; i < p->shown_count; i++)
        if (!p->rows[p->shown[i]].heading)
            return i;
    return 0;
}

void picker_filter(struct picker *p)
{
    struct span words = span_trim(buffer_text(p->filter_text));
    int kept = p->shown_count ? p->shown[p->selected] : -1;
    p->shown_count = 0;
    if (words.len && !p->whole) {
        for (int i = 0; i < RANKS; i++)
            show_matches(p, words, i);
    } else {
        for (int i = 0; i < p->count; i++)
            p->shown[p->shown_count++] = i;
    }
    p->top = 0;
    p->selected = first_selectable(p);
    if (p->shown_count && words.len && !p->whole && rank(&p->rows[p->shown[0]], words) == RANK_EXACT)
        return; /* it was called by its name */
    for (int i = 0; i < p->shown_count; i++)
        if (p->shown[i] == kept && !p->rows[kept].heading)
            p->selected = i;
}

/* -- selection --------------------------------------------------------------------------------------------------------- */

static bool selectable(const struct picker *p, int at)
{
    return at >= 0 && at < p->shown_count && !p->rows[p->shown[at]].heading;
}

void picker_move(struct picker *p, int rows)
{
    int step = rows < 0 ? -1 : 1, at = p->selected;
    int64_t aim = (int64_t)p->selected + rows;
    aim = aim < 0 ? 0 : aim >= p->shown_count ? p->shown_count - 1 : aim;
    /* Headings are stepped over; where nothing lies beyond them the last row passed is kept. */
    for (int i = p->selected; i != aim + step && i >= 0 && i < p->shown_count; i += step)
        if (selectable(p, i))
            at = i;
    if (at == p->selected && rows)
        for (int i = p->selected + step; i >= 0 && i < p->shown_count && at == p->selected; i += step)
            if (selectable(p, i))
                at = i;
    p->selected = at;
}

void picker_select(struct picker *p, const char *id)
{
    for (int i = 0; i < p->shown_count; i++)
        if (selectable(p, i) && strcmp(p->rows[p->shown[i]].id, id) == 0)
            p->selected = i;
}

const struct picker_row *picker_selected(const struct picker *p)
{
    return selectable(p, p->selected) ? &p->rows[p->shown[p->selected]] : NULL;
}

/* -- drawing ----------------------------------------------------------------------------------------------------------- */

static bool has_notes(const struct picker *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->rows[i].note)
            return true;
    return false;
}

static void draw_filter(struct picker *p, struct canvas *c, struct rect r)
{
    canvas_text(c, r.x, r.y, r.w, sign_text(SIGN_MARK), STYLE_ACCENT);
    struct rect field = {r.x + 2, r.y, r.w - 2, 1};
    if (field.w < 1)
        return;
    editor_draw(&p->filter, c, field, true);
    canvas_tint(c, field, STYLE_POPUP);
    if (buffer_length(p->filter_text) == 0)
        canvas_text(c, field.x, field.y, field.w, str_span(&p->hint), STYLE_DIM);
}

static void draw_row(const struct picker *p, struct canvas *c, struct rect r, int at)
{
    const struct picker_row *row = &p->rows[p->shown[at]];
    bool selected = at == p->selected && !row->heading;
    enum role_id role = row->heading ? STYLE_DIM : selected ? STYLE_ROW : STYLE_POPUP;
    struct str detail = {0}, label = {0};
    if (selected)
        canvas_fill(c, r, STYLE_ROW);
    int inside = r.w - 2;
    display_line(&label, span_of(row->label), inside > 0 ? inside : 0);
    int used = display_width(str_span(&label)), left = inside - used - 2;
    if (row->detail && left >= 4)
        display_line(&detail, span_of(row->detail), left);
    canvas_text(c, r.x + 1, r.y, used, str_span(&label), role);
    if (detail.len)
        canvas_text_right(c, r.x + 1 + inside, r.y, left, str_span(&detail), selected ? STYLE_ROW : STYLE_DIM);
    str_release(&detail);
    str_release(&label);
}

static void draw_rows(struct picker *p, struct canvas *c, struct rect r)
{
    if (p->selected < p->top)
        p->top = p->selected;
    if (p->selected >= p->top + r.h)
        p->top = p->selected - r.h + 1;
    /* A heading right above the first selectable row comes into view with it. */
    if (p->top == p->selected && p->top > 0 && p->rows[p->shown[p->top - 1]].heading && r.h > 1)
        p->top--;
    if (p->top > p->shown_count - r.h)
        p->top = p->shown_count > r.h ? p->shown_count - r.h : 0;
    for (int i = 0; i < r.h && p->top + i < p->shown_count; i++)
        draw_row(p, c, (struct rect){r.x, r.y + i, r.w, 1}, p->top + i);
    if (p->shown_count == 0)
        canvas_text(c, r.x + 1, r.y, r.w - 1, span_of(_("nothing like that")), STYLE_DIM);
}

/* "5/112" at the right of the title: there are more rows than are seen, and this is where the selected one stands. */
static void draw_place(const struct picker *p, struct canvas *c)
{
    int at = 0, all = 0;
    struct str place = {0};
    for (int i = 0; i < p->shown_count; i++) {
        all += selectable(p, i);
        at = i == p->selected ? all : at;
    }
    str_printf(&place, " %d/%d ", at, all);
    int width = display_width(str_span(&place)), room = p->area.w - 8 - display_width(str_span(&p->title));
    if (width <= room)
        canvas_text_right(c, p->area.x + p->area.w - 2, p->area.y, width, str_span(&place), STYLE_DIM);
    str_release(&place);
}

void picker_draw(struct picker *p, struct canvas *c)
{
    bool notes = has_notes(p) && c->h >= 10;
    int width = c->w - 8 < PICKER_WIDTH ? c->w - 8 : PICKER_WIDTH;
    int rows = p->count > 1 ? p->count : 1, most = c->h - (c->h < 20 ? 4 : 8) - CHROME_ROWS - (notes ? 2 : 0);
    rows = rows < most ? rows : most > 1 ? most : 1;
    width = width > 8 ? width : c->w;
    struct rect in = popup_draw(c, width, rows + CHROME_ROWS + (notes ? 2 : 0), str_span(&p->title), &p->area);
    draw_filter(p, c, (struct rect){in.x, in.y, in.w, 1});
    bool rule = in.h > 2;
    if (rule)
        popup_rule(c, p->area, in.y + 1);
    int top = rule ? CHROME_ROWS : 1, list = in.h > top ? in.h - top : 0;
    notes = notes && list > 3;
    if (notes) {
        const struct picker_row *row = picker_selected(p);
        list -= 2;
        popup_rule(c, p->area, in.y + top + list);
        if (row && row->note)
            canvas_text(c, in.x, in.y + top + list + 1, in.w, span_of(row->note), STYLE_DIM);
    }
    p->list = (struct rect){in.x - 1, in.y + top, in.w + 2, list};
    p->list_rows = list;
    if (list > 0)
        draw_rows(p, c, p->list);
    if (p->shown_count > list && in.y > p->area.y)
        draw_place(p, c);
}

int picker_at(const struct picker *p, int x, int y)
{
    if (!rect_has(p->area, x, y))
        return -2;
    int at = p->top + y - p->list.y;
    return rect_has(p->list, x, y) && selectable(p, at) ? at : -1;
}
