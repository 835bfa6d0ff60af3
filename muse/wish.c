#include "muse/wish.h"
#include "core/count.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <stdlib.h>

/* -- the struct ------------------------------------------------------------------------------------------------------------------ */

enum {
    WISH_STRINGS = 5 + WISH_WORDS_MAX,
};

static struct str *string_of(struct wish *w, int i)
{
    struct str *const strings[] = {&w->title, &w->first_line, &w->acrostic, &w->rhyme, &w->text};
    return i < 5 ? strings[i] : &w->words[i - 5];
}

void wish_init(struct wish *w)
{
    *w = (struct wish){.form = NULL};
}

void wish_release(struct wish *w)
{
    for (int i = 0; i < WISH_STRINGS; i++)
        str_release(string_of(w, i));
    wish_init(w);
}

void wish_copy(struct wish *to, const struct wish *from)
{
    struct wish source = *from, copy = *from;
    for (int i = 0; i < WISH_STRINGS; i++) {
        *string_of(&copy, i) = (struct str){.max = 0};
        str_set(string_of(&copy, i), str_span(string_of(&source, i)));
    }
    wish_release(to);
    *to = copy;
}

/* -- kind ------------------------------------------------------------------------------------------------------------------------ */

enum {
    SHORT_HAN = 30, /* characters of a theme that nothing introduces, at most */
    SHORT_WORDS = 20,
};

struct reading {
    struct wish_text text;
    struct wish_findings found;
    struct wish_page page;
    struct patterns *patterns;
    bool prose; /* the theme is what a piece of prose is about */
};

static struct span prompt_of(const struct reading *r)
{
    return span_trim((struct span){r->text.said, r->text.len});
}

static bool has_theme(const struct wish_findings *f)
{
    return f->theme_count || f->quote_count || f->title.said.len || f->acrostic.said.len || f->first_line.said.len;
}

static bool names_form(const struct wish_findings *f)
{
    return f->form || f->near || f->lines || f->length;
}

/* "Another one": what the new prompt does not say is as in the one before. */
static void inherit(struct wish_findings *f, const struct wish_findings *before)
{
    struct wish_findings own = *f;
    bool themed = has_theme(f);
    if (!themed)
        *f = *before;
    if (!names_form(f) || (!themed && names_form(&own))) {
        const struct wish_findings *from = names_form(&own) ? &own : before;
        f->form = from->form;
        f->form_word = from->form_word;
        f->near = from->near;
        f->lines = from->lines;
        f->length = from->length;
    }
    f->rhyme = own.rhyme.said.len ? own.rhyme : before->rhyme;
    f->tone = own.tone != RHYME_ANY ? own.tone : before->tone;
    f->script = own.script != SCRIPT_UNTOLD ? own.script : before->script;
    f->language_said = own.language_said || before->language_said;
    f->language = own.language_said ? own.language : before->language;
    f->rank = own.beyond != BEYOND_NOTHING ? own.rank : RANK_NAME;
    f->beyond = own.beyond;
}

static bool is_question(struct span text)
{
    return (text.len > 1 && text.s[text.len - 1] == '?') || (text.len > 3 && span_is(span_cut(text, text.len - 3, text.len), "？"));
}

/* Neither a form nor anything else is asked for: a theme, unless it is a question or too long for one. */
static enum wish_beyond beyond_plain(struct reading *r)
{
    r->prose = r->found.han > SHORT_HAN || r->found.words > SHORT_WORDS;
    if (r->prose)
        return BEYOND_PROSE;
    return is_question(prompt_of(r)) && r->found.han + r->found.words > 0 ? BEYOND_ANSWER : BEYOND_NOTHING;
}

/* The lines to go on from, one a line. */
static enum wish_kind go_on_from(struct wish *w, struct span lines)
{
    str_set(&w->text, span_trim(lines));
    for (ptrdiff_t at = 0; (at = span_find(str_span(&w->text), SPAN(" / "), 0)) >= 0;)
        str_splice(&w->text, (size_t)at, 3, SPAN("\n"));
    return WISH_CONTINUE;
}

/* Going on needs verse to go on from: on the page, or in the prompt. A page of prose has a theme at least. */
static enum wish_kind kind_of_going_on(struct reading *r, struct wish *w)
{
    struct span lines = r->found.lines_given.said.len ? r->found.lines_given.said : r->page.verse;
    if (span_trim(lines).len)
        return go_on_from(w, lines);
    if (r->page.last.len == 0 || r->page.ends_with_request)
        return WISH_VERSE;
    enum wish_beyond beyond = r->found.beyond;
    r->prose = true;
    wish_text_set(&r->text, r->page.last);
    wish_scan(&r->found, &r->text, r->patterns);
    w->beyond = beyond == BEYOND_NOTHING ? BEYOND_PROSE : beyond;
    return WISH_BEYOND;
}

