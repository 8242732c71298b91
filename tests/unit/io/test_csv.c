/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Tables of texts: delimiters, quotes, encodings that lie, headers that are none, numbers that are words; and CSV out.
 */
#include <iconv.h>
#include <math.h>

#include "junxian/io.h"
#include "oom.h"
#include "unit/io/folder.h"

static jx_status parse(jx_test *t, const char *s, size_t n, jx_encoding enc, jx_text_table *out) {
    return jx_csv_parse(t->ctx, "t.csv", s, n, enc, out);
}

static void good(jx_test *t, const char *s, jx_text_table *out) {
    assert_int_equal(parse(t, s, strlen(s), JX_ENC_AUTO, out), JX_OK);
}

static jx_msg_id refused_n(jx_test *t, const char *s, size_t n, jx_encoding enc, int64_t row) {
    jx_text_table out;
    assert_int_equal(parse(t, s, n, enc, &out), JX_E_INPUT);
    assert_null(out.arena);
    assert_non_null(jx_ctx_error(t->ctx));
    if (row) {
        assert_int_equal(jx_ctx_error(t->ctx)->row, row);
        assert_string_equal(jx_ctx_error(t->ctx)->file, "t.csv");
    }
    return jx_test_error(t);
}

static jx_msg_id refused(jx_test *t, const char *s, int64_t row) {
    return refused_n(t, s, strlen(s), JX_ENC_AUTO, row);
}

static const char *at(const jx_text_table *t, uint32_t r, uint32_t c) {
    return t->cell[(size_t)r * t->n_cols + c];
}

static void rows_and_quotes(void **state) {
    (void)state;
    jx_test t;
    jx_text_table x;
    jx_test_init(&t, 0);
    good(&t, "\n\r\n name ,lon\r\n\"a, \"\"b\"\"\nc\",1\r\n\r\n  x　,\"\"\r\xc2\xa0y", &x);
    assert_int_equal(x.n_cols, 2);
    assert_int_equal(x.n_rows, 3);
    assert_string_equal(x.header[0], "name");
    assert_string_equal(at(&x, 0, 0), "a, \"b\"\nc");
    assert_string_equal(at(&x, 1, 0), "x");
    assert_string_equal(at(&x, 1, 1), "");
    assert_string_equal(at(&x, 2, 0), "y");
    assert_string_equal(at(&x, 2, 1), ""); /* a short row is filled up */
    assert_int_equal(x.row_no[0], 4);      /* lines as an editor counts them */
    assert_int_equal(x.row_no[1], 7);
    assert_int_equal(x.row_no[2], 8);
    jx_text_table_release(t.ctx, &x);
    good(&t, "a;b,c;d\n1;2,5;3\n", &x);
    assert_true(x.delimiter == ';' && x.n_cols == 3);
    jx_text_table_release(t.ctx, &x);
    good(&t, "a\tb\n1,5\t2\n", &x);
    assert_true(x.delimiter == '\t' && x.n_cols == 2);
    jx_text_table_release(t.ctx, &x);
    good(&t, "\"a,b,c\";d\n1;2\n", &x);
    assert_true(x.delimiter == ';' && x.n_cols == 2);
    jx_text_table_release(t.ctx, &x);
    good(&t, "a,b,,,\n1,2,,,\n3,4", &x); /* empty columns behind the last, as Excel leaves them */
    assert_true(x.n_cols == 2 && x.n_rows == 2);
    jx_text_table_release(t.ctx, &x);
    good(&t, ",name,x\n0,a,1\n", &x); /* row numbers of a statistics program */
    assert_true(x.n_cols == 3 && *x.header[0] == 0);
    jx_text_table_release(t.ctx, &x);
    good(&t, "only", &x);
    assert_true(x.n_cols == 1 && x.n_rows == 0);
    jx_text_table_release(t.ctx, &x);
    jx_test_release(&t);
}

