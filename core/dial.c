#include "core/dial.h"
#include "core/i18n.h"

#include <math.h>
#include <string.h>

static const char *const names[DIALECT_COUNT] = {
    [DIALECT_OPENAI_COMPLETIONS] = "openai-completions",
    [DIALECT_OPENAI_CHAT] = "openai-chat",
    [DIALECT_OPENAI_RESPONSES] = "openai-responses",
    [DIALECT_ANTHROPIC] = "anthropic",
    [DIALECT_GEMINI] = "gemini",
    [DIALECT_OLLAMA] = "ollama",
    [DIALECT_LLAMACPP] = "llamacpp",
    [DIALECT_KOBOLDCPP] = "koboldcpp",
    [DIALECT_MUSE] = "muse",
};

const char *dialect_name(enum dialect_id id)
{
    return names[id];
}

void dialect_names(struct str *out)
{
    for (int i = 0; i < DIALECT_SPOKEN; i++)
        str_printf(out, "%s%s", i ? ", " : "", names[i]);
}

bool dialect_takes_suffix(enum dialect_id id)
{
    static const bool takes[DIALECT_COUNT] = {[DIALECT_OPENAI_COMPLETIONS] = true, [DIALECT_OLLAMA] = true};
    return takes[id];
}

bool dialect_takes_form(enum dialect_id id)
{
    return id == DIALECT_OPENAI_COMPLETIONS || id == DIALECT_LLAMACPP || id == DIALECT_KOBOLDCPP;
}

bool dialect_takes_grammar(enum dialect_id id)
{
    return id == DIALECT_LLAMACPP || id == DIALECT_KOBOLDCPP;
}

bool dialect_parse(struct span name, enum dialect_id *id)
{
    for (int i = 0; i < DIALECT_SPOKEN; i++)
        if (span_is(name, names[i])) {
            *id = (enum dialect_id)i;
            return true;
        }
    return false;
}

/* What a dial is called, dialect by dialect. Both older OpenAI shapes name their parameters alike; servers that take more than OpenAI itself
 * (vLLM, llama.cpp, …) take them under these names too, and the muse takes what they take. */
#define WIRE(openai, responses, anthropic, gemini, ollama, llamacpp, koboldcpp)                                                         \
    {                                                                                                                                  \
        [DIALECT_OPENAI_COMPLETIONS] = (openai), [DIALECT_OPENAI_CHAT] = (openai), [DIALECT_OPENAI_RESPONSES] = (responses),           \
        [DIALECT_ANTHROPIC] = (anthropic), [DIALECT_GEMINI] = (gemini), [DIALECT_OLLAMA] = (ollama), [DIALECT_LLAMACPP] = (llamacpp),  \
        [DIALECT_KOBOLDCPP] = (koboldcpp), [DIALECT_MUSE] = (openai)                                                                   \
    }

