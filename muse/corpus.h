/* Texts to learn from, as tokens: documents in an order shuffled anew each time round, handed out in batches. Knows no words. */
#ifndef RENGA_MUSE_CORPUS_H
#define RENGA_MUSE_CORPUS_H

#include "muse/gradient.h"
#include "muse/sampler.h"

struct corpus {
    int *tokens;
    int token_count, token_cap;
    int *starts;          /* document i is tokens[starts[i] … starts[i + 1]) */
    int count, start_cap; /* documents */
    int *order;           /* shuffled; NULL: not yet */
    int next;             /* in `order` */
    int rounds;           /* how often all of it was handed out */
    struct random random;
};

void corpus_init(struct corpus *c, uint64_t seed);
void corpus_release(struct corpus *c);
/* Adds a document; what is longer than `context` becomes several. A document of one token teaches nothing and is left out. */
void corpus_add(struct corpus *c, const int *tokens, int count, int context);
/* Adds the documents of two files: uint16 tokens, and uint32 offsets of the documents' beginnings, ended by the number of tokens. */
bool corpus_read(struct corpus *c, const char *tokens, const char *offsets, const struct shape *s, struct err *e) MUST_USE;

/* Documents copied out one after another until there are at least `wanted` tokens. */
struct sheaf {
    int *tokens, *starts;
    int token_cap, start_cap, documents;
};
void sheaf_release(struct sheaf *s);
void sheaf_clear(struct sheaf *s);
void sheaf_add(struct sheaf *s, struct corpus *c, int wanted);  /* `wanted` tokens more; the corpus is not empty */
struct batch sheaf_batch(const struct sheaf *s);

/* Mean loss in nats a token over all of it, once, in order. */
double corpus_loss(const struct corpus *c, struct tape *t, const struct weights *w, int batch_tokens);

#endif
