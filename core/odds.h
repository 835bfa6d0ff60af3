/* Token odds: how likely each token of a take was to its model, and what else might have stood there. Plain data: knows no server, no
 * library and no screen.
 *
 * A token is bytes, not text: models cut Chinese characters into two or three tokens. A record holds tokens as the server told them; units
 * are what a writer can look at, whole characters each, laid over the take's text. */
#ifndef RENGA_CORE_ODDS_H
#define RENGA_CORE_ODDS_H

#include "core/source.h"

struct odds_alternative {
    size_t at, len;             /* in the record's bytes */
    double logprob;             /* natural logarithm, never above 0 */
};

struct odds_token {
    size_t at, len;
    double logprob;
    int first, count;           /* alternatives */
};

/* The tokens of one take, in order. Zeroed memory is an empty record. */
struct odds_record {
    struct str bytes;
    struct odds_token *tokens;
    int count, cap;
    struct odds_alternative *alternatives;
    int alternative_count, alternative_cap;
};
void odds_record_release(struct odds_record *r);
#define ODDS_TOKENS_MAX (1 << 20)
/* What goes beyond ODDS_TOKENS_MAX is passed over. */
void odds_record_add(struct odds_record *r, struct span token, const struct odds *o);
/* Forgets the tokens that did not come into the take's text: signs of its end, thoughts, what a stop string cut off. */
void odds_record_settle(struct odds_record *r, struct span text);

/* The form that the library keeps:
 *
 *     renga odds 1
 *     LOGPROB TAB TOKEN { TAB LOGPROB TAB ALTERNATIVE }       a line for each token
 *
 * A logprob is written as thousandths below 0: -0.317 is 317. Tokens are UTF-8 with \\ \t \n \r and \xHH for every other control and every
 * byte that is no part of a character. An alternative "=" is the token itself (one that reads "=" is \x3D). */
void odds_record_write(const struct odds_record *r, struct str *out);
/* `r` is released first, and empty after a failure: ERR_FORMAT, or ERR_LIMIT where a newer form or a bound is met. */
bool odds_record_read(struct odds_record *r, struct span form, struct err *e) MUST_USE;

/* -- over the text ----------------------------------------------------------------------------------------------------------------- */

/* A stretch of the take's text that the odds are about: one token, or several that make whole characters together. Their odds are the
 * product of the tokens'. */
struct odds_unit {
    size_t from, to;            /* bytes of the take's text */
    int first, count;           /* tokens; count 0: nothing is known of this stretch */
    double logprob;
};
/* Units follow one another from the text's first byte to its last. */
struct odds_units {
    struct odds_unit *list;
    int count, cap;
};
/* Lays the tokens over the text. Where they do not fit (bytes that a server did not tell, tokens that never came into the text) the next
 * three that fit again are looked for; what lies between is one unit. `u` is released first. */
void odds_units_make(struct odds_units *u, const struct odds_record *r, struct span text);
void odds_units_release(struct odds_units *u);
int odds_units_at(const struct odds_units *u, size_t at); /* the unit of a byte; the last one at the end; -1: there are none */

bool odds_has_face(struct span text); /* whole characters, and none that stands for bytes nobody knows */

#define ODDS_CHOICES (ODDS_MAX + 1)

struct odds_choice {
    struct str text;            /* whole characters */
    double odds;                /* 0…1 */
    bool taken;                 /* this is what the take says */
};
struct odds_choices {
    struct odds_choice list[ODDS_CHOICES]; /* likeliest first, the taken one among them */
    int count;
    double rest;                /* the odds of everything else together */
    double each;                /* no other token is likelier than this */
};
/* What might have stood in a unit's place. Of a unit of several tokens these are, at each of its tokens, the alternatives that make whole
 * characters together with the tokens before them; one that would only begin a character has no face and counts to the rest. */
void odds_choices_make(struct odds_choices *c, const struct odds_record *r, const struct odds_unit *u, struct span text);
void odds_choices_release(struct odds_choices *c);

/* What the dials make of them: p′ ∝ p^(1/T), then min_p, top_k and top_p cut, and what is left is shared out to 1. Where T is 0 the likeliest
 * has it all. The rest counts as the fewest tokens it can be, each as likely as `each`. Writes after[count], 0 where one was cut, and the
 * odds of the rest. */
void odds_reshape(const struct odds_choices *c, const struct dials *d, double *after, double *rest);

/* How likely something is, in five steps that are told apart by looks. */
enum odds_step { ODDS_SURE, ODDS_LIKELY, ODDS_EVEN, ODDS_UNLIKELY, ODDS_RARE, ODDS_STEPS };
extern const double odds_step_from[ODDS_STEPS]; /* the least odds of each step */
enum odds_step odds_step(double odds);

#endif
