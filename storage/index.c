#include "storage/store_parts.h"
#include "storage/text_index.h"

/* Tokens of one text that the index takes: far above any take, so that a runaway one cannot hold the program. */
#define INDEXED_MAX ((size_t)1 << 20)

static const char add_generation[] = "INSERT INTO generation_words(rowid, words) VALUES(?, ?)";
static const char drop_generation[] =
    "INSERT INTO generation_words(generation_words, rowid, words) VALUES('delete', ?, ?)";
static const char add_passage[] = "INSERT INTO passage_words(rowid, words) VALUES(?, ?)";
static const char drop_passage[] = "INSERT INTO passage_words(passage_words, rowid, words) VALUES('delete', ?, ?)";

static void spell(struct str *out, struct span text)
{
    text_index_spell(out, span_cut(text, 0, INDEXED_MAX));
}

/* A generation is found by its prompt and by its takes that are over. */
static bool spell_generation(struct store *s, int64_t generation, struct str *words, struct err *e)
{
    sqlite3_stmt *q = db_ask(&s->db, "SELECT prompt FROM generations WHERE id = ?", WITH(as_int(generation)), e);
    int row;
    while ((row = db_step(&s->db, q, e)) > 0)
        spell(words, column_text(q, 0));
    if (row < 0)
        return false;
    q = db_ask(&s->db,
               "SELECT text FROM takes WHERE generation = ? AND state NOT IN ('waiting', 'writing') AND text <> '' "
               "ORDER BY number, id",
               WITH(as_int(generation)), e);
    while ((row = db_step(&s->db, q, e)) > 0) {
        text_index_boundary(words);
        spell(words, column_text(q, 0));
    }
    return row == 0;
}

/* The index keeps no text: a row is taken out by telling it again what it was made of. So: remove, change the text,
 * add. */
bool index_generation(struct store *s, int64_t generation, bool add, struct err *e)
{
    struct str words = {0};
    bool ok =
        spell_generation(s, generation, &words, e) &&
        db_run(&s->db, add ? add_generation : drop_generation, WITH(as_int(generation), as_text(str_span(&words))), e);
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
        spell(&words, str_span(&text));
        ok = db_run(&s->db, add ? add_passage : drop_passage, WITH(as_int(passage), as_text(str_span(&words))), e);
    }
    str_release(&text);
    str_release(&words);
    return ok;
}
