/* Targets of core: what any text may be, and the small languages of the writer's own files. */
#include "targets.h"
#include "core/count.h"
#include "core/dial.h"
#include "core/display.h"
#include "core/ini.h"
#include "core/instruct.h"
#include "core/mem.h"
#include "core/server.h"
#include "core/template.h"
#include "core/usage.h"
#include "core/utf8.h"
#include "core/wrap.h"

#include <string.h>
#include <wchar.h>

/* -- texts ------------------------------------------------------------------------------------- */

static void read_utf8(const struct fuzz_target *t, struct span bytes, struct fuzz_cut cut, struct str *out)
{
    struct utf8_stream st = {0};
    (void)t;
    while (bytes.len) {
        struct span piece = fuzz_piece(&cut, &bytes);
        utf8_stream_add(&st, out, piece);
        fuzz_piece_free(piece);
    }
    utf8_stream_end(&st, out);
}

void fuzz_utf8(const struct fuzz_target *t, struct span input)
{
    struct str clean = {0};
    utf8_add_clean(&clean, input);
    FUZZ_EXPECT(utf8_valid(str_span(&clean)));
    FUZZ_EXPECT(!utf8_valid(input) || span_equal(input, str_span(&clean)));
    FUZZ_EXPECT(utf8_length(input) == utf8_length(str_span(&clean)));
    str_release(&clean);
    fuzz_splits(t, input, (uint8_t)input.len, read_utf8);
}

/* Nothing of what is drawn may move the cursor: no control, no format character of its own. */
static bool is_printable(struct span text)
{
    for (int32_t cp = 0; text.len; text = span_cut(text, (size_t)utf8_decode(text, &cp), text.len)) {
        utf8_decode(text, &cp);
        if (cp < ' ' || cp_between(cp, 0x7F, 0x9F) || cp_between(cp, 0x202A, 0x202E) || cp_between(cp, 0x2066, 0x2069))
            return false;
    }
    return true;
}

/* Columns as a terminal counts them, which knows no clusters. */
static int terminal_width(struct span text)
{
    int width = 0;
    for (int32_t cp = 0; text.len; text = span_cut(text, (size_t)utf8_decode(text, &cp), text.len)) {
        utf8_decode(text, &cp);
        width += wcwidth((wchar_t)cp);
    }
    return width;
}

static void check_glyph(struct span text, size_t at)
{
    struct glyph g;
    display_glyph(text, at, 0, &g);
    FUZZ_EXPECT(g.bytes > 0 && at + (size_t)g.bytes <= text.len && g.bytes <= DISPLAY_CLUSTER_MAX + 4);
    FUZZ_EXPECT(g.text_len >= 0 && g.text_len < DISPLAY_TEXT_MAX && (size_t)g.text_len == strlen(g.text));
    FUZZ_EXPECT(g.width >= (g.kind == GLYPH_NEWLINE ? 0 : 1));
    FUZZ_EXPECT(is_printable((struct span){g.text, (size_t)g.text_len}));
    FUZZ_EXPECT(display_ambiguous() == 2 || terminal_width((struct span){g.text, (size_t)g.text_len}) == g.width);
    FUZZ_EXPECT(display_prev(text, display_next(text, at)) == at);
}

static void check_line(struct span text, int columns)
{
    struct str line = {0};
    display_line(&line, text, columns);
    FUZZ_EXPECT(is_printable(str_span(&line)));
    FUZZ_EXPECT(columns < 0 || terminal_width(str_span(&line)) <= columns);
    str_release(&line);
}

void fuzz_display(const struct fuzz_target *t, struct span input)
{
    (void)t;
    struct count count = {0};
    display_set_ambiguous(input.len % 2 ? 1 : 2);
    for (size_t at = 0, next; at < input.len; at = next) {
        check_glyph(input, at);
        next = display_next(input, at);
        if (next <= at) {
            fuzz_wrong("display_next stays at %zu", at);
            break;
        }
    }
    for (int columns = -1; columns < 24; columns += 5)
        check_line(input, columns);
    count_add(&count, input);
}

/* Columns of a row without the white space that hangs at its end, and how many clusters these are. */
static int row_width(struct span row, int *clusters)
{
    int width = 0, written = 0, count = 0;
    struct glyph g;
    *clusters = 0;
    for (size_t at = 0; at < row.len; at += (size_t)g.bytes) {
        display_glyph(row, at, width, &g);
        width += g.width;
        count++;
        if (!is_white(g.base)) {
            written = width;
            *clusters = count;
        }
    }
    return written;
}

static void check_rows(struct span paragraph, int width)
{
    struct wrap w = {0};
    size_t at = 0;
    int clusters = 0;
    wrap_paragraph(&w, paragraph, width, 0);
    for (int row = 0; at < paragraph.len; row++) {
        struct span rest = span_cut(paragraph, at, paragraph.len);
        size_t len = wrap_row(rest, width);
        FUZZ_EXPECT(row < w.count && w.starts[row] == at);
        if (len == 0 || len > rest.len) {
            fuzz_wrong("a row of %zu bytes", len);
            break;
        }
        FUZZ_EXPECT(row_width(span_cut(rest, 0, len), &clusters) <= width || clusters == 1);
        at += len;
    }
    wrap_release(&w);
}

/* Every width. */
void fuzz_wrap(const struct fuzz_target *t, struct span input)
{
    struct span line;
    (void)t;
    display_set_ambiguous(1);
    while (span_line(&input, &line))
        for (int width = 2; width <= 80; width++)
            check_rows(span_cut(line, 0, 400), width);
}

/* -- the writer's own files -------------------------------------------------------------------- */

static bool quote_again(void *ctx, const struct ini_entry *en, struct err *e)
{
    struct str line = {0};
    (void)ctx, (void)e;
    FUZZ_EXPECT(utf8_valid(en->value) && utf8_valid(en->key));
    ini_quote(&line, en->value);
    FUZZ_EXPECT(utf8_valid(str_span(&line)));
    str_release(&line);
    return true;
}

void fuzz_ini(const struct fuzz_target *t, struct span input)
{
    struct err e = {0};
    (void)t;
    bool ok = ini_read("file", input, quote_again, NULL, &e);
    FUZZ_EXPECT(ok || (e.kind && utf8_valid(span_of(e.text))));
}

static struct span any_value(void *ctx, struct span name)
{
    (void)ctx;
    return name;
}

void fuzz_template(const struct fuzz_target *t, struct span input)
{
    struct template tem = {0};
    struct err e = {0};
    struct str text = {0};
    (void)t;
    if (template_parse(&tem, "file", SPAN("mine"), input, &e))
        template_fill(&tem, any_value, NULL, &text);
    else
        FUZZ_EXPECT(e.kind != ERR_NONE && tem.count == 0);
    str_release(&text);
    template_release(&tem);
}

/* Values of single lines: dials, prices, addresses, a server's chat template. */
void fuzz_values(const struct fuzz_target *t, struct span input)
{
    struct dials dials;
    struct price price = {0};
    struct url_parts url;
    struct err e = {0};
    struct str label = {0};
    (void)t;
    char *text = span_copy(input);
    dials_default(&dials);
    if (!dials_parse(&dials, input, &e))
        FUZZ_EXPECT(e.kind != ERR_NONE);
    if (price_read(input, &price))
        FUZZ_EXPECT(memchr(price.unit, 0, sizeof price.unit));
    prices_find(input, SPAN("m"), &price);
    if (url_split(text, &url, NULL))
        url_label(text, &label);
    instruct_guess(input);
    str_release(&label);
    fuzz_piece_free((struct span){text, input.len});
}
