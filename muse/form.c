#include "muse/form.h"
#include "core/mem.h"
#include "muse/form_rows.h"

int form_count(void)
{
    return forms_zh_count + forms_en_count;
}

const struct form *form_at(int i)
{
    CHECK(i >= 0 && i < form_count());
    return i < forms_zh_count ? &forms_zh[i] : &forms_en[i - forms_zh_count];
}

const struct form *form_named(struct span name)
{
    for (int i = 0; i < form_count(); i++)
        if (span_is(name, form_at(i)->name))
            return form_at(i);
    return NULL;
}
