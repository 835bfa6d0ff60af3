#include "ui/footer.h"

#include <string.h>

static int width_of(const struct footer_key *key)
{
    return display_width(span_of(key->key)) + 1 + display_width(span_of(key->label));
}

static void draw_key(struct canvas *c, int x, int y, const struct footer_key *key, struct places *places)
{
    int width = width_of(key);
    int used = canvas_text(c, x, y, width, span_of(key->key), STYLE_KEY);
    canvas_text(c, x + used + 1, y, width - used - 1, span_of(key->label), STYLE_FOOTER);
    places_add_command(places, (struct rect){x, y, width, 1}, key->command);
}

/* The key that leads out, -1: none. */
static int way_out(const struct footer_key *keys, int count)
{
    while (count > 0 && strcmp(keys[count - 1].key, "Esc") != 0)
        count--;
    return count - 1;
}

void footer_draw(struct canvas *c, int y, const struct footer_key *keys, int count, struct places *places)
{
    int gap = c->w < 60 ? 2 : 3, x = c->w < 40 ? 0 : 1, out = way_out(keys, count);
    canvas_fill(c, (struct rect){0, y, c->w, 1}, STYLE_FOOTER);
    for (int i = 0; i < count; i++) {
        int room = i < out ? c->w - gap - width_of(&keys[out]) : c->w;
        if (x + width_of(&keys[i]) > room) {
            if (i >= out)
                break;
            i = out; /* what does not fit is left out before the way out is */
        }
        draw_key(c, x, y, &keys[i], places);
        x += width_of(&keys[i]) + gap;
    }
}
