#include "ui/view_doctor.h"

#include "core/i18n.h"
#include "ui/footer.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define MEASURE      96  /* columns of text that are comfortable to read */
#define NAME_COLUMNS 13
#define TIME_COLUMNS 9   /* "  8000 ms" */
#define TEXT_LEAST   24
#define ROWS_MAX     1000 /* of one text */
#define MESSAGE_ROWS 3

struct span doctor_sign_text(enum doctor_sign s)
{
    static const char *const signs[] = {[DOCTOR_WELL] = "✓", [DOCTOR_NOTE] = "!", [DOCTOR_WRONG] = "✗"}; /* none of them is ever wide */
    return s == DOCTOR_PASSED ? sign_text(SIGN_DOT) : span_of(signs[s]);
}

static enum role_id sign_role(enum doctor_sign s)
{
    static const enum role_id roles[] = {STYLE_OK, STYLE_WARNING, STYLE_ERROR, STYLE_DIM};
    return roles[s];
}

/* Where sign, name, text and time stand; a narrow screen has the name in a row of its own. */
struct columns {
    int name, text, width;
    bool narrow;
};

static struct columns columns_of(struct rect r)
{
    struct columns k = {.name = r.x + 2, .text = r.x + 2 + NAME_COLUMNS};
    k.width = r.x + r.w - k.text;
    k.narrow = k.width - TIME_COLUMNS < TEXT_LEAST;
    if (k.narrow) {
        k.text = r.x + 2;
        k.width = r.w - 2;
    }
    k.width = k.width > MEASURE ? MEASURE : k.width;
    return k;
}

/* A time stands behind its text, or on a narrow screen above it. */
static int text_width(const struct doctor_row *row, const struct columns *k)
{
    return row->ms >= 0 && !k->narrow ? k->width - TIME_COLUMNS : k->width;
}

/* A row of which parts may be out of sight: `f` counts its rows and says where they stand. What has the name of the row above needs none
 * beside it. */
static void draw_row(const struct doctor_row *row, bool named, struct flow *f, const struct columns *k)
{
    struct canvas *c = f->c;
    struct flow text = *f;
    int y = flow_row(f);
    text.area.x = k->text;
    text.area.w = text_width(row, k);
    text.row += k->narrow;
    if (y >= 0) {
        canvas_text(c, k->name - 2, y, 1, doctor_sign_text(row->sign), sign_role(row->sign));
        int indent = row->within ? 2 : 0;
        canvas_text(c, k->name + indent, y, named ? NAME_COLUMNS - 1 - indent : 0, row->name,
                    row->sign == DOCTOR_WRONG ? STYLE_TITLE : STYLE_TEXT);
    }
    if (y >= 0 && row->ms >= 0) {
        struct str time = {0};
        str_printf(&time, "%d ms", row->ms);
        canvas_text_right(c, k->text + k->width, y, TIME_COLUMNS, str_span(&time), STYLE_DIM);
        str_release(&time);
    }
    flow_text(&text, row->text, row->sign == DOCTOR_PASSED ? STYLE_DIM : STYLE_TEXT);
    f->row = text.row > f->row ? text.row : f->row;
}

/* What is being looked at now. */
static void draw_at(const struct doctor_view *v, struct flow *f, const struct columns *k)
{
    int y = v->at.len ? flow_row(f) : -1;
    if (y < 0)
        return;
    canvas_text(f->c, k->name - 2, y, 1, sign_text(SIGN_WAITING), STYLE_ACCENT);
    int x = k->name + canvas_text(f->c, k->name, y, NAME_COLUMNS - 1, v->at, STYLE_DIM);
    canvas_text(f->c, x < k->text ? k->text : x, y, 2, span_of("…"), STYLE_DIM);
}

static int rows_of(const struct doctor_view *v, const struct columns *k)
{
    int rows = v->at.len > 0;
    for (int i = 0; i < v->count; i++) {
        int text = text_rows(v->rows[i].text, text_width(&v->rows[i], k), ROWS_MAX) + k->narrow;
        rows += text > 1 ? text : 1;
    }
    return rows + (v->outcome.len ? 1 + text_rows(v->outcome, k->text - k->name + k->width, ROWS_MAX) : 0);
}

static void draw_list(struct doctor_view *v, struct canvas *c, struct rect r)
{
    struct columns k = columns_of(r);
    int rows = rows_of(v, &k), most = rows > r.h ? rows - r.h : 0;
    v->rows_seen = r.h;
    v->scroll = v->scroll > most ? most : v->scroll < 0 ? 0 : v->scroll;
    struct flow f = {.c = c, .area = r, .skip = v->scroll};
    for (int i = 0; i < v->count && !flow_full(&f); i++)
        draw_row(&v->rows[i], k.narrow || !i || !span_equal(v->rows[i].name, v->rows[i - 1].name), &f, &k);
    draw_at(v, &f, &k);
    if (v->outcome.len) {
        flow_gap(&f);
        f.area.x = k.name;
        f.area.w = k.text - k.name + k.width;
        flow_text(&f, v->outcome, v->outcome_role);
    }
    if (v->scroll < most) /* more below */
        canvas_text_right(c, c->w - 2, r.y + r.h, 3, SPAN(" ↓ "), STYLE_ACCENT);
    if (v->scroll)
        canvas_text_right(c, c->w - 2, r.y - 1, 3, SPAN(" ↑ "), STYLE_ACCENT);
}

void doctor_view_draw(struct doctor_view *v, struct canvas *c)
{
    int message = v->message.len ? text_rows(v->message, c->w - 2, MESSAGE_ROWS) : c->h >= 16, footer = c->h >= 5;
    struct rect frame = {0, 0, c->w, c->h - message - footer};
    struct str title = {0};
    canvas_clear(c);
    places_clear(&v->places);
    canvas_box(c, frame, STYLE_BORDER, SPAN(""));
    str_printf(&title, " %s ", _("Doctor"));
    canvas_text(c, 2, 0, c->w - 4, str_span(&title), STYLE_BORDER_FOCUS);
    struct rect inside = {2, 1, c->w - 4, frame.h - 2};
    if (inside.w > 0 && inside.h > 0)
        draw_list(v, c, inside);
    if (message > 0)
        text_draw(c, (struct rect){1, frame.h, c->w - 2, message}, v->message, v->message_role, false);
    if (footer)
        footer_draw(c, c->h - 1, v->footer, v->footer_count, &v->places);
    str_release(&title);
}

const char *doctor_view_at(const struct doctor_view *v, int x, int y)
{
    const struct place *p = places_at(&v->places, x, y);
    return p ? p->command : NULL;
}
