/* Learning a voice: a trained model goes on learning from one writer's pages by gradient descent, beside general verse so that it forgets
 * little. Knows no files of texts (muse/lesson.h), no thread and no screen: each call takes one step of about a fifth of a second. */
#ifndef RENGA_MUSE_LEARN_H
#define RENGA_MUSE_LEARN_H

#include "muse/corpus.h"
#include "muse/vocab.h"

/* What is learnt from: documents as tokens, each beginning with TOKEN_BOS. */
struct lesson {
    struct corpus own;       /* the writer's, to learn from */
    struct corpus own_kept;  /* the writer's, held out: tells when to stop */
    struct corpus general;   /* the base's kind of texts, mixed in */
    struct corpus general_kept;
};
void lesson_init(struct lesson *l);
void lesson_release(struct lesson *l);

struct learner;

/* How it goes. Losses are nats a token of what is held out. */
struct progress {
    int step, steps;
    double own_before, own_now, own_best;   /* the writer's: before learning, last measured, best so far */
    double general_before, general_now;     /* general verse; general_now is of the best */
    double train;                           /* running mean over the writer's texts learnt from */
    double seconds;                         /* computed so far */
    double seconds_left;                    /* at the pace so far, < 0: not known yet */
};

/* `base` is read once; the lesson must outlive the learner and have documents in `own`, `own_kept` and `general`. */
struct learner *learner_new(const struct pack *base, struct lesson *lesson, uint64_t seed);
void learner_free(struct learner *l);
/* Tokens that learning will compute, all steps and measurements together: what its time is reckoned from. */
int64_t learner_work(const struct lesson *lesson);
/* One step down the gradient; false when there are no more to take. */
bool learner_step(struct learner *l);
void learner_progress(const struct learner *l, struct progress *out);
/* What was measured so far, for a curve: pairs of step and own_now, oldest first; at most `max`. Returns how many. */
int learner_curve(const struct learner *l, int *steps, double *losses, int max);
/* The best model so far as the bytes of a pack (muse/pack_write.h). */
void learner_result(const struct learner *l, struct str *out);
/* Everything that going on later needs, and back. False: the state is of another lesson, base or version. */
void learner_save(const struct learner *l, struct str *out);
bool learner_restore(struct learner *l, struct span state);

#endif
