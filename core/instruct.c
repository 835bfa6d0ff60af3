#include "core/instruct.h"
#include "core/mem.h"

/* The marks of the forms as their makers publish them. */
const struct instruct instruct_table[] = {
    {"chatml", "<|im_start|>system\n", "<|im_end|>\n", "<|im_start|>user\n", "<|im_end|>\n", "<|im_start|>assistant\n", "<|im_end|>\n",
     "<|im_start|>"},
    {"llama3", "<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>",
     "<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>",
     "<|start_header_id|>"},
    {"mistral", NULL, "\n\n", "[INST] ", " [/INST]", "", "</s>", "[INST]"},
    {"gemma", NULL, "\n\n", "<start_of_turn>user\n", "<end_of_turn>\n", "<start_of_turn>model\n", "<end_of_turn>\n",
     "<start_of_turn>"},
    {"alpaca", "", "\n\n", "### Instruction:\n", "\n\n", "### Response:\n", "\n\n", "### Instruction"},
    {"plain", "", "\n\n", "", "\n\n", "", "\n\n", NULL},
};
const int instruct_count = (int)COUNT_OF(instruct_table);

const struct instruct *instruct_find(struct span name)
{
    for (int i = 0; i < instruct_count; i++)
        if (span_is(name, instruct_table[i].name))
            return &instruct_table[i];
    return NULL;
}

void instruct_names(struct str *out)
{
    for (int i = 0; i < instruct_count; i++)
        str_printf(out, "%s%s", i ? ", " : "", instruct_table[i].name);
}

const struct instruct *instruct_guess(struct span chat_template)
{
    for (int i = 0; i < instruct_count; i++)
        if (instruct_table[i].mark && span_find(chat_template, span_of(instruct_table[i].mark), 0) >= 0)
            return &instruct_table[i];
    return NULL;
}

static void write_turn(struct str *out, const char *open, struct span text, const char *close)
{
    str_add_text(out, open);
    str_add(out, text);
    str_add_text(out, close);
}

void instruct_write(const struct instruct *form, const struct request *r, struct str *out)
{
    bool system = r->system.len > 0;
    if (system && form->system_open) {
        write_turn(out, form->system_open, str_span(&r->system), form->system_close);
        system = false;
    }
    for (int i = 0; i < r->turn_count; i++) {
        const struct turn *turn = &r->turns[i];
        bool assistant = turn->role == ROLE_ASSISTANT;
        str_add_text(out, assistant ? form->assistant_open : form->user_open);
        if (system && !assistant) {
            write_turn(out, "", str_span(&r->system), form->system_close);
            system = false;
        }
        write_turn(out, "", str_span(&turn->text), assistant ? form->assistant_close : form->user_close);
    }
    str_add_text(out, form->assistant_open);
}
