#include "core/story.h"
#include "core/display.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_names[TAKE_STATE_COUNT] = {"waiting", "writing", "done", "stopped", "failed", "interrupted"};

const char *take_state_name(enum take_state s)
{
    return state_names[s];
}

bool take_state_parse(struct span name, enum take_state *s)
{
    for (int i = 0; i < TAKE_STATE_COUNT; i++)
        if (span_is(name, state_names[i])) {
            *s = (enum take_state)i;
            return true;
        }
    return false;
}

bool take_state_over(enum take_state s)
{
    return s != TAKE_WAITING && s != TAKE_WRITING;
}

/* -- lifetimes ----------------------------------------------------------------------------------------------------------------- */

void take_release(struct take *t)
{
    str_release(&t->text);
    str_release(&t->reasoning);
    str_release(&t->finish);
    str_release(&t->error);
    memset(t, 0, sizeof *t);
}

/* Every string of a generation, so that copying and releasing cannot forget one. */
#define GENERATION_TEXTS(g)                                                                                            \
    {                                                                                                                  \
        &(g)->prompt, &(g)->context, &(g)->selection, &(g)->suffix, &(g)->system, &(g)->stops, &(g)->server, &(g)->dialect, &(g)->url, &(g)->model,   \
            &(g)->resolved, &(g)->request                                                                              \
    }

void generation_release(struct generation *g)
{
    struct str *texts[] = GENERATION_TEXTS(g);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        str_release(texts[i]);
    memset(g, 0, sizeof *g);
}

void generation_copy(struct generation *to, const struct generation *from)
{
    struct generation copy = *from;
    const struct str *sources[] = GENERATION_TEXTS(from);
    struct str *texts[] = GENERATION_TEXTS(&copy);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        str_init(texts[i], 0);
        str_add(texts[i], str_span(sources[i]));
    }
    generation_release(to);
    *to = copy;
}

void piece_init(struct piece *p)
{
    *p = (struct piece){.leaf = -1, .root_chosen = -1};
}

void piece_release(struct piece *p)
{
    for (int i = 0; i < p->passage_count; i++) {
        str_release(&p->passages[i].text);
        str_release(&p->passages[i].runs);
    }
    for (int i = 0; i < p->take_count; i++)
        take_release(&p->takes[i]);
    for (int i = 0; i < p->generation_count; i++)
        generation_release(&p->generations[i]);
    free(p->passages);
    free(p->takes);
    free(p->generations);
    str_release(&p->title);
    str_release(&p->project_name);
    piece_init(p);
}

void hit_release(struct hit *h)
{
    str_release(&h->prompt);
    str_release(&h->text);
    str_release(&h->model);
    str_release(&h->server);
    str_release(&h->project);
    memset(h, 0, sizeof *h);
}

/* -- growing --------------------------------------------------------------------------------------------------------------------- */

int piece_add_passage(struct piece *p, int parent, enum author author, int take)
{
    CHECK(parent >= -1 && parent < p->passage_count && take < p->take_count);
    ARRAY_ROOM(p->passages, p->passage_count, p->passage_cap);
    p->passages[p->passage_count] =
        (struct passage){.parent = parent, .chosen = -1, .author = author, .take = take, .own_text = take < 0, .dirty = true};
    return p->passage_count++;
}

int piece_add_prompt(struct piece *p, int parent, struct span prompt)
{
    struct span before = SPAN("");
    for (int i = parent; i >= 0 && before.len == 0; i = p->passages[i].parent)
        before = passage_text(p, i);
    int added = piece_add_passage(p, parent, AUTHOR_PROMPT, -1);
    struct str *text = &p->passages[added].text;
    if (before.len)
        str_add_text(text, before.s[before.len - 1] == '\n' ? "\n" : "\n\n");
    str_add(text, span_trim(prompt));
    str_add_byte(text, '\n');
    return added;
}

