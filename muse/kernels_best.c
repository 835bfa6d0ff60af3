#include "core/mem.h"
#include "muse/kernels_sets.h"

#include <stdlib.h>
#include <string.h>

struct panels *panels_new(void)
{
    return mem_new(1, sizeof(struct panels));
}

void panels_free(struct panels *p)
{
    free(p);
}

size_t attention_scratch(int count)
{
    return (size_t)(count + 32) * (2 * HEAD_WIDTH + 2);
}

const struct kernels *kernels_named(const char *name)
{
#ifdef HAVE_KERNELS_X86
    if (!strcmp(name, "avx512") && __builtin_cpu_supports("avx512f"))
        return &kernels_avx512;
    if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &kernels_avx2;
#endif
    return !strcmp(name, "plain") ? &kernels_plain : NULL;
}

const struct kernels *kernels_best(void)
{
    static const char *const order[] = {"avx512", "avx2"};
    for (size_t i = 0; i < COUNT_OF(order); i++)
        if (kernels_named(order[i]))
            return kernels_named(order[i]);
    return &kernels_plain;
}
