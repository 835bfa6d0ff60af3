#include "muse/theme_zh.h"
#include "core/utf8.h"
#include "muse/script.h"
#include "muse/tones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void rows(void **state)
{
    (void)state;
    for (int i = 0; i < theme_word_count; i++) {
        const struct theme_word *row = &theme_words[i];
        struct str turned = {0};
        script_convert(&turned, span_of(row->now), SCRIPT_TRADITIONAL);
        assert_string_equal(str_text(&turned), row->now);
        str_release(&turned);
        struct span rest = span_of(row->then);
        int32_t cp = 0;
        for (int n = 0; (n = utf8_decode(rest, &cp)) > 0; rest = span_cut(rest, (size_t)n, rest.len))
            if (tone_of(cp) == TONE_UNKNOWN || script_unified(cp) != cp)
                fail_msg("%s: not a word of old verse", row->then);
        for (int before = 0; before < i; before++)
            if (span_starts(span_of(row->now), theme_words[before].now))
                fail_msg("%s is hidden by %s", row->now, theme_words[before].now);
    }
}

static void expect(const char *text, const char *old)
{
    struct str out = {0};
    theme_in_old_words(&out, span_of(text));
    assert_string_equal(str_text(&out), old);
    str_release(&out);
}

static void texts(void **state)
{
    (void)state;
    expect("", "");
    expect("秋夜", "秋夜");
    expect("火车", "車馬");
    expect("月亮下的咖啡", "明月下的茶");
    expect("女朋友的生日", "佳人的壽");
    expect("moon\xff", "moon\xff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
