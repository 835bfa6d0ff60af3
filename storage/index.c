#include "core/clock.h"
#include "storage/store_parts.h"
#include "storage/text_index.h"

/* Tokens of one text that the index takes: far above any take, so that a runaway one cannot hold the program. */
#define INDEXED_MAX ((size_t)1 << 20)

static const char add_generation[] = "INSERT INTO generation_words(rowid, words) VALUES(?, ?)";
static const char drop_generation[] =
    "INSERT INTO generation_words(generation_words, rowid, words) VALUES('delete', ?, ?)";
static const char add_passage[] = "INSERT INTO passage_words(rowid, words) VALUES(?, ?)";
static const char drop_passage[] = "INSERT INTO passage_words(passage_words, rowid, words) VALUES('delete', ?, ?)";

static void spell(struct str *out, struct span text, int volume)
{
    text_index_spell(out, span_cut(text, 0, INDEXED_MAX), volume);
}

/* Which volume of the index a row stands in. What an older program wrote has none. */
int index_volume(const struct store *s, bool passage, int64_t id)
{
    int64_t volume = id >> (passage ? INDEX_PASSAGE_BITS : INDEX_GENERATION_BITS);
    if (id <= (passage ? s->unsplit_passages : s->unsplit_generations))
        return VOLUME_NONE;
    return volume < VOLUME_MAX ? (int)volume : VOLUME_MAX;
}

bool index_prepare(struct store *s, struct err *e)
{
    s->untidy = true; /* commands that came and went have left their small indexes */
    return db_integer(&s->db, "SELECT value FROM counters WHERE name = 'unsplit generations'", WITH_NOTHING,
                      &s->unsplit_generations, e) &&
           db_integer(&s->db, "SELECT value FROM counters WHERE name = 'unsplit passages'", WITH_NOTHING,
                      &s->unsplit_passages, e);
}

/* A generation is found by its prompt and by its takes that are over; until the first is, by nothing: its words are written once. What an
 * older program wrote was indexed when it was sent. */
static bool spell_generation(struct store *s, int64_t generation, struct str *words, struct err *e)
{
    int row, volume = index_volume(s, false, generation);
    sqlite3_stmt *q = db_ask(&s->db,
                             "SELECT prompt FROM generations WHERE id = ?1 AND (?2 OR EXISTS(SELECT 1 FROM takes WHERE generation = ?1 "
                             "AND state NOT IN ('waiting', 'writing')))",
                             WITH(as_int(generation), as_int(volume == VOLUME_NONE)), e);
    while ((row = db_step(&s->db, q, e)) > 0)
        spell(words, column_text(q, 0), volume);
    if (row < 0)
        return false;
    q = db_ask(&s->db,
               "SELECT text FROM takes WHERE generation = ? AND state NOT IN ('waiting', 'writing') AND text <> '' "
               "ORDER BY number, id",
               WITH(as_int(generation)), e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        text_index_boundary(words);
        spell(words, column_text(q, 0), volume);
    }
    return row == 0;
}

/* The index keeps no text: a row is taken out by telling it again what it was made of. So: remove, change the text,
 * add. */
bool index_generation(struct store *s, int64_t generation, bool add, struct err *e)
{
    struct str words = {0};
    bool ok = spell_generation(s, generation, &words, e);
    if (ok && words.len) {
        ok = db_run(&s->db, add ? add_generation : drop_generation, WITH(as_int(generation), as_text(str_span(&words))), e);
        s->untidy = true;
    }
    str_release(&words);
    return ok;
}

/* Prompts are found through their generation, unchanged takes too. */
bool index_passage(struct store *s, int64_t passage, bool add, struct err *e)
{
    struct str text = {0}, words = {0};
    bool found = false;
    bool ok = db_text(&s->db, "SELECT text FROM passages WHERE id = ? AND author <> 'prompt' AND text <> ''",
                      WITH(as_int(passage)), &text, &found, e);
    if (ok && found) {
        spell(&words, str_span(&text), index_volume(s, true, passage));
        ok = db_run(&s->db, add ? add_passage : drop_passage, WITH(as_int(passage), as_text(str_span(&words))), e);
    }
    str_release(&text);
    str_release(&words);
    return ok;
}

/* -- in pauses ----------------------------------------------------------------------------------------------------- */

/* Every transaction leaves a small index of its own behind, and a search asks all of them. SQLite merges them only when eight of a size
 * have gathered, which a program that rests now and then never lets happen. */
static bool merge_some(struct store *s, bool *more, struct err *e)
{
    int before = sqlite3_total_changes(s->db.handle);
    if (!db_begin(&s->db, DB_NORMAL, e))
        return false;
    bool ok = db_run(&s->db, "INSERT INTO generation_words(generation_words, rank) VALUES('merge', 8)", WITH_NOTHING, e);
    *more = ok && sqlite3_total_changes(s->db.handle) - before > 1;
    return db_end(&s->db, ok, e);
}

bool store_tidy(struct store *s, int64_t budget_us, bool *more, struct err *e)
{
    int64_t end = clock_now_us() + budget_us;
    bool ok = true;
    *more = s->untidy;
    db_patience(&s->db, 0); /* another instance that writes goes first */
    while (ok && *more && clock_now_us() < end)
        ok = merge_some(s, more, e);
    db_patience(&s->db, -1);
    s->untidy = *more;
    return ok;
}
