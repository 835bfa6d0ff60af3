/* Ctrl-C and its like on the command line: one asks to stop and keep what came, a second ends at once. */
#ifndef RENGA_APP_STOP_H
#define RENGA_APP_STOP_H

/* From now on SIGINT, SIGTERM and SIGHUP only ask. A signal that was ignored at the start stays ignored. */
void stop_listen(void);
int stop_fd(void);      /* readable once a signal came; for poll() */
int stop_signal(void);  /* the signal that came, 0: none */

#endif
