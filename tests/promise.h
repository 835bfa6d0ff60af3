/* What a test of a promise reports: one line of figures for tests/promises/run, and how large the test is to be. */
#ifndef RENGA_TESTS_PROMISE_H
#define RENGA_TESTS_PROMISE_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* "promise N: WHAT WAS TRIED; COUNT WORD": `word` says what must not happen ("lost", "leaked"), `count` how often it did. */
__attribute__((format(printf, 4, 5))) static inline void promise(int number, const char *word, size_t count, const char *tried, ...)
{
    va_list args;
    printf("promise %d: ", number);
    va_start(args, tried);
    vprintf(tried, args);
    va_end(args);
    printf("; %zu %s\n", count, word);
    fflush(stdout);
}

static inline unsigned long promise_setting(const char *name, unsigned long otherwise)
{
    const char *value = getenv(name);
    unsigned long n = value ? strtoul(value, NULL, 10) : 0;
    return n ? n : otherwise;
}

/* How many tries: as many as a short test makes, or as RENGA_TRIES asks for. */
static inline unsigned long promise_tries(unsigned long few)
{
    return promise_setting("RENGA_TRIES", few);
}

/* Where random choices begin: always the same place, unless RENGA_SEED names another. */
static inline uint64_t promise_seed(void)
{
    return promise_setting("RENGA_SEED", 17);
}

#endif
