#include "muse/lesson.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "muse/lesson_text.h"

#include <string.h>

#define TOKENS_LEAST 400      /* less than some twenty quatrains says nothing about a writer */
#define TOKENS_MOST  200000   /* a few minutes of learning; more changes little */
#define FOREIGN_SHARE 0.5     /* of the characters: more of them in neither language, and the text is refused */
#define BINARY_SHARE 0.02

/* -- counting ------------------------------------------------------------------------------------------------------------------------------- */

static bool is_han(int32_t cp)
{
    return cp_between(cp, 0x3400, 0x9FFF) || cp_between(cp, 0x20000, 0x3FFFF) || cp_between(cp, 0xF900, 0xFAFF) || cp == 0x3007;
}

static bool is_latin(int32_t cp)
{
    return cp_between(cp, 'a', 'z') || cp_between(cp, 'A', 'Z') || cp_between(cp, 0xC0, 0x24F);
}

/* Marks, spaces and symbols of any script. */
static bool is_mark(int32_t cp)
{
    return cp < '0' || cp_between(cp, ':', '@') || cp_between(cp, '[', '`') || cp_between(cp, '{', 0xBF) || cp_between(cp, 0x2000, 0x2BFF) ||
           cp_between(cp, 0x3000, 0x303F) || cp_between(cp, 0xFE00, 0xFE6F) || cp_between(cp, 0xFF00, 0xFF0F) || cp == 0xFEFF;
}

void intake_count(struct intake *in, struct span text)
{
    int32_t cp = 0;
    in->bytes += (int64_t)text.len;
    for (size_t i = 0; i < text.len;) {
        i += (size_t)utf8_decode(span_cut(text, i, text.len), &cp);
        if (cp < 0 || cp == 0) {
            in->binary++;
        } else if (!is_mark(cp)) {
            in->characters++;
            in->han += is_han(cp);
            in->letters += is_latin(cp);
        }
    }
}

bool intake_language(const struct intake *in, enum pack_language *out, struct err *e)
{
    if (in->bytes == 0 || (in->characters == 0 && in->binary == 0))
        return err_set(e, ERR_FORMAT, "%s", _("There is no text to learn from: what was given is empty."));
    if ((double)in->binary > BINARY_SHARE * (double)in->bytes)
        return err_set(e, ERR_FORMAT, "%s", _("This is no text in UTF-8; give plain text files, such as .txt or .md."));
    /* A Chinese character says as much as several Latin letters. */
    *out = in->han * 3 >= in->letters ? PACK_ZH : PACK_EN;
    if ((double)(in->characters - in->han - in->letters) > FOREIGN_SHARE * (double)in->characters)
        return err_set(e, ERR_FORMAT, "%s", _("The muse writes Chinese and English only; most of this text is in neither."));
    return true;
}

/* -- documents ------------------------------------------------------------------------------------------------------------------------------ */

void document_begin(struct document *d)
{
    d->count = 0;
    document_add(d, TOKEN_BOS);
}

void document_add(struct document *d, int token)
{
    if (token >= 0 && d->count < DOCUMENT_MAX - 1)
        d->tokens[d->count++] = token;
}

void document_end(struct document *d, struct lesson *l, struct intake *in, const struct pack *p)
{
    int body = 0;
    while (body < d->count && d->tokens[body] != TOKEN_SEP)
        body++;
    if (d->count - body < 5)
        return;
    for (int i = body + 1; i < d->count; i++)
        in->unknown += d->tokens[i] == TOKEN_UNK;
    d->tokens[d->count++] = TOKEN_EOS;
    in->documents++;
    in->tokens += d->count;
    corpus_add(&l->own, d->tokens, d->count, p->shape.context);
}

/* -- stanzas -------------------------------------------------------------------------------------------------------------------------------- */

static bool is_blank(struct span line)
{
    return span_trim(line).len == 0;
}

static bool ends_sentence(struct span line)
{
    static const char *const marks[] = {".", ",", ";", ":", "!", "?", "\"", "-", "，", "。", "！", "？", "；", "：", "、", "”", "」"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t len = strlen(marks[i]);
        if (line.len >= len && !memcmp(line.s + line.len - len, marks[i], len))
            return true;
    }
    return false;
}

static bool is_heading(struct span line)
{
    struct span text = span_trim(line);
    return span_starts(text, "#") || span_starts(text, "《") || (utf8_length(text) <= 40 && !ends_sentence(text));
}

struct span heading_text(struct span line)
{
    struct span text = span_trim(line);
    while (span_starts(text, "#"))
        text = span_trim(span_cut(text, 1, text.len));
    if (span_starts(text, "《") && text.len >= 6)
        text = span_cut(text, 3, text.len - (text.len >= 3 && !memcmp(text.s + text.len - 3, "》", 3) ? 3 : 0));
    return text;
}

