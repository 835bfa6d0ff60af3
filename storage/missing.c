#include "storage/store_parts.h"

/* -- what has no row any more ---------------------------------------------------------------------------------------------- */

/* Sets *id to 0 when the question, which is asked with it, finds no row. */
static bool check(struct store *s, const char *sql, int64_t *id, bool *gone, struct err *e)
{
    int64_t found = 0;
    if (*id <= 0)
        return true;
    if (!db_integer(&s->db, sql, WITH(as_int(*id)), &found, e))
        return false;
    *gone = *gone || !found;
    *id = found;
    return true;
}

static bool check_head(struct store *s, struct piece *p, bool *gone, struct err *e)
{
    return check(s, "SELECT id FROM projects WHERE id = ?", &p->project, gone, e) &&
           check(s, "SELECT id FROM pieces WHERE id = ?", &p->id, gone, e);
}

static bool check_rows(struct store *s, struct piece *p, bool *gone, struct err *e)
{
    for (int i = 0; i < p->passage_count; i++)
        if (!check(s, "SELECT id FROM passages WHERE id = ?", &p->passages[i].id, gone, e))
            return false;
    for (int i = 0; i < p->take_count; i++)
        if (!check(s, "SELECT id FROM takes WHERE id = ?", &p->takes[i].id, gone, e))
            return false;
    for (int i = 0; i < p->notes.lore_count; i++)
        if (!check(s, "SELECT id FROM lore WHERE id = ?", &p->notes.lore[i].id, gone, e))
            return false;
    return true;
}

/* A generation without a row takes its takes with it; they name it by its index again, as before it had one. */
static bool check_generations(struct store *s, struct piece *p, bool *gone, struct err *e)
{
    static const char sql[] = "SELECT id FROM generations WHERE id = ?";
    for (int i = 0; i < p->generation_count; i++) {
        struct generation *g = &p->generations[i];
        int64_t id = g->id;
        if (!check(s, sql, &g->id, gone, e))
            return false;
        if (g->id)
            continue;
        g->sweep = id && g->sweep == id ? SWEEP_FIRST : g->sweep;
        if (!check(s, sql, &g->rerun_of, gone, e) || !check(s, sql, &g->sweep, gone, e))
            return false;
        for (int t = 0; id && t < p->take_count; t++)
            if (p->takes[t].generation == id)
                p->takes[t].generation = -1 - i;
    }
    return true;
}

/* -- written anew ------------------------------------------------------------------------------------------------------------ */

static void mark_all(struct piece *p)
{
    for (int i = 0; i < p->generation_count; i++)
        if (!p->generations[i].id)
            p->generations[i].piece = p->generations[i].passage = 0; /* found again by its takes */
    for (int i = 0; i < p->passage_count; i++)
        p->passages[i].dirty = p->passages[i].arranged = p->passages[i].rechosen = true;
    for (int i = 0; i < p->notes.lore_count; i++)
        p->notes.lore[i].dirty = true;
    p->notes.dirty = true;
}

bool piece_find_missing(struct store *s, struct piece *p, struct err *e)
{
    int64_t version = 0;
    bool gone = false;
    if (!db_integer(&s->db, "PRAGMA data_version", WITH_NOTHING, &version, e))
        return false;
    if (!p->id || version == s->written_version)
        return true;
    if (!check_head(s, p, &gone, e) || !check_rows(s, p, &gone, e) || !check_generations(s, p, &gone, e))
        return false;
    if (gone)
        mark_all(p); /* should this not be kept after all, it is looked for once more */
    else
        s->written_version = version;
    return true;
}
