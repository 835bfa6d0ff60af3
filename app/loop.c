#include "app/loop.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/desk/learn.h"
#include "app/desk/pull.h"
#include "app/footer.h"
#include "app/input.h"
#include "app/plain/plain.h"
#include "app/server_test.h"
#include "app/views/doctor.h"
#include "app/views/library.h"
#include "app/views/view.h"
#include "app/servers.h"
#include "core/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define GATHER_MS 20 /* a tick: a countdown's frame, or one that the terminal holds up, is further off */
#define MUSE_US   2000 /* that the muse computes between two looks at the terminal */

/* -- signals: a byte in a pipe each -------------------------------------------------------------------------------------------------------- */

static int signal_pipe[2] = {-1, -1};

static void note_signal(int number)
{
    int saved = errno;
    char byte = (char)number;
    if (write(signal_pipe[1], &byte, 1) < 0) {
        /* the pipe is full of signals already: one more changes nothing */
    }
    errno = saved;
}

static void watch_signals(void)
{
    static const int watched[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP};
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    if (pipe(signal_pipe))
        return;
    for (int i = 0; i < 2; i++) {
        fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
        fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
    }
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
        sigaction(watched[i], &action, NULL);
}

/* Asked to stop from outside; the terminal is given back before, and taken again after. */
static void stop_for_a_while(struct app *app)
{
    if (term_fd(app->term) >= 0)
        command_run_named(app, "suspend");
    else
        raise(SIGSTOP);
}

static void handle_signals(struct app *app)
{
    char bytes[64];
    ssize_t count = read(signal_pipe[0], bytes, sizeof bytes);
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] == SIGINT && plain_interrupt(app))
            continue;
        if (bytes[i] == SIGTSTP)
            stop_for_a_while(app);
        else if (bytes[i] != SIGWINCH)
            app->quit = true; /* everything is kept on the way out */
        else if (term_update_size(app->term))
            app_touch(app, true);
    }
}

/* -- painting -------------------------------------------------------------------------------------------------------------------------------- */

void loop_paint(struct app *app)
{
    int w = 0, h = 0;
    term_size(app->term, &w, &h);
    if (w != app->canvas.w || h != app->canvas.h) {
        canvas_resize(&app->canvas, w, h);
        app->whole_frame = true;
    }
    app->canvas.styles = app->theme.styles;
    if (app->pager.open) {
        app->pager.footer_count = footer_fill(app, FOOTER_PAGER, &app->pager.footer);
        app->pager.message = str_span(&app->message);
        app->pager.message_role = app->message_role;
        pager_draw(&app->pager, &app->canvas);
    } else {
        view_current(app)->draw(app);
    }
    if (app->study.shown && !app->pager.open)
        desk_learn_draw(app);
    if (app->picker.open)
        picker_draw(&app->picker, &app->canvas);
    if (app->form.open)
        fields_draw(&app->form, &app->canvas);
    app->painted_us = clock_now_us();
    app->frame_us = 0;
    app->whole_frame = false;
    if (!term_present(app->term, &app->canvas))
        app->frame_us = app->painted_us; /* the terminal is slow: again once it took the last frame */
}

static void paint_if_due(struct app *app)
{
    if (app->frame_us && clock_now_us() >= app->frame_us && !term_pending(app->term))
        loop_paint(app);
}

/* -- a turn ------------------------------------------------------------------------------------------------------------------------------------- */

static void read_terminal(struct app *app)
{
    static char bytes[65536];
    struct input in = {0};
    ptrdiff_t count = 0;
    while ((count = term_read(app->term, bytes, sizeof bytes)) > 0) {
        parser_feed(app->parser, (struct span){bytes, (size_t)count}, clock_now_us());
        while (!app->quit && parser_next(app->parser, &in, clock_now_us()))
            input_handle(app, &in);
    }
    if (count < 0)
        app->quit = true; /* the terminal is gone */
}

