#include "app/config/config.h"
#include "core/instruct.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/usage.h"
#include "muse/muse.h"
#include "net/prefill.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_MAX (1u << 20)

/* -- the data ------------------------------------------------------------------------------------------------------------- */

static struct server *add_server(struct config *c, struct span name)
{
    ARRAY_ROOM(c->servers, c->server_count, c->server_cap);
    struct server *s = &c->servers[c->server_count++];
    server_init(s);
    server_set_text(&s->name, name);
    return s;
}

static void add_muse(struct config *c)
{
    struct server *s = add_server(c, SPAN(MUSE_NAME));
    server_set_text(&s->url, SPAN(MUSE_URL));
    server_set_text(&s->model, SPAN(MUSE_NAME));
    s->dialect = DIALECT_MUSE;
    s->found = true;
}

void config_init(struct config *c)
{
    *c = (struct config){.ambiguous = 1, .context = true};
    c->server = mem_copy_text("");
    c->theme = mem_copy_text("terminal");
    c->language = mem_copy_text("auto");
    dials_default(&c->dials);
    add_muse(c);
}

void config_release(struct config *c)
{
    for (int i = 0; i < c->server_count; i++)
        server_release(&c->servers[i]);
    for (int i = 0; i < c->preset_count; i++) {
        free(c->presets[i].name);
        free(c->presets[i].help);
        free(c->presets[i].settings);
    }
    free(c->servers);
    free(c->presets);
    free(c->server);
    free(c->theme);
    free(c->language);
    *c = (struct config){0};
}

static struct server *find_server(struct config *c, struct span name)
{
    for (int i = 0; i < c->server_count; i++)
        if (span_is(name, c->servers[i].name))
            return &c->servers[i];
    return NULL;
}

struct server *config_server(struct config *c, const char *name)
{
    if (!name || !*name)
        name = c->server;
    if (name && *name)
        return find_server(c, span_of(name));
    return &c->servers[c->server_count > 1 ? 1 : 0];
}

struct server *config_put_server(struct config *c, const struct server *s)
{
    struct server *own = find_server(c, span_of(s->name));
    if (!own)
        own = add_server(c, span_of(s->name));
    server_copy(own, s);
    return own;
}

static struct own_preset *put_preset(struct config *c, struct span name)
{
    for (int i = 0; i < c->preset_count; i++)
        if (span_is(name, c->presets[i].name))
            return &c->presets[i];
    ARRAY_ROOM(c->presets, c->preset_count, c->preset_cap);
    struct own_preset *p = &c->presets[c->preset_count++];
    *p = (struct own_preset){span_copy(name), mem_copy_text(""), mem_copy_text("")};
    return p;
}

void config_put_preset(struct config *c, const struct own_preset *p)
{
    struct own_preset *own = put_preset(c, span_of(p->name));
    server_set_text(&own->help, span_of(p->help));
    server_set_text(&own->settings, span_of(p->settings));
}

/* -- values ---------------------------------------------------------------------------------------------------------------- */

static bool read_yes_no(const struct ini_entry *en, bool *out, struct err *e)
{
    if (!span_is(en->value, "yes") && !span_is(en->value, "no"))
        return ini_fail(en, e, _("%.*s is yes or no."), SPAN_ARG(en->key));
    *out = span_is(en->value, "yes");
    return true;
}

static bool read_seconds(const struct ini_entry *en, int *milliseconds, struct err *e)
{
    int64_t seconds = 0;
    if (!span_integer(en->value, &seconds) || seconds < 1 || seconds > 86400)
        return ini_fail(en, e, _("%.*s is a whole number of seconds, from 1 to 86400."), SPAN_ARG(en->key));
    *milliseconds = (int)seconds * 1000;
    return true;
}

static bool read_context(const struct ini_entry *en, int *out, struct err *e)
{
    int64_t tokens = 0;
    if (!span_integer(en->value, &tokens) || tokens < 1 || tokens > SERVER_CONTEXT_MAX)
        return ini_fail(en, e, _("%.*s is the number of tokens that the model holds, from 1 to %d."), SPAN_ARG(en->key), SERVER_CONTEXT_MAX);
    *out = (int)tokens;
    return true;
}

