#include "app/views/tree.h"
#include "core/mem.h"

#include <stdlib.h>

/* What is kept between two looks at the tree. */
struct tree {
    int *marked;
    int marked_count, marked_cap;
};

void tree_init(struct app *app)
{
    app->tree = mem_new(1, sizeof *app->tree);
}

void tree_release(struct app *app)
{
    if (!app->tree)
        return;
    free(app->tree->marked);
    free(app->tree);
    app->tree = NULL;
}

void tree_forget(struct app *app)
{
    app->tree->marked_count = 0;
}

int tree_marked(const struct app *app, int *passages, int max)
{
    const struct tree *t = app->tree;
    for (int i = 0; i < t->marked_count && i < max; i++)
        passages[i] = t->marked[i];
    return t->marked_count;
}
