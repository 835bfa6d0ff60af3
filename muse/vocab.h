/* Words of a model: text to tokens and back. Chinese: a token a character. English: byte-pair pieces of true-cased words. Knows no
 * model. */
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
    TOKENS_CONTROL_ZH = 24, /* of Chinese the first ones; 詞 曲 唐 宋 元 雜 are tags among them and characters after them */
    TOKENS_CONTROL_EN = 32, /* of English the first ones */
};

struct vocab;

struct vocab *vocab_new(const struct pack *p);      /* the pack must outlive it; ≤ 2 ms */
void vocab_free(struct vocab *v);
int vocab_size(const struct vocab *v);
struct span vocab_text(const struct vocab *v, int token);       /* as the vocabulary writes it: "春", "<bos>", " love" */
/* The token written exactly like this, -1: none. Of a tag and a character that are written alike (詞) it is the tag. */
int vocab_find(const struct vocab *v, struct span text);
int vocab_find_cp(const struct vocab *v, int32_t cp);           /* Chinese: the character's token, -1: none */
int32_t vocab_cp(const struct vocab *v, int token);             /* Chinese: the token's character, -1: a control token */

/* Appends the tokens of `text` to tokens[*count …max); true when all of them fitted. Chinese: characters outside the vocabulary become
 * TOKEN_UNK (the caller may count them); simplified text is to be converted first (muse/script.h). English: any text has tokens, letter by
 * letter if need be; characters beyond the vocabulary's alphabet become TOKEN_UNK. Line breaks are <nl>, empty lines <par> (en) or
 * nothing (zh); white space and narrow or typographic punctuation become what the vocabulary has. */
bool vocab_encode(const struct vocab *v, struct span text, int *tokens, int *count, int max);
/* Appends what tokens say: English with capitals restored (<cap>), <nl> as a line break, as if a line began with the first token (the case
 * of the last word is sure only when more follows). Control tokens say nothing. */
void vocab_decode(const struct vocab *v, const int *tokens, int count, struct str *out);
/* The vocabulary's text after the tokens: what muse/english.h needs. */
struct span vocab_rest(const struct vocab *v);

/* The text in the pack: the tokens, a line each; for English then the merges, a line each as "LEFT RIGHT MADE" (numbers of tokens; the
 * lower MADE is, the earlier it is merged), a line "names", and the words that are capitalised within sentences, a line each, sorted by
 * bytes.
 *
 * How the documents look that the models were trained on is told in muse/training/DOCUMENTS.md. */

#endif
