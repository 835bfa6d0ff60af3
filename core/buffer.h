/* A text being edited: bytes, who owns each of them, and its undo history. Knows no screen and no passage.
 *
 * Bytes live in a gap buffer (10 MB usable); beside them lies a list of runs, each `len` bytes of one `ink`:
 * the owner (an opaque number: app uses the passage's index) and the author. Edits that the writer makes are
 * recorded; text that streams in is "foreign": it is not undone, and the offsets kept in the history move
 * with it. The history also holds *steps*: opaque moves (before → after) that the caller carries out itself,
 * so that the writer's edits and the model's takes lie in one history. */
#ifndef RENGA_CORE_BUFFER_H
#define RENGA_CORE_BUFFER_H

#include "core/str.h"

struct ink {
    int64_t owner;
    int author;     /* enum author */
    int64_t source; /* library id of the take that the text was cut from, 0: none */
};

struct run {
    size_t len;
    struct ink ink;
};

struct buffer;

struct buffer *buffer_new(void);
void buffer_free(struct buffer *b);

size_t buffer_length(const struct buffer *b);
/* The whole text or a part of it as one span. Moves the gap at most once, so it is cheap when read near the
 * last edit; valid until the next change or the next call of either. Text that is given to a function below
 * must not lie in the buffer. */
struct span buffer_text(struct buffer *b);
struct span buffer_slice(struct buffer *b, size_t from, size_t to);
int buffer_byte(const struct buffer *b, size_t at); /* -1 at the end */
/* Grows with every change of the bytes; no two buffers share one. */
uint64_t buffer_version(const struct buffer *b);

/* One range that covers everything that changed since an earlier version, for caches beside the text: `removed`
 * bytes at `at` became `added` bytes. False when that version is too long ago or another buffer's. */
struct change {
    size_t at, removed, added;
};
bool buffer_changed_since(const struct buffer *b, uint64_t version, struct change *out);

/* Lines end with LF. These read around the gap and never move it. */
size_t buffer_line_start(const struct buffer *b, size_t at);
size_t buffer_line_end(const struct buffer *b, size_t at); /* where its LF is, or the text's end */
size_t buffer_newlines(const struct buffer *b, size_t from, size_t to); /* how many */

/* Runs in order, adjacent equal inks merged; lengths add up to buffer_length(). */
const struct run *buffer_runs(const struct buffer *b, size_t *count);
/* Of the byte at `at`; of the last byte at the end; {0, 0} if empty. */
struct ink buffer_ink_at(const struct buffer *b, size_t at);

/* The writer's edit: replaces [from, to) by `text` in `ink`; from and to are cluster borders. Recorded;
 * typing in one place joins the newest undo entry until buffer_seal(), a newline, a change of direction or of
 * ink, or a pause that the caller seals. */
void buffer_replace(struct buffer *b, size_t from, size_t to, struct span text, struct ink ink);
/* As above but with the runs given (paste of a text by several authors); lengths must add up. */
void buffer_replace_runs(struct buffer *b, size_t from, size_t to, struct span text, const struct run *runs,
                         size_t count);
/* Text from elsewhere (a stream): inserted at `at`, not recorded; kept offsets of the history at or after
 * `at` move on. */
void buffer_insert_foreign(struct buffer *b, size_t at, struct span text, struct ink ink);
/* Foreign text that turns out not to belong here: not recorded either. What the writer did to those very bytes can then not be undone. */
void buffer_remove_foreign(struct buffer *b, size_t from, size_t to);
/* Makes the text of another path: everything from `from` on is replaced, not recorded. Used when a step is
 * carried out, before buffer_push_step() or buffer_step_done(): without one of them the history is forgotten,
 * since it no longer fits. */
void buffer_reset_tail(struct buffer *b, size_t from, struct span text, const struct run *runs, size_t count);
/* What is of `owner` before `at` becomes `upper`'s: a passage was cut in two there. So do the bytes that undoing brings back; what could
 * be redone is forgotten. */
void buffer_part(struct buffer *b, size_t at, int64_t owner, int64_t upper);
void buffer_clear(struct buffer *b); /* empties text and history */

/* -- history --------------------------------------------------------------------------------------------- */

void buffer_seal(struct buffer *b);             /* the next edit starts a new undo entry */
void buffer_group(struct buffer *b, bool open); /* edits between open and close undo as one (replace all) */
/* Records a step the caller has just carried out. */
void buffer_push_step(struct buffer *b, int64_t before, int64_t after);

enum undo_kind { UNDO_NOTHING, UNDO_EDIT, UNDO_STEP };
struct undo {
    enum undo_kind kind;
    size_t caret; /* UNDO_EDIT: where the caret belongs now */
    int64_t step; /* UNDO_STEP: the value to go to */
};
struct undo buffer_undo(struct buffer *b);
struct undo buffer_redo(struct buffer *b);
/* After the caller carried out an undone or redone step: if the text is not as long as it was when the step
 * was recorded on that side, the entries beyond can no longer be applied and are dropped. */
void buffer_step_done(struct buffer *b);
/* Bytes the history may keep (default 64 MB); the oldest entries go first, the newest group always stays. */
void buffer_set_history_limit(struct buffer *b, size_t bytes);

#endif
