/* What a piece always tells the model beside its text: memory, author's note and lorebook, as plain data. Knows no request, no screen and no
 * disk. */
#ifndef RENGA_CORE_NOTES_H
#define RENGA_CORE_NOTES_H

#include "core/str.h"

#define NOTE_DEPTH_MAX 99

/* An entry of the lorebook: `text` goes along when one of its keys occurs nearby. */
struct lore {
    int64_t id;      /* the library's row, 0: not kept yet */
    bool enabled;
    bool trashed;
    bool dirty;      /* differs from what the library has */
    struct str keys; /* with commas between them, “，” and “、” too */
    struct str text;
};

struct notes {
    struct str memory;  /* goes before everything */
    struct str note;    /* the author's: stands `depth` lines before the end of the context */
    int depth;          /* 0…NOTE_DEPTH_MAX */
    bool dirty;         /* memory, note or depth differ from what the library has */
    struct lore *lore;  /* in order of making */
    int lore_count, lore_cap;
};

#define NOTE_DEPTH 3 /* of a new piece */

void notes_release(struct notes *n);     /* zeroed memory again, but for the depth of a new piece */
struct lore *notes_add_lore(struct notes *n, struct span keys, struct span text); /* enabled; valid until the next one is added */
bool notes_are_empty(const struct notes *n); /* nothing goes along, whatever is written */

/* Takes the next key off the front of `rest`, trimmed; false when none is left. Empty ones are passed over. */
bool lore_key(struct span *rest, struct span *key);
/* True when the key occurs in the text: one that holds Chinese (or another script written without spaces) anywhere, any other as whole words,
 * whatever the case of its ASCII letters. */
bool lore_key_occurs(struct span key, struct span text);
/* The key by which the entry goes along with a page that ends in `page` and a prompt: the first that occurs in either; empty: it does not.
 * What is off or in the trash has none. */
struct span lore_reason(const struct lore *l, struct span page, struct span prompt);

#endif
