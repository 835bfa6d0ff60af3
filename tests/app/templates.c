/* The templates that come with the program, and the writer's own on top of them. */
#include "app/templates.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/muse.h"
#include "muse/wish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct templates all;

static const struct template *named(const char *name)
{
    const struct template *t = templates_find(&all, span_of(name));
    if (!t)
        fail_msg("there is no template %s", name);
    return t;
}

static int load_shipped(void **state)
{
    struct err e = {0};
    (void)state;
    if (!templates_load(&all, "no-such-folder", &e))
        fail_msg("%s", e.text);
    return 0;
}

static int release(void **state)
{
    (void)state;
    templates_release(&all);
    return 0;
}

/* As the form would have it when nothing is changed. */
static struct span untouched(void *ctx, struct span name)
{
    const struct template *t = ctx;
    int at = template_find_variable(t, name);
    struct span rest = at < 0 ? SPAN("") : str_span(&t->variables[at].choices);
    struct span line = at < 0 ? SPAN("x") : str_span(&t->variables[at].value);
    span_line(&rest, &line);
    return line;
}

static void every_shipped_one_is_whole(void **state)
{
    (void)state;
    assert_true(all.count >= 23);
    for (int i = 0; i < all.count; i++) {
        const struct template *t = &all.list[i];
        struct str text = {0};
        assert_false(all.own[i]);
        assert_true(t->help.len > 10);
        assert_true(t->language.len == 2);
        assert_int_not_equal(t->group, TEMPLATE_OTHER);
        assert_ptr_equal(templates_find(&all, str_span(&t->name)), t); /* no two of one name */
        for (int v = 0; v < t->count; v++) {
            struct span first = untouched((void *)t, str_span(&t->variables[v].name));
            if (!t->variables[v].name.len || !first.len)
                fail_msg("%s: a variable without a name or without something to begin with", str_text(&t->name));
        }
        template_fill(t, untouched, (void *)t, &text);
        assert_true(text.len > 20);
        assert_int_equal(span_find(str_span(&text), SPAN("{"), 0), -1);
        str_release(&text);
    }
}

static bool is_for_the_muse(const struct template *t)
{
    return span_find(str_span(&t->help), SPAN("The muse writes it"), 0) >= 0 || span_find(str_span(&t->help), SPAN("缪斯会写"), 0) >= 0;
}

/* Whoever the muse cannot do is said to need a server. */
static void each_says_who_can_write_it(void **state)
{
    int muse = 0;
    (void)state;
    for (int i = 0; i < all.count; i++) {
        const struct template *t = &all.list[i];
        bool server = span_find(str_span(&t->help), SPAN("Needs a chat server"), 0) >= 0 ||
                      span_find(str_span(&t->help), SPAN("要用对话模型的服务器"), 0) >= 0;
        assert_true(is_for_the_muse(t) != server);
        assert_true(t->needs_server == server);
        muse += is_for_the_muse(t);
    }
    assert_int_equal(muse, 11);
}

/* The form, and besides it nothing but what the fields say: no word of the frame is taken for a theme. */
static void check_understood(const struct template *t, const char *label, const char *wish)
{
    struct str text = {0}, read = {0};
    template_fill(t, untouched, (void *)t, &text);
    muse_understand(str_span(&text), SPAN(""), &read);
    if (!span_starts(str_span(&read), label))
        fail_msg("%s\nis read as: %s", str_text(&text), str_text(&read));
    if (wish)
        assert_string_equal(str_text(&read), wish);
    str_release(&text);
    str_release(&read);
}

static void the_muse_understands_its_own(void **state)
{
    static const struct {
        const char *name, *wish;
    } cases[] = {
        {"五绝", "五绝 · 《秋夜》 · 独坐听雨 · 平声韵"},   {"七绝", "七绝 · 《寄远》 · 江上送别 · 平声韵"},
        {"五律", "五律 · 《山居》 · 雪后访友 · 押“深”韵"}, {"七律", "七律 · 《登楼》 · 重阳怀人 · 押“秋”韵"},
        {"词", "浣溪沙 · 《春雨》 · 深巷卖花"},             {"sonnet", "sonnet · sea night"},
        {"haiku", "haiku · first snow washing line"},       {"villanelle", "villanelle · letters never sent"},
        {"ballad", "ballad · lighthouse keeper drowned"},   {"limerick", "limerick · cat typewriter"},
        {"free verse", "free verse · kitchen dawn"},
    };
    int told = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_understood(named(cases[i].name), "", cases[i].wish);
    for (int i = 0; i < all.count; i++)
        told += is_for_the_muse(&all.list[i]);
    assert_int_equal(told, COUNT_OF(cases));
}

/* Whatever is chosen in the form. */
static struct span chosen;
static struct span with_choice(void *ctx, struct span name)
{
    const struct template *t = ctx;
    int at = template_find_variable(t, name);
    return t->variables[at].choices.len ? chosen : untouched(ctx, name);
}

