/* Text and Markdown from anywhere. The front matter that renga wrote itself tells who wrote which bytes; that of others gives the title, and
 * stays as a passage in the trash. */
#include "app/exchange/incoming.h"
#include "app/exchange/page.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

/* One passage of the page: [from, to) of the body. */
struct part {
    size_t from, to;
    enum author author;
};

struct front {
    struct span whole, body;   /* whole: with its two rules; "" : there is none */
    struct str title, project;
    bool ours;
    struct part *parts;
    int count, cap;
};

/* -- front matter ------------------------------------------------------------------------------------------------------------------- */

/* The rest of a line "name: value"; false when it is another. */
static bool has_name(struct span line, const char *name, struct span *value)
{
    if (!span_starts(line, name) || line.len <= strlen(name) || line.s[strlen(name)] != ':')
        return false;
    *value = span_trim(span_cut(line, strlen(name) + 1, line.len));
    return true;
}

/* In quotes it is read as JSON, which ours is; 'single' quotes fall off. */
static void set_scalar(struct str *out, struct span value)
{
    struct span text;
    struct json *root = value.len && value.s[0] == '"' ? json_parse(value) : NULL;
    if (json_text(root, &text))
        str_set(out, text);
    else if (value.len > 1 && (value.s[0] == '\'' || value.s[0] == '"') && value.s[value.len - 1] == value.s[0])
        str_set(out, span_cut(value, 1, value.len - 1));
    else
        str_set(out, value);
    json_free(root);
}

static bool read_range(struct span value, size_t *from, size_t *to)
{
    ptrdiff_t dash = span_find(value, SPAN("-"), 0);
    int64_t a = 0, b = 0;
    if (dash < 0 || !span_integer(span_cut(value, 0, (size_t)dash), &a) || !span_integer(span_cut(value, (size_t)dash + 1, value.len), &b))
        return false;
    *from = (size_t)a;
    *to = (size_t)b;
    return a >= 0 && b >= a;
}

static void read_part(struct front *f, struct span line)
{
    struct span value;
    size_t from = 0, to = 0;
    if (has_name(line, "  - bytes", &value) && read_range(value, &from, &to)) {
        ARRAY_ROOM(f->parts, f->count, f->cap);
        f->parts[f->count++] = (struct part){from, to, AUTHOR_WRITER};
    }
    if (f->count && has_name(line, "    author", &value))
        for (int i = 0; i < AUTHOR_COUNT; i++)
            if (span_is(value, exchange_author_name((enum author)i)))
                f->parts[f->count - 1].author = (enum author)i;
}

static void read_line(struct front *f, struct span line)
{
    struct span value;
    if (has_name(line, "title", &value))
        set_scalar(&f->title, value);
    else if (has_name(line, "project", &value))
        set_scalar(&f->project, value);
    else if (has_name(line, "renga", &value))
        f->ours = span_is(value, "page");
    else
        read_part(f, line);
}

static bool inside_character(struct span text, size_t at)
{
    return at < text.len && ((unsigned char)text.s[at] & 0xC0) == 0x80;
}

/* The ranges must be the body cut into pieces between its characters, else they are of another form of it. */
static void check_parts(struct front *f)
{
    size_t at = 0;
    bool sound = f->ours;
    for (int i = 0; i < f->count; i++) {
        sound = sound && f->parts[i].from == at && f->parts[i].to > at && f->parts[i].to <= f->body.len &&
                !inside_character(f->body, f->parts[i].to);
        at = f->parts[i].to;
    }
    if (!sound || at != f->body.len)
        f->count = 0;
}

static void read_front(struct front *f, struct span bytes)
{
    struct span rest = bytes, line;
    f->body = bytes;
    if (!span_line(&rest, &line) || !span_is(line, "---"))
        return;
    while (span_line(&rest, &line)) {
        if (!span_is(line, "---")) {
            read_line(f, line);
            continue;
        }
        f->body = rest;
        f->whole = span_cut(bytes, 0, bytes.len - rest.len);
        check_parts(f);
        return;
    }
    f->count = 0; /* never closed: a rule above a poem */
    f->ours = false;
    str_clear(&f->title);
    str_clear(&f->project);
}

static void front_release(struct front *f)
{
    str_release(&f->title);
    str_release(&f->project);
    free(f->parts);
}

/* -- pieces ------------------------------------------------------------------------------------------------------------------------- */

static struct span without_mark(struct span bytes)
{
    return span_starts(bytes, "\xEF\xBB\xBF") ? span_cut(bytes, 3, bytes.len) : bytes;
}

bool read_text(struct incoming *in, const struct source_file *f)
{
    struct span text = without_mark(f->bytes);
    incoming_piece(in, f->project);
    if (text.len)
        incoming_passage(in, AUTHOR_WRITER, text, NULL, 0);
    return incoming_end(in, base_name(f->path), NULL, 0);
}

/* "# Title" on the first line names the piece, and stays on the page. */
static struct span heading(struct span text)
{
    struct span line;
    if (!span_line(&text, &line) || !span_starts(line, "# "))
        return SPAN("");
    return span_trim(span_cut(line, 2, line.len));
}

bool read_markdown(struct incoming *in, const struct source_file *f)
{
    struct front front = {0};
    read_front(&front, without_mark(f->bytes));
    struct span project = f->project.len ? f->project : str_span(&front.project), title = str_span(&front.title);
    if (title.len == 0 && !front.ours)
        title = heading(front.body);
    if (title.len == 0 && !front.ours)
        title = base_name(f->path);
    incoming_piece(in, project);
    if (front.whole.len && !front.ours)
        incoming_put_away(in, front.whole);
    for (int i = 0; i < front.count; i++)
        incoming_passage(in, front.parts[i].author, span_cut(front.body, front.parts[i].from, front.parts[i].to), NULL, 0);
    if (front.count == 0 && front.body.len)
        incoming_passage(in, AUTHOR_WRITER, front.body, NULL, 0);
    bool ok = incoming_end(in, title, NULL, 0);
    front_release(&front);
    return ok;
}
