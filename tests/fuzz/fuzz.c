#include "fuzz.h"

#include "core/mem.h"

#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

unsigned fuzz_random_splits = 1;
size_t fuzz_splits_read;

void fuzz_begin(void)
{
    CHECK(setlocale(LC_CTYPE, "C.UTF-8"));
}

uint64_t fuzz_random(uint64_t *state)
{
    uint64_t x = *state ? *state : 0x9E3779B97F4A7C15u;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

struct span fuzz_piece(struct fuzz_cut *cut, struct span *rest)
{
    size_t len = cut->random ? fuzz_random(&cut->random) % cut->longest + 1 : cut->longest;
    struct span piece = span_cut(*rest, 0, len);
    *rest = span_cut(*rest, piece.len, rest->len);
    return (struct span){span_copy(piece), piece.len};
}

void fuzz_piece_free(struct span piece)
{
    free((char *)piece.s);
}

/* Short pieces are tried as often as long ones: an end that falls into a word, a line, an event. */
static struct fuzz_cut random_cut(uint64_t *state)
{
    static const size_t longest[] = {3, 7, 40, 300};
    size_t most = longest[fuzz_random(state) % (sizeof longest / sizeof *longest)];
    return (struct fuzz_cut){most, fuzz_random(state)};
}

void fuzz_splits(const struct fuzz_target *t, struct span bytes, uint8_t seed,
                 void (*read)(const struct fuzz_target *t, struct span bytes, struct fuzz_cut cut, struct str *out))
{
    struct str whole = {0}, parts = {0};
    uint64_t state = (uint64_t)seed + 1;
    read(t, bytes, (struct fuzz_cut){bytes.len + 1, 0}, &whole);
    for (unsigned i = 0; i <= fuzz_random_splits; i++) {
        str_clear(&parts);
        read(t, bytes, i ? random_cut(&state) : (struct fuzz_cut){1, 0}, &parts);
        fuzz_splits_read++;
        if (!span_equal(str_span(&whole), str_span(&parts)))
            fuzz_wrong("%s: split %u gives something else\n--- whole\n%s\n--- in parts\n%s", t->name, i, str_text(&whole),
                       str_text(&parts));
    }
    str_release(&whole);
    str_release(&parts);
}

/* -- files ------------------------------------------------------------------------------------- */

static char folder[64];

void fuzz_folder_empty(void)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

static void remove_folder(void)
{
    fuzz_folder_empty();
    rmdir(folder);
}

/* In memory where the system has such a place. */
const char *fuzz_folder(void)
{
    if (folder[0])
        return folder;
    snprintf(folder, sizeof folder, "%s/renga-fuzz-XXXXXX", access("/dev/shm", W_OK) ? P_tmpdir : "/dev/shm");
    CHECK(mkdtemp(folder));
    atexit(remove_folder);
    return folder;
}

const char *fuzz_file(const char *name, struct span bytes)
{
    static struct str path;
    str_clear(&path);
    str_printf(&path, "%s/%s", fuzz_folder(), name);
    FILE *f = fopen(str_text(&path), "w");
    CHECK(f && fwrite(bytes.s, 1, bytes.len, f) == bytes.len && fclose(f) == 0);
    return str_text(&path);
}
