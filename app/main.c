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
 *  One generation, from key to page:
 *
 *   1 tty readable     bytes → keys                                        ui/parser.c
 *   2 input.c          place with the focus → its maps → "generate"        app/commands/keymap.c
 *   3 desk/generate.c  prompt, page, notes and dials → request             app/engine/compose.c, core/context.c, core/request.c
 *   4 engine.c         passage, generation and takes into the library BEFORE sending, then source->start()
 *   5 loop.c           one wait for terminal, signals and transfers        net/net.c
 *   6 net              bytes → events in the queue                         net/framing.c, net/dialect_*.c
 *     or muse          a few milliseconds of verse → the same events       muse/source_muse.c, muse/poet_*.c
 *   7 engine.c         events → takes → journal; the page grows            app/desk/page.c
 *   8 loop.c           a frame when one is due: cells → one write          ui/view_desk.c, ui/term_curses.c
 *   9 engine.c         the take's end, whole, into the library             storage/
 */
#include "app/cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
