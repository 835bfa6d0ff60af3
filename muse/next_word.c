#include "muse/next_word.h"

#include "core/mem.h"
#include "muse/echo.h"
#include "muse/muse_parts.h"
#include "muse/sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define READ_MAX 384 /* bytes of the page: what fits between two frames */

struct next_word {
    struct wish wish;
    struct echo *echo;
    const float *logits;
    float *odds;           /* under the dials, of every token */
    int size;
};

/* The request without what stands further above. */
static void shorten(struct request *req)
{
    size_t from = req->asked > READ_MAX ? req->asked - READ_MAX : 0;
    while (from < req->asked && ((unsigned char)req->prompt.s[from] & 0xC0) == 0x80)
        from++;
    str_splice(&req->prompt, 0, from, SPAN(""));
    req->asked -= from;
}

struct next_word *next_word_new(struct muse *m, const struct request *req, struct err *e)
{
    struct next_word *n = mem_new(1, sizeof *n);
    struct request near;
    request_init(&near);
    request_copy(&near, req);
    shorten(&near);
    wish_init(&n->wish);
    muse_read_wish(&n->wish, &near);
    request_release(&near);
    struct mind *mind = muse_mind(m, str_span(&req->model), n->wish.language, e);
    if (!mind) {
        next_word_free(n);
        return NULL;
    }
    n->size = vocab_size(mind->vocab);
    n->odds = mem_new((size_t)n->size, sizeof *n->odds);
    n->echo = echo_new(&mind->pack, mind->vocab, &n->wish, 0);
    n->logits = echo_next(n->echo);
    return n;
}

void next_word_free(struct next_word *n)
{
    if (!n)
        return;
    echo_free(n->echo);
    wish_release(&n->wish);
    free(n->odds);
    free(n);
}

static int likeliest(const struct next_word *n, const struct odds_choices *c, const int *tokens)
{
    int best = -1;
    for (int i = 0; i < n->size; i++) {
        bool listed = false;
        for (int k = 0; k < c->count; k++)
            listed = listed || tokens[k] == i;
        if (!listed && (best < 0 || n->logits[i] > n->logits[best]))
            best = i;
    }
    return best;
}

void next_word_odds(const struct next_word *n, const struct dials *d, int most, struct odds_choices *c, double *after, double *rest)
{
    struct sampler sampler;
    int tokens[ODDS_CHOICES];
    double all = (double)logits_normaliser(n->logits, n->size);
    odds_choices_release(c);
    c->rest = *rest = 1;
    sampler_from_dials(&sampler, d);
    (void)sampler_odds(&sampler, n->logits, n->size, NULL, NULL, 0, n->odds);
    while (c->count < most && c->count < ODDS_CHOICES && c->count < n->size) {
        int token = tokens[c->count] = likeliest(n, c, tokens);
        struct odds_choice *choice = &c->list[c->count];
        echo_say(n->echo, token, &choice->text);
        choice->odds = exp((double)n->logits[token] - all);
        after[c->count++] = (double)n->odds[token];
        c->each = choice->odds;
        c->rest -= choice->odds;
        *rest -= (double)n->odds[token];
    }
    c->rest = fmax(c->rest, 0);
    *rest = *rest > 1e-6 ? *rest : 0;
}