static enum wish_kind kind_of(struct reading *r, struct wish *w)
{
    const struct wish_findings *f = &r->found;
    if (f->go_on && (f->rank < RANK_ORDER || f->lines_given.said.len))
        return kind_of_going_on(r, w);
    bool asks = wish_is_request(f);
    if (!asks && wish_looks_like_verse(prompt_of(r), f->rank == RANK_NONE))
        return go_on_from(w, prompt_of(r));
    w->beyond = asks || f->rank > RANK_NONE ? f->beyond : beyond_plain(r);
    return w->beyond == BEYOND_NOTHING ? WISH_VERSE : WISH_BEYOND;
}

/* -- language, script and form --------------------------------------------------------------------------------------------------- */

static enum form_language language_of_text(struct span text)
{
    return wish_count_han(text) >= wish_count_words(text) ? FORM_ZH : FORM_EN;
}

/* What the writer says; what the form, the acrostic and the lines are in; else the prompt's. */
static enum form_language language_of(const struct reading *r, const struct wish *w)
{
    const struct wish_findings *f = &r->found;
    if (w->text.len)
        return language_of_text(str_span(&w->text));
    if (f->language_said)
        return f->language;
    if (f->form)
        return f->form->language;
    if (f->near && !f->near->en)
        return FORM_ZH;
    if (f->acrostic.said.len || f->first_line.said.len)
        return language_of_text(f->acrostic.said.len ? f->acrostic.said : f->first_line.said);
    if (f->han == 0 && f->words == 0)
        return language_of_text(r->page.last);
    return f->han >= f->words ? FORM_ZH : FORM_EN;
}

static bool is_simplified(const struct reading *r)
{
    if (r->found.script != SCRIPT_UNTOLD)
        return r->found.script == SCRIPT_SIMPLIFIED;
    enum script script = script_of((struct span){r->text.said, r->text.len});
    if (script == SCRIPT_UNTOLD)
        script = script_of(r->page.verse.len ? r->page.verse : r->page.last);
    return script != SCRIPT_TRADITIONAL;
}

static const struct form *named(const char *name)
{
    const struct form *form = form_named(span_of(name));
    CHECK(form);
    return form;
}

/* Regulated verse of that many lines, unless the first line that is given breaks its tones: then the old style, whose tones are free. */
static const struct form *chinese_form(int lines, int length, struct span first_line)
{
    static const char *const regulated[2][3] = {{"wujue", "wulv", "wupai"}, {"qijue", "qilv", "qipai"}};
    static const char *const old[2] = {"wugu", "qigu"};
    int first = wish_count_han(first_line);
    bool given = first > 0 && !wish_form_of_lines(first_line, true);
    length = length ? length : first == 5 ? 5 : 7;
    if (first > 0 && !given && first != 5 && first != 7)
        return wish_form_of_lines(first_line, true);
    if (first == 4)
        return named("siyan");
    if (given || (lines > 8 && lines % 2))
        return named("zayan");
    if (first > 0 && !wish_fits_regulated(first_line))
        return named(old[length == 7]);
    return named(regulated[length == 7][lines <= 4 ? 0 : lines <= 8 ? 1 : 2]);
}

static const struct form *english_form(int lines)
{
    static const char *const by_lines[] = {"quatrain", "couplet", "couplet", "haiku", "quatrain", [14] = "sonnet", [19] = "villanelle"};
    const char *name = lines < (int)COUNT_OF(by_lines) ? by_lines[lines] : NULL;
    return named(name ? name : lines % 2 ? "blank" : "tetrameter");
}

/* The usual form for what is known of the poem: how many lines, how long, how it begins. */
static const struct form *usual_form(const struct reading *r, const struct wish *w)
{
    const struct wish_findings *f = &r->found;
    int letters = w->language == FORM_ZH ? wish_count_han(f->acrostic.said) : (int)w->acrostic.len;
    int lines = f->lines ? f->lines : f->form && letters == 0 ? f->form->lines : letters;
    return w->language == FORM_ZH ? chinese_form(lines, f->length, f->first_line.said) : english_form(lines);
}

