#include "app/engine/job_odds.h"

#include "core/mem.h"
#include "core/odds.h"

#include <stdlib.h>

static struct odds_record *records(struct job *r)
{
    if (!r->odds)
        r->odds = mem_new((size_t)r->takes, sizeof *r->odds);
    return r->odds;
}

void job_odds_add(struct job *r, const struct source_event *ev)
{
    if (ev->take >= 0 && ev->take < r->takes && ev->odds)
        odds_record_add(&records(r)[ev->take], str_span(&ev->text), ev->odds);
}

void job_odds_forget(struct job *r, int index)
{
    if (r->odds)
        odds_record_release(&r->odds[index]);
}

bool job_odds_keep(struct job *r, int index, struct store *store, struct err *e)
{
    const struct take *t = &r->piece->takes[r->first_take + index];
    struct str form = {0};
    if (r->request.logprobs <= 0 || t->text.len == 0)
        return true;
    struct odds_record *record = &records(r)[index];
    odds_record_settle(record, str_span(&t->text));
    odds_record_write(record, &form);
    bool ok = store_odds_save(store, t->id, str_span(&form), e);
    str_release(&form);
    if (ok)
        odds_record_release(record);
    return ok;
}

void job_odds_release(struct job *r)
{
    for (int i = 0; r->odds && i < r->takes; i++)
        odds_record_release(&r->odds[i]);
    free(r->odds);
    r->odds = NULL;
}
