#include "check_en.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/pronounce.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 64, WORDS = 32 };

enum metre { NO_METRE, FREE, IAMBIC, TRIPLE };

/* -- the forms ----------------------------------------------------------------------------------------------------------------------- */

/* `scheme`: a letter a line, a blank for an empty line; x rhymes with nothing. A and Z are refrains: they rhyme with a and come back word
 * by word. `least` and `most` are the syllables of each line (T: ten, E: eleven); the last figure holds for all that follow. A form of
 * several `times` is that stanza again and again, with new rhymes. */
static const struct law {
    const char *name;
    enum metre metre;
    const char *scheme, *least, *most;
    int times;
    bool apart; /* its stanzas */
} laws[] = {
    {"couplet", IAMBIC, "aa", "T", "T", 1, false},
    {"couplets", IAMBIC, "aa", "T", "T", 4, false},
    {"tetrameter", IAMBIC, "aa", "8", "8", 4, false},
    {"quatrain", IAMBIC, "abab", "8", "8", 1, false},
    {"quatrain_aabb", IAMBIC, "aabb", "8", "8", 1, false},
    {"quatrain_abba", IAMBIC, "abba", "8", "8", 1, false},
    {"ballad", IAMBIC, "xaxa", "8686", "8686", 3, true},
    {"sonnet", IAMBIC, "abab cdcd efef gg", "T", "T", 1, false},
    {"petrarchan", IAMBIC, "abbaabba cdecde", "T", "T", 1, false},
    {"villanelle", IAMBIC, "AbZ abA abZ abA abZ abAZ", "T", "T", 1, false},
    {"haiku", NO_METRE, "xxx", "575", "575", 1, false},
    {"limerick", TRIPLE, "aabba", "88558", "99669", 1, false},
    {"blank", IAMBIC, "x", "T", "T", 12, false},
    {"free", FREE, "x", "3", "E", 10, false},
};

/* What a line has to be. */
struct wanted {
    int rhyme;   /* lines of one number rhyme; 0: with nothing */
    int refrain; /* lines of one number are the same; 0: none */
    int least, most;
    bool stanza_end;
};

/* What a line is. */
struct line {
    struct span text;
    struct span word[WORDS];
    struct pronunciation ways[WORDS][PRONOUNCE_WAYS];
    int way_count[WORDS];
    int words;
    int breaks;                           /* empty lines behind it */
    struct pronunciation end[PRONOUNCE_WAYS]; /* the ways to say the last word that make the line what it has to be, strong ends alone
                                                 where it rhymes */
    int ends;
};

struct poem {
    const struct law *law;
    struct line line[LINES];
    struct wanted wanted[LINES];
    int lines, due; /* lines that are there, and that should be */
    struct faults *faults;
};

static void blame(struct poem *p, const char *rule, int line)
{
    fault_add(p->faults, rule, line + 1);
}

static int figure(const char *figures, size_t at)
{
    size_t count = strlen(figures);
    char c = figures[at < count ? at : count - 1];
    return c == 'T' ? 10 : c == 'E' ? 11 : c - '0';
}

static void want_stanza(struct poem *p, int first_rhyme)
{
    size_t at = 0;
    for (const char *c = p->law->scheme; *c; c++) {
        struct wanted *w = &p->wanted[p->due];
        if (*c == ' ') {
            w[-1].stanza_end = true;
            continue;
        }
        bool refrain = *c == 'A' || *c == 'Z';
        w->rhyme = *c == 'x' ? 0 : first_rhyme + (refrain ? 0 : *c - 'a');
        w->refrain = refrain ? *c : 0;
        w->least = figure(p->law->least, at);
        w->most = figure(p->law->most, at++);
        p->due++;
    }
}

static void want_poem(struct poem *p, int lines)
{
    int size = 0, first_rhyme = 1;
    for (const char *c = p->law->scheme; *c; c++)
        size += *c != ' ';
    int times = lines && p->law->times > 1 ? (lines + size - 1) / size : p->law->times;
    for (int i = 0; i < times && p->due + size <= LINES; i++, first_rhyme += 8) {
        want_stanza(p, first_rhyme);
        p->wanted[p->due - 1].stanza_end = p->law->apart && i < times - 1;
    }
}

