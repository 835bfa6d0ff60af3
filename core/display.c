#include "core/display.h"
#include "core/count.h"
#include "core/display_marks.h"
#include "core/utf8.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

enum { SHOWN_MAX = 5 }; /* base and four marks: as many code points as a cell of ncurses holds */

enum {
    ELLIPSIS = 0x2026,
    DOTTED_CIRCLE = 0x25CC,
    ZWNJ = 0x200C,
    ZWJ = 0x200D,
    VS15 = 0xFE0E,
    VS16 = 0xFE0F,
    BLACK_FLAG = 0x1F3F4,
};

static int ambiguous_width = 1;

void display_set_ambiguous(int width)
{
    ambiguous_width = width == 2 ? 2 : 1;
}

int display_ambiguous(void)
{
    return ambiguous_width;
}

/* Columns of one code point as the terminal counts them, -1 when libc does not know it. */
static int columns_of(int32_t cp)
{
    int columns = wcwidth((wchar_t)cp);
    return columns == 1 && ambiguous_width == 2 && mark_ambiguous(cp) ? 2 : columns;
}

/* -- clusters -------------------------------------------------------------------------------------------- */

struct cluster {
    int bytes;
    int count; /* code points to show, 0 for an ill-formed byte */
    int32_t shown[SHOWN_MAX];
    unsigned char run; /* hidden code points of one name in a row, when the cluster is nothing but them */
};

