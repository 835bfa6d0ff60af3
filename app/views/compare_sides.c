#include "app/views/compare_sides.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/library_preview.h"
#include "ui/panel_takes.h"
#include "ui/sign.h"

#include <stdlib.h>
#include <string.h>

void side_release(struct side *s)
{
    generation_release(&s->generation);
    str_release(&s->text);
    str_release(&s->title);
    runs_release(&s->inks);
    free(s->lines);
    memset(s, 0, sizeof *s);
}

size_t side_line_start(const struct side *s, int line)
{
    return (size_t)(s->lines[line].s - str_text(&s->text));
}

/* -- text and inks ------------------------------------------------------------------------------------------------------------------------- */

/* What a run of the text is to the splice: text of a take names that take, whoever changed it. */
static struct ink side_ink(const struct side *s, struct ink ink)
{
    ink.owner = 0;
    return ink_of_take(ink, s->take);
}

static void add_ink(struct runs *inks, size_t len, struct ink ink)
{
    struct run run = {len, ink};
    runs_replace(inks, inks->total, inks->total, &run, 1);
}

/* The white space between which the text stands; what the first line is indented by belongs to it. */
static void find_text(struct span text, size_t *from, size_t *to)
{
    struct span inner = span_trim(text);
    *from = inner.len ? (size_t)(inner.s - text.s) : text.len;
    *to = *from + inner.len;
    while (*from > 0 && *from < text.len && text.s[*from - 1] != '\n')
        --*from;
}

static void fill_text(struct side *s, struct span text, struct span runs, enum author author)
{
    struct runs inks = {0};
    struct run run;
    size_t from = 0, to = 0;
    while (inks.total < text.len && run_read(&runs, &run) && run.len <= text.len - inks.total && run.ink.author < AUTHOR_COUNT)
        add_ink(&inks, run.len, side_ink(s, run.ink));
    add_ink(&inks, text.len - inks.total, side_ink(s, (struct ink){0, (int)author, 0}));
    find_text(text, &from, &to);
    runs_copy(&inks, from, to, &s->inks);
    str_add(&s->text, span_cut(text, from, to));
    runs_release(&inks);
    struct span rest = str_span(&s->text), line;
    while (span_line(&rest, &line)) {
        ARRAY_ROOM(s->lines, s->line_count, s->line_cap);
        s->lines[s->line_count++] = line;
    }
}

static void take_over(struct side *s, const struct take *t)
{
    s->take = t->id;
    s->state = t->state;
    s->rating = t->rating;
}

void side_from_passage(struct side *s, const struct piece *p, int passage)
{
    const struct passage *ps = &p->passages[passage];
    s->passage = passage;
    s->state = TAKE_DONE;
    s->own = ps->take < 0;
    s->edited = ps->take >= 0 && ps->own_text;
    if (ps->take >= 0) {
        const struct take *t = &p->takes[ps->take];
        int g = t->generation < 0 ? (int)(-1 - t->generation) : piece_find_generation(p, t->generation);
        take_over(s, t);
        s->asked = g >= 0;
        if (g >= 0)
            generation_copy(&s->generation, &p->generations[g]);
    }
    fill_text(s, passage_text(p, passage), str_span(&ps->runs), ps->author);
    for (size_t i = 0; i < s->inks.count; i++)
        s->own = s->own && !s->inks.items[i].ink.source;
}

bool side_from_library(struct side *s, struct store *store, int64_t take, struct err *e)
{
    struct take *takes = NULL;
    struct str text = {0}, runs = {0};
    int64_t generation = 0;
    int count = 0;
    s->passage = -1;
    bool ok = store_take_generation(store, take, &generation, e) &&
              store_generation_load(store, generation, &s->generation, &takes, &count, e) &&
              store_take_edited(store, s->generation.piece, take, &text, &runs, &s->edited, e);
    for (int i = 0; i < count; i++) {
        if (ok && takes[i].id == take) {
            s->asked = true;
            take_over(s, &takes[i]);
            fill_text(s, str_span(s->edited ? &text : &takes[i].text), str_span(&runs), s->edited ? AUTHOR_EDIT : AUTHOR_MODEL);
        }
        take_release(&takes[i]);
    }
    free(takes);
    str_release(&text);
    str_release(&runs);
    return ok;
}

/* -- what was taken from them ------------------------------------------------------------------------------------------------------------ */

