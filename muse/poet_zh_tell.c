#include "muse/poet_zh_tell.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/script.h"

bool telling_ready(const struct telling *t, const struct plan *p, const struct draft *d, int certain)
{
    const struct meter *m = draft_meter(p, d);
    return t->line < m->lines && m->start[t->line + 1] <= certain;
}

static void add_cp(struct str *out, int32_t cp)
{
    char bytes[4];
    str_add(out, (struct span){bytes, (size_t)utf8_encode(cp, bytes)});
}

/* The line's characters, which are turned to the writer's script together: a character's neighbours say what it stands for. */
static void turned_line(const struct plan *p, const struct draft *d, bool simplified, int from, int to, struct str *out)
{
    struct str line = {0};
    for (int i = from; i < to; i++)
        add_cp(&line, vocab_cp(p->lexicon.vocab, d->word[i]) > 0 ? vocab_cp(p->lexicon.vocab, d->word[i]) : (int32_t)U'□');
    if (simplified)
        script_convert(out, str_span(&line), SCRIPT_SIMPLIFIED);
    else
        str_add(out, str_span(&line));
    str_release(&line);
}

/* One token more, unless that would be too many. */
static bool tell(struct telling *t, int max, struct str *out, int32_t cp)
{
    if (t->tokens >= max)
        return false;
    add_cp(out, cp);
    t->tokens++;
    return true;
}

bool telling_line(struct telling *t, const struct plan *p, const struct draft *d, const struct wish *w, int max, struct str *out)
{
    static const int32_t marks[] = {[MARK_COMMA] = U'，', [MARK_STOP] = U'。', [MARK_PAUSE] = U'、'};
    const struct meter *m = draft_meter(p, d);
    int from = m->start[t->line], to = m->start[t->line + 1];
    if (t->tokens >= max)
        return false;
    if (from > 0)
        str_add_text(out, m->place[from - 1].stanza_end ? "\n\n" : "\n");
    struct str turned = {0};
    turned_line(p, d, w->simplified, from, to, &turned);
    struct span rest = str_span(&turned);
    bool whole = true;
    for (int i = from; i < to && whole; i++) {
        int32_t cp = 0;
        int used = utf8_decode(rest, &cp);
        rest = span_cut(rest, (size_t)used, rest.len);
        whole = tell(t, max, out, p->demand[i].cp ? p->demand[i].shown : cp);
        if (whole && m->place[i].mark)
            whole = tell(t, max, out, marks[m->place[i].mark]);
    }
    str_release(&turned);
    t->line++;
    return whole;
}