const struct dial dial_table[DIAL_COUNT] = {
    [DIAL_TEMPERATURE] = {"temperature", N_("temperature"),
        N_("How freely words are chosen: low is sober, high is wild."), 0, 2, 0.05, 0.25, 0.7, 2,
        WIRE("temperature", "temperature", "temperature", "temperature", "temperature", "temperature", "temperature")},
    [DIAL_TOP_P] = {"top_p", N_("top p"),
        N_("Chooses only among the likeliest words that make up this share."), 0, 1, 0.01, 0.1, 0.95, 2,
        WIRE("top_p", "top_p", "top_p", "topP", "top_p", "top_p", "top_p")},
    [DIAL_TOP_K] = {"top_k", N_("top k"),
        N_("Chooses only among this many likeliest words."), 1, 1000, 1, 10, 40, 0,
        WIRE("top_k", NULL, "top_k", "topK", "top_k", "top_k", "top_k")},
    [DIAL_MIN_P] = {"min_p", N_("min p"),
        N_("Leaves out words this much less likely than the likeliest."), 0, 1, 0.01, 0.1, 0.05, 2,
        WIRE("min_p", NULL, NULL, NULL, "min_p", "min_p", "min_p")},
    [DIAL_MAX_TOKENS] = {"max_tokens", N_("max tokens"),
        N_("How long a take may grow, in tokens (about a word or character)."), 1, 131072, 16, 256, 256, 0,
        WIRE("max_tokens", "max_output_tokens", "max_tokens", "maxOutputTokens", "num_predict", "n_predict", "max_length")},
    [DIAL_TAKES] = {"takes", N_("takes"),
        N_("How many answers are written side by side."), 1, 16, 1, 4, 1, 0,
        WIRE("n", NULL, NULL, NULL, NULL, NULL, NULL)},
    [DIAL_SEED] = {"seed", N_("seed"),
        N_("The same seed and dials give the same take, where the server can."), 0, 9007199254740991.0, 1, 1000, 1, 0,
        WIRE("seed", NULL, NULL, "seed", "seed", "seed", "sampler_seed")},
    [DIAL_PRESENCE_PENALTY] = {"presence_penalty", N_("presence penalty"),
        N_("Above 0 it moves on to new things, once each."), -2, 2, 0.05, 0.25, 0.5, 2,
        WIRE("presence_penalty", NULL, NULL, "presencePenalty", "presence_penalty", "presence_penalty", "presence_penalty")},
    [DIAL_FREQUENCY_PENALTY] = {"frequency_penalty", N_("frequency penalty"),
        N_("Above 0 words tire the more they are used."), -2, 2, 0.05, 0.25, 0.5, 2,
        WIRE("frequency_penalty", NULL, NULL, "frequencyPenalty", "frequency_penalty", "frequency_penalty", NULL)},
    [DIAL_REPETITION_PENALTY] = {"repetition_penalty", N_("repetition penalty"),
        N_("Above 1 it repeats itself less; 1 changes nothing."), 0.5, 2, 0.01, 0.1, 1.1, 2,
        WIRE("repetition_penalty", NULL, NULL, NULL, "repeat_penalty", "repeat_penalty", "rep_pen")},
};
#undef WIRE

const struct preset preset_table[] = {
    {N_("plain"), N_("The classic call: temperature 0.7 and nothing else."), "temperature=0.70"},
    {N_("steady"), N_("Sober and close to the likeliest words."), "temperature=0.35 top_p=0.90"},
    {N_("warm"), N_("A little more colour, still on its feet."), "temperature=0.90 top_p=0.95"},
    {N_("wild"), N_("Far leaps, held together by min p."), "temperature=1.30 min_p=0.05 presence_penalty=0.40"},
    {N_("dice"), N_("Random but sane: every roll is another voice."), NULL},
};
const int preset_count = (int)(sizeof preset_table / sizeof *preset_table);

/* -- one dial ---------------------------------------------------------------------------------------------------------------- */

bool dial_find(struct span name, enum dial_id *id)
{
    for (int i = 0; i < DIAL_COUNT; i++) {
        const char *own = dial_table[i].name;
        size_t at = 0;
        while (at < name.len && own[at] && (name.s[at] == own[at] || (name.s[at] == '-' && own[at] == '_')))
            at++;
        if (at == name.len && !own[at]) {
            *id = (enum dial_id)i;
            return true;
        }
    }
    return false;
}

void dials_default(struct dials *d)
{
    memset(d, 0, sizeof *d);
    dial_set(d, DIAL_TEMPERATURE, 0.7);
    dial_set(d, DIAL_MAX_TOKENS, 256);
    dial_set(d, DIAL_TAKES, 1);
}

void dial_set(struct dials *d, enum dial_id id, double value)
{
    const struct dial *row = &dial_table[id];
    double scale = row->decimals == 2 ? 100 : 1;
    if (!(value >= row->min))
        value = row->min;
    if (value > row->max)
        value = row->max;
    d->value[id] = round(value * scale) / scale;
    d->on[id] = true;
}

void dial_off(struct dials *d, enum dial_id id)
{
    d->on[id] = false;
    d->value[id] = 0;
}

void dial_step(struct dials *d, enum dial_id id, int steps, bool big)
{
    const struct dial *row = &dial_table[id];
    if (d->on[id])
        dial_set(d, id, d->value[id] + steps * (big ? row->big_step : row->step));
    else
        dial_set(d, id, row->start);
}

/* A range over three decades of integers is walked by its logarithm, or its small end could not be reached. */
static bool is_wide(const struct dial *row)
{
    return row->decimals == 0 && row->max - row->min >= 500;
}

double dial_fraction(const struct dials *d, enum dial_id id)
{
    const struct dial *row = &dial_table[id];
    double value = d->on[id] ? d->value[id] : row->max;
    if (is_wide(row))
        return log1p(value - row->min) / log1p(row->max - row->min);
    return (value - row->min) / (row->max - row->min);
}

