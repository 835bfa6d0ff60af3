/* What is learnt from servers' refusals, in their own words, and how long they ask to be left alone. */
#include "core/mem.h"
#include "net/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* -- refusals -------------------------------------------------------------------------------------- */

enum { NOTHING = -1, RENAME = 100, STREAM_OPTIONS, SUFFIX, LOGPROBS, STOPS, SYSTEM, PREFILL, TAKES };

static const struct {
    enum dialect_id dialect;
    int learnt; /* a dial, or one of the above */
    const char *body;
} refusals[] = {
    /* OpenAI */
    {DIALECT_OPENAI_CHAT, RENAME,
     "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
     "instead.\",\"type\":\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}"},
    {DIALECT_OPENAI_CHAT, DIAL_TEMPERATURE,
     "{\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is "
     "supported.\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}"},
    {DIALECT_OPENAI_CHAT, STOPS,
     "{\"error\":{\"message\":\"Unsupported parameter: 'stop' is not supported with this model.\",\"param\":\"stop\"}}"},
    {DIALECT_OPENAI_CHAT, SYSTEM,
     "{\"error\":{\"message\":\"Unsupported value: 'messages[0].role' does not support 'system' with this model.\",\"param\":"
     "\"messages[0].role\",\"code\":\"unsupported_value\"}}"},
    {DIALECT_OPENAI_RESPONSES, DIAL_TOP_P,
     "{\"error\":{\"message\":\"Unsupported parameter: 'top_p' is not supported with this model.\",\"param\":\"top_p\"}}"},
    {DIALECT_OPENAI_RESPONSES, LOGPROBS,
     "{\"error\":{\"message\":\"logprobs are not supported with reasoning models.\",\"param\":\"include\"}}"},
    {DIALECT_OPENAI_CHAT, DIAL_TOP_K, "{\"error\":{\"message\":\"Unrecognized request argument supplied: top_k\",\"param\":null}}"},
    {DIALECT_OPENAI_CHAT, NOTHING,
     "{\"error\":{\"message\":\"max_tokens is too large: 100000. This model supports at most 4096 completion tokens.\",\"param\":"
     "\"max_tokens\"}}"},
    /* Anthropic */
    {DIALECT_ANTHROPIC, DIAL_TOP_P,
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"`temperature` and `top_p` cannot both be specified "
     "for this model. Please use only one.\"}}"},
    {DIALECT_ANTHROPIC, DIAL_TOP_K,
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"top_k: Extra inputs are not permitted\"}}"},
    {DIALECT_ANTHROPIC, DIAL_TEMPERATURE,
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"`temperature` is deprecated for this model.\"}}"},
    {DIALECT_ANTHROPIC, PREFILL,
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"This model does not support assistant message "
     "prefill. The conversation must end with a user message.\"}}"},
    {DIALECT_ANTHROPIC, NOTHING,
     "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"temperature: Input should be less than or equal to "
     "1\"}}"},
    /* Gemini */
    {DIALECT_GEMINI, DIAL_TOP_K,
     "{\"error\":{\"code\":400,\"message\":\"Invalid JSON payload received. Unknown name \\\"topK\\\" at 'generation_config': Cannot find "
     "field.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":"
     "[{\"field\":\"generation_config\",\"description\":\"Unknown name\"}]}]}}"},
    {DIALECT_GEMINI, DIAL_PRESENCE_PENALTY,
     "{\"error\":{\"code\":400,\"message\":\"Penalty is not enabled for models/gemini-2.5-pro\",\"status\":\"INVALID_ARGUMENT\"}}"},
    {DIALECT_GEMINI, SYSTEM,
     "{\"error\":{\"code\":400,\"message\":\"Developer instruction is not enabled for models/gemma-3-27b-it\",\"status\":"
     "\"INVALID_ARGUMENT\"}}"},
    {DIALECT_GEMINI, LOGPROBS,
     "{\"error\":{\"code\":400,\"message\":\"Logprobs is not enabled for models/gemini-2.5-flash\",\"status\":\"INVALID_ARGUMENT\"}}"},
    /* those who speak OpenAI's dialect */
    {DIALECT_OPENAI_CHAT, DIAL_SEED,
     "{\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"],\"msg\":\"Extra inputs are "
     "not permitted\",\"input\":5}]},\"type\":\"invalid_request_error\",\"code\":null}"},
    {DIALECT_OPENAI_CHAT, DIAL_TOP_K, "{\"error\":{\"message\":\"property 'top_k' is unsupported, did you mean 'top_p'?\"}}"},
    {DIALECT_OPENAI_CHAT, DIAL_PRESENCE_PENALTY,
     "{\"code\":\"Client specified an invalid argument\",\"error\":\"Argument not supported on this model: presencePenalty\"}"},
    {DIALECT_OPENAI_CHAT, STREAM_OPTIONS,
     "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options.include_usage\"}}"},
    {DIALECT_OPENAI_CHAT, DIAL_TEMPERATURE,
     "{\"error\":{\"message\":\"Provider returned error\",\"code\":400,\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":"
     "\\\"Unsupported value: it does not support 0.7.\\\",\\\"param\\\":\\\"temperature\\\"}}\",\"provider_name\":\"OpenAI\"}}}"},
    {DIALECT_OPENAI_CHAT, SYSTEM, "{\"object\":\"error\",\"message\":\"System role not supported\",\"type\":\"BadRequestError\"}"},
    {DIALECT_OPENAI_COMPLETIONS, SUFFIX,
     "{\"object\":\"error\",\"message\":\"suffix is not currently supported\",\"type\":\"BadRequestError\",\"code\":400}"},
    {DIALECT_OPENAI_CHAT, DIAL_MIN_P,
     "{\"error\":{\"message\":\"create() got an unexpected keyword argument 'min_p'\",\"type\":\"invalid_request_error\"}}"},
    {DIALECT_OPENAI_CHAT, PREFILL,
     "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"messages\",1,\"assistant\",\"partial\"],\"msg\":\"Extra inputs are "
     "not permitted\"}]}"},
    {DIALECT_OPENAI_CHAT, TAKES,
     "{\"error\":{\"code\":400,\"message\":\"Only one completion choice is allowed\",\"type\":\"invalid_request_error\"}}"},
    {DIALECT_OPENAI_CHAT, TAKES, "{\"error\":{\"message\":\"'n' : number must be at most 1, others are not supported\",\"param\":\"\"}}"},
    {DIALECT_OPENAI_CHAT, NOTHING, "{\"error\":{\"message\":\"The model is not known, and nothing else is either.\"}}"},
    {DIALECT_OPENAI_CHAT, NOTHING, "{\"error\":\"Unknown model poet-2\"}"},
    /* local ones */
    {DIALECT_OLLAMA, SUFFIX, "{\"error\":\"registry.ollama.ai/library/llama3.2:latest does not support insert\"}"},
    {DIALECT_LLAMACPP, DIAL_MIN_P, "{\"error\":{\"code\":501,\"message\":\"min_p is not supported here\",\"type\":\"not_supported_error\"}}"},
    {DIALECT_KOBOLDCPP, DIAL_REPETITION_PENALTY,
     "{\"detail\":{\"msg\":\"Unrecognized field rep_pen\",\"type\":\"bad_input\"}}"},
};

