/* The English poet from inside: its lines, candidates and contexts. For poet_en*.c alone.
 *
 *  A line is made in three moves, each a few small steps:
 *    draft  sixteen candidates side by side, many in turn; each first picks its last word (which decides the rhyme), then is spelled word
 *           by word with whatever does not fit masked away, and arrives at that last word on the right syllable (poet_en_draft.c)
 *    weigh  the likeliest are read again without the theme and without the plan, and judged by what all three say (poet_en_weigh.c)
 *    take   the best one is written, and becomes part of every context (poet_en.c) */
#ifndef RENGA_MUSE_POET_EN_PARTS_H
#define RENGA_MUSE_POET_EN_PARTS_H

#include "muse/meter_en.h"
#include "muse/poet.h"
#include "muse/poet_en_words.h"

enum {
    LANES = 16,        /* candidates side by side */
    POOL = 16,         /* candidates that are kept to be weighed */
    LINE_TOKENS = 48,  /* of a candidate with its plan, at most */
    LINE_WORDS = 20,
    HEAD_TOKENS = 64,
    RHYME_ENDS = 8,    /* lines on one rhyme, at most */
    TAKEN = 256,       /* sounds of last words, at most */
    KEYWORDS = 16,
    END_MASKS = 2,
    WORN = 6,
    ARTICLES = 3,
    MARKS = 7,
};

/* What the model is told before it is asked: the poem so far, in three tellings. */
enum telling {
    TELL_PLAN,  /* theme, and every line after its last word: what lines are drafted from */
    TELL_BARE,  /* the same without the theme: how likely a line is anyway */
    TELL_PLAIN, /* theme, lines as they are read: whether it is English */
    TELLINGS,
};

/* A candidate for a line. */
struct draft {
    int token[LINE_TOKENS];   /* last word, <rw>, the line with its mark at the end */
    int count, body;          /* tokens; where the line begins */
    int word[LINE_WORDS];     /* entries of the line */
    int words;
    int end;                  /* entry of the last word, -1: not chosen */
    const struct pronunciation *end_said;
    int total;                /* syllables */
    bool open;                /* no mark at the end */
    int read;                 /* tokens of it that were weighed */
    float logprob[TELLINGS];
    float strain;             /* against the beat */
    float score;
};

enum lane_stage {
    LANE_END,   /* picks the last word */
    LANE_BODY,  /* spells the line */
    LANE_LAST,  /* arrives at the last word */
    LANE_TAIL,  /* picks the mark at the end */
    LANE_READY,
};

/* A candidate while it grows. */
struct lane {
    enum lane_stage stage;
    struct draft draft;
    bool busy;
    int at;                   /* syllables of the complete words */
    int least;                /* syllables with which the line may end */
    int limit;                /* where the last word has to begin (planned) or to end */
    struct word_range range;  /* of the word being spelled; depth 0: none */
    float lent;               /* what its first token was leaned towards, as a word of its own */
    int spelled;              /* tokens of the last word */
    int since;                /* words since the line's beginning or a mark */
    int marks;                /* inside the line */
    bool hanging;             /* the last of them is a function word */
    bool tight;               /* few tokens are left: words of one token only */
};

/* A set of tokens, a bit each. */
struct mask {
    int at, limit, total, line; /* what it is for */
    char letter;
    bool tight;
    uint64_t *bits;
};

/* What a rhyme has so far. */
struct rhyme_group {
    int rhyme;               /* class; 0: none yet */
    int needed;              /* lines on it in the poem */
    int onset[RHYME_ENDS];   /* of the last words so far */
    int end_count;
};

/* A sound that a last word has, and the number of its line's rhyme. */
struct taken_sound {
    int rhyme, number;
};

/* A line of the poem, as far as it is written. */
struct written {
    int token[LINE_TOKENS];  /* last word, <rw>, line */
    int count, body;
    int first, second, end;  /* entries of its first two words and the last, -1: not among the words */
    struct str text;         /* as it is shown */
};

/* What a line leans to, by where the next word begins. */
enum lean { LEAN_NONE, LEAN_END, LEAN_WEAK, LEAN_STRONG, LEANS };


enum en_phase {
    EN_WORDS, /* the tree of words is made */
    EN_TELL,  /* the contexts are told what is new */
    EN_SHARE, /* the lanes learn what the context of drafts knows */
    EN_DRAFT,
    EN_PASS,  /* the lanes learn what a context of weighing knows */
    EN_WEIGH,
    EN_OVER,
};

struct poet_en {
    struct poet base;
    const struct form *form;
    struct verse_plan plan;
    bool planned, themed;
    char letters[VERSE_LINES_MAX + 1]; /* the acrostic's, small; '\0' where it says nothing */

    struct verse_words *words;
    struct decoder *decoder;
    struct sampler sampler;     /* for drafts: as the dials say, but warmer, since only the best are kept */
    int lanes, drafts;          /* candidates side by side, and for a line */

