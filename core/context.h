/* How a page, with what its piece always tells, becomes the text before a question: memory first, then the lore that is touched on, then as
 * much of the page's end as there is room for, with the author's note some lines before its end. Knows no server and no turns.
 *
 * How many tokens a text has only its server's own tokenizer could say; here they are estimated, to be near and cheap: a Han character or a
 * mark of Chinese is one token, of anything else four bytes are. Measured on prose and verse: a character 1.01 and a token 4.33 bytes of
 * English with o200k, 1.42 and 4.27 with the older cl100k. */
#ifndef RENGA_CORE_CONTEXT_H
#define RENGA_CORE_CONTEXT_H

#include "core/notes.h"

enum part_kind {
    CONTEXT_MEMORY,
    CONTEXT_LORE,
    CONTEXT_PAGE,
    CONTEXT_NOTE,
    CONTEXT_PAGE_END, /* the page's last lines, below the note */
    CONTEXT_COUNT
};

int64_t tokens_of(struct span text);

/* The end of a page that keys of lore are looked for in. */
#define LORE_NEARBY 4000

/* What goes along with a page. Memory and note are borrowed from the piece's notes. */
struct context {
    struct span memory, note;
    struct str lore;     /* the entries that go along, a line between them */
    size_t page_from;    /* what of the page goes along begins here, at a line's start; what stands before is left out for want of room */
    size_t note_at;      /* where in the page the note stands: a line's start, or its end; without a note the page's end */
};

/* Fills `c` for a page `text` and a prompt (or whatever is asked). `room`: tokens that may go along in all, 0: any number;
 * `taken`: tokens of that which prompt, system text and answer need. `bare`: the page alone. Release it. */
void context_make(struct context *c, const struct notes *n, struct span text, struct span prompt, int64_t room, int64_t taken, bool bare);
void context_release(struct context *c);
int64_t context_tokens(const struct context *c); /* of memory, note and lore */
/* Where the last part of `text` that has at most `tokens` begins, at a line's start; inside its last line when that alone has more. */
size_t context_cut(struct span text, int64_t tokens);

#endif
