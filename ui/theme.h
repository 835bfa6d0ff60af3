/* Themes: a look for every role, read from a file of the form
 *
 *     name = ink
 *     inherit = terminal
 *     [roles]
 *     accent = #d7875f bold
 *     error  = red on default
 *
 * Colours: default, the sixteen names (black red green yellow blue magenta cyan white, bright-…), 0…255, #rrggbb.
 * Attributes: bold dim italic underline reverse. The shipped themes are compiled in; files in the config folder come on top. */
#ifndef RENGA_UI_THEME_H
#define RENGA_UI_THEME_H

#include "core/err.h"
#include "core/str.h"
#include "ui/style.h"

struct theme {
    char name[64];
    struct style styles[STYLE_COUNT]; /* complete: inheritance is already worked out */
};

struct shipped_theme {
    const char *name;
    const char *text; /* the file's contents */
};
extern const struct shipped_theme shipped_themes[]; /* generated from themes/ at build time; ends with a NULL name */

const char *style_role_name(enum role_id role);
/* `folder` (may be NULL) holds the writer's own *.theme files; they win over shipped ones of the same name. On a fault the
 * sentence names file and line, and `out` is the terminal theme. */
bool theme_load(struct theme *out, const char *name, const char *folder, struct err *e) MUST_USE;
/* Names of all themes, one a line: shipped first, then the folder's. */
void theme_list(struct str *out, const char *folder);
/* Contrast ratio (WCAG 2.1, 1…21) of two 24-bit or 256-palette colours; 0 when one is the terminal's own (unknown). */
double colour_contrast(struct colour a, struct colour b);

#endif
