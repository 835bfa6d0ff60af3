#include "app/desk/main.h"
#include "app/app.h"
#include "app/desk/desk.h"
#include "app/desk/picture.h"
#include "app/desk/pull.h"
#include "app/desk/fill.h"
#include "app/desk/learn.h"
#include "app/commands/keymap.h"
#include "app/views/compare.h"
#include "app/views/doctor.h"
#include "app/views/library.h"
#include "app/views/odds.h"
#include "app/views/sweep.h"
#include "app/views/tree.h"
#include "app/loop.h"
#include "app/plain/plain.h"
#include "app/script.h"
#include "app/projects/projects.h"
#include "app/servers.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/backup.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A fault of a file that only has a better default is said once the desk stands. */
static void note_fault(struct app *app, const struct err *e)
{
    if (app->message.len == 0)
        app_fail(app, e);
}

/* Without a library that can be written the desk works in memory, and says so. */
static bool open_library(struct app *app, const char *path, struct err *e)
{
    struct err why = {0};
    if (folder_make(app->paths.data_dir, &why) && store_open(&app->store, path, &why)) {
        if (store_notice(app->store))
            app_say(app, STYLE_WARNING, "%s", store_notice(app->store));
        return true;
    }
    if (!store_open(&app->store, NULL, e))
        return false;
    app->save_err = why;
    app_say(app, STYLE_ERROR, _("%s What you write now is held in memory only."), why.text);
    return true;
}

static void name_server(struct app *app, struct cli *cli)
{
    struct server s = {0};
    struct err err = {0};
    if (!cli_find_server(cli, &s, &err)) { /* plain http to a stranger is asked about before anything is sent */
        app_fail(app, &err);
    } else {
        const struct server *put = config_put_server(&app->config, &s);
        app->servers.current = (int)(put - app->config.servers);
        servers_changed(app);
    }
    server_release(&s);
}

static void start(struct app *app, struct cli *cli)
{
    struct err err = {0};
    app->net = net_new();
    app->muse = muse_new(app->paths.muse, app->paths.voices);
    engine_init(&app->engine, app->net, app->store);
    app->parser = parser_new();
    canvas_init(&app->canvas);
    picker_init(&app->picker);
    fields_init(&app->form);
    pager_init(&app->pager);
    keymap_init(&app->keymap);
    if (!keymap_load(&app->keymap, app->paths.keys, &err))
        note_fault(app, &err);
    if (!theme_load(&app->theme, app->config.theme, app->paths.themes, &err))
        note_fault(app, &err);
    display_set_ambiguous(app->config.ambiguous);
    library_init(app);
    tree_init(app);
    servers_init(app);
    desk_init(app);
    desk_watch(app);
    desk_open_last(app);
    if (cli_names_server(cli))
        name_server(app, cli);
    app->mouse = app->config.mouse;
    term_mouse(app->term, app->mouse);
}

static void finish(struct app *app)
{
    struct err learning = {0}, fetching = {0};
    engine_cancel_all(&app->engine, NULL);
    net_step(app->net);
    muse_step(app->muse, 0);
    engine_step(&app->engine);
    desk_save(app);
    engine_release(&app->engine);
    term_close(app->term);
    if (!desk_learn_end(app, &learning))
        fprintf(stderr, "renga: %s\n", learning.text);
    if (!desk_pull_end(app, &fetching))
        fprintf(stderr, "renga: %s\n", fetching.text);
    if (app->save_err.kind && !store_in_memory(app->store))
        fprintf(stderr, "renga: %s\n", app->save_err.text);
    desk_release(app);
    fill_release(app);
    projects_release(app);
    compare_release(app);
    library_release(app);
    odds_release(app);
    picture_release(app);
    tree_release(app);
    sweep_release_look(app);
    doctor_look_release(app);
    servers_release(app);
    muse_free(app->muse);
    net_free(app->net);
    store_close(app->store);
    parser_free(app->parser);
    canvas_release(&app->canvas);
    picker_release(&app->picker);
    fields_release(&app->form);
    pager_release(&app->pager);
    keymap_release(&app->keymap);
    str_release(&app->clipboard);
    str_release(&app->needle);
    str_release(&app->overwrite);
    str_release(&app->message);
    config_release(&app->config);
    paths_release(&app->paths);
}

/* By lines when the writer wants it so, or when the terminal can do nothing else. */
static bool by_lines(const struct cli *cli)
{
    const char *kind = getenv("TERM");
    bool simple = !kind || !*kind || !strcmp(kind, "dumb") || !strcmp(kind, "unknown");
    return !cli->args.values[OPTION_SCRIPT] &&
           (cli->args.values[OPTION_PLAIN] || cli->config.plain || (simple && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)));
}

static bool open_screen(struct app *app, const char *script, struct err *e)
{
    struct str notice = {0};
    bool ok = true;
    if (script)
        app->term = term_open_null(80, 24);
    else if (app->plain)
        app->term = term_open_null(PLAIN_COLUMNS, PLAIN_ROWS);
    else
        ok = term_open(&app->term, &notice, e);
    if (ok && notice.len)
        app_say(app, STYLE_WARNING, "%s", str_text(&notice));
    str_release(&notice);
    return ok;
}

int desk_main(struct cli *cli)
{
    struct app *app = mem_new(1, sizeof *app);
    struct err err = {0};
    const char *script = cli->args.values[OPTION_SCRIPT];
    int code = EXIT_DONE;
    signal(SIGPIPE, SIG_IGN);
    app->config = cli->config;
    app->paths = cli->paths;
    app->library_path = cli_library_path(cli);
    if (by_lines(cli))
        app->plain = plain_new();
    if (!open_screen(app, script, &err) || !open_library(app, cli_library_path(cli), &err)) {
        term_close(app->term);
        plain_free(app->plain);
        code = cli_fail(cli, &err);
        free(app);
        return code;
    }
    struct backup *backup = script || store_in_memory(app->store) ? NULL : backup_begin(cli_library_path(cli));
    start(app, cli);
    memset(&cli->config, 0, sizeof cli->config);
    memset(&cli->paths, 0, sizeof cli->paths);
    if (app->plain)
        plain_run(app);
    else if (!script)
        loop_run(app);
    else if (!script_run(app, script, &err))
        code = cli_fail(cli, &err);
    backup_end(backup);
    finish(app);
    plain_free(app->plain);
    free(app);
    return code;
}
