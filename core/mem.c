#include "core/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void (*check_hook)(void) = NULL;

void check_fail(const char *file, int line, const char *what)
{
    if (check_hook)
        check_hook();
    fprintf(stderr, "renga: %s:%d: this should not have happened: %s\n", file, line, what);
    abort();
}

static void no_memory(size_t count, size_t size)
{
    if (check_hook)
        check_hook();
    fprintf(stderr, "renga: there is no memory left for %zu × %zu bytes.\n", count, size);
    abort();
}

void *mem_new(size_t count, size_t size)
{
    void *ptr = calloc(count ? count : 1, size ? size : 1);
    if (!ptr)
        no_memory(count, size);
    return ptr;
}

void *mem_grow(void *ptr, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        no_memory(count, size);
    void *grown = realloc(ptr, bytes ? bytes : 1);
    if (!grown)
        no_memory(count, size);
    return grown;
}

char *mem_copy_text(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = mem_new(size, 1);
    memcpy(copy, text, size);
    return copy;
}
