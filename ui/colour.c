#include "ui/colour.h"

#include "core/mem.h"
#include "ui/theme.h"

#include <math.h>

static const char *const names[16] = {
    "black",        "red",        "green",        "yellow",        "blue",        "magenta",
    "cyan",         "white",      "bright-black", "bright-red",    "bright-green", "bright-yellow",
    "bright-blue",  "bright-magenta", "bright-cyan", "bright-white",
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_rgb(struct span text, struct colour *out)
{
    int value[6];
    if (text.len != 7 || text.s[0] != '#')
        return false;
    for (size_t i = 0; i < 6; i++)
        if ((value[i] = hex_digit(text.s[i + 1])) < 0)
            return false;
    *out = (struct colour){COLOUR_RGB, (uint8_t)(value[0] * 16 + value[1]), (uint8_t)(value[2] * 16 + value[3]),
                           (uint8_t)(value[4] * 16 + value[5])};
    return true;
}

bool colour_parse(struct span text, struct colour *out)
{
    int64_t index = -1;
    if (span_is(text, "default")) {
        *out = (struct colour){.kind = COLOUR_DEFAULT};
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_is(text, names[i]))
            index = (int64_t)i;
    if (index < 0 && !(text.len <= 3 && span_integer(text, &index)))
        return parse_rgb(text, out);
    if (index < 0 || index > 255)
        return false;
    *out = (struct colour){.kind = COLOUR_INDEX, .r = (uint8_t)index};
    return true;
}

/* The 256 colours' fixed part: a 6×6×6 cube from 16 and 24 greys from 232; the sixteen before are the terminal's own. */
static bool known_rgb(struct colour c, double rgb[3])
{
    static const uint8_t cube[6] = {0, 95, 135, 175, 215, 255};
    if (c.kind == COLOUR_DEFAULT || (c.kind == COLOUR_INDEX && c.r < 16))
        return false;
    if (c.kind == COLOUR_INDEX && c.r >= 232) {
        rgb[0] = rgb[1] = rgb[2] = 8 + 10 * (c.r - 232);
    } else if (c.kind == COLOUR_INDEX) {
        int i = c.r - 16;
        rgb[0] = cube[i / 36];
        rgb[1] = cube[i / 6 % 6];
        rgb[2] = cube[i % 6];
    } else {
        rgb[0] = c.r;
        rgb[1] = c.g;
        rgb[2] = c.b;
    }
    return true;
}

/* Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
static double luminance(const double rgb[3])
{
    static const double weight[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double v = rgb[i] / 255;
        sum += weight[i] * (v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double colour_contrast(struct colour a, struct colour b)
{
    double rgb_a[3], rgb_b[3];
    if (!known_rgb(a, rgb_a) || !known_rgb(b, rgb_b))
        return 0;
    double la = luminance(rgb_a), lb = luminance(rgb_b);
    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}
