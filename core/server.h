/* A server as the writer described it: plain data from the config, the command line or a probe. Holds no key. */
#ifndef RENGA_CORE_SERVER_H
#define RENGA_CORE_SERVER_H

#include "core/dial.h"

struct instruct;

/* What a server itself tells of one of its models. */
struct model_told {
    int context;                 /* tokens that it holds, prompt and answer together; 0: it does not say */
    bool has_template;           /* it says how turns are written for it */
    const struct instruct *form; /* in this form; NULL: in none that is known here */
};

struct server {
    char *name;
    char *url;             /* base URL, with or without /v1, or a full endpoint */
    enum dialect_id dialect;
    char *model;           /* "" : ask the server for its list and take the first */
    char *system;          /* default system text, "" : none */
    char *instruct;        /* the form that a plain text puts turns in (core/instruct.h), or SERVER_INSTRUCT_AUTO: as the server tells it of
                              the model in use; NULL: the page and the prompt as they are */
    char *prefill;         /* how the last turn of a chat says that it is an answer begun (net/prefill.h), "no": not at all; NULL: as is known of the
                              place */
    char *grammar_file;    /* the file that `grammar` was read from, NULL: none */
    char *grammar;         /* GBNF that what is written follows; only where dialect_takes_grammar() */
    /* Where the key comes from; at most one is set, all NULL: no key. */
    char **key_command;    /* NULL-ended argv, run without a shell; the first line of its output is the key */
    char *key_env;         /* name of an environment variable */
    char *key_file;        /* a file that only its owner can read */
    char *key_header;      /* the head line that carries the key and nothing else; NULL: the dialect's own way */
    char *ca_file;         /* NULL: the system's */
    char *proxy;           /* "socks5h://127.0.0.1:9050"; NULL: as the environment says, and never to this machine */
    char *unix_socket;     /* path that is connected to instead of the URL's host, NULL: none */
    int connect_ms;        /* time-outs; defaults 10 s, 120 s, 60 s */
    int first_ms;          /* from sending to the first byte */
    int idle_ms;           /* between two bytes */
    int context;           /* tokens that its model holds, prompt and answer together; 0: not known, nothing is left out */
    struct model_told told;      /* what the server itself tells of the model in use */
    int parallel;          /* requests at once, 0: as server_parallel() thinks right */
    char *prices;          /* MODEL TAB PRICE, one a line (core/usage.h); MODEL "" : of all others; NULL: none */
    bool insecure;         /* the writer said that http is all right there */
    bool found;            /* by probing, from the environment or built in: not from the config */
};

void server_init(struct server *s); /* defaults; empty strings, not NULL, where not said otherwise */
void server_release(struct server *s);
void server_copy(struct server *to, const struct server *from);
void server_set_text(char **field, struct span value);
void server_forget_key(struct server *s); /* where it comes from, whatever the way */
/* Its key comes from that variable and from nowhere else. False: this is no variable's name, but perhaps the key itself, which the
 * sentence does not repeat. */
bool server_set_key_env(struct server *s, struct span name, struct err *e) MUST_USE;
#define SERVER_CONTEXT_MAX 100000000
#define SERVER_PARALLEL_MAX 1024
/* Requests at once: the writer's word, else 4 on the network and 1 of the muse, whose takes share one machine anyway. */
int server_parallel(const struct server *s);
/* Tokens that the model in use holds, by the writer's word or else the server's; 0: not known. */
int server_context(const struct server *s);
/* The form that a plain text puts turns in there, NULL: none. */
const struct instruct *server_form(const struct server *s);
#define SERVER_INSTRUCT_AUTO "auto"
bool server_form_is_auto(const struct server *s);
/* What is written there can be read on the way: plain http to a host that is neither this machine nor one of a private network (by its address,
 * or by a name without dots or in .local), and the writer did not say that it is all right. */
bool server_is_exposed(const struct server *s);
bool server_is_ollama(const struct server *s); /* by its dialect, or by its usual port */
bool server_is_muse(const struct server *s); /* the one inside the program: there is no address to ask */

/* Splits and checks a base URL: scheme http or https, host, no user:password. Fills what is not NULL. */
struct url_parts {
    bool https, loopback; /* loopback: localhost, 127/8, ::1 */
    struct span host;     /* borrowed from the URL, IPv6 without brackets */
    int port;
};
bool url_split(const char *url, struct url_parts *out, struct err *e) MUST_USE;
/* "desk-pc:8080": host and port as the status line shows them; the port only where it is not the scheme's own. */
void url_label(const char *url, struct str *out);

#endif
