/* A voice being learnt: from the writer's texts to a file that the muse reads like its own packs. Steps are taken by the caller (on the
 * command line) or by a thread of low priority (behind the desk), whose only product is what learning_look() tells. Knows no screen and no
 * library. */
#ifndef RENGA_APP_LEARNING_H
#define RENGA_APP_LEARNING_H

#include "muse/lesson.h"

struct learning;

#define LEARNING_CURVE_MAX 64

/* How it goes, as of the last step. */
struct learning_look {
    struct progress progress;
    int curve_steps[LEARNING_CURVE_MAX]; /* held-out losses measured so far, oldest first */
    double curve_losses[LEARNING_CURVE_MAX];
    int curve_count;
    bool over;                           /* no more steps are to be taken */
};

/* `name`: of the voice and its file; letters of any script, digits, blanks, - and _, at most 40 characters. False with a sentence otherwise,
 * or when it is "muse". Paths are copied; `voices` is made when the voice is kept. */
struct learning *learning_new(const char *name, const char *packs, const char *voices, struct err *e) MUST_USE;
void learning_free(struct learning *l); /* stops the thread; keeps nothing */
/* Texts to learn from, before learning_prepare(). A file may have at most 128 MB. */
bool learning_add_file(struct learning *l, const char *path, struct err *e) MUST_USE;
void learning_add_text(struct learning *l, struct span text);
/* Chooses the language, reads the texts, opens the pack, and goes on where an earlier learning of the same voice from the same texts was
 * stopped. `plan` receives in whole sentences, a line each, what will be done. */
bool learning_prepare(struct learning *l, struct str *plan, struct err *e) MUST_USE;
const char *learning_name(const struct learning *l);

bool learning_step(struct learning *l);                                 /* one step, here; false: there are no more */
bool learning_start(struct learning *l, struct err *e) MUST_USE;        /* all steps, on a thread */
void learning_look(struct learning *l, struct learning_look *out);      /* from any thread */
/* Ends the thread (waits for the step under way, a fifth of a second) and keeps where it was, so that it can be resumed. */
bool learning_stop(struct learning *l, struct err *e) MUST_USE;
/* Writes the voice (the best model so far) and forgets what was kept for resuming. One of that name that was there before is put aside, as
 * learning_forget() does. Not while the thread runs. */
bool learning_keep(struct learning *l, struct err *e) MUST_USE;

/* Puts a voice aside, with what was kept of a stopped learning; false with a sentence when there is none. The base is never touched. */
bool learning_forget(const char *name, const char *voices, struct err *e) MUST_USE;
/* Brings back what was last put aside under this name; a voice of that name that is there is put aside for it. */
bool learning_recall(const char *name, const char *voices, struct err *e) MUST_USE;
void learning_forgotten(const char *voices, struct str *out); /* the names of what learning_recall() brings back, one a line */

#endif
