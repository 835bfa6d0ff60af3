#include "net/fault.h"
#include "core/i18n.h"
#include "net/flow.h"
#include "net/secret.h"

#include <string.h>
#include <strings.h>

#define SHOWN_MAX 360 /* of a server's own words: the sentence around them must fit too */

/* The end of a cut that keeps characters whole. */
static size_t whole_until(struct span text, size_t max)
{
    if (text.len <= max)
        return text.len;
    while (max > 0 && ((unsigned char)text.s[max] & 0xC0) == 0x80)
        max--;
    return max;
}

/* A server's words, ready to stand in a sentence: short, with an end mark, no key in them. */
static void make_words(struct str *out, struct span message)
{
    str_set(out, message);
    secret_redact(out);
    size_t end = whole_until(str_span(out), SHOWN_MAX);
    if (end < out->len) {
        str_cut(out, end);
        str_add_text(out, "…");
    } else if (out->len && !strchr(".!?", out->s[out->len - 1])) {
        str_add_text(out, ".");
    }
}

/* -- web pages --------------------------------------------------------------------------------- */

/* What stands between `open` and the next '<' in a page; tags in small letters. */
static struct span between(struct span page, const char *open)
{
    size_t len = strlen(open);
    for (size_t at = 0; at + len <= page.len; at++) {
        if (strncasecmp(page.s + at, open, len) != 0)
            continue;
        const char *from = memchr(page.s + at, '>', page.len - at);
        const char *end = from ? memchr(from, '<', (size_t)(page.s + page.len - from)) : NULL;
        return end ? span_trim((struct span){from + 1, (size_t)(end - from - 1)}) : SPAN("");
    }
    return SPAN("");
}

static bool is_page(struct span body)
{
    struct span text = span_trim(body);
    return text.len && text.s[0] == '<';
}

/* A page's title as one clean line. */
static void page_title(struct str *out, struct span page)
{
    struct str clean = {0};
    struct span title = between(page, "<title");
    flow_whole(&clean, title.len ? title : between(page, "<h1"));
    for (size_t i = 0; i < clean.len; i++)
        if ((unsigned char)clean.s[i] < ' ')
            clean.s[i] = ' ';
    str_cut(&clean, whole_until(str_span(&clean), 120));
    str_add(out, str_span(&clean));
    secret_redact(out);
    str_release(&clean);
}

bool fault_page(struct err *e, struct span body, const struct fault_place *p)
{
    struct str title = {0};
    page_title(&title, body);
    err_set(e, ERR_FORMAT,
            _("%s answered with a web page (“%s”) instead of text. Check the address: it may need /v1 at its end, or a "
              "login page of the "
              "network stands in between."),
            p->server, str_text(&title));
    str_release(&title);
    return false;
}

/* -- answers that say no ----------------------------------------------------------------------- */

static bool mentions(const struct fault_report *f, const char *word)
{
    return strcasestr(str_text(&f->message), word) || strcasestr(str_text(&f->code), word);
}

static bool about_length(const struct fault_report *f)
{
    return mentions(f, "context_length") || mentions(f, "context length") || mentions(f, "context size") ||
           mentions(f, "context window") || mentions(f, "too long");
}

static bool missing(struct err *e, const struct fault_report *f, const char *words, const struct fault_place *p)
{
    if (mentions(f, "model") && p->model[0])
        return err_set(e, ERR_REFUSED,
                       _("%s does not have the model “%s” (404): %s Choose another from the server's own list."),
                       p->server, p->model, words);
    return err_set(e, ERR_REFUSED,
                   _("%s has nothing at this address (404). %s Check the address and the dialect: most servers want it "
                     "to end in /v1."),
                   p->server, words);
}

static bool refuse(struct err *e, const struct fault_report *f, const char *words, const struct fault_place *p,
                   int status)
{
    if (status == 401 && !p->has_key)
        return err_set(e, ERR_REFUSED,
                       _("%s wants a key (401). Give the server a key_env, key_file or key_command in the config. %s"),
                       p->server, words);
    if (status == 401)
        return err_set(e, ERR_REFUSED,
                       _("%s does not take the key (401). Check the key and that it belongs to this server. %s"),
                       p->server, words);
    if (status == 402)
        return err_set(e, ERR_REFUSED, _("%s wants to be paid first (402). Check the account. %s"), p->server, words);
    if (status == 403)
        return err_set(e, ERR_REFUSED, _("%s does not allow this (403). Check what the key may use. %s"), p->server,
                       words);
    if (status == 404)
        return missing(e, f, words, p);
    if (status == 407)
        return err_set(e, ERR_REFUSED,
                       _("The proxy on the way to %s wants a login (407). Check the proxy settings. %s"), p->server,
                       words);
    if (status == 413 || about_length(f))
        return err_set(e, ERR_REFUSED,
                       _("The text is too long for the model (%d). Send less of the page, or lower max tokens. %s"),
                       status, words);
    if (status == 408 || status == 504)
        return err_set(e, ERR_REFUSED,
                       _("%s gave up waiting for the model (%d). Try again, or ask for fewer tokens. %s"), p->server,
                       status, words);
    if (status >= 500)
        return err_set(e, ERR_REFUSED, _("%s failed (%d). Try again in a while; its own log says more. %s"), p->server,
                       status, words);
    if (!words[0])
        return err_set(e, ERR_REFUSED,
                       _("%s refused the request (%d) without saying why. Check the address, model and dials."),
                       p->server, status);
    return err_set(e, ERR_REFUSED, _("%s refused the request (%d): %s"), p->server, status, words);
}

