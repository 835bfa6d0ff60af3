#include "app/desk/rewrite.h"
#include "app/engine/compose.h"
#include "app/desk/desk.h"
#include "app/desk/generate.h"
#include "app/servers.h"
#include "core/diff.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/runs.h"

#include <stdlib.h>
#include <string.h>

#define AROUND (32u << 10) /* bytes of the page that are shown before and behind */

/* Authors of what lies over the page, beyond those of the page itself. */
enum { INK_REMOVED = AUTHOR_COUNT, INK_ADDED };

struct rewrite {
    bool shown;
    int parent;              /* the takes hang below it, -1: the root */
    size_t from, to;         /* what is rewritten, on the page; no white space at its ends, which stays as it is */
    uint64_t version;        /* of the page's text: another one ends this */
    struct str original;     /* the bytes [from, to) */
    int *takes;              /* passages */
    int count, cap, at;
    bool hollow;             /* the take at `at` is over and holds nothing: the original stands */
    bool streams;            /* the take at `at` is not over: it stands whole behind the original */
    struct str proposal;     /* it, without white space at its ends */
    struct diff diff;
    bool *taken;             /* beside its hunks */
    size_t *places;          /* where each hunk begins in the text */
    struct buffer *text;
    struct editor editor;
    size_t grow_at;          /* where what streams goes */
};

/* -- what lies over the page ----------------------------------------------------------------------------------------------------------------- */

static enum role_id role_of(int author)
{
    static const enum role_id roles[] = {
        [AUTHOR_WRITER] = STYLE_WRITER, [AUTHOR_MODEL] = STYLE_MODEL, [AUTHOR_EDIT] = STYLE_EDIT,
        [AUTHOR_PROMPT] = STYLE_PROMPT, [INK_REMOVED] = STYLE_REMOVED, [INK_ADDED] = STYLE_ADDED,
    };
    return author >= 0 && author < (int)COUNT_OF(roles) ? roles[author] : STYLE_TEXT;
}

/* The hunk that the caret stands in, or the last change before it, else the first; -1: nothing differs. */
static int hunk_here(const struct rewrite *rw)
{
    int here = -1;
    for (int i = 0; i < rw->diff.count; i++) {
        bool change = rw->diff.hunks[i].kind != DIFF_SAME;
        if (change && (here < 0 || rw->places[i] <= rw->editor.caret))
            here = i;
    }
    return here;
}

/* A line with a change in it has a mark, for those who see no colour. */
static const char *mark_of(void *ctx, size_t line_start)
{
    struct rewrite *rw = ctx;
    size_t count = 0, at = 0, end = buffer_line_end(rw->text, line_start);
    const struct run *runs = buffer_runs(rw->text, &count);
    if (line_start < end && buffer_ink_at(rw->text, line_start).author == AUTHOR_PROMPT)
        return "›";
    for (size_t i = 0; i < count && at <= end; at += runs[i++].len)
        if (at + runs[i].len > line_start && at < end && runs[i].ink.author >= INK_REMOVED)
            return "~";
    return NULL;
}

void rewrite_init(struct app *app)
{
    struct rewrite *rw = app->rewrite = mem_new(1, sizeof *rw);
    rw->text = buffer_new();
    editor_init(&rw->editor, rw->text);
    rw->editor.readonly = true;
    rw->editor.gutter = 2;
    rw->editor.role_of = role_of;
    rw->editor.mark_of = mark_of;
    rw->editor.ctx = rw;
}

static void forget_diff(struct rewrite *rw)
{
    diff_release(&rw->diff);
    free(rw->taken);
    free(rw->places);
    rw->taken = NULL;
    rw->places = NULL;
}

void rewrite_release(struct app *app)
{
    struct rewrite *rw = app->rewrite;
    if (!rw)
        return;
    forget_diff(rw);
    str_release(&rw->original);
    str_release(&rw->proposal);
    free(rw->takes);
    editor_release(&rw->editor);
    buffer_free(rw->text);
    free(rw);
    app->rewrite = NULL;
}

