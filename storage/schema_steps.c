#include "core/mem.h"
#include "storage/schema.h"

/* Times (…_at) are Unix milliseconds. A uid names a row on every machine, an id only in this file. What is trashed
 * keeps everything and only gets a date. Dials are columns of generations, added from the dial table. */
static const char version_1[] =
    "CREATE TABLE projects("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,"
    " created_at INTEGER NOT NULL, trashed_at INTEGER) STRICT;"

    "CREATE TABLE pieces("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, project INTEGER NOT NULL REFERENCES projects,"
    " leaf INTEGER REFERENCES passages, root_chosen INTEGER REFERENCES passages,"
    " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, trashed_at INTEGER,"
    " generations INTEGER NOT NULL DEFAULT 0, title TEXT NOT NULL) STRICT;"
    "CREATE INDEX pieces_by_change ON pieces(changed_at) WHERE trashed_at IS NULL;"
    "CREATE INDEX pieces_unasked ON pieces(changed_at) WHERE trashed_at IS NULL AND generations = 0;"
    "CREATE INDEX pieces_by_project ON pieces(project);"

    /* text NULL: the take's own text, unchanged. */
    "CREATE TABLE passages("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, piece INTEGER NOT NULL REFERENCES pieces,"
    " parent INTEGER REFERENCES passages CHECK(parent < id), chosen INTEGER REFERENCES passages,"
    " take INTEGER REFERENCES takes, author TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, trashed_at INTEGER,"
    " runs TEXT NOT NULL DEFAULT '', text TEXT) STRICT;"
    "CREATE INDEX passages_by_piece ON passages(piece);"

    "CREATE TABLE revisions("
    " id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passages, saved_at INTEGER NOT NULL,"
    " runs TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX revisions_by_passage ON revisions(passage);"

    "CREATE TABLE generations("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, piece INTEGER REFERENCES pieces,"
    " passage INTEGER REFERENCES passages, rerun_of INTEGER REFERENCES generations,"
    " sent_at INTEGER NOT NULL, trashed_at INTEGER, continues INTEGER NOT NULL,"
    " prompt_tokens INTEGER, completion_tokens INTEGER, server TEXT NOT NULL, dialect TEXT NOT NULL,"
    " url TEXT NOT NULL, model TEXT NOT NULL, resolved TEXT NOT NULL, stops TEXT NOT NULL,"
    " prompt TEXT NOT NULL, system TEXT NOT NULL) STRICT;"
    "CREATE INDEX generations_by_piece ON generations(piece);"
    "CREATE INDEX generations_trashed ON generations(trashed_at) WHERE trashed_at IS NOT NULL;"

    /* The long texts of a generation, apart so that walking through generations never reads them. */
    "CREATE TABLE bodies("
    " generation INTEGER PRIMARY KEY REFERENCES generations, context TEXT NOT NULL, request TEXT NOT NULL) STRICT;"

    "CREATE TABLE takes("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL REFERENCES generations,"
    " number INTEGER NOT NULL, state TEXT NOT NULL, rating INTEGER NOT NULL, instance INTEGER NOT NULL,"
    " first_ms INTEGER, total_ms INTEGER, tokens INTEGER NOT NULL, finish TEXT NOT NULL, error TEXT NOT NULL,"
    " text TEXT NOT NULL, reasoning TEXT NOT NULL) STRICT;"
    "CREATE INDEX takes_by_generation ON takes(generation, number);"
    "CREATE INDEX takes_not_done ON takes(state, generation) WHERE state <> 'done';"
    "CREATE INDEX takes_rated ON takes(rating, generation) WHERE rating > 0;"

    /* The journal of what streams in: joined into its take at the end, or by the next opening. */
    "CREATE TABLE chunks("
    " take INTEGER NOT NULL REFERENCES takes, seq INTEGER NOT NULL, reasoning INTEGER NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(take, seq)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE tags("
    " tag TEXT NOT NULL, generation INTEGER NOT NULL REFERENCES generations,"
    " PRIMARY KEY(tag, generation)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX tags_by_generation ON tags(generation);"

    /* piece 0: what is typed before there is a piece. */
    "CREATE TABLE drafts(piece INTEGER PRIMARY KEY, saved_at INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO counters VALUES('generations', 0), ('syncs', 0);"

    /* How many generations are not in the trash: in the whole library, and below each piece. */
    "CREATE TRIGGER generation_added AFTER INSERT ON generations WHEN new.trashed_at IS NULL BEGIN"
    " UPDATE counters SET value = value + 1 WHERE name = 'generations';"
    " UPDATE pieces SET generations = generations + 1 WHERE id = new.piece; END;"
    "CREATE TRIGGER generation_removed AFTER DELETE ON generations WHEN old.trashed_at IS NULL BEGIN"
    " UPDATE counters SET value = value - 1 WHERE name = 'generations';"
    " UPDATE pieces SET generations = generations - 1 WHERE id = old.piece; END;"
    "CREATE TRIGGER generation_trashed AFTER UPDATE OF trashed_at ON generations"
    " WHEN (old.trashed_at IS NULL) <> (new.trashed_at IS NULL) BEGIN"
    " UPDATE counters SET value = value + iif(new.trashed_at IS NULL, 1, -1) WHERE name = 'generations';"
    " UPDATE pieces SET generations = generations + iif(new.trashed_at IS NULL, 1, -1) WHERE id = new.piece; END;"

    /* Text as text_index.c spells it; rowid: the generation, the passage. */
    "CREATE VIRTUAL TABLE generation_words USING"
    " fts5(words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');"
    "CREATE VIRTUAL TABLE passage_words USING"
    " fts5(words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');";

