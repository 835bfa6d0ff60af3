/* What the two files of the judge of Chinese verse share: a poem as it stands on the page, and its characters' tones. */
#ifndef RENGA_TESTS_MUSE_CHECK_ZH_PARTS_H
#define RENGA_TESTS_MUSE_CHECK_ZH_PARTS_H

#include "check_zh.h"
#include "muse/tones.h"

enum { LINES = 64, LENGTH = 24, SPELLINGS = 8, COMMA = 0xFF0C, STOP = 0x3002 };

/* A character as it stands and, of a simplified text, all traditional ones that it may stand for: what one of them may be, it may be. */
struct place {
    int32_t written;
    int32_t read[SPELLINGS]; /* the first is `written` */
    int readings;
};

struct line {
    struct place place[LENGTH];
    int length;
    int pause;    /* after so many characters; 0: there is none */
    int32_t mark; /* behind the last character; 0: there is none */
    int breaks;   /* line breaks behind it */
};

struct poem {
    struct line line[LINES];
    int lines;
    struct faults *faults;
};

/* Lines from 0. */
void blame(struct poem *p, const char *rule, int line);
void blame_poem(struct poem *p, const char *rule);

/* A character whose tone nobody knows can be neither. */
bool may_be(struct place c, enum tone t);
struct place end_of(const struct poem *p, int line); /* the last character of a line that has one */
/* The lone level tone: places counted from 0; `at` is the level one, an oblique one and the level end follow. */
bool stands_alone(const struct line *l, int at);

/* Breaks between lines, and an empty line after `stanza_end` (-1: nowhere). */
void check_breaks(struct poem *p, int stanza_end);
/* Lines of one length, marked as couplets; false when that is not so and places cannot be counted. */
bool check_shape(struct poem *p, int lines, int length);

/* False when there is no such tune. */
bool check_tune(struct poem *p, const struct asked *asked);
/* Lines of one length whose even ones rhyme as 詞 does. */
void check_old(struct poem *p, const struct asked *asked, int length);

#endif
