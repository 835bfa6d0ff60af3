/* The library: every piece, prompt, dial, generation and take in one SQLite file, written so that no crash loses a word. Knows no
 * screen and no server.
 *
 * Writing sends, edits and endings is one durable transaction each (BEGIN IMMEDIATE, synchronous FULL). Streamed text goes to an
 * append-only journal: a commit every 200 ms or 4 kB, a durable one every 1.8 s. Every function that fails leaves the library as it was and
 * says why; text in memory is the caller's and is never given up. */
#ifndef RENGA_STORAGE_STORE_H
#define RENGA_STORAGE_STORE_H

#include "core/project.h"
#include "core/story.h"

struct store;

/* Opens or makes the library (0600, folder 0700), migrates it, and marks takes that a dead instance left streaming as interrupted, with
 * their text joined from the journal. `path` NULL: in memory. A newer library is refused with a sentence; a damaged one too (and left
 * untouched). */
bool store_open(struct store **out, const char *path, struct err *e) MUST_USE;
void store_close(struct store *s);          /* commits what waits; safe on NULL */
bool store_in_memory(const struct store *s);
/* What the writer should know about this library since it was opened (it lies on a network drive, …), NULL: nothing. */
const char *store_notice(const struct store *s);
/* True when another instance has written since the last call. */
bool store_changed(struct store *s);

/* Many writes as one durable transaction: by far cheaper. Begin, write what there is, end soon: others wait meanwhile. When the end fails (or
 * `ok` is false) none of it has happened, whatever the writes returned: ids they gave name nothing, and memory that says "kept" is wrong. */
bool store_together(struct store *s, struct err *e) MUST_USE;
bool store_together_end(struct store *s, bool ok, struct err *e) MUST_USE;

/* -- pieces ------------------------------------------------------------------------------------------------------------------------ */

/* `out` is an initialised piece: released and replaced when the load succeeds, untouched when not. Passages come in the order of their ids, with the
 * takes of this piece and those that its passages borrow from others. Generations come without `context` and `request`. A take that still
 * streams has the text that came so far. */
bool store_piece_load(struct store *s, int64_t piece, struct piece *out, struct err *e) MUST_USE;
/* Writes what differs: the piece itself when new (in its project, or the default one), its title, dirty passages (a text that loses
 * characters first leaves its old form in the table of revisions; a text above 64 kB at most every 30 s when it loses little), and the
 * path of the page. Generations and takes that have no row yet get one. Fills the ids, clears the dirty marks. Without a project the
 * piece goes to the one named `project_name`; the default one has the name "". */
bool store_piece_save(struct store *s, struct piece *p, struct err *e) MUST_USE;
/* Writes memory, note and lore of a piece that is kept, as far as they differ. Loading a piece brings them along, its trash included. */
bool store_notes_save(struct store *s, struct piece *p, struct err *e) MUST_USE;
/* The newest revision of a passage older than `revision` (0: newest of all); false when there is none. */
bool store_revision(struct store *s, int64_t passage, int64_t *revision, struct str *text, struct str *runs);
int64_t store_newest_piece(struct store *s);  /* 0: none */

/* Small facts about the desk between sessions: last piece, server, dials, focus. Missing: false. */
bool store_setting(struct store *s, const char *name, struct str *out);
bool store_set_setting(struct store *s, const char *name, struct span value, struct err *e) MUST_USE;

/* What is being typed into the prompt editor, per piece (0: no piece yet). Saving an empty draft removes it. */
bool store_draft_save(struct store *s, int64_t piece, struct span text, struct err *e) MUST_USE;
bool store_draft_load(struct store *s, int64_t piece, struct str *out);

/* -- projects ---------------------------------------------------------------------------------------------------------------------- */

/* The project of that name; with `make` a missing one is made, and one in the trash comes back. *id 0: there is none. */
bool store_project_find(struct store *s, struct span name, bool make, int64_t *id, struct err *e) MUST_USE;
/* `out` is initialised or zeroed, and released first; untouched when it fails. */
bool store_project_load(struct store *s, int64_t project, struct project *out, struct err *e) MUST_USE;
/* Name, cover line, notes and defaults; a project without id is made and gets one. An empty name and one that another project has, be it in
 * the trash, are refused with a sentence. */
bool store_project_save(struct store *s, struct project *p, struct err *e) MUST_USE;

/* What a list of projects and pieces shows. */
struct shelf {
    struct span words;         /* all must occur in a project's name or cover line, in a piece's label or its project's name; "" : any */
    int64_t project;           /* only pieces of this one; 0: of all */
    bool trash;                /* what lies in the trash, in place of what does not; a project's pieces are not listed beside it */
    int64_t before_ms, before; /* pieces after this one in the list: its changed_ms and id; 0, 0: from the newest */
    int limit;
};
/* The project whose newest piece was changed last comes first; the default one is among them when it has pieces. A new array, the caller's
 * to release with projects_free(). */
bool store_projects(struct store *s, const struct shelf *q, struct project **out, int *count, struct err *e) MUST_USE;
/* Newest first, with words among the 10,000 that changed last. A new array, to be released with shelf_free(). */
bool store_shelf(struct store *s, const struct shelf *q, struct shelf_piece **out, int *count, struct err *e) MUST_USE;

