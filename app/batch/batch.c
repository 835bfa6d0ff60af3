#include "app/batch/batch.h"
#include "app/cli/json_line.h"
#include "app/engine/compose.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOGETHER_MS 100      /* ends are kept at most so late */
#define FILL_US     20000    /* for reading on, before the loop has its turn */
#define RETRY_MS_MAX 60000
#define ASIDE       8        /* times as many may wait for another try as are asked at once */
#define BROKEN_TOLD 5

/* The file of prompts, a line at a time. */
struct lines {
    int fd;
    char *block;
    size_t at, len;
    int64_t number;          /* of the line read last, from 1 */
    struct str line;
    bool end;
};

/* A line that is being asked. The piece comes first: a job that knows its piece knows its task. */
struct task {
    struct piece piece;
    int64_t line;
    struct str name, id;     /* of the item; as the writer calls it */
    int parent;
    struct request request;
    struct generation what;
    int generation;          /* index of its last, -1: none yet */
    bool fresh;              /* started, and the library does not know yet which generation asks the item */
    int tries;
    int64_t again_us;        /* 0, or when it is asked again */
    bool over;               /* nothing more will be asked; it leaves once the library has it */
    struct err err;
};

struct batch {
    struct batch_plan plan;
    struct engine *en;
    struct source *source;
    int64_t id;
    struct lines lines;
    struct batch_line line;
    struct batch_seen seen;
    struct str out;
    struct batch_results results;
    struct batch_counts counts;
    struct task **tasks;
    int task_count, task_cap;
    bool stopping;
    struct str note;         /* the last that a run said; the same comes with every line */
    void (*told)(void *ctx, int64_t line, const char *why);
    void *ctx;
};

/* -- lines ------------------------------------------------------------------------------------------------------------------------- */

#define BLOCK ((size_t)1 << 16)