/* What the verse on the page is: "another one" repeats it, and lines go on as they began. */
static const struct form *form_of_page(const struct reading *r, const struct wish *w)
{
    const struct form *asked = r->page.has_request ? r->page.request.form : NULL;
    struct span lines = w->text.len ? str_span(&w->text) : r->page.verse;
    if (w->text.len == 0 && !r->found.again)
        return NULL;
    if (asked && asked->language == w->language && (w->language == FORM_EN || asked->kind == FORM_TUNE) && r->found.go_on)
        return asked;
    if (w->text.len && lines.len >= r->page.begun)
        lines = span_trim(span_cut(lines, 0, lines.len - r->page.begun)); /* what is only begun has no length yet */
    const struct form *form = w->language == FORM_ZH ? wish_form_of_lines(lines, w->kind != WISH_CONTINUE) : NULL;
    return form || w->language == FORM_EN || w->text.len == 0 ? form : named("zayan");
}

/* The poem that the page asks for is begun, and not a line of it is there yet. */
static bool is_begun(const struct reading *r, const struct wish *w)
{
    const struct form *asked = r->page.has_request ? r->page.request.form : NULL;
    return w->kind == WISH_CONTINUE && w->text.len && w->text.len == r->page.begun && asked && asked->language == w->language;
}

static void settle_form(const struct reading *r, struct wish *w)
{
    const struct wish_findings *f = &r->found;
    const char *near = !f->near ? NULL : w->language == FORM_ZH ? f->near->zh : f->near->en;
    w->form_said = f->form && f->form->language == w->language;
    w->form = w->form_said ? f->form : near ? named(near) : NULL;
    if (!w->form_said && is_begun(r, w)) {
        w->form_said = true;
        w->form = r->page.request.form;
    }
    if (!w->form_said && w->form && w->first_line.len && !wish_may_begin(w->form, str_span(&w->first_line)))
        w->form = NULL;
    if (!w->form && !f->lines && !f->length)
        w->form = form_of_page(r, w);
    if (!w->form)
        w->form = usual_form(r, w);
    bool other = f->form && !w->form_said; /* a form of the other language has its number of lines at least */
    w->lines = f->lines ? f->lines : other && w->form->lines == 0 ? f->form->lines : 0;
}

/* -- the parts ------------------------------------------------------------------------------------------------------------------- */

/* The word that an English acrostic spells: the one in capitals, else the last. */
static struct span word_to_spell(struct span text)
{
    struct span best = SPAN("");
    for (size_t at = 0, end = 0; at < text.len; at = end + 1) {
        bool capitals = true;
        for (end = at; end < text.len && text.s[end] != ' '; end++)
            capitals = capitals && !(text.s[end] >= 'a' && text.s[end] <= 'z');
        if (end == at)
            continue;
        best = span_cut(text, at, end);
        if (capitals && end > at + 1)
            return best;
    }
    return best;
}

/* Chinese: its characters. English: its letters, as capitals. */
static void set_acrostic(struct str *out, struct span text)
{
    struct span spelt = wish_count_han(text) ? text : word_to_spell(text);
    for (size_t at = 0, next = 0; at < spelt.len; at = next) {
        int32_t cp = 0;
        next = at + (size_t)utf8_decode(span_cut(spelt, at, spelt.len), &cp);
        if (is_han(cp))
            str_add(out, span_cut(spelt, at, next));
        else if (cp_between(cp | 0x20, 'a', 'z'))
            str_add_byte(out, (char)(cp & ~0x20));
    }
}

/* An acrostic that is asked for and not introduced: what is quoted, else the first thing that is left over. */
static void find_acrostic(struct wish_findings *f)
{
    if (!f->wants_acrostic || f->acrostic.said.len)
        return;
    if (f->quote_count) {
        f->acrostic = f->quotes[--f->quote_count];
        return;
    }
    bool han = f->theme_count && wish_count_han(f->themes[0].said) > 0;
    if (f->theme_count == 0 || (han && (f->marked[0] || wish_count_han(f->themes[0].said) < 2)))
        return;
    f->acrostic = f->themes[0];
    for (int i = 1; han && i < f->theme_count; i++) {
        f->themes[i - 1] = f->themes[i];
        f->marked[i - 1] = f->marked[i];
    }
    f->theme_count -= han;
}

/* Rhymes of Mandarin by their finals, and a character of each. */
static const struct {
    const char *final, *character;
} finals[] = {
    {"a", "花"},   {"o", "波"},    {"e", "歌"},    {"ai", "来"},  {"ei", "飞"},   {"ao", "高"},   {"ou", "流"},  {"an", "山"},   {"en", "人"},
    {"ang", "光"}, {"eng", "风"},  {"ing", "明"},  {"ong", "东"}, {"ian", "天"},  {"in", "心"},   {"i", "西"},   {"u", "孤"},    {"ui", "归"},
    {"iu", "秋"},  {"un", "春"},   {"uan", "寒"},  {"iang", "香"}, {"uang", "霜"}, {"iao", "遥"}, {"ua", "花"},  {"ia", "家"},
};

