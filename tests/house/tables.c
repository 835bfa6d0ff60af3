/* Prints what the program's tables hold, for the documents to be measured by: tables. Each line is a kind, a tab and a text. */
#include "app/cli/cli.h"
#include "app/commands/keymap.h"
#include "muse/form.h"
#include "tests/house/tables_dialects.h"
#include "ui/theme.h"

#include <stdio.h>
#include <string.h>

static void print_command_line(void)
{
    for (const struct command_line_word *w = cli_words; w->name; w++)
        printf("word\t%s\n", w->name);
    for (int i = 0; i < OPTION_COUNT; i++) {
        printf("option\t%s\n", option_table[i].name);
        if (option_table[i].letter)
            printf("letter\t%c\n", option_table[i].letter);
    }
    for (int i = 0; i < form_count(); i++)
        printf("form\t%s\n", form_at(i)->name);
    for (int i = 0; i < DIALECT_SPOKEN; i++)
        printf("dialect\t%s\n", dialect_name((enum dialect_id)i));
}

static void print_dials(void)
{
    for (int i = 0; i < DIAL_COUNT; i++) {
        const struct dial *d = &dial_table[i];
        printf("dial\t%s\n", d->name);
        printf("line\tFrom %.16g to %.16g.\n", d->min, d->max);
        printf("line\t%s\n", d->help);
    }
    for (int i = 0; i < preset_count; i++) {
        printf("preset\t%s\n", preset_table[i].name);
        printf("line\t%s\n", preset_table[i].help);
        if (preset_table[i].settings)
            printf("line\t.Dl %s\n", preset_table[i].settings);
    }
}

/* A text as a cell of the manual: what roff would set as another character is named. */
static void print_cell(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '^')
            printf("\\(ha");
        else if (*c == '-')
            printf("\\-");
        else
            putchar(*c);
}

static void print_key(const struct default_key *k)
{
    printf("line\t.It ");
    print_cell(k->key);
    printf(" Ta ");
    print_cell(k->command);
    printf(" Ta %s\n", command_find(span_of(k->command))->help);
}

static bool has_key(const char *command)
{
    for (int i = 0; i < default_key_count; i++)
        if (!strcmp(default_keys[i].command, command))
            return true;
    return false;
}

static void print_desk(void)
{
    for (int m = 0; m < MAP_COUNT; m++) {
        printf("map\t%s\n", map_name((enum map)m));
        for (int i = 0; i < default_key_count; i++)
            if (default_keys[i].map == (enum map)m)
                print_key(&default_keys[i]);
    }
    for (int t = 0; command_tables[t]; t++)
        for (const struct command *c = command_tables[t]; c->name; c++) {
            if (has_key(c->name))
                continue;
            printf("line\t.It ");
            print_cell(c->name);
            printf(" Ta %s\n", c->help);
        }
}

static void print_themes(void)
{
    for (int i = 0; i < STYLE_COUNT; i++)
        printf("role\t%s\n", style_role_name((enum role_id)i));
    for (const struct shipped_theme *t = shipped_themes; t->name; t++)
        printf("theme\t%s\n", t->name);
}

int main(void)
{
    print_command_line();
    print_dials();
    print_desk();
    print_themes();
    print_dialects();
    return 0;
}
