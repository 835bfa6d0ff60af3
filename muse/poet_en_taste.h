/* The English poet's taste: what reads well against what is merely likely, in nats (a nat: e times as likely). Found by reading many
 * poems. */
#ifndef RENGA_MUSE_POET_EN_TASTE_H
#define RENGA_MUSE_POET_EN_TASTE_H

struct verse_taste {
    /* while a line is drafted */
    float theme_end, theme_most; /* how much of the theme's pull a last word feels; the pull of one word, at most */
    float theme_enough;          /* pull in a line from which on it pulls no more */
    float rare_draft;            /* for each halving of a full word's frequency */
    float end_flat;              /* by how much the choice of last words is flattened */
    float mere_prefix;           /* against a word that cannot end the line, as the beginning of one that can */
    float ease;                  /* for last words whose rhymes are in the air */
    float said_before;           /* against full words of the lines before */
    float light_twice, full_twice; /* against words that the line has already */
    float wrong_article;         /* "a evening", "an morning" */
    /* while it is drafted and when it is judged */
    float theme;                 /* for words that the theme makes likelier */
    float keyword;               /* for words that the writer gave */
    float content_weak, light_strong; /* against a full word on a weak syllable, a function word on a strong one */
    float article_strong;        /* against "the" on a strong one */
    /* when it is judged */
    float plan, plain, relevance; /* for each nat: after its last word is known; as it is read; more with the theme than without */
    float rare;                  /* for each halving of a full word's frequency */
    float repeat;                /* against a full word that came before */
    float began, began_just_now; /* against a line that begins as one of those before, or as the last one */
    float began_alike;           /* more when the second word is the same, too */
    float worn;                  /* against "is" and the like, for each time that they came before */
    float rare_end;              /* against a last word that few know, for each halving of its frequency below RARE_END */
};
extern const struct verse_taste verse_taste;

#endif
