/* Promise 2: nothing stands in a text unseen: markers FOLDER. Every file of it, and of the folder that RENGA_HOSTILE names, is shown glyph by glyph: each
 * byte belongs to one glyph, and what could control, turn or hide is a marker. */
#include "core/display.h"
#include "core/file.h"
#include "core/utf8.h"
#include "tests/promise.h"

#include <dirent.h>
#include <locale.h>
#include <string.h>

static size_t files, bytes, marked, unseen;

/* Controls, what turns the writing around, and what takes no room: never part of a letter. */
static bool must_be_marked(int32_t cp)
{
    return cp < 0 || (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0) || cp == 0x61C || cp == 0x200B || cp == 0x200E ||
           cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x2069) || cp == 0xFEFF || cp == 0xE0001;
}

static bool holds_hidden(struct span text)
{
    for (size_t at = 0; at < text.len;) {
        int32_t cp = 0;
        at += (size_t)utf8_decode(span_cut(text, at, text.len), &cp);
        if (must_be_marked(cp))
            return true;
    }
    return false;
}

static void miss(const char *file, size_t at, const char *why)
{
    unseen++;
    printf("%s, byte %zu: %s\n", file, at, why);
}

static void look(const char *file, struct span text)
{
    struct glyph g;
    size_t at = 0;
    for (; at < text.len; at += (size_t)g.bytes) {
        display_glyph(text, at, 0, &g);
        if (g.bytes <= 0 || (size_t)g.bytes > text.len - at) {
            miss(file, at, "a glyph without bytes of its own");
            return;
        }
        bool hidden = holds_hidden(span_cut(text, at, at + (size_t)g.bytes));
        marked += g.kind == GLYPH_MARKER;
        if (hidden && (g.kind != GLYPH_MARKER || g.width < 1))
            miss(file, at, "it is there and is not shown");
        if (holds_hidden((struct span){g.text, (size_t)g.text_len}))
            miss(file, at, "it reaches the screen as it is");
    }
    files++;
    bytes += at;
}

static void look_in(const char *folder)
{
    DIR *dir = folder && *folder ? opendir(folder) : NULL;
    for (struct dirent *entry = NULL; dir && (entry = readdir(dir));) {
        struct str path = {0}, text = {0};
        struct err err = {0};
        str_printf(&path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && file_read(str_text(&path), &text, 64 << 20, &err))
            look(entry->d_name, str_span(&text));
        str_release(&path);
        str_release(&text);
    }
    if (dir)
        closedir(dir);
}

int main(int argc, char **argv)
{
    if (argc < 2 || !setlocale(LC_CTYPE, "C.UTF-8"))
        return 77;
    look_in(argv[1]);
    look_in(getenv("RENGA_HOSTILE"));
    promise(2, "unseen", unseen, "%zu texts of %zu bytes shown glyph by glyph, %zu markers", files, bytes, marked);
    return unseen || files == 0 || marked == 0;
}
