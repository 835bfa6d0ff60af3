#include "net/address.h"

#include <string.h>

static const char *const endpoints[] = {
    "/chat/completions", "/completions", "/completion",       "/responses",       "/messages", "/models", "/api/chat",
    "/api/generate",     "/api/tags",    "/api/v1/generate", "/api/extra/generate/stream",
};

static bool ends_with(struct span sp, const char *end)
{
    size_t len = strlen(end);
    return sp.len >= len && !memcmp(sp.s + sp.len - len, end, len);
}

static struct span without_slashes(struct span path)
{
    while (path.len && path.s[path.len - 1] == '/')
        path.len--;
    return path;
}

/* "v1", "v4", "v1beta": a part of a path that names the version. */
static bool is_version(struct span part)
{
    return part.len >= 2 && part.s[0] == 'v' && part.s[1] >= '0' && part.s[1] <= '9';
}

static bool has_version(struct span path)
{
    size_t from = 0;
    while (from < path.len) {
        const char *slash = memchr(path.s + from, '/', path.len - from);
        size_t end = slash ? (size_t)(slash - path.s) : path.len;
        if (is_version(span_cut(path, from, end)))
            return true;
        from = end + 1;
    }
    return false;
}

/* Cuts a full endpoint off the path; true when there was one. */
static bool cut_endpoint(struct span *path)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (ends_with(*path, endpoints[i])) {
            path->len -= strlen(endpoints[i]);
            *path = without_slashes(*path);
            return true;
        }
    return false;
}

static void cut_version(struct span *path)
{
    size_t from = path->len;
    while (from > 0 && path->s[from - 1] != '/')
        from--;
    if (from > 0 && is_version(span_cut(*path, from, path->len)))
        path->len = from - 1;
}

/* A name within a path; a slash may be part of it. */
static void add_name(struct str *out, struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.s[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("-._~/:@", c)))
            str_add_byte(out, (char)c);
        else
            str_printf(out, "%%%02X", c);
    }
}

static void add_path(struct str *out, struct span path, struct span model)
{
    ptrdiff_t at = span_find(path, SPAN("{model}"), 0);
    if (at < 0) {
        str_add(out, path);
        return;
    }
    str_add(out, span_cut(path, 0, (size_t)at));
    add_name(out, model);
    str_add(out, span_cut(path, (size_t)at + 7, path.len));
}

void address_add(struct str *out, const char *base, const char *version, const char *path, struct span model)
{
    const char *authority = strstr(base, "://");
    authority = authority ? authority + 3 : base;
    struct span whole = span_of(base), tail = span_of(path);
    size_t start = (size_t)(authority - base) + strcspn(authority, "/?#"), end = strcspn(base, "?#"), own_query = strcspn(path, "?");
    struct span own = without_slashes(span_cut(whole, start, end));
    struct span query = span_cut(whole, end, end + strcspn(base + end, "#"));
    bool full = cut_endpoint(&own);
    if (!*version)
        cut_version(&own);
    str_add(out, span_cut(whole, 0, start));
    str_add(out, own);
    if (!full && !has_version(own))
        str_add_text(out, version);
    add_path(out, span_cut(tail, 0, own_query), model);
    str_add(out, query);
    if (own_query < tail.len && query.len) {
        str_add_byte(out, '&');
        own_query++;
    }
    str_add(out, span_cut(tail, own_query, tail.len));
}
