#include "storage/instance.h"
#include "core/str.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

static int64_t random_token(void)
{
    uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = (uint64_t)getpid();
    return (int64_t)(bits & INT64_MAX >> 1) | 1;
}

/* Locks of the open file description, not of the process: two libraries opened by one program see each other too. */
void instance_open(struct instance *in, const char *library)
{
    *in = (struct instance){.fd = -1, .token = random_token()};
    if (!library)
        return;
    struct str path = {0};
    str_printf(&path, "%s-instances", library);
    in->fd = open(str_text(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    str_release(&path);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = in->token, .l_len = 1};
    if (in->fd >= 0 && fcntl(in->fd, F_OFD_SETLK, &lock) != 0)
        instance_close(in);
}

void instance_close(struct instance *in)
{
    if (in->fd >= 0)
        close(in->fd);
    in->fd = -1;
}

/* Whether somebody else holds a lock in the range (length 0: to the end). */
static bool held(const struct instance *in, int64_t start, int64_t length)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return in->fd >= 0 && fcntl(in->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool instance_alive(const struct instance *in, int64_t token)
{
    return token == in->token || (token > 0 && held(in, token, 1));
}

bool instance_alone(const struct instance *in)
{
    return !held(in, 0, 0);
}
