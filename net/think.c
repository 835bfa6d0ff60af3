#include "net/think.h"
#include "core/mem.h"

#include <string.h>

#define BLANK_MAX 4096            /* white space that is waited through for a tag */
#define PLAIN_MAX ((size_t)1 << 20) /* no model thinks longer without saying so */

static const char *const openings[] = {"<think>", "<thinking>", "<thought>"};
static const char *const closings[] = {"</think>", "</thinking>", "</thought>"};

void think_release(struct think *t)
{
    str_release(&t->held);
}

static struct span skip_blank(struct span text)
{
    size_t at = 0;
    while (at < text.len && text.s[at] && strchr(" \t\r\n", text.s[at]))
        at++;
    return span_cut(text, at, text.len);
}

static bool could_begin(struct span text, const char *tag)
{
    size_t len = strlen(tag);
    return text.len < len && memcmp(text.s, tag, text.len) == 0;
}

/* The text from its start on: a tag, the beginning of one, or neither. */
static void look_for_opening(struct think *t, struct span *rest, bool last)
{
    struct span text = skip_blank(*rest);
    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        if (span_starts(text, openings[i])) {
            *rest = span_cut(text, strlen(openings[i]), text.len);
            t->state = THINK_INSIDE;
            return;
        }
        if (!last && rest->len < BLANK_MAX && could_begin(text, openings[i]))
            return; /* wait for more */
    }
    t->state = THINK_PLAIN;
}

/* How much of the end of `text` may be the beginning of a closing tag. */
static size_t open_end(struct span text)
{
    size_t longest = strlen("</thinking>") - 1;
    for (size_t len = text.len < longest ? text.len : longest; len > 0; len--)
        for (size_t i = 0; i < COUNT_OF(closings); i++)
            if (could_begin(span_cut(text, text.len - len, text.len), closings[i]))
                return len;
    return 0;
}

/* `before` gets what stands before the tag. */
static bool look_for_closing(struct think *t, struct span *rest, bool last, struct str *before)
{
    for (size_t i = 0; i < COUNT_OF(closings); i++) {
        ptrdiff_t at = span_find(*rest, span_of(closings[i]), 0);
        if (at >= 0) {
            str_add(before, span_cut(*rest, 0, (size_t)at));
            *rest = span_cut(*rest, (size_t)at + strlen(closings[i]), rest->len);
            t->state = THINK_BEHIND;
            return true;
        }
    }
    size_t keep = last ? 0 : open_end(*rest);
    str_add(before, span_cut(*rest, 0, rest->len - keep));
    *rest = span_cut(*rest, rest->len - keep, rest->len);
    return false;
}

/* The answer, unless a closing tag comes after all. */
static bool pass_plain(struct think *t, struct span *rest, bool last, struct str *answer, struct str *thoughts)
{
    struct str before = {0};
    bool rethink = look_for_closing(t, rest, last, &before);
    t->plain += before.len;
    str_add(rethink ? thoughts : answer, str_span(&before));
    if (!rethink && t->plain > PLAIN_MAX)
        t->state = THINK_OVER;
    str_release(&before);
    return rethink;
}

bool think_passes(struct think *t, struct span piece)
{
    if (t->state == THINK_OVER)
        return true;
    if (t->held.len || skip_blank(piece).len == 0 || memchr(piece.s, '<', piece.len))
        return false;
    if (t->state == THINK_UNSURE)
        t->state = THINK_PLAIN;
    t->plain += t->state == THINK_PLAIN ? piece.len : 0;
    if (t->plain > PLAIN_MAX)
        t->state = THINK_OVER;
    return t->state == THINK_PLAIN || t->state == THINK_OVER;
}

bool think_add(struct think *t, struct span piece, bool last, struct str *answer, struct str *thoughts)
{
    if (t->state == THINK_OVER) {
        str_add(answer, piece);
        return false;
    }
    bool rethink = false;
    struct str joined = {0};
    str_move(&joined, &t->held);
    str_add(&joined, piece);
    struct span rest = str_span(&joined);
    if (t->state == THINK_UNSURE)
        look_for_opening(t, &rest, last);
    if (t->state == THINK_PLAIN)
        rethink = pass_plain(t, &rest, last, answer, thoughts);
    if (t->state == THINK_INSIDE)
        look_for_closing(t, &rest, last, thoughts);
    if (t->state == THINK_BEHIND) {
        rest = skip_blank(rest);
        if (rest.len)
            t->state = THINK_OVER;
    }
    str_add(t->state == THINK_OVER ? answer : &t->held, rest);
    str_release(&joined);
    return rethink;
}