static void bad_shapes(void **state) {
    (void)state;
    jx_test t;
    jx_text_table x;
    jx_test_init(&t, 0);
    assert_int_equal(refused(&t, "", 1), JX_M_CSV_EMPTY);
    assert_int_equal(refused(&t, "\n , ,\n\n", 1), JX_M_CSV_EMPTY);
    assert_int_equal(refused(&t, "a,b\n1,2\n1,2,3\n", 3), JX_M_CSV_ROW_LONG);
    assert_int_equal(refused(&t, "a,b\n\"1,2\n3,4\n", 2), JX_M_CSV_QUOTE);
    assert_int_equal(refused(&t, "名称,规模,,位置\n,班,学生,lon\n甲,1,2,3\n", 1), JX_M_TABLE_HEADER);
    assert_int_equal(refused(&t, "\n溧阳市小学一览表\n名称,lon,lat\n甲,119,31\n", 2), JX_M_TABLE_TITLE);
    assert_int_equal(refused(&t, "名称,位置,\n,lon,lat\n甲,119,31\n", 1), JX_M_TABLE_TITLE); /* 位置 merged over two */
    good(&t, "a,备注,备注\n1,2,3\n", &x);
    assert_int_equal(jx_test_said(&t, JX_M_TABLE_TWICE), 1);
    jx_text_table_release(t.ctx, &x);
    char wide[8200];
    memset(wide, ',', sizeof wide);
    for (size_t i = 0; i < sizeof wide; i += 2) {
        wide[i] = 'a';
    }
    assert_int_equal(refused_n(&t, wide, 2 * 4097 - 1, JX_ENC_AUTO, 1), JX_M_CSV_COLUMNS);
    assert_int_equal(parse(&t, wide, 2 * 4096 - 1, JX_ENC_AUTO, &x), JX_OK);
    assert_int_equal(x.n_cols, 4096);
    jx_text_table_release(t.ctx, &x);
    assert_int_equal(refused_n(&t, "PK\3\4\0\0\10\0abc", 12, JX_ENC_AUTO, 0),
                     JX_M_CSV_BINARY); /* a workbook called .csv */
    assert_int_equal(refused_n(&t, "a,b\n1,\0002\n", 9, JX_ENC_AUTO, 0), JX_M_CSV_BINARY);
    jx_test_release(&t);
}

/* The same table in another character set, by the C library; free() it. */
static char *as(const char *charset, const char *mark, const char *utf8, size_t *n) {
    iconv_t cd = iconv_open(charset, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *out = malloc(4096), *to = out, *from = (char *)(uintptr_t)utf8;
    assert_non_null(out);
    size_t room = 4096, left = strlen(utf8), m = strlen(mark);
    memcpy(to, mark, m);
    to += m;
    assert_int_equal(iconv(cd, &from, &left, &to, &room), 0);
    iconv_close(cd);
    *n = (size_t)(to - out);
    return out;
}

static void encodings(void **state) {
    (void)state;
    static const char text[] =
        "名称,lon,lat\n溧城街道办事处,119.48,31.42\n㑇㐀𠀀村,119.5,31.5\n"; /* the last needs all of GB18030 */
    static const struct {
        const char *charset, *mark;
        jx_encoding found;
    } ways[] = {{"UTF-8", "", JX_ENC_UTF8},
                {"UTF-8", "\xef\xbb\xbf", JX_ENC_UTF8},
                {"GB18030", "", JX_ENC_GB18030},
                {"UTF-16LE", "\xff\xfe", JX_ENC_UTF16},
                {"UTF-16BE", "\xfe\xff", JX_ENC_UTF16},
                {"UTF-16LE", "", JX_ENC_UTF16},
                {"UTF-16BE", "", JX_ENC_UTF16}};
    static const jx_encoding all[] = {JX_ENC_UTF8, JX_ENC_GB18030, JX_ENC_UTF16};
    jx_test t;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        size_t n;
        char *s = as(ways[i].charset, ways[i].mark, text, &n);
        jx_text_table x;
        for (int declared = 0; declared < 2; declared++) { /* told by the bytes, and as declared */
            assert_int_equal(parse(&t, s, n, declared ? ways[i].found : JX_ENC_AUTO, &x), JX_OK);
            assert_int_equal(x.encoding, ways[i].found);
            assert_string_equal(x.header[0], "名称");
            assert_string_equal(at(&x, 0, 0), "溧城街道办事处");
            assert_string_equal(at(&x, 1, 0), "㑇㐀𠀀村");
            jx_text_table_release(t.ctx, &x);
        }
        for (int k = 0; k < 3; k++) { /* declared as anything else, it is refused: names would be lost in silence */
            if (all[k] != ways[i].found) {
                jx_msg_id id = refused_n(&t, s, n, all[k], 0);
                assert_true(id == JX_M_CSV_NOT_UTF8 || id == JX_M_CSV_DECLARED);
            }
        }
        free(s);
    }
    jx_test_release(&t);
}

