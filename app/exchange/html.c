#include "app/exchange/formats.h"
#include "core/count.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <string.h>

#define HANDS_MAX 6 /* colours for models; further ones share the last */

/* -- text that cannot be markup --------------------------------------------------------------------------------------------------------- */

/* Controls and what turns the direction of a line are shown, not obeyed. */
static bool needs_marker(int32_t cp)
{
    return (cp < 0x20 && cp != '\n' && cp != '\t') || cp_between(cp, 0x7F, 0x9F) || cp_between(cp, 0x202A, 0x202E) ||
           cp_between(cp, 0x2066, 0x2069) || cp == 0x200E || cp == 0x200F || cp == 0x061C || (cp & 0xFFFE) == 0xFFFE || cp_between(cp, 0xFDD0, 0xFDEF);
}

static void add_marker(struct str *out, int32_t cp)
{
    char sign[4];
    if (cp >= 0x20 && cp != 0x7F) {
        str_printf(out, "[U+%04X]", (unsigned)cp);
        return;
    }
    int len = utf8_encode(cp == 0x7F ? 0x2421 : 0x2400 + cp, sign); /* the pictures of controls */
    str_add(out, (struct span){sign, (size_t)len});
}

static void add_character(struct str *out, struct span one, int32_t cp)
{
    const char *name = cp == '&' ? "&amp;" : cp == '<' ? "&lt;" : cp == '>' ? "&gt;" : cp == '"' ? "&quot;" : cp == '\'' ? "&#39;" : NULL;
    if (name)
        str_add_text(out, name);
    else if (cp < 0)
        str_add_text(out, "\xEF\xBF\xBD");
    else if (needs_marker(cp))
        add_marker(out, cp);
    else
        str_add(out, one);
}

static void escape(struct str *out, struct span text)
{
    for (int32_t cp = 0; text.len; cp = 0) {
        int len = utf8_decode(text, &cp);
        bool crlf = cp == '\r' && text.len > 1 && text.s[1] == '\n';
        if (!crlf)
            add_character(out, span_cut(text, 0, (size_t)len), cp);
        text = span_cut(text, (size_t)len, text.len);
    }
}

/* -- the sheet -------------------------------------------------------------------------------------------------------------------------- */

static const char style[] =
    ":root{color-scheme:light dark;--paper:#fdfcf8;--ink:#26231e;--quiet:#857f74;--rule:#e4dfd3;"
    "--h0:#2c5f66;--h1:#6a4a7c;--h2:#4f6a2c;--h3:#8a5a2b;--h4:#2f5590;--h5:#8b3f50;--edit:#7a5c1e}\n"
    "@media(prefers-color-scheme:dark){:root{--paper:#191816;--ink:#e6e1d6;--quiet:#948d80;--rule:#38352f;"
    "--h0:#8fc1c7;--h1:#c4a5d6;--h2:#b1cc8b;--h3:#dcb083;--h4:#9dbdf0;--h5:#e2a0ae;--edit:#d9bd7d}}\n"
    "html{background:var(--paper);color:var(--ink)}\n"
    "body{margin:0;font:1.125rem/1.9 \"Iowan Old Style\",\"Palatino Linotype\",Palatino,\"Noto Serif CJK SC\",\"Source Han Serif SC\","
    "\"Songti SC\",SimSun,Georgia,serif;text-rendering:optimizeLegibility}\n"
    "main{max-width:34em;margin:0 auto;padding:5rem 1.5rem 4rem}\n"
    "h1{font-size:1.5em;font-weight:400;line-height:1.4;margin:0 0 2.2em;text-wrap:balance}\n"
    ".page{white-space:pre-wrap;overflow-wrap:break-word;line-break:strict;hanging-punctuation:allow-end}\n"
    ".page+.page{margin-top:3em}\n"
    ".prompt{color:var(--quiet);font-style:italic}:lang(zh) .prompt{font-style:normal}\n"
    ".edit{color:var(--edit)}.h0{color:var(--h0)}.h1{color:var(--h1)}.h2{color:var(--h2)}.h3{color:var(--h3)}.h4{color:var(--h4)}"
    ".h5{color:var(--h5)}\n"
    "span{unicode-bidi:isolate}\n"
    "footer{max-width:34em;margin:0 auto;padding:0 1.5rem 4rem;color:var(--quiet);font-size:.8em;line-height:1.7}\n"
    "footer ul{list-style:none;margin:0;padding:1em 0 0;border-top:1px solid var(--rule)}\n"
    "footer li{display:inline-block;margin-right:1.6em}\n"
    ".vertical{max-width:none;height:min(44em,calc(100vh - 9rem));padding:3rem 4rem;overflow-x:auto;writing-mode:vertical-rl;"
    "text-orientation:mixed}\n"
    ".vertical h1{margin:0 0 0 1.8em}.vertical .page+.page{margin:0 3em 0 0}\n"
    "@page{margin:25mm 22mm}\n"
    "@media print{:root{--paper:#fff;--ink:#000;--quiet:#666;--rule:#bbb;--h0:#2c5f66;--h1:#6a4a7c;--h2:#4f6a2c;--h3:#8a5a2b;--h4:#2f5590;"
    "--h5:#8b3f50;--edit:#7a5c1e}body{font-size:12pt}main{padding:0;max-width:none}footer{padding:2em 0 0}.vertical{height:235mm;"
    "overflow:visible}}\n";

/* Chinese where there is more of it than of words. */
static bool is_chinese(struct span text)
{
    struct count count = {0};
    count_add(&count, text);
    return count.han > count.words;
}

