#include "ui/theme.h"

#include "core/file.h"
#include "core/i18n.h"
#include "core/ini.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "ui/colour.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THEME_FILE_MAX (64u << 10)
#define THEME_CHAIN_MAX 8 /* themes that inherit from one another */
#define THEME_SUFFIX ".theme"

struct role_row {
    const char *name;
    enum role_id parent; /* where it gets what a theme does not say; parents stand before their children */
};

static const struct role_row roles[STYLE_COUNT] = {
    [STYLE_TEXT] = {"text", STYLE_TEXT},
    [STYLE_DIM] = {"dim", STYLE_TEXT},
    [STYLE_ACCENT] = {"accent", STYLE_TEXT},
    [STYLE_BORDER] = {"border", STYLE_DIM},
    [STYLE_BORDER_FOCUS] = {"border-focus", STYLE_ACCENT},
    [STYLE_TITLE] = {"title", STYLE_TEXT},
    [STYLE_STATUS] = {"status", STYLE_DIM},
    [STYLE_FOOTER] = {"footer", STYLE_DIM},
    [STYLE_KEY] = {"key", STYLE_TEXT},
    [STYLE_WRITER] = {"writer", STYLE_TEXT},
    [STYLE_MODEL] = {"model", STYLE_TEXT},
    [STYLE_EDIT] = {"edit", STYLE_WRITER},
    [STYLE_PROMPT] = {"prompt", STYLE_DIM},
    [STYLE_MARKER] = {"marker", STYLE_ACCENT},
    [STYLE_SELECTION] = {"selection", STYLE_TEXT},
    [STYLE_MATCH] = {"match", STYLE_SELECTION},
    [STYLE_SLIDER] = {"slider", STYLE_BORDER},
    [STYLE_OFF] = {"off", STYLE_DIM},
    [STYLE_OK] = {"ok", STYLE_TEXT},
    [STYLE_WARNING] = {"warning", STYLE_ACCENT},
    [STYLE_ERROR] = {"error", STYLE_ACCENT},
    [STYLE_ODDS_SURE] = {"odds-sure", STYLE_DIM},
    [STYLE_ODDS_LIKELY] = {"odds-likely", STYLE_TEXT},
    [STYLE_ODDS_EVEN] = {"odds-even", STYLE_TEXT},
    [STYLE_ODDS_UNLIKELY] = {"odds-unlikely", STYLE_WARNING},
    [STYLE_ODDS_RARE] = {"odds-rare", STYLE_ERROR},
    [STYLE_ADDED] = {"added", STYLE_OK},
    [STYLE_REMOVED] = {"removed", STYLE_DIM},
    [STYLE_CHANGED] = {"changed", STYLE_ACCENT},
    [STYLE_POPUP] = {"popup", STYLE_TEXT},
    [STYLE_ROW] = {"row", STYLE_SELECTION},
};

/* What a theme says about one role. */
struct look {
    bool given, has_fg, has_bg;
    struct style style;
};

struct sheet {
    struct look looks[STYLE_COUNT];
};

/* One theme file while it is read. */
struct reading {
    const char *name, *folder; /* folder NULL: only the shipped themes are looked at */
    struct sheet own;
    char inherit[sizeof((struct theme *)NULL)->name];
    int inherit_line;
    const struct reading *child; /* the theme that inherits from this one */
    int depth;
    bool shipped;
};

const char *style_role_name(enum role_id role)
{
    return roles[role].name;
}

/* -- one look ---------------------------------------------------------------------------------------------------------- */

/* Takes the next word off the front of `rest`. */
static struct span next_word(struct span *rest)
{
    *rest = span_trim(*rest);
    size_t end = 0;
    while (end < rest->len && rest->s[end] != ' ' && rest->s[end] != '\t')
        end++;
    struct span word = span_cut(*rest, 0, end);
    *rest = span_cut(*rest, end, rest->len);
    return word;
}

static bool parse_attribute(struct span word, uint8_t *attrs)
{
    static const struct {
        const char *name;
        uint8_t attr;
    } table[] = {{"bold", ATTR_BOLD},
                 {"dim", ATTR_DIM},
                 {"italic", ATTR_ITALIC},
                 {"underline", ATTR_UNDERLINE},
                 {"reverse", ATTR_REVERSE}};
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (span_is(word, table[i].name)) {
            *attrs |= table[i].attr;
            return true;
        }
    return false;
}

/* What is shown of a word that may be long or strange. */
static struct span excerpt(struct span word)
{
    if (word.len <= 32)
        return word;
    size_t end = 32;
    while (end > 0 && ((unsigned char)word.s[end] & 0xC0) == 0x80)
        end--;
    return span_cut(word, 0, end);
}