/* When each part of a row was last changed, for libraries that grew apart: `dates` is " name=time name=time …", kept by a trigger. Whoever
 * writes a row only sets changed_at; a merge sets `dates` itself, and the trigger leaves it alone. A later change is always dated later,
 * whatever the clock says. */
#define OLD_DATE(name)                                                                                                 \
    "iif(instr(old.dates, ' " name "='), CAST(substr(old.dates, instr(old.dates, ' " name "=')"                        \
    " + length(' " name "=')) AS INTEGER), 0)"
/* What never changed has no date. */
#define DATED_AT(name, same, now)                                                                                      \
    "iif(" same ", iif(" OLD_DATE(name) ", ' " name "=' || " OLD_DATE(name) ", ''),"                                    \
    " ' " name "=' || max(" now ", " OLD_DATE(name) " + 1))"
#define DATED(name, same) DATED_AT(name, same, "new.changed_at")
#define DATED_ONE(column) DATED(column, "new." column " IS old." column)
#define DATED_TRASH                                                                                                    \
    DATED_AT("trashed_at", "new.trashed_at IS old.trashed_at", "max(new.changed_at, coalesce(new.trashed_at, 0))")
#define DATES(table, columns, parts)                                                                                   \
    "CREATE TRIGGER " table "_dated AFTER UPDATE OF " columns " ON " table " WHEN new.dates IS old.dates BEGIN"        \
    " UPDATE " table " SET dates = " parts " WHERE id = new.id; END;"

/* The first line with something in it, of the first 400 characters. */
#define LABEL_OF(text)                                                                                                 \
    "coalesce((SELECT substr(line, 1, instr(line || char(10), char(10)) - 1) FROM"                                     \
    " (SELECT substr(ltrim(substr(" text ", 1, 400), char(9, 10, 13, 32, 12288)), 1, 120) AS line)), '')"
#define LABEL_OF_ROOT(root) LABEL_OF("(SELECT text FROM passages WHERE id = " root ")")

/* What a writer arranges: passages in an order of their own, with names and marks; defaults of a project; what a model is always told. A
 * split makes a parent that is younger than its child. */
