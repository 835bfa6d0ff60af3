/* Projects, pieces, passages, generations and takes as plain data: what the desk shows, the library keeps and servers fill.
 * Knows no screen, no network and no disk. Ids are the library's row numbers; 0 means "none" or "not kept yet". */
#ifndef RENGA_CORE_STORY_H
#define RENGA_CORE_STORY_H

#include "core/dial.h"
#include "core/notes.h"
#include "core/str.h"

enum author {
    AUTHOR_WRITER,
    AUTHOR_MODEL,
    AUTHOR_EDIT,   /* the writer's edit of a model's text */
    AUTHOR_PROMPT, /* what the writer asked */
    AUTHOR_COUNT
};

enum take_state {
    TAKE_WAITING,     /* sent, nothing came yet */
    TAKE_WRITING,
    TAKE_DONE,
    TAKE_STOPPED,     /* by the writer */
    TAKE_FAILED,      /* by the server or the network; what came is kept */
    TAKE_INTERRUPTED, /* the program ended while it was writing */
    TAKE_STATE_COUNT
};
const char *take_state_name(enum take_state s); /* "waiting" …: as the library stores and the command line prints it */
bool take_state_parse(struct span name, enum take_state *s);
bool take_state_over(enum take_state s);        /* nothing more will come */

/* What a server's finish reason means, whatever its own word for it is. */
bool finish_is_length(struct span finish); /* the take was cut: max tokens, or the model's memory was full */
bool finish_is_stop(struct span finish);   /* the model came to its end */
bool finish_is_blocked(struct span finish); /* the model declined, or a filter of the server stepped in */

struct usage {
    int64_t prompt_tokens, completion_tokens; /* -1: not told */
};

/* One answer of a generation. Its text is what the server sent and never changes afterwards. */
struct take {
    int64_t id;
    int64_t generation;
    int index;               /* 0… within its generation */
    enum take_state state;
    struct str text;
    struct str reasoning;    /* kept apart, never sent back */
    struct str finish;       /* the server's finish reason, "" if none came */
    struct str error;        /* the sentence that ended it, "" if none */
    int64_t first_ms;        /* from sending to the first text, -1: none came */
    int64_t total_ms;        /* from sending to the end, -1: still running */
    int64_t tokens;          /* pieces of text received, or the server's count once it told it */
    int rating;              /* 0 none, 1…5 */
};

/* What was asked of the model. */
enum generation_kind {
    KIND_ASK,      /* to answer a prompt */
    KIND_CONTINUE, /* to go on with the page's text */
    KIND_INSERT,   /* to go on from the middle of it: `suffix` stands behind */
    KIND_REWRITE,  /* to write `selection` anew, as the prompt says */
    KIND_COUNT
};

#define SWEEP_FIRST (-1) /* until it is loaded again, the first of a sweep need not know its own row */

/* One request, as it was sent. */
struct generation {
    int64_t id;
    int64_t piece;           /* 0: made on the command line, outside any piece */
    int64_t passage;         /* the passage below which its takes hang; 0: the piece's root */
    int64_t rerun_of;        /* 0: none */
    int64_t sweep;           /* the first generation of the sweep that it belongs to, SWEEP_FIRST: it is that itself, 0: none */
    int64_t sent_ms;         /* Unix time in milliseconds */
    struct str prompt;       /* exactly what the writer asked; "" for a continuation */
    struct str context;      /* the text before it that was sent along */
    struct str selection;    /* KIND_REWRITE: what is to be written anew */
    struct str suffix;       /* the text behind, "" : none was sent */
    struct str system;
    struct str stops;        /* JSON array of strings, "" for none */
    struct dials dials;
    struct str server;       /* name */
    struct str dialect;
    struct str url;
    struct str model;        /* asked for */
    struct str resolved;     /* the model the server says it used */
    struct str request;      /* the exact body that was sent, no secrets */
    struct usage usage;
    enum generation_kind kind;
};

/* What the writer marks a passage with, and what the desk does. */
enum {
    PASSAGE_BOOKMARK = 1,
    PASSAGE_UNREAD = 2, /* a take that came beside the page and was not looked at yet */
    PASSAGE_FOLDED = 4  /* the tree shows nothing below it */
};

