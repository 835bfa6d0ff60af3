#include "core/usage.h"
#include "core/i18n.h"

#include <stdlib.h>
#include <string.h>

#define PRICE_MAX 1e9

/* Makers of models count in thousands of either sort. */
void tokens_label(int64_t tokens, struct str *out)
{
    int64_t step = tokens % 1000 && tokens % 1024 == 0 ? 1024 : 1000, k = (tokens + (step == 1000 ? 500 : 0)) / step;
    if (tokens < 1000)
        str_printf(out, "%lld", (long long)tokens);
    else if (k >= step && k % step == 0)
        str_printf(out, "%lldM", (long long)(k / step));
    else
        str_printf(out, "%lldk", (long long)k);
}

static bool next_word(struct span *rest, struct span *word)
{
    *rest = span_trim(*rest);
    size_t end = 0;
    while (end < rest->len && rest->s[end] != ' ' && rest->s[end] != '\t')
        end++;
    *word = span_cut(*rest, 0, end);
    *rest = span_cut(*rest, end, rest->len);
    return end > 0;
}

static bool read_amount(struct span *rest, double *out)
{
    struct span word = SPAN("");
    char text[32] = "", *end = text;
    if (!next_word(rest, &word) || word.len >= sizeof text)
        return false;
    memcpy(text, word.s, word.len);
    *out = strspn(text, "0123456789.") == word.len ? strtod(text, &end) : -1;
    return *out >= 0 && *out <= PRICE_MAX && end == text + word.len;
}

bool price_read(struct span text, struct price *out)
{
    struct price p = {.known = true};
    if (!read_amount(&text, &p.in) || !read_amount(&text, &p.out))
        return false;
    struct span unit = span_trim(text);
    if (unit.len >= sizeof p.unit)
        return false;
    if (unit.len)
        memcpy(p.unit, unit.s, unit.len);
    *out = p;
    return true;
}

void prices_find(struct span prices, struct span model, struct price *out)
{
    struct span line = SPAN("");
    *out = (struct price){.known = false};
    while (span_line(&prices, &line)) {
        ptrdiff_t tab = span_find(line, SPAN("\t"), 0);
        struct span name = span_cut(line, 0, tab < 0 ? 0 : (size_t)tab);
        bool own = span_equal(name, model);
        if (tab >= 0 && (own || (name.len == 0 && !out->known)) && !price_read(span_cut(line, (size_t)tab + 1, line.len), out))
            out->known = false;
        if (own && name.len)
            return;
    }
}

static void add_count(int64_t *sum, int64_t more)
{
    if (more >= 0)
        *sum = *sum < 0 ? more : *sum + more;
}

void usage_add(struct usage *sum, const struct usage *more)
{
    add_count(&sum->prompt_tokens, more->prompt_tokens);
    add_count(&sum->completion_tokens, more->completion_tokens);
}

bool usage_is_told(const struct usage *u)
{
    return u->prompt_tokens >= 0 || u->completion_tokens >= 0;
}

bool usage_cost(const struct usage *u, const struct price *p, double *cost)
{
    if (!p->known || u->prompt_tokens < 0 || u->completion_tokens < 0)
        return false;
    *cost = ((double)u->prompt_tokens * p->in + (double)u->completion_tokens * p->out) / 1e6;
    return true;
}

/* Two digits that count, and at least cents. */
void cost_label(double cost, const char *unit, struct str *out)
{
    int decimals = 2;
    for (double c = cost; c > 0 && c < 0.1 && decimals < 8; c *= 10)
        decimals++;
    str_printf(out, "%.*f%s%s", decimals, cost, *unit ? " " : "", unit);
}

bool usage_tell(const struct usage *u, const struct price *p, struct str *out)
{
    double cost = 0;
    if (!usage_is_told(u))
        return false;
    str_add_text(out, _("tokens: "));
    if (u->prompt_tokens >= 0)
        str_printf(out, _("%lld in"), (long long)u->prompt_tokens);
    if (u->completion_tokens >= 0) {
        str_add_text(out, u->prompt_tokens >= 0 ? " · " : "");
        str_printf(out, _("%lld out"), (long long)u->completion_tokens);
    }
    if (usage_cost(u, p, &cost)) {
        str_add_text(out, " · ");
        cost_label(cost, p->unit, out);
    }
    return true;
}
