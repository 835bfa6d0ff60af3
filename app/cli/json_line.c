#include "app/cli/json_line.h"

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
    str_add_quoted(out, value);
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
