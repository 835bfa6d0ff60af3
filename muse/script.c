#include "muse/script.h"
#include "core/mem.h"
#include "core/utf8.h"

/* Strings of pairs (from, to), sorted; those called _pairs are of two characters each (from, from, to, to).
 * What only one script writes stands in the first table of its direction; what both write, in the second: 后,
 * 里, 干 are turned where the text is known to be simplified. */
#include "muse/data/script.inc"

struct pairs {
    const uint16_t *units;
    size_t count;
};

#define PAIRS(text)      ((struct pairs){(text), (COUNT_OF(text) - 1) / 2})
#define NEIGHBOURS(text) ((struct pairs){(text), (COUNT_OF(text) - 1) / 4})

/* What a character is turned into by itself, 0: nothing. */
static int32_t turned(struct pairs table, int32_t cp)
{
    size_t low = 0;
    size_t high = table.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int32_t key = table.units[2 * middle];
        if (key == cp)
            return table.units[2 * middle + 1];
        if (key < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* What two neighbours are turned into, NULL: nothing is said of them. */
static const uint16_t *turned_both(struct pairs table, int32_t first, int32_t second)
{
    size_t low = 0;
    size_t high = table.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint16_t *row = table.units + 4 * middle;
        int32_t difference = row[0] != first ? row[0] - first : row[1] - second;
        if (difference == 0)
            return row + 2;
        if (difference < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum script told_by(int32_t cp)
{
    if (turned(PAIRS(to_traditional), cp))
        return SCRIPT_SIMPLIFIED;
    return turned(PAIRS(to_simplified), cp) ? SCRIPT_TRADITIONAL : SCRIPT_UNTOLD;
}

enum script script_of(struct span text)
{
    size_t found[3] = {0};
    enum script first = SCRIPT_UNTOLD;
    int32_t cp = 0;
    for (size_t at = 0; at < text.len; at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp)) {
        utf8_decode(span_cut(text, at, text.len), &cp);
        enum script told = told_by(cp);
        first = first == SCRIPT_UNTOLD ? told : first;
        found[told]++;
    }
    if (found[SCRIPT_SIMPLIFIED] == found[SCRIPT_TRADITIONAL])
        return first;
    return found[SCRIPT_SIMPLIFIED] > found[SCRIPT_TRADITIONAL] ? SCRIPT_SIMPLIFIED : SCRIPT_TRADITIONAL;
}

enum script script_or_default(struct span text)
{
    enum script script = script_of(text);
    return script == SCRIPT_UNTOLD ? SCRIPT_SIMPLIFIED : script;
}

int32_t script_unified(int32_t cp)
{
    int32_t to = turned(PAIRS(to_unified), cp);
    return to ? to : cp;
}

int32_t script_traditional(int32_t cp)
{
    int32_t to = turned(PAIRS(to_traditional), cp);
    to = to ? to : turned(PAIRS(to_traditional_if_simplified), cp);
    return to ? to : script_unified(cp);
}

int32_t script_simplified(int32_t cp)
{
    int32_t to = turned(PAIRS(to_simplified), cp);
    to = to ? to : turned(PAIRS(to_simplified_if_traditional), cp);
    return to ? to : cp;
}

/* In text that is traditional: only what that script does not write. */
static int32_t tidied(int32_t cp)
{
    int32_t to = turned(PAIRS(to_traditional), cp);
    return to ? to : script_unified(cp);
}

/* One way of turning text. */
struct way {
    int32_t (*one)(int32_t cp);
    struct pairs both;
};

/* The character between its neighbours. */
static int32_t between(const struct way *way, int32_t before, int32_t cp, int32_t after)
{
    const uint16_t *with_before = turned_both(way->both, before, cp);
    const uint16_t *with_after = turned_both(way->both, cp, after);
    if (with_before && with_after) /* the one that has something to say */
        return with_before[1] != way->one(cp) ? with_before[1] : with_after[0];
    if (with_before)
        return with_before[1];
    return with_after ? with_after[0] : way->one(cp);
}

static void turn(struct str *out, struct span text, const struct way *way)
{
    int32_t before = 0;
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        int32_t after = 0;
        size_t bytes = (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        utf8_decode(span_cut(text, at + bytes, text.len), &after);
        int32_t to = cp < 0x2E80 ? cp : between(way, before, cp, after);
        if (to == cp) {
            str_add(out, span_cut(text, at, at + bytes));
        } else {
            char coded[4];
            str_add(out, (struct span){coded, (size_t)utf8_encode(to, coded)});
        }
        before = cp;
        at += bytes;
    }
}

void script_convert(struct str *out, struct span text, enum script to)
{
    struct way way = {NULL, {NULL, 0}};
    if (to == SCRIPT_SIMPLIFIED)
        way = (struct way){script_simplified, NEIGHBOURS(to_simplified_pairs)};
    else if (to == SCRIPT_TRADITIONAL && script_of(text) == SCRIPT_TRADITIONAL)
        way.one = tidied;
    else if (to == SCRIPT_TRADITIONAL)
        way = (struct way){script_traditional, NEIGHBOURS(to_traditional_pairs)};
    if (way.one)
        turn(out, text, &way);
    else
        str_add(out, text);
}
