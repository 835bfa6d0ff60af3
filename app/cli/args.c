#include "app/cli/args.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

const struct option_row option_table[OPTION_COUNT] = {
    [OPTION_SERVER] = {"server", 's', N_("NAME"), N_("The server that answers, by its name in the config."), GROUP_SERVER},
    [OPTION_URL] = {"url", 'u', N_("URL"), N_("A server for this once, without any config."), GROUP_SERVER},
    [OPTION_DIALECT] = {"dialect", 0, N_("NAME"), N_("What that server speaks: openai-chat, anthropic, ollama…"), GROUP_SERVER},
    [OPTION_MODEL] = {"model", 'm', N_("NAME"), N_("The model."), GROUP_SERVER},
    [OPTION_KEY_ENV] = {"key-env", 0, N_("VAR"), N_("The environment variable that holds that server's key."), GROUP_SERVER},
    [OPTION_PROMPT] = {"prompt", 'p', N_("TEXT"), N_("The prompt; standard input is its context."), GROUP_WRITE},
    [OPTION_CONTINUE] = {"continue", 'c', NULL, N_("Go on with the text of standard input instead of asking."), GROUP_WRITE},
    [OPTION_TEMPLATE] = {"template", 0, N_("NAME"), N_("Ask what this template says; renga templates lists them."), GROUP_WRITE},
    [OPTION_SET] = {"set", 0, N_("NAME=TEXT"), N_("A variable of the template; may be given several times."), GROUP_WRITE},
    [OPTION_SYSTEM] = {"system", 0, N_("TEXT"), N_("The system text."), GROUP_DIALS},
    [OPTION_STOP] = {"stop", 0, N_("TEXT"), N_("End a take where this comes; may be given several times."), GROUP_DIALS},
    [OPTION_TAKES] = {"takes", 'n', N_("N"), NULL, GROUP_DIALS},
    [OPTION_PRESET] = {"preset", 0, N_("NAME"), N_("Plain, steady, warm, wild, dice or one of yours; single dials count more."), GROUP_DIALS},
    [OPTION_NO_STREAM] = {"no-stream", 0, NULL, N_("Ask for the whole answer at once."), GROUP_DIALS},
    [OPTION_ONCE] = {"once", 0, NULL, N_("Keep nothing in the library."), GROUP_WRITE},
    [OPTION_TAKE] = {"take", 't', N_("N"), N_("Only the text of this take."), GROUP_SHOW},
    [OPTION_LIMIT] = {"limit", 'l', N_("N"), N_("At most this many rows (20)."), GROUP_HISTORY},
    [OPTION_BEFORE] = {"before", 'b', N_("ID"), N_("Only what is older than this generation."), GROUP_HISTORY},
    [OPTION_SORT] = {"sort", 0, N_("ORDER"), N_("By time, rating, model, length or best."), GROUP_HISTORY},
    [OPTION_TRASH] = {"trash", 0, NULL, N_("What lies in the trash."), GROUP_HISTORY},
    [OPTION_JSON] = {"json", 'j', NULL, N_("JSON objects, one a line."), GROUP_JSON},
    [OPTION_ODDS] = {"odds", 0, NULL, N_("How likely each word was, and what else might have stood there."), GROUP_DIALS | GROUP_SHOW},
    [OPTION_NAME] = {"name", 0, N_("NAME"), N_("What the learnt voice is called (my voice)."), GROUP_MUSE},
    [OPTION_KEPT] = {"kept", 0, NULL, N_("The takes you kept: learn from them, or tell what they came from."), GROUP_MUSE | GROUP_HISTORY},
    [OPTION_PROJECT] = {"project", 0, N_("NAME"), N_("The project: whose pages are learnt from, where new pieces go."),
                        GROUP_MUSE | GROUP_WRITE | GROUP_BATCH | GROUP_IMPORT},
    [OPTION_PARALLEL] = {"parallel", 0, N_("N"), N_("How many requests the server has at once."), GROUP_MANY},
    [OPTION_OUT] = {"out", 'o', N_("FILE"), N_("Where it goes: a file, for several pieces a folder; a batch adds to it. - is standard output."),
                    GROUP_BATCH | GROUP_EXPORT},
    [OPTION_RETRY] = {"retry", 0, N_("N"), N_("Ask what failed so many times more within this run."), GROUP_BATCH},
    [OPTION_TRY] = {"try", 0, NULL, N_("Ask for a word or two as well: this costs a few tokens."), GROUP_PING},
    [OPTION_SALVAGE] = {"salvage", 0, NULL, N_("Make a new library of what a damaged one still holds; the damaged one moves aside."), GROUP_DOCTOR},
    [OPTION_SKIP_BROKEN] = {"skip-broken", 0, NULL, N_("Pass over lines that cannot be read."), GROUP_BATCH | GROUP_IMPORT},
    [OPTION_FORMAT] = {"format", 'f', N_("FORMAT"), N_("md, txt, html or jsonl; files of other programs are known by their content."),
                       GROUP_EXPORT | GROUP_IMPORT},
    [OPTION_ALL] = {"all", 'a', NULL, N_("The whole library."), GROUP_EXPORT},
    [OPTION_VERTICAL] = {"vertical", 0, NULL, N_("HTML with Chinese from top to bottom."), GROUP_EXPORT},
    [OPTION_NO_PROMPTS] = {"no-prompts", 0, NULL, N_("Leave out what you asked."), GROUP_EXPORT},
    [OPTION_QUIET] = {"quiet", 'q', NULL, N_("Say nothing but what went wrong."), GROUP_BATCH},
    [OPTION_PLAIN] = {"plain", 0, NULL, N_("The desk by lines, for screen readers and simple terminals: no drawing, no keys."), GROUP_DESK},
    [OPTION_SCRIPT] = {"script", 0, N_("FILE"), N_("Run the desk's commands from a file, without a terminal."), GROUP_DESK},
    [OPTION_LANGUAGE] = {"language", 0, N_("zh|en"), N_("The language renga speaks."), GROUP_ALL},
    [OPTION_LIBRARY] = {"library", 0, N_("FILE"), N_("The library to use (renga paths says which one it is)."), GROUP_ALL},
    [OPTION_HELP] = {"help", 'h', NULL, N_("This help."), GROUP_ALL},
    [OPTION_VERSION] = {"version", 'V', NULL, N_("The version."), GROUP_ALL},
};

