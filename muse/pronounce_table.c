#include "muse/pronounce_table.h"
#include "core/mem.h"

#include <string.h>

extern const unsigned char muse_words[]; /* data/words.bin: four counts, then where each section begins, then the sections; little-endian */

enum {
    BLOCK = 16, /* words, and classes, are stored in runs of so many */
};

enum section {
    WORD_BLOCKS, /* u32: where each block of words begins in TEXT */
    WAY_STARTS,  /* u16: the number of the first way of each block */
    TEXT,        /* each word: length shared with the one before, then the rest, 0x80 on its last byte */
    HEADS,       /* a byte a word: how common, 16 × ways, 64: light */
    WAYS,        /* u32: rhyme class, onset << 14, pattern << 22 */
    PATTERNS,    /* u32: syllables, then two bits for the stress of each */
    ONSETS,      /* sounds, 0x80 on the last; each begins with a 0 */
    CLASS_BLOCKS, /* u32: where each block of classes begins in CLASSES; class 1 is the first */
    CLASSES,     /* sounds, 0x80 on the last */
    LIST_STARTS, /* u16: of each class, from 0 */
    LISTS,       /* u16: places of words */
};

static uint32_t u16_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32_at(const unsigned char *p)
{
    return u16_at(p) | u16_at(p + 2) << 16;
}

static int word_count(void)
{
    return (int)u32_at(muse_words);
}

int table_classes(void)
{
    return (int)u32_at(muse_words + 4);
}

static int onset_count(void)
{
    return (int)u32_at(muse_words + 8);
}

static const unsigned char *section(enum section s)
{
    return muse_words + u32_at(muse_words + 16 + 4 * (size_t)s);
}

/* Takes the next word of TEXT over the one before; returns what follows it. */
static const unsigned char *next_word(const unsigned char *p, char word[PRONOUNCE_WORD])
{
    size_t len = *p++;
    bool last = false;
    while (!last) {
        last = *p & 0x80;
        word[len++] = (char)(*p++ & 0x7F);
    }
    word[len] = '\0';
    return p;
}

static const unsigned char *block_of_words(int block)
{
    return section(TEXT) + u32_at(section(WORD_BLOCKS) + 4 * (size_t)block);
}

/* Takes the next string of sounds; returns what follows it. */
static const unsigned char *next_sounds(const unsigned char *p, unsigned char sounds[SOUNDS_MAX], int *len)
{
    bool last = false;
    *len = 0;
    while (!last) {
        last = *p & 0x80;
        sounds[(*len)++] = *p++ & 0x7F;
    }
    return p;
}

static const unsigned char *block_of_classes(int block)
{
    return section(CLASSES) + u32_at(section(CLASS_BLOCKS) + 4 * (size_t)block);
}

static void sounds_of_class(int rhyme, unsigned char sounds[SOUNDS_MAX], int *len)
{
    const unsigned char *p = block_of_classes((rhyme - 1) / BLOCK);
    for (int i = 0; i <= (rhyme - 1) % BLOCK; i++)
        p = next_sounds(p, sounds, len);
}

static int compare_sounds(const unsigned char *a, int a_len, const unsigned char *b, int b_len)
{
    int both = memcmp(a, b, (size_t)(a_len < b_len ? a_len : b_len));
    return both != 0 ? both : a_len - b_len;
}

int table_class(const unsigned char *sounds, int len)
{
    unsigned char other[SOUNDS_MAX];
    int other_len;
    int low = 0;
    int high = (table_classes() + BLOCK - 1) / BLOCK;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        next_sounds(block_of_classes(middle), other, &other_len);
        if (compare_sounds(other, other_len, sounds, len) <= 0)
            low = middle;
        else
            high = middle;
    }
    const unsigned char *p = block_of_classes(low);
    for (int rhyme = low * BLOCK + 1; rhyme <= table_classes() && rhyme <= (low + 1) * BLOCK; rhyme++) {
        p = next_sounds(p, other, &other_len);
        if (compare_sounds(other, other_len, sounds, len) == 0)
            return rhyme;
    }
    return 0;
}

int table_onset(const unsigned char *sounds, int len)
{
    unsigned char other[SOUNDS_MAX];
    int other_len;
    const unsigned char *p = section(ONSETS);
    for (int onset = 0; onset < onset_count(); onset++) {
        p = next_sounds(p, other, &other_len);
        if (compare_sounds(other + 1, other_len - 1, sounds, len) == 0)
            return onset;
    }
    return 0;
}

static void read_way(uint32_t packed, struct way *w, int *rhyme)
{
    uint32_t pattern = u32_at(section(PATTERNS) + 4 * (size_t)(packed >> 22));
    w->syllables = (int)(pattern & 15);
    for (int i = 0; i < w->syllables; i++)
        w->stress[i] = (char)('0' + (pattern >> (4 + 2 * i) & 3));
    w->stress[w->syllables] = '\0';
    w->onset = (int)(packed >> 14 & 255);
    *rhyme = (int)(packed & 0x3FFF);
    sounds_of_class(*rhyme, w->tail, &w->tail_len);
}

static void read_entry(int place, struct entry *e)
{
    const unsigned char *heads = section(HEADS);
    int block = place / BLOCK;
    uint32_t way = u16_at(section(WAY_STARTS) + 2 * (size_t)block);
    for (int i = block * BLOCK; i < place; i++)
        way += heads[i] >> 4 & 3;
    e->common = heads[place] & 15;
    e->count = heads[place] >> 4 & 3;
    e->light = heads[place] & 64;
    for (int i = 0; i < e->count; i++)
        read_way(u32_at(section(WAYS) + 4 * (size_t)(way + (uint32_t)i)), &e->ways[i], &e->rhymes[i]);
}

bool table_find(const char *word, struct entry *e)
{
    char other[PRONOUNCE_WORD];
    int low = 0;
    int high = (word_count() + BLOCK - 1) / BLOCK;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        next_word(block_of_words(middle), other);
        if (strcmp(other, word) <= 0)
            low = middle;
        else
            high = middle;
    }
    const unsigned char *p = block_of_words(low);
    for (int place = low * BLOCK; place < word_count() && place < (low + 1) * BLOCK; place++) {
        p = next_word(p, other);
        if (strcmp(other, word) == 0) {
            read_entry(place, e);
            return true;
        }
    }
    return false;
}

void table_word(int place, char word[PRONOUNCE_WORD], struct entry *e)
{
    CHECK(place >= 0 && place < word_count());
    const unsigned char *p = block_of_words(place / BLOCK);
    for (int i = 0; i <= place % BLOCK; i++)
        p = next_word(p, word);
    read_entry(place, e);
}

static uint32_t list_start(int rhyme)
{
    return u16_at(section(LIST_STARTS) + 2 * (size_t)rhyme);
}

int table_class_size(int rhyme)
{
    return rhyme < 1 || rhyme > table_classes() ? 0 : (int)(list_start(rhyme + 1) - list_start(rhyme));
}

int table_class_place(int rhyme, int i)
{
    CHECK(i >= 0 && i < table_class_size(rhyme));
    return (int)u16_at(section(LISTS) + 2 * (size_t)(list_start(rhyme) + (uint32_t)i));
}
