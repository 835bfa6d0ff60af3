#include "core/wrap.h"
#include "core/display.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>
#include <wchar.h>

/* What a cluster is to the breaking of lines. */
enum part {
    WORD,       /* letters, digits and all else that sticks to its neighbours */
    HAN,        /* Han, kana, Hangul, emoji, scripts without spaces: breaks on both sides */
    SPACE,      /* hangs at the end of a row */
    GLUE,       /* no-break space and the like */
    OPEN,       /* ends no row */
    OPEN_WORD,  /* ends no row, and sticks to a word before it: f(x) */
    CLOSE,      /* begins no row */
    CLOSE_WORD, /* begins no row, and sticks to a word after it: don't, 3.14, a.b */
    QUOTE,      /* opens or closes, who knows: sticks to both sides */
    LONG,       /* —— and ……: begins no row, and its halves stay together */
    HYPHEN,
};

static const unsigned char ascii[128] = {
    ['\t'] = SPACE,     [' '] = SPACE,      ['!'] = CLOSE_WORD, ['"'] = QUOTE,      ['$'] = OPEN_WORD,
    ['%'] = CLOSE_WORD, ['\''] = QUOTE,     ['('] = OPEN_WORD,  [')'] = CLOSE_WORD, [','] = CLOSE_WORD,
    ['-'] = HYPHEN,     ['.'] = CLOSE_WORD, [':'] = CLOSE_WORD, [';'] = CLOSE_WORD, ['?'] = CLOSE_WORD,
    ['['] = OPEN_WORD,  [']'] = CLOSE_WORD, ['{'] = OPEN_WORD,  ['}'] = CLOSE_WORD,
};

static const struct {
    const wchar_t *members;
    enum part part;
} marks[] = {
    {L"，。、；：！？）》」』】〕〗〙〛〉］｝｠”›»％‰‱．～〜＂＇｡､｣･·・‧〃々〻ーゝゞヽヾ゛゜゠／－￠‼⁇⁈⁉‽〞"
     L"〟",
     CLOSE},
    {L"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯｰﾞﾟ", CLOSE},
    {L"︐︑︒︓︔︕︖︘︶︸︺︼︾﹀﹂﹄﹈﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞", CLOSE},
    {L"（《「『【〔〖〘〚〈［｛｟“„‹«〝｢￥￡￦＄︗︵︷︹︻︽︿﹁﹃﹇﹙﹛﹝", OPEN},
    {L"—―…‥⋯⸺⸻", LONG},
    {L"’–°′″‴℃℉¢", CLOSE_WORD},
    {L"‘‚¡¿£¤¥№₠₣₤₦₩₪₫€₭₱₲₴₸₹₺₽₿", OPEN_WORD},
    {L"\u00A0\u2007\u2011\u202F\u2060\uFEFF", GLUE},
    {L"\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200A\u205F\u3000", SPACE},
    {L"\u00AD\u2010", HYPHEN},
    {L"\u0E2F\u0E30\u0E32\u0E33\u0E45\u0E46\u0EAF\u0EB0\u0EB2\u0EB3\u0EC6",
     CLOSE}, /* Thai and Lao vowels behind … */
    {L"\u0E40\u0E41\u0E42\u0E43\u0E44\u0EC0\u0EC1\u0EC2\u0EC3\u0EC4",
     OPEN}, /* … and before their consonant */
};

static bool breaks_anywhere(int32_t cp)
{
    return cp_between(cp, 0x2E80, 0xA4CF) || cp_between(cp, 0xAC00, 0xD7FF) ||
           cp_between(cp, 0xF900, 0xFAFF) || cp_between(cp, 0xFE10, 0xFE6F) ||
           cp_between(cp, 0xFF00, 0xFFEF) || cp_between(cp, 0x1F000, 0x1FAFF) ||
           cp_between(cp, 0x20000, 0x3FFFD) || cp_between(cp, 0x16FE0, 0x1B2FF) ||
           cp_between(cp, 0x2600, 0x27BF) || cp_between(cp, 0x1100, 0x11FF) ||
           cp_between(cp, 0xA960, 0xA97F) || cp_between(cp, 0x0E00, 0x0EFF) ||
           cp_between(cp, 0x1000, 0x109F) || cp_between(cp, 0x1780, 0x17FF) || cp == 0x200B;
}

static enum part part_of(int32_t cp)
{
    if (cp < 0x80)
        return cp < 0 ? WORD : (enum part)ascii[cp];
    if (cp_between(cp, 0x4E00, 0x9FFF))
        return HAN;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (wcschr(marks[i].members, (wchar_t)cp))
            return marks[i].part;
    if (!breaks_anywhere(cp))
        return WORD;
    return utf8proc_category(cp) == UTF8PROC_CATEGORY_MC ? CLOSE : HAN;
}

