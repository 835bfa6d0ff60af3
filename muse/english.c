#include "muse/english.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    MERGE_BITS = 14,  /* slots of the table of merges, as a power of two */
    UNIT_MAX = 64,    /* letters of a word that are cut into pieces together; longer words in parts */
    UNKNOWN = '\x04', /* stands for what the alphabet lacks while a text is read */
    CAPITAL = '\x01', /* stands for <cap> while a text is written */
};

struct merge {
    uint32_t pair; /* left << 16 | right; 0: free */
    int made;
};

struct english {
    const struct vocab *vocab;
    int letter[128]; /* the token of each character, -1: not in the alphabet */
    struct merge merges[1 << MERGE_BITS];
    struct span names; /* lower case, a line each, sorted */
    int cap, nl, par;
};

static uint32_t merge_slot(uint32_t pair)
{
    return pair * 2654435769U >> (32 - MERGE_BITS);
}

static void add_merge(struct english *en, uint32_t pair, int made)
{
    uint32_t at = merge_slot(pair);
    while (en->merges[at].pair && en->merges[at].pair != pair)
        at = (at + 1) % (1 << MERGE_BITS);
    en->merges[at] = (struct merge){pair, made};
}

/* The token that two neighbours make, -1: none. */
static int merged(const struct english *en, int left, int right)
{
    uint32_t pair = (uint32_t)left << 16 | (uint32_t)right;
    for (uint32_t at = merge_slot(pair); en->merges[at].pair; at = (at + 1) % (1 << MERGE_BITS))
        if (en->merges[at].pair == pair)
            return en->merges[at].made;
    return -1;
}

static bool take_number(struct span *line, int64_t limit, int *out)
{
    size_t end = 0;
    int64_t value;
    while (end < line->len && line->s[end] != ' ')
        end++;
    if (!span_integer(span_cut(*line, 0, end), &value) || value < 0 || value >= limit)
        return false;
    *out = (int)value;
    *line = span_cut(*line, end + 1, line->len);
    return true;
}

static void read_merges(struct english *en, struct span rest)
{
    struct span line;
    int64_t size = vocab_size(en->vocab);
    for (int count = 0; span_line(&rest, &line); count++) {
        int left, right, made;
        if (span_is(line, "names")) {
            en->names = rest;
            return;
        }
        bool sound = take_number(&line, size, &left) && take_number(&line, size, &right) && take_number(&line, size, &made);
        if (sound && left + right > 0 && count < (1 << MERGE_BITS) / 2)
            add_merge(en, (uint32_t)left << 16 | (uint32_t)right, made);
    }
}

struct english *english_new(const struct vocab *v)
{
    struct english *en = mem_new(1, sizeof *en);
    en->vocab = v;
    for (int c = 0; c < 128; c++) {
        char text = (char)c;
        en->letter[c] = vocab_find(v, (struct span){&text, 1});
    }
    en->cap = vocab_find(v, SPAN("<cap>"));
    en->nl = vocab_find(v, SPAN("<nl>"));
    en->par = vocab_find(v, SPAN("<par>"));
    read_merges(en, vocab_rest(v));
    return en;
}

void english_free(struct english *en)
{
    free(en);
}

/* Words */

