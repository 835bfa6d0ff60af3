/* Put in front of a program's C library (LD_PRELOAD): from the allocation with the number FAIL_AT on there is no memory; with FAIL_ONCE set only
 * that one fails. Where FAIL_AT is not set the number of allocations is written to the file COUNT_TO. */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static atomic_long calls;
static long fail_at;
static bool once;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAIL_AT");
    once = getenv("FAIL_ONCE") != NULL;
    calls = 0;
    fail_at = at ? strtol(at, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void)
{
    const char *path = fail_at ? NULL : getenv("COUNT_TO");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (!out)
        return;
    fprintf(out, "%ld\n", (long)calls);
    fclose(out);
}

static bool out_of_memory(void)
{
    long call = ++calls;
    bool out = fail_at && (once ? call == fail_at : call >= fail_at);
    if (out)
        errno = ENOMEM;
    return out;
}

void *malloc(size_t size) { return out_of_memory() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return out_of_memory() ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return out_of_memory() ? NULL : __libc_realloc(old, size); }
