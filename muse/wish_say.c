#include "core/mem.h"
#include "core/utf8.h"
#include "muse/wish_parts.h"

#include <string.h>

/* What a wish is told in: its own language, whatever that of the program is. */

enum {
    SAID_MAX = 16, /* characters of a line that is quoted */
};

enum saying {
    SAY_CONTINUE,
    SAY_TITLE,
    SAY_FIRST_LINE,
    SAY_ACROSTIC,
    SAY_RHYME,
    SAY_LEVEL,
    SAY_OBLIQUE,
    SAY_LINES,
    SAYINGS
};

static const char *const sayings[SAYINGS][2] = {
    [SAY_CONTINUE] = {"接着“~”往下写", "going on from “~”"},
    [SAY_TITLE] = {"《~》", "“~”"},
    [SAY_FIRST_LINE] = {"首句 ~", "first line “~”"},
    [SAY_ACROSTIC] = {"藏头 ~", "acrostic ~"},
    [SAY_RHYME] = {"押“~”韵", "rhymes with ~"},
    [SAY_LEVEL] = {"平声韵", "level rhyme"},
    [SAY_OBLIQUE] = {"仄声韵", "oblique rhyme"},
    [SAY_LINES] = {"~ 句", "~ lines"},
};

/* Adds one of the program's own phrases in the wish's script. */
static void add_phrase(const struct wish *w, struct str *out, const char *phrase)
{
    if (w->language == FORM_ZH && !w->simplified)
        script_convert(out, span_of(phrase), SCRIPT_TRADITIONAL);
    else
        str_add_text(out, phrase);
}

/* A phrase with what the writer wrote in the place of its ~, as it was written. */
static void add_with(const struct wish *w, struct str *out, const char *phrase, struct span said)
{
    for (; *phrase; phrase++) {
        struct str piece = {0};
        size_t len = strcspn(phrase, "~");
        str_add(&piece, (struct span){phrase, len});
        add_phrase(w, out, str_text(&piece));
        str_release(&piece);
        phrase += len;
        if (!*phrase)
            return;
        str_add(out, said);
    }
}

static void add_part(const struct wish *w, struct str *out, enum saying saying, struct span said)
{
    str_add_text(out, " · ");
    add_with(w, out, sayings[saying][w->language == FORM_EN], said);
}

/* The first line of a text, cut when it is long. */
static struct span beginning(struct span text, bool *cut)
{
    struct span line = SPAN("");
    span_line(&text, &line);
    size_t at = 0;
    int32_t cp = 0;
    for (int i = 0; i < SAID_MAX && at < line.len; i++)
        at += (size_t)utf8_decode(span_cut(line, at, line.len), &cp);
    *cut = at < line.len || text.len > 0;
    return span_trim(span_cut(line, 0, at));
}

static void describe_continuation(const struct wish *w, struct str *out)
{
    struct str said = {0};
    bool cut = false;
    str_add(&said, beginning(str_span(&w->text), &cut));
    str_add_text(&said, cut ? "…" : "");
    add_part(w, out, SAY_CONTINUE, str_span(&said));
    str_release(&said);
}

static void describe_words(const struct wish *w, struct str *out)
{
    for (int i = 0; i < w->word_count; i++) {
        str_add_text(out, i ? " " : " · ");
        str_add(out, str_span(&w->words[i]));
    }
}

static void describe_lines(const struct wish *w, struct str *out)
{
    struct str number = {0};
    str_printf(&number, "%d", w->lines);
    if (w->lines && w->form->lines == 0)
        add_part(w, out, SAY_LINES, str_span(&number));
    str_release(&number);
}

void wish_describe(const struct wish *w, struct str *out)
{
    CHECK(w->form);
    add_phrase(w, out, w->form->label);
    describe_lines(w, out);
    if (w->kind == WISH_CONTINUE)
        describe_continuation(w, out);
    if (w->title.len)
        add_part(w, out, SAY_TITLE, str_span(&w->title));
    describe_words(w, out);
    if (w->first_line.len)
        add_part(w, out, SAY_FIRST_LINE, str_span(&w->first_line));
    if (w->acrostic.len)
        add_part(w, out, SAY_ACROSTIC, str_span(&w->acrostic));
    if (w->rhyme.len)
        add_part(w, out, SAY_RHYME, str_span(&w->rhyme));
    if (w->rhyme_tone != RHYME_ANY)
        add_part(w, out, w->rhyme_tone == RHYME_LEVEL ? SAY_LEVEL : SAY_OBLIQUE, SPAN(""));
}

/* -- what lies beyond ------------------------------------------------------------------------------------------------------------ */

static const char *const beyond[][2] = {
    [BEYOND_PROSE] = {"小缪斯只会写诗，文章请按 F2 换一台服务器来写", "The little muse writes verse, not prose: F2 chooses a server that can"},
    [BEYOND_STORY] = {"小缪斯只会写诗，故事请按 F2 换一台服务器来讲", "The little muse writes verse, not stories: F2 chooses a server that can"},
    [BEYOND_ANSWER] = {"小缪斯只会写诗，问题请按 F2 换一台服务器来答",
                       "The little muse writes verse and answers no questions: F2 chooses a server that does"},
    [BEYOND_CODE] = {"小缪斯只会写诗，程序请按 F2 换一台服务器来写", "The little muse writes verse, not code: F2 chooses a server that can"},
    [BEYOND_TRANSLATION] = {"小缪斯只会写诗，翻译请按 F2 换一台服务器来做",
                            "The little muse writes verse and does not translate: F2 chooses a server that does"},
    [BEYOND_MANY] = {"小缪斯一稿只写一首，想要几首就把稿数调到几，长篇请按 F2 换一台服务器",
                     "The little muse writes one poem a take: ask for more takes, or press F2 for a server that writes at length"},
};

static void add_offer(const struct wish *w, struct str *out, struct span theme)
{
    static const char *const on[2] = {"；先以“~”为题，献诗一首：", "; meanwhile, here is a poem on “~”:"};
    static const char *const plain[2] = {"；先献诗一首：", "; meanwhile, here is a poem:"};
    add_with(w, out, (theme.len ? on : plain)[w->language == FORM_EN], theme);
}

void wish_explain_beyond(const struct wish *w, struct str *out)
{
    if (w->beyond == BEYOND_NOTHING)
        return;
    struct str theme = {0};
    str_add(&theme, str_span(&w->title));
    for (int i = 0; w->title.len == 0 && i < w->word_count && i < 2; i++) {
        str_add_text(&theme, i == 0 ? "" : w->language == FORM_EN ? ", " : "、");
        str_add(&theme, str_span(&w->words[i]));
    }
    add_phrase(w, out, beyond[w->beyond][w->language == FORM_EN]);
    add_offer(w, out, str_span(&theme));
    str_release(&theme);
}
