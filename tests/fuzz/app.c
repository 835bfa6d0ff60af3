/* Targets of ui, muse, storage and app: keys and pastes, files of the writer's and of other programs. */
#include "targets.h"
#include "app/batch/line.h"
#include "app/commands/keymap.h"
#include "app/config/config.h"
#include "app/exchange/exchange.h"
#include "core/file.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/pack.h"
#include "storage/query.h"
#include "ui/parser.h"
#include "ui/theme.h"

#include <stdlib.h>
#include <string.h>

/* -- the terminal ------------------------------------------------------------------------------ */

static void write_input(struct str *out, const struct input *in)
{
    FUZZ_EXPECT(in->kind != INPUT_TEXT || utf8_valid(in->text));
    if (in->kind == INPUT_TEXT) { /* as many at a time as came together */
        str_add(out, in->text);
        return;
    }
    str_printf(out, "\n%d %d %d %d %d %d %d ", (int)in->kind, (int)in->key.code, in->key.mods, (int)in->mouse.kind,
               in->mouse.button, in->mouse.x, in->mouse.y);
    str_add_quoted(out, in->kind == INPUT_PASTE ? in->text : SPAN(""));
}

static void read_keys(const struct fuzz_target *t, struct span bytes, struct fuzz_cut cut, struct str *out)
{
    struct parser *p = parser_new();
    int64_t now = 1000000;
    struct input in = {0};
    (void)t;
    while (bytes.len) {
        struct span piece = fuzz_piece(&cut, &bytes);
        parser_feed(p, piece, now);
        while (parser_next(p, &in, now))
            write_input(out, &in);
        fuzz_piece_free(piece);
    }
    now += 600000000; /* whatever waits is ripe */
    while (parser_next(p, &in, now))
        write_input(out, &in);
    parser_free(p);
}

void fuzz_keys(const struct fuzz_target *t, struct span input)
{
    if (input.len)
        fuzz_splits(t, span_cut(input, 1, input.len), (uint8_t)input.s[0], read_keys);
}

/* -- files of the writer's --------------------------------------------------------------------- */

static void expect_told(bool ok, const struct err *e)
{
    FUZZ_EXPECT(ok || (e->kind != ERR_NONE && e->text[0]));
}

void fuzz_theme(const struct fuzz_target *t, struct span input)
{
    struct theme theme = {0};
    struct err e = {0};
    (void)t;
    fuzz_file("mine.theme", input);
    expect_told(theme_load(&theme, "mine", fuzz_folder(), &e), &e);
}

void fuzz_keymap(const struct fuzz_target *t, struct span input)
{
    struct keymap k = {0};
    struct err e = {0};
    (void)t;
    keymap_init(&k);
    expect_told(keymap_load(&k, fuzz_file("keys", input), &e), &e);
    keymap_release(&k);
}

void fuzz_config(const struct fuzz_target *t, struct span input)
{
    struct config c = {0};
    struct err e = {0};
    (void)t;
    const char *path = fuzz_file("config", input);
    config_init(&c);
    expect_told(config_load(&c, path, &e), &e);
    FUZZ_EXPECT(c.server_count > 0); /* the muse is always there */
    err_clear(&e);
    expect_told(config_save_setting(path, "theme", "ink", &e), &e);
    config_release(&c);
}

void fuzz_query(const struct fuzz_target *t, struct span input)
{
    struct query q;
    struct err e = {0};
    (void)t;
    expect_told(query_parse(&q, input, &e), &e);
}

void fuzz_batch(const struct fuzz_target *t, struct span input)
{
    struct batch_line line = {0};
    struct err e = {0};
    struct request request;
    (void)t;
    request_init(&request);
    bool ok = batch_line_read(&line, input, &e);
    expect_told(ok, &e);
    if (ok)
        batch_line_apply(&line, &request);
    batch_line_release(&line);
    request_release(&request);
}

/* -- files of others --------------------------------------------------------------------------- */

#define LIBRARY_INPUTS 200 /* that one library takes in, before it begins anew */

/* A library for imports; what one input left in it may meet the next. */
static struct store *library(void)
{
    static struct store *store;
    static int inputs;
    struct err e = {0};
    if (store && ++inputs < LIBRARY_INPUTS)
        return store;
    inputs = 0;
    store_close(store);
    fuzz_folder_empty();
    struct str path = {0};
    str_printf(&path, "%s/renga.db", fuzz_folder());
    if (!store_open(&store, str_text(&path), &e))
        check_fail(__FILE__, __LINE__, e.text);
    str_release(&path);
    return store;
}

void fuzz_import(const struct fuzz_target *t, struct span input)
{
    struct err e = {0};
    struct store *store = library();
    struct exchange_import what = {.kind = span_of(exchange_kinds[t->which]), .skip_broken = input.len % 2};
    expect_told(exchange_import_file(store, fuzz_file("import", input), &what, &e), &e);
    str_release(&what.complaints);
}

/* Any file, of which the program itself says what it is. */
void fuzz_import_any(const struct fuzz_target *t, struct span input)
{
    struct err e = {0};
    struct exchange_import what = {.project = SPAN("")};
    (void)t;
    expect_told(exchange_import_file(library(), fuzz_file("import", input), &what, &e), &e);
    str_release(&what.complaints);
}

void fuzz_search(const struct fuzz_target *t, struct span input)
{
    struct err e = {0};
    struct hit *hits = NULL;
    struct search search = {.query = input};
    int count = 0;
    (void)t;
    bool ok = store_search(library(), &search, &hits, &count, &e);
    expect_told(ok, &e);
    for (int i = 0; i < count; i++)
        hit_release(&hits[i]);
    free(hits);
}

/* The sum of a pack's bytes is set right, so that what the sum guards is read too. */
void fuzz_pack(const struct fuzz_target *t, struct span input)
{
    struct pack pack = {0};
    struct err e = {0};
    struct str bytes = {0};
    struct pack_head head;
    (void)t;
    str_add(&bytes, input);
    if (input.len >= sizeof head && input.s[input.len - 1] % 4) {
        memcpy(&head, bytes.s, sizeof head);
        head.size = bytes.len;
        memcpy(bytes.s, &head, sizeof head);
        head.checksum = pack_checksum(bytes.s, bytes.len);
        memcpy(bytes.s, &head, sizeof head);
    }
    bool ok = pack_adopt(&pack, &bytes, "file", &e);
    expect_told(ok, &e);
    if (ok)
        pack_close(&pack);
    str_release(&bytes);
}
