#include "core/utf8.h"
#include "muse/lesson_text.h"
#include "muse/script.h"

#include <string.h>

#define BODY_MAX  104 /* tokens of one document's body: what is longer is cut at a sentence's end */
#define TITLE_MAX 14
#define LINES_MAX 8

/* Chinese documents: `<bos> form 唐 [<t> title] <sep> body <eos>`. The form's tag is told from how long the lines are. */

struct verse {
    const struct vocab *v;
    const struct pack *pack;
    int body[BODY_MAX];
    int count;
    int line;                   /* characters of the line under way */
    int lengths[LINES_MAX], lines; /* of the first lines; all of them are counted */
    int32_t title[TITLE_MAX];
    int title_count;
};

static bool is_han(int32_t cp)
{
    return cp_between(cp, 0x3400, 0x9FFF) || cp_between(cp, 0x20000, 0x3FFFF);
}

/* The mark of the vocabulary that stands for a mark of any width, 0: none. */
static int32_t mark_for(int32_t cp)
{
    static const struct {
        int32_t from, to;
    } marks[] = {{',', U'，'}, {'.', U'。'}, {'!', U'！'}, {'?', U'？'}, {';', U'；'}, {':', U'：'}, {U'．', U'。'}, {U'…', U'。'}, {U'—', U'，'}};
    static const int32_t own[] = {U'，', U'。', U'！', U'？', U'；', U'、', U'：'};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i] == cp)
            return cp;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].from == cp)
            return marks[i].to;
    return 0;
}

static bool ends_sentence(int32_t mark)
{
    return mark == U'。' || mark == U'！' || mark == U'？';
}

/* -- a document -------------------------------------------------------------------------------------------------------------------------------- */

/* The form's tag, NULL for mixed lines, whose tag is the character 雜 itself. */
static const char *form_of(const struct verse *s)
{
    static const struct {
        int length, lines;
        const char *tag;
    } forms[] = {{5, 4, "五絕"}, {7, 4, "七絕"}, {5, 8, "五律"}, {7, 8, "七律"}, {5, 0, "五古"}, {7, 0, "七古"}, {4, 0, "四言"}};
    int length = s->lines ? s->lengths[0] : 0;
    for (int i = 0; i < s->lines && i < LINES_MAX; i++)
        if (s->lengths[i] != length)
            return NULL;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].length == length && (!forms[i].lines || forms[i].lines == s->lines))
            return forms[i].tag;
    return NULL;
}

static void finish(struct verse *s, struct lesson *l, struct intake *in)
{
    struct document d;
    document_begin(&d);
    const char *form = form_of(s);
    document_add(&d, form ? vocab_find(s->v, span_of(form)) : vocab_find_cp(s->v, U'雜'));
    document_add(&d, vocab_find_cp(s->v, U'唐'));
    if (s->title_count)
        document_add(&d, vocab_find(s->v, SPAN("<t>")));
    for (int i = 0; i < s->title_count; i++)
        document_add(&d, vocab_find_cp(s->v, s->title[i]));
    document_add(&d, TOKEN_SEP);
    for (int i = 0; i < s->count; i++)
        document_add(&d, s->body[i]);
    document_end(&d, l, in, s->pack);
    s->count = s->line = s->lines = 0;
}

static void add_mark(struct verse *s, int32_t mark)
{
    if (!s->line || s->count == BODY_MAX)
        return;
    s->body[s->count++] = vocab_find_cp(s->v, mark);
    if (s->lines < LINES_MAX)
        s->lengths[s->lines] = s->line;
    s->lines++;
    s->line = 0;
}

/* A document near its end is closed at the end of a sentence. */
static void add_cp(struct verse *s, int32_t cp, struct lesson *l, struct intake *in)
{
    int32_t mark = mark_for(cp);
    if (mark && vocab_find_cp(s->v, mark) >= 0) {
        add_mark(s, mark);
        if ((ends_sentence(mark) && s->count > BODY_MAX - 20) || s->count >= BODY_MAX - 1)
            finish(s, l, in);
    } else if (is_han(cp)) {
        int token = vocab_find_cp(s->v, cp);
        if (s->count >= BODY_MAX - 1)
            finish(s, l, in);
        s->body[s->count++] = token < 0 ? TOKEN_UNK : token;
        s->line++;
    }
}

/* -- a stanza --------------------------------------------------------------------------------------------------------------------------------- */

/* Whether most of what is written is Chinese. */
static bool is_chinese(struct span text)
{
    int64_t han = 0, other = 0;
    int32_t cp = 0;
    for (size_t i = 0; i < text.len;) {
        i += (size_t)utf8_decode(span_cut(text, i, text.len), &cp);
        han += is_han(cp);
        other += cp_between(cp, 'a', 'z') || cp_between(cp, 'A', 'Z');
    }
    return han * 3 >= other;
}

static void set_title(struct verse *s, struct span line)
{
    int32_t cp = 0;
    struct span text = heading_text(line);
    s->title_count = 0;
    for (size_t i = 0; i < text.len && s->title_count < TITLE_MAX;) {
        i += (size_t)utf8_decode(span_cut(text, i, text.len), &cp);
        if (is_han(cp) && vocab_find_cp(s->v, cp) >= 0)
            s->title[s->title_count++] = cp;
    }
}

/* The lines of a stanza. One that ends without a mark gets one: 。 at the end and after every second line, else ，. */
static void add_lines(struct verse *s, struct span text, struct lesson *l, struct intake *in)
{
    struct span line;
    int32_t cp = 0;
    for (int number = 1; span_line(&text, &line); number++) {
        for (size_t i = 0; i < line.len;) {
            i += (size_t)utf8_decode(span_cut(line, i, line.len), &cp);
            add_cp(s, cp, l, in);
        }
        add_cp(s, text.len == 0 || number % 2 == 0 ? U'。' : U'，', l, in);
    }
}

/* A short first line without a mark above longer ones is the poem's title, too. */
static bool begins_with_title(const struct stanza *st, struct span *title, struct span *rest)
{
    *rest = st->text;
    if (st->lines < 3 || !span_line(rest, title))
        return false;
    struct span second = *rest, line;
    int32_t last = 0, other = 0;
    span_line(&second, &line);
    utf8_decode_before(*title, title->len, &last);
    utf8_decode_before(line, line.len, &other);
    return span_starts(span_trim(*title), "《") || (!mark_for(last) && mark_for(other) && utf8_length(*title) <= TITLE_MAX);
}

void lesson_add_zh(struct lesson *l, struct intake *in, const struct pack *p, const struct vocab *v, struct span text)
{
    struct str traditional = {0};
    struct verse s = {.v = v, .pack = p};
    struct stanza st;
    script_convert(&traditional, text, SCRIPT_TRADITIONAL);
    struct span rest = str_span(&traditional), title, lines;
    while (stanza_next(&rest, &st)) {
        if (!is_chinese(st.text)) {
            in->left_out++;
        } else if (st.heading) {
            set_title(&s, st.text);
        } else {
            if (begins_with_title(&st, &title, &lines))
                set_title(&s, title);
            else
                lines = st.text;
            add_lines(&s, lines, l, in);
            finish(&s, l, in);
            s.title_count = 0;
        }
    }
    str_release(&traditional);
}
