/* The muse behind core/source.h: runs and their takes, each with a poet of its own. */
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/echo.h"
#include "muse/muse_parts.h"
#include "muse/poet.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define POETS_MAX 4            /* of a run at the same time: each has memory of its own */
#define CONTEXT_MAX (16u << 10) /* bytes of the page that are read: what stands further above is forgotten */
#define SEEDS 1000000000       /* a drawn seed is below this, so that a writer can type it */
#define PIECES_MAX 512         /* tokens that are counted in one text */
#define HEARD_AT_ONCE 8        /* tokens whose odds are told in one piece of work */

struct muse_source {
    struct source source;
    struct muse *muse;
    uint64_t seed;             /* of the next run whose dial is off */
};

struct verse {
    struct poet *poet;         /* NULL: it has not begun, or is over */
    struct str text;           /* all of it so far */
    size_t told;               /* bytes of it that went out */
    struct echo *echo;         /* NULL: nobody asks for odds */
    const char *finish;        /* why it is complete; NULL: it is not */
    bool over;
};

struct muse_run {
    int64_t id;
    struct muse_source *source;
    struct source_queue *out;
    struct request request;
    struct wish wish;
    struct mind *mind;
    uint64_t seed;             /* of take 0 */
    struct verse *verses;
    int count, over;
    int next;                  /* whose turn it is */
    int64_t tokens;            /* told by all of them */
    bool cancelled;
};

void muse_run_free(struct muse_run *r)
{
    for (int i = 0; i < r->count; i++) {
        poet_free(r->verses[i].poet);
        echo_free(r->verses[i].echo);
        str_release(&r->verses[i].text);
    }
    free(r->verses);
    wish_release(&r->wish);
    request_release(&r->request);
    free(r);
}

/* -- events ------------------------------------------------------------------------------------------------------------------------ */

static void push(struct muse_run *r, enum source_event_kind kind, int take, struct span text)
{
    struct source_event ev = {.kind = kind, .run = r->id, .take = take, .usage = {-1, -1}};
    str_add(&ev.text, text);
    source_queue_push(r->out, &ev);
}

static void push_text(struct muse_run *r, int take, struct span text)
{
    int tokens[PIECES_MAX], count = 0;
    struct source_event ev = {.kind = SOURCE_TEXT, .run = r->id, .take = take};
    (void)vocab_encode(r->mind->vocab, text, tokens, &count, PIECES_MAX);
    ev.pieces = count > 0 ? count : 1;
    r->tokens += ev.pieces;
    if (r->verses[take].echo)
        echo_add(r->verses[take].echo, text);
    str_add(&ev.text, text);
    source_queue_push(r->out, &ev);
}

static bool push_odds(struct muse_run *r, int take)
{
    struct source_event ev = {.kind = SOURCE_ODDS, .run = r->id, .take = take, .odds = mem_new(1, sizeof *ev.odds)};
    bool more = r->verses[take].echo && echo_step(r->verses[take].echo, &ev.text, ev.odds);
    if (more)
        source_queue_push(r->out, &ev);
    source_event_release(&ev);
    return more;
}

static void push_failure(struct muse_run *r, int take, const struct err *e)
{
    struct source_event ev = {.kind = SOURCE_FAILED, .run = r->id, .take = take, .err = *e};
    source_queue_push(r->out, &ev);
}

static void push_done(struct muse_run *r)
{
    struct source_event ev = {.kind = SOURCE_DONE, .run = r->id, .take = -1, .usage = {-1, -1}};
    int head[PIECES_MAX];
    ev.usage.prompt_tokens = echo_head(r->mind->vocab, &r->wish, head, PIECES_MAX);
    ev.usage.completion_tokens = r->tokens;
    source_queue_push(r->out, &ev);
}

/* -- stop strings ------------------------------------------------------------------------------------------------------------------ */

/* Where the first stop string begins at or behind `from`; the text's length: nowhere. */
static size_t find_stop(const struct request *req, struct span text, size_t from)
{
    size_t first = text.len;
    for (int i = 0; i < req->stop_count; i++) {
        ptrdiff_t at = req->stops[i].len ? span_find(text, str_span(&req->stops[i]), from) : -1;
        if (at >= 0 && (size_t)at < first)
            first = (size_t)at;
    }
    return first;
}

/* Bytes at the text's end with which a stop string may be beginning. */
static size_t held_back(const struct request *req, struct span text)
{
    size_t held = 0;
    for (int i = 0; i < req->stop_count; i++) {
        struct span stop = str_span(&req->stops[i]);
        for (size_t len = stop.len; len-- > held + 1;)
            if (len <= text.len && span_equal(span_cut(text, text.len - len, text.len), span_cut(stop, 0, len)))
                held = len;
    }
    return held;
}