/* -- reading ------------------------------------------------------------------------------------------------------------------ */

struct reader {
    struct args *args;
    char **argv;
    int argc, at;
    bool only_operands; /* after "--" */
};

static bool find_option(struct span name, char letter, enum option *option)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (letter ? option_table[i].letter == letter : span_is(name, option_table[i].name)) {
            *option = (enum option)i;
            return true;
        }
    return false;
}

static bool no_option(const struct args *a, const char *shown, struct err *e)
{
    if (!a->word)
        return err_set(e, ERR_USAGE, _("renga knows no option %s."), shown);
    return err_set(e, ERR_USAGE, _("renga %s knows no option %s."), a->word->name, shown);
}

static bool belongs(const struct args *a, int groups)
{
    return groups & (GROUP_ALL | (a->word ? a->word->groups : GROUP_SERVER | GROUP_DESK));
}

/* The value of an option: what follows '=' or its letter, else the next word. */
static bool read_value(struct reader *r, const char *shown, const char *attached, const char **out, struct err *e)
{
    *out = attached;
    if (!attached && r->at + 1 < r->argc)
        *out = r->argv[++r->at];
    if (!*out)
        return err_set(e, ERR_USAGE, _("%s wants a value."), shown);
    if (!utf8_valid(span_of(*out)))
        return err_set(e, ERR_USAGE, _("The value of %s is not UTF-8 text."), shown);
    return true;
}

static bool set_option(struct reader *r, enum option option, const char *shown, const char *attached, struct err *e)
{
    struct args *a = r->args;
    const struct option_row *row = &option_table[option];
    if (!belongs(a, row->groups))
        return no_option(a, shown, e);
    if (!row->value) {
        a->values[option] = "";
        return attached ? err_set(e, ERR_USAGE, _("%s takes no value."), shown) : true;
    }
    if (!read_value(r, shown, attached, &a->values[option], e))
        return false;
    if (option == OPTION_TAKES)
        a->dials[DIAL_TAKES] = a->values[option];
    if (option == OPTION_SET && a->set_count == ARGS_SETS_MAX)
        return err_set(e, ERR_USAGE, _("There may be at most %d --set."), ARGS_SETS_MAX);
    if (option == OPTION_SET)
        a->sets[a->set_count++] = a->values[option];
    if (option != OPTION_STOP)
        return true;
    if (a->stop_count == REQUEST_STOPS_MAX)
        return err_set(e, ERR_USAGE, _("There may be at most %d stop strings."), REQUEST_STOPS_MAX);
    a->stops[a->stop_count++] = a->values[option];
    return true;
}

static bool read_long(struct reader *r, const char *word, struct err *e)
{
    const char *equals = strchr(word, '=');
    struct span name = equals ? (struct span){word + 2, (size_t)(equals - word) - 2} : span_of(word + 2);
    const char *attached = equals ? equals + 1 : NULL;
    enum option option = OPTION_COUNT;
    enum dial_id dial = DIAL_COUNT;
    char *shown = span_copy((struct span){word, name.len + 2});
    bool ok = false;
    if (find_option(name, 0, &option))
        ok = set_option(r, option, shown, attached, e);
    else if (dial_find(name, &dial) && belongs(r->args, GROUP_DIALS))
        ok = read_value(r, shown, attached, &r->args->dials[dial], e);
    else
        no_option(r->args, shown, e);
    free(shown);
    return ok;
}

