/* What the wish says about the lines: acrostic, first line, rhyme, theme. Wishes that no words can fulfil are answered with a sentence. */
#include "core/i18n.h"
#include "core/mem.h"
#include "muse/poet_en_parts.h"

#include <string.h>

/* The acrostic's letters, small; false: there are other signs in it, or more letters than `letters` has room for. */
static bool read_letters(struct span acrostic, char letters[VERSE_LINES_MAX + 1], int *count)
{
    *count = 0;
    for (size_t i = 0; i < acrostic.len; i++) {
        char c = acrostic.s[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if ((letter || (unsigned char)c >= 0x80) && (*count == VERSE_LINES_MAX || !letter))
            return false;
        if (letter)
            letters[(*count)++] = (char)(c | 0x20);
    }
    return true;
}

static bool read_acrostic(struct poet_en *p, int *letters, struct err *e)
{
    const struct wish *w = p->base.wish;
    if (!read_letters(str_span(&w->acrostic), p->letters, letters))
        return err_set(e, ERR_USAGE, _("An English acrostic is made of the letters A to Z, at most %d; “%s” is not."), VERSE_LINES_MAX,
                       str_text(&w->acrostic));
    return true;
}

static bool letters_fit(const struct poet_en *p, int letters, struct err *e)
{
    if (letters > p->plan.count)
        return err_set(e, ERR_USAGE,
                       _("The acrostic “%s” has %d letters, but this form has only %d lines: choose a shorter word or a longer form."),
                       str_text(&p->base.wish->acrostic), letters, p->plan.count);
    return true;
}

static bool fits_first(const struct poet_en *p, struct verse_verdict *verdict)
{
    if (p->form->kind == FORM_LOOSE) {
        *verdict = (struct verse_verdict){.fault = VERSE_FITS};
        return true;
    }
    verse_judge(&p->plan, &p->plan.line[0], str_span(&p->base.wish->first_line), verdict);
    return verdict->fault == VERSE_FITS;
}

static bool refuse_first(const struct poet_en *p, const struct verse_verdict *v, struct err *e)
{
    const struct verse_line *line = &p->plan.line[0];
    const char *text = str_text(&p->base.wish->first_line);
    if (v->fault == VERSE_STRESS)
        return err_set(e, ERR_USAGE, _("The first line does not keep this form’s beat: the stress of “%.*s” falls where the line is weak."),
                       SPAN_ARG(v->word));
    if (v->fault == VERSE_EMPTY)
        return err_set(e, ERR_USAGE, _("The first line “%s” has no English words."), text);
    if (line->least == line->most)
        return err_set(e, ERR_USAGE, _("The first line “%s” has %d syllables, but this form wants %d."), text, v->total, line->most);
    return err_set(e, ERR_USAGE, _("The first line “%s” has %d syllables, but this form wants %d to %d."), text, v->total, line->least,
                   line->most);
}

static bool refuse_rhyme(const struct poet_en *p, struct span word, int found, int number, struct err *e)
{
    if (found <= 1)
        return err_set(e, ERR_USAGE, _("No word that I know rhymes with “%.*s”: choose another one."), SPAN_ARG(word));
    return err_set(e, ERR_USAGE, _("Only %d words that I know rhyme with “%.*s”, but this form needs %d: choose another one."), found,
                   SPAN_ARG(word), p->group[number].needed);
}

/* The first line's own rhyme has to be met by the lines that rhyme with it. */
static bool first_rhymes(const struct poet_en *p, struct err *e)
{
    struct span rest = str_span(&p->base.wish->first_line), word, last = {0};
    struct pronunciation said;
    int number = p->plan.line[0].rhyme;
    while (verse_word(&rest, &word))
        last = word;
    if (number == 0 || p->group[number].needed < 2)
        return true;
    int found = poet_en_rhymes_of(p, last, number, &said);
    return found >= p->group[number].needed + 1 || refuse_rhyme(p, last, found, number, e);
}

static bool first_has_letter(const struct poet_en *p, struct err *e)
{
    struct span rest = str_span(&p->base.wish->first_line), word;
    if (!p->letters[0] || !verse_word(&rest, &word) || (word.s[0] | 0x20) == p->letters[0])
        return true;
    return err_set(e, ERR_USAGE, _("The first line begins with “%.1s”, but the acrostic with “%.1s”: give up one of them."), word.s,
                   str_text(&p->base.wish->acrostic));
}

static bool read_first(struct poet_en *p, struct err *e)
{
    struct verse_verdict verdict;
    if (p->base.wish->first_line.len == 0)
        return true;
    if (!fits_first(p, &verdict))
        return refuse_first(p, &verdict, e);
    return first_rhymes(p, e) && first_has_letter(p, e);
}

/* The writer's word sets the poem's first rhyme. */
static bool read_rhyme(struct poet_en *p, struct err *e)
{
    struct span word = span_trim(str_span(&p->base.wish->rhyme));
    struct pronunciation said;
    if (word.len == 0)
        return true;
    if (p->plan.rhymes == 0)
        return err_set(e, ERR_USAGE, _("This form does not rhyme: choose one that does, or leave out the word to rhyme with."));
    int number = 1, found = poet_en_rhymes_of(p, word, number, &said);
    if (found < 2 || found < p->group[number].needed)
        return refuse_rhyme(p, word, found, number, e);
    p->group[number].rhyme = said.rhyme;
    /* Lines that rhyme with nothing keep away from it from the first one on. */
    p->taken[p->taken_count++] = (struct taken_sound){said.rhyme, number};
    return true;
}

static void take_form(struct poet_en *p, const struct form *form, int letters)
{
    const struct wish *w = p->base.wish;
    p->form = form;
    memset(p->group, 0, sizeof p->group);
    verse_plan_read(&p->plan, form, letters > w->lines ? letters : w->lines);
    poet_en_count_rhymes(p);
}

static bool form_serves(const struct poet_en *p, int letters)
{
    struct verse_verdict verdict;
    struct err ignored = {0};
    bool first = p->base.wish->first_line.len > 0;
    return letters <= p->plan.count && (!first || (fits_first(p, &verdict) && first_rhymes(p, &ignored)));
}

/* A form that the writer did not name is given up for another one when the first line or the acrostic does not fit it. */
static void choose_form(struct poet_en *p, int letters)
{
    static const char *const others[] = {"tetrameter", "couplets", "blank", "free"};
    take_form(p, p->base.wish->form, letters);
    for (size_t i = 0; i < COUNT_OF(others) && !p->base.wish->form_said && !form_serves(p, letters); i++)
        take_form(p, form_named(span_of(others[i])), letters);
}

bool poet_en_read_wish(struct poet_en *p, struct err *e)
{
    int letters = 0;
    if (!read_acrostic(p, &letters, e))
        return false;
    choose_form(p, letters);
    p->planned = p->plan.metre != METRE_NONE;
    p->themed = p->base.wish->title.len > 0 || p->base.wish->word_count > 0;
    return letters_fit(p, letters, e) && read_first(p, e) && read_rhyme(p, e);
}

static void add_keyword(struct poet_en *p, struct span word)
{
    struct str small = {0};
    str_add(&small, word);
    for (size_t i = 0; i < small.len; i++)
        if (small.s[i] >= 'A' && small.s[i] <= 'Z')
            small.s[i] = (char)(small.s[i] - 'A' + 'a');
    int entry = verse_words_find(p->words, p->base.vocab, str_span(&small));
    if (entry >= 0 && !p->words->entry[entry].light && p->keyword_count < KEYWORDS)
        p->keyword[p->keyword_count++] = p->words->entry[entry].stem;
    str_release(&small);
}

void poet_en_find_keywords(struct poet_en *p)
{
    const struct wish *w = p->base.wish;
    struct span word;
    for (int i = -1; i < w->word_count; i++) {
        struct span rest = str_span(i < 0 ? &w->title : &w->words[i]);
        while (verse_word(&rest, &word))
            add_keyword(p, word);
    }
}

bool poet_en_fail(const struct poet_en *p, struct err *e)
{
    const struct rhyme_group *g = &p->group[p->plan.line[p->line].rhyme];
    if (p->letters[p->line])
        return err_set(e, ERR_USAGE, _("I know no words that begin with “%c” and fit line %d of this form."),
                       p->letters[p->line] - 'a' + 'A', p->line + 1);
    if (g->rhyme && p->base.wish->rhyme.len)
        return err_set(e, ERR_USAGE, _("I have run out of words that rhyme with “%s”: choose another one."),
                       str_text(&p->base.wish->rhyme));
    return err_set(e, ERR_USAGE, _("I have run out of words that rhyme and fit line %d of this form: try again."), p->line + 1);
}
