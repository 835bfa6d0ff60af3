#include "app/footer.h"
#include "app/keymap.h"
#include "core/i18n.h"

#include <string.h>

#define FOOTER_MAX 12

struct footer_row {
    enum map map;
    const char *command;
    const char *label;
};

static const struct footer_row prompt_rows[] = {
    {MAP_GLOBAL, "generate", N_("ask")},       {MAP_GLOBAL, "stop", N_("stop")},      {MAP_GLOBAL, "take-next", N_("takes")},
    {MAP_GLOBAL, "focus-next", N_("page")},    {MAP_GLOBAL, "dials", N_("dials")},    {MAP_GLOBAL, "library", N_("library")},
    {MAP_GLOBAL, "palette", N_("commands")},   {MAP_GLOBAL, "help", N_("help")},      {MAP_GLOBAL, "quit", N_("quit")},
};
static const struct footer_row page_rows[] = {
    {MAP_GLOBAL, "generate", N_("go on")},     {MAP_GLOBAL, "stop", N_("stop")},      {MAP_GLOBAL, "take-next", N_("takes")},
    {MAP_TEXT, "undo", N_("undo")},            {MAP_TEXT, "find", N_("find")},        {MAP_GLOBAL, "library", N_("library")},
    {MAP_GLOBAL, "palette", N_("commands")},   {MAP_GLOBAL, "help", N_("help")},      {MAP_GLOBAL, "quit", N_("quit")},
};
static const struct footer_row dial_rows[] = {
    {MAP_DIALS, "dial-more", N_("more")},      {MAP_DIALS, "dial-less", N_("less")},  {MAP_DIALS, "dial-off", N_("off")},
    {MAP_DIALS, "presets", N_("presets")},     {MAP_GLOBAL, "generate", N_("ask")},   {MAP_GLOBAL, "focus-next", N_("takes")},
    {MAP_GLOBAL, "palette", N_("commands")},   {MAP_GLOBAL, "help", N_("help")},
};
static const struct footer_row take_rows[] = {
    {MAP_TAKES, "take-row-down", N_("choose")}, {MAP_TAKES, "rate-3", N_("rate")},    {MAP_GLOBAL, "again", N_("again")},
    {MAP_TAKES, "take-trash", N_("trash")},    {MAP_GLOBAL, "generate", N_("ask")},   {MAP_GLOBAL, "focus-next", N_("prompt")},
    {MAP_GLOBAL, "palette", N_("commands")},   {MAP_GLOBAL, "help", N_("help")},
};
static const struct footer_row list_rows[] = {
    {MAP_LIBRARY, "library-enter", N_("open")}, {MAP_LIBRARY, "library-rerun", N_("re-run")}, {MAP_LIBRARY, "library-load", N_("change first")},
    {MAP_LIBRARY, "library-rate-3", N_("rate")}, {MAP_LIBRARY, "library-tag", N_("tag")}, {MAP_LIBRARY, "library-trash", N_("trash")},
    {MAP_LIBRARY, "library-query", N_("search")}, {MAP_GLOBAL, "stop", N_("back")},
};
static const struct footer_row query_rows[] = {
    {MAP_QUERY, "library-enter", N_("open")}, {MAP_QUERY, "library-list", N_("list")}, {MAP_QUERY, "library-filters", N_("filters")},
    {MAP_GLOBAL, "stop", N_("back")},         {MAP_GLOBAL, "help", N_("help")},
};
static const struct footer_row pager_rows[] = {
    {MAP_GLOBAL, "stop", N_("back")}, {MAP_TEXT, "find", N_("find")}, {MAP_TEXT, "page-down", N_("on")}, {MAP_TEXT, "copy", N_("copy")},
};

static struct footer_key keys[FOOTER_MAX];
static struct str names[FOOTER_MAX];

/* Fills the static row; the footer shows one place at a time. */
static int fill(struct app *app, const struct footer_row *rows, size_t count)
{
    int shown = 0;
    for (size_t i = 0; i < count && shown < FOOTER_MAX; i++) {
        const struct command *c = command_find(span_of(rows[i].command));
        str_clear(&names[shown]);
        if (!c || !keymap_key_of(&app->keymap, rows[i].map, c, &names[shown]))
            continue;
        keys[shown] = (struct footer_key){str_text(&names[shown]), _(rows[i].label), c->name};
        shown++;
    }
    return shown;
}

#define FILL(app, rows) fill(app, rows, sizeof(rows) / sizeof *(rows))

void footer_for_desk(struct app *app)
{
    struct desk_view *v = &app->desk;
    v->footer = keys;
    switch (v->focus) {
    case FOCUS_PAGE:
        v->footer_count = FILL(app, page_rows);
        break;
    case FOCUS_DIALS:
        v->footer_count = FILL(app, dial_rows);
        break;
    case FOCUS_TAKES:
        v->footer_count = FILL(app, take_rows);
        break;
    default:
        v->footer_count = FILL(app, prompt_rows);
        break;
    }
}

void footer_for_library(struct app *app)
{
    struct library_view *v = &app->library.view;
    v->footer = keys;
    v->footer_count = v->focus_list ? FILL(app, list_rows) : FILL(app, query_rows);
}

void footer_for_pager(struct app *app)
{
    app->pager.footer = keys;
    app->pager.footer_count = FILL(app, pager_rows);
}
