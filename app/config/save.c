#include "app/config/config.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/muse.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_MAX (1u << 20)
#define VALUE_MAX  4000 /* a line that the reader takes */
#define NAME_MAX_BYTES 64

/* -- a config text under edit ------------------------------------------------------------------------------------------------
 *
 * Lines are changed where they stand, so that order, comments and everything unknown survive. Offsets are of the text's bytes. */

struct place {
    size_t line, value, value_end; /* of the last line that sets the key; line_end is after its newline */
    size_t line_end;
    bool found;                    /* such a line exists */
    bool section;                  /* the section exists */
    size_t end;                    /* where a new line of the section belongs: after its last line that says something */
};

static struct span section_name(struct span line)
{
    ptrdiff_t close = span_find(line, SPAN("]"), 0);
    return span_trim(span_cut(line, 1, close < 0 ? line.len : (size_t)close));
}

static bool is_blank(struct span sp, size_t at)
{
    return at >= sp.len || sp.s[at] == ' ' || sp.s[at] == '\t';
}

/* Length of the value at the front of `rest`: to its closing quote, or to a comment or the end. */
static size_t value_length(struct span rest)
{
    if (rest.len && rest.s[0] == '"') {
        for (size_t i = 1; i < rest.len; i++) {
            if (rest.s[i] == '\\')
                i++;
            else if (rest.s[i] == '"')
                return i + 1;
        }
        return rest.len;
    }
    for (size_t i = 0; i < rest.len; i++)
        if (rest.s[i] == '#' && (i == 0 || is_blank(rest, i - 1)) && is_blank(rest, i + 1))
            return span_trim(span_cut(rest, 0, i)).len;
    return span_trim(rest).len;
}

static void note_key_line(struct place *p, struct span text, struct span line, size_t after, const char *key)
{
    ptrdiff_t equals = span_find(line, SPAN("="), 0);
    if (equals < 0 || !span_is(span_trim(span_cut(line, 0, (size_t)equals)), key))
        return;
    struct span rest = span_cut(line, (size_t)equals + 1, line.len);
    size_t blanks = 0;
    while (blanks < rest.len && (rest.s[blanks] == ' ' || rest.s[blanks] == '\t'))
        blanks++;
    rest = span_cut(rest, blanks, rest.len);
    p->found = true;
    p->line = (size_t)(line.s - text.s);
    p->value = p->line + (size_t)equals + 1 + blanks;
    p->value_end = p->value + value_length(rest);
    p->line_end = after;
}

static struct place find_place(struct span text, const char *section, const char *key)
{
    struct place p = {.section = !*section};
    struct span rest = text, line = {0};
    bool inside = !*section;
    if (span_starts(rest, "\xEF\xBB\xBF")) {
        rest = span_cut(rest, 3, rest.len);
        p.end = 3;
    }
    while (span_line(&rest, &line)) {
        size_t after = text.len - rest.len;
        struct span trimmed = span_trim(line);
        if (trimmed.len && trimmed.s[0] == '[') {
            inside = span_is(section_name(trimmed), section);
            p.section = p.section || inside;
        }
        if (!inside || trimmed.len == 0)
            continue;
        p.end = after;
        if (trimmed.s[0] != '[' && trimmed.s[0] != '#')
            note_key_line(&p, text, line, after, key);
    }
    return p;
}

static void open_section(struct str *text, const char *section)
{
    if (text->len && text->s[text->len - 1] != '\n')
        str_add_byte(text, '\n');
    if (text->len)
        str_add_byte(text, '\n');
    str_printf(text, "[%s]\n", section);
}

static void insert_line(struct str *text, size_t at, const char *key, struct span value)
{
    struct str line = {0};
    if (at && text->s[at - 1] != '\n')
        str_add_byte(&line, '\n');
    str_printf(&line, "%s = ", key);
    ini_quote(&line, value);
    str_add_byte(&line, '\n');
    str_splice(text, at, 0, str_span(&line));
    str_release(&line);
}

/* Sets the key in the section, or takes its line out where value is NULL. */
static void set_line(struct str *text, const char *section, const char *key, const char *value)
{
    struct place p = find_place(str_span(text), section, key);
    struct str quoted = {0};
    if (!value) {
        if (p.found)
            str_splice(text, p.line, p.line_end - p.line, SPAN(""));
        return;
    }
    if (p.found) {
        ini_quote(&quoted, span_of(value));
        if (p.value_end < text->len && text->s[p.value_end] == '#')
            str_add_byte(&quoted, ' ');
        str_splice(text, p.value, p.value_end - p.value, str_span(&quoted));
        str_release(&quoted);
        return;
    }
    if (!p.section) {
        open_section(text, section);
        p.end = text->len;
    }
    insert_line(text, p.end, key, span_of(value));
}

/* -- the file ------------------------------------------------------------------------------------------------------------------ */

/* Kept files are often links into a folder of dot files: it is the file behind the link that is written. */
static char *real_path(const char *path)
{
    char *real = realpath(path, NULL);
    return real ? real : mem_copy_text(path);
}

static bool read_text(const char *path, struct str *text, struct err *e)
{
    errno = 0;
    if (file_read(path, text, CONFIG_MAX, e))
        return true;
    if (errno != ENOENT)
        return false;
    err_clear(e);
    return true;
}

static bool write_text(const char *path, struct str *text, struct err *e)
{
    char *copy = mem_copy_text(path);
    bool ok = folder_make(dirname(copy), e) && file_write(path, str_span(text), e);
    free(copy);
    return ok;
}