bool rewrite_lies(const struct app *app)
{
    return app->rewrite && app->rewrite->shown && app->rewrite->version == buffer_version(app->page.buf);
}

bool rewrite_shown(struct app *app)
{
    bool lies = rewrite_lies(app);
    if (app->rewrite)
        app->rewrite->shown = lies;
    return lies;
}

struct editor *rewrite_editor(struct app *app)
{
    return rewrite_shown(app) ? &app->rewrite->editor : NULL;
}

void rewrite_takes(struct app *app, const int **passages, int *count, int *at)
{
    *passages = app->rewrite->takes;
    *count = app->rewrite->count;
    *at = app->rewrite->at;
}

static void put(struct rewrite *rw, struct span text, int author)
{
    buffer_insert_foreign(rw->text, buffer_length(rw->text), text, (struct ink){1, author, 0});
}

/* Bytes [from, to) of the page in their own colours. */
static void put_page(struct app *app, size_t from, size_t to)
{
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(app->page.buf, &count);
    for (size_t i = 0; i < count && at < to; at += runs[i++].len) {
        size_t start = at > from ? at : from, end = at + runs[i].len < to ? at + runs[i].len : to;
        if (start < end)
            put(app->rewrite, buffer_slice(app->page.buf, start, end), runs[i].ink.author);
    }
}

static void put_hunk(struct app *app, int index)
{
    struct rewrite *rw = app->rewrite;
    const struct diff_hunk *h = &rw->diff.hunks[index];
    rw->places[index] = buffer_length(rw->text);
    if (h->kind == DIFF_SAME) {
        put_page(app, rw->from + h->a, rw->from + h->a_end);
        return;
    }
    put(rw, span_cut(str_span(&rw->original), h->a, h->a_end), rw->taken[index] ? INK_REMOVED : INK_ADDED);
    put(rw, span_cut(str_span(&rw->proposal), h->b, h->b_end), rw->taken[index] ? INK_ADDED : INK_REMOVED);
}

/* Lays out what is shown; the caret goes to `caret`, SIZE_MAX: to the first change. */
static void lay_out(struct app *app, size_t caret)
{
    struct rewrite *rw = app->rewrite;
    size_t length = buffer_length(app->page.buf);
    size_t before = rw->from > AROUND ? buffer_line_start(app->page.buf, rw->from - AROUND) : 0;
    size_t behind = length - rw->to > AROUND ? buffer_line_end(app->page.buf, rw->to + AROUND) : length;
    buffer_clear(rw->text);
    put_page(app, before, rw->from);
    size_t start = buffer_length(rw->text);
    if (rw->streams) {
        put(rw, str_span(&rw->original), INK_REMOVED);
        put(rw, str_span(&rw->proposal), INK_ADDED);
        rw->grow_at = buffer_length(rw->text);
    }
    for (int i = 0; !rw->streams && i < rw->diff.count; i++)
        put_hunk(app, i);
    put_page(app, rw->to, behind);
    if (caret == SIZE_MAX) {
        editor_after_change(&rw->editor, start);
        rw->editor.caret = rw->editor.anchor = start;
        int first = rw->streams ? -1 : hunk_here(rw);
        caret = first < 0 ? start : rw->places[first];
    }
    editor_after_change(&rw->editor, caret);
    rw->editor.follow = false;
}

/* Nothing came, and nothing will. */
static bool is_hollow(const struct piece *p, int passage)
{
    return take_state_over(p->takes[p->passages[passage].take].state) && span_trim(passage_text(p, passage)).len == 0;
}

