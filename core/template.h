/* Templates: prompts with {variables} that a form fills. Plain data; knows no file system, no form and no desk.
 *
 *     name = 五绝                      the head: lines of `key = value` up to the first empty line; a file may have none
 *     help = 四句二十字                name, help: for lists. language = zh | en. group = verse | prose | editing.
 *     language = zh                    dials = temperature=0.9 top_p=0.95: set when the template is used.
 *     group = verse                    focus = prompt | page: page gives the keys to the page when something is selected there,
 *                                      so that ^G rewrites it. needs = server: the muse cannot do it.
 *                                      A line that begins with # is a comment.
 *     写一首五绝，题目《{题目=秋夜}》，用{韵:平声|仄声}韵。
 *
 * The head is there when the first line is one ASCII word and a =; a text that begins so itself has an empty line put first. In the text:
 *
 *     {name}                           a field of the form
 *     {name=what stands there first}
 *     {name:this|that|the other}       a choice
 *     {selection} {page} {title}       from the desk: what is selected on the page (the page where nothing is), the page, the piece's title
 *     {{ }}                            the braces themselves
 *
 * A name may be of any script and stand several times; what it begins with is said once. Input methods' ： ＝ ｜ count as : = | there. */
#ifndef RENGA_CORE_TEMPLATE_H
#define RENGA_CORE_TEMPLATE_H

#include "core/str.h"

#define TEMPLATE_FILE_MAX      (64u << 10)
#define TEMPLATE_VARIABLES_MAX 12
#define TEMPLATE_NAME_MAX      60 /* bytes */

struct template_variable {
    struct str name;
    struct str value;      /* what stands there first, "" : nothing */
    struct str choices;    /* one a line; "" : any text */
};

enum template_group { TEMPLATE_VERSE, TEMPLATE_PROSE, TEMPLATE_EDITING, TEMPLATE_OTHER, TEMPLATE_GROUP_COUNT };
const char *template_group_name(enum template_group g); /* as the head writes it; "" for TEMPLATE_OTHER, which no head names */

struct template {
    struct str name;       /* what it is found by */
    struct str help;
    struct str language;   /* "zh", "en", "" : not said */
    struct str dials;      /* as dials_parse() reads them, "" : none */
    struct str text;       /* with its braces, without its head */
    enum template_group group;
    bool focus_page;
    bool needs_server;
    bool wants_selection, wants_page; /* it holds {selection}, {page} */
    struct template_variable *variables; /* the form's, in the order of the text */
    int count, cap;
};

void template_release(struct template *t);
/* Reads a file's contents. `file` is for messages, "FILE:LINE: sentence"; `name` is what it is called unless its head says so. `out` is
 * zeroed or released first; on false it is empty. */
bool template_parse(struct template *out, const char *file, struct span name, struct span text, struct err *e) MUST_USE;
/* The text with every variable as `value` says, by name; those of the desk are asked for like the others. Appends to `out`. */
void template_fill(const struct template *t, struct span (*value)(void *ctx, struct span name), void *ctx, struct str *out);
int template_find_variable(const struct template *t, struct span name); /* -1: it has none of that name */

#endif