/* "-n3", "-n 3", and letters without values run together. */
static bool read_letters(struct reader *r, const char *word, struct err *e)
{
    for (const char *c = word + 1; *c; c++) {
        char shown[3] = {'-', *c, '\0'};
        enum option option = OPTION_COUNT;
        if (!find_option(SPAN(""), *c, &option))
            return no_option(r->args, (unsigned char)*c < 0x80 ? shown : word, e);
        bool takes_value = option_table[option].value;
        if (!set_option(r, option, shown, takes_value && c[1] ? c + 1 : NULL, e))
            return false;
        if (takes_value)
            return true;
    }
    return true;
}

static bool read_word(struct reader *r, const char *word, struct err *e)
{
    struct args *a = r->args;
    if (!r->only_operands && !strcmp(word, "--")) {
        r->only_operands = true;
        return true;
    }
    if (!r->only_operands && word[0] == '-' && word[1] == '-')
        return read_long(r, word, e);
    if (!r->only_operands && word[0] == '-' && word[1])
        return read_letters(r, word, e);
    if (!utf8_valid(span_of(word)))
        return err_set(e, ERR_USAGE, _("An argument is not UTF-8 text."));
    a->operands[a->operand_count++] = word;
    return true;
}

/* True when the value of an option written as `word` is the next word. */
static bool value_follows(const char *word)
{
    enum option option = OPTION_COUNT;
    enum dial_id dial = DIAL_COUNT;
    bool is_long = word[1] == '-';
    if (is_long && dial_find(span_of(word + 2), &dial))
        return true;
    if (is_long ? !find_option(span_of(word + 2), 0, &option) : !word[1] || word[2] || !find_option(SPAN(""), word[1], &option))
        return false;
    return option_table[option].value;
}

/* The command is the first word that is neither an option nor its value: options may stand before it. */
static bool find_command(struct args *a, int argc, char **argv, const struct command_line_word *words, int *index, struct err *e)
{
    int i = 1;
    while (i < argc && argv[i][0] == '-')
        i += value_follows(argv[i]) ? 2 : 1;
    if (i >= argc)
        return true;
    for (const struct command_line_word *w = words; w->name; w++)
        if (!strcmp(w->name, argv[i])) {
            a->word = w;
            *index = i;
            return true;
        }
    return err_set(e, ERR_USAGE, _("“%s” is not a command of renga."), utf8_valid(span_of(argv[i])) ? argv[i] : "?");
}

static bool count_operands(const struct args *a, struct err *e)
{
    if (a->values[OPTION_HELP] || a->values[OPTION_VERSION])
        return true;
    if (a->word && a->operand_count < a->word->least)
        return err_set(e, ERR_USAGE, _("renga %s wants %s."), a->word->name, _(a->word->operands));
    if (a->operand_count > (a->word ? a->word->most : 0))
        return err_set(e, ERR_USAGE, _("“%s” is one word too many; put quotes around a text of several words."),
                       a->operands[a->operand_count - 1]);
    return true;
}

bool args_read(struct args *a, int argc, char **argv, const struct command_line_word *words, struct err *e)
{
    struct reader r = {.args = a, .argv = argv, .argc = argc};
    int command = 0;
    *a = (struct args){.operands = mem_new((size_t)(argc > 0 ? argc : 1), sizeof *a->operands)};
    if (!find_command(a, argc, argv, words, &command, e))
        return false;
    for (r.at = 1; r.at < argc; r.at++)
        if (r.at != command && !read_word(&r, argv[r.at], e))
            return false;
    return count_operands(a, e);
}

void args_release(struct args *a)
{
    free(a->operands);
    *a = (struct args){0};
}

/* -- values --------------------------------------------------------------------------------------------------------------------- */

bool args_dials(const struct args *a, struct dials *d, struct err *e)
{
    for (int i = 0; i < DIAL_COUNT; i++)
        if (a->dials[i] && !dial_parse(d, (enum dial_id)i, span_of(a->dials[i]), e))
            return false;
    return true;
}

bool args_number(const struct args *a, enum option option, int64_t otherwise, int64_t *out, struct err *e)
{
    *out = otherwise;
    if (!a->values[option])
        return true;
    if (!span_integer(span_of(a->values[option]), out) || *out < 1)
        return err_set(e, ERR_USAGE, _("--%s is a whole number above 0; “%s” is not."), option_table[option].name, a->values[option]);
    return true;
}
