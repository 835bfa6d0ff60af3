/* Everything the desk is made of, in one place: the only struct that knows all folders. Each part is filled and used by the file of its name. */
#ifndef RENGA_APP_APP_H
#define RENGA_APP_APP_H

#include "app/config/config.h"
#include "app/engine/engine.h"
#include "app/learning.h"
#include "app/desk/page.h"
#include "app/desk/reach.h"
#include "app/desk/points.h"
#include "app/paths.h"
#include "app/desk/tally.h"
#include "muse/muse.h"
#include "net/net.h"
#include "storage/store.h"
#include "ui/fields.h"
#include "ui/pager.h"
#include "ui/parser.h"
#include "ui/picker.h"
#include "ui/term.h"
#include "ui/theme.h"
#include "ui/view_desk.h"
#include "ui/view_library.h"

/* The tables of keys; a place on the screen looks through some of them in turn (keymap.c). */
enum map {
    MAP_GLOBAL,
    MAP_TEXT,    /* every text: page, prompt, fields */
    MAP_PAGE,
    MAP_PROMPT,
    MAP_DIALS,
    MAP_TAKES,
    MAP_LIBRARY, /* the list */
    MAP_QUERY,   /* the library's search field */
    MAP_TREE,
    MAP_ODDS,
    MAP_REWRITE, /* takes over a selection of the page */
    MAP_NOTES,   /* the list of memory, note and lore */
    MAP_NOTES_KEYS,
    MAP_NOTES_TEXT,
    MAP_COMPARE, /* the columns */
    MAP_SPLICE,  /* the text below them */
    MAP_SWEEP,
    MAP_DOCTOR,
    MAP_PICKER,
    MAP_PROJECTS, /* the picker of projects */
    MAP_MODELS,   /* the picker of models */
    MAP_FORM,
    MAP_PAGER,
    MAP_LEARNING,
    MAP_COUNT
};

enum view { VIEW_DESK, VIEW_LIBRARY, VIEW_TREE, VIEW_ODDS, VIEW_NOTES, VIEW_COMPARE, VIEW_SWEEP, VIEW_DOCTOR, VIEW_COUNT };

struct binding {
    struct key key;
    const struct command *command;
};
struct keymap {
    struct binding *bindings[MAP_COUNT];
    int counts[MAP_COUNT], caps[MAP_COUNT];
};

/* One server is asked for its models. */
struct question {
    int64_t ticket;               /* 0: no answer is expected */
    int server;                   /* index into config.servers */
};

/* What a server has told of one model by itself. */
struct known_row {
    int server;                   /* index into config.servers */
    struct str model;
    struct model_told told;
};

/* Where texts come from, and what is known of each server. */
struct servers {
    struct source **sources;      /* beside config.servers, NULL until used */
    struct str *models;           /* beside config.servers: ids a line each, "" until told */
    struct str *contexts;         /* likewise: what of them the list tells, for models_context() */
    struct known_row *known;    /* known.c */
    int known_count, known_cap;
    int count;
    int current;                  /* index into config.servers */
    struct str favourites, in_use, before; /* models.c */
    int exposed;                  /* exposed.c: which server the writer is asked about, and what follows a yes */
    void (*when_allowed)(struct app *app);
    struct str remembered;        /* name of the one chosen in an earlier session; it may yet be found */
    int64_t last_ticket;
    int64_t probe_first, probe_last; /* tickets of the running probes; 0: none */
    struct server *probes;        /* what they ask */
    int probe_count;
    struct question awaited;      /* whose answer the writer waits for */
    struct question quiet;        /* one nobody waits for */
    struct source **retired;      /* of servers that were changed since */
    int retired_count, retired_cap;
    bool generate_when_known;     /* ^G waits for the server's list of models */
};

/* F2's test (server_test.c). */
struct server_test {
    struct server server;         /* that the form described when it began, */
    struct str form;              /* and what the form said */
    int64_t ticket;               /* of the question for its models, 0: none */
    struct str model;             /* the first of them */
    bool on;                      /* the same test again goes on to the first token */
    bool listed;                  /* it told of its models, and what is asked is among them */
    struct trial *trial;          /* that is waited for, NULL: none */
    struct str allowed;           /* the address that the writer was warned of, plain http to a stranger */
};

struct library {
    struct library_view view;
    struct hit *hits;
    int count, cap;
    struct generation preview;
    struct take *takes;
    int take_count;
    int64_t previewed;            /* generation; 0: none */
    int64_t page;                 /* piece whose page is previewed; 0: none */
    struct str page_text;
    struct str tags, used;
    int64_t *marks;               /* generations that the writer marked; they outlive a search */
    int mark_count, mark_cap;
    struct library_work *work;    /* searching, offers, undo and what goes on in pauses (views/library_work.h) */
};

/* A voice that is being learnt behind the desk, and the sheet that tells of it. */
struct study {
    struct learning *learning;    /* NULL: nothing is being learnt */
    struct errand *errand;        /* reading, stopping or keeping, on a thread; NULL: none */
    struct learning_look look;    /* as last seen */
    struct str name, plan, result, label; /* label: for the top line */
    enum role_id result_role;
    bool shown;
    struct rect area;             /* of the sheet's last draw */
};