void dial_set_fraction(struct dials *d, enum dial_id id, double fraction)
{
    const struct dial *row = &dial_table[id];
    fraction = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    if (is_wide(row))
        dial_set(d, id, row->min + expm1(fraction * log1p(row->max - row->min)));
    else
        dial_set(d, id, row->min + round(fraction * (row->max - row->min) / row->step) * row->step);
}

void dial_format(const struct dials *d, enum dial_id id, struct str *out)
{
    if (d->on[id])
        str_printf(out, "%.*f", dial_table[id].decimals, d->value[id]);
}

bool dial_parse(struct dials *d, enum dial_id id, struct span text, struct err *e)
{
    const struct dial *row = &dial_table[id];
    double value = 0;
    text = span_trim(text);
    if (span_is(text, "off")) {
        dial_off(d, id);
        return true;
    }
    if (!span_number(text, &value) || value < row->min || value > row->max ||
        (row->decimals == 0 && value != floor(value)))
        return err_set(e, ERR_USAGE, _("%s is a number from %.*f to %.*f, or off; “%.*s” is not."), row->name, row->decimals,
                       row->min, row->decimals, row->max, SPAN_ARG(text));
    dial_set(d, id, value);
    return true;
}

/* -- all dials --------------------------------------------------------------------------------------------------------------- */

int dials_takes(const struct dials *d)
{
    return d->on[DIAL_TAKES] ? (int)d->value[DIAL_TAKES] : 1;
}

bool dials_equal(const struct dials *a, const struct dials *b)
{
    for (int i = 0; i < DIAL_COUNT; i++)
        if (a->on[i] != b->on[i] || (a->on[i] && fabs(a->value[i] - b->value[i]) > 1e-9))
            return false;
    return true;
}

void dials_format(const struct dials *d, struct str *out)
{
    const char *space = "";
    for (int i = 0; i < DIAL_COUNT; i++) {
        if (!d->on[i])
            continue;
        str_printf(out, "%s%s=", space, dial_table[i].name);
        dial_format(d, (enum dial_id)i, out);
        space = " ";
    }
}

bool dials_parse(struct dials *d, struct span text, struct err *e)
{
    struct dials read = *d;
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && text.s[end] != ' ')
            end++;
        struct span word = span_cut(text, at, end);
        ptrdiff_t equals = span_find(word, SPAN("="), 0);
        enum dial_id id = DIAL_COUNT;
        if (word.len) {
            if (equals < 0 || !dial_find(span_cut(word, 0, (size_t)equals), &id))
                return err_set(e, ERR_USAGE, _("“%.*s” is not a dial; write for instance temperature=0.8."), SPAN_ARG(word));
            if (!dial_parse(&read, id, span_cut(word, (size_t)equals + 1, word.len), e))
                return false;
        }
        at = end + 1;
    }
    *d = read;
    return true;
}

/* -- presets ------------------------------------------------------------------------------------------------------------------ */

static double dice_between(uint64_t *dice, double low, double high)
{
    *dice = *dice * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX generator */
    return low + (double)(*dice >> 11) / 9007199254740992.0 * (high - low);
}

static void roll_dice(struct dials *d, uint64_t dice)
{
    dice ^= dice >> 31;
    dial_set(d, DIAL_TEMPERATURE, dice_between(&dice, 0.5, 1.25));
    if (dice_between(&dice, 0, 1) < 0.5)
        dial_set(d, DIAL_TOP_P, dice_between(&dice, 0.8, 0.99));
    else
        dial_set(d, DIAL_MIN_P, dice_between(&dice, 0.02, 0.12));
    if (dice_between(&dice, 0, 1) < 0.5)
        dial_set(d, DIAL_PRESENCE_PENALTY, dice_between(&dice, 0, 0.6));
}

bool preset_apply(struct dials *d, const struct preset *p, uint64_t dice, struct err *e)
{
    struct dials set = *d;
    for (int i = 0; i < DIAL_COUNT; i++)
        if (i != DIAL_MAX_TOKENS && i != DIAL_TAKES && i != DIAL_SEED)
            dial_off(&set, (enum dial_id)i);
    if (!p->settings)
        roll_dice(&set, dice);
    else if (!dials_parse(&set, span_of(p->settings), e))
        return false;
    *d = set;
    return true;
}
