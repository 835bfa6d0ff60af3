/* KoboldAI and KoboldCpp keep a story as one JSON object: "prompt" begins it, "actions" go on with it; beside them memory, author's note and
 * world info. Which action a model wrote is not told. */
#include "app/exchange/incoming.h"
#include "core/i18n.h"

bool looks_like_kobold(const struct json *root)
{
    return json_is_object(root) && json_is_array(json_get(root, "actions")) && (json_get(root, "gamestarted") || json_get(root, "prompt"));
}

/* Keys are parted by commas there too. */
static void add_world(struct incoming *in, const struct json *world)
{
    for (const struct json *entry = json_is_array(world) ? json_first(world) : NULL; entry; entry = json_next(entry)) {
        struct span content = member_text(entry, "content"), keys = member_text(entry, "key");
        if (content.len == 0)
            continue;
        if (keys.len == 0)
            keys = member_text(entry, "comment");
        incoming_lore(in, keys, content, !json_is_true(json_get(entry, "widisabled")));
    }
}

bool read_kobold(struct incoming *in, const struct source_file *f)
{
    struct incoming_notes notes = {member_text(f->root, "memory"), member_text(f->root, "authorsnote"), 3};
    struct span prompt = member_text(f->root, "prompt"), text;
    int number = 0;
    (void)!json_get_integer(json_get(f->root, "savedsettings"), "anotedepth", &notes.depth);
    (void)!json_get_integer(f->root, "andepth", &notes.depth);
    incoming_piece(in, f->project);
    if (prompt.len)
        incoming_passage(in, AUTHOR_WRITER, prompt, NULL, 0);
    for (const struct json *a = json_first(json_get(f->root, "actions")); a; a = json_next(a)) {
        number++;
        if (!json_text(a, &text))
            return err_set(in->e, ERR_FORMAT, _("Action %d of this story is no text. Nothing was taken in."), number);
        if (text.len)
            incoming_passage(in, AUTHOR_MODEL, text, NULL, 0);
    }
    add_world(in, json_get(f->root, "worldinfo"));
    struct span title = member_text(f->root, "title");
    return incoming_end(in, title.len ? title : base_name(f->path), &notes, 0);
}
