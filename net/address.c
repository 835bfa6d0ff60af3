#include "net/address.h"

#include <string.h>

static const char *const endpoints[] = {"/chat/completions", "/completions", "/models"};

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

void address_add(struct str *out, const char *base, const char *path)
{
    const char *authority = strstr(base, "://");
    authority = authority ? authority + 3 : base;
    struct span whole = span_of(base);
    size_t start = (size_t)(authority - base) + strcspn(authority, "/?#"), end = strcspn(base, "?#");
    struct span own = without_slashes(span_cut(whole, start, end));
    struct span query = span_cut(whole, end, end + strcspn(base + end, "#"));
    bool full = cut_endpoint(&own);
    str_add(out, span_cut(whole, 0, start));
    str_add(out, own);
    if (!full && !has_version(own))
        str_add_text(out, "/v1");
    str_add_text(out, path);
    str_add(out, query);
}
