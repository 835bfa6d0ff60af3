#include "app/paths.h"
#include "core/mem.h"
#include "core/str.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *home_folder(void)
{
    const char *home = getenv("HOME");
    if (home && home[0] == '/')
        return home;
    const struct passwd *user = getpwuid(getuid());
    return user && user->pw_dir ? user->pw_dir : "/";
}

static char *joined(const char *folder, const char *rest)
{
    struct str path = {0};
    str_add_text(&path, folder);
    if (path.len == 0 || path.s[path.len - 1] != '/')
        str_add_byte(&path, '/');
    str_add_text(&path, rest);
    return str_take(&path);
}

/* The XDG rule: the variable counts only when it holds an absolute path. */
static char *xdg_folder(const char *variable, const char *below_home)
{
    const char *set = getenv(variable);
    char *base = set && set[0] == '/' ? mem_copy_text(set) : joined(home_folder(), below_home);
    char *folder = joined(base, "renga");
    free(base);
    return folder;
}

void paths_init(struct paths *p)
{
    *p = (struct paths){0};
    p->config_dir = xdg_folder("XDG_CONFIG_HOME", ".config");
    p->config = joined(p->config_dir, "config");
    p->themes = joined(p->config_dir, "themes");
    p->keys = joined(p->config_dir, "keys");
    p->templates = joined(p->config_dir, "templates");
    p->data_dir = xdg_folder("XDG_DATA_HOME", ".local/share");
    p->library = joined(p->data_dir, "renga.db");
    p->voices = joined(p->data_dir, "voices");
    p->state_dir = xdg_folder("XDG_STATE_HOME", ".local/state");
    const char *muse = getenv("RENGA_MUSEDIR");
    p->muse = mem_copy_text(muse && *muse ? muse : RENGA_MUSEDIR);
}

void paths_release(struct paths *p)
{
    free(p->config_dir);
    free(p->config);
    free(p->themes);
    free(p->keys);
    free(p->templates);
    free(p->data_dir);
    free(p->library);
    free(p->voices);
    free(p->state_dir);
    free(p->muse);
    *p = (struct paths){0};
}
