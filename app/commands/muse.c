#include "app/commands/command.h"
#include "app/desk/learn.h"
#include "app/menu.h"
#include "app/desk/offer.h"
#include "core/i18n.h"
#include "muse/wish.h"

static void example(struct app *app, int arg)
{
    (void)arg;
    if (app->view == VIEW_DESK)
        offer_next(app);
}

/* -- forms --------------------------------------------------------------------------------------------------------------------------------- */

static void form_picked(struct app *app, const char *id)
{
    const struct form *form = form_named(span_of(id));
    if (form)
        offer_form(app, form);
}

/* The one that the prompt is understood to mean. */
static const struct form *understood(struct app *app)
{
    struct wish wish;
    wish_init(&wish);
    wish_read(&wish, buffer_text(app->prompt), SPAN(""));
    const struct form *form = wish.form;
    wish_release(&wish);
    return form;
}

static void forms(struct app *app, int arg)
{
    (void)arg;
    if (app->view != VIEW_DESK)
        return;
    menu_picker(app, _("Forms"), _("a name"), form_picked);
    for (int i = 0; i < form_count(); i++) {
        const struct form *form = form_at(i);
        if (i == 0 || form->language != form_at(i - 1)->language)
            picker_add_heading(&app->picker, form->language == FORM_ZH ? _("Chinese") : _("English"));
        picker_add(&app->picker, _(form->label), form->name, _(form->help), form->name);
    }
    picker_filter(&app->picker);
    picker_select(&app->picker, understood(app)->name);
}

/* -- voices --------------------------------------------------------------------------------------------------------------------------------- */

static void learn(struct app *app, int arg)
{
    (void)arg;
    desk_learn(app);
}

static void learn_stop(struct app *app, int arg)
{
    (void)arg;
    desk_learn_stop(app);
}

static void forget(struct app *app, int arg)
{
    (void)arg;
    desk_learn_forget(app);
}

static void recall(struct app *app, int arg)
{
    (void)arg;
    desk_learn_recall(app);
}

const struct command commands_muse[] = {
    {"form", N_("choose a form of verse: its name goes into the prompt"), forms, 0, false},
    {"example", N_("put an example into the prompt, or the next one"), example, 0, false},
    {"learn", N_("teach the muse a voice from your texts, or see how it learns"), learn, 0, false},
    {"learn-stop", N_("stop learning; the state is kept"), learn_stop, 0, false},
    {"forget", N_("forget a voice that the muse has learnt"), forget, 0, false},
    {"recall", N_("bring back a voice that was forgotten, or learnt anew under its name"), recall, 0, false},
    {0},
};