/* 东 out of 东韵 or 东字韵; a character for "ang"; the first word of English. */
static void set_rhyme(struct wish *w, const struct wish_piece *rhyme)
{
    static const char *const tails[] = {"韵", "韻", "部", "字"};
    struct span said = rhyme->said;
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        size_t len = span_of(tails[i]).len;
        if (said.len > len && span_is(span_cut(said, said.len - len, said.len), tails[i]))
            said.len -= len;
    }
    ptrdiff_t space = span_find(said, SPAN(" "), 0);
    said.len = space > 0 ? (size_t)space : said.len;
    for (size_t i = 0; w->language == FORM_ZH && i < COUNT_OF(finals); i++)
        if (span_is(rhyme->folded.len > said.len ? span_cut(rhyme->folded, 0, said.len) : rhyme->folded, finals[i].final))
            said = span_of(finals[i].character);
    if ((w->language == FORM_ZH) == (wish_count_han(said) > 0))
        str_set(&w->rhyme, said);
}

/* The words of a title or a quotation, which has not been read yet. */
static void add_theme_of(const struct reading *r, struct wish *w, const struct wish_piece *piece)
{
    struct wish_text text;
    struct wish_findings found;
    wish_text_set(&text, piece->said);
    wish_scan(&found, &text, r->patterns);
    for (int i = 0; i < found.theme_count; i++)
        wish_add_theme(w, &found.themes[i], false);
}

/* A quotation that nothing introduces is the title when it is the only one; several are words. */
static void settle_quotes(const struct reading *r, struct wish *w)
{
    const struct wish_findings *f = &r->found;
    for (int i = 0; i < f->quote_count; i++) {
        bool title = w->title.len == 0 && (f->titles[i] || (f->quote_count == 1 && f->theme_count == 0));
        if (title && w->language == language_of_text(f->quotes[i].said))
            str_set(&w->title, f->quotes[i].said);
        else
            add_theme_of(r, w, &f->quotes[i]);
    }
}

static void settle_theme(const struct reading *r, struct wish *w)
{
    const struct wish_findings *f = &r->found;
    if (f->title.said.len && w->language == language_of_text(f->title.said))
        str_set(&w->title, f->title.said);
    else
        add_theme_of(r, w, &f->title);
    for (int i = 0; i < f->theme_count; i++)
        if (f->marked[i] || w->kind != WISH_CONTINUE)
            wish_add_theme(w, &f->themes[i], r->prose);
    if (w->kind != WISH_CONTINUE)
        settle_quotes(r, w);
}

static void settle_parts(const struct reading *r, struct wish *w)
{
    const struct wish_findings *f = &r->found;
    if (f->first_line.said.len && w->language == language_of_text(f->first_line.said))
        str_set(&w->first_line, f->first_line.said);
    if (w->acrostic.len && w->language != language_of_text(str_span(&w->acrostic)))
        str_clear(&w->acrostic);
    if (f->rhyme.said.len)
        set_rhyme(w, &f->rhyme);
    w->rhyme_tone = f->tone;
}

/* -- reading --------------------------------------------------------------------------------------------------------------------- */

/* Nothing is asked: the page goes on, or its last line asks. */
static void read_page_as_prompt(struct reading *r)
{
    r->found = (struct wish_findings){.go_on = true};
    if (r->page.ends_with_request && r->page.has_request)
        r->found = r->page.request;
}

static void scan(struct reading *r, struct span prompt, struct span context)
{
    r->patterns = patterns_new();
    wish_text_set(&r->text, prompt);
    wish_page_read(&r->page, context, r->patterns);
    if (prompt_of(r).len == 0)
        read_page_as_prompt(r);
    else
        wish_scan(&r->found, &r->text, r->patterns);
    if (r->found.again && r->page.has_request)
        inherit(&r->found, &r->page.request);
    find_acrostic(&r->found);
}

void wish_read(struct wish *w, struct span prompt, struct span context)
{
    struct reading *r = mem_new(1, sizeof *r);
    wish_release(w);
    scan(r, prompt, context);
    w->kind = kind_of(r, w);
    w->language = language_of(r, w);
    w->simplified = is_simplified(r);
    set_acrostic(&w->acrostic, r->found.acrostic.said);
    settle_parts(r, w);
    settle_form(r, w);
    settle_theme(r, w);
    patterns_free(r->patterns);
    free(r);
}
