/* Base URLs as people write them. */
#include "net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void makes_endpoints(void **state)
{
    static const struct {
        const char *base, *path, *url;
    } rows[] = {
        {"http://127.0.0.1:8080", "/completions", "http://127.0.0.1:8080/v1/completions"},
        {"http://127.0.0.1:8080/", "/completions", "http://127.0.0.1:8080/v1/completions"},
        {"http://[::1]:8080/v1", "/models", "http://[::1]:8080/v1/models"},
        {"https://api.example/v1/", "/chat/completions", "https://api.example/v1/chat/completions"},
        {"https://router.example/api", "/models", "https://router.example/api/v1/models"},
        {"https://router.example/api/v1/chat/completions", "/chat/completions",
         "https://router.example/api/v1/chat/completions"},
        {"https://router.example/api/v1/chat/completions", "/completions", "https://router.example/api/v1/completions"},
        {"https://router.example/api/v1/chat/completions/", "/models", "https://router.example/api/v1/models"},
        {"https://plain.example/chat/completions", "/chat/completions", "https://plain.example/chat/completions"},
        {"https://plain.example/chat/completions", "/models", "https://plain.example/models"},
        {"https://g.example/v1beta/openai", "/models", "https://g.example/v1beta/openai/models"},
        {"https://z.example/api/paas/v4/", "/models", "https://z.example/api/paas/v4/models"},
        {"https://a.example/openai/v1?api-version=2024-10-21", "/models",
         "https://a.example/openai/v1/models?api-version=2024-10-21"},
        {"https://a.example/v1/completions?x=1#part", "/completions", "https://a.example/v1/completions?x=1"},
        {"https://a.example?x=1", "/completions", "https://a.example/v1/completions?x=1"},
        {"https://a.example/vault", "/completions", "https://a.example/vault/v1/completions"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str url = {0};
        address_add(&url, rows[i].base, "/v1", rows[i].path, SPAN(""));
        assert_string_equal(str_text(&url), rows[i].url);
        str_release(&url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(makes_endpoints)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
