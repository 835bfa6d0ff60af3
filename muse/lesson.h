/* A writer's texts made into documents that a model can learn from, and what there is to say of them before anything is learnt. Knows no
 * files and no gradient. */
#ifndef RENGA_MUSE_LESSON_H
#define RENGA_MUSE_LESSON_H

#include "muse/learn.h"

/* What came in. Characters are letters, digits and Chinese characters; punctuation and white space are left out. */
struct intake {
    int64_t bytes;
    int64_t characters, han; /* of all texts; Chinese ones among them */
    int64_t letters;         /* Latin ones among them */
    int64_t unknown;         /* in no word of the model: such characters are skipped */
    int64_t binary;          /* bytes that belong to no text: NULs and what is not UTF-8 */
    int left_out;            /* stanzas in the other language */
    int documents, tokens;   /* that were made of them */
    int used_tokens;         /* that are learnt from: of a very long text, evenly chosen documents */
};

/* Counts a text, so that lesson_language() can choose. Call for each text before any lesson_add(). */
void intake_count(struct intake *in, struct span text);
/* The language that the texts are written in; false with a sentence when they are empty, no text, or in a language that the muse does not
 * write. */
bool intake_language(const struct intake *in, enum pack_language *out, struct err *e) MUST_USE;

/* Cuts a text into poems and pieces and adds them to lesson->own. Poems are parted by empty lines; a short line without punctuation before
 * one is its title, and so is a line that begins with #. Chinese may be simplified or traditional. */
void lesson_add(struct lesson *l, struct intake *in, const struct pack *p, const struct vocab *v, struct span text);
/* Adds general documents from the bytes of a pieces file (uint16 tokens, little-endian, each document from TOKEN_BOS on). */
bool lesson_add_general(struct lesson *l, const struct pack *p, struct span bytes, struct err *e) MUST_USE;
/* Holds out every tenth document (one at least) and shortens what is too long. False with a sentence when there is too little to learn from. */
bool lesson_close(struct lesson *l, struct intake *in, struct err *e) MUST_USE;
/* What will be done, in whole sentences, a line each: how much is learnt from, what is held out, what is skipped and why, how long it takes
 * about at `tokens_per_second`. */
void lesson_tell(const struct lesson *l, const struct intake *in, enum pack_language language, double tokens_per_second, struct str *out);

#endif
