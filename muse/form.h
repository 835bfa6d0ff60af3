/* Verse forms: the rows that the reader of prompts, the poets, the desk's picker and the help share. Knows no model. To add a form, add a
 * row (forms_zh.c, forms_en.c; form_rows.h joins them). */
#ifndef RENGA_MUSE_FORM_H
#define RENGA_MUSE_FORM_H

#include "core/str.h"

enum form_language { FORM_ZH, FORM_EN };

enum form_kind {
    FORM_REGULATED, /* 絕句, 律詩, 排律: tones by rule from line length and number */
    FORM_TUNE,      /* 詞: tones and rhymes as the pattern says */
    FORM_METRICAL,  /* English: rhyme scheme, syllables, stress */
    FORM_LOOSE,     /* nothing is promised but the shape of lines */
};

struct form {
    const char *name;    /* "qijue", "sonnet": in code and on the command line */
    const char *label;   /* N_(): as the picker shows it, at most 20 columns in every language */
    const char *help;    /* N_(): one plain line */
    const char *words;   /* every word by which a prompt may name it, space-separated with '_' for a space; simplified, traditional and
                            English alike: "七绝 七絕 七言绝句 七言絕句 qijue" */
    enum form_language language;
    enum form_kind kind;
    const char *tags;    /* the model's control tokens for it, space-separated: "七絕 唐" */
    int lines;           /* of the whole poem; 0: any */
    int length;          /* syllables (zh: characters) of each line; 0: see pattern, or any */
    const char *pattern; /* tunes and metres in the notation that forms_zh.c and forms_en.c explain; NULL: none */
};

int form_count(void);
const struct form *form_at(int i);                  /* 0 ≤ i < form_count(); Chinese ones first */
const struct form *form_named(struct span name);    /* by `name` alone; NULL: none */

#endif
