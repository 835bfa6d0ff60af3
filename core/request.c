#include "core/request.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

const char *role_name(enum role r)
{
    static const char *const names[] = {"system", "user", "assistant"};
    return names[r];
}

void request_init(struct request *r)
{
    memset(r, 0, sizeof *r);
    dials_default(&r->dials);
    r->stream = true;
}

void request_release(struct request *r)
{
    for (int i = 0; i < r->turn_count; i++)
        str_release(&r->turns[i].text);
    free(r->turns);
    for (int i = 0; i < REQUEST_STOPS_MAX; i++)
        str_release(&r->stops[i]);
    str_release(&r->prompt);
    str_release(&r->system);
    str_release(&r->model);
    memset(r, 0, sizeof *r);
}

void request_copy(struct request *to, const struct request *from)
{
    request_release(to);
    str_set(&to->prompt, str_span(&from->prompt));
    to->asked = from->asked;
    str_set(&to->system, str_span(&from->system));
    str_set(&to->model, str_span(&from->model));
    for (int i = 0; i < from->turn_count; i++)
        request_add_turn(to, from->turns[i].role, str_span(&from->turns[i].text));
    for (int i = 0; i < from->stop_count; i++)
        request_add_stop(to, str_span(&from->stops[i]));
    to->dials = from->dials;
    to->logprobs = from->logprobs;
    to->stream = from->stream;
}

void request_add_turn(struct request *r, enum role role, struct span text)
{
    if (r->turn_count == 0 || r->turns[r->turn_count - 1].role != role) {
        ARRAY_ROOM(r->turns, r->turn_count, r->turn_cap);
        r->turns[r->turn_count++] = (struct turn){.role = role};
    }
    str_add(&r->turns[r->turn_count - 1].text, text);
}

bool request_add_stop(struct request *r, struct span stop)
{
    if (r->stop_count == REQUEST_STOPS_MAX)
        return false;
    str_set(&r->stops[r->stop_count++], stop);
    return true;
}

/* -- from the page ------------------------------------------------------------------------------------------------------------- */

static bool is_blank(struct span text) { return span_trim(text).len == 0; }

/* The page up to `leaf`: as one text into r->prompt and as turns. What the model wrote (edited or not) is its own voice; the rest is the
 * writer's. White space has no voice: it belongs to the turn before it, since some servers refuse a turn of nothing else. */
static void add_page(struct request *r, const struct piece *p, int leaf)
{
    int count = piece_path(p, leaf, NULL, 0);
    int *path = mem_new((size_t)count, sizeof *path);
    piece_path(p, leaf, path, count);
    for (int i = 0; i < count; i++) {
        const struct passage *ps = &p->passages[path[i]];
        struct span text = passage_text(p, path[i]);
        bool model = ps->author == AUTHOR_MODEL || ps->author == AUTHOR_EDIT;
        str_add(&r->prompt, text);
        if (!is_blank(text))
            request_add_turn(r, model ? ROLE_ASSISTANT : ROLE_USER, text);
        else if (r->turn_count)
            str_add(&r->turns[r->turn_count - 1].text, text);
    }
    free(path);
}

/* Turns carry no white space at their ends: some servers refuse it, none needs it. */
static void trim_turns(struct request *r)
{
    for (int i = 0; i < r->turn_count; i++)
        str_set(&r->turns[i].text, span_trim(str_span(&r->turns[i].text)));
}

static void separate(struct str *text)
{
    if (text->len == 0)
        return;
    while (text->len && text->s[text->len - 1] == '\n')
        str_cut(text, text->len - 1);
    str_add_text(text, "\n\n");
}

void request_ask(struct request *r, const struct piece *p, int leaf, struct span prompt, struct str *context)
{
    if (leaf >= 0)
        add_page(r, p, leaf);
    if (is_blank(str_span(&r->prompt)))
        str_clear(&r->prompt);
    if (context)
        str_set(context, str_span(&r->prompt));
    separate(&r->prompt);
    r->asked = r->prompt.len;
    str_add(&r->prompt, prompt);
    trim_turns(r);
    if (r->turn_count && r->turns[r->turn_count - 1].role == ROLE_USER)
        str_add_text(&r->turns[r->turn_count - 1].text, "\n\n");
    request_add_turn(r, ROLE_USER, prompt);
}

