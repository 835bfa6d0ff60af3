#include "ui/sign.h"

#include "core/display.h"

static const struct {
    const char *text, *ascii;
} signs[SIGN_COUNT] = {
    [SIGN_DONE] = {"●", "*"},        [SIGN_WRITING] = {"◐", "+"},     [SIGN_WAITING] = {"○", "o"},
    [SIGN_STOPPED] = {"■", "#"},     [SIGN_FAILED] = {"✕", "x"},      [SIGN_INTERRUPTED] = {"◌", "?"},
    [SIGN_STAR] = {"★", "*"},        [SIGN_MARK] = {"›", ">"},        [SIGN_BACK] = {"‹", "<"},
    [SIGN_ON] = {"›", ">"},          [SIGN_KNOB] = {"●", "O"},        [SIGN_KNOB_OFF] = {"○", "o"},
    [SIGN_TRACK] = {"─", "-"},       [SIGN_TRACK_DEAD] = {"╌", "."},  [SIGN_TRACK_LEFT] = {"├", "|"},
    [SIGN_TRACK_RIGHT] = {"┤", "|"}, [SIGN_DOT] = {"·", "-"},         [SIGN_BAR] = {"━", "="},
    [SIGN_BAR_HALF] = {"╸", "="},    [SIGN_BAR_WAS] = {"─", "-"},     [SIGN_BAR_WAS_HALF] = {"╴", "-"},
    [SIGN_BAR_SHRUNK] = {"╾", "="},  [SIGN_BAR_GROWN] = {"┿", "+"},   [SIGN_BAR_CUT] = {"╌", "."},
    [SIGN_WRITER] = {"◆", "#"},      [SIGN_MODEL] = {"●", "*"},       [SIGN_EDIT] = {"◇", "+"},
    [SIGN_PROMPT] = {"›", ">"},      [SIGN_LINE] = {"│", "|"},        [SIGN_FORK] = {"├", "|"},
    [SIGN_FORK_TOP] = {"┌", ","},    [SIGN_FORK_END] = {"└", "`"},    [SIGN_RUNG] = {"─", "-"},
    [SIGN_FOLD] = {"▸", "+"},        [SIGN_BOOKMARK] = {"⚑", "!"},    [SIGN_CHECK] = {"✓", "x"},
};

struct span sign_text(enum sign s)
{
    return span_of(display_ambiguous() == 2 ? signs[s].ascii : signs[s].text);
}

void sign_stars(struct str *out, int rating)
{
    for (int i = 0; i < rating && i < 5; i++)
        str_add(out, sign_text(SIGN_STAR));
}
