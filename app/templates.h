/* The templates there are: those that come with the program and the writer's own files on top. Knows no form and no desk. */
#ifndef RENGA_APP_TEMPLATES_H
#define RENGA_APP_TEMPLATES_H

#include "core/template.h"

struct shipped_template {
    const char *name; /* of its file, without .txt */
    const char *text;
};
extern const struct shipped_template shipped_templates[]; /* generated from templates/ at build time; ends with a NULL name */

struct templates {
    struct template *list;
    bool *own;        /* beside it: from the writer's folder */
    int count, cap;
};

/* All of them: shipped ones in their order, one of the writer's in the place of the one that has its name, the others behind, by file name.
 * `folder` may be missing. A broken file is passed over; the first fault is told in `e`, and the result is then false. */
bool templates_load(struct templates *t, const char *folder, struct err *e) MUST_USE;
void templates_release(struct templates *t);
const struct template *templates_find(const struct templates *t, struct span name); /* NULL: there is none */
/* Writes a file NAME.txt into the folder, which is made when it is missing. Refused when there is one already, when the text does not
 * parse, and for a name that is none for a file. `path` gets the file's. */
bool templates_save(const char *folder, struct span name, struct span help, struct span text, struct str *path, struct err *e) MUST_USE;

#endif
