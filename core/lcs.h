/* The longest common subsequence of two sequences of numbers. Knows nothing of what they stand for.
 *
 * Computed with bit vectors, 64 cells at a time (Crochemore, Iliopoulos, Pinzon and Reid 2001; Hyyrö 2004), so the time depends on the
 * lengths alone and not on how much differs: n·m/32 steps, with about 3·n·√m bits of memory. What does not fit into the caller's budget is
 * first cut where runs of eight numbers occur once in both. */
#ifndef RENGA_CORE_LCS_H
#define RENGA_CORE_LCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cells (n·m) that may be looked at in all: about ten milliseconds. */
#define LCS_BUDGET ((uint64_t)1 << 28)

/* For every place of `a` the place in `b` that it is matched with, or -1; matches ascend. `match` has room for n. Without budget a stretch
 * stays unmatched; false then: the answer is right but may not be the longest. */
bool lcs_match(const uint32_t *a, size_t n, const uint32_t *b, size_t m, uint64_t budget, int32_t *match);

#endif
