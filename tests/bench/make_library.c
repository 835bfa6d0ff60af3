/* Makes a large library for benchmarks, and measures it:
 *
 *     make_library FILE COUNT      adds COUNT generations of Chinese and English, one transaction per thousand
 *     make_library FILE            measures opening, listing, searching and writing
 *
 * The same count always gives the same texts. */
#include "core/clock.h"
#include "core/mem.h"
#include "storage/store_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EACH_TRANSACTION 1000
#define EACH_PIECE       8

static const char *const english[] = {
    "the",     "and",    "of",      "a",      "to",    "in",       "river",  "wind",   "night",
    "autumn",  "letter", "moon",    "window", "quiet", "stone",    "garden", "memory", "winter",
    "lamp",    "silver", "shore",   "boat",   "rain",  "sleeping", "under",  "over",   "before",
    "nothing", "every",  "brother", "mother", "field", "bridge",   "smoke",  "harbor", "name"};
static const char chinese[] =
    "春夏秋冬山水花月风雨雪云江河湖海天地人心夜晓梦酒诗书琴棋画剑舟桥楼台松竹梅兰菊柳草木石泉溪雁鹤莺燕蝉"
    "霜露烟霞星斗日光影声香色寒暖远近高低归去来望思忆愁欢笑泪别逢知故旧新古今千万里年时不是无有一二三";

static uint64_t dice = 88172645463325252u;

static size_t roll(size_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (size_t)(dice % sides);
}

static void add_english(struct str *out, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        str_add_text(out, english[roll(4) ? roll(COUNT_OF(english)) : roll(6)]);
        str_add_text(out, roll(9) ? " " : ",\n");
    }
}

static void add_chinese(struct str *out, size_t characters)
{
    for (size_t i = 0; i < characters; i++) {
        str_add(out, (struct span){chinese + 3 * roll((sizeof chinese - 1) / 3), 3});
        if (i % 7 == 6)
            str_add_text(out, i % 2 ? ",\n" : "。\n");
    }
    if (roll(200) == 0)
        str_add_text(out, "艺术");
}

static void add_generation(struct piece *p, int64_t now)
{
    int parent = p->passage_count - 1, prompt = piece_add_passage(p, parent, AUTHOR_PROMPT, -1),
        index = piece_add_generation(p);
    struct generation *g = &p->generations[index];
    bool han = roll(2);
    (han ? add_chinese : add_english)(&g->prompt, 4 + roll(12));
    passage_set_text(p, prompt, str_span(&g->prompt));
    str_set(&g->server, SPAN("desk"));
    str_set(&g->dialect, SPAN("openai-chat"));
    str_set(&g->url, SPAN("http://desk-pc:8080/v1"));
    str_set(&g->model, roll(3) ? SPAN("qwen3-4b") : SPAN("gemma-3-4b"));
    g->sent_ms = now;
    dials_default(&g->dials);
    dial_set(&g->dials, DIAL_TEMPERATURE, (double)roll(20) / 10);
    str_printf(&g->request, "{\"model\":\"%s\",\"temperature\":%.2f,\"stream\":true}", str_text(&g->model),
               g->dials.value[DIAL_TEMPERATURE]);
    int take = piece_add_take(p, -1 - index, 0);
    struct take *t = &p->takes[take];
    (han ? add_chinese : add_english)(&t->text, 40 + roll(80));
    t->state = roll(20) ? TAKE_DONE : TAKE_STOPPED;
    t->rating = roll(50) ? 0 : 1 + (int)roll(5);
    piece_choose(p, piece_add_passage(p, prompt, AUTHOR_MODEL, take));
}

static bool fill(struct store *s, int64_t count, struct err *e)
{
    for (int64_t done = 0; done < count;) {
        if (!db_begin(&s->db, DB_NORMAL, e))
            return false;
        bool ok = true;
        for (int i = 0; ok && i < EACH_TRANSACTION && done < count;) {
            struct piece p;
            piece_init(&p);
            for (int k = 0; k < EACH_PIECE && done < count; k++, i++, done++)
                add_generation(&p, 1700000000000 + done * 60000);
            ok = piece_write(s, &p, e);
            piece_release(&p);
        }
        if (!db_end(&s->db, ok, e))
            return false;
    }
    return true;
}

/* -- measuring ------------------------------------------------------------------------------------------------------
 */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void tell(const char *what, int64_t *us, int count, int found)
{
    qsort(us, (size_t)count, sizeof *us, compare);
    printf("%-34s median %8.3f ms   p99 %8.3f ms   found %d\n", what, (double)us[count / 2] / 1000,
           (double)us[count * 99 / 100] / 1000, found);
}

static bool measure_open(const char *path, struct err *e)
{
    int64_t us[40];
    for (int i = 0; i < 40; i++) {
        struct store *s = NULL;
        us[i] = clock_now_us();
        if (!store_open(&s, path, e))
            return false;
        us[i] = clock_now_us() - us[i];
        store_close(s);
    }
    tell("open", us, 40, 0);
    return true;
}

static bool measure_search(struct store *s, const char *query, struct err *e)
{
    int64_t us[20];
    int count = 0;
    for (int i = 0; i < 20; i++) {
        struct search search = {span_of(query), 0, 50};
        struct hit *hits = NULL;
        count = 0;
        us[i] = clock_now_us();
        if (!store_search(s, &search, &hits, &count, e))
            return false;
        us[i] = clock_now_us() - us[i];
        for (int h = 0; h < count; h++)
            hit_release(&hits[h]);
        free(hits);
    }
    tell(*query ? query : "newest 50", us, 20, count);
    return true;
}

/* A prompt goes out and its take ends: two durable transactions. */
static bool measure_write(struct store *s, struct err *e)
{
    enum { ROUNDS = 300 };
    static int64_t begin[ROUNDS], end[ROUNDS];
    bool ok = true;
    for (int i = 0; ok && i < ROUNDS; i++) {
        struct piece p;
        piece_init(&p);
        add_generation(&p, clock_wall_ms());
        p.takes[0].state = TAKE_WAITING;
        begin[i] = clock_now_us();
        ok = store_generation_begin(s, &p, 0, e);
        begin[i] = clock_now_us() - begin[i];
        p.takes[0].state = TAKE_DONE;
        end[i] = clock_now_us();
        ok = ok && store_take_end(s, &p.takes[0], e);
        end[i] = clock_now_us() - end[i];
        piece_release(&p);
    }
    tell("begin a generation (durable)", begin, ROUNDS, 0);
    tell("end a take (durable)", end, ROUNDS, 0);
    return ok;
}

static bool measure(struct store *s, struct err *e)
{
    static const char *const queries[] = {
        "", "艺术", "风", "风雨", "the", "sleeping boat", "the 秋", "★>=4", "temperature>1.85", "tag:none"};
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        if (!measure_search(s, queries[i], e))
            return false;
    return measure_write(s, e);
}

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct err e = {0};
    int64_t count = 0;
    if (argc < 2 || (argc > 2 && !span_integer(span_of(argv[2]), &count))) {
        fprintf(stderr, "usage: make_library FILE [COUNT]\n");
        return 2;
    }
    bool ok = (count > 0 || measure_open(argv[1], &e)) && store_open(&s, argv[1], &e);
    int64_t start = clock_now_us();
    ok = ok && (count > 0 ? fill(s, count, &e) : measure(s, &e));
    if (ok && count > 0)
        printf("%lld generations in %.1f s\n", (long long)count, (double)(clock_now_us() - start) / 1e6);
    store_close(s);
    if (!ok)
        fprintf(stderr, "%s\n", e.text);
    return ok ? 0 : 1;
}