static void every_tune_is_one_that_the_muse_knows(void **state)
{
    const struct template *t = named("词");
    int at = template_find_variable(t, SPAN("词牌")), count = 0;
    (void)state;
    for (struct span rest = str_span(&t->variables[at].choices); span_line(&rest, &chosen); count++) {
        struct str text = {0}, read = {0};
        template_fill(t, with_choice, (void *)t, &text);
        muse_understand(str_span(&text), SPAN(""), &read);
        if (!span_equal(span_cut(str_span(&read), 0, chosen.len), chosen))
            fail_msg("%s is read as %s", str_text(&text), str_text(&read));
        str_release(&text);
        str_release(&read);
    }
    assert_int_equal(count, 12);
}

/* -- the writer's own ------------------------------------------------------------------------------------------------------------------ */

static void write_file(const char *folder, const char *name, const char *text)
{
    struct str path = {0};
    str_printf(&path, "%s/%s", folder, name);
    FILE *f = fopen(str_text(&path), "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    str_release(&path);
}

static void remove_file(const char *folder, const char *name)
{
    struct str path = {0};
    str_printf(&path, "%s/%s", folder, name);
    assert_int_equal(unlink(str_text(&path)), 0);
    str_release(&path);
}

static void own_files_lie_on_top(void **state)
{
    char folder[] = P_tmpdir "/renga-templates-XXXXXX";
    struct templates t = {0};
    struct err e = {0};
    (void)state;
    assert_non_null(mkdtemp(folder));
    write_file(folder, "haiku.txt", "help = mine\n\nA haiku, please: {what}");
    write_file(folder, "晨课.txt", "写一首{什么=诗}");
    write_file(folder, "broken.txt", "name = broken\n\nfine\nnot {fine\n");
    write_file(folder, "notes.md", "{");
    write_file(folder, ".hidden.txt", "{");
    assert_false(templates_load(&t, folder, &e));
    assert_non_null(strstr(e.text, "broken.txt:4: "));
    assert_int_equal(t.count, all.count + 1);
    const struct template *haiku = templates_find(&t, SPAN("haiku"));
    assert_string_equal(str_text(&haiku->help), "mine");
    assert_string_equal(str_text(&haiku->text), "A haiku, please: {what}");
    assert_int_equal(haiku->group, TEMPLATE_VERSE); /* what it does not say is as it was */
    assert_non_null(templates_find(&t, SPAN("晨课")));
    assert_null(templates_find(&t, SPAN("broken")));
    remove_file(folder, "broken.txt");
    assert_true(templates_load(&t, folder, &e));
    templates_release(&t);
    remove_file(folder, "haiku.txt");
    remove_file(folder, "晨课.txt");
    remove_file(folder, "notes.md");
    remove_file(folder, ".hidden.txt");
    assert_int_equal(rmdir(folder), 0);
}

static void the_prompt_is_saved_as_one(void **state)
{
    char folder[] = P_tmpdir "/renga-templates-XXXXXX";
    struct templates t = {0};
    struct str path = {0}, inside = {0};
    struct err e = {0};
    (void)state;
    assert_non_null(mkdtemp(folder));
    str_printf(&inside, "%s/templates", folder);
    const char *own = str_text(&inside);
    assert_true(templates_save(own, SPAN("夜歌"), SPAN("a night song"), SPAN("name = x\nsing of {what:stars|雨}"), &path, &e));
    assert_true(templates_load(&t, own, &e));
    const struct template *song = templates_find(&t, SPAN("夜歌"));
    assert_string_equal(str_text(&song->help), "a night song");
    assert_string_equal(str_text(&song->text), "name = x\nsing of {what:stars|雨}");
    assert_false(templates_save(own, SPAN("夜歌"), SPAN(""), SPAN("another"), &path, &e)); /* there is one already */
    assert_false(templates_save(own, SPAN("../x"), SPAN(""), SPAN("text"), &path, &e));
    assert_false(templates_save(own, SPAN(".x"), SPAN(""), SPAN("text"), &path, &e));
    assert_false(templates_save(own, SPAN(""), SPAN(""), SPAN("text"), &path, &e));
    assert_false(templates_save(own, SPAN("x"), SPAN(""), SPAN("a {b"), &path, &e));
    assert_int_equal(strncmp(e.text, "A { is not closed", 17), 0);
    templates_release(&t);
    remove_file(own, "夜歌.txt");
    rmdir(own);
    assert_int_equal(rmdir(folder), 0); /* and nothing else was left there */
    str_release(&path);
    str_release(&inside);
}

int main(void)
{
    i18n_start("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_one_is_whole),
        cmocka_unit_test(each_says_who_can_write_it),
        cmocka_unit_test(the_muse_understands_its_own),
        cmocka_unit_test(every_tune_is_one_that_the_muse_knows),
        cmocka_unit_test(own_files_lie_on_top),
        cmocka_unit_test(the_prompt_is_saved_as_one),
    };
    return cmocka_run_group_tests(tests, load_shipped, release);
}
