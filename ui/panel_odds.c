#include "ui/panel_odds.h"

#include "core/i18n.h"
#include "ui/sign.h"
#include "ui/text_block.h"

#define PERCENT_COLUMNS 6 /* "100 %" and a space */
#define TEXT_MAX        12
#define AROUND          3 /* rows that are no choice: the head, a free row, the caption */

enum role_id odds_step_role(enum odds_step step)
{
    static const enum role_id roles[ODDS_STEPS] = {STYLE_ODDS_SURE, STYLE_ODDS_LIKELY, STYLE_ODDS_EVEN, STYLE_ODDS_UNLIKELY,
                                                   STYLE_ODDS_RARE};
    return roles[step];
}

void panel_odds_percent(struct str *out, double odds)
{
    double percent = odds * 100;
    str_printf(out, percent >= 9.95 || percent == 0 ? "%.0f %%" : "%.1f %%", percent);
}

void panel_odds_text(struct str *out, struct span text, int columns)
{
    struct str seen = {0};
    for (size_t i = 0; i < text.len; i++)
        if (text.s[i] == '\n')
            str_add_text(&seen, "↵");
        else if (text.s[i] == ' ' && (i == 0 || i + 1 == text.len))
            str_add_text(&seen, "␣");
        else
            str_add_byte(&seen, text.s[i]);
    display_line(out, str_span(&seen), columns);
    str_release(&seen);
}

/* -- a bar --------------------------------------------------------------------------------------------------------------------------- */

/* Odds in half cells; what is not nothing can be seen. */
static int halves(double odds, double full, int w)
{
    int n = full > 0 ? (int)(odds / full * 2 * w + 0.5) : 0;
    n = n > 2 * w ? 2 * w : n;
    return n == 0 && odds > 0 ? 1 : n;
}

static int within(int halves, int cell)
{
    int n = halves - 2 * cell;
    return n < 0 ? 0 : n > 2 ? 2 : n;
}

static void draw_cell(struct canvas *c, int x, int y, enum sign sign, enum role_id role)
{
    canvas_text(c, x, y, 1, sign_text(sign), role);
}

/* `was` is seen as a thin line where it is longer than `is`, and as a tick on the heavy one where it is shorter. */
static void draw_bar(struct canvas *c, int x, int y, int w, int was, int is, enum role_id role)
{
    for (int i = 0; i < w; i++) {
        int now = within(is, i), then = within(was, i);
        if (now == 2)
            draw_cell(c, x + i, y, was < is && was / 2 == i ? SIGN_BAR_GROWN : SIGN_BAR, role);
        else if (now == 1)
            draw_cell(c, x + i, y, then == 2 ? SIGN_BAR_SHRUNK : SIGN_BAR_HALF, role);
        else if (then)
            draw_cell(c, x + i, y, is == 0 ? SIGN_BAR_CUT : then == 2 ? SIGN_BAR_WAS : SIGN_BAR_WAS_HALF, STYLE_OFF);
    }
}

/* -- rows ---------------------------------------------------------------------------------------------------------------------------- */

struct columns {
    int text, bar; /* their widths */
    double full;   /* the odds of a whole bar */
};

/* A whole bar stands for twice the likeliest choice, whatever the dials say, so that the bars of the model itself stay where they are; what
 * is more fills it. */
static void measure(const struct odds_picture *p, struct rect r, struct columns *out)
{
    const struct odds_choices *c = p->choices;
    *out = (struct columns){.text = display_width(span_of(_("others")))};
    for (int i = 0; i < c->count; i++) {
        struct str text = {0};
        panel_odds_text(&text, str_span(&c->list[i].text), TEXT_MAX);
        int width = display_width(str_span(&text));
        out->text = width > out->text ? width : out->text;
        out->full = 2 * c->list[i].odds > out->full ? 2 * c->list[i].odds : out->full;
        str_release(&text);
    }
    out->full = out->full < 1 ? out->full : 1;
    out->bar = r.w - 2 - out->text - 2 * PERCENT_COLUMNS - 1;
}

struct row {
    struct span text;
    double was, is;
    enum role_id role, bar;
    bool chosen, taken, guessed;
};

static void draw_percent(struct canvas *c, int right, int y, double odds, const char *before, enum role_id role)
{
    struct str text = {0};
    str_add_text(&text, before);
    panel_odds_percent(&text, odds);
    canvas_text_right(c, right, y, PERCENT_COLUMNS, str_span(&text), role);
    str_release(&text);
}

