/* Pages that are gone on with by beginning the answer. */
#include "net/prefill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void add(struct piece *p, enum author author, const char *text)
{
    int passage = piece_add_passage(p, p->leaf, author, -1);
    passage_set_text(p, passage, span_of(text));
    piece_choose_leaf(p, passage);
}

/* "user: … / assistant: …" */
static void show(const struct request *r, struct str *out)
{
    str_clear(out);
    for (int i = 0; i < r->turn_count; i++)
        str_printf(out, "%s%s: %s", i ? " / " : "", role_name(r->turns[i].role), str_text(&r->turns[i].text));
}

static void expect(struct piece *p, const char *turns, const char *blank)
{
    struct request r, copy = {0};
    struct str out = {0};
    request_init(&r);
    request_continue(&r, p, p->leaf, NULL);
    const char *question = "Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing.";
    request_copy(&copy, &r);
    assert_true(prefill_turn(&copy));
    show(&copy, &out);
    ptrdiff_t at = span_find(str_span(&out), span_of(question), 0);
    if (at >= 0)
        str_splice(&out, (size_t)at, strlen(question), SPAN("Q"));
    assert_string_equal(str_text(&out), turns);
    assert_true(span_is(prefill_blank(&r), blank));
    str_release(&out);
    request_release(&copy);
    request_release(&r);
}

static void the_page_becomes_the_answers_beginning(void **state)
{
    struct piece p;
    (void)state;
    piece_init(&p);
    add(&p, AUTHOR_WRITER, "春江潮水");
    expect(&p, "user: Q / assistant: 春江潮水", "");
    add(&p, AUTHOR_WRITER, "连海平，\n\n");
    expect(&p, "user: Q / assistant: 春江潮水连海平，", "\n\n");
    add(&p, AUTHOR_EDIT, "海上明月");
    expect(&p, "user: 春江潮水连海平， / assistant: 海上明月", "");
    add(&p, AUTHOR_WRITER, "共潮生。 ");
    expect(&p, "user: 春江潮水连海平， / assistant: 海上明月 / user: Q / assistant: 共潮生。", " ");
    piece_release(&p);
    piece_init(&p);
    add(&p, AUTHOR_MODEL, "");
    passage_set_text(&p, p.leaf, SPAN("The tide"));
    expect(&p, "user: Q / assistant: The tide", "");
    piece_release(&p);
}

static void nothing_else_is_turned(void **state)
{
    struct piece p;
    struct request r;
    (void)state;
    piece_init(&p);
    add(&p, AUTHOR_WRITER, "The tide");
    request_init(&r);
    request_ask(&r, &p, p.leaf, SPAN("What comes next?"), NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_insert(&r, &p, p.leaf, 3, SPAN(" is high"), NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_rewrite(&r, &p, p.leaf, 0, &(struct rewriting){SPAN("The"), SPAN(" tide"), SPAN("louder")}, NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    request_init(&r);
    request_continue(&r, &p, -1, NULL);
    assert_false(prefill_turn(&r));
    request_release(&r);
    piece_release(&p);
}

static void servers_say_so_in_their_own_way(void **state)
{
    static const struct {
        enum dialect_id dialect;
        const char *url, *mark;
    } rows[] = {
        {DIALECT_ANTHROPIC, "https://api.anthropic.com", ""},
        {DIALECT_OPENAI_CHAT, "https://api.openai.com/v1", NULL},
        {DIALECT_OPENAI_CHAT, "https://api.deepseek.com/v1", NULL},
        {DIALECT_OPENAI_CHAT, "https://api.deepseek.com/beta", "prefix"},
        {DIALECT_OPENAI_CHAT, "https://api.moonshot.cn/v1", "partial"},
        {DIALECT_GEMINI, "https://api.moonshot.cn/v1", NULL},
        {DIALECT_OPENAI_CHAT, "no address", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server s;
        server_init(&s);
        s.dialect = rows[i].dialect;
        server_set_text(&s.url, span_of(rows[i].url));
        const char *mark = prefill_mark(&s);
        assert_int_equal(mark == NULL, rows[i].mark == NULL);
        if (mark)
            assert_string_equal(mark, rows[i].mark);
        server_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_becomes_the_answers_beginning),
        cmocka_unit_test(nothing_else_is_turned),
        cmocka_unit_test(servers_say_so_in_their_own_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
