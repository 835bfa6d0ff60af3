/* The writer's own pages out of the library, for the muse to learn from. Knows no model. */
#ifndef RENGA_APP_OWN_PAGES_H
#define RENGA_APP_OWN_PAGES_H

#include "storage/store.h"

/* Each text is handed to `take`, newest first; nothing that lies in the trash. */
typedef void own_pages_take(void *ctx, struct span text);

/* Takes rated three stars and more. */
bool own_pages_kept(struct store *s, own_pages_take *take, void *ctx, struct err *e) MUST_USE;
/* The pages of a project's pieces, without the prompts. `name` as the filter project: takes it: a part of the name is enough. False with a
 * sentence when it has none. */
bool own_pages_project(struct store *s, const char *name, own_pages_take *take, void *ctx, struct err *e) MUST_USE;

#endif
