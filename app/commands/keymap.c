#include "app/commands/keymap.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/ini.h"
#include "core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *title;
} maps[MAP_COUNT] = {
    [MAP_GLOBAL] = {"global", N_("Everywhere")},       [MAP_TEXT] = {"text", N_("In a text")},
    [MAP_PAGE] = {"page", N_("On the page")},          [MAP_PROMPT] = {"prompt", N_("In the prompt")},
    [MAP_DIALS] = {"dials", N_("On the dials")},       [MAP_TAKES] = {"takes", N_("On the takes")},
    [MAP_TREE] = {"tree", N_("In the tree")},
    [MAP_LIBRARY] = {"library", N_("In the library's list")}, [MAP_QUERY] = {"query", N_("In the library's search")},
    [MAP_REWRITE] = {"rewrite", N_("While rewriting")},       [MAP_NOTES] = {"notes", N_("Among memory, note and lore")},
    [MAP_NOTES_KEYS] = {"notes-keys", N_("In the keys of an entry")}, [MAP_NOTES_TEXT] = {"notes-text", N_("In the text of memory, note or an entry")},
    [MAP_ODDS] = {"odds", N_("Among the odds")},
    [MAP_COMPARE] = {"compare", N_("Where takes are compared")}, [MAP_SPLICE] = {"splice", N_("In the splice")},
    [MAP_SWEEP] = {"sweep", N_("In a sweep")},         [MAP_DOCTOR] = {"doctor", N_("Where the doctor tells")},
    [MAP_PICKER] = {"picker", N_("In a menu")},        [MAP_PROJECTS] = {"projects", N_("In the list of projects")},
    [MAP_MODELS] = {"models", N_("In the list of models")},
           [MAP_FORM] = {"form", N_("In a form")},
    [MAP_PAGER] = {"pager", N_("While reading")},      [MAP_LEARNING] = {"learning", N_("Beside a voice that is being learnt")},
};

const char *map_name(enum map m)
{
    return maps[m].name;
}

const char *map_title(enum map m)
{
    return maps[m].title;
}

/* -- building --------------------------------------------------------------------------------------------------------------------------- */

static void bind_key(struct keymap *k, enum map m, struct key key, const struct command *c)
{
    for (int i = 0; i < k->counts[m]; i++)
        if (key_equal(k->bindings[m][i].key, key)) {
            k->bindings[m][i].command = c;
            return;
        }
    ARRAY_ROOM(k->bindings[m], k->counts[m], k->caps[m]);
    k->bindings[m][k->counts[m]++] = (struct binding){key, c};
}

void keymap_init(struct keymap *k)
{
    memset(k, 0, sizeof *k);
    for (int i = 0; i < default_key_count; i++) {
        const struct command *c = command_find(span_of(default_keys[i].command));
        struct key key = {0};
        CHECK(c && key_parse(span_of(default_keys[i].key), &key));
        bind_key(k, default_keys[i].map, key, c);
    }
}

void keymap_release(struct keymap *k)
{
    for (int m = 0; m < MAP_COUNT; m++)
        free(k->bindings[m]);
    memset(k, 0, sizeof *k);
}

static bool read_entry(void *ctx, const struct ini_entry *en, struct err *e)
{
    struct keymap *k = ctx;
    struct key key = {0};
    int m = 0;
    while (m < MAP_COUNT && !span_is(en->section.len ? en->section : SPAN("global"), maps[m].name))
        m++;
    if (m == MAP_COUNT)
        return ini_fail(en, e, _("There is no part of the desk called [%.*s]."), SPAN_ARG(en->section));
    if (!key_parse(en->key, &key))
        return ini_fail(en, e, _("“%.*s” is not a key; keys are written ^G, M-Left, S-F3, Esc."), SPAN_ARG(en->key));
    const struct command *c = command_find(en->value);
    if (!c && !span_is(en->value, "none"))
        return ini_fail(en, e, _("There is no command “%.*s”; ^P lists them all."), SPAN_ARG(en->value));
    bind_key(k, (enum map)m, key, c);
    return true;
}

bool keymap_load(struct keymap *k, const char *path, struct err *e)
{
    struct str text = {0};
    struct err fault = {0};
    bool ok = file_read(path, &text, 1u << 20, &fault);
    if (!ok && errno == ENOENT)
        ok = true;
    else if (!ok)
        *e = fault;
    else
        ok = ini_read(path, str_span(&text), read_entry, k, e);
    str_release(&text);
    return ok;
}

/* -- asking ----------------------------------------------------------------------------------------------------------------------------- */

const struct command *keymap_lookup(const struct keymap *k, enum map m, struct key key)
{
    for (int i = 0; i < k->counts[m]; i++)
        if (key_equal(k->bindings[m][i].key, key))
            return k->bindings[m][i].command;
    return NULL;
}

bool keymap_key_in(const struct keymap *k, enum map m, const struct command *c, struct str *out)
{
    for (int i = 0; i < k->counts[m]; i++)
        if (k->bindings[m][i].command == c) {
            key_format(k->bindings[m][i].key, out);
            return true;
        }
    return false;
}

bool keymap_key_of(const struct keymap *k, enum map m, const struct command *c, struct str *out)
{
    if (keymap_key_in(k, m, c, out))
        return true;
    for (int other = 0; other < MAP_COUNT; other++)
        if (keymap_key_in(k, (enum map)other, c, out))
            return true;
    return false;
}