static void encodings_that_lie(void **state) {
    (void)state;
    jx_test t;
    jx_text_table x;
    size_t n;
    jx_test_init(&t, 0);
    char *s = as("GB18030", "", "kind,name\nhospital,A\nhospital,人民医院\n", &n);
    assert_int_equal(refused_n(&t, s, n, JX_ENC_UTF8, 3), JX_M_CSV_NOT_UTF8); /* the row of the first such byte */
    s[n - 2] = '\xff';
    assert_int_equal(refused_n(&t, s, n, JX_ENC_GB18030, 3), JX_M_CSV_ENCODING);
    free(s);
    s = as("ISO-8859-1", "", "name,lon\nA,1\nZürich Schönbühl,8.5\n", &n); /* as GBK it would be made-up Chinese */
    assert_int_equal(refused_n(&t, s, n, JX_ENC_AUTO, 3), JX_M_CSV_UNKNOWN);
    free(s);
    s = as("UTF-16LE", "", "a,b\n1,2\n", &n);
    assert_int_equal(refused_n(&t, s, n - 1, JX_ENC_UTF16, 0), JX_M_CSV_BINARY); /* cut within a character */
    free(s);
    assert_int_equal(parse(&t, "a,b\n1,2\n", 8, JX_ENC_GB18030, &x), JX_OK); /* plain ASCII is GB18030 too */
    jx_text_table_release(t.ctx, &x);
    jx_test_release(&t);
}

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *s;
        double v;
    } right[] = {{"0", 0},          {"-12.5", -12.5},   {"1,234", 1234},      {"12,345,678.25", 12345678.25},
                 {"-1,234", -1234}, {"１２．５", 12.5}, {"１，２３４", 1234}, {"−3", -3},
                 {"1e3", 1000},     {" 7 ", 7},         {"　８　", 8},        {"119.4830001", 119.4830001}};
    static const char *const wrong[] = {
        "一百二", "12%", "1,5",  "1,23", "1234,567", ",123",  "1,234,56", "1,234,5678", "1.234,5", "12人",        "abc",
        "1 234",  "--1", "0x10", "nan",  "inf",      "1e999", "1e",       "-",          "1,,234",  "12,345,67.5", "½"};
    jx_test t;
    jx_text_table x;
    double v;
    jx_test_init(&t, 0);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "n;people\nA;%s\n", right[i].s);
        good(&t, line, &x);
        assert_int_equal(jx_text_table_real(t.ctx, &x, 0, 1, &v), JX_OK);
        assert_true(v == right[i].v);
        jx_text_table_release(t.ctx, &x);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "n;people\n\nA;%s\n", wrong[i]);
        good(&t, line, &x);
        jx_status st = jx_text_table_real(t.ctx, &x, 0, 1, &v);
        if (st != JX_E_INPUT) {
            fail_msg("'%s' was read as %g", wrong[i], v);
        }
        const jx_message *m = jx_ctx_error(t.ctx);
        assert_int_equal(m->row, 3);
        assert_string_equal(m->args[0].s, "people");
        assert_int_equal(jx_test_error(&t), JX_M_TABLE_TEXT_NUMBER);
        jx_text_table_release(t.ctx, &x);
    }
    good(&t, "a,b\n1,\n", &x);
    assert_int_equal(jx_text_table_real(t.ctx, &x, 0, 1, &v), JX_E_INPUT);
    assert_int_equal(jx_test_error(&t), JX_M_TABLE_EMPTY_CELL);
    jx_text_table_release(t.ctx, &x);
    jx_test_release(&t);
}

