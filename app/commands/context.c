#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/engine/compose.h"
#include "app/servers.h"
#include "app/used.h"
#include "app/views/notes.h"
#include "core/i18n.h"

/* -- what would be sent ------------------------------------------------------------------------------------------------------------------ */

/* "142字 · about 150 tokens" */
static void add_size(struct str *out, struct span text)
{
    struct count count = {0};
    count_add(&count, text);
    if (count.han)
        str_printf(out, _("%lld字"), (long long)count.han);
    if (count.han && count.words)
        str_add_text(out, " ");
    if (count.words || !count.han)
        str_printf(out, ngettext("%lld word", "%lld words", (unsigned long)count.words), (long long)count.words);
    str_printf(out, _(" · about %lld tokens"), (long long)tokens_of(text));
}

static void add_part(struct str *out, const char *name, struct span text)
{
    if (text.len == 0)
        return;
    str_printf(out, "── %s · ", name);
    add_size(out, text);
    str_add_text(out, "\n\n");
    str_add(out, text);
    str_add_text(out, text.s[text.len - 1] == '\n' ? "\n" : "\n\n");
}

static const char *part_name(enum part_kind kind)
{
    static const char *const names[CONTEXT_COUNT] = {
        [CONTEXT_MEMORY] = N_("Memory"),
        [CONTEXT_LORE] = N_("Lore that is touched on"),
        [CONTEXT_PAGE] = N_("The page, as context"),
        [CONTEXT_NOTE] = N_("Author's note"),
        [CONTEXT_PAGE_END] = N_("The page's last lines"),
    };
    return _(names[kind]);
}

/* A server for bare completions may have no place for what stands behind a gap. */
static bool reads_behind(const struct server *s, const struct request *req, const struct generation *what)
{
    bool chats = !dialect_takes_form(s->dialect);
    return !req->bare && (what->kind != KIND_INSERT || chats || dialect_takes_suffix(s->dialect));
}

/* The whole against what the server's model holds, and where the page had to be cut. */
static void add_sum(struct str *out, const struct server *s, const struct request *req, const struct generation *what)
{
    int64_t behind = reads_behind(s, req, what) ? tokens_of(str_span(&what->suffix)) : 0;
    int64_t asked = tokens_of(str_span(&what->prompt)) + tokens_of(str_span(&what->selection)) + behind;
    int64_t sent = tokens_of(str_span(&what->context)) + tokens_of(str_span(&req->system)) + asked;
    int64_t answer = req->dials.on[DIAL_MAX_TOKENS] ? (int64_t)req->dials.value[DIAL_MAX_TOKENS] : 0;
    str_printf(out, _("In all about %lld tokens"), (long long)sent);
    if (answer)
        str_printf(out, _(", and up to %lld for the answer"), (long long)answer);
    if (req->room)
        str_printf(out, _(", of %lld that the model holds"), (long long)req->room);
    str_add_text(out, _(" (estimated).\n"));
    if (req->left_out)
        str_printf(out, _("The page is longer: its first %lld tokens, or about that, are left out. ▾ beside the page shows where the model begins "
                          "to read.\n"),
                   (long long)req->left_out);
    else if (!req->room && !req->bare)
        str_add_text(out, _("How much the model holds is not known; “context = 8192” in the server's section of the config says it.\n"));
    str_add_text(out, "\n");
}

/* What was used so far, where servers told it. */
static void add_used(struct app *app, struct str *out)
{
    struct str last = {0}, all = {0};
    int told = 0, g = used_last(&app->piece);
    bool piece = used_tell_piece(&app->config, &app->piece, &all, &told);
    if (told > 1 && g >= 0 && used_tell(&app->config, &app->piece.generations[g], &last))
        str_printf(out, _("Used for the last answer on the page: %s\n"), str_text(&last));
    if (piece)
        str_printf(out, ngettext("Used in this piece: %s (%d answer tells it)\n\n", "Used in this piece: %s (%d answers tell it)\n\n", (unsigned)told),
                   str_text(&all), told);
    str_release(&last);
    str_release(&all);
}

static void add_texts(struct str *out, const struct server *s, const struct request *req, const struct generation *what)
{
    const struct str *context = &what->context;
    const char *behind = req->bare                       ? _("What follows, which the muse does not read")
                         : !reads_behind(s, req, what) ? _("What follows, which this server does not read")
                                                       : _("What follows");
    add_part(out, req->bare ? _("System text, which the muse does not read") : _("System text"), str_span(&req->system));
    for (int i = 0; i < req->part_count; i++)
        add_part(out, part_name(req->parts[i].kind), span_cut(str_span(context), req->parts[i].from, req->parts[i].to));
    add_part(out, _("What is selected, to be written anew"), str_span(&what->selection));
    add_part(out, behind, str_span(&what->suffix));
    add_part(out, what->kind == KIND_REWRITE ? _("How it is to change") : _("The prompt"), str_span(&what->prompt));
}

