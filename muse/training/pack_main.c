/* muse-pack FLOATS VOCABULARY OUT [NAMES]: makes a pack of trained weights and their vocabulary. That is a list of lines for Chinese; for
 * English the JSON of a byte-pair vocabulary, with a list of the words that are capitalised within sentences. */
#include "core/file.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/pack_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOCABULARY_MAX = 1 << 20 };

/* The strings of a JSON array of arrays, read with as much of JSON as such a file has. */
struct reader {
    struct span text;
    size_t at;
};

static void pass_blanks(struct reader *r)
{
    while (r->at < r->text.len && strchr(" \t\r\n,:", r->text.s[r->at]))
        r->at++;
}

static bool pass_byte(struct reader *r, char c)
{
    pass_blanks(r);
    if (r->at >= r->text.len || r->text.s[r->at] != c)
        return false;
    r->at++;
    return true;
}

static bool add_escaped(struct reader *r, struct str *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->at >= r->text.len)
        return false;
    char c = r->text.s[r->at++];
    if (c == 'u') {
        unsigned cp = 0;
        char digits[5] = "", utf8[4];
        memcpy(digits, r->text.s + r->at, r->text.len - r->at >= 4 ? 4 : 0);
        if (sscanf(digits, "%4x", &cp) != 1)
            return false;
        r->at += 4;
        str_add(out, (struct span){utf8, (size_t)utf8_encode((int32_t)cp, utf8)});
        return true;
    }
    const char *found = strchr(from, c);
    if (c && found)
        str_add_byte(out, to[found - from]);
    return c && found;
}

static bool take_string(struct reader *r, struct str *out)
{
    str_clear(out);
    if (!pass_byte(r, '"'))
        return false;
    while (r->at < r->text.len && r->text.s[r->at] != '"') {
        char c = r->text.s[r->at++];
        if (c != '\\')
            str_add_byte(out, c);
        else if (!add_escaped(r, out))
            return false;
    }
    return pass_byte(r, '"');
}

/* {"vocab": ["…", …], "merges": [["…", "…"], …]}: the tokens a line each, then of each merge the number of its left part's token and that
 * of its right one, since what they make is the next token anyway. */
struct tokens {
    struct str *text;
    int count, cap;
};

static int token_named(const struct tokens *t, struct span text)
{
    for (int i = 0; i < t->count; i++)
        if (span_equal(str_span(&t->text[i]), text))
            return i;
    return -1;
}

static bool take_tokens(struct reader *r, struct tokens *t, struct str *out)
{
    struct str token = {0};
    if (!take_string(r, &token) || !span_is(str_span(&token), "vocab") || !pass_byte(r, '['))
        return false;
    while (take_string(r, &token)) {
        ARRAY_ROOM(t->text, t->count, t->cap);
        t->text[t->count] = (struct str){0};
        str_set(&t->text[t->count++], str_span(&token));
        str_add(out, str_span(&token));
        str_add_byte(out, '\n');
    }
    str_release(&token);
    return pass_byte(r, ']');
}

static bool take_merges(struct reader *r, const struct tokens *t, struct str *out)
{
    struct str left = {0}, right = {0};
    bool ok = take_string(r, &left) && span_is(str_span(&left), "merges") && pass_byte(r, '[');
    while (ok && pass_byte(r, '[')) {
        ok = take_string(r, &left) && take_string(r, &right) && pass_byte(r, ']');
        int a = token_named(t, str_span(&left)), b = token_named(t, str_span(&right));
        ok = ok && a >= 0 && b >= 0;
        str_add(&left, str_span(&right));
        int made = token_named(t, str_span(&left));
        ok = ok && made >= 0;
        str_printf(out, "%d %d %d\n", a, b, made);
    }
    str_release(&left);
    str_release(&right);
    return ok && pass_byte(r, ']');
}

static bool compact(struct span json, struct str *out)
{
    struct reader r = {json, 0};
    struct tokens t = {0};
    bool ok = pass_byte(&r, '{') && take_tokens(&r, &t, out) && take_merges(&r, &t, out);
    for (int i = 0; i < t.count; i++)
        str_release(&t.text[i]);
    free(t.text);
    return ok;
}

static bool add_names(struct str *vocab, const char *path, struct err *e)
{
    if (!path)
        return true;
    str_add_text(vocab, "names\n");
    return file_read(path, vocab, VOCABULARY_MAX, e);
}

static bool make(char **paths, struct err *e)
{
    struct weights w = {0};
    struct str raw = {0}, vocab = {0}, pack = {0};
    bool ok = weights_read(&w, paths[0], e) && file_read(paths[1], &raw, VOCABULARY_MAX, e);
    bool english = ok && span_starts(span_trim(str_span(&raw)), "{");
    if (english)
        ok = compact(str_span(&raw), &vocab) || err_set(e, ERR_FORMAT, "%s is not a byte-pair vocabulary in JSON.", paths[1]);
    else
        str_move(&vocab, &raw);
    ok = ok && add_names(&vocab, paths[3], e);
    if (ok) {
        pack_write(&pack, english ? PACK_EN : PACK_ZH, &w, str_span(&vocab));
        ok = file_write(paths[2], str_span(&pack), e);
    }
    weights_release(&w);
    str_release(&raw);
    str_release(&vocab);
    str_release(&pack);
    return ok;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    if (argc < 4 || argc > 5) {
        fputs("usage: muse-pack FLOATS VOCABULARY OUT [NAMES]\n", stderr);
        return 2;
    }
    if (make(argv + 1, &e))
        return 0;
    fprintf(stderr, "%s\n", e.text);
    return 1;
}
