/* Makes a large library for benchmarks:
 *
 *     make_library FILE COUNT      adds COUNT generations of 400 characters, half of them Chinese, half English
 *
 * Words come as often as in a language (the second half as often as the first, the third a third as often …), a word of two Chinese
 * characters is one word; there are pieces of a few generations in projects, several models and servers, dials, ratings, tags, a writer's
 * edits, and a trash. The same count always gives the same texts. */
#include "core/clock.h"
#include "core/mem.h"
#include "storage/store_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EACH_TRANSACTION 20000
#define CHARACTERS       400
#define WORDS            30000

/* -- dice ------------------------------------------------------------------------------------------------------------------------------- */

static uint64_t dice = 88172645463325252u;

static size_t roll(size_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (size_t)(dice % sides);
}

/* Zipf by its table: rank r comes 1/(r + 3) as often as all ranks together. */
static double reach[WORDS];

static void prepare_ranks(void)
{
    double sum = 0;
    for (int i = 0; i < WORDS; i++)
        reach[i] = sum += 1.0 / (i + 3);
}

static size_t rank(size_t ranks)
{
    double at = (double)roll(1u << 30) / (1u << 30) * reach[ranks - 1];
    size_t low = 0, high = ranks - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (reach[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* -- words ------------------------------------------------------------------------------------------------------------------------------ */

static const char *const common[] = {
    "the",  "and",   "of",     "a",      "to",    "in",    "that",  "it",     "was",    "he",    "is",     "with",   "his",   "her",
    "on",   "for",   "at",     "she",    "as",    "not",   "had",   "but",    "you",    "from",  "they",   "by",     "my",    "all",
    "be",   "this",  "one",    "we",     "there", "were",  "so",    "what",   "their",  "when",  "out",    "no",     "like",  "up",
    "would", "into", "night",  "then",   "over",  "river", "wind",  "autumn", "letter", "moon",  "window", "quiet",  "stone", "garden",
    "lamp", "winter", "silver", "memory", "rain",  "under", "brother", "mother", "field", "bridge", "smoke", "harbor", "name",  "boat"};
static const char common_han[] =
    "的一了不是我在有人这他来上大地中到说出子时天你看下去过得里后自以生那着也心好家小能对可而都开没山水月风花春"
    "夜雨秋江雪云声想还见走长面眼头日起手如果只把事知道回光路城远白老门树歌酒梦诗书灯清空情红高南北东西青草石鸟";

static char english[WORDS][20], chinese[WORDS][8];

/* A made-up word of a few syllables, so that words begin alike as words do. */
static void make_english(char *out, size_t size)
{
    static const char *const starts[] = {"b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "st", "tr", "gr", "pl", "sh", "th"};
    static const char *const vowels[] = {"a", "e", "i", "o", "u", "ea", "ou", "ai"};
    static const char *const ends[] = {"", "n", "r", "l", "s", "t", "nd", "ng", "ck", "m"};
    size_t syllables = 1 + roll(3);
    out[0] = '\0';
    for (size_t i = 0; i < syllables; i++) {
        size_t len = strlen(out);
        snprintf(out + len, size - len, "%s%s%s", starts[roll(COUNT_OF(starts))], vowels[roll(COUNT_OF(vowels))],
                 i + 1 == syllables ? ends[roll(COUNT_OF(ends))] : "");
    }
}

static void add_han(char *out, size_t character)
{
    size_t known = (sizeof common_han - 1) / 3, len = strlen(out);
    unsigned cp = 0x4E00 + (unsigned)(character * 7 % 20000);
    if (character < known)
        snprintf(out + len, 8 - len, "%.3s", common_han + 3 * character);
    else
        snprintf(out + len, 8 - len, "%c%c%c", (int)(0xE0 | cp >> 12), (int)(0x80 | (cp >> 6 & 63)), (int)(0x80 | (cp & 63)));
}

/* The first are single characters, then mostly words of two. */
static void make_words(void)
{
    for (size_t i = 0; i < WORDS; i++) {
        if (i < COUNT_OF(common))
            snprintf(english[i], sizeof english[i], "%s", common[i]);
        else
            make_english(english[i], sizeof english[i]);
        add_han(chinese[i], i < 60 ? i : rank(4000));
        if (i >= 60 && roll(10))
            add_han(chinese[i], rank(4000));
    }
    snprintf(chinese[400], sizeof chinese[400], "艺术");
    snprintf(chinese[9000], sizeof chinese[9000], "渔舟");
}

static void add_english(struct str *out, int characters)
{
    int column = 0;
    for (int used = 0; used < characters;) {
        const char *word = english[rank(WORDS)];
        int len = (int)strlen(word) + 1;
        str_add_text(out, word);
        column += len;
        used += len;
        str_add_text(out, column < 40 ? roll(9) ? " " : ", " : "\n");
        column = column < 40 ? column : 0;
    }
}

static void add_chinese(struct str *out, int characters)
{
    int line = 0;
    for (int used = 0; used < characters;) {
        const char *word = chinese[rank(WORDS)];
        int len = (int)strlen(word) / 3;
        str_add_text(out, word);
        used += len;
        line += len;
        if (line >= 7) {
            str_add_text(out, roll(2) ? "，" : "。\n");
            line = 0;
            used++;
        }
    }
}

/* -- generations ------------------------------------------------------------------------------------------------------------------------- */

static const char *const models[] = {"qwen3-4b",        "qwen3-30b-a3b", "gemma-3-12b", "mistral-small-24b", "llama-3.3-70b",
                                     "deepseek-v3",     "gpt-4o-mini",   "muse-zh-2",   "glm-4-9b",          "internlm-rare"};
static const char *const servers[] = {"desk", "cluster", "muse", "attic"};

static void set_dials(struct dials *d)
{
    dials_default(d);
    dial_set(d, DIAL_TEMPERATURE, (double)(roll(8) ? 14 + roll(8) : roll(41)) / 20);
    if (roll(5) == 0)
        dial_set(d, DIAL_TOP_P, (double)(80 + roll(20)) / 100);
}

static int add_generation(struct piece *p, int64_t sent_ms)
{
    int parent = p->leaf, index = piece_add_generation(p);
    struct generation *g = &p->generations[index];
    bool han = roll(2);
    size_t model = rank(COUNT_OF(models));
    (han ? add_chinese : add_english)(&g->prompt, 8 + (int)roll(24));
    int prompt = piece_add_prompt(p, parent, str_span(&g->prompt));
    str_set(&g->server, span_of(servers[model == 7 ? 2 : roll(40) ? model % 2 : 3]));
    str_set(&g->dialect, SPAN("openai-chat"));
    str_set(&g->url, SPAN("http://desk-pc:8080/v1"));
    str_set(&g->model, span_of(models[model == COUNT_OF(models) - 1 && roll(300) ? 0 : model]));
    g->sent_ms = sent_ms;
    set_dials(&g->dials);
    str_printf(&g->request, "{\"model\":\"%s\",\"temperature\":%.2f,\"stream\":true}", str_text(&g->model), g->dials.value[DIAL_TEMPERATURE]);
    int take = piece_add_take(p, -1 - index, 0);
    struct take *t = &p->takes[take];
    (han ? add_chinese : add_english)(&t->text, CHARACTERS);
    t->state = roll(15) ? TAKE_DONE : (enum take_state)(TAKE_STOPPED + (int)roll(3));
    t->rating = roll(12) ? 0 : 1 + (int)roll(5);
    t->first_ms = 100;
    t->total_ms = 3000;
    t->tokens = 300;
    int passage = piece_add_passage(p, prompt, AUTHOR_MODEL, take);
    if (roll(3))
        piece_choose(p, passage);
    return passage;
}

/* Now and then the writer goes on by hand. */
static void add_own(struct piece *p)
{
    struct str text = {0};
    int passage = piece_add_passage(p, p->leaf, AUTHOR_WRITER, -1);
    (roll(2) ? add_chinese : add_english)(&text, 80);
    passage_set_text(p, passage, str_span(&text));
    piece_choose(p, passage);
    str_release(&text);
}

static bool mark(struct store *s, int64_t generation, struct err *e)
{
    static const char *const tags[] = {"keep", "诗", "again", "title", "秋", "draft", "gift", "rare"};
    bool ok = true;
    if (roll(30) == 0)
        ok = db_run(&s->db, "INSERT OR IGNORE INTO tags(tag, generation) VALUES(?, ?)",
                    WITH(as_name(tags[roll(40) ? rank(7) : 7]), as_int(generation)), e);
    if (ok && roll(400) == 0)
        ok = db_run(&s->db, "UPDATE generations SET trashed_at = sent_at + 1000 WHERE id = ?", WITH(as_int(generation)), e);
    return ok;
}

/* A piece of up to twelve generations; returns how many, -1: failed. */
static int add_piece(struct store *s, int64_t done, int64_t left, struct err *e)
{
    struct piece p;
    int count = 1 + (int)roll(12);
    count = count > left ? (int)left : count;
    piece_init(&p);
    if (roll(3))
        str_printf(&p.project_name, "%s %zu", roll(2) ? "letters" : "山水", rank(40));
    for (int i = 0; i < count; i++) {
        add_generation(&p, 1450000000000 + (done + i) * 300000);
        if (roll(25) == 0)
            add_own(&p);
    }
    bool ok = piece_write(s, &p, e);
    for (int i = 0; ok && i < count; i++)
        ok = mark(s, p.generations[i].id, e);
    piece_release(&p);
    return ok ? count : -1;
}

/* The index takes what comes in large portions, and is merged as in a program that rests now and then. */
static bool quicken(struct store *s, bool on, struct err *e)
{
    return db_script(&s->db,
                     on ? "PRAGMA cache_size=-400000; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=20000;"
                          "INSERT INTO generation_words(generation_words, rank) VALUES('hashsize', 134217728)"
                        : "INSERT INTO generation_words(generation_words, rank) VALUES('hashsize', 1048576)",
                     e);
}

static bool fill(struct store *s, int64_t count, struct err *e)
{
    int64_t start = clock_now_us();
    if (!quicken(s, true, e))
        return false;
    for (int64_t done = 0, told = 0; done < count;) {
        int added = 0;
        if (!db_begin(&s->db, DB_NORMAL, e))
            return false;
        s->db.sync = DB_NORMAL;
        for (int64_t end = done + EACH_TRANSACTION; added >= 0 && done < end && done < count; done += added > 0 ? added : 0)
            added = add_piece(s, done, count - done, e);
        if (!db_end(&s->db, added >= 0, e))
            return false;
        if (done - told >= 100000) {
            told = done;
            fprintf(stderr, "%lld after %.0f s\n", (long long)done, (double)(clock_now_us() - start) / 1e6);
        }
    }
    return quicken(s, false, e);
}

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct err e = {0};
    int64_t count = 0, start = clock_now_us();
    if (argc != 3 || !span_integer(span_of(argv[2]), &count) || count < 1) {
        fprintf(stderr, "usage: make_library FILE COUNT\n");
        return 2;
    }
    prepare_ranks();
    make_words();
    bool ok = store_open(&s, argv[1], &e) && fill(s, count, &e);
    if (ok)
        printf("%lld generations in %.1f s\n", (long long)count, (double)(clock_now_us() - start) / 1e6);
    store_close(s);
    if (!ok)
        fprintf(stderr, "%s\n", e.text);
    return ok ? 0 : 1;
}
