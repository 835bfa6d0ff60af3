#include "app/desk/external.h"
#include "app/desk/text_target.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_MAX (64u << 20)

static const char *editor_command(void)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    return visual && *visual ? visual : editor && *editor ? editor : "vi";
}

/* The shell splits $EDITOR (it may hold options); the file's name goes as an argument, never into the command. ^C in the editor is the
 * editor's: the shell that waits for it has a trap, which the editor does not inherit. */
static bool run_editor(const char *path, struct err *e)
{
    struct str command = {0};
    int status = -1;
    str_printf(&command, "trap : INT QUIT; %s \"$1\"", editor_command());
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", str_text(&command), "renga", path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    str_release(&command);
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return err_set(e, ERR_IO, _("The editor “%s” ended with a fault; your text here is unchanged, its file is %s."), editor_command(),
                   path);
}

/* Only what differs is replaced, so that every passage the editor left alone keeps its author. */
static void replace_difference(struct editor *ed, struct span now)
{
    struct span old = buffer_text(ed->buf);
    size_t front = 0, back = 0, shorter = old.len < now.len ? old.len : now.len;
    while (front < shorter && old.s[front] == now.s[front])
        front++;
    while (front && front < old.len && ((unsigned char)old.s[front] & 0xC0) == 0x80)
        front--;
    while (back < shorter - front && old.s[old.len - 1 - back] == now.s[now.len - 1 - back])
        back++;
    while (back && ((unsigned char)old.s[old.len - back] & 0xC0) == 0x80)
        back--;
    size_t end = old.len - back;
    editor_move_to(ed, front, false);
    editor_move_to(ed, end, true);
    buffer_group(ed->buf, true);
    if (front + back < now.len)
        editor_type(ed, span_cut(now, front, now.len - back));
    else
        editor_delete(ed, MOVE_RIGHT); /* what was selected */
    buffer_group(ed->buf, false);
}

static void take_back(struct app *app, struct editor *ed, const char *path, bool had_newline)
{
    struct str text = {0}, clean = {0};
    struct err err = {0};
    if (!file_read(path, &text, TEXT_MAX, &err)) {
        app_fail(app, &err);
    } else {
        utf8_add_clean(&clean, str_span(&text));
        /* editors end a file with a newline that the text did not have */
        if (!had_newline && clean.len && clean.s[clean.len - 1] == '\n')
            str_cut(&clean, clean.len - 1);
        if (!span_equal(str_span(&clean), buffer_text(ed->buf))) {
            replace_difference(ed, str_span(&clean));
            text_edited(app, ed);
        }
        unlink(path);
    }
    str_release(&text);
    str_release(&clean);
}

void external_edit(struct app *app)
{
    struct editor *ed = text_target(app);
    struct err err = {0};
    struct str path = {0};
    if (!ed || ed->readonly || ed->single_line) {
        app_say(app, STYLE_DIM, "%s", _("Put the caret into the page or the prompt first."));
        return;
    }
    bool had_newline = buffer_length(ed->buf) && buffer_byte(ed->buf, buffer_length(ed->buf) - 1) == '\n';
    str_printf(&path, "%s/edit-%ld.txt", app->paths.state_dir, (long)getpid());
    if (!folder_make(app->paths.state_dir, &err) || !file_write(str_text(&path), buffer_text(ed->buf), &err)) {
        app_fail(app, &err);
    } else {
        term_leave(app->term);
        bool ok = run_editor(str_text(&path), &err);
        struct err back = {0};
        if (!term_return(app->term, &back)) {
            app->quit = true;
            err = back;
        }
        if (ok)
            take_back(app, ed, str_text(&path), had_newline);
        else
            app_fail(app, &err);
    }
    str_release(&path);
}
