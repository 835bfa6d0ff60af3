#include "core/odds.h"

#include "core/mem.h"
#include "core/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST -99.999 /* what is less likely is written as this */

const double odds_step_from[ODDS_STEPS] = {0.8, 0.4, 0.15, 0.03, 0};

enum odds_step odds_step(double odds)
{
    int step = ODDS_SURE;
    while (step < ODDS_RARE && !(odds >= odds_step_from[step]))
        step++;
    return (enum odds_step)step;
}

/* -- a record ----------------------------------------------------------------------------------------------------------------------- */

void odds_record_release(struct odds_record *r)
{
    str_release(&r->bytes);
    free(r->tokens);
    free(r->alternatives);
    memset(r, 0, sizeof *r);
}

static double tame(double logprob)
{
    return !(logprob > LEAST) ? LEAST : logprob > 0 ? 0 : logprob; /* what is no number is the least likely */
}

static size_t keep_bytes(struct odds_record *r, struct span bytes)
{
    size_t at = r->bytes.len;
    str_add(&r->bytes, bytes);
    return at;
}

static void add_alternative(struct odds_record *r, size_t at, size_t len, double logprob)
{
    ARRAY_ROOM(r->alternatives, r->alternative_count, r->alternative_cap);
    r->alternatives[r->alternative_count++] = (struct odds_alternative){at, len, tame(logprob)};
    r->tokens[r->count - 1].count++;
}

static void add_token(struct odds_record *r, struct span token, double logprob)
{
    ARRAY_ROOM(r->tokens, r->count, r->cap);
    r->tokens[r->count++] = (struct odds_token){keep_bytes(r, token), token.len, tame(logprob), r->alternative_count, 0};
}

void odds_record_add(struct odds_record *r, struct span token, const struct odds *o)
{
    if (r->count == ODDS_TOKENS_MAX)
        return;
    add_token(r, token, o->logprob);
    const struct odds_token *t = &r->tokens[r->count - 1];
    size_t at = t->at;
    for (int i = 0; i < o->count; i++) {
        struct span text = str_span(&o->token[i]);
        add_alternative(r, span_equal(text, token) ? at : keep_bytes(r, text), text.len, o->alternative[i]);
    }
}

void odds_record_settle(struct odds_record *r, struct span text)
{
    struct odds_units units = {0};
    int kept = 0;
    odds_units_make(&units, r, text);
    for (int i = 0; i < units.count; i++)
        for (int t = 0; t < units.list[i].count; t++)
            r->tokens[kept++] = r->tokens[units.list[i].first + t];
    r->count = kept;
    odds_units_release(&units);
}

/* -- choices ------------------------------------------------------------------------------------------------------------------------ */

void odds_choices_release(struct odds_choices *c)
{
    for (int i = 0; i < ODDS_CHOICES; i++)
        str_release(&c->list[i].text);
    memset(c, 0, sizeof *c);
}

/* A text that is reached in two ways has the odds of both. */
static void add_choice(struct odds_choices *c, struct span text, double odds, bool taken)
{
    for (int i = 0; i < c->count; i++)
        if (span_equal(str_span(&c->list[i].text), text)) {
            c->list[i].odds += odds;
            c->list[i].taken = c->list[i].taken || taken;
            return;
        }
    if (c->count == ODDS_CHOICES)
        return;
    str_set(&c->list[c->count].text, text);
    c->list[c->count].odds = odds;
    c->list[c->count++].taken = taken;
}

static void sort_choices(struct odds_choices *c)
{
    for (int i = 1; i < c->count; i++)
        for (int k = i; k > 0 && c->list[k - 1].odds < c->list[k].odds; k--) {
            struct odds_choice other = c->list[k];
            c->list[k] = c->list[k - 1];
            c->list[k - 1] = other;
        }
}

bool odds_has_face(struct span text)
{
    return text.len && utf8_valid(text) && span_find(text, SPAN("\xEF\xBF\xBD"), 0) < 0;
}

static void add_alternatives(struct odds_choices *c, const struct odds_record *r, int token, struct str *so_far, double logprob)
{
    const struct odds_token *t = &r->tokens[token];
    struct span own = span_cut(str_span(&r->bytes), t->at, t->at + t->len);
    size_t before = so_far->len;
    for (int i = t->first; i < t->first + t->count; i++) {
        const struct odds_alternative *a = &r->alternatives[i];
        struct span text = span_cut(str_span(&r->bytes), a->at, a->at + a->len);
        if (span_equal(text, own))
            continue;
        str_add(so_far, text);
        if (odds_has_face(str_span(so_far)))
            add_choice(c, str_span(so_far), exp(logprob + a->logprob), false);
        str_cut(so_far, before);
    }
    str_add(so_far, own);
}

void odds_choices_make(struct odds_choices *c, const struct odds_record *r, const struct odds_unit *u, struct span text)
{
    struct str so_far = {0};
    double logprob = 0, sum = 0;
    odds_choices_release(c);
    if (u->count == 0)
        return;
    add_choice(c, span_cut(text, u->from, u->to), exp(u->logprob), true);
    for (int i = u->first; i < u->first + u->count; i++) {
        add_alternatives(c, r, i, &so_far, logprob);
        logprob += r->tokens[i].logprob;
    }
    str_release(&so_far);
    const struct odds_token *first = &r->tokens[u->first];
    c->each = 1;
    for (int i = first->first; i < first->first + first->count; i++)
        c->each = fmin(c->each, exp(r->alternatives[i].logprob));
    sort_choices(c);
    for (int i = 0; i < c->count; i++)
        sum += c->list[i].odds;
    c->rest = sum < 1 ? 1 - sum : 0;
}
