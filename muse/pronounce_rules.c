#include "muse/pronounce_rules.h"
#include "core/mem.h"

#include <string.h>

/* The longest word that a rule makes: one more letter than it was given, at times. */
#define LETTERS (PRONOUNCE_WORD + 4)

static bool is_vowel_letter(char c)
{
    return c != '\0' && strchr("aeiouy", c);
}

static bool ends(const char *word, const char *ending)
{
    size_t len = strlen(word);
    size_t tail = strlen(ending);
    return len > tail && strcmp(word + len - tail, ending) == 0;
}

/* `stem` + `added`, where it is not too long to be a word of the table. */
static bool spell(char out[LETTERS], const char *stem, size_t stem_len, const char *added)
{
    size_t added_len = strlen(added);
    if (stem_len + added_len >= PRONOUNCE_WORD || stem_len == 0)
        return false;
    memmove(out, stem, stem_len);
    memcpy(out + stem_len, added, added_len + 1);
    return true;
}

static bool derive_spelt(const char *stem, size_t stem_len, const char *added, int depth, struct entry *e)
{
    char word[LETTERS];
    return spell(word, stem, stem_len, added) && rules_derive(word, depth, e);
}

/* Adds sounds to the end of a way; `stress` has a digit for each syllable among them. */
static void add_sounds(struct way *w, const unsigned char *sounds, int count, const char *stress)
{
    for (int i = 0; i < count && w->tail_len < SOUNDS_MAX; i++)
        w->tail[w->tail_len++] = sounds[i];
    for (; *stress && w->syllables < PRONOUNCE_SYLLABLES; stress++)
        w->stress[w->syllables++] = *stress;
    w->stress[w->syllables] = '\0';
}

static unsigned char last_sound(const struct way *w)
{
    return w->tail_len > 0 ? w->tail[w->tail_len - 1] : SOUND_NONE;
}

static bool is_sound_of(unsigned char sound, const unsigned char *set)
{
    return strchr((const char *)set, sound) && sound != SOUND_NONE;
}

static const unsigned char hissing[] = {SOUND_S, SOUND_Z, SOUND_SH, SOUND_ZH, SOUND_CH, SOUND_JH, 0};
static const unsigned char voiceless[] = {SOUND_P, SOUND_T, SOUND_K, SOUND_F, SOUND_TH, SOUND_S, SOUND_SH, SOUND_CH, 0};

static void add_s(struct way *w)
{
    if (is_sound_of(last_sound(w), hissing))
        add_sounds(w, (const unsigned char[]){AX, SOUND_Z}, 2, "0");
    else
        add_sounds(w, (const unsigned char[]){is_sound_of(last_sound(w), voiceless) ? SOUND_S : SOUND_Z}, 1, "");
}

static void add_ed(struct way *w)
{
    if (last_sound(w) == SOUND_T || last_sound(w) == SOUND_D)
        add_sounds(w, (const unsigned char[]){AX, SOUND_D}, 2, "0");
    else
        add_sounds(w, (const unsigned char[]){is_sound_of(last_sound(w), voiceless) ? SOUND_T : SOUND_D}, 1, "");
}

/* How an ending meets the stem's letters. */
enum joint {
    PLAIN,  /* gold + en */
    VERBAL, /* also love + ing, sit + t + ing, merry → merri + er */
    HEAVY,  /* begins a syllable that is stressed, so that the rhyme begins there: god + like */
};

