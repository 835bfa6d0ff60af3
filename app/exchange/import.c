#include "app/exchange/incoming.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "storage/llm_logs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WHOLE_MAX ((size_t)64 << 20) /* of a file that is read whole; bundles and logs have no limit */
#define LOOK_AT   4096
#define TICK_LINES 5000

enum kind_of_file { KIND_BUNDLE, KIND_MARKDOWN, KIND_TEXT, KIND_SILLY_TAVERN, KIND_KOBOLD_STORY, KIND_MIKUPAD, KIND_LLM, KIND_OF_FILE_COUNT };

const char *const exchange_kinds[] = {"jsonl", "md", "txt", "sillytavern", "kobold", "mikupad", "llm", NULL};

static const struct {
    const char *what;
    bool (*read)(struct incoming *in, const struct source_file *f);
} kinds[KIND_OF_FILE_COUNT] = {
    [KIND_BUNDLE] = {N_("a bundle of renga"), NULL},
    [KIND_MARKDOWN] = {N_("Markdown"), read_markdown},
    [KIND_TEXT] = {N_("plain text"), read_text},
    [KIND_SILLY_TAVERN] = {N_("a chat of SillyTavern"), read_silly_tavern},
    [KIND_KOBOLD_STORY] = {N_("a story of KoboldAI or KoboldCpp"), read_kobold},
    [KIND_MIKUPAD] = {N_("a session of mikupad"), read_mikupad},
    [KIND_LLM] = {N_("the log of llm"), NULL},
};

/* -- what it is ------------------------------------------------------------------------------------------------------------------------ */

static bool looks_like_bundle(struct span bytes)
{
    struct span first;
    if (!span_line(&bytes, &first))
        return false;
    struct json *root = json_parse(first);
    bool found = span_is(member_text(root, "renga"), "bundle");
    json_free(root);
    return found;
}

static bool not_text(const char *path, struct span bytes, struct err *e)
{
    if (span_starts(bytes, "\xFF\xFE") || span_starts(bytes, "\xFE\xFF"))
        return err_set(e, ERR_FORMAT, _("%s is UTF-16 text; make it UTF-8 first: iconv -f UTF-16 -t UTF-8."), path);
    if (bytes.len && memchr(bytes.s, 0, bytes.len))
        return err_set(e, ERR_FORMAT, _("%s is no text, and no file of a program that renga knows."), path);
    return err_set(e, ERR_FORMAT, _("%s is not UTF-8 text. If it is Chinese from an older program: iconv -f GB18030 -t UTF-8."), path);
}

static bool is_json(struct span bytes)
{
    bytes = span_trim(bytes);
    return bytes.len && (bytes.s[0] == '{' || (bytes.s[0] == '[' && bytes.len > 1 && strchr("{[]\"", bytes.s[1])));
}

static bool recognise_json(const struct source_file *f, enum kind_of_file *kind, struct err *e)
{
    if (looks_like_kobold(f->root))
        *kind = KIND_KOBOLD_STORY;
    else if (looks_like_mikupad(f->root))
        *kind = KIND_MIKUPAD;
    else if (looks_like_silly_tavern(f->bytes))
        *kind = KIND_SILLY_TAVERN;
    else
        return err_set(e, ERR_FORMAT,
                       _("%s is JSON, but no bundle of renga, no chat of SillyTavern, no story of KoboldAI and no session of mikupad. With "
                         "--format txt its text comes in as it is."),
                       f->path);
    return true;
}

/* By what stands in it. A name says no more than which of the two kinds of text it is. */
static bool recognise(const struct source_file *f, enum kind_of_file *kind, struct err *e)
{
    if (!utf8_valid(f->bytes) || (f->bytes.len && memchr(f->bytes.s, 0, f->bytes.len)))
        return not_text(f->path, f->bytes, e);
    if (f->root || looks_like_silly_tavern(f->bytes))
        return recognise_json(f, kind, e);
    if (is_json(f->bytes))
        return err_set(e, ERR_FORMAT, _("%s begins like JSON but is broken or cut off. With --format txt its text comes in as it is."), f->path);
    size_t len = strlen(f->path);
    *kind = len > 4 && !strcmp(f->path + len - 4, ".txt") ? KIND_TEXT : KIND_MARKDOWN;
    return true;
}

static bool kind_named(struct span name, enum kind_of_file *kind)
{
    for (int i = 0; exchange_kinds[i]; i++)
        if (span_is(name, exchange_kinds[i])) {
            *kind = (enum kind_of_file)i;
            return true;
        }
    return false;
}

/* -- reading --------------------------------------------------------------------------------------------------------------------------- */

/* A line and its newline; *end: there is none left. */
static bool next_line(FILE *f, const char *path, struct str *line, bool *end, struct err *e)
{
    char block[65536];
    str_clear(line);
    while (fgets(block, sizeof block, f)) {
        size_t len = strlen(block);
        if (len == 0) /* NUL bytes */
            return err_set(e, ERR_FORMAT, _("%s is no text, and no file of a program that renga knows."), path);
        str_add(line, (struct span){block, len});
        if (block[len - 1] == '\n')
            return true;
        if (line->len > BUNDLE_LINE_MAX)
            return err_set(e, ERR_LIMIT, _("A line of %s is longer than %zu MB. Nothing was taken in."), path, BUNDLE_LINE_MAX >> 20);
    }
    *end = line->len == 0;
    return !ferror(f) || err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
}

