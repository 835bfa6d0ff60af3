#include "app/used.h"

#include <string.h>

void used_price(const struct config *c, const struct generation *g, struct price *out)
{
    *out = (struct price){.known = false};
    for (int i = 0; i < c->server_count; i++) {
        const struct server *s = &c->servers[i];
        if (!s->prices || !span_is(str_span(&g->server), s->name))
            continue;
        struct price resolved;
        prices_find(span_of(s->prices), str_span(&g->model), out);
        prices_find(span_of(s->prices), str_span(&g->resolved), &resolved);
        if (!g->model.len || !out->known)
            *out = resolved;
    }
}

/* What the muse counts for itself costs nobody anything. */
static bool is_own(const struct generation *g)
{
    return span_is(str_span(&g->dialect), dialect_name(DIALECT_MUSE));
}

bool used_tell(const struct config *c, const struct generation *g, struct str *out)
{
    struct price price;
    if (is_own(g))
        return false;
    used_price(c, g, &price);
    return usage_tell(&g->usage, &price, out);
}

bool used_tell_piece(const struct config *c, const struct piece *p, struct str *out, int *told)
{
    struct usage sum = {-1, -1};
    struct price price = {.known = false};
    double cost = 0, one = 0;
    bool priced = true;
    *told = 0;
    for (int i = 0; i < p->generation_count; i++) {
        const struct generation *g = &p->generations[i];
        struct price own;
        if (is_own(g) || !usage_is_told(&g->usage))
            continue;
        used_price(c, g, &own);
        bool same = *told == 0 || !strcmp(own.unit, price.unit);
        one = 0;
        priced = priced && same && usage_cost(&g->usage, &own, &one);
        cost += one;
        price = own;
        usage_add(&sum, &g->usage);
        ++*told;
    }
    if (!usage_tell(&sum, &(struct price){.known = false}, out))
        return false;
    if (priced) {
        str_add_text(out, " · ");
        cost_label(cost, price.unit, out);
    }
    return true;
}

int used_last(const struct piece *p)
{
    int newest = -1;
    for (int i = p->leaf; i >= 0; i = p->passages[i].parent) {
        int take = p->passages[i].take, g = take < 0 ? -1 : piece_find_generation(p, p->takes[take].generation);
        newest = g > newest ? g : newest;
    }
    return newest;
}
