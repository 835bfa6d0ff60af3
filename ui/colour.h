/* Colours as themes write them: default, sixteen names, 0…255 and #rrggbb. Knows no role. */
#ifndef RENGA_UI_COLOUR_H
#define RENGA_UI_COLOUR_H

#include "core/str.h"
#include "ui/style.h"

bool colour_parse(struct span text, struct colour *out);

#endif
