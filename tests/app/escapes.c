#include "escapes.h"
#include "core/utf8.h"

#include <string.h>

static const char digits[] = "0123456789;";

/* Whole sequences behind the ESC. */
static const char *const fixed[] = {
    "(B", "=", ">", "M", "7", "8", "[?1049h", "[?1049l", "[22;0;0t", "[23;0;0t", "[?1h", "[?1l", "[?25h", "[?25l", "[?12l", "[?12;25h",
    "[?7h", "[?7l", "[?2004h", "[?2004l", "[?2026h", "[?2026l", "[?1002h", "[?1002l", "[?1006h", "[?1006l",
};

static size_t fixed_length(struct span rest)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (span_starts(rest, fixed[i]))
            return strlen(fixed[i]);
    return 0;
}

/* "[", numbers, and one of the finals that move, colour or erase. */
static size_t drawing_length(struct span rest)
{
    size_t len = 1;
    if (!span_starts(rest, "["))
        return 0;
    while (len < rest.len && rest.s[len] && strchr(digits, rest.s[len]))
        len++;
    return len < rest.len && rest.s[len] && strchr("ABCDGHIJKLMPSTXZ@bdmr", rest.s[len]) ? len + 1 : 0;
}

/* "]52;c;" base64 ST: the writer's explicit copy. */
static size_t clipboard_length(struct span rest)
{
    size_t len = 6;
    if (!span_starts(rest, "]52;c;"))
        return 0;
    while (len < rest.len && rest.s[len] > ' ' && rest.s[len] < 0x7F)
        len++;
    return span_starts(span_cut(rest, len, rest.len), "\x1b\\") ? len + 2 : 0;
}

static size_t escape_length(struct span rest)
{
    size_t len = fixed_length(rest);
    if (!len)
        len = drawing_length(rest);
    return len ? len : clipboard_length(rest);
}

/* Characters that would turn, hide or join what stands around them. */
static bool is_sly(int32_t cp)
{
    return cp < 0 || cp_between(cp, 0x7F, 0x9F) || cp_between(cp, 0x200B, 0x200F) || cp_between(cp, 0x2028, 0x202E) ||
           cp_between(cp, 0x2060, 0x206F) || cp == 0xFEFF || cp_between(cp, 0xE0000, 0xE007F);
}

ptrdiff_t escapes_first_odd(struct span bytes)
{
    for (size_t at = 0; at < bytes.len;) {
        struct span rest = span_cut(bytes, at, bytes.len);
        int32_t cp = 0;
        size_t len = (size_t)utf8_decode(rest, &cp);
        if (cp == 0x1B) {
            size_t behind = escape_length(span_cut(rest, 1, rest.len));
            if (!behind)
                return (ptrdiff_t)at;
            len = 1 + behind;
        } else if (is_sly(cp) || (cp < ' ' && !strchr("\r\n\b", cp)) || cp == 0) {
            return (ptrdiff_t)at;
        }
        at += len;
    }
    return -1;
}
