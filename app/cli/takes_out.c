#include "app/cli/takes_out.h"
#include "app/cli/json_line.h"
#include "app/cli/odds_out.h"
#include "app/used.h"
#include "core/i18n.h"
#include "core/utf8.h"

/* White space as Unicode has it (White_Space, and the four ASCII separators beside): what Python's strip() takes away. */
static bool is_space(int32_t cp)
{
    return (cp >= 0x09 && cp <= 0x0D) || (cp >= 0x1C && cp <= 0x20) || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* Offset behind the white space that begins at `at`. */
static size_t skip_space(struct span text, size_t at)
{
    int32_t cp = 0;
    int len = utf8_decode(span_cut(text, at, text.len), &cp);
    while (len > 0 && is_space(cp)) {
        at += (size_t)len;
        len = utf8_decode(span_cut(text, at, text.len), &cp);
    }
    return at;
}

/* Offset behind the last character that is no white space, not before `from`. */
static size_t solid_end(struct span text, size_t from)
{
    size_t end = text.len;
    while (end > from) {
        int32_t cp = 0;
        int len = utf8_decode_before(text, end, &cp);
        if (!is_space(cp))
            break;
        end -= (size_t)len;
    }
    return end > from ? end : from;
}

struct span take_body(const struct take *t)
{
    struct span text = str_span(&t->text);
    size_t from = skip_space(text, 0);
    return span_cut(text, from, solid_end(text, from));
}

/* -- as text --------------------------------------------------------------------------------------------------------------------------- */

static void begin_take(struct takes_out *t)
{
    if (t->begun)
        return;
    t->begun = true;
    if (t->wrote)
        printer_say(&t->cli->out, "\n");
    if (t->count > 1)
        cli_hint(t->cli, _("── take %d ──"), t->current + 1);
}

/* Every byte of the take is looked at once, however it comes. */
static void print_text(struct takes_out *t, const struct take *take, bool last)
{
    struct span text = str_span(&take->text);
    if (!t->begun)
        t->printed = skip_space(text, t->printed);
    size_t from = t->seen > t->printed ? t->seen : t->printed;
    size_t solid = solid_end(text, from);
    if (solid > from)
        t->solid = solid;
    t->seen = text.len;
    if (t->solid <= t->printed)
        return;
    begin_take(t);
    t->printed += printer_text(&t->cli->out, span_cut(text, t->printed, t->solid), last);
}

void takes_out_rethought(struct takes_out *t, int take)
{
    if (take != t->first + t->current)
        return;
    if (t->begun) {
        printer_say(&t->cli->out, "\n\n");
        cli_note(t->cli, "%s", _("renga: What was printed so far was the model thinking; the answer follows."));
    }
    t->seen = t->solid = t->printed = 0;
}

static void end_take(struct takes_out *t, const struct take *take)
{
    if (t->json)
        takes_out_json_odds(&t->cli->out.held, &t->cli->config, &t->piece->generations[t->generation], take, t->odds);
    else if (t->begun)
        printer_say(&t->cli->out, "\n");
    t->wrote = t->wrote || t->begun;
    t->begun = false;
    t->seen = t->solid = t->printed = 0;
    t->current++;
}

void takes_out_step(struct takes_out *t)
{
    while (t->current < t->count) {
        const struct take *take = &t->piece->takes[t->first + t->current];
        bool over = take_state_over(take->state) && (t->told || !t->json);
        if (!t->json)
            print_text(t, take, over);
        if (!over)
            return;
        end_take(t, take);
    }
}

/* -- as JSON --------------------------------------------------------------------------------------------------------------------------- */

static void add_dials(struct str *out, const struct dials *d)
{
    json_line_open(out, "dials");
    for (int i = 0; i < DIAL_COUNT; i++) {
        struct str value = {0};
        dial_format(d, (enum dial_id)i, &value);
        if (value.len)
            json_line_raw(out, dial_table[i].name, str_span(&value));
        str_release(&value);
    }
    json_line_close(out);
}

static void add_text_if_any(struct str *out, const char *name, const struct str *text)
{
    if (text->len)
        json_line_text(out, name, str_span(text));
}

/* Of the whole request, however many takes it has. */
static void add_used(struct str *out, const struct config *c, const struct generation *g)
{
    struct price price;
    double cost = 0;
    if (g->usage.prompt_tokens >= 0)
        json_line_number(out, "prompt_tokens", g->usage.prompt_tokens);
    if (g->usage.completion_tokens >= 0)
        json_line_number(out, "completion_tokens", g->usage.completion_tokens);
    used_price(c, g, &price);
    if (usage_cost(&g->usage, &price, &cost)) {
        struct str text = {0};
        str_printf(&text, "%.8f", cost);
        json_line_raw(out, "cost", str_span(&text));
        if (*price.unit)
            json_line_text(out, "cost_unit", span_of(price.unit));
        str_release(&text);
    }
}

void takes_out_json_odds(struct str *out, const struct config *c, const struct generation *g, const struct take *t, struct store *store)
{
    struct str odds = {0};
    json_line_open(out, NULL);
    json_line_number(out, "generation", g->id);
    if (generation_sweep(g))
        json_line_number(out, "sweep", generation_sweep(g));
    json_line_number(out, "take", t->index + 1);
    json_line_text(out, "state", span_of(take_state_name(t->state)));
    json_line_text(out, "text", str_span(&t->text));
    add_text_if_any(out, "reasoning", &t->reasoning);
    add_text_if_any(out, "finish", &t->finish);
    add_text_if_any(out, "error", &t->error);
    json_line_number(out, "tokens", t->tokens);
    add_used(out, c, g);
    if (t->first_ms >= 0)
        json_line_number(out, "first_ms", t->first_ms);
    if (t->total_ms >= 0)
        json_line_number(out, "total_ms", t->total_ms);
    json_line_number(out, "rating", t->rating);
    json_line_number(out, "sent_ms", g->sent_ms);
    add_text_if_any(out, "prompt", &g->prompt);
    add_text_if_any(out, "context", &g->context);
    add_text_if_any(out, "system", &g->system);
    if (g->stops.len)
        json_line_raw(out, "stop", str_span(&g->stops));
    add_dials(out, &g->dials);
    json_line_text(out, "server", str_span(&g->server));
    json_line_text(out, "url", str_span(&g->url));
    json_line_text(out, "dialect", str_span(&g->dialect));
    json_line_text(out, "model", str_span(g->resolved.len ? &g->resolved : &g->model));
    if (store && store_odds_load(store, t->id, &odds, NULL, NULL) && odds.len)
        odds_out_json(out, str_span(&odds), str_span(&t->text));
    str_release(&odds);
    json_line_close(out);
    str_add_byte(out, '\n');
}
