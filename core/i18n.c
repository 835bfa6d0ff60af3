#include "core/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool speaks_chinese;

bool i18n_chinese(void)
{
    return speaks_chinese;
}

/* The language the environment asks for, in gettext's order of precedence. */
static const char *environment_language(void)
{
    static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "";
}

void i18n_start(const char *language)
{
    /* A locale that ssh forwarded but that is not installed here would leave "C", and every Han character blank; one that is not
     * UTF-8 (zh_CN.GBK) would write bytes that are not the program's. */
    setlocale(LC_CTYPE, ""); /* only what is used: each category is a file to open before the first frame */
    setlocale(LC_MESSAGES, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") && !setlocale(LC_CTYPE, "C.UTF-8"))
        setlocale(LC_CTYPE, "en_US.UTF-8");
    const char *wanted = language ? language : environment_language();
    speaks_chinese = !strncmp(wanted, "zh", 2);
    /* gettext needs no installed locale for a catalogue, only one that is not plain "C", and LANGUAGE. */
    if (!strcmp(setlocale(LC_MESSAGES, NULL), "C") || !strcmp(setlocale(LC_MESSAGES, NULL), "POSIX"))
        setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", speaks_chinese ? "zh_CN" : "en", 1);
    const char *folder = getenv("RENGA_LOCALEDIR");
    bindtextdomain("renga", folder && *folder ? folder : RENGA_LOCALEDIR);
    bind_textdomain_codeset("renga", "UTF-8");
    textdomain("renga");
}
