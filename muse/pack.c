#include "muse/pack.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACK_SIZE_MAX ((size_t)1 << 28)

_Static_assert(sizeof(struct pack_head) == PACK_ALIGNMENT, "the head is one unit of alignment");

void quantised_row(const struct quantised *q, int row, float *out)
{
    float scale = q->scale[row];
    for (int column = 0; column < q->columns; column++)
        out[column] = scale * (float)quantised_weight(q, row, column);
}

/* Walks over the sections of a file. */
struct sections {
    const char *file; /* NULL: only counts */
    size_t at;
};

static const void *section(struct sections *s, size_t bytes)
{
    size_t at = s->at;
    s->at += (bytes + PACK_ALIGNMENT - 1) / PACK_ALIGNMENT * PACK_ALIGNMENT;
    return s->file ? s->file + at : NULL;
}

static void section_matrix(struct sections *s, struct quantised *q, int rows, int columns)
{
    *q = (struct quantised){.rows = rows, .columns = columns};
    size_t whole = (size_t)quantised_panels(q) * PANEL;
    q->weights = section(s, whole * (size_t)columns);
    q->scale = section(s, whole * sizeof(float));
}

size_t pack_lay_out(struct pack *p, const char *file)
{
    struct sections s = {file, sizeof(struct pack_head)};
    int d = p->shape.dim, hidden = p->shape.hidden;
    size_t gains = (size_t)d * sizeof(float);
    p->vocab.s = section(&s, p->vocab.len);
    section_matrix(&s, &p->embedding, p->shape.vocab, d);
    for (int i = 0; i < p->shape.layers; i++) {
        struct pack_layer *l = &p->layer[i];
        l->norm1 = section(&s, gains);
        l->norm2 = section(&s, gains);
        section_matrix(&s, &l->qkv, 3 * d, d);
        section_matrix(&s, &l->out, d, d);
        section_matrix(&s, &l->up, hidden, d);
        section_matrix(&s, &l->down, d, hidden);
    }
    p->final_norm = section(&s, gains);
    return s.at;
}

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ sum >> 29;
}

/* Four sums side by side, so that the processor multiplies four times at once: several GB/s. The file is a multiple of 64 bytes long;
 * what stands in the checksum's own place does not count. */
uint64_t pack_checksum(const char *file, size_t size)
{
    uint64_t sum[4] = {1, 2, 3, 4}, words[8];
    for (size_t at = 0; at + sizeof words <= size; at += sizeof words) {
        memcpy(words, file + at, sizeof words);
        if (at == 0)
            words[7] = 0;
        for (int i = 0; i < 8; i++)
            sum[i & 3] = mix(sum[i & 3], words[i]);
    }
    return mix(mix(mix(mix(size, sum[0]), sum[1]), sum[2]), sum[3]);
}

static struct shape shape_of(const struct pack_head *h)
{
    uint32_t sizes[] = {h->vocab, h->dim, h->layers, h->heads, h->hidden, h->context};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        if (sizes[i] > VOCAB_MAX)
            return (struct shape){0};
    return (struct shape){(int)h->vocab, (int)h->dim, (int)h->layers, (int)h->heads, (int)h->hidden, (int)h->context};
}

/* Checks the file at p->map and fills in the rest of the pack. */
static bool take(struct pack *p, const char *name, struct err *e)
{
    struct pack_head h;
    if (p->map_size < sizeof h)
        return err_set(e, ERR_FORMAT, _("The pack %s is cut off: it has only %zu bytes."), name, p->map_size);
    memcpy(&h, p->map, sizeof h);
    if (memcmp(h.magic, PACK_MAGIC, sizeof h.magic) != 0)
        return err_set(e, ERR_FORMAT, _("%s is not a pack of the muse."), name);
    if (h.version != PACK_VERSION)
        return err_set(e, ERR_FORMAT, _("The pack %s was made for another version of renga (its form is %u, this one reads %d)."), name,
                       (unsigned)h.version, (int)PACK_VERSION);
    if (h.size != p->map_size)
        return err_set(e, ERR_FORMAT, _("The pack %s is not whole: it has %zu bytes and should have %llu."), name, p->map_size,
                       (unsigned long long)h.size);
    if (pack_checksum(p->map, p->map_size) != h.checksum)
        return err_set(e, ERR_FORMAT, _("The pack %s is damaged: its checksum does not agree."), name);
    p->shape = shape_of(&h);
    p->language = h.language == PACK_EN ? PACK_EN : PACK_ZH;
    p->vocab.len = h.vocab_bytes;
    bool sound = h.language <= PACK_EN && h.reserved == 0 && shape_valid(&p->shape) && h.vocab_bytes <= PACK_VOCAB_MAX;
    if (!sound || pack_lay_out(p, NULL) != p->map_size)
        return err_set(e, ERR_FORMAT, _("The pack %s cannot be used: its sizes contradict one another."), name);
    pack_lay_out(p, p->map);
    return true;
}

static bool map_file(struct pack *p, int fd, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return err_set(e, ERR_IO, _("%s is not a file."), path);
    if (st.st_size == 0)
        return err_set(e, ERR_FORMAT, _("The pack %s is empty."), path);
    if ((uint64_t)st.st_size > PACK_SIZE_MAX)
        return err_set(e, ERR_FORMAT, _("%s is not a pack of the muse."), path);
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
    p->map = map;
    p->map_size = (size_t)st.st_size;
    p->mapped = true;
    return take(p, path, e);
}

bool pack_open(struct pack *p, const char *path, struct err *e)
{
    *p = (struct pack){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
    bool ok = map_file(p, fd, path, e);
    close(fd);
    if (!ok)
        pack_close(p);
    return ok;
}

/* Memory of our own need not be aligned as the file's sections want it, so it moves where it is. */
bool pack_adopt(struct pack *p, struct str *bytes, const char *name, struct err *e)
{
    *p = (struct pack){.map_size = bytes->len};
    if (posix_memalign(&p->map, PACK_ALIGNMENT, bytes->len + 1) != 0)
        check_fail(__FILE__, __LINE__, "memory");
    memcpy(p->map, bytes->len ? bytes->s : "", bytes->len);
    str_release(bytes);
    bool ok = take(p, name, e);
    if (!ok)
        pack_close(p);
    return ok;
}

void pack_close(struct pack *p)
{
    if (p->map && p->mapped)
        munmap(p->map, p->map_size);
    else
        free(p->map);
    *p = (struct pack){0};
}
