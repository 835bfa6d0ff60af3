#include "muse/corpus.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define CORPUS_FILE_MAX (1u << 30)

void corpus_init(struct corpus *c, uint64_t seed)
{
    *c = (struct corpus){0};
    random_seed(&c->random, seed);
    c->starts = mem_new(1, sizeof *c->starts);
    c->start_cap = 1;
}

void corpus_release(struct corpus *c)
{
    free(c->tokens);
    free(c->starts);
    free(c->order);
    *c = (struct corpus){0};
}

static void add_part(struct corpus *c, const int *tokens, int count)
{
    while (c->token_count + count > c->token_cap) {
        c->token_cap = c->token_cap ? c->token_cap * 2 : 4096;
        c->tokens = mem_grow(c->tokens, (size_t)c->token_cap, sizeof *c->tokens);
    }
    memcpy(c->tokens + c->token_count, tokens, (size_t)count * sizeof *tokens);
    c->token_count += count;
    c->count++;
    ARRAY_ROOM(c->starts, c->count, c->start_cap);
    c->starts[c->count] = c->token_count;
}

void corpus_add(struct corpus *c, const int *tokens, int count, int context)
{
    for (int from = 0; count - from > 1; from += context)
        add_part(c, tokens + from, count - from < context ? count - from : context);
    free(c->order);
    c->order = NULL;
}

/* -- files ---------------------------------------------------------------------------------------------------------------------------------- */

static uint32_t little_endian(const char *bytes, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

/* One document out of the file's bytes, between two offsets. */
static bool add_document(struct corpus *c, struct span tokens, uint32_t from, uint32_t to, const struct shape *s)
{
    if (from > to || to > tokens.len / 2)
        return false;
    int count = (int)(to - from);
    int *document = mem_new((size_t)count + 1, sizeof *document);
    bool ok = true;
    for (int i = 0; i < count; i++) {
        document[i] = (int)little_endian(tokens.s + ((size_t)from + (size_t)i) * 2, 2);
        ok = ok && document[i] < s->vocab;
    }
    if (ok)
        corpus_add(c, document, count, s->context);
    free(document);
    return ok;
}

bool corpus_read(struct corpus *c, const char *tokens, const char *offsets, const struct shape *s, struct err *e)
{
    struct str text = {0}, places = {0};
    bool ok = file_read(tokens, &text, CORPUS_FILE_MAX, e) && file_read(offsets, &places, CORPUS_FILE_MAX, e);
    for (size_t i = 0; ok && i + 8 <= places.len; i += 4)
        if (!add_document(c, str_span(&text), little_endian(places.s + i, 4), little_endian(places.s + i + 4, 4), s))
            ok = err_set(e, ERR_FORMAT, _("“%s” is no corpus for this model: its documents or tokens are out of range."), tokens);
    str_release(&text);
    str_release(&places);
    return ok;
}

/* -- batches -------------------------------------------------------------------------------------------------------------------------------- */

static void shuffle(struct corpus *c)
{
    if (!c->order) {
        c->order = mem_new((size_t)c->count, sizeof *c->order);
        for (int i = 0; i < c->count; i++)
            c->order[i] = i;
    }
    for (int i = c->count - 1; i > 0; i--) {
        int j = random_below(&c->random, i + 1), kept = c->order[i];
        c->order[i] = c->order[j];
        c->order[j] = kept;
    }
    c->next = 0;
}

static int next_document(struct corpus *c)
{
    if (!c->order) {
        shuffle(c);
    } else if (c->next == c->count) {
        shuffle(c);
        c->rounds++;
    }
    return c->order[c->next++];
}

void sheaf_release(struct sheaf *s)
{
    free(s->tokens);
    free(s->starts);
    *s = (struct sheaf){0};
}

void sheaf_clear(struct sheaf *s)
{
    s->documents = 0;
}

static void add_to_sheaf(struct sheaf *s, const int *tokens, int count)
{
    ARRAY_ROOM(s->starts, s->documents + 1, s->start_cap);
    s->starts[0] = 0;
    int used = s->starts[s->documents];
    while (used + count > s->token_cap) {
        s->token_cap = s->token_cap ? s->token_cap * 2 : 4096;
        s->tokens = mem_grow(s->tokens, (size_t)s->token_cap, sizeof *s->tokens);
    }
    memcpy(s->tokens + used, tokens, (size_t)count * sizeof *tokens);
    s->starts[++s->documents] = used + count;
}

void sheaf_add(struct sheaf *s, struct corpus *c, int wanted)
{
    for (int added = 0; added < wanted;) {
        int i = next_document(c), count = c->starts[i + 1] - c->starts[i];
        add_to_sheaf(s, c->tokens + c->starts[i], count);
        added += count;
    }
}

struct batch sheaf_batch(const struct sheaf *s)
{
    return (struct batch){s->tokens, s->starts, s->documents};
}

double corpus_loss(const struct corpus *c, struct tape *t, const struct weights *w, int batch_tokens)
{
    struct sheaf sheaf = {0};
    double loss = 0;
    int64_t predictions = 0;
    for (int i = 0; i < c->count;) {
        sheaf_clear(&sheaf);
        int used = 0;
        for (int count = 0; i < c->count; i++, used += count) {
            count = c->starts[i + 1] - c->starts[i];
            if (used && used + count > batch_tokens)
                break;
            add_to_sheaf(&sheaf, c->tokens + c->starts[i], count);
        }
        struct batch b = sheaf_batch(&sheaf);
        loss += tape_loss(t, w, &b);
        predictions += batch_predictions(&b);
    }
    sheaf_release(&sheaf);
    return predictions ? loss / (double)predictions : 0;
}
