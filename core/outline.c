#include "core/outline.h"
#include "core/mem.h"
#include "core/tree.h"

#include <stdlib.h>
#include <string.h>

void outline_release(struct outline *o)
{
    free(o->rows);
    free(o->row_of);
    memset(o, 0, sizeof *o);
}

/* What is still to be laid out: a passage with all below it. The last one put there comes first. */
struct waiting {
    int passage, depth, beside, number, of;
    bool head, ends;
};
struct stack {
    struct waiting *items;
    int count, cap;
};

static void push(struct stack *s, struct waiting w)
{
    ARRAY_ROOM(s->items, s->count, s->cap);
    s->items[s->count++] = w;
}

/* The child that the line goes on with: the chosen one, or the only one. */
static int main_child(const struct piece *p, int parent, int first)
{
    int chosen = parent < 0 ? p->root_chosen : p->passages[parent].chosen;
    if (chosen >= 0 && !p->passages[chosen].trashed)
        return chosen;
    return first >= 0 && piece_next_sibling(p, first) < 0 ? first : -1;
}

static void turn_round(struct stack *s, int from)
{
    for (int a = from, b = s->count - 1; a < b; a++, b--) {
        struct waiting w = s->items[a];
        s->items[a] = s->items[b];
        s->items[b] = w;
    }
}

/* The children of `parent`: those beside the line first, then the one that goes on with it. `row`: the parent's branch. */
static void push_children(struct stack *s, const struct piece *p, int parent, int depth, int beside)
{
    int first = piece_first_child(p, parent), main = main_child(p, parent, first), from = s->count, number = 0, main_number = 0;
    for (int i = first; i >= 0; i = piece_next_sibling(p, i)) {
        number++;
        if (i == main)
            main_number = number;
        else
            push(s, (struct waiting){i, depth + 1, beside, number, 0, true, false});
    }
    if (main >= 0)
        push(s, (struct waiting){main, depth, beside, main_number, 0, false, false});
    else if (s->count > from)
        s->items[s->count - 1].ends = true;
    for (int i = from; i < s->count; i++)
        s->items[i].of = number;
    turn_round(s, from);
}

/* Everything below a folded passage, the trash not counted. */
static int count_below(const struct piece *p, int passage)
{
    int count = 0;
    for (int i = tree_next(p, passage, passage); i >= 0; i = tree_next(p, i, passage))
        count++;
    return count;
}

static void add_row(struct outline *o, struct stack *s, const struct piece *p, const struct waiting *w)
{
    ARRAY_ROOM(o->rows, o->count, o->cap);
    struct outline_row *row = &o->rows[o->count];
    bool folded = p->passages[w->passage].marks & PASSAGE_FOLDED;
    *row = (struct outline_row){.passage = w->passage, .depth = w->depth, .beside = w->beside, .number = w->number, .of = w->of,
                                .head = w->head, .ends = w->ends};
    o->row_of[w->passage] = o->count;
    row->hidden = folded ? count_below(p, w->passage) : 0;
    if (!folded)
        push_children(s, p, w->passage, w->depth, w->head ? o->count : w->beside);
    o->count++;
}

void outline_make(struct outline *o, const struct piece *p, int top)
{
    struct stack stack = {NULL, 0, 0};
    o->count = 0;
    o->passages = p->passage_count;
    o->row_of = mem_grow(o->row_of, (size_t)p->passage_count + 1, sizeof *o->row_of);
    for (int i = 0; i < p->passage_count; i++)
        o->row_of[i] = -1;
    if (top < 0) {
        push_children(&stack, p, -1, 0, -1);
    } else {
        int siblings = piece_siblings(p, top, NULL, 0), number = 1;
        for (int i = piece_first_child(p, p->passages[top].parent); i >= 0 && i != top; i = piece_next_sibling(p, i))
            number++;
        push(&stack, (struct waiting){top, 0, -1, number, siblings, false, false});
    }
    while (stack.count) {
        struct waiting next = stack.items[--stack.count];
        add_row(o, &stack, p, &next);
    }
    for (int i = p->leaf; i >= 0; i = p->passages[i].parent)
        if (o->row_of[i] >= 0)
            o->rows[o->row_of[i]].on_page = true;
    free(stack.items);
}
