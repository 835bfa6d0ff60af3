#include "app/exchange/exchange.h"
#include "app/exchange/page.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <dirent.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h> /* after what it needs */

#define must(call)                                                                                                     \
    do {                                                                                                               \
        struct err e = {0};                                                                                            \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", #call, e.text);                                                                         \
    } while (0)

static struct store *library(void)
{
    struct store *s = NULL;
    must(store_open(&s, NULL, &e));
    return s;
}

static char folder[64];

static const char *in_folder(const char *name)
{
    static char path[4][512];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof *path, "%s/%s", folder, name);
    return path[turn];
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/renga-exchange-XXXXXX", P_tmpdir);
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            unlink(in_folder(entry->d_name));
    if (dir)
        closedir(dir);
    return rmdir(folder);
}

static const char *write_file(const char *name, struct span bytes)
{
    const char *path = in_folder(name);
    must(file_write(path, bytes, &e));
    return path;
}

static const char *data(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", RENGA_DATA, name);
    return path;
}

static struct exchange_import take_in(struct store *s, const char *path)
{
    struct exchange_import what = {0};
    must(exchange_import_file(s, path, &what, &e));
    str_release(&what.complaints);
    return what;
}

static char *refused(struct store *s, const char *path)
{
    struct exchange_import what = {0};
    struct err e = {0};
    if (exchange_import_file(s, path, &what, &e))
        fail_msg("%s was taken in as %s", path, what.what);
    str_release(&what.complaints);
    return mem_copy_text(e.text);
}

static char *export(struct store *s, int64_t piece, enum exchange_format format, const struct exchange_look *look)
{
    struct str out = {0};
    struct exchange_sink sink = exchange_into(&out);
    must(exchange_export_piece(s, piece, format, look, &sink, &e));
    return str_take(&out);
}

static void expect_page(struct store *s, int64_t piece, const char *text)
{
    char *page = export(s, piece, EXCHANGE_TEXT, NULL);
    assert_string_equal(page, text);
    free(page);
}

/* A page by three hands: the writer's line, a prompt, a model's answer and what the writer made of the next. */
static int64_t by_several(struct store *s, const char *title, const char *answer)
{
    struct piece p;
    piece_init(&p);
    str_set(&p.title, span_of(title));
    str_set(&p.project_name, SPAN("秋信 & <co>"));
    int mine = piece_add_passage(&p, -1, AUTHOR_WRITER, -1);
    passage_set_text(&p, mine, SPAN("The river\n"));
    int prompt = piece_add_prompt(&p, mine, SPAN("go on, \"please\"")), g = piece_add_generation(&p);
    str_set(&p.generations[g].prompt, SPAN("go on, \"please\""));
    str_set(&p.generations[g].model, SPAN("qwen3"));
    str_set(&p.generations[g].server, SPAN("desk"));
    str_set(&p.generations[g].url, SPAN("http://user:secret@host/"));
    dials_default(&p.generations[g].dials);
    dial_set(&p.generations[g].dials, DIAL_SEED, 42);
    p.generations[g].sent_ms = 1790000000000;
    int take = piece_add_take(&p, -1 - g, 0);
    p.takes[take].state = TAKE_DONE;
    str_set(&p.takes[take].text, span_of(answer));
    int model = piece_add_passage(&p, prompt, AUTHOR_MODEL, take);
    int edit = piece_add_passage(&p, model, AUTHOR_EDIT, -1);
    passage_set_text(&p, edit, SPAN("\nlast line, mixed"));
    str_set(&p.passages[edit].runs, SPAN("6:1,11:0"));
    piece_choose(&p, edit);
    must(store_piece_save(s, &p, &e));
    int64_t id = p.id;
    piece_release(&p);
    return id;
}

/* -- Markdown --------------------------------------------------------------------------------------------------------------------------- */

static enum author author_at(const struct exchange_page *pg, size_t at)
{
    int i = 0;
    while (i + 1 < pg->count && pg->stretches[i].to <= at)
        i++;
    return pg->stretches[i].author;
}