/* Longer ones stand before those that they end with. */
static const struct ending {
    const char *letters;
    enum joint joint;
    const char *stress;       /* of its syllables */
    unsigned char sounds[8];  /* NUL-ended */
    void (*add)(struct way *w); /* instead of `sounds` */
} endings[] = {
    {"'s", PLAIN, "", {0}, add_s},
    {"s'", PLAIN, "", {0}, add_s},
    {"'d", VERBAL, "", {0}, add_ed},
    {"'st", VERBAL, "", {SOUND_S, SOUND_T}, NULL},
    {"'th", VERBAL, "", {SOUND_TH}, NULL},
    {"'ll", PLAIN, "0", {AX, SOUND_L}, NULL},
    {"'ve", PLAIN, "0", {AX, SOUND_V}, NULL},
    {"'re", PLAIN, "0", {ER}, NULL},
    {"n't", PLAIN, "0", {AX, SOUND_N, SOUND_T}, NULL},
    {"less", PLAIN, "0", {SOUND_L, AX, SOUND_S}, NULL},
    {"ness", VERBAL, "0", {SOUND_N, AX, SOUND_S}, NULL},
    {"ful", VERBAL, "0", {SOUND_F, AX, SOUND_L}, NULL},
    {"some", PLAIN, "0", {SOUND_S, AX, SOUND_M}, NULL},
    {"wards", PLAIN, "0", {SOUND_W, ER, SOUND_D, SOUND_Z}, NULL},
    {"ward", PLAIN, "0", {SOUND_W, ER, SOUND_D}, NULL},
    {"like", HEAVY, "2", {SOUND_L, AY, SOUND_K}, NULL},
    {"hood", HEAVY, "2", {SOUND_HH, UH, SOUND_D}, NULL},
    {"most", HEAVY, "2", {SOUND_M, OW, SOUND_S, SOUND_T}, NULL},
    {"wise", HEAVY, "2", {SOUND_W, AY, SOUND_Z}, NULL},
    {"ship", PLAIN, "0", {SOUND_SH, IH, SOUND_P}, NULL},
    {"dom", PLAIN, "0", {SOUND_D, AX, SOUND_M}, NULL},
    {"let", PLAIN, "0", {SOUND_L, AX, SOUND_T}, NULL},
    {"ling", PLAIN, "0", {SOUND_L, IH, SOUND_NG}, NULL},
    {"ment", PLAIN, "0", {SOUND_M, AX, SOUND_N, SOUND_T}, NULL},
    {"able", VERBAL, "00", {AX, SOUND_B, AX, SOUND_L}, NULL},
    {"ing", VERBAL, "0", {IH, SOUND_NG}, NULL},
    {"in'", VERBAL, "0", {IH, SOUND_N}, NULL},
    {"ings", VERBAL, "0", {IH, SOUND_NG, SOUND_Z}, NULL},
    {"ish", VERBAL, "0", {IH, SOUND_SH}, NULL},
    {"eth", VERBAL, "0", {AX, SOUND_TH}, NULL},
    {"est", VERBAL, "0", {AX, SOUND_S, SOUND_T}, NULL},
    {"ers", VERBAL, "0", {ER, SOUND_Z}, NULL},
    {"er", VERBAL, "0", {ER}, NULL},
    {"en", VERBAL, "0", {AX, SOUND_N}, NULL},
    {"ed", VERBAL, "", {0}, add_ed},
    {"es", VERBAL, "", {0}, add_s},
    {"ly", VERBAL, "0", {SOUND_L, IY}, NULL},
    {"s", PLAIN, "", {0}, add_s},
    {"y", VERBAL, "0", {IY}, NULL},
    {"d", PLAIN, "", {0}, add_ed},
};

/* Where a heavy ending's vowel stands among its sounds. */
static int vowel_of(const unsigned char *sounds)
{
    int at = 0;
    while (sounds[at] > UW)
        at++;
    return at;
}

static void add_ending(struct way *w, const struct ending *ending)
{
    int count = (int)strlen((const char *)ending->sounds);
    if (ending->add) {
        ending->add(w);
        return;
    }
    if (ending->joint == HEAVY) {
        int vowel = vowel_of(ending->sounds);
        w->onset = table_onset(ending->sounds, vowel);
        w->tail_len = 0;
        add_sounds(w, ending->sounds + vowel, count - vowel, ending->stress);
        return;
    }
    add_sounds(w, ending->sounds, count, ending->stress);
}

/* Is said in the table or by a rule: the stem of an ending, in the spellings that the ending may have changed. */
static bool derive_stem(const char *word, size_t len, const struct ending *ending, int depth, struct entry *e)
{
    if (derive_spelt(word, len, "", depth, e))
        return true;
    if (ending->joint != VERBAL || len < 2)
        return false;
    if (word[len - 1] == 'i' && derive_spelt(word, len - 1, "y", depth, e))
        return true;
    bool doubled = len > 2 && word[len - 1] == word[len - 2] && !is_vowel_letter(word[len - 1]);
    if (doubled && derive_spelt(word, len - 1, "", depth, e))
        return true;
    return !is_vowel_letter(word[len - 1]) && derive_spelt(word, len, "e", depth, e);
}

static bool derive_ending(const char *word, int depth, struct entry *e)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        const struct ending *ending = &endings[i];
        size_t stem = len - strlen(ending->letters);
        if (!ends(word, ending->letters))
            continue;
        stem += strcmp(ending->letters, "s'") == 0; /* the s belongs to the stem: "stars'" */
        if (stem < 2 || !derive_stem(word, stem, ending, depth, e))
            continue;
        if (ends(word, "s'"))
            return true;
        for (int k = 0; k < e->count; k++)
            add_ending(&e->ways[k], ending);
        return true;
    }
    return false;
}

