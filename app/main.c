/* renga 连歌: linked verse, with models, at a desk in the terminal. The map of the house:
 *
 *                      app/        main, loop, commands, keys, command line, one generation from start to end
 *          ┌────────┬───┴────┬────────┐
 *         ui/    storage/   net/    muse/      never one another
 *          └────────┴───┬────┴────────┘
 *                     core/        strings, errors, UTF-8, display, wrapping, story, dials, requests, the source interface
 *
 *  1. The story (projects, pieces, passages) and the dials are plain data that know nothing of screen, network or disk.
 *  2. Folders beside one another serve that data and never meet: ui shows it, storage keeps it, net and muse write into it.
 *  3. app alone joins them: one thread, one wait (loop.c), one queue of events (engine.c).
 *  4. Every key runs a command (commands/keys_default.c); every command is a row in a table (commands/); the row is its own help.
 *  5. Callbacks only append to the queue. The loop does everything else.
 *  6. The linker refuses a call upwards: each folder is a library, and its tests link it with only what lies beneath.
 *
 *  The rooms of app; what stands beside them serves several:
 *
 *   cli       the command line, a file a command            desk      page and prompt, and all that ^G means there
 *   commands  what keys and the palette run, and the keys   views     library, tree, notes, compare, odds, sweep, doctor
 *   engine    a generation from its request to its end      projects  their list, and the defaults that pieces begin with
 *   batch     a file of prompts, resumable                  exchange  text, Markdown, HTML and other programs' files, both ways
 *   config    the file of settings, read and written        doctor    is everything well: checks and pings, a step at a time
 *
 *  One generation, from key to page:
 *
 *   1 tty readable      bytes → keys                                       ui/parser.c
 *   2 input.c           place with the focus → its maps → "generate"       commands/keymap.c
 *   3 desk/generate.c   where ^G was pressed says what is meant: ask, go on, insert or rewrite
 *   4 engine/compose.c  page, memory, lore and note, as much as the model has room for, with prompt and dials → request
 *                                                                          core/context.c, core/request.c
 *   5 engine/engine.c   passage, generation and takes into the library BEFORE sending; then its turn in the server's lane
 *                                                                          engine/lane.c, and source->start()
 *   6 loop.c            one wait for terminal, signals and transfers       net/net.c
 *   7 net               bytes → events in the queue                        net/framing.c, net/dialect_*.c
 *     or muse           a few milliseconds of verse → the same events      muse/source_muse.c, muse/poet_*.c
 *   8 engine/engine.c   events → takes → journal; the page grows           desk/page.c, desk/rewrite.c
 *   9 loop.c            a frame when one is due: cells → one write         ui/view_desk.c, ui/term_curses.c
 *  10 engine/engine.c   the take's end, whole, with its odds, into the library; the lane lets the next one go
 */
#include "app/cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
