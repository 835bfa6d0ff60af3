#include "app/exchange/formats.h"
#include "core/count.h"

#include <string.h>

static void add_text(struct str *out, const char *name, struct span text)
{
    if (text.len == 0)
        return;
    str_add_text(out, name);
    str_add_text(out, ": ");
    str_add_quoted(out, text);
    str_add_byte(out, '\n');
}

static void add_time(struct str *out, const char *name, int64_t ms)
{
    str_printf(out, "%s: ", name);
    exchange_add_time(out, ms);
    str_add_byte(out, '\n');
}

static void add_generation(struct str *out, const struct generation *g, const char *indent)
{
    struct str dials = {0}, name = {0};
    const struct {
        const char *name;
        struct span text;
    } facts[] = {{"prompt", str_span(&g->prompt)},
                 {"system", str_span(&g->system)},
                 {"model", str_span(g->resolved.len ? &g->resolved : &g->model)},
                 {"server", str_span(&g->server)}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        str_clear(&name);
        str_printf(&name, "%s%s", indent, facts[i].name);
        add_text(out, str_text(&name), facts[i].text);
    }
    dials_format(&g->dials, &dials);
    str_clear(&name);
    str_printf(&name, "%sdials", indent);
    add_text(out, str_text(&name), str_span(&dials));
    str_clear(&name);
    str_printf(&name, "%ssent", indent);
    add_time(out, str_text(&name), g->sent_ms);
    str_release(&dials);
    str_release(&name);
}

/* -- a page ---------------------------------------------------------------------------------------------------------------------------- */

static int64_t lines_before(struct span text, size_t at)
{
    int64_t lines = 1;
    for (size_t i = 0; i < at && i < text.len; i++)
        lines += text.s[i] == '\n';
    return lines;
}

/* Bytes say it exactly, and are what an import reads; lines say it to the eye. */
static void add_stretch(struct str *out, const struct exchange_page *pg, const struct stretch *s, int64_t *line, size_t *counted)
{
    struct span text = str_span(&pg->text);
    *line += lines_before(span_cut(text, *counted, s->from), s->from - *counted) - 1;
    int64_t last = *line + lines_before(span_cut(text, s->from, s->to - 1), s->to) - 1;
    *counted = s->from;
    str_printf(out, "  - bytes: %zu-%zu\n    lines: %lld-%lld\n    author: %s\n", s->from, s->to, (long long)*line, (long long)last,
               exchange_author_name(s->author));
    const struct generation *g = exchange_page_generation(pg, s);
    if (!g)
        return;
    str_printf(out, "    generation: %lld\n    take: %d\n", (long long)g->id, pg->piece.takes[s->take].index + 1);
    if (pg->piece.takes[s->take].rating)
        str_printf(out, "    rating: %d\n", pg->piece.takes[s->take].rating);
    add_generation(out, g, "    ");
}

void markdown_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out)
{
    struct count count = {0};
    int64_t line = 1;
    size_t counted = 0;
    (void)look;
    count_add(&count, str_span(&pg->text));
    str_add_text(out, "---\nrenga: page\n");
    add_text(out, "title", str_span(&pg->piece.title));
    add_text(out, "project", str_span(&pg->piece.project_name));
    str_printf(out, "piece: %s\n", pg->facts.uid);
    add_time(out, "created", pg->facts.created_ms);
    add_time(out, "changed", pg->facts.changed_ms);
    str_printf(out, "characters: %lld\nwords: %lld\nlines: %lld\n", (long long)count.han, (long long)count.words, (long long)count.lines);
    str_add_text(out, pg->count ? "written-by:\n" : "");
    for (int i = 0; i < pg->count; i++)
        add_stretch(out, pg, &pg->stretches[i], &line, &counted);
    str_add_text(out, "---\n");
    str_add(out, str_span(&pg->text));
}

/* -- generations ---------------------------------------------------------------------------------------------------------------------- */

void markdown_answer(const struct answer *a, struct str *out)
{
    str_add_text(out, out->len ? "\n" : "");
    for (int i = 0; i < a->count; i++) {
        const struct take *t = &a->takes[i];
        str_printf(out, "---\nrenga: take\ngeneration: %lld\ntake: %d\nstate: %s\n", (long long)a->generation.id, t->index + 1,
                   take_state_name(t->state));
        if (t->rating)
            str_printf(out, "rating: %d\n", t->rating);
        add_generation(out, &a->generation, "");
        str_add_text(out, "---\n");
        str_add(out, str_span(&t->text));
        str_add_text(out, t->text.len && t->text.s[t->text.len - 1] == '\n' ? "" : "\n");
        str_add_text(out, i + 1 < a->count ? "\n" : "");
    }
}
