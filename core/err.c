#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Shortens a text that vsnprintf may have cut inside a character. */
static void drop_cut_character(char *text)
{
    size_t len = strlen(text), start = len;
    while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (len - (start - 1) < need)
        text[start - 1] = '\0';
}

bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
    if (!e)
        return false;
    e->kind = kind;
    e->retry_ms = 0;
    e->status = 0;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    if (len >= (int)sizeof e->text)
        drop_cut_character(e->text);
    return false;
}

void err_clear(struct err *e)
{
    if (e)
        memset(e, 0, sizeof *e);
}