/* -- the page ------------------------------------------------------------------------------------------------------------------------ */

static size_t letter(struct span sp)
{
    int32_t cp = 0;
    int n = utf8_decode(sp, &cp);
    bool is = n > 0 && (cp_between(cp, 'a', 'z') || cp_between(cp, 'A', 'Z') || (cp_between(cp, 0xC0, 0x24F) && cp != 0xD7 && cp != 0xF7));
    return is ? (size_t)n : 0;
}

static size_t apostrophe(struct span sp)
{
    return sp.len && sp.s[0] == '\'' ? 1 : span_starts(sp, "\xE2\x80\x99") ? 3 : 0;
}

static struct span from(struct span sp, size_t at)
{
    return span_cut(sp, at, sp.len);
}

/* The bytes of the word at the start of sp: letters, and what joins them. */
static size_t word_length(struct span sp)
{
    size_t at = apostrophe(sp);
    if (!letter(from(sp, at)))
        return 0;
    for (;;) {
        size_t n = letter(from(sp, at)), joint = apostrophe(from(sp, at));
        if (!joint && at < sp.len && sp.s[at] == '-')
            joint = 1;
        if (!n && !(joint && letter(from(sp, at + joint))))
            return at;
        at += n ? n : joint;
    }
}

static void read_words(struct line *l)
{
    for (size_t at = 0; at < l->text.len && l->words < WORDS;) {
        size_t n = word_length(from(l->text, at));
        if (n) {
            struct span word = span_cut(l->text, at, at + n);
            l->way_count[l->words] = pronounce(word, l->ways[l->words]);
            l->word[l->words++] = word;
        }
        at += n ? n : 1;
    }
}

static void read_poem(struct poem *p, struct span text)
{
    struct span line;
    while (p->lines < LINES && span_line(&text, &line)) {
        if (line.len) {
            p->line[p->lines].text = line;
            read_words(&p->line[p->lines++]);
        } else if (p->lines) {
            p->line[p->lines - 1].breaks++;
        } else {
            blame(p, "stanza", 0);
        }
    }
}

static bool plain_signs(struct span line)
{
    for (size_t at = 0; at < line.len;) {
        struct span rest = from(line, at);
        size_t n = letter(rest) ? letter(rest) : apostrophe(rest);
        if (!n && span_starts(rest, "\xE2\x80\x94"))
            n = 3;
        if (!n && strchr(" ,.;:!?-", rest.s[0]))
            n = 1;
        if (!n || (rest.s[0] == ' ' && (at == 0 || at == line.len - 1 || rest.s[1] == ' ')))
            return false;
        at += n;
    }
    return true;
}

static char first_letter(const struct line *l)
{
    return l->words ? from(l->word[0], apostrophe(l->word[0])).s[0] : '\0';
}

static void check_signs(struct poem *p, int i)
{
    const struct line *l = &p->line[i];
    bool ends = i < p->lines - 1 || strchr(".!?", l->text.s[l->text.len - 1]);
    if (!plain_signs(l->text) || !isupper((unsigned char)first_letter(l)) || !ends)
        blame(p, "sign", i);
}

/* -- words and metre ----------------------------------------------------------------------------------------------------------------- */

/* Words that are said in one syllable or two, whatever a dictionary decides; of several lengths are also those that it leaves open. */
static bool of_open_length(const struct line *l, int word)
{
    static const char *const open[] = {"fire", "heaven", "hour", "flower", "power", "tower", "shower", "every"};
    char small[16] = "";
    for (size_t i = 0; i < l->word[word].len && i < sizeof small - 1; i++)
        small[i] = (char)tolower((unsigned char)l->word[word].s[i]);
    for (size_t i = 0; i < COUNT_OF(open); i++)
        if (strcmp(small, open[i]) == 0)
            return true;
    for (int i = 1; i < l->way_count[word]; i++)
        if (l->ways[word][i].syllables != l->ways[word][0].syllables)
            return true;
    return false;
}

static void check_words(struct poem *p, int i)
{
    const struct line *l = &p->line[i];
    for (int k = 0; k < l->words; k++)
        if (l->way_count[k] == 0 || l->ways[k][0].guessed || (p->law->metre == NO_METRE && of_open_length(l, k))) {
            blame(p, "word", i);
            return;
        }
}