static bool read_parallel(const struct ini_entry *en, int *out, struct err *e)
{
    int64_t count = 0;
    if (!span_integer(en->value, &count) || count < 1 || count > SERVER_PARALLEL_MAX)
        return ini_fail(en, e, _("%.*s is how many requests the server has at once: a whole number from 1 to %d."), SPAN_ARG(en->key),
                        SERVER_PARALLEL_MAX);
    *out = (int)count;
    return true;
}

static void set_path(char **field, struct span value)
{
    struct str path = {0};
    config_path(value, &path);
    server_set_text(field, str_span(&path));
    str_release(&path);
}

/* One word of a command line off the front of `rest`: quotes keep spaces, a backslash keeps the next character. False at the
 * end, or with *open_quote set where a quote is not closed. */
static bool command_word(struct span *rest, struct str *word, bool *open_quote)
{
    char quote = 0;
    size_t i = 0;
    str_clear(word);
    *rest = span_trim(*rest);
    if (rest->len == 0)
        return false;
    for (; i < rest->len && (quote || (rest->s[i] != ' ' && rest->s[i] != '\t')); i++) {
        char c = rest->s[i];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else if (c == '\\' && quote != '\'' && i + 1 < rest->len)
            str_add_byte(word, rest->s[++i]);
        else
            str_add_byte(word, c);
    }
    *rest = span_cut(*rest, i, rest->len);
    *open_quote = quote != 0;
    return !quote;
}

static bool read_command(const struct ini_entry *en, char ***out, struct err *e)
{
    struct str word = {0};
    struct span rest = en->value;
    char **words = mem_new(1, sizeof *words);
    size_t count = 0;
    bool open_quote = false;
    while (command_word(&rest, &word, &open_quote)) {
        words = mem_grow(words, count + 2, sizeof *words);
        words[count++] = span_copy(str_span(&word));
        words[count] = NULL;
    }
    str_release(&word);
    if (count && !open_quote) {
        *out = words;
        return true;
    }
    while (count)
        free(words[--count]);
    free(words);
    return ini_fail(en, e, _("key_command is a program and its arguments; one of its quotes may not be closed."));
}

/* -- the file's parts -------------------------------------------------------------------------------------------------------- */

static bool read_top(struct config *c, const struct ini_entry *en, struct err *e)
{
    if (span_is(en->key, "theme")) {
        server_set_text(&c->theme, en->value);
    } else if (span_is(en->key, "server")) {
        server_set_text(&c->server, en->value);
    } else if (span_is(en->key, "language")) {
        if (!span_is(en->value, "auto") && !span_is(en->value, "zh") && !span_is(en->value, "en"))
            return ini_fail(en, e, _("language is auto, zh or en."));
        server_set_text(&c->language, en->value);
    } else if (span_is(en->key, "ambiguous")) {
        if (!span_is(en->value, "1") && !span_is(en->value, "2"))
            return ini_fail(en, e, _("ambiguous is 1 or 2: the columns of characters like — and … in this terminal."));
        c->ambiguous = en->value.s[0] - '0';
    } else if (span_is(en->key, "mouse")) {
        return read_yes_no(en, &c->mouse, e);
    } else if (span_is(en->key, "plain")) {
        return read_yes_no(en, &c->plain, e);
    } else if (span_is(en->key, "context")) {
        return read_yes_no(en, &c->context, e);
    } else {
        return ini_fail(en, e, _("“%.*s” is not a setting; known are theme, server, language, ambiguous, mouse, plain and context."),
                        SPAN_ARG(en->key));
    }
    return true;
}

static bool read_url(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct err why = {0};
    char *url = span_copy(en->value);
    bool ok = url_split(url, &(struct url_parts){0}, &why);
    free(url);
    if (!ok)
        return ini_fail(en, e, "%s", why.text);
    server_set_text(&s->url, en->value);
    return true;
}

static bool read_key_source(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct err why = {0};
    if (span_is(en->key, "key"))
        return ini_fail(en, e, _("The key itself does not belong in this file; say where it is with key_env, key_file or key_command."));
    if (s->key_command || s->key_env || s->key_file)
        return ini_fail(en, e, _("The server “%s” already has a place for its key; keep one of them."), s->name);
    if (span_is(en->key, "key_command"))
        return read_command(en, &s->key_command, e);
    if (span_is(en->key, "key_env"))
        return server_set_key_env(s, en->value, &why) || ini_fail(en, e, "%s", why.text);
    set_path(&s->key_file, en->value);
    return true;
}

