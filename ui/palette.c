#include "ui/palette.h"

static const uint8_t named[16][3] = {
    {0, 0, 0},       {205, 0, 0},     {0, 205, 0},     {205, 205, 0},
    {0, 0, 238},     {205, 0, 205},   {0, 205, 205},   {229, 229, 229},
    {127, 127, 127}, {255, 0, 0},     {0, 255, 0},     {255, 255, 0},
    {92, 92, 255},   {255, 0, 255},   {0, 255, 255},   {255, 255, 255},
};
static const uint8_t levels[6] = {0, 95, 135, 175, 215, 255}; /* of the 6×6×6 cube */

static struct colour palette_rgb(int index)
{
    struct colour rgb = {.kind = COLOUR_RGB};
    if (index < 16) {
        rgb.r = named[index][0], rgb.g = named[index][1], rgb.b = named[index][2];
    } else if (index < 232) {
        int cube = index - 16;
        rgb.r = levels[cube / 36], rgb.g = levels[cube / 6 % 6], rgb.b = levels[cube % 6];
    } else {
        rgb.r = rgb.g = rgb.b = (uint8_t)(8 + 10 * (index - 232));
    }
    return rgb;
}

static int distance(struct colour a, struct colour b)
{
    int r = a.r - b.r, g = a.g - b.g, blue = a.b - b.b;
    return 2 * r * r + 4 * g * g + 3 * blue * blue; /* the eye sees green best */
}

int palette_nearest(struct colour colour, int count)
{
    if (colour.kind == COLOUR_DEFAULT)
        return -1;
    if (colour.kind == COLOUR_INDEX && colour.r < count)
        return colour.r;
    if (colour.kind == COLOUR_INDEX && colour.r < 16)
        return colour.r % 8;
    struct colour wanted = colour.kind == COLOUR_INDEX ? palette_rgb(colour.r) : colour;
    /* The first sixteen are the writer's own and may look like anything: with 256 they are left out. */
    int best = count > 16 ? 16 : 0;
    for (int i = best; i < count; i++)
        if (distance(palette_rgb(i), wanted) < distance(palette_rgb(best), wanted))
            best = i;
    return best;
}