static void our_markdown_comes_back_as_the_same_page(void **state)
{
    (void)state;
    static const char *const answers[] = {"月落乌啼霜满天", "---\nnot the end\n---\n", "\n\n\ttabs \\ \"quotes\"\r\n", "\x1b[31mred\x07", "🍂", "# h\n"};
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct store *s = library(), *other = library();
        int64_t id = by_several(s, i % 2 ? "秋夜: \"draft\" #3" : "", answers[i]);
        char *markdown = export(s, id, EXCHANGE_MARKDOWN, NULL), *text = export(s, id, EXCHANGE_TEXT, NULL);
        struct exchange_import what = take_in(other, write_file("page.md", span_of(markdown)));
        assert_int_equal(what.pieces, 1);
        expect_page(other, what.piece, text);
        struct exchange_page before, after;
        must(exchange_page_load(&before, s, id, true, &e));
        must(exchange_page_load(&after, other, what.piece, true, &e));
        assert_true(span_equal(str_span(&before.piece.title), str_span(&after.piece.title)));
        assert_true(span_equal(str_span(&before.piece.project_name), str_span(&after.piece.project_name)));
        for (size_t at = 0; at < before.text.len; at++)
            assert_int_equal(author_at(&before, at), author_at(&after, at));
        assert_non_null(strstr(markdown, "seed=42"));
        assert_non_null(strstr(markdown, "model: \"qwen3\""));
        assert_null(strstr(markdown, "secret"));
        exchange_page_release(&before);
        exchange_page_release(&after);
        struct exchange_import again = take_in(other, in_folder("page.md"));
        assert_int_equal(again.rows + again.changed, 0);
        free(markdown);
        free(text);
        store_close(s);
        store_close(other);
    }
}

/* It was changed elsewhere, as it happens to as many bytes. */
static void a_page_of_ours_that_was_changed_loses_no_character(void **state)
{
    (void)state;
    struct store *s = library();
    static const char page[] = "---\nrenga: page\ntitle: \"t\"\n  - bytes: 0-4\n    author: writer\n  - bytes: 4-10\n    author: model\n---\n窗前明\n";
    expect_page(s, take_in(s, write_file("changed.md", SPAN(page))).piece, "窗前明\n");
    store_close(s);
}

static void front_matter_of_others_gives_the_title_and_is_kept(void **state)
{
    (void)state;
    struct store *s = library();
    struct piece p;
    piece_init(&p);
    int64_t id = take_in(s, data("front.md")).piece;
    expect_page(s, id, "# Heading\n\n---\nThe body, with a rule above it.\n");
    must(store_piece_load(s, id, &p, &e));
    assert_string_equal(str_text(&p.title), "A note from elsewhere");
    assert_string_equal(str_text(&p.project_name), "Letters");
    bool kept = false;
    for (int i = 0; i < p.passage_count; i++)
        kept = kept || (p.passages[i].trashed && strstr(str_text(&p.passages[i].text), "tags: [autumn, 秋]"));
    assert_true(kept);
    expect_page(s, take_in(s, data("rule.md")).piece, "---\n\nA poem under a rule that is never closed.\n");
    id = take_in(s, data("heading.md")).piece;
    must(store_piece_load(s, id, &p, &e));
    assert_string_equal(str_text(&p.title), "水调歌头");
    piece_release(&p);
    store_close(s);
}

static void a_page_goes_without_its_prompts(void **state)
{
    (void)state;
    struct store *s = library();
    int64_t id = by_several(s, "t", "the lake");
    char *text = export(s, id, EXCHANGE_TEXT, &(struct exchange_look){.without_prompts = true});
    assert_string_equal(text, "The river\n\nthe lake\nlast line, mixed");
    free(text);
    store_close(s);
}

/* -- HTML ------------------------------------------------------------------------------------------------------------------------------- */

