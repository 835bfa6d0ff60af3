/* A wish turned into what each character of a Chinese poem has to be, or into the sentence why it cannot be. Knows no model at work. */
#ifndef RENGA_MUSE_POET_ZH_PLAN_H
#define RENGA_MUSE_POET_ZH_PLAN_H

#include "muse/lexicon_zh.h"
#include "muse/wish.h"

enum {
    PLAN_WAYS = 4,  /* layouts of one form, at most */
    PLAN_HEAD = 40, /* tokens of a head, at most */
};

/* A character that the writer demands. */
struct demand {
    int32_t cp;    /* in the vocabulary's script; 0: nothing is demanded */
    int32_t shown; /* as the writer wrote it */
};

/* One layout of a form. */
struct way {
    struct meter meter;
    struct rhymes rhymes[METER_RHYMES]; /* what each rhyme may be */
    int weight;                         /* how often it is to be taken, beside the others */
};

struct plan {
    struct lexicon lexicon;
    struct way ways[PLAN_WAYS];        /* those that meet all demands; lines and marks are the same in all */
    int way_count;
    struct demand demand[METER_PLACES];
    int given;                         /* places from the first one on that are demanded: the poem begins behind them */
    int need[METER_RHYMES];            /* different characters that each rhyme takes */
    int head[PLAN_HEAD], head_count;   /* with title and theme, up to <sep> */
    int bare[PLAN_HEAD], bare_count;   /* without; the same when there is no theme */
};

/* The vocabulary must outlive the plan. `drawn` is any number: where a form has several patterns it chooses one. On false nothing needs a
 * release. */
bool plan_make(struct plan *p, const struct vocab *v, const struct wish *w, uint64_t drawn, struct err *e) MUST_USE;
void plan_release(struct plan *p);

/* The head of a document, at most `max` tokens: tags, then (unless `bare`) title and theme, then <sep>. Returns its length. */
int head_write(const struct vocab *v, const struct wish *w, bool bare, int *tokens, int max);
/* The Chinese characters of a text, in both spellings; returns how many (at most `max`, the rest is left out). */
int demand_read(struct span text, struct demand *out, int max);
bool demand_is_han(int32_t cp);
/* The same of a word of the theme, in the words of old verse. */
int theme_read(const struct wish *w, int word, struct demand *out, int max);

#endif
