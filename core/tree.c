#include "core/tree.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/runs.h"

#include <stdlib.h>
#include <string.h>

/* -- changes ------------------------------------------------------------------------------------------------------------------------- */

void tree_change_release(struct tree_change *c)
{
    for (int i = 0; i < c->count; i++) {
        str_release(&c->notes[i].text);
        str_release(&c->notes[i].runs);
        str_release(&c->notes[i].name);
    }
    free(c->notes);
    memset(c, 0, sizeof *c);
}

static void begin(const struct piece *p, struct tree_change *c, int passage)
{
    tree_change_release(c);
    c->passage = passage;
    c->leaf = p->leaf;
    c->root_chosen = p->root_chosen;
}

static struct tree_note *note(const struct piece *p, struct tree_change *c, int passage, bool with_text)
{
    const struct passage *ps = &p->passages[passage];
    ARRAY_ROOM(c->notes, c->count, c->cap);
    struct tree_note *n = &c->notes[c->count++];
    *n = (struct tree_note){.passage = passage, .parent = ps->parent, .chosen = ps->chosen, .position = ps->position,
                            .take = ps->take, .author = ps->author, .marks = ps->marks, .own_text = ps->own_text,
                            .trashed = ps->trashed, .with_text = with_text};
    if (with_text) {
        str_set(&n->text, str_span(&ps->text));
        str_set(&n->runs, str_span(&ps->runs));
        str_set(&n->name, str_span(&ps->name));
    }
    return n;
}

static void put_back(struct piece *p, struct tree_note *n)
{
    struct passage *ps = &p->passages[n->passage];
    ps->dirty = ps->dirty || n->with_text || ps->trashed != n->trashed || ps->take != n->take;
    ps->arranged = true;
    ps->rechosen = ps->rechosen || ps->chosen != n->chosen;
    ps->parent = n->parent;
    ps->chosen = n->chosen;
    ps->position = n->position;
    ps->take = n->take;
    ps->author = n->author;
    ps->marks = n->marks;
    ps->own_text = n->own_text;
    ps->trashed = n->trashed;
    if (n->with_text) {
        str_move(&ps->text, &n->text);
        str_move(&ps->runs, &n->runs);
        str_move(&ps->name, &n->name);
    }
}

void tree_take_back(struct piece *p, struct tree_change *c)
{
    for (int i = c->count - 1; i >= 0; i--)
        put_back(p, &c->notes[i]);
    p->root_chosen = c->root_chosen;
    piece_link(p);
    piece_choose_leaf(p, c->leaf); /* what took its place on the page had chosen otherwise */
    tree_change_release(c);
}

/* -- authors within a text ----------------------------------------------------------------------------------------------------------- */

/* The runs of a passage of `len` bytes, written out even when it is all of one author; `take`: see ink_of_take(). What does not add up is
 * the passage's own. */
static void all_runs(const struct passage *ps, size_t len, int64_t take, struct str *out)
{
    struct span rest = str_span(&ps->runs);
    struct run run;
    while (rest.len && run_read(&rest, &run) && run.len <= len) {
        len -= run.len;
        run.ink = ink_of_take(run.ink, take);
        run_write(out, &run);
    }
    run_write(out, &(struct run){len, ink_of_take((struct ink){0, (int)ps->author, 0}, take)});
}

/* "" when they say no more than the passage's author does. */
static void set_runs(struct passage *ps, const struct str *runs)
{
    struct span rest = str_span(runs);
    struct ink own = {0, (int)ps->author, 0};
    struct run run;
    bool plain = true;
    while (plain && rest.len && run_read(&rest, &run))
        plain = ink_equal(run.ink, own);
    str_set(&ps->runs, plain ? SPAN("") : str_span(runs));
}

/* -- order --------------------------------------------------------------------------------------------------------------------------- */

static int *chosen_of(struct piece *p, int parent)
{
    return parent < 0 ? &p->root_chosen : &p->passages[parent].chosen;
}

/* The page that ran through `from` runs through `to`, which stands in its place. */
static void rechoose(struct piece *p, struct tree_change *c, int parent, int from, int to)
{
    if (*chosen_of(p, parent) != from)
        return;
    if (parent >= 0) {
        note(p, c, parent, false);
        p->passages[parent].rechosen = true;
    }
    *chosen_of(p, parent) = to;
}

static void set_position(struct piece *p, struct tree_change *c, int passage, int position)
{
    if (p->passages[passage].position == position)
        return;
    if (c)
        note(p, c, passage, false);
    p->passages[passage].position = position;
    p->passages[passage].arranged = true;
}