/* Every tag is one that renga writes, and is closed; nothing in the page can run or be fetched. */
static void expect_inert(const char *html)
{
    static const char *const known[] = {"html", "head", "meta", "title", "style", "body", "main", "h1", "div", "span", "footer", "ul", "li"};
    int open = 0, spans = 0;
    assert_int_equal(strncmp(html, "<!DOCTYPE html>\n", 16), 0);
    for (const char *at = strchr(html + 2, '<'); at; at = strchr(at + 1, '<')) {
        bool closes = at[1] == '/', found = false;
        const char *name = at + 1 + closes;
        size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz1");
        for (size_t i = 0; i < COUNT_OF(known); i++)
            found = found || (strlen(known[i]) == len && !strncmp(name, known[i], len));
        if (!found)
            fail_msg("a strange tag: %.60s", at);
        const char *end = strchr(at, '>');
        assert_non_null(end);
        struct span tag = {at + 1, (size_t)(end - at - 1)};
        assert_true(span_find(tag, SPAN("<"), 0) < 0 && span_find(tag, SPAN("src="), 0) < 0 && span_find(tag, SPAN("href="), 0) < 0 &&
                    span_find(tag, SPAN(" on"), 0) < 0 && span_find(tag, SPAN(" style="), 0) < 0);
        int step = strncmp(name, "meta", 4) ? closes ? -1 : 1 : 0;
        open += step;
        spans += strncmp(name, "span", 4) ? 0 : step;
        assert_true(open >= 0 && spans >= 0 && spans <= 1);
    }
    assert_int_equal(open, 0);
    assert_null(strstr(html, "url("));
    assert_null(strstr(html, "@import"));
    assert_null(strstr(html, "secret"));
    for (const char *c = html; *c; c++)
        assert_true((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t');
    assert_true(utf8_valid(span_of(html)));
}

static void html_is_well_formed_and_inert(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "<script>alert(1)</script>", "</style><script>x</script>", "</title></head><body onload=x>", "\"><img src=x onerror=y>", "' onmouseover='x",
        "&lt;b&gt; &amp; &#60;", "<!-- ", "]]>", "<svg/onload=x>", "\x1b[2J\x07\x7f", "\xE2\x80\xAE" "gnp.exe", "\xC2\x9B" "31m", "月落 <b> 乌啼",
    };
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct store *s = library();
        int64_t id = by_several(s, hostile[i], hostile[(i + 1) % COUNT_OF(hostile)]);
        for (int look = 0; look < 2; look++) {
            char *html = export(s, id, EXCHANGE_HTML, &(struct exchange_look){.vertical = look == 1});
            expect_inert(html);
            assert_int_equal(look == 1, strstr(html, "<main class=\"vertical\">") != NULL);
            free(html);
        }
        store_close(s);
    }
}

static void html_tells_who_wrote_what(void **state)
{
    (void)state;
    struct store *s = library();
    char *html = export(s, by_several(s, "秋夜", "月落乌啼霜满天,江枫渔火对愁眠。姑苏城外寒山寺"), EXCHANGE_HTML, NULL);
    assert_non_null(strstr(html, "<html lang=\"zh\">"));
    assert_non_null(strstr(html, "<span class=\"writer\">The river"));
    assert_non_null(strstr(html, "<span class=\"h0\" title=\"qwen3 · "));
    assert_non_null(strstr(html, "<li class=\"h0\">qwen3</li>"));
    assert_non_null(strstr(html, "<h1>秋夜</h1>"));
    assert_non_null(strstr(html, "line-break:strict"));
    assert_non_null(strstr(html, "writing-mode:vertical-rl"));
    free(html);
    store_close(s);
}

/* -- generations ------------------------------------------------------------------------------------------------------------------------ */

static void generations_go_out_in_every_format(void **state)
{
    (void)state;
    struct store *s = library(), *other = library();
    by_several(s, "t", "one <answer>");
    int64_t ids[] = {1};
    for (int f = 0; f < EXCHANGE_FORMAT_COUNT; f++) {
        struct str out = {0};
        struct exchange_sink sink = exchange_into(&out);
        must(exchange_export_generations(s, ids, 1, (enum exchange_format)f, &sink, &e));
        assert_non_null(strstr(str_text(&out), f == EXCHANGE_HTML ? "one &lt;answer&gt;" : "one <answer>"));
        if (f == EXCHANGE_HTML)
            expect_inert(str_text(&out));
        if (f == EXCHANGE_BUNDLE)
            assert_int_equal(take_in(other, write_file("some.jsonl", str_span(&out))).generations, 1);
        str_release(&out);
    }
    store_close(s);
    store_close(other);
}

/* -- names ------------------------------------------------------------------------------------------------------------------------------ */

