#include "app/plain/parts.h"
#include "app/desk/text_target.h"
#include "core/i18n.h"

const struct spot *place_now(const struct app *app)
{
    if (app->view != VIEW_DESK)
        return &plain_views[app->view];
    return app->desk.focus == FOCUS_DIALS ? &plain_dials : app->desk.focus == FOCUS_TAKES ? &plain_takes : NULL;
}

/* The library's search field takes words; a number in it chooses all the same. */
bool place_takes_numbers(struct app *app)
{
    const struct spot *place = place_now(app);
    return place && place->rows && place->choose && (app->view == VIEW_LIBRARY || !text_target(app));
}

int place_rows(struct app *app, struct str *out)
{
    const struct spot *place = place_now(app);
    struct str rows = {0};
    struct span line;
    int count = 0;
    if (place && place->rows)
        place->rows(app, &rows);
    for (struct span rest = str_span(&rows); span_line(&rest, &line);)
        str_printf(out, "%d. %.*s\n", ++count, SPAN_ARG(line));
    str_release(&rows);
    return count;
}

void place_say_rows(struct app *app, int from)
{
    struct str rows = {0};
    struct span line;
    int count = place_rows(app, &rows), at = 0;
    for (struct span rest = str_span(&rows); span_line(&rest, &line); at++)
        if (at >= from && at < from + PLAIN_AT_ONCE)
            plain_lines(app, line);
    app->plain->from = from + PLAIN_AT_ONCE;
    if (from >= count)
        plain_say(app, "%s", _("That is all."));
    else if (from + PLAIN_AT_ONCE < count)
        plain_say(app, _("%d more: /more"), count - from - PLAIN_AT_ONCE);
    str_release(&rows);
}

void plain_say_ways(struct app *app, enum footer_place place)
{
    const struct footer_key *keys = NULL;
    struct str out = {0};
    int count = footer_fill(app, place, &keys);
    for (int i = 0; i < count; i++)
        str_printf(&out, "%s/%s %s", i ? " · " : "", keys[i].command, keys[i].label);
    if (count)
        plain_lines(app, str_span(&out));
    str_release(&out);
}

void place_say(struct app *app)
{
    const struct spot *place = place_now(app);
    struct str head = {0}, rows = {0};
    if (!place) {
        plain_say_desk(app);
        return;
    }
    str_printf(&head, "%s. ", _(place->name));
    if (place->head)
        place->head(app, &head);
    plain_lines(app, str_span(&head));
    if (place->rows && place_rows(app, &rows))
        place_say_rows(app, 0);
    else if (place->rows)
        plain_say(app, "%s", _("There is nothing here."));
    plain_say_ways(app, place->footer(app));
    str_release(&head);
    str_release(&rows);
}

bool place_choose(struct app *app, int64_t number)
{
    struct str rows = {0};
    int count = place_rows(app, &rows);
    str_release(&rows);
    if (number < 1 || number > count) {
        if (count)
            plain_say(app, _("There is no %lld here; the numbers go from 1 to %d."), (long long)number, count);
        else
            plain_say(app, "%s", _("There is nothing here."));
        return false;
    }
    place_now(app)->choose(app, (int)number - 1);
    return true;
}
