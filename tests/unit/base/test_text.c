/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, JSON and SHA-256 against published cases. */
#include <math.h>

#include "support.h"
#include "unit.h"

static void utf8_decoding(void **state) {
    (void)state;
    /* Every code point survives; encoded by hand here. */
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 37) {
        unsigned char s[4];
        unsigned n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
        static const unsigned char lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (unsigned i = 0; i < n; i++) {
            unsigned shift = 6 * (n - 1 - i);
            s[i] = (unsigned char)(i ? 0x80 | (cp >> shift & 0x3F) : n == 1 ? cp : lead[n] | cp >> shift);
        }
        uint32_t got = 0;
        unsigned want = cp >= 0xD800 && cp <= 0xDFFF ? 0 : n;
        assert_int_equal(jx_utf8_decode((char *)s, 4, &got), want);
        if (want) {
            assert_int_equal(got, cp);
            assert_int_equal(jx_utf8_decode((char *)s, n - 1, &got), 0); /* cut short */
        }
    }
    /* Table 3-7 of the Unicode standard and Kuhn's stress test: overlong, surrogates, beyond the end, stray bytes. */
    static const char *const bad[] = {"\xC0\x80",     "\xC1\xBF",         "\xE0\x9F\xBF",     "\xF0\x8F\xBF\xBF",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80",
                                      "\xFF",         "\xE4\xB8",         "\xE4\x28\xA1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t at = 99;
        char s[16] = "ok ";
        memcpy(s + 3, bad[i], strlen(bad[i]));
        assert_false(jx_utf8_valid(s, 3 + strlen(bad[i]), &at));
        assert_int_equal(at, 3);
    }
    assert_true(jx_utf8_valid("溧阳 Liyang", strlen("溧阳 Liyang"), NULL));
}

static void widths(void **state) {
    (void)state;
    static const struct {
        const char *s;
        size_t w;
    } cases[] = {{"", 0},      {"abc", 3},  {"溧阳", 4},      {"é", 1}, {"e\xCC\x81", 1},
                 {"（a）", 5}, {"한국", 4}, {"a\xFF\xFF", 3}, {"😀", 2}, {"–…", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(jx_utf8_width(cases[i].s, strlen(cases[i].s)), cases[i].w);
    }
}

static void what_a_terminal_gets(void **state) {
    (void)state;
    static const struct {
        const char *s;
        size_t plain, skip;
    } cases[] = {{"", 0, 0},           {"溧阳\tLi\n\r\n", 12, 0}, {"a\x1b[2J", 1, 1}, {"a\rb", 1, 1},      {"a\r", 1, 1},     {"\x7f", 0, 1},
                 {"ab\xC2\x9B" "5m", 2, 2}, {"\xC2\xA0", 2, 0},         {"ab\xFF", 2, 1},    {"\xE4\xB8", 0, 1}, {"\xC2\x80", 0, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t skip = 99;
        assert_int_equal(jx_utf8_showable(cases[i].s, strlen(cases[i].s), &skip), cases[i].plain);
        assert_int_equal(skip, cases[i].skip);
    }
}

static void write_json(jx_json *j) {
    jx_json_obj(j);
    jx_json_key(j, "text");
    jx_json_str(j, "a\"\\\n\t\x01/溧\xFF!\x7F\xC2\x9B\xC2\xA0");
    jx_json_key(j, "none");
    jx_json_str(j, NULL);
    jx_json_key(j, "list");
    jx_json_arr(j);
    jx_json_int(j, -5);
    jx_json_real(j, 0.125, 2);
    jx_json_real(j, 0.1, -1);
    jx_json_real(j, NAN, 2);
    jx_json_real(j, INFINITY, -1);
    jx_json_bool(j, true);
    jx_json_obj(j);
    jx_json_end_obj(j);
    jx_json_arr(j);
    jx_json_end_arr(j);
    jx_json_end_arr(j);
    jx_json_key(j, "last");
    jx_json_bool(j, false);
    jx_json_end_obj(j);
}

static void json(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_buf b;
    jx_json j;
    jx_buf_init(&b, t.ctx);
    jx_json_init(&j, &b, false);
    write_json(&j);
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    assert_string_equal(b.s,
                        "{\"text\":\"a\\\"\\\\\\n\\t\\u0001/"
                        "溧\xEF\xBF\xBD!\\u007f\\u009b\xC2\xA0\",\"none\":null,\"list\":[-5,0.12,0.1,null,null,true,{},[]],"
                        "\"last\":false}");
    b.n = 0;
    jx_json_init(&j, &b, true);
    jx_json_arr(&j);
    jx_json_obj(&j);
    jx_json_key(&j, "a");
    jx_json_int(&j, 1);
    jx_json_end_obj(&j);
    jx_json_arr(&j);
    jx_json_end_arr(&j);
    jx_json_end_arr(&j);
    assert_string_equal(b.s, "[\n  {\n    \"a\": 1\n  },\n  []\n]");
    jx_buf_release(&b);
    jx_test_release(&t);
}

/* FIPS 180-4 examples and the million a's; every split of the input gives the same. */
static void sha256(void **state) {
    (void)state;
    static const struct {
        const char *text, *hex;
    } cases[] = {{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                 {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                 {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    char hex[65];
    jx_sha256 s;
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(cases[i].text);
        for (size_t cut = 0; cut <= n; cut++) {
            jx_sha256_init(&s);
            jx_sha256_add(&s, cases[i].text, cut);
            jx_sha256_add(&s, cases[i].text + cut, n - cut);
            jx_sha256_hex(&s, hex);
            assert_string_equal(hex, cases[i].hex);
        }
    }
    char as[1000];
    memset(as, 'a', sizeof as);
    jx_sha256_init(&s);
    for (size_t i = 0, left = 1000000; left; i++) {
        size_t n = (i * 37) % 1000 < left ? (i * 37) % 1000 : left;
        jx_sha256_add(&s, as, n);
        left -= n;
    }
    jx_sha256_hex(&s, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Answers of `date -u -d @N`. */
static void dates(void **state) {
    (void)state;
    static const struct {
        int64_t t;
        const char *day, *stamp;
    } known[] = {{0, "1970-01-01", "1970-01-01T00:00:00.000Z"}, {951782399, "2000-02-28", "2000-02-28T23:59:59.000Z"},
                 {951782400, "2000-02-29", "2000-02-29T00:00:00.000Z"}, {1709587295, "2024-03-04", "2024-03-04T21:21:35.000Z"}, {4107542400, "2100-03-01", "2100-03-01T00:00:00.000Z"}};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        jx_buf b;
        jx_buf_init(&b, t.ctx);
        jx_buf_date(&b, known[i].t, false);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_string_equal(b.s, known[i].day);
        b.n = 0;
        jx_buf_date(&b, known[i].t, true);
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_string_equal(b.s, known[i].stamp);
        jx_buf_release(&b);
    }
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates),
        cmocka_unit_test(utf8_decoding), cmocka_unit_test(widths), cmocka_unit_test(what_a_terminal_gets),
                                       cmocka_unit_test(json), cmocka_unit_test(sha256)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
