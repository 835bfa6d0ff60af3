#include "app/footer.h"
#include "app/commands/keymap.h"
#include "app/models.h"
#include "app/desk/generate.h"
#include "app/desk/rewrite.h"
#include "app/projects/projects.h"
#include "app/server_test.h"
#include "app/views/library.h"
#include "app/views/odds.h"
#include "core/i18n.h"
#include "core/mem.h"

#define FOOTER_MAX 12

/* Some keys matter only at times. */
enum when {
    ALWAYS, WHILE_WRITING, WITH_TAKES, WITH_MUSE, WITH_MOUSE, WITHOUT_MOUSE, ON_GENERATION,
    WITH_MARKS, WITH_TWO_MARKS, WITH_OFFERS, IN_TRASH, OUTSIDE_TRASH, UNMARKED, TRASHABLE, WITH_ODDS, WITHOUT_ODDS, AT_END, IN_MIDDLE, ON_SELECTION,
    TESTABLE, TESTED };

struct footer_row {
    enum map map;
    const char *command;
    const char *label;
    enum when when;
};

static const struct footer_row prompt_rows[] = {
    {MAP_GLOBAL, "generate", N_("ask"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("stop"), WHILE_WRITING},
    {MAP_GLOBAL, "take-next", N_("next take"), WITH_TAKES},
    {MAP_GLOBAL, "focus-next", N_("page"), ALWAYS},
    {MAP_GLOBAL, "dials", N_("dials"), ALWAYS},
    {MAP_GLOBAL, "library", N_("library"), ALWAYS},
    {MAP_GLOBAL, "palette", N_("commands"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
    {MAP_GLOBAL, "quit", N_("quit"), ALWAYS},
    {MAP_GLOBAL, "compare", N_("compare"), WITH_TAKES},
    {MAP_GLOBAL, "form", N_("form"), WITH_MUSE},
    {MAP_GLOBAL, "mouse", N_("mouse on"), WITHOUT_MOUSE},
    {MAP_GLOBAL, "mouse", N_("mouse off"), WITH_MOUSE},
};
static const struct footer_row page_rows[] = {
    {MAP_GLOBAL, "generate", N_("go on"), AT_END},
    {MAP_GLOBAL, "generate", N_("go on here"), IN_MIDDLE},
    {MAP_GLOBAL, "generate", N_("rewrite"), ON_SELECTION},
    {MAP_GLOBAL, "stop", N_("stop"), WHILE_WRITING},
    {MAP_GLOBAL, "take-next", N_("next take"), WITH_TAKES},
    {MAP_TEXT, "undo", N_("undo"), ALWAYS},
    {MAP_GLOBAL, "focus-next", N_("dials"), ALWAYS},
    {MAP_GLOBAL, "library", N_("library"), ALWAYS},
    {MAP_GLOBAL, "tree", N_("tree"), ALWAYS},
    {MAP_GLOBAL, "palette", N_("commands"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
    {MAP_GLOBAL, "quit", N_("quit"), ALWAYS},
    {MAP_GLOBAL, "compare", N_("compare"), WITH_TAKES},
    {MAP_GLOBAL, "mouse", N_("mouse on"), WITHOUT_MOUSE},
    {MAP_GLOBAL, "mouse", N_("mouse off"), WITH_MOUSE},
};
static const struct footer_row dial_rows[] = {
    {MAP_DIALS, "dial-more", N_("more"), ALWAYS},
    {MAP_DIALS, "dial-less", N_("less"), ALWAYS},
    {MAP_DIALS, "dial-off", N_("off"), ALWAYS},
    {MAP_DIALS, "presets", N_("presets"), ALWAYS},
    {MAP_GLOBAL, "generate", N_("ask"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("stop"), WHILE_WRITING},
    {MAP_GLOBAL, "focus-next", N_("on"), ALWAYS},
    {MAP_GLOBAL, "palette", N_("commands"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row take_rows[] = {
    {MAP_TAKES, "take-row-down", N_("choose"), ALWAYS},
    {MAP_TAKES, "rate-3", N_("rate ★★★"), ALWAYS},
    {MAP_GLOBAL, "again", N_("again"), ALWAYS},
    {MAP_GLOBAL, "compare", N_("compare"), WITH_TAKES},
    {MAP_TAKES, "take-trash", N_("trash"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("stop"), WHILE_WRITING},
    {MAP_GLOBAL, "focus-next", N_("prompt"), ALWAYS},
    {MAP_GLOBAL, "palette", N_("commands"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row list_rows[] = {
    {MAP_LIBRARY, "library-untrash", N_("take back"), IN_TRASH},
    {MAP_LIBRARY, "library-enter", N_("open"), OUTSIDE_TRASH},
    {MAP_LIBRARY, "library-compare", N_("compare"), WITH_TWO_MARKS},
    {MAP_LIBRARY, "library-rerun", N_("re-run"), UNMARKED},
    {MAP_LIBRARY, "library-mark", N_("mark"), ON_GENERATION},
    {MAP_LIBRARY, "library-move", N_("move"), WITH_MARKS},
    {MAP_LIBRARY, "library-export", N_("export"), WITH_MARKS},
    {MAP_LIBRARY, "library-tag", N_("tag"), ON_GENERATION},
    {MAP_LIBRARY, "library-rate-3", N_("rate"), UNMARKED},
    {MAP_LIBRARY, "library-trash", N_("trash"), TRASHABLE},
    {MAP_LIBRARY, "library-load", N_("change first"), UNMARKED},
    {MAP_LIBRARY, "library-filters", N_("menu"), IN_TRASH},
    {MAP_LIBRARY, "library-query", N_("search"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
};
static const struct footer_row query_rows[] = {
    {MAP_QUERY, "library-enter", N_("open"), ALWAYS},
    {MAP_QUERY, "query-complete", N_("complete"), WITH_OFFERS},
    {MAP_QUERY, "query-down", N_("list"), ALWAYS},
    {MAP_QUERY, "library-filters", N_("filters"), ALWAYS},
    {MAP_QUERY, "library-order", N_("order"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row tree_rows[] = {
    {MAP_TREE, "tree-enter", N_("to the page"), ALWAYS},
    {MAP_TREE, "tree-branch", N_("branch"), ALWAYS},
    {MAP_TREE, "tree-mark", N_("mark"), ALWAYS},
    {MAP_TREE, "tree-name", N_("name"), ALWAYS},
    {MAP_TREE, "tree-bookmark", N_("bookmark"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_TREE, "tree-trash", N_("trash"), ALWAYS},
    {MAP_TREE, "tree-undo", N_("undo"), ALWAYS},
    {MAP_TREE, "tree-fold", N_("fold"), ALWAYS},
    {MAP_TREE, "tree-hoist", N_("only this"), ALWAYS},
    {MAP_TREE, "tree-join", N_("join"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row rewrite_rows[] = {
    {MAP_GLOBAL, "stop", N_("stop"), WHILE_WRITING},
    {MAP_REWRITE, "rewrite-accept", N_("accept"), ALWAYS},
    {MAP_GLOBAL, "take-next", N_("next take"), WITH_TAKES},
    {MAP_REWRITE, "rewrite-change-next", N_("next change"), ALWAYS},
    {MAP_REWRITE, "rewrite-toggle", N_("this one or not"), ALWAYS},
    {MAP_GLOBAL, "generate", N_("again"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("leave it"), ALWAYS},
    {MAP_GLOBAL, "focus-previous", N_("prompt"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row compare_rows[] = {
    {MAP_COMPARE, "compare-right", N_("side"), ALWAYS},
    {MAP_COMPARE, "splice-take", N_("take line"), ALWAYS},
    {MAP_COMPARE, "splice-take-all", N_("all"), ALWAYS},
    {MAP_COMPARE, "splice-drop", N_("out"), ALWAYS},
    {MAP_COMPARE, "splice-lay", N_("lay on page"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_COMPARE, "compare-next", N_("flip"), ALWAYS},
    {MAP_COMPARE, "splice-focus", N_("splice"), ALWAYS},
    {MAP_COMPARE, "splice-up", N_("line up"), ALWAYS},
    {MAP_COMPARE, "splice-down", N_("line down"), ALWAYS},
    {MAP_COMPARE, "splice-undo", N_("undo"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row splice_rows[] = {
    {MAP_SPLICE, "splice-lay", N_("lay on page"), ALWAYS},
    {MAP_SPLICE, "splice-up", N_("line up"), ALWAYS},
    {MAP_SPLICE, "splice-down", N_("line down"), ALWAYS},
    {MAP_TEXT, "undo", N_("undo"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("takes"), ALWAYS},
};
static const struct footer_row notes_rows[] = {
    {MAP_NOTES, "notes-write", N_("write"), ALWAYS},
    {MAP_NOTES, "notes-new", N_("new entry"), ALWAYS},
    {MAP_NOTES, "notes-toggle", N_("on or off"), ALWAYS},
    {MAP_NOTES, "notes-trash", N_("trash"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_GLOBAL, "preview", N_("what is sent"), ALWAYS},
    {MAP_NOTES, "notes-undo", N_("take back"), ALWAYS},
};
static const struct footer_row notes_text_rows[] = {
    {MAP_GLOBAL, "stop", N_("done"), ALWAYS},
    {MAP_NOTES_TEXT, "notes-next", N_("on"), ALWAYS},
    {MAP_TEXT, "undo", N_("undo"), ALWAYS},
    {MAP_TEXT, "editor", N_("your editor"), ALWAYS},
    {MAP_GLOBAL, "preview", N_("what is sent"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row sweep_rows[] = {
    {MAP_SWEEP, "sweep-lay", N_("lay on page"), ALWAYS},
    {MAP_SWEEP, "sweep-again", N_("again"), ALWAYS},
    {MAP_SWEEP, "sweep-stop", N_("stop"), WHILE_WRITING},
    {MAP_SWEEP, "sweep-mark", N_("mark"), ALWAYS},
    {MAP_SWEEP, "sweep-compare", N_("compare"), ALWAYS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_SWEEP, "sweep-rate-3", N_("rate"), ALWAYS},
    {MAP_GLOBAL, "sweep", N_("new sweep"), ALWAYS},
    {MAP_SWEEP, "sweep-scroll-down", N_("scroll"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row doctor_rows[] = {
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_DOCTOR, "doctor", N_("look again"), ALWAYS},
    {MAP_DOCTOR, "doctor-down", N_("scroll"), ALWAYS},
    {MAP_DOCTOR, "doctor-copy", N_("copy"), ALWAYS},
    {MAP_GLOBAL, "servers", N_("servers"), ALWAYS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};
static const struct footer_row pager_rows[] = {
    {MAP_PAGER, "menu-close", N_("back"), ALWAYS},
    {MAP_TEXT, "find", N_("find"), ALWAYS},
    {MAP_TEXT, "page-down", N_("on"), ALWAYS},
    {MAP_TEXT, "copy", N_("copy"), ALWAYS},
};

static const struct footer_row odds_rows[] = {
    {MAP_ODDS, "odds-next", N_("next word"), WITH_ODDS},
    {MAP_ODDS, "odds-down", N_("other words"), WITH_ODDS},
    {MAP_ODDS, "odds-take", N_("take it"), WITH_ODDS},
    {MAP_ODDS, "odds-again", N_("ask again with odds"), WITHOUT_ODDS},
    {MAP_GLOBAL, "stop", N_("back"), ALWAYS},
    {MAP_ODDS, "odds-doubt-next", N_("next doubt"), WITH_ODDS},
    {MAP_ODDS, "odds-warmer", N_("warmer"), WITH_ODDS},
    {MAP_ODDS, "odds-cooler", N_("cooler"), WITH_ODDS},
    {MAP_GLOBAL, "help", N_("help"), ALWAYS},
};

static const struct footer_row project_rows[] = {
    {MAP_PICKER, "menu-enter", N_("open"), ALWAYS},
    {MAP_PROJECTS, "project-new", N_("new project"), ALWAYS},
    {MAP_PROJECTS, "project-edit", N_("name"), ALWAYS},
    {MAP_PROJECTS, "project-move", N_("move"), ALWAYS},
    {MAP_PROJECTS, "project-trash", N_("trash"), ALWAYS},
    {MAP_PROJECTS, "project-undo", N_("undo"), ALWAYS},
    {MAP_PROJECTS, "project-take-defaults", N_("begin as now"), ALWAYS},
    {MAP_PROJECTS, "project-forget-defaults", N_("forget that"), ALWAYS},
    {MAP_PICKER, "menu-close", N_("close"), ALWAYS},
};

static const struct footer_row model_rows[] = {
    {MAP_PICKER, "menu-enter", N_("use it"), ALWAYS},
    {MAP_MODELS, "model-favourite", N_("favourite"), ALWAYS},
    {MAP_MODELS, "model-before", N_("the one before"), ALWAYS},
    {MAP_PICKER, "menu-close", N_("close"), ALWAYS},
};
static const struct footer_row picker_rows[] = {
    {MAP_PICKER, "menu-enter", N_("pick"), ALWAYS},
    {MAP_PICKER, "menu-down", N_("next"), ALWAYS},
    {MAP_PICKER, "menu-close", N_("close"), ALWAYS},
};
static const struct footer_row form_rows[] = {
    {MAP_FORM, "menu-enter", N_("ready"), ALWAYS},
    {MAP_FORM, "form-next", N_("next field"), ALWAYS},
    {MAP_FORM, "form-test", N_("test"), TESTABLE},
    {MAP_FORM, "form-test", N_("does it write"), TESTED},
    {MAP_FORM, "menu-close", N_("close"), ALWAYS},
};

static struct footer_key keys[FOOTER_MAX];
static struct str names[FOOTER_MAX];

static bool matters(struct app *app, enum when when)
{
    switch (when) {
    case WHILE_WRITING:
        return engine_busy(&app->engine, NULL);
    case WITH_TAKES:
        return app->desk.siblings > 1;
    case WITH_MUSE:
        return server_is_muse(&app->config.servers[app->servers.current]);
    case WITH_MOUSE:
        return app->mouse;
    case WITHOUT_MOUSE:
        return !app->mouse;
    case ON_GENERATION:
        return library_selected(app) && library_selected(app)->generation;
    case WITH_MARKS:
        return library_marked(app, NULL, 0) > 0;
    case WITH_TWO_MARKS:
        return library_marked(app, NULL, 0) == 2 || library_marked(app, NULL, 0) == 3;
    case WITH_OFFERS:
        return app->library.view.offer_count > 0;
    case IN_TRASH:
        return app->library.view.total < 0 && library_selected(app);
    case OUTSIDE_TRASH:
        return app->library.view.total >= 0;
    case UNMARKED:
        return app->library.view.total >= 0 && library_selected(app) && library_selected(app)->generation && !library_marked(app, NULL, 0);
    case TRASHABLE:
        return app->library.view.total >= 0 && library_selected(app) && library_selected(app)->generation;
    case WITH_ODDS:
        return odds_known(app);
    case WITHOUT_ODDS:
        return odds_lacking(app) && !odds_refused(app);
    case AT_END:
        return !rewrite_is_meant(app) && !insert_is_meant(app);
    case IN_MIDDLE:
        return !rewrite_is_meant(app) && insert_is_meant(app);
    case ON_SELECTION:
        return rewrite_is_meant(app);
    case TESTABLE:
        return app->testable && !server_test_goes_on(app);
    case TESTED:
        return app->testable && server_test_goes_on(app);
    case ALWAYS:
        break;
    }
    return true;
}

static const struct {
    const struct footer_row *rows;
    size_t count;
} places[FOOTER_COUNT] = {
    [FOOTER_PROMPT] = {prompt_rows, COUNT_OF(prompt_rows)},
    [FOOTER_PAGE] = {page_rows, COUNT_OF(page_rows)},
    [FOOTER_DIALS] = {dial_rows, COUNT_OF(dial_rows)},
    [FOOTER_TAKES] = {take_rows, COUNT_OF(take_rows)},
    [FOOTER_LIST] = {list_rows, COUNT_OF(list_rows)},
    [FOOTER_QUERY] = {query_rows, COUNT_OF(query_rows)},
    [FOOTER_ODDS] = {odds_rows, COUNT_OF(odds_rows)},
    [FOOTER_TREE] = {tree_rows, COUNT_OF(tree_rows)},
    [FOOTER_REWRITE] = {rewrite_rows, COUNT_OF(rewrite_rows)},
    [FOOTER_COMPARE] = {compare_rows, COUNT_OF(compare_rows)},
    [FOOTER_SPLICE] = {splice_rows, COUNT_OF(splice_rows)},
    [FOOTER_PROJECTS] = {project_rows, COUNT_OF(project_rows)},
    [FOOTER_MODELS] = {model_rows, COUNT_OF(model_rows)},
    [FOOTER_NOTES] = {notes_rows, COUNT_OF(notes_rows)},
    [FOOTER_NOTES_TEXT] = {notes_text_rows, COUNT_OF(notes_text_rows)},
    [FOOTER_SWEEP] = {sweep_rows, COUNT_OF(sweep_rows)},
    [FOOTER_DOCTOR] = {doctor_rows, COUNT_OF(doctor_rows)},
    [FOOTER_PAGER] = {pager_rows, COUNT_OF(pager_rows)},
    [FOOTER_PICKER] = {picker_rows, COUNT_OF(picker_rows)},
    [FOOTER_FORM] = {form_rows, COUNT_OF(form_rows)},
};

int footer_fill(struct app *app, enum footer_place place, const struct footer_key **out)
{
    int shown = 0;
    *out = keys;
    if (app->form.open) /* what lies over the view has the keys */
        place = FOOTER_FORM;
    else if (app->picker.open)
        place = projects_shown(app) ? FOOTER_PROJECTS : models_shown(app) ? FOOTER_MODELS : FOOTER_PICKER;
    for (size_t i = 0; i < places[place].count && shown < FOOTER_MAX; i++) {
        const struct footer_row *row = &places[place].rows[i];
        const struct command *c = command_find(span_of(row->command));
        str_clear(&names[shown]);
        if (!c || !matters(app, row->when) || !keymap_key_of(&app->keymap, row->map, c, &names[shown]))
            continue;
        keys[shown] = (struct footer_key){str_text(&names[shown]), _(row->label), c->name};
        shown++;
    }
    return shown;
}
