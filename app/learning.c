#include "app/learning.h"
#include "core/file.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/muse.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TEXT_MAX      ((size_t)128 << 20)
#define PIECES_MAX    ((size_t)1 << 24)
#define STATE_MAX     ((size_t)1 << 30)
#define NAME_MAX_CHARACTERS 40
#define GUESSED_RATE  3000.0 /* tokens a second, until the first step tells better */
#define THREAD_NICE   10
#define VOICE         ".voice"    /* how the files of a name end: what is learnt, */
#define STATE         ".learning" /* what a stopped learning goes on from, */
#define ASIDE         "~"         /* and behind that, what was put aside */

struct learning {
    char *name, *packs, *voices;
    struct str *texts;
    int text_count, text_cap;
    struct intake intake;
    struct pack pack;
    struct vocab *vocab;
    struct lesson lesson;
    struct learner *learner;
    pthread_t thread;
    bool running;               /* the thread has to be joined */
    atomic_bool stop;
    pthread_mutex_t lock;       /* of `look` */
    struct learning_look look;
};

/* -- names ---------------------------------------------------------------------------------------------------------------------------------- */

static bool name_is_good(const char *name)
{
    struct span sp = span_of(name);
    int32_t cp = 0;
    if (sp.len == 0 || utf8_length(sp) > NAME_MAX_CHARACTERS || name[0] == ' ' || name[sp.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < sp.len;) {
        i += (size_t)utf8_decode(span_cut(sp, i, sp.len), &cp);
        bool ascii_ok = cp_between(cp, 'a', 'z') || cp_between(cp, 'A', 'Z') || cp_between(cp, '0', '9') || cp == ' ' || cp == '-' || cp == '_';
        if (cp < 0 || (cp < 0xC0 && !ascii_ok) || cp_between(cp, 0x2000, 0x206F) || cp_between(cp, 0xE000, 0xF8FF) || cp == 0xFEFF)
            return false;
    }
    return true;
}

static void add_path(struct str *out, const char *voices, const char *name, const char *ending)
{
    str_clear(out);
    str_printf(out, "%s/%s%s", voices, name, ending);
}

const char *learning_name(const struct learning *l)
{
    return l->name;
}

struct learning *learning_new(const char *name, const char *packs, const char *voices, struct err *e)
{
    if (!strcmp(name, "muse")) {
        err_set(e, ERR_USAGE, "%s", _("“muse” is the name of what everybody has; give the voice another."));
        return NULL;
    }
    if (!name_is_good(name)) {
        err_set(e, ERR_USAGE, _("A voice's name has letters, digits, blanks, - and _, at most %d of them."), NAME_MAX_CHARACTERS);
        return NULL;
    }
    struct learning *l = mem_new(1, sizeof *l);
    l->name = mem_copy_text(name);
    l->packs = mem_copy_text(packs);
    l->voices = mem_copy_text(voices);
    lesson_init(&l->lesson);
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

static void join(struct learning *l)
{
    if (!l->running)
        return;
    atomic_store(&l->stop, true);
    pthread_join(l->thread, NULL);
    l->running = false;
}

static void free_texts(struct learning *l)
{
    for (int i = 0; i < l->text_count; i++)
        str_release(&l->texts[i]);
    free(l->texts);
    l->texts = NULL;
    l->text_count = l->text_cap = 0;
}

void learning_free(struct learning *l)
{
    if (!l)
        return;
    join(l);
    learner_free(l->learner);
    lesson_release(&l->lesson);
    vocab_free(l->vocab);
    pack_close(&l->pack);
    free_texts(l);
    pthread_mutex_destroy(&l->lock);
    free(l->name);
    free(l->packs);
    free(l->voices);
    free(l);
}

/* -- texts ----------------------------------------------------------------------------------------------------------------------------------- */

static struct str *new_text(struct learning *l)
{
    ARRAY_ROOM(l->texts, l->text_count, l->text_cap);
    l->texts[l->text_count] = (struct str){0};
    return &l->texts[l->text_count++];
}

bool learning_add_file(struct learning *l, const char *path, struct err *e)
{
    struct str *text = new_text(l);
    if (!file_read(path, text, TEXT_MAX, e))
        return false;
    intake_count(&l->intake, str_span(text));
    return true;
}

void learning_add_text(struct learning *l, struct span text)
{
    str_set(new_text(l), text);
    intake_count(&l->intake, text);
}

static bool read_general(struct learning *l, const char *language, struct err *e)
{
    struct str path = {0}, bytes = {0};
    str_printf(&path, "%s/%s.pieces", l->packs, language);
    bool ok = file_read(str_text(&path), &bytes, PIECES_MAX, e) && lesson_add_general(&l->lesson, &l->pack, str_span(&bytes), e);
    str_release(&path);
    str_release(&bytes);
    return ok;
}

static bool open_pack(struct learning *l, const char *language, struct err *e)
{
    struct str path = {0};
    str_printf(&path, "%s/%s.muse", l->packs, language);
    bool ok = pack_open(&l->pack, str_text(&path), e);
    if (ok)
        l->vocab = vocab_new(&l->pack);
    str_release(&path);
    return ok;
}

/* True when an earlier learning goes on. */
static bool resume(struct learning *l)
{
    struct str path = {0}, state = {0};
    add_path(&path, l->voices, l->name, STATE);
    bool ok = file_read(str_text(&path), &state, STATE_MAX, NULL) && learner_restore(l->learner, str_span(&state));
    str_release(&path);
    str_release(&state);
    return ok;
}

static void look_now(struct learning *l, bool over)
{
    struct learning_look look = {.over = over};
    learner_progress(l->learner, &look.progress);
    look.curve_count = learner_curve(l->learner, look.curve_steps, look.curve_losses, LEARNING_CURVE_MAX);
    pthread_mutex_lock(&l->lock);
    l->look = look;
    pthread_mutex_unlock(&l->lock);
}

bool learning_prepare(struct learning *l, struct str *plan, struct err *e)
{
    enum pack_language language;
    if (!intake_language(&l->intake, &language, e))
        return false;
    const char *code = language == PACK_ZH ? "zh" : "en";
    if (!open_pack(l, code, e) || !read_general(l, code, e))
        return false;
    for (int i = 0; i < l->text_count; i++)
        lesson_add(&l->lesson, &l->intake, &l->pack, l->vocab, str_span(&l->texts[i]));
    free_texts(l);
    if (!lesson_close(&l->lesson, &l->intake, e))
        return false;
    lesson_tell(&l->lesson, &l->intake, language, GUESSED_RATE, plan);
    l->learner = learner_new(&l->pack, &l->lesson, 1);
    if (resume(l))
        str_add_text(plan, _("It goes on where it was stopped.\n"));
    look_now(l, false);
    return true;
}

/* -- steps ------------------------------------------------------------------------------------------------------------------------------------ */

bool learning_step(struct learning *l)
{
    bool more = learner_step(l->learner);
    look_now(l, !more);
    return more;
}

static void *run(void *context)
{
    struct learning *l = context;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), THREAD_NICE);
    while (!atomic_load(&l->stop) && learning_step(l))
        ;
    return NULL;
}

