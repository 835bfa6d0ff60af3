#include "ui/parser.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "ui/sequence.h"
#include <stdlib.h>
#include <string.h>

enum {
    STALE_MS = 500,        /* an unfinished sequence will not be finished any more */
    PASTE_STALE_MS = 5000, /* nor will a paste whose end got lost */
    SEQUENCE_MAX = 8192,   /* longer replies are cut off here */
    KEEP_MAX = 1 << 20,    /* memory kept from one paste to the next */
};

/* Ends a bracketed paste. Its first byte comes only once in it: a count of matched bytes finds it across any split. */
static const char paste_end[] = "\x1b[201~";
static const char paste_begin[] = "\x1b[200~"; /* as long as its end */
enum { PASTE_END_LEN = sizeof paste_end - 1 };

struct parser {
    struct str in;       /* bytes read and not yet taken: from `at` on */
    size_t at;
    bool quiet;          /* PARSER_ESC_MS of silence came… */
    size_t ripe;         /* …after this offset of `in`; it counts while ripe >= at */
    int64_t fed_us;      /* when the last bytes came */
    struct str paste;
    bool pasting;
    bool paste_ended;    /* its end was seen: what follows in the same burst belongs to it all the same */
    int paste_matched;   /* bytes of paste_end matched so far */
    bool paste_overflow, paste_cut;
    int button;          /* mouse button last pressed */
    char typed[4];       /* a character that came as a sequence */
};

struct parser *parser_new(void)
{
    struct parser *p = mem_new(1, sizeof *p);
    str_init(&p->paste, PARSER_PASTE_MAX);
    return p;
}

void parser_free(struct parser *p)
{
    if (!p)
        return;
    str_release(&p->in);
    str_release(&p->paste);
    free(p);
}

bool parser_paste_cut(struct parser *p)
{
    bool cut = p->paste_cut;
    p->paste_cut = false;
    return cut;
}

static int64_t silence_ms(const struct parser *p, int64_t now_us) { return (now_us - p->fed_us) / 1000; }

static void note_silence(struct parser *p, int64_t now_us)
{
    if (silence_ms(p, now_us) < PARSER_ESC_MS)
        return;
    p->quiet = true;
    p->ripe = p->in.len;
}

void parser_feed(struct parser *p, struct span bytes, int64_t now_us)
{
    if (bytes.len == 0)
        return;
    note_silence(p, now_us);
    str_add(&p->in, bytes);
    p->fed_us = now_us;
}

static struct span rest_of(const struct parser *p) { return span_cut(str_span(&p->in), p->at, p->in.len); }

/* A character that lacks its last bytes, as against one that is ill-formed. */
static bool is_cut(struct span s)
{
    int32_t cp = -1;
    unsigned char lead = s.len ? (unsigned char)s.s[0] : 0;
    return lead >= 0xC2 && lead < 0xF5 && utf8_decode(s, &cp) == (int)s.len && cp < 0;
}

/* Length of the string (OSC, DCS, APC, PM, SOS) that starts at ESC and its second byte; 0: its end has not come. */
static size_t string_length(struct span s)
{
    for (size_t i = 2; i < s.len; i++) {
        char byte = s.s[i];
        if (byte == 0x07 || byte == 0x18 || byte == 0x1A)
            return i + 1;
        if (byte == 0x1B && i + 1 < s.len)
            return s.s[i + 1] == '\\' ? i + 2 : i; /* any other escape breaks the string off */
    }
    return 0;
}

/* A plain number before '$' is one of rxvt's keys; elsewhere '$' is an intermediate byte of a reply. */
static bool is_final(struct span s, size_t start, size_t i)
{
    if (s.s[i] >= 0x40 && s.s[i] <= 0x7E)
        return true;
    if (s.s[i] != '$' || i == start)
        return false;
    for (size_t k = start; k < i; k++)
        if (s.s[k] < '0' || s.s[k] > '9')
            return false;
    return true;
}

/* Length of the CSI or SS3 whose body begins at `start`; 0: its end has not come. *broken: a control byte came. */
static size_t control_length(struct span s, size_t start, bool *broken)
{
    if (s.len > start && s.s[start] == 'M' && s.s[start - 1] == '[')
        return s.len >= start + 4 ? start + 4 : 0; /* X10 mouse: three bytes of any value */
    size_t i = start;
    if (i < s.len && s.s[i] == '[' && s.s[start - 1] == '[')
        i++; /* the Linux console's function keys */
    for (; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.s[i];
        if (byte < ' ' || byte >= 0x7F) {
            *broken = true;
            return i;
        }
        if (is_final(s, start, i))
            return i + 1;
    }
    return 0;
}

/* What one look at the front of the bytes gives. */
enum look {
    LOOK_WAIT,  /* unfinished */
    LOOK_AGAIN, /* something was swallowed */
    LOOK_INPUT,
};

