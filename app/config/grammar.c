#include "app/config/config.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

#define GRAMMAR_MAX (64u << 10)

void config_path(struct span value, struct str *out)
{
    const char *home = getenv("HOME");
    if (home && span_starts(value, "~/")) {
        str_add_text(out, home);
        value = span_cut(value, 1, value.len);
    }
    str_add(out, value);
}

static bool check_grammar(const char *path, struct span text, struct err *e)
{
    if (span_trim(text).len == 0)
        return err_set(e, ERR_CONFIG, _("The grammar %s is empty. Its first rule is called root."), path);
    if (!utf8_valid(text) || memchr(text.s, '\0', text.len))
        return err_set(e, ERR_CONFIG, _("The grammar %s is not UTF-8 text."), path);
    return true;
}

bool config_read_grammar(struct server *s, struct span place, struct err *e)
{
    struct str path = {0}, text = {0};
    bool ok = true;
    config_path(place, &path);
    if (place.len)
        ok = file_read(str_text(&path), &text, GRAMMAR_MAX, e) && check_grammar(str_text(&path), str_span(&text), e);
    if (ok) {
        free(s->grammar_file);
        free(s->grammar);
        s->grammar_file = place.len ? str_take(&path) : NULL;
        s->grammar = place.len ? str_take(&text) : NULL;
    }
    str_release(&path);
    str_release(&text);
    return ok;
}

bool config_check_grammar(const struct server *s, struct err *e)
{
    return !s->grammar || dialect_takes_grammar(s->dialect) ||
           err_set(e, ERR_CONFIG, _("The server “%s” speaks %s, which takes no grammar; llamacpp and koboldcpp do."), s->name,
                   dialect_name(s->dialect));
}