static bool read_dialect(const struct ini_entry *en, struct server *s, struct err *e)
{
    if (dialect_parse(en->value, &s->dialect))
        return true;
    struct str known = {0};
    dialect_names(&known);
    ini_fail(en, e, _("“%.*s” is not a dialect; known are %s."), SPAN_ARG(en->value), str_text(&known));
    str_release(&known);
    return false;
}

static bool read_instruct(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct str known = {0};
    bool ok = span_is(en->value, SERVER_INSTRUCT_AUTO) || instruct_find(en->value);
    instruct_names(&known);
    if (ok)
        server_set_text(&s->instruct, en->value);
    else
        ini_fail(en, e, _("“%.*s” is not a form of instructions; known are %s, and auto takes it from the server."), SPAN_ARG(en->value), str_text(&known));
    str_release(&known);
    return ok;
}

static bool read_prefill(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct str known = {0};
    bool ok = prefill_known(en->value);
    prefill_names(&known);
    if (ok)
        server_set_text(&s->prefill, en->value);
    else
        ini_fail(en, e, _("“%.*s” is not a way to begin an answer; known are %s and no."), SPAN_ARG(en->value), str_text(&known));
    str_release(&known);
    return ok;
}

static bool read_grammar(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct err why = {0};
    return config_read_grammar(s, en->value, &why) || ini_fail(en, e, "%s", why.text);
}

static bool read_key_header(const struct ini_entry *en, struct server *s, struct err *e)
{
    for (size_t i = 0; i < en->value.len; i++)
        if (!isalnum((unsigned char)en->value.s[i]) && en->value.s[i] != '-')
            return ini_fail(en, e, _("“%.*s” is not the name of a head line, like api-key."), SPAN_ARG(en->value));
    server_set_text(&s->key_header, en->value);
    return true;
}

/* "price = 0.15 0.60 $", or "price MODEL = …". */
static bool read_price(const struct ini_entry *en, struct server *s, struct err *e)
{
    struct span model = span_trim(span_cut(en->key, strlen("price"), en->key.len));
    struct str lines = {0};
    struct price price;
    if (!price_read(en->value, &price))
        return ini_fail(en, e, _("%.*s is what a million tokens cost, in and out, like 0.15 0.60 or 0.15 0.60 $."), SPAN_ARG(en->key));
    str_printf(&lines, "%s%.*s\t%.*s\n", s->prices ? s->prices : "", SPAN_ARG(model), SPAN_ARG(en->value));
    server_set_text(&s->prices, str_span(&lines));
    str_release(&lines);
    return true;
}

static bool read_server(struct config *c, struct span name, const struct ini_entry *en, struct err *e)
{
    struct server *s = find_server(c, name);
    if (!s)
        s = add_server(c, name);
    if (span_is(en->key, "parallel"))
        return read_parallel(en, &s->parallel, e);
    if (server_is_muse(s) && !span_is(en->key, "model"))
        return ini_fail(en, e, _("The server “%s” is built in and has no settings but model, which names one of its voices, and parallel."),
                        s->name);
    if (span_is(en->key, "url"))
        return read_url(en, s, e);
    if (span_is(en->key, "dialect"))
        return read_dialect(en, s, e);
    if (span_is(en->key, "key_header"))
        return read_key_header(en, s, e);
    if (span_is(en->key, "key") || span_starts(en->key, "key_"))
        return read_key_source(en, s, e);
    if (span_is(en->key, "context"))
        return read_context(en, &s->context, e);
    if (span_is(en->key, "connect_timeout"))
        return read_seconds(en, &s->connect_ms, e);
    if (span_is(en->key, "first_timeout"))
        return read_seconds(en, &s->first_ms, e);
    if (span_is(en->key, "idle_timeout"))
        return read_seconds(en, &s->idle_ms, e);
    if (span_is(en->key, "insecure"))
        return read_yes_no(en, &s->insecure, e);
    if (span_is(en->key, "price") || span_starts(en->key, "price "))
        return read_price(en, s, e);
    if (span_is(en->key, "model"))
        server_set_text(&s->model, en->value);
    else if (span_is(en->key, "system"))
        server_set_text(&s->system, en->value);
    else if (span_is(en->key, "ca_file"))
        set_path(&s->ca_file, en->value);
    else if (span_is(en->key, "instruct"))
        return read_instruct(en, s, e);
    else if (span_is(en->key, "prefill"))
        return read_prefill(en, s, e);
    else if (span_is(en->key, "grammar"))
        return read_grammar(en, s, e);
    else if (span_is(en->key, "proxy"))
        server_set_text(&s->proxy, en->value);
    else if (span_is(en->key, "unix_socket"))
        set_path(&s->unix_socket, en->value);
    else
        return ini_fail(en, e, _("“%.*s” is not a setting of a server; known are url, dialect, model, context, system, instruct, prefill, "
                                 "grammar, key_env, key_file, key_command, key_header, ca_file, proxy, unix_socket, connect_timeout, first_timeout, "
                                 "idle_timeout, parallel, price and insecure."),
                        SPAN_ARG(en->key));
    return true;
}

