#include "app/batch/results.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "net/json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN "{\"item\":\"" /* how a line of ours begins */

static bool fail(const struct batch_results *r, struct err *e)
{
    return err_set(e, ERR_IO, _("%s cannot be written: %s."), r->path.len ? str_text(&r->path) : _("Standard output"), strerror(errno));
}

bool batch_results_wanted(const struct batch_results *r)
{
    return r->fd >= 0;
}

/* -- going on with a file --------------------------------------------------------------------------------------------------------- */

/* The item that a line of ours names; "" for any other line. */
static struct span item_of(struct span line)
{
    struct span rest = span_cut(line, sizeof OWN - 1, line.len);
    ptrdiff_t end = span_starts(line, OWN) ? span_find(rest, SPAN("\""), 0) : -1;
    return end > 0 ? span_cut(rest, 0, (size_t)end) : SPAN("");
}

/* A line that was being written when the program ended is taken back; what someone else began gets its newline. */
static bool mend_end(struct batch_results *r, struct span last, struct err *e)
{
    size_t same = last.len < sizeof OWN - 1 ? last.len : sizeof OWN - 1;
    if (last.len == 0)
        return true;
    if (!memcmp(last.s, OWN, same)) {
        r->size -= (int64_t)last.len;
        return ftruncate(r->fd, (off_t)r->size) == 0 || fail(r, e);
    }
    r->size++;
    return write(r->fd, "\n", 1) == 1 || fail(r, e);
}

/* Marks the items of all whole lines at the front of `text`, and takes these off. */
static bool count_lines(struct str *text, struct store *s, int64_t batch, struct err *e)
{
    struct span rest = str_span(text);
    ptrdiff_t end;
    while ((end = span_find(rest, SPAN("\n"), 0)) >= 0) {
        struct span name = item_of(span_cut(rest, 0, (size_t)end));
        rest = span_cut(rest, (size_t)end + 1, rest.len);
        if (name.len && !batch_written(s, batch, name, e))
            return false;
    }
    str_splice(text, 0, text->len - rest.len, SPAN(""));
    return true;
}

/* What stands in the file from a byte on. */
static bool count_tail(struct batch_results *r, struct store *s, int64_t batch, int64_t from, struct err *e)
{
    static char block[1 << 16];
    struct str text = {0};
    ssize_t n = 0;
    bool ok = true;
    for (int64_t at = from; ok && at < r->size; at += n > 0 ? n : 0) {
        n = pread(r->fd, block, sizeof block, (off_t)at);
        if (n == 0)
            break;
        if (n > 0)
            str_add(&text, (struct span){block, (size_t)n});
        ok = n > 0 ? count_lines(&text, s, batch, e) : errno == EINTR || fail(r, e);
    }
    ok = ok && mend_end(r, str_span(&text), e);
    str_release(&text);
    return ok;
}

/* A file that is gone or empty is written anew; one that lost a part is somebody's, and is not guessed at. */
static bool go_on(struct batch_results *r, struct store *s, int64_t batch, int64_t known, struct err *e)
{
    if (r->size >= known)
        return count_tail(r, s, batch, known, e);
    if (r->size > 0)
        return err_set(e, ERR_USAGE, _("%s is shorter than renga left it. Move it away and all results are written anew, or give another --out."),
                       str_text(&r->path));
    return batch_unwrite(s, batch, e);
}

static bool join(struct batch_results *r, struct store *s, int64_t batch, struct err *e)
{
    struct str before = {0};
    int64_t known = 0;
    bool ok = batch_results(s, batch, &before, &known, e) && store_together(s, e);
    if (ok) {
        ok = span_equal(str_span(&before), str_span(&r->path)) ? go_on(r, s, batch, known, e)
                                                               : batch_set_results(s, batch, str_span(&r->path), 0, e) &&
                                                                     count_tail(r, s, batch, 0, e);
        ok = ok && batch_set_results(s, batch, str_span(&r->path), r->size, e);
        ok = store_together_end(s, ok, e);
    }
    str_release(&before);
    return ok;
}

static bool open_file(struct batch_results *r, const char *path, struct err *e)
{
    struct stat st;
    str_set(&r->path, span_of(path));
    r->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (r->fd < 0 || fstat(r->fd, &st) != 0)
        return fail(r, e);
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_USAGE, _("%s is no plain file; --out - writes to standard output."), path);
    if (flock(r->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return err_set(e, ERR_USAGE, _("Another renga is writing to %s; let it end first."), path);
    char *real = realpath(path, NULL);
    if (real)
        str_set(&r->path, span_of(real));
    free(real);
    r->size = st.st_size;
    return true;
}

bool batch_results_open(struct batch_results *r, const char *path, struct store *s, int64_t batch, struct err *e)
{
    *r = (struct batch_results){.fd = -1};
    if (!path)
        return true;
    if (!strcmp(path, "-")) {
        r->pipe = true;
        r->fd = STDOUT_FILENO;
        return true;
    }
    return open_file(r, path, e) && join(r, s, batch, e);
}

void batch_results_close(struct batch_results *r)
{
    if (r->fd > STDERR_FILENO)
        close(r->fd);
    str_release(&r->path);
    str_release(&r->held);
    str_release(&r->names);
    *r = (struct batch_results){.fd = -1};
}

/* -- adding ------------------------------------------------------------------------------------------------------------------------ */

void batch_results_add(struct batch_results *r, struct span name, struct span line)
{
    str_add(&r->held, line);
    str_add_byte(&r->held, '\n');
    if (r->pipe)
        return;
    str_add(&r->names, name);
    str_add_byte(&r->names, '\n');
}

bool batch_results_flush(struct batch_results *r, struct err *e)
{
    size_t done = 0;
    bool any = r->held.len > 0;
    while (done < r->held.len) {
        ssize_t n = write(r->fd, r->held.s + done, r->held.len - done);
        if (n < 0 && errno != EINTR)
            return fail(r, e);
        done += n < 0 ? 0 : (size_t)n;
    }
    r->size += (int64_t)done;
    str_clear(&r->held);
    return r->pipe || !any || fdatasync(r->fd) == 0 || fail(r, e);
}

bool batch_results_mark(struct batch_results *r, struct store *s, int64_t batch, struct err *e)
{
    struct span rest = str_span(&r->names), name;
    if (!rest.len)
        return true;
    while (span_line(&rest, &name))
        if (!batch_written(s, batch, name, e))
            return false;
    return batch_set_results(s, batch, str_span(&r->path), r->size, e);
}

void batch_results_marked(struct batch_results *r)
{
    str_clear(&r->names);
}
