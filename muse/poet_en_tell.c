/* The contexts: what the model has been told before a line, in three tellings (enum telling). */
#include "core/mem.h"
#include "muse/poet_en_parts.h"

#include <string.h>

enum {
    TOLD_AT_ONCE = 4,   /* tokens for every context in one step */
    COPIED_AT_ONCE = 4, /* lanes */
    LINES_KEPT = 7,     /* when the poem outgrows the contexts */
};

static int token_named(const struct poet_en *p, const char *name)
{
    return vocab_find(p->base.vocab, span_of(name));
}

static void head_add(struct poet_en *p, enum telling t, int token)
{
    if (token >= 0 && p->head_count[t] < HEAD_TOKENS)
        p->head[t][p->head_count[t]++] = token;
}

static void head_add_text(struct poet_en *p, enum telling t, const char *mark, struct span text)
{
    int tokens[HEAD_TOKENS], count = 0;
    if (text.len == 0)
        return;
    if (!vocab_encode(p->base.vocab, text, tokens, &count, HEAD_TOKENS / 4))
        count = HEAD_TOKENS / 4;
    head_add(p, t, token_named(p, mark));
    for (int i = 0; i < count && tokens[i] != TOKEN_UNK; i++)
        head_add(p, t, tokens[i]);
}

static void head_add_tags(struct poet_en *p, enum telling t)
{
    struct span rest = span_of(p->form->tags);
    while (rest.len) {
        ptrdiff_t end = span_find(rest, SPAN(" "), 0);
        size_t len = end < 0 ? rest.len : (size_t)end;
        head_add(p, t, vocab_find(p->base.vocab, span_cut(rest, 0, len)));
        rest = span_cut(rest, len + 1, rest.len);
    }
}

/* Latin letters: what the English model can read. */
static bool is_readable(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.s[i] | 0x20) >= 'a' && (text.s[i] | 0x20) <= 'z')
            return true;
    return false;
}

static void head_add_theme(struct poet_en *p, enum telling t)
{
    const struct wish *w = p->base.wish;
    struct span title = str_span(&w->title);
    if (!is_readable(title) && w->word_count && is_readable(str_span(&w->words[0])))
        title = str_span(&w->words[0]);
    if (is_readable(title))
        head_add_text(p, t, "<t>", title);
    for (int i = 0; i < w->word_count; i++)
        if (is_readable(str_span(&w->words[i])))
            head_add_text(p, t, "<kw>", str_span(&w->words[i]));
}

/* As the documents of the training begin: <bos> tags [<rw>] [<cont>] [<t> title] [<kw> word]… <sep>. `going_on`: the poem's beginning is
 * left out. */
static void make_head(struct poet_en *p, enum telling t, bool going_on)
{
    p->head_count[t] = 0;
    head_add(p, t, TOKEN_BOS);
    head_add_tags(p, t);
    if (t != TELL_PLAIN && p->planned)
        head_add(p, t, p->token_rw);
    if (going_on)
        head_add(p, t, token_named(p, "<cont>"));
    if (t != TELL_BARE)
        head_add_theme(p, t);
    if (p->head_count[t] == HEAD_TOKENS)
        p->head_count[t]--;
    head_add(p, t, TOKEN_SEP);
}

static void queue_add(struct poet_en *p, enum telling t, int token)
{
    CHECK(p->queue_count[t] < decoder_capacity(p->decoder));
    p->queue[t][p->queue_count[t]++] = token;
}

static void queue_line(struct poet_en *p, enum telling t, int line)
{
    const struct written *w = &p->done[line];
    bool whole = t != TELL_PLAIN && p->planned;
    for (int i = whole ? 0 : w->body; i < w->count; i++)
        queue_add(p, t, w->token[i]);
    queue_add(p, t, p->plan.line[line].stanza_end ? p->token_par : p->token_nl);
}

static void tell_anew(struct poet_en *p, enum telling t, int first)
{
    make_head(p, t, first > 0);
    p->queue_count[t] = 0;
    p->told[t] = 0;
    decoder_rewind(p->decoder, LANES + (int)t, 0);
    for (int i = 0; i < p->head_count[t]; i++)
        queue_add(p, t, p->head[t][i]);
    for (int i = first; i < p->line; i++)
        queue_line(p, t, i);
}

void poet_en_tell_begin(struct poet_en *p)
{
    for (int t = 0; t < TELLINGS; t++)
        tell_anew(p, (enum telling)t, 0);
}

static int line_size(const struct poet_en *p, enum telling t, int line)
{
    const struct written *w = &p->done[line];
    return w->count + 1 - (t == TELL_PLAIN || !p->planned ? w->body : 0);
}

/* The first line to tell anew when the context is full, so that there is room for the last ones and a draft. */
static int first_kept(const struct poet_en *p, enum telling t)
{
    int room = decoder_capacity(p->decoder) - HEAD_TOKENS - LINE_TOKENS - 2, first = p->line;
    while (first > 0 && p->line - first < LINES_KEPT && line_size(p, t, first - 1) <= room)
        room -= line_size(p, t, --first);
    return first;
}

void poet_en_tell_line(struct poet_en *p)
{
    for (int t = 0; t < TELLINGS; t++) {
        int size = line_size(p, (enum telling)t, p->line - 1);
        if (p->queue_count[t] + size + LINE_TOKENS + 2 > decoder_capacity(p->decoder))
            tell_anew(p, (enum telling)t, first_kept(p, (enum telling)t));
        else
            queue_line(p, (enum telling)t, p->line - 1);
    }
}

bool poet_en_tell_step(struct poet_en *p)
{
    for (int again = 0; again < TOLD_AT_ONCE; again++) {
        int lanes[TELLINGS], tokens[TELLINGS], count = 0;
        for (int t = 0; t < TELLINGS; t++)
            if (p->told[t] < p->queue_count[t]) {
                lanes[count] = LANES + t;
                tokens[count++] = p->queue[t][p->told[t]++];
            }
        if (!count)
            return true;
        decoder_step(p->decoder, lanes, tokens, count);
        p->base.tokens += count;
    }
    return false;
}

bool poet_en_share_step(struct poet_en *p, enum telling t, int lanes)
{
    for (int i = 0; i < COPIED_AT_ONCE && p->copied < lanes; i++)
        decoder_copy(p->decoder, p->copied++, LANES + (int)t);
    return p->copied >= lanes;
}
