#include "app/views/notes.h"
#include "app/commands/command.h"
#include "app/desk/desk.h"
#include "app/footer.h"
#include "app/mouse.h"
#include "app/servers.h"
#include "core/context.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/view_notes.h"

#include <stdlib.h>

enum { ROW_MEMORY, ROW_NOTE, ROWS_FIXED };

struct notes_look {
    struct notes_view view;
    struct notes_row *rows;
    struct str *sizes;       /* beside the rows */
    int *lore;               /* beside the rows: index in the piece's lorebook, -1: none */
    int count, cap;
    struct str piece, sum, about, page;
    int *trashed;            /* entries put into the trash, the latest last */
    int trashed_count, trashed_cap;
};

void notes_init(struct app *app)
{
    app->notes = mem_new(1, sizeof *app->notes);
    notes_view_init(&app->notes->view);
}

void notes_let_go(struct app *app)
{
    struct notes_look *n = app->notes;
    if (!n)
        return;
    notes_view_release(&n->view);
    for (int i = 0; i < n->cap; i++)
        str_release(&n->sizes[i]);
    str_release(&n->piece);
    str_release(&n->sum);
    str_release(&n->about);
    str_release(&n->page);
    free(n->rows);
    free(n->sizes);
    free(n->lore);
    free(n->trashed);
    free(n);
    app->notes = NULL;
}

const struct notes_view *notes_seen(const struct app *app)
{
    return &app->notes->view;
}

/* -- rows -------------------------------------------------------------------------------------------------------------------------------- */

static struct lore *selected_lore(struct app *app)
{
    struct notes_look *n = app->notes;
    int lore = n->view.selected < n->count ? n->lore[n->view.selected] : -1;
    return lore < 0 ? NULL : &app->piece.notes.lore[lore];
}

static struct str *selected_text(struct app *app)
{
    struct lore *l = selected_lore(app);
    struct notes *notes = &app->piece.notes;
    return l ? &l->text : app->notes->view.selected == ROW_NOTE ? &notes->note : &notes->memory;
}

static void add_row(struct notes_look *n, struct span name, struct span text, int lore)
{
    struct count count = {0};
    int cap = n->cap;
    ARRAY_ROOM(n->rows, n->count, n->cap);
    if (n->cap > cap) {
        n->sizes = mem_grow(n->sizes, (size_t)n->cap, sizeof *n->sizes);
        n->lore = mem_grow(n->lore, (size_t)n->cap, sizeof *n->lore);
        for (int i = cap; i < n->cap; i++)
            n->sizes[i] = (struct str){0};
    }
    struct str *size = &n->sizes[n->count];
    str_clear(size);
    count_add(&count, text);
    if (count.han)
        str_printf(size, _("%lld字"), (long long)count.han);
    else if (count.words)
        str_printf(size, ngettext("%lld word", "%lld words", (unsigned long)count.words), (long long)count.words);
    n->lore[n->count] = lore;
    n->rows[n->count++] = (struct notes_row){.name = name, .lore = lore >= 0, .on = true, .goes = lore < 0 && span_trim(text).len > 0};
}

static struct span reason(struct app *app, const struct lore *l)
{
    struct span page = str_span(&app->notes->page);
    size_t from = page.len > LORE_NEARBY ? page.len - LORE_NEARBY : 0;
    while (from < page.len && ((unsigned char)page.s[from] & 0xC0) == 0x80)
        from++;
    return lore_reason(l, span_cut(page, from, page.len), buffer_text(app->prompt));
}

static void fill_rows(struct app *app)
{
    struct notes_look *n = app->notes;
    const struct notes *notes = &app->piece.notes;
    str_set(&n->page, buffer_text(app->page.buf));
    n->count = 0;
    add_row(n, span_of(_("Memory")), str_span(&notes->memory), -1);
    add_row(n, span_of(_("Author's note")), str_span(&notes->note), -1);
    for (int i = 0; i < notes->lore_count; i++) {
        const struct lore *l = &notes->lore[i];
        if (l->trashed)
            continue;
        add_row(n, span_trim(str_span(&l->keys)), str_span(&l->text), i);
        n->rows[n->count - 1].on = l->enabled;
        n->rows[n->count - 1].goes = span_trim(str_span(&l->text)).len > 0 && reason(app, l).len > 0;
    }
    for (int i = 0; i < n->count; i++)
        n->rows[i].size = str_span(&n->sizes[i]);
    if (n->view.selected >= n->count)
        n->view.selected = n->count - 1;
}

/* Lays the selected one's text into the editors; their history begins anew. */
static void load(struct app *app)
{
    struct notes_view *v = &app->notes->view;
    const struct lore *l = selected_lore(app);
    buffer_clear(v->keys_text);
    buffer_clear(v->text_text);
    buffer_insert_foreign(v->keys_text, 0, l ? str_span(&l->keys) : SPAN(""), (struct ink){0, AUTHOR_WRITER, 0});
    buffer_insert_foreign(v->text_text, 0, str_span(selected_text(app)), (struct ink){0, AUTHOR_WRITER, 0});
    editor_after_change(&v->keys, buffer_length(v->keys_text));
    editor_after_change(&v->text, buffer_length(v->text_text));
    v->with_keys = l != NULL;
    if (!l && v->focus == NOTES_KEYS)
        v->focus = NOTES_LIST;
}

