/* A text as words and characters, each with a number: equal ones have the same. What the diff compares. Knows no diff. */
#ifndef RENGA_CORE_TOKENS_H
#define RENGA_CORE_TOKENS_H

#include "core/str.h"

enum token_kind {
    TOKEN_BREAK, /* one newline */
    TOKEN_SPACE, /* other white space in a row */
    TOKEN_MARK,  /* one mark of punctuation */
    TOKEN_WORD,  /* letters and digits of a script that has words, "don't", "well-known" and "0.70" whole */
    TOKEN_CHAR,  /* one cluster of anything else: Han, kana, emoji, an ill-formed byte */
};

struct token {
    size_t start, end;
    uint32_t id;
    enum token_kind kind;
};

/* Zeroed memory is an empty list. */
struct tokens {
    struct token *items;
    size_t count, cap;
};
void tokens_release(struct tokens *t);

/* What numbers stand for; borrows the texts. Zeroed memory knows nothing yet. */
struct vocabulary {
    struct vocabulary_slot *slots;
    size_t size; /* a power of two */
    uint32_t count;
};
void vocabulary_release(struct vocabulary *v);
uint32_t vocabulary_id(struct vocabulary *v, struct span word); /* from 0, in order of coming */

/* Appends the tokens of `text`; they cover it. */
void tokens_read(struct tokens *t, struct span text, struct vocabulary *v);
/* How much a token counts for a reader: 0 for space and marks, letters for words, 2 for a character that stands for itself. */
int token_weight(const struct token *t);

#endif
