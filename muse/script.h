/* Simplified and traditional Chinese: tells them apart and turns one into the other. Knows no tones and no vocabulary.
 *
 * Traditional text comes out in the forms that the muse's vocabulary has (爲 for 為, 裏 for 裡), simplified text in those of the mainland.
 * Character by character, after a table of words for the characters that stand for several (頭髮, 發出; 皇后, 以後). */
#ifndef RENGA_MUSE_SCRIPT_H
#define RENGA_MUSE_SCRIPT_H

#include "core/str.h"

enum script {
    SCRIPT_UNTOLD, /* nothing in the text tells */
    SCRIPT_SIMPLIFIED,
    SCRIPT_TRADITIONAL,
};

/* The script that a text's telling characters speak for; of a mixture the more frequent, and of equals the first. */
enum script script_of(struct span text);
/* The same, where somebody has to decide: SCRIPT_SIMPLIFIED when nothing tells. */
enum script script_or_default(struct span text);

/* Appends the text in that script, or as it is for SCRIPT_UNTOLD; what is not Chinese stays byte by byte. Text that is traditional already
 * gets the vocabulary's forms and nothing else changes (a single 后 or 里 is left alone). */
void script_convert(struct str *out, struct span text, enum script to);
/* One character without a neighbour: the commonest of what it may stand for; itself when there is nothing to turn. */
int32_t script_traditional(int32_t cp);
int32_t script_simplified(int32_t cp);
/* The vocabulary's form of a traditional character (爲 for 為); never changes the script. */
int32_t script_unified(int32_t cp);

#endif
