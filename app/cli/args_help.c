#include "app/cli/args.h"
#include "core/display.h"
#include "core/i18n.h"

#define HELP_COLUMN 32

/* "  left part             right part": the right part always begins in the same column. */
static void add_row(struct str *out, struct span left, const char *right)
{
    int width = display_width(left);
    str_add(out, left);
    if (width >= HELP_COLUMN - 1) {
        str_add_byte(out, '\n');
        width = 0;
    }
    str_printf(out, "%*s%s\n", HELP_COLUMN - width, "", right);
}

static void add_option(struct str *out, const struct option_row *row, const char *help)
{
    struct str left = {0};
    if (row->letter)
        str_printf(&left, "  -%c, --%s", row->letter, row->name);
    else
        str_printf(&left, "      --%s", row->name);
    if (row->value)
        str_printf(&left, " %s", _(row->value));
    add_row(out, str_span(&left), help);
    str_release(&left);
}

static void add_dial(struct str *out, enum dial_id id)
{
    const struct dial *dial = &dial_table[id];
    struct str left = {0};
    str_printf(&left, "      --%s", dial->name);
    for (size_t i = 0; i < left.len; i++)
        if (left.s[i] == '_')
            left.s[i] = '-';
    if (dial->max > 1e6)
        str_add_text(&left, " N");
    else
        str_printf(&left, " %g…%g", dial->min, dial->max);
    add_row(out, str_span(&left), _(dial->help));
    str_release(&left);
}

static void add_options(struct str *out, int groups)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (option_table[i].groups & groups)
            add_option(out, &option_table[i], i == OPTION_TAKES ? _(dial_table[DIAL_TAKES].help) : _(option_table[i].help));
    if (!(groups & GROUP_DIALS))
        return;
    str_printf(out, "\n%s\n", _("Dials (a number, or off):"));
    for (int i = 0; i < DIAL_COUNT; i++)
        if (i != DIAL_TAKES)
            add_dial(out, (enum dial_id)i);
}

/* Asked for the empty text, gettext would answer with the head of its catalogue. */
static const char *operands(const struct command_line_word *word)
{
    return *word->operands ? _(word->operands) : "";
}

static void add_command_help(struct str *out, const struct command_line_word *word)
{
    str_printf(out, "renga %s %s\n\n%s\n\n", word->name, operands(word), _(word->help));
    add_options(out, GROUP_ALL | word->groups);
}

static void add_program_help(struct str *out, const struct command_line_word *words)
{
    struct str left = {0};
    str_printf(out, "%s\n\n", _("renga 连歌 – a desk for poems and stories written together with language models"));
    add_row(out, SPAN("  renga"), _("The desk, where it was left."));
    for (; words->name; words++) {
        str_clear(&left);
        str_printf(&left, "  renga %s %s", words->name, operands(words));
        add_row(out, str_span(&left), _(words->help));
    }
    str_release(&left);
    str_add_byte(out, '\n');
    add_options(out, GROUP_ALL | GROUP_SERVER);
    str_printf(out, "\n%s\n", _("renga COMMAND --help tells more."));
}

void args_help(struct str *out, const struct command_line_word *words, const struct command_line_word *word)
{
    if (word)
        add_command_help(out, word);
    else
        add_program_help(out, words);
}