/* Counted from the end, where every line is strong. */
static bool is_strong(enum metre metre, int total, int at)
{
    return metre < IAMBIC || (total - 1 - at) % (metre == IAMBIC ? 2 : 3) == 0;
}

static bool word_fits(enum metre metre, int total, int at, const struct pronunciation *w)
{
    bool trochee = metre == IAMBIC && at == 0 && w->stress[1] != '1'; /* SILent the SEA */
    for (int i = 0; i < w->syllables && w->syllables > 1; i++)
        if (w->stress[i] == '1' && !is_strong(metre, total, at + i) && !(i == 0 && trochee))
            return false;
    return at + w->syllables <= total;
}

/* Where the first words can end in a line of `total` syllables: a bit for each number of syllables. */
static uint64_t reach(const struct line *l, enum metre metre, int total, int words)
{
    uint64_t here = 1;
    for (int k = 0; k < words; k++) {
        uint64_t next = 0;
        for (int at = 0; at <= total; at++)
            for (int i = 0; i < l->way_count[k] && here >> at & 1; i++)
                if (word_fits(metre, total, at, &l->ways[k][i]))
                    next |= (uint64_t)1 << (at + l->ways[k][i].syllables);
        here = next;
    }
    return here;
}

/* Collects the last word's ways to end a line of that length. */
static void find_ends(struct line *l, enum metre metre, int total)
{
    int last = l->words - 1;
    uint64_t before = reach(l, metre, total, last);
    for (int i = 0; i < l->way_count[last] && l->ends < PRONOUNCE_WAYS; i++) {
        const struct pronunciation *w = &l->ways[last][i];
        int at = total - w->syllables;
        if (at >= 0 && before >> at & 1 && word_fits(metre, total, at, w))
            l->end[l->ends++] = *w;
    }
}

static void check_metre(struct poem *p, int i)
{
    struct line *l = &p->line[i];
    const struct wanted *w = &p->wanted[i];
    bool long_enough = false;
    for (int total = w->least; total <= w->most && l->words; total++) {
        find_ends(l, p->law->metre, total);
        long_enough = long_enough || reach(l, NO_METRE, total, l->words) >> total & 1;
    }
    if (!l->ends)
        blame(p, long_enough ? "stress" : "syllables", i);
    int strong = 0;
    for (int k = 0; k < l->ends && w->rhyme; k++)
        if (l->end[k].syllables == 1 || l->end[k].stress[l->end[k].syllables - 1] != '0')
            l->end[strong++] = l->end[k];
    if (w->rhyme && l->ends && !strong)
        blame(p, "feminine", i);
    l->ends = w->rhyme ? strong : l->ends;
}

/* -- rhymes -------------------------------------------------------------------------------------------------------------------------- */

static struct span end_word(const struct poem *p, int line)
{
    const struct line *l = &p->line[line];
    return l->words ? l->word[l->words - 1] : SPAN("");
}

static bool ends_in(const struct line *l, int rhyme)
{
    for (int i = 0; i < l->ends; i++)
        if (l->end[i].rhyme == rhyme)
            return true;
    return false;
}

/* The class of sounds that most lines of the rhyme end in. */
static int find_class(const struct poem *p, int rhyme)
{
    int best = 0, most = 0;
    for (int i = 0; i < p->lines; i++)
        for (int k = 0; k < p->line[i].ends && p->wanted[i].rhyme == rhyme; k++) {
            int sounds = p->line[i].end[k].rhyme, count = 0;
            for (int other = 0; other < p->lines; other++)
                count += p->wanted[other].rhyme == rhyme && ends_in(&p->line[other], sounds);
            if (sounds && count > most) {
                most = count;
                best = sounds;
            }
        }
    return best;
}

/* Whether two lines rhyme fully by ways that are of that class. */
static bool rhyme_fully(const struct line *a, const struct line *b, int sounds)
{
    for (int i = 0; i < a->ends; i++)
        for (int k = 0; k < b->ends; k++)
            if (a->end[i].rhyme == sounds && b->end[k].rhyme == sounds && pronounce_rhyme(&a->end[i], &b->end[k]) == RHYME_FULL)
                return true;
    return false;
}

