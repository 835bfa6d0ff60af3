#include "ui/library_preview.h"

#include "core/clock.h"
#include "core/count.h"
#include "core/i18n.h"
#include "ui/panel_takes.h"
#include "ui/text_block.h"

#include <time.h>

void library_date(struct str *out, int64_t wall_ms)
{
    time_t then = (time_t)(wall_ms / 1000), now = (time_t)(clock_wall_ms() / 1000);
    struct tm at = {0}, today = {0};
    char text[32] = "";
    if (!localtime_r(&then, &at) || !localtime_r(&now, &today))
        return;
    strftime(text, sizeof text, at.tm_year == today.tm_year ? "%m-%d %H:%M" : "%Y-%m-%d", &at);
    str_add_text(out, text);
}

/* The seam between two facts on one line. */
static void add_fact(struct str *line, struct span fact)
{
    if (fact.len && line->len) {
        str_add_byte(line, ' ');
        str_add(line, sign_text(SIGN_DOT));
        str_add_byte(line, ' ');
    }
    str_add(line, fact);
}

static void draw_dials(struct flow *f, const struct dials *d)
{
    struct str line = {0}, value = {0};
    for (int i = 0; i < DIAL_COUNT; i++) {
        if (!d->on[i])
            continue;
        str_clear(&value);
        str_printf(&value, "%s ", _(dial_table[i].label));
        dial_format(d, (enum dial_id)i, &value);
        add_fact(&line, str_span(&value));
    }
    flow_text(f, str_span(&line), STYLE_DIM);
    str_release(&line);
    str_release(&value);
}

static void draw_origin(struct flow *f, const struct generation *g)
{
    struct str line = {0}, date = {0};
    library_date(&date, g->sent_ms);
    add_fact(&line, str_span(g->resolved.len ? &g->resolved : &g->model));
    add_fact(&line, str_span(&g->server));
    add_fact(&line, str_span(&date));
    flow_text(f, str_span(&line), STYLE_DIM);
    str_release(&line);
    str_release(&date);
}

static void draw_tags(struct flow *f, struct span tags)
{
    struct str line = {0};
    struct span tag = SPAN("");
    while (span_line(&tags, &tag)) {
        if (tag.len)
            str_printf(&line, "%s#%.*s", line.len ? " " : "", SPAN_ARG(tag));
    }
    flow_text(f, str_span(&line), STYLE_ACCENT);
    str_release(&line);
}

/* "● 1 done  31 字  ★★★" */
static void draw_take_head(struct flow *f, const struct take *t)
{
    int y = flow_row(f);
    if (y < 0)
        return;
    struct str text = {0};
    struct count n = {.han = 0};
    int x = f->area.x;
    count_add(&n, str_span(&t->text));
    x += canvas_text(f->c, x, y, -1, sign_text(take_sign(t->state)), take_role(t->state)) + 1;
    x += canvas_print(f->c, x, y, -1, STYLE_DIM, _("take %d"), t->index + 1);
    x += canvas_print(f->c, x, y, -1, STYLE_DIM, "  %s  ", take_word(t->state));
    if (n.han + n.words > 0)
        take_length(&text, n.han > 0 ? n.han : n.words, n.han > 0);
    x += canvas_text(f->c, x, y, -1, str_span(&text), STYLE_DIM) + 2;
    str_clear(&text);
    sign_stars(&text, t->rating);
    canvas_text(f->c, x, y, -1, str_span(&text), STYLE_ACCENT);
    str_release(&text);
}

/* "thought 340 字": kept apart, and read with `renga show` or on the desk. */
static void draw_thoughts(struct flow *f, const struct take *t)
{
    struct str line = {0}, length = {0};
    struct count n = {.han = 0};
    count_add(&n, str_span(&t->reasoning));
    if (n.han + n.words == 0)
        return;
    take_length(&length, n.han > 0 ? n.han : n.words, n.han > 0);
    str_printf(&line, _("thought %s"), str_text(&length));
    flow_text(f, str_span(&line), STYLE_DIM);
    str_release(&line);
    str_release(&length);
}

static void draw_take(struct flow *f, const struct take *t)
{
    draw_take_head(f, t);
    draw_thoughts(f, t);
    flow_text(f, span_trim(str_span(&t->text)), STYLE_MODEL);
    flow_text(f, str_span(&t->error), STYLE_ERROR);
    flow_gap(f);
}

/* What was asked; and of a rewriting, what it was to change. */
static void draw_question(struct flow *f, const struct generation *g)
{
    if (g->prompt.len)
        flow_text(f, str_span(&g->prompt), STYLE_PROMPT);
    else
        flow_text(f, span_of(g->kind == KIND_INSERT ? _("Went on from inside the page.")
                             : g->kind != KIND_ASK  ? _("Went on with the page.")
                                                    : _("Without a prompt.")),
                  STYLE_DIM);
    if (g->kind == KIND_REWRITE) {
        flow_text(f, span_of(_("To rewrite:")), STYLE_DIM);
        flow_text(f, span_trim(str_span(&g->selection)), STYLE_WRITER);
    }
}

static void draw_generation(struct flow *f, const struct library_view *v)
{
    const struct generation *g = v->preview;
    draw_question(f, g);
    flow_gap(f);
    draw_origin(f, g);
    draw_dials(f, &g->dials);
    flow_text(f, v->preview_used, STYLE_DIM);
    draw_tags(f, v->preview_tags);
    flow_gap(f);
    for (int i = 0; i < v->preview_take_count && !flow_full(f); i++)
        draw_take(f, &v->preview_takes[i]);
}

/* A page of the writer's own: where it lies and since when, then its text. */
static void draw_page(struct flow *f, const struct library_view *v)
{
    const struct hit *hit = &v->hits[v->selected];
    struct str line = {0}, date = {0};
    library_date(&date, hit->sent_ms);
    add_fact(&line, span_of(_("your page")));
    add_fact(&line, str_span(&hit->project));
    add_fact(&line, str_span(&date));
    flow_text(f, str_span(&line), STYLE_DIM);
    flow_gap(f);
    flow_text(f, v->preview_text, STYLE_WRITER);
    str_release(&line);
    str_release(&date);
}

static bool shows_page(const struct library_view *v)
{
    return v->preview_text.len && v->selected >= 0 && v->selected < v->hit_count;
}

static int draw_from(const struct library_view *v, struct canvas *c, struct rect r)
{
    struct flow f = {.c = c, .area = r, .skip = v->preview_scroll};
    if (v->preview)
        draw_generation(&f, v);
    else
        draw_page(&f, v);
    return f.row;
}

void library_preview_draw(struct library_view *v, struct canvas *c, struct rect r)
{
    if ((!v->preview && !shows_page(v)) || r.w < 2 || r.h < 1)
        return;
    struct rect clip = canvas_clip(c, r);
    v->preview_scroll = v->preview_scroll > 0 ? v->preview_scroll : 0;
    int rows = draw_from(v, c, r);
    /* Only when the end came into view is its row known: then no further than the last screenful. */
    if (v->preview_scroll > 0 && rows < v->preview_scroll + r.h) {
        v->preview_scroll = rows > r.h ? rows - r.h : 0;
        canvas_fill(c, r, STYLE_TEXT);
        draw_from(v, c, r);
    }
    c->clip = clip;
}