/* -- takes -------------------------------------------------------------------------------------------------------------------------- */

static void end_verse(struct muse_run *r, int take)
{
    struct verse *v = &r->verses[take];
    poet_free(v->poet);
    echo_free(v->echo);
    v->poet = NULL;
    v->echo = NULL;
    v->over = true;
    r->over++;
}

/* Tells what came; true when a stop string ended it. */
static bool tell(struct muse_run *r, int take, bool complete)
{
    struct verse *v = &r->verses[take];
    struct span text = str_span(&v->text);
    size_t end = find_stop(&r->request, text, v->told);
    bool stopped = end < text.len;
    if (!stopped && !complete)
        end -= held_back(&r->request, text);
    if (end > v->told)
        push_text(r, take, span_cut(text, v->told, end));
    v->told = end > v->told ? end : v->told;
    return stopped;
}

static void write_on(struct muse_run *r, int take)
{
    struct verse *v = &r->verses[take];
    struct err err = {0};
    enum poet_state state = poet_step(v->poet, &v->text, &err);
    bool stopped = tell(r, take, state != POET_WORKING);
    if (state == POET_FAILED && !stopped) {
        push_failure(r, take, &err);
        end_verse(r, take);
    } else if (state == POET_DONE || stopped) {
        v->finish = stopped || !v->poet->finish ? "stop" : v->poet->finish;
    }
}

/* Tells the odds of what was written; a take that is complete ends when all are told. */
static void hear(struct muse_run *r, int take)
{
    struct verse *v = &r->verses[take];
    for (int i = 0; i < HEARD_AT_ONCE; i++)
        if (!push_odds(r, take)) {
            if (v->finish) {
                push(r, SOURCE_TAKE_DONE, take, span_of(v->finish));
                end_verse(r, take);
            }
            return;
        }
}

/* A take has its poet. */
static void settle(struct muse_run *r, int take, struct poet *poet)
{
    r->verses[take].poet = poet;
    if (r->request.logprobs > 0)
        r->verses[take].echo = echo_new(&r->mind->pack, r->mind->vocab, &r->wish, r->request.logprobs);
}

static void begin(struct muse_run *r, int take)
{
    struct err err = {0};
    struct poet *poet = poet_new(&r->mind->pack, r->mind->vocab, &r->wish, &r->request.dials, r->seed + (uint64_t)take, &err);
    if (poet) {
        settle(r, take, poet);
        return;
    }
    push_failure(r, take, &err);
    end_verse(r, take);
}

static int poets(const struct muse_run *r)
{
    int count = 0;
    for (int i = 0; i < r->count; i++)
        count += r->verses[i].poet != NULL;
    return count;
}

bool muse_run_step(struct muse_run *r)
{
    for (int tried = 0; !r->cancelled && r->over < r->count && tried < r->count; tried++) {
        int take = r->next;
        r->next = (r->next + 1) % r->count;
        if (r->verses[take].over || (!r->verses[take].poet && poets(r) >= POETS_MAX))
            continue;
        if (!r->verses[take].poet)
            begin(r, take);
        else if (!r->verses[take].finish)
            write_on(r, take);
        if (!r->verses[take].over)
            hear(r, take);
        break;
    }
    if (!r->cancelled && r->over < r->count)
        return true;
    push_done(r);
    return false;
}

/* -- what is wished ----------------------------------------------------------------------------------------------------------------- */

/* The end of the page, from the beginning of a line on where it has lines. */
static struct span nearest(struct span page)
{
    if (page.len <= CONTEXT_MAX)
        return page;
    struct span tail = span_cut(page, page.len - CONTEXT_MAX, page.len);
    ptrdiff_t line = span_find(tail, SPAN("\n"), 0);
    size_t from = line < 0 ? 0 : (size_t)line + 1;
    while (from < tail.len && ((unsigned char)tail.s[from] & 0xC0) == 0x80)
        from++; /* inside a character */
    return span_cut(tail, from, tail.len);
}

void muse_read_wish(struct wish *w, const struct request *req)
{
    struct span all = str_span(&req->prompt);
    wish_read(w, span_cut(all, req->asked, all.len), nearest(span_cut(all, 0, req->asked)));
}

static void draw_seed(struct muse_source *s)
{
    uint64_t drawn = 0;
    if (getrandom(&drawn, sizeof drawn, 0) == sizeof drawn)
        s->seed = drawn % SEEDS;
    else
        s->seed = (s->seed + 1) % SEEDS;
}

static uint64_t seed_of(const struct muse_source *s, const struct request *req)
{
    return req->dials.on[DIAL_SEED] ? (uint64_t)req->dials.value[DIAL_SEED] : s->seed;
}

