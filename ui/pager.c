#include "ui/pager.h"

#include "ui/footer.h"

#define MEASURE 88 /* columns of text that are comfortable to read */

static void start_editor(struct pager *p)
{
    editor_init(&p->editor, p->text);
    p->editor.readonly = true;
}

void pager_init(struct pager *p)
{
    *p = (struct pager){.text = buffer_new()};
    start_editor(p);
}

void pager_release(struct pager *p)
{
    editor_release(&p->editor);
    buffer_free(p->text);
    str_release(&p->title);
    *p = (struct pager){.open = false};
}

void pager_open(struct pager *p, const char *title, struct span text)
{
    editor_release(&p->editor);
    buffer_clear(p->text);
    buffer_insert_foreign(p->text, 0, text, (struct ink){.owner = 0});
    start_editor(p);
    str_set(&p->title, span_of(title));
    p->open = true;
}

/* A line with words in it, a space on both sides. */
static void draw_line(struct canvas *c, int y, struct span words, enum role_id role)
{
    canvas_hline(c, 0, y, c->w, STYLE_BORDER);
    if (words.len == 0)
        return;
    int used = canvas_text(c, 2, y, c->w > 4 ? c->w - 4 : 0, words, role);
    canvas_text(c, 1, y, 1, SPAN(" "), STYLE_TEXT);
    canvas_text(c, 2 + used, y, 1, SPAN(" "), STYLE_TEXT);
}

/* "3/120": the caret's line; where the reader is matters more than a bar that says it. */
static void draw_place(struct pager *p, struct canvas *c)
{
    int64_t lines = 1;
    struct str place = {0};
    struct span text = buffer_text(p->text);
    for (size_t i = 0; i < text.len; i++)
        lines += text.s[i] == '\n';
    str_printf(&place, " %lld/%lld ", (long long)editor_line(&p->editor), (long long)lines);
    int width = display_width(str_span(&place));
    if (width + 20 < c->w)
        canvas_text_right(c, c->w - 2, 0, width, str_span(&place), STYLE_DIM);
    str_release(&place);
}

void pager_draw(struct pager *p, struct canvas *c)
{
    bool framed = c->h >= 4, footer = c->h >= 6;
    int pad = c->w >= 40 ? 2 : 0;
    canvas_clear(c);
    places_clear(&p->places);
    struct rect text = {pad, framed ? 1 : 0, c->w - 2 * pad, c->h - (framed ? 2 : 0) - (footer ? 1 : 0)};
    if (framed) {
        draw_line(c, 0, str_span(&p->title), STYLE_BORDER_FOCUS);
        draw_line(c, text.y + text.h, p->message, p->message_role);
        draw_place(p, c);
    }
    if (text.h >= 12) {
        text.y++;
        text.h -= 2;
    }
    if (text.w > MEASURE) {
        text.x = (c->w - MEASURE) / 2;
        text.w = MEASURE;
    }
    editor_draw(&p->editor, c, text, true);
    if (footer)
        footer_draw(c, c->h - 1, p->footer, p->footer_count, &p->places);
}

const char *pager_at(const struct pager *p, int x, int y)
{
    const struct place *place = places_at(&p->places, x, y);
    return place ? place->command : NULL;
}
