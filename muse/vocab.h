/* Words of a model: text to tokens and back. Chinese: a token a character. English: byte-pair pieces of true-cased words. Knows no model. */
#ifndef RENGA_MUSE_VOCAB_H
#define RENGA_MUSE_VOCAB_H

#include "muse/pack.h"

/* Tokens with a meaning of their own, the same ids in both languages where both have them. */
enum {
    TOKEN_BOS = 0,  /* begins a document */
    TOKEN_EOS = 1,  /* ends it */
    TOKEN_SEP = 2,  /* between head (tags, title, keywords) and body */
    TOKEN_KW = 3,   /* before each keyword */
    TOKEN_UNK = 4,
    TOKEN_PAD = 5,
};

struct vocab;

struct vocab *vocab_new(const struct pack *p);      /* the pack must outlive it; ≤ 2 ms */
void vocab_free(struct vocab *v);
int vocab_size(const struct vocab *v);
struct span vocab_text(const struct vocab *v, int token);       /* as the vocabulary writes it: "春", "<bos>", " love" */
/* The token written exactly like this, -1: none. */
int vocab_find(const struct vocab *v, struct span text);
int vocab_find_cp(const struct vocab *v, int32_t cp);           /* Chinese: the character's token, -1: none */
int32_t vocab_cp(const struct vocab *v, int token);             /* Chinese: the token's character, -1: a control token */

/* Appends the tokens of `text` to tokens[*count …max); true when all of them fitted. Chinese: characters outside the vocabulary become
 * TOKEN_UNK (the caller may count them); simplified text is to be converted first (muse/script.h). English: any text has tokens, letter by
 * letter if need be; characters beyond the vocabulary's alphabet become TOKEN_UNK. Line breaks are <nl>, empty lines <par> (en) or
 * nothing (zh). */
bool vocab_encode(const struct vocab *v, struct span text, int *tokens, int *count, int max);
/* Appends what tokens say: English with capitals restored (<cap>), <nl> as a line break. Control tokens say nothing. */
void vocab_decode(const struct vocab *v, const int *tokens, int count, struct str *out);

#endif
