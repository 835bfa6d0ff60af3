/* Drives one target by libFuzzer: RENGA_FUZZ names it. The name is in the environment, since libFuzzer starts itself anew to merge
 * a corpus. */
#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;

void fuzz_wrong(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("RENGA_FUZZ");
    (void)argc, (void)argv;
    fuzz_begin();
    target = name ? fuzz_find(name) : NULL;
    if (target)
        return 0;
    fputs("RENGA_FUZZ names one of these targets:\n", stderr);
    for (size_t i = 0; fuzz_at(i); i++)
        fprintf(stderr, "  %s\n", fuzz_at(i)->name);
    exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target->run(target, (struct span){(const char *)data, size});
    return 0;
}
