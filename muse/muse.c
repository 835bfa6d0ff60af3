#include "muse/muse.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/mem.h"
#include "core/utf8.h"
#include "muse/muse_parts.h"
#include "muse/wish.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define VOICE_SUFFIX ".voice"
#define WORKS_MAX 32 /* of one step: a clock that stands still bounds nothing */

struct muse *muse_new(const char *packs, const char *voices)
{
    struct muse *m = mem_new(1, sizeof *m);
    m->packs = mem_copy_text(packs);
    m->voices = mem_copy_text(voices);
    return m;
}

static void mind_free(struct mind *mind)
{
    vocab_free(mind->vocab);
    pack_close(&mind->pack);
    free(mind->model);
    free(mind->path);
    free(mind);
}

void muse_free(struct muse *m)
{
    if (!m)
        return;
    for (int i = 0; i < m->run_count; i++)
        muse_run_free(m->runs[i]);
    for (int i = 0; i < m->mind_count; i++)
        mind_free(m->minds[i]);
    free(m->minds);
    free(m->runs);
    free(m->packs);
    free(m->voices);
    free(m);
}

/* -- models --------------------------------------------------------------------------------------------------------------------- */

const char *muse_language_name(enum form_language language)
{
    return language == FORM_EN ? "en" : "zh";
}

/* Where the model is kept; false: its name could not be a file's. */
static bool add_path(const struct muse *m, struct span model, enum form_language language, struct str *path)
{
    if (span_is(model, MUSE_NAME)) {
        str_printf(path, "%s/%s.muse", m->packs, muse_language_name(language));
        return true;
    }
    str_printf(path, "%s/%.*s" VOICE_SUFFIX, m->voices, SPAN_ARG(model));
    return model.len && model.s[0] != '.' && span_find(model, SPAN("/"), 0) < 0;
}

static struct mind *find_mind(struct muse *m, const char *path, const struct stat *st)
{
    for (int i = 0; i < m->mind_count; i++)
        if (!strcmp(m->minds[i]->path, path) && m->minds[i]->file == st->st_ino && m->minds[i]->changed == st->st_mtim.tv_sec)
            return m->minds[i];
    return NULL;
}

static struct mind *open_mind(struct muse *m, struct span model, const char *path, const struct stat *st, struct err *e)
{
    struct pack pack;
    struct err why = {0};
    if (!pack_open(&pack, path, &why)) {
        err_set(e, why.kind, _("The muse cannot write without its pack: %s Other servers do not need it (F2, or --server)."), why.text);
        return NULL;
    }
    struct mind *mind = mem_new(1, sizeof *mind);
    mind->model = span_copy(model);
    mind->path = mem_copy_text(path);
    mind->file = st->st_ino;
    mind->changed = st->st_mtim.tv_sec;
    mind->pack = pack;
    mind->language = pack.language == PACK_EN ? FORM_EN : FORM_ZH;
    mind->vocab = vocab_new(&mind->pack);
    ARRAY_ROOM(m->minds, m->mind_count, m->mind_cap);
    return m->minds[m->mind_count++] = mind;
}

/* The mind in one file, whatever it speaks. A voice that was learnt anew is another file. */
static struct mind *mind_of(struct muse *m, struct span model, enum form_language language, struct err *e)
{
    struct str path = {0};
    struct stat st = {0};
    bool named = add_path(m, model, language, &path);
    if (!named || (stat(str_text(&path), &st) && !span_is(model, MUSE_NAME))) {
        err_set(e, ERR_USAGE, _("The muse has no voice “%.*s”; renga models lists those that it has."), SPAN_ARG(model));
        str_release(&path);
        return NULL;
    }
    struct mind *mind = find_mind(m, str_text(&path), &st);
    if (!mind)
        mind = open_mind(m, model, str_text(&path), &st, e);
    str_release(&path);
    return mind;
}

struct mind *muse_mind(struct muse *m, struct span model, enum form_language language, struct err *e)
{
    struct mind *mind = mind_of(m, model.len ? model : SPAN(MUSE_NAME), language, e);
    if (mind && mind->language != language && strcmp(mind->model, MUSE_NAME))
        mind = mind_of(m, SPAN(MUSE_NAME), language, e);
    if (mind && mind->language != language) {
        err_set(e, ERR_FORMAT, _("The pack %s speaks another language than its name says."), mind->path);
        return NULL;
    }
    return mind;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void muse_voices(const char *folder, const char *ending, struct str *out)
{
    char **names = NULL;
    int count = 0, cap = 0;
    DIR *dir = opendir(folder);
    for (const struct dirent *en = dir ? readdir(dir) : NULL; en; en = readdir(dir)) {
        struct span name = span_of(en->d_name);
        size_t suffix = strlen(ending), stem = name.len > suffix ? name.len - suffix : 0;
        if (name.s[0] == '.' || stem == 0 || strcmp(name.s + stem, ending) || !utf8_valid(name))
            continue;
        ARRAY_ROOM(names, count, cap);
        names[count++] = span_copy(span_cut(name, 0, stem));
    }
    if (dir)
        closedir(dir);
    if (count)
        qsort(names, (size_t)count, sizeof *names, by_name);
    for (int i = 0; i < count; i++) {
        str_printf(out, "%s\n", names[i]);
        free(names[i]);
    }
    free(names);
}

void muse_models(struct muse *m, struct str *out)
{
    str_add_text(out, MUSE_NAME "\n");
    muse_voices(m->voices, VOICE_SUFFIX, out);
}

static int64_t parameters_of(const struct shape *s)
{
    int64_t d = s->dim, layer = 2 * d + 4 * d * d + 2 * d * s->hidden;
    return s->vocab * d + s->layers * layer + d;
}

bool muse_facts(struct muse *m, struct span model, enum form_language language, struct muse_facts *out, struct err *e)
{
    const struct mind *mind = mind_of(m, model, language, e);
    if (!mind)
        return false;
    *out = (struct muse_facts){.language = mind->language,
                               .parameters = parameters_of(&mind->pack.shape),
                               .bytes = (int64_t)mind->pack.map_size,
                               .tokens = mind->pack.shape.vocab,
                               .context = mind->pack.shape.context};
    return true;
}

void muse_understand(struct span prompt, struct span context, struct str *out)
{
    struct wish wish;
    if (span_trim(prompt).len == 0)
        return;
    wish_init(&wish);
    wish_read(&wish, prompt, context);
    wish_describe(&wish, out);
    wish_release(&wish);
}

/* -- computing ------------------------------------------------------------------------------------------------------------------- */

bool muse_busy(const struct muse *m)
{
    return m->run_count > 0;
}

/* Every run in its turn, so that none waits for another's end. */
static void work(struct muse *m)
{
    m->next = (m->next + 1) % m->run_count;
    struct muse_run *r = m->runs[m->next];
    if (muse_run_step(r))
        return;
    m->run_count--;
    memmove(&m->runs[m->next], &m->runs[m->next + 1], (size_t)(m->run_count - m->next) * sizeof *m->runs);
    muse_run_free(r);
}

bool muse_step(struct muse *m, int64_t budget_us)
{
    int64_t until = clock_now_us() + budget_us;
    for (int works = 0; m->run_count && works < WORKS_MAX; works++) {
        work(m);
        if (clock_now_us() >= until)
            break;
    }
    return m->run_count > 0;
}
