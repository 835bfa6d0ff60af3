/* Finished lines: their text, and what they leave behind for the lines to come. */
#include "core/mem.h"
#include "muse/poet_en_parts.h"

#include <string.h>

static const char *const mark_text[MARKS] = {",", ";", ":", "--", ".", "!", "?"};

bool poet_en_mark_ends(int mark)
{
    return strchr(".!?", mark_text[mark][0]) != NULL;
}

static struct span bare_text(const struct poet_en *p, int token)
{
    struct span text = vocab_text(p->base.vocab, token);
    return text.len && text.s[0] == ' ' ? span_cut(text, 1, text.len) : text;
}

static void add_word_text(const struct poet_en *p, int word, struct str *out)
{
    const struct verse_entry *e = &p->words->entry[word];
    for (int i = 0; i < e->tokens; i++)
        str_add(out, i ? vocab_text(p->base.vocab, e->token[i]) : bare_text(p, e->token[0]));
}

/* Whether the vocabulary writes the word with a capital wherever it stands (God, April): it marks such words even where a text begins. */
static bool is_name(const struct poet_en *p, int word)
{
    struct str text = {0};
    int tokens[2], count = 0;
    add_word_text(p, word, &text);
    if (text.len && text.s[0] >= 'a' && text.s[0] <= 'z')
        text.s[0] = (char)(text.s[0] - 'a' + 'A');
    bool told = vocab_encode(p->base.vocab, str_span(&text), tokens, &count, 2);
    str_release(&text);
    return (told || count > 0) && tokens[0] == p->token_cap;
}

/* The written text of the line's tokens: names get their capital, -- becomes a dash. */
static void make_text(const struct poet_en *p, const int *token, int count, const struct draft *d, struct str *out)
{
    int tokens[LINE_TOKENS + LINE_WORDS], made = 0, word = 0, inside = 0;
    struct str plain = {0};
    for (int i = 0; i < count; i++) {
        bool begins = inside == 0 && word < d->words && token[i] == p->words->entry[d->word[word]].token[0];
        if (begins && is_name(p, d->word[word]))
            tokens[made++] = p->token_cap;
        if (begins)
            inside = p->words->entry[d->word[word++]].tokens;
        inside -= inside > 0;
        tokens[made++] = token[i];
    }
    vocab_decode(p->base.vocab, tokens, made, &plain);
    for (size_t at = 0; at < plain.len; at++)
        if (plain.s[at] == '-' && plain.s[at + 1] == '-' && ++at)
            str_add_text(out, "\xE2\x80\x94");
        else
            str_add_byte(out, plain.s[at]);
    str_release(&plain);
}

static void remember_stem(struct poet_en *p, uint16_t stem)
{
    ARRAY_ROOM(p->stem, p->stem_count, p->stem_cap);
    p->stem[p->stem_count++] = stem;
}

static void remember_tokens(struct poet_en *p, const struct written *w)
{
    for (int i = w->body; i < w->count; i++) {
        ARRAY_ROOM(p->history, p->history_count, p->history_cap);
        p->history[p->history_count++] = w->token[i];
    }
}

void poet_en_write_draft(struct poet_en *p, const struct draft *d)
{
    struct written *w = &p->done[p->line];
    struct str end = {0};
    memcpy(w->token, d->token, (size_t)d->count * sizeof *d->token);
    w->count = d->count;
    w->body = d->body;
    w->first = d->word[0];
    w->second = d->words > 1 ? d->word[1] : -1;
    w->end = d->end;
    make_text(p, d->token + d->body, d->count - d->body, d, &w->text);
    for (int i = 0; i < d->words; i++)
        if (!p->words->entry[d->word[i]].light)
            remember_stem(p, p->words->entry[d->word[i]].stem);
    for (int i = 0; i < d->words; i++)
        p->worn_count += poet_en_is_worn(p, d->word[i]);
    remember_tokens(p, w);
    add_word_text(p, d->end, &end);
    poet_en_take_end(p, str_span(&end), d->end_said ? d->end_said : &p->words->said[p->words->entry[d->end].said]);
    str_release(&end);
}

static void small_letters(struct str *word)
{
    for (size_t i = 0; i < word->len; i++)
        if (word->s[i] >= 'A' && word->s[i] <= 'Z')
            word->s[i] = (char)(word->s[i] - 'A' + 'a');
}

static int entry_of(const struct poet_en *p, struct span word)
{
    struct str text = {0};
    str_add(&text, word);
    small_letters(&text);
    int found = verse_words_find(p->words, p->base.vocab, str_span(&text));
    str_release(&text);
    return found;
}

void poet_en_write_text(struct poet_en *p, struct span text)
{
    struct written *w = &p->done[p->line];
    struct span rest = text, word, last = {0};
    struct pronunciation said;
    w->first = w->second = w->end = -1;
    while (verse_word(&rest, &word)) {
        int entry = entry_of(p, word);
        w->first = last.len == 0 ? entry : w->first;
        w->end = entry;
        if (entry >= 0 && !p->words->entry[entry].light)
            remember_stem(p, p->words->entry[entry].stem);
        last = word;
    }
    bool planned = p->planned && vocab_encode(p->base.vocab, last, w->token, &w->count, WORD_TOKENS);
    if (p->planned && planned)
        w->token[w->count++] = p->token_rw;
    w->body = w->count;
    (void)vocab_encode(p->base.vocab, text, w->token, &w->count, LINE_TOKENS);
    str_set(&w->text, text);
    remember_tokens(p, w);
    if (poet_en_rhymes_of(p, last, p->plan.line[p->line].rhyme, &said) > 0)
        poet_en_take_end(p, last, &said);
}

void poet_en_write_again(struct poet_en *p, int line)
{
    struct written *w = &p->done[p->line];
    const struct written *from = &p->done[line];
    memcpy(w->token, from->token, sizeof w->token);
    w->count = from->count;
    w->body = from->body;
    w->first = from->first;
    w->second = from->second;
    w->end = from->end;
    str_set(&w->text, str_span(&from->text));
}

/* As much of the line as the tokens left allow, cut between words. */
static void show_part(const struct poet_en *p, const struct written *w, int tokens, struct str *out)
{
    struct span text = str_span(&w->text);
    int words = -1; /* whole ones: a token with a blank before it ends the one before */
    for (int i = 0; i <= tokens; i++)
        words += vocab_text(p->base.vocab, w->token[w->body + i]).s[0] == ' ';
    size_t end = 0;
    for (; end < text.len && (text.s[end] != ' ' || --words > 0); end++)
        ;
    str_add(out, span_cut(text, 0, words <= 0 ? 0 : end));
}

bool poet_en_show(struct poet_en *p, struct str *out)
{
    const struct written *w = &p->done[p->line];
    bool last = p->line == p->plan.count - 1;
    int left = p->base.max_tokens - p->said_tokens, needed = w->count - w->body;
    if (needed > left) {
        show_part(p, w, left, out);
        p->base.finish = "length";
        return false;
    }
    str_add(out, str_span(&w->text));
    if (!last)
        str_add_text(out, p->plan.line[p->line].stanza_end ? "\n\n" : "\n");
    p->said_tokens += needed + 1;
    if (last || p->said_tokens < p->base.max_tokens)
        return true;
    p->base.finish = "length";
    return false;
}