/* Gives everything up to and including `last` a position of its own, so that it stays in front of what has none. */
static void fix_order(struct piece *p, struct tree_change *c, int last)
{
    int parent = p->passages[last].parent, position = 0;
    bool reached = false;
    for (int i = parent < 0 ? p->first : p->passages[parent].first; i >= 0; i = p->passages[i].next) {
        int own = p->passages[i].position;
        if (reached && (own == 0 || own > position))
            break;
        set_position(p, c, i, ++position);
        reached = reached || i == last;
    }
}

/* `passage` stands where `other`, which leaves its siblings, stood; `behind`: others come after that place. */
static void take_place(struct piece *p, struct tree_change *c, int passage, int other, bool behind)
{
    if (behind || p->passages[other].position || p->passages[other].before > passage)
        fix_order(p, c, other);
    set_position(p, NULL, passage, p->passages[other].position);
}

static int living_before(const struct piece *p, int passage)
{
    int i = p->passages[passage].before;
    while (i >= 0 && p->passages[i].trashed)
        i = p->passages[i].before;
    return i;
}

bool tree_move(struct piece *p, int passage, int step, struct tree_change *c)
{
    begin(p, c, passage);
    int other = step < 0 ? living_before(p, passage) : piece_next_sibling(p, passage);
    if (other < 0)
        return false;
    fix_order(p, c, step < 0 ? passage : other);
    int mine = p->passages[passage].position, its = p->passages[other].position;
    set_position(p, c, passage, its);
    set_position(p, c, other, mine);
    piece_link(p);
    return true;
}

/* -- cutting and joining ------------------------------------------------------------------------------------------------------------- */

static bool still_written(const struct piece *p, int passage)
{
    int take = p->passages[passage].take;
    return take >= 0 && !take_state_over(p->takes[take].state);
}

int tree_split(struct piece *p, int passage, size_t at, struct tree_change *c, struct err *e)
{
    struct span text = passage_text(p, passage);
    struct str whole = {0}, runs = {0}, upper_runs = {0}, lower_runs = {0};
    begin(p, c, passage);
    if (still_written(p, passage)) {
        err_set(e, ERR_USAGE, "%s", _("This take is still being written; Esc stops it first."));
        return -1;
    }
    if (at == 0 || at >= text.len) {
        err_set(e, ERR_USAGE, "%s", _("Nothing can be cut off here: this is an end of the passage."));
        return -1;
    }
    str_set(&whole, text);
    all_runs(&p->passages[passage], text.len, 0, &runs);
    run_cut(str_span(&runs), at, &upper_runs, &lower_runs);
    note(p, c, passage, true);
    int parent = p->passages[passage].parent;
    bool behind = p->passages[passage].next >= 0;
    int upper = piece_add_passage(p, parent, p->passages[passage].author, p->passages[passage].take);
    struct passage *up = &p->passages[upper], *low = &p->passages[passage];
    struct tree_note *n = note(p, c, upper, true); /* taken back it is an empty passage in the trash */
    n->trashed = n->own_text = true;
    n->take = -1;
    passage_set_text(p, upper, span_cut(str_span(&whole), 0, at));
    passage_set_text(p, passage, span_cut(str_span(&whole), at, whole.len));
    set_runs(up, &upper_runs);
    set_runs(low, &lower_runs);
    piece_link(p); /* the new one stands last, and the old one where it was */
    take_place(p, c, upper, passage, behind);
    rechoose(p, c, parent, passage, upper);
    low->parent = upper;
    low->position = 0;
    low->arranged = up->arranged = up->rechosen = true;
    up->chosen = passage;
    str_move(&up->name, &low->name);
    up->marks = low->marks & PASSAGE_BOOKMARK;
    low->marks &= ~(unsigned)PASSAGE_BOOKMARK;
    piece_link(p);
    c->text = true;
    str_release(&whole);
    str_release(&runs);
    str_release(&upper_runs);
    str_release(&lower_runs);
    return upper;
}

static bool can_join(const struct piece *p, int passage, int child, struct err *e)
{
    if (child < 0)
        return err_set(e, ERR_USAGE, "%s", _("Nothing stands below this passage that it could be joined with."));
    if (piece_next_sibling(p, child) >= 0)
        return err_set(e, ERR_USAGE, "%s", _("Several passages stand below this one; trash the others first, then it can be joined."));
    if ((p->passages[passage].author == AUTHOR_PROMPT) != (p->passages[child].author == AUTHOR_PROMPT))
        return err_set(e, ERR_USAGE, "%s", _("A prompt and what follows it stay apart."));
    if (still_written(p, passage) || still_written(p, child))
        return err_set(e, ERR_USAGE, "%s", _("This take is still being written; Esc stops it first."));
    return true;
}