static void describe_request(struct app *app, const struct request *req, const struct generation *what, struct str *out)
{
    struct server *server = servers_current(app);
    struct str dials = {0}, body = {0}, curl = {0}, form = {0};
    struct source *source = servers_source(app, app->servers.current);
    struct err err = {0};
    dials_format(&req->dials, &dials);
    if (req->bare)
        str_printf(out, _("To the muse, inside this program: nothing goes out.\nDials: %s\n"), str_text(&dials));
    else
        str_printf(out, _("To %s, %s, model %s\nDials: %s\n"), server->url, dialect_name(server->dialect),
                   req->model.len ? str_text(&req->model) : _("(the server's first)"), str_text(&dials));
    if (req->asked < req->prompt.len) /* a page stays as it is */
        compose_tell_form(server, &form);
    if (form.len)
        str_printf(out, "%s\n", str_text(&form));
    add_sum(out, server, req, what);
    add_used(app, out);
    if (req->bare && !notes_are_empty(&app->piece.notes))
        str_add_text(out, _("The muse reads the page and the prompt alone: memory, note and lore stay here.\n\n"));
    add_texts(out, server, req, what);
    if (!source->ops->preview(source, req, &body, &err))
        str_add_text(&body, err.text);
    add_part(out, req->bare ? _("What the muse reads in it") : _("The request, exactly"), str_span(&body));
    if (servers_curl(app, req, &curl))
        add_part(out, _("The same as a curl command"), str_span(&curl));
    str_release(&dials);
    str_release(&body);
    str_release(&curl);
    str_release(&form);
}

static void preview(struct app *app, int arg)
{
    struct request req;
    struct generation what = {0};
    struct str text = {0};
    struct err err = {0};
    (void)arg;
    request_init(&req);
    if (!desk_request(app, &req, &what, &err)) {
        app_fail(app, &err);
    } else {
        describe_request(app, &req, &what, &text);
        pager_open(&app->pager, _("What ^G would send now"), str_span(&text));
    }
    request_release(&req);
    generation_release(&what);
    str_release(&text);
}

/* -- memory, note and lore ---------------------------------------------------------------------------------------------------------------- */

static void open_notes(struct app *app, int arg)
{
    (void)arg;
    notes_open(app);
}

/* What lies on the view alone is done there alone. */
static bool is_there(struct app *app)
{
    if (app->view == VIEW_NOTES)
        return true;
    app_say(app, STYLE_DIM, "%s", _("That is done among memory, note and lore; M-l opens them."));
    return false;
}

static void move(struct app *app, int rows)
{
    if (is_there(app))
        notes_move_rows(app, rows);
}

static void step(struct app *app, int by)
{
    if (is_there(app))
        notes_focus_step(app, by);
}

static void deepen(struct app *app, int lines)
{
    if (is_there(app))
        notes_deepen(app, lines);
}

static void write_in(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        notes_write(app);
}

static void new_lore(struct app *app, int arg)
{
    (void)arg;
    if (app->view != VIEW_NOTES)
        notes_open(app);
    notes_new_lore(app);
}

static void toggle(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        notes_toggle(app);
}

static void trash(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        notes_trash(app);
}

static void untrash(struct app *app, int arg)
{
    (void)arg;
    if (is_there(app))
        notes_untrash(app);
}

const struct command commands_context[] = {
    {"notes", N_("memory, author's note and lore of this piece"), open_notes, 0, false},
    {"notes-new", N_("a new entry of the lorebook"), new_lore, 0, false},
    {"notes-down", N_("the row below"), move, 1, true},
    {"notes-up", N_("the row above"), move, -1, true},
    {"notes-next", N_("from the list to the text and back"), step, 1, true},
    {"notes-previous", N_("from the text to the list and back"), step, -1, true},
    {"notes-write", N_("write in the selected one"), write_in, 0, true},
    {"notes-toggle", N_("let this entry count, or not"), toggle, 0, true},
    {"notes-deeper", N_("the note stands a line further from the end"), deepen, 1, true},
    {"notes-shallower", N_("the note stands a line nearer to the end"), deepen, -1, true},
    {"notes-trash", N_("put the entry into the trash"), trash, 0, true},
    {"notes-undo", N_("take the last entry back from the trash"), untrash, 0, true},
    {"preview", N_("show exactly what would be sent"), preview, 0, false},
    {0},
};
