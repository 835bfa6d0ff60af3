#include "storage/uid.h"
#include "core/mem.h"

#include <sys/random.h>

struct uid uid_make(int64_t wall_ms)
{
    static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint32_t dice = 0;
    CHECK(getrandom(&dice, sizeof dice, 0) == (ssize_t)sizeof dice);
    uint64_t time = (uint64_t)wall_ms & 0xFFFFFFFFFFFF;
    uint64_t high = time >> 8, low = (time & 0xFF) << 32 | dice; /* 40 bits each: 8 signs */
    struct uid u = {{0}};
    for (int i = 0; i < 8; i++) {
        u.text[7 - i] = signs[high >> 5 * i & 31];
        u.text[15 - i] = signs[low >> 5 * i & 31];
    }
    return u;
}

struct span uid_span(const struct uid *u)
{
    return (struct span){u->text, UID_LENGTH};
}
