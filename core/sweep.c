#include "core/sweep.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <math.h>
#include <string.h>

void sweep_release(struct sweep *s)
{
    for (int i = 0; i < SWEEP_MAX; i++)
        str_release(&s->names[i]);
    memset(s, 0, sizeof *s);
}

const char *sweep_name(const struct sweep *s)
{
    return s->models ? "model" : dial_table[s->dial].name;
}

/* -- reading ---------------------------------------------------------------------------------------------------------------------- */

/* What is being read, and where in it: for sentences that say where. */
struct reading {
    struct sweep *sweep;
    struct span whole;
};

/* "temperature, character 5: …" */
static bool fail_at(const struct reading *r, struct span part, enum err_kind kind, const char *why, struct err *e)
{
    size_t at = utf8_length(span_cut(r->whole, 0, (size_t)(part.s - r->whole.s))) + 1;
    return err_set(e, kind, _("%s, character %lld: %s"), sweep_name(r->sweep), (long long)at, why);
}

static bool too_many(struct err *e)
{
    return err_set(e, ERR_USAGE, _("A sweep has at most %d values; take a larger step, or fewer."), SWEEP_MAX);
}

static bool add_value(struct sweep *s, double value, struct err *e)
{
    struct dials d = {0};
    dial_set(&d, s->dial, value);
    for (int i = 0; i < s->count; i++)
        if (s->values[i] == d.value[s->dial])
            return true;
    if (s->count == SWEEP_MAX)
        return too_many(e);
    s->values[s->count++] = d.value[s->dial];
    return true;
}

/* A number within the dial's range. */
static bool read_value(const struct reading *r, struct span part, double *out, struct err *e)
{
    const struct dial *row = &dial_table[r->sweep->dial];
    struct dials d = {0};
    struct err why = {0};
    part = span_trim(part);
    if (dial_parse(&d, r->sweep->dial, part, NULL) && d.on[r->sweep->dial]) {
        *out = d.value[r->sweep->dial];
        return true;
    }
    if (part.len == 0)
        err_set(&why, ERR_USAGE, _("here a value is missing; they go from %.*f to %.*f."), row->decimals, row->min, row->decimals, row->max);
    else
        err_set(&why, ERR_USAGE, _("“%.*s” is no value here; they go from %.*f to %.*f."), SPAN_ARG(part), row->decimals, row->min,
                row->decimals, row->max);
    return fail_at(r, part, ERR_USAGE, why.text, e);
}

static bool read_step(const struct reading *r, struct span part, double *out, struct err *e)
{
    const struct dial *dial = &dial_table[r->sweep->dial];
    double least = dial->decimals ? pow(10, -dial->decimals) : 1;
    struct err why = {0};
    part = span_trim(part);
    bool number = span_number(part, out);
    *out = number ? fabs(*out) : 0;
    if (*out + 1e-9 >= least && (dial->decimals || *out == floor(*out)))
        return true;
    if (dial->decimals)
        err_set(&why, ERR_USAGE, _("“%.*s” is no step; the least one of %s is %g."), SPAN_ARG(part), dial->name, least);
    else
        err_set(&why, ERR_USAGE, _("“%.*s” is no step; those of %s are whole numbers, the least one is %g."), SPAN_ARG(part), dial->name, least);
    return fail_at(r, part, ERR_USAGE, why.text, e);
}

static double own_step(enum dial_id id)
{
    return dial_table[id].decimals ? dial_table[id].big_step : dial_table[id].step;
}

/* FROM:TO[:STEP], in either direction. */
static bool read_range(const struct reading *r, struct span from, struct span to, struct span step, struct err *e)
{
    double a = 0, b = 0, by = own_step(r->sweep->dial);
    if (!read_value(r, from, &a, e) || !read_value(r, to, &b, e) || (step.s && !read_step(r, step, &by, e)))
        return false;
    double steps = floor(fabs(b - a) / by + 1e-6);
    if (steps >= SWEEP_MAX)
        return too_many(e);
    for (int i = 0; i <= (int)steps; i++)
        if (!add_value(r->sweep, a + (b < a ? -by : by) * i, e))
            return false;
    return true;
}

/* Where FROM ends and TO begins: at the first colon or pair of dots. */
static bool find_colon(struct span part, size_t *at, size_t *len)
{
    for (size_t i = 0; i < part.len; i++) {
        *at = i;
        *len = part.s[i] == ':' ? 1 : part.s[i] == '.' && i + 1 < part.len && part.s[i + 1] == '.' ? 2 : 0;
        if (*len)
            return true;
    }
    return false;
}

static bool read_part(const struct reading *r, struct span part, struct err *e)
{
    size_t at = 0, len = 0, next = 0, next_len = 0;
    double value = 0;
    if (!find_colon(part, &at, &len))
        return read_value(r, part, &value, e) && add_value(r->sweep, value, e);
    struct span from = span_cut(part, 0, at), to = span_cut(part, at + len, part.len), step = {0};
    if (find_colon(to, &next, &next_len)) {
        step = span_cut(to, next + next_len, to.len);
        to = span_cut(to, 0, next);
    }
    return read_range(r, from, to, step, e);
}

