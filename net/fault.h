/* Everything that can go wrong between here and a server, as whole sentences that say what to do next. Knows no page
 * and no retry. */
#ifndef RENGA_NET_FAULT_H
#define RENGA_NET_FAULT_H

#include "core/err.h"
#include "net/heads.h"
#include "net/json.h"
#include "net/manners.h"

/* Which server and what was asked of it: the words of the sentences. Borrowed. */
struct fault_place {
    const char *server; /* host and port */
    const char *model;  /* "" : none was named */
    bool has_key;
    bool pulls; /* “ollama pull” brings a model there */
};

/* What a server says of its own error, in whatever shape. */
struct fault_report {
    struct str message, code, param;
    int64_t status;  /* 0: none told */
    int64_t wait_ms; /* how long it asks to be left alone, 0: not told */
};
void fault_report_release(struct fault_report *f);
/* Reads the error out of a body or an event; false when there is none in it. Knows the shapes of all servers, since
 * gateways mix them. */
bool fault_read(const struct json *root, struct fault_report *f);
/* Appends a server's words as one line of bounded length: breaks are spaces, other control characters are visible. */
void fault_add_words(struct str *out, struct span words);

/* An answer whose status is no success. `body` is what came with it; `redirect` in h->location. */
bool fault_http(struct err *e, const struct heads *h, struct span body, const struct fault_place *p)
    __attribute__((cold));
/* An error inside an answer that began well; `said`: words had come before it. */
bool fault_inside(struct err *e, const struct fault_report *f, const struct fault_place *p, bool said) __attribute__((cold));
/* A web page instead of an answer. */
bool fault_page(struct err *e, struct span body, const struct fault_place *p) __attribute__((cold));
/* Bytes that are no answer in this dialect. */
bool fault_strange(struct err *e, struct span body, const struct fault_place *p) __attribute__((cold));
bool fault_empty(struct err *e, const struct fault_place *p) __attribute__((cold));
bool fault_cut(struct err *e, const struct fault_place *p) __attribute__((cold));
/* A take that ended without any text. `finish` may be empty. */
bool fault_no_text(struct err *e, struct span finish, bool thought) __attribute__((cold));
/* True when the server's complaint is that it does not know or take something, whatever its value. */
bool fault_refuses(const struct heads *h, struct span body, struct refusal *out);
bool fault_report_refuses(struct fault_report *f, struct refusal *out); /* takes its words */

#endif
