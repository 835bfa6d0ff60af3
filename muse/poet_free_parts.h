/* Going on from a text, from inside: what its two languages share. For poet_free.c, poet_free_zh.c and poet_free_en.c alone. */
#ifndef RENGA_MUSE_POET_FREE_PARTS_H
#define RENGA_MUSE_POET_FREE_PARTS_H

#include "muse/poet.h"

enum {
    FREE_LANES = 8,     /* lines that are written side by side; also kinds of text that are told apart */
    FREE_UNIT = 28,     /* tokens of a line, at most */
    FREE_HEAD = 8,      /* tokens of a head, at most */
};

/* One line on trial. */
struct free_line {
    int tokens[FREE_UNIT], count;
    double told;  /* log-probability of its tokens */
    bool whole;   /* it has come to its end */
};

struct free_poet;

struct free_language {
    /* Heads of the kinds of text that the model learnt; returns how many. `cut`: the text's beginning is not shown. */
    int (*heads)(const struct free_poet *f, int heads[FREE_LANES][FREE_HEAD], int counts[FREE_LANES]);
    /* What may come next in a line. */
    void (*allow)(const struct free_poet *f, const struct free_line *line, uint64_t *allowed);
    /* True when the line ends with its last token. */
    bool (*ends)(const struct free_poet *f, const struct free_line *line);
    /* What is good or bad about a line besides its likelihood, in nats. */
    double (*merit)(const struct free_poet *f, const struct free_line *line);
    /* True when a text may end behind what is said. */
    bool (*closes)(const struct free_poet *f);
    /* Appends the tokens [from, said_count), which follow on those before. */
    void (*write)(struct free_poet *f, int from, struct str *out);
    double repetition; /* the penalty where the dial is off */
    double reuse;      /* what a word that was said lately loses, in logits */
};
extern const struct free_language free_zh, free_en;

struct free_poet {
    struct poet base;
    const struct free_language *language;
    struct decoder *decoder;
    struct str text;             /* the text, as far as it is read */
    bool cut;                    /* … which is not from its beginning */
    int heads[FREE_LANES][FREE_HEAD], head_counts[FREE_LANES], head_count;
    double likely[FREE_LANES];   /* log-probability of the text behind each head */
    int head;                    /* the one that makes it likeliest */
    int *said, said_count, said_cap; /* the text's tokens and what came since */
    int read;                    /* how many of them are the text's */
    int fed;                     /* how many of these every lane has taken in */
    bool begun;                  /* the text is read and a line can begin */
    int lanes;
    struct free_line line[FREE_LANES];
    float *after;                /* [V] logits behind what is said */
    uint64_t *plain, *allowed;   /* tokens that are words or marks; scratch */
    int written;                 /* tokens handed out */
    struct str pending;          /* line breaks that wait for more to come */
};

bool free_has(const uint64_t *set, int token);
void free_take_out(uint64_t *set, int token);
void free_put_in(uint64_t *set, int token);
/* The last token that the line, or before it what is said, ends with; -1: none. */
int free_last(const struct free_poet *f, const struct free_line *line);

#endif