#define TITLES " mr mrs messrs dr st "

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_mark(char c)
{
    return c > ' ' && c < 127 && !is_letter(c) && !is_digit(c);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static int compare(struct span a, struct span b)
{
    int order = memcmp(a.s, b.s, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool in_lines(struct span lines, struct span word)
{
    size_t from = 0, to = lines.len;
    while (from < to) {
        size_t begin = from + (to - from) / 2, end = begin;
        while (begin > from && lines.s[begin - 1] != '\n')
            begin--;
        while (end < to && lines.s[end] != '\n')
            end++;
        int order = compare(word, span_cut(lines, begin, end));
        if (order == 0)
            return true;
        if (order < 0)
            to = begin;
        else
            from = end + 1;
    }
    return false;
}

static struct span without_possessive(struct span word)
{
    bool possessive = word.len > 2 && word.s[word.len - 2] == '\'' && word.s[word.len - 1] == 's';
    return possessive ? span_cut(word, 0, word.len - 2) : word;
}

static bool is_name(const struct english *en, struct span word)
{
    return in_lines(en->names, word) || in_lines(en->names, without_possessive(word));
}

/* Words that the vocabulary has whole are no names unless the list says so: the capitals of Nature and Death in old books are dropped. */
static bool is_known(const struct english *en, struct span word)
{
    char text[UNIT_MAX + 1] = " ";
    struct span bare = without_possessive(word);
    if (bare.len >= sizeof text)
        return false;
    memcpy(text + 1, bare.s, bare.len);
    return vocab_find(en->vocab, (struct span){text, bare.len + 1}) >= 0;
}

static bool is_one_of(struct span word, const char *words)
{
    struct str padded = {0};
    str_printf(&padded, " %.*s ", SPAN_ARG(word));
    bool found = span_find(span_of(words), str_span(&padded), 0) >= 0;
    str_release(&padded);
    return found;
}

/* Reading */

static const struct {
    const char *from, *to;
} folds[] = {
    {"‘’‚‛′`´ʼ", "'"},
    {"“”„‟″«»", "\""},
    {"—―", "--"},
    {"–‐‑−", "-"},
    {"…", "..."},
    {"ÀÁÂÃÄÅĀĂĄ", "A"},
    {"àáâãäåāăą", "a"},
    {"ÆǼ", "Ae"},
    {"æǽ", "ae"},
    {"ÇĆČ", "C"},
    {"çćč", "c"},
    {"ÐĎ", "D"},
    {"ðď", "d"},
    {"ÈÉÊËĒĔĘĚ", "E"},
    {"èéêëēĕęě", "e"},
    {"Ğ", "G"},
    {"ğ", "g"},
    {"ÌÍÎÏĪĬİ", "I"},
    {"ìíîïīĭı", "i"},
    {"Ł", "L"},
    {"ł", "l"},
    {"ÑŃŇ", "N"},
    {"ñńň", "n"},
    {"ÒÓÔÕÖØŌŎŐ", "O"},
    {"òóôõöøōŏő", "o"},
    {"Œ", "Oe"},
    {"œ", "oe"},
    {"Ř", "R"},
    {"ř", "r"},
    {"ŚŞŠ", "S"},
    {"śşšſ", "s"},
    {"ß", "ss"},
    {"Þ", "Th"},
    {"þ", "th"},
    {"Ţ", "T"},
    {"ţ", "t"},
    {"ÙÚÛÜŪŬŮŰ", "U"},
    {"ùúûüūŭůű", "u"},
    {"ÝŸ", "Y"},
    {"ýÿ", "y"},
    {"ŹŻŽ", "Z"},
    {"źżž", "z"},
    {"&", "and"},
    {"\u00A0\t\r\u2002\u2003\u2009\u200A\u202F\u3000", " "},
    {"\u00AD\u200B\uFEFF", ""},
};

static const char *folded(struct span character)
{
    for (size_t i = 0; i < COUNT_OF(folds); i++)
        if (span_find(span_of(folds[i].from), character, 0) >= 0)
            return folds[i].to;
    return NULL;
}

/* The text in the vocabulary's alphabet, capitals kept; UNKNOWN for what has no place in it. */
static void fold(const struct english *en, struct span text, struct str *out)
{
    int32_t cp;
    int used;
    for (size_t at = 0; (used = utf8_decode(span_cut(text, at, text.len), &cp)) > 0; at += (size_t)used) {
        struct span character = span_cut(text, at, at + (size_t)used);
        bool plain = cp >= ' ' && cp < 127 && en->letter[(int)lower((char)cp)] >= 0;
        const char *other = plain || cp == '\n' ? NULL : folded(character);
        if (plain || cp == '\n')
            str_add(out, character);
        else if (other)
            str_add_text(out, other);
        else
            str_add_byte(out, UNKNOWN);
    }
}

struct encoder {
    const struct english *en;
    int *tokens, *count, max;
    bool fits;
    bool blank;  /* a blank stands before the next unit */
    bool begins; /* the next word is a sentence's or a line's first */
    bool title;  /* the last word is one whose point ends no sentence */
    int breaks;  /* line breaks since the last unit */
};

/* A token below 0 is one that a bad vocabulary lacks. */
static void put(struct encoder *c, int token)
{
    if (token < 0)
        return;
    if (*c->count < c->max)
        c->tokens[(*c->count)++] = token;
    else
        c->fits = false;
}

/* Byte-pair encoding: of all neighbours that can be merged those first whose merge was learnt first, as long as there are any. */
static void put_pieces(struct encoder *c, struct span text)
{
    int piece[UNIT_MAX + 1], count = 0;
    if (c->blank)
        piece[count++] = c->en->letter[' '];
    for (size_t i = 0; i < text.len; i++)
        piece[count++] = c->en->letter[(unsigned char)text.s[i]];
    for (;;) {
        int best = -1, at = 0;
        for (int i = 0; i + 1 < count; i++) {
            int made = merged(c->en, piece[i], piece[i + 1]);
            if (made >= 0 && (best < 0 || made < best)) {
                best = made;
                at = i;
            }
        }
        if (best < 0)
            break;
        piece[at] = best;
        memmove(piece + at + 1, piece + at + 2, (size_t)(count - at - 2) * sizeof *piece);
        count--;
    }
    for (int i = 0; i < count; i++)
        put(c, piece[i]);
    c->blank = false;
}

static void put_long(struct encoder *c, struct span text)
{
    for (size_t at = 0; at < text.len; at += UNIT_MAX)
        put_pieces(c, span_cut(text, at, at + UNIT_MAX));
}

static bool wants_cap(const struct encoder *c, struct span word, bool capital, bool shouted)
{
    if (!capital)
        return false;
    return is_name(c->en, word) || (!c->begins && !shouted && !is_known(c->en, word));
}

static void put_word(struct encoder *c, struct span text)
{
    struct str word = {0};
    bool shouted = text.len > 1;
    for (size_t i = 0; i < text.len; i++) {
        str_add_byte(&word, lower(text.s[i]));
        shouted = shouted && text.s[i] == upper(text.s[i]);
    }
    if (wants_cap(c, str_span(&word), text.len && text.s[0] != lower(text.s[0]), shouted))
        put(c, c->en->cap);
    put_long(c, str_span(&word));
    c->begins = false;
    c->title = is_one_of(str_span(&word), TITLES);
    str_release(&word);
}

static void put_marks(struct encoder *c, struct span text)
{
    put_long(c, text);
    for (size_t i = 0; i < text.len; i++)
        if (strchr(".!?", text.s[i]) && !c->title)
            c->begins = true;
}

/* Where the word, number or run of marks ends that begins at the front; apostrophes belong to a word when letters follow. */
static size_t unit_end(struct span text)
{
    size_t end = 1;
    char first = text.s[0];
    if (first == UNKNOWN)
        return 1;
    if (is_digit(first)) {
        while (end < text.len && is_digit(text.s[end]))
            end++;
        return end;
    }
    if (is_letter(first)) {
        while (end < text.len && (is_letter(text.s[end]) || (text.s[end] == '\'' && end + 1 < text.len && is_letter(text.s[end + 1]))))
            end++;
        return end;
    }
    while (end < text.len && is_mark(text.s[end]))
        end++;
    return end;
}

static void put_breaks(struct encoder *c)
{
    if (c->breaks)
        put(c, c->breaks > 1 ? c->en->par : c->en->nl);
    c->blank = c->blank || c->breaks;
    c->begins = c->begins || c->breaks;
    c->breaks = 0;
}

static void put_unit(struct encoder *c, struct span unit)
{
    put_breaks(c);
    if (unit.s[0] == UNKNOWN) {
        put(c, TOKEN_UNK);
        c->blank = false;
    } else if (is_letter(unit.s[0])) {
        put_word(c, unit);
    } else {
        put_marks(c, unit);
    }
}

bool english_encode(const struct english *en, struct span text, int *tokens, int *count, int max)
{
    struct encoder c = {.en = en, .max = max, .fits = true, .blank = true, .begins = true};
    c.tokens = tokens;
    c.count = count;
    struct str plain = {0};
    fold(en, text, &plain);
    struct span rest = str_span(&plain);
    while (rest.len && c.fits) {
        size_t end = 1;
        if (rest.s[0] == '\n')
            c.breaks++;
        else if (rest.s[0] == ' ')
            c.blank = true;
        else
            put_unit(&c, span_cut(rest, 0, end = unit_end(rest)));
        rest = span_cut(rest, end, rest.len);
    }
    put_breaks(&c);
    str_release(&plain);
    return c.fits;
}

/* Writing */

struct writer {
    struct str *out;
    bool begins;      /* the next word is a sentence's or a line's first */
    bool line_begins; /* nothing of the line is written yet */
    bool capital;     /* <cap> was met */
    bool after_call;  /* the last word is one after which a mark ends no sentence */
};

static bool is_numeral(struct span word)
{
    size_t of = 0;
    while (of < word.len && strchr("ivx", word.s[of]))
        of++;
    return of == word.len && word.len > 1;
}

/* `next` is what follows: in "i' the sea" the apostrophe stands for an n. */
static void write_word(struct writer *w, struct span word, char next)
{
    bool all = is_numeral(word) || is_one_of(word, next == '\'' ? " i'd " : " i i'm i'll i'd i've i'd've ");
    for (size_t i = 0; i < word.len; i++) {
        bool high = i == 0 ? all || w->begins || w->capital : all && is_numeral(word);
        str_add_byte(w->out, high ? upper(word.s[i]) : word.s[i]);
    }
    w->after_call = is_one_of(word, " o oh ah aye alas lo ha ho hark nay yea hush fie" TITLES);
    w->begins = w->capital = w->line_begins = false;
}

/* After a mark and a quotation's end mostly "said he" follows; after three dots the same sentence. */
static void write_marks(struct writer *w, struct span marks)
{
    str_add(w->out, marks);
    char last = marks.s[marks.len - 1];
    bool full = memchr(marks.s, '.', marks.len) && span_find(marks, SPAN(".."), 0) < 0;
    bool call = last == '!' || last == '?';
    if ((full || call) && !w->after_call)
        w->begins = true;
    w->line_begins = false;
}

static void write_unit(struct writer *w, struct span rest, size_t end)
{
    if (is_letter(rest.s[0]))
        write_word(w, span_cut(rest, 0, end), end < rest.len ? rest.s[end] : ' ');
    else
        write_marks(w, span_cut(rest, 0, end));
}

static void write_plain(struct writer *w, struct span rest)
{
    while (rest.len) {
        size_t end = 1;
        if (rest.s[0] == '\n') {
            str_add_byte(w->out, '\n');
            w->begins = w->line_begins = true;
        } else if (rest.s[0] == ' ') {
            if (!w->line_begins)
                str_add_byte(w->out, ' ');
        } else if (rest.s[0] == CAPITAL) {
            w->capital = true;
        } else {
            write_unit(w, rest, end = unit_end(rest));
        }
        rest = span_cut(rest, end, rest.len);
    }
}

static bool is_control(struct span text)
{
    return text.len > 2 && text.s[0] == '<' && text.s[text.len - 1] == '>';
}

void english_decode(const struct english *en, const int *tokens, int count, struct str *out)
{
    struct str plain = {0};
    struct writer w = {.out = out, .begins = true, .line_begins = true};
    for (int i = 0; i < count; i++) {
        struct span text = vocab_text(en->vocab, tokens[i]);
        if (tokens[i] == en->cap)
            str_add_byte(&plain, CAPITAL);
        else if (tokens[i] == en->nl || tokens[i] == en->par)
            str_add_text(&plain, tokens[i] == en->par ? "\n\n" : "\n");
        else if (!is_control(text))
            str_add(&plain, text);
    }
    write_plain(&w, str_span(&plain));
    str_release(&plain);
}