/* A take that is whole again needs no text of its own. */
static void forget_own_text(struct piece *p, int passage)
{
    struct passage *ps = &p->passages[passage];
    if (ps->take < 0 || ps->author != AUTHOR_MODEL || ps->runs.len)
        return;
    ps->own_text = false;
    if (span_equal(passage_text(p, passage), str_span(&ps->text)))
        str_clear(&ps->text);
    else
        ps->own_text = true;
}

static void join_texts(struct piece *p, int passage, int child)
{
    struct passage *upper = &p->passages[passage], *lower = &p->passages[child];
    struct span above = passage_text(p, passage), below = passage_text(p, child);
    struct str text = {0}, runs = {0}, rest = {0};
    str_add(&text, above);
    str_add(&text, below);
    bool foreign = upper->take >= 0 && lower->take >= 0 && upper->take != lower->take;
    all_runs(upper, above.len, foreign ? p->takes[upper->take].id : 0, &runs);
    all_runs(lower, below.len, 0, &rest);
    str_printf(&runs, "%s%s", runs.len && rest.len ? "," : "", str_text(&rest));
    if (upper->author != lower->author)
        lower->author = AUTHOR_EDIT; /* by two hands */
    lower->take = lower->take >= 0 ? lower->take : upper->take;
    passage_set_text(p, child, str_span(&text));
    set_runs(lower, &runs);
    str_release(&text);
    str_release(&runs);
    str_release(&rest);
}

int tree_join(struct piece *p, int passage, struct tree_change *c, struct err *e)
{
    int child = piece_first_child(p, passage), parent = p->passages[passage].parent;
    struct passage *upper = &p->passages[passage];
    begin(p, c, passage);
    if (!can_join(p, passage, child, e))
        return -1;
    struct passage *lower = &p->passages[child];
    note(p, c, passage, false);
    note(p, c, child, true);
    join_texts(p, passage, child);
    take_place(p, c, child, passage, upper->next >= 0);
    rechoose(p, c, parent, passage, child);
    lower->parent = parent;
    lower->arranged = true;
    if (lower->name.len == 0)
        str_set(&lower->name, str_span(&upper->name));
    lower->marks |= upper->marks & PASSAGE_BOOKMARK;
    upper->trashed = upper->dirty = upper->rechosen = true;
    upper->chosen = -1;
    forget_own_text(p, child);
    if (p->leaf == passage)
        p->leaf = child;
    piece_link(p);
    c->text = true;
    return child;
}

/* -- the rest ------------------------------------------------------------------------------------------------------------------------ */

bool tree_trash(struct piece *p, int passage, struct tree_change *c, struct err *e)
{
    begin(p, c, passage);
    for (int i = passage; i >= 0; i = tree_next(p, i, passage))
        if (still_written(p, i))
            return err_set(e, ERR_USAGE, "%s", _("A take is still being written there; Esc on the desk stops it first."));
    note(p, c, passage, false);
    p->passages[passage].trashed = p->passages[passage].dirty = true;
    return true;
}

void tree_name(struct piece *p, int passage, struct span name, struct tree_change *c)
{
    begin(p, c, passage);
    note(p, c, passage, true);
    str_set(&p->passages[passage].name, name);
    p->passages[passage].arranged = true;
}

void tree_mark(struct piece *p, int passage, unsigned mark, bool on, struct tree_change *c)
{
    begin(p, c, passage);
    note(p, c, passage, false);
    passage_mark(p, passage, mark, on);
}

bool tree_is_below(const struct piece *p, int passage, int above)
{
    while (passage >= 0 && passage != above)
        passage = p->passages[passage].parent;
    return passage == above;
}

int tree_next(const struct piece *p, int passage, int top)
{
    int next = piece_first_child(p, passage);
    while (next < 0 && passage >= 0 && passage != top) {
        next = piece_next_sibling(p, passage);
        passage = p->passages[passage].parent;
    }
    return next;
}

int tree_neighbour(const struct piece *p, int passage)
{
    int other = -1, parent = p->passages[passage].parent;
    for (int i = piece_first_child(p, parent); i >= 0; i = piece_next_sibling(p, i)) {
        if (i == passage)
            continue;
        if (other < 0 || (p->passages[i].take >= 0 && p->passages[other].take < 0))
            other = i;
    }
    return other < 0 ? parent : piece_line_end(p, other);
}