static void draw_row(struct canvas *c, struct rect r, const struct columns *col, const struct row *row)
{
    int x = r.x + 2;
    if (row->chosen) {
        canvas_fill(c, r, STYLE_ROW);
        canvas_cursor(c, r.x, r.y);
    }
    enum role_id plain = row->chosen ? STYLE_ROW : row->role, dim = row->chosen ? STYLE_ROW : STYLE_DIM;
    if (row->chosen || row->taken)
        canvas_text(c, r.x, r.y, 1, sign_text(row->taken ? SIGN_DONE : SIGN_MARK), row->chosen ? STYLE_ROW : STYLE_ACCENT);
    canvas_text(c, x, r.y, col->text, row->text, plain);
    x += col->text + PERCENT_COLUMNS;
    draw_percent(c, x, r.y, row->was, "", dim);
    bool cut = row->is <= 0 && row->was > 0;
    if (col->bar >= 3)
        draw_bar(c, x + 1, r.y, col->bar, halves(row->was, col->full, col->bar), halves(row->is, col->full, col->bar),
                 row->chosen ? STYLE_ROW : row->bar);
    if (cut)
        canvas_text_right(c, r.x + r.w, r.y, PERCENT_COLUMNS, span_of(_("cut")), dim);
    else
        draw_percent(c, r.x + r.w, r.y, row->is, row->guessed ? "~" : "", plain);
}

static void draw_choice(const struct odds_picture *p, struct canvas *c, struct rect r, const struct columns *col, int i)
{
    const struct odds_choice *choice = &p->choices->list[i];
    struct str text = {0};
    panel_odds_text(&text, str_span(&choice->text), TEXT_MAX);
    draw_row(c, r, col,
             &(struct row){str_span(&text), choice->odds, p->after[i], odds_step_role(odds_step(choice->odds)), STYLE_MODEL,
                           i == p->selected, choice->taken, false});
    str_release(&text);
}

/* "the model          p′ ∝ p^(1/T)   T = 0.70": what the two columns of numbers are. */
static void draw_head(const struct odds_picture *p, struct canvas *c, struct rect r, const struct columns *col)
{
    int left = r.x + 2 + col->text + PERCENT_COLUMNS;
    struct str right = {0};
    str_printf(&right, "p′ ∝ p^(1/T)   T = %.2f", p->temperature);
    int used = canvas_text_right(c, r.x + r.w, r.y, r.w, str_span(&right), STYLE_DIM);
    if (left < r.x + r.w - used)
        canvas_text_right(c, left - 2, r.y, left - r.x - 2, SPAN("p"), STYLE_DIM);
    str_release(&right);
}

static const char *lesson(const struct odds_picture *p)
{
    if (p->temperature < 1e-3)
        return _("At 0: the likeliest, always.");
    if (p->temperature < 0.995)
        return _("Below 1: the likely gains.");
    if (p->temperature > 1.005)
        return _("Above 1: the rare gains.");
    return p->cuts ? _("At 1: nothing but the cuts.") : _("At 1: as the model has it.");
}

/* The one that is seen whatever the room: what is selected, else what the take says. */
static int kept_choice(const struct odds_picture *p)
{
    int taken = 0;
    while (taken < p->choices->count && !p->choices->list[taken].taken)
        taken++;
    return p->selected >= 0 ? p->selected : taken < p->choices->count ? taken : 0;
}

int panel_odds_rows(const struct odds_picture *p)
{
    return p->choices->count ? AROUND + p->choices->count + (p->choices->rest > 0) : 0;
}

int panel_odds_rows_for(int choices)
{
    return choices > 0 ? AROUND + choices + 1 : 0;
}

void panel_odds_draw(const struct odds_picture *p, struct places *places, struct canvas *c, struct rect r)
{
    struct columns col;
    const struct odds_choices *choices = p->choices;
    if (choices->count == 0 || r.w < PANEL_ODDS_MIN_WIDTH || r.h < 2)
        return;
    measure(p, r, &col);
    int caption = r.h >= 5 ? 2 : 0, rest = choices->rest > 0 && r.h >= 4 ? 1 : 0, y = r.y + 1;
    int seen = r.h - 1 - caption - rest, kept = kept_choice(p);
    draw_head(p, c, (struct rect){r.x, r.y, r.w, 1}, &col);
    for (int row = 0; row < seen && row < choices->count; row++, y++) {
        int i = row == seen - 1 && kept > row ? kept : row;
        draw_choice(p, c, (struct rect){r.x, y, r.w, 1}, &col, i);
        if (places)
            places_add(places, (struct rect){r.x, y, r.w, 1}, TARGET_TAKE, i);
    }
    if (rest)
        draw_row(c, (struct rect){r.x, y++, r.w, 1}, &col,
                 &(struct row){span_of(_("others")), choices->rest, p->rest, STYLE_DIM, STYLE_SLIDER, false, false, p->guessed});
    if (caption)
        text_draw(c, (struct rect){r.x + 2, y + 1, r.w - 2, r.y + r.h - y - 1}, span_of(lesson(p)), STYLE_DIM, false);
}
