/* What kernels.c, compiled several times, and kernels_best.c share. Nobody else needs it. */
#ifndef RENGA_MUSE_KERNELS_SETS_H
#define RENGA_MUSE_KERNELS_SETS_H

#include "muse/kernels.h"

#define PANEL_WIDTH 1024
#define PANEL_DEPTH 256
#define PANEL_HEIGHT 16 /* at least the rows of any instruction set's tile */

struct panels {
    float a[PANEL_HEIGHT * PANEL_DEPTH];
    float b[PANEL_WIDTH * PANEL_DEPTH];
};

extern const struct kernels kernels_plain;
#ifdef HAVE_KERNELS_X86
extern const struct kernels kernels_avx2, kernels_avx512;
#endif

#endif
