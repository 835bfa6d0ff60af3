#include "core/server.h"
#include "core/i18n.h"
#include "core/instruct.h"
#include "core/mem.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PARALLEL    4
#define OLLAMA_PORT 11434

void server_init(struct server *s)
{
    *s = (struct server){.dialect = DIALECT_OPENAI_CHAT, .connect_ms = 10000, .first_ms = 120000, .idle_ms = 60000};
    s->name = mem_copy_text("");
    s->url = mem_copy_text("");
    s->model = mem_copy_text("");
    s->system = mem_copy_text("");
}

static void free_list(char **list)
{
    for (char **item = list; item && *item; item++)
        free(*item);
    free(list);
}

void server_forget_key(struct server *s)
{
    free_list(s->key_command);
    free(s->key_env);
    free(s->key_file);
    s->key_command = NULL;
    s->key_env = s->key_file = NULL;
}

bool server_set_key_env(struct server *s, struct span name, struct err *e)
{
    bool ok = name.len && !isdigit((unsigned char)name.s[0]);
    for (size_t i = 0; i < name.len && ok; i++)
        ok = isalnum((unsigned char)name.s[i]) || name.s[i] == '_';
    if (!ok)
        return err_set(e, ERR_CONFIG, _("key_env is the name of an environment variable, like OPENAI_API_KEY, and not the key itself."));
    server_forget_key(s);
    server_set_text(&s->key_env, name);
    return true;
}

bool server_is_ollama(const struct server *s)
{
    struct url_parts parts;
    return s->dialect == DIALECT_OLLAMA || (url_split(s->url, &parts, NULL) && parts.port == OLLAMA_PORT);
}

bool server_is_muse(const struct server *s)
{
    return s->dialect == DIALECT_MUSE;
}

int server_parallel(const struct server *s)
{
    return s->parallel > 0 ? s->parallel : server_is_muse(s) ? 1 : PARALLEL;
}

void server_release(struct server *s)
{
    server_forget_key(s);
    free(s->name);
    free(s->url);
    free(s->model);
    free(s->system);
    free(s->instruct);
    free(s->prefill);
    free(s->grammar_file);
    free(s->grammar);
    free(s->key_header);
    free(s->ca_file);
    free(s->proxy);
    free(s->unix_socket);
    free(s->prices);
    memset(s, 0, sizeof *s);
}