static bool read_bundle(struct bundle_import *b, const char *path, const struct exchange_import *what, struct err *e)
{
    int64_t lines = 0;
    FILE *f = fopen(path, "rbe");
    struct str line = {0};
    bool ok = f || err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno)), end = false;
    while (ok && !end) {
        ok = next_line(f, path, &line, &end, e);
        if (ok && !end)
            ok = bundle_import_line(b, str_span(&line), e);
        if (what->tick && ++lines % TICK_LINES == 0)
            what->tick(what->ctx, lines);
    }
    if (f)
        fclose(f);
    str_release(&line);
    return ok;
}

static bool read_whole(struct bundle_import *b, enum kind_of_file kind, const struct source_file *f, struct err *e)
{
    struct incoming in;
    incoming_init(&in, b, exchange_kinds[kind], f->bytes, e);
    bool ok = kinds[kind].read(&in, f) && in.ok;
    incoming_release(&in);
    return ok;
}

static bool read_into(struct bundle_import *b, enum kind_of_file kind, const struct source_file *f, const struct exchange_import *what,
                      struct err *e)
{
    if (kind == KIND_BUNDLE)
        return read_bundle(b, f->path, what, e);
    bundle_import_only_new(b);
    if (kind == KIND_LLM)
        return llm_logs_import(b, f->path, f->project, e);
    return read_whole(b, kind, f, e);
}

static bool take_in(struct store *store, enum kind_of_file kind, const struct source_file *f, struct exchange_import *what, struct err *e)
{
    struct bundle_import *b = NULL;
    struct bundle_result result = {0};
    if (!bundle_import_begin(store, what->skip_broken, &b, e))
        return false;
    bool ok = bundle_import_end(b, read_into(b, kind, f, what, e), &result, e);
    what->pieces = result.pieces;
    what->generations = result.generations;
    what->rows = result.added;
    what->changed = result.changed;
    what->broken = result.broken;
    what->piece = result.piece;
    str_move(&what->complaints, &result.complaints);
    snprintf(what->what, sizeof what->what, "%s", _(kinds[kind].what));
    return ok;
}

/* A file that is neither a bundle nor a database is read whole before the library is touched. */
static bool import_whole(struct store *store, enum kind_of_file kind, bool told, struct source_file *f, struct exchange_import *what,
                         struct err *e)
{
    struct str bytes = {0};
    struct json *root = NULL;
    bool ok = file_read(f->path, &bytes, WHOLE_MAX, e);
    f->bytes = str_span(&bytes);
    if (ok && is_json(f->bytes) && (!told || kind == KIND_KOBOLD_STORY || kind == KIND_MIKUPAD))
        f->root = root = json_parse(f->bytes);
    if (ok && !told)
        ok = recognise(f, &kind, e);
    else if (ok && (!utf8_valid(f->bytes) || (f->bytes.len && memchr(f->bytes.s, 0, f->bytes.len))))
        ok = not_text(f->path, f->bytes, e);
    if (ok && (kind == KIND_KOBOLD_STORY || kind == KIND_MIKUPAD) && !root)
        ok = err_set(e, ERR_FORMAT, _("%s is no whole JSON object."), f->path);
    ok = ok && take_in(store, kind, f, what, e);
    json_free(root);
    str_release(&bytes);
    return ok;
}

static bool look_at(const char *path, struct str *first, struct err *e)
{
    char block[LOOK_AT];
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
    struct stat st;
    if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) { /* it is read twice: to see what it is, and whole */
        fclose(f);
        return err_set(e, ERR_IO, _("%s is not a file."), path);
    }
    size_t len = fread(block, 1, sizeof block, f);
    bool ok = !ferror(f) || err_set(e, ERR_IO, _("%s cannot be read: %s."), path, strerror(errno));
    fclose(f);
    str_add(first, (struct span){block, len});
    return ok;
}

bool exchange_import_file(struct store *store, const char *path, struct exchange_import *what, struct err *e)
{
    struct source_file f = {.path = path, .project = what->project};
    struct str first = {0};
    enum kind_of_file kind = KIND_TEXT;
    bool told = what->kind.len > 0;
    if (told && !kind_named(what->kind, &kind))
        return err_set(e, ERR_USAGE, _("renga reads no format “%.40s”; it reads jsonl, md, txt, sillytavern, kobold, mikupad and llm."),
                       what->kind.s);
    bool ok = look_at(path, &first, e);
    if (ok && !told && sqlite_file(str_span(&first))) {
        kind = KIND_LLM;
        ok = take_in(store, kind, &f, what, e);
    } else if (ok && (told ? kind == KIND_BUNDLE || kind == KIND_LLM : looks_like_bundle(str_span(&first)))) {
        ok = take_in(store, told ? kind : KIND_BUNDLE, &f, what, e);
    } else if (ok) {
        ok = import_whole(store, kind, told, &f, what, e);
    }
    str_release(&first);
    return ok;
}
