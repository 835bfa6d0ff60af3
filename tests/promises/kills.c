/* Promise 6: the program is killed at random moments, while a text streams in and while keys are typed: kills RENGA FAKE_SERVER.
 *
 * What must be there afterwards is told by what was seen, so that a slow machine changes nothing: each token of the stream tells when it was
 * sent, each mark that is typed is noted with its time. When the screen shows something that was sent at T, the program has been through
 * its work after T; then everything that the screen had shown a quarter of a second (what was typed: half a second) before T is kept. */
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "storage/store.h"
#include "tests/app/stage.h"
#include "tests/promise.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MARKS_MAX  20000
#define STREAM_US  250000
#define TYPING_US  500000
#define HEARD_MAX  (64u << 20)

/* Things that follow one another on the screen: tokens, or what is typed. Numbered from 1. */
struct marks {
    int64_t sent_us[MARKS_MAX], shown_us[MARKS_MAX];
    int sent, shown;
};

static struct marks stream, typed;
static struct { size_t kills, tokens, marks, prompts, lost; } total;

static uint64_t dice(uint64_t *state, uint64_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % below;
}

/* -- what is seen -------------------------------------------------------------------------------------------------- */

static void note_shown(struct marks *m, int number)
{
    for (int64_t now = clock_now_us(); m->shown < number && m->shown + 1 < MARKS_MAX;)
        m->shown_us[++m->shown] = now;
}

/* "#7@123456 ": a token, and when it was sent. */
static void look_for_tokens(struct span screen)
{
    for (ptrdiff_t at = 0; (at = span_find(screen, SPAN("#"), (size_t)at)) >= 0; at++) {
        char *end = NULL;
        long number = strtol(screen.s + at + 1, &end, 10);
        if (number <= 0 || number >= MARKS_MAX || *end != '@')
            continue;
        long long ms = strtoll(end + 1, &end, 10);
        if (*end != ' ')
            continue; /* not whole */
        stream.sent_us[number] = ms * 1000;
        note_shown(&stream, (int)number);
    }
}

static void look_for_typed(struct span screen)
{
    char mark[16];
    for (int number = typed.sent; number > typed.shown; number--) {
        snprintf(mark, sizeof mark, "k%d.", number);
        if (span_find(screen, span_of(mark), 0) >= 0)
            note_shown(&typed, number);
    }
}

static void look(struct terminal *t, int ms)
{
    struct str screen = {0};
    if (poll(&(struct pollfd){.fd = t->master, .events = POLLIN}, 1, ms) <= 0)
        return;
    terminal_take(t);
    terminal_screen(t, &screen);
    look_for_tokens(str_span(&screen));
    look_for_typed(str_span(&screen));
    str_release(&screen);
}

static void type_mark(struct terminal *t)
{
    char mark[16];
    if (typed.sent + 1 >= MARKS_MAX)
        return;
    snprintf(mark, sizeof mark, "k%d. ", ++typed.sent);
    typed.sent_us[typed.sent] = clock_now_us();
    terminal_type(t, mark);
}

/* Until that time has passed; types on all the while. */
static void live(struct terminal *t, uint64_t us, bool types, uint64_t *seed)
{
    int64_t end = clock_now_us() + (int64_t)us, next = 0;
    for (int64_t now = clock_now_us(); now < end && t->ended < 0; now = clock_now_us()) {
        if (types && now >= next) {
            type_mark(t);
            next = now + 10000 + (int64_t)dice(seed, 40000);
        }
        look(t, 5);
    }
}

/* -- what is kept -------------------------------------------------------------------------------------------------- */

/* The number of the last mark of a text whose marks follow one another from 1 on; -1: one is missing. */
static int count_marks(struct span text, const char *before, char after)
{
    int count = 0;
    for (ptrdiff_t at = 0; (at = span_find(text, span_of(before), (size_t)at)) >= 0; at++) {
        char *end = NULL;
        long number = strtol(text.s + at + strlen(before), &end, 10);
        if (*end != after)
            break; /* the last one may be cut */
        if (number != ++count)
            return -1;
    }
    return count;
}

static size_t count_lost(const struct marks *m, int64_t grace_us, int kept)
{
    size_t lost = kept < 0;
    for (int i = kept < 0 ? m->shown + 1 : kept + 1; i <= m->shown; i++)
        lost += m->shown_us[i] <= m->sent_us[m->shown] - grace_us;
    return lost;
}

static bool prompt_is_kept(const struct piece *p, const char *prompt)
{
    for (int i = 0; i < p->generation_count; i++)
        if (span_find(str_span(&p->generations[i].prompt), span_of(prompt), 0) >= 0)
            return true;
    return false;
}

static bool was_heard(const char *prompt)
{
    struct str heard = {0};
    bool found = file_read(getenv("HEARD"), &heard, HEARD_MAX, NULL) && span_find(str_span(&heard), span_of(prompt), 0) >= 0;
    str_release(&heard);
    return found;
}

