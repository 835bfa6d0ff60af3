/* What the files of this room share: the voice, what it has said, and who says what. */
#ifndef RENGA_APP_PLAIN_PARTS_H
#define RENGA_APP_PLAIN_PARTS_H

#include "app/cli/printer.h"
#include "app/commands/command.h"
#include "app/footer.h"
#include "app/plain/plain.h"

#define PLAIN_AT_ONCE 20 /* rows of a list, before /more */

/* Everything that a command can change, told in words: what is told otherwise afterwards is what it did. */
enum aspect {
    ASPECT_WHERE,
    ASPECT_SERVER,
    ASPECT_DIALS,
    ASPECT_PROMPT,
    ASPECT_TAKE,
    ASPECT_PAGE,
    ASPECT_SELECTION,
    ASPECT_CARET,
    ASPECT_FOCUS,
    ASPECT_ROWS,
    ASPECT_DETAIL,
    ASPECT_COUNT
};
struct told {
    struct str text[ASPECT_COUNT];
    enum view view;
    int64_t piece;
};

/* Takes that are read out as they come, one after the other. */
struct follow {
    int *takes;              /* indices in the piece */
    int count, cap;
    int known;               /* takes of the piece that were looked at */
    size_t said;             /* bytes of the first one's text */
    bool begun, thinking, mid_line;
    int64_t countdown;       /* job whose waiting was said last */
};

struct plain {
    struct printer out;
    struct str heard;        /* of standard input, not yet done */
    bool terminal;           /* standard input is one: lines are taken while a model writes, too */
    bool ended;              /* nothing more will come */
    bool interrupted;
    bool said;               /* since the last line came */
    bool to_page;            /* what was asked came from the page: there the writer goes on */
    struct follow follow;
    struct told before;
    int from;                /* first row that /more says */
    uint64_t listed;         /* of the open list, as last said; 0: it was not */
    int asked;               /* field of the open form that was asked for last, -1: none */
    struct str form_said;    /* its message, as last said */
    struct str lines;        /* of a field of several lines, until the last one */
    int doctor_asked;        /* how often the doctor was, of whose findings */
    int doctor_said;         /* so many were said */
    bool doctor_over;        /* and how it came out, too */
    int fetched;             /* quarters of a model, as last said */
    struct str trouble;      /* what cannot be kept, as last said */
};

/* -- voice.c: everything that is printed goes through these; nothing in it can control a terminal ---- */

void plain_text(struct app *app, struct span text);          /* as it is, without a newline behind it */
void plain_say(struct app *app, const char *format, ...) __attribute__((format(printf, 2, 3))); /* a line */
void plain_sentence(struct app *app, struct span text);      /* a line; keys in it become the commands that they run */
void plain_lines(struct app *app, struct span text);         /* a text of one line or many */
void plain_quote(struct str *out, struct span text, int columns); /* on one line, shortened */

/* -- aspects.c ---- */

void told_take(struct app *app, struct told *t);
void told_release(struct told *t);
void told_report(struct app *app, const struct told *before, const struct told *now);
void plain_say_desk(struct app *app);                        /* where the writer is, in a line or two */

/* -- places.c ---- */

/* A view, or a part of the desk, as a list. */
struct spot {
    const char *name;                                        /* N_() */
    void (*head)(struct app *app, struct str *out);          /* what there is to know of it; NULL: nothing */
    void (*rows)(struct app *app, struct str *out);          /* a line a row, without its number; NULL: no list */
    void (*detail)(struct app *app, struct str *out);        /* the selected row whole */
    void (*choose)(struct app *app, int row);                /* from 0 */
    enum footer_place (*footer)(const struct app *app);
};
const struct spot *place_now(const struct app *app);
bool place_takes_numbers(struct app *app);                   /* a number chooses a row, and is no text */
int place_rows(struct app *app, struct str *out);            /* numbered from 1; how many */
void place_say(struct app *app);                             /* all of it */
void place_say_rows(struct app *app, int from);              /* the next PLAIN_AT_ONCE */
bool place_choose(struct app *app, int64_t number);          /* false, with a sentence: there is no such row */
void plain_say_ways(struct app *app, enum footer_place place); /* what can be done here */

/* -- lists.c: the views' rows in words ---- */

extern const struct spot plain_views[VIEW_COUNT], plain_dials, plain_takes;
void plain_take_row(struct app *app, int row, struct str *out);

/* -- doctor.c ---- */

void plain_doctor_head(struct app *app, struct str *out);
void plain_doctor_detail(struct app *app, struct str *out);
enum footer_place plain_doctor_footer(const struct app *app);
void plain_doctor_step(struct app *app);                     /* says what the doctor has found since */

/* -- questions.c ---- */

void plain_ask(struct app *app);                             /* says the open list, or the open form's next question */
void plain_ask_again(struct app *app);                       /* if it has changed by itself */
void plain_answer(struct app *app, struct span line);        /* what the writer says to it */
void plain_more(struct app *app);
bool plain_stand_on(struct app *app, int64_t number);        /* a row of the open list, without picking it */

/* -- follow.c ---- */

void follow_look(struct app *app);                           /* takes that were begun since */
void follow_step(struct app *app);
bool follow_busy(const struct app *app);

/* -- words.c ---- */

void plain_hear(struct app *app, struct span line);

#endif