static bool parse_look(const struct ini_entry *en, struct look *out, struct err *e)
{
    struct look look = {.given = true};
    struct span rest = en->value, word = next_word(&rest);
    bool on = false;
    for (; word.len; word = next_word(&rest)) {
        struct colour colour = {.kind = COLOUR_DEFAULT};
        if (!on && span_is(word, "on") && !look.has_bg) {
            on = true;
        } else if (!on && parse_attribute(word, &look.style.attrs)) {
            continue;
        } else if (colour_parse(word, &colour) && on) {
            look.style.bg = colour;
            look.has_bg = true;
            on = false;
        } else if (colour_parse(word, &colour) && !look.has_fg) {
            look.style.fg = colour;
            look.has_fg = true;
        } else {
            struct span shown = excerpt(word);
            return ini_fail(en, e,
                            _("“%.*s” is no colour or attribute here; write for example "
                              "“bright-red bold” or “black on 250”."),
                            SPAN_ARG(shown));
        }
    }
    if (on || !(look.has_fg || look.has_bg || look.style.attrs))
        return ini_fail(en, e, _("A colour is missing here; write for instance #d7875f bold."));
    *out = look;
    return true;
}

/* -- one file ---------------------------------------------------------------------------------------------------------- */

/* Names become file names: no path, no hidden file, nothing that could not be shown. */
static bool name_good(struct span name)
{
    if (name.len == 0 || name.len >= sizeof((struct theme *)NULL)->name || name.s[0] == '.' || !utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.s[i] < 0x20 || name.s[i] == 0x7F || strchr("/\\\"", name.s[i]))
            return false;
    return true;
}

static bool read_head(struct reading *r, const struct ini_entry *en, struct err *e)
{
    bool inherits = span_is(en->key, "inherit");
    if (!inherits && !span_is(en->key, "name")) {
        struct span shown = excerpt(en->key);
        return ini_fail(en, e, _("“%.*s” means nothing here; above [roles] stand only name and inherit."),
                        SPAN_ARG(shown));
    }
    if (!name_good(en->value))
        return ini_fail(en, e, _("This is no name of a theme; use letters, digits and hyphens."));
    if (!inherits && !span_is(en->value, r->name))
        return ini_fail(en, e, _("The name and the file's name differ; write name = %s."), r->name);
    if (inherits) {
        memcpy(r->inherit, en->value.s, en->value.len);
        r->inherit[en->value.len] = '\0';
        r->inherit_line = en->line;
    }
    return true;
}

static bool read_entry(void *ctx, const struct ini_entry *en, struct err *e)
{
    struct reading *r = ctx;
    struct span shown = excerpt(en->section);
    if (en->section.len == 0)
        return read_head(r, en, e);
    if (!span_is(en->section, "roles"))
        return ini_fail(en, e, _("There is no section [%.*s] in a theme, only [roles]."), SPAN_ARG(shown));
    for (int i = 0; i < STYLE_COUNT; i++) {
        if (!span_is(en->key, roles[i].name))
            continue;
        if (r->own.looks[i].given)
            return ini_fail(en, e, _("The role “%s” has a look already, further up."), roles[i].name);
        return parse_look(en, &r->own.looks[i], e);
    }
    shown = excerpt(en->key);
    return ini_fail(en, e, _("There is no role “%.*s”; the shipped themes name them all."), SPAN_ARG(shown));
}