/* Spellings of other places and times, and what the table writes. */
static const struct spelling {
    const char *from, *to;
    bool at_end;
} spellings[] = {
    {"our", "or", false},  {"tre", "ter", true},   {"cre", "cer", true},  {"chre", "cher", true}, {"ise", "ize", true},
    {"ised", "ized", true}, {"ising", "izing", true}, {"yse", "yze", true}, {"ence", "ense", true},  {"ogue", "og", true},
    {"lled", "led", true}, {"lling", "ling", true}, {"ller", "ler", true}, {"ae", "e", false},      {"oe", "e", false},
    {"ie", "y", true},     {"ull", "ul", true},    {"ful", "full", false}, {"il", "ill", false},    {"gipsy", "gypsy", false},
    {"aw", "augh", false}, {"gray", "grey", false}, {"grey", "gray", false}, {"eer", "ere", true},   {"ck", "c", true},
    {"th", "t", true},     {"dg", "dge", false},
};

static bool derive_respelt(const char *word, int depth, struct entry *e)
{
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        const struct spelling *s = &spellings[i];
        const char *found = strstr(word, s->from);
        char other[LETTERS];
        if (!found || (s->at_end && found[strlen(s->from)] != '\0') || (size_t)(found - word) < 2)
            continue;
        size_t rest = (size_t)(found - word) + strlen(s->from);
        if (!spell(other, word, (size_t)(found - word), s->to) || strlen(other) + strlen(word + rest) >= PRONOUNCE_WORD)
            continue;
        memcpy(other + strlen(other), word + rest, strlen(word + rest) + 1);
        if (rules_derive(other, depth, e))
            return true;
    }
    size_t len = strlen(word);
    return len > 3 && word[len - 1] == 'e' && derive_spelt(word, len - 1, "", depth, e);
}

/* An apostrophe inside for a vowel that is not said: "glitt'ring", "num'rous". One weak syllable less. */
static bool derive_elided(const char *word, int depth, struct entry *e)
{
    const char *mark = strchr(word, '\'');
    if (!mark || mark == word || mark[1] == '\0')
        return false;
    for (const char *vowel = "eoiau"; *vowel; vowel++) {
        char other[LETTERS];
        memcpy(other, word, strlen(word) + 1);
        other[mark - word] = *vowel;
        if (!rules_derive(other, depth, e))
            continue;
        for (int k = 0; k < e->count; k++) {
            struct way *w = &e->ways[k];
            char *weak = w->syllables > 1 ? strchr(w->stress + 1, '0') : NULL;
            if (weak) {
                memmove(weak, weak + 1, strlen(weak));
                w->syllables--;
            }
        }
        return true;
    }
    return false;
}

static const struct prefix {
    const char *letters, *stress;
} prefixes[] = {
    {"under", "20"}, {"over", "20"}, {"inter", "20"}, {"super", "20"}, {"o'er", "2"}, {"fore", "2"}, {"with", "0"}, {"out", "2"},
    {"mis", "0"},    {"dis", "0"},   {"non", "2"},    {"sub", "0"},    {"un", "0"},   {"up", "2"},   {"re", "0"},   {"be", "0"},
    {"en", "0"},     {"em", "0"},    {"in", "0"},     {"im", "0"},     {"a", "0"},
};

static bool derive_prefixed(const char *word, int depth, struct entry *e)
{
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        size_t len = strlen(prefixes[i].letters);
        if (strncmp(word, prefixes[i].letters, len) != 0 || strlen(word + len) < 3 || !rules_derive(word + len, depth, e))
            continue;
        for (int k = 0; k < e->count; k++) {
            struct way *w = &e->ways[k];
            struct way base = *w;
            w->syllables = 0;
            add_sounds(w, NULL, 0, prefixes[i].stress);
            add_sounds(w, NULL, 0, base.stress);
        }
        return true;
    }
    return false;
}

void rules_join(const struct entry *first, const struct entry *second, struct entry *e)
{
    struct entry both = *second;
    both.light = false;
    for (int k = 0; k < both.count; k++) {
        struct way *w = &both.ways[k];
        struct way base = *w;
        w->syllables = 0;
        add_sounds(w, NULL, 0, first->ways[0].stress);
        add_sounds(w, NULL, 0, base.stress);
        for (int i = first->ways[0].syllables; i < w->syllables; i++)
            w->stress[i] = w->stress[i] == '1' && strchr(first->ways[0].stress, '1') ? '2' : w->stress[i];
    }
    *e = both;
}

