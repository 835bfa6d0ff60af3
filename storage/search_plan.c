#include "core/mem.h"
#include "storage/search_parts.h"
#include "storage/text_index.h"

#include <string.h>

void search_plan_release(struct plan *plan)
{
    str_release(&plan->sql);
    for (int i = 0; i < plan->pattern_count; i++)
        str_release(&plan->patterns[i]);
    memset(plan, 0, sizeof *plan);
}

void search_plan_add(struct plan *plan, const char *sql, struct value value)
{
    CHECK(plan->value_count < PLAN_VALUES_MAX - 1);
    str_add_text(&plan->sql, sql);
    plan->values[plan->value_count++] = value;
}

/* Part of a text, for LIKE: its own signs lose their meaning. */
static struct value part_of(struct plan *plan, struct span text)
{
    struct str *pattern = &plan->patterns[plan->pattern_count++];
    str_add_byte(pattern, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("%_\\", text.s[i]) && text.s[i])
            str_add_byte(pattern, '\\');
        str_add_byte(pattern, text.s[i]);
    }
    str_add_byte(pattern, '%');
    return as_text(str_span(pattern));
}

/* -- as a question to one generation --------------------------------------------------------------------------------- */

static void add_dial(struct plan *plan, const struct filter *f)
{
    str_printf(&plan->sql, " AND g.\"%s\" %s", dial_table[f->dial].name, f->compare);
    search_plan_add(plan, " ?", as_real(f->number));
}

static void add_rating(struct plan *plan, const struct filter *f)
{
    str_printf(&plan->sql, " AND EXISTS (SELECT 1 FROM takes t WHERE t.generation = g.id AND t.rating %s", f->compare);
    search_plan_add(plan, " ?)", as_real(f->number));
}

void search_plan_filter(struct plan *plan, const struct filter *f)
{
    switch (f->kind) {
    case FILTER_PROJECT:
        search_plan_add(plan, " AND j.name LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_MODEL:
        search_plan_add(plan, " AND g.model || ' ' || g.resolved LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_SERVER:
        search_plan_add(plan, " AND g.server LIKE ? ESCAPE '\\'", part_of(plan, f->text));
        break;
    case FILTER_TAG:
        search_plan_add(plan, " AND EXISTS (SELECT 1 FROM tags t WHERE t.tag = ? AND t.generation = g.id)", as_text(f->text));
        break;
    case FILTER_STATE:
        search_plan_add(plan, " AND EXISTS (SELECT 1 FROM takes t WHERE t.generation = g.id AND t.state = ?)",
                 as_name(take_state_name(f->state)));
        break;
    case FILTER_RATING:
        add_rating(plan, f);
        break;
    case FILTER_DIAL:
        add_dial(plan, f);
        break;
    case FILTER_BEFORE:
        search_plan_add(plan, " AND g.sent_at < ?", as_int(f->time_ms));
        break;
    case FILTER_AFTER:
        search_plan_add(plan, " AND g.sent_at >= ?", as_int(f->time_ms));
        break;
    case FILTER_TRASH:
        break;
    }
}

void search_plan_page_filters(struct plan *plan, const struct query *q, const char *changed)
{
    for (int i = 0; i < q->filter_count; i++) {
        const struct filter *f = &q->filters[i];
        if (f->kind == FILTER_PROJECT) {
            search_plan_filter(plan, f);
        } else if (f->kind != FILTER_TRASH) {
            str_printf(&plan->sql, " AND %s", changed);
            search_plan_add(plan, f->kind == FILTER_BEFORE ? " < ?" : " >= ?", as_int(f->time_ms));
        }
    }
}

/* -- as a list that an index knows ------------------------------------------------------------------------------------ */

/* The names that occur are few: from each the index leads to the next at once. */
static const char list_servers[] =
    "WITH RECURSIVE names(name) AS (SELECT min(server) FROM generations UNION ALL"
    " SELECT (SELECT min(server) FROM generations WHERE server > name) FROM names WHERE name IS NOT NULL)"
    " SELECT g.id FROM names CROSS JOIN generations g ON g.server = name WHERE name LIKE ";
static const char list_models[] =
    "WITH RECURSIVE names(name) AS (SELECT min(model) FROM generations UNION ALL"
    " SELECT (SELECT min(model) FROM generations WHERE model > name) FROM names WHERE name IS NOT NULL),"
    " pairs(name, full) AS (SELECT name, (SELECT min(resolved) FROM generations WHERE model = name) FROM names"
    " WHERE name IS NOT NULL UNION ALL SELECT name,"
    " (SELECT min(resolved) FROM generations WHERE model = name AND resolved > full) FROM pairs WHERE full IS NOT NULL)"
    " SELECT g.id FROM pairs CROSS JOIN generations g ON g.model = name AND g.resolved = full"
    " WHERE name || ' ' || full LIKE ";
static const char list_projects[] = "SELECT g.id FROM projects j CROSS JOIN pieces p ON p.project = j.id "
                                    "CROSS JOIN generations g ON g.piece = p.id WHERE j.name LIKE ";

static bool list_rated(struct plan *plan, const struct filter *f)
{
    /* Where nothing unrated fits, the index of rated takes knows them all. */
    bool greater = f->compare[0] == '>' && !f->compare[1];
    if (f->compare[0] == '<' || f->number < 0 || (f->number <= 0 && !greater))
        return false;
    str_printf(&plan->sql, "SELECT generation FROM takes WHERE rating > 0 AND rating %s", f->compare);
    search_plan_add(plan, " ?", as_real(f->number));
    return true;
}

bool search_plan_list(struct plan *plan, const struct filter *f)
{
    const char *names = f->kind == FILTER_SERVER ? list_servers : f->kind == FILTER_MODEL ? list_models : list_projects;
    switch (f->kind) {
    case FILTER_TAG:
        search_plan_add(plan, "SELECT generation FROM tags WHERE tag = ?", as_text(f->text));
        return true;
    case FILTER_STATE:
        search_plan_add(plan, "SELECT generation FROM takes WHERE state <> 'done' AND state = ?",
                 as_name(take_state_name(f->state)));
        return f->state != TAKE_DONE;
    case FILTER_RATING:
        return list_rated(plan, f);
    case FILTER_TRASH:
        str_add_text(&plan->sql, "SELECT id FROM generations WHERE trashed_at IS NOT NULL");
        return true;
    case FILTER_PROJECT:
    case FILTER_MODEL:
    case FILTER_SERVER:
        search_plan_add(plan, names, part_of(plan, f->text));
        str_add_text(&plan->sql, "? ESCAPE '\\'");
        return true;
    default:
        return false;
    }
}

/* -- words --------------------------------------------------------------------------------------------------------- */

void search_plan_match(struct str *out, const struct query *q, int volume)
{
    str_clear(out);
    for (int i = 0; i < q->word_count; i++) {
        if (out->len)
            str_add_byte(out, ' ');
        if (text_index_phrase(out, q->words[i], volume) && q->beginning && i == q->word_count - 1)
            str_add_byte(out, '*');
    }
}
