#include "app/exposed.h"
#include "app/menu.h"
#include "core/i18n.h"

#include <string.h>

/* The setting "plain-http" holds NAME TAB URL, a line for each server that it is allowed for. */

static void add_line(struct str *out, const struct server *s)
{
    str_printf(out, "%s\t%s\n", s->name, s->url);
}

void exposed_init(struct app *app)
{
    struct str allowed = {0};
    struct span rest, line = SPAN(""), url;
    (void)store_setting(app->store, "plain-http", &allowed);
    for (rest = str_span(&allowed); span_line(&rest, &line);)
        for (int i = 0; i < app->config.server_count; i++) {
            struct server *s = &app->config.servers[i];
            size_t name = strlen(s->name);
            url = span_cut(line, name < line.len ? name + 1 : line.len, line.len);
            if (span_starts(line, s->name) && name < line.len && line.s[name] == '\t' && span_is(url, s->url))
                s->insecure = true;
        }
    str_release(&allowed);
}

static void answered(struct app *app, const char *id)
{
    struct server *s = &app->config.servers[app->servers.exposed];
    struct str allowed = {0};
    struct err err = {0};
    if (strcmp(id, "yes")) {
        app_say(app, STYLE_DIM, "%s", _("Nothing was sent."));
        return;
    }
    s->insecure = true;
    (void)store_setting(app->store, "plain-http", &allowed);
    add_line(&allowed, s);
    bool kept = store_set_setting(app->store, "plain-http", str_span(&allowed), &err);
    str_release(&allowed);
    if (app->servers.when_allowed)
        app->servers.when_allowed(app);
    else
        app_say(app, STYLE_DIM, _("“%s” may be used; the same key again sends it."), s->name);
    if (!kept)
        app_fail(app, &err);
}

static void left(struct app *app)
{
    answered(app, "no");
}

bool exposed_may_send(struct app *app, int server, void (*then)(struct app *app))
{
    const struct server *s = &app->config.servers[server];
    struct str host = {0}, title = {0};
    if (!server_is_exposed(s))
        return true;
    app->servers.exposed = server;
    app->servers.when_allowed = then;
    url_label(s->url, &host);
    str_printf(&title, _("Plain http to %s"), str_text(&host));
    menu_picker(app, str_text(&title), _("yes or no"), answered);
    picker_add(&app->picker, _("do not send it"), NULL, _("https:// in the server's address (F2) keeps it private."), "no");
    picker_add(&app->picker, _("send it, now and always"), NULL, _("Anyone on the way can read what you write, and the key."), "yes");
    picker_filter(&app->picker);
    app->dismissed = left;
    str_release(&host);
    str_release(&title);
    return false;
}
