#include "core/mem.h"
#include "storage/bundle_rows.h"

/* Groups: what one change changes. Columns that never change again stand alone: nothing gives way to something. */
static const struct field project_fields[] = {
    {.name = "name", .type = FIELD_TEXT, .group = "name"},
    {.name = "created_at", .type = FIELD_INT},
    {.name = "changed_at", .type = FIELD_INT},
    {.name = "trashed_at", .type = FIELD_INT_NULL, .group = "trashed_at"},
    {.name = "cover", .type = FIELD_TEXT, .group = "cover"},
    {.name = "notes", .type = FIELD_TEXT, .group = "notes"},
    {.name = "server", .type = FIELD_TEXT, .group = "server"},
    {.name = "model", .type = FIELD_TEXT, .group = "model"},
    {.name = "dials", .type = FIELD_TEXT, .group = "dials"},
    {.name = "system", .type = FIELD_TEXT, .group = "system"},
};

static const struct field piece_fields[] = {
    {.name = "project", .type = FIELD_REF, .group = "project", .refers = "projects"},
    {.name = "title", .type = FIELD_TEXT, .group = "title"},
    {.name = "created_at", .type = FIELD_INT},
    {.name = "changed_at", .type = FIELD_INT},
    {.name = "trashed_at", .type = FIELD_INT_NULL, .group = "trashed_at"},
    {.name = "leaf", .type = FIELD_REF_NULL, .group = "page", .refers = "passages"},
    {.name = "root_chosen", .type = FIELD_REF_NULL, .group = "page", .refers = "passages"},
    {.name = "memory", .type = FIELD_TEXT, .group = "memory"},
    {.name = "note", .type = FIELD_TEXT, .group = "note"},
    {.name = "note_depth", .type = FIELD_INT, .group = "note", .most = 1000000},
};

static const struct field generation_fields[] = {
    {.name = "piece", .type = FIELD_REF_NULL, .refers = "pieces"},
    {.name = "passage", .type = FIELD_REF_NULL, .refers = "passages"},
    {.name = "rerun_of", .type = FIELD_REF_NULL, .refers = "generations"},
    {.name = "sweep", .type = FIELD_REF_NULL, .refers = "generations"},
    {.name = "sent_at", .type = FIELD_INT},
    {.name = "trashed_at", .type = FIELD_INT_NULL, .group = "trashed_at"},
    {.name = "kind", .type = FIELD_INT, .most = 1000},
    {.name = "prompt_tokens", .type = FIELD_INT_NULL},
    {.name = "completion_tokens", .type = FIELD_INT_NULL},
    {.name = "server", .type = FIELD_TEXT},
    {.name = "dialect", .type = FIELD_TEXT},
    {.name = "url", .type = FIELD_TEXT},
    {.name = "model", .type = FIELD_TEXT},
    {.name = "resolved", .type = FIELD_TEXT},
    {.name = "stops", .type = FIELD_TEXT},
    {.name = "prompt", .type = FIELD_TEXT},
    {.name = "system", .type = FIELD_TEXT},
    {.name = "context", .type = FIELD_TEXT, .value = "coalesce(b.context, '')", .side = true},
    {.name = "selection", .type = FIELD_TEXT, .value = "coalesce(b.selection, '')", .side = true},
    {.name = "suffix", .type = FIELD_TEXT, .value = "coalesce(b.suffix, '')", .side = true},
    {.name = "request", .type = FIELD_TEXT, .value = "coalesce(b.request, '')", .side = true},
};

/* What still streams here stands in the journal, and goes out as if it ended now. */
#define JOURNAL(reasoning)                                                                                             \
    "coalesce((SELECT group_concat(text, '') FROM (SELECT text FROM chunks WHERE take = r.id AND reasoning = " reasoning \
    " ORDER BY seq)), '')"
#define TAKE_TEXT(column, reasoning)                                                                                   \
    "CASE WHEN r.state IN ('waiting', 'writing') THEN " JOURNAL(reasoning) " ELSE r." column " END"

static const struct field take_fields[] = {
    {.name = "generation", .type = FIELD_REF, .refers = "generations"},
    {.name = "number", .type = FIELD_INT, .most = 1000000},
    {.name = "rating", .type = FIELD_INT, .group = "rating", .most = 5},
    {.name = "state", .type = FIELD_STATE, .group = "answer", .value = "iif(r.state IN ('waiting', 'writing'), 'interrupted', r.state)"},
    {.name = "text", .type = FIELD_TEXT, .group = "answer", .value = TAKE_TEXT("text", "0")},
    {.name = "reasoning", .type = FIELD_TEXT, .group = "answer", .value = TAKE_TEXT("reasoning", "1")},
    {.name = "finish", .type = FIELD_TEXT, .group = "answer"},
    {.name = "error", .type = FIELD_TEXT, .group = "answer"},
    {.name = "first_ms", .type = FIELD_INT_NULL, .group = "answer"},
    {.name = "total_ms", .type = FIELD_INT_NULL, .group = "answer"},
    {.name = "tokens", .type = FIELD_INT, .group = "answer"},
    {.name = "odds", .type = FIELD_TEXT_NULL, .group = "answer", .value = "o.tokens", .side = true},
};

