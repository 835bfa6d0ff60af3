#include "app/exchange/formats.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "storage/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES_MAX 120
#define PIECES_AT_ONCE 200

static const struct format formats[EXCHANGE_FORMAT_COUNT] = {
    [EXCHANGE_MARKDOWN] = {"md", N_("Markdown: the page, and where each line comes from"), markdown_page, NULL, markdown_answer, NULL},
    [EXCHANGE_TEXT] = {"txt", N_("plain text: the page alone"), text_page, NULL, text_answer, NULL},
    [EXCHANGE_HTML] = {"html", N_("HTML: a page to show or print"), html_page, html_begin, html_answer, html_end},
    [EXCHANGE_BUNDLE] = {"jsonl", N_("a bundle: everything, for another library"), NULL, NULL, NULL, NULL},
};

const char *exchange_format_name(enum exchange_format f)
{
    return formats[f].name;
}

const char *exchange_format_help(enum exchange_format f)
{
    return _(formats[f].help);
}

bool exchange_format_parse(struct span name, enum exchange_format *f)
{
    for (int i = 0; i < EXCHANGE_FORMAT_COUNT; i++)
        if (span_is(name, formats[i].name)) {
            *f = (enum exchange_format)i;
            return true;
        }
    return false;
}

/* -- one thing -------------------------------------------------------------------------------------------------------------------------- */

static bool append(void *data, struct span bytes, struct err *e)
{
    (void)e;
    str_add(data, bytes);
    return true;
}

struct exchange_sink exchange_into(struct str *out)
{
    return (struct exchange_sink){append, out};
}

static bool bundle(struct store *store, const struct bundle_scope *scope, const struct exchange_sink *out, struct err *e)
{
    return bundle_export(store, scope, out->write, out->data, e);
}

bool exchange_export_piece(struct store *store, int64_t piece, enum exchange_format format, const struct exchange_look *look,
                           const struct exchange_sink *out, struct err *e)
{
    struct exchange_page page;
    struct str text = {0};
    if (format == EXCHANGE_BUNDLE)
        return bundle(store, &(struct bundle_scope){.piece = piece}, out, e);
    bool ok = exchange_page_load(&page, store, piece, !look || !look->without_prompts, e);
    if (ok) {
        formats[format].page(&page, look, &text);
        ok = out->write(out->data, str_span(&text), e);
    }
    exchange_page_release(&page);
    str_release(&text);
    return ok;
}

static void answer_release(struct answer *a)
{
    generation_release(&a->generation);
    for (int i = 0; i < a->count; i++)
        take_release(&a->takes[i]);
    free(a->takes);
    *a = (struct answer){0};
}

bool exchange_export_generations(struct store *store, const int64_t *ids, int count, enum exchange_format format,
                                 const struct exchange_sink *out, struct err *e)
{
    const struct format *f = &formats[format];
    struct str text = {0};
    bool ok = true;
    if (format == EXCHANGE_BUNDLE)
        return count == 0 || bundle(store, &(struct bundle_scope){.generations = ids, .generation_count = count}, out, e);
    if (f->begin)
        f->begin(&text);
    for (int i = 0; ok && i < count; i++) {
        struct answer a = {0};
        ok = store_generation_load(store, ids[i], &a.generation, &a.takes, &a.count, e);
        if (ok)
            f->answer(&a, &text);
        answer_release(&a);
    }
    if (f->end)
        f->end(&text);
    ok = ok && out->write(out->data, str_span(&text), e);
    str_release(&text);
    return ok;
}

bool exchange_export_bundle(struct store *store, int64_t project, const struct exchange_sink *out, struct err *e)
{
    return bundle(store, &(struct bundle_scope){.project = project}, out, e);
}

/* -- files ------------------------------------------------------------------------------------------------------------------------------ */

static bool refused_in_names(int32_t cp)
{
    return cp < 0x20 || cp_between(cp, 0x7F, 0x9F) || (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp)) || cp_between(cp, 0x200B, 0x200F) ||
           cp_between(cp, 0x2028, 0x202E) || cp_between(cp, 0x2066, 0x2069) || cp == 0xFEFF || cp_between(cp, 0xE0000, 0xE007F);
}

void exchange_file_name(struct str *out, struct span title)
{
    size_t start = out->len;
    bool gap = false;
    for (int32_t cp = 0; title.len; cp = 0) {
        int len = utf8_decode(title, &cp);
        struct span one = span_cut(title, 0, (size_t)len);
        title = span_cut(title, (size_t)len, title.len);
        bool dot = cp == '.' && out->len == start;
        if (refused_in_names(cp) || dot || cp == ' ' || cp == 0x3000) {
            gap = true;
            continue;
        }
        if (out->len - start + one.len + 1 > NAME_BYTES_MAX)
            break;
        if (gap && out->len > start)
            str_add_byte(out, ' ');
        gap = false;
        str_add(out, one);
    }
    while (out->len > start && (out->s[out->len - 1] == '.' || out->s[out->len - 1] == ' '))
        str_cut(out, out->len - 1);
    if (out->len == start)
        str_add_text(out, "untitled");
}

static bool to_file(void *data, struct span bytes, struct err *e)
{
    FILE *f = data;
    if (fwrite(bytes.s, 1, bytes.len, f) == bytes.len)
        return true;
    return err_set(e, ERR_IO, _("The export cannot be written: %s."), strerror(errno));
}

