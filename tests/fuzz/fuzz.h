/* What a fuzz target is: a reader of text from outside, fed with any bytes. The same targets are driven by libFuzzer (libfuzzer.c),
 * which looks for bytes that break them, and by replay.c, which reads the corpus of a target again. Knows no driver. */
#ifndef RENGA_TESTS_FUZZ_H
#define RENGA_TESTS_FUZZ_H

#include "core/str.h"

struct fuzz_target {
    const char *name; /* of its folder below corpus/, too */
    void (*run)(const struct fuzz_target *t, struct span input);
    int which; /* for targets that share a function: a dialect, a format */
};
/* To be called first: widths of characters are a matter of the locale. */
void fuzz_begin(void);
const struct fuzz_target *fuzz_find(const char *name); /* NULL: there is none of that name */
const struct fuzz_target *fuzz_at(size_t i);           /* NULL behind the last */

/* Says that something came out otherwise than it must: libFuzzer stops there and keeps the input, the replay counts it and goes on. */
void fuzz_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define FUZZ_EXPECT(cond) ((cond) ? (void)0 : fuzz_wrong("%s:%d: %s", __FILE__, __LINE__, #cond))

/* -- the same bytes in several splits ---------------------------------------------------------- */

/* How bytes are cut into pieces: of `longest` bytes each, or of random lengths up to that. */
struct fuzz_cut {
    size_t longest;
    uint64_t random; /* 0: every piece is as long as can be */
};
/* Takes the next piece off the front of `rest`, as memory of its own, so that a read past its end shows. */
struct span fuzz_piece(struct fuzz_cut *cut, struct span *rest);
void fuzz_piece_free(struct span piece);
/* Reads `bytes` whole, byte by byte and in random splits; `read` writes all that came of them, which must be the same. */
void fuzz_splits(const struct fuzz_target *t, struct span bytes, uint8_t seed,
                 void (*read)(const struct fuzz_target *t, struct span bytes, struct fuzz_cut cut, struct str *out));
extern unsigned fuzz_random_splits; /* how many of these; the fuzzer makes one for each input */
extern size_t fuzz_splits_read;     /* how often bytes were read in pieces */

/* -- files ------------------------------------------------------------------------------------- */

const char *fuzz_folder(void);                                   /* of this process; it goes when the process ends */
void fuzz_folder_empty(void);
const char *fuzz_file(const char *name, struct span bytes);      /* a file in it; its path is borrowed until the next call */

uint64_t fuzz_random(uint64_t *state); /* a number that looks like chance, always the same for the same state */

#endif
