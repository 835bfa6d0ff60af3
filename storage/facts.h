/* Small facts about pieces that only what goes out of the library asks for. */
#ifndef RENGA_STORAGE_FACTS_H
#define RENGA_STORAGE_FACTS_H

#include "storage/store.h"

struct piece_facts {
    int64_t created_ms, changed_ms;
    char uid[24];
};
bool store_piece_facts(struct store *s, int64_t piece, struct piece_facts *out, struct err *e) MUST_USE;
/* The pieces of exactly this title that are not in the trash, newest first; at most `max` ids, *count is how many there are. */
bool store_pieces_titled(struct store *s, struct span title, int64_t *ids, int max, int *count, struct err *e) MUST_USE;

#endif
