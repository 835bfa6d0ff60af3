/* Memory that cannot run out quietly: every allocation succeeds or the program ends in one place. Knows no types. */
#ifndef RENGA_CORE_MEM_H
#define RENGA_CORE_MEM_H

#include <stddef.h>

/* Zeroed memory for `count` things of `size` bytes; overflow and exhaustion end the program through check_fail(). */
void *mem_new(size_t count, size_t size) __attribute__((malloc, warn_unused_result));
/* Resizes `ptr` (may be NULL) to `count` things of `size` bytes; what is new is not zeroed. */
void *mem_grow(void *ptr, size_t count, size_t size) __attribute__((warn_unused_result));
/* A NUL-ended copy of a C string; NULL gives NULL. The caller frees. */
char *mem_copy_text(const char *text) __attribute__((warn_unused_result));

/* Makes room for one more element in a growing array of the usual shape (pointer, count, capacity). */
#define ARRAY_ROOM(ptr, count, cap)                                                                          \
    do {                                                                                                     \
        if ((count) >= (cap)) {                                                                              \
            (cap) = (cap) ? (cap)*2 : 8;                                                                     \
            (ptr) = mem_grow((ptr), (size_t)(cap), sizeof *(ptr));                                           \
        }                                                                                                    \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* An assertion that stays in release builds: our own mistakes, never the world's. Before it aborts it calls the hook
 * that app sets (it restores the terminal), then tells file and line on standard error. */
#define CHECK(cond) ((cond) ? (void)0 : check_fail(__FILE__, __LINE__, #cond))
void check_fail(const char *file, int line, const char *what) __attribute__((noreturn));
extern void (*check_hook)(void);

#endif