static bool busy(struct err *e, const char *words, const struct fault_place *p, int status, int wait_ms)
{
    if (wait_ms > 0)
        err_set(e, ERR_BUSY, _("%s is busy (%d) and asks to wait %d s. %s"), p->server, status, (wait_ms + 999) / 1000,
                words);
    else
        err_set(e, ERR_BUSY, _("%s is busy (%d). Try again in a moment. %s"), p->server, status, words);
    if (e)
        e->retry_ms = wait_ms;
    return false;
}

static bool is_busy(int status, const struct fault_report *f)
{
    if (status == 429)
        return !mentions(f, "insufficient_quota");
    return status == 503 || status == 529;
}

static bool say_no(struct err *e, const struct fault_report *f, const struct fault_place *p, int status, int wait_ms)
{
    struct str words = {0};
    make_words(&words, str_span(&f->message));
    if (is_busy(status, f))
        busy(e, str_text(&words), p, status, wait_ms);
    else
        refuse(e, f, str_text(&words), p, status);
    if (e) {
        e->status = status;
        size_t len = strlen(e->text);
        while (len > 0 && e->text[len - 1] == ' ')
            e->text[--len] = '\0';
    }
    str_release(&words);
    return false;
}

static bool redirected(struct err *e, const struct heads *h, const struct fault_place *p)
{
    struct str target = {0};
    flow_whole(&target, span_cut(str_span(&h->location), 0, whole_until(str_span(&h->location), 200)));
    str_cut(&target, strcspn(str_text(&target), "?#"));
    secret_redact(&target);
    err_set(e, ERR_REFUSED,
            _("%s redirects to “%s” (%d). A redirect is not followed, since it would carry your text there. If you "
              "trust that address, make "
              "it the server's."),
            p->server, str_text(&target), h->status);
    if (e)
        e->status = h->status;
    str_release(&target);
    return false;
}

/* An error body may itself be framed as an event. */
static struct span without_frame(struct span body)
{
    struct span text = span_trim(body);
    return span_starts(text, "data:") ? span_trim(span_cut(text, 5, text.len)) : text;
}

bool fault_http(struct err *e, const struct heads *h, struct span body, const struct fault_place *p)
{
    struct fault_report f = {0};
    struct str scratch = {0};
    struct json *root = json_parse(without_frame(body), &scratch);
    if (h->status >= 300 && h->status < 400) {
        redirected(e, h, p);
    } else {
        if (!fault_read(root, &f) && is_page(body))
            page_title(&f.message, body);
        else if (!root && span_trim(body).len)
            flow_whole(&f.message, span_cut(span_trim(body), 0, whole_until(span_trim(body), SHOWN_MAX)));
        say_no(e, &f, p, h->status, heads_wait_ms(h));
    }
    json_free(root);
    fault_report_release(&f);
    str_release(&scratch);
    return false;
}

bool fault_inside(struct err *e, const struct fault_report *f, const struct fault_place *p)
{
    struct str words = {0};
    if (f->status)
        return say_no(e, f, p, (int)f->status, 0);
    make_words(&words, str_span(&f->message));
    bool limited = mentions(f, "rate_limit") || mentions(f, "overloaded");
    err_set(e, limited ? ERR_BUSY : ERR_REFUSED, _("%s broke off with an error: %s"), p->server, str_text(&words));
    str_release(&words);
    return false;
}

/* -- answers that say nothing ------------------------------------------------------------------ */

bool fault_strange(struct err *e, struct span body, const struct fault_place *p)
{
    struct str begin = {0};
    struct span text = span_trim(body);
    flow_whole(&begin, span_cut(text, 0, whole_until(text, 80)));
    for (size_t i = 0; i < begin.len; i++)
        if ((unsigned char)begin.s[i] < ' ')
            begin.s[i] = ' ';
    secret_redact(&begin);
    err_set(e, ERR_FORMAT,
            _("%s sent something that is no answer in this dialect (“%s”). Check the server's address and dialect."),
            p->server, str_text(&begin));
    str_release(&begin);
    return false;
}

bool fault_empty(struct err *e, const struct fault_place *p)
{
    return err_set(e, ERR_FORMAT,
                   _("%s sent an empty answer. Try again; if it stays so, check the server's address, model and log."),
                   p->server);
}

bool fault_cut(struct err *e, const struct fault_place *p)
{
    return err_set(e, ERR_NETWORK,
                   _("%s ended the answer before it was complete. What came is kept; go on from there or try again."),
                   p->server);
}

bool fault_no_text(struct err *e, struct span finish, bool thought)
{
    if (span_is(finish, "length") && thought)
        return err_set(e, ERR_REFUSED,
                       _("The model spent all its tokens on thinking and wrote nothing. Raise max tokens."));
    if (span_is(finish, "content_filter"))
        return err_set(e, ERR_REFUSED, _("The server's content filter held the answer back. Ask in other words."));
    if (span_is(finish, "length"))
        return err_set(e, ERR_REFUSED, _("The model reached the token limit and wrote nothing. Raise max tokens."));
    return err_set(e, ERR_REFUSED, _("The model wrote nothing. Try again, or ask in other words."));
}