static void file_names_are_safe(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"秋夜", "秋夜"},           {"../../etc/passwd", "etc passwd"}, {"/root", "root"},          {"a/b\\c:d*e?f\"g<h>i|j", "a b c d e f g h i j"},
        {"", "untitled"},           {"...", "untitled"},                {".hidden", "hidden"},      {"dots...", "dots"},
        {"line\none\ttab", "line one tab"}, {"\xE2\x80\xAE" "evil", "evil"}, {"\x1b[31mred", "[31mred"}, {"  spaces  in  ", "spaces in"},
    };
    struct str out = {0};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        str_clear(&out);
        exchange_file_name(&out, span_of(names[i][0]));
        assert_string_equal(str_text(&out), names[i][1]);
    }
    struct str lengthy = {0};
    for (int i = 0; i < 500; i++)
        str_add_text(&lengthy, "长");
    str_clear(&out);
    exchange_file_name(&out, str_span(&lengthy));
    assert_true(out.len <= 120 && out.len > 100 && utf8_valid(str_span(&out)));
    str_release(&lengthy);
    str_release(&out);
}

static void pieces_of_one_title_get_files_of_their_own(void **state)
{
    (void)state;
    struct store *s = library();
    int count = 0, files = 0;
    for (int i = 0; i < 3; i++)
        by_several(s, i < 2 ? "../same" : "秋", "x");
    char *into = mem_copy_text(in_folder("out"));
    must(exchange_export_folder(s, 0, EXCHANGE_TEXT, NULL, into, &count, &e));
    assert_int_equal(count, 3);
    DIR *dir = opendir(into);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.') {
            char path[1024];
            snprintf(path, sizeof path, "%s/%s", into, entry->d_name);
            files++;
            unlink(path);
        }
    closedir(dir);
    assert_int_equal(files, 3);
    rmdir(into);
    free(into);
    int64_t piece = 0;
    struct err why = {0};
    assert_false(exchange_find_piece(s, SPAN("../same"), &piece, &why));
    assert_non_null(strstr(why.text, "2, 1"));
    must(exchange_find_piece(s, SPAN("秋"), &piece, &e));
    assert_int_equal(piece, 3);
    store_close(s);
}

/* -- other programs' files -------------------------------------------------------------------------------------------------------------- */

static void a_tavern_chat_comes_with_its_swipes(void **state)
{
    (void)state;
    struct store *s = library();
    struct piece p;
    piece_init(&p);
    struct exchange_import what = take_in(s, data("tavern.jsonl"));
    assert_int_equal(what.pieces, 1);
    assert_int_equal(what.generations, 3);
    must(store_piece_load(s, what.piece, &p, &e));
    assert_string_equal(str_text(&p.title), "李白的影子");
    assert_int_equal(p.take_count, 5);
    assert_string_equal(str_text(&p.generations[1].prompt), "写一首五绝,秋夜。");
    assert_string_equal(str_text(&p.generations[1].model), "qwen3-14b");
    assert_int_equal(p.generations[1].sent_ms, 1709381760000);
    assert_int_equal(p.generations[0].sent_ms, 1709410440000);
    int siblings[9], shown = -1;
    for (int i = 0; i < p.passage_count; i++)
        if (p.passages[i].take >= 0 && span_starts(passage_text(&p, i), "月落"))
            shown = i;
    assert_true(shown >= 0);
    assert_int_equal(piece_siblings(&p, shown, siblings, 9), 3);
    assert_int_equal(siblings[1], shown);
    expect_page(s, what.piece,
                "把酒问月,你问什么?\n\n写一首五绝,秋夜。\n\n月落乌啼夜,\n霜浓客未眠。\n\nNow in English, \"plain\".\n\nThe moon goes down.\\n is not a "
                "newline; \x07 is a bell.");
    struct exchange_import again = take_in(s, data("tavern.jsonl"));
    assert_int_equal(again.rows + again.changed, 0);
    assert_int_equal(again.piece, what.piece);
    piece_release(&p);
    store_close(s);
}

