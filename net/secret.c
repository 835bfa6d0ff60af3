#include "net/secret.h"
#include "core/mem.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE        16384
#define TELLING_MIN 8 /* "none" and "ollama" are no secrets, and ordinary words */
#define PIECE_MIN   12
#define SMALL       3 /* so much of a key may be shown before it is known for one */

struct kept {
    char *origin;
    struct span key;
};

static struct {
    struct kept *keys;
    int count, cap;
    char *page;
    size_t used;
} store;

/* Room that is neither swapped nor written to a core file. Where locking is not allowed the room is used all the same.
 */
static char *locked_room(size_t len)
{
    CHECK(len <= PAGE);
    if (!store.page || store.used + len > PAGE) {
        void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(page != MAP_FAILED);
        (void)mlock(page, PAGE);
#ifdef MADV_DONTDUMP
        (void)madvise(page, PAGE, MADV_DONTDUMP);
#endif
        store.page = page;
        store.used = 0;
    }
    char *room = store.page + store.used;
    store.used += len;
    return room;
}

void secret_wipe(char *text, size_t len)
{
    if (len)
        explicit_bzero(text, len);
}

struct span secret_keep(const char *origin, struct span key)
{
    char *room = locked_room(key.len + 1);
    memcpy(room, key.s, key.len);
    room[key.len] = '\0';
    ARRAY_ROOM(store.keys, store.count, store.cap);
    store.keys[store.count++] = (struct kept){.origin = mem_copy_text(origin), .key = {room, key.len}};
    return store.keys[store.count - 1].key;
}

bool secret_known(const char *origin, struct span *key)
{
    for (int i = 0; i < store.count; i++)
        if (!strcmp(store.keys[i].origin, origin)) {
            *key = store.keys[i].key;
            return true;
        }
    return false;
}

/* The first key in `text` at or after `from`; the longest where two begin at the same place. */
static bool find_key(struct span text, size_t from, size_t *at, size_t *len)
{
    *len = 0;
    for (int i = 0; i < store.count; i++) {
        struct span key = store.keys[i].key;
        ptrdiff_t found = key.len < TELLING_MIN ? -1 : span_find(text, key, from);
        if (found < 0 || (*len && ((size_t)found > *at || ((size_t)found == *at && key.len <= *len))))
            continue;
        *at = (size_t)found;
        *len = key.len;
    }
    return *len > 0;
}

void secret_redact(struct str *text)
{
    size_t at = 0, len = 0;
    while (find_key(str_span(text), at, &at, &len)) {
        secret_wipe(text->s + at, len);
        str_splice(text, at, len, SPAN("[key]"));
    }
}

/* How many bytes at the front of `text` stand so in some key. */
static size_t piece_length(struct span text)
{
    size_t most = 0;
    for (int i = 0; i < store.count; i++)
        for (struct span rest = store.keys[i].key; rest.len > most; rest = span_cut(rest, 1, rest.len)) {
            size_t len = 0;
            while (len < rest.len && len < text.len && rest.s[len] == text.s[len])
                len++;
            most = len > most ? len : most;
        }
    return most;
}

void secret_redact_pieces(struct str *text)
{
    secret_redact(text);
    for (size_t at = 0; at < text->len; at++) {
        size_t len = piece_length(span_cut(str_span(text), at, text->len));
        if (len < PIECE_MIN)
            continue;
        secret_wipe(text->s + at, len);
        str_splice(text, at, len, SPAN("[key]"));
    }
}

/* How many bytes at the end of `text` are the beginning of a key. */
static size_t begun_key(struct span text)
{
    size_t most = 0;
    for (int i = 0; i < store.count; i++) {
        struct span key = store.keys[i].key;
        size_t len = key.len < TELLING_MIN ? 0 : key.len - 1;
        if (len > text.len)
            len = text.len;
        while (len > most && memcmp(text.s + text.len - len, key.s, len) != 0)
            len--;
        if (len > most)
            most = len;
    }
    return most;
}

void secret_filter_release(struct secret_filter *f)
{
    str_release(&f->held);
    f->shown = 0;
}

/* Lets go of the held bytes [from, to) that have not been shown yet. */
static void let_go(struct secret_filter *f, struct str *out, size_t from, size_t to)
{
    if (from < f->shown)
        from = f->shown;
    str_add(out, span_cut(str_span(&f->held), from, to));
}

bool secret_filter_idle(const struct secret_filter *f)
{
    return store.count == 0 && f->held.len == 0;
}

void secret_filter_add(struct secret_filter *f, struct str *out, struct span text, bool last)
{
    size_t from = 0, at = 0, len = 0;
    if (secret_filter_idle(f)) {
        str_add(out, text);
        return;
    }
    str_add(&f->held, text);
    while (find_key(str_span(&f->held), from, &at, &len)) {
        let_go(f, out, from, at);
        str_add_text(out, "[key]");
        from = at + len;
    }
    size_t end = f->held.len, keep = last ? 0 : begun_key(span_cut(str_span(&f->held), from, end));
    bool small = keep <= SMALL;
    let_go(f, out, from, small ? end : end - keep);
    size_t shown = f->shown > end - keep ? f->shown - (end - keep) : 0;
    f->shown = small ? keep : shown;
    str_splice(&f->held, 0, end - keep, SPAN(""));
}
