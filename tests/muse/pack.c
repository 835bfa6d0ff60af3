#include "muse/pack.h"
#include "core/file.h"
#include "tests/muse/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *packs; /* the folder of the project's own */
static char room[] = "/tmp/renga-pack-XXXXXX";

static struct str made(void)
{
    struct weights w;
    struct str bytes = {0};
    model_make(&w, &small_shape, 7);
    model_bytes(&bytes, &w);
    weights_release(&w);
    return bytes;
}

/* Opens a copy of the bytes and closes it again; the sentence must name the file when they are refused. */
static bool opens(struct span bytes, struct err *e)
{
    struct pack p;
    struct str copy = {0};
    str_set(&copy, bytes);
    err_clear(e);
    bool ok = pack_adopt(&p, &copy, "poet.muse", e);
    assert_true(ok || (!p.map && strstr(e->text, "poet.muse")));
    assert_null(copy.cap ? copy.s : NULL);
    pack_close(&p);
    return ok;
}

static void says(struct span bytes, const char *part)
{
    struct err e;
    assert_false(opens(bytes, &e));
    if (!strstr(e.text, part))
        fail_msg("“%s” does not say “%s”", e.text, part);
}

static void keeps_the_weights(void **state)
{
    (void)state;
    struct weights w, back;
    struct pack p;
    model_make(&w, &small_shape, 7);
    model_pack(&p, &w);
    weights_from_pack(&back, &p);
    assert_int_equal(back.count, w.count);
    assert_int_equal(p.embedding.rows, small_shape.vocab);
    double error = 0, whole = 0;
    for (size_t i = 0; i < w.count; i++) {
        error += pow((double)(w.all[i] - back.all[i]), 2);
        whole += pow((double)w.all[i], 2);
    }
    assert_true(sqrt(error / whole) < 0.01);
    assert_memory_equal(w.final_norm, back.final_norm, (size_t)small_shape.dim * sizeof(float));
    assert_memory_equal(w.layer[1].norm2, back.layer[1].norm2, (size_t)small_shape.dim * sizeof(float));
    float row[32];
    quantised_row(&p.layer[1].up, 47, row);
    for (int i = 0; i < 32; i++) {
        assert_true(row[i] == back.layer[1].up[47 * 32 + i]);
        assert_true(row[i] == p.layer[1].up.scale[47] * (float)quantised_weight(&p.layer[1].up, 47, i));
    }
    assert_true(span_starts(p.vocab, "w0\nw1\n"));
    weights_release(&w);
    weights_release(&back);
    pack_close(&p);
    pack_close(&p);
}

static void quantises_rows(void **state)
{
    (void)state;
    int8_t out[64];
    float row[64] = {0};
    struct random r;
    random_seed(&r, 3);
    assert_true(quantise_row(row, 64, out) == 0);
    row[5] = NAN;
    assert_true(quantise_row(row, 64, out) >= 0);
    for (int turn = 0; turn < 50; turn++) {
        double error = 0, plain = 0;
        float most = 0;
        for (int i = 0; i < 64; i++) {
            row[i] = (float)((random_unit(&r) + random_unit(&r) + random_unit(&r) - 1.5) * pow(10, turn % 9 - 4));
            most = fmaxf(most, fabsf(row[i]));
        }
        float scale = quantise_row(row, 64, out);
        for (int i = 0; i < 64; i++) {
            assert_in_range(out[i] + 127, 0, 254);
            error += pow((double)(row[i] - scale * (float)out[i]), 2);
            plain += pow((double)(row[i] - most / 127 * roundf(row[i] / most * 127)), 2);
        }
        assert_true(error <= plain * 1.000001);
    }
}

static void refuses_what_is_cut(void **state)
{
    (void)state;
    struct str bytes = made();
    struct err e;
    assert_true(opens(str_span(&bytes), &e));
    for (size_t len = 0; len < bytes.len; len += len < 200 ? 1 : 61)
        assert_false(opens(span_cut(str_span(&bytes), 0, len), &e));
    says(SPAN(""), "0 bytes");
    says(span_cut(str_span(&bytes), 0, 63), "63 bytes");
    says(span_cut(str_span(&bytes), 0, bytes.len - 1), "not whole");
    str_add_byte(&bytes, 0);
    says(str_span(&bytes), "not whole");
    str_release(&bytes);
}

static void refuses_what_is_changed(void **state)
{
    (void)state;
    struct str bytes = made();
    struct err e;
    for (size_t at = 0; at < bytes.len; at += at < 3000 ? 1 : 13) {
        char kept = bytes.s[at];
        bytes.s[at] = (char)(kept ^ 1 << at % 8);
        assert_false(opens(str_span(&bytes), &e));
        bytes.s[at] = kept;
    }
    assert_true(opens(str_span(&bytes), &e));
    bytes.s[8] = 2;
    says(str_span(&bytes), "another version");
    bytes.s[0] = 'm';
    says(str_span(&bytes), "not a pack");
    memset(bytes.s, 'x', bytes.len);
    says(str_span(&bytes), "not a pack");
    str_release(&bytes);
}

static void seal(struct str *bytes)
{
    uint64_t sum = pack_checksum(bytes->s, bytes->len);
    memcpy(bytes->s + offsetof(struct pack_head, checksum), &sum, sizeof sum);
}

