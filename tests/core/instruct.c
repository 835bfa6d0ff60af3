/* Turns as models that were trained on them expect to read them. */
#include "core/instruct.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void fill(struct request *r)
{
    request_init(r);
    str_set(&r->system, SPAN("你是诗人。"));
    request_add_turn(r, ROLE_USER, SPAN("写。"));
    request_add_turn(r, ROLE_ASSISTANT, SPAN("好。"));
    request_add_turn(r, ROLE_USER, SPAN("再写。"));
}

static void writes_every_form(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"chatml", "<|im_start|>system\n你是诗人。<|im_end|>\n<|im_start|>user\n写。<|im_end|>\n<|im_start|>assistant\n好。<|im_end|>\n"
                   "<|im_start|>user\n再写。<|im_end|>\n<|im_start|>assistant\n"},
        {"mistral", "[INST] 你是诗人。\n\n写。 [/INST]好。</s>[INST] 再写。 [/INST]"},
        {"gemma", "<start_of_turn>user\n你是诗人。\n\n写。<end_of_turn>\n<start_of_turn>model\n好。<end_of_turn>\n"
                  "<start_of_turn>user\n再写。<end_of_turn>\n<start_of_turn>model\n"},
        {"plain", "你是诗人。\n\n写。\n\n好。\n\n再写。\n\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request r;
        struct str out = {0};
        fill(&r);
        instruct_write(instruct_find(span_of(rows[i].name)), &r, &out);
        assert_string_equal(str_text(&out), rows[i].text);
        str_release(&out);
        request_release(&r);
    }
}

/* Every form is found by its name, and its own writing tells it from the others. */
static void every_form_is_known_again(void **state)
{
    (void)state;
    assert_null(instruct_find(SPAN("nonsense")));
    for (int i = 0; i < instruct_count; i++) {
        struct request r;
        struct str out = {0};
        fill(&r);
        assert_ptr_equal(instruct_find(span_of(instruct_table[i].name)), &instruct_table[i]);
        instruct_write(&instruct_table[i], &r, &out);
        assert_true(span_find(str_span(&out), SPAN("你是诗人。"), 0) >= 0);
        assert_ptr_equal(instruct_guess(str_span(&out)), instruct_table[i].mark ? &instruct_table[i] : NULL);
        str_release(&out);
        request_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_every_form), cmocka_unit_test(every_form_is_known_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