static enum look take(struct parser *p, size_t len, enum look what)
{
    p->at += len;
    return what;
}

static enum look take_control(struct parser *p, struct span s, size_t start, struct input *out)
{
    bool broken = false, csi = s.s[start - 1] == '[';
    size_t len = control_length(s, start, &broken);
    if (len == 0)
        return LOOK_WAIT;
    if (broken)
        return take(p, len, LOOK_AGAIN);
    struct span body = span_cut(s, start, len);
    enum sequence_kind kind =
        csi ? sequence_csi(body, &p->button, p->typed, out) : sequence_ss3(body, p->typed, out);
    if (kind == SEQUENCE_INPUT && start == 3 && out->kind == INPUT_KEY)
        out->key.mods |= MOD_ALT; /* a second Esc in front */
    if (kind == SEQUENCE_PASTE)
        p->pasting = true;
    return take(p, len, kind == SEQUENCE_INPUT ? LOOK_INPUT : LOOK_AGAIN);
}

static enum look give_key(struct parser *p, size_t len, struct key key, struct input *out)
{
    *out = (struct input){.kind = INPUT_KEY, .key = key};
    return take(p, len, LOOK_INPUT);
}

/* Esc and one character: that character with Alt. */
static enum look take_alt(struct parser *p, struct span s, struct input *out)
{
    struct span character = span_cut(s, 1, s.len);
    unsigned char byte = (unsigned char)character.s[0];
    if (byte < ' ' || byte == 0x7F) {
        struct key key = sequence_control(byte);
        return give_key(p, 2, (struct key){key.code, key.mods | MOD_ALT}, out);
    }
    int32_t cp = -1;
    size_t len = (size_t)utf8_decode(character, &cp);
    if (cp < 0 && is_cut(character))
        return LOOK_WAIT;
    if (cp < 0 || (cp >= 0x80 && cp < 0xA0))
        return take(p, 1 + len, LOOK_AGAIN);
    return give_key(p, 1 + len, (struct key){cp, MOD_ALT}, out);
}

static enum look take_escape(struct parser *p, struct span s, struct input *out)
{
    if (s.len < 2)
        return LOOK_WAIT;
    switch (s.s[1]) {
    case '[':
    case 'O':
        return take_control(p, s, 2, out);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_': {
        size_t len = string_length(s);
        return len ? take(p, len, LOOK_AGAIN) : LOOK_WAIT;
    }
    case 0x1B:
        if (s.len < 3)
            return LOOK_WAIT;
        if (s.s[2] == '[' || s.s[2] == 'O')
            return take_control(p, s, 3, out);
        return give_key(p, 1, (struct key){KEYCODE_ESCAPE, 0}, out);
    default:
        return take_alt(p, s, out);
    }
}

/* All whole characters at the front, given together. */
static enum look take_text(struct parser *p, struct span s, struct input *out)
{
    size_t end = 0;
    while (end < s.len) {
        int32_t cp = -1;
        size_t len = (size_t)utf8_decode(span_cut(s, end, s.len), &cp);
        if (cp < ' ' || (cp >= 0x7F && cp < 0xA0))
            break;
        end += len;
    }
    if (end == 0)
        return LOOK_WAIT;
    *out = (struct input){.kind = INPUT_TEXT, .text = span_cut(s, 0, end)};
    return take(p, end, LOOK_INPUT);
}

static enum look look(struct parser *p, struct span s, struct input *out)
{
    unsigned char byte = (unsigned char)s.s[0];
    if (byte == 0x1B)
        return take_escape(p, s, out);
    if (byte < ' ' || byte == 0x7F)
        return give_key(p, 1, sequence_control(byte), out);
    if (take_text(p, s, out) == LOOK_INPUT)
        return LOOK_INPUT;
    if (is_cut(s))
        return LOOK_WAIT;
    int32_t cp = -1;
    return take(p, (size_t)utf8_decode(s, &cp), LOOK_AGAIN); /* ill-formed, or a C1 control: nobody typed it */
}

/* Silence decides what the sequences could also have been: the Esc key, or Alt with the sign that begins them. */
static bool take_ripe(struct parser *p, struct span s, struct input *out)
{
    static const char openers[] = "\x1b[O]PX^_";
    if (s.len == 0 || s.len > 2 || s.s[0] != 0x1B)
        return false;
    if (s.len == 2 && !memchr(openers, s.s[1], sizeof openers - 1))
        return false;
    if (s.len == 1 || s.s[1] == 0x1B)
        give_key(p, 1, (struct key){KEYCODE_ESCAPE, 0}, out);
    else
        give_key(p, 2, (struct key){s.s[1], MOD_ALT}, out);
    return true;
}

