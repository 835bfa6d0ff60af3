/* How text is spelt for the full-text index, so that any run of Chinese characters is found exactly and words are found whole. Knows no
 * table.
 *
 * The index cuts text at white space; a Han or kana character therefore gets spaces around it and becomes a word of its own, and a search
 * for 艺术 asks for the phrase "艺 术". Emoji and symbols, which the index would skip, are spelt "u1f342".
 *
 * The index comes in volumes of so many rows, from the oldest to the newest: every word is spelt with the sign of its volume in front, so
 * that a question is put to one volume at a time. Whatever a writer looks for, and however common its beginning, one volume answers in
 * milliseconds, and between two of them a key can be read. */
#ifndef RENGA_STORAGE_TEXT_INDEX_H
#define RENGA_STORAGE_TEXT_INDEX_H

#include "core/str.h"

#define VOLUME_NONE (-1) /* rows that were indexed before there were volumes */
#define VOLUME_MAX  4095

/* Appends the spelling of `text`. The same text always gives the same spelling: the index is cleaned by spelling a text again. */
void text_index_spell(struct str *out, struct span text, int volume);
/* Appends the boundary that no phrase reaches across. */
void text_index_boundary(struct str *out);
/* Appends the term as a quoted phrase; false (nothing appended) when it holds nothing that the index knows. */
bool text_index_phrase(struct str *out, struct span term, int volume);
/* Whether every run of Han characters (or, where the term has no word at all, the term itself) stands in the text letter by letter: the
 * index passes over punctuation and would find 风雨 in 风,雨. */
bool text_index_exact(struct span term, struct span text);
/* Where the term stands in the text, ASCII capitals or not; -1: nowhere in these letters. */
ptrdiff_t text_index_find(struct span term, struct span text);

#endif
