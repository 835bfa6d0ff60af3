/* Stand-ins for what ncurses cannot carry: 24-bit colours pass through it as palette indices, wide glyphs that libc
 * measures otherwise as rare Han characters, and both are put back into the finished bytes. Knows no terminal. */
#ifndef RENGA_UI_SLOTS_H
#define RENGA_UI_SLOTS_H

#include "core/display.h"
#include "ui/style.h"

enum {
    SLOT_COLOUR_FIRST = 16, /* the sixteen named colours stay themselves */
    SLOT_COLOURS = 256 - SLOT_COLOUR_FIRST,
    SLOT_GLYPH_FIRST = 0x2F800, /* CJK compatibility ideographs, two columns each, four bytes of UTF-8 */
    SLOT_GLYPHS = 542,
};

struct slots {
    int colour_count, glyph_count;
    struct colour colours[SLOT_COLOURS];
    char glyphs[SLOT_GLYPHS][DISPLAY_TEXT_MAX];
};

void slots_clear(struct slots *s);
/* The palette index that stands for a colour, or -1: all are taken. */
int slots_colour(struct slots *s, struct colour colour);
/* The code point that stands for a glyph of two columns, or -1: all are taken. What is a stand-in needs one too. */
int32_t slots_glyph(struct slots *s, struct span text);
bool slots_owns(int32_t cp);
/* Appends the bytes of a frame with every stand-in replaced; without `colours` palette indices stay what they are. */
void slots_restore(const struct slots *s, struct span frame, bool colours, struct str *out);

#endif
