#include "app/engine/engine.h"
#include "app/engine/job_odds.h"
#include "app/engine/remember.h"
#include "core/clock.h"
#include "core/context.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

#define TRIES_MAX 4
#define KEEP_AGAIN_US 1000000
#define LONG_PIECE    4 /* tokens by estimate: more than one really has */

void engine_init(struct engine *en, struct net *net, struct store *store)
{
    *en = (struct engine){.net = net, .store = store};
}

static struct take *run_take(struct job *r, int index)
{
    return &r->piece->takes[r->first_take + index];
}

static struct generation *run_generation(struct job *r)
{
    return &r->piece->generations[r->generation];
}

static int64_t since_sent_ms(const struct job *r)
{
    return (clock_now_us() - r->sent_us) / 1000;
}

static void run_free(struct job *r)
{
    job_odds_release(r);
    request_release(&r->request);
    free(r);
}

/* -- keeping --------------------------------------------------------------------------------------------------------------------- */

/* A run whose rows could not be written at first gets them now, with all that came meanwhile. */
static bool keep_beginning(struct engine *en, struct job *r, struct err *e)
{
    if (r->begun)
        return true;
    if (!store_generation_begin(en->store, r->piece, r->generation, e))
        return false;
    r->begun = true;
    for (int i = 0; i < r->takes; i++) {
        store_take_text(en->store, run_take(r, i)->id, str_span(&run_take(r, i)->text), false);
        store_take_text(en->store, run_take(r, i)->id, str_span(&run_take(r, i)->reasoning), true);
    }
    return true;
}

/* Writes what the library does not have yet of a run. What fails is tried again later; the text stays in memory until then. */
static bool keep_run(struct engine *en, struct job *r)
{
    struct err err = {0};
    if (en->lost)
        return false;
    bool ok = keep_beginning(en, r, &err);
    for (int i = 0; ok && i < r->takes; i++) {
        struct take *t = run_take(r, i);
        if (take_state_over(t->state) && !(r->kept_takes & 1u << i)) {
            ok = store_take_end(en->store, t, &err) && job_odds_keep(r, i, en->store, &err);
            r->kept_takes |= ok ? 1u << i : 0;
        }
    }
    if (ok && r->over && !r->ended)
        ok = r->ended = store_generation_end(en->store, run_generation(r), &err);
    if (!ok) {
        en->storage_err = err;
        en->keep_us = clock_now_us() + KEEP_AGAIN_US;
    }
    return ok;
}

/* At once, or soon together with others. */
static void keep_soon(struct engine *en, struct job *r)
{
    if (!en->together_ms)
        keep_run(en, r);
    else if (!en->keep_us)
        en->keep_us = clock_now_us() + (int64_t)en->together_ms * 1000;
}

static bool keep_all(struct engine *en)
{
    bool ok = true;
    en->keep_us = 0;
    for (int i = 0; i < en->run_count; i++)
        ok = keep_run(en, en->runs[i]) && ok;
    if (ok)
        err_clear(&en->storage_err);
    return ok;
}

bool engine_keep_together(struct engine *en, bool (*inside)(void *ctx, struct err *e), void *ctx, struct err *e)
{
    if (!store_together(en->store, e))
        return false;
    bool ok = keep_all(en) || err_set(e, en->storage_err.kind, "%s", en->storage_err.text);
    ok = ok && (!inside || inside(ctx, e));
    ok = store_together_end(en->store, ok, e);
    en->lost = !ok;
    return ok;
}

static void drop_finished(struct engine *en)
{
    int kept = 0;
    for (int i = 0; i < en->run_count; i++) {
        if (en->runs[i]->over && en->runs[i]->ended)
            run_free(en->runs[i]);
        else
            en->runs[kept++] = en->runs[i];
    }
    en->run_count = kept;
}

/* -- starting -------------------------------------------------------------------------------------------------------------------- */