static bool *fact_of(struct manners *m, int learnt)
{
    switch (learnt) {
    case RENAME:
        return &m->completion_tokens;
    case STREAM_OPTIONS:
        return &m->no_stream_options;
    case SUFFIX:
        return &m->no_suffix;
    case LOGPROBS:
        return &m->no_logprobs;
    case STOPS:
        return &m->no_stops;
    case SYSTEM:
        return &m->no_system;
    case PREFILL:
        return &m->no_prefill;
    default:
        return &m->refused[learnt];
    }
}

static void learns_in_every_dialect(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct heads heads = {.status = 400};
        struct refusal refusal = {0};
        struct manners m = {0}, untouched = {0};
        int learnt = refusals[i].learnt;
        bool refuses = fault_refuses(&heads, span_of(refusals[i].body), &refusal);
        bool is_new = refuses && manners_learn(&m, refusals[i].dialect, &refusal);
        if (learnt == NOTHING || learnt == TAKES) {
            if (is_new || memcmp(&m, &untouched, sizeof m) != 0)
                fail_msg("something was learnt from %s", refusals[i].body);
            assert_int_equal(refuses && refusal_is_of_takes(&refusal), learnt == TAKES);
        } else if (!is_new || !*fact_of(&m, learnt)) {
            fail_msg("nothing, or another thing, was learnt from %s", refusals[i].body);
        } else {
            assert_false(manners_learn(&m, refusals[i].dialect, &refusal)); /* known already */
            *fact_of(&m, learnt) = false;
            m.refused[DIAL_FREQUENCY_PENALTY] = m.refused[DIAL_FREQUENCY_PENALTY] && learnt != DIAL_PRESENCE_PENALTY;
            assert_memory_equal(&m, &untouched, sizeof m);
        }
        refusal_release(&refusal);
    }
}

