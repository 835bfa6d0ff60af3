#include "app/doctor/ping.h"
#include "app/engine/compose.h"
#include "core/i18n.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

const char *const ping_step_names[PING_STEPS] = {
    [PING_NAME] = N_("name"), [PING_CONNECT] = N_("connect"), [PING_TLS] = N_("TLS"),     [PING_PATH] = N_("path"),
    [PING_KEY] = N_("key"),   [PING_MODEL] = N_("model"),     [PING_TOKEN] = N_("token"),
};

void ping_release(struct ping *p)
{
    for (int i = 0; i < PING_STEPS; i++)
        str_release(&p->texts[i]);
}

enum ping_step ping_failed(const struct ping *p)
{
    int i = 0;
    while (i < PING_STEPS && p->verdicts[i] != VERDICT_WRONG)
        i++;
    return (enum ping_step)i;
}

__attribute__((format(printf, 4, 5))) static void say(struct ping *p, enum ping_step step, enum verdict v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    p->verdicts[step] = v;
    str_clear(&p->texts[step]);
    str_vprintf(&p->texts[step], format, args);
    va_end(args);
}

/* What follows the failed step was not reached. */
static void fail(struct ping *p, enum ping_step step, const struct err *e)
{
    p->err = *e;
    p->ms[step] = -1;
    say(p, step, VERDICT_WRONG, "%s", e->text);
    for (int i = (int)step + 1; i < PING_TOKEN; i++) {
        p->ms[i] = -1;
        say(p, (enum ping_step)i, VERDICT_PASSED, "%s", _("not reached"));
    }
}

/* -- what went well ------------------------------------------------------------------------------------------------------------------- */

static bool is_address(struct span host)
{
    char *text = span_copy(host);
    unsigned char bytes[sizeof(struct in6_addr)];
    bool found = inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
    free(text);
    return found;
}

static void tell_way(struct ping *p, const struct server *s, const struct url_parts *url)
{
    if (s->unix_socket) {
        say(p, PING_NAME, VERDICT_WELL, _("It is reached by the socket %s; no name is looked up."), s->unix_socket);
        say(p, PING_CONNECT, VERDICT_WELL, "%s", _("Somebody listens there."));
    } else if (s->proxy) {
        say(p, PING_NAME, VERDICT_WELL, "%s", _("It is reached by the proxy that the config names."));
        say(p, PING_CONNECT, VERDICT_WELL, "%s", _("The proxy takes the connection."));
    } else {
        if (is_address(url->host))
            say(p, PING_NAME, VERDICT_WELL, _("%.*s is an address; no name is looked up."), SPAN_ARG(url->host));
        else
            say(p, PING_NAME, VERDICT_WELL, _("%.*s is known."), SPAN_ARG(url->host));
        say(p, PING_CONNECT, VERDICT_WELL, _("Port %d answers."), url->port);
    }
    if (url->https)
        say(p, PING_TLS, VERDICT_WELL, "%s", _("The certificate is trusted; nobody on the way can read along."));
    else if (url->loopback || s->unix_socket)
        say(p, PING_TLS, VERDICT_WELL, "%s", _("Plain http, which does not leave this machine."));
    else
        say(p, PING_TLS, VERDICT_NOTE, "%s", _("Plain http: whoever is on the way can read what you write."));
}

static bool has_key(const struct server *s)
{
    return s->key_env || s->key_file || s->key_command;
}

/* Many show their list to anyone: only the first token tells what the key is worth. */
static void tell_answer(struct ping *p, const struct server *s)
{
    say(p, PING_PATH, VERDICT_WELL, _("It speaks like %s."), dialect_name(s->dialect));
    say(p, PING_KEY, VERDICT_WELL, "%s", has_key(s) ? _("Its list came with the key.") : _("Its list came without a key."));
}

static bool has_model(struct span list, const char *model)
{
    struct span line;
    while (span_line(&list, &line))
        if (span_is(line, model))
            return true;
    return false;
}

/* Gemini and Ollama write some names longer than one has to. */
static bool has_model_in_full(struct span list, const char *model)
{
    struct str longer = {0};
    str_printf(&longer, "%s:latest", model);
    bool found = has_model(list, model) || has_model(list, str_text(&longer));
    str_clear(&longer);
    str_printf(&longer, "models/%s", model);
    found = found || has_model(list, str_text(&longer));
    str_release(&longer);
    return found;
}

static unsigned long lines_of(struct span list)
{
    struct span line;
    unsigned long count = 0;
    while (span_line(&list, &line))
        count++;
    return count;
}

/* What else is known of the model that is asked. */
static void tell_more(struct ping *p, const struct server *s, const struct answer *a)
{
    struct server asked = *s; /* borrowed, but for what was told */
    struct str *text = &p->texts[PING_MODEL], form = {0};
    asked.told = answer_told(a, span_of(s->model));
    if (asked.told.context)
        str_printf(text, _(" It holds %d tokens."), asked.told.context);
    compose_tell_form(&asked, &form);
    if (form.len)
        str_printf(text, " %s", str_text(&form));
    str_release(&form);
}

