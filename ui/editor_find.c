#include "core/mem.h"
#include "ui/editor_parts.h"
#include "ui/search.h"

#include <stdlib.h>

bool editor_find(struct editor *ed, struct span needle, bool backwards)
{
    bool again = ed->needle_shown && span_equal(needle, str_span(&ed->needle));
    if (!again)
        str_set(&ed->needle, needle);
    ed->needle_shown = true;
    needle = str_span(&ed->needle);
    if (!editor_ready(ed))
        return false;
    size_t from = 0, to = 0, at = 0;
    editor_selection(ed, &from, &to);
    struct search search;
    search_start(&search, buffer_text(ed->buf), needle);
    bool found = false;
    if (backwards)
        found = search_prev(&search, again ? from : to, &at) || search_prev(&search, SIZE_MAX, &at);
    else
        found = search_next(&search, again ? to : from, &at) || search_next(&search, 0, &at);
    search_end(&search);
    if (!found)
        return false;
    ed->marking = false;
    editor_put(ed, at, at + needle.len);
    return true;
}

static size_t *all_matches(struct editor *ed, struct span needle, int *count)
{
    struct search search;
    size_t *found = NULL, at = 0;
    int cap = 0;
    search_start(&search, buffer_text(ed->buf), needle);
    for (size_t from = 0; search_next(&search, from, &at); from = at + needle.len) {
        ARRAY_ROOM(found, *count, cap);
        found[(*count)++] = at;
    }
    search_end(&search);
    return found;
}

/* From the last match to the first, so that what was found stays right; the caret stays with its text. */
int editor_replace_all(struct editor *ed, struct span needle, struct span with)
{
    if (ed->readonly || needle.len == 0 || !editor_ready(ed))
        return 0;
    int count = 0;
    size_t *found = all_matches(ed, needle, &count), caret = ed->caret;
    buffer_group(ed->buf, true);
    for (int i = count; i-- > 0;) {
        size_t end = found[i] + needle.len;
        editor_replace(ed, found[i], end, with);
        if (caret >= end)
            caret = caret - needle.len + with.len;
        else if (caret > found[i])
            caret = found[i];
    }
    buffer_group(ed->buf, false);
    free(found);
    if (count > 0)
        editor_after_change(ed, caret);
    return count;
}
