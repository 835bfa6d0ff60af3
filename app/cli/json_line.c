#include "app/cli/json_line.h"
#include "core/display_marks.h"
#include "core/utf8.h"

static void add_number(struct str *out, int32_t cp)
{
    if (cp < 0x10000)
        str_printf(out, "\\u%04x", (unsigned)cp);
    else
        str_printf(out, "\\u%04x\\u%04x", 0xD7C0u + ((unsigned)cp >> 10), 0xDC00u + ((unsigned)cp & 0x3FF));
}

/* What cannot be seen is spelled by its number: a terminal obeys nothing of it, and who reads the JSON gets it back. */
static void add_text(struct str *out, struct span text)
{
    struct str quoted = {0};
    size_t from = 0, len;
    str_add_quoted(&quoted, text);
    for (size_t at = 0; at < quoted.len; at += len) {
        int32_t cp = 0;
        len = (size_t)utf8_decode(span_cut(str_span(&quoted), at, quoted.len), &cp);
        if (cp < 0x80 || (cp >= 0xA0 && !mark_hidden(cp, NULL)))
            continue;
        str_add(out, span_cut(str_span(&quoted), from, at));
        add_number(out, cp);
        from = at + len;
    }
    str_add(out, span_cut(str_span(&quoted), from, quoted.len));
    str_release(&quoted);
}

static void add_name(struct str *out, const char *name)
{
    if (out->len && out->s[out->len - 1] != '{')
        str_add_byte(out, ',');
    str_add_quoted(out, span_of(name));
    str_add_byte(out, ':');
}

void json_line_text(struct str *out, const char *name, struct span value)
{
    add_name(out, name);
    add_text(out, value);
}

void json_line_number(struct str *out, const char *name, int64_t value)
{
    add_name(out, name);
    str_printf(out, "%lld", (long long)value);
}

void json_line_raw(struct str *out, const char *name, struct span value)
{
    add_name(out, name);
    str_add(out, value);
}

void json_line_open(struct str *out, const char *name)
{
    if (name)
        add_name(out, name);
    str_add_byte(out, '{');
}

void json_line_close(struct str *out)
{
    str_add_byte(out, '}');
}
