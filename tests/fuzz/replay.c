/* Reads the corpus of a target again: fuzz_replay TARGET FOLDER [PROMISE]. Without TARGET it names them all. */
#include "fuzz.h"
#include "core/file.h"
#include "core/mem.h"
#include "tests/promise.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX (16u << 20)

static size_t wrong;
static const char *reading = ""; /* the file that is read, for whoever ends the program */

void fuzz_wrong(const char *format, ...)
{
    va_list args;
    wrong++;
    fprintf(stderr, "%s: ", reading);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static void say_where(int signal)
{
    ssize_t done = write(2, reading, strlen(reading));
    done = write(2, " ended the replay\n", 18);
    (void)done;
    raise(signal); /* the handler is gone */
}

static void name_the_culprit(void)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    struct sigaction act = {.sa_handler = say_where, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaction(signals[i], &act, NULL);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool replay(const struct fuzz_target *t, const char *path)
{
    struct str bytes = {0};
    reading = path;
    bool ok = file_read(path, &bytes, INPUT_MAX, NULL);
    alarm(60); /* an input that takes for ever is as bad as one that crashes */
    if (ok)
        t->run(t, str_span(&bytes));
    alarm(0);
    str_release(&bytes);
    return ok;
}

static void report(const struct fuzz_target *t, size_t count, int number)
{
    printf("%s: %zu inputs, %zu wrong\n", t->name, count, wrong);
    if (number)
        promise(number, number == 14 ? "different" : "wrong", wrong, "%s: %zu bodies whole and in %zu splits", t->name, count,
                fuzz_splits_read);
}

static int list(void)
{
    for (size_t i = 0; fuzz_at(i); i++)
        puts(fuzz_at(i)->name);
    return 0;
}

int main(int argc, char **argv)
{
    const struct fuzz_target *t = argc > 2 ? fuzz_find(argv[1]) : NULL;
    struct dirent **entries = NULL;
    int count = t ? scandir(argv[2], &entries, is_input, alphasort) : -1;
    bool ok = count > 0;
    if (argc < 2)
        return list();
    if (!ok)
        fprintf(stderr, "There is nothing to replay for %s.\n", argv[1]);
    fuzz_begin();
    name_the_culprit();
    fuzz_random_splits = (unsigned)promise_tries(14);
    for (int i = 0; i < count; i++) {
        struct str path = {0};
        str_printf(&path, "%s/%s", argv[2], entries[i]->d_name);
        ok = replay(t, str_text(&path)) && ok;
        str_release(&path);
        free(entries[i]);
    }
    free(entries);
    if (ok)
        report(t, (size_t)count, argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0);
    return !ok || wrong;
}
