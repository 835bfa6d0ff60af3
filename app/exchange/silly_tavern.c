/* SillyTavern keeps a chat as lines of JSON: a head, then a message a line with its text in "mes", its other answers in "swipes" and
 * the one that shows in "swipe_id". */
#include "app/exchange/incoming.h"
#include "core/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SWIPES_MAX 1000

/* -- dates ------------------------------------------------------------------------------------------------------------------------------ */

static int month_named(const char *name)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int i = 0; i < 12; i++)
        if (!strncasecmp(name, months[i], 3))
            return i;
    return -1;
}

/* "2024-01-02T03:04:05.678Z", "2023-10-5 @14h 4m 5s 123ms", "2023-10-05@14h04m05s" */
static bool read_numbers(const char *text, struct tm *t)
{
    int parts[6] = {0}, count = 0;
    for (const char *at = text; *at && count < 6;) {
        if (*at < '0' || *at > '9') {
            at++;
            continue;
        }
        char *end = NULL;
        long n = strtol(at, &end, 10);
        parts[count++] = n > 100000 ? 0 : (int)n;
        at = end;
    }
    *t = (struct tm){.tm_year = parts[0] - 1900, .tm_mon = parts[1] - 1, .tm_mday = parts[2], .tm_hour = parts[3], .tm_min = parts[4],
                     .tm_sec = parts[5]};
    return count >= 5 && parts[0] > 1970 && parts[0] < 10000;
}

/* "June 19, 2023 2:20pm" */
static bool read_words(const char *text, struct tm *t)
{
    char month[16] = "", half[4] = "";
    int day = 0, year = 0, hour = 0, minute = 0;
    int found = sscanf(text, "%15[A-Za-z] %d, %d %d:%d%3[apmAPM]", month, &day, &year, &hour, &minute, half);
    int mon = month_named(month);
    if (found < 5 || mon < 0 || year < 1970 || year > 9999)
        return false;
    if (half[0] == 'p' || half[0] == 'P')
        hour = hour % 12 + 12;
    else if (half[0])
        hour = hour % 12;
    *t = (struct tm){.tm_year = year - 1900, .tm_mon = mon, .tm_mday = day, .tm_hour = hour, .tm_min = minute};
    return true;
}

/* Unix milliseconds; 0: cannot be read. */
static int64_t read_date(const struct json *message)
{
    double ms = 0;
    struct span text;
    struct tm t;
    const struct json *date = json_get(message, "send_date");
    if (json_number(date, &ms))
        return ms > 0 && ms < 4e12 ? (int64_t)ms : 0;
    if (!json_text(date, &text) || text.len > 60)
        return 0;
    char *copy = span_copy(text);
    bool ok = copy[0] >= '0' && copy[0] <= '9' ? read_numbers(copy, &t) : read_words(copy, &t);
    free(copy);
    time_t seconds = ok ? timegm(&t) : 0;
    return seconds > 0 ? (int64_t)seconds * 1000 : 0;
}

/* -- messages --------------------------------------------------------------------------------------------------------------------------- */

static bool is_true(const struct json *object, const char *key)
{
    return json_is_true(json_get(object, key));
}

/* On lines of its own, as a prompt stands on the desk. */
static void add_apart(struct incoming *in, enum author author, struct span text, int64_t at)
{
    struct str apart = {0};
    if (in->leaf.text[0])
        str_add_text(&apart, "\n\n");
    str_add(&apart, text);
    if (author == AUTHOR_PROMPT)
        str_add_text(&apart, "\n\n");
    incoming_passage(in, author, str_span(&apart), NULL, at);
    str_release(&apart);
}

struct chat {
    struct str asked;      /* the last message of the user, "" : none since the last answer */
    bool answered;         /* the last message was an answer */
};

