/* The reading of wishes from inside, for wish_*.c alone. A prompt goes through these hands:
 *
 *   wish_text.c      bytes → a text that is well-formed and folded, so that one spelling of each pattern is enough
 *   wish_patterns.c  finds which pattern of the tables begins at a place (wish_marks.c, the names of forms, wish_words.c)
 *   wish_scan.c      walks the text from mark to mark and writes down what was found; wish_content.c finds what marks introduce
 *   wish.c           decides what all of it together asks for; wish_shape.c tells verse by its lines, wish_page.c looks for both on the
 *                    page before, wish_theme.c makes words of a theme
 *
 * To teach it a new way of asking, add a pattern to wish_marks.c and a row to tests/muse/wishes.tsv. */
#ifndef RENGA_MUSE_WISH_PARTS_H
#define RENGA_MUSE_WISH_PARTS_H

#include "muse/script.h"
#include "muse/wish.h"

/* -- the text -------------------------------------------------------------------------------------------------------------------- */

enum {
    WISH_TEXT_MAX = 4096, /* bytes of a prompt that are read */
};

struct wish_text {
    size_t len;
    char said[WISH_TEXT_MAX + 1];   /* as the writer wrote it, well-formed, with single spaces and LF; narrow letters and digits */
    char folded[WISH_TEXT_MAX + 1]; /* the same in small letters and simplified characters, everything in the same place */
};

/* A stretch of it, both ways. */
struct wish_piece {
    struct span said, folded;
};

void wish_text_set(struct wish_text *t, struct span text);
/* The code point at `at` (0 at the end), folded; *next is where the one after it begins. */
int32_t wish_text_cp(const struct wish_text *t, size_t at, size_t *next);
/* Without white space and the marks of clauses at both ends. */
struct wish_piece wish_text_piece(const struct wish_text *t, size_t from, size_t to);
size_t wish_text_spaces(const struct wish_text *t, size_t at); /* where the spaces at `at` end */
size_t wish_text_word(const struct wish_text *t, size_t at);   /* where the Latin word at `at` ends; `at` itself: there is none */

bool wish_is_latin(int32_t cp);   /* a letter or digit of a Latin word */
bool wish_is_word_byte(char c);   /* the same of one byte, ASCII alone */
bool wish_ends_clause(int32_t cp);
int wish_count_han(struct span text);
int wish_count_words(struct span text); /* Latin ones */

/* A quotation of any kind, 《》 included, closed on the same line. */
struct wish_quote {
    size_t from, to; /* what is quoted */
    size_t end;      /* behind the closing mark */
    bool title;      /* 《》〈〉 */
};
bool wish_text_quote(const struct wish_text *t, size_t at, struct wish_quote *q);

/* -- the tables ------------------------------------------------------------------------------------------------------------------ */

/* What a mark says of the text at hand. */
enum meaning {
    MEANS_NOTHING, /* courtesy, filler, function words: no part of a theme */
    MEANS_JOINT,   /* the same, and what it joins may be the poem itself: 关于秋天 的 七绝, about rain in tetrameter */
    MEANS_AND,     /* parts two words of a theme: 春 和 秋 */
    MEANS_WORD,    /* one word of a theme, whatever other marks are hidden in it */
    /* things with a content, the ~ of their patterns */
    MEANS_TITLE,
    MEANS_FIRST_LINE,
    MEANS_ACROSTIC,
    MEANS_RHYME,
    MEANS_THEME,
    MEANS_STYLE, /* somebody's manner, which the muse does not have */
    /* signs of a poem */
    MEANS_FORM,   /* a form of the table, or the nearest to one that is not there */
    MEANS_VERSE,  /* verse in general */
    MEANS_COUNT,  /* so many poems */
    MEANS_ORDER,  /* "write a …": what is named next is what is wanted */
    MEANS_NUMBER, /* a number before a name */
    MEANS_LINES,
    MEANS_FIVE,
    MEANS_SEVEN,
    MEANS_LEVEL,
    MEANS_OBLIQUE,
    MEANS_AGAIN,
    MEANS_GO_ON,
    /* in what */
    MEANS_IN_CHINESE,
    MEANS_IN_ENGLISH,
    MEANS_SIMPLIFIED,
    MEANS_TRADITIONAL,
    /* what the muse cannot do, in the order of enum wish_beyond */
    MEANS_PROSE,
    MEANS_STORY,
    MEANS_ANSWER,
    MEANS_CODE,
    MEANS_TRANSLATION,
    MEANS_MANY,
    MEANINGS
};

/* How loudly a sign speaks for what it names; the loudest in the text is heard. */
enum rank {
    RANK_NONE,
    RANK_HINT,  /* a poem may say it too: 描述, 故事 */
    RANK_NAME,  /* names a thing: 七绝, 论文, essay */
    RANK_TASK,  /* says what to do with any other thing: 什么是, explain */
    RANK_ORDER, /* orders the thing: 写一首, write a sonnet */
    RANK_MANY,  /* orders more of it than there can be */
};

enum {
    WISH_QUOTED = -1, /* as `most`: the content has to stand in quotation marks */
};

