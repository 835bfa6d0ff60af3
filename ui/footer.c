#include "ui/footer.h"

void footer_draw(struct canvas *c, int y, const struct footer_key *keys, int count, struct places *places)
{
    int gap = c->w < 60 ? 2 : 3, x = c->w < 40 ? 0 : 1;
    canvas_fill(c, (struct rect){0, y, c->w, 1}, STYLE_FOOTER);
    for (int i = 0; i < count; i++) {
        struct span key = span_of(keys[i].key), label = span_of(keys[i].label);
        int width = display_width(key) + 1 + display_width(label);
        if (x + width > c->w)
            break;
        int used = canvas_text(c, x, y, width, key, STYLE_KEY);
        canvas_text(c, x + used + 1, y, width - used - 1, label, STYLE_FOOTER);
        places_add_command(places, (struct rect){x, y, width, 1}, keys[i].command);
        x += width + gap;
    }
}