int piece_add_take(struct piece *p, int64_t generation, int index)
{
    ARRAY_ROOM(p->takes, p->take_count, p->take_cap);
    p->takes[p->take_count] = (struct take){.generation = generation, .index = index, .first_ms = -1, .total_ms = -1};
    return p->take_count++;
}

int piece_add_generation(struct piece *p)
{
    ARRAY_ROOM(p->generations, p->generation_count, p->generation_cap);
    p->generations[p->generation_count] = (struct generation){.usage = {-1, -1}};
    return p->generation_count++;
}

/* What is looked for is nearly always the newest. */
int piece_find_take(const struct piece *p, int64_t id)
{
    int i = p->take_count - 1;
    while (i >= 0 && p->takes[i].id != id)
        i--;
    return i;
}

int piece_find_generation(const struct piece *p, int64_t id)
{
    int i = p->generation_count - 1;
    while (i >= 0 && p->generations[i].id != id)
        i--;
    return i;
}

int piece_find_passage(const struct piece *p, int64_t id)
{
    int i = p->passage_count - 1;
    while (i >= 0 && p->passages[i].id != id)
        i--;
    return i;
}

/* -- text ------------------------------------------------------------------------------------------------------------------------ */

struct span passage_text(const struct piece *p, int passage)
{
    const struct passage *ps = &p->passages[passage];
    if (ps->own_text || ps->take < 0)
        return str_span(&ps->text);
    struct span text = str_span(&p->takes[ps->take].text);
    bool answers = ps->parent < 0 || p->passages[ps->parent].author == AUTHOR_PROMPT;
    while (answers && text.len && memchr(" \t\r\n", text.s[0], 4))
        text = span_cut(text, 1, text.len);
    return text;
}

void passage_set_text(struct piece *p, int passage, struct span text)
{
    struct passage *ps = &p->passages[passage];
    str_set(&ps->text, text);
    ps->own_text = true;
    ps->dirty = true;
}

/* -- the tree -------------------------------------------------------------------------------------------------------------------- */

int piece_path(const struct piece *p, int leaf, int *out, int max)
{
    int count = 0;
    for (int i = leaf; i >= 0; i = p->passages[i].parent)
        count++;
    int at = count;
    for (int i = leaf; i >= 0; i = p->passages[i].parent) {
        at--;
        int slot = count > max ? at - (count - max) : at;
        if (slot >= 0)
            out[slot] = i;
    }
    return count;
}

int piece_siblings(const struct piece *p, int passage, int *out, int max)
{
    int count = 0;
    if (passage < 0)
        return 0;
    for (int i = 0; i < p->passage_count; i++) {
        if (p->passages[i].parent != p->passages[passage].parent || (p->passages[i].trashed && i != passage))
            continue;
        if (count < max)
            out[count] = i;
        count++;
    }
    return count;
}

void piece_choose_leaf(struct piece *p, int leaf)
{
    CHECK(leaf >= -1 && leaf < p->passage_count);
    p->leaf = leaf;
    if (leaf < 0) {
        p->root_chosen = -1;
        return;
    }
    p->passages[leaf].chosen = -1;
    for (int i = leaf; i >= 0; i = p->passages[i].parent) {
        int parent = p->passages[i].parent;
        if (parent < 0)
            p->root_chosen = i;
        else
            p->passages[parent].chosen = i;
    }
}

int piece_line_end(const struct piece *p, int passage)
{
    int leaf = passage;
    while (leaf >= 0 && p->passages[leaf].chosen >= 0 && !p->passages[p->passages[leaf].chosen].trashed)
        leaf = p->passages[leaf].chosen;
    return leaf;
}

void piece_choose(struct piece *p, int passage)
{
    piece_choose_leaf(p, piece_line_end(p, passage));
}

void piece_label(const struct piece *p, struct str *out, int columns)
{
    struct span text = span_trim(str_span(&p->title)), line = text;
    for (int i = 0; text.len == 0 && i < p->passage_count; i++)
        text = span_trim(passage_text(p, i));
    if (span_line(&text, &line))
        display_line(out, line, columns);
}
