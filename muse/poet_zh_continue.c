#include "muse/poet_zh_continue.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/poet_zh_plan.h"

enum {
    LOOK_BACK = 24, /* lines of a text that are read, an even number */
    GO_ON = 4,      /* lines more of a poem that is longer than the strict forms */
};

struct lines {
    size_t from[METER_LINES]; /* where each begins */
    int length[METER_LINES];  /* in characters; the last one may not be at its end */
    int count;
};

static void add_line(struct lines *l, size_t from)
{
    if (l->count == METER_LINES) { /* two go at once: couplets stay couplets */
        for (int i = 0; i + 2 < l->count; i++) {
            l->from[i] = l->from[i + 2];
            l->length[i] = l->length[i + 2];
        }
        l->count -= 2;
    }
    l->from[l->count] = from;
    l->length[l->count++] = 0;
}

/* The lines of the text's last stanza: runs of Chinese characters. */
static void read_lines(struct lines *l, struct span text)
{
    bool inside = false;
    int breaks = 0;
    int32_t cp = 0;
    *l = (struct lines){.count = 0};
    for (size_t at = 0; at < text.len;) {
        int n = utf8_decode(span_cut(text, at, text.len), &cp);
        bool han = demand_is_han(cp);
        breaks = han ? 0 : breaks + (cp == '\n');
        if (breaks > 1)
            l->count = 0;
        if (han && !inside)
            add_line(l, at);
        if (han)
            l->length[l->count - 1]++;
        inside = han;
        at += (size_t)n;
    }
}

/* The length that all lines have, but for the last one, which may be unfinished; 0: there is none. */
static int common_length(const struct lines *l)
{
    int length = l->count ? l->length[0] : 0;
    for (int i = 1; i < l->count; i++)
        if (l->length[i] != length && (i + 1 < l->count || l->length[i] > length))
            return 0;
    return length;
}

static const char *form_name(int length, int lines, int choice)
{
    static const char *const strict[2][3] = {{"wujue", "wulv", "wupai"}, {"qijue", "qilv", "qipai"}};
    if (choice == 0 && length != 4)
        return strict[length == 7][lines < 4 ? 0 : lines < 8 ? 1 : 2];
    return length == 4 ? "siyan" : length == 5 ? "wugu" : "qigu";
}

/* The form that the writer named, with the whole text for its beginning. */
static void continue_named(struct wish *own, const struct wish *w)
{
    wish_copy(own, w);
    own->kind = WISH_VERSE;
    str_clear(&own->acrostic);
    str_set(&own->first_line, str_span(&w->text));
}

bool continue_wish(struct wish *own, const struct wish *w, int choice)
{
    struct lines l;
    if (w->form_said && choice-- == 0) {
        continue_named(own, w);
        return true;
    }
    struct span text = str_span(&w->text);
    read_lines(&l, text);
    int length = common_length(&l), skipped = l.count > LOOK_BACK ? (l.count - LOOK_BACK + 1) / 2 * 2 : 0, lines = l.count - skipped;
    if (choice > 1 || (length != 4 && length != 5 && length != 7))
        return false;
    wish_copy(own, w);
    own->kind = WISH_VERSE;
    own->language = FORM_ZH;
    own->form = form_named(span_of(form_name(length, lines, choice)));
    own->lines = lines < 4 ? 4 : lines / 2 * 2 + GO_ON;
    str_clear(&own->acrostic);
    str_set(&own->first_line, span_cut(text, l.from[skipped], text.len));
    return true;
}