static void show(struct app *app)
{
    struct rewrite *rw = app->rewrite;
    int passage = rw->takes[rw->at];
    const struct take *t = &app->piece.takes[app->piece.passages[passage].take];
    forget_diff(rw);
    rw->streams = !take_state_over(t->state);
    rw->hollow = is_hollow(&app->piece, passage);
    if (rw->streams) {
        str_set(&rw->proposal, passage_text(&app->piece, passage));
    } else {
        str_set(&rw->proposal, rw->hollow ? str_span(&rw->original) : span_trim(passage_text(&app->piece, passage)));
        diff_make(&rw->diff, str_span(&rw->original), str_span(&rw->proposal));
        rw->taken = mem_new((size_t)rw->diff.count + 1, sizeof *rw->taken);
        rw->places = mem_new((size_t)rw->diff.count + 1, sizeof *rw->places);
        memset(rw->taken, 1, (size_t)rw->diff.count);
    }
    lay_out(app, SIZE_MAX);
    app_touch(app, true);
}

/* -- asking ------------------------------------------------------------------------------------------------------------------------------------ */

/* What is selected on the page, without white space at its ends. */
static bool selected(struct app *app, size_t *from, size_t *to)
{
    if (!editor_selection(&app->desk.page, from, to))
        return false;
    struct span all = buffer_slice(app->page.buf, *from, *to), core = span_trim(all);
    if (core.len == 0)
        return false;
    *from += (size_t)(core.s - all.s);
    *to = *from + core.len;
    return true;
}

bool rewrite_is_meant(struct app *app)
{
    size_t from = 0, to = 0;
    return app->desk.focus == FOCUS_PAGE && selected(app, &from, &to);
}

bool rewrite_selected(struct app *app)
{
    size_t from = 0, to = 0;
    return !rewrite_shown(app) && selected(app, &from, &to);
}

/* What stands to be rewritten: the take that is shown, or what is selected. */
static void find_selection(struct app *app, size_t *from, size_t *to, struct str *selection)
{
    struct rewrite *rw = app->rewrite;
    if (!rewrite_shown(app)) {
        selected(app, from, to);
        str_set(selection, buffer_slice(app->page.buf, *from, *to));
        return;
    }
    *from = rw->from;
    *to = rw->to;
    str_set(selection, rw->proposal.len && !rw->streams ? str_span(&rw->proposal) : str_span(&rw->original));
}

bool rewrite_request(struct app *app, struct request *req, struct generation *what, struct err *e)
{
    size_t from = 0, to = 0;
    struct str selection = {0}, suffix = {0};
    struct span instruction = span_trim(buffer_text(app->prompt));
    if (instruction.len == 0)
        return err_set(e, ERR_USAGE, "%s",
                       _("Write into the prompt how the selection is to change, for instance “colder” or “as a couplet”; ^G on the page then "
                         "rewrites it."));
    find_selection(app, &from, &to, &selection);
    str_set(&suffix, buffer_slice(app->page.buf, to, buffer_length(app->page.buf)));
    struct spot spot = tail_spot(&app->page, from);
    const struct rewriting rewriting = {str_span(&selection), str_span(&suffix), instruction};
    compose_rewrite(req, what, &app->piece, spot.passage, spot.offset, &rewriting);
    str_release(&selection);
    str_release(&suffix);
    return true;
}

/* Opens an empty rewriting of the selection, whose takes will hang below `parent`. */
static void open(struct app *app, int parent, size_t from, size_t to)
{
    struct rewrite *rw = app->rewrite;
    rw->shown = true;
    rw->parent = parent;
    rw->from = from;
    rw->to = to;
    rw->count = rw->at = 0;
    str_set(&rw->original, buffer_slice(app->page.buf, from, to));
}

static const char *honest_word(const struct server *server)
{
    if (server_is_muse(server))
        return _("The muse does not edit: it writes new verse on what the prompt names.");
    if (server->dialect == DIALECT_OPENAI_COMPLETIONS)
        return _("A server for bare completions only guesses what a rewriting is; one that chats does it better (F2).");
    return _("The model rewrites what is selected; the page stays as it is until you accept.");
}