static void fill_generation(struct generation *g, const struct piece *p, int parent, const struct request *req,
                            const struct server *server, const struct generation *what)
{
    generation_copy(g, what);
    g->id = 0;
    g->piece = p->id;
    g->passage = parent >= 0 ? p->passages[parent].id : 0;
    g->sent_ms = clock_wall_ms();
    g->dials = req->dials;
    g->usage = (struct usage){-1, -1};
    str_set(&g->system, str_span(&req->system));
    str_clear(&g->stops);
    stops_to_json(req, &g->stops);
    str_set(&g->server, span_of(server->name));
    str_set(&g->dialect, span_of(dialect_name(server->dialect)));
    str_set(&g->url, span_of(server->url));
    str_set(&g->model, str_span(&req->model));
    str_clear(&g->resolved);
    str_clear(&g->request);
}

static void add_takes(struct job *r, int parent)
{
    struct piece *p = r->piece;
    r->first_take = p->take_count;
    for (int i = 0; i < r->takes; i++) {
        int take = piece_add_take(p, -1 - r->generation, i);
        passage_mark(p, piece_add_passage(p, parent, AUTHOR_MODEL, take), PASSAGE_UNREAD, true); /* until it comes onto the page */
    }
}

/* Every take that still waits or writes ends in `state`. */
static void end_takes(struct engine *en, struct job *r, enum take_state state, const char *why)
{
    for (int i = 0; i < r->takes; i++) {
        struct take *t = run_take(r, i);
        if (take_state_over(t->state))
            continue;
        t->state = state;
        t->total_ms = since_sent_ms(r);
        str_set(&t->error, span_of(why));
        if (en->watch.take_over)
            en->watch.take_over(en->watch.ctx, r, r->first_take + i);
    }
}

static void end_run(struct engine *en, struct job *r)
{
    enum take_state state = r->cancelled ? TAKE_STOPPED : r->err.kind ? TAKE_FAILED : TAKE_DONE;
    end_takes(en, r, state, state == TAKE_FAILED ? r->err.text : "");
    r->over = true;
    keep_soon(en, r);
    if (en->watch.run_over)
        en->watch.run_over(en->watch.ctx, r);
}

/* -- whose turn it is ------------------------------------------------------------------------------------------------------------- */

static int find_lane(struct engine *en, const struct server *server)
{
    int i = 0;
    while (i < en->lane_count && strcmp(en->lanes[i].url, server->url))
        i++;
    if (i == en->lane_count) {
        ARRAY_ROOM(en->lanes, en->lane_count, en->lane_cap);
        en->lanes[en->lane_count++] = (struct lane){.url = mem_copy_text(server->url)};
    }
    lane_limit(&en->lanes[i], server_parallel(server));
    return i;
}

/* It waits, and for nothing but its turn. */
static bool is_due(const struct job *r, int64_t now)
{
    return !r->over && !r->sent && now >= r->retry_us;
}

static bool may_send(const struct engine *en, const struct job *r)
{
    int64_t now = clock_now_us();
    if (en->held || !is_due(r, now) || !lane_free(&en->lanes[r->lane], now))
        return false;
    for (int i = 0; en->runs[i] != r; i++)
        if (en->runs[i]->lane == r->lane && is_due(en->runs[i], now))
            return false;
    return true;
}

static bool send_run(struct engine *en, struct job *r, struct err *e)
{
    r->sent_us = clock_now_us();
    r->retry_us = 0;
    r->tries++;
    err_clear(&r->err);
    r->sent = r->source->ops->start(r->source, r->id, &r->request, &en->queue, NULL, e);
    en->lanes[r->lane].open += r->sent;
    return r->sent;
}

/* Those whose turn has come, in order. Ending one may start none: watchers only take note. */
static void send_due(struct engine *en)
{
    int64_t now = clock_now_us();
    for (int i = 0; i < en->run_count && !en->held; i++) {
        struct job *r = en->runs[i];
        if (is_due(r, now) && lane_free(&en->lanes[r->lane], now) && !send_run(en, r, &r->err))
            end_run(en, r);
    }
}

