#include "app/cli/odds_out.h"
#include "app/cli/json_line.h"
#include "core/display.h"
#include "core/i18n.h"
#include "core/odds.h"
#include "ui/panel_odds.h"

#define OTHERS_SHOWN 5
#define TEXT_COLUMNS 12

struct reading {
    struct odds_record record;
    struct odds_units units;
    struct odds_choices choices;
};

static bool read_odds(struct reading *r, struct span form, struct span text, struct err *e)
{
    *r = (struct reading){0};
    if (!odds_record_read(&r->record, form, e))
        return false;
    odds_units_make(&r->units, &r->record, text);
    return true;
}

static void release(struct reading *r)
{
    odds_choices_release(&r->choices);
    odds_units_release(&r->units);
    odds_record_release(&r->record);
}

/* -- as JSON --------------------------------------------------------------------------------------------------------------------------- */

static void add_odds(struct str *out, double odds)
{
    struct str number = {0};
    str_printf(&number, "%.4g", odds);
    json_line_raw(out, "odds", str_span(&number));
    str_release(&number);
}

static void add_others(struct str *out, const struct odds_choices *c)
{
    json_line_raw(out, "others", SPAN("["));
    for (int i = 0, any = 0; i < c->count; i++) {
        if (c->list[i].taken)
            continue;
        str_add_text(out, any++ ? "," : "");
        json_line_open(out, NULL);
        json_line_text(out, "text", str_span(&c->list[i].text));
        add_odds(out, c->list[i].odds);
        json_line_close(out);
    }
    str_add_byte(out, ']');
}

static double taken_odds(const struct odds_choices *c)
{
    for (int i = 0; i < c->count; i++)
        if (c->list[i].taken)
            return c->list[i].odds;
    return 0;
}

void odds_out_json(struct str *out, struct span form, struct span text)
{
    struct reading r;
    if (!read_odds(&r, form, text, NULL))
        return;
    json_line_raw(out, "odds", SPAN("["));
    for (int i = 0; i < r.units.count; i++) {
        const struct odds_unit *unit = &r.units.list[i];
        odds_choices_make(&r.choices, &r.record, unit, text);
        str_add_text(out, i ? "," : "");
        json_line_open(out, NULL);
        json_line_text(out, "text", span_cut(text, unit->from, unit->to));
        if (unit->count) {
            add_odds(out, taken_odds(&r.choices));
            add_others(out, &r.choices);
        }
        json_line_close(out);
    }
    str_add_byte(out, ']');
    release(&r);
}

/* -- for the eye ----------------------------------------------------------------------------------------------------------------------- */

static void print_unit(struct cli *cli, const struct odds_unit *unit, const struct odds_choices *c, struct span text)
{
    struct str line = {0}, shown = {0};
    int others = 0;
    panel_odds_text(&shown, span_cut(text, unit->from, unit->to), unit->count ? TEXT_COLUMNS : 40);
    if (unit->count)
        str_printf(&line, "%5.1f %%  ", taken_odds(c) * 100);
    else
        str_add_text(&line, "      –  ");
    str_add(&line, str_span(&shown));
    int pad = TEXT_COLUMNS - display_width(str_span(&shown));
    for (int i = 0; i < c->count && others < OTHERS_SHOWN; i++) {
        if (c->list[i].taken)
            continue;
        str_printf(&line, "%*s", others++ ? 3 : pad > 0 ? pad + 2 : 2, "");
        panel_odds_text(&line, str_span(&c->list[i].text), TEXT_COLUMNS);
        str_printf(&line, " %.1f", c->list[i].odds * 100);
    }
    printer_line(&cli->out, str_span(&line));
    printer_say(&cli->out, "\n");
    str_release(&line);
    str_release(&shown);
}

bool odds_out_print(struct cli *cli, struct span form, struct span text, struct err *e)
{
    struct reading r;
    if (!read_odds(&r, form, text, e))
        return false;
    if (r.record.count == 0)
        printer_format(&cli->out, "%s\n", _("Odds were asked for, and the server gave none."));
    for (int i = 0; r.record.count && i < r.units.count; i++) {
        odds_choices_make(&r.choices, &r.record, &r.units.list[i], text);
        print_unit(cli, &r.units.list[i], &r.choices, text);
    }
    printer_say(&cli->out, "\n");
    release(&r);
    return true;
}
