/* How a model that was trained to answer wants its turns written, for servers that only go on with a plain text: a table of the forms in
 * use. None writes the mark that a model's text begins with (<s>, <bos>): servers put it before every text themselves. Knows no server. To
 * add a form, add a row. */
#ifndef RENGA_CORE_INSTRUCT_H
#define RENGA_CORE_INSTRUCT_H

#include "core/request.h"

struct instruct {
    const char *name;                                   /* as the config writes it */
    const char *system_open, *system_close;             /* system_open NULL: it goes before the first turn of the user */
    const char *user_open, *user_close;
    const char *assistant_open, *assistant_close;
    const char *mark;                                   /* what tells this form's template from others, NULL: nothing does */
};
extern const struct instruct instruct_table[];
extern const int instruct_count;

const struct instruct *instruct_find(struct span name); /* NULL: there is none */
void instruct_names(struct str *out);                   /* "chatml, llama3, …" */
/* The form that a server's own chat template (Jinja) writes; NULL: it is none of these. */
const struct instruct *instruct_guess(struct span chat_template);

/* Appends system text and turns as one text that ends where the answer begins. */
void instruct_write(const struct instruct *form, const struct request *r, struct str *out);

#endif
