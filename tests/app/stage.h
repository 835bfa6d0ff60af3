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
int stage_port(void);                                                             /* the server's */
void stage_furnish(const char *name, const char *model);                          /* a home of that name, whose only server answers as that model */
void stage_furnish_with(const char *name, struct span config);                    /* a home of that name with that config */
void stage_start(struct terminal *t, const char *name, int w, int h);             /* the desk in the home of that name */
/* The program with these arguments (NULL ends them), in the home of that name. */
void stage_command(struct terminal *t, const char *name, int w, int h, const char *const *args);
void stage_terminal(const char *kind, bool colour);                                 /* of all terminals from now on: TERM, and NO_COLOR */
void stage_check_bytes(const struct terminal *t);                                 /* nothing odd was written to the terminal */
void stage_leave(struct terminal *t);                                             /* ^Q, and all is as it was */

#endif