static void select_row(struct app *app, int row)
{
    struct notes_look *n = app->notes;
    fill_rows(app);
    n->view.selected = row < 0 ? 0 : row >= n->count ? n->count - 1 : row;
    load(app);
}

void notes_open(struct app *app)
{
    app->view = VIEW_NOTES;
    app->notes->view.focus = NOTES_LIST;
    app->notes->trashed_count = 0;
    select_row(app, app->notes->view.selected);
}

/* -- keys -------------------------------------------------------------------------------------------------------------------------------- */

static void changed(struct app *app, struct lore *l)
{
    if (l)
        l->dirty = true;
    else
        app->piece.notes.dirty = true;
    desk_changed(app);
}

void notes_move_rows(struct app *app, int rows)
{
    select_row(app, app->notes->view.selected + rows);
}

void notes_focus_step(struct app *app, int step)
{
    struct notes_view *v = &app->notes->view;
    int to = ((int)v->focus + step + 3) % 3;
    if (to == NOTES_KEYS && !v->with_keys)
        to = (to + step + 3) % 3;
    v->focus = (enum notes_focus)to;
}

void notes_write(struct app *app)
{
    struct notes_view *v = &app->notes->view;
    v->focus = v->with_keys && buffer_length(v->keys_text) == 0 ? NOTES_KEYS : NOTES_TEXT;
}

void notes_new_lore(struct app *app)
{
    notes_add_lore(&app->piece.notes, SPAN(""), SPAN(""));
    fill_rows(app);
    select_row(app, app->notes->count - 1);
    app->notes->view.focus = NOTES_KEYS;
    desk_changed(app);
}

void notes_toggle(struct app *app)
{
    struct lore *l = selected_lore(app);
    if (!l) {
        app_say(app, STYLE_DIM, "%s", _("Memory and note always go along; emptied they say nothing."));
        return;
    }
    l->enabled = !l->enabled;
    changed(app, l);
}

void notes_deepen(struct app *app, int lines)
{
    struct notes *notes = &app->piece.notes;
    int depth = notes->depth + lines;
    if (app->notes->view.selected != ROW_NOTE)
        return;
    notes->depth = depth < 0 ? 0 : depth > NOTE_DEPTH_MAX ? NOTE_DEPTH_MAX : depth;
    changed(app, NULL);
}

void notes_trash(struct app *app)
{
    struct notes_look *n = app->notes;
    struct lore *l = selected_lore(app);
    if (!l) {
        app_say(app, STYLE_DIM, "%s", _("Memory and note stay; Enter goes into the text to empty it."));
        return;
    }
    l->trashed = true;
    ARRAY_ROOM(n->trashed, n->trashed_count, n->trashed_cap);
    n->trashed[n->trashed_count++] = n->lore[n->view.selected];
    changed(app, l);
    select_row(app, n->view.selected);
    app_say(app, STYLE_DIM, "%s", _("The entry lies in the trash; ^Z takes it back."));
}

/* The last one of this visit, else the newest there is. */
static int newest_trashed(struct app *app)
{
    struct notes_look *n = app->notes;
    const struct notes *notes = &app->piece.notes;
    int i = notes->lore_count - 1;
    if (n->trashed_count)
        return n->trashed[--n->trashed_count];
    while (i >= 0 && !notes->lore[i].trashed)
        i--;
    return i;
}

void notes_untrash(struct app *app)
{
    struct notes_look *n = app->notes;
    int lore = newest_trashed(app), row = 0;
    if (lore < 0) {
        app_say(app, STYLE_DIM, "%s", _("No entry of this piece lies in the trash."));
        return;
    }
    app->piece.notes.lore[lore].trashed = false;
    changed(app, &app->piece.notes.lore[lore]);
    fill_rows(app);
    while (row < n->count - 1 && n->lore[row] != lore)
        row++;
    select_row(app, row);
}

/* -- for the table of views -------------------------------------------------------------------------------------------------------------- */

enum map notes_map(const struct app *app)
{
    static const enum map maps[] = {[NOTES_LIST] = MAP_NOTES, [NOTES_KEYS] = MAP_NOTES_KEYS, [NOTES_TEXT] = MAP_NOTES_TEXT};
    return maps[app->notes->view.focus];
}

struct editor *notes_text(struct app *app)
{
    struct notes_view *v = &app->notes->view;
    return v->focus == NOTES_KEYS ? &v->keys : v->focus == NOTES_TEXT ? &v->text : NULL;
}

void notes_text_edited(struct app *app, struct editor *ed)
{
    struct notes_view *v = &app->notes->view;
    struct lore *l = selected_lore(app);
    if (ed == &v->keys && l)
        str_set(&l->keys, buffer_text(v->keys_text));
    else
        str_set(selected_text(app), buffer_text(v->text_text));
    changed(app, l);
}