static void kobold_and_mikupad_bring_memory_and_lore(void **state)
{
    (void)state;
    struct store *s = library();
    struct piece p;
    piece_init(&p);
    int64_t id = take_in(s, data("kobold.json")).piece;
    expect_page(s, id, "The river kept its own calendar. In autumn it ran backwards. 鱼都知道。");
    must(store_piece_load(s, id, &p, &e));
    assert_string_equal(str_text(&p.notes.memory), "A village by a river, 水村。");
    assert_string_equal(str_text(&p.notes.note), "Slow, plain sentences.");
    assert_int_equal(p.notes.depth, 2);
    assert_int_equal(p.notes.lore_count, 1);
    assert_string_equal(str_text(&p.notes.lore[0].keys), "river, 河");
    id = take_in(s, data("koboldcpp.json")).piece;
    expect_page(s, id, "Once, a lamp. It burned low.");
    must(store_piece_load(s, id, &p, &e));
    assert_int_equal(p.notes.depth, 1);
    assert_false(p.notes.lore[0].enabled);
    id = take_in(s, data("mikupad.json")).piece;
    expect_page(s, id, "夜里,雨来了。 Then nothing.");
    must(store_piece_load(s, id, &p, &e));
    assert_string_equal(str_text(&p.title), "雨 sketch");
    assert_string_equal(str_text(&p.notes.memory), "A quiet house.");
    assert_string_equal(str_text(&p.notes.lore[0].keys), "house, 屋");
    assert_int_equal(p.notes.depth, 4);
    assert_int_equal(p.passage_count, 3);
    assert_int_equal(p.passages[1].author, AUTHOR_MODEL);
    piece_release(&p);
    store_close(s);
}

/* A database made of a file of SQL. */
static const char *make_database(const char *name)
{
    struct str sql = {0};
    sqlite3 *db = NULL;
    must(file_read(data(name), &sql, 1 << 20, &e));
    const char *path = in_folder("logs.db");
    unlink(path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, str_text(&sql), NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    str_release(&sql);
    return path;
}

static void the_log_of_llm_comes_with_models_and_dials(void **state)
{
    (void)state;
    struct store *s = library();
    struct generation g = {0};
    struct take *takes = NULL;
    int count = 0;
    struct exchange_import what = take_in(s, make_database("llm.sql"));
    assert_int_equal(what.pieces, 2);
    assert_int_equal(what.generations, 3);
    must(store_generation_load(s, 1, &g, &takes, &count, &e));
    assert_string_equal(str_text(&g.prompt), "A haiku on rain");
    assert_string_equal(str_text(&g.system), "Be brief.");
    assert_string_equal(str_text(&g.resolved), "gpt-4o-mini-2024");
    assert_int_equal(g.sent_ms, 1714979289123);
    assert_true(g.dials.on[DIAL_TEMPERATURE] && g.dials.on[DIAL_SEED] && !g.dials.on[DIAL_TOP_K]);
    assert_int_equal(takes[0].total_ms, 1234);
    take_release(&takes[0]);
    free(takes);
    generation_release(&g);
    expect_page(s, what.piece, "A haiku on rain\n\nRain on the tin roof\n\n再来一首,中文\n\n雨打芭蕉");
    assert_int_equal(take_in(s, in_folder("logs.db")).rows, 0);
    what = take_in(s, make_database("llm_turns.sql"));
    expect_page(s, what.piece, "ask\n\nanswer");
    store_close(s);
}

/* -- what is refused -------------------------------------------------------------------------------------------------------------------- */

#define BYTES(text) {(text), sizeof(text) - 1}

static int64_t pieces_in(struct store *s)
{
    struct str out = {0};
    struct exchange_sink sink = exchange_into(&out);
    int64_t pieces = 0;
    must(exchange_export_bundle(s, 0, &sink, &e));
    for (ptrdiff_t at = 0; (at = span_find(str_span(&out), SPAN("{\"row\":"), (size_t)at)) >= 0; at++)
        pieces++;
    str_release(&out);
    return pieces;
}

static void what_is_foreign_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct span bytes;
        const char *says;
    } files[] = {
        {"zip.md", BYTES("PK\x03\x04\0\0\0"), "no text"},
        {"gb.txt", BYTES("\xC7\xEF\xD2\xB9"), "GB18030"},
        {"utf16.txt", BYTES("\xFF\xFE\x41"), "UTF-16"},
        {"other.json", BYTES("{\"a\": 1}"), "is JSON, but"},
        {"list.json", BYTES("[{\"a\": 1}]"), "is JSON, but"},
        {"cut.json", BYTES("{\"prompt\": \"x"), "broken or cut off"},
        {"sqlite.db", BYTES("SQLite format 3\0 and then nonsense"), ""},
        {"bundle.jsonl", BYTES("{\"renga\":\"bundle\",\"version\":99}\n"), "newer"},
        {"half.jsonl", BYTES("{\"renga\":\"bundle\",\"version\":1}\n{\"row\":\"project\",\n"), "2"},
        {"chat.jsonl", BYTES("{\"user_name\":\"a\",\"character_name\":\"b\"}\n{\"mes\":\"x\"}\n{\"mes\":7}\n"), "3"},
        {"story.json", BYTES("{\"prompt\":\"x\",\"actions\":[\"a\",[1]]}"), "2"},
        {"pad2.json", BYTES("{\"prompt\":\"[{\\\"content\\\":\",\"memoryTokens\":\"{}\"}"), "mikupad"},
        {"pad.json", BYTES("{\"prompt\":\"{}\",\"memoryTokens\":\"{}\"}"), "mikupad"},
    };
    struct store *s = library();
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char *why = refused(s, write_file(files[i].name, files[i].bytes));
        if (!strstr(why, files[i].says) || !*why)
            fail_msg("%s: %s", files[i].name, why);
        free(why);
        assert_int_equal(pieces_in(s), 0);
    }
    char *why = refused(s, in_folder("no such file"));
    free(why);
    struct store *own = NULL;
    must(store_open(&own, in_folder("own.db"), &e));
    store_close(own);
    why = refused(s, in_folder("own.db"));
    assert_non_null(strstr(why, "--library"));
    free(why);
    assert_int_equal(pieces_in(s), 0);
    store_close(s);
}