static bool same_word(struct span a, struct span b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; i < a.len && same; i++)
        same = tolower((unsigned char)a.s[i]) == tolower((unsigned char)b.s[i]);
    return same;
}

/* The earlier line whose refrain this is, or -1. */
static int refrain_of(const struct poem *p, int line)
{
    for (int i = 0; i < line && p->wanted[line].refrain; i++)
        if (p->wanted[i].refrain == p->wanted[line].refrain)
            return i;
    return -1;
}

/* One blame a line, the earliest. */
static void check_line_rhymes(struct poem *p, int i)
{
    int rhyme = p->wanted[i].rhyme, sounds = rhyme ? find_class(p, rhyme) : 0;
    if (!p->line[i].ends)
        return; /* not a line at all, and blamed for it */
    if (rhyme && !ends_in(&p->line[i], sounds)) {
        blame(p, "rhyme", i);
        return;
    }
    for (int k = 0; k < i; k++) {
        bool mates = rhyme && p->wanted[k].rhyme == rhyme;
        bool same = same_word(end_word(p, i), end_word(p, k));
        bool bad = mates ? same || (ends_in(&p->line[k], sounds) && !rhyme_fully(&p->line[k], &p->line[i], sounds))
                         : same || pronounce_words_rhyme(end_word(p, k), end_word(p, i)) >= RHYME_IDENTICAL;
        if (bad && p->line[k].ends && refrain_of(p, k) < 0) {
            blame(p, mates ? "rhyme" : "chime", i);
            return;
        }
    }
}

static void check_rhymes(struct poem *p)
{
    for (int i = 0; i < p->lines; i++) {
        int earlier = refrain_of(p, i);
        if (earlier < 0)
            check_line_rhymes(p, i);
        else if (!span_equal(p->line[i].text, p->line[earlier].text))
            blame(p, "refrain", i);
    }
}

/* -- what was asked ------------------------------------------------------------------------------------------------------------------ */

static void check_acrostic(struct poem *p, const char *acrostic)
{
    int i = 0;
    for (const char *c = acrostic; *c; c++) {
        if (!isalpha((unsigned char)*c))
            continue;
        if (i >= p->lines || first_letter(&p->line[i]) != toupper((unsigned char)*c)) {
            blame(p, "acrostic", i);
            return;
        }
        i++;
    }
}

static void check_given(struct poem *p, const char *word)
{
    for (int i = 0; i < p->lines; i++)
        if (p->wanted[i].rhyme && pronounce_words_rhyme(end_word(p, i), span_of(word)) >= RHYME_IDENTICAL)
            return;
    blame(p, "given", -1);
}

static void check_asked(struct poem *p, const struct asked *asked, struct span text)
{
    if (asked->acrostic)
        check_acrostic(p, asked->acrostic);
    if (asked->first && !span_starts(text, asked->first))
        blame(p, "first", 0);
    if (asked->rhyme)
        check_given(p, asked->rhyme);
}

static void check_poem(struct poem *p)
{
    if (p->lines != p->due)
        blame(p, "lines", -1);
    for (int i = 0; i < p->lines; i++) {
        check_signs(p, i);
        check_words(p, i);
    }
    if (p->lines != p->due)
        return;
    for (int i = 0; i < p->lines; i++) {
        if (p->line[i].breaks != p->wanted[i].stanza_end)
            blame(p, "stanza", i);
        check_metre(p, i);
    }
    if (p->law->metre != FREE)
        check_rhymes(p);
}

static const struct law *find_law(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(laws); i++)
        if (strcmp(laws[i].name, name) == 0)
            return &laws[i];
    return NULL;
}

void check_en(const struct asked *asked, struct span text, struct faults *f)
{
    struct poem *p = mem_new(1, sizeof *p);
    p->law = find_law(asked->form);
    p->faults = f;
    if (p->law) {
        want_poem(p, asked->lines);
        read_poem(p, text);
        check_poem(p);
        check_asked(p, asked, text);
    } else {
        blame(p, "unknown", -1);
    }
    free(p);
}
