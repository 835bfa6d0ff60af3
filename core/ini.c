#include "core/ini.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 4096
#define FILE_MAX_BYTES (1u << 20)

bool ini_fail(const struct ini_entry *en, struct err *e, const char *format, ...)
{
    char text[1024]; /* longer than an err holds: only err_set() knows how to cut */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_set(e, ERR_CONFIG, "%s:%d: %s", en->file, en->line, text);
}

static bool has_controls(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (((unsigned char)line.s[i] < 0x20 && line.s[i] != '\t') || line.s[i] == 0x7F)
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Cuts a comment: a # of its own, so that #d7875f is a colour. */
static struct span without_comment(struct span sp)
{
    for (size_t i = 0; i < sp.len; i++)
        if (sp.s[i] == '#' && (i == 0 || is_space(sp.s[i - 1])) && (i + 1 == sp.len || is_space(sp.s[i + 1])))
            return span_trim(span_cut(sp, 0, i));
    return span_trim(sp);
}

/* The value of `"…" # comment`: unescaped into out. */
static bool read_quoted(const struct ini_entry *en, struct span sp, struct str *out, struct err *e)
{
    size_t i = 1;
    for (; i < sp.len && sp.s[i] != '"'; i++) {
        char c = sp.s[i];
        if (c == '\\' && i + 1 < sp.len) {
            c = sp.s[++i];
            if (!strchr("\"\\nt", c)) {
                int32_t cp = 0;
                struct span character = span_cut(sp, i, i + (size_t)utf8_decode(span_cut(sp, i, sp.len), &cp));
                return ini_fail(en, e, _("\\%.*s means nothing here; known are \\\" \\\\ \\n \\t."), SPAN_ARG(character));
            }
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        str_add_byte(out, c);
    }
    if (i >= sp.len)
        return ini_fail(en, e, _("The quoted value has no closing quote."));
    if (without_comment(span_cut(sp, i + 1, sp.len)).len)
        return ini_fail(en, e, _("Something follows the closing quote."));
    return true;
}

static bool read_section(struct ini_entry *en, struct span line, struct err *e)
{
    struct span name = without_comment(line);
    if (name.s[name.len - 1] != ']')
        return ini_fail(en, e, _("The section has no closing bracket."));
    en->section = span_trim(span_cut(name, 1, name.len - 1));
    return en->section.len ? true : ini_fail(en, e, _("The section has no name."));
}

static bool read_line(struct ini_entry *en, struct span line, struct str *value,
                      bool (*entry)(void *, const struct ini_entry *, struct err *), void *ctx, struct err *e)
{
    if (line.len > LINE_MAX_BYTES)
        return ini_fail(en, e, _("The line is longer than %d bytes."), LINE_MAX_BYTES);
    if (has_controls(line) || !utf8_valid(line))
        return ini_fail(en, e, _("The line holds bytes that are not plain UTF-8 text."));
    line = span_trim(line);
    if (line.len == 0 || line.s[0] == '#')
        return true;
    if (line.s[0] == '[')
        return read_section(en, line, e);
    ptrdiff_t equals = span_find(line, SPAN("="), 0);
    if (equals <= 0)
        return ini_fail(en, e, _("A line is “name = value”, “[section]” or “# comment”."));
    en->key = span_trim(span_cut(line, 0, (size_t)equals));
    struct span rest = span_trim(span_cut(line, (size_t)equals + 1, line.len));
    str_clear(value);
    if (rest.len && rest.s[0] == '"') {
        if (!read_quoted(en, rest, value, e))
            return false;
        en->value = str_span(value);
    } else {
        en->value = without_comment(rest);
    }
    return entry(ctx, en, e);
}

bool ini_read(const char *file, struct span text, bool (*entry)(void *, const struct ini_entry *, struct err *), void *ctx,
              struct err *e)
{
    struct ini_entry en = {.file = file, .section = SPAN("")};
    struct str value = {0};
    struct span line = {0};
    bool ok = true;
    if (text.len > FILE_MAX_BYTES)
        return ini_fail(&en, e, _("The file is larger than 1 MB."));
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_cut(text, 3, text.len);
    while (span_line(&text, &line)) {
        en.line++;
        if (!read_line(&en, line, &value, entry, ctx, ok ? e : NULL))
            ok = false;
    }
    str_release(&value);
    return ok;
}

/* One character inside quotes; what a line may not hold is left out. */
static void quote_character(struct str *out, struct span character)
{
    char c = character.s[0];
    if (c == '\n' || c == '\t')
        str_add_text(out, c == '\n' ? "\\n" : "\\t");
    else if (!has_controls(character) && utf8_valid(character))
        str_printf(out, "%s%.*s", c == '"' || c == '\\' ? "\\" : "", SPAN_ARG(character));
}

void ini_quote(struct str *out, struct span value)
{
    bool plain = value.len && span_trim(value).len == value.len && value.s[0] != '"' && !has_controls(value) &&
                 utf8_valid(value) && !memchr(value.s, '#', value.len) && !memchr(value.s, '\t', value.len);
    if (plain) {
        str_add(out, value);
        return;
    }
    str_add_byte(out, '"');
    for (size_t at = 0, len = 0; at < value.len; at += len) {
        int32_t cp = -1;
        len = (size_t)utf8_decode(span_cut(value, at, value.len), &cp);
        quote_character(out, span_cut(value, at, at + len));
    }
    str_add_byte(out, '"');
}