/* All that was typed stands in the draft or on the page. */
static int typed_and_kept(struct store *s, const struct piece *p)
{
    struct str text = {0};
    store_draft_load(s, p->id, &text);
    for (int i = 0; i < p->passage_count; i++)
        if (p->passages[i].author == AUTHOR_WRITER)
            str_add(&text, passage_text(p, i));
    int kept = count_marks(str_span(&text), "k", '.');
    str_release(&text);
    return kept;
}

static void judge(const char *prompt)
{
    struct str path = {0};
    struct store *s = NULL;
    struct piece p;
    struct err e = {.kind = ERR_NONE};
    piece_init(&p);
    str_printf(&path, "%s/kills/renga/renga.db", stage_folder());
    if (!store_open(&s, str_text(&path), &e))
        fail_msg("%s", e.text);
    int64_t newest = store_newest_piece(s);
    if (newest && !store_piece_load(s, newest, &p, &e))
        fail_msg("%s", e.text);
    bool kept = prompt_is_kept(&p, prompt), sent = stream.shown || was_heard(prompt);
    size_t tokens = count_lost(&stream, STREAM_US, kept && p.take_count ? count_marks(str_span(&p.takes[0].text), "#", '@') : 0);
    size_t keys = count_lost(&typed, TYPING_US, typed_and_kept(s, &p));
    if ((sent && !kept) || tokens || keys)
        print_error("%s: %s, %zu of %d tokens and %zu of %d marks lost\n", prompt, sent && !kept ? "lost" : "kept", tokens, stream.shown, keys,
                    typed.shown);
    total.lost += (sent && !kept) + tokens + keys;
    total.prompts += sent;
    total.tokens += (size_t)stream.shown;
    total.marks += (size_t)typed.shown;
    piece_release(&p);
    store_close(s);
    str_release(&path);
}

/* -- lives --------------------------------------------------------------------------------------------------------- */

static void shoot(struct terminal *t)
{
    kill(t->program, SIGKILL);
    assert_int_equal(terminal_wait_end(t), 128 + SIGKILL);
    terminal_close(t);
    total.kills++;
}

static void begin_piece(struct terminal *t)
{
    stage_start(t, "kills", 120, 40);
    terminal_type(t, KEY_CTRL('N'));
    terminal_wait_no_text(t, "@"); /* what the last life left is out of sight */
}

static void asks_and_types(struct terminal *t, const char *prompt, uint64_t *seed)
{
    begin_piece(t);
    terminal_type(t, prompt);
    terminal_type(t, KEY_CTRL('G'));
    terminal_wait_text(t, "#1@");
    live(t, 100000 + dice(seed, 1300000), true, seed);
}

static void asks(struct terminal *t, const char *prompt, uint64_t *seed)
{
    begin_piece(t);
    terminal_type(t, prompt);
    terminal_type(t, KEY_CTRL('G'));
    live(t, dice(seed, 60000), false, seed);
}

static void types_on_the_page(struct terminal *t, const char *prompt, uint64_t *seed)
{
    (void)prompt;
    begin_piece(t);
    terminal_type(t, "\t");
    live(t, 300000 + dice(seed, 1500000), true, seed);
}

static void writes_from_the_shell(struct terminal *t, const char *prompt, uint64_t *seed)
{
    stage_command(t, "kills", 120, 40, (const char *const[]){"write", prompt, NULL});
    live(t, dice(seed, 1500000), false, seed);
}

static void no_kill_loses_more_than_a_moment(void **state)
{
    static void (*const lives[])(struct terminal *t, const char *prompt, uint64_t *seed) = {
        asks_and_types, writes_from_the_shell, types_on_the_page, asks,
    };
    unsigned long kills = promise_tries(28);
    uint64_t seed = promise_seed();
    (void)state;
    stage_furnish("kills", "stamps-15000-300");
    for (unsigned long i = 0; i < kills; i++) {
        struct terminal t;
        char prompt[32];
        stream.sent = stream.shown = typed.sent = typed.shown = 0;
        snprintf(prompt, sizeof prompt, "ask-%lu-please", i);
        lives[i % COUNT_OF(lives)](&t, prompt, &seed);
        shoot(&t);
        judge(prompt);
    }
    promise(6, "lost", total.lost, "%zu kills (seed %lu): %zu prompts sent, %zu tokens and %zu typed marks seen", total.kills,
            (unsigned long)promise_seed(), total.prompts, total.tokens, total.marks);
    assert_int_equal(total.lost, 0);
}

int main(int argc, char **argv)
{
    char heard[] = "/tmp/renga-heard-XXXXXX";
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_kill_loses_more_than_a_moment)};
    int fd = argc < 3 ? -1 : mkstemp(heard);
    if (fd < 0)
        return 2;
    close(fd);
    setenv("HEARD", heard, 1);
    stage_programs(argv[1], argv[2]);
    int failed = cmocka_run_group_tests(tests, stage_set_up, stage_tear_down);
    unlink(heard);
    return failed;
}