static void columns(void **state) {
    (void)state;
    jx_test t;
    jx_text_table x;
    jx_test_init(&t, 0);
    good(&t, "Ｎａｍｅ,LON,纬度,人口（人）\n", &x);
    assert_int_equal(jx_text_table_col(&x, (const char *const[]){"名称", "name", NULL}), 0);
    assert_int_equal(jx_text_table_col(&x, (const char *const[]){"lon", NULL}), 1);
    assert_int_equal(jx_text_table_col(&x, (const char *const[]){"lat", "纬度", NULL}), 2);
    assert_int_equal(jx_text_table_col(&x, (const char *const[]){"人口(人)", NULL}), 3);
    assert_int_equal(jx_text_table_col(&x, (const char *const[]){"lo", "long", "", NULL}), JX_NONE);
    jx_text_table_release(t.ctx, &x);
    jx_test_release(&t);
}

/* Any table of texts survives being written with every cell quoted. */
static void any_table_comes_back(void **state) {
    (void)state;
    static const char *const bits[] = {"\"\"", ",", ";", "\t", "\n", "\r\n", "a", "溧", "1", "'", " b", "𠀀"};
    jx_test t;
    jx_test_rng r = {7, 0};
    jx_test_init(&t, 0);
    for (int round = 0; round < 200; round++) {
        uint32_t cols = 1 + (uint32_t)jx_test_below(&r, 6), rows = (uint32_t)jx_test_below(&r, 8);
        jx_buf b;
        char want[64][64];
        jx_text_table x;
        jx_buf_init(&b, t.ctx);
        for (uint32_t c = 0; c < cols; c++) {
            jx_buf_fmt(&b, "%sh%u", c ? "," : "", c);
        }
        jx_buf_str(&b, "\r\n");
        for (uint32_t i = 0; i < rows * cols; i++) {
            char cell[64] = "x"; /* never blank, never with blanks around: those are trimmed */
            for (uint64_t k = jx_test_below(&r, 6); k > 0; k--) {
                strcat(cell, bits[jx_test_below(&r, sizeof bits / sizeof *bits)]);
            }
            strcat(cell, "y");
            jx_buf_fmt(&b, "%s\"%s\"%s", i % cols ? "," : "", cell, i % cols == cols - 1 ? "\r\n" : "");
            char *to = want[i];
            for (const char *s = cell; *s; s++) {
                *to++ = *s;
                s += s[0] == '"' && s[1] == '"';
            }
            *to = 0;
        }
        assert_int_equal(jx_buf_ok(&b), JX_OK);
        assert_int_equal(jx_csv_parse(t.ctx, "p.csv", b.s, b.n, JX_ENC_AUTO, &x), JX_OK);
        assert_true(x.n_cols == cols && x.n_rows == rows);
        for (uint32_t i = 0; i < rows * cols; i++) {
            assert_string_equal(x.cell[i], want[i]);
        }
        jx_text_table_release(t.ctx, &x);
        jx_buf_release(&b);
    }
    jx_test_release(&t);
}

/* ---- CSV out --------------------------------------------------------------------------------------------------------
 */

