#include "core/context.h"
#include "core/count.h"
#include "core/utf8.h"

#define OTHER_BYTES 4 /* of a token, in scripts with letters */

int64_t tokens_of(struct span text)
{
    int64_t whole = 0, bytes = 0;
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        int len = 1;
        if ((unsigned char)text.s[at] >= 0x80)
            len = utf8_decode(span_cut(text, at, text.len), &cp);
        if (cp > 0 && (is_han(cp) || is_cjk_mark(cp)))
            whole++;
        else
            bytes += len;
        at += (size_t)len;
    }
    return whole + (bytes + OTHER_BYTES - 1) / OTHER_BYTES;
}

static size_t line_start(struct span text, size_t at)
{
    while (at > 0 && text.s[at - 1] != '\n')
        at--;
    return at;
}

/* One line that is too long by itself goes along with its end. */
static size_t cut_line(struct span text, int64_t tokens)
{
    size_t from = text.len, least = text.len > (size_t)tokens * OTHER_BYTES ? text.len - (size_t)tokens * OTHER_BYTES : 0;
    while (from > least) {
        int32_t cp = 0;
        size_t before = from - (size_t)utf8_decode_before(text, from, &cp);
        if (tokens_of(span_cut(text, before, text.len)) > tokens)
            break;
        from = before;
    }
    return from;
}

size_t context_cut(struct span text, int64_t tokens)
{
    size_t from = text.len;
    int64_t used = 0;
    while (from > 0) {
        size_t start = line_start(text, from - 1);
        used += tokens_of(span_cut(text, start, from));
        if (used > tokens)
            break;
        from = start;
    }
    return from == text.len && tokens > 0 ? cut_line(text, tokens) : from;
}

/* -- what goes along ---------------------------------------------------------------------------------------------------------------- */

static void gather_lore(struct context *c, const struct notes *n, struct span page, struct span prompt)
{
    size_t from = page.len > LORE_NEARBY ? page.len - LORE_NEARBY : 0;
    while (from < page.len && ((unsigned char)page.s[from] & 0xC0) == 0x80)
        from++;
    for (int i = 0; i < n->lore_count; i++) {
        struct span text = span_trim(str_span(&n->lore[i].text));
        if (text.len == 0 || lore_reason(&n->lore[i], span_cut(page, from, page.len), prompt).len == 0)
            continue;
        if (c->lore.len)
            str_add_byte(&c->lore, '\n');
        str_add(&c->lore, text);
    }
}

/* `depth` lines before the end, but not before `from`; a page that ends with a newline ends with a line all the same. */
static size_t lines_before_end(struct span page, size_t from, int depth)
{
    size_t at = page.len;
    for (int i = 0; i < depth && at > from; i++)
        at = line_start(page, at - 1);
    return at < from ? from : at;
}

int64_t context_tokens(const struct context *c)
{
    return tokens_of(c->memory) + tokens_of(c->note) + tokens_of(str_span(&c->lore));
}

void context_make(struct context *c, const struct notes *n, struct span text, struct span prompt, int64_t room, int64_t taken, bool bare)
{
    *c = (struct context){.memory = SPAN(""), .note = SPAN(""), .note_at = text.len};
    if (!bare) {
        c->memory = span_trim(str_span(&n->memory));
        c->note = span_trim(str_span(&n->note));
        gather_lore(c, n, text, prompt);
    }
    if (room > 0) {
        int64_t left = room - taken - context_tokens(c);
        c->page_from = context_cut(text, left > 0 ? left : 0);
    }
    if (c->note.len)
        c->note_at = lines_before_end(text, c->page_from, n->depth);
}

void context_release(struct context *c)
{
    str_release(&c->lore);
    *c = (struct context){0};
}