/* Everything that the text depends on, so that it can be written again. */
static void describe(const struct muse_source *s, const struct request *req, const struct wish *w, const struct mind *mind, struct str *out)
{
    struct dials dials = req->dials;
    dial_set(&dials, DIAL_SEED, (double)seed_of(s, req));
    str_printf(out, "%s · %s\n", mind->model, muse_language_name(mind->language));
    wish_describe(w, out);
    str_printf(out, "\nform=%s ", w->form->name);
    dials_format(&dials, out);
    for (int i = 0; i < req->stop_count; i++)
        str_printf(out, "\nstop=%s", str_text(&req->stops[i]));
    str_add_byte(out, '\n');
}

/* -- the source --------------------------------------------------------------------------------------------------------------------- */

/* Opens what is needed and finds the poet of take 0; NULL with a sentence when the wish cannot be met at all. */
static struct poet *prepare(struct muse_source *s, const struct request *req, struct wish *w, struct mind **mind, struct err *e)
{
    muse_read_wish(w, req);
    *mind = muse_mind(s->muse, str_span(&req->model), w->language, e);
    return *mind ? poet_new(&(*mind)->pack, (*mind)->vocab, w, &req->dials, seed_of(s, req), e) : NULL;
}

static bool preview(struct source *source, const struct request *req, struct str *body, struct err *e)
{
    struct muse_source *s = (struct muse_source *)source;
    struct wish wish;
    struct mind *mind = NULL;
    wish_init(&wish);
    struct poet *poet = prepare(s, req, &wish, &mind, e);
    bool possible = poet != NULL;
    if (possible && body)
        describe(s, req, &wish, mind, body);
    poet_free(poet);
    wish_release(&wish);
    return possible;
}

static void open_run(struct muse_run *r)
{
    struct str text = {0};
    str_printf(&text, "%s · %s", r->mind->model, muse_language_name(r->mind->language));
    push(r, SOURCE_MODEL, -1, str_span(&text));
    if (r->request.model.len && !span_is(str_span(&r->request.model), r->mind->model)) {
        str_clear(&text);
        str_printf(&text, r->wish.language == FORM_EN ? _("The voice “%s” knows Chinese only; the muse itself writes the English.")
                                                      : _("The voice “%s” knows English only; the muse itself writes the Chinese."),
                   str_text(&r->request.model));
        push(r, SOURCE_NOTE, -1, str_span(&text));
    }
    if (r->wish.kind == WISH_BEYOND) {
        str_clear(&text);
        wish_explain_beyond(&r->wish, &text);
        push(r, SOURCE_NOTE, -1, str_span(&text));
    }
    str_release(&text);
}

static bool start(struct source *source, int64_t run, const struct request *req, struct source_queue *out, struct str *body, struct err *e)
{
    struct muse_source *s = (struct muse_source *)source;
    struct muse *m = s->muse;
    struct muse_run *r = mem_new(1, sizeof *r);
    *r = (struct muse_run){.id = run, .source = s, .out = out};
    wish_init(&r->wish);
    struct poet *poet = prepare(s, req, &r->wish, &r->mind, e);
    if (!poet) {
        muse_run_free(r);
        return false;
    }
    request_copy(&r->request, req);
    if (body)
        describe(s, req, &r->wish, r->mind, body);
    r->seed = seed_of(s, req);
    r->count = dials_takes(&req->dials);
    r->verses = mem_new((size_t)r->count, sizeof *r->verses);
    settle(r, 0, poet);
    ARRAY_ROOM(m->runs, m->run_count, m->run_cap);
    m->runs[m->run_count++] = r;
    draw_seed(s);
    open_run(r);
    return true;
}

static void cancel(struct source *source, int64_t run)
{
    const struct muse *m = ((struct muse_source *)source)->muse;
    for (int i = 0; i < m->run_count; i++)
        if (m->runs[i]->id == run)
            m->runs[i]->cancelled = true;
}

static void source_free(struct source *source)
{
    struct muse_source *s = (struct muse_source *)source;
    struct muse *m = s->muse;
    int kept = 0;
    for (int i = 0; i < m->run_count; i++) {
        if (m->runs[i]->source == s)
            muse_run_free(m->runs[i]);
        else
            m->runs[kept++] = m->runs[i];
    }
    m->run_count = kept;
    free(s);
}

static const struct source_ops ops = {.start = start, .cancel = cancel, .preview = preview, .free = source_free};

struct source *muse_source_new(struct muse *m)
{
    struct muse_source *s = mem_new(1, sizeof *s);
    s->source.ops = &ops;
    s->muse = m;
    draw_seed(s);
    return &s->source;
}
