#include "core/clock.h"
#include "core/i18n.h"
#include "net/net.h"
#include "net/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY_MAX 8192

extern char **environ;
int secret_command_ms = 30000;

/* What came from where: remembers a key under the words of the config. */
static void name_origin(const struct server *server, struct str *out)
{
    if (server->key_env)
        str_printf(out, "env %s", server->key_env);
    if (server->key_file)
        str_printf(out, "file %s", server->key_file);
    for (char **word = server->key_command; word && *word; word++)
        str_printf(out, "%s %s", word == server->key_command ? "command" : "", *word);
}

bool secret_is_at_hand(const struct server *server)
{
    struct str origin = {0};
    struct span key;
    name_origin(server, &origin);
    bool at_hand = !server->key_command || secret_known(str_text(&origin), &key);
    str_release(&origin);
    return at_hand;
}

/* The first line, checked: what would end a header early or is no key at all is refused, with `shown` for where it came from: never what a
 * command was given, which may be the key itself. */
static bool take_key(struct span text, const char *origin, const char *shown, struct secret *out, struct err *e)
{
    struct span line = SPAN("");
    span_line(&text, &line);
    line = span_trim(line);
    if (line.len == 0)
        return err_set(e, ERR_CONFIG, _("The key is empty (%s). Check the server's key settings."), shown);
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.s[i] <= ' ' || (unsigned char)line.s[i] >= 0x7F)
            return err_set(e, ERR_CONFIG,
                           _("The key holds characters that no key holds (%s). Check the server's key settings."),
                           shown);
    out->key = secret_keep(origin, line);
    return true;
}

/* -- from the environment, from a file --------------------------------------------------------- */

static bool from_environment(const char *name, const char *origin, struct secret *out, struct err *e)
{
    char *value = getenv(name);
    if (!value || !*value)
        return err_set(e, ERR_CONFIG,
                       _("The environment variable %s, which holds the key, is not set. Set it and start again."),
                       name);
    bool ok = take_key(span_of(value), origin, name, out, e);
    if (ok) {
        secret_wipe(value, strlen(value));
        unsetenv(name);
    }
    return ok;
}

static bool check_file(int fd, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_CONFIG, _("The key file %s is not an ordinary file."), path);
    if (st.st_mode & 077)
        return err_set(e, ERR_CONFIG, _("Others can read the key file %s. Run “chmod 600” on it and try again."), path);
    if (st.st_uid != geteuid())
        return err_set(e, ERR_CONFIG, _("The key file %s belongs to someone else. It must be your own."), path);
    return true;
}

static bool from_file(const char *path, const char *origin, struct secret *out, struct err *e)
{
    char bytes[KEY_MAX] = "";
    bool ok = false;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(e, ERR_CONFIG, _("The key file %s cannot be read: %s."), path, strerror(errno));
    if (check_file(fd, path, e)) {
        ssize_t len = read(fd, bytes, sizeof bytes);
        ok = take_key((struct span){bytes, len > 0 ? (size_t)len : 0}, origin, path, out, e);
        secret_wipe(bytes, sizeof bytes);
    }
    close(fd);
    return ok;
}

/* -- from a command ---------------------------------------------------------------------------- */

/* The command gets the terminal, no shell, and signals as every program expects them. */
static int spawn(char **argv, int out, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failed = posix_spawnp(pid, argv[0], &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static int left_ms(int64_t until_us)
{
    int64_t us = until_us - clock_now_us();
    return us <= 0 ? 0 : (int)((us + 999) / 1000);
}

/* Reads to the end, keeping the first KEY_MAX bytes. False: the time was over. */
static bool read_all(int fd, char bytes[KEY_MAX], size_t *len, int64_t until_us)
{
    char rest[512];
    for (;;) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, left_ms(until_us));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        bool full = *len >= KEY_MAX;
        ssize_t got = read(fd, full ? rest : bytes + *len, full ? sizeof rest : KEY_MAX - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        *len += full ? 0 : (size_t)got;
    }
}

/* Waits for the end of the command; past its time it is ended. */
static bool wait_for(pid_t pid, int64_t until_us, int *status)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    while (left_ms(until_us) > 0) {
        pid_t done = waitpid(pid, status, WNOHANG);
        if (done == pid)
            return true;
        if (done < 0 && errno != EINTR)
            return false;
        nanosleep(&moment, NULL);
    }
    kill(pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    return false;
}

static bool from_command(char **argv, const char *origin, struct secret *out, struct err *e)
{
    char bytes[KEY_MAX];
    size_t len = 0;
    int fds[2], status = 0;
    pid_t pid = 0;
    if (!argv[0])
        return err_set(e, ERR_CONFIG,
                       _("The server's key command (key_command) is empty. Name a program that prints the key."));
    if (pipe2(fds, O_CLOEXEC) != 0)
        return err_set(e, ERR_IO, _("The key command could not be run: %s."), strerror(errno));
    int64_t until_us = clock_now_us() + (int64_t)secret_command_ms * 1000;
    int failed = spawn(argv, fds[1], &pid);
    close(fds[1]);
    bool in_time = !failed && read_all(fds[0], bytes, &len, until_us);
    close(fds[0]);
    bool ended = !failed && wait_for(pid, in_time ? until_us : 0, &status);
    bool ok = false;
    if (failed)
        err_set(e, ERR_CONFIG, _("The key command “%s” cannot be run: %s."), argv[0], strerror(failed));
    else if (!in_time || !ended)
        err_set(e, ERR_CONFIG, _("The key command “%s” took longer than %d s and was ended."), argv[0],
                secret_command_ms / 1000);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        err_set(e, ERR_CONFIG, _("The key command “%s” failed. Run it in a shell to see why."), argv[0]);
    else
        ok = take_key((struct span){bytes, len}, origin, argv[0], out, e);
    secret_wipe(bytes, sizeof bytes);
    return ok;
}

void net_take_key(const struct server *server)
{
    struct secret secret;
    struct err err = {0}; /* is told when the key is wanted */
    if (server->key_env && getenv(server->key_env))
        (void)!secret_fetch(server, &secret, &err);
}

bool secret_fetch(const struct server *server, struct secret *out, struct err *e)
{
    struct str origin = {0};
    bool ok = true;
    *out = (struct secret){.key = {"", 0}};
    name_origin(server, &origin);
    if (origin.len == 0 || secret_known(str_text(&origin), &out->key))
        goto out;
    if (server->key_command)
        ok = from_command(server->key_command, str_text(&origin), out, e);
    else if (server->key_env)
        ok = from_environment(server->key_env, str_text(&origin), out, e);
    else
        ok = from_file(server->key_file, str_text(&origin), out, e);
out:
    str_release(&origin);
    return ok;
}