static void open_sheet(struct str *out, struct span title, bool chinese)
{
    str_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", chinese ? "zh" : "en");
    str_add_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"generator\" content=\"renga\">\n<title>");
    escape(out, title);
    str_add_text(out, "</title>\n<style>\n");
    str_add_text(out, style);
    str_add_text(out, "</style>\n</head>\n<body>\n");
}

/* -- who wrote -------------------------------------------------------------------------------------------------------------------------- */

/* The models on a page, in the order in which they come. */
struct hands {
    struct span models[HANDS_MAX];
    int count;
    bool writer, edit, prompt;
};

static struct span model_of(const struct generation *g)
{
    return g ? str_span(g->resolved.len ? &g->resolved : &g->model) : SPAN("");
}

static int find_hand(struct hands *h, struct span model)
{
    for (int i = 0; i < h->count; i++)
        if (span_equal(h->models[i], model))
            return i;
    if (h->count < HANDS_MAX)
        h->models[h->count++] = model;
    return h->count - 1;
}

static void look_for_hands(const struct exchange_page *pg, struct hands *h)
{
    for (int i = 0; i < pg->count; i++) {
        const struct stretch *s = &pg->stretches[i];
        h->writer = h->writer || s->author == AUTHOR_WRITER;
        h->edit = h->edit || s->author == AUTHOR_EDIT;
        h->prompt = h->prompt || s->author == AUTHOR_PROMPT;
        if (s->author == AUTHOR_MODEL)
            find_hand(h, model_of(exchange_page_generation(pg, s)));
    }
}

static void add_class(struct str *out, const struct exchange_page *pg, const struct stretch *s, struct hands *h)
{
    if (s->author == AUTHOR_MODEL)
        str_printf(out, "h%d", find_hand(h, model_of(exchange_page_generation(pg, s))));
    else
        str_add_text(out, exchange_author_name(s->author));
}

/* What shows when one points at a stretch: model, dials, day. */
static void add_source(struct str *out, const struct generation *g)
{
    struct str text = {0};
    str_add(&text, model_of(g));
    str_add_text(&text, " · ");
    dials_format(&g->dials, &text);
    str_add_text(&text, " · ");
    exchange_add_time(&text, g->sent_ms);
    str_add_text(out, " title=\"");
    escape(out, str_span(&text));
    str_add_byte(out, '"');
    str_release(&text);
}

static void add_entry(struct str *out, const char *class, struct span name)
{
    str_printf(out, "<li class=\"%s\">", class);
    escape(out, name);
    str_add_text(out, "</li>\n");
}

static void add_legend(struct str *out, const struct hands *h, bool chinese)
{
    str_add_text(out, "<footer>\n<ul>\n");
    if (h->writer)
        add_entry(out, "writer", span_of(chinese ? "作者" : "the writer"));
    for (int i = 0; i < h->count; i++) {
        char class[8] = {'h', (char)('0' + i), '\0'};
        add_entry(out, class, h->models[i].len ? h->models[i] : span_of(chinese ? "模型" : "a model"));
    }
    if (h->edit)
        add_entry(out, "edit", span_of(chinese ? "作者改过" : "edited by the writer"));
    if (h->prompt)
        add_entry(out, "prompt", span_of(chinese ? "提示" : "what was asked"));
    str_add_text(out, "</ul>\n</footer>\n");
}

/* -- a page ----------------------------------------------------------------------------------------------------------------------------- */

void html_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out)
{
    struct hands hands = {0};
    struct span text = str_span(&pg->text);
    bool chinese = is_chinese(text);
    look_for_hands(pg, &hands);
    open_sheet(out, str_span(&pg->title), chinese);
    str_add_text(out, look && look->vertical ? "<main class=\"vertical\">\n" : "<main>\n");
    if (pg->piece.title.len) { /* an untitled poem shows its first line once */
        str_add_text(out, "<h1>");
        escape(out, str_span(&pg->title));
        str_add_text(out, "</h1>\n");
    }
    str_add_text(out, "<div class=\"page\">");
    for (int i = 0; i < pg->count; i++) {
        const struct stretch *s = &pg->stretches[i];
        const struct generation *g = exchange_page_generation(pg, s);
        str_add_text(out, "<span class=\"");
        add_class(out, pg, s, &hands);
        str_add_byte(out, '"');
        if (g)
            add_source(out, g);
        str_add_byte(out, '>');
        escape(out, span_cut(text, s->from, s->to));
        str_add_text(out, "</span>");
    }
    str_add_text(out, "</div>\n</main>\n");
    add_legend(out, &hands, chinese);
    str_add_text(out, "</body>\n</html>\n");
}

/* -- generations ------------------------------------------------------------------------------------------------------------------------ */

void html_begin(struct str *out)
{
    open_sheet(out, SPAN("renga"), false);
    str_add_text(out, "<main>\n");
}

void html_answer(const struct answer *a, struct str *out)
{
    str_printf(out, "<div class=\"page\" lang=\"%s\"><span class=\"prompt\"", is_chinese(str_span(&a->generation.prompt)) ? "zh" : "en");
    add_source(out, &a->generation);
    str_add_byte(out, '>');
    escape(out, str_span(&a->generation.prompt));
    str_add_text(out, "</span>\n\n");
    for (int i = 0; i < a->count; i++) {
        str_add_text(out, i ? "\n\n<span class=\"h0\">" : "<span class=\"h0\">");
        escape(out, str_span(&a->takes[i].text));
        str_add_text(out, "</span>");
    }
    str_add_text(out, "</div>\n");
}

void html_end(struct str *out)
{
    str_add_text(out, "</main>\n</body>\n</html>\n");
}
