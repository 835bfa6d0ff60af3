#include "ui/fields.h"

#include "core/mem.h"
#include "ui/popup.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#include <stdlib.h>

#define FORM_WIDTH 68
#define HELP_ROWS 2
#define MESSAGE_ROWS 5

void fields_init(struct fields *f)
{
    *f = (struct fields){.message_role = STYLE_DIM};
}

void fields_drop(struct fields *f, int from)
{
    while (f->count > from) {
        struct field *field = &f->fields[--f->count];
        free(field->label);
        free(field->help);
        for (char **choice = field->choices; choice && *choice; choice++)
            free(*choice);
        free(field->choices);
        editor_release(&field->editor);
        buffer_free(field->text);
        *field = (struct field){.label = NULL};
    }
    if (f->selected >= from)
        f->selected = from > 0 ? from - 1 : 0;
}

static void empty(struct fields *f)
{
    fields_drop(f, 0);
    f->selected = f->top = 0;
}

void fields_release(struct fields *f)
{
    empty(f);
    str_release(&f->title);
    str_release(&f->message);
    fields_init(f);
}

void fields_open(struct fields *f, const char *title)
{
    empty(f);
    str_set(&f->title, span_of(title));
    str_clear(&f->message);
    f->message_role = STYLE_DIM;
    f->open = true;
}

static struct field *add_field(struct fields *f, const char *label, const char *help)
{
    CHECK(f->count < FIELDS_MAX);
    struct field *field = &f->fields[f->count++];
    field->label = mem_copy_text(label);
    field->help = mem_copy_text(help ? help : "");
    field->text = buffer_new();
    editor_init(&field->editor, field->text);
    field->editor.single_line = true;
    field->rows = 1;
    return field;
}

int fields_add_text(struct fields *f, const char *label, const char *help, struct span value)
{
    struct field *field = add_field(f, label, help);
    buffer_insert_foreign(field->text, 0, value, (struct ink){.owner = 0});
    editor_move(&field->editor, MOVE_TEXT_END, false);
    return f->count - 1;
}

int fields_add_lines(struct fields *f, const char *label, const char *help, struct span value, int rows)
{
    int index = fields_add_text(f, label, help, value);
    f->fields[index].editor.single_line = false;
    f->fields[index].rows = rows;
    return index;
}

int fields_add_choice(struct fields *f, const char *label, const char *help, const char *const *choices, int chosen)
{
    struct field *field = add_field(f, label, help);
    int count = 0, cap = 0;
    for (; choices[count]; count++) {
        ARRAY_ROOM(field->choices, count + 1, cap);
        field->choices[count] = mem_copy_text(choices[count]);
    }
    if (!field->choices)
        field->choices = mem_new(1, sizeof *field->choices);
    field->choices[count] = NULL;
    field->choice = chosen >= 0 && chosen < count ? chosen : 0;
    return f->count - 1;
}

void fields_move(struct fields *f, int fields)
{
    int64_t to = (int64_t)f->selected + fields;
    f->selected = to < 0 ? 0 : to < f->count ? (int)to : f->count ? f->count - 1 : 0;
}

void fields_step(struct fields *f, int step)
{
    struct editor *ed = fields_editor(f);
    size_t caret = ed ? ed->caret : 0;
    if (ed && !ed->single_line)
        editor_move(ed, step < 0 ? MOVE_UP : MOVE_DOWN, ed->marking);
    if (!ed || ed->single_line || ed->caret == caret)
        fields_move(f, step);
}

static int choice_count(const struct field *field)
{
    int count = 0;
    while (field->choices && field->choices[count])
        count++;
    return count;
}

void fields_choose(struct fields *f, int step)
{
    if (f->selected >= f->count)
        return;
    struct field *field = &f->fields[f->selected];
    int count = choice_count(field);
    if (count)
        field->choice = ((field->choice + step % count) % count + count) % count;
}

struct span fields_text(struct fields *f, int field)
{
    CHECK(field >= 0 && field < f->count);
    struct field *at = &f->fields[field];
    return at->choices ? span_of(at->choices[at->choice]) : buffer_text(at->text);
}

struct editor *fields_editor(struct fields *f)
{
    if (f->selected >= f->count || f->fields[f->selected].choices)
        return NULL;
    return &f->fields[f->selected].editor;
}

/* -- drawing ----------------------------------------------------------------------------------------------------------- */

