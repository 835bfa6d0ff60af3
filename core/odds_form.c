#include "core/odds.h"

#include "core/i18n.h"
#include "core/utf8.h"

#include <string.h>

#define FORM       "renga odds "
#define VERSION    1
#define LEAST      99999 /* thousandths */

/* -- writing ------------------------------------------------------------------------------------------------------------------------ */

static void write_byte(struct str *out, unsigned char byte)
{
    switch (byte) {
    case '\t':
        str_add_text(out, "\\t");
        break;
    case '\n':
        str_add_text(out, "\\n");
        break;
    case '\r':
        str_add_text(out, "\\r");
        break;
    case '\\':
        str_add_text(out, "\\\\");
        break;
    default:
        str_printf(out, "\\x%02X", byte);
    }
}

/* Most tokens are written as they are. */
static bool is_plain(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.s[i] < 0x20 || text.s[i] == 0x7F || text.s[i] == '\\')
            return false;
    return utf8_valid(text);
}

static void write_token(struct str *out, struct span text)
{
    if (span_is(text, "=")) {
        str_add_text(out, "\\x3D");
        return;
    }
    if (is_plain(text)) {
        str_add(out, text);
        return;
    }
    while (text.len) {
        int32_t cp = -1;
        size_t len = (size_t)utf8_decode(text, &cp);
        if (cp >= 0x20 && cp != 0x7F && cp != '\\') {
            str_add(out, span_cut(text, 0, len));
        } else {
            for (size_t i = 0; i < len; i++)
                write_byte(out, (unsigned char)text.s[i]);
        }
        text = span_cut(text, len, text.len);
    }
}

/* In thousandths below 0, with what follows it. */
static void write_number(struct str *out, double logprob, char end)
{
    char digits[8] = {[7] = end};
    int at = 7, n = (int)(-logprob * 1000 + 0.5);
    n = n < 0 ? 0 : n > LEAST ? LEAST : n;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    str_add(out, (struct span){digits + at, sizeof digits - (size_t)at});
}

void odds_record_write(const struct odds_record *r, struct str *out)
{
    struct span bytes = str_span(&r->bytes);
    str_printf(out, FORM "%d\n", VERSION);
    for (int i = 0; i < r->count; i++) {
        const struct odds_token *t = &r->tokens[i];
        struct span token = span_cut(bytes, t->at, t->at + t->len);
        write_number(out, t->logprob, '\t');
        write_token(out, token);
        for (int k = t->first; k < t->first + t->count; k++) {
            const struct odds_alternative *a = &r->alternatives[k];
            struct span text = span_cut(bytes, a->at, a->at + a->len);
            str_add_byte(out, '\t');
            write_number(out, a->logprob, '\t');
            if (span_equal(text, token))
                str_add_byte(out, '=');
            else
                write_token(out, text);
        }
        str_add_byte(out, '\n');
    }
}

/* -- reading ------------------------------------------------------------------------------------------------------------------------ */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One escape at the start of `text`, behind its backslash; 0: it is none. Returns the bytes used. */
static size_t read_escape(struct str *out, struct span text)
{
    static const char names[] = "tnr\\", bytes[] = "\t\n\r\\";
    for (size_t i = 0; text.len && i < sizeof names - 1; i++)
        if (text.s[0] == names[i]) {
            str_add_byte(out, bytes[i]);
            return 1;
        }
    if (text.len < 3 || text.s[0] != 'x' || hex(text.s[1]) < 0 || hex(text.s[2]) < 0)
        return 0;
    str_add_byte(out, (char)(hex(text.s[1]) * 16 + hex(text.s[2])));
    return 3;
}

static bool read_token(struct str *out, struct span cell)
{
    if (!utf8_valid(cell))
        return false;
    if (!cell.len || !memchr(cell.s, '\\', cell.len)) {
        str_add(out, cell);
        return true;
    }
    for (size_t i = 0; i < cell.len; i++) {
        size_t used = cell.s[i] == '\\' ? read_escape(out, span_cut(cell, i + 1, cell.len)) : 0;
        if (cell.s[i] == '\\' && used == 0)
            return false;
        if (used == 0)
            str_add_byte(out, cell.s[i]);
        i += used;
    }
    return true;
}

static struct span next_cell(struct span *rest, bool *more)
{
    const char *tab = rest->len ? memchr(rest->s, '\t', rest->len) : NULL;
    struct span cell = span_cut(*rest, 0, tab ? (size_t)(tab - rest->s) : rest->len);
    *more = tab != NULL;
    *rest = span_cut(*rest, cell.len + 1, rest->len);
    return cell;
}

static bool read_number(struct span cell, double *logprob)
{
    int n = 0;
    for (size_t i = 0; i < cell.len; i++) {
        if (i == 5 || cell.s[i] < '0' || cell.s[i] > '9')
            return false;
        n = n * 10 + (cell.s[i] - '0');
    }
    *logprob = -(double)n / 1000;
    return cell.len > 0;
}

/* "LOGPROB TAB TOKEN": false when it is none. `more` says that another pair follows. */
static bool read_pair(struct span *rest, double *logprob, struct span *token, bool *more)
{
    struct span number = next_cell(rest, more);
    if (!*more || !read_number(number, logprob))
        return false;
    *token = next_cell(rest, more);
    return true;
}

static bool read_alternatives(struct span rest, struct odds *o, struct span token)
{
    struct span cell;
    for (bool more = true; more; o->count++) {
        if (o->count == ODDS_MAX || !read_pair(&rest, &o->alternative[o->count], &cell, &more))
            return false;
        if (span_is(cell, "="))
            str_set(&o->token[o->count], token);
        else if (str_clear(&o->token[o->count]), !read_token(&o->token[o->count], cell))
            return false;
    }
    return true;
}

static bool read_line(struct odds_record *r, struct span line, struct odds *o, struct str *token)
{
    struct span cell;
    bool more = false;
    o->count = 0;
    str_clear(token);
    if (!read_pair(&line, &o->logprob, &cell, &more) || !read_token(token, cell) ||
        (more && !read_alternatives(line, o, str_span(token))))
        return false;
    odds_record_add(r, str_span(token), o);
    return true;
}

static bool read_head(struct span line, struct err *e)
{
    int64_t version = 0;
    if (!span_starts(line, FORM) || !span_integer(span_cut(line, sizeof FORM - 1, line.len), &version) || version < 1)
        return err_set(e, ERR_FORMAT, "%s", _("These odds are not in a form that renga knows."));
    if (version > VERSION)
        return err_set(e, ERR_LIMIT, "%s", _("These odds were kept by a newer renga; this one cannot read them."));
    return true;
}

bool odds_record_read(struct odds_record *r, struct span form, struct err *e)
{
    struct odds odds = {0};
    struct str token = {0};
    struct span line = SPAN("");
    int number = 1;
    odds_record_release(r);
    span_line(&form, &line);
    bool ok = read_head(line, e);
    while (ok && span_line(&form, &line)) {
        number++;
        if (number > ODDS_TOKENS_MAX + 1)
            ok = err_set(e, ERR_LIMIT, _("These odds tell of more than %d tokens."), ODDS_TOKENS_MAX);
        else if (!read_line(r, line, &odds, &token))
            ok = err_set(e, ERR_FORMAT, _("Line %d of these odds is damaged."), number);
    }
    if (!ok)
        odds_record_release(r);
    for (int i = 0; i < ODDS_MAX; i++)
        str_release(&odds.token[i]);
    str_release(&token);
    return ok;
}