    enum en_phase phase;
    int line;                   /* the one being made */
    int laxity;                 /* how far the choice of last words is widened, since nothing was found */
    struct written done[VERSE_LINES_MAX];
    struct rhyme_group group[VERSE_LINES_MAX + 1]; /* by the number of the rhyme */
    struct taken_sound taken[TAKEN];
    int taken_count;
    uint16_t *stem;             /* of the full words so far */
    int stem_count, stem_cap;
    int article[ARTICLES];      /* entries of "a", "an" and "the" */
    int worn[WORN], worn_count; /* entries of words that wear out, and how often they came in the last lines */
    uint16_t keyword[KEYWORDS]; /* stems of the writer's words */
    int keyword_count;

    int head[TELLINGS][HEAD_TOKENS];
    int head_count[TELLINGS];
    int *queue[TELLINGS];       /* what a context has to be told */
    int queue_count[TELLINGS];
    int told[TELLINGS];         /* how much of it the context has taken in */

    int copied;                 /* lanes that know the context */
    struct lane lane[LANES];
    int drafts_left;
    int least, most;            /* syllables of the line */
    bool barren;                /* a lane came to where the form allows nothing */
    struct draft pool[POOL];
    int pool_count;
    enum telling weighing;

    struct mask *masks;
    int mask_count, mask_cap;
    uint64_t *end_bits[END_MASKS]; /* first tokens of the current line's last words, by the line's length */
    int end_total[END_MASKS];      /* that length; 0: not worked out */
    uint64_t *allowed;          /* scratch */
    float *shaped;              /* scratch [V] */
    float *mass;                /* scratch [classes + 1] */
    float *lean[LEANS];         /* [V] */
    float *theme;               /* [V] how much likelier the theme makes a token */
    int *history;               /* tokens of the lines so far, for the dials' penalties */
    int history_count, history_cap;
    int said_tokens;            /* of the poem, as max_tokens counts */

    int token_rw, token_nl, token_par, token_cap;
    int marks[MARKS];           /* , ; : -- . ! ? as tokens, -1: missing */
};

/* poet_en_wish.c: what the wish says about the lines. */
bool poet_en_read_wish(struct poet_en *p, struct err *e);
void poet_en_find_keywords(struct poet_en *p); /* once the words are made */
bool poet_en_fail(const struct poet_en *p, struct err *e); /* says why no line could be made; false */

/* poet_en_ends.c */
void poet_en_count_rhymes(struct poet_en *p);
bool poet_en_may_end(const struct poet_en *p, const struct verse_entry *e, int total);
bool poet_en_chimes(const struct poet_en *p, const struct verse_entry *e); /* with a last word of the lines before, or is one */
/* How a word is said at the end of the current line of `total` syllables; NULL: it cannot stand there. */
const struct pronunciation *poet_en_end_way(const struct poet_en *p, const struct verse_entry *e, int total);
/* The current line ends in this word: the lines to come rhyme with it or keep away from it. */
void poet_en_take_end(struct poet_en *p, struct span word, const struct pronunciation *said);
/* How many words rhyme with `word` (no more are counted than one beyond what rhyme `number` needs), and how it is said then. */
int poet_en_rhymes_of(const struct poet_en *p, struct span word, int number, struct pronunciation *said);

/* poet_en_draft.c */
void poet_en_draft_begin(struct poet_en *p);
bool poet_en_draft_step(struct poet_en *p); /* one token for every lane; true: the line's drafts are all there */

/* poet_en_lean.c */
void poet_en_lean(struct poet_en *p);       /* sets `lean` for the line that begins */
void poet_en_find_words(struct poet_en *p); /* articles and worn words, once the words are made */
bool poet_en_is_worn(const struct poet_en *p, int word);
float poet_en_strain(const struct poet_en *p, const struct verse_entry *e, const struct pronunciation *said, int total, int at);
float poet_en_rarity(const struct verse_entry *e);                            /* 0: function words and the commonest full ones */
float poet_en_pull(const struct poet_en *p, const struct verse_entry *e);     /* of the theme on the word */
bool poet_en_stem_said(const struct poet_en *p, uint16_t stem);               /* in the lines before */
bool poet_en_is_keyword(const struct poet_en *p, uint16_t stem);

/* poet_en_weigh.c */
/* Sets the draft's score; `weighed`: it was read in every telling. A draft that still grows may be scored too. */
void poet_en_score(const struct poet_en *p, struct draft *d, bool weighed);
void poet_en_weigh_begin(struct poet_en *p, enum telling t);
bool poet_en_weigh_step(struct poet_en *p); /* one token for every draft of the pool; true: they are read */

/* poet_en_tell.c */
void poet_en_tell_begin(struct poet_en *p);
void poet_en_tell_line(struct poet_en *p);  /* the line before the current one is new */
bool poet_en_tell_step(struct poet_en *p);  /* true: the contexts know all */
bool poet_en_share_step(struct poet_en *p, enum telling t, int lanes); /* true: so do the first `lanes` lanes */

/* poet_en_write.c: finished lines. */
bool poet_en_mark_ends(int mark);           /* whether marks[mark] can end a poem */
void poet_en_write_draft(struct poet_en *p, const struct draft *d);
void poet_en_write_text(struct poet_en *p, struct span text);    /* the writer's own first line */
void poet_en_write_again(struct poet_en *p, int line);           /* a refrain */
/* Appends the current line; false: max_tokens was reached in it, and the poem ends here. */
bool poet_en_show(struct poet_en *p, struct str *out);

#endif
