#include "app/plain/parts.h"
#include "app/views/doctor.h"
#include "core/i18n.h"

/* "library: … is whole", "space, wrong: …". */
static void add_finding(struct app *app, int index, struct str *out)
{
    struct doctor_row row = doctor_finding(app, index);
    str_add(out, row.name);
    if (row.sign == DOCTOR_WRONG)
        str_add_text(out, _(", wrong"));
    else if (row.sign == DOCTOR_NOTE)
        str_add_text(out, _(", take note"));
    str_printf(out, ": %.*s", SPAN_ARG(row.text));
}

void plain_doctor_step(struct app *app)
{
    struct plain *p = app->plain;
    struct str line = {0};
    if (p->doctor_asked != doctor_asked(app)) {
        p->doctor_asked = doctor_asked(app);
        p->doctor_said = 0;
        p->doctor_over = false;
    }
    for (; p->doctor_said < doctor_found(app); p->doctor_said++) {
        str_clear(&line);
        add_finding(app, p->doctor_said, &line);
        plain_lines(app, str_span(&line));
    }
    if (doctor_outcome(app).len && !p->doctor_over)
        plain_lines(app, doctor_outcome(app));
    p->doctor_over = doctor_outcome(app).len > 0;
    str_release(&line);
}

void plain_doctor_detail(struct app *app, struct str *out)
{
    if (doctor_looks(app))
        str_add_text(out, _("It looks at everything and tells as it goes; /stop ends it."));
    else
        str_add(out, doctor_outcome(app));
}

void plain_doctor_head(struct app *app, struct str *out)
{
    plain_doctor_detail(app, out);
    for (int i = 0; i < doctor_found(app); i++) {
        str_add_byte(out, '\n');
        add_finding(app, i, out);
    }
}

enum footer_place plain_doctor_footer(const struct app *app)
{
    (void)app;
    return FOOTER_DOCTOR;
}
