#include "app/cli/begin.h"
#include "app/cli/json_line.h"
#include "app/templates.h"
#include "core/display.h"
#include "core/i18n.h"

#include <string.h>

/* -- templates ------------------------------------------------------------------------------------------------------------------------- */

/* "题目, 韵": what --set may name. */
static void add_variables(struct str *out, const struct template *t)
{
    for (int i = 0; i < t->count; i++)
        str_printf(out, "%s%s", i ? ", " : "", str_text(&t->variables[i].name));
    if (t->wants_page || t->wants_selection)
        str_printf(out, "%s%s", out->len ? ", " : "", "-");
}

static void print_json(struct cli *cli, const struct template *t, bool own)
{
    struct str *out = &cli->out.held;
    json_line_open(out, NULL);
    json_line_text(out, "name", str_span(&t->name));
    json_line_text(out, "language", str_span(&t->language));
    json_line_text(out, "group", span_of(template_group_name(t->group)));
    json_line_text(out, "help", str_span(&t->help));
    json_line_text(out, "dials", str_span(&t->dials));
    json_line_raw(out, "own", own ? SPAN("true") : SPAN("false"));
    json_line_open(out, "variables");
    for (int i = 0; i < t->count; i++) {
        const struct template_variable *v = &t->variables[i];
        json_line_text(out, str_text(&v->name), str_span(v->choices.len ? &v->choices : &v->value));
    }
    json_line_close(out);
    json_line_text(out, "text", str_span(&t->text));
    json_line_close(out);
    printer_say(&cli->out, "\n");
}

/* For the eye in columns, for a pipe with tabs. */
static void print_row(struct cli *cli, const struct template *t)
{
    struct str variables = {0};
    add_variables(&variables, t);
    const char *cells[] = {str_text(&t->name), t->language.len ? str_text(&t->language) : "-",
                           t->group == TEMPLATE_OTHER ? "-" : template_group_name(t->group),
                           variables.len ? str_text(&variables) : "-", str_text(&t->help)};
    static const int widths[] = {16, 2, 7, 34, 0};
    for (int i = 0; i < 5; i++) {
        printer_line(&cli->out, span_of(cells[i]));
        int pad = widths[i] - display_width(span_of(cells[i]));
        if (i == 4)
            printer_say(&cli->out, "\n");
        else if (cli->out.terminal)
            printer_format(&cli->out, "%*s  ", pad > 0 ? pad : 0, "");
        else
            printer_say(&cli->out, "\t");
    }
    str_release(&variables);
}

int cli_templates(struct cli *cli)
{
    struct templates all = {0};
    struct err err = {0};
    int code = templates_load(&all, cli->paths.templates, &err) ? EXIT_DONE : EXIT_USAGE;
    for (int i = 0; i < all.count; i++)
        if (cli->args.values[OPTION_JSON])
            print_json(cli, &all.list[i], all.own[i]);
        else
            print_row(cli, &all.list[i]);
    if (err.kind)
        cli_note(cli, "renga: %s", err.text);
    templates_release(&all);
    return code;
}

/* -- filling one ----------------------------------------------------------------------------------------------------------------------- */

struct filling {
    const struct args *args;
    const struct template *t;
    struct span input;
};

/* What --set NAME=TEXT says for a name. */
static bool said(const struct args *a, struct span name, struct span *out)
{
    for (int i = a->set_count - 1; i >= 0; i--) {
        struct span set = span_of(a->sets[i]);
        if (set.len > name.len && span_equal(span_cut(set, 0, name.len), name) && set.s[name.len] == '=') {
            *out = span_cut(set, name.len + 1, set.len);
            return true;
        }
    }
    return false;
}

static struct span first_choice(const struct template_variable *v)
{
    struct span rest = str_span(&v->choices), line = str_span(&v->value);
    span_line(&rest, &line);
    return line;
}

static struct span value_of(void *ctx, struct span name)
{
    const struct filling *f = ctx;
    struct span value = {0};
    int at = template_find_variable(f->t, name);
    if (span_is(name, "page") || span_is(name, "selection"))
        return f->input;
    if (said(f->args, name, &value) || at < 0)
        return value;
    return first_choice(&f->t->variables[at]);
}

/* Every --set names a variable, and every variable has something to stand there. */
static bool check_sets(const struct args *a, const struct template *t, struct err *e)
{
    struct str names = {0};
    bool ok = true;
    add_variables(&names, t);
    for (int i = 0; ok && i < a->set_count; i++) {
        struct span set = span_of(a->sets[i]);
        ptrdiff_t equals = span_find(set, SPAN("="), 0);
        struct span name = equals < 0 ? SPAN("") : span_cut(set, 0, (size_t)equals);
        if (equals < 0)
            ok = err_set(e, ERR_USAGE, _("--set is written --set NAME=TEXT; “%s” has no =."), a->sets[i]);
        else if (template_find_variable(t, name) < 0 && !span_is(name, "title"))
            ok = err_set(e, ERR_USAGE, _("The template “%s” has no variable “%.*s”; it has: %s."), str_text(&t->name), SPAN_ARG(name),
                         str_text(&names));
    }
    for (int i = 0; ok && i < t->count; i++) {
        struct span value = {0};
        const struct str *name = &t->variables[i].name;
        if (!said(a, str_span(name), &value) && first_choice(&t->variables[i]).len == 0)
            ok = err_set(e, ERR_USAGE, _("The template wants “%s”: --set %s=…"), str_text(name), str_text(name));
    }
    str_release(&names);
    return ok;
}

static bool fill(struct cli *cli, const struct template *t, struct begin *b, struct str *input, struct err *e)
{
    struct filling f = {&cli->args, t, span_trim(str_span(input))};
    if (!check_sets(&cli->args, t, e))
        return false;
    if ((t->wants_page || t->wants_selection) && f.input.len == 0)
        return err_set(e, ERR_USAGE, _("The template “%s” works on a text; give it one on standard input."), str_text(&t->name));
    template_fill(t, value_of, &f, &b->prompt);
    if (t->wants_page || t->wants_selection)
        str_clear(input); /* it stands in the prompt now */
    return t->dials.len == 0 || dials_parse(&b->dials, str_span(&t->dials), e);
}

bool begin_with_template(struct cli *cli, struct begin *b, struct str *input, struct err *e)
{
    const char *name = cli->args.values[OPTION_TEMPLATE];
    struct templates all = {0};
    struct err fault = {0};
    if (!name)
        return !cli->args.set_count || err_set(e, ERR_USAGE, "%s", _("--set fills a template; --template names it."));
    if (!templates_load(&all, cli->paths.templates, &fault))
        cli_note(cli, "renga: %s", fault.text);
    const struct template *t = templates_find(&all, span_of(name));
    bool ok = t ? fill(cli, t, b, input, e) : err_set(e, ERR_USAGE, _("There is no template “%s”; renga templates lists them."), name);
    templates_release(&all);
    return ok;
}
