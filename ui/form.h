/* A popup form: labelled fields, each a single-line editor or a choice. Knows no meaning of its fields. */
#ifndef RENGA_UI_FORM_H
#define RENGA_UI_FORM_H

#include "ui/view_desk.h"

#define FORM_FIELDS_MAX 12

struct form_field {
    char *label, *help;            /* owned, translated */
    char **choices;                /* NULL-ended, owned; NULL: free text */
    int choice;
    struct buffer *text;
    struct editor editor;
};

struct form {
    struct str title;
    struct str message;            /* below the fields: a result or a fault */
    enum role_id message_role;
    struct form_field fields[FORM_FIELDS_MAX];
    int count, selected;
    bool open;
    struct rect area, list; /* of the last draw: the whole sheet and its fields */
    int top;                /* first field shown, private */
};

void form_init(struct form *f);
void form_release(struct form *f);
void form_open(struct form *f, const char *title);                            /* empties it */
int form_add_text(struct form *f, const char *label, const char *help, struct span value);   /* returns the field's index */
int form_add_choice(struct form *f, const char *label, const char *help, const char *const *choices, int chosen);
void form_move(struct form *f, int fields);
void form_choose(struct form *f, int step);                                   /* the selected choice field goes on by step */
struct span form_text(struct form *f, int field);                             /* of a choice: the chosen text */
struct editor *form_editor(struct form *f);                                   /* of the selected field; NULL for a choice */
void form_draw(struct form *f, struct canvas *c);
int form_at(const struct form *f, int x, int y);                              /* field, -1: none, -2: outside */

#endif