bool engine_start(struct engine *en, struct piece *p, int parent, const struct request *req, struct source *source,
                  const struct server *server, const struct generation *what, struct job **out, struct err *e)
{
    struct str body = {0};
    if (!source->ops->preview(source, req, &body, e)) {
        str_release(&body);
        return false;
    }
    struct job *r = mem_new(1, sizeof *r);
    r->id = ++en->last_run;
    r->piece = p;
    r->source = source;
    r->lane = find_lane(en, server);
    r->sent_us = clock_now_us();
    r->takes = dials_takes(&req->dials);
    request_copy(&r->request, req);
    r->generation = piece_add_generation(p);
    fill_generation(run_generation(r), p, parent, req, server, what);
    str_move(&run_generation(r)->request, &body);
    add_takes(r, parent);
    ARRAY_ROOM(en->runs, en->run_count, en->run_cap);
    en->runs[en->run_count++] = r;
    if (!en->held)
        keep_run(en, r);
    *out = r;
    if (may_send(en, r) && !send_run(en, r, &r->err)) {
        *e = r->err;
        end_run(en, r);
        drop_finished(en);
        *out = NULL;
        return false;
    }
    return true;
}

/* -- events ------------------------------------------------------------------------------------------------------------------------ */

/* Most servers send a token at a time, some many at once: a text too long for its number of pieces is estimated. */
static int64_t tokens_in(const struct source_event *ev)
{
    int64_t estimate = tokens_of(str_span(&ev->text));
    return estimate > LONG_PIECE * ev->pieces ? estimate : ev->pieces;
}

static void take_text(struct engine *en, struct job *r, const struct source_event *ev)
{
    bool reasoning = ev->kind == SOURCE_REASONING;
    int64_t tokens = tokens_in(ev);
    struct take *t = run_take(r, ev->take);
    if (take_state_over(t->state))
        return;
    if (t->first_ms < 0)
        t->first_ms = since_sent_ms(r);
    if (!r->first_us)
        r->first_us = clock_now_us();
    r->tokens += tokens;
    t->tokens += tokens;
    t->state = TAKE_WRITING;
    str_add(reasoning ? &t->reasoning : &t->text, str_span(&ev->text));
    if (r->begun)
        store_take_text(en->store, t->id, str_span(&ev->text), reasoning);
    if (!reasoning && en->watch.text)
        en->watch.text(en->watch.ctx, r, r->first_take + ev->take, str_span(&ev->text));
}

/* What came as the take's text was the model thinking aloud. */
static void take_rethought(struct engine *en, struct job *r, int index)
{
    struct err err = {0};
    struct take *t = run_take(r, index);
    if (take_state_over(t->state) || t->text.len == 0)
        return;
    str_add(&t->reasoning, str_span(&t->text));
    str_clear(&t->text);
    job_odds_forget(r, index);
    if (r->begun && !store_take_rethought(en->store, t, &err))
        en->storage_err = err;
    if (en->watch.rethought)
        en->watch.rethought(en->watch.ctx, r, r->first_take + index);
}

static void take_done(struct engine *en, struct job *r, const struct source_event *ev, enum take_state state)
{
    struct take *t = run_take(r, ev->take);
    if (take_state_over(t->state))
        return;
    t->state = state;
    t->total_ms = since_sent_ms(r);
    str_set(&t->finish, str_span(&ev->text)); /* of one that failed too: an answer without words may have one */
    if (state == TAKE_FAILED)
        str_set(&t->error, span_of(ev->err.text));
    keep_soon(en, r);
    if (en->watch.take_over)
        en->watch.take_over(en->watch.ctx, r, r->first_take + ev->take);
}

/* A busy server is asked again, as long as nothing has come that a second answer would double. When it says how long it wants to be left
 * alone, it is left alone by all; else the others go on. */