static void learns_only_from_refusals(void **state)
{
    const struct heads fine = {.status = 200}, broken = {.status = 500};
    struct refusal refusal = {0};
    (void)state;
    assert_false(fault_refuses(&fine, span_of(refusals[0].body), &refusal));
    assert_false(fault_refuses(&broken, span_of(refusals[0].body), &refusal));
    assert_false(fault_refuses(&(struct heads){.status = 400}, SPAN("<html>not supported</html>"), &refusal));
    refusal_release(&refusal);
}

/* -- being left alone -------------------------------------------------------------------------------- */

#define NOW 1700000000000 /* 2023-11-14T22:13:20Z */

static const struct {
    const char *head, *body;
    int wait_ms;
} waits[] = {
    {"Retry-After: 7\r\nx-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 2m\r\n", "", 7000},
    {"x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 1m12.5s\r\n", "", 72500},
    {"x-ratelimit-remaining-tokens: 12\r\nx-ratelimit-reset-tokens: 1m12.5s\r\n", "", 0},
    {"X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1700000009500\r\n", "", 9500},
    {"X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1700000005\r\n", "", 5000},
    {"X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1600000000\r\n", "", 0},
    {"anthropic-ratelimit-output-tokens-remaining: 0\r\nanthropic-ratelimit-output-tokens-reset: 2023-11-14T22:13:32Z\r\n", "", 12000},
    {"anthropic-ratelimit-requests-remaining: 3\r\nanthropic-ratelimit-requests-reset: 2023-11-14T22:13:32Z\r\n", "", 0},
    {"anthropic-ratelimit-requests-remaining: 0\r\nanthropic-ratelimit-requests-reset: tomorrow\r\n", "", 0},
    {"", "{\"error\":{\"code\":429,\"message\":\"Quota exceeded.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":\"help\"},"
         "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.074s\"}]}}", 34074},
    {"", "{\"error\":{\"message\":\"Rate limit reached. Please try again in 7.66s. Visit us.\"}}", 7660},
    {"", "{\"error\":{\"message\":\"Please try again in 6m2s.\"}}", 362000},
    {"", "{\"error\":{\"message\":\"Please retry after 26 seconds.\"}}", 26000},
    {"", "{\"error\":{\"message\":\"try again in 120ms\"}}", 120},
    {"", "{\"error\":{\"message\":\"Try again in a moment.\"}}", 0},
    {"", "{\"error\":{\"message\":\"retry after \"}}", 0},
    {"", "{\"error\":{\"message\":\"try again in 99999999999999999999 hours\"}}", 86400000},
};

static void waits_as_long_as_it_is_asked_to(void **state)
{
    const struct fault_place place = {.server = "the-server", .model = ""};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        struct heads heads;
        struct err err = {0};
        struct span rest = span_of(waits[i].head), line;
        heads_init(&heads);
        heads.status = 429;
        while (span_line(&rest, &line))
            assert_true(heads_line(&heads, line, NOW));
        fault_http(&err, &heads, span_of(waits[i].body), &place);
        assert_int_equal(err.kind, ERR_BUSY);
        if (err.retry_ms != waits[i].wait_ms)
            fail_msg("%d ms, not %d, from %s%s", err.retry_ms, waits[i].wait_ms, waits[i].head, waits[i].body);
        heads_release(&heads);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_in_every_dialect),
        cmocka_unit_test(learns_only_from_refusals),
        cmocka_unit_test(waits_as_long_as_it_is_asked_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