/* Two words of the table written as one: "sunbeam". The second as long as can be, none shorter than three letters. */
static bool derive_compound(const char *word, struct entry *e)
{
    size_t len = strlen(word);
    for (size_t at = 3; at + 3 <= len; at++) {
        char head[LETTERS];
        struct entry first;
        struct entry second;
        if (spell(head, word, at, "") && table_find(head, &first) && first.common > 3 && rules_derive(word + at, 1, &second) &&
            second.common > 3) {
            rules_join(&first, &second, e);
            return true;
        }
    }
    return false;
}

/* A word that is written with an apostrophe at its edge, or without one that it has: 'gainst, tho'. */
static bool derive_bare(const char *word, int depth, struct entry *e)
{
    size_t len = strlen(word);
    if (word[0] == '\'' && len > 1)
        return rules_derive(word + 1, depth, e);
    return len > 1 && word[len - 1] == '\'' && derive_spelt(word, len - 1, "", depth, e);
}

bool rules_derive(const char *word, int depth, struct entry *e)
{
    if (table_find(word, e))
        return true;
    if (depth <= 0 || strlen(word) < 2)
        return false;
    depth--;
    if (derive_ending(word, depth, e) || derive_bare(word, depth, e) || derive_elided(word, depth, e) || derive_respelt(word, depth, e) ||
        derive_prefixed(word, depth, e) || (depth > 0 && derive_compound(word, e))) {
        e->light = false;
        return true;
    }
    return false;
}

/* The syllables that the letters show: runs of vowels, but for a silent e at the end. */
static int count_syllables(const char *word)
{
    size_t len = strlen(word);
    int count = 0;
    for (size_t i = 0; i < len; i++)
        count += is_vowel_letter(word[i]) && (i == 0 || !is_vowel_letter(word[i - 1]));
    bool silent = len > 2 && word[len - 1] == 'e' && !is_vowel_letter(word[len - 2]);
    bool le = silent && word[len - 2] == 'l' && !is_vowel_letter(word[len - 3]);
    bool ed = len > 3 && ends(word, "ed") && !strchr("td", word[len - 3]) && !is_vowel_letter(word[len - 3]);
    count -= count > 1 && ((silent && !le) || ed);
    return count < 1 ? 1 : count > PRONOUNCE_SYLLABLES ? PRONOUNCE_SYLLABLES : count;
}

/* The stressed syllable of a word of unknown sound: the first of two, the last but two of more; the last but one where it ends in -tion, -ic
 * and their like. */
static int guess_stressed(const char *word, int syllables)
{
    static const char *const pulling[] = {"tion", "sion", "cian", "ic", "ics", "ity", "ious", "ian"};
    if (syllables <= 2)
        return 0;
    for (size_t i = 0; i < COUNT_OF(pulling); i++)
        if (ends(word, pulling[i]))
            return syllables - (strcmp(pulling[i], "ity") == 0 ? 3 : 2);
    return syllables - 3;
}

/* What the letters from the last vowels on mostly sound like in words of one syllable that end in them. */
static void guess_tail(const char *word, struct way *w)
{
    static const char *const heads[] = {"", "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "st", "sh", "br"};
    size_t at = strlen(word);
    at -= at > 2 && word[at - 1] == 'e';
    while (at > 0 && !is_vowel_letter(word[at - 1]))
        at--;
    while (at > 0 && is_vowel_letter(word[at - 1]))
        at--;
    int best = 0;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        char other[LETTERS];
        struct entry e;
        if (!spell(other, heads[i], strlen(heads[i]) + (heads[i][0] == '\0'), "") && heads[i][0] != '\0')
            continue;
        if (strlen(heads[i]) + strlen(word + at) >= PRONOUNCE_WORD)
            continue;
        memcpy(other, heads[i], strlen(heads[i]));
        memcpy(other + strlen(heads[i]), word + at, strlen(word + at) + 1);
        if (table_find(other, &e) && e.ways[0].syllables == 1 && e.common > best) {
            best = e.common;
            w->tail_len = e.ways[0].tail_len;
            memcpy(w->tail, e.ways[0].tail, sizeof w->tail);
        }
    }
}

void rules_guess(const char *word, struct entry *e)
{
    *e = (struct entry){.count = 1};
    struct way *w = &e->ways[0];
    w->syllables = count_syllables(word);
    memset(w->stress, '0', (size_t)w->syllables);
    w->stress[guess_stressed(word, w->syllables)] = '1';
    if (w->stress[w->syllables - 1] != '0')
        guess_tail(word, w);
}