bool store_piece_rename(struct store *s, int64_t piece, struct span title, struct err *e) MUST_USE;
bool store_piece_move(struct store *s, int64_t piece, int64_t project, struct err *e) MUST_USE;
bool store_piece_trash(struct store *s, int64_t piece, bool trashed, struct err *e) MUST_USE;
/* A project's pieces go into the trash with it and come back with it; those that lay there before stay. */
bool store_project_trash(struct store *s, int64_t project, bool trashed, struct err *e) MUST_USE;

/* -- generations ------------------------------------------------------------------------------------------------------------------- */

/* Before sending: saves the piece, then the generation at index `generation` of it with its takes (those whose `generation` field holds -1 - index get
 * the real id) in the same transaction. Fills all ids. A piece without id, passages and title is not made: the generation then stands
 * outside any piece. May be called again when it failed. A take that is over goes in whole; the journal of one that still
 * streams starts empty: give what came so far to store_take_text() again. */
bool store_generation_begin(struct store *s, struct piece *p, int generation, struct err *e) MUST_USE;
/* Streamed text of a take: kept in memory until store_tick(). Text for take 0 is passed over. */
void store_take_text(struct store *s, int64_t take, struct span text, bool reasoning);
/* What was kept of a take's text is its reasoning now: its journal is written anew from the take. */
bool store_take_rethought(struct store *s, const struct take *t, struct err *e) MUST_USE;
/* Commits the journal when its cadence says so. A failure (full disk) keeps the text and tries again at the next tick; *e is filled. */
bool store_tick(struct store *s, int64_t now_us, struct err *e) MUST_USE;
int store_tick_ms(const struct store *s, int64_t now_us); /* milliseconds until the next tick is due, -1: nothing waits */
/* The end of a take: state, finish, error, timings and its text whole; its journal is emptied. Durable. The rating is
 * store_rate()'s alone. When it fails the store keeps a copy and every tick tries again. */
bool store_take_end(struct store *s, const struct take *t, struct err *e) MUST_USE;
/* What became known during the run: resolved model, usage, request body, timings. */
bool store_generation_end(struct store *s, const struct generation *g, struct err *e) MUST_USE;
/* Everything, `context` and `request` too. `g` is initialised or zeroed, and released first; `takes` is a new array, in order of index, the
 * caller's to release and free. On false all three are untouched. */
bool store_generation_load(struct store *s, int64_t id, struct generation *g, struct take **takes, int *count, struct err *e) MUST_USE;

/* How likely each token of a take was, in the form of core/odds.h. Loaded only when they are looked at. Take 0 is passed over. */
bool store_odds_save(struct store *s, int64_t take, struct span form, struct err *e) MUST_USE;
bool store_odds_load(struct store *s, int64_t take, struct str *form, bool *found, struct err *e) MUST_USE;

/* The generation that a take belongs to; false with a sentence when there is no such take. */
bool store_take_generation(struct store *s, int64_t take, int64_t *generation, struct err *e) MUST_USE;
/* What the writer made of a take in a piece: the text and runs of the passage that was edited last, when one was and is not in the trash;
 * otherwise `edited` is false and text and runs stay as they are. */
bool store_take_edited(struct store *s, int64_t piece, int64_t take, struct str *text, struct str *runs, bool *edited,
                       struct err *e) MUST_USE;

bool store_rate(struct store *s, int64_t take, int rating, struct err *e) MUST_USE;
bool store_tag(struct store *s, int64_t generation, struct span tag, bool on, struct err *e) MUST_USE;
bool store_tags(struct store *s, int64_t generation, struct str *out); /* one a line */
bool store_trash(struct store *s, int64_t generation, bool trashed, struct err *e) MUST_USE;
bool store_trash_passage(struct store *s, int64_t passage, bool trashed, struct err *e) MUST_USE;

/* -- search ------------------------------------------------------------------------------------------------------------------------ */

struct search {
    struct span query;     /* words and exact Chinese substrings, all must occur; plus filters: project: model: server: tag: state: ★>=3 (or rating>=3)
                              temperature>0.8 (any dial) before:2026-10 after:2026-10-05 is:trash */
    int64_t before;        /* keyset: only generations with a smaller id; 0: from the newest */
    int limit;
};
/* Newest first. Appends to hits (`*hits` NULL or from malloc); the caller releases them. Words that only the writer's own passages hold
 * are found too: on the first page (`before` 0) up to a quarter of `limit` are pieces (more where there are few generations), as hits whose
 * `generation` and `take` are 0 and whose `prompt` is the piece's title or first line. Without words these are the pieces that no generation
 * would show, among the 5,000 that changed last. The last hit of a full page is a generation, where there is any.
 * The words of a prompt are found once its first take is over.
 * What lies in the trash is left out unless is:trash asks for it. False with a sentence that says where a filter does not parse. */
bool store_search(struct store *s, const struct search *q, struct hit **hits, int *count, struct err *e) MUST_USE;
int64_t store_generation_count(struct store *s); /* kept as a counter, never counted */

/* For a pause: merges what was written lately into the word index, for about `budget_us`. `*more`: there is more to do. */
bool store_tidy(struct store *s, int64_t budget_us, bool *more, struct err *e) MUST_USE;

#endif
