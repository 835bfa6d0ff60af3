/* muse-encode: makes a corpus out of texts, for muse-train.
 *
 *   muse-encode PACK OUT <DOCUMENTS
 *
 * PACK lends its vocabulary. Standard input has a document a line: tags, title, keywords and body, parted by tabs; tags and keywords are parted
 * by blanks, title and keywords may be empty, line breaks of the body are written \n, empty lines \n\n. OUT.tok and OUT.off are written as
 * DOCUMENTS.md tells. Lines that are no document are counted and left out. */
#include "core/file.h"
#include "core/utf8.h"
#include "muse/script.h"
#include "muse/vocab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKENS_MAX 65536 /* of one document */

struct encoder {
    struct pack pack;
    struct vocab *vocab;
    struct str tokens, offsets;  /* the files */
    uint32_t count;              /* tokens so far */
    int document[TOKENS_MAX], length;
};

static void add_number(struct str *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        str_add_byte(out, (char)(value >> (8 * i)));
}

static void add_token(struct encoder *en, int token)
{
    if (token >= 0 && en->length < TOKENS_MAX)
        en->document[en->length++] = token;
}

static void add_text(struct encoder *en, struct span text)
{
    struct str turned = {0};
    if (en->pack.language == PACK_ZH)
        script_convert(&turned, text, SCRIPT_TRADITIONAL);
    else
        str_add(&turned, text);
    (void)vocab_encode(en->vocab, str_span(&turned), en->document, &en->length, TOKENS_MAX);
    str_release(&turned);
}

/* A tag of one character is written with the character's token. */
static int tag_token(const struct encoder *en, struct span tag)
{
    int32_t cp = 0;
    bool single = (size_t)utf8_decode(tag, &cp) == tag.len && en->pack.language == PACK_ZH;
    return single ? vocab_find_cp(en->vocab, cp) : vocab_find(en->vocab, tag);
}

/* Takes what stands before the next `byte` off the front. */
static struct span take_until(struct span *rest, char byte)
{
    const char *at = memchr(rest->s, byte, rest->len);
    size_t len = at ? (size_t)(at - rest->s) : rest->len;
    struct span part = span_cut(*rest, 0, len);
    *rest = span_cut(*rest, len + 1, rest->len);
    return part;
}

static void add_body(struct encoder *en, struct span body)
{
    struct str text = {0};
    for (size_t i = 0; i < body.len; i++) {
        bool is_break = body.s[i] == '\\' && i + 1 < body.len && body.s[i + 1] == 'n';
        str_add_byte(&text, is_break ? '\n' : body.s[i]);
        i += is_break;
    }
    add_text(en, str_span(&text));
    str_release(&text);
}

static bool encode(struct encoder *en, struct span line)
{
    struct span tags = take_until(&line, '\t'), title = take_until(&line, '\t'), words = take_until(&line, '\t');
    if (!tags.len || !line.len || !utf8_valid(line))
        return false;
    en->length = 0;
    add_token(en, TOKEN_BOS);
    while (tags.len)
        add_token(en, tag_token(en, take_until(&tags, ' ')));
    if (title.len) {
        add_token(en, vocab_find(en->vocab, SPAN("<t>")));
        add_text(en, title);
    }
    while (words.len) {
        add_token(en, TOKEN_KW);
        add_text(en, take_until(&words, ' '));
    }
    add_token(en, TOKEN_SEP);
    add_body(en, line);
    add_token(en, TOKEN_EOS);
    for (int i = 0; i < en->length; i++)
        add_number(&en->tokens, (uint32_t)en->document[i], 2);
    en->count += (uint32_t)en->length;
    add_number(&en->offsets, en->count, 4);
    return true;
}

static bool write_file(const char *name, const char *ending, const struct str *bytes, struct err *e)
{
    struct str path = {0};
    str_printf(&path, "%s%s", name, ending);
    bool ok = file_write(str_text(&path), str_span(bytes), e);
    str_release(&path);
    return ok;
}

int main(int argc, char **argv)
{
    static struct encoder en;
    struct err err = {0};
    char *line = NULL;
    size_t room = 0;
    long documents = 0, left_out = 0;
    if (argc != 3) {
        fprintf(stderr, "muse-encode PACK OUT <DOCUMENTS\n");
        return 2;
    }
    if (!pack_open(&en.pack, argv[1], &err)) {
        fprintf(stderr, "muse-encode: %s\n", err.text);
        return 1;
    }
    en.vocab = vocab_new(&en.pack);
    add_number(&en.offsets, 0, 4);
    for (ssize_t len = getline(&line, &room, stdin); len > 0; len = getline(&line, &room, stdin)) {
        bool ok = encode(&en, (struct span){line, (size_t)len - (line[len - 1] == '\n')});
        *(ok ? &documents : &left_out) += 1;
    }
    bool ok = write_file(argv[2], ".tok", &en.tokens, &err) && write_file(argv[2], ".off", &en.offsets, &err);
    fprintf(stderr, "%ld documents, %u tokens; %ld lines left out%s%s\n", documents, en.count, left_out, ok ? "" : ": ", ok ? "" : err.text);
    free(line);
    str_release(&en.tokens);
    str_release(&en.offsets);
    vocab_free(en.vocab);
    pack_close(&en.pack);
    return ok ? 0 : 1;
}