static char **copy_list(char **list)
{
    if (!list)
        return NULL;
    size_t count = 0;
    while (list[count])
        count++;
    char **copy = mem_new(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = mem_copy_text(list[i]);
    return copy;
}

int server_context(const struct server *s)
{
    return s->context ? s->context : s->told.context;
}

bool server_form_is_auto(const struct server *s)
{
    return s->instruct && !strcmp(s->instruct, SERVER_INSTRUCT_AUTO);
}

const struct instruct *server_form(const struct server *s)
{
    if (server_form_is_auto(s))
        return s->told.form;
    return s->instruct ? instruct_find(span_of(s->instruct)) : NULL;
}

void server_copy(struct server *to, const struct server *from)
{
    struct server copy = *from;
    copy.name = mem_copy_text(from->name ? from->name : "");
    copy.url = mem_copy_text(from->url ? from->url : "");
    copy.model = mem_copy_text(from->model ? from->model : "");
    copy.system = mem_copy_text(from->system ? from->system : "");
    copy.key_command = copy_list(from->key_command);
    copy.key_env = mem_copy_text(from->key_env);
    copy.key_file = mem_copy_text(from->key_file);
    copy.instruct = mem_copy_text(from->instruct);
    copy.prefill = mem_copy_text(from->prefill);
    copy.grammar_file = mem_copy_text(from->grammar_file);
    copy.grammar = mem_copy_text(from->grammar);
    copy.key_header = mem_copy_text(from->key_header);
    copy.ca_file = mem_copy_text(from->ca_file);
    copy.proxy = mem_copy_text(from->proxy);
    copy.unix_socket = mem_copy_text(from->unix_socket);
    copy.prices = mem_copy_text(from->prices);
    server_release(to);
    *to = copy;
}

void server_set_text(char **field, struct span value)
{
    char *copy = span_copy(value);
    free(*field);
    *field = copy;
}

/* -- base URLs ----------------------------------------------------------------------------------------------------------------- */

/* A name that only begins like an address of this machine may lie anywhere. */
static bool is_loopback(struct span host)
{
    char text[INET_ADDRSTRLEN] = "";
    struct in_addr address;
    if (span_is(host, "localhost") || span_is(host, "::1"))
        return true;
    if (!span_starts(host, "127.") || host.len >= sizeof text)
        return false;
    memcpy(text, host.s, host.len);
    return inet_pton(AF_INET, text, &address) == 1;
}

/* "host:port", "[v6]:port" → host and port text. */
static bool split_authority(struct span authority, struct span *host, struct span *port)
{
    ptrdiff_t end = authority.len && authority.s[0] == '[' ? span_find(authority, SPAN("]"), 0) : 0;
    if (end < 0)
        return false;
    ptrdiff_t colon = span_find(authority, SPAN(":"), (size_t)end);
    *host = span_cut(authority, 0, colon < 0 ? authority.len : (size_t)colon);
    *port = colon < 0 ? SPAN("") : span_cut(authority, (size_t)colon + 1, authority.len);
    if (end == 0)
        return true;
    bool closed = host->len == (size_t)end + 1;
    *host = span_cut(*host, 1, (size_t)end);
    return closed;
}

static bool is_private_v4(uint32_t a)
{
    return a >> 24 == 10 || a >> 24 == 127 || a >> 20 == (172u << 4 | 1) || a >> 16 == (192u << 8 | 168) || a >> 16 == (169u << 8 | 254);
}

static bool is_private_v6(const unsigned char *a)
{
    return (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && (a[1] & 0xC0) == 0x80);
}

/* On the writer's own network, as far as the address itself tells. */
static bool is_near(struct span host)
{
    char text[INET6_ADDRSTRLEN] = "";
    struct in_addr v4;
    struct in6_addr v6;
    ptrdiff_t zone = span_find(host, SPAN("%"), 0);
    size_t len = zone < 0 ? host.len : (size_t)zone;
    if (len < sizeof text) {
        memcpy(text, host.s, len);
        if (inet_pton(AF_INET, text, &v4) == 1)
            return is_private_v4(ntohl(v4.s_addr));
        if (inet_pton(AF_INET6, text, &v6) == 1)
            return is_private_v6(v6.s6_addr);
    }
    if (span_find(host, SPAN(":"), 0) >= 0)
        return false;
    return span_find(host, SPAN("."), 0) < 0 ||
           (host.len > 6 && strncasecmp(host.s + host.len - 6, ".local", 6) == 0);
}

bool server_is_exposed(const struct server *s)
{
    struct url_parts parts;
    if (s->insecure || s->unix_socket || server_is_muse(s) || !url_split(s->url, &parts, NULL))
        return false;
    return !parts.https && !parts.loopback && !is_near(parts.host);
}

bool url_split(const char *url, struct url_parts *out, struct err *e)
{
    struct url_parts parts = {.https = true, .port = 443};
    struct span rest = span_of(url), port = SPAN("");
    int64_t number = 0;
    if (span_starts(rest, "https://")) {
        rest = span_cut(rest, 8, rest.len);
    } else if (span_starts(rest, "http://")) {
        rest = span_cut(rest, 7, rest.len);
        parts.https = false;
        parts.port = 80;
    } else {
        return err_set(e, ERR_CONFIG, _("The address “%s” begins with neither http:// nor https://."), url);
    }
    for (const char *c = url; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F)
            return err_set(e, ERR_CONFIG, _("The address holds a space or a control character."));
    size_t len = strcspn(rest.s, "/?#");
    struct span authority = span_cut(rest, 0, len);
    if (span_find(authority, SPAN("@"), 0) >= 0)
        return err_set(e, ERR_CONFIG, _("An address must not hold a user name or a key; name the key's variable "
                                       "(key_env), file (key_file) or command (key_command)."));
    if (!split_authority(authority, &parts.host, &port) || parts.host.len == 0)
        return err_set(e, ERR_CONFIG, _("The address “%s” names no host."), url);
    if (port.len && (!span_integer(port, &number) || number < 1 || number > 65535))
        return err_set(e, ERR_CONFIG, _("“%.*s” is not a port in the address “%s”."), SPAN_ARG(port), url);
    if (port.len)
        parts.port = (int)number;
    parts.loopback = is_loopback(parts.host);
    *out = parts;
    return true;
}

void url_label(const char *url, struct str *out)
{
    struct url_parts parts;
    if (!url_split(url, &parts, NULL)) {
        str_add_text(out, url);
        return;
    }
    str_add(out, parts.host);
    if (parts.port != (parts.https ? 443 : 80))
        str_printf(out, ":%d", parts.port);
}
