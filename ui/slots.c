#include "ui/slots.h"
#include "core/mem.h"
#include "core/utf8.h"
#include <string.h>

void slots_clear(struct slots *s) { s->colour_count = s->glyph_count = 0; }

int slots_colour(struct slots *s, struct colour colour)
{
    int i = 0;
    while (i < s->colour_count && memcmp(&s->colours[i], &colour, sizeof colour) != 0)
        i++;
    if (i == SLOT_COLOURS)
        return -1;
    if (i == s->colour_count)
        s->colours[s->colour_count++] = colour;
    return SLOT_COLOUR_FIRST + i;
}

int32_t slots_glyph(struct slots *s, struct span text)
{
    CHECK(text.len < DISPLAY_TEXT_MAX);
    int i = 0;
    while (i < s->glyph_count && !span_is(text, s->glyphs[i]))
        i++;
    if (i == SLOT_GLYPHS)
        return -1;
    if (i == s->glyph_count) {
        memcpy(s->glyphs[i], text.s, text.len);
        s->glyphs[i][text.len] = '\0';
        s->glyph_count++;
    }
    return SLOT_GLYPH_FIRST + i;
}

bool slots_owns(int32_t cp) { return cp >= SLOT_GLYPH_FIRST && cp < SLOT_GLYPH_FIRST + SLOT_GLYPHS; }

/* `at` is the index N of a 38;5;N or 48;5;N; gives what takes the place of "5;N", and N's digits in *digits. */
static void add_colour(const struct slots *s, struct span at, struct str *out, size_t *digits)
{
    int index = 0;
    for (*digits = 0; *digits < at.len && *digits < 3 && at.s[*digits] >= '0' && at.s[*digits] <= '9'; (*digits)++)
        index = index * 10 + (at.s[*digits] - '0');
    int slot = index - SLOT_COLOUR_FIRST;
    if (slot < 0 || slot >= s->colour_count)
        str_printf(out, "5;%d", index);
    else if (s->colours[slot].kind == COLOUR_INDEX)
        str_printf(out, "5;%d", s->colours[slot].r);
    else
        str_printf(out, "2;%d;%d;%d", s->colours[slot].r, s->colours[slot].g, s->colours[slot].b);
}

/* A CSI at the front of `rest`, ESC [ included; returns its length. */
static size_t restore_sgr(const struct slots *s, struct span rest, struct str *out)
{
    size_t end = 2;
    while (end < rest.len && ((unsigned char)rest.s[end] < 0x40 || (unsigned char)rest.s[end] > 0x7E))
        end++;
    struct span sgr = span_cut(rest, 0, end + 1);
    if (end >= rest.len || rest.s[end] != 'm') {
        str_add(out, sgr);
        return sgr.len;
    }
    size_t copied = 0;
    for (size_t i = 2; i + 5 < sgr.len; i++) {
        struct span at = span_cut(sgr, i, sgr.len);
        bool first = sgr.s[i - 1] == '[' || sgr.s[i - 1] == ';';
        if (!first || !(span_starts(at, "38;5;") || span_starts(at, "48;5;")))
            continue;
        size_t digits = 0;
        str_add(out, span_cut(sgr, copied, i + 3));
        add_colour(s, span_cut(at, 5, at.len), out, &digits);
        copied = i + 5 + digits;
        i = copied - 1;
    }
    str_add(out, span_cut(sgr, copied, sgr.len));
    return sgr.len;
}

static size_t restore_glyph(const struct slots *s, struct span rest, struct str *out)
{
    int32_t cp = -1;
    size_t len = (size_t)utf8_decode(rest, &cp);
    if (slots_owns(cp) && cp - SLOT_GLYPH_FIRST < s->glyph_count)
        str_add_text(out, s->glyphs[cp - SLOT_GLYPH_FIRST]);
    else
        str_add(out, span_cut(rest, 0, len));
    return len;
}

void slots_restore(const struct slots *s, struct span frame, bool colours, struct str *out)
{
    size_t copied = 0, at = 0;
    while (at < frame.len) {
        bool sgr = colours && frame.s[at] == 0x1B && at + 1 < frame.len && frame.s[at + 1] == '[';
        bool glyph = (unsigned char)frame.s[at] == 0xF0;
        if (!sgr && !glyph) {
            at++;
            continue;
        }
        struct span rest = span_cut(frame, at, frame.len);
        str_add(out, span_cut(frame, copied, at));
        at += sgr ? restore_sgr(s, rest, out) : restore_glyph(s, rest, out);
        copied = at;
    }
    str_add(out, span_cut(frame, copied, frame.len));
}
