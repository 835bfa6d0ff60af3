#include "core/odds.h"

#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MAX 48 /* bytes of the text that are passed over in search of a place that fits again */
#define SURE    3  /* tokens that must fit there one after another */

/* The tokens as they are laid over the text, from its beginning on. */
struct laying {
    struct odds_units *units;
    const struct odds_record *record;
    struct span text;
    size_t at;         /* up to here the text is told */
    int pending, held; /* tokens since the last one that fitted: the first, and how many hold bytes */
    bool faces;        /* one of them is a text, and not the one that stands there */
};

void odds_units_release(struct odds_units *u)
{
    free(u->list);
    memset(u, 0, sizeof *u);
}

static struct span bytes_of(const struct odds_record *r, int token)
{
    return span_cut(str_span(&r->bytes), r->tokens[token].at, r->tokens[token].at + r->tokens[token].len);
}

static bool fits(const struct laying *l, int token, size_t at)
{
    struct span want = bytes_of(l->record, token);
    return span_equal(span_cut(l->text, at, at + want.len), want);
}

/* A few tokens from this one on stand at this place. */
static bool run_fits(const struct laying *l, int token, size_t at)
{
    for (int seen = 0; seen < SURE && token < l->record->count; token++) {
        if (!fits(l, token, at))
            return at == l->text.len && seen > 0; /* what follows the text's end is no part of it */
        at += l->record->tokens[token].len;
        seen += l->record->tokens[token].len > 0;
    }
    return true;
}

static void add_unit(struct laying *l, size_t to, int first, int count)
{
    struct odds_unit unit = {.from = l->at, .to = to, .first = first, .count = count};
    for (int i = first; i < first + count; i++)
        unit.logprob += l->record->tokens[i].logprob;
    ARRAY_ROOM(l->units->list, l->units->count, l->units->cap);
    l->units->list[l->units->count++] = unit;
    l->at = to;
}

/* What lies between two places that fit belongs to the tokens between them, when these are bytes that nobody told, and no more of them than
 * there are. */
static void close_gap(struct laying *l, size_t to, int next)
{
    bool theirs = l->held > 0 && !l->faces && (size_t)l->held <= to - l->at;
    if (to > l->at)
        add_unit(l, to, l->pending, theirs ? next - l->pending : 0);
    l->pending = next;
    l->held = 0;
    l->faces = false;
}

static void lay_token(struct laying *l, int token)
{
    size_t len = l->record->tokens[token].len, most = l->at + GAP_MAX;
    if (len == 0 && l->held == 0) {
        l->pending = token + 1;
        return;
    }
    for (size_t at = l->at; len && at <= most && at + len <= l->text.len; at++)
        if (at == l->at && l->held == 0 ? fits(l, token, at) : run_fits(l, token, at)) {
            close_gap(l, at, token);
            add_unit(l, at + len, token, 1);
            l->pending = token + 1;
            return;
        }
    l->held += len > 0;
    l->faces = l->faces || odds_has_face(bytes_of(l->record, token));
}

static bool is_border(struct span text, size_t at)
{
    return at == text.len || ((unsigned char)text.s[at] & 0xC0) != 0x80;
}

/* Units that begin or end inside a character become one with their neighbours. */
static void join_characters(struct odds_units *u, struct span text)
{
    int kept = 0;
    for (int i = 0; i < u->count; i++) {
        struct odds_unit *last = kept ? &u->list[kept - 1] : NULL, *unit = &u->list[i];
        if (!last || is_border(text, last->to)) {
            u->list[kept++] = *unit;
            continue;
        }
        bool known = last->count && unit->count;
        last->to = unit->to;
        last->logprob = known ? last->logprob + unit->logprob : 0;
        last->count = known ? unit->first + unit->count - last->first : 0;
    }
    u->count = kept;
}

void odds_units_make(struct odds_units *u, const struct odds_record *r, struct span text)
{
    struct laying l = {.units = u, .record = r, .text = text};
    odds_units_release(u);
    for (int i = 0; i < r->count && l.at < text.len; i++)
        lay_token(&l, i);
    l.held = text.len - l.at <= GAP_MAX ? l.held : 0;
    close_gap(&l, text.len, r->count);
    join_characters(u, text);
}

int odds_units_at(const struct odds_units *u, size_t at)
{
    int low = 0, high = u->count - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (u->list[middle].from <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return u->count ? low : -1;
}