static bool retry_later(struct engine *en, struct job *r)
{
    if (r->err.kind != ERR_BUSY)
        return false;
    lane_busy(&en->lanes[r->lane], clock_now_us(), (int64_t)r->err.retry_ms * 1000);
    if (r->cancelled || r->first_us || r->tries >= TRIES_MAX)
        return false;
    int wait_ms = r->err.retry_ms > 0 ? r->err.retry_ms : 1000 << r->tries;
    r->retry_us = clock_now_us() + (int64_t)wait_ms * 1000;
    if (en->watch.waiting)
        en->watch.waiting(en->watch.ctx, r);
    return true;
}

static void run_done(struct engine *en, struct job *r, const struct source_event *ev)
{
    struct generation *g = run_generation(r);
    if (ev->usage.prompt_tokens >= 0)
        g->usage = ev->usage;
    if (r->takes == 1 && ev->usage.completion_tokens > 0)
        run_take(r, 0)->tokens = ev->usage.completion_tokens;
    r->sent = false;
    lane_answered(&en->lanes[r->lane], !r->err.kind && r->sent_us > en->lanes[r->lane].slowed_us);
    if (!retry_later(en, r))
        end_run(en, r);
}

/* They are no word of the writer's: what cannot be kept is learnt anew. But the request that is kept is the one that was answered. */
static void take_lessons(struct engine *en, struct job *r, struct span lessons)
{
    struct str body = {0};
    (void)!remember_lessons(en->store, lessons, NULL);
    if (r->source->ops->preview(r->source, &r->request, &body, NULL))
        str_move(&run_generation(r)->request, &body);
    str_release(&body);
}

static void handle_event(struct engine *en, struct job *r, const struct source_event *ev)
{
    bool whole_run = ev->take < 0 || ev->take >= r->takes;
    switch (ev->kind) {
    case SOURCE_TEXT:
    case SOURCE_REASONING:
        if (!whole_run)
            take_text(en, r, ev);
        break;
    case SOURCE_RETHINK:
        if (!whole_run)
            take_rethought(en, r, ev->take);
        break;
    case SOURCE_ODDS:
        job_odds_add(r, ev);
        break;
    case SOURCE_NOTE:
        if (en->watch.note)
            en->watch.note(en->watch.ctx, r, str_span(&ev->text));
        break;
    case SOURCE_LESSONS:
        take_lessons(en, r, str_span(&ev->text));
        break;
    case SOURCE_MODEL:
        str_set(&run_generation(r)->resolved, str_span(&ev->text));
        break;
    case SOURCE_TAKE_DONE:
        if (!whole_run)
            take_done(en, r, ev, TAKE_DONE);
        break;
    case SOURCE_FAILED:
        if (!whole_run)
            take_done(en, r, ev, TAKE_FAILED);
        r->err = ev->err;
        break;
    case SOURCE_DONE:
        run_done(en, r, ev);
        break;
    }
}

static struct job *find_run(struct engine *en, int64_t id)
{
    for (int i = 0; i < en->run_count; i++)
        if (en->runs[i]->id == id && !en->runs[i]->over)
            return en->runs[i];
    return NULL;
}

/* Writes what streamed in when it is due. A failure that is over is forgotten, unless a run is still to be kept. */
static void keep_stream(struct engine *en)
{
    struct err err = {0};
    int64_t now = clock_now_us();
    bool due = store_tick_ms(en->store, now) == 0;
    if (due && !store_tick(en->store, now, &err))
        en->storage_err = err;
    else if (!en->keep_us && (due || store_tick_ms(en->store, now) < 0))
        err_clear(&en->storage_err);
}

