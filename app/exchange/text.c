#include "app/exchange/formats.h"

void text_page(const struct exchange_page *pg, const struct exchange_look *look, struct str *out)
{
    (void)look;
    str_add(out, str_span(&pg->text));
}

void text_answer(const struct answer *a, struct str *out)
{
    for (int i = 0; i < a->count; i++) {
        struct span text = str_span(&a->takes[i].text);
        if (text.len == 0)
            continue;
        if (out->len)
            str_add_byte(out, '\n');
        str_add(out, text);
        if (text.s[text.len - 1] != '\n')
            str_add_byte(out, '\n');
    }
}
