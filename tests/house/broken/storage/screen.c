#include <curses.h>
#include "net/net.h"
