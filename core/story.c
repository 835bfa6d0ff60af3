#include "core/story.h"
#include "core/display.h"
#include "core/mem.h"

#include <limits.h>
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

static bool is_one_of(struct span word, const char *const *words)
{
    while (*words && !span_is(word, *words))
        words++;
    return *words != NULL;
}

bool finish_is_length(struct span finish)
{
    static const char *const words[] = {"length", "limit", "MAX_TOKENS", "max_tokens", "incomplete:max_output_tokens", "model_context_window_exceeded",
                                        NULL};
    return is_one_of(finish, words);
}

bool finish_is_stop(struct span finish)
{
    static const char *const words[] = {"stop", "STOP", "eos", "word", "end_turn", "stop_sequence", "completed", NULL};
    return is_one_of(finish, words);
}

bool finish_is_blocked(struct span finish)
{
    static const char *const words[] = {"refusal",   "content_filter",     "incomplete:content_filter", "SAFETY", "RECITATION",
                                        "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "sensitive", NULL};
    return is_one_of(finish, words) || span_starts(finish, "blocked:");
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

int64_t generation_sweep(const struct generation *g)
{
    return g->sweep == SWEEP_FIRST ? g->id : g->sweep;
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
    *p = (struct piece){.leaf = -1, .root_chosen = -1, .first = -1, .last = -1, .notes = {.depth = NOTE_DEPTH}};
}

void piece_release(struct piece *p)
{
    for (int i = 0; i < p->passage_count; i++) {
        str_release(&p->passages[i].text);
        str_release(&p->passages[i].runs);
        str_release(&p->passages[i].name);
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
    notes_release(&p->notes);
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

/* Hangs a passage behind its siblings. */
static void append(struct piece *p, int passage)
{
    struct passage *ps = &p->passages[passage];
    int *first = ps->parent < 0 ? &p->first : &p->passages[ps->parent].first;
    int *last = ps->parent < 0 ? &p->last : &p->passages[ps->parent].last;
    ps->before = *last;
    ps->next = -1;
    if (*last < 0)
        *first = passage;
    else
        p->passages[*last].next = passage;
    *last = passage;
}

int piece_add_passage(struct piece *p, int parent, enum author author, int take)
{
    CHECK(parent >= -1 && parent < p->passage_count && take < p->take_count);
    ARRAY_ROOM(p->passages, p->passage_count, p->passage_cap);
    p->passages[p->passage_count] = (struct passage){
        .parent = parent, .chosen = -1, .author = author, .take = take, .own_text = take < 0, .dirty = true, .first = -1, .last = -1};
    append(p, p->passage_count);
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

/* The last of `count` things of `size` bytes whose id, at their beginning, is `id`; -1: none. They nearly always lie in the order of their
 * ids, so the middle is tried before every one of them. */
static int find_id(const void *things, int count, size_t size, int64_t id)
{
    const char *base = things;
    int low = 0, high = count - 1;
    while (id && low <= high) {
        int middle = low + (high - low) / 2;
        int64_t here = *(const int64_t *)(base + (size_t)middle * size);
        if (here == id)
            return middle;
        if (here && here < id)
            low = middle + 1;
        else
            high = middle - 1;
    }
    while (--count >= 0 && *(const int64_t *)(base + (size_t)count * size) != id)
        continue;
    return count;
}

int piece_find_take(const struct piece *p, int64_t id)
{
    return find_id(p->takes, p->take_count, sizeof *p->takes, id);
}

int piece_find_generation(const struct piece *p, int64_t id)
{
    return find_id(p->generations, p->generation_count, sizeof *p->generations, id);
}

int piece_find_passage(const struct piece *p, int64_t id)
{
    return find_id(p->passages, p->passage_count, sizeof *p->passages, id);
}

/* -- text ------------------------------------------------------------------------------------------------------------------------ */

size_t passage_left_out(const struct piece *p, int passage)
{
    const struct passage *ps = &p->passages[passage];
    struct span text = str_span(&p->takes[ps->take].text);
    bool answers = ps->parent < 0 || p->passages[ps->parent].author == AUTHOR_PROMPT;
    size_t at = 0;
    while (answers && at < text.len && memchr(" \t\r\n", text.s[at], 4))
        at++;
    return at;
}

struct span passage_text(const struct piece *p, int passage)
{
    const struct passage *ps = &p->passages[passage];
    if (ps->own_text || ps->take < 0)
        return str_span(&ps->text);
    struct span text = str_span(&p->takes[ps->take].text);
    return span_cut(text, passage_left_out(p, passage), text.len);
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

static int first_of(const struct piece *p, int parent)
{
    return parent < 0 ? p->first : p->passages[parent].first;
}

int piece_siblings(const struct piece *p, int passage, int *out, int max)
{
    int count = 0;
    if (passage < 0)
        return 0;
    for (int i = first_of(p, p->passages[passage].parent); i >= 0; i = p->passages[i].next) {
        if (p->passages[i].trashed && i != passage)
            continue;
        if (count < max)
            out[count] = i;
        count++;
    }
    return count;
}

static int living(const struct piece *p, int passage)
{
    while (passage >= 0 && p->passages[passage].trashed)
        passage = p->passages[passage].next;
    return passage;
}

int piece_first_child(const struct piece *p, int parent)
{
    return living(p, first_of(p, parent));
}

int piece_next_sibling(const struct piece *p, int passage)
{
    return living(p, p->passages[passage].next);
}

bool piece_has_siblings(const struct piece *p, int passage)
{
    int i = piece_first_child(p, p->passages[passage].parent);
    return i >= 0 && (i != passage || piece_next_sibling(p, i) >= 0);
}

void passage_mark(struct piece *p, int passage, unsigned mark, bool on)
{
    struct passage *ps = &p->passages[passage];
    unsigned marks = on ? ps->marks | mark : ps->marks & ~mark;
    ps->arranged = ps->arranged || marks != ps->marks;
    ps->marks = marks;
}

/* Colours each passage with the walk that came by first: a walk that meets its own colour has gone in a circle. */
static void break_circles(struct piece *p)
{
    int *walks = mem_new((size_t)p->passage_count + 1, sizeof *walks);
    for (int i = 0; i < p->passage_count; i++) {
        int at = i;
        while (at >= 0 && walks[at] == 0) {
            walks[at] = i + 1;
            at = p->passages[at].parent;
        }
        if (at >= 0 && walks[at] == i + 1)
            p->passages[at].parent = -1;
    }
    free(walks);
}

struct place {
    int position, passage;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int xp = x->position > 0 ? x->position : INT_MAX, yp = y->position > 0 ? y->position : INT_MAX;
    if (xp != yp)
        return xp < yp ? -1 : 1;
    return x->passage < y->passage ? -1 : x->passage > y->passage;
}

void piece_link(struct piece *p)
{
    size_t count = (size_t)p->passage_count;
    struct place *order = mem_new(count + 1, sizeof *order);
    break_circles(p);
    p->first = p->last = -1;
    bool sorted = true;
    for (int i = 0; i < p->passage_count; i++) {
        p->passages[i].first = p->passages[i].last = -1;
        order[i] = (struct place){p->passages[i].position, i};
        sorted = sorted && p->passages[i].position <= 0;
    }
    if (!sorted)
        qsort(order, count, sizeof *order, compare_places);
    for (size_t i = 0; i < count; i++)
        append(p, order[i].passage);
    free(order);
}

/* What stands on the page has been seen, and lies in no trash. */
static void bring_to_light(struct piece *p, int passage)
{
    struct passage *ps = &p->passages[passage];
    if (ps->marks & PASSAGE_UNREAD)
        passage_mark(p, passage, PASSAGE_UNREAD, false);
    ps->dirty = ps->dirty || ps->trashed;
    ps->trashed = false;
}

static void choose(struct piece *p, int parent, int child)
{
    if (parent < 0) {
        p->root_chosen = child;
    } else if (p->passages[parent].chosen != child) {
        p->passages[parent].chosen = child;
        p->passages[parent].rechosen = true;
    }
}

void piece_choose_leaf(struct piece *p, int leaf)
{
    CHECK(leaf >= -1 && leaf < p->passage_count);
    p->leaf = leaf;
    choose(p, leaf, -1);
    for (int i = leaf; i >= 0; i = p->passages[i].parent) {
        choose(p, p->passages[i].parent, i);
        bring_to_light(p, i);
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
    int at = p->root_chosen >= 0 ? p->root_chosen : piece_first_child(p, -1);
    while (text.len == 0 && at >= 0) {
        text = span_trim(passage_text(p, at));
        at = p->passages[at].chosen >= 0 ? p->passages[at].chosen : piece_first_child(p, at);
    }
    if (span_line(&text, &line))
        display_line(out, line, columns);
}