void notes_back(struct app *app)
{
    struct notes_view *v = &app->notes->view;
    if (v->focus == NOTES_LIST)
        app->view = VIEW_DESK;
    v->focus = NOTES_LIST;
}

static void say_of_lore(struct app *app, const struct lore *l, struct str *out)
{
    struct span key = reason(app, l);
    if (!l->enabled)
        str_add_text(out, _("Off: it does not go along. Space in the list turns it on."));
    else if (span_trim(str_span(&l->keys)).len == 0)
        str_add_text(out, _("It goes along when one of its keys stands near the page's end or in the prompt. It has none yet."));
    else if (key.len)
        str_printf(out, _("It goes along now: “%.*s” stands near the page's end or in the prompt."), SPAN_ARG(key));
    else
        str_add_text(out, _("It does not go along now: none of its keys stands near the page's end or in the prompt."));
}

static void fill_about(struct app *app)
{
    struct notes_look *n = app->notes;
    const struct lore *l = selected_lore(app);
    int depth = app->piece.notes.depth;
    str_clear(&n->about);
    if (l)
        say_of_lore(app, l, &n->about);
    else if (n->view.selected == ROW_MEMORY)
        str_add_text(&n->about, _("Goes along with everything, before all else."));
    else if (depth == 0)
        str_add_text(&n->about, _("Goes along at the page's very end. ←/→ in the list moves it."));
    else
        str_printf(&n->about, ngettext("Goes along %d line before the page's end. ←/→ in the list moves it.",
                                       "Goes along %d lines before the page's end. ←/→ in the list moves it.", (unsigned)depth),
                   depth);
    n->view.about = str_span(&n->about);
    n->view.offer = span_of(l                             ? _("Who or what this is, in a few sentences.")
                            : n->view.selected == ROW_NOTE ? _("What to keep in mind just now: the mood, what is to happen next.")
                                                           : _("What is always true here: who is who, the place, the tone, the form."));
}

static void fill_sum(struct app *app)
{
    struct notes_look *n = app->notes;
    const struct notes *notes = &app->piece.notes;
    int64_t tokens = tokens_of(span_trim(str_span(&notes->memory))) + tokens_of(span_trim(str_span(&notes->note)));
    for (int i = ROWS_FIXED; i < n->count; i++)
        if (n->rows[i].goes)
            tokens += tokens_of(span_trim(str_span(&notes->lore[n->lore[i]].text)));
    str_clear(&n->sum);
    if (server_is_muse(servers_current(app)))
        str_add_text(&n->sum, _("the muse does not read these"));
    else if (tokens)
        str_printf(&n->sum, _("about %lld tokens go along"), (long long)tokens);
    n->view.sum = str_span(&n->sum);
    str_clear(&n->piece);
    piece_label(&app->piece, &n->piece, 40);
    n->view.piece = str_span(&n->piece);
}

void notes_draw(struct app *app)
{
    static const enum footer_place places[] = {[NOTES_LIST] = FOOTER_NOTES, [NOTES_KEYS] = FOOTER_NOTES_TEXT, [NOTES_TEXT] = FOOTER_NOTES_TEXT};
    struct notes_look *n = app->notes;
    fill_rows(app);
    fill_about(app);
    fill_sum(app);
    n->view.rows = n->rows;
    n->view.row_count = n->count;
    n->view.message = str_span(&app->message);
    n->view.message_role = app->message_role;
    if (app->message.len == 0 && app->save_err.kind) {
        n->view.message = span_of(app->save_err.text);
        n->view.message_role = STYLE_ERROR;
    }
    n->view.footer_count = footer_fill(app, places[n->view.focus], &n->view.footer);
    notes_view_draw(&n->view, &app->canvas);
}

void notes_mouse(struct app *app, const struct mouse *m)
{
    struct notes_view *v = &app->notes->view;
    int row = 0;
    size_t offset = 0;
    const char *command = NULL;
    enum notes_target target = notes_view_at(v, m->x, m->y, &row, &offset, &command);
    bool drag = m->kind == MOUSE_DRAG;
    if (mouse_wheel(m) && target == NOTES_AT_TEXT) {
        editor_scroll(&v->text, mouse_wheel(m));
    } else if (mouse_wheel(m)) {
        notes_move_rows(app, mouse_wheel(m) < 0 ? -1 : 1);
    } else if (m->kind == MOUSE_PRESS && target == NOTES_AT_ROW) {
        v->focus = NOTES_LIST;
        select_row(app, row);
    } else if (target == NOTES_AT_TEXT && (m->kind == MOUSE_PRESS || (drag && v->focus == NOTES_TEXT))) {
        v->focus = NOTES_TEXT;
        editor_move_to(&v->text, offset, drag);
    } else if (target == NOTES_AT_KEYS && (m->kind == MOUSE_PRESS || (drag && v->focus == NOTES_KEYS))) {
        v->focus = NOTES_KEYS;
        editor_move_to(&v->keys, offset, drag);
    } else if (m->kind == MOUSE_PRESS && target == NOTES_AT_COMMAND) {
        command_run_named(app, command);
    }
}