static void add_answers(struct incoming *in, const struct json *message, const struct uid *generation,
                        const struct incoming_generation *g)
{
    const struct json *swipes = json_get(message, "swipes");
    int64_t shown = 0;
    struct span text = member_text(message, "mes"), one;
    int number = 0;
    (void)!json_get_integer(message, "swipe_id", &shown);
    struct uid parent = in->leaf, chosen = {{0}};
    for (const struct json *s = json_is_array(swipes) ? json_first(swipes) : NULL; s && number < SWIPES_MAX; s = json_next(s), number++) {
        if (!json_text(s, &one))
            continue;
        struct uid take = incoming_take(in, generation, number, one, SPAN(""), g);
        in->leaf = parent;
        if (number != shown || !span_equal(one, text)) {
            incoming_sibling(in, AUTHOR_MODEL, one, &take, g->at_ms);
            continue;
        }
        incoming_passage(in, AUTHOR_MODEL, text, &take, g->at_ms);
        chosen = in->leaf;
    }
    in->leaf = chosen.text[0] ? chosen : parent;
    if (!chosen.text[0]) { /* it was changed by hand since, or it has no others */
        struct uid take = incoming_take(in, generation, number, text, SPAN(""), g);
        incoming_passage(in, AUTHOR_MODEL, text, &take, g->at_ms);
    }
}

static void add_answer(struct incoming *in, struct chat *chat, const struct json *message)
{
    const struct json *extra = json_get(message, "extra");
    struct incoming_generation g = {.server = SPAN("SillyTavern"), .at_ms = read_date(message), .total_ms = -1, .prompt_tokens = -1,
                                    .completion_tokens = -1, .prompt = str_span(&chat->asked),
                                    .kind = chat->asked.len ? KIND_ASK : KIND_CONTINUE};
    g.model = member_text(extra, "model");
    if (g.model.len == 0)
        g.model = member_text(message, "name");
    if (chat->answered)
        add_apart(in, AUTHOR_WRITER, SPAN(""), g.at_ms);
    struct uid generation = incoming_generation(in, &g);
    add_answers(in, message, &generation, &g);
    str_clear(&chat->asked);
    chat->answered = true;
}

static bool add_message(struct incoming *in, struct chat *chat, const struct json *message, int number, struct err *e)
{
    struct span text;
    if (!json_get_text(message, "mes", &text))
        return err_set(e, ERR_FORMAT, _("Line %d is no message of a SillyTavern chat. Nothing was taken in."), number);
    if (is_true(message, "is_system")) {
        incoming_sibling(in, AUTHOR_WRITER, text, NULL, read_date(message));
    } else if (is_true(message, "is_user")) {
        add_apart(in, AUTHOR_PROMPT, text, read_date(message));
        str_set(&chat->asked, text);
        chat->answered = false;
    } else {
        add_answer(in, chat, message);
    }
    return in->ok;
}

bool looks_like_silly_tavern(struct span bytes)
{
    struct span first;
    if (!span_line(&bytes, &first))
        return false;
    struct json *head = json_parse(first);
    bool found = json_is_object(head) && ((json_get(head, "user_name") && json_get(head, "character_name")) || json_get(head, "chat_metadata") ||
                                          (json_get(head, "mes") && json_get(head, "is_user")));
    json_free(head);
    return found;
}

/* A file whose head was lost begins with a message. */
static bool read_lines(struct incoming *in, struct chat *chat, struct span bytes, struct str *title, struct err *e)
{
    struct span line;
    bool ok = true;
    for (int number = 1; ok && span_line(&bytes, &line); number++) {
        if (span_trim(line).len == 0)
            continue;
        struct json *root = json_parse(line);
        if (!root)
            ok = err_set(e, ERR_FORMAT, _("Line %d is broken: it is no whole JSON object. Nothing was taken in."), number);
        else if (number == 1 && !json_get(root, "mes"))
            str_set(title, member_text(root, "character_name"));
        else
            ok = add_message(in, chat, root, number, e);
        json_free(root);
    }
    return ok;
}

bool read_silly_tavern(struct incoming *in, const struct source_file *f)
{
    struct chat chat = {0};
    struct str title = {0};
    incoming_piece(in, f->project);
    bool ok = read_lines(in, &chat, f->bytes, &title, in->e);
    if (title.len == 0)
        str_set(&title, base_name(f->path));
    ok = ok && incoming_end(in, str_span(&title), NULL, 0);
    str_release(&chat.asked);
    str_release(&title);
    return ok;
}