void rewrite_send(struct app *app, const struct request *req, const struct generation *what)
{
    struct rewrite *rw = app->rewrite;
    struct err err = {0};
    size_t from = rw->from, to = rw->to;
    int parent = rw->parent;
    bool again = rewrite_shown(app);
    if (!again) {
        selected(app, &from, &to);
        struct spot spot = tail_spot(&app->page, from);
        if (!tail_is_still(&app->page, spot, &err) || !tail_cut(&app->page, spot, &parent, &err)) {
            app_fail(app, &err);
            return;
        }
    }
    struct job *job = generate_send(app, parent, req, what, app->servers.current);
    if (!job)
        return;
    if (!again)
        open(app, parent, from, to);
    rewrite_join(app, job);
    app_say(app, STYLE_DIM, "%s", honest_word(servers_current(app)));
}

void rewrite_join(struct app *app, const struct job *job)
{
    struct rewrite *rw = app->rewrite;
    int first = rw->count;
    tail_grow(&app->piece, tail_spot(&app->page, rw->to), app->piece.leaf, page_passage_of_take(&app->piece, job->first_take));
    for (int i = 0; i < job->takes; i++) {
        ARRAY_ROOM(rw->takes, rw->count, rw->cap);
        rw->takes[rw->count++] = page_passage_of_take(&app->piece, job->first_take + i);
    }
    rw->at = first;
    rw->version = buffer_version(app->page.buf);
    desk_focus(app, FOCUS_PAGE);
    show(app);
}

/* -- what comes -------------------------------------------------------------------------------------------------------------------------------- */

void rewrite_text(struct app *app, int passage, struct span text)
{
    struct rewrite *rw = app->rewrite;
    if (!rewrite_shown(app) || rw->takes[rw->at] != passage || !rw->streams)
        return;
    if (rw->proposal.len == 0)
        text = passage_text(&app->piece, passage); /* leading white space was left out */
    str_add(&rw->proposal, text);
    buffer_insert_foreign(rw->text, rw->grow_at, text, (struct ink){1, INK_ADDED, 0});
    editor_shifted(&rw->editor, rw->grow_at, 0, text.len);
    rw->grow_at += text.len;
}

void rewrite_rethought(struct app *app, int passage)
{
    if (rewrite_shown(app) && app->rewrite->takes[app->rewrite->at] == passage && app->rewrite->streams)
        show(app);
}

void rewrite_take_over(struct app *app, int passage)
{
    struct rewrite *rw = app->rewrite;
    bool all_hollow = true;
    if (!rewrite_shown(app) || rw->takes[rw->at] != passage || !rw->streams)
        return;
    for (int i = 0; i < rw->count; i++)
        all_hollow = all_hollow && is_hollow(&app->piece, rw->takes[i]);
    rw->shown = !all_hollow;
    if (rw->shown)
        show(app);
}

/* -- keys -------------------------------------------------------------------------------------------------------------------------------------- */

bool rewrite_choose(struct app *app, int passage)
{
    struct rewrite *rw = app->rewrite;
    if (!rewrite_shown(app))
        return false;
    for (int i = 0; i < rw->count; i++)
        if (rw->takes[i] == passage)
            rw->at = i;
    show(app);
    return true;
}

void rewrite_flip(struct app *app, int step)
{
    struct rewrite *rw = app->rewrite;
    if (rw->count < 2)
        app_say(app, STYLE_DIM, "%s", _("There is only one take here; ^G asks for more."));
    else
        rewrite_choose(app, rw->takes[(rw->at + step + rw->count) % rw->count]);
}

void rewrite_reject(struct app *app)
{
    app->rewrite->shown = false;
    app_say(app, STYLE_DIM, "%s", _("The page is as it was; the takes stay in the tree (^T)."));
}

void rewrite_toggle(struct app *app)
{
    struct rewrite *rw = app->rewrite;
    int here = hunk_here(rw);
    if (here < 0)
        return;
    rw->taken[here] = !rw->taken[here];
    lay_out(app, rw->places[here]);
}

