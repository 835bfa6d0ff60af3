#include "core/template.h"
#include "core/dial.h"
#include "core/i18n.h"
#include "core/ini.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *const groups[TEMPLATE_GROUP_COUNT] = {"verse", "prose", "editing", ""};
static const char *const from_desk[] = {"selection", "page", "title"};

const char *template_group_name(enum template_group g)
{
    return groups[g];
}

void template_release(struct template *t)
{
    str_release(&t->name);
    str_release(&t->help);
    str_release(&t->language);
    str_release(&t->dials);
    str_release(&t->text);
    for (int i = 0; i < t->count; i++) {
        str_release(&t->variables[i].name);
        str_release(&t->variables[i].value);
        str_release(&t->variables[i].choices);
    }
    free(t->variables);
    *t = (struct template){0};
}

int template_find_variable(const struct template *t, struct span name)
{
    for (int i = 0; i < t->count; i++)
        if (span_equal(str_span(&t->variables[i].name), name))
            return i;
    return -1;
}

/* -- the head -------------------------------------------------------------------------------------------------------------------------- */

/* A line of `word = value`. */
static bool split_entry(struct span line, struct ini_entry *en)
{
    ptrdiff_t equals = span_find(line, SPAN("="), 0);
    if (equals < 0)
        return false;
    en->key = span_trim(span_cut(line, 0, (size_t)equals));
    en->value = span_trim(span_cut(line, (size_t)equals + 1, line.len));
    for (size_t i = 0; i < en->key.len; i++)
        if (!((en->key.s[i] >= 'a' && en->key.s[i] <= 'z') || (en->key.s[i] >= 'A' && en->key.s[i] <= 'Z')))
            return false;
    return en->key.len > 0;
}

static bool set_name(struct template *t, const struct ini_entry *en, struct err *e)
{
    if (en->value.len == 0 || en->value.len > TEMPLATE_NAME_MAX)
        return ini_fail(en, e, _("A name has between 1 and %d bytes."), TEMPLATE_NAME_MAX);
    str_set(&t->name, en->value);
    return true;
}

static bool set_help(struct template *t, const struct ini_entry *en, struct err *e)
{
    (void)e;
    str_set(&t->help, en->value);
    return true;
}

static bool set_language(struct template *t, const struct ini_entry *en, struct err *e)
{
    if (!span_is(en->value, "zh") && !span_is(en->value, "en"))
        return ini_fail(en, e, "%s", _("A language is zh or en."));
    str_set(&t->language, en->value);
    return true;
}

static bool set_group(struct template *t, const struct ini_entry *en, struct err *e)
{
    for (int g = 0; g < TEMPLATE_OTHER; g++)
        if (span_is(en->value, groups[g])) {
            t->group = (enum template_group)g;
            return true;
        }
    return ini_fail(en, e, "%s", _("A group is verse, prose or editing."));
}

static bool set_dials(struct template *t, const struct ini_entry *en, struct err *e)
{
    struct dials dials = {0};
    struct err why = {0};
    if (!dials_parse(&dials, en->value, &why))
        return ini_fail(en, e, "%s", why.text);
    str_set(&t->dials, en->value);
    return true;
}

static bool set_focus(struct template *t, const struct ini_entry *en, struct err *e)
{
    t->focus_page = span_is(en->value, "page");
    return t->focus_page || span_is(en->value, "prompt") ? true : ini_fail(en, e, "%s", _("The focus is prompt or page."));
}

static bool set_needs(struct template *t, const struct ini_entry *en, struct err *e)
{
    t->needs_server = span_is(en->value, "server");
    return t->needs_server || ini_fail(en, e, "%s", _("What a template may need is: server."));
}

static const struct {
    const char *key;
    bool (*set)(struct template *t, const struct ini_entry *en, struct err *e);
} head_keys[] = {
    {"name", set_name}, {"help", set_help}, {"language", set_language}, {"group", set_group}, {"dials", set_dials}, {"focus", set_focus},
    {"needs", set_needs},
};

static bool read_entry(struct template *t, struct span line, struct ini_entry *en, struct err *e)
{
    if (!split_entry(line, en))
        return ini_fail(en, e, "%s", _("The head's lines are key = value; an empty line ends it."));
    for (size_t i = 0; i < COUNT_OF(head_keys); i++)
        if (span_is(en->key, head_keys[i].key))
            return head_keys[i].set(t, en, e);
    struct span shown = span_cut(en->key, 0, en->key.len < 32 ? en->key.len : 32);
    return ini_fail(en, e, _("“%.*s” is no key of a template; there are name, help, language, group, dials, focus and needs. A text that "
                             "begins so has an empty line put first."),
                    SPAN_ARG(shown));
}

