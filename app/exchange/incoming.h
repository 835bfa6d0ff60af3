/* Other programs' files on their way in: what they hold, as rows of a bundle. Only for app/exchange/. */
#ifndef RENGA_APP_EXCHANGE_INCOMING_H
#define RENGA_APP_EXCHANGE_INCOMING_H

#include "app/exchange/exchange.h"
#include "net/json.h"
#include "storage/bundle.h"
#include "storage/uid.h"

/* A piece being put together from a file. Every uid is made of what the file holds, so that the same file twice is the same piece. */
struct incoming {
    struct bundle_import *import;
    struct str line;           /* the row being written */
    struct str lines;          /* those of the piece: they go in together, behind its own */
    struct str seed;           /* what uids are made of: the program's name and the file's bytes, as one uid */
    int64_t now_ms;            /* for what the file does not date */
    struct uid piece;
    char project[UID_LENGTH + 1];
    int rows;                  /* counts up, for uids */
    struct uid leaf, root;     /* the page's last passage so far, and its first; "" : none */
    struct err *e;
    bool ok;
};

void incoming_init(struct incoming *in, struct bundle_import *import, const char *program, struct span bytes, struct err *e);
void incoming_release(struct incoming *in);
struct uid incoming_uid(struct incoming *in);                 /* the next one */
/* A piece begins; what follows goes into it. */
void incoming_piece(struct incoming *in, struct span project);
struct incoming_notes {
    struct span memory, note;
    int64_t depth;
};
/* The page's next stretch. `take`: the uid of the take whose text it shows, or NULL. */
void incoming_passage(struct incoming *in, enum author author, struct span text, const struct uid *take, int64_t at_ms);
/* The same beside the page: a sibling of what comes next. */
void incoming_sibling(struct incoming *in, enum author author, struct span text, const struct uid *take, int64_t at_ms);
/* What is kept, but neither on the page nor beside it: a passage in the trash. */
void incoming_put_away(struct incoming *in, struct span text);
/* What a model was asked and answered; the passages of its takes are the caller's. */
struct incoming_generation {
    struct span server, model, prompt, system;
    struct dials dials;
    int64_t at_ms, total_ms, prompt_tokens, completion_tokens; /* -1: not told */
    int kind;
};
struct uid incoming_generation(struct incoming *in, const struct incoming_generation *g);
struct uid incoming_take(struct incoming *in, const struct uid *generation, int number, struct span text, struct span reasoning,
                         const struct incoming_generation *g);
void incoming_lore(struct incoming *in, struct span keys, struct span text, bool enabled);
/* Takes the piece in; `notes` may be NULL. False with a sentence. */
bool incoming_end(struct incoming *in, struct span title, const struct incoming_notes *notes, int64_t at_ms);

/* One reader per program: false with a sentence, nothing is kept then. */
struct source_file {
    struct span bytes;
    const char *path;
    struct span project;
    const struct json *root;   /* of a file that is one JSON value, else NULL */
};
bool read_markdown(struct incoming *in, const struct source_file *f);
bool read_text(struct incoming *in, const struct source_file *f);
bool read_silly_tavern(struct incoming *in, const struct source_file *f);
bool read_kobold(struct incoming *in, const struct source_file *f);
bool read_mikupad(struct incoming *in, const struct source_file *f);
bool looks_like_silly_tavern(struct span bytes);
bool looks_like_kobold(const struct json *root);
bool looks_like_mikupad(const struct json *root);
/* The text of a member, or "" . */
struct span member_text(const struct json *object, const char *key);
/* The file's name without folders and ending. */
struct span base_name(const char *path);

#endif
