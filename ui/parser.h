/* Bytes from the terminal → inputs: UTF-8, C0, CSI, SS3, SGR mouse, bracketed paste, Esc as Alt. Incremental: any split of the bytes gives
 * the same inputs, except that a lone Esc becomes the Esc key after PARSER_ESC_MS of silence. Hears no replies: unknown sequences are
 * swallowed whole, never typed into the text. Pastes are bounded by PARSER_PASTE_MAX (what is more is dropped with a mark in the flag). */
#ifndef RENGA_UI_PARSER_H
#define RENGA_UI_PARSER_H

#include "ui/key.h"

#define PARSER_ESC_MS 30
#define PARSER_PASTE_MAX (64u << 20)

struct parser;
struct parser *parser_new(void);
void parser_free(struct parser *p);
/* Adds bytes read at `now_us` (core/clock). */
void parser_feed(struct parser *p, struct span bytes, int64_t now_us);
/* The next input, or false. `now_us` decides whether a lone Esc or the end of a paste is ripe. */
bool parser_next(struct parser *p, struct input *out, int64_t now_us);
/* Milliseconds until something becomes ripe without further bytes, -1: nothing will. */
int parser_wait_ms(const struct parser *p, int64_t now_us);
bool parser_paste_cut(struct parser *p); /* the last paste was longer than the bound; asking clears it */

#endif
