#include "ui/target.h"

void places_clear(struct places *p)
{
    p->count = 0;
}

static void add(struct places *p, struct place place)
{
    if (p->count < PLACES_MAX && place.area.w > 0 && place.area.h > 0)
        p->list[p->count++] = place;
}

void places_add(struct places *p, struct rect area, enum target_kind kind, int index)
{
    add(p, (struct place){.area = area, .kind = kind, .index = index});
}

void places_add_track(struct places *p, struct rect area, int index)
{
    add(p, (struct place){.area = area, .kind = TARGET_DIAL, .index = index, .track = true});
}

void places_add_command(struct places *p, struct rect area, const char *command)
{
    add(p, (struct place){.area = area, .kind = TARGET_COMMAND, .command = command});
}

bool rect_has(struct rect r, int x, int y)
{
    return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

const struct place *places_at(const struct places *p, int x, int y)
{
    for (int i = p->count - 1; i >= 0; i--)
        if (rect_has(p->list[i].area, x, y))
            return &p->list[i];
    return NULL;
}
