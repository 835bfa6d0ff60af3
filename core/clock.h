/* The two clocks. Tests may hold them still. */
#ifndef RENGA_CORE_CLOCK_H
#define RENGA_CORE_CLOCK_H

#include <stdint.h>

int64_t clock_now_us(void);   /* monotonic microseconds: for deadlines */
int64_t clock_wall_ms(void);  /* Unix time in milliseconds: for the library */
/* Scripts and tests: stops both clocks at these values until clock_freeze(-1, -1). */
void clock_freeze(int64_t now_us, int64_t wall_ms);

#endif