static bool lines_open(struct lines *l, const char *path, struct err *e)
{
    *l = (struct lines){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (l->fd < 0 || lseek(l->fd, 0, SEEK_CUR) < 0)
        return err_set(e, ERR_IO, _("%s cannot be read: %s."), path, errno == ESPIPE ? _("it must be a file that can be read twice") : strerror(errno));
    l->block = mem_new(BLOCK, 1);
    return true;
}

static void lines_close(struct lines *l)
{
    if (l->block)
        close(l->fd);
    free(l->block);
    str_release(&l->line);
    *l = (struct lines){.fd = -1};
}

static bool lines_rewind(struct lines *l)
{
    l->at = l->len = 0;
    l->number = 0;
    l->end = false;
    return lseek(l->fd, 0, SEEK_SET) == 0;
}

/* The next line; false at the end, or with *failed. What is longer than a line may be is cut, and then no JSON. */
static bool lines_next(struct lines *l, bool *failed)
{
    bool any = false;
    str_clear(&l->line);
    for (;;) {
        if (l->at == l->len) {
            ssize_t n = read(l->fd, l->block, BLOCK);
            if (n < 0 && errno == EINTR)
                continue;
            *failed = n < 0;
            l->end = n <= 0;
            l->at = 0;
            l->len = n > 0 ? (size_t)n : 0;
            if (n <= 0)
                break;
        }
        const char *newline = memchr(l->block + l->at, '\n', l->len - l->at);
        size_t len = (newline ? (size_t)(newline - l->block) : l->len) - l->at;
        if (l->line.len + len <= BATCH_LINE_MAX)
            str_add(&l->line, (struct span){l->block + l->at, len});
        l->at += len + (newline != NULL);
        any = true;
        if (newline)
            break;
    }
    l->number += any;
    return any;
}

/* A line without what stands around it: "" for an empty one. */
static struct span line_text(const struct lines *l)
{
    struct span text = str_span(&l->line);
    if (l->number == 1 && span_starts(text, "\xEF\xBB\xBF"))
        text = span_cut(text, 3, text.len);
    return span_trim(text);
}

static bool read_failed(const struct batch *b, struct err *e)
{
    return err_set(e, ERR_IO, _("%s cannot be read: %s."), b->plan.path, strerror(errno));
}

/* Every line is read before anything is asked. */
static bool check_lines(struct batch *b, struct err *e)
{
    struct err why = {0};
    bool failed = false;
    while (lines_next(&b->lines, &failed)) {
        struct span text = line_text(&b->lines);
        if (!text.len)
            continue;
        if (batch_line_read(&b->line, text, &why)) {
            b->counts.lines++;
            continue;
        }
        if (b->told && b->counts.broken < BROKEN_TOLD)
            b->told(b->ctx, b->lines.number, why.text);
        b->counts.broken++;
    }
    if (failed || !lines_rewind(&b->lines))
        return read_failed(b, e);
    if (b->counts.broken && !b->plan.skip_broken)
        return err_set(e, ERR_FORMAT, ngettext("%lld line of %s cannot be read, and nothing was asked. --skip-broken passes over it.",
                                               "%lld lines of %s cannot be read, and nothing was asked. --skip-broken passes over them.",
                                               (unsigned long)b->counts.broken),
                       (long long)b->counts.broken, b->plan.path);
    return true;
}

/* -- results ----------------------------------------------------------------------------------------------------------------------- */

static void add_take(struct str *out, const struct take *t)
{
    json_line_text(out, "text", str_span(&t->text));
    if (t->reasoning.len)
        json_line_text(out, "reasoning", str_span(&t->reasoning));
    json_line_text(out, "finish", str_span(&t->finish));
    json_line_number(out, "tokens", t->tokens);
}

/* {"item":…,"id":…,"generation":…,"model":…,"prompt":…,"text":…,…}; of several takes the others stand in "more". */
static void add_result(struct batch *b, struct span name, struct span id, const struct generation *g, const struct take *takes, int count)
{
    struct str *out = &b->out;
    str_clear(out);
    json_line_open(out, NULL);
    json_line_text(out, "item", name);
    if (id.len)
        json_line_text(out, "id", id);
    json_line_number(out, "generation", g->id);
    json_line_text(out, "model", str_span(g->resolved.len ? &g->resolved : &g->model));
    json_line_text(out, "prompt", str_span(&g->prompt));
    if (count)
        add_take(out, &takes[0]);
    for (int i = 1; i < count; i++) {
        if (i == 1)
            str_add_text(out, ",\"more\":[");
        else
            str_add_byte(out, ',');
        json_line_open(out, NULL);
        add_take(out, &takes[i]);
        json_line_close(out);
    }
    str_add_text(out, count > 1 ? "]" : "");
    json_line_close(out);
    batch_results_add(&b->results, name, str_span(out));
}

/* An item that an earlier run has done, and whose line did not reach the file. */
static bool add_earlier(struct batch *b, struct span name, struct span id, int64_t generation, struct err *e)
{
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0;
    if (!store_generation_load(b->en->store, generation, &g, &takes, &count, e))
        return false;
    add_result(b, name, id, &g, takes, count);
    for (int i = 0; i < count; i++)
        take_release(&takes[i]);
    free(takes);
    generation_release(&g);
    return true;
}

/* -- tasks ------------------------------------------------------------------------------------------------------------------------- */

static struct task *task_new(struct batch *b, struct span name)
{
    struct task *t = mem_new(1, sizeof *t);
    const struct batch_line *l = &b->line;
    int at = -1;
    piece_init(&t->piece);
    t->line = b->lines.number;
    t->generation = -1;
    str_set(&t->name, name);
    str_set(&t->id, str_span(&l->id));
    str_set(&t->piece.title, str_span(&l->title));
    str_set(&t->piece.project_name, span_of(b->plan.project));
    if (l->context.len) {
        at = piece_add_passage(&t->piece, -1, AUTHOR_WRITER, -1);
        passage_set_text(&t->piece, at, str_span(&l->context));
    }
    t->parent = piece_add_passage(&t->piece, at, AUTHOR_PROMPT, -1);
    passage_set_text(&t->piece, t->parent, str_span(&l->prompt));
    request_copy(&t->request, b->plan.request);
    batch_line_apply(l, &t->request);
    compose_ask(&t->request, &t->what, &t->piece, at, str_span(&l->prompt), at >= 0);
    ARRAY_ROOM(b->tasks, b->task_count, b->task_cap);
    b->tasks[b->task_count++] = t;
    return t;
}

static void task_free(struct task *t)
{
    piece_release(&t->piece);
    request_release(&t->request);
    generation_release(&t->what);
    str_release(&t->name);
    str_release(&t->id);
    free(t);
}

static const struct take *takes_of(const struct task *t, int *count)
{
    *count = 0;
    for (int i = t->piece.take_count - 1; i >= 0; i--) {
        const struct take *take = &t->piece.takes[i];
        if (take->generation != t->piece.generations[t->generation].id && take->generation != -1 - t->generation)
            return take + 1;
        ++*count;
    }
    return t->piece.takes;
}

/* While the engine is held. The first take becomes the page. */
static void start(struct batch *b, struct task *t)
{
    struct job *r = NULL;
    t->again_us = 0;
    t->tries++;
    if (!engine_start(b->en, &t->piece, t->parent, &t->request, b->source, b->plan.server, &t->what, &r, &t->err)) {
        t->over = true; /* it cannot be said to this server at all */
        b->counts.failed++;
        if (b->told)
            b->told(b->ctx, t->line, t->err.text);
        return;
    }
    t->generation = r->generation;
    t->fresh = true;
    for (int i = 0; i < t->piece.passage_count; i++)
        if (t->piece.passages[i].take == r->first_take)
            piece_choose(&t->piece, i);
}

/* -- ends -------------------------------------------------------------------------------------------------------------------------- */

/* The server is gone, or wants another key: asking on would only fail. */
static bool looks_gone(const struct err *e)
{
    return e->kind == ERR_NETWORK || e->status == 401 || e->status == 403;
}

static void on_run_over(void *ctx, struct job *r)
{
    struct batch *b = ctx;
    struct task *t = (struct task *)r->piece;
    int count = 0;
    const struct take *takes = takes_of(t, &count);
    struct err err = r->err;
    bool whole = !r->cancelled;
    for (int i = 0; i < count; i++)
        whole = whole && takes[i].state == TAKE_DONE;
    if (whole) {
        t->over = true;
        b->counts.done++;
        b->counts.in_a_row = 0;
        for (int i = 0; i < count; i++)
            b->counts.tokens += takes[i].tokens;
        return;
    }
    if (!err.kind && !r->cancelled)
        err_set(&err, ERR_REFUSED, "%s", _("One of its takes failed."));
    if (!r->cancelled && !b->stopping && t->tries <= b->plan.retries) {
        int64_t wait = (int64_t)1000 << (t->tries < 7 ? t->tries - 1 : 6);
        t->again_us = clock_now_us() + (wait < RETRY_MS_MAX ? wait : RETRY_MS_MAX) * 1000;
        return;
    }
    t->over = true;
    t->err = err;
    if (r->cancelled)
        return;
    b->counts.failed++;
    b->counts.in_a_row = looks_gone(&err) ? b->counts.in_a_row + 1 : 0;
    if (b->told)
        b->told(b->ctx, t->line, err.text);
}

static void on_note(void *ctx, struct job *r, struct span text)
{
    struct batch *b = ctx;
    if (b->told && !span_equal(str_span(&b->note), text)) {
        str_set(&b->note, text);
        b->told(b->ctx, ((const struct task *)r->piece)->line, str_text(&b->note));
    }
}

/* What the library has gets its line among the results, and leaves. */
static void let_go_of_kept(struct batch *b)
{
    int left = 0;
    for (int i = 0; i < b->task_count; i++) {
        struct task *t = b->tasks[i];
        if (!t->over || engine_holds(b->en, &t->piece)) {
            b->tasks[left++] = t;
            continue;
        }
        int count = 0;
        const struct take *takes = t->generation >= 0 ? takes_of(t, &count) : NULL;
        if (!t->err.kind && count && takes[0].state == TAKE_DONE && batch_results_wanted(&b->results))
            add_result(b, str_span(&t->name), str_span(&t->id), &t->piece.generations[t->generation], takes, count);
        task_free(t);
    }
    b->task_count = left;
}

/* Which generations ask the items that were started, and which results were written since. */
static bool mark(void *ctx, struct err *e)
{
    struct batch *b = ctx;
    for (int i = 0; i < b->task_count; i++) {
        struct task *t = b->tasks[i];
        if (t->fresh && !batch_asked(b->en->store, b->id, str_span(&t->name), t->piece.generations[t->generation].id, e))
            return false;
        t->fresh = false;
    }
    return batch_results_mark(&b->results, b->en->store, b->id, e);
}

/* One transaction for all: what was started, what has ended, what mark() tells. Only then is anything sent. A result is in its file before
 * it counts as written, and in the library before it is in its file. */
static bool keep(struct batch *b, struct err *e)
{
    if (!batch_results_flush(&b->results, e))
        return false;
    if (!(b->en->held ? engine_let_go(b->en, mark, b, e) : engine_keep_together(b->en, mark, b, e)))
        return false;
    batch_results_marked(&b->results);
    engine_step(b->en); /* lets go of what is kept */
    let_go_of_kept(b);
    return batch_results_flush(&b->results, e);
}

/* -- going on ---------------------------------------------------------------------------------------------------------------------- */

static int active(const struct batch *b)
{
    int count = 0;
    for (int i = 0; i < b->task_count; i++)
        count += !b->tasks[i]->over && !b->tasks[i]->again_us;
    return count;
}

static bool any_over(const struct batch *b)
{
    for (int i = 0; i < b->task_count; i++)
        if (b->tasks[i]->over)
            return true;
    return false;
}

/* The next line that is to be asked; NULL: none now. What is done already is passed over. */
static struct task *next_task(struct batch *b, bool *failed, struct err *e)
{
    struct err why = {0};
    struct str name = {0};
    struct task *t = NULL;
    int64_t until = clock_now_us() + FILL_US;
    while (!t && !*failed && clock_now_us() < until) {
        struct batch_item item = {0};
        bool unread = false;
        if (!lines_next(&b->lines, &unread)) {
            *failed = unread && !read_failed(b, e);
            break;
        }
        struct span text = line_text(&b->lines);
        if (!text.len || !batch_line_read(&b->line, text, &why))
            continue;
        str_clear(&name);
        batch_line_name(text, &name);
        int times = b->line.id.len ? 1 : batch_seen_again(&b->seen, text);
        if (times > 1)
            str_printf(&name, "#%d", times);
        *failed = !batch_item(b->en->store, b->id, str_span(&name), &item, e);
        if (!*failed && item.state == BATCH_OPEN) {
            t = task_new(b, str_span(&name));
        } else if (!*failed && item.state == BATCH_DONE) {
            b->counts.before++;
            if (batch_results_wanted(&b->results) && !b->results.pipe && !item.written)
                *failed = !add_earlier(b, str_span(&name), str_span(&b->line.id), item.generation, e);
        } else {
            b->counts.elsewhere++;
        }
    }
    str_release(&name);
    return t;
}

/* Those whose time has come, then new ones, as many as there is room for. They are sent after keep(). */
static bool fill(struct batch *b, struct err *e)
{
    int room = 2 * b->plan.parallel - active(b);
    bool failed = false;
    for (int i = 0; i < b->task_count; i++) {
        struct task *t = b->tasks[i];
        if (!t->again_us || t->over || clock_now_us() < t->again_us || engine_holds(b->en, &t->piece))
            continue;
        engine_hold(b->en);
        start(b, t);
        room--;
    }
    while (room-- > 0 && !b->lines.end && b->task_count < ASIDE * b->plan.parallel + 2 * b->plan.parallel) {
        struct task *t = next_task(b, &failed, e);
        if (failed || !t)
            break;
        engine_hold(b->en);
        start(b, t);
    }
    return !failed;
}

bool batch_step(struct batch *b, bool *more, struct err *e)
{
    int running = active(b);
    bool due = b->en->keep_us && clock_now_us() >= b->en->keep_us;
    if (!b->stopping && running <= b->plan.parallel + b->plan.parallel / 2 && !fill(b, e))
        return false;
    if ((due || b->en->held || (running == 0 && (any_over(b) || b->results.names.len))) && !keep(b, e))
        return false;
    if (b->results.held.len && !batch_results_flush(&b->results, e))
        return false;
    *more = b->task_count > 0 || (!b->lines.end && !b->stopping) || b->results.names.len > 0;
    return true;
}

int batch_wait_ms(const struct batch *b)
{
    int64_t soonest = b->en->keep_us, now = clock_now_us();
    int running = active(b);
    if (running == 0 && (any_over(b) || b->results.names.len))
        return 0;
    for (int i = 0; i < b->task_count; i++) {
        int64_t at = b->tasks[i]->again_us;
        if (at && !b->tasks[i]->over && (!soonest || at < soonest))
            soonest = at;
    }
    if (!b->lines.end && !b->stopping && running <= b->plan.parallel)
        return 0;
    return !soonest ? -1 : soonest <= now ? 0 : (int)((soonest - now + 999) / 1000);
}

void batch_stop(struct batch *b)
{
    b->stopping = true;
    for (int i = 0; i < b->task_count; i++)
        if (b->tasks[i]->again_us) {
            b->tasks[i]->again_us = 0;
            b->tasks[i]->over = true;
            err_set(&b->tasks[i]->err, ERR_STOPPED, "%s", "");
        }
    engine_cancel_all(b->en, NULL);
}

const struct batch_counts *batch_counts(const struct batch *b)
{
    return &b->counts;
}

/* -- the whole --------------------------------------------------------------------------------------------------------------------- */

/* The file as the system names it, and what else makes this batch this batch. */
static bool find(struct batch *b, struct err *e)
{
    struct str name = {0};
    char *real = realpath(b->plan.path, NULL);
    str_add_text(&name, real ? real : b->plan.path);
    str_add_byte(&name, '\n');
    str_add(&name, b->plan.command);
    free(real);
    bool ok = batch_find(b->en->store, str_span(&name), &b->id, e);
    str_release(&name);
    return ok;
}

struct batch *batch_new(const struct batch_plan *plan, struct engine *en, struct source *source,
                        void (*told)(void *ctx, int64_t line, const char *why), void *ctx, struct err *e)
{
    struct batch *b = mem_new(1, sizeof *b);
    *b = (struct batch){.plan = *plan, .en = en, .source = source, .told = told, .ctx = ctx, .lines.fd = -1, .results.fd = -1};
    if (!lines_open(&b->lines, plan->path, e) || !check_lines(b, e) || !find(b, e) ||
        !batch_results_open(&b->results, plan->results, en->store, b->id, e)) {
        batch_free(b);
        return NULL;
    }
    en->together_ms = TOGETHER_MS;
    en->watch = (struct engine_watch){.run_over = on_run_over, .note = on_note, .ctx = b};
    return b;
}

void batch_free(struct batch *b)
{
    if (!b)
        return;
    for (int i = 0; i < b->task_count; i++)
        task_free(b->tasks[i]);
    free(b->tasks);
    lines_close(&b->lines);
    batch_line_release(&b->line);
    batch_seen_release(&b->seen);
    batch_results_close(&b->results);
    str_release(&b->note);
    str_release(&b->out);
    free(b);
}
