#include "net/curl.h"
#include "core/i18n.h"
#include "core/mem.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const char *const library_names[] = {
#ifdef __APPLE__
    "libcurl.4.dylib",
    "/opt/homebrew/opt/curl/lib/libcurl.4.dylib",
    "libcurl.dylib",
#else
    "libcurl.so.4",
    "libcurl-gnutls.so.4",
    "libcurl.so",
#endif
};

#define ENTRY(member, symbol)                                                                                          \
    {                                                                                                                  \
        offsetof(struct curl_api, member), symbol                                                                      \
    }
static const struct {
    size_t offset;
    const char *symbol;
} entries[] = {
    ENTRY(global_init, "curl_global_init"),     ENTRY(version, "curl_version"),
    ENTRY(easy_init, "curl_easy_init"),
    ENTRY(easy_cleanup, "curl_easy_cleanup"),   ENTRY(easy_set, "curl_easy_setopt"),
    ENTRY(easy_get, "curl_easy_getinfo"),       ENTRY(easy_error, "curl_easy_strerror"),
    ENTRY(multi_init, "curl_multi_init"),       ENTRY(multi_cleanup, "curl_multi_cleanup"),
    ENTRY(multi_add, "curl_multi_add_handle"),  ENTRY(multi_remove, "curl_multi_remove_handle"),
    ENTRY(multi_perform, "curl_multi_perform"), ENTRY(multi_poll, "curl_multi_poll"),
    ENTRY(multi_next, "curl_multi_info_read"),
    ENTRY(list_add, "curl_slist_append"),       ENTRY(list_free, "curl_slist_free_all"),
};

static void *open_library(void)
{
    for (size_t i = 0; i < COUNT_OF(library_names); i++) {
        void *library = dlopen(library_names[i], RTLD_NOW | RTLD_LOCAL);
        if (library)
            return library;
    }
    return NULL;
}

/* POSIX promises that a function's address fits a void pointer; memcpy says so without a cast the compiler warns of. */
static bool find_entries(void *library, struct curl_api *api)
{
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        void *address = dlsym(library, entries[i].symbol);
        if (!address)
            return false;
        memcpy((char *)api + entries[i].offset, &address, sizeof address);
    }
    return true;
}

const struct curl_api *curl_load(struct err *e)
{
    static struct curl_api api;
    static bool loaded;
    if (loaded)
        return &api;
    void *library = open_library();
    if (!library) {
        err_set(
            e, ERR_NETWORK,
            _("libcurl is not installed, and without it no server can be reached. Install the package libcurl4; the "
              "muse writes without it."));
        return NULL;
    }
    if (!find_entries(library, &api) || api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        dlclose(library);
        err_set(e, ERR_NETWORK,
                _("The installed libcurl is too old. Version 7.85 or newer is needed to reach a server."));
        return NULL;
    }
    loaded = true;
    return &api;
}