static void writing(void **state) {
    (void)state;
    jx_test t;
    folder d;
    size_t n;
    double real[] = {1.005, -2.5, NAN};
    int64_t whole[] = {1, INT64_MIN, 3};
    const char *text[] = {"溧阳, \"南\"", NULL, "two\nlines"};
    uint8_t valid[] = {JX_VALID, JX_NOT_REACHABLE, JX_NO_DATA};
    jx_column col[] = {{.name = "r", .type = JX_COL_REAL, .decimals = 2, .real = real, .validity = valid},
                       {.name = "i", .type = JX_COL_INT, .integer = whole},
                       {.name = "t", .type = JX_COL_TEXT, .text = text},
                       {.name = "s", .type = JX_COL_REAL, .decimals = -1, .real = real}};
    jx_layer l = {.name = "l", .title = "l", .n = 3, .col = col, .n_cols = 4};
    jx_test_init(&t, 0);
    folder_make(&d);
    assert_int_equal(jx_csv_write(t.ctx, in(&d, "l.csv"), &l), JX_OK);
    char *s = get(in(&d, "l.csv"), &n);
    assert_string_equal(s,
                        "\xef\xbb\xbf"
                        "r,r_why,i,t,s\r\n"
                        "1.00,,1,\"溧阳, \"\"南\"\"\",1.005\r\n" /* 1.005 lies below the half */
                        ",not_reachable,-9223372036854775808,,-2.5\r\n"
                        ",no_data,3,\"two\nlines\",\r\n");
    jx_text_table x;
    assert_int_equal(jx_csv_parse(t.ctx, "l.csv", s, n, JX_ENC_AUTO, &x), JX_OK); /* and we read what we write */
    assert_string_equal(at(&x, 2, 3), "two\nlines");
    jx_text_table_release(t.ctx, &x);
    free(s);
    const char *formulas[] = {"=1+1", "-4_45", "@SUM(A1)"}; /* a text is never computed by a spreadsheet */
    jx_column one = {.name = "+x(1)", .type = JX_COL_TEXT, .text = formulas};
    jx_layer names = {.name = "l", .title = "l", .n = 3, .col = &one, .n_cols = 1};
    assert_int_equal(jx_csv_write(t.ctx, in(&d, "l.csv"), &names), JX_OK);
    s = get(in(&d, "l.csv"), &n);
    assert_string_equal(s, "\xef\xbb\xbf\"'+x(1)\"\r\n\"'=1+1\"\r\n-4_45\r\n\"'@SUM(A1)\"\r\n");
    free(s);
    folder_clear(d.path);
    jx_test_release(&t);
}

static jx_status read_some(jx_ctx *ctx, void *arg) {
    (void)arg;
    static const char gbk[] = "\xc3\xfb\xb3\xc6,lon\n\xbc\xd7,\"1\"\n\xd2\xd2,2\n";
    jx_text_table x;
    double v;
    JX_TRY(jx_csv_parse(ctx, "g.csv", gbk, sizeof gbk - 1, JX_ENC_AUTO, &x));
    jx_status st = jx_text_table_real(ctx, &x, 1, 1, &v);
    jx_text_table_release(ctx, &x);
    return st;
}

static jx_status write_some(jx_ctx *ctx, void *arg) {
    double real[100] = {0};
    jx_column col = {.name = "r", .decimals = 3, .real = real};
    const jx_layer l = {.name = "l", .title = "l", .n = 100, .col = &col, .n_cols = 1};
    return jx_csv_write(ctx, arg, &l);
}

static void failing_memory(void **state) {
    (void)state;
    folder d;
    folder_make(&d);
    jx_oom_sweep(read_some, NULL);
    jx_oom_sweep(write_some, (void *)(uintptr_t)in(&d, "x.csv"));
    assert_int_equal(folder_count(d.path), 1);
    folder_clear(d.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_quotes),      cmocka_unit_test(bad_shapes), cmocka_unit_test(encodings),
        cmocka_unit_test(encodings_that_lie),   cmocka_unit_test(numbers),    cmocka_unit_test(columns),
        cmocka_unit_test(any_table_comes_back), cmocka_unit_test(writing),    cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
