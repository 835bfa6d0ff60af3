#include "storage/salvage_rows.h"

#define NEW_UID "upper(hex(randomblob(8)))"
#define GONE(column, table) column " IS NOT NULL AND " column " NOT IN (SELECT id FROM " table ")"
#define TAKES_TABLE "(SELECT generation FROM takes UNION SELECT generation FROM bodies)"

/* Whatever a row names and is lost is made anew, empty, under the same number: so what belonged together stays together. */
static const char *const steps[] = {
    "UPDATE takes SET state = 'interrupted' WHERE state NOT IN ('waiting', 'writing', 'done', 'stopped', 'failed', 'interrupted')",
    "UPDATE passages SET author = 'writer' WHERE author NOT IN ('writer', 'prompt', 'model')",

    /* A journal without its take becomes a take that was interrupted. */
    "INSERT INTO generations(id, uid, sent_at, kind, server, dialect, url, model, resolved, stops, prompt, system)"
    " SELECT 1 + max(coalesce((SELECT max(id) FROM generations), 0), coalesce((SELECT max(generation) FROM takes), 0)), " NEW_UID
    ", 0, 0, '', '', '', '', '', '', '', '' WHERE EXISTS(SELECT 1 FROM chunks WHERE take NOT IN (SELECT id FROM takes))",
    "INSERT INTO takes(id, uid, generation, number, state, rating, instance, tokens, finish, error, text, reasoning)"
    " SELECT take, " NEW_UID ", (SELECT max(id) FROM generations), 0, 'writing', 0, 0, 0, '', '', '', '' FROM chunks"
    " WHERE take NOT IN (SELECT id FROM takes) GROUP BY take",
    "DELETE FROM chunks WHERE take NOT IN (SELECT id FROM takes WHERE state IN ('waiting', 'writing'))",

    /* A passage of which only an older form is left takes that. */
    "INSERT INTO passages(id, uid, piece, author, created_at, changed_at, runs, text)"
    " SELECT passage, " NEW_UID ", 0, 'writer', saved_at, max(saved_at), runs, text FROM revisions"
    " WHERE passage NOT IN (SELECT id FROM passages) GROUP BY passage",
    "INSERT INTO passages(id, uid, piece, author, created_at, changed_at, text)"
    " SELECT parent, " NEW_UID ", piece, 'writer', created_at, changed_at, '' FROM passages WHERE " GONE("parent", "passages")
    " GROUP BY parent",
    "UPDATE passages SET chosen = NULL WHERE " GONE("chosen", "passages"),
    "UPDATE passages SET take = NULL, text = coalesce(text, '') WHERE " GONE("take", "takes"),
    "UPDATE passages SET text = '' WHERE take IS NULL AND text IS NULL",

    "INSERT INTO generations(id, uid, piece, sent_at, kind, server, dialect, url, model, resolved, stops, prompt, system)"
    " SELECT generation, " NEW_UID ", (SELECT piece FROM passages WHERE take IN (SELECT id FROM takes WHERE generation = lost.generation)),"
    " coalesce((SELECT max(created_at) FROM passages WHERE take IN (SELECT id FROM takes WHERE generation = lost.generation)), 0),"
    " 0, '', '', '', '', '', '', '', '' FROM " TAKES_TABLE " AS lost WHERE generation NOT IN (SELECT id FROM generations)",
    "UPDATE generations SET passage = NULL WHERE " GONE("passage", "passages"),
    "UPDATE generations SET rerun_of = NULL WHERE " GONE("rerun_of", "generations"),
    "UPDATE generations SET sweep = NULL WHERE " GONE("sweep", "generations"),

    "INSERT OR IGNORE INTO projects(uid, name, created_at) VALUES('0000000000000000', '', 0)",
    "INSERT INTO projects(id, uid, name, created_at) SELECT project, " NEW_UID ", 'recovered ' || project, min(created_at) FROM pieces"
    " WHERE " GONE("project", "projects") " GROUP BY project",
    "UPDATE projects SET changed_at = created_at WHERE changed_at = 0",

    "UPDATE passages SET piece = 1 + (SELECT max(n) FROM (SELECT coalesce(max(piece), 0) AS n FROM passages UNION ALL"
    " SELECT coalesce(max(id), 0) FROM pieces UNION ALL SELECT coalesce(max(piece), 0) FROM generations UNION ALL"
    " SELECT coalesce(max(piece), 0) FROM lore UNION ALL SELECT coalesce(max(piece), 0) FROM drafts)) WHERE piece = 0",
    "INSERT INTO pieces(id, uid, project, created_at, changed_at, leaf, title)"
    " SELECT piece, " NEW_UID ", (SELECT id FROM projects WHERE name = ''), min(at), max(at),"
    " (SELECT max(id) FROM passages WHERE passages.piece = found.piece), '' FROM"
    " (SELECT piece, changed_at AS at FROM passages UNION ALL SELECT piece, changed_at FROM lore UNION ALL"
    " SELECT piece, saved_at FROM drafts WHERE piece <> 0 UNION ALL SELECT piece, sent_at FROM generations WHERE piece IS NOT NULL)"
    " AS found WHERE piece NOT IN (SELECT id FROM pieces) GROUP BY piece",
    "UPDATE passages SET parent = NULL WHERE parent IS NOT NULL AND piece <> (SELECT piece FROM passages AS above WHERE above.id = passages.parent)",
    "UPDATE pieces SET root_chosen = (SELECT min(id) FROM passages WHERE piece = pieces.id AND parent IS NULL)"
    " WHERE root_chosen IS NULL OR NOT EXISTS(SELECT 1 FROM passages WHERE id = root_chosen AND piece = pieces.id)",
    "UPDATE pieces SET leaf = (SELECT max(id) FROM passages WHERE piece = pieces.id)"
    " WHERE leaf IS NOT NULL AND NOT EXISTS(SELECT 1 FROM passages WHERE id = leaf AND piece = pieces.id)",

    "DELETE FROM odds WHERE take NOT IN (SELECT id FROM takes)",
    "DELETE FROM tags WHERE generation NOT IN (SELECT id FROM generations)",
    "DELETE FROM tags_off WHERE generation NOT IN (SELECT id FROM generations)",
    "DELETE FROM batch_items WHERE batch NOT IN (SELECT id FROM batches)",

    "UPDATE pieces SET generations = (SELECT count(*) FROM generations WHERE piece = pieces.id AND trashed_at IS NULL)",
    "UPDATE counters SET value = (SELECT count(*) FROM generations WHERE trashed_at IS NULL) WHERE name = 'generations'",
    "DELETE FROM volumes",
    "INSERT INTO volumes SELECT id >> 14, min(sent_at), max(sent_at) FROM generations GROUP BY 1",
};

bool salvage_mend(struct db *to, struct err *e)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!db_script(to, steps[i], e))
            return false;
    return true;
}
