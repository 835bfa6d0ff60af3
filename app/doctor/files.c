#include "app/doctor/doctor.h"
#include "app/amounts.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "storage/health.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LITTLE_SPACE (256LL << 20) /* what is left when the writer should hear of it */
#define NO_SPACE     (16LL << 20)  /* when it will soon be too late: the log alone may take as much */
#define LONG_LOG     (64LL << 20)

/* -- library ------------------------------------------------------------------------------------------------------------------------- */

static void tell_library(struct doctor *d, const struct library_health *h)
{
    struct str size = {0}, log = {0};
    amount_bytes(&size, h->bytes);
    amount_bytes(&log, h->log_bytes);
    if (h->bytes)
        doctor_say(d, VERDICT_WELL,
                   ngettext("%s is whole: every page, index and reference of it was read (%s, %lld generation, form %lld).",
                            "%s is whole: every page, index and reference of it was read (%s, %lld generations, form %lld).",
                            (unsigned long)h->generations),
                   d->library, str_text(&size), (long long)h->generations, (long long)h->version);
    else
        doctor_say(d, VERDICT_WELL, _("%s is there and empty; the desk fills it."), d->library);
    if (h->version < h->newest && h->bytes)
        doctor_say(d, VERDICT_NOTE, _("It has form %lld; the next start brings it to form %d and keeps a dated copy."), (long long)h->version,
                   h->newest);
    if (h->log_bytes > LONG_LOG)
        doctor_say(d, VERDICT_NOTE, _("Its log beside it holds %s; it is folded in when every renga is closed."), str_text(&log));
    if (h->journal_bytes)
        doctor_say(d, VERDICT_NOTE, _("A journal lies beside it: another renga is writing, or the last one was cut off and the next start sets "
                                      "it right. Leave it there."));
    str_release(&size);
    str_release(&log);
}

/* On a network drive nobody else reads what the desk has open, not even the doctor. */
void check_library(struct doctor *d)
{
    if (d->at_desk && library_is_held_alone(d->library)) {
        doctor_say(d, VERDICT_NOTE, _("%s lies on a network drive, where the desk holds it alone. renga doctor reads it whole once the desk "
                                      "is closed."), d->library);
        return;
    }
    d->reading = library_reading_begin(d->library);
    if (!d->reading)
        doctor_say(d, VERDICT_WRONG, "%s", _("The library could not be read: there is no thread to be had. Close some programs and try again."));
}

bool check_library_read(struct doctor *d)
{
    struct library_health h;
    struct err err = {0};
    if (d->reading && !library_reading_over(d->reading))
        return false;
    if (!d->reading)
        return true;
    bool well = library_reading_end(d->reading, &h, &err);
    d->reading = NULL;
    if (!well)
        doctor_say(d, VERDICT_WRONG, "%s", err.text);
    else if (!h.there)
        doctor_say(d, VERDICT_WELL, _("There is no library yet; the desk makes %s."), d->library);
    else
        tell_library(d, &h);
    return true;
}

/* -- space --------------------------------------------------------------------------------------------------------------------------- */

/* The nearest folder above a path that is there. The caller frees. */
static char *folder_there(const char *path)
{
    char *folder = mem_copy_text(path);
    struct stat st;
    while (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
        char *slash = strrchr(folder, '/');
        if (!slash) {
            free(folder);
            return mem_copy_text(".");
        }
        slash[slash == folder] = '\0';
        if (slash == folder)
            break;
    }
    return folder;
}

void check_space(struct doctor *d)
{
    struct statvfs fs;
    struct str left = {0};
    char *folder = folder_there(d->library);
    if (statvfs(folder, &fs) != 0) {
        doctor_say(d, VERDICT_NOTE, _("How much room %s has cannot be told: %s."), folder, strerror(errno));
    } else {
        int64_t free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
        amount_bytes(&left, free_bytes);
        if (fs.f_flag & ST_RDONLY)
            doctor_say(d, VERDICT_WRONG, _("The disk of %s is mounted for reading only; nothing can be kept there."), folder);
        else if (free_bytes < NO_SPACE)
            doctor_say(d, VERDICT_WRONG, _("Only %s are free in %s. Make room before you write on."), str_text(&left), folder);
        else if (free_bytes < LITTLE_SPACE)
            doctor_say(d, VERDICT_NOTE, _("%s are free in %s; that is little. Make room soon."), str_text(&left), folder);
        else
            doctor_say(d, VERDICT_WELL, _("%s are free in %s."), str_text(&left), folder);
    }
    str_release(&left);
    free(folder);
}

/* -- permissions --------------------------------------------------------------------------------------------------------------------- */

/* What is there belongs to the writer, can be used and is nobody else's to read. */
static bool look_at(struct doctor *d, const char *path, bool private)
{
    struct stat st;
    int wanted = R_OK | W_OK;
    if (stat(path, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            doctor_say(d, VERDICT_WRONG, _("%s cannot be looked at: %s."), path, strerror(errno));
        return errno == ENOENT || errno == ENOTDIR;
    }
    bool folder = S_ISDIR(st.st_mode);
    if (folder)
        wanted |= X_OK;
    if (access(path, wanted) != 0) {
        doctor_say(d, VERDICT_WRONG, _("%s may not be read and written by you; its owner can say: chmod u+rw %s"), path, path);
    } else if (st.st_uid != geteuid()) {
        doctor_say(d, VERDICT_NOTE, _("%s belongs to another user, who can read what you write."), path);
    } else if (private && (st.st_mode & 0077)) {
        doctor_say(d, VERDICT_WRONG, _("Others on this machine can reach %s (%04o). Say: chmod %s %s"), path, (unsigned)(st.st_mode & 07777),
                   folder ? "700" : "600", path);
    } else {
        return true;
    }
    return false;
}

/* "…/renga.db" with an ending, or its folder. */
static bool look_beside(struct doctor *d, const char *ending)
{
    struct str path = {0};
    const char *slash = strrchr(d->library, '/');
    if (ending)
        str_printf(&path, "%s%s", d->library, ending);
    else
        str_add(&path, slash ? (struct span){d->library, (size_t)(slash - d->library)} : SPAN("."));
    /* A library that was named may lie in any folder, that of a project for instance. */
    bool ok = look_at(d, path.len ? str_text(&path) : "/", ending || !strcmp(d->library, d->paths->library));
    str_release(&path);
    return ok;
}

void check_permissions(struct doctor *d)
{
    bool ok = look_beside(d, NULL);
    ok = look_beside(d, "") && ok;
    ok = look_beside(d, "-wal") && ok;
    ok = look_beside(d, "-shm") && ok;
    ok = look_at(d, d->paths->voices, false) && ok;
    ok = look_at(d, d->paths->config_dir, false) && ok;
    ok = look_at(d, d->paths->config, false) && ok;
    if (ok)
        doctor_say(d, VERDICT_WELL, _("What you write can be read by you alone."));
}
