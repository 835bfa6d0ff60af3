/* The dials: one table of generation parameters that drives sliders, requests, command-line flags, database columns, presets
 * and help. Numbers only; stop strings and system text are fields of the request. To add a dial, add a row. */
#ifndef RENGA_CORE_DIAL_H
#define RENGA_CORE_DIAL_H

#include "core/str.h"

/* Every dialect a server may speak, and last what the muse takes, which no server on the network speaks. Its row in a dial says what the
 * parameter is called there. */
enum dialect_id {
    DIALECT_OPENAI_COMPLETIONS,
    DIALECT_OPENAI_CHAT,
    DIALECT_OPENAI_RESPONSES,
    DIALECT_ANTHROPIC,
    DIALECT_GEMINI,
    DIALECT_OLLAMA,
    DIALECT_LLAMACPP,
    DIALECT_KOBOLDCPP,
    DIALECT_MUSE,
    DIALECT_COUNT,
    DIALECT_SPOKEN = DIALECT_MUSE
};
const char *dialect_name(enum dialect_id id);               /* "openai-completions" … as config and --dialect write it */
bool dialect_takes_suffix(enum dialect_id id);                /* the text behind what is to be written, apart from the one before it */
bool dialect_takes_form(enum dialect_id id);                  /* it is given a plain text only: what is asked may be put into a form */
bool dialect_takes_grammar(enum dialect_id id);               /* a GBNF grammar that what is written follows */
void dialect_names(struct str *out);                         /* all that a server may speak: "openai-completions, openai-chat, …" */
bool dialect_parse(struct span name, enum dialect_id *id);  /* one of the first DIALECT_SPOKEN */

enum dial_id {
    DIAL_TEMPERATURE,
    DIAL_TOP_P,
    DIAL_TOP_K,
    DIAL_MIN_P,
    DIAL_MAX_TOKENS,
    DIAL_TAKES,
    DIAL_SEED,
    DIAL_PRESENCE_PENALTY,
    DIAL_FREQUENCY_PENALTY,
    DIAL_REPETITION_PENALTY,
    DIAL_COUNT
};

struct dial {
    const char *name;                /* with '_': config, --flag (with '-'), database column */
    const char *label;               /* N_(), at most 20 columns in every language */
    const char *help;                /* N_(), one plain line */
    double min, max;
    double step, big_step;           /* of the slider's keys */
    double start;                    /* the value a dial gets when it is first turned on */
    int decimals;                    /* 0: an integer */
    const char *wire[DIALECT_COUNT]; /* its name in each dialect; NULL: not taken, never sent */
};
extern const struct dial dial_table[DIAL_COUNT];

/* The settings of all dials. A dial that is off is not sent. */
struct dials {
    double value[DIAL_COUNT];
    bool on[DIAL_COUNT];
};

void dials_default(struct dials *d);                                    /* temperature 0.7, max_tokens 256, takes 1; the rest off */
bool dial_find(struct span name, enum dial_id *id);                     /* '-' and '_' alike */
void dial_set(struct dials *d, enum dial_id id, double value);          /* clamps, rounds to the dial's decimals, turns on */
void dial_off(struct dials *d, enum dial_id id);
void dial_step(struct dials *d, enum dial_id id, int steps, bool big);  /* an off dial is first turned on at its start value */
double dial_fraction(const struct dials *d, enum dial_id id);           /* 0…1 along the slider; wide integer ranges are logarithmic */
void dial_set_fraction(struct dials *d, enum dial_id id, double fraction);
/* "0.70", "256", or "" when off: without a language; what config, database and command line read back. */
void dial_format(const struct dials *d, enum dial_id id, struct str *out);
/* Reads a value or "off"; false with a sentence naming the dial and its range. */
bool dial_parse(struct dials *d, enum dial_id id, struct span text, struct err *e) MUST_USE;
int dials_takes(const struct dials *d);                                 /* 1 when off */
bool dials_equal(const struct dials *a, const struct dials *b);
/* "temperature=0.70 max_tokens=256": for logs, presets and one-line summaries. Only dials that are on. */
void dials_format(const struct dials *d, struct str *out);
bool dials_parse(struct dials *d, struct span text, struct err *e) MUST_USE; /* the same form back; others stay as they are */

/* Presets: named settings. A preset changes the dials it names, turns off the other sampling dials and leaves max_tokens, takes and
 * seed alone. */
struct preset {
    const char *name;     /* N_() */
    const char *help;     /* N_() */
    const char *settings; /* dials_parse form; NULL: dice */
};
extern const struct preset preset_table[];
extern const int preset_count;
bool preset_apply(struct dials *d, const struct preset *p, uint64_t dice, struct err *e) MUST_USE;

#endif