bool stanza_next(struct span *rest, struct stanza *out)
{
    struct span line;
    const char *end = NULL;
    *out = (struct stanza){.gap = 0};
    while (span_line(rest, &line)) {
        if (is_blank(line)) {
            if (out->lines)
                break;
            out->gap++;
            continue;
        }
        if (!out->lines)
            out->text.s = line.s;
        /* A marked heading stands alone without empty lines around it. */
        if (out->lines && span_starts(span_trim(line), "#")) {
            *rest = (struct span){line.s, (size_t)(rest->s + rest->len - line.s)};
            break;
        }
        end = line.s + line.len;
        out->lines++;
        if (out->lines == 1 && span_starts(span_trim(line), "#"))
            break;
    }
    if (!out->lines)
        return false;
    out->text.len = (size_t)(end - out->text.s);
    out->heading = out->lines == 1 && is_heading(out->text);
    return true;
}

/* -- the lesson ------------------------------------------------------------------------------------------------------------------------------ */

void lesson_add(struct lesson *l, struct intake *in, const struct pack *p, const struct vocab *v, struct span text)
{
    struct str clean = {0};
    if (span_starts(text, "\xEF\xBB\xBF"))
        text = span_cut(text, 3, text.len);
    utf8_add_clean(&clean, text);
    if (p->language == PACK_ZH)
        lesson_add_zh(l, in, p, v, str_span(&clean));
    else
        lesson_add_en(l, in, p, v, str_span(&clean));
    str_release(&clean);
}

bool lesson_add_general(struct lesson *l, const struct pack *p, struct span bytes, struct err *e)
{
    int document[DOCUMENT_MAX], count = 0, number = 0;
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        int token = (unsigned char)bytes.s[i] | (unsigned char)bytes.s[i + 1] << 8;
        if (token >= p->shape.vocab || (i == 0 && token != TOKEN_BOS))
            return err_set(e, ERR_FORMAT, "%s", _("The muse's general pieces do not belong to its pack; install renga again."));
        if (token == TOKEN_BOS && count) {
            corpus_add(number++ % 10 == 9 ? &l->general_kept : &l->general, document, count, p->shape.context);
            count = 0;
        }
        if (count < DOCUMENT_MAX)
            document[count++] = token;
    }
    corpus_add(&l->general, document, count, p->shape.context);
    return l->general.count > 0 || err_set(e, ERR_FORMAT, "%s", _("The muse's general pieces are empty; install renga again."));
}

/* Deals every `every`-th document out: the sixth of each ten is held out, and the last when there are fewer. */
static void deal(struct lesson *l, const struct corpus *all, int every)
{
    int count = (all->count + every - 1) / every;
    for (int i = 0; i < count; i++) {
        int at = i * every, length = all->starts[at + 1] - all->starts[at];
        bool held_out = count < 6 ? i + 1 == count : i % 10 == 5;
        corpus_add(held_out ? &l->own_kept : &l->own, all->tokens + all->starts[at], length, length);
    }
}

bool lesson_close(struct lesson *l, struct intake *in, struct err *e)
{
    struct corpus all = l->own;
    corpus_init(&l->own, 1);
    bool enough = all.token_count >= TOKENS_LEAST, several = all.count > 1;
    if (enough && several)
        deal(l, &all, all.token_count / TOKENS_MOST + 1);
    in->used_tokens = l->own.token_count + l->own_kept.token_count;
    if (!enough)
        err_set(e, ERR_FORMAT, _("This is too little to learn a voice from: %d words and marks. Give at least %d, some twenty short poems."),
                all.token_count, TOKENS_LEAST);
    else if (!several)
        err_set(e, ERR_FORMAT, "%s", _("This is one piece only; a voice is learnt from several. Part them by empty lines."));
    corpus_release(&all);
    return enough && several;
}

/* -- telling -------------------------------------------------------------------------------------------------------------------------------- */

static void tell_time(int64_t work, double tokens_per_second, struct str *out)
{
    int seconds = (int)((double)work / tokens_per_second) + 1;
    if (seconds < 90)
        str_printf(out, _("This takes about %d seconds on one core; it can be stopped and resumed.\n"), seconds);
    else
        str_printf(out, _("This takes about %d minutes on one core; it can be stopped and resumed.\n"), (seconds + 30) / 60);
}

void lesson_tell(const struct lesson *l, const struct intake *in, enum pack_language language, double tokens_per_second, struct str *out)
{
    int used = l->own.count + l->own_kept.count;
    str_printf(out, language == PACK_ZH ? _("Chinese: %d pieces to learn from; %d more are held out and tell when to stop.\n")
                                        : _("English: %d pieces to learn from; %d more are held out and tell when to stop.\n"),
               l->own.count, l->own_kept.count);
    if (used < in->documents)
        str_printf(out, _("The text is long: of its %d pieces %d are used, spread evenly over all of it.\n"), in->documents, used);
    if (in->left_out)
        str_printf(out, _("%d stanzas in another language are left out.\n"), in->left_out);
    if (in->unknown)
        str_printf(out, _("%lld characters are unknown to the muse and are passed over.\n"), (long long)in->unknown);
    tell_time(learner_work(l), tokens_per_second, out);
}
