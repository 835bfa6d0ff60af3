#include "net/fault.h"
#include "core/i18n.h"
#include "core/story.h"
#include "net/secret.h"

#include <string.h>
#include <strings.h>

#define SHOWN_MAX 360 /* of a server's own words: the sentence around them must fit too */
#define TITLE_MAX 120
#define LOCATION_MAX 200
#define BEGIN_MAX 80 /* of what is no answer at all */

/* The end of a cut that keeps characters whole. */
static size_t whole_until(struct span text, size_t max)
{
    if (text.len <= max)
        return text.len;
    while (max > 0 && ((unsigned char)text.s[max] & 0xC0) == 0x80)
        max--;
    return max;
}

/* Foreign words for a sentence: one clean line, no key in it, at most `max` bytes and the sign that it was cut. */
static void add_shown(struct str *out, struct span words, size_t max)
{
    struct str line = {0};
    fault_add_words(&line, words);
    secret_redact_pieces(&line);
    size_t end = whole_until(str_span(&line), max);
    str_add(out, span_cut(str_span(&line), 0, end));
    str_add_text(out, end < line.len ? "…" : "");
    str_release(&line);
}

static bool ends_sentence(struct span text)
{
    static const char *const marks[] = {".", "!", "?", "…", "。", "！", "？"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t len = strlen(marks[i]);
        if (text.len >= len && !memcmp(text.s + text.len - len, marks[i], len))
            return true;
    }
    return false;
}

/* What follows our own sentence: the server's words as a sentence of theirs; nothing when it said nothing. */
static void quote_server(struct str *out, const struct fault_report *f)
{
    struct str words = {0};
    add_shown(&words, str_span(&f->message), SHOWN_MAX);
    if (words.len)
        str_printf(out, ends_sentence(str_span(&words)) ? _("It says: “%s”") : _("It says: “%s.”"), str_text(&words));
    str_release(&words);
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

static struct span page_title(struct span page)
{
    struct span title = between(page, "<title");
    return title.len ? title : between(page, "<h1");
}

bool fault_page(struct err *e, struct span body, const struct fault_place *p)
{
    struct str title = {0};
    add_shown(&title, page_title(body), TITLE_MAX);
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
    if (mentions(f, "model") && p->model[0] && (p->pulls || mentions(f, "try pulling")))
        return err_set(e, ERR_REFUSED,
                       _("%s does not have the model “%s” (404). Fetch it there with “ollama pull %s”, or choose another "
                         "from the server's own list. %s"),
                       p->server, p->model, p->model, words);
    if (mentions(f, "model") && p->model[0])
        return err_set(e, ERR_REFUSED,
                       _("%s does not have the model “%s” (404). Choose another from the server's own list. %s"),
                       p->server, p->model, words);
    return err_set(e, ERR_REFUSED,
                   _("%s has nothing at this address (404). Check the dialect, and that the address ends before what a dialect "
                     "asks at. %s"),
                   p->server, words);
}

static bool refuse(struct err *e, const struct fault_report *f, const char *words, const struct fault_place *p,
                   int status)
{
    if (status == 401 && !p->has_key)
        return err_set(e, ERR_REFUSED,
                       _("%s wants a key (401). Name the variable (key_env) or the file (key_file) that holds it, or a "
                         "command that prints it (key_command). %s"),
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
    return err_set(e, ERR_REFUSED, _("%s refused the request (%d). %s"), p->server, status, words);
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

/* The sentences end in the server's words; where it has none the space before them goes. */
static void trim_end(struct err *e)
{
    size_t len = e ? strlen(e->text) : 0;
    while (len > 0 && e->text[len - 1] == ' ')
        e->text[--len] = '\0';
}

static bool say_no(struct err *e, const struct fault_report *f, const struct fault_place *p, int status, int wait_ms)
{
    struct str words = {0};
    quote_server(&words, f);
    if (is_busy(status, f))
        busy(e, str_text(&words), p, status, wait_ms);
    else
        refuse(e, f, str_text(&words), p, status);
    if (e)
        e->status = status;
    trim_end(e);
    str_release(&words);
    return false;
}

static bool redirected(struct err *e, const struct heads *h, const struct fault_place *p)
{
    struct str target = {0};
    struct span place = str_span(&h->location);
    add_shown(&target, span_cut(place, 0, strcspn(str_text(&h->location), "?#")), LOCATION_MAX);
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
    struct json *root = json_parse(without_frame(body));
    if (h->status >= 300 && h->status < 400) {
        redirected(e, h, p);
    } else {
        if (!fault_read(root, &f) && is_page(body))
            fault_add_words(&f.message, page_title(body));
        else if (!root)
            fault_add_words(&f.message, body);
        say_no(e, &f, p, h->status, heads_wait_ms(h) ? heads_wait_ms(h) : (int)f.wait_ms);
    }
    json_free(root);
    fault_report_release(&f);
    return false;
}

bool fault_inside(struct err *e, const struct fault_report *f, const struct fault_place *p, bool said)
{
    struct str words = {0};
    if (f->status)
        return say_no(e, f, p, (int)f->status, (int)f->wait_ms);
    quote_server(&words, f);
    bool limited = mentions(f, "rate_limit") || mentions(f, "overloaded");
    err_set(e, limited ? ERR_BUSY : ERR_REFUSED,
            said ? _("%s broke off with an error. Try again; what came is kept. %s") : _("%s answers with an error. %s"), p->server,
            str_text(&words));
    if (e)
        e->retry_ms = (int)f->wait_ms;
    trim_end(e);
    str_release(&words);
    return false;
}

/* -- answers that say nothing ------------------------------------------------------------------ */

bool fault_strange(struct err *e, struct span body, const struct fault_place *p)
{
    struct str begin = {0};
    add_shown(&begin, body, BEGIN_MAX);
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
                   _("%s ended the answer before it was complete. What came is kept."),
                   p->server);
}

bool fault_no_text(struct err *e, struct span finish, bool thought)
{
    if (finish_is_length(finish) && thought)
        return err_set(e, ERR_REFUSED,
                       _("The model spent all its tokens on thinking and wrote nothing. Raise max tokens."));
    if (span_is(finish, "refusal"))
        return err_set(e, ERR_REFUSED, _("The model declined to answer. Ask in other words, or choose another model."));
    if (finish_is_blocked(finish))
        return err_set(e, ERR_REFUSED, _("The server's content filter held the answer back. Ask in other words."));
    if (finish_is_length(finish))
        return err_set(e, ERR_REFUSED, _("The model reached the token limit and wrote nothing. Raise max tokens."));
    return err_set(e, ERR_REFUSED, _("The model wrote nothing. Try again, or ask in other words."));
}