/* The next part between commas; false at the end. */
static bool next_part(struct span *rest, struct span *part)
{
    if (!rest->s)
        return false;
    size_t len = 0;
    while (len < rest->len && rest->s[len] != ',')
        len++;
    *part = span_cut(*rest, 0, len);
    *rest = len < rest->len ? span_cut(*rest, len + 1, rest->len) : (struct span){0};
    return true;
}

bool sweep_parse_dial(struct sweep *out, enum dial_id dial, struct span values, struct err *e)
{
    struct reading r = {out, values};
    struct span rest = values, part;
    sweep_release(out);
    out->dial = dial;
    if (dial == DIAL_TAKES)
        return err_set(e, ERR_USAGE, _("A sweep has one take of each value; “takes” is not swept."));
    if (span_trim(values).len == 0)
        return err_set(e, ERR_USAGE, _("%s wants values, for instance %g:%g or %g,%g."), sweep_name(out), dial_table[dial].min,
                       dial_table[dial].start, dial_table[dial].min, dial_table[dial].start);
    while (next_part(&rest, &part))
        if (!read_part(&r, part, e))
            return false;
    return true;
}

bool sweep_parse_models(struct sweep *out, struct span names, struct err *e)
{
    struct reading r = {out, names};
    struct span rest = names, part;
    sweep_release(out);
    out->models = true;
    while (next_part(&rest, &part)) {
        bool known = false;
        struct span name = span_trim(part);
        if (name.len == 0)
            return fail_at(&r, part, ERR_USAGE, _("here the name of a model is missing."), e);
        for (int i = 0; i < out->count; i++)
            known = known || span_equal(str_span(&out->names[i]), name);
        if (!known && out->count == SWEEP_MAX)
            return too_many(e);
        if (!known)
            str_set(&out->names[out->count++], name);
    }
    return out->count || err_set(e, ERR_USAGE, _("A sweep over models wants their names, with commas between."));
}

bool sweep_parse(struct sweep *out, struct span text, struct err *e)
{
    enum dial_id dial = DIAL_COUNT;
    size_t len = 0;
    text = span_trim(text);
    while (len < text.len && text.s[len] != '=' && text.s[len] != ' ')
        len++;
    struct span name = span_cut(text, 0, len), values = span_trim(span_cut(text, len, text.len));
    if (values.len && values.s[0] == '=')
        values = span_trim(span_cut(values, 1, values.len));
    if (span_is(name, "model"))
        return sweep_parse_models(out, values, e);
    if (dial_find(name, &dial))
        return sweep_parse_dial(out, dial, values, e);
    sweep_release(out);
    return err_set(e, ERR_USAGE, _("“%.*s” is neither a dial nor “model”."), SPAN_ARG(name));
}

bool sweep_is_list(struct span value)
{
    size_t at = 0, len = 0;
    return span_find(value, SPAN(","), 0) >= 0 || find_colon(value, &at, &len);
}

/* -- using ------------------------------------------------------------------------------------------------------------------------ */

void sweep_value(const struct sweep *s, int index, struct str *out)
{
    struct dials d = {0};
    if (s->models) {
        str_add(out, str_span(&s->names[index]));
        return;
    }
    dial_set(&d, s->dial, s->values[index]);
    dial_format(&d, s->dial, out);
}

void sweep_apply(const struct sweep *s, int index, struct request *req)
{
    if (s->models)
        str_set(&req->model, str_span(&s->names[index]));
    else
        dial_set(&req->dials, s->dial, s->values[index]);
}

void sweep_suggest(const struct dials *d, enum dial_id dial, double *from, double *to, double *step)
{
    const struct dial *row = &dial_table[dial];
    double here = d->on[dial] ? d->value[dial] : row->start;
    *step = dial == DIAL_SEED ? 1 : row->big_step;
    *from = dial == DIAL_SEED ? here : here - 2 * *step;
    *to = dial == DIAL_SEED ? here + 7 : here + 2 * *step;
    if (*from < row->min) {
        *from = row->decimals ? row->min : here;
        *to = *from + 4 * *step;
    }
    if (*to > row->max) {
        *to = row->max;
        *from = fmax(row->min, *to - 4 * *step);
    }
}

static bool differ(const struct generation *a, const struct generation *b, enum dial_id id)
{
    return a->dials.on[id] != b->dials.on[id] || a->dials.value[id] != b->dials.value[id];
}

void sweep_guess(struct sweep *out, const struct generation *const *list, int count)
{
    sweep_release(out);
    out->dial = DIAL_TEMPERATURE;
    for (int i = 1; i < count; i++) {
        if (!span_equal(str_span(&list[0]->model), str_span(&list[i]->model))) {
            out->models = true;
            return;
        }
        for (int d = 0; d < DIAL_COUNT; d++)
            if (d != DIAL_TAKES && differ(list[0], list[i], (enum dial_id)d)) {
                out->dial = (enum dial_id)d;
                return;
            }
    }
}

void sweep_value_of(const struct sweep *s, const struct generation *g, struct str *out)
{
    size_t before = out->len;
    if (s->models)
        str_add(out, str_span(g->resolved.len && !g->model.len ? &g->resolved : &g->model));
    else
        dial_format(&g->dials, s->dial, out);
    if (out->len == before)
        str_add_text(out, _("off"));
}
