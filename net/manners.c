#include "net/manners.h"
#include "core/mem.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

void refusal_release(struct refusal *r)
{
    str_release(&r->param);
    str_release(&r->words);
}

/* -- names ----------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The same name, whether its words are parted by '_' or by capitals: "topK" is "top_k". */
static bool is_name(struct span word, const char *name)
{
    size_t at = 0;
    for (;; at++, name++) {
        while (at < word.len && word.s[at] == '_')
            at++;
        while (*name == '_')
            name++;
        if (at == word.len || !*name)
            return at == word.len && !*name;
        if ((word.s[at] | 0x20) != (*name | 0x20))
            return false;
    }
}

static bool *fact_of(struct manners *m, enum dialect_id id, struct span word)
{
    const struct {
        const char *name;
        bool *fact;
    } facts[] = {
        {"stream_options", &m->no_stream_options}, {"logprobs", &m->no_logprobs}, {"top_logprobs", &m->no_logprobs},
        {"response_logprobs", &m->no_logprobs},    {"n_probs", &m->no_logprobs},  {"include", &m->no_logprobs},
        {"stop", &m->no_stops},                    {"stop_sequences", &m->no_stops}, {"stop_sequence", &m->no_stops},
        {"system_instruction", &m->no_system},     {"instructions", &m->no_system},  {"prefix", &m->no_prefill},
        {"partial", &m->no_prefill},               {"continue_final_message", &m->no_prefill}, {"add_generation_prompt", &m->no_prefill},
    };
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        if (is_name(word, facts[i].name))
            return facts[i].fact;
    if (is_name(word, "suffix") && dialect_takes_suffix(id))
        return &m->no_suffix;
    if (is_name(word, "max_tokens") && (id == DIALECT_OPENAI_CHAT || id == DIALECT_OPENAI_COMPLETIONS))
        return &m->completion_tokens;
    for (int i = 0; i < DIAL_COUNT; i++)
        if (i != DIAL_TAKES && dial_table[i].wire[id] && is_name(word, dial_table[i].wire[id]))
            return &m->refused[i];
    return NULL;
}

/* -- sentences -------------------------------------------------------------------------------------- */

static bool says(const struct refusal *r, const char *part)
{
    return strcasestr(str_text(&r->words), part);
}

/* What some say without its name. */
static bool *fact_meant(struct manners *m, enum dialect_id id, const struct refusal *r)
{
    static const char *const prefill[] = {"prefill", "must end with a user message", "expected last role user", "last message must be"};
    static const char *const system[] = {"system role", "'system'", "\"system\"", "`system`", "developer instruction"};
    for (size_t i = 0; i < COUNT_OF(prefill); i++)
        if (says(r, prefill[i]))
            return &m->no_prefill;
    for (size_t i = 0; i < COUNT_OF(system); i++)
        if (says(r, system[i]))
            return &m->no_system;
    if (says(r, "support insert") && dialect_takes_suffix(id)) /* Ollama */
        return &m->no_suffix;
    return NULL;
}

/* The first word that is a name; where two do not go together, the second. */
static bool *fact_named(struct manners *m, enum dialect_id id, struct span words, bool second)
{
    bool *first = NULL;
    for (size_t at = 0; at < words.len; at++) {
        size_t from = at;
        while (at < words.len && is_letter(words.s[at]))
            at++;
        bool *fact = at > from ? fact_of(m, id, span_cut(words, from, at)) : NULL;
        if (fact && (!second || (first && fact != first)))
            return fact;
        first = first ? first : fact;
    }
    return first;
}

#define FACTS_MAX 2

/* What a refusal is about; how many facts that is. */
static int facts_told(struct manners *m, enum dialect_id id, const struct refusal *r, bool *facts[FACTS_MAX])
{
    if (says(r, "penalty is not enabled")) { /* Gemini means both */
        facts[0] = &m->refused[DIAL_PRESENCE_PENALTY];
        facts[1] = &m->refused[DIAL_FREQUENCY_PENALTY];
        return 2;
    }
    bool *fact = fact_named(m, id, str_span(&r->param), false);
    fact = fact ? fact : fact_meant(m, id, r);
    facts[0] = fact ? fact : fact_named(m, id, str_span(&r->words), says(r, "both"));
    return facts[0] ? 1 : 0;
}

bool manners_learn(struct manners *m, enum dialect_id id, const struct refusal *r)
{
    bool *facts[FACTS_MAX], is_new = false;
    for (int i = facts_told(m, id, r, facts); i > 0; i--) {
        is_new = is_new || !*facts[i - 1];
        *facts[i - 1] = true;
    }
    return is_new;
}

bool manners_take_back(struct manners *m, enum dialect_id id, const struct refusal *r)
{
    bool *facts[FACTS_MAX], all = true;
    int count = facts_told(m, id, r, facts);
    for (int i = 0; i < count; i++) {
        all = all && *facts[i];
        *facts[i] = false;
    }
    return count && all;
}

bool refusal_is_of_takes(const struct refusal *r)
{
    static const char *const ways[] = {"n > 1", "'n'", "`n`", "\"n\"", "one completion choice", "multiple candidates", "multiple completions"};
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (says(r, ways[i]))
            return true;
    return span_is(str_span(&r->param), "n");
}

/* -- in words --------------------------------------------------------------------------------------- */

/* Every fact but the dials, which are called by their own names. */
static const struct {
    const char *word;
    size_t at;
} words_of_facts[] = {
    {"max_completion_tokens", offsetof(struct manners, completion_tokens)},
    {"stream_options", offsetof(struct manners, no_stream_options)},
    {"suffix", offsetof(struct manners, no_suffix)},
    {"logprobs", offsetof(struct manners, no_logprobs)},
    {"stop", offsetof(struct manners, no_stops)},
    {"system", offsetof(struct manners, no_system)},
    {"prefill", offsetof(struct manners, no_prefill)},
};

static void add_word(struct str *out, size_t from, const char *word)
{
    str_printf(out, "%s%s", out->len > from ? " " : "", word);
}

void manners_words(const struct manners *m, struct str *out)
{
    size_t from = out->len;
    for (int i = 0; i < DIAL_COUNT; i++)
        if (m->refused[i])
            add_word(out, from, dial_table[i].name);
    for (size_t i = 0; i < COUNT_OF(words_of_facts); i++)
        if (*(const bool *)((const char *)m + words_of_facts[i].at))
            add_word(out, from, words_of_facts[i].word);
}

static bool *fact_called(struct manners *m, struct span word)
{
    enum dial_id dial;
    if (dial_find(word, &dial))
        return &m->refused[dial];
    for (size_t i = 0; i < COUNT_OF(words_of_facts); i++)
        if (span_is(word, words_of_facts[i].word))
            return (bool *)((char *)m + words_of_facts[i].at);
    return NULL;
}

bool manners_from_words(struct manners *m, struct span words)
{
    bool any = false;
    for (size_t at = 0; at < words.len; at++) {
        size_t from = at;
        while (at < words.len && words.s[at] != ' ')
            at++;
        bool *fact = fact_called(m, span_cut(words, from, at));
        if (fact)
            any = *fact = true;
    }
    return any;
}
