/* A program in a terminal of its own, for benchmarks: what it writes, when, and what it costs. Knows nothing of what
 * the program is. */
#ifndef RENGA_TESTS_PTY_CHILD_H
#define RENGA_TESTS_PTY_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty_child {
    pid_t pid;
    int fd;
    int64_t started_us;
    size_t written;     /* bytes it wrote so far */
    size_t held;
    char recent[65536]; /* the end of that, for marks that come in two reads */
};

/* Starts it in 40 rows of 120 columns (argv and environment end with NULL); `started_us` is just before. */
bool pty_child_open(struct pty_child *c, char *const *argv, char *const *environment);
void pty_child_close(struct pty_child *c);                   /* kills it */
void pty_child_quit(struct pty_child *c, const char *keys);  /* types them and waits for its end, then closes */
/* What came before is forgotten: a wait that follows sees only what these keys bring. */
void pty_child_type(struct pty_child *c, const char *keys);
/* Reads until the mark has been written: true, or false after ten seconds. */
bool pty_child_wait(struct pty_child *c, const char *mark);
void pty_child_read_for(struct pty_child *c, int ms);
/* Reads until it wrote nothing for that long; false after a minute. */
bool pty_child_wait_quiet(struct pty_child *c, int ms);
int64_t pty_child_cpu_us(const struct pty_child *c);         /* of all its threads so far */
long pty_child_peak_kb(const struct pty_child *c);           /* its largest resident memory so far */

#endif