void engine_step(struct engine *en)
{
    struct source_event ev = {0};
    while (source_queue_pop(&en->queue, &ev)) {
        struct job *r = find_run(en, ev.run);
        if (r)
            handle_event(en, r, &ev);
        source_event_release(&ev);
    }
    send_due(en);
    if (en->keep_us && clock_now_us() >= en->keep_us && !en->together_ms)
        keep_all(en);
    keep_stream(en);
    drop_finished(en);
}

/* -- many at once ------------------------------------------------------------------------------------------------------------------- */

void engine_hold(struct engine *en)
{
    en->held = true;
}

bool engine_let_go(struct engine *en, bool (*inside)(void *ctx, struct err *e), void *ctx, struct err *e)
{
    en->held = !engine_keep_together(en, inside, ctx, e);
    return !en->held;
}

/* -- asking and stopping ------------------------------------------------------------------------------------------------------------ */

void engine_cancel(struct engine *en, struct job *r)
{
    if (r->over || r->cancelled)
        return;
    r->cancelled = true;
    if (!r->sent)
        end_run(en, r);
    else
        r->source->ops->cancel(r->source, r->id);
}

void engine_cancel_all(struct engine *en, const struct piece *p)
{
    for (int i = 0; i < en->run_count; i++)
        if (!p || en->runs[i]->piece == p)
            engine_cancel(en, en->runs[i]);
}

void engine_release(struct engine *en)
{
    engine_cancel_all(en, NULL);
    engine_step(en);
    for (int i = 0; i < en->run_count; i++) {
        if (!en->runs[i]->over)
            end_run(en, en->runs[i]);
        run_free(en->runs[i]);
    }
    for (int i = 0; i < en->lane_count; i++)
        free(en->lanes[i].url);
    free(en->lanes);
    free(en->runs);
    source_queue_release(&en->queue);
    memset(en, 0, sizeof *en);
}

/* Milliseconds from now until `due`, rounded up; 0 when it is past. */
static int ms_until(int64_t due)
{
    int64_t us = due - clock_now_us();
    return us <= 0 ? 0 : (int)((us + 999) / 1000);
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* Until a run that waits may be sent, as far as that is a matter of time; -1: it is not. */
static int turn_ms(const struct engine *en, const struct job *r)
{
    const struct lane *l = &en->lanes[r->lane];
    int64_t due = r->retry_us > l->until_us ? r->retry_us : l->until_us;
    return en->held || r->over || r->sent || l->open >= l->room ? -1 : ms_until(due);
}

int engine_wait_ms(const struct engine *en)
{
    int wait = store_tick_ms(en->store, clock_now_us());
    if (en->queue.count)
        return 0;
    if (en->keep_us)
        wait = sooner(wait, ms_until(en->keep_us));
    for (int i = 0; i < en->run_count; i++)
        wait = sooner(wait, turn_ms(en, en->runs[i]));
    return wait;
}

bool engine_busy(const struct engine *en, const struct piece *p)
{
    for (int i = 0; i < en->run_count; i++)
        if (!en->runs[i]->over && (!p || en->runs[i]->piece == p))
            return true;
    return false;
}

const struct job *engine_job(const struct engine *en, const struct piece *p, int generation)
{
    for (int i = 0; i < en->run_count; i++)
        if (en->runs[i]->piece == p && en->runs[i]->generation == generation && !en->runs[i]->over)
            return en->runs[i];
    return NULL;
}

bool engine_holds(const struct engine *en, const struct piece *p)
{
    for (int i = 0; i < en->run_count; i++)
        if (en->runs[i]->piece == p)
            return true;
    return false;
}

double engine_rate(const struct engine *en, const struct piece *p)
{
    double rate = -1;
    for (int i = 0; i < en->run_count; i++) {
        const struct job *r = en->runs[i];
        if (r->over || (p && r->piece != p))
            continue;
        double seconds = r->first_us ? (double)(clock_now_us() - r->first_us) / 1e6 : 0;
        rate = (rate < 0 ? 0 : rate) + (seconds > 0.05 ? (double)r->tokens / seconds : 0);
    }
    return rate;
}