static int label_columns(const struct fields *f, int width)
{
    int widest = 0;
    for (int i = 0; i < f->count; i++) {
        int columns = display_width(span_of(f->fields[i].label));
        widest = columns > widest ? columns : widest;
    }
    return widest < width * 2 / 5 ? widest : width * 2 / 5;
}

/* ‹ choice › */
static void draw_choice(const struct field *field, struct canvas *c, struct rect r, enum role_id role, bool selected)
{
    struct rect clip = canvas_clip(c, r);
    enum role_id arrow = selected ? STYLE_ACCENT : STYLE_DIM;
    int x = r.x + canvas_text(c, r.x, r.y, -1, sign_text(SIGN_BACK), arrow) + 1;
    x += canvas_text(c, x, r.y, -1, span_of(field->choices[field->choice]), role) + 1;
    canvas_text(c, x, r.y, -1, sign_text(SIGN_ON), arrow);
    c->clip = clip;
    if (selected)
        canvas_cursor(c, r.x, r.y);
}

static void draw_field(struct fields *f, struct canvas *c, struct rect r, int index, int labels)
{
    struct field *field = &f->fields[index];
    bool selected = index == f->selected;
    enum role_id role = selected ? STYLE_ROW : STYLE_POPUP;
    if (selected)
        canvas_fill(c, r, STYLE_ROW);
    canvas_text(c, r.x + 1, r.y, labels, span_of(field->label), selected ? STYLE_ROW : STYLE_DIM);
    struct rect value = {r.x + labels + 3, r.y, r.w - labels - 4, r.h};
    if (value.w < 1)
        return;
    if (field->choices) {
        draw_choice(field, c, value, role, selected);
        return;
    }
    editor_draw(&field->editor, c, value, selected);
    canvas_tint(c, value, selected ? STYLE_ROW : STYLE_POPUP);
}

static void draw_below(const struct fields *f, struct canvas *c, struct rect r)
{
    struct rect help = {r.x, r.y, r.w, r.h < HELP_ROWS ? r.h : HELP_ROWS};
    if (f->selected < f->count)
        text_draw(c, help, span_of(f->fields[f->selected].help), STYLE_DIM, false);
    struct rect message = {r.x, r.y + HELP_ROWS, r.w, r.h - HELP_ROWS};
    text_draw(c, message, str_span(&f->message), f->message_role, false);
}

/* Rows of the fields from one to another, without the latter. */
static int rows_between(const struct fields *f, int from, int to)
{
    int rows = 0;
    for (int i = from; i < to; i++)
        rows += f->fields[i].rows;
    return rows;
}

/* Brings the selected field into view. */
static void scroll(struct fields *f, int list)
{
    if (f->selected < f->top)
        f->top = f->selected;
    while (f->top < f->selected && rows_between(f, f->top, f->selected + 1) > list)
        f->top++;
}

void fields_draw(struct fields *f, struct canvas *c)
{
    int width = c->w - 8 < FORM_WIDTH ? c->w - 8 : FORM_WIDTH;
    width = width > 8 ? width : c->w;
    int message = text_rows(str_span(&f->message), width, MESSAGE_ROWS);
    int below = 1 + HELP_ROWS + message, rows = f->count ? rows_between(f, 0, f->count) : 1;
    struct rect in = popup_draw(c, width, rows + below, str_span(&f->title), &f->area);
    if (in.h - below < rows && in.h - below < 3)
        below = in.h > 3 ? (in.h - 3 < below ? in.h - 3 : below) : 0; /* the fields come first */
    int list = in.h - below < rows ? in.h - below : rows;
    scroll(f, list);
    f->list = (struct rect){in.x - 1, in.y, in.w + 2, list};
    int labels = label_columns(f, in.w);
    for (int y = 0, i = f->top; y < list && i < f->count; y += f->fields[i++].rows) {
        int high = f->fields[i].rows < list - y ? f->fields[i].rows : list - y;
        draw_field(f, c, (struct rect){f->list.x, in.y + y, f->list.w, high}, i, labels);
    }
    if (below < 2)
        return;
    popup_rule(c, f->area, in.y + list);
    draw_below(f, c, (struct rect){in.x, in.y + list + 1, in.w, in.h - list - 1});
}

int fields_at(const struct fields *f, int x, int y)
{
    if (!rect_has(f->area, x, y))
        return -2;
    if (!rect_has(f->list, x, y))
        return -1;
    int at = f->top, row = y - f->list.y;
    while (at < f->count && row >= f->fields[at].rows)
        row -= f->fields[at++].rows;
    return at < f->count ? at : -1;
}
