/* How long a text is, as writers count it. */
#ifndef RENGA_CORE_COUNT_H
#define RENGA_CORE_COUNT_H

#include "core/str.h"

struct count {
    int64_t han;        /* 字: Han characters without punctuation */
    int64_t han_marks;  /* Han characters and CJK punctuation together (— … “” ‘’ · beside CJK text only) */
    int64_t words;      /* words of scripts that write spaces (letters, digits, apostrophes and hyphens inside) */
    int64_t lines;      /* non-empty lines */
    int64_t clusters;   /* grapheme clusters, newlines not counted */
};
void count_add(struct count *c, struct span text); /* whole texts; adds up over several calls */
bool is_han(int32_t cp);                           /* Han ideographs of all blocks, 〇 and 々 included */
bool is_cjk_mark(int32_t cp);                      /* punctuation of CJK blocks and full-width forms, —, …, “” ‘’ */

#endif
