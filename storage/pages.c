#include "storage/pages.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define USUAL_SIZE   8192
#define LOG_HEADER   32
#define FRAME_HEADER 24
#define SAMPLE       512         /* pages that are looked at to find out how large they are */
#define COUNT_MAX    (1u << 26)  /* 512 GB of usual pages */

/* -- numbers ------------------------------------------------------------------------------------------------------- */

static uint32_t be16(const uint8_t *b)
{
    return (uint32_t)b[0] << 8 | b[1];
}

static uint32_t be32(const uint8_t *b)
{
    return be16(b) << 16 | be16(b + 2);
}

/* Bytes used, 0 when it does not fit. */
static size_t varint(const uint8_t *b, size_t room, uint64_t *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < room && i < 8; i++) {
        n = n << 7 | (b[i] & 0x7F);
        if (!(b[i] & 0x80)) {
            *out = n;
            return i + 1;
        }
    }
    if (room < 9)
        return 0;
    *out = n << 8 | b[8];
    return 9;
}

static size_t read_at(int fd, uint8_t *to, size_t len, int64_t at)
{
    size_t done = 0;
    while (done < len) {
        ssize_t got = pread(fd, to + done, len - done, (off_t)at + (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}

static int64_t file_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* -- how large a page is ------------------------------------------------------------------------------------------- */

static bool possible_size(uint32_t size)
{
    return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

/* A page whose header and every pointer to a cell make sense. */
static bool sound_page(const uint8_t *page, uint32_t size)
{
    uint32_t cells = be16(page + 3), start = be16(page + 5);
    bool inner = page[0] == PAGE_INDEX_INNER || page[0] == PAGE_TABLE_INNER;
    uint32_t first = (inner ? 12 : 8) + 2 * cells;
    if ((!inner && page[0] != PAGE_INDEX_LEAF && page[0] != PAGE_TABLE_LEAF) || cells == 0 || first > size || start < first)
        return false;
    for (uint32_t i = 0; i < cells; i++) {
        uint32_t at = be16(page + (inner ? 12 : 8) + 2 * i);
        if (at < start || at >= size)
            return false;
    }
    return true;
}

/* How many bytes of a sample of the file are sound when its pages have this size. */
static size_t score(int fd, int64_t length, uint32_t size)
{
    uint8_t *page = mem_new(size, 1);
    int64_t count = length / size, step = count / SAMPLE + 1;
    size_t sound = 0;
    for (int64_t i = 1; i < count; i += step)
        if (read_at(fd, page, size, i * size) == size && sound_page(page, size))
            sound += size;
    free(page);
    return sound;
}

/* What the file says about itself may be damaged, so its pages are asked. */
static uint32_t find_size(int fd, int64_t length)
{
    uint8_t header[100] = {0};
    size_t got = read_at(fd, header, sizeof header, 0);
    uint32_t told = got >= 18 ? be16(header + 16) : 0, best = USUAL_SIZE;
    told = told == 1 ? 65536 : told;
    if (possible_size(told))
        best = told;
    size_t most = score(fd, length, best);
    for (uint32_t size = 512; size <= 65536; size *= 2) {
        size_t sound = score(fd, length, size);
        if (sound > most + most / 8) {
            most = sound;
            best = size;
        }
    }
    return best;
}

/* -- the log ------------------------------------------------------------------------------------------------------- */

struct checksum {
    uint32_t a, b;
    bool big;
};

static void add_checksum(struct checksum *sum, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 8 <= len; i += 8) {
        uint32_t one = 0, two = 0;
        for (size_t j = 0; j < 4; j++) {
            size_t shift = sum->big ? 24 - 8 * j : 8 * j;
            one |= (uint32_t)bytes[i + j] << shift;
            two |= (uint32_t)bytes[i + 4 + j] << shift;
        }
        sum->a += one + sum->b;
        sum->b += two + sum->a;
    }
}

/* Where each page of the log stands, from one commit to the next. */
struct frames {
    uint32_t *numbers;
    int64_t *at;
    int count, cap, at_cap;
};

static void grow(struct pages *p, uint32_t count)
{
    if (count <= p->count || count > COUNT_MAX)
        return;
    p->in_log = mem_grow(p->in_log, (size_t)count + 1, sizeof *p->in_log);
    memset(p->in_log + p->count + 1, 0, (size_t)(count - p->count) * sizeof *p->in_log);
    p->count = count;
}

static void commit_frames(struct pages *p, struct frames *f)
{
    for (int i = 0; i < f->count; i++) {
        grow(p, f->numbers[i]);
        if (f->numbers[i] <= p->count)
            p->in_log[f->numbers[i]] = f->at[i];
    }
    f->count = 0;
}

/* Stops where the log itself is damaged: what it held from there on belongs to no whole commit. */
static void read_frames(struct pages *p, const uint8_t *header, struct checksum sum)
{
    struct frames f = {0};
    uint8_t *frame = mem_new(FRAME_HEADER + (size_t)p->size, 1);
    for (int64_t at = LOG_HEADER; read_at(p->log_fd, frame, FRAME_HEADER + p->size, at) == FRAME_HEADER + p->size;
         at += FRAME_HEADER + p->size) {
        add_checksum(&sum, frame, 8);
        add_checksum(&sum, frame + FRAME_HEADER, p->size);
        if (memcmp(frame + 8, header + 16, 8) != 0 || be32(frame + 16) != sum.a || be32(frame + 20) != sum.b || be32(frame) == 0)
            break;
        ARRAY_ROOM(f.numbers, f.count, f.cap);
        ARRAY_ROOM(f.at, f.count, f.at_cap);
        f.numbers[f.count] = be32(frame);
        f.at[f.count++] = at + FRAME_HEADER;
        if (be32(frame + 4))
            commit_frames(p, &f);
    }
    free(f.numbers);
    free(f.at);
    free(frame);
}

static void read_log(struct pages *p, bool size_known)
{
    uint8_t header[LOG_HEADER];
    if (p->log_fd < 0 || read_at(p->log_fd, header, LOG_HEADER, 0) < LOG_HEADER || (be32(header) | 1) != 0x377F0683)
        return;
    struct checksum sum = {.big = be32(header) & 1};
    add_checksum(&sum, header, 24);
    if (sum.a != be32(header + 24) || sum.b != be32(header + 28) || !possible_size(be32(header + 8)))
        return;
    if (!size_known)
        p->size = be32(header + 8);
    if (p->size == be32(header + 8))
        read_frames(p, header, sum);
}

/* -- pages --------------------------------------------------------------------------------------------------------- */

bool pages_open(struct pages *p, const char *path, struct err *e)
{
    struct str log = {0};
    *p = (struct pages){.fd = open(path, O_RDONLY | O_CLOEXEC), .log_fd = -1};
    if (p->fd < 0)
        return err_set(e, ERR_IO, _("The file %s could not be read: %s."), path, strerror(errno));
    str_printf(&log, "%s-wal", path);
    p->log_fd = open(str_text(&log), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    str_release(&log);
    int64_t length = file_size(p->fd);
    p->size = find_size(p->fd, length);
    int64_t count = (length + p->size - 1) / p->size;
    p->in_log = mem_new(1, sizeof *p->in_log);
    grow(p, count < COUNT_MAX ? (uint32_t)count : COUNT_MAX);
    read_log(p, length > 0);
    return true;
}

void pages_close(struct pages *p)
{
    if (p->fd >= 0)
        close(p->fd);
    if (p->log_fd >= 0)
        close(p->log_fd);
    free(p->in_log);
    *p = (struct pages){.fd = -1, .log_fd = -1};
}

bool pages_read(struct pages *p, uint32_t number, uint8_t *page)
{
    memset(page, 0, p->size);
    if (number == 0 || number > p->count)
        return false;
    int64_t logged = p->in_log[number];
    errno = 0;
    size_t got = logged ? read_at(p->log_fd, page, p->size, logged) : read_at(p->fd, page, p->size, (int64_t)(number - 1) * p->size);
    if (got < p->size && errno)
        p->unread++;
    return got > 0;
}

static size_t head(uint32_t number)
{
    return number == 1 ? 100 : 0;
}

enum page_kind page_kind(const struct pages *p, uint32_t number, const uint8_t *page)
{
    (void)p;
    uint8_t kind = page[head(number)];
    bool known = kind == PAGE_INDEX_INNER || kind == PAGE_TABLE_INNER || kind == PAGE_INDEX_LEAF || kind == PAGE_TABLE_LEAF;
    return known ? (enum page_kind)kind : PAGE_OTHER;
}

static bool is_inner(enum page_kind kind)
{
    return kind == PAGE_INDEX_INNER || kind == PAGE_TABLE_INNER;
}

static size_t pointers(const struct pages *p, uint32_t number, const uint8_t *page)
{
    return head(number) + (is_inner(page_kind(p, number, page)) ? 12 : 8);
}

int page_cells(const struct pages *p, uint32_t number, const uint8_t *page)
{
    size_t room = (p->size - pointers(p, number, page)) / 2, told = be16(page + head(number) + 3);
    return (int)(told < room ? told : room);
}

/* Where cell `i` begins, 0 when that is nowhere. */
static size_t cell_at(const struct pages *p, uint32_t number, const uint8_t *page, int i)
{
    size_t at = be16(page + pointers(p, number, page) + 2 * (size_t)i);
    return at >= pointers(p, number, page) && at + 4 <= p->size ? at : 0;
}

uint32_t page_below(const struct pages *p, uint32_t number, const uint8_t *page, int i)
{
    if (!is_inner(page_kind(p, number, page)))
        return 0;
    size_t at = i < page_cells(p, number, page) ? cell_at(p, number, page, i) : head(number) + 8;
    uint32_t below = at ? be32(page + at) : 0;
    return below <= p->count ? below : 0;
}

/* -- records ------------------------------------------------------------------------------------------------------- */

static bool all_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

/* Follows the chain of pages that holds the rest. A page of zeros, or one that has become something else, breaks it. */
static void add_chain(struct pages *p, uint32_t next, size_t left, struct record *out)
{
    uint8_t *page = mem_new(p->size, 1);
    while (left && next && pages_read(p, next, page)) {
        size_t part = left < p->size - 4 ? left : p->size - 4;
        next = be32(page);
        if (next > p->count || (next != 0) != (left > part) || all_zero(page, p->size))
            break;
        str_add(&out->bytes, (struct span){(const char *)page + 4, part});
        left -= part;
    }
    out->cut = left > 0;
    free(page);
}

/* How much of a payload lies in the page itself. */
static size_t local_part(const struct pages *p, bool table, size_t payload)
{
    size_t usable = p->size, most = table ? usable - 35 : (usable - 12) * 64 / 255 - 23, least = (usable - 12) * 32 / 255 - 23;
    if (payload <= most)
        return payload;
    size_t part = least + (payload - least) % (usable - 4);
    return part <= most ? part : least;
}

static int64_t signed_number(const uint8_t *b, size_t len)
{
    uint64_t n = b[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < len; i++)
        n = n << 8 | b[i];
    return (int64_t)n;
}

static size_t field_size(uint64_t type)
{
    static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    return type < 10 ? sizes[type] : (size_t)(type - 12) / 2;
}

static void read_field(struct field *f, uint64_t type, const uint8_t *b, size_t len, bool whole)
{
    *f = (struct field){.kind = FIELD_NULL};
    if (type >= 12) {
        f->kind = type & 1 ? FIELD_TEXT : FIELD_BLOB;
        f->text = (struct span){(const char *)b, len};
    } else if (whole && type == 7) {
        uint64_t bits = (uint64_t)signed_number(b, 8);
        f->kind = FIELD_REAL;
        memcpy(&f->real, &bits, sizeof f->real);
    } else if (whole && type > 0) {
        f->kind = FIELD_INT;
        f->integer = type >= 8 ? (int64_t)type - 8 : signed_number(b, len);
    }
}

/* The bytes of a record into fields; the values of one that is cut short end where the bytes do. */
static bool read_fields(struct record *r)
{
    const uint8_t *b = (const uint8_t *)r->bytes.s;
    uint64_t header = 0;
    size_t at = varint(b, r->bytes.len, &header), body = (size_t)header;
    if (!at || header > r->bytes.len || header < at)
        return false;
    for (r->count = 0; at < header && r->count < RECORD_FIELDS;) {
        uint64_t type = 0;
        size_t used = varint(b + at, (size_t)header - at, &type);
        if (!used || type == 10 || type == 11 || type > (uint64_t)1 << 32)
            return false;
        size_t size = field_size(type), left = r->bytes.len - body, there = size < left ? size : left;
        if (there < size && !r->cut)
            return false;
        read_field(&r->fields[r->count++], type, b + body, there, there == size);
        at += used;
        body += there;
    }
    return at == header && r->count > 0 && (r->cut || body == r->bytes.len);
}

static bool read_payload(struct pages *p, const uint8_t *page, size_t at, bool table, struct record *out)
{
    uint64_t payload = 0, rowid = 0;
    size_t used = varint(page + at, p->size - at, &payload);
    at += used;
    if (!used || payload == 0 || payload > (uint64_t)p->count * p->size)
        return false;
    if (table) {
        used = varint(page + at, p->size - at, &rowid);
        at += used;
        if (!used)
            return false;
    }
    size_t part = local_part(p, table, (size_t)payload);
    if (part > p->size - at || (part < payload && p->size - at - part < 4))
        return false;
    out->rowid = (int64_t)rowid;
    str_set(&out->bytes, (struct span){(const char *)page + at, part});
    if (part < payload)
        add_chain(p, be32(page + at + part), (size_t)payload - part, out);
    return true;
}

bool page_record(struct pages *p, uint32_t number, const uint8_t *page, int i, struct record *out)
{
    enum page_kind kind = page_kind(p, number, page);
    size_t at = kind == PAGE_OTHER || kind == PAGE_TABLE_INNER || i >= page_cells(p, number, page) ? 0 : cell_at(p, number, page, i);
    out->count = 0;
    out->cut = false;
    if (kind == PAGE_INDEX_INNER && at)
        at += 4; /* the page below */
    return at && read_payload(p, page, at, kind == PAGE_TABLE_LEAF, out) && read_fields(out);
}

void record_release(struct record *r)
{
    str_release(&r->bytes);
    r->count = 0;
}

void pages_mark_free(struct pages *p, uint8_t *marks, uint8_t mark)
{
    uint8_t *page = mem_new(p->size, 1);
    uint32_t next = pages_read(p, 1, page) && memcmp(page, "SQLite format 3", 16) == 0 ? be32(page + 32) : 0;
    for (uint32_t turns = 0; next && next <= p->count && turns < p->count && pages_read(p, next, page); turns++) {
        uint32_t leaves = be32(page + 4), room = p->size / 4 - 2;
        if (marks[next] || leaves > room)
            break;
        marks[next] = mark;
        for (uint32_t i = 0; i < leaves; i++) {
            uint32_t leaf = be32(page + 8 + 4 * i);
            if (leaf > 1 && leaf <= p->count && !marks[leaf])
                marks[leaf] = mark;
        }
        next = be32(page);
    }
    free(page);
}