/* A stretch of text with one author. Passages of a piece form a tree: a parent may have any index, for a split makes the upper half anew. */
struct passage {
    int64_t id;              /* 0: not kept yet */
    int parent;              /* index of the parent in the piece, -1: root level */
    int chosen;              /* index of the child on the page when the page ran through here, -1: none */
    enum author author;
    int take;                /* index into the piece's takes, -1: none */
    bool own_text;           /* `text` counts; else the text is the take's */
    bool trashed;
    bool dirty;              /* text, authors, take or trash differ from what the library has */
    bool arranged;           /* parent, position, name or marks differ from it */
    bool rechosen;           /* `chosen` differs from it */
    int position;            /* among its siblings: from 1; 0: behind all that have one, by age */
    unsigned marks;
    struct str name;
    struct str text;
    struct str runs;         /* authors within the text: "len:author,…", "" when all of one author */
    int first, last;         /* its children, the trash included, in order; -1: none. All four are story.c's */
    int before, next;        /* its siblings */
};

struct piece {
    int64_t id;              /* 0: not kept yet */
    int64_t project;
    struct str title;        /* "" : untitled; shows its first line */
    struct str project_name;
    struct passage *passages;
    int passage_count, passage_cap;
    struct take *takes;
    int take_count, take_cap;
    struct generation *generations;
    int generation_count, generation_cap;
    struct notes notes;      /* what goes along with every request */
    int leaf;                /* index of the page's last passage, -1: empty page */
    int root_chosen;         /* the root-level passage on the page, -1: none */
    int first, last;         /* the root level in order, -1: none; story.c's */
};

void take_release(struct take *t);
void generation_release(struct generation *g);
int64_t generation_sweep(const struct generation *g); /* the row that names its sweep; 0: none, or not kept yet */
void generation_copy(struct generation *to, const struct generation *from); /* `to` is released first */
void piece_init(struct piece *p);
void piece_release(struct piece *p);

/* Add an element and return its index. Pointers into the arrays are valid until the next add: keep indices, not pointers. */
int piece_add_passage(struct piece *p, int parent, enum author author, int take);
/* The writer's prompt as a passage of the page: on lines of its own below what stands there. */
int piece_add_prompt(struct piece *p, int parent, struct span prompt);
int piece_add_take(struct piece *p, int64_t generation, int index);
int piece_add_generation(struct piece *p);
int piece_find_take(const struct piece *p, int64_t id);             /* by library id; -1: not here */
int piece_find_generation(const struct piece *p, int64_t id);
int piece_find_passage(const struct piece *p, int64_t id);

/* The text a passage contributes to the page. A take below a prompt shows without its leading white space. Borrowed. */
struct span passage_text(const struct piece *p, int passage);
size_t passage_left_out(const struct piece *p, int passage); /* bytes of its take's text that stand before what it shows */
void passage_set_text(struct piece *p, int passage, struct span text);  /* makes the text its own; marks dirty */

/* The page: indices from the root to the leaf. Writes at most `max` of them, nearest the leaf are never left out; returns how many
 * there are in all. */
int piece_path(const struct piece *p, int leaf, int *out, int max);
/* Siblings of a passage (itself included, other trashed ones not), in order. */
int piece_siblings(const struct piece *p, int passage, int *out, int max);
bool piece_has_siblings(const struct piece *p, int passage); /* two or more, told without counting them all */
/* Walking: the first child that is not in the trash, and the next such sibling; -1: there is none. Parent -1: the root level. */
int piece_first_child(const struct piece *p, int parent);
int piece_next_sibling(const struct piece *p, int passage);
/* Joins children to parents anew after `parent` or `position` was set by hand. Passages that are their own ancestors go to the root. */
void piece_link(struct piece *p);
void passage_mark(struct piece *p, int passage, unsigned mark, bool on);
int piece_line_end(const struct piece *p, int passage); /* the last passage of its own chosen line, itself when nothing follows */
/* Makes `passage` part of the page: every ancestor chooses it, and the leaf becomes the end of its own chosen line. */
void piece_choose(struct piece *p, int passage);
/* Exactly this leaf, even if it has children; -1: empty page. What stands on the page is read and lies in no trash. */
void piece_choose_leaf(struct piece *p, int leaf);

/* A title for a piece without one: the first line of its page in display form, at most `columns` wide. */
void piece_label(const struct piece *p, struct str *out, int columns);

/* -- what a search of the library shows ------------------------------------------------------------------------------------ */

struct hit {
    int64_t generation, take, piece; /* take: the best or first one; generation 0: the writer's own page */
    int64_t passage;    /* of a page in the trash: this passage lies there, 0: the whole piece */
    int64_t sent_ms;
    int rating;
    int takes;
    enum take_state state;
    struct str prompt;  /* first line, display form is made where it is drawn */
    struct str text;    /* first line of the take, or the line that holds the match */
    struct str model, server, project;
};
void hit_release(struct hit *h);

#endif
