#include "core/i18n.h"
#include "net/transfer.h"

#include <string.h>

static bool tls(struct err *e, const char *detail, const char *server)
{
    return err_set(e, ERR_NETWORK,
                   _("The certificate of %s cannot be trusted (%s). If the server is your own, name its CA in the "
                     "config (ca_file); it is never skipped."),
                   server, detail);
}

static bool name(struct err *e, const char *server)
{
    return err_set(e, ERR_NETWORK,
                   _("The name of %s is not known. Check its spelling and that this machine is online."), server);
}

static bool connection(struct err *e, const struct transfer *t, const char *server, bool timed_out)
{
    if (t->by_socket)
        return err_set(e, ERR_NETWORK, _("Nobody listens at the socket to %s. Start the server there, or check unix_socket."), server);
    if (timed_out)
        return err_set(
            e, ERR_NETWORK,
            _("%s cannot be reached: connecting took too long. Check that it is on and that no firewall is between."),
            server);
    return err_set(e, ERR_NETWORK, _("Nothing answers at %s. Start the server there, or check its address."), server);
}

/* libcurl tells whom it could not reach: "Failed to connect to HOST port 9 after …", newer versions "… port 9 via PROXY
 * after …". */
static bool is_proxy(const char *why, const char *server)
{
    static const char begin[] = "Failed to connect to ";
    const char *host = strstr(why, begin);
    if (!host)
        return false;
    host += sizeof begin - 1;
    return strstr(host, " via ") || span_find(span_of(server), (struct span){host, strcspn(host, " ")}, 0) < 0;
}

static bool proxy(struct err *e, const struct transfer *t, const char *server, const char *why)
{
    if (t->by_proxy)
        return err_set(e, ERR_NETWORK, _("The proxy on the way to %s does not work (%s). Check proxy in the config."), server, why);
    return err_set(e, ERR_NETWORK,
                   _("The proxy on the way to %s does not work (%s). Check http_proxy, https_proxy and no_proxy."),
                   server, why);
}

bool fault_head(struct err *e, const char *server)
{
    return err_set(e, ERR_LIMIT, _("%s sent a head of more than 64 kB, which no answer needs. Check the server's address."), server);
}

static bool broken(struct err *e, const struct transfer *t, const char *server)
{
    if (t->last_us)
        return err_set(e, ERR_NETWORK,
                       _("The connection to %s broke off in the middle. What came is kept."),
                       server);
    return err_set(e, ERR_NETWORK,
                   _("%s closed the connection without an answer. Try again; its own log may say more."), server);
}

/* libcurl may quote a proxy's address, and with it a password. */
static void hide_login(struct str *words)
{
    ptrdiff_t begin = span_find(str_span(words), SPAN("://"), 0), end;
    if (begin < 0)
        return;
    size_t from = (size_t)begin + 3, len = strcspn(str_text(words) + from, " /'\"");
    end = span_find(span_cut(str_span(words), from, from + len), SPAN("@"), 0);
    if (end >= 0)
        str_splice(words, from, (size_t)end, SPAN("…"));
}

bool fault_transfer(struct err *e, CURLcode code, const char *detail, const struct transfer *t)
{
    const char *server = t->plan.place.server;
    struct str words = {0};
    str_add_text(&words, detail[0] ? detail : t->api->easy_error(code));
    secret_redact_pieces(&words);
    hide_login(&words);
    const char *why = str_text(&words);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        name(e, server);
        break;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        proxy(e, t, server, why);
        break;
    case CURLE_COULDNT_CONNECT:
        if (!t->by_socket && is_proxy(why, server))
            proxy(e, t, server, why);
        else
            connection(e, t, server, strstr(why, "imed out") != NULL);
        break;
    case CURLE_OPERATION_TIMEDOUT:
        if (transfer_connected(t))
            err_set(e, ERR_NETWORK,
                    _("%s takes the connection but says nothing on it. If it speaks http, not https, write http:// into its address."), server);
        else
            connection(e, t, server, true);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        tls(e, why, server);
        break;
    case CURLE_SSL_CACERT_BADFILE:
        err_set(e, ERR_CONFIG, _("The CA file for %s cannot be used (%s). Check ca_file."), server, why);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        err_set(e, ERR_NETWORK, _("No secure connection to %s could be made (%s). Perhaps it speaks http, not https."),
                server, why);
        break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        err_set(e, ERR_FORMAT, _("What answers at %s does not speak HTTP. Check the port and whether it wants https."),
                server);
        break;
    case CURLE_BAD_CONTENT_ENCODING:
        err_set(e, ERR_FORMAT, _("%s sent an answer whose compression is broken. What came is kept; try again."),
                server);
        break;
    case CURLE_OUT_OF_MEMORY: /* so it calls a single line of the head that grows past its own bound */
        fault_head(e, server);
        break;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        broken(e, t, server);
        break;
    default:
        err_set(e, ERR_NETWORK, _("The connection to %s failed (%s). What came of the answer is kept; try again."),
                server, why);
        break;
    }
    str_release(&words);
    return false;
}