static bool is_pictograph(int32_t cp)
{
    return utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_skin_modifier(int32_t cp)
{
    return cp_between(cp, 0x1F3FB, 0x1F3FF);
}

static bool is_flag_letter(int32_t cp)
{
    return cp_between(cp, 0x1F1E6, 0x1F1FF);
}

static bool has_keycap(int32_t cp)
{
    return cp_between(cp, '0', '9') || cp == '#' || cp == '*';
}

/* Scripts whose letters are joined or kept apart by ZWJ and ZWNJ: Hebrew to Myanmar, Khmer, Mongolian, and
 * later ones. */
static bool joins_letters(int32_t cp)
{
    return cp_between(cp, 0x0590, 0x109F) || cp_between(cp, 0x1780, 0x18AF) ||
           cp_between(cp, 0x1900, 0x1CFF) || cp_between(cp, 0xA800, 0xABFF) ||
           cp_between(cp, 0xFB50, 0xFDFF) || cp_between(cp, 0xFE70, 0xFEFC) ||
           cp_between(cp, 0x10A00, 0x11FFF);
}

/* True where an invisible character after `base` does what it is meant for; anywhere else it hides something,
 * so it gets a cluster and a marker of its own. */
static bool belongs(int32_t base, int32_t before, int32_t cp)
{
    bool pictograph = is_pictograph(base);
    if (cp == ZWJ || cp == ZWNJ)
        return before != ZWJ && before != ZWNJ && (joins_letters(base) || (cp == ZWJ && pictograph));
    if (cp == VS15 || cp == VS16)
        return before == base && (pictograph || has_keycap(base));
    if (cp_between(cp, 0xE0100, 0xE01EF) || cp_between(cp, 0xFE00, 0xFE0F))
        return before == base && (is_han(base) || is_cjk_mark(base));
    if (cp_between(cp, 0x180B, 0x180F))
        return before == base && cp_between(base, 0x1800, 0x18AF);
    if (cp_between(cp, 0xE0020, 0xE007F))
        return base == BLACK_FLAG;
    return false;
}

enum fate { SHOWN, LEFT_OUT, APART };

/* What becomes of a code point that Unicode puts into the cluster of `base`. Apart go hidden characters that
 * do not belong, and whatever takes columns of its own: a cell holds one spacing character, and terminals
 * give each its own. */
static enum fate fate_of(int32_t base, int32_t before, int32_t cp)
{
    if (before == ZWJ && is_pictograph(cp))
        return LEFT_OUT;
    if (mark_hidden(cp, NULL))
        return belongs(base, before, cp) ? LEFT_OUT : APART;
    if (is_skin_modifier(cp))
        return is_pictograph(base) && !is_skin_modifier(before) ? LEFT_OUT : APART;
    bool flag = is_flag_letter(base) && is_flag_letter(cp);
    return flag || columns_of(cp) == 0 ? SHOWN : APART;
}

/* Hidden characters of one name are one cluster and one marker, so that a thousand of them cannot bury the
 * text; but each U+FFFD stands for a loss of its own. */
static void read_hidden(struct span rest, struct cluster *c, const char *name)
{
    char next[MARK_NAME_MAX] = "";
    c->run = 1;
    while ((size_t)c->bytes < rest.len) {
        int32_t cp = 0;
        int used = utf8_decode(span_cut(rest, (size_t)c->bytes, rest.len), &cp);
        bool same = cp != UTF8_REPLACEMENT && mark_hidden(cp, next) && !strcmp(name, next);
        if (!same || c->bytes + used > DISPLAY_CLUSTER_MAX)
            return;
        c->bytes += used;
        c->run++;
    }
}

static void read_marks(struct span rest, struct cluster *c)
{
    int32_t base = c->shown[0], before = base;
    utf8proc_int32_t state = 0;
    while ((size_t)c->bytes < rest.len) {
        int32_t cp = 0;
        int used = utf8_decode(span_cut(rest, (size_t)c->bytes, rest.len), &cp);
        if (cp < 0 || c->bytes + used > DISPLAY_CLUSTER_MAX ||
            utf8proc_grapheme_break_stateful(before, cp, &state))
            return;
        enum fate fate = fate_of(base, before, cp);
        if (fate == APART)
            return;
        if (fate == SHOWN && c->count < SHOWN_MAX)
            c->shown[c->count++] = cp;
        c->bytes += used;
        before = cp;
    }
}

static bool is_control(int32_t cp)
{
    return cp < 0x20 || cp_between(cp, 0x7F, 0x9F);
}

/* Reads the cluster at the start of the text. An ill-formed byte and a control character (CR before LF too:
 * it is shown) are clusters by themselves. */
static void read_cluster(struct span rest, struct cluster *c)
{
    char name[MARK_NAME_MAX] = "";
    int32_t cp = 0;
    *c = (struct cluster){.bytes = utf8_decode(rest, &cp), .count = 1, .shown = {cp}};
    if (cp < 0) {
        c->bytes = rest.len > 0;
        c->count = 0;
    } else if (mark_hidden(cp, name)) {
        read_hidden(rest, c, name);
    } else if (!is_control(cp)) {
        read_marks(rest, c);
    }
}

/* The length of the character at `at` when it is one of those that most texts are made of and can neither
 * combine nor hide: printable ASCII, CJK punctuation, kana without its marks, common Han, full-width ASCII. 0
 * for all others, which may be just as plain. */
static int plain_bytes(struct span text, size_t at)
{
    const unsigned char *byte = (const unsigned char *)text.s + at;
    if (byte[0] < 0x80)
        return byte[0] >= 0x20 && byte[0] != 0x7F;
    if (byte[0] < 0xE3 || text.len - at < 3 || (byte[1] & 0xC0) != 0x80 || (byte[2] & 0xC0) != 0x80)
        return 0;
    bool han = (byte[0] == 0xE4 && byte[1] >= 0xB8) || (byte[0] > 0xE4 && byte[0] <= 0xE9);
    bool mark = byte[0] == 0xE3 && byte[1] == 0x80 && byte[2] < 0xA0;
    bool kana = byte[0] == 0xE3 && ((byte[1] == 0x81 && byte[2] > 0x80) || byte[1] == 0x83 ||
                                    (byte[1] == 0x82 && (byte[2] < 0x97 || byte[2] > 0x9A)));
    bool full = byte[0] == 0xEF && byte[1] == 0xBC && byte[2] > 0x80;
    return han || mark || kana || full ? 3 : 0;
}

/* As plain_bytes(), but only when the cluster surely ends there. */
static int plain_cluster(struct span text, size_t at)
{
    int bytes = plain_bytes(text, at);
    size_t next = at + (size_t)bytes;
    if (bytes == 0 || next >= text.len)
        return bytes;
    bool control = (unsigned char)text.s[next] < 0x80;
    return control || plain_bytes(text, next) ? bytes : 0;
}

/* -- borders --------------------------------------------------------------------------------------------- */

size_t display_next(struct span text, size_t at)
{
    if (at >= text.len)
        return text.len;
    int bytes = plain_cluster(text, at);
    if (bytes == 0) {
        struct cluster c;
        read_cluster(span_cut(text, at, text.len), &c);
        bytes = c.bytes;
    }
    return at + (size_t)bytes;
}

/* False only where a border stands whatever comes before the two. */
static bool may_join(int32_t before, int32_t cp)
{
    bool hidden_run = mark_hidden(before, NULL) && mark_hidden(cp, NULL);
    return before == ZWJ || hidden_run || !utf8proc_grapheme_break(before, cp);
}

/* A border before `at` that stands whatever comes earlier: there reading forward may begin. */
static size_t sure_border(struct span text, size_t at)
{
    int32_t cp = 0, before = 0;
    at -= (size_t)utf8_decode_before(text, at, &cp);
    while (at > 0 && cp >= 0) {
        int used = utf8_decode_before(text, at, &before);
        if (before < 0 || !may_join(before, cp))
            break;
        at -= (size_t)used;
        cp = before;
    }
    return at;
}

/* The end of the character that `at` cuts, or `at` where it cuts none. */
static size_t character_end(struct span text, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        int32_t cp = 0;
        size_t used = (size_t)utf8_decode(span_cut(text, at - back, text.len), &cp);
        if (cp >= 0)
            return used > back ? at - back + used : at;
    }
    return at;
}

