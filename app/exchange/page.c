#include "app/exchange/page.h"
#include "core/mem.h"

#include <stdlib.h>
#include <time.h>

#define LABEL_COLUMNS 60

static void add_stretch(struct exchange_page *pg, size_t len, enum author author, int take)
{
    size_t from = pg->count ? pg->stretches[pg->count - 1].to : 0;
    if (len == 0)
        return;
    if (pg->count && pg->stretches[pg->count - 1].author == author && pg->stretches[pg->count - 1].take == take) {
        pg->stretches[pg->count - 1].to += len;
        return;
    }
    ARRAY_ROOM(pg->stretches, pg->count, pg->cap);
    pg->stretches[pg->count++] = (struct stretch){from, from + len, author, take};
}

/* One "len:author[:take]" of a passage's runs, as far as it can be. */
static bool read_run(struct exchange_page *pg, struct span run, int own_take, size_t *len, enum author *author, int *take)
{
    int64_t numbers[3] = {-1, -1, 0};
    for (int i = 0; i < 3 && run.len; i++) {
        ptrdiff_t colon = span_find(run, SPAN(":"), 0);
        struct span one = span_cut(run, 0, colon < 0 ? run.len : (size_t)colon);
        if (!span_integer(one, &numbers[i]))
            return false;
        run = span_cut(run, one.len + 1, run.len);
    }
    if (numbers[0] < 0 || (uint64_t)numbers[0] > *len || numbers[1] < 0 || numbers[1] >= AUTHOR_COUNT)
        return false;
    *len = (size_t)numbers[0];
    *author = (enum author)numbers[1];
    *take = numbers[2] ? piece_find_take(&pg->piece, numbers[2]) : -1;
    if (*take < 0 && (*author == AUTHOR_MODEL || *author == AUTHOR_EDIT))
        *take = own_take;
    return true;
}

static void add_authors(struct exchange_page *pg, const struct passage *ps, size_t len)
{
    struct span rest = str_span(&ps->runs);
    while (rest.len && len) {
        ptrdiff_t comma = span_find(rest, SPAN(","), 0);
        struct span one = span_cut(rest, 0, comma < 0 ? rest.len : (size_t)comma);
        size_t bytes = len;
        enum author author = ps->author;
        int take = -1;
        if (!read_run(pg, one, ps->take, &bytes, &author, &take))
            break;
        add_stretch(pg, bytes, author, take);
        len -= bytes;
        rest = span_cut(rest, one.len + 1, rest.len);
    }
    add_stretch(pg, len, ps->author, ps->take);
}

/* Where a prompt is left out, an empty line parts what stood around it. */
static void part(struct exchange_page *pg)
{
    while (pg->text.len && !(pg->text.len > 1 && pg->text.s[pg->text.len - 1] == '\n' && pg->text.s[pg->text.len - 2] == '\n')) {
        str_add_byte(&pg->text, '\n');
        pg->stretches[pg->count - 1].to++;
    }
}

static void lay_out(struct exchange_page *pg, bool prompts)
{
    const struct piece *p = &pg->piece;
    int count = piece_path(p, p->leaf, NULL, 0);
    int *path = mem_new((size_t)count + 1, sizeof *path);
    bool left_out = false;
    piece_path(p, p->leaf, path, count);
    for (int i = 0; i < count; i++) {
        const struct passage *ps = &p->passages[path[i]];
        struct span text = passage_text(p, path[i]);
        if (!prompts && ps->author == AUTHOR_PROMPT) {
            left_out = true;
            continue;
        }
        if (left_out && text.len)
            part(pg);
        left_out = left_out && text.len == 0;
        str_add(&pg->text, text);
        add_authors(pg, ps, text.len);
    }
    free(path);
}

bool exchange_page_load(struct exchange_page *pg, struct store *store, int64_t piece, bool prompts, struct err *e)
{
    *pg = (struct exchange_page){0};
    piece_init(&pg->piece);
    if (!store_piece_load(store, piece, &pg->piece, e) || !store_piece_facts(store, piece, &pg->facts, e))
        return false;
    if (pg->piece.title.len)
        str_set(&pg->title, str_span(&pg->piece.title));
    else
        piece_label(&pg->piece, &pg->title, LABEL_COLUMNS);
    lay_out(pg, prompts);
    return true;
}

void exchange_page_release(struct exchange_page *pg)
{
    piece_release(&pg->piece);
    str_release(&pg->title);
    str_release(&pg->text);
    free(pg->stretches);
    *pg = (struct exchange_page){0};
}

const struct generation *exchange_page_generation(const struct exchange_page *pg, const struct stretch *s)
{
    int index = s->take < 0 ? -1 : piece_find_generation(&pg->piece, pg->piece.takes[s->take].generation);
    return index < 0 ? NULL : &pg->piece.generations[index];
}

const char *exchange_author_name(enum author a)
{
    static const char *const names[AUTHOR_COUNT] = {"writer", "model", "edit", "prompt"};
    return names[a];
}

void exchange_add_time(struct str *out, int64_t unix_ms)
{
    char text[32] = "";
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm parts = {0};
    if (gmtime_r(&seconds, &parts))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    str_add_text(out, text);
}
