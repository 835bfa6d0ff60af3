/* The rows of the two languages, for form.c alone: everybody else asks form.h. */
#ifndef RENGA_MUSE_FORM_ROWS_H
#define RENGA_MUSE_FORM_ROWS_H

#include "muse/form.h"

extern const struct form forms_zh[];
extern const int forms_zh_count;
extern const struct form forms_en[];
extern const int forms_en_count;

#endif