static const char version_2[] =
    "ALTER TABLE passages ADD COLUMN name TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE passages ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE passages ADD COLUMN position INTEGER NOT NULL DEFAULT 0;"

    /* dials: as dials_format() writes them. */
    "ALTER TABLE projects ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;"
    "UPDATE projects SET changed_at = created_at;"
    "ALTER TABLE projects ADD COLUMN cover TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE projects ADD COLUMN notes TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE projects ADD COLUMN server TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE projects ADD COLUMN model TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE projects ADD COLUMN dials TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE projects ADD COLUMN system TEXT NOT NULL DEFAULT '';"

    /* label: the first line of the page, as far as a list shows it; triggers keep it. A page that begins with a take has none. */
    "ALTER TABLE pieces ADD COLUMN label TEXT NOT NULL DEFAULT '';"
    "UPDATE pieces SET label = " LABEL_OF_ROOT("pieces.root_chosen") ";"
    "CREATE TRIGGER piece_labelled AFTER UPDATE OF root_chosen ON pieces WHEN new.root_chosen IS NOT old.root_chosen BEGIN"
    " UPDATE pieces SET label = " LABEL_OF_ROOT("new.root_chosen") " WHERE id = new.id; END;"
    "CREATE TRIGGER piece_added AFTER INSERT ON pieces WHEN new.root_chosen IS NOT NULL BEGIN"
    " UPDATE pieces SET label = " LABEL_OF_ROOT("new.root_chosen") " WHERE id = new.id; END;"
    "CREATE TRIGGER passage_labels AFTER UPDATE OF text ON passages"
    " WHEN new.id = (SELECT root_chosen FROM pieces WHERE id = new.piece) BEGIN"
    " UPDATE pieces SET label = " LABEL_OF("new.text") " WHERE id = new.piece; END;"
    "CREATE INDEX pieces_on_shelf ON pieces(project, changed_at, id, generations) WHERE trashed_at IS NULL;"

    /* memory goes before everything; the note stands so many lines before the end of the context. */
    "ALTER TABLE pieces ADD COLUMN memory TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE pieces ADD COLUMN note TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE pieces ADD COLUMN note_depth INTEGER NOT NULL DEFAULT 3;"
    "CREATE TABLE lore("
    " id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, piece INTEGER NOT NULL REFERENCES pieces,"
    " changed_at INTEGER NOT NULL, trashed_at INTEGER, enabled INTEGER NOT NULL,"
    " keys TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX lore_by_piece ON lore(piece);"

    /* What follows reads the schema anew. */
    "PRAGMA writable_schema=ON;"
    "UPDATE sqlite_schema SET sql = replace(sql, ' CHECK(parent < id)', '') WHERE name = 'passages';"
    "PRAGMA writable_schema=OFF;"

    /* sweep: the first of the generations that were asked for together. */
    "ALTER TABLE generations RENAME COLUMN continues TO kind;"
    "ALTER TABLE generations ADD COLUMN sweep INTEGER REFERENCES generations;"
    "ALTER TABLE bodies ADD COLUMN selection TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE bodies ADD COLUMN suffix TEXT NOT NULL DEFAULT '';"

    /* The likelihood of every token of a take, where the server told it. */
    "CREATE TABLE odds(take INTEGER PRIMARY KEY REFERENCES takes, tokens TEXT NOT NULL) STRICT;"

    "CREATE TABLE searches(name TEXT PRIMARY KEY, saved_at INTEGER NOT NULL, query TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    /* Up to here the index knows no volumes (text_index.h). */
    "INSERT INTO counters SELECT 'unsplit generations', coalesce(max(id), 0) FROM generations"
    " UNION ALL SELECT 'unsplit passages', coalesce(max(id), 0) FROM passages;"

    /* From when to when the generations of a volume were sent, so that a search for a month opens no other. */
    "CREATE TABLE volumes(id INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;"
    "INSERT INTO volumes SELECT id >> 14, min(sent_at), max(sent_at) FROM generations GROUP BY 1;"
    "CREATE TRIGGER generation_shelved AFTER INSERT ON generations BEGIN"
    " INSERT INTO volumes VALUES(new.id >> 14, new.sent_at, new.sent_at) ON CONFLICT(id) DO UPDATE"
    " SET first_at = min(first_at, new.sent_at), last_at = max(last_at, new.sent_at); END;"

    "INSERT INTO generation_words(generation_words, rank) VALUES('automerge', 8);"
    "INSERT INTO passage_words(passage_words, rank) VALUES('automerge', 8);"

    "CREATE INDEX generations_by_model ON generations(model, resolved);"
    "CREATE INDEX generations_by_server ON generations(server);"
    "CREATE INDEX takes_by_length ON takes(length(text), generation);"
    "CREATE INDEX passages_by_take ON passages(take) WHERE take IS NOT NULL;"
    "CREATE INDEX reruns ON generations(rerun_of) WHERE rerun_of IS NOT NULL;"
    "CREATE INDEX generations_of_sweep ON generations(sweep) WHERE sweep IS NOT NULL;"
    "CREATE INDEX passages_trashed ON passages(trashed_at) WHERE trashed_at IS NOT NULL;"
    "CREATE INDEX pieces_trashed ON pieces(trashed_at) WHERE trashed_at IS NOT NULL;"

    "ALTER TABLE projects ADD COLUMN dates TEXT;"
    "ALTER TABLE pieces ADD COLUMN dates TEXT;"
    "ALTER TABLE passages ADD COLUMN dates TEXT;"
    "ALTER TABLE lore ADD COLUMN dates TEXT;"
    "UPDATE pieces SET dates = ' title=' || changed_at || ' page=' || changed_at;"
    "UPDATE passages SET dates = ' text=' || changed_at WHERE changed_at > created_at;"
    DATES("projects", "name, cover, notes, server, model, dials, system, trashed_at",
          DATED_ONE("name") " || " DATED_ONE("cover") " || " DATED_ONE("notes") " || " DATED_ONE("server") " || " DATED_ONE("model")
          " || " DATED_ONE("dials") " || " DATED_ONE("system") " || " DATED_TRASH)
    DATES("pieces", "title, project, leaf, root_chosen, memory, note, note_depth, trashed_at",
          DATED_ONE("title") " || " DATED_ONE("project") " || " DATED_ONE("memory") " || " DATED_TRASH " || "
          DATED("page", "(new.leaf, new.root_chosen) IS (old.leaf, old.root_chosen)") " || "
          DATED("note", "(new.note, new.note_depth) IS (old.note, old.note_depth)"))
    DATES("passages", "parent, chosen, take, author, runs, text, name, marks, position, trashed_at",
          DATED_ONE("parent") " || " DATED_ONE("position") " || " DATED_ONE("chosen") " || " DATED_ONE("name") " || "
          DATED_ONE("marks") " || " DATED_TRASH " || "
          DATED("text", "(new.author, new.take, new.runs, new.text) IS (old.author, old.take, old.runs, old.text)"))
    DATES("lore", "enabled, keys, text, trashed_at",
          DATED_ONE("enabled") " || " DATED_ONE("keys") " || " DATED_ONE("text") " || " DATED_TRASH)

    /* The same for what has few parts. changed_at: into the trash, or out of it. */
    "ALTER TABLE generations ADD COLUMN changed_at INTEGER;"
    "ALTER TABLE takes ADD COLUMN rated_at INTEGER;"
    "ALTER TABLE tags ADD COLUMN tagged_at INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE tags_off("
    " tag TEXT NOT NULL, generation INTEGER NOT NULL REFERENCES generations, off_at INTEGER NOT NULL,"
    " PRIMARY KEY(tag, generation)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX tags_off_by_generation ON tags_off(generation);"

    /* Every library has this one, and it is the same everywhere. */
    "UPDATE projects SET uid = '0000000000000000' WHERE name = '';"

    /* What became of each line of a file that `renga batch` works through. The generation may be gone for good; it was asked all the same.
     * results: the file they are written to, up to date to that size. */
    "CREATE TABLE batches("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " results TEXT NOT NULL DEFAULT '', results_size INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE batch_items("
    " batch INTEGER NOT NULL REFERENCES batches, item TEXT NOT NULL, generation INTEGER NOT NULL, written INTEGER NOT NULL,"
    " PRIMARY KEY(batch, item)) STRICT, WITHOUT ROWID;";

static const char *const steps[] = {version_1, version_2};

const struct schema schema_library = {steps, COUNT_OF(steps)};