/* A lone Esc and the end of a paste ripen without a byte. */
static void ripen_input(struct app *app)
{
    struct input in = {0};
    while (!app->quit && parser_next(app->parser, &in, clock_now_us()))
        input_handle(app, &in);
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

static int wait_ms(struct app *app, int limit_ms)
{
    int64_t now = clock_now_us();
    if (muse_busy(app->muse))
        return 0;
    int wait = sooner(limit_ms, parser_wait_ms(app->parser, now));
    wait = sooner(wait, engine_wait_ms(&app->engine));
    wait = sooner(wait, desk_save_wait_ms(app));
    wait = sooner(wait, net_deadline_ms(app->net));
    wait = sooner(wait, desk_learn_wait_ms(app));
    wait = sooner(wait, library_wait_ms(app));
    wait = sooner(wait, server_test_wait_ms(app));
    wait = sooner(wait, doctor_look_wait_ms(app));
    if (app->frame_us && !term_pending(app->term))
        wait = sooner(wait, app->frame_us <= now ? 0 : (int)((app->frame_us - now + 999) / 1000));
    return wait;
}

/* A countdown is painted anew each second. */
static void tick_countdown(struct app *app)
{
    for (int i = 0; i < app->engine.run_count; i++)
        if (app->engine.runs[i]->retry_us && !app->engine.runs[i]->over && !app->frame_us)
            app->frame_us = app->painted_us + 1000000, app->whole_frame = true;
}

/* While a frame is due soon, text may gather in its socket: one wake-up a frame, not one a token. Keys still come at once. */
static void wait_for_something(struct app *app, struct pollfd *fds, int count, int wait)
{
    if (app->frame_us && app->painted_us && wait >= 0 && wait <= GATHER_MS)
        poll(fds, (nfds_t)count, wait);
    else
        net_wait(app->net, fds, count, wait);
}

/* A library that cannot be written is said at once, and its recovery too. */
static void show_storage_trouble(struct app *app)
{
    bool trouble = app->engine.storage_err.kind != ERR_NONE;
    if (trouble != app->storage_trouble)
        app_touch(app, false);
    app->storage_trouble = trouble;
}

void loop_turn(struct app *app, int limit_ms)
{
    int ear = plain_fd(app), fd = ear >= 0 ? ear : term_fd(app->term), count = 0;
    struct pollfd fds[2] = {0};
    if (fd >= 0)
        fds[count++] = (struct pollfd){.fd = fd, .events = (short)(POLLIN | (term_pending(app->term) ? POLLOUT : 0))};
    if (signal_pipe[0] >= 0)
        fds[count++] = (struct pollfd){.fd = signal_pipe[0], .events = POLLIN};
    tick_countdown(app);
    wait_for_something(app, fds, count, wait_ms(app, limit_ms));
    if (fd >= 0 && (fds[0].revents & POLLOUT))
        term_flush(app->term);
    if (ear >= 0 && fds[0].revents)
        plain_read(app);
    else if (fd >= 0 && (fds[0].revents & (POLLIN | POLLHUP | POLLERR)))
        read_terminal(app);
    if (count > 0 && fds[count - 1].fd == signal_pipe[0] && fds[count - 1].revents)
        handle_signals(app);
    ripen_input(app);
    net_step(app->net);
    muse_step(app->muse, MUSE_US);
    servers_step(app);
    server_test_step(app);
    doctor_look_step(app);
    engine_step(&app->engine);
    desk_learn_step(app);
    desk_pull_step(app);
    library_step(app);
    show_storage_trouble(app);
    desk_save_if_due(app);
    paint_if_due(app);
}

void loop_begin(struct app *app)
{
    watch_signals();
    loop_paint(app);
    servers_look_around(app, false); /* after the first frame: loading the network costs more than all before it */
}

void loop_run(struct app *app)
{
    loop_begin(app);
    while (!app->quit)
        loop_turn(app, -1);
}
