/* The targets' functions, for their table in targets.c. */
#ifndef RENGA_TESTS_FUZZ_TARGETS_H
#define RENGA_TESTS_FUZZ_TARGETS_H

#include "fuzz.h"

void fuzz_framing(const struct fuzz_target *t, struct span input);
void fuzz_reply(const struct fuzz_target *t, struct span input);
void fuzz_utf8(const struct fuzz_target *t, struct span input);
void fuzz_display(const struct fuzz_target *t, struct span input);
void fuzz_wrap(const struct fuzz_target *t, struct span input);
void fuzz_ini(const struct fuzz_target *t, struct span input);
void fuzz_template(const struct fuzz_target *t, struct span input);
void fuzz_values(const struct fuzz_target *t, struct span input);
void fuzz_keys(const struct fuzz_target *t, struct span input);
void fuzz_theme(const struct fuzz_target *t, struct span input);
void fuzz_keymap(const struct fuzz_target *t, struct span input);
void fuzz_config(const struct fuzz_target *t, struct span input);
void fuzz_query(const struct fuzz_target *t, struct span input);
void fuzz_batch(const struct fuzz_target *t, struct span input);
void fuzz_import(const struct fuzz_target *t, struct span input);
void fuzz_import_any(const struct fuzz_target *t, struct span input);
void fuzz_search(const struct fuzz_target *t, struct span input);
void fuzz_pack(const struct fuzz_target *t, struct span input);
void fuzz_json(const struct fuzz_target *t, struct span input);
void fuzz_pull(const struct fuzz_target *t, struct span input);
void fuzz_lessons(const struct fuzz_target *t, struct span input);
void fuzz_heads(const struct fuzz_target *t, struct span input);

#endif
