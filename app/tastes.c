#include "app/tastes.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_SHOWN  8
#define NAME_COLUMNS 24

/* -- counting --------------------------------------------------------------------------------------------------------------------------------- */

static struct taste *find(struct taste_table *table, struct span name)
{
    for (int i = 0; i < table->count; i++)
        if (span_equal(str_span(&table->rows[i].name), name))
            return &table->rows[i];
    ARRAY_ROOM(table->rows, table->count, table->cap);
    struct taste *added = &table->rows[table->count++];
    *added = (struct taste){.kept = 0};
    str_set(&added->name, name);
    return added;
}

static void count_one(struct taste_table *table, struct span name, const struct kept_take *k)
{
    struct taste *t = find(table, name);
    t->kept += k->on_page;
    t->rated += k->rating > 0;
    t->stars += k->rating;
}

/* What a preset would have made of these dials is these dials. Dice fall anew each time. */
static bool stands_at(const char *settings, const struct dials *d)
{
    struct preset preset = {.name = "", .settings = settings};
    struct dials set = *d;
    struct err err = {0};
    return settings && preset_apply(&set, &preset, 0, &err) && dials_equal(&set, d);
}

static const char *preset_of(const struct config *config, const struct dials *d)
{
    for (int i = 0; i < config->preset_count; i++)
        if (stands_at(config->presets[i].settings, d))
            return config->presets[i].name;
    for (int i = 0; i < preset_count; i++)
        if (stands_at(preset_table[i].settings, d))
            return _(preset_table[i].name);
    return NULL;
}

static void count_dials(struct tastes *t, const struct kept_take *k)
{
    struct str value = {0};
    for (int i = 0; i < DIAL_COUNT; i++) {
        bool counts = k->dials->on[i] && i != DIAL_SEED && i != DIAL_TAKES;
        if (!counts)
            continue;
        t->dials[i]++;
        str_clear(&value);
        dial_format(k->dials, (enum dial_id)i, &value);
        count_one(&t->values[i], str_span(&value), k);
    }
    str_release(&value);
}

static void take(void *ctx, const struct kept_take *k)
{
    struct tastes *t = ctx;
    const char *preset = preset_of(t->config, k->dials);
    t->looked++;
    t->kept += k->on_page;
    t->rated += k->rating > 0;
    count_one(&t->models, k->model.len ? k->model : k->server, k);
    count_one(&t->presets, span_of(preset ? preset : ""), k);
    count_dials(t, k);
}

void tastes_open(struct tastes *t, struct store *s, const struct config *config)
{
    *t = (struct tastes){.config = config};
    kept_open(&t->walk, s);
}

static void table_release(struct taste_table *table)
{
    for (int i = 0; i < table->count; i++)
        str_release(&table->rows[i].name);
    free(table->rows);
    *table = (struct taste_table){0};
}

void tastes_release(struct tastes *t)
{
    table_release(&t->models);
    table_release(&t->presets);
    for (int i = 0; i < DIAL_COUNT; i++)
        table_release(&t->values[i]);
}

bool tastes_step(struct tastes *t, int64_t budget_us, struct err *e)
{
    return kept_step(&t->walk, budget_us, take, t, e);
}

/* -- telling ------------------------------------------------------------------------------------------------------------------------------------ */

/* What is on a page counts, and what is rated three stars more so. */
static double weight(const struct taste *t)
{
    return (double)t->kept + (double)t->rated;
}

static int heaviest_first(const void *a, const void *b)
{
    double x = weight(a), y = weight(b);
    if (x < y || x > y)
        return x < y ? 1 : -1;
    return strcmp(str_text(&((const struct taste *)a)->name), str_text(&((const struct taste *)b)->name));
}

static int by_value(const void *a, const void *b)
{
    double x = 0, y = 0;
    if (!span_number(str_span(&((const struct taste *)a)->name), &x) || !span_number(str_span(&((const struct taste *)b)->name), &y))
        return strcmp(str_text(&((const struct taste *)a)->name), str_text(&((const struct taste *)b)->name));
    return (x > y) - (x < y);
}

static void add_padded(struct str *out, struct span text, int columns)
{
    struct str cell = {0};
    display_line(&cell, text, columns);
    str_add(out, str_span(&cell));
    str_printf(out, "%*s", columns - display_width(str_span(&cell)), "");
    str_release(&cell);
}

static void add_bar(struct str *out, double part, int columns)
{
    int halves = (int)lround(part * columns * 2);
    for (int i = 0; i < halves / 2; i++)
        str_add_text(out, "█");
    if (halves % 2 || (halves == 0 && part > 0))
        str_add_text(out, "▌");
}

static void add_row(struct str *out, const struct taste *t, double most, int columns)
{
    struct span name = t->name.len ? str_span(&t->name) : span_of(_("the writer's own setting"));
    str_add_text(out, "  ");
    add_padded(out, name, NAME_COLUMNS);
    str_printf(out, "%7lld %7lld  ", (long long)t->kept, (long long)t->rated);
    if (t->rated)
        str_printf(out, "%.1f ★  ", (double)t->stars / (double)t->rated);
    else
        str_add_text(out, "       ");
    add_bar(out, weight(t) / (most > 0 ? most : 1), columns - NAME_COLUMNS - 30);
    str_add_byte(out, '\n');
}

static void add_head(struct str *out, const char *title)
{
    str_add_byte(out, '\n');
    add_padded(out, span_of(title), NAME_COLUMNS + 2);
    for (int i = 0; i < 2; i++) {
        const char *word = i ? _("rated") : _("kept");
        str_printf(out, "%*s%s", 7 - display_width(span_of(word)) + (i ? 1 : 0), "", word);
    }
    str_add_byte(out, '\n');
}

/* The heaviest rows; values of a dial are then put in the order of the dial. */
static void add_table(struct str *out, const char *title, struct taste_table *table, bool values, int columns)
{
    if (!table->count)
        return;
    qsort(table->rows, (size_t)table->count, sizeof *table->rows, heaviest_first);
    int shown = table->count < ROWS_SHOWN ? table->count : ROWS_SHOWN;
    double most = weight(&table->rows[0]);
    if (values)
        qsort(table->rows, (size_t)shown, sizeof *table->rows, by_value);
    add_head(out, title);
    for (int i = 0; i < shown; i++)
        add_row(out, &table->rows[i], most, columns);
    if (table->count > shown)
        str_printf(out, ngettext("  and %d more\n", "  and %d more\n", (unsigned long)(table->count - shown)), table->count - shown);
}

void tastes_tell(struct tastes *t, int columns, struct str *out)
{
    columns = columns > 84 ? 84 : columns;
    if (!t->looked && t->walk.over) {
        str_add_text(out, _("Nothing is kept yet: takes count once they stand on a page, or have a rating.\n"));
        return;
    }
    str_printf(out,
               t->walk.over ? _("Counted %lld takes that you kept: %lld on a page, %lld rated.\n")
                            : _("Still counting: %lld takes so far, %lld on a page, %lld rated.\n"),
               (long long)t->looked, (long long)t->kept, (long long)t->rated);
    add_table(out, _("models"), &t->models, false, columns);
    add_table(out, _("presets"), &t->presets, false, columns);
    for (int i = 0; i < DIAL_COUNT; i++)
        if (t->dials[i] > 0)
            add_table(out, _(dial_table[i].label), &t->values[i], true, columns);
}