bool learning_start(struct learning *l, struct err *e)
{
    int error = pthread_create(&l->thread, NULL, run, l);
    if (error)
        return err_set(e, ERR_IO, _("The thread that learns could not be started: %s."), strerror(error));
    l->running = true;
    return true;
}

void learning_look(struct learning *l, struct learning_look *out)
{
    pthread_mutex_lock(&l->lock);
    *out = l->look;
    pthread_mutex_unlock(&l->lock);
}

/* -- files ------------------------------------------------------------------------------------------------------------------------------------ */

bool learning_stop(struct learning *l, struct err *e)
{
    struct str path = {0}, state = {0};
    join(l);
    learner_save(l->learner, &state);
    add_path(&path, l->voices, l->name, STATE);
    bool ok = folder_make(l->voices, e) && file_write(str_text(&path), str_span(&state), e);
    str_release(&path);
    str_release(&state);
    return ok;
}

/* What is about to be replaced has another name as well; where the file system knows no second names it is moved. */
static void keep_former(const char *path)
{
    struct str aside = {0};
    str_printf(&aside, "%s" ASIDE, path);
    if (access(path, F_OK) == 0) {
        unlink(str_text(&aside));
        if (link(path, str_text(&aside)))
            (void)!rename(path, str_text(&aside));
    }
    str_release(&aside);
}

