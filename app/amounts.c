#include "app/amounts.h"
#include "core/i18n.h"
#include "core/mem.h"

void amount_bytes(struct str *out, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double size = (double)bytes / 1000;
    size_t unit = 0;
    for (; size >= 1000 && unit + 1 < COUNT_OF(units); unit++)
        size /= 1000;
    str_printf(out, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

void amount_left(struct str *out, int64_t seconds)
{
    if (seconds < 90)
        str_printf(out, _("%lld s left"), (long long)seconds);
    else if (seconds < 5400)
        str_printf(out, _("%lld min left"), (long long)((seconds + 30) / 60));
    else
        str_printf(out, _("%lld h %lld min left"), (long long)(seconds / 3600), (long long)(seconds % 3600 / 60));
}