struct wish_mark {
    enum meaning means;
    enum rank rank;
    int most;             /* characters that ~ stands for at most when nothing quotes it; 0: any number */
    const char *zh, *en;  /* the names of the nearest forms; NULL: the language's usual one */
    const char *patterns; /* space-separated, folded; '_' is a space, '#' a number, '~' the content, as far as the clause goes where the
                             pattern ends with it */
};
extern const struct wish_mark wish_mark_table[];
extern const int wish_mark_count;

/* One noun in both languages. */
struct wish_word {
    const char *zh, *en; /* space-separated; the first stands for all */
};
extern const struct wish_word wish_word_table[];
extern const int wish_word_count;

/* -- finding --------------------------------------------------------------------------------------------------------------------- */

struct wish_match {
    const struct wish_mark *mark;
    const struct form *form;     /* MEANS_FORM that is in the table of forms */
    struct span word;            /* the pattern */
    size_t from, to;             /* all of it; without its content where the pattern ends with ~ */
    size_t content, content_end; /* ~, where the pattern or quotes bound it; the whole match where there is no ~ */
    bool open;                   /* there is a ~ */
    bool bound;
    int number;                  /* #; 1 when there is none */
};

struct patterns;

struct patterns *patterns_new(void);
void patterns_free(struct patterns *p);
/* The longest pattern that begins at `at`. */
bool patterns_find(const struct patterns *p, const struct wish_text *t, size_t at, struct wish_match *m);
/* The longest one whose ~ is this quotation: “春夏秋冬”藏头诗. */
bool patterns_find_quoted(const struct patterns *p, const struct wish_text *t, size_t at, const struct wish_quote *q, struct wish_match *m);

bool wish_has_content(enum meaning m);
/* True for what the writer may want: a form, verse in general, an essay. */
bool wish_names_a_thing(enum meaning m);
/* The content of a match (empty when it has none), with the match grown to hold it. */
struct wish_piece wish_content(const struct patterns *p, const struct wish_text *t, struct wish_match *m);
/* Where a content that begins at `from` ends. A Chinese theme may be several words with spaces between them; no acrostic spells a form. */
size_t wish_content_end(const struct patterns *p, const struct wish_text *t, size_t from, enum meaning means);

/* -- what was found -------------------------------------------------------------------------------------------------------------- */

enum {
    WISH_PIECES_MAX = 24,
};

struct wish_findings {
    struct wish_piece title, first_line, acrostic, rhyme;
    struct wish_piece lines_given;         /* what "go on:" is followed by */
    struct wish_piece themes[WISH_PIECES_MAX];
    bool marked[WISH_PIECES_MAX];          /* that theme was introduced as one (关于…), not merely left over */
    int theme_count;
    struct wish_piece quotes[WISH_WORDS_MAX]; /* quotations that nothing introduces */
    bool titles[WISH_WORDS_MAX];           /* 《》 */
    int quote_count;
    enum rank rank;
    enum wish_beyond beyond;               /* what the loudest sign asks for; BEYOND_NOTHING: a poem */
    const struct form *form;
    struct span form_word;                 /* how it was named */
    const struct wish_mark *near;          /* a form that the table lacks */
    int lines, length;
    bool language_said;
    enum form_language language;
    enum script script;
    enum wish_rhyme tone;
    bool wants_acrostic, go_on, again;
    int han, words;                        /* how much of either language the prompt has */
};
void wish_scan(struct wish_findings *f, const struct wish_text *t, const struct patterns *p);

/* -- verse by its shape ---------------------------------------------------------------------------------------------------------- */

/* True when a text that names no form looks like lines of verse. `plain`: not a word in it asks for anything. */
bool wish_looks_like_verse(struct span text, bool plain);
/* True for a line that may stand in a poem, as far as its length tells. */
bool wish_may_be_line(struct span line);
/* True when a poem of that form can begin with the line, as far as its length tells. */
bool wish_may_begin(const struct form *form, struct span line);
/* The Chinese form that lines have, or (unless they are `whole`) may still grow into; NULL: none, or the lines are not Chinese. */
const struct form *wish_form_of_lines(struct span lines, bool whole);
/* True when one line of five or seven characters can begin regulated verse as far as its tones tell. */
bool wish_fits_regulated(struct span line);

/* -- the page before ------------------------------------------------------------------------------------------------------------- */

/* What the end of a page tells. */
struct wish_page {
    struct wish_text text;        /* of the last line that asks for something */
    struct wish_findings request; /* what was found in it */
    bool has_request;
    bool ends_with_request;
    struct span verse;            /* the lines of verse that the page ends with */
    size_t begun;                 /* bytes at its end of a line that is only begun */
    struct span last;             /* its last line */
};
void wish_page_read(struct wish_page *page, struct span text, const struct patterns *p);
/* True when a text asks for a poem or for something else, rather than being part of one. */
bool wish_is_request(const struct wish_findings *f);

/* -- themes ---------------------------------------------------------------------------------------------------------------------- */

/* Adds the words of a theme in the wish's language and script, as far as they have room; what cannot be turned into it is left out.
 * `nouns`: the text is prose, and only its nouns that the table knows are worth a poem. */
void wish_add_theme(struct wish *w, const struct wish_piece *theme, bool nouns);

#endif