struct setting {
    const char *key;
    const char *value; /* NULL: its line goes */
};

static bool value_fits(const struct setting *s, struct err *e)
{
    for (const char *c = s->value ? s->value : ""; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\n' && *c != '\t') || *c == 0x7F)
            return err_set(e, ERR_CONFIG, _("The value of %s holds a control character and cannot be saved."), s->key);
    if (s->value && strlen(s->value) > VALUE_MAX)
        return err_set(e, ERR_LIMIT, _("The value of %s is longer than %d bytes and cannot be saved."), s->key, VALUE_MAX);
    return true;
}

static bool save_settings(const char *path, const char *section, const struct setting *settings, size_t count, struct err *e)
{
    struct str text = {0};
    char *real = real_path(path);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = value_fits(&settings[i], e);
    ok = ok && read_text(real, &text, e);
    for (size_t i = 0; ok && i < count; i++)
        set_line(&text, section, settings[i].key, settings[i].value);
    ok = ok && write_text(real, &text, e);
    free(real);
    str_release(&text);
    return ok;
}

bool config_save_setting(const char *path, const char *key, const char *value, struct err *e)
{
    return save_settings(path, "", &(struct setting){key, value}, 1, e);
}

static bool name_fits(const char *name, struct err *e)
{
    struct span sp = span_of(name);
    bool fits = sp.len > 0 && sp.len <= NAME_MAX_BYTES && span_trim(sp).len == sp.len;
    for (size_t i = 0; i < sp.len; i++)
        fits = fits && (unsigned char)sp.s[i] >= ' ' && sp.s[i] != 0x7F && !strchr("[]#\"=", sp.s[i]);
    return fits ? true
                : err_set(e, ERR_CONFIG, _("“%s” cannot be a name: use 1 to %d bytes without [ ] # \" = and control characters."),
                          name, NAME_MAX_BYTES);
}

static bool name_is_free(const char *server, struct err *e)
{
    return strcmp(server, MUSE_NAME) != 0 || err_set(e, ERR_CONFIG, _("“%s” is what the built-in server is called; find another name."), server);
}

/* Each argument in single quotes where it needs them, so that the reader splits it the same way. */
static void join_command(struct str *out, char *const *words)
{
    for (; *words; words++) {
        if (out->len)
            str_add_byte(out, ' ');
        if (**words && !strpbrk(*words, " \t'\"\\")) {
            str_add_text(out, *words);
            continue;
        }
        str_add_byte(out, '"');
        for (const char *c = *words; *c; c++) {
            if (*c == '"' || *c == '\\')
                str_add_byte(out, '\\');
            str_add_byte(out, *c);
        }
        str_add_byte(out, '"');
    }
}

/* A text as a setting: an empty one has no line. */
static const char *or_nothing(const char *text)
{
    return text && *text ? text : NULL;
}

/* A time-out as a setting: the default has no line. */
static const char *seconds_text(struct str *out, int milliseconds, int standard)
{
    if (milliseconds == standard)
        return NULL;
    str_printf(out, "%d", milliseconds < 1000 ? 1 : milliseconds / 1000);
    return str_text(out);
}

static const char *number_text(struct str *out, int number)
{
    if (number <= 0)
        return NULL;
    str_printf(out, "%d", number);
    return str_text(out);
}

bool config_save_server(const char *path, const struct server *s, struct err *e)
{
    struct server standard = {0};
    struct str section = {0}, command = {0}, connect = {0}, first = {0}, idle = {0}, context = {0}, parallel = {0};
    server_init(&standard);
    str_printf(&section, "server %s", s->name);
    if (s->key_command)
        join_command(&command, s->key_command);
    const struct setting settings[] = {
        {"url", s->url},
        {"dialect", dialect_name(s->dialect)},
        {"model", or_nothing(s->model)},
        {"system", or_nothing(s->system)},
        {"instruct", or_nothing(s->instruct)},
        {"prefill", or_nothing(s->prefill)},
        {"grammar", or_nothing(s->grammar_file)},
        {"key_command", s->key_command ? str_text(&command) : NULL},
        {"key_env", or_nothing(s->key_env)},
        {"key_file", or_nothing(s->key_file)},
        {"key_header", or_nothing(s->key_header)},
        {"ca_file", or_nothing(s->ca_file)},
        {"proxy", or_nothing(s->proxy)},
        {"unix_socket", or_nothing(s->unix_socket)},
        {"connect_timeout", seconds_text(&connect, s->connect_ms, standard.connect_ms)},
        {"first_timeout", seconds_text(&first, s->first_ms, standard.first_ms)},
        {"idle_timeout", seconds_text(&idle, s->idle_ms, standard.idle_ms)},
        {"context", number_text(&context, s->context)},
        {"parallel", number_text(&parallel, s->parallel)},
    };
    bool ok = name_fits(s->name, e) && name_is_free(s->name, e) && save_settings(path, str_text(&section), settings, COUNT_OF(settings), e);
    server_release(&standard);
    str_release(&section);
    str_release(&command);
    str_release(&connect);
    str_release(&first);
    str_release(&idle);
    str_release(&context);
    str_release(&parallel);
    return ok;
}

bool config_save_preset(const char *path, const struct own_preset *p, struct err *e)
{
    struct str section = {0};
    const struct setting settings[] = {{"help", or_nothing(p->help)}, {"dials", p->settings}};
    str_printf(&section, "preset %s", p->name);
    bool ok = name_fits(p->name, e) && save_settings(path, str_text(&section), settings, COUNT_OF(settings), e);
    str_release(&section);
    return ok;
}
