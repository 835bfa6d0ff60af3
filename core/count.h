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

/* A text that grows: counting its pieces one after another, cut at code points, gives what counting it whole gives (but for clusters,
 * where a combining mark that begins a piece counts for itself). Zeroed memory is a text with nothing in it. */
struct counter {
    struct count count;
    /* what stands before the next code point */
    bool word;      /* a letter of a word, or a mark on one */
    bool joined;    /* a letter and then one apostrophe or hyphen */
    bool cjk;       /* Han or a mark counted with it */
    bool written;   /* anything but white space on this line */
    int64_t shared; /* shared marks since the last other character: CJK follows, and they count with it */
};
void counter_add(struct counter *k, struct span piece);
bool is_han(int32_t cp);                           /* Han ideographs of all blocks, 〇 and 々 included */
bool is_cjk_mark(int32_t cp);                      /* punctuation of CJK blocks and full-width forms, —, …, “” ‘’ */
bool is_word_letter(int32_t cp);                   /* letters and digits of scripts that write spaces between words */
bool is_white(int32_t cp);
bool is_written_mark(int32_t cp);                   /* of any script, without symbols */

#endif
