#include "app/templates.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".txt"

void templates_release(struct templates *t)
{
    for (int i = 0; i < t->count; i++)
        template_release(&t->list[i]);
    free(t->list);
    free(t->own);
    *t = (struct templates){0};
}

static int index_of(const struct templates *t, struct span name)
{
    for (int i = 0; i < t->count; i++)
        if (span_equal(str_span(&t->list[i].name), name))
            return i;
    return -1;
}

const struct template *templates_find(const struct templates *t, struct span name)
{
    int at = index_of(t, name);
    return at < 0 ? NULL : &t->list[at];
}

/* Takes it over; it replaces one of its name. */
static void put(struct templates *t, struct template *one, bool own)
{
    int at = index_of(t, str_span(&one->name));
    if (at < 0) {
        ARRAY_ROOM(t->list, t->count, t->cap);
        t->own = mem_grow(t->own, (size_t)t->cap, sizeof *t->own);
        at = t->count++;
        t->list[at] = (struct template){0};
    }
    if (own && t->list[at].text.len && one->group == TEMPLATE_OTHER) { /* it says only what differs */
        one->group = t->list[at].group;
        if (!one->language.len)
            str_set(&one->language, str_span(&t->list[at].language));
    }
    template_release(&t->list[at]);
    t->list[at] = *one;
    t->own[at] = own;
}

/* -- the writer's folder --------------------------------------------------------------------------------------------------------------- */

static bool has_suffix(const char *name)
{
    size_t len = strlen(name);
    return len > strlen(SUFFIX) && name[0] != '.' && !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of its files in order, ended by NULL; the caller frees them. A folder that cannot be read has none. */
static char **list_files(const char *folder)
{
    char **names = NULL;
    int count = 0, cap = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!has_suffix(entry->d_name))
            continue;
        ARRAY_ROOM(names, count, cap);
        names[count++] = mem_copy_text(entry->d_name);
    }
    if (dir)
        closedir(dir);
    if (count)
        qsort(names, (size_t)count, sizeof *names, by_name);
    ARRAY_ROOM(names, count, cap);
    names[count] = NULL;
    return names;
}

static bool load_file(struct templates *t, const char *folder, const char *file, struct err *e)
{
    struct str path = {0}, text = {0};
    struct template one = {0};
    struct span name = {file, strlen(file) - strlen(SUFFIX)};
    str_printf(&path, "%s/%s", folder, file);
    bool ok = file_read(str_text(&path), &text, TEMPLATE_FILE_MAX + 4, e);
    if (ok && !utf8_valid(name))
        ok = err_set(e, ERR_CONFIG, _("The name of a file in %s is not UTF-8 text; give it another."), folder);
    ok = ok && template_parse(&one, str_text(&path), name, str_span(&text), e);
    if (ok)
        put(t, &one, true);
    str_release(&path);
    str_release(&text);
    return ok;
}

bool templates_load(struct templates *t, const char *folder, struct err *e)
{
    bool sound = true;
    struct err fault = {0};
    templates_release(t);
    for (const struct shipped_template *s = shipped_templates; s->name; s++) {
        struct template one = {0};
        CHECK(template_parse(&one, s->name, span_of(s->name), span_of(s->text), &fault)); /* a test reads them all */
        put(t, &one, false);
    }
    char **files = list_files(folder);
    for (char **file = files; *file; file++) {
        if (!load_file(t, folder, *file, &fault) && sound) {
            *e = fault;
            sound = false;
        }
        free(*file);
    }
    free(files);
    return sound;
}

/* -- saving ---------------------------------------------------------------------------------------------------------------------------- */

/* What the head takes as a name and a folder as a file. */
static bool name_is_good(struct span name, struct err *e)
{
    bool good = name.len > 0 && name.len <= TEMPLATE_NAME_MAX && name.s[0] != '.';
    for (size_t i = 0; good && i < name.len; i++)
        good = (unsigned char)name.s[i] >= ' ' && name.s[i] != '/' && name.s[i] != 0x7F;
    return good || err_set(e, ERR_USAGE, _("A template's name has up to %d bytes, no / in it and no dot at its front."), TEMPLATE_NAME_MAX);
}

bool templates_save(const char *folder, struct span name, struct span help, struct span text, struct str *path, struct err *e)
{
    struct template read = {0};
    struct str file = {0};
    struct err fault = {0};
    bool ok = name_is_good(name, e);
    str_clear(path);
    str_printf(path, "%s/%.*s" SUFFIX, folder, SPAN_ARG(name));
    str_printf(&file, "name = %.*s\n", SPAN_ARG(name));
    if (help.len)
        str_printf(&file, "help = %.*s\n", SPAN_ARG(help));
    str_add_byte(&file, '\n');
    str_add(&file, text);
    str_add_byte(&file, '\n');
    if (ok && !template_parse(&read, "", name, str_span(&file), &fault))
        ok = err_set(e, ERR_USAGE, "%s", strstr(fault.text, ": ") + 2); /* the lines are those of no file yet */
    if (ok && access(str_text(path), F_OK) == 0)
        ok = err_set(e, ERR_USAGE, _("There is a file %s already; choose another name."), str_text(path));
    ok = ok && folder_make(folder, e) && file_write(str_text(path), str_span(&file), e);
    template_release(&read);
    str_release(&file);
    return ok;
}
