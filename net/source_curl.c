#include "net/source_http.h"
#include "net/dialect.h"
#include "net/net.h"

/* In single quotes, for a shell. */
static void quote(struct str *out, struct span text)
{
    str_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++)
        str_add(out, text.s[i] == '\'' ? SPAN("'\\''") : span_cut(text, i, i + 1));
    str_add_byte(out, '\'');
}

bool net_source_curl(struct source *base, const struct request *req, struct str *out, struct err *e)
{
    const struct http_source *s = (const struct http_source *)base;
    const struct server *server = &s->server;
    struct url_parts parts = {0};
    struct str url = {0}, body = {0};
    if (!url_split(server->url, &parts, e))
        return false;
    source_address(s, req, &url);
    source_body(s, req, 0, source_takes_each(s, req), &body);
    str_add_text(out, parts.loopback ? "curl -N --noproxy '*' " : "curl -N ");
    quote(out, str_span(&url));
    str_add_text(out, " \\\n  -H 'Content-Type: application/json'");
    if (server->key_env || server->key_file || server->key_command)
        str_printf(out, " \\\n  -H \"%s%s$%s\"", server->key_header ? server->key_header : dialect_of(server->dialect)->key_head,
                   server->key_header ? ": " : "", server->key_env ? server->key_env : "API_KEY");
    if (dialect_of(server->dialect)->extra_head)
        str_printf(out, " \\\n  -H '%s'", dialect_of(server->dialect)->extra_head);
    if (server->ca_file) {
        str_add_text(out, " \\\n  --cacert ");
        quote(out, span_of(server->ca_file));
    }
    if (server->proxy) {
        str_add_text(out, " \\\n  --proxy ");
        quote(out, span_of(server->proxy));
    }
    if (server->unix_socket) {
        str_add_text(out, " \\\n  --unix-socket ");
        quote(out, span_of(server->unix_socket));
    }
    str_add_text(out, " \\\n  --data-raw ");
    quote(out, str_span(&body));
    str_add_byte(out, '\n');
    secret_redact(out);
    str_release(&url);
    str_release(&body);
    return true;
}
