#include "app/app.h"
#include "core/clock.h"

#include <stdarg.h>

#define TICK_US 25000 /* text that streams in is painted at most 40 times a second: calm for eyes and input methods */
#define CALM_US 8000  /* and at once when the last frame is this old */

void app_say(struct app *app, enum role_id role, const char *format, ...)
{
    va_list args;
    str_clear(&app->message);
    va_start(args, format);
    str_vprintf(&app->message, format, args);
    va_end(args);
    app->message_role = role;
    app_touch(app, true);
}

void app_fail(struct app *app, const struct err *e)
{
    app_say(app, e->kind == ERR_USAGE ? STYLE_WARNING : STYLE_ERROR, "%s", e->text);
}

static void ask_for_frame(struct app *app, bool now)
{
    int64_t at = clock_now_us();
    if (now)
        app->frame_us = at;
    else if (!app->frame_us)
        app->frame_us = at - app->painted_us >= CALM_US ? at : app->painted_us + TICK_US;
}

void app_touch(struct app *app, bool now)
{
    app->whole_frame = true;
    ask_for_frame(app, now);
}

void app_touch_stream(struct app *app)
{
    ask_for_frame(app, false);
}