size_t display_prev(struct span text, size_t at)
{
    at = at < text.len ? character_end(text, at) : text.len;
    if (at == 0)
        return 0;
    size_t border = sure_border(text, at), next = display_next(text, border);
    while (next < at) {
        border = next;
        next = display_next(text, border);
    }
    return border;
}

/* -- glyphs ---------------------------------------------------------------------------------------------- */

static void set_text(struct glyph *g, enum glyph_kind kind, struct span text, int width)
{
    g->kind = kind;
    g->width = width;
    g->text_len = (int)text.len;
    if (text.len > 0)
        memcpy(g->text, text.s, text.len);
    g->text[text.len] = '\0';
}

/* A marker of at most 17 ASCII characters between ‹ and ›, which are one column everywhere. */
static void set_name(struct glyph *g, const char *name)
{
    char text[DISPLAY_TEXT_MAX] = "‹";
    size_t edge = strlen(text), len = strlen(name);
    memcpy(text + edge, name, len);
    memcpy(text + edge + len, "›", edge);
    set_text(g, GLYPH_MARKER, (struct span){text, edge + len + edge}, (int)len + 2);
}

static void set_byte(struct glyph *g, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    set_name(g, (char[]){'x', digits[byte >> 4], digits[byte & 15], '\0'});
}

static void set_control(struct glyph *g, int32_t cp)
{
    char text[MARK_NAME_MAX] = "";
    if (cp == '\n') {
        set_text(g, GLYPH_NEWLINE, SPAN(""), 0);
    } else if (cp >= 0x80) {
        snprintf(text, sizeof text, "%02X", (unsigned)cp & 0xFF);
        set_name(g, text);
    } else {
        int len = utf8_encode(cp == 0x7F ? 0x2421 : 0x2400 + cp, text);
        set_text(g, GLYPH_MARKER, (struct span){text, (size_t)len}, 1);
    }
}

static void set_tab(struct glyph *g, int column)
{
    static const char spaces[TAB_WIDTH + 1] = "    ";
    int width = TAB_WIDTH - (column > 0 ? column % TAB_WIDTH : 0);
    set_text(g, GLYPH_TAB, (struct span){spaces, (size_t)width}, width);
}

static void set_hidden(struct glyph *g, const char *name, unsigned char run)
{
    char text[DISPLAY_TEXT_MAX - 6] = "";
    if (run > 1)
        snprintf(text, sizeof text, "%d %s", run, name);
    else
        snprintf(text, sizeof text, "%s", name);
    set_name(g, text);
}

/* Flags are drawn by few terminals, and half a flag is one column in some and two in others: their letters
 * instead. */
static void set_flag(struct glyph *g, const struct cluster *c)
{
    char letters[2] = "";
    size_t count = 0;
    for (; count < 2 && count < (size_t)c->count && is_flag_letter(c->shown[count]); count++)
        letters[count] = (char)('A' + c->shown[count] - 0x1F1E6);
    set_text(g, GLYPH_MARKER, (struct span){letters, count}, (int)count);
}

static void set_unknown(struct glyph *g, int32_t cp)
{
    int box = ambiguous_width;
    if (is_han(cp))
        set_text(g, GLYPH_MARKER, SPAN("〓"), 2);
    else if (box == 1 && utf8proc_charwidth(cp) == 2)
        set_text(g, GLYPH_MARKER, SPAN("□ "), 2);
    else
        set_text(g, GLYPH_MARKER, SPAN("□"), box);
}

/* The syllable that two conjoining Jamo, or a syllable and its last consonant, make (Unicode 3.12); 0 if
 * none. */
