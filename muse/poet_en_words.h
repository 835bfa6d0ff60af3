/* The words that English verse is made of, as runs of a model's tokens: a tree in which a line is spelled word by word. Knows how words are
 * said, no model and no form.
 *
 * The words are sorted by their tokens, so that all words which begin alike lie side by side: a place in the tree is a range of them. */
#ifndef RENGA_MUSE_POET_EN_WORDS_H
#define RENGA_MUSE_POET_EN_WORDS_H

#include "muse/pronounce.h"
#include "muse/vocab.h"

enum {
    WORD_TOKENS = 5, /* longer words are left out */
    END_COMMON = 4,  /* how common a word has to be to end a line, as long as there are enough of them */
};

struct verse_entry {
    uint16_t token[WORD_TOKENS];
    uint8_t tokens;          /* how many */
    uint8_t ways;            /* of saying it */
    uint8_t common;          /* 0 … 15, as struct rhyme_word has it */
    char letter;             /* its first one, small */
    bool light;              /* a function word */
    bool disputed;           /* its ways differ in length */
    uint16_t stem;           /* words with one stem (love, loved, lovely) have the same number; others seldom */
    int said;                /* its ways stand at said[…] of the words, the commonest first */
};

struct verse_words {
    struct verse_entry *entry; /* sorted by tokens */
    int count, cap;
    uint64_t key;              /* of the vocabulary they were made for */
    bool ready;
    int users;
    struct verse_words *next;
    int *of_token;             /* [V] the word that is this token alone, -1: none */
    bool *vowel;               /* [V] the token is a blank and a vowel, to the ear: what "an" may stand before */
    int *ease;                 /* [classes + 1] how many words of a rhyme can end lines together: common, strong at the end, each with an
                                  onset of its own */
    struct pronunciation *said;
    int said_count, said_cap;
    int next_class, next_member, next_token; /* how far the making has come */
};

/* The words for a vocabulary: made once and shared by whoever asks; of use when verse_words_make() has said true. To be given back. */
struct verse_words *verse_words_take(const struct vocab *v);
void verse_words_give_back(struct verse_words *words);
/* Goes on with the making for about a millisecond; true when all is there. */
bool verse_words_make(struct verse_words *w, const struct vocab *v);

static inline int verse_words_ease(const struct verse_words *w, int rhyme)
{
    return w->ease[rhyme];
}

/* A place in the tree: the words [from, to) agree in their first `depth` tokens. */
struct word_range {
    int from, to, depth;
};
static inline struct word_range word_range_all(const struct verse_words *w)
{
    return (struct word_range){0, w->count, 0};
}
/* The part of `r` that goes on with `token`; empty (from == to) when there is none. */
struct word_range word_range_enter(const struct verse_words *w, struct word_range r, int token);
/* The word that ends here, -1: none. */
int word_range_word(const struct verse_words *w, struct word_range r);
/* The word that is spelled like this (small letters, without a space), -1: none. */
int verse_words_find(const struct verse_words *w, const struct vocab *v, struct span word);

#endif
