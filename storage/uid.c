#include "storage/uid.h"
#include "core/mem.h"

#include <sys/random.h>

/* 80 bits as 16 signs. */
static struct uid spell(uint64_t high, uint64_t low)
{
    static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct uid u = {{0}};
    for (int i = 0; i < 8; i++) {
        u.text[7 - i] = signs[high >> 5 * i & 31];
        u.text[15 - i] = signs[low >> 5 * i & 31];
    }
    return u;
}

/* Within one millisecond the dice are thrown once and then counted up. */
struct uid uid_make(int64_t wall_ms)
{
    static uint64_t last_time;
    static uint32_t dice;
    uint64_t time = (uint64_t)wall_ms & 0xFFFFFFFFFFFF;
    if (time == last_time && dice < UINT32_MAX)
        dice++;
    else
        CHECK(getrandom(&dice, sizeof dice, 0) == (ssize_t)sizeof dice);
    last_time = time;
    return spell(time >> 8, (time & 0xFF) << 32 | dice); /* 40 bits each: 8 signs */
}

/* FNV-1a with the finish of MurmurHash3, twice from different beginnings. */
static uint64_t mix(uint64_t hash, struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.s[i]) * 0x100000001B3;
    hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCD;
    hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53;
    return hash ^ hash >> 33;
}

struct uid uid_of(struct span text)
{
    if (text.len == 0)
        return spell(0, 0);
    return spell(mix(0xCBF29CE484222325, text) >> 24, mix(0x9AE16A3B2F90404F, text) >> 24);
}

bool uid_valid(struct span text)
{
    bool ok = text.len == UID_LENGTH;
    for (size_t i = 0; ok && i < text.len; i++)
        ok = (text.s[i] >= '0' && text.s[i] <= '9') || (text.s[i] >= 'A' && text.s[i] <= 'Z');
    return ok;
}

struct span uid_span(const struct uid *u)
{
    return (struct span){u->text, UID_LENGTH};
}