static int32_t syllable_of(int32_t first, int32_t second)
{
    if (cp_between(first, 0x1100, 0x1112) && cp_between(second, 0x1161, 0x1175))
        return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28;
    bool open = cp_between(first, 0xAC00, 0xD7A3) && (first - 0xAC00) % 28 == 0;
    return open && cp_between(second, 0x11A8, 0x11C2) ? first + second - 0x11A7 : 0;
}

/* Terminals do not agree on drawing the parts of a syllable, so it is shown as one. */
static void compose_jamo(struct cluster *c)
{
    for (int32_t syllable = 0; c->count >= 2; c->shown[0] = syllable) {
        syllable = syllable_of(c->shown[0], c->shown[1]);
        if (syllable == 0)
            return;
        c->count--;
        memmove(c->shown + 1, c->shown + 2, (size_t)(c->count - 1) * sizeof c->shown[0]);
    }
}

/* The cluster as it is: a base and its marks. Marks without a base are shown on a dotted circle. */
static void set_letter(struct glyph *g, struct cluster *c)
{
    compose_jamo(c);
    int width = columns_of(c->shown[0]);
    if (width < 0) {
        set_unknown(g, c->shown[0]);
        return;
    }
    char text[DISPLAY_TEXT_MAX] = "";
    size_t len = 0;
    int count = c->count;
    if (width == 0) {
        len = (size_t)utf8_encode(DOTTED_CIRCLE, text);
        width = columns_of(DOTTED_CIRCLE);
        count = count < SHOWN_MAX ? count : SHOWN_MAX - 1;
    }
    for (int i = 0; i < count; i++)
        len += (size_t)utf8_encode(c->shown[i], text + len);
    set_text(g, GLYPH_TEXT, (struct span){text, len}, width);
}

static void set_cluster(struct glyph *g, struct cluster *c, struct span rest, int column)
{
    char name[MARK_NAME_MAX] = "";
    int32_t base = c->shown[0];
    if (c->count == 0) {
        set_byte(g, (unsigned char)rest.s[0]);
    } else if (base == '\t') {
        set_tab(g, column);
    } else if (is_control(base)) {
        set_control(g, base);
    } else if (mark_hidden(base, name)) {
        set_hidden(g, name, c->run);
    } else if (is_flag_letter(base)) {
        set_flag(g, c);
    } else {
        set_letter(g, c);
    }
}

void display_glyph(struct span text, size_t at, int column, struct glyph *out)
{
    out->base = -1;
    out->bytes = 0;
    if (at >= text.len) {
        set_text(out, GLYPH_TEXT, SPAN(""), 0);
        return;
    }
    struct span rest = {text.s + at, text.len - at};
    int plain = plain_cluster(text, at);
    if (plain > 0) {
        utf8_decode(rest, &out->base);
        out->bytes = plain;
        set_text(out, GLYPH_TEXT, (struct span){rest.s, (size_t)plain}, plain == 1 ? 1 : 2);
        return;
    }
    struct cluster c;
    read_cluster(rest, &c);
    out->base = c.count > 0 ? c.shown[0] : -1;
    out->bytes = c.bytes;
    set_cluster(out, &c, rest, column);
}

/* -- lines ----------------------------------------------------------------------------------------------- */

int display_width(struct span text)
{
    int64_t width = 0;
    struct glyph g;
    for (size_t at = 0; at < text.len && width < INT32_MAX / 2; at += (size_t)g.bytes) {
        display_glyph(text, at, (int)width, &g);
        width += g.kind == GLYPH_NEWLINE ? 1 : g.width;
    }
    return (int)width;
}

void display_line(struct str *out, struct span text, int columns)
{
    static const struct span ellipsis = {"…", sizeof "…" - 1};
    int64_t limit = columns < 0 ? INT64_MAX : columns, width = 0;
    int ellipsis_width = columns_of(ELLIPSIS);
    size_t cut = out->len; /* where the ellipsis goes if the text turns out too long */
    struct glyph g;
    for (size_t at = 0; at < text.len; at += (size_t)g.bytes) {
        display_glyph(text, at, 0, &g);
        bool blank = g.kind == GLYPH_NEWLINE || g.kind == GLYPH_TAB;
        width += blank ? 1 : g.width;
        if (width > limit) {
            str_cut(out, cut);
            if (ellipsis_width <= limit)
                str_add(out, ellipsis);
            return;
        }
        str_add(out, blank ? SPAN(" ") : (struct span){g.text, (size_t)g.text_len});
        if (width + ellipsis_width <= limit)
            cut = out->len;
    }
}
