/* A popup form: labelled fields, each an editor of one line or of a few, or a choice. Knows no meaning of its fields. */
#ifndef RENGA_UI_FIELDS_H
#define RENGA_UI_FIELDS_H

#include "ui/view_desk.h"

#define FIELDS_MAX 12

struct field {
    char *label, *help;            /* owned, translated */
    char **choices;                /* NULL-ended, owned; NULL: free text */
    int choice;
    int rows;                      /* that it is high: 1 but for a text of several lines */
    struct buffer *text;
    struct editor editor;
};

struct fields {
    struct str title;
    struct str message;            /* below the fields: a result or a fault */
    enum role_id message_role;
    struct field fields[FIELDS_MAX];
    int count, selected;
    bool open;
    struct rect area, list; /* of the last draw: the whole sheet and its fields */
    int top;                /* first field shown, private */
};

void fields_init(struct fields *f);
void fields_release(struct fields *f);
void fields_open(struct fields *f, const char *title);                        /* empties it */
int fields_add_text(struct fields *f, const char *label, const char *help, struct span value); /* returns the field's index */
/* A text of several lines, `rows` of which are seen at a time. */
int fields_add_lines(struct fields *f, const char *label, const char *help, struct span value, int rows);
int fields_add_choice(struct fields *f, const char *label, const char *help, const char *const *choices, int chosen);
void fields_drop(struct fields *f, int from); /* those from there on go */
void fields_move(struct fields *f, int fields);
/* A row up (-1) or down (1): within a text of several lines, from its ends to the field beside it. */
void fields_step(struct fields *f, int step);
void fields_choose(struct fields *f, int step);                               /* the selected choice field goes on by step */
struct span fields_text(struct fields *f, int field);                         /* of a choice: the chosen text */
struct editor *fields_editor(struct fields *f);                               /* of the selected field; NULL for a choice */
void fields_draw(struct fields *f, struct canvas *c);
int fields_at(const struct fields *f, int x, int y);                          /* field, -1: none, -2: outside */

#endif