/* Takes the head, and the empty line below it, off the front of `text`. */
static bool read_head(struct template *t, struct span *text, struct ini_entry *en, struct err *e)
{
    struct span rest = *text, line = {0};
    if (!span_line(&rest, &line) || !split_entry(line, en))
        return true;
    while (span_line(text, &line)) {
        en->line++;
        if (span_trim(line).len == 0)
            return true;
        if (!span_starts(line, "#") && !read_entry(t, line, en, e))
            return false;
    }
    return true;
}

/* -- the text -------------------------------------------------------------------------------------------------------------------------- */

enum piece_kind { PIECE_TEXT, PIECE_BRACE, PIECE_VARIABLE };

/* A stretch of the text: as it is, a brace, or a variable; `inside` is what stands between the braces of one. */
struct stretch {
    enum piece_kind kind;
    struct span text, inside;
};

/* Takes the next stretch off the front; false at the end. A { that nothing closes is a variable with an `inside` up to the end. */
static bool next_stretch(struct span *rest, struct stretch *out)
{
    size_t at = 0;
    if (rest->len == 0)
        return false;
    while (at < rest->len && rest->s[at] != '{' && rest->s[at] != '}')
        at++;
    bool doubled = at + 1 < rest->len && rest->s[at + 1] == rest->s[at];
    if (at > 0 || (rest->s[0] == '}' && !doubled)) {
        at = at ? at : 1;
        *out = (struct stretch){.kind = PIECE_TEXT, .text = span_cut(*rest, 0, at)};
    } else if (doubled) {
        at = 2;
        *out = (struct stretch){.kind = PIECE_BRACE, .text = span_cut(*rest, 0, 1)};
    } else {
        for (at = 1; at < rest->len && rest->s[at] != '}';)
            at++;
        *out = (struct stretch){.kind = PIECE_VARIABLE, .inside = span_cut(*rest, 1, at)};
        at += at < rest->len;
        out->text = span_cut(*rest, 0, at);
    }
    *rest = span_cut(*rest, at, rest->len);
    return true;
}

/* The length of a sign at the front, be it ASCII's or the wide one; 0: it is not there. */
static size_t sign_length(struct span text, const char *plain, const char *wide)
{
    return span_starts(text, plain) ? strlen(plain) : span_starts(text, wide) ? strlen(wide) : 0;
}

/* What stands between two braces, parted: name, and what follows = or : */
struct parts {
    struct span name, after;
    char sign; /* '=', ':', 0: nothing follows */
};

static struct parts part(struct span inside)
{
    for (size_t i = 0; i < inside.len; i++) {
        struct span here = span_cut(inside, i, inside.len);
        size_t equals = sign_length(here, "=", "＝"), colon = sign_length(here, ":", "：");
        if (equals || colon)
            return (struct parts){.name = span_trim(span_cut(inside, 0, i)),
                                  .after = span_trim(span_cut(here, equals + colon, here.len)),
                                  .sign = equals ? '=' : ':'};
    }
    return (struct parts){span_trim(inside), SPAN(""), 0};
}

static bool is_from_desk(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(from_desk); i++)
        if (span_is(name, from_desk[i]))
            return true;
    return false;
}

static bool read_choices(struct str *out, struct span list, const struct ini_entry *en, struct err *e)
{
    for (size_t start = 0, i = 0; i <= list.len; i++) {
        size_t bar = sign_length(span_cut(list, i, list.len), "|", "｜");
        if (!bar && i < list.len)
            continue;
        struct span choice = span_trim(span_cut(list, start, i));
        if (choice.len == 0)
            return ini_fail(en, e, "%s", _("A choice is empty; choices are written {name:this|that}."));
        str_add(out, choice);
        str_add_byte(out, '\n');
        start = i + bar;
    }
    str_cut(out, out->len - 1);
    return true;
}

/* Says once what a variable begins with; a second time it must be the same. */
static bool define(struct template_variable *v, const struct parts *p, const struct ini_entry *en, struct err *e)
{
    struct str choices = {0};
    bool ok = p->sign != ':' || read_choices(&choices, p->after, en, e);
    bool first = v->value.len == 0 && v->choices.len == 0;
    if (ok && p->sign && !first &&
        !(span_equal(str_span(&choices), str_span(&v->choices)) && (p->sign == ':' || span_equal(p->after, str_span(&v->value)))))
        ok = ini_fail(en, e, _("{%s} was said to begin otherwise further up; say it once."), str_text(&v->name));
    if (ok && first && p->sign == '=')
        str_set(&v->value, p->after);
    if (ok && first)
        str_move(&v->choices, &choices);
    str_release(&choices);
    return ok;
}

