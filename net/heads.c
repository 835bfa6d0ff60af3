#include "net/heads.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define DAY_MS    86400000
#define VALUE_MAX 4096

void heads_init(struct heads *h)
{
    *h = (struct heads){.retry_ms = -1};
    for (int i = 0; i < LIMIT_KINDS; i++)
        h->reset_ms[i] = -1;
    str_init(&h->type, VALUE_MAX);
    str_init(&h->location, VALUE_MAX);
}

void heads_release(struct heads *h)
{
    str_release(&h->type);
    str_release(&h->location);
}

static bool span_is_name(struct span name, const char *text)
{
    return name.len == strlen(text) && !strncasecmp(name.s, text, name.len);
}

/* "Wed, 21 Oct 2026 07:28:00 GMT" → Unix seconds. Read by hand: strptime() would want the names of the writer's
 * language. */
static bool read_date(const char *text, int64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "";
    struct tm tm = {0};
    if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d", &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour, &tm.tm_min,
               &tm.tm_sec) != 6)
        return false;
    const char *found = strstr(months, month);
    if (!found || strlen(month) != 3 || tm.tm_year < 1970)
        return false;
    tm.tm_mon = (int)(found - months) / 3;
    tm.tm_year -= 1900;
    *seconds = timegm(&tm);
    return true;
}

/* "2", "1.5" → milliseconds. */
static bool read_seconds(struct span value, int64_t *ms)
{
    double seconds = 0;
    if (!span_number(value, &seconds) || seconds < 0)
        return false;
    *ms = seconds > DAY_MS / 1000 ? DAY_MS : (int64_t)(seconds * 1000);
    return true;
}

bool heads_duration(struct span value, int64_t *ms)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", DAY_MS}};
    double total = 0;
    if (read_seconds(value, ms))
        return true;
    while (value.len) {
        double number = 0;
        size_t digits = 0, i = 0;
        while (digits < value.len && strchr("0123456789.", value.s[digits]) && value.s[digits])
            digits++;
        struct span rest = span_cut(value, digits, value.len);
        while (i < 5 && !span_starts(rest, units[i].unit))
            i++;
        if (i == 5 || !span_number(span_cut(value, 0, digits), &number))
            return false;
        total += number * units[i].ms;
        value = span_cut(rest, strlen(units[i].unit), rest.len);
    }
    *ms = total > DAY_MS ? DAY_MS : (int64_t)total;
    return true;
}

static void read_retry(struct heads *h, struct span value, int64_t now_ms)
{
    char text[64];
    int64_t at = 0;
    if (read_seconds(value, &h->retry_ms))
        return;
    snprintf(text, sizeof text, "%.*s", value.len < sizeof text ? (int)value.len : 0, value.s);
    if (read_date(text, &at))
        h->retry_ms = at * 1000 > now_ms ? at * 1000 - now_ms : 0;
}

/* "2026-10-21T07:28:00Z" → Unix seconds. */
static bool read_moment(struct span value, int64_t *seconds)
{
    char text[32];
    struct tm tm = {0};
    snprintf(text, sizeof text, "%.*s", value.len < sizeof text ? (int)value.len : 0, value.s);
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 ||
        tm.tm_year < 1970)
        return false;
    tm.tm_mon--;
    tm.tm_year -= 1900;
    *seconds = timegm(&tm);
    return true;
}

/* When a limit is lifted: a duration, a moment, or Unix time in seconds or milliseconds. */
static void read_reset(int64_t *ms, struct span value, int64_t now_ms)
{
    int64_t number = 0, at_ms = 0;
    if (read_moment(value, &number))
        at_ms = number * 1000;
    else if (span_integer(value, &number) && number > 1000000000)
        at_ms = number > 100000000000 ? number : number * 1000;
    else
        heads_duration(value, ms);
    if (at_ms)
        *ms = at_ms <= now_ms ? 0 : at_ms - now_ms < DAY_MS ? at_ms - now_ms : DAY_MS;
}

static bool cut_front(struct span *text, const char *front)
{
    size_t len = strlen(front);
    bool has = text->len >= len && !strncasecmp(text->s, front, len);
    *text = has ? span_cut(*text, len, text->len) : *text;
    return has;
}

static bool cut_back(struct span *text, const char *back)
{
    size_t len = strlen(back);
    bool has = text->len >= len && !strncasecmp(text->s + text->len - len, back, len);
    text->len -= has ? len : 0;
    return has;
}

/* x-ratelimit-reset-tokens, anthropic-ratelimit-tokens-reset, x-ratelimit-reset; the same with "remaining". */
static void take_limit(struct heads *h, struct span name, struct span value, int64_t now_ms)
{
    static const char *const kinds[LIMIT_KINDS] = {"", "requests", "tokens", "input-tokens", "output-tokens"};
    if (!cut_front(&name, "x-ratelimit-") && !cut_front(&name, "anthropic-ratelimit-"))
        return;
    bool reset = cut_front(&name, "reset-") || cut_back(&name, "-reset") || cut_front(&name, "reset");
    bool remaining = !reset && (cut_front(&name, "remaining-") || cut_back(&name, "-remaining") || cut_front(&name, "remaining"));
    for (int i = 0; i < LIMIT_KINDS; i++) {
        if (reset && span_is_name(name, kinds[i]))
            read_reset(&h->reset_ms[i], value, now_ms);
        if (remaining && span_is_name(name, kinds[i]))
            h->spent[i] = span_is(value, "0");
    }
}

static void keep(struct str *to, struct span value)
{
    str_clear(to);
    if (!str_try_add(to, value))
        str_clear(to);
}

static void begin(struct heads *h, struct span line)
{
    int64_t status = 0;
    size_t bytes = h->bytes;
    const char *space = memchr(line.s, ' ', line.len);
    struct span rest = span_cut(line, space ? (size_t)(space - line.s) + 1 : line.len, line.len);
    heads_release(h);
    heads_init(h);
    h->bytes = bytes;
    if (span_integer(span_cut(rest, 0, 3), &status))
        h->status = (int)status;
}

bool heads_line(struct heads *h, struct span line, int64_t now_ms)
{
    h->bytes += line.len;
    if (h->bytes > HEADS_MAX)
        return false;
    if (span_starts(line, "HTTP/")) {
        begin(h, line);
        return true;
    }
    const char *colon = memchr(line.s, ':', line.len);
    if (!colon)
        return true;
    struct span name = span_cut(line, 0, (size_t)(colon - line.s));
    struct span value = span_trim(span_cut(line, name.len + 1, line.len));
    double ms = 0;
    if (span_is_name(name, "content-type"))
        keep(&h->type, value);
    else if (span_is_name(name, "location"))
        keep(&h->location, value);
    else if (span_is_name(name, "retry-after-ms") && span_number(value, &ms) && ms >= 0)
        h->retry_ms = ms > DAY_MS ? DAY_MS : (int64_t)ms;
    else if (span_is_name(name, "retry-after") && h->retry_ms < 0)
        read_retry(h, value, now_ms);
    else
        take_limit(h, name, value, now_ms);
    return true;
}

int heads_wait_ms(const struct heads *h)
{
    int64_t ms = h->retry_ms;
    for (int i = 0; i < LIMIT_KINDS; i++)
        if (h->retry_ms < 0 && h->spent[i] && h->reset_ms[i] > ms)
            ms = h->reset_ms[i];
    return ms < 0 ? 0 : ms > DAY_MS ? DAY_MS : (int)ms;
}
