/* The muse: the small model inside, as a server like any other. Answers through core/source.h; computes a little at every muse_step(), so
 * that keys are never late. Knows no network, no screen and no library. */
#ifndef RENGA_MUSE_MUSE_H
#define RENGA_MUSE_MUSE_H

#include "core/source.h"

#define MUSE_NAME "muse"          /* its server's name */
#define MUSE_URL  "muse:"         /* its server's address: asks nobody */

struct muse;

/* `packs`: the folder of zh.muse and en.muse. `voices`: the writer's folder of learnt voices, may not exist yet. Opens nothing: packs are
 * mapped at the first start(). Paths are copied. */
struct muse *muse_new(const char *packs, const char *voices);
void muse_free(struct muse *m);
/* The muse as a source; request.model names a voice ("" or "muse": the base). Its takes compute in turn, a few tokens each, so that all stream.
 * It must be freed before the muse. */
struct source *muse_source_new(struct muse *m);
/* Computes for at most about `budget_us` and appends events; true while a run has more to compute (the loop then waits for nothing). */
bool muse_step(struct muse *m, int64_t budget_us);
bool muse_busy(const struct muse *m);
/* Models one a line: "muse", then the learnt voices by name. */
void muse_models(struct muse *m, struct str *out);
/* What would be written for a request, in one line ("七绝 · 秋夜"), without opening a pack. */
void muse_understand(const struct request *req, struct str *out);

#endif
