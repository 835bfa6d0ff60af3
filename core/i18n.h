/* The writer's language: marks and looks up the sentences of the program. Knows no sentence itself. */
#ifndef RENGA_CORE_I18N_H
#define RENGA_CORE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) gettext(text)
#define N_(text) text /* marked here, looked up where it is shown */

/* Sets the locale: LC_CTYPE and LC_MESSAGES from the environment (all else stays "C", LC_NUMERIC above all), and where the named locale
 * is not installed or not UTF-8, LC_CTYPE "C.UTF-8". `language` ("zh", "en", or NULL for the environment's) chooses the catalogue. May be called again. */
void i18n_start(const char *language);
bool i18n_chinese(void); /* the catalogue in use is the Chinese one */

#endif
