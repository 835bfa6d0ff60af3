#include "core/i18n.h"
#include "core/mem.h"
#include "storage/bundle_merge.h"

#include <stdio.h>
#include <stdlib.h>

#define COMPLAINTS_MAX 100

bool bundle_import_begin(struct store *s, bool skip_broken, struct bundle_import **out, struct err *e)
{
    *out = NULL;
    /* What an import remembers on the way grows with the file: it goes to the disk. */
    if (!journal_flush(s, e) || !db_script(&s->db, "PRAGMA temp_store=FILE", e) || !db_begin(&s->db, DB_DURABLE, e))
        return false;
    struct bundle_import *b = mem_new(1, sizeof *b);
    b->s = s;
    b->skip_broken = skip_broken;
    if (!merge_begin(b, e)) {
        bundle_import_end(b, false, NULL, NULL);
        return false;
    }
    *out = b;
    return true;
}

void bundle_import_only_new(struct bundle_import *b)
{
    b->only_new = b->headed = true;
}

bool bundle_import_project(struct bundle_import *b, struct span name, char *uid, struct err *e)
{
    struct str found = {0};
    int64_t id = 0;
    bool ok = project_find(b->s, span_trim(name), true, &id, e) &&
              db_text(&b->s->db, "SELECT uid FROM projects WHERE id = ?", WITH(as_int(id)), &found, NULL, e);
    snprintf(uid, UID_LENGTH + 1, "%s", str_text(&found));
    str_release(&found);
    return ok;
}

/* A broken line is one too many, or one that is passed over. */
static bool broken(struct bundle_import *b, const struct err *why, struct err *e)
{
    if (why->kind != ERR_FORMAT) {
        if (e)
            *e = *why;
        return false;
    }
    if (!b->skip_broken || !b->headed)
        return err_set(e, ERR_FORMAT, _("Line %lld is broken: %s. Nothing was taken in."), (long long)b->line, why->text);
    b->result.broken++;
    if (b->result.broken <= COMPLAINTS_MAX)
        str_printf(&b->result.complaints, _("Line %lld was passed over: %s."), (long long)b->line, why->text);
    if (b->result.broken <= COMPLAINTS_MAX)
        str_add_byte(&b->result.complaints, '\n');
    return true;
}

bool bundle_import_line(struct bundle_import *b, struct span line, struct err *e)
{
    struct err why = {0};
    b->line++;
    if (span_trim(line).len == 0)
        return true;
    if (!row_read(&b->reader, line, &b->row, &why))
        return broken(b, &why, e);
    if (b->reader.header) { /* several bundles in one file */
        b->headed = true;
        return merge_join(b, e);
    }
    if (!b->headed)
        return err_set(e, ERR_FORMAT, _("Line %lld comes before the line that says what the bundle is."), (long long)b->line);
    return merge_row(b, &why) || broken(b, &why, e);
}

bool bundle_import_end(struct bundle_import *b, bool ok, struct bundle_result *result, struct err *e)
{
    if (!b)
        return false;
    ok = ok && merge_join(b, e) && merge_index(b, e);
    merge_release(b);
    ok = db_end(&b->s->db, ok, e);
    (void)!db_script(&b->s->db, "PRAGMA temp_store=MEMORY", NULL);
    if (result)
        *result = b->result;
    else
        str_release(&b->result.complaints);
    free(b);
    return ok;
}