/* Heads that lie, under a checksum that agrees: none may lead beyond the file. What passes must be the right size. */
static void refuses_heads_that_lie(void **state)
{
    (void)state;
    static const uint32_t values[] = {0,   1,    2,     3,      8,      15,         16,         31,         32,        48,
                                      53,  64,   96,    127,    1024,   4096,       32768,      65536,      1U << 30,  1U << 31,
                                      160, 2048, 32769, 0xFFFF, 100000, 0x7FFFFFFF, 0x80000010, 0xFFFFFFF0, UINT32_MAX};
    struct str bytes = made();
    struct err e;
    int passed = 0;
    for (size_t field = 12; field < 56; field += 4)
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            uint32_t kept;
            memcpy(&kept, bytes.s + field, 4);
            memcpy(bytes.s + field, &values[i], 4);
            seal(&bytes);
            passed += opens(str_span(&bytes), &e) && values[i] != kept;
            memcpy(bytes.s + field, &kept, 4);
        }
    seal(&bytes);
    assert_true(opens(str_span(&bytes), &e));
    uint32_t three = 3;
    memcpy(bytes.s + offsetof(struct pack_head, heads), &three, 4);
    seal(&bytes);
    says(str_span(&bytes), "contradict");
    /* Another context, another number of heads and the other language make no file larger. */
    assert_in_range(passed, 1, 20);
    str_release(&bytes);
}

static void tells_about_files(void **state)
{
    (void)state;
    char path[256];
    struct pack p;
    struct err e = {0};
    struct str bytes = made();
    assert_false(pack_open(&p, "/nowhere/zh.muse", &e));
    assert_non_null(strstr(e.text, "/nowhere/zh.muse"));
    assert_false(pack_open(&p, "/", &e));
    assert_non_null(strstr(e.text, "not a file"));
    snprintf(path, sizeof path, "%s/a.muse", room);
    assert_true(file_write(path, SPAN(""), &e));
    assert_false(pack_open(&p, path, &e));
    assert_non_null(strstr(e.text, "empty"));
    assert_true(file_write(path, str_span(&bytes), &e));
    assert_true(pack_open(&p, path, &e));
    assert_int_equal(p.shape.layers, 2);
    pack_close(&p);
    assert_true(file_write(path, span_cut(str_span(&bytes), 0, 999), &e));
    assert_false(pack_open(&p, path, &e));
    assert_non_null(strstr(e.text, path));
    unlink(path);
    str_release(&bytes);
}

static void opens_those_that_are_shipped(void **state)
{
    (void)state;
    const char *names[] = {"zh", "en"};
    size_t together = 0;
    for (int i = 0; i < 2; i++) {
        char path[512];
        struct pack p;
        struct err e = {0};
        snprintf(path, sizeof path, "%s/%s.muse", packs, names[i]);
        if (!pack_open(&p, path, &e))
            fail_msg("%s", e.text);
        assert_int_equal(p.language, i == 0 ? PACK_ZH : PACK_EN);
        assert_true(shape_weights(&p.shape) < 5200000);
        together += p.map_size;
        pack_close(&p);
    }
    assert_true(together < 10000000);
}

static void reads_and_writes_floats(void **state)
{
    (void)state;
    char path[256];
    struct weights w, back;
    struct err e = {0};
    struct str bytes = {0};
    model_make(&w, &small_shape, 9);
    snprintf(path, sizeof path, "%s/a.f32", room);
    assert_true(weights_write(&w, path, &e));
    assert_true(weights_read(&back, path, &e));
    assert_memory_equal(w.all, back.all, w.count * sizeof *w.all);
    assert_memory_equal(&w.shape, &back.shape, sizeof w.shape);
    weights_release(&back);
    assert_true(file_read(path, &bytes, 1 << 24, &e));
    for (size_t len = 0; len < bytes.len; len += 4001) {
        assert_true(file_write(path, span_cut(str_span(&bytes), 0, len), &e));
        assert_false(weights_read(&back, path, &e));
        assert_null(back.all);
    }
    bytes.s[4] = 0x7F;
    assert_true(file_write(path, str_span(&bytes), &e));
    assert_false(weights_read(&back, path, &e));
    unlink(path);
    str_release(&bytes);
    weights_release(&w);
    weights_release(&w);
}

static void knows_which_shapes_it_takes(void **state)
{
    (void)state;
    assert_true(shape_valid(&small_shape));
    static const struct shape wrong[] = {
        {0, 32, 2, 2, 48, 64},  {53, 30, 2, 2, 48, 64},  {53, 32, 0, 2, 48, 64},  {53, 32, 17, 2, 48, 64},  {53, 32, 2, 0, 48, 64},
        {53, 32, 2, 3, 48, 64}, {53, 32, 2, 4, 48, 64},  {53, 32, 2, 2, 40, 64},  {53, 32, 2, 2, 4096, 64}, {53, 32, 2, 2, 48, 8},
        {-1, 32, 2, 2, 48, 64}, {53, -32, 2, 2, 48, 64}, {53, 32, 2, -2, 48, 64}, {53, 2048, 2, 2, 48, 64}, {40000, 32, 2, 2, 48, 64},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(shape_valid(&wrong[i]));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_weights),
        cmocka_unit_test(quantises_rows),
        cmocka_unit_test(refuses_what_is_cut),
        cmocka_unit_test(refuses_what_is_changed),
        cmocka_unit_test(refuses_heads_that_lie),
        cmocka_unit_test(tells_about_files),
        cmocka_unit_test(opens_those_that_are_shipped),
        cmocka_unit_test(reads_and_writes_floats),
        cmocka_unit_test(knows_which_shapes_it_takes),
    };
    packs = argc > 1 ? argv[1] : "muse/packs";
    if (!mkdtemp(room))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(room);
    return failed;
}