void rewrite_move(struct app *app, int step)
{
    struct rewrite *rw = app->rewrite;
    int here = hunk_here(rw), to = here + step;
    if (here >= 0 && step > 0 && rw->places[here] > rw->editor.caret)
        to = here; /* the first one lies ahead */
    while (to >= 0 && to < rw->diff.count && rw->diff.hunks[to].kind == DIFF_SAME)
        to += step;
    if (here < 0 || to < 0 || to >= rw->diff.count)
        app_say(app, STYLE_DIM, "%s", step > 0 ? _("That was the last change.") : _("That is the first change."));
    else
        editor_move_to(&rw->editor, rw->places[to], false);
}

/* -- accepting --------------------------------------------------------------------------------------------------------------------------------- */

/* The page's own runs over bytes [from, to), to stand in a passage of another take. */
static void write_page_runs(struct app *app, size_t from, size_t to, struct str *out)
{
    const struct piece *p = &app->piece;
    size_t count = 0, at = 0;
    const struct run *runs = buffer_runs(app->page.buf, &count);
    for (size_t i = 0; i < count && at < to; at += runs[i++].len) {
        size_t start = at > from ? at : from, end = at + runs[i].len < to ? at + runs[i].len : to;
        int take = runs[i].ink.owner > 0 ? p->passages[runs[i].ink.owner - 1].take : -1;
        if (start < end)
            run_write(out, &(struct run){end - start, ink_of_take(runs[i].ink, take < 0 ? 0 : p->takes[take].id)});
    }
}

/* The new wording with who wrote each stretch of it: what was left as it was, and what the take brings. */
static void merge(struct app *app, struct str *text, struct str *runs)
{
    struct rewrite *rw = app->rewrite;
    for (int i = 0; i < rw->diff.count; i++) {
        const struct diff_hunk *h = &rw->diff.hunks[i];
        if (h->kind == DIFF_SAME || !rw->taken[i])
            write_page_runs(app, rw->from + h->a, rw->from + h->a_end, runs);
        else
            run_write(runs, &(struct run){h->b_end - h->b, {0, AUTHOR_MODEL, 0}});
    }
    diff_apply(&rw->diff, str_span(&rw->original), str_span(&rw->proposal), rw->taken, text);
}

/* The end of the line with the new wording: the take's own where it is taken whole, else one beside it. */
static int settle(struct app *app, struct span text, struct span runs)
{
    struct rewrite *rw = app->rewrite;
    struct piece *p = &app->piece;
    int passage = rw->takes[rw->at];
    if (span_equal(text, passage_text(p, passage)))
        return insert_complete(p, passage);
    struct spot spot = tail_spot(&app->page, rw->to);
    int added = piece_add_passage(p, rw->parent, AUTHOR_EDIT, p->passages[passage].take);
    passage_set_text(p, added, text);
    str_set(&p->passages[added].runs, runs);
    return tail_grow(p, spot, p->leaf, added);
}

void rewrite_accept(struct app *app)
{
    struct rewrite *rw = app->rewrite;
    struct str text = {0}, runs = {0};
    if (rw->streams) {
        app_say(app, STYLE_WARNING, "%s", _("This take is still being written; Esc stops it first."));
        return;
    }
    if (rw->hollow) {
        app_say(app, STYLE_WARNING, "%s", _("This take holds nothing; the page stays as it is. ^G asks again."));
        return;
    }
    merge(app, &text, &runs);
    rw->shown = false;
    page_go(&app->page, settle(app, str_span(&text), str_span(&runs)));
    editor_after_change(&app->desk.page, rw->from + text.len);
    generate_clear_prompt(app);
    desk_edited(app);
    desk_save(app);
    app_say(app, STYLE_DIM, "%s", _("The new wording is on the page; the old one stays beside it (M-←, ^Z)."));
    str_release(&text);
    str_release(&runs);
}