static bool read_dial(struct dials *d, const struct ini_entry *en, struct err *e)
{
    enum dial_id id = DIAL_COUNT;
    struct err why = {0};
    if (!dial_find(en->key, &id))
        return ini_fail(en, e, _("“%.*s” is not a dial."), SPAN_ARG(en->key));
    return dial_parse(d, id, en->value, &why) || ini_fail(en, e, "%s", why.text);
}

static bool read_preset(struct config *c, struct span name, const struct ini_entry *en, struct err *e)
{
    struct own_preset *p = put_preset(c, name);
    struct dials scratch = {0};
    struct err why = {0};
    if (span_is(en->key, "help")) {
        server_set_text(&p->help, en->value);
        return true;
    }
    if (!span_is(en->key, "dials"))
        return ini_fail(en, e, _("“%.*s” is not a setting of a preset; known are help and dials."), SPAN_ARG(en->key));
    if (!dials_parse(&scratch, en->value, &why))
        return ini_fail(en, e, "%s", why.text);
    server_set_text(&p->settings, en->value);
    return true;
}

/* True and the name when the section reads "KIND NAME". */
static bool section_named(struct span section, const char *kind, struct span *name)
{
    size_t len = strlen(kind);
    if (!span_starts(section, kind) || section.len <= len || (section.s[len] != ' ' && section.s[len] != '\t'))
        return false;
    *name = span_trim(span_cut(section, len, section.len));
    return name->len > 0;
}

static bool read_entry(void *ctx, const struct ini_entry *en, struct err *e)
{
    struct config *c = ctx;
    struct span name = {0};
    if (en->section.len == 0)
        return read_top(c, en, e);
    if (section_named(en->section, "server", &name))
        return read_server(c, name, en, e);
    if (span_is(en->section, "dials"))
        return read_dial(&c->dials, en, e);
    if (section_named(en->section, "preset", &name))
        return read_preset(c, name, en, e);
    return ini_fail(en, e, _("“[%.*s]” is not a section; known are [server NAME], [dials] and [preset NAME]."),
                    SPAN_ARG(en->section));
}

/* A server nobody can reach is no server. */
static bool drop_servers_without_url(struct config *c, const char *path, struct err *e)
{
    bool ok = true;
    for (int i = c->server_count - 1; i >= 0; i--) {
        struct server *s = &c->servers[i];
        if (*s->url)
            continue;
        err_set(e, ERR_CONFIG, _("%s: the server “%s” has no url."), path, s->name);
        ok = false;
        server_release(s);
        c->server_count--;
        memmove(s, s + 1, (size_t)(c->server_count - i) * sizeof *s);
    }
    return ok;
}

/* The line with the grammar may stand before the one with the dialect. */
static bool drop_strange_grammars(struct config *c, const char *path, struct err *e)
{
    bool ok = true;
    for (int i = 0; i < c->server_count; i++) {
        struct err why = {0};
        if (config_check_grammar(&c->servers[i], &why))
            continue;
        if (ok)
            err_set(e, ERR_CONFIG, "%s: %s", path, why.text);
        (void)!config_read_grammar(&c->servers[i], SPAN(""), NULL);
        ok = false;
    }
    return ok;
}

bool config_load(struct config *c, const char *path, struct err *e)
{
    struct str text = {0};
    errno = 0;
    bool ok = file_read(path, &text, CONFIG_MAX, e);
    if (!ok && errno == ENOENT) {
        err_clear(e);
        return true;
    }
    if (ok)
        ok = ini_read(path, str_span(&text), read_entry, c, e);
    ok = drop_servers_without_url(c, path, ok ? e : NULL) && ok;
    ok = drop_strange_grammars(c, path, ok ? e : NULL) && ok;
    str_release(&text);
    return ok;
}
