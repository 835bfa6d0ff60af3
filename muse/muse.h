/* The muse: the small model inside, as a server like any other. Answers through core/source.h; computes a little at every muse_step(), so
 * that keys are never late. Knows no network, no screen and no library. */
#ifndef RENGA_MUSE_MUSE_H
#define RENGA_MUSE_MUSE_H

#include "core/source.h"
#include "muse/form.h"

#define MUSE_NAME "muse"          /* its server's name, and the model's that comes with the program */
#define MUSE_URL  "muse:"         /* its server's address: asks nobody */

struct muse;

/* `packs`: the folder of zh.muse and en.muse. `voices`: the writer's folder of learnt voices, may not exist yet. Opens nothing: packs are
 * mapped when they are first needed. Paths are copied. */
struct muse *muse_new(const char *packs, const char *voices);
void muse_free(struct muse *m);
/* The muse as a source; request.model names a voice ("" or "muse": the base). Its takes compute in turn, a few tokens each, so that all
 * stream. Take i of a run writes with the seed of the dial plus i; without the dial a seed is drawn for the run, and preview() and the body
 * of the next start() name it. What cannot be written at all (a pack that is damaged, an acrostic longer than its form) is refused by
 * preview() already. It must be freed before the muse. */
struct source *muse_source_new(struct muse *m);
/* Computes for at most about `budget_us` and appends events; true while a run has more to compute (the loop then waits for nothing). */
bool muse_step(struct muse *m, int64_t budget_us);
bool muse_busy(const struct muse *m);
/* Models one a line: "muse", then the learnt voices by name. */
void muse_models(struct muse *m, struct str *out);
/* The names of the files in a folder of voices that have this ending, sorted, one a line. */
void muse_voices(const char *folder, const char *ending, struct str *out);
/* What would be written for a prompt behind a page's text, in one line ("七绝 · 秋夜"), without opening a pack; nothing for a prompt of
 * white space. */
void muse_understand(struct span prompt, struct span context, struct str *out);

/* What a model is. */
struct muse_facts {
    enum form_language language;
    int64_t parameters, bytes;
    int tokens, context;          /* of its vocabulary; that it looks back over */
};
const char *muse_language_name(enum form_language language); /* "zh", "en" */
/* Maps the model's pack and checks it; false with a sentence when it cannot be used. The base has one for each language, a voice knows but
 * one, whatever `language` says. */
bool muse_facts(struct muse *m, struct span model, enum form_language language, struct muse_facts *out, struct err *e) MUST_USE;

#endif
