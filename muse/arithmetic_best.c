#include "core/mem.h"
#include "muse/arithmetic.h"

#include <string.h>

const struct arithmetic *arithmetic_named(const char *name)
{
#ifdef HAVE_KERNELS_X86
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vl");
    if (!strcmp(name, "vnni") && wide && __builtin_cpu_supports("avx512vnni"))
        return &arithmetic_vnni;
    if (!strcmp(name, "avx512") && wide)
        return &arithmetic_avx512;
    if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2"))
        return &arithmetic_avx2;
#endif
    return !strcmp(name, "plain") ? &arithmetic_plain : NULL;
}

const struct arithmetic *arithmetic_best(void)
{
    static const char *const order[] = {"vnni", "avx512", "avx2"};
    for (size_t i = 0; i < COUNT_OF(order); i++)
        if (arithmetic_named(order[i]))
            return arithmetic_named(order[i]);
    return &arithmetic_plain;
}
