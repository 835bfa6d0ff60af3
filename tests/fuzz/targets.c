#include "targets.h"
#include "core/dial.h"
#include "core/mem.h"
#include "net/framing.h"

#include <string.h>

/* All that reads text from outside. */
static const struct fuzz_target targets[] = {
    {"framing", fuzz_framing, FRAMING_SSE},
    {"framing-lines", fuzz_framing, FRAMING_LINES},
    {"openai-completions", fuzz_reply, DIALECT_OPENAI_COMPLETIONS},
    {"openai-chat", fuzz_reply, DIALECT_OPENAI_CHAT},
    {"openai-responses", fuzz_reply, DIALECT_OPENAI_RESPONSES},
    {"anthropic", fuzz_reply, DIALECT_ANTHROPIC},
    {"gemini", fuzz_reply, DIALECT_GEMINI},
    {"ollama", fuzz_reply, DIALECT_OLLAMA},
    {"llamacpp", fuzz_reply, DIALECT_LLAMACPP},
    {"koboldcpp", fuzz_reply, DIALECT_KOBOLDCPP},
    {"json", fuzz_json, 0},
    {"lessons", fuzz_lessons, 0},
    {"pull", fuzz_pull, 0},
    {"heads", fuzz_heads, 0},
    {"utf8", fuzz_utf8, 0},
    {"display", fuzz_display, 0},
    {"wrap", fuzz_wrap, 0},
    {"keys", fuzz_keys, 0},
    {"ini", fuzz_ini, 0},
    {"config", fuzz_config, 0},
    {"theme", fuzz_theme, 0},
    {"keymap", fuzz_keymap, 0},
    {"template", fuzz_template, 0},
    {"values", fuzz_values, 0},
    {"batch", fuzz_batch, 0},
    {"query", fuzz_query, 0},
    {"search", fuzz_search, 0},
    {"bundle", fuzz_import, 0}, /* which of exchange_kinds */
    {"markdown", fuzz_import, 1},
    {"text", fuzz_import, 2},
    {"sillytavern", fuzz_import, 3},
    {"kobold", fuzz_import, 4},
    {"mikupad", fuzz_import, 5},
    {"llm", fuzz_import, 6},
    {"import", fuzz_import_any, 0},
    {"pack", fuzz_pack, 0},
};

const struct fuzz_target *fuzz_at(size_t i)
{
    return i < COUNT_OF(targets) ? &targets[i] : NULL;
}

const struct fuzz_target *fuzz_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        if (!strcmp(name, targets[i].name))
            return &targets[i];
    return NULL;
}
