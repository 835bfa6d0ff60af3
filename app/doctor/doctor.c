#include "app/doctor/doctor.h"
#include "core/i18n.h"

const struct doctor_check doctor_checks[] = {
    {N_("library"), check_library},       {N_("space"), check_space},     {N_("permissions"), check_permissions},
    {N_("config"), check_config},         {N_("clock"), check_clock},     {N_("locale"), check_locale},
    {N_("terminal"), check_terminal},     {N_("network"), check_network}, {N_("muse"), check_muse},
    {N_("servers"), check_servers},       {0},
};

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {"well", "note", "wrong", "passed"};
    return names[v];
}

void doctor_tell(struct doctor *d, const struct finding *f)
{
    d->wrong += f->verdict == VERDICT_WRONG;
    d->enough = d->enough || !d->tell(d->ctx, f);
}

void doctor_say(struct doctor *d, enum verdict v, const char *format, ...)
{
    struct str text = {0};
    va_list args;
    va_start(args, format);
    str_vprintf(&text, format, args);
    va_end(args);
    doctor_tell(d, &(struct finding){.check = d->check, .verdict = v, .ms = -1, .text = str_text(&text)});
    str_release(&text);
}

bool doctor_run(struct doctor *d)
{
    d->wrong = 0;
    for (const struct doctor_check *c = doctor_checks; c->name && !d->enough; c++) {
        d->check = c->name;
        c->look(d);
    }
    return d->wrong == 0;
}