bool learning_keep(struct learning *l, struct err *e)
{
    struct str path = {0}, bytes = {0};
    join(l);
    learner_result(l->learner, &bytes);
    add_path(&path, l->voices, l->name, VOICE);
    keep_former(str_text(&path));
    bool ok = folder_make(l->voices, e) && file_write(str_text(&path), str_span(&bytes), e);
    add_path(&path, l->voices, l->name, STATE);
    if (ok)
        unlink(str_text(&path));
    str_release(&path);
    str_release(&bytes);
    return ok;
}

/* A file that is not there is fine; one that was put aside before is gone then. */
static bool put_aside(const char *voices, const char *name, const char *ending, struct err *e)
{
    struct str live = {0}, aside = {0};
    add_path(&live, voices, name, ending);
    str_printf(&aside, "%s" ASIDE, str_text(&live));
    bool ok = rename(str_text(&live), str_text(&aside)) == 0 || errno == ENOENT ||
              err_set(e, ERR_IO, _("The voice “%s” cannot be put aside: %s."), name, strerror(errno));
    str_release(&live);
    str_release(&aside);
    return ok;
}

static bool exists(const char *voices, const char *name, const char *ending)
{
    struct str path = {0};
    add_path(&path, voices, name, ending);
    bool found = name_is_good(name) && access(str_text(&path), F_OK) == 0;
    str_release(&path);
    return found;
}

bool learning_forget(const char *name, const char *voices, struct err *e)
{
    if (!exists(voices, name, VOICE) && !exists(voices, name, STATE))
        return err_set(e, ERR_USAGE, _("The muse has no voice “%s”; renga models lists those that it has."), name);
    return put_aside(voices, name, VOICE, e) && put_aside(voices, name, STATE, e);
}

/* What is there and what was put aside change places. */
static bool swap(const char *voices, const char *name, const char *ending, struct err *e)
{
    struct str live = {0}, aside = {0}, between = {0};
    add_path(&live, voices, name, ending);
    str_printf(&aside, "%s" ASIDE, str_text(&live));
    str_printf(&between, "%s" ASIDE, str_text(&aside));
    bool had = rename(str_text(&live), str_text(&between)) == 0;
    bool ok = rename(str_text(&aside), str_text(&live)) == 0;
    if (!ok)
        err_set(e, ERR_IO, _("The voice “%s” cannot be brought back: %s."), name, strerror(errno));
    if (had)
        ok = rename(str_text(&between), str_text(ok ? &aside : &live)) == 0 && ok;
    str_release(&live);
    str_release(&aside);
    str_release(&between);
    return ok;
}

bool learning_recall(const char *name, const char *voices, struct err *e)
{
    bool voice = exists(voices, name, VOICE ASIDE), state = exists(voices, name, STATE ASIDE);
    if (!voice && !state)
        return err_set(e, ERR_USAGE, _("No voice “%s” has been forgotten."), name);
    return (!voice || swap(voices, name, VOICE, e)) && (!state || swap(voices, name, STATE, e));
}

void learning_forgotten(const char *voices, struct str *out)
{
    struct str stopped = {0};
    struct span line;
    muse_voices(voices, VOICE ASIDE, out);
    muse_voices(voices, STATE ASIDE, &stopped);
    for (struct span rest = str_span(&stopped); span_line(&rest, &line);) {
        char *name = span_copy(line);
        if (!exists(voices, name, VOICE ASIDE))
            str_printf(out, "%s\n", name);
        free(name);
    }
    str_release(&stopped);
}