/* Moves bytes into the paste, with an eye on its end. */
static void paste_add(struct parser *p, struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (p->paste_matched == 0 || p->paste_matched == PASTE_END_LEN) {
            const char *escape = memchr(bytes.s + i, 0x1B, bytes.len - i);
            if (escape != bytes.s + i)
                p->paste_matched = 0;
            if (!escape)
                break;
            i = (size_t)(escape - bytes.s);
        }
        if (bytes.s[i] == 0x1B)
            p->paste_matched = 1;
        else
            p->paste_matched = bytes.s[i] == paste_end[p->paste_matched] ? p->paste_matched + 1 : 0;
        if (p->paste_matched == PASTE_END_LEN)
            p->paste_ended = true;
    }
    size_t room = p->paste.max - p->paste.len;
    p->paste_overflow |= bytes.len > room;
    str_add(&p->paste, span_cut(bytes, 0, room));
}

/* CR and CRLF become LF. */
static void newlines_unify(struct str *text)
{
    size_t to = 0;
    for (size_t from = 0; from < text->len; from++) {
        char byte = text->s[from];
        if (byte == '\r' && from + 1 < text->len && text->s[from + 1] == '\n')
            continue;
        text->s[to++] = byte == '\r' ? '\n' : byte;
    }
    str_cut(text, to);
}

static bool is_marker(const char *bytes)
{
    return memcmp(bytes, paste_end, PASTE_END_LEN) == 0 || memcmp(bytes, paste_begin, PASTE_END_LEN) == 0;
}

/* Takes the paste's marks out: its own, those of pastes that came in the same burst, and what becomes one by that. */
static void markers_drop(struct str *text)
{
    size_t to = 0;
    for (size_t from = 0; from < text->len; from++) {
        text->s[to++] = text->s[from];
        if (text->s[from] == '~' && to >= PASTE_END_LEN && is_marker(text->s + to - PASTE_END_LEN))
            to -= PASTE_END_LEN;
    }
    str_cut(text, to);
}

static void paste_finish(struct parser *p, struct input *out)
{
    if (p->paste.len) {
        markers_drop(&p->paste);
        newlines_unify(&p->paste);
    }
    *out = (struct input){.kind = INPUT_PASTE, .text = str_span(&p->paste)};
    p->paste_cut |= p->paste_overflow;
    p->pasting = p->paste_ended = p->paste_overflow = false;
    p->paste_matched = 0;
}

static void paste_take(struct parser *p, size_t end)
{
    paste_add(p, span_cut(str_span(&p->in), p->at, end));
    p->at = end;
}

/* True when the paste is whole: its end was seen and then silence, or nothing more came for very long. */
static bool paste_next(struct parser *p, struct input *out, int64_t now_us)
{
    bool whole = false;
    if (p->quiet && p->ripe >= p->at) {
        paste_take(p, p->ripe);
        whole = p->paste_ended;
    }
    if (!whole) {
        paste_take(p, p->in.len);
        whole = silence_ms(p, now_us) >= PASTE_STALE_MS;
    }
    if (whole)
        paste_finish(p, out);
    return whole;
}

/* Forgets the bytes that were taken and what was lent out by the last call. */
static void tidy(struct parser *p)
{
    if (!p->pasting) {
        if (p->paste.cap > KEEP_MAX)
            str_release(&p->paste);
        else
            str_clear(&p->paste);
    }
    if (p->at == p->in.len || p->at > KEEP_MAX) {
        p->quiet = p->quiet && p->ripe >= p->at;
        p->ripe = p->quiet ? p->ripe - p->at : 0;
        str_splice(&p->in, 0, p->at, (struct span){"", 0});
        p->at = 0;
    }
}

bool parser_next(struct parser *p, struct input *out, int64_t now_us)
{
    tidy(p);
    note_silence(p, now_us);
    for (;;) {
        if (p->pasting)
            return paste_next(p, out, now_us);
        if (p->at == p->in.len)
            return false;
        /* Bytes on both sides of a silence are not one sequence, if those before it can stand alone. */
        if (p->quiet && p->ripe > p->at && take_ripe(p, span_cut(str_span(&p->in), p->at, p->ripe), out))
            return true;
        enum look found = look(p, rest_of(p), out);
        if (found == LOOK_INPUT)
            return true;
        if (found == LOOK_WAIT) {
            if (rest_of(p).len > SEQUENCE_MAX || silence_ms(p, now_us) >= STALE_MS)
                p->at = p->in.len; /* too long or too old: it will not be finished */
            return false;
        }
    }
}

int parser_wait_ms(const struct parser *p, int64_t now_us)
{
    struct span s = rest_of(p);
    int64_t limit = STALE_MS;
    if (p->pasting)
        limit = p->paste_ended ? PARSER_ESC_MS : PASTE_STALE_MS;
    else if (s.len == 0)
        return -1;
    else if (s.len <= 2 && s.s[0] == 0x1B)
        limit = PARSER_ESC_MS;
    int64_t left = limit - silence_ms(p, now_us);
    return left > 0 ? (int)left : 0;
}
