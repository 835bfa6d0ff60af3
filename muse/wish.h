/* What the writer wishes for, read out of a prompt: form, title, theme, first line, acrostic, rhyme. Knows no model and no screen. */
#ifndef RENGA_MUSE_WISH_H
#define RENGA_MUSE_WISH_H

#include "muse/form.h"

enum wish_kind {
    WISH_VERSE,    /* a poem in `form` */
    WISH_CONTINUE, /* lines to go on from, as they stand in `text` */
    WISH_BEYOND,   /* an essay, an answer, code: what the muse cannot do; form, theme and the rest say what verse it offers instead */
};

enum wish_beyond { /* what a WISH_BEYOND asks for */
    BEYOND_NOTHING,
    BEYOND_PROSE, /* essays, reports, descriptions, letters */
    BEYOND_STORY,
    BEYOND_ANSWER,
    BEYOND_CODE,
    BEYOND_TRANSLATION,
    BEYOND_MANY, /* several poems at once */
};

enum wish_rhyme { RHYME_ANY, RHYME_LEVEL, RHYME_OBLIQUE }; /* Chinese: 平声韵, 仄声韵 */

#define WISH_WORDS_MAX 8

struct wish {
    enum wish_kind kind;
    enum form_language language;
    bool simplified;           /* Chinese: answer in simplified characters */
    const struct form *form;   /* never NULL after wish_read() */
    bool form_said;            /* the writer named the form; else it was chosen */
    enum wish_beyond beyond;   /* BEYOND_NOTHING unless kind is WISH_BEYOND */
    int lines;                 /* how many the writer asked for; 0: not said. For forms that have no number of their own */
    struct str title;          /* "" : none was given */
    struct str words[WISH_WORDS_MAX]; /* theme: "秋夜", "sea"; Chinese as the writer wrote them */
    int word_count;
    struct str first_line;     /* the poem has to begin with this */
    struct str acrostic;       /* the lines' first characters (zh, as the writer wrote them) or letters (en, capitals) */
    struct str rhyme;          /* Chinese: a group's name ("一东", "东") or a character to rhyme with; English: a word to rhyme with */
    enum wish_rhyme rhyme_tone;
    struct str text;           /* WISH_CONTINUE: the lines to go on from */
};

void wish_init(struct wish *w);
void wish_release(struct wish *w);
void wish_copy(struct wish *to, const struct wish *from);   /* `to` is released first */
/* Reads `prompt` (what was asked) after `context` (the page before it, may be empty). Never fails: a text without any sign of a form is a
 * theme when it is short and lines to go on from when it looks like verse. */
void wish_read(struct wish *w, struct span prompt, struct span context);
/* "七绝 · 秋夜 · 藏头 春夏秋冬": what was understood, in one line in the wish's language, for the picker and the takes' head. */
void wish_describe(const struct wish *w, struct str *out);
/* For a WISH_BEYOND: one sentence in the wish's language that says what the muse cannot do, what to do about it (F2) and on what theme it
 * offers a poem instead. */
void wish_explain_beyond(const struct wish *w, struct str *out);

#endif
