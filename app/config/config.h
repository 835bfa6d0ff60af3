/* The writer's settings: read from the config file, added to by the environment. Works with no file at all.
 *
 *     theme = ink                     server = desk            (top level: theme, server, language = zh|en|auto,
 *     [server desk]                                             ambiguous = 1|2, mouse = yes|no, plain = yes|no,
 *                                                               context = yes|no)
 *     url = http://desk-pc:8080
 *     dialect = openai-chat
 *     model = qwen3
 *     key_command = pass show desk    (or key_env = NAME, or key_file = PATH)
 *     parallel = 8                    (requests at once)
 *     instruct = auto                 (or the name of a form, core/instruct.h)
 *     grammar = ~/verse.gbnf          (for llamacpp and koboldcpp)
 *     [dials]
 *     temperature = 0.8
 *     [preset mine]
 *     help = how I like it
 *     dials = temperature=0.9 top_p=0.95
 */
#ifndef RENGA_APP_CONFIG_H
#define RENGA_APP_CONFIG_H

#include "core/ini.h"
#include "core/server.h"

struct own_preset {
    char *name, *help, *settings;
};

struct config {
    struct server *servers;    /* the first is the muse, which is always there; the writer's and those that were found follow */
    int server_count, server_cap;
    char *server;              /* default server's name, "" : the first that is not the muse */
    char *theme;               /* "terminal" by default */
    char *language;            /* "auto", "zh", "en" */
    int ambiguous;             /* 1 or 2 */
    bool mouse;
    bool plain;                /* the desk by lines, without a screen (app/plain/) */
    bool context;              /* send the page along when asking */
    struct dials dials;        /* defaults for new pieces */
    struct own_preset *presets;
    int preset_count, preset_cap;
};

void config_init(struct config *c);
void config_release(struct config *c);
/* Reads the file; a missing one is fine. On a fault the sentence names file and line, the faulty line is passed over and all good lines still
 * count (the first fault is the one told). */
bool config_load(struct config *c, const char *path, struct err *e) MUST_USE;
/* The path that a setting names: it may begin with "~/". */
void config_path(struct span value, struct str *out);
/* Reads a server's grammar from the file at such a path; "" : it has none any more. At most 64 KiB of UTF-8 text. */
bool config_read_grammar(struct server *s, struct span place, struct err *e) MUST_USE;
/* The grammar, where there is one, is understood by the server's dialect. */
bool config_check_grammar(const struct server *s, struct err *e) MUST_USE;
/* Adds servers that the environment names: OPENAI_BASE_URL/OPENAI_API_KEY, and hosts whose *_API_KEY is set. They are `found`. */
void config_add_environment(struct config *c);
/* Takes the keys of all servers out of the environment into memory of their own, so that no child inherits them. */
void config_take_keys(const struct config *c);
/* NULL or "": the default one, which is the muse when no other is set up or found. NULL: there is none of that name. */
struct server *config_server(struct config *c, const char *name);
/* Adds the server, or changes the one of that name; pointers into c->servers are void afterwards. */
struct server *config_put_server(struct config *c, const struct server *s);
void config_put_preset(struct config *c, const struct own_preset *p); /* adds it, or changes the one of that name; copies */
/* Writes one setting or one server section into the file and leaves every other line, comments included, as it is. */
bool config_save_setting(const char *path, const char *key, const char *value, struct err *e) MUST_USE;
bool config_save_server(const char *path, const struct server *s, struct err *e) MUST_USE;
bool config_save_preset(const char *path, const struct own_preset *p, struct err *e) MUST_USE;

#endif
