#include "app/cli/json_line.h"

static void add_string(struct str *out, struct span text)
{
    str_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else if (c == '\n')
            str_add_text(out, "\\n");
        else if (c < 0x20 || c == 0x7F)
            str_printf(out, "\\u%04x", c);
        else
            str_add_byte(out, (char)c);
    }
    str_add_byte(out, '"');
}

static void add_name(struct str *out, const char *name)
{
    if (out->len && out->s[out->len - 1] != '{')
        str_add_byte(out, ',');
    add_string(out, span_of(name));
    str_add_byte(out, ':');
}

void json_line_text(struct str *out, const char *name, struct span value)
{
    add_name(out, name);
    add_string(out, value);
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
