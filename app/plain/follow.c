#include "app/plain/parts.h"
#include "core/clock.h"
#include "core/count.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "ui/panel_takes.h"

#include <stdlib.h>
#include <string.h>

#define SENTENCE_FROM 80 /* a line longer than so many bytes is said sentence by sentence */

static bool is_one_of(const struct follow *f, int take)
{
    for (int i = 0; i < f->count; i++)
        if (f->takes[i] == take)
            return true;
    return false;
}

bool follow_busy(const struct app *app)
{
    return app->plain->follow.count > 0;
}

/* -- beginning ------------------------------------------------------------------------------------------------------------------------------ */

static struct span writer_of(const struct app *app, const struct take *t)
{
    const struct piece *p = &app->piece;
    int g = t->generation < 0 ? (int)(-1 - t->generation) : piece_find_generation(p, t->generation);
    if (g < 0)
        return SPAN("");
    const struct generation *what = &p->generations[g];
    return str_span(what->resolved.len ? &what->resolved : what->model.len ? &what->model : &what->server);
}

/* What was over when it was first seen came out of the library. */
void follow_look(struct app *app)
{
    struct follow *f = &app->plain->follow;
    int before = f->count;
    if (f->known > app->piece.take_count)
        f->known = app->piece.take_count;
    for (; f->known < app->piece.take_count; f->known++) {
        if (take_state_over(app->piece.takes[f->known].state) || is_one_of(f, f->known))
            continue;
        ARRAY_ROOM(f->takes, f->count, f->cap);
        f->takes[f->count++] = f->known;
    }
    if (f->count > before) {
        struct str who = {0};
        plain_quote(&who, writer_of(app, &app->piece.takes[f->takes[before]]), 40);
        plain_say(app, _("Asking %s…"), str_text(&who));
        str_release(&who);
    }
}

/* -- as it comes ---------------------------------------------------------------------------------------------------------------------------- */

/* How much of it is whole: lines, and sentences of a long line. */
static size_t whole(struct span text)
{
    static const char *const ends[] = {"。", "！", "？", "；", "……", ". ", "! ", "? ", "; "};
    size_t line = 0, sentence = 0;
    for (size_t i = text.len; i > 0 && !line; i--)
        if (text.s[i - 1] == '\n')
            line = i;
    if (text.len - line < SENTENCE_FROM)
        return line;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        for (ptrdiff_t at = (ptrdiff_t)line; (at = span_find(text, span_of(ends[i]), (size_t)at)) >= 0;) {
            at += (ptrdiff_t)strlen(ends[i]);
            sentence = (size_t)at > sentence ? (size_t)at : sentence;
        }
    return sentence > line ? sentence : line;
}

static void say_part(struct app *app, struct span text)
{
    struct follow *f = &app->plain->follow;
    if (text.len == 0)
        return;
    plain_text(app, text);
    f->mid_line = text.s[text.len - 1] != '\n';
}

static void say_text(struct app *app, const struct take *t)
{
    struct follow *f = &app->plain->follow;
    struct span text = str_span(&t->text);
    bool over = take_state_over(t->state);
    if (f->said > text.len) { /* what had come was thinking */
        plain_say(app, "%s", _("That was thinking; now the answer."));
        f->said = 0;
        f->begun = false;
    }
    while (!f->begun && f->said < text.len && memchr(" \t\r\n", text.s[f->said], 4))
        f->said++;
    if (f->said == text.len)
        return;
    f->begun = true;
    struct span rest = span_cut(text, f->said, text.len);
    size_t part = over ? rest.len : whole(rest);
    say_part(app, span_cut(rest, 0, part));
    f->said += part;
}

static void say_thinking(struct app *app, const struct take *t)
{
    struct follow *f = &app->plain->follow;
    if (f->thinking || t->reasoning.len == 0 || t->text.len)
        return;
    f->thinking = true;
    plain_say(app, "%s", _("The model is thinking."));
}

/* -- its end -------------------------------------------------------------------------------------------------------------------------------- */

static void add_place(const struct piece *p, int take, struct str *out)
{
    int passage = page_passage_of_take(p, take), number = 1;
    int count = passage < 0 ? 1 : piece_siblings(p, passage, NULL, 0);
    int *siblings = mem_new((size_t)count + 1, sizeof *siblings);
    if (passage >= 0)
        piece_siblings(p, passage, siblings, count);
    while (passage >= 0 && number <= count && siblings[number - 1] != passage)
        number++;
    str_printf(out, _("take %d of %d"), number, count);
    free(siblings);
}

static int count_lines(struct span text)
{
    struct span line;
    int count = 0;
    for (struct span rest = span_trim(text); span_line(&rest, &line);)
        count += span_trim(line).len > 0;
    return count;
}

static void say_end(struct app *app, int take)
{
    const struct take *t = &app->piece.takes[take];
    struct follow *f = &app->plain->follow;
    struct str end = {0};
    int lines = count_lines(str_span(&t->text));
    if (f->mid_line)
        plain_text(app, SPAN("\n"));
    add_place(&app->piece, take, &end);
    str_add_text(&end, " · ");
    str_printf(&end, ngettext("%d line", "%d lines", (unsigned)lines), lines);
    str_add_text(&end, " · ");
    plain_quote(&end, writer_of(app, t), 40);
    str_printf(&end, " · %s", t->state == TAKE_DONE && t->finish.len ? str_text(&t->finish) : take_word(t->state));
    if (t->reasoning.len)
        str_printf(&end, " · %s", _("with thoughts (/thoughts)"));
    plain_lines(app, str_span(&end));
    if (t->error.len && !span_starts(str_span(&app->message), str_text(&t->error))) /* else it is said with what helps */
        plain_sentence(app, str_span(&t->error));
    str_release(&end);
}

static void next(struct follow *f)
{
    memmove(f->takes, f->takes + 1, (size_t)--f->count * sizeof *f->takes);
    f->said = 0;
    f->begun = f->thinking = f->mid_line = false;
}

/* A server that is busy is said once; what is counted down on a screen would talk without end. */
static void say_waiting(struct app *app)
{
    struct follow *f = &app->plain->follow;
    for (int i = 0; i < app->engine.run_count; i++) {
        const struct job *job = app->engine.runs[i];
        int64_t id = job->id * 1000 + job->tries, seconds = (job->retry_us - clock_now_us() + 999999) / 1000000;
        if (!job->retry_us || job->over || f->countdown == id)
            continue;
        f->countdown = id;
        plain_say(app, _("%s Asking again in %lld s; /stop gives up."), job->err.text, (long long)(seconds > 0 ? seconds : 0));
    }
}

void follow_step(struct app *app)
{
    struct follow *f = &app->plain->follow;
    int read_out = f->count;
    say_waiting(app);
    while (f->count && f->takes[0] < app->piece.take_count) {
        const struct take *t = &app->piece.takes[f->takes[0]];
        say_thinking(app, t);
        say_text(app, t);
        if (!take_state_over(t->state))
            return;
        say_end(app, f->takes[0]);
        next(f);
    }
    f->count = 0;
    if (read_out > 1 && !engine_busy(&app->engine, NULL))
        plain_say(app, "%s", _("/takes lists them, /take 2 lays the second one on the page."));
}
