#include "muse/tones.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/script.h"

/* clang-format off */
#define MEMBERS(text)           {(text), sizeof(text) / sizeof(uint16_t) - 1}
#define RHYME(name, part, text) {(name), (part), MEMBERS(text)},
/* clang-format on */

struct rhyme {
    const char *name;
    int part; /* of 詞林正韻; of a divided group that of its first half */
    struct tone_members members;
};

/* A group that 詞林正韻 divides. Readings in its second half have the codes after the last group, in the
 * order of the table. */
struct half {
    int group, part;
};

/* Codes of readings without a group. */
enum {
    ONLY_LEVEL = 120,
    ONLY_OBLIQUE,
    ONLY_ENTERING,
};

#include "muse/data/tones.inc"

_Static_assert(COUNT_OF(rhymes) == TONE_RHYMES, "a row for every group");
_Static_assert(COUNT_OF(readings) == COUNT_OF(chars) - 1, "a row for every character");
_Static_assert(COUNT_OF(ci_members) == TONE_CI_PARTS, "a row for every part");

/* The codes of a character's readings, up to TONE_READINGS, 0 after the last; NULL when it is unknown. */
static const unsigned char *codes_of(int32_t cp)
{
    size_t low = 0;
    size_t high = COUNT_OF(readings);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (chars[middle] < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < COUNT_OF(readings) && chars[low] == cp ? readings[low] : NULL;
}

/* The group of a code, 0 when it has none. */
static int group_of(int code)
{
    if (code <= TONE_RHYMES)
        return code;
    return code < ONLY_LEVEL ? halves[code - TONE_RHYMES - 1].group : 0;
}

static enum tone tone_of_code(int code)
{
    if (code >= ONLY_LEVEL)
        return code == ONLY_LEVEL ? TONE_LEVEL : TONE_OBLIQUE;
    return tone_of_rhyme(group_of(code));
}

static int ci_of_code(int code)
{
    if (code == 0 || code >= ONLY_LEVEL)
        return 0;
    int part = code <= TONE_RHYMES ? rhymes[code - 1].part : halves[code - TONE_RHYMES - 1].part;
    return TONE_CI(part, tone_of_code(code));
}

/* Adds a number to a short list unless it is 0 or there already. */
static int add_once(int *list, int count, int number)
{
    for (int i = 0; i < count; i++)
        if (list[i] == number)
            return count;
    if (number != 0)
        list[count++] = number;
    return count;
}

enum tone tone_of(int32_t cp)
{
    const unsigned char *codes = codes_of(cp);
    enum tone tone = TONE_UNKNOWN;
    for (int i = 0; codes && i < TONE_READINGS && codes[i] != 0; i++) {
        enum tone other = tone_of_code(codes[i]);
        if (tone != TONE_UNKNOWN && other != tone)
            return TONE_EITHER;
        tone = other;
    }
    return tone;
}

bool tone_is_entering(int32_t cp)
{
    const unsigned char *codes = codes_of(cp);
    for (int i = 0; codes && i < TONE_READINGS; i++)
        if (codes[i] == ONLY_ENTERING || cp_between(codes[i], TONE_ENTERING, TONE_RHYMES))
            return true;
    return false;
}

int tone_rhymes(int32_t cp, int groups[TONE_READINGS])
{
    const unsigned char *codes = codes_of(cp);
    int count = 0;
    for (int i = 0; codes && i < TONE_READINGS; i++)
        count = add_once(groups, count, group_of(codes[i]));
    return count;
}

bool tone_has_rhyme(int32_t cp, int group)
{
    const unsigned char *codes = codes_of(cp);
    for (int i = 0; codes && group > 0 && i < TONE_READINGS; i++)
        if (group_of(codes[i]) == group)
            return true;
    return false;
}

const char *tone_rhyme_name(int group)
{
    return cp_between(group, 1, TONE_RHYMES) ? rhymes[group - 1].name : NULL;
}

/* The last character of a rhyme's name, in the traditional form. */
static int32_t key_of(struct span name)
{
    int32_t cp = 0;
    while (name.len > 0 && utf8_decode_before(name, name.len, &cp) > 0) {
        name.len -= (size_t)utf8_decode_before(name, name.len, &cp);
        if (cp != 0x97F5 && cp != 0x97FB) /* 东韵, 東韻 */
            break;
    }
    return script_traditional(cp);
}

int tone_rhyme_named(const char *name)
{
    int32_t key = key_of(span_trim(span_of(name)));
    for (int group = 1; group <= TONE_RHYMES; group++)
        if (key == key_of(span_of(rhymes[group - 1].name)))
            return group;
    return 0;
}

enum tone tone_of_rhyme(int group)
{
    if (!cp_between(group, 1, TONE_RHYMES))
        return TONE_UNKNOWN;
    return group <= TONE_LEVEL_RHYMES ? TONE_LEVEL : TONE_OBLIQUE;
}

int tone_ci_rhymes(int32_t cp, int ci[TONE_READINGS])
{
    const unsigned char *codes = codes_of(cp);
    int count = 0;
    for (int i = 0; codes && i < TONE_READINGS; i++)
        count = add_once(ci, count, ci_of_code(codes[i]));
    return count;
}

bool tone_has_ci_rhyme(int32_t cp, int ci)
{
    const unsigned char *codes = codes_of(cp);
    for (int i = 0; codes && ci > 0 && i < TONE_READINGS; i++)
        if (ci_of_code(codes[i]) == ci)
            return true;
    return false;
}

const char *tone_ci_name(int part)
{
    static const char *const names[] = {
        "第一部",   "第二部",   "第三部",   "第四部",   "第五部",   "第六部",   "第七部",
        "第八部",   "第九部",   "第十部",   "第十一部", "第十二部", "第十三部", "第十四部",
        "第十五部", "第十六部", "第十七部", "第十八部", "第十九部",
    };
    return cp_between(part, 1, TONE_CI_PARTS) ? names[part - 1] : NULL;
}

int tone_rhyme_together(int32_t a, int32_t b)
{
    int groups[TONE_READINGS];
    int count = tone_rhymes(a, groups);
    for (int i = 0; i < count; i++)
        if (groups[i] <= TONE_LEVEL_RHYMES && tone_has_rhyme(b, groups[i]))
            return groups[i];
    return 0;
}

static bool has_part(int32_t cp, int part, enum tone tone)
{
    return (tone != TONE_OBLIQUE && tone_has_ci_rhyme(cp, TONE_CI(part, TONE_LEVEL))) ||
           (tone != TONE_LEVEL && tone_has_ci_rhyme(cp, TONE_CI(part, TONE_OBLIQUE)));
}

int tone_ci_together(int32_t a, int32_t b, enum tone tone)
{
    int ci[TONE_READINGS];
    int count = tone_ci_rhymes(a, ci);
    for (int i = 0; i < count; i++) {
        int part = tone_ci_part(ci[i]);
        if (has_part(a, part, tone) && has_part(b, part, tone))
            return part;
    }
    return 0;
}

struct tone_members tone_rhyme_members(int group)
{
    return cp_between(group, 1, TONE_RHYMES) ? rhymes[group - 1].members : (struct tone_members){.count = 0};
}

struct tone_members tone_ci_members(int ci)
{
    int part = tone_ci_part(ci);
    enum tone tone = tone_ci_tone(ci);
    if (!cp_between(part, 1, TONE_CI_PARTS) || (tone != TONE_LEVEL && tone != TONE_OBLIQUE))
        return (struct tone_members){.count = 0};
    return ci_members[part - 1][tone == TONE_OBLIQUE];
}
