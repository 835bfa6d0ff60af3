#include "muse/poet_zh_tell.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/script.h"

static const int32_t marks[] = {[MARK_COMMA] = U'，', [MARK_STOP] = U'。', [MARK_PAUSE] = U'、'};

static int line_end(const struct telling *t, const struct meter *m)
{
    return m->start[m->place[t->place].line + 1];
}

bool telling_ready(const struct telling *t, const struct plan *p, const struct draft *d, int certain)
{
    const struct meter *m = draft_meter(p, d);
    return t->place < m->places && line_end(t, m) <= certain;
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

static void break_line(const struct telling *t, const struct meter *m, struct str *out)
{
    const struct meter_place *before = t->place ? &m->place[t->place - 1] : NULL;
    if (before && before->line_end && !t->broke)
        str_add_text(out, before->stanza_end ? "\n\n" : "\n");
}

bool telling_line(struct telling *t, const struct plan *p, const struct draft *d, const struct wish *w, int max, struct str *out)
{
    const struct meter *m = draft_meter(p, d);
    int to = line_end(t, m);
    if (t->tokens >= max)
        return false;
    break_line(t, m, out);
    t->broke = false;
    struct str turned = {0};
    turned_line(p, d, w->simplified, t->place, to, &turned);
    struct span rest = str_span(&turned);
    bool whole = true;
    for (; t->place < to && whole; t->place++) {
        int32_t cp = 0;
        int used = utf8_decode(rest, &cp);
        rest = span_cut(rest, (size_t)used, rest.len);
        const struct demand *demand = &p->demand[t->place];
        whole = tell(t, max, out, demand->cp ? demand->shown : cp);
        if (whole && m->place[t->place].mark)
            whole = tell(t, max, out, marks[m->place[t->place].mark]);
    }
    str_release(&turned);
    return whole;
}

void telling_skip(struct telling *t, const struct plan *p, const struct draft *d, int places, struct span text, struct str *out)
{
    const struct meter_place *last = &draft_meter(p, d)->place[places - 1];
    struct span trimmed = span_trim(text);
    int32_t cp = 0;
    t->place = places;
    t->broke = text.len && text.s[text.len - 1] == '\n';
    if (last->mark && utf8_decode_before(trimmed, trimmed.len, &cp) > 0 && demand_is_han(cp)) {
        add_cp(out, marks[last->mark]);
        t->tokens++;
    }
}
