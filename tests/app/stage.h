/* A stage for the desk in a real terminal: homes of its own, a server that answers as it is told, and the program. */
#ifndef RENGA_TESTS_STAGE_H
#define RENGA_TESTS_STAGE_H

#include "terminal.h"

#define KEY_CTRL(letter) ((char[]){(letter) & 0x1F, 0})
#define ESC "\x1b"

/* Fits cmocka_run_group_tests, between which stage_programs has been told where the program and the server are. */
void stage_programs(char *renga, char *fake_server);
int stage_set_up(void **state);
int stage_tear_down(void **state);

const char *stage_folder(void);                                                   /* where the homes are */
void stage_furnish(const char *name, const char *model);                          /* a home of that name, whose only server answers as that model */
void stage_start(struct terminal *t, const char *name, int w, int h);             /* the program in the home of that name */
void stage_check_bytes(const struct terminal *t);                                 /* nothing odd was written to the terminal */
void stage_leave(struct terminal *t);                                             /* ^Q, and all is as it was */

#endif