static const char *shipped_text(const char *name)
{
    for (const struct shipped_theme *t = shipped_themes; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t->text;
    return NULL;
}

static void theme_path(const char *folder, const char *name, struct str *out)
{
    str_printf(out, "%s/%s" THEME_SUFFIX, folder, name);
}

/* Finds the theme's text and the name that faults call it by; false without a sentence: there is no such theme. */
static bool find_text(struct reading *r, struct str *file, struct str *text, bool *found, struct err *e)
{
    *found = true;
    if (r->folder) {
        theme_path(r->folder, r->name, file);
        if (access(str_text(file), F_OK) == 0)
            return file_read(str_text(file), text, THEME_FILE_MAX, e);
    }
    const char *shipped = shipped_text(r->name);
    *found = shipped != NULL;
    r->shipped = true;
    str_clear(file);
    str_printf(file, "%s" THEME_SUFFIX, r->name);
    str_add_text(text, shipped ? shipped : "");
    return true;
}

static bool read_sheet(struct reading *r, struct sheet *out, bool *found, struct err *e);

/* A theme of the writer's may inherit the shipped one whose name it has taken; any other circle is a fault. */
static bool read_parent(struct reading *r, const char *file, struct sheet *out, struct err *e)
{
    struct ini_entry at = {.file = file, .line = r->inherit_line};
    struct reading parent = {.name = r->inherit, .folder = r->folder, .child = r, .depth = r->depth + 1};
    if (!r->shipped && strcmp(r->inherit, r->name) == 0 && shipped_text(r->name))
        parent.folder = NULL;
    for (const struct reading *c = r; c && parent.folder; c = c->child)
        if (strcmp(c->name, r->inherit) == 0)
            return ini_fail(&at, e, _("The themes inherit from one another in a circle; take out this line."));
    if (parent.depth >= THEME_CHAIN_MAX)
        return ini_fail(&at, e, _("More than %d themes inherit from one another; inherit from a nearer one."),
                        THEME_CHAIN_MAX);
    bool found = false;
    if (!read_sheet(&parent, out, &found, e))
        return false;
    return found ? true : ini_fail(&at, e, _("There is no theme “%s” to inherit from."), r->inherit);
}

/* Reads a theme and those it inherits from into one sheet. */
static bool read_sheet(struct reading *r, struct sheet *out, bool *found, struct err *e)
{
    struct str file = {0}, text = {0};
    bool ok = false;
    if (!find_text(r, &file, &text, found, e))
        goto out;
    ok = ini_read(str_text(&file), str_span(&text), read_entry, r, e);
    if (ok && r->inherit[0])
        ok = read_parent(r, str_text(&file), out, e);
    for (int i = 0; ok && i < STYLE_COUNT; i++)
        if (r->own.looks[i].given)
            out->looks[i] = r->own.looks[i];
out:
    str_release(&file);
    str_release(&text);
    return ok;
}

/* -- whole themes ------------------------------------------------------------------------------------------------------ */

static void resolve(const struct sheet *sheet, struct style *styles)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        const struct look *look = &sheet->looks[i];
        struct style from = i == STYLE_TEXT ? (struct style){.attrs = 0} : styles[roles[i].parent];
        styles[i] = from;
        if (look->has_fg)
            styles[i].fg = look->style.fg;
        if (look->has_bg)
            styles[i].bg = look->style.bg;
        if (look->given)
            styles[i].attrs = look->style.attrs;
    }
}

static bool load(struct theme *out, const char *name, const char *folder, struct err *e)
{
    struct reading r = {.name = name, .folder = folder};
    struct sheet sheet = {0};
    bool found = false;
    if (!name_good(span_of(name)))
        return err_set(e, ERR_CONFIG, _("This is no name of a theme; use letters, digits and hyphens."));
    if (!read_sheet(&r, &sheet, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_CONFIG, _("There is no theme “%s”; choose one from the list of themes."), name);
    *out = (struct theme){0};
    memcpy(out->name, name, strlen(name) + 1);
    resolve(&sheet, out->styles);
    return true;
}

bool theme_load(struct theme *out, const char *name, const char *folder, struct err *e)
{
    struct err own = {0};
    if (load(out, name, folder, e))
        return true;
    CHECK(load(out, "terminal", NULL, &own));
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The theme's name when a file's name is one, an empty span otherwise. */
static struct span theme_of_file(const char *file)
{
    size_t len = strlen(file), suffix = sizeof THEME_SUFFIX - 1;
    if (len <= suffix || strcmp(file + len - suffix, THEME_SUFFIX) != 0)
        return SPAN("");
    struct span name = {file, len - suffix};
    return name_good(name) ? name : SPAN("");
}

void theme_list(struct str *out, const char *folder)
{
    for (const struct shipped_theme *t = shipped_themes; t->name; t++)
        str_printf(out, "%s\n", t->name);
    DIR *dir = folder ? opendir(folder) : NULL;
    char **names = NULL;
    int count = 0, cap = 0;
    for (const struct dirent *d = dir ? readdir(dir) : NULL; d; d = readdir(dir)) {
        struct span name = theme_of_file(d->d_name);
        if (name.len == 0)
            continue;
        ARRAY_ROOM(names, count, cap);
        names[count++] = span_copy(name);
    }
    if (count)
        qsort(names, (size_t)count, sizeof *names, compare_names);
    for (int i = 0; i < count; i++) {
        if (!shipped_text(names[i]))
            str_printf(out, "%s\n", names[i]);
        free(names[i]);
    }
    free(names);
    if (dir)
        closedir(dir);
}
