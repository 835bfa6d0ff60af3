/* mikupad keeps a session as one JSON object whose values are JSON again, within strings: "prompt" is a list of chunks, of which those of
 * type "user" are the writer's. */
#include "app/exchange/incoming.h"
#include "core/i18n.h"

/* One value, parsed when it stands within a string. `root` is to be freed. */
struct inner {
    struct json *root;
    const struct json *value;
};

static struct inner open_inner(const struct json *session, const char *key)
{
    struct inner in = {.value = json_get(session, key)};
    struct span text;
    if (json_text(in.value, &text)) {
        in.root = json_parse(text);
        in.value = in.root ? in.root : in.value;
    }
    return in;
}

static void close_inner(struct inner *in)
{
    json_free(in->root);
}

bool looks_like_mikupad(const struct json *root)
{
    return json_is_object(root) && json_get(root, "prompt") && (json_get(root, "memoryTokens") || json_get(root, "authorNoteTokens"));
}

static bool add_chunks(struct incoming *in, const struct json *prompt)
{
    struct str run = {0};
    struct span text;
    bool ok = true, mine = true;
    if (json_text(prompt, &text) && !span_starts(text, "[")) {
        incoming_passage(in, AUTHOR_WRITER, text, NULL, 0);
        return true;
    }
    if (!json_is_array(prompt))
        return err_set(in->e, ERR_FORMAT, _("The page of this mikupad session cannot be read. Nothing was taken in."));
    for (const struct json *c = json_first(prompt); ok && c; c = json_next(c)) { /* a chunk is a token: they are joined again */
        bool user = span_is(member_text(c, "type"), "user");
        if (user != mine && run.len) {
            incoming_passage(in, mine ? AUTHOR_WRITER : AUTHOR_MODEL, str_span(&run), NULL, 0);
            str_clear(&run);
        }
        mine = user;
        if (json_get_text(c, "content", &text))
            str_add(&run, text);
        else
            ok = err_set(in->e, ERR_FORMAT, _("The page of this mikupad session cannot be read. Nothing was taken in."));
    }
    if (run.len)
        incoming_passage(in, mine ? AUTHOR_WRITER : AUTHOR_MODEL, str_span(&run), NULL, 0);
    str_release(&run);
    return ok;
}

static void add_keys(struct str *out, const struct json *keys)
{
    struct span text;
    if (json_text(keys, &text))
        str_add(out, text);
    for (const struct json *k = json_is_array(keys) ? json_first(keys) : NULL; k; k = json_next(k))
        if (json_text(k, &text)) {
            str_add_text(out, out->len ? ", " : "");
            str_add(out, text);
        }
}

static void add_world(struct incoming *in, const struct json *world)
{
    const struct json *entries = json_get(world, "entries");
    for (const struct json *entry = json_is_array(entries) ? json_first(entries) : NULL; entry; entry = json_next(entry)) {
        struct str keys = {0};
        add_keys(&keys, json_get(entry, "keys"));
        if (member_text(entry, "text").len)
            incoming_lore(in, str_span(&keys), member_text(entry, "text"), true);
        str_release(&keys);
    }
}

bool read_mikupad(struct incoming *in, const struct source_file *f)
{
    struct inner prompt = open_inner(f->root, "prompt"), memory = open_inner(f->root, "memoryTokens"), name = open_inner(f->root, "name"),
                 note = open_inner(f->root, "authorNoteTokens"), world = open_inner(f->root, "worldInfo"),
                 depth = open_inner(f->root, "authorNoteDepth");
    struct incoming_notes notes = {member_text(memory.value, "text"), member_text(note.value, "text"), 3};
    struct span title = base_name(f->path);
    (void)!json_integer(depth.value, &notes.depth);
    (void)!json_text(name.value, &title);
    incoming_piece(in, f->project);
    bool ok = add_chunks(in, prompt.value);
    add_world(in, world.value);
    ok = ok && incoming_end(in, title, &notes, 0);
    struct inner *all[] = {&prompt, &memory, &name, &note, &world, &depth};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        close_inner(all[i]);
    return ok;
}
