#include "muse/wish_parts.h"

#include <string.h>

enum {
    LINES_MAX = 64,       /* of the page that are looked at */
    POEM_LINES_MAX = 28, /* of a poem that is gone on with */
    BEGUN_MAX = 6,       /* characters of a line that is only begun */
};

bool wish_is_request(const struct wish_findings *f)
{
    bool introduced = f->title.said.len || f->first_line.said.len || f->acrostic.said.len || f->rhyme.said.len;
    return f->rank >= RANK_NAME || introduced || f->again || f->go_on;
}

/* Takes the last line off the end of `rest`. */
static bool last_line(struct span *rest, struct span *line)
{
    if (rest->len == 0)
        return false;
    const char *lf = memrchr(rest->s, '\n', rest->len - (rest->s[rest->len - 1] == '\n'));
    size_t from = lf ? (size_t)(lf - rest->s) + 1 : 0;
    *line = span_trim(span_cut(*rest, from, rest->len));
    *rest = span_cut(*rest, 0, from);
    return true;
}

/* Chinese poems stand apart by an empty line; stanzas of a tune and of English ones do as well, but are not whole. */
static bool is_whole(struct span verse)
{
    const struct form *form = wish_form_of_lines(verse, true);
    return form && form->kind == FORM_REGULATED;
}

static void take_line(struct wish_page *page, struct span line)
{
    const char *end = page->verse.len ? page->verse.s + page->verse.len : line.s + line.len;
    page->verse = (struct span){line.s, (size_t)(end - line.s)};
}

/* A line of a few characters at the page's very end, which nothing ends: it is only begun, as far as verse stands above. */
static bool is_begun(struct span line, struct span text)
{
    int han = wish_count_han(line);
    return line.len && han > 0 && han <= BEGUN_MAX && line.len == (size_t)han * 3 && line.s + line.len == text.s + text.len;
}

static void add_begun(struct wish_page *page, struct span begun)
{
    page->begun = begun.len;
    if (page->verse.len == 0)
        page->verse = begun;
    else if (begun.len)
        page->verse.len = (size_t)(begun.s + begun.len - page->verse.s);
}

void wish_page_read(struct wish_page *page, struct span text, const struct patterns *p)
{
    struct span rest = text, line, begun = SPAN("");
    bool open = true; /* the verse may go on above */
    int seen = 0, lines = 0;
    page->has_request = page->ends_with_request = false;
    page->verse = page->last = SPAN("");
    page->begun = 0;
    while (seen++ < LINES_MAX && last_line(&rest, &line)) {
        if (line.len == 0) {
            open = open && (lines == 0 || !is_whole(page->verse));
            continue;
        }
        wish_text_set(&page->text, line);
        wish_scan(&page->request, &page->text, p);
        page->has_request = wish_is_request(&page->request) && !wish_looks_like_verse(line, false);
        page->ends_with_request = page->has_request && page->last.len == 0;
        page->last = page->last.len ? page->last : line;
        if (page->has_request && !page->request.again && !page->request.go_on) {
            add_begun(page, begun); /* what follows a wish is verse */
            return;
        }
        if (seen == 1 && !wish_is_request(&page->request) && is_begun(line, text)) {
            begun = line;
            continue;
        }
        open = open && !page->has_request && lines < POEM_LINES_MAX && wish_may_be_line(line);
        if (open) {
            take_line(page, line);
            lines++;
        }
    }
    page->has_request = false;
    if (!wish_looks_like_verse(page->verse, true))
        page->verse = SPAN("");
    else if (page->verse.len)
        add_begun(page, begun);
}