void request_continue(struct request *r, const struct piece *p, int leaf, struct str *context)
{
    if (leaf >= 0)
        add_page(r, p, leaf);
    r->asked = r->prompt.len;
    if (context)
        str_set(context, str_span(&r->prompt));
    trim_turns(r);
    if (r->turn_count && r->turns[r->turn_count - 1].role == ROLE_USER)
        str_add_text(&r->turns[r->turn_count - 1].text, "\n\n");
    request_add_turn(r, ROLE_USER,
                     span_of(_("Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing.")));
}

/* -- stop strings ---------------------------------------------------------------------------------------------------------------- */

static void add_json_string(struct str *out, struct span text)
{
    str_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else if (c < 0x20)
            str_printf(out, "\\u%04x", c);
        else
            str_add_byte(out, (char)c);
    }
    str_add_byte(out, '"');
}

void stops_to_json(const struct request *r, struct str *out)
{
    if (r->stop_count == 0)
        return;
    for (int i = 0; i < r->stop_count; i++) {
        str_add_byte(out, i ? ',' : '[');
        add_json_string(out, str_span(&r->stops[i]));
    }
    str_add_byte(out, ']');
}

/* What stands behind a backslash at `at`; leaves `at` on its last character. */
static bool read_json_escape(struct span text, size_t *at, struct str *out)
{
    static const char escapes[] = "\"\\/nrtbf", meanings[] = "\"\\/\n\r\t\b\f";
    const char *known = *at < text.len ? memchr(escapes, text.s[*at], sizeof escapes - 1) : NULL;
    int32_t cp = 0;
    char bytes[4];
    if (known) {
        str_add_byte(out, meanings[known - escapes]);
        return true;
    }
    if (text.len - *at < 5 || text.s[*at] != 'u')
        return false;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF", *digit = memchr(digits, text.s[++*at], 32);
        if (!digit)
            return false;
        cp = cp * 16 + (int32_t)(digit - digits) % 16;
    }
    str_add(out, (struct span){bytes, (size_t)utf8_encode(cp, bytes)});
    return true;
}

/* One string of the array; leaves `rest` behind its closing quote. Characters above U+FFFF are expected as they are. */
static bool read_json_string(struct span *rest, struct str *out)
{
    size_t i = 1;
    if (!span_starts(*rest, "\""))
        return false;
    for (; i < rest->len && rest->s[i] != '"'; i++) {
        if ((unsigned char)rest->s[i] < 0x20)
            return false;
        if (rest->s[i] != '\\')
            str_add_byte(out, rest->s[i]);
        else if (++i >= rest->len || !read_json_escape(*rest, &i, out))
            return false;
    }
    if (i >= rest->len)
        return false;
    *rest = span_cut(*rest, i + 1, rest->len);
    return true;
}

/* Behind '[' up to and with the closing bracket. */
static bool read_json_list(struct request *r, struct span rest)
{
    struct str stop = {0};
    bool ok = true;
    for (rest = span_trim(rest); ok && !(r->stop_count == 0 && span_is(rest, "]"));) {
        str_clear(&stop);
        ok = read_json_string(&rest, &stop) && request_add_stop(r, str_span(&stop));
        rest = span_trim(rest);
        if (!ok || span_is(rest, "]"))
            break;
        ok = span_starts(rest, ",");
        rest = span_trim(span_cut(rest, 1, rest.len));
    }
    str_release(&stop);
    return ok;
}

bool stops_from_json(struct request *r, struct span json, struct err *e)
{
    struct span list = span_trim(json);
    r->stop_count = 0;
    if (list.len == 0 || (span_starts(list, "[") && read_json_list(r, span_cut(list, 1, list.len))))
        return true;
    return err_set(e, ERR_FORMAT, _("The stop strings are not a list of at most %d JSON strings."), REQUEST_STOPS_MAX);
}