/* A file as the writer's own programs make it: readable as the umask says. */
static void open_to_others(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    (void)!fchmod(fd, 0666 & ~mask);
}

static bool fill_and_close(FILE *f, const char *path, bool (*fill)(void *ctx, const struct exchange_sink *out, struct err *e), void *ctx,
                           struct err *e)
{
    bool ok = fill(ctx, &(struct exchange_sink){to_file, f}, e);
    if ((fflush(f) || (fsync(fileno(f)) && errno != EINVAL && errno != EROFS)) && ok)
        ok = err_set(e, ERR_IO, _("%s cannot be written: %s."), path, strerror(errno));
    fclose(f);
    return ok;
}

/* Beside the file first, so that a full disk leaves what was there; a device or pipe is written as it is. */
bool exchange_write_file(const char *path, bool (*fill)(void *ctx, const struct exchange_sink *out, struct err *e), void *ctx, struct err *e)
{
    struct stat st;
    struct str beside = {0};
    bool straight = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
    str_printf(&beside, straight ? "%s" : "%s.XXXXXX", path);
    char *name = str_take(&beside);
    int fd = straight ? open(name, O_WRONLY | O_CLOEXEC) : mkstemp(name);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    bool ok = f != NULL || err_set(e, ERR_IO, _("%s cannot be written: %s."), path, strerror(errno));
    if (f && !straight)
        open_to_others(fd);
    ok = ok && fill_and_close(f, path, fill, ctx, e);
    if (ok && !straight && rename(name, path))
        ok = err_set(e, ERR_IO, _("%s cannot be written: %s."), path, strerror(errno));
    if (!ok && !straight && fd >= 0)
        unlink(name);
    free(name);
    return ok;
}

struct one {
    struct store *store;
    int64_t piece;
    enum exchange_format format;
    const struct exchange_look *look;
};

static bool fill_one(void *ctx, const struct exchange_sink *out, struct err *e)
{
    const struct one *one = ctx;
    return exchange_export_piece(one->store, one->piece, one->format, one->look, out, e);
}

bool exchange_export_file(struct store *store, int64_t piece, enum exchange_format format, const struct exchange_look *look,
                          const char *path, struct err *e)
{
    struct one one = {store, piece, format, look};
    return exchange_write_file(path, fill_one, &one, e);
}

/* -- a folder --------------------------------------------------------------------------------------------------------------------------- */

/* A name that no other piece of this export has: the title, with the piece's number behind it where it was taken. */
static void name_piece(struct str *path, struct str *taken, const struct shelf_piece *p, const char *folder, const char *ending)
{
    struct str name = {0}, line = {0};
    exchange_file_name(&name, str_span(&p->label));
    str_printf(&line, "\n%s\n", str_text(&name));
    if (span_find(str_span(taken), str_span(&line), 0) >= 0)
        str_printf(&name, " %lld", (long long)p->id);
    str_printf(taken, "\n%s\n", str_text(&name));
    str_clear(path);
    str_printf(path, "%s/%s.%s", folder, str_text(&name), ending);
    str_release(&name);
    str_release(&line);
}

bool exchange_export_folder(struct store *store, int64_t project, enum exchange_format format, const struct exchange_look *look,
                            const char *folder, int *count, struct err *e)
{
    struct shelf shelf = {.project = project, .limit = PIECES_AT_ONCE};
    struct str path = {0}, taken = {0};
    bool ok = folder_make(folder, e), more = true;
    *count = 0;
    while (ok && more) {
        struct shelf_piece *pieces = NULL;
        int found = 0;
        ok = store_shelf(store, &shelf, &pieces, &found, e);
        for (int i = 0; ok && i < found; i++) {
            name_piece(&path, &taken, &pieces[i], folder, formats[format].name);
            ok = exchange_export_file(store, pieces[i].id, format, look, str_text(&path), e);
            *count += ok;
            shelf.before = pieces[i].id;
            shelf.before_ms = pieces[i].changed_ms;
        }
        more = found == PIECES_AT_ONCE;
        shelf_free(pieces, found);
    }
    str_release(&path);
    str_release(&taken);
    return ok;
}

/* -- by name ---------------------------------------------------------------------------------------------------------------------------- */

static bool several(struct span name, const int64_t *ids, int shown, int count, struct err *e)
{
    struct str list = {0};
    for (int i = 0; i < shown; i++)
        str_printf(&list, "%s%lld", i ? ", " : "", (long long)ids[i]);
    if (count > shown)
        str_add_text(&list, ", …");
    err_set(e, ERR_USAGE, _("“%.*s” is the title of %d pieces; name one by its number: %s."), name.len < 80 ? (int)name.len : 80, name.s,
            count, str_text(&list));
    str_release(&list);
    return false;
}

bool exchange_find_piece(struct store *store, struct span name, int64_t *piece, struct err *e)
{
    int64_t ids[8] = {0};
    int count = 0;
    *piece = 0;
    if (!store_pieces_titled(store, name, ids, (int)COUNT_OF(ids), &count, e))
        return false;
    if (count > 1)
        return several(name, ids, count < (int)COUNT_OF(ids) ? count : (int)COUNT_OF(ids), count, e);
    if (count == 1)
        *piece = ids[0];
    else if (!span_integer(name, piece) || *piece < 1)
        *piece = 0;
    return true;
}
