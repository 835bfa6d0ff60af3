/* The command line, read: which command, its options and operands. One table holds every option; the dials add theirs. Knows not
 * what a command does. */
#ifndef RENGA_APP_ARGS_H
#define RENGA_APP_ARGS_H

#include "core/request.h"

enum option {
    OPTION_SERVER,
    OPTION_URL,
    OPTION_DIALECT,
    OPTION_MODEL,
    OPTION_KEY_ENV,
    OPTION_PROMPT,
    OPTION_CONTINUE,
    OPTION_TEMPLATE,
    OPTION_SET,
    OPTION_SYSTEM,
    OPTION_STOP,
    OPTION_TAKES,
    OPTION_PRESET,
    OPTION_NO_STREAM,
    OPTION_ONCE,
    OPTION_TAKE,
    OPTION_LIMIT,
    OPTION_BEFORE,
    OPTION_SORT,
    OPTION_TRASH,
    OPTION_JSON,
    OPTION_ODDS,
    OPTION_NAME,
    OPTION_KEPT,
    OPTION_PROJECT,
    OPTION_PARALLEL,
    OPTION_OUT,
    OPTION_RETRY,
    OPTION_TRY,
    OPTION_SALVAGE,
    OPTION_SKIP_BROKEN,
    OPTION_FORMAT,
    OPTION_ALL,
    OPTION_VERTICAL,
    OPTION_NO_PROMPTS,
    OPTION_QUIET,
    OPTION_PLAIN,
    OPTION_SCRIPT,
    OPTION_LANGUAGE,
    OPTION_LIBRARY,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT
};

/* Which commands an option belongs to: the bits of its groups against the command's. */
enum {
    GROUP_ALL = 1,     /* every command, and the desk */
    GROUP_SERVER = 2,  /* what talks to a server */
    GROUP_WRITE = 4,   /* write alone */
    GROUP_DIALS = 8,   /* what generates: the dials, system text, stop strings */
    GROUP_HISTORY = 16,
    GROUP_SHOW = 32,
    GROUP_JSON = 64,
    GROUP_DESK = 128,  /* the desk alone */
    GROUP_MUSE = 256,  /* what the muse learns from */
    GROUP_MANY = 4096, /* what asks several things at once */
    GROUP_BATCH = 8192,
    GROUP_EXPORT = 16384,
    GROUP_IMPORT = 32768,
    GROUP_PING = 65536,
    GROUP_DOCTOR = 131072,
};

struct option_row {
    const char *name;    /* without the dashes */
    char letter;         /* 0: none */
    const char *value;   /* N_() what stands after it in the help; NULL: takes no value */
    const char *help;    /* N_() */
    int groups;
};
extern const struct option_row option_table[OPTION_COUNT];

struct command_line_word {
    const char *name;
    const char *operands;      /* N_() as the help shows them */
    const char *help;          /* N_() */
    int least, most;           /* operands */
    int groups;                /* of options; GROUP_ALL is always among them */
};

#define ARGS_SETS_MAX 32

/* Everything is borrowed from argv. */
struct args {
    const struct command_line_word *word; /* NULL: the desk */
    const char *values[OPTION_COUNT];     /* NULL: not given; "" for an option without a value */
    const char *stops[REQUEST_STOPS_MAX];
    int stop_count;
    const char *sets[ARGS_SETS_MAX];      /* --set, as written */
    int set_count;
    const char *dials[DIAL_COUNT];        /* as written, NULL: not given */
    const char **operands;                /* owned */
    int operand_count;
};

/* Reads the command line; `words` ends with a NULL name. On false the sentence says what is wrong and where to look. `args` is to be
 * released either way. */
bool args_read(struct args *a, int argc, char **argv, const struct command_line_word *words, struct err *e) MUST_USE;
void args_release(struct args *a);
/* The dials given on the command line, on top of what `d` holds. */
bool args_dials(const struct args *a, struct dials *d, struct err *e) MUST_USE;
/* A whole number above 0; `otherwise` when the option is not given. */
bool args_number(const struct args *a, enum option option, int64_t otherwise, int64_t *out, struct err *e) MUST_USE;

/* The help of one command, or of the whole program (word NULL). */
void args_help(struct str *out, const struct command_line_word *words, const struct command_line_word *word);

#endif