struct trial; /* doctor/trial.h */
struct tree; /* views/tree.c */

struct app {
    struct paths paths;
    struct config config;
    struct keymap keymap;
    struct store *store;
    const char *library_path;     /* the file, also where it cannot be opened */
    struct net *net;
    struct muse *muse;
    struct engine engine;
    struct servers servers;
    struct server_test test;

    struct plain *plain;          /* plain/: the desk speaks by lines; NULL: it draws */
    struct term *term;
    struct parser *parser;
    struct canvas canvas;
    struct theme theme;

    enum view view;
    struct desk_view desk;
    struct library library;
    struct compare *compare;      /* NULL until takes were compared */
    struct tree *tree;
    struct sweep_look *sweep;     /* views/sweep.c; NULL: none was looked at yet */
    struct doctor_look *doctor;   /* views/doctor.c; NULL: it was not asked yet */
    struct study study;
    struct pulling *pulling;      /* desk/pull.c; NULL: no model is being fetched */
    struct rewrite *rewrite;      /* desk/rewrite.c */
    struct notes_look *notes;     /* views/notes.c */
    struct dial_picture *dial_picture; /* desk/picture.c; NULL: none was looked for yet */
    struct odds_look *odds;       /* views/odds.c; NULL: no take's odds were looked at yet */
    struct picker picker;
    struct fields form;
    struct pager pager;
    void (*picked)(struct app *app, const char *id);   /* what Enter in the picker does */
    void (*moved)(struct app *app, const char *id);    /* what moving in the picker does; NULL: nothing */
    void (*refill)(struct app *app);                   /* fills the picker anew when its filter changed; NULL: the picker filters itself */
    void (*dismissed)(struct app *app);                /* what Esc in the picker does besides closing it; NULL: nothing */
    void (*submitted)(struct app *app);                /* what Enter in the form does */
    void (*form_changed)(struct app *app);             /* what follows when its fields changed; NULL: nothing */

    bool testable;                                     /* the form describes a server that can be tested */
    int form_server;                                   /* which of config.servers it changes, -1: a new one */

    struct piece piece;
    struct page page;
    struct points points;
    struct buffer *prompt;
    struct dials dials;
    struct str system;            /* system text of the piece's requests, "" : the server's */
    struct str stops;             /* JSON array */
    char preset[64];              /* name of the preset the dials stand at, "" : the writer's own setting */
    bool context;                 /* the page goes along when asking */
    struct reach reach;
    bool keep_odds;               /* servers are asked for the odds of each token */

    struct projects *projects;    /* projects/list.c; NULL: not looked at yet */
    struct project project;       /* that the piece on the desk stands in, with its defaults; id 0: in none */
    struct fill *fill;            /* desk/fill.c; NULL: no template was looked for yet */

    struct str clipboard;
    struct str needle;            /* last find */
    struct str overwrite;         /* a file that the export form was told to write and that is there already */
    struct str message;           /* one sentence for the writer; the next key takes it away */
    enum role_id message_role;
    struct str where, server_label, behind, hint, note, used;
    struct str prompt_note;       /* how the prompt is asked, and what the muse understands of it */
    int example;                  /* that the empty prompt offers */
    struct desk_take *take_rows;
    int *take_passages;           /* beside take_rows */
    int take_row_count, take_row_cap;
    int last_trashed;             /* passage, -1: none */
    int earlier_passage;          /* whose earlier forms are being walked through */
    int64_t earlier_revision;
    struct tally tally;           /* of the page */
    struct tally *take_tallies;   /* beside piece.takes */
    int take_tally_count;
    struct tally thought_tally;   /* of the take at hand, whose index is thought_take; -1: none */
    int thought_take;
    struct str thoughts;          /* "thought 340 字" */

    uint64_t draft_version;       /* of the prompt's buffer, as kept, */
    int64_t draft_piece;          /* and with which piece; 0: one that was not kept yet */
    bool desk_changed;            /* dials, focus and the like differ from what is kept */
    int64_t save_us;              /* when page and draft are to be kept; 0: all is kept */
    int64_t save_took_us;         /* the last time */
    int64_t pause_us;             /* when the writer has paused; 0: there was a pause since the last change */
    bool saved_in_passing;        /* while the writer typed on: not worth a change on the screen */
    struct err save_err;
    int64_t painted_us, frame_us; /* last frame; when the next is due, 0: nothing to paint */
    bool storage_trouble;         /* as last shown */
    bool whole_frame;             /* more than the stream has changed since the last frame */
    bool mouse;
    bool quit, quit_asked;
};

/* Says one sentence above the footer until the next key. */
void app_say(struct app *app, enum role_id role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void app_fail(struct app *app, const struct err *e);
/* Asks for a frame: now (a key was pressed) or at the next tick. */
void app_touch(struct app *app, bool now);
void app_touch_stream(struct app *app); /* at the next tick, of nothing but page, takes and top line */

#endif