static void tell_model(struct ping *p, const struct server *s, const struct answer *a)
{
    struct span list = str_span(&a->models), first = SPAN("");
    unsigned long count = lines_of(list);
    struct err err = {0};
    if (!count && *s->model) {
        say(p, PING_MODEL, VERDICT_NOTE, _("The server lists no models; whether it has “%s”, only a request can tell."), s->model);
    } else if (!count) {
        err_set(&err, ERR_REFUSED, "%s", _("The server lists no models, and none is named. Write “model = …” below it in the config."));
        fail(p, PING_MODEL, &err);
    } else if (!*s->model) {
        span_line(&list, &first);
        say(p, PING_MODEL, VERDICT_WELL, ngettext("None is named, so the only one of its list is asked: %.*s.",
                                                  "None is named, so the first of its list is asked: %.*s.", count), SPAN_ARG(first));
    } else if (has_model_in_full(list, s->model)) {
        say(p, PING_MODEL, VERDICT_WELL, ngettext("“%s” is the one in its list.", "“%s” is in its list of %lu.", count), s->model, count);
    } else {
        err_set(&err, ERR_REFUSED, ngettext("“%s” is not in the server's list of %lu model; renga models -s %s shows it.",
                                            "“%s” is not in the server's list of %lu models; renga models -s %s shows them.", count),
                s->model, count, s->name);
        fail(p, PING_MODEL, &err);
    }
}

/* -- reading an answer ---------------------------------------------------------------------------------------------------------------- */

/* The step of ours at which the question stood still. A page or strange bytes in place of a list are a wrong path, and so is 404. */
static enum ping_step step_of(enum ask_step reached)
{
    switch (reached) {
    case ASK_NAME:
        return PING_NAME;
    case ASK_CONNECT:
        return PING_CONNECT;
    case ASK_TLS:
        return PING_TLS;
    case ASK_KEY:
        return PING_KEY;
    case ASK_ANSWER:
    case ASK_MODELS:
    case ASK_STEPS:
        break;
    }
    return PING_PATH;
}

static void read_times(struct ping *p, const struct answer *a)
{
    static const enum ask_step steps[PING_TOKEN] = {ASK_NAME, ASK_CONNECT, ASK_TLS, ASK_ANSWER, ASK_KEY, ASK_MODELS};
    for (int i = 0; i < PING_TOKEN; i++)
        p->ms[i] = a->ms[steps[i]];
    p->ms[PING_TOKEN] = -1;
}

void ping_read(struct ping *p, const struct server *s, const struct answer *a)
{
    struct url_parts url = {.host = SPAN("")};
    (void)!url_split(s->url, &url, NULL);
    read_times(p, a);
    tell_way(p, s, &url);
    tell_answer(p, s);
    if (a->ok)
        tell_model(p, s, a);
    if (a->ok && !p->err.kind)
        tell_more(p, s, a);
    if (!a->ok)
        fail(p, step_of(a->reached), &a->err);
}

void ping_refused(struct ping *p, const struct server *s, const struct err *e)
{
    struct url_parts url;
    for (int i = 0; i < PING_STEPS; i++) {
        p->ms[i] = -1;
        say(p, (enum ping_step)i, VERDICT_PASSED, "%s", _("not reached"));
    }
    p->err = *e;
    /* Its address is all right, so it is the key that could not be had. */
    say(p, url_split(s->url, &url, NULL) ? PING_KEY : PING_NAME, VERDICT_WRONG, "%s", e->text);
}

/* -- the first token ------------------------------------------------------------------------------------------------------------------ */

bool ping_is_worth_a_try(const struct ping *p, const struct server *s)
{
    enum ping_step failed = ping_failed(p);
    return failed == PING_STEPS || (*s->model && (failed == PING_MODEL || (failed == PING_PATH && (p->err.status == 404 || p->err.status == 405))));
}

/* What its list, or the want of one, had put in doubt. */
static void tell_writing(struct ping *p, const struct server *s, const struct trial *t)
{
    enum ping_step failed = ping_failed(p);
    p->ms[PING_TOKEN] = trial_ms(t);
    say(p, PING_TOKEN, VERDICT_WELL, _("%s writes."), trial_model(t));
    say(p, PING_KEY, VERDICT_WELL, "%s", has_key(s) ? _("It takes the key.") : _("It asks for no key here."));
    if (failed == PING_PATH)
        say(p, PING_PATH, VERDICT_NOTE, _("It speaks like %s, but has no list of models."), dialect_name(s->dialect));
    if (failed == PING_PATH || failed == PING_MODEL)
        say(p, PING_MODEL, VERDICT_NOTE, _("“%s” stands in no list, but it answers."), s->model);
    err_clear(&p->err);
}

/* The list may come to anyone who asks; that the key is refused, a real request tells. */
static void tell_silence(struct ping *p, const struct err *e)
{
    bool key = e->status == 401 || e->status == 403;
    fail(p, key ? PING_KEY : PING_TOKEN, e);
    if (key)
        say(p, PING_TOKEN, VERDICT_PASSED, "%s", _("not reached"));
}

void ping_tried(struct ping *p, const struct server *s, const struct trial *t)
{
    p->tried = true;
    p->ms[PING_TOKEN] = -1;
    if (!t)
        say(p, PING_TOKEN, VERDICT_PASSED, "%s", _("not reached"));
    else if (trial_err(t)->kind)
        tell_silence(p, trial_err(t));
    else
        tell_writing(p, s, t);
}