/* Every file of the hostile collection, where there is one: taken in whole or refused, and out again byte for byte. */
static void hostile_files_do_no_harm(void **state)
{
    (void)state;
    const char *where = getenv("RENGA_HOSTILE");
    DIR *dir = where ? opendir(where) : NULL;
    if (!dir)
        skip();
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct store *s = library();
        struct exchange_import what = {0};
        struct str bytes = {0};
        struct err why = {0};
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", where, entry->d_name);
        if (entry->d_name[0] != '.' && exchange_import_file(s, path, &what, &why)) {
            must(file_read(path, &bytes, 1 << 30, &e));
            char *html = export(s, what.piece, EXCHANGE_HTML, NULL), *markdown = export(s, what.piece, EXCHANGE_MARKDOWN, NULL);
            expect_inert(html);
            if (!span_starts(str_span(&bytes), "---\n") && !span_starts(str_span(&bytes), "\xEF\xBB\xBF"))
                expect_page(s, what.piece, str_text(&bytes));
            free(html);
            free(markdown);
        } else if (entry->d_name[0] != '.') {
            assert_true(why.text[0] != '\0');
        }
        str_release(&what.complaints);
        str_release(&bytes);
        store_close(s);
    }
    closedir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_markdown_comes_back_as_the_same_page),
        cmocka_unit_test(a_page_of_ours_that_was_changed_loses_no_character),
        cmocka_unit_test(front_matter_of_others_gives_the_title_and_is_kept),
        cmocka_unit_test(a_page_goes_without_its_prompts),
        cmocka_unit_test(html_is_well_formed_and_inert),
        cmocka_unit_test(html_tells_who_wrote_what),
        cmocka_unit_test(generations_go_out_in_every_format),
        cmocka_unit_test(file_names_are_safe),
        cmocka_unit_test(pieces_of_one_title_get_files_of_their_own),
        cmocka_unit_test(a_tavern_chat_comes_with_its_swipes),
        cmocka_unit_test(kobold_and_mikupad_bring_memory_and_lore),
        cmocka_unit_test(the_log_of_llm_comes_with_models_and_dials),
        cmocka_unit_test(what_is_foreign_is_refused_with_a_sentence),
        cmocka_unit_test(hostile_files_do_no_harm),
    };
    clock_freeze(1000, 1790000000000);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
