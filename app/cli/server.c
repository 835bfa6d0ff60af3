#include "app/cli/cli.h"
#include "app/stop.h"
#include "core/i18n.h"
#include "muse/muse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WAIT_MS 1000

bool cli_names_server(const struct cli *cli)
{
    return cli->args.values[OPTION_URL] || cli->args.values[OPTION_SERVER];
}

static bool same_origin(const char *a, const char *b)
{
    struct url_parts x, y;
    return url_split(a, &x, NULL) && url_split(b, &y, NULL) && x.https == y.https && x.port == y.port &&
           x.host.len == y.host.len && !strncasecmp(x.host.s, y.host.s, x.host.len);
}

/* A server named by --url has the key of a known server of the same origin, and of no other. */
static bool from_url(struct cli *cli, const char *url, struct server *out, struct err *e)
{
    struct str label = {0};
    struct url_parts parts;
    if (!strcmp(url, MUSE_URL)) {
        server_copy(out, config_server(&cli->config, MUSE_NAME));
        return true;
    }
    if (!url_split(url, &parts, e))
        return false;
    for (int i = 0; i < cli->config.server_count; i++)
        if (same_origin(cli->config.servers[i].url, url)) {
            server_copy(out, &cli->config.servers[i]);
            server_set_text(&out->model, SPAN(""));
            server_set_text(&out->system, SPAN(""));
            break;
        }
    url_label(url, &label);
    server_set_text(&out->name, str_span(&label));
    server_set_text(&out->url, span_of(url));
    out->dialect = DIALECT_OPENAI_CHAT;
    str_release(&label);
    return true;
}

static bool no_such_server(struct cli *cli, const char *name, struct err *e)
{
    struct str known = {0};
    for (int i = 1; i < cli->config.server_count; i++)
        str_printf(&known, "%s, ", cli->config.servers[i].name);
    str_add_text(&known, MUSE_NAME);
    err_set(e, ERR_USAGE, _("There is no server “%s”; known are %s."), name, str_text(&known));
    str_release(&known);
    return false;
}

static bool from_config(struct cli *cli, struct server *out, struct err *e)
{
    const char *name = cli->args.values[OPTION_SERVER];
    const struct server *known = config_server(&cli->config, name);
    if (known) {
        server_copy(out, known);
        return true;
    }
    return no_such_server(cli, name ? name : cli->config.server, e);
}

static bool no_such_dialect(const char *name, struct err *e)
{
    struct str known = {0};
    dialect_names(&known);
    err_set(e, ERR_USAGE, _("“%s” is not a dialect; known are %s."), name, str_text(&known));
    str_release(&known);
    return false;
}

static bool set_options(const struct cli *cli, struct server *out, struct err *e)
{
    const char *const *values = cli->args.values;
    int64_t parallel = 0;
    if (!args_number(&cli->args, OPTION_PARALLEL, out->parallel, &parallel, e))
        return false;
    if (parallel > SERVER_PARALLEL_MAX)
        return err_set(e, ERR_USAGE, _("--parallel is at most %d."), SERVER_PARALLEL_MAX);
    out->parallel = (int)parallel;
    if (server_is_muse(out) && (values[OPTION_DIALECT] || values[OPTION_KEY_ENV]))
        return err_set(e, ERR_USAGE, _("The muse is built in: it takes neither --dialect nor --key-env."));
    if (values[OPTION_DIALECT] && !dialect_parse(span_of(values[OPTION_DIALECT]), &out->dialect))
        return no_such_dialect(values[OPTION_DIALECT], e);
    if (values[OPTION_MODEL])
        server_set_text(&out->model, span_of(values[OPTION_MODEL]));
    return !values[OPTION_KEY_ENV] || server_set_key_env(out, span_of(values[OPTION_KEY_ENV]), e);
}

/* Nobody can be asked here whether what is written may be read on the way: the writer says it once. */
static bool is_safe(const struct server *s, const char *url, struct err *e)
{
    struct str host = {0};
    if (!server_is_exposed(s))
        return true;
    url_label(s->url, &host);
    if (url)
        err_set(e, ERR_CONFIG, _("%s is reached by plain http, so anyone on the way can read what you write. Use https://, or give it a section "
                                 "[server NAME] in the config with “insecure = yes”."), str_text(&host));
    else
        err_set(e, ERR_CONFIG, _("%s is reached by plain http, so anyone on the way can read what you write. Use https://, or put "
                                 "“insecure = yes” below [server %s] in the config."), str_text(&host), s->name);
    str_release(&host);
    return false;
}

bool cli_find_server(struct cli *cli, struct server *out, struct err *e)
{
    const char *url = cli->args.values[OPTION_URL];
    if (url && cli->args.values[OPTION_SERVER])
        return err_set(e, ERR_USAGE, _("--server and --url name two servers; give one of them."));
    server_init(out);
    if ((url ? from_url(cli, url, out, e) : from_config(cli, out, e)) && set_options(cli, out, e)) {
        net_take_key(out);
        return true;
    }
    server_release(out);
    return false;
}

bool cli_server(struct cli *cli, struct server *out, struct err *e)
{
    if (!cli_find_server(cli, out, e))
        return false;
    if (is_safe(out, cli->args.values[OPTION_URL], e))
        return true;
    server_release(out);
    return false;
}

bool cli_ask(struct net *net, const struct server *server, int limit_ms, struct answer *out, struct err *e)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    if (!net_ask(net, server, 1, limit_ms, e))
        return false;
    while (!net_next_answer(net, out)) {
        if (stop_signal())
            return err_set(e, ERR_STOPPED, "%s", _("Nothing was sent."));
        net_wait(net, &stop, stop.fd >= 0 ? 1 : 0, WAIT_MS);
        net_step(net);
    }
    return true;
}