/* What stands before a border. */
struct before {
    enum part part;  /* of the last cluster that is not a space */
    int32_t base;    /* its first code point */
    bool spaced;     /* spaces follow it */
    bool hyphenated; /* it is the hyphen of a word, after which the word may break */
    int link;        /* how much of :// has passed; 3 inside an address, which stays whole */
};

static bool is_letter(enum part part, int32_t cp)
{
    return part == WORD && (cp >= 0x80 || cp_between(cp | 0x20, 'a', 'z'));
}

static int link_after(const struct before *b, enum part part, int32_t cp)
{
    if (part == HAN || part == OPEN || part == CLOSE || part == LONG)
        return 0;
    if (b->link == 3)
        return 3;
    if (cp == ':')
        return 1;
    return cp == '/' && b->link > 0 ? b->link + 1 : 0;
}

static void pass(struct before *b, enum part part, int32_t cp)
{
    if (part == SPACE) {
        b->spaced = true;
        b->link = 0;
        return;
    }
    bool in_word = is_letter(b->part, b->base) && !b->spaced && b->link != 3;
    b->hyphenated = part == HYPHEN && in_word;
    b->link = link_after(b, part, cp);
    b->part = part;
    b->base = cp;
    b->spaced = false;
}

/* How good a border is for a break; the best in the row is taken, and of equals the last. Only the last kind
 * is lawful: the others serve when a row has none. */
enum fitness {
    SPLITS_LONG, /* between the halves of —— */
    FORCED,      /* inside a word, or with a mark at the wrong edge */
    STRAY,       /* between a space and a mark that belongs to words: "ls .config", "wait ..." */
    LAWFUL,
    FITNESSES,
};

static enum fitness fitness_after_space(const struct before *b, enum part part)
{
    if (part == CLOSE || part == LONG || b->part == OPEN)
        return FORCED;
    return part == CLOSE_WORD || b->part == OPEN_WORD ? STRAY : LAWFUL;
}

static enum fitness fitness_of(const struct before *b, enum part part, int32_t cp)
{
    if (b->spaced)
        return fitness_after_space(b, part);
    if (b->part == LONG && part == LONG)
        return b->base == cp ? SPLITS_LONG : FORCED;
    if (part == CLOSE || part == CLOSE_WORD || part == LONG || part == HYPHEN || part == QUOTE)
        return FORCED;
    if (b->part == OPEN || b->part == OPEN_WORD || b->part == QUOTE || b->part == GLUE || part == GLUE)
        return FORCED;
    if (b->part == HAN || part == HAN || b->part == CLOSE || b->part == LONG || part == OPEN)
        return LAWFUL;
    return b->hyphenated && is_letter(part, cp) ? LAWFUL : FORCED;
}

size_t wrap_row(struct span paragraph, int width)
{
    size_t fits[FITNESSES] = {0}; /* the last border of each kind so far */
    struct before before = {.part = WORD};
    struct glyph g;
    int column = 0;
    width = width < 2 ? 2 : width;
    for (size_t at = 0; at < paragraph.len; at += (size_t)g.bytes) {
        display_glyph(paragraph, at, column, &g);
        enum part part = part_of(g.base);
        if (part != SPACE && at > 0) {
            fits[fitness_of(&before, part, g.base)] = at;
            if (column + g.width > width)
                break;
        }
        pass(&before, part, g.base);
        column = column < INT32_MAX / 2 ? column + g.width : column;
        if (at + (size_t)g.bytes == paragraph.len)
            return paragraph.len;
    }
    for (int i = FITNESSES - 1; i >= 0; i--)
        if (fits[i] > 0)
            return fits[i];
    return 0;
}

void wrap_paragraph(struct wrap *w, struct span paragraph, int width, int from)
{
    from = from < w->count ? from : w->count - 1;
    while (from > 0 && w->starts[from] >= paragraph.len)
        from--;
    w->count = from > 0 ? from : 0;
    size_t at = from > 0 ? w->starts[from] : 0;
    do {
        ARRAY_ROOM(w->starts, w->count, w->cap);
        w->starts[w->count++] = (uint32_t)at;
        at += wrap_row(span_cut(paragraph, at, paragraph.len), width);
    } while (at < paragraph.len);
}

void wrap_release(struct wrap *w)
{
    free(w->starts);
    *w = (struct wrap){.starts = NULL};
}
