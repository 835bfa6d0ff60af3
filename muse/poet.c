#include "muse/poet.h"
#include "muse/poet_en.h"
#include "muse/poet_free.h"
#include "muse/poet_zh.h"

void poet_init(struct poet *p, const struct poet_ops *ops, const struct pack *pack, const struct vocab *vocab, const struct wish *wish,
               const struct dials *dials, uint64_t seed)
{
    *p = (struct poet){.ops = ops, .pack = pack, .vocab = vocab, .wish = wish, .best = true, .finish = "stop"};
    sampler_from_dials(&p->sampler, dials);
    random_seed(&p->random, seed);
    p->max_tokens = dials->on[DIAL_MAX_TOKENS] ? (int)dials->value[DIAL_MAX_TOKENS] : INT32_MAX;
}

struct poet *poet_new(const struct pack *pack, const struct vocab *vocab, const struct wish *wish, const struct dials *dials,
                      uint64_t seed, struct err *e)
{
    if (wish->kind == WISH_CONTINUE)
        return poet_free_new(pack, vocab, wish, dials, seed, e);
    if (wish->language == FORM_EN)
        return poet_en_new(pack, vocab, wish, dials, seed, e);
    return poet_zh_new(pack, vocab, wish, dials, seed, e);
}

void poet_free(struct poet *p)
{
    if (p)
        p->ops->free(p);
}

enum poet_state poet_step(struct poet *p, struct str *out, struct err *e)
{
    return p->ops->step(p, out, e);
}