static bool name_is_good(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.s[i] < ' ' || name.s[i] == '|')
            return false;
    return name.len > 0 && name.len <= TEMPLATE_NAME_MAX;
}

static bool add_variable(struct template *t, const struct stretch *s, const struct ini_entry *en, struct err *e)
{
    struct parts p = part(s->inside);
    if (s->text.s[s->text.len - 1] != '}' || span_find(s->inside, SPAN("\n"), 0) >= 0)
        return ini_fail(en, e, "%s", _("A { is not closed on its line; a brace itself is written {{."));
    if (span_find(s->inside, SPAN("{"), 0) >= 0)
        return ini_fail(en, e, "%s", _("A { stands within another; a brace itself is written {{."));
    if (!name_is_good(p.name))
        return ini_fail(en, e, _("Between { and } stands the name of a variable, at most %d bytes long; a brace itself is written {{."),
                        TEMPLATE_NAME_MAX);
    t->wants_selection = t->wants_selection || span_is(p.name, "selection");
    t->wants_page = t->wants_page || span_is(p.name, "page");
    if (is_from_desk(p.name))
        return !p.sign || ini_fail(en, e, _("{%.*s} is filled from the desk and begins with nothing else."), SPAN_ARG(p.name));
    int at = template_find_variable(t, p.name);
    if (at < 0) {
        if (t->count == TEMPLATE_VARIABLES_MAX)
            return ini_fail(en, e, _("A template has at most %d variables."), TEMPLATE_VARIABLES_MAX);
        ARRAY_ROOM(t->variables, t->count, t->cap);
        at = t->count++;
        t->variables[at] = (struct template_variable){0};
        str_set(&t->variables[at].name, p.name);
    }
    return define(&t->variables[at], &p, en, e);
}

static bool read_text(struct template *t, struct ini_entry *en, struct err *e)
{
    struct stretch s = {0};
    for (struct span rest = str_span(&t->text); next_stretch(&rest, &s);) {
        if (s.kind == PIECE_VARIABLE && !add_variable(t, &s, en, e))
            return false;
        for (size_t i = 0; i < s.text.len; i++)
            en->line += s.text.s[i] == '\n';
    }
    return true;
}

/* -- a whole file ---------------------------------------------------------------------------------------------------------------------- */

static bool is_text(struct span text, struct ini_entry *en, struct err *e)
{
    struct span line = {0};
    if (text.len > TEMPLATE_FILE_MAX)
        return err_set(e, ERR_LIMIT, _("%s: A template has at most %u kB."), en->file, TEMPLATE_FILE_MAX >> 10);
    for (struct span rest = text; span_line(&rest, &line);) {
        bool good = utf8_valid(line);
        en->line++;
        for (size_t i = 0; i < line.len; i++)
            good = good && ((unsigned char)line.s[i] >= ' ' || line.s[i] == '\t') && line.s[i] != 0x7F;
        if (!good)
            return ini_fail(en, e, "%s", _("This line is no UTF-8 text."));
    }
    en->line = 0;
    return true;
}

/* Lines end with LF; empty lines at both ends fall away, and `line` goes on by those at the front. */
static void take_text(struct template *t, struct span rest, struct ini_entry *en)
{
    struct span line = {0};
    while (span_line(&rest, &line)) {
        if (t->text.len == 0 && span_trim(line).len == 0) {
            en->line++;
            continue;
        }
        str_add(&t->text, line);
        str_add_byte(&t->text, '\n');
    }
    while (t->text.len && strchr("\n \t", t->text.s[t->text.len - 1]))
        str_cut(&t->text, t->text.len - 1);
    en->line++;
}

bool template_parse(struct template *out, const char *file, struct span name, struct span text, struct err *e)
{
    struct template t = {.group = TEMPLATE_OTHER};
    struct ini_entry en = {.file = file};
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_cut(text, 3, text.len);
    str_set(&t.name, name);
    bool ok = is_text(text, &en, e) && read_head(&t, &text, &en, e);
    if (ok)
        take_text(&t, text, &en);
    if (ok && t.text.len == 0)
        ok = ini_fail(&en, e, "%s", _("A template needs a text below its head."));
    ok = ok && read_text(&t, &en, e);
    template_release(out);
    if (ok)
        *out = t;
    else
        template_release(&t);
    return ok;
}

void template_fill(const struct template *t, struct span (*value)(void *ctx, struct span name), void *ctx, struct str *out)
{
    struct stretch s = {0};
    for (struct span rest = str_span(&t->text); next_stretch(&rest, &s);)
        str_add(out, s.kind == PIECE_VARIABLE ? value(ctx, part(s.inside).name) : s.text);
}
