#include "app/desk/tail.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/runs.h"
#include "core/tree.h"

#include <stdlib.h>

struct spot tail_spot(struct page *pg, size_t at)
{
    struct piece *p = pg->piece;
    struct spot spot = {-1, 0};
    page_sync(pg);
    int count = piece_path(p, p->leaf, NULL, 0);
    int *path = mem_new((size_t)count + 1, sizeof *path);
    piece_path(p, p->leaf, path, count);
    for (int i = 0; i < count && at > 0; i++) {
        size_t len = passage_text(p, path[i]).len;
        if (len == 0)
            continue;
        spot = (struct spot){path[i], at < len ? at : len};
        at -= spot.offset;
    }
    free(path);
    return spot;
}

static bool is_written(const struct piece *p, int passage)
{
    int take = p->passages[passage].take;
    return take >= 0 && !take_state_over(p->takes[take].state);
}

bool tail_is_still(const struct page *pg, struct spot spot, struct err *e)
{
    const struct piece *p = pg->piece;
    for (int i = p->leaf; i >= 0; i = p->passages[i].parent) {
        if (is_written(p, i))
            return err_set(e, ERR_USAGE, "%s", _("A take is still being written there; Esc stops it, then ^G goes on from here."));
        if (i == spot.passage)
            break;
    }
    return true;
}

bool tail_cut(struct page *pg, struct spot spot, int *above, struct err *e)
{
    struct tree_change change = {0};
    *above = spot.passage;
    if (spot.passage < 0 || spot.offset == passage_text(pg->piece, spot.passage).len)
        return true;
    size_t from = 0, to = 0;
    bool shown = page_passage_range(pg, spot.passage, &from, &to);
    *above = tree_split(pg->piece, spot.passage, spot.offset, &change, e);
    tree_change_release(&change);
    if (*above < 0)
        return false;
    if (shown)
        page_part(pg, spot.passage, from + spot.offset, *above);
    return true;
}

/* -- copies ------------------------------------------------------------------------------------------------------------------------------ */

static int copy_passage(struct piece *p, int passage, size_t from, int below)
{
    struct str text = {0}, runs = {0};
    const struct passage *ps = &p->passages[passage];
    bool own = ps->own_text || from > 0;
    str_set(&text, span_cut(passage_text(p, passage), from, SIZE_MAX));
    run_cut(str_span(&ps->runs), from, NULL, &runs);
    int copy = piece_add_passage(p, below, ps->author, ps->take);
    if (own || !span_equal(passage_text(p, copy), str_span(&text)))
        passage_set_text(p, copy, str_span(&text));
    str_move(&p->passages[copy].runs, &runs);
    str_release(&text);
    return copy;
}

int tail_grow(struct piece *p, struct spot spot, int leaf, int below)
{
    int count = piece_path(p, leaf, NULL, 0);
    int *path = mem_new((size_t)count + 1, sizeof *path);
    bool behind = spot.passage < 0;
    piece_path(p, leaf, path, count);
    for (int i = 0; i < count; i++) {
        bool here = path[i] == spot.passage;
        size_t from = here ? spot.offset : 0;
        behind = behind || here;
        if (!behind || passage_text(p, path[i]).len <= from)
            continue;
        int copy = copy_passage(p, path[i], from, below);
        if (below >= 0 && p->passages[below].chosen != copy) {
            p->passages[below].chosen = copy;
            p->passages[below].rechosen = true;
        }
        below = copy;
    }
    free(path);
    return below;
}
