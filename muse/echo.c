#include "muse/echo.h"
#include "core/mem.h"
#include "muse/decoder.h"
#include "muse/sampler.h"
#include "muse/script.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_MAX = 64,    /* tokens of a head without the lines to go on from */
    CHUNK_MAX = 1024, /* bytes of the lines to go on from that are heard: more than a model looks back over */
};

/* -- the head ------------------------------------------------------------------------------------------------------------------------ */

struct head {
    const struct vocab *vocab;
    int *tokens, count, max;
};

static void add_token(struct head *h, int token)
{
    if (token >= 0 && token != TOKEN_UNK && h->count < h->max)
        h->tokens[h->count++] = token;
}

static void add_text(struct head *h, struct span text)
{
    int tokens[HEAD_MAX], count = 0;
    struct str turned = {0};
    script_convert(&turned, text, SCRIPT_TRADITIONAL);
    (void)vocab_encode(h->vocab, str_span(&turned), tokens, &count, HEAD_MAX);
    for (int i = 0; i < count; i++)
        add_token(h, tokens[i]);
    str_release(&turned);
}

/* Tags are words of the vocabulary, or a text after <t>: the title that a tune is known by. */
static bool add_tags(struct head *h, struct span tags)
{
    bool titled = false;
    while ((tags = span_trim(tags)).len) {
        ptrdiff_t space = span_find(tags, SPAN(" "), 0);
        struct span word = span_cut(tags, 0, space < 0 ? tags.len : (size_t)space);
        int token = vocab_find(h->vocab, word);
        titled = titled || span_is(word, "<t>");
        if (token >= 0)
            add_token(h, token);
        else
            add_text(h, word);
        tags = span_cut(tags, word.len, tags.len);
    }
    return titled;
}

int echo_head(const struct vocab *v, const struct wish *w, int *tokens, int max)
{
    struct head h = {.vocab = v, .tokens = tokens, .max = max - 1};
    add_token(&h, TOKEN_BOS);
    if (!add_tags(&h, span_of(w->form->tags)) && w->title.len) {
        add_token(&h, vocab_find(v, SPAN("<t>")));
        add_text(&h, str_span(&w->title));
    }
    for (int i = 0; i < w->word_count; i++) {
        add_token(&h, TOKEN_KW);
        add_text(&h, str_span(&w->words[i]));
    }
    h.max = max;
    add_token(&h, TOKEN_SEP);
    return h.count;
}

/* -- hearing -------------------------------------------------------------------------------------------------------------------------- */

struct echo {
    const struct vocab *vocab;
    const struct wish *wish;
    struct decoder *decoder;
    int alternatives;
    int head;              /* tokens of it */
    int *tokens;           /* all so far, head included */
    int count, cap, heard;
};

void echo_add(struct echo *e, struct span text)
{
    struct str turned = {0};
    script_convert(&turned, text, e->wish->language == FORM_ZH ? SCRIPT_TRADITIONAL : SCRIPT_UNTOLD);
    if (e->cap < e->count + (int)turned.len) { /* no token is shorter than a byte */
        e->cap = e->count + (int)turned.len;
        e->tokens = mem_grow(e->tokens, (size_t)e->cap, sizeof *e->tokens);
    }
    (void)vocab_encode(e->vocab, str_span(&turned), e->tokens, &e->count, e->cap);
    str_release(&turned);
}

/* The end of a text, from the beginning of a character on. */
static struct span tail(struct span text, size_t bytes)
{
    size_t from = text.len > bytes ? text.len - bytes : 0;
    while (from < text.len && ((unsigned char)text.s[from] & 0xC0) == 0x80)
        from++;
    return span_cut(text, from, text.len);
}

struct echo *echo_new(const struct pack *p, const struct vocab *v, const struct wish *w, int alternatives)
{
    struct echo *e = mem_new(1, sizeof *e);
    *e = (struct echo){.vocab = v, .wish = w, .decoder = decoder_new(p, 1, p->shape.context)};
    e->alternatives = alternatives < ODDS_MAX ? alternatives : ODDS_MAX;
    e->tokens = mem_new(HEAD_MAX, sizeof *e->tokens);
    e->cap = HEAD_MAX;
    e->count = e->head = echo_head(v, w, e->tokens, HEAD_MAX < p->shape.context / 2 ? HEAD_MAX : p->shape.context / 2);
    if (w->kind == WISH_CONTINUE)
        echo_add(e, tail(str_span(&w->text), CHUNK_MAX));
    e->heard = e->count; /* fed when there is something to hear */
    return e;
}

void echo_free(struct echo *e)
{
    if (!e)
        return;
    decoder_free(e->decoder);
    free(e->tokens);
    free(e);
}

/* What the model remembers before the next token: the head, and as much of the text as has room. */
static void recall(struct echo *e)
{
    int room = decoder_capacity(e->decoder) - e->head, text = e->heard - e->head;
    int kept = text < room ? text : room / 2;
    decoder_rewind(e->decoder, 0, 0);
    decoder_feed(e->decoder, 0, e->tokens, e->head);
    if (kept)
        decoder_feed(e->decoder, 0, e->tokens + e->heard - kept, kept);
}

void echo_say(const struct echo *e, int token, struct str *out)
{
    struct span text = vocab_text(e->vocab, token);
    if (span_is(text, "<nl>"))
        str_add_text(out, "\n");
    else if (span_is(text, "<par>"))
        str_add_text(out, "\n\n");
    else if (e->wish->language == FORM_ZH && e->wish->simplified)
        script_convert(out, text, SCRIPT_SIMPLIFIED);
    else
        str_add(out, text);
}

/* Puts a token among the likeliest so far. */
static void rank(int *best, int *count, int most, const float *logits, int token)
{
    int at = *count;
    while (at > 0 && logits[best[at - 1]] < logits[token])
        at--;
    if (at >= most)
        return;
    if (*count < most)
        ++*count;
    for (int i = *count - 1; i > at; i--)
        best[i] = best[i - 1];
    best[at] = token;
}

static void fill(const struct echo *e, int token, struct odds *odds)
{
    int best[ODDS_MAX], count = 0, size = vocab_size(e->vocab);
    const float *logits = decoder_logits(e->decoder, 0);
    float all = logits_normaliser(logits, size);
    for (int i = 0; e->alternatives > 0 && i < size; i++)
        rank(best, &count, e->alternatives, logits, i);
    odds->logprob = (double)(logits[token] - all);
    odds->count = count;
    for (int i = 0; i < count; i++) {
        echo_say(e, best[i], &odds->token[i]);
        odds->alternative[i] = (double)(logits[best[i]] - all);
    }
}

bool echo_step(struct echo *e, struct str *token, struct odds *odds)
{
    if (e->heard == e->count)
        return false;
    int length = decoder_length(e->decoder, 0);
    if (length == 0 || length == decoder_capacity(e->decoder))
        recall(e);
    int next = e->tokens[e->heard++];
    fill(e, next, odds);
    echo_say(e, next, token);
    if (decoder_length(e->decoder, 0) < decoder_capacity(e->decoder))
        decoder_feed(e->decoder, 0, &next, 1);
    return true;
}

const float *echo_next(struct echo *e)
{
    e->heard = e->count;
    recall(e);
    return decoder_logits(e->decoder, 0);
}
