#include "app/doctor/doctor.h"
#include "core/i18n.h"
#include "storage/health.h"

#define LOOK_MS 20 /* between two looks at what takes longer */

const struct doctor_check doctor_checks[] = {
    {N_("library"), check_library, check_library_read},
    {N_("space"), check_space, NULL},
    {N_("permissions"), check_permissions, NULL},
    {N_("config"), check_config, NULL},
    {N_("clock"), check_clock, NULL},
    {N_("locale"), check_locale, NULL},
    {N_("terminal"), check_terminal, NULL},
    {N_("network"), check_network, NULL},
    {N_("muse"), check_muse, NULL},
    {N_("servers"), check_servers, check_servers_answered},
    {0},
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

bool doctor_over(const struct doctor *d)
{
    return d->enough || !doctor_checks[d->at].name;
}

const char *doctor_at(const struct doctor *d)
{
    return doctor_over(d) ? "" : doctor_checks[d->at].name;
}

int doctor_wait_ms(const struct doctor *d)
{
    return doctor_over(d) ? -1 : d->looking ? LOOK_MS : 0;
}

bool doctor_step(struct doctor *d)
{
    if (doctor_over(d))
        return false;
    const struct doctor_check *c = &doctor_checks[d->at];
    d->check = c->name;
    if (!d->looking)
        c->look(d);
    d->looking = c->wait && !d->enough && !c->wait(d);
    d->at += !d->looking;
    return !doctor_over(d);
}

bool doctor_answer(struct doctor *d, const struct answer *a)
{
    return d->questions && questions_answer(d, a);
}

void doctor_end(struct doctor *d)
{
    library_reading_stop(d->reading);
    questions_free(d->questions);
    d->reading = NULL;
    d->questions = NULL;
    d->enough = true;
}
