#include "ui/topline.h"

#include "core/i18n.h"
#include "core/mem.h"
#include "ui/sign.h"

#define WORTH_LITTLE 3

/* One fact on the right-hand side. */
struct part {
    struct str text;
    enum role_id role;
    int worth;       /* the least worthy goes first where room is short; 0: is not there */
    const char *gap; /* what stands before it, unless it is the first */
};

enum { PART_HAN, PART_MARKS, PART_WORDS, PART_LINES, PART_SERVER, PART_TEMPERATURE, PART_RATE, PART_BEHIND, PART_SAVED, PART_COUNT };

static void set_part(struct part *p, int worth, const char *gap, enum role_id role)
{
    p->worth = worth;
    p->gap = gap;
    p->role = role;
}

static void fill_counts(struct part *parts, const struct count *n)
{
    if (n->han > 0) {
        set_part(&parts[PART_HAN], 8, "", STYLE_STATUS);
        str_printf(&parts[PART_HAN].text, _("%lld 字"), (long long)n->han);
    }
    if (n->han_marks > n->han && n->han > 0) {
        set_part(&parts[PART_MARKS], 2, "  ", STYLE_STATUS);
        str_printf(&parts[PART_MARKS].text, _("%lld with marks"), (long long)n->han_marks);
    }
    if (n->words > 0) {
        set_part(&parts[PART_WORDS], n->han > n->words ? 4 : 7, "  ", STYLE_STATUS);
        str_printf(&parts[PART_WORDS].text, ngettext("%lld word", "%lld words", (unsigned long)n->words),
                   (long long)n->words);
    }
    if (n->lines > 0) {
        set_part(&parts[PART_LINES], 3, "  ", STYLE_STATUS);
        str_printf(&parts[PART_LINES].text, ngettext("%lld line", "%lld lines", (unsigned long)n->lines),
                   (long long)n->lines);
    }
}

static void fill_server(struct part *parts, const struct desk_view *v)
{
    if (v->server.len) {
        set_part(&parts[PART_SERVER], 5, "    ", STYLE_STATUS);
        display_line(&parts[PART_SERVER].text, v->server, 40);
    }
    bool sent = v->dials && v->dials->on[DIAL_TEMPERATURE] && (!v->taken || v->taken[DIAL_TEMPERATURE]);
    if (v->server.len && sent) {
        set_part(&parts[PART_TEMPERATURE], 1, " · ", STYLE_STATUS);
        dial_format(v->dials, DIAL_TEMPERATURE, &parts[PART_TEMPERATURE].text);
    }
    if (v->rate >= 0) {
        set_part(&parts[PART_RATE], 6, " · ", STYLE_ACCENT);
        str_printf(&parts[PART_RATE].text, _("%.0f tok/s"), v->rate < 1e6 ? v->rate : 1e6);
    }
}

static void fill_saved(struct part *part, enum saved_state saved, bool narrow)
{
    static const struct {
        enum sign sign;
        const char *word;
        enum role_id role;
    } looks[] = {
        [SAVED] = {SIGN_DONE, N_("saved"), STYLE_OK},
        [SAVING] = {SIGN_WRITING, N_("saving"), STYLE_STATUS},
        [UNSAVED] = {SIGN_FAILED, N_("not saved"), STYLE_ERROR},
        [MEMORY_ONLY] = {SIGN_INTERRUPTED, N_("in memory only"), STYLE_ERROR},
    };
    set_part(part, 9, "   ", looks[saved].role);
    str_add(&part->text, sign_text(looks[saved].sign));
    if (!narrow || looks[saved].role == STYLE_ERROR)
        str_printf(&part->text, " %s", _(looks[saved].word));
}

static void fill_behind(struct part *part, struct span behind)
{
    if (behind.len == 0)
        return;
    set_part(part, 6, "   ", STYLE_ACCENT);
    str_add(&part->text, behind);
}

/* Columns that the parts still there take together. */
static int parts_width(const struct part *parts)
{
    int width = 0;
    for (int i = 0; i < PART_COUNT; i++)
        if (parts[i].worth)
            width += (width ? display_width(span_of(parts[i].gap)) : 0) + display_width(str_span(&parts[i].text));
    return width;
}

static struct part *least_part(struct part *parts)
{
    struct part *least = NULL;
    for (int i = 0; i < PART_COUNT; i++)
        if (parts[i].worth && (!least || parts[i].worth < least->worth))
            least = &parts[i];
    return least;
}

static bool drop_least(struct part *parts)
{
    struct part *least = least_part(parts);
    if (least)
        least->worth = 0;
    return least != NULL;
}

/* What only rounds off the picture makes way for half a line of the name, what matters only for less. */
static int name_wanted(struct part *parts, int name, int room)
{
    const struct part *least = least_part(parts);
    int most = least && least->worth <= WORTH_LITTLE ? room / 2 : room * 3 / 10;
    return name < most ? name : most;
}

static void draw_parts(const struct part *parts, struct canvas *c, int x)
{
    bool first = true;
    for (int i = 0; i < PART_COUNT; i++) {
        if (!parts[i].worth)
            continue;
        if (!first)
            x += canvas_text(c, x, 0, -1, span_of(parts[i].gap), STYLE_STATUS);
        first = false;
        x += canvas_text(c, x, 0, -1, str_span(&parts[i].text), parts[i].role);
    }
}

/* The whole name, or without its project where that is too long. */
static void add_name(struct str *out, struct span where, int columns)
{
    static const char seam[] = " ▸ ";
    ptrdiff_t at = span_find(where, SPAN(seam), 0);
    if (at >= 0 && display_width(where) > columns)
        where = span_cut(where, (size_t)at + sizeof seam - 1, where.len);
    display_line(out, where, columns);
}

void topline_draw(const struct desk_view *v, struct canvas *c)
{
    struct part parts[PART_COUNT] = {0};
    struct str where = {0};
    int pad = c->w < 40 ? 0 : 1, room = c->w - 2 * pad;
    int name = display_width(v->where);
    fill_counts(parts, &v->counts);
    fill_server(parts, v);
    fill_behind(&parts[PART_BEHIND], v->behind);
    fill_saved(&parts[PART_SAVED], v->saved, c->w < 40);
    int width = parts_width(parts);
    while (width && width + name_wanted(parts, name, room) + 2 > room && drop_least(parts))
        width = parts_width(parts);
    canvas_fill(c, (struct rect){0, 0, c->w, 1}, STYLE_STATUS);
    int left = room - (width ? width + 2 : 0);
    left = left > 0 ? left : 0;
    add_name(&where, v->where, left);
    canvas_text(c, pad, 0, left, str_span(&where), STYLE_TITLE);
    draw_parts(parts, c, pad + room - width);
    str_release(&where);
    for (int i = 0; i < PART_COUNT; i++)
        str_release(&parts[i].text);
}
