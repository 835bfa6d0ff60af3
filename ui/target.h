/* What lies where on the screen: views note every place while they draw it, so a click always meets what is seen. Knows no command. */
#ifndef RENGA_UI_TARGET_H
#define RENGA_UI_TARGET_H

#include "ui/canvas.h"

enum target_kind {
    TARGET_NONE,
    TARGET_PAGE,
    TARGET_PROMPT,
    TARGET_DIAL,
    TARGET_TAKE,
    TARGET_PRESET,
    TARGET_COMMAND,
    TARGET_OUTSIDE
};

struct target {
    enum target_kind kind;
    int index;           /* dial, take */
    size_t offset;       /* page, prompt: the cluster there */
    double fraction;     /* dial: along the track, 0…1; < 0: beside the track */
    const char *command; /* footer */
};

struct place {
    struct rect area;
    enum target_kind kind;
    int index;
    bool track; /* the area is a slider */
    const char *command;
};

#define PLACES_MAX 256

/* Places that do not fit are left out: those beyond are not clickable, nothing else. */
struct places {
    struct place list[PLACES_MAX];
    int count;
};

void places_clear(struct places *p);
void places_add(struct places *p, struct rect area, enum target_kind kind, int index);
void places_add_track(struct places *p, struct rect area, int index);
void places_add_command(struct places *p, struct rect area, const char *command);
const struct place *places_at(const struct places *p, int x, int y); /* the one drawn last; NULL: none */
bool rect_has(struct rect r, int x, int y);

#endif