static uint64_t line_hash(int64_t source, struct span line)
{
    uint64_t hash = 1469598103934665603u ^ (uint64_t)source;
    for (size_t i = 0; i < line.len; i++)
        hash = (hash ^ (unsigned char)line.s[i]) * 1099511628211u;
    return hash;
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* By the hash of line and take: a splice may have as many lines as a book. */
void sides_find_taken(struct side *const *sides, int count, struct buffer *splice, bool *const *taken)
{
    struct span text = buffer_text(splice), rest = text, line;
    size_t hash_count = 0;
    uint64_t *hashes = mem_new(buffer_newlines(splice, 0, text.len) + 1, sizeof *hashes);
    while (span_line(&rest, &line))
        if (line.len)
            hashes[hash_count++] = line_hash(buffer_ink_at(splice, (size_t)(line.s - text.s)).source, line);
    qsort(hashes, hash_count, sizeof *hashes, compare_hashes);
    for (int c = 0; c < count; c++) {
        const struct side *s = sides[c];
        for (int i = 0; i < s->line_count; i++) {
            uint64_t hash = s->lines[i].len ? line_hash(runs_at(&s->inks, side_line_start(s, i)).source, s->lines[i]) : 0;
            taken[c][i] = s->lines[i].len && bsearch(&hash, hashes, hash_count, sizeof hash, compare_hashes);
        }
    }
    free(hashes);
}

/* -- names --------------------------------------------------------------------------------------------------------------------------------- */

static void add_part(struct str *out, struct span part)
{
    if (part.len == 0)
        return;
    str_add_byte(out, ' ');
    str_add(out, sign_text(SIGN_DOT));
    str_add_byte(out, ' ');
    str_add(out, part);
}

void side_entitle(struct side *s)
{
    const struct generation *g = &s->generation;
    struct str date = {0};
    str_clear(&s->title);
    str_printf(&s->title, "%d", s->number);
    if (s->asked) {
        library_date(&date, g->sent_ms);
        add_part(&s->title, str_span(g->resolved.len ? &g->resolved : g->model.len ? &g->model : &g->server));
        add_part(&s->title, str_span(&date));
    } else {
        add_part(&s->title, span_of(s->own ? _("your own") : _("spliced")));
    }
    if (s->edited)
        add_part(&s->title, span_of(_("edited")));
    if (s->state != TAKE_DONE)
        add_part(&s->title, span_of(take_word(s->state)));
    str_release(&date);
}

/* -- how they were asked for --------------------------------------------------------------------------------------------------------------- */

void facts_release(struct facts *f)
{
    for (int i = 0; i < f->count; i++)
        for (int k = 0; k < DIFF_TEXTS_MAX; k++)
            str_release(&f->list[i].value[k]);
    free(f->list);
    *f = (struct facts){0};
}

static void add_dial(struct str *out, const struct generation *g, enum dial_id id)
{
    size_t before = out->len;
    dial_format(&g->dials, id, out);
    if (out->len == before)
        str_add_text(out, _("off"));
}

static struct span text_of(const struct generation *g, int field)
{
    static const char *const kinds[KIND_COUNT] = {"", N_("(continuation)"), N_("(from the middle)"), N_("(rewriting)")};
    switch (field) {
    case 0:
        return g->prompt.len ? str_span(&g->prompt) : span_of(kinds[g->kind][0] ? _(kinds[g->kind]) : "");
    case 1:
        return str_span(g->resolved.len ? &g->resolved : &g->model);
    case 2:
        return str_span(&g->server);
    default:
        return str_span(field == 3 ? &g->system : &g->stops);
    }
}

/* Adds the fact when its values are not all the same among the sides that were asked for. */
static void add_fact(struct facts *f, struct side *const *sides, int count, const char *name, int dial, int field)
{
    struct fact fact = {0};
    const struct str *first = NULL;
    bool differ = false;
    for (int i = 0; i < count; i++) {
        if (!sides[i]->asked)
            continue;
        struct str *value = &fact.value[i];
        str_printf(value, "%s ", name);
        if (dial >= 0)
            add_dial(value, &sides[i]->generation, (enum dial_id)dial);
        else
            display_line(value, text_of(&sides[i]->generation, field), -1);
        differ = differ || (first && !span_equal(str_span(first), str_span(value)));
        first = first ? first : value;
    }
    if (differ) {
        ARRAY_ROOM(f->list, f->count, f->cap);
        f->list[f->count++] = fact;
        return;
    }
    for (int i = 0; i < count; i++)
        str_release(&fact.value[i]);
}

void facts_make(struct facts *f, struct side *const *sides, int count)
{
    static const char *const fields[] = {N_("prompt"), N_("model"), N_("server"), N_("system text"), N_("stop at")};
    facts_release(f);
    for (int i = 0; i < count; i++)
        f->asked += sides[i]->asked;
    for (size_t field = 0; field < COUNT_OF(fields); field++)
        add_fact(f, sides, count, _(fields[field]), -1, (int)field);
    for (int dial = 0; dial < DIAL_COUNT; dial++)
        if (dial != DIAL_TAKES)
            add_fact(f, sides, count, _(dial_table[dial].label), dial, 0);
}
