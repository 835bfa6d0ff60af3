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
    str_release(&r->suffix);
    str_release(&r->system);
    str_release(&r->model);
    str_release(&r->grammar);
    memset(r, 0, sizeof *r);
}

void request_copy(struct request *to, const struct request *from)
{
    request_release(to);
    str_set(&to->prompt, str_span(&from->prompt));
    to->asked = from->asked;
    str_set(&to->suffix, str_span(&from->suffix));
    memcpy(to->parts, from->parts, sizeof to->parts);
    to->part_count = from->part_count;
    to->left_out = from->left_out;
    str_set(&to->system, str_span(&from->system));
    str_set(&to->model, str_span(&from->model));
    for (int i = 0; i < from->turn_count; i++)
        request_add_turn(to, from->turns[i].role, str_span(&from->turns[i].text));
    to->question = from->question;
    for (int i = 0; i < from->stop_count; i++)
        request_add_stop(to, str_span(&from->stops[i]));
    to->dials = from->dials;
    to->logprobs = from->logprobs;
    to->stream = from->stream;
    to->room = from->room;
    to->form = from->form;
    str_set(&to->grammar, str_span(&from->grammar));
    to->bare = from->bare;
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

#define ANSWER_TOKENS 256 /* that are kept free when the writer sets no limit */
#define FORM_TOKENS   48  /* of what a server and we write around a text */

static bool is_blank(struct span text) { return span_trim(text).len == 0; }

/* A page that is being turned into a request. */
struct building {
    struct request *request;
    struct str page;         /* its whole text */
    size_t *ends;            /* of its passages, in bytes of it */
    bool *models;            /* whether a passage is the model's voice */
    int count;
    struct context context;
    struct str out;          /* what goes along, as one text */
};

/* What the model wrote (edited or not) is its own voice; the rest is the writer's. */
static void read_page(struct building *b, const struct piece *p, int leaf, size_t upto)
{
    b->count = leaf < 0 ? 0 : piece_path(p, leaf, NULL, 0);
    int *path = mem_new((size_t)b->count + 1, sizeof *path);
    b->ends = mem_new((size_t)b->count + 1, sizeof *b->ends);
    b->models = mem_new((size_t)b->count + 1, sizeof *b->models);
    piece_path(p, leaf, path, b->count);
    for (int i = 0; i < b->count; i++) {
        struct span text = passage_text(p, path[i]);
        enum author author = p->passages[path[i]].author;
        str_add(&b->page, path[i] == leaf ? span_cut(text, 0, upto) : text);
        b->ends[i] = b->page.len;
        b->models[i] = author == AUTHOR_MODEL || author == AUTHOR_EDIT;
    }
    free(path);
}

/* White space has no voice: it belongs to the turn before it, since some servers refuse a turn of nothing else. */
static void add_voice(struct request *r, enum role role, struct span text)
{
    if (!is_blank(text))
        request_add_turn(r, role, text);
    else if (r->turn_count)
        str_add(&r->turns[r->turn_count - 1].text, text);
}

/* Bytes [from, to) of the page, each passage in its voice. */
static void add_turns(struct building *b, size_t from, size_t to)
{
    for (int i = 0; i < b->count; i++) {
        size_t start = i ? b->ends[i - 1] : 0, end = b->ends[i] < to ? b->ends[i] : to;
        if (start < from)
            start = from;
        if (start < end)
            add_voice(b->request, b->models[i] ? ROLE_ASSISTANT : ROLE_USER, span_cut(str_span(&b->page), start, end));
    }
}

static void add_part(struct building *b, enum part_kind kind, struct span text)
{
    struct request *r = b->request;
    if (text.len == 0)
        return;
    r->parts[r->part_count++] = (struct context_part){kind, b->out.len, b->out.len + text.len};
    str_add(&b->out, text);
}

/* What goes before the page: on lines of its own. */
static void add_before(struct building *b, enum part_kind kind, struct span text)
{
    if (text.len == 0)
        return;
    add_part(b, kind, text);
    str_add_text(&b->out, "\n\n");
    request_add_turn(b->request, ROLE_USER, text);
    request_add_turn(b->request, ROLE_USER, SPAN("\n\n"));
}

static void add_note(struct building *b)
{
    if (b->context.note.len == 0)
        return;
    if (b->out.len && b->out.s[b->out.len - 1] != '\n') {
        str_add_byte(&b->out, '\n');
        add_voice(b->request, ROLE_USER, SPAN("\n"));
    }
    add_part(b, CONTEXT_NOTE, b->context.note);
    str_add_byte(&b->out, '\n');
    request_add_turn(b->request, ROLE_USER, b->context.note);
    request_add_turn(b->request, ROLE_USER, SPAN("\n"));
}

int64_t request_answer(const struct request *r)
{
    return r->dials.on[DIAL_MAX_TOKENS] ? (int64_t)r->dials.value[DIAL_MAX_TOKENS] : ANSWER_TOKENS;
}

/* Roles, the model's template and our own words around what is asked stand in the same room; and an estimate may be a little short. Some
 * servers refuse what is one token too long. */
static int64_t slack(int64_t room)
{
    return room ? FORM_TOKENS + room / 32 : 0;
}

int64_t request_taken(const struct request *r, struct span asked)
{
    return request_answer(r) + tokens_of(asked) + tokens_of(str_span(&r->system)) + slack(r->room);
}

/* Everything that stands before what is asked: the same as one text into r->prompt and as turns. A page of white space goes along only when
 * it is to be gone on with. */
static void add_context(struct request *r, const struct piece *p, int leaf, size_t upto, struct span asked, bool blank_counts, struct str *out)
{
    struct building b = {.request = r};
    read_page(&b, p, leaf, upto);
    if (!blank_counts && is_blank(str_span(&b.page))) {
        str_clear(&b.page);
        b.count = 0;
    }
    struct span page = str_span(&b.page);
    context_make(&b.context, &p->notes, page, asked, r->room, request_taken(r, asked), r->bare);
    r->part_count = 0;
    r->left_out = tokens_of(span_cut(page, 0, b.context.page_from));
    add_before(&b, CONTEXT_MEMORY, b.context.memory);
    add_before(&b, CONTEXT_LORE, str_span(&b.context.lore));
    add_part(&b, CONTEXT_PAGE, span_cut(page, b.context.page_from, b.context.note_at));
    add_turns(&b, b.context.page_from, b.context.note_at);
    add_note(&b);
    add_part(&b, CONTEXT_PAGE_END, span_cut(page, b.context.note_at, page.len));
    add_turns(&b, b.context.note_at, page.len);
    str_add(&r->prompt, str_span(&b.out));
    if (out)
        str_set(out, str_span(&b.out));
    context_release(&b.context);
    str_release(&b.page);
    str_release(&b.out);
    free(b.ends);
    free(b.models);
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

/* What is asked of a chat server, below the turns of the page. */
static void add_question(struct request *r, struct span text)
{
    trim_turns(r);
    struct turn *last = r->turn_count ? &r->turns[r->turn_count - 1] : NULL;
    bool joins = last && last->role == ROLE_USER;
    if (joins)
        str_add_text(&last->text, "\n\n");
    r->question = joins ? last->text.len : 0;
    request_add_turn(r, ROLE_USER, text);
}

void request_ask(struct request *r, const struct piece *p, int leaf, struct span prompt, struct str *context)
{
    add_context(r, p, leaf, WHOLE_LEAF, prompt, false, context);
    separate(&r->prompt);
    r->asked = r->prompt.len;
    str_add(&r->prompt, prompt);
    add_question(r, prompt);
}

void request_continue(struct request *r, const struct piece *p, int leaf, struct str *context)
{
    add_context(r, p, leaf, WHOLE_LEAF, SPAN(""), true, context);
    r->asked = r->prompt.len;
    add_question(r, span_of(_("Go on with this text from exactly where it stops. Write only the continuation, and repeat nothing.")));
}

/* -- into the middle ----------------------------------------------------------------------------------------------------------- */

struct span request_fit(const struct request *r, struct span suffix)
{
    size_t end = 0;
    struct span rest = suffix, line = {0};
    int64_t left = r->room / 4;
    if (r->room == 0)
        return suffix;
    while (span_line(&rest, &line) && (left -= tokens_of(line) + 1) >= 0)
        end = suffix.len - rest.len;
    return span_cut(suffix, 0, end);
}

void request_insert(struct request *r, const struct piece *p, int leaf, size_t upto, struct span suffix, struct str *context)
{
    struct str question = {0};
    str_set(&r->suffix, suffix);
    add_context(r, p, leaf, upto, str_span(&r->suffix), true, context);
    r->asked = r->prompt.len;
    str_printf(&question,
               leaf < 0 || upto == 0
                   ? _("Write how this text begins, so that it leads to what follows there already:\n\n“%.*s”\n\nWrite only the beginning, and "
                       "repeat nothing.")
                   : _("Go on with this text from exactly where it stops, so that it leads to what follows there already:\n\n“%.*s”\n\n"
                       "Write only what stands between, and repeat nothing."),
               SPAN_ARG(span_trim(str_span(&r->suffix))));
    add_question(r, str_span(&question));
    str_release(&question);
}

#define MARK_OPEN  "<<<"
#define MARK_CLOSE ">>>"

/* Chat servers are told in one message, completion servers in the layout that most instructed models have seen; where the request is bare the
 * instruction is the prompt. */
void request_rewrite(struct request *r, const struct piece *p, int leaf, size_t upto, const struct rewriting *what, struct str *context)
{
    struct str text = {0}, message = {0}, asked = {0};
    str_printf(&asked, "%.*s%.*s%.*s", SPAN_ARG(what->selection), SPAN_ARG(what->suffix), SPAN_ARG(what->instruction));
    add_context(r, p, leaf, upto, str_span(&asked), true, context);
    str_printf(&text, "%s" MARK_OPEN "%.*s" MARK_CLOSE "%.*s", str_text(&r->prompt), SPAN_ARG(what->selection),
               SPAN_ARG(what->suffix));
    str_printf(&message, _("%s\n\nOf this text, rewrite only what stands between %s and %s. How: %.*s\n\nWrite only the new wording of that part, "
                           "without the marks, and repeat nothing of the rest."),
               str_text(&text), MARK_OPEN, MARK_CLOSE, SPAN_ARG(what->instruction));
    while (r->turn_count)
        str_release(&r->turns[--r->turn_count].text);
    request_add_turn(r, ROLE_USER, str_span(&message));
    if (r->bare) {
        separate(&r->prompt);
        r->asked = r->prompt.len;
        str_add(&r->prompt, what->instruction);
    } else {
        str_clear(&r->prompt);
        str_printf(&r->prompt, _("### Input:\n%s\n\n### Instruction:\nRewrite only what stands between %s and %s: %.*s\n\n### Response:\n"),
                   str_text(&text), MARK_OPEN, MARK_CLOSE, SPAN_ARG(what->instruction));
        r->asked = 0;
    }
    str_release(&text);
    str_release(&message);
    str_release(&asked);
}

/* -- stop strings ---------------------------------------------------------------------------------------------------------------- */

void stops_to_json(const struct request *r, struct str *out)
{
    if (r->stop_count == 0)
        return;
    for (int i = 0; i < r->stop_count; i++) {
        str_add_byte(out, i ? ',' : '[');
        str_add_quoted(out, str_span(&r->stops[i]));
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