static const struct field passage_fields[] = {
    {.name = "piece", .type = FIELD_REF, .refers = "pieces"},
    {.name = "parent", .type = FIELD_REF_NULL, .group = "parent", .refers = "passages"},
    {.name = "position", .type = FIELD_INT, .group = "position"},
    {.name = "chosen", .type = FIELD_REF_NULL, .group = "chosen", .refers = "passages"},
    {.name = "created_at", .type = FIELD_INT},
    {.name = "changed_at", .type = FIELD_INT},
    {.name = "trashed_at", .type = FIELD_INT_NULL, .group = "trashed_at"},
    {.name = "name", .type = FIELD_TEXT, .group = "name"},
    {.name = "marks", .type = FIELD_INT, .group = "marks", .most = 1000000},
    {.name = "author", .type = FIELD_AUTHOR, .group = "text"},
    {.name = "take", .type = FIELD_REF_NULL, .group = "text", .refers = "takes"},
    {.name = "runs", .type = FIELD_RUNS, .group = "text"},
    {.name = "text", .type = FIELD_TEXT_NULL, .group = "text"},
};

static const struct field lore_fields[] = {
    {.name = "piece", .type = FIELD_REF, .refers = "pieces"},
    {.name = "changed_at", .type = FIELD_INT},
    {.name = "trashed_at", .type = FIELD_INT_NULL, .group = "trashed_at"},
    {.name = "enabled", .type = FIELD_INT, .group = "enabled", .most = 1},
    {.name = "keys", .type = FIELD_TEXT, .group = "keys"},
    {.name = "text", .type = FIELD_TEXT, .group = "text"},
};

static const struct field revision_fields[] = {
    {.name = "passage", .type = FIELD_REF, .refers = "passages"},
    {.name = "saved_at", .type = FIELD_INT},
    {.name = "runs", .type = FIELD_RUNS},
    {.name = "text", .type = FIELD_TEXT},
};

static const struct field tag_fields[] = {
    {.name = "generation", .type = FIELD_REF, .refers = "generations"},
    {.name = "tag", .type = FIELD_TEXT},
    {.name = "at", .type = FIELD_INT},
    {.name = "on", .type = FIELD_INT, .most = 1},
};

static const struct field search_fields[] = {
    {.name = "name", .type = FIELD_TEXT},
    {.name = "saved_at", .type = FIELD_INT},
    {.name = "query", .type = FIELD_TEXT},
};

#define FIELDS(list) .fields = (list), .count = COUNT_OF(list)
#define OF_PIECES "r.piece IN (SELECT id FROM scope_pieces)"
#define OF_GENERATIONS "r.generation IN (SELECT id FROM scope_generations)"

const struct kind bundle_kinds[ROW_KINDS] = {
    [ROW_PROJECT] = {"project", "projects", "projects r",
                     "r.id IN (SELECT project FROM pieces WHERE id IN (SELECT id FROM scope_pieces)) OR r.id IN (SELECT id FROM scope_projects)",
                     "r.uid", "r.dates", "dates", .uid = true, FIELDS(project_fields)},
    [ROW_PIECE] = {"piece", "pieces", "pieces r", "r.id IN (SELECT id FROM scope_pieces)", "r.uid", "r.dates", "dates", .uid = true,
                   FIELDS(piece_fields)},
    [ROW_GENERATION] = {"generation", "generations", "generations r LEFT JOIN bodies b ON b.generation = r.id",
                        "r.id IN (SELECT id FROM scope_generations)", "r.uid",
                        "iif(r.changed_at IS NULL, NULL, ' trashed_at=' || r.changed_at)", "changed_at", "trashed_at", "bodies",
                        "generation", .uid = true, .dials = true, FIELDS(generation_fields)},
    [ROW_TAKE] = {"take", "takes", "takes r LEFT JOIN odds o ON o.take = r.id", OF_GENERATIONS, "r.uid",
                  "iif(r.rated_at IS NULL, NULL, ' rating=' || r.rated_at)", "rated_at", "rating", "odds", "take", .uid = true,
                  FIELDS(take_fields)},
    [ROW_PASSAGE] = {"passage", "passages", "passages r", OF_PIECES, "r.uid", "r.dates", "dates", .uid = true, FIELDS(passage_fields)},
    [ROW_LORE] = {"lore", "lore", "lore r", OF_PIECES, "r.uid", "r.dates", "dates", .uid = true, FIELDS(lore_fields)},
    [ROW_REVISION] = {"revision", "revisions", "passages p CROSS JOIN revisions r ON r.passage = p.id",
                      "p.piece IN (SELECT id FROM scope_pieces)", "p.uid, r.saved_at, r.text, r.runs", FIELDS(revision_fields)},
    [ROW_TAG] = {"tag", "tags",
                 "(SELECT 0 AS id, tag, generation, tagged_at AS at, 1 AS \"on\" FROM tags UNION ALL SELECT 0, tag, generation, off_at, 0"
                 " FROM tags_off x WHERE NOT EXISTS (SELECT 1 FROM tags t WHERE t.tag = x.tag AND t.generation = x.generation))"
                 " r JOIN generations g ON g.id = r.generation",
                 OF_GENERATIONS, "g.uid, r.tag", FIELDS(tag_fields)},
    [ROW_SEARCH] = {"search", "searches", "(SELECT 0 AS id, name, saved_at, query FROM searches) r", "0", "r.name", FIELDS(search_fields)},
};
