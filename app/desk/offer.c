#include "app/desk/offer.h"
#include "app/desk/desk.h"
#include "app/servers.h"
#include "app/desk/text_target.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/script.h"
#include "muse/wish.h"

#include <string.h>

/* -- examples ------------------------------------------------------------------------------------------------------------------------------ */

/* The first of them is what a first screen offers, in the writer's language; both languages are in the list, since the muse has both. */
static const char *const examples[] = {
    N_("a sonnet about the sea"), N_("haiku: first snow"),          N_("a limerick about a cat"), N_("a ballad of the lost ship"),
    N_("写一首七绝，秋夜"),       N_("藏头诗 春夏秋冬"),            N_("浣溪沙，春雨"),           N_("五律，题目《山居》"),
};

/* The example that the prompt is, -1: none. */
static int example_in(struct app *app)
{
    for (size_t i = 0; i < COUNT_OF(examples); i++)
        if (span_is(buffer_text(app->prompt), _(examples[i])))
            return (int)i;
    return -1;
}

static void write_prompt(struct app *app, struct span text)
{
    struct editor *ed = &app->desk.prompt;
    editor_select_all(ed);
    editor_type(ed, text);
    buffer_seal(app->prompt);
    text_edited(app, ed);
}

struct span offer_shown(struct app *app)
{
    bool empty = buffer_length(app->prompt) == 0 && buffer_length(app->page.buf) == 0;
    return empty && server_is_muse(servers_current(app)) ? span_of(_(examples[app->example])) : SPAN("");
}

void offer_take(struct app *app)
{
    struct span text = offer_shown(app);
    if (text.len)
        write_prompt(app, text);
}

void offer_next(struct app *app)
{
    int at = example_in(app);
    desk_focus(app, FOCUS_PROMPT);
    if (at < 0 && buffer_length(app->prompt) > 0) {
        app_say(app, STYLE_DIM, "%s", _("The prompt holds words of your own; an example comes where it is empty."));
        return;
    }
    if (at >= 0)
        app->example = (at + 1) % (int)COUNT_OF(examples);
    write_prompt(app, span_of(_(examples[app->example])));
}

/* -- forms --------------------------------------------------------------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(struct span text, size_t at)
{
    return at < text.len && lower(text.s[at]) >= 'a' && lower(text.s[at]) <= 'z';
}

/* A word of the table stands here: ASCII in any case, its '_' a space, and Latin letters not in the midst of others. */
static bool stands_at(struct span text, size_t at, struct span word)
{
    if (at + word.len > text.len)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (lower(text.s[at + i]) != (word.s[i] == '_' ? ' ' : lower(word.s[i])))
            return false;
    bool joined = is_letter(text, at) && at > 0 && is_letter(text, at - 1);
    return !joined && !(is_letter(text, at + word.len - 1) && is_letter(text, at + word.len));
}

/* The next of the words; false at their end. */
static bool next_word(struct span *rest, struct span *word)
{
    *rest = span_trim(*rest);
    ptrdiff_t space = span_find(*rest, SPAN(" "), 0);
    *word = span_cut(*rest, 0, space < 0 ? rest->len : (size_t)space);
    *rest = span_cut(*rest, word->len, rest->len);
    return word->len > 0;
}

bool offer_find_form(struct span prompt, const struct form *form, size_t *from, size_t *to)
{
    struct span rest = span_of(form->words), word = {0};
    size_t best = 0;
    while (next_word(&rest, &word))
        for (size_t at = 0; at < prompt.len && word.len > best; at++)
            if (stands_at(prompt, at, word)) {
                *from = at;
                *to = at + word.len;
                best = word.len;
            }
    return best > 0;
}

/* The form's usual name, in the script of the prompt. */
static void add_name(struct str *out, const struct form *form, struct span prompt)
{
    struct span rest = span_of(form->words), word = {0};
    size_t before = out->len;
    (void)next_word(&rest, &word);
    if (form->language == FORM_ZH && script_of(prompt) == SCRIPT_TRADITIONAL)
        script_convert(out, word, SCRIPT_TRADITIONAL);
    else
        str_add(out, word);
    for (size_t i = before; i < out->len; i++)
        if (out->s[i] == '_')
            out->s[i] = ' ';
}

/* The form that the prompt names now. */
static bool find_named(struct span prompt, size_t *from, size_t *to)
{
    struct wish wish;
    wish_init(&wish);
    wish_read(&wish, prompt, SPAN(""));
    bool found = wish.form_said && offer_find_form(prompt, wish.form, from, to);
    wish_release(&wish);
    return found;
}

void offer_form(struct app *app, const struct form *form)
{
    struct editor *ed = &app->desk.prompt;
    struct span prompt = buffer_text(app->prompt);
    struct str name = {0};
    size_t from = 0, to = 0;
    bool named = find_named(prompt, &from, &to);
    add_name(&name, form, prompt);
    if (!named)
        str_add_text(&name, form->language == FORM_ZH ? "，" : ": ");
    desk_focus(app, FOCUS_PROMPT);
    editor_move_to(ed, from, false);
    editor_move_to(ed, to, true);
    editor_type(ed, str_span(&name));
    editor_move(ed, MOVE_TEXT_END, false);
    buffer_seal(app->prompt);
    text_edited(app, ed);
    str_release(&name);
}
