#include "app/commands/command.h"
#include "app/views/doctor.h"
#include "core/i18n.h"

#define ALL 1000000 /* rows, more than there are */

static void doctor(struct app *app, int arg)
{
    (void)arg;
    doctor_look_open(app);
}

static void scroll(struct app *app, int rows)
{
    doctor_scroll(app, rows);
}

static void scroll_pages(struct app *app, int pages)
{
    doctor_scroll_pages(app, pages);
}

static void copy(struct app *app, int arg)
{
    (void)arg;
    doctor_copy(app);
}

const struct command commands_doctor[] = {
    {"doctor", N_("the doctor: is everything well, from the library to the servers"), doctor, 0, false},
    {"doctor-down", N_("scroll a row down"), scroll, 1, true},
    {"doctor-up", N_("scroll a row up"), scroll, -1, true},
    {"doctor-page-down", N_("a screen down"), scroll_pages, 1, true},
    {"doctor-page-up", N_("a screen up"), scroll_pages, -1, true},
    {"doctor-first", N_("to the first row"), scroll, -ALL, true},
    {"doctor-last", N_("to the last row"), scroll, ALL, true},
    {"doctor-copy", N_("copy everything that was found"), copy, 0, true},
    {0},
};
