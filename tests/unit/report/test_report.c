/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The report room on a county made by hand. What is written here into report-test/ is read again by programs that
 * nobody here wrote: check_report.py (html.parser, xml, json, openpyxl) and page.mjs (Chromium).
 */
#include <ctype.h>
#include <math.h>
#include <sys/stat.h>

#include "fake_county.h"
#include "fake_plan.h"
#include "junxian/fairness.h"
#include "junxian/report.h"
#include "oom.h"
#include "report/svg_internal.h"

typedef struct world {
    jx_test t;
    jx_file mo;
    jx_catalog *zh;
    jx_report_options o;
    jx_message said[2];
} world;

static void open_world(world *w) {
    memset(w, 0, sizeof *w);
    jx_test_init(&w->t, 0);
    assert_int_equal(jx_file_open(w->t.ctx, JX_BINARY_DIR "/src/run/zh_CN.mo", &w->mo), JX_OK);
    assert_int_equal(jx_catalog_open(w->t.ctx, w->mo.p, w->mo.n, &w->zh), JX_OK);
    w->said[0] = (jx_message){
        .id = JX_M_XLSX_FAILED, .level = JX_LEVEL_WARNING, .offset = -1, .n_args = 1, .args = {JX_S("<b>&\"'")}};
    w->said[1] =
        (jx_message){.id = JX_M_XLSX_FAILED, .level = JX_LEVEL_NOTE, .offset = -1, .n_args = 1, .args = {JX_S("\xff")}};
    w->o = (jx_report_options){.zh = w->zh,
                               .first_lang = "en",
                               .version = "0.0",
                               .command = "junxian run 'a<b>.osm.pbf' -o \"out\"",
                               .warnings = w->said,
                               .n_warnings = 2,
                               .time = 1709587295};
}

static void close_world(world *w) {
    jx_catalog_free(w->t.ctx, w->zh);
    jx_file_close(w->t.ctx, &w->mo);
    jx_test_release(&w->t);
}

static void keep_file(world *w, const char *name, const jx_buf *b) {
    char path[4096];
    (void)mkdir(JX_BINARY_DIR "/report-test", 0755);
    (void)snprintf(path, sizeof path, "%s/report-test/%s", JX_BINARY_DIR, name);
    assert_int_equal(jx_file_write(w->t.ctx, path, b->s, b->n), JX_OK);
}

/* "nan" or "inf" as a word of its own. */
static bool has_word(const char *s, const char *word) {
    size_t n = strlen(word);
    for (const char *p = s; *p; p++) {
        size_t k = 0;
        while (k < n && tolower((unsigned char)p[k]) == word[k]) {
            k++;
        }
        if (k == n && (p == s || !isalpha((unsigned char)p[-1])) && !isalpha((unsigned char)p[n])) {
            return true;
        }
    }
    return false;
}

static void check_text(const char *s) {
    assert_null(strstr(s, "http:"));
    assert_null(strstr(s, "https:"));
    assert_null(strstr(s, "<script>alert"));
    assert_null(strstr(s, "<made>"));
    assert_null(strstr(s, "\u202e"));
    assert_null(strstr(s, "\x01"));
    assert_false(has_word(s, "nan"));
    assert_false(has_word(s, "inf"));
    size_t bad;
    assert_true(jx_utf8_valid(s, strlen(s), &bad));
}

static const struct {
    const char *name;
    fake_options o;
} variants[] = {{"full", {0}},
                {"cells", {.no_people = true, .is_box = true, .no_townships = true}},
                {"guessed", {.guessed = true, .hex = true}},
                {"table", {.table = true}},
                {"no_services", {.no_services = true}},
                {"one_cell", {.side = 1}}};
enum { N_VARIANTS = sizeof variants / sizeof *variants };

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static void pages(void **state) {
    (void)state;
    world w;
    open_world(&w);
    for (size_t v = 0; v < N_VARIANTS; v++) {
        fake_county *f = fake_new(w.t.ctx, &variants[v].o);
        jx_buf a, b;
        jx_buf_init(&a, w.t.ctx);
        jx_buf_init(&b, w.t.ctx);
        w.o.first_lang = v % 2 ? "zh_CN" : "en";
        w.o.fairness = fake_fairness(f);
        assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &a), JX_OK);
        assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.s, b.s, a.n);
        check_text(a.s);
        assert_non_null(strstr(a.s, "OpenStreetMap contributors"));
        assert_non_null(strstr(a.s, "Open Database License"));
        assert_non_null(strstr(a.s, v % 2 ? "id=\"zh\" checked" : "id=\"en\" checked"));
        char name[64];
        (void)snprintf(name, sizeof name, "%s.html", variants[v].name);
        keep_file(&w, name, &a);
        jx_buf_release(&a);
        jx_buf_release(&b);
        fake_free(w.t.ctx, f);
    }
    close_world(&w);
}

/* A page on a single question has the frame and the appendix of the report, and nothing of its diagnosis. */
static void a_single_question(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    jx_diagnosis *guesses = NULL;
    jx_buf b;
    jx_buf_init(&b, w.t.ctx);
    assert_int_equal(jx_county_guesses(w.t.ctx, fake_c(f), &guesses), JX_OK);
    assert_int_equal(guesses->n_results + guesses->n_headline + guesses->n_check_first, 0);
    assert_int_equal(guesses->n_guesses, fake_d(f)->n_guesses);
    for (uint32_t i = 0; i < guesses->n_guesses; i++) {
        assert_string_equal(guesses->guesses[i].id, fake_d(f)->guesses[i].id);
    }
    assert_int_equal(jx_report_study_html(w.t.ctx, fake_c(f), guesses, &w.o, "township", &b), JX_OK);
    check_text(b.s);
    assert_non_null(strstr(b.s, "<section id=\"methods\">"));
    assert_null(strstr(b.s, "<section id=\"services\">"));
    assert_null(strstr(b.s, "class=\"cover\""));
    assert_null(strstr(b.s, "A shortfall&#39;s cause"));
    keep_file(&w, "study.html", &b);
    jx_buf_release(&b);
    jx_diagnosis_free(w.t.ctx, guesses);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

static uint32_t times_in(const char *s, const char *what) {
    uint32_t n = 0;
    for (const char *p = strstr(s, what); p; p = strstr(p + 1, what)) {
        n++;
    }
    return n;
}

/* Plans in a report and on a page of their own, on every odd county: every new site numbered on the map after and on that of the change,
 * no chapter says anything of a plan that cannot be but why. */
static void plans(void **state) {
    (void)state;
    world w;
    open_world(&w);
    for (size_t v = 0; v < N_VARIANTS; v++) {
        fake_county *f = fake_new(w.t.ctx, &variants[v].o);
        fake_plans p;
        jx_buf a, b;
        if (fake_c(f)->n_services == 0) {
            fake_free(w.t.ctx, f);
            continue;
        }
        fake_plans_init(w.t.ctx, fake_c(f), &p);
        w.o.plans = p.plan;
        w.o.n_plans = FAKE_PLANS;
        jx_buf_init(&a, w.t.ctx);
        jx_buf_init(&b, w.t.ctx);
        assert_int_equal(jx_report_study_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, "township", &a), JX_OK);
        assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
        check_text(a.s);
        check_text(b.s);
        const char *impossible = strstr(a.s, "<section id=\"plan3\"");
        assert_non_null(impossible);
        const char *end = strstr(impossible, "</section>"), *map = strstr(impossible, "class=\"map\"");
        assert_true(!map || map > end);
        assert_true(times_in(a.s, "class=\"num\">") >= FAKE_NEW); /* one-cell counties have all on one spot */
        assert_int_equal(times_in(a.s, "id=\"closed0\""), 1);
        assert_non_null(strstr(b.s, "href=\"#plan2\""));
        assert_null(strstr(a.s, "<i>plan</i>"));
        char name[64];
        (void)snprintf(name, sizeof name, "plans_%s.html", variants[v].name);
        keep_file(&w, name, &a);
        if (v == 0) {
            keep_file(&w, "full_plans.html", &b);
        }
        jx_buf_release(&a);
        jx_buf_release(&b);
        fake_plans_release(w.t.ctx, &p);
        fake_free(w.t.ctx, f);
    }
    w.o.plans = NULL;
    w.o.n_plans = 0;
    close_world(&w);
}

/* The legend of the map after counts the people of each class, and of no other cells. */
static void legends_count_people(void **state) {
    (void)state;
    static const double brk[4] = {1, 2, 3, 4};
    assert_int_equal(jx__map_class_of(1, brk, 5), 0); /* a value on a break belongs below it */
    assert_int_equal(jx__map_class_of(1.01, brk, 5), 1);
    assert_int_equal(jx__map_class_of(4.01, brk, 5), 4);
    assert_int_equal(jx__map_class_of(NAN, brk, 5), JX__CELL_NO_DATA);
    assert_int_equal(jx__map_class_of(INFINITY, brk, 5), JX__CELL_UNREACHABLE);
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    const jx_county *c = fake_c(f);
    uint8_t *cls = jx_malloc(w.t.ctx, c->cells.n, 1);
    double want[3] = {0, 0, 0};
    assert_non_null(cls);
    for (uint32_t i = 0; i < c->cells.n; i++) {
        cls[i] = i % 5 == 4 ? JX__CELL_BLANK : i % 5 == 3 ? JX__CELL_NO_DATA : i % 2;
        want[cls[i] == JX__CELL_NO_DATA ? 2 : i % 2] += cls[i] == JX__CELL_BLANK ? 0 : c->cells.people[i];
    }
    jx_buf b, n;
    jx_buf_init(&b, w.t.ctx);
    jx_buf_init(&n, w.t.ctx);
    const jx__page p = {.ctx = w.t.ctx, .c = c, .d = fake_d(f), .o = &w.o, .b = &b};
    jx__map_spec s = {.heading = "h", .title = {{"township", NULL}}, .unit = {"min", NULL}, .no_data = "no data", .of_cell = cls};
    jx__map_ramp(&s, jx__amount_ramp, brk, 2);
    assert_int_equal(jx__map_draw(&p, &s), JX_OK);
    for (int k = 0; k < 3; k++) {
        n.n = 0;
        jx_buf_char(&n, '>');
        jx_buf_grouped(&n, (int64_t)floor(want[k] + 0.5), ",");
        jx_buf_str(&n, "</text>");
        assert_int_equal(jx_buf_ok(&n), JX_OK);
        assert_non_null(strstr(b.s, n.s));
    }
    assert_null(strstr(b.s, "url(#dots)")); /* no such row was asked for, no such cell is there */
    jx_buf_release(&b);
    jx_buf_release(&n);
    jx_free(w.t.ctx, cls);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

static void cells_are_never_called_people(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){.no_people = true});
    jx_buf b;
    jx_buf_init(&b, w.t.ctx);
    w.o.fairness = fake_fairness(f);
    assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
    static const char *const wrong[] = {"people in the area",
                                        "people beyond",
                                        "people without<",
                                        "of people are",
                                        "<th class=\"n\" scope=\"col\"><span class=\"en\" lang=\"en\">people</span>",
                                        "未达标人口<"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(strstr(b.s, wrong[i]));
    }
    assert_non_null(strstr(b.s, ">900<")); /* 30 x 30 cells, exactly: a count of cells is never rounded as a guess is */
    jx_buf_release(&b);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

/* The chapter on fairness: every service of the standard has its row, those in doubt are not ranked, guessed capacities
 * are told in the row. */
static void fairness_chapter(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    const jx_fairness *v = fake_fairness(f);
    jx_buf b;
    jx_buf_init(&b, w.t.ctx);
    assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
    assert_null(strstr(b.s, "id=\"fair\"")); /* not asked for */
    b.n = 0;
    w.o.fairness = v;
    assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
    const char *chapter = strstr(b.s, "<section id=\"fair\""), *end = strstr(chapter, "</section>");
    for (uint32_t s = 0; s < fake_c(f)->n_services; s++) {
        char link[32];
        (void)snprintf(link, sizeof link, "<tr><td><a href=\"#s%u\">", (unsigned)s);
        const char *row = strstr(chapter, link);
        assert_true(row && row < end);
    }
    assert_int_equal(v->n_picks, JX_FAIR_PICKS);
    for (uint32_t k = 0; k < v->n_picks; k++) {
        const jx_fair_service *s = &v->service[v->pick[k].service];
        assert_false(s->doubtful || s->none);
        for (uint32_t i = 0; i < v->n; i++) { /* nobody left out is more unequal */
            bool picked = false;
            for (uint32_t j = 0; j < v->n_picks; j++) {
                picked = picked || v->pick[j].service == i;
            }
            assert_true(picked || v->service[i].none || v->service[i].doubtful ||
                        v->service[i].access[3].gini <= s->access[3].gini);
        }
    }
    const jx_fair_places *p = &v->service[2].places;
    assert_true(p->used && p->wanted);
    assert_int_equal(p->n_guessed, 1);
    double sum = 0;
    for (uint32_t t = 0; t < fake_c(f)->n_townships; t++) {
        sum += p->town[t].places;
    }
    assert_true(fabs(sum - p->town[fake_c(f)->n_townships].places) < 1e-9);
    assert_true(fabs(p->shortage.seated + p->shortage.far + p->shortage.full - p->shortage.demand) < 1e-6);
    const jx_fair_places *homes = &v->service[3].places; /* the norm counts the elderly, of whom a township is not known */
    assert_true(homes->used && homes->wanted && isnan(homes->town[0].per_1000));
    assert_true(fabs(homes->shortage.demand - fake_c(f)->groups[0].total * 35 / 1000) < 0.5);
    const char *flag = strstr(chapter, "1 of ");
    assert_true(flag && flag < end && strstr(chapter, "capacities guessed"));
    jx_buf_release(&b);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

/* A service of which the map has nothing gets no grey map and is never called missing. */
static void nothing_on_the_map(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    jx_buf b;
    jx_buf_init(&b, w.t.ctx);
    assert_int_equal(jx_report_html(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
    const char *chapter = strstr(b.s, "<section id=\"s7\" class=\"svc none\">");
    assert_non_null(chapter);
    const char *end = strstr(chapter, "</section>");
    const char *map = strstr(chapter, "class=\"map\"");
    assert_true(map == NULL || map > end);
    jx_buf_release(&b);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

/* ---- the other writers --------------------------------------------------------------------------------------------
 */

static void summaries(void **state) {
    (void)state;
    world w;
    open_world(&w);
    for (size_t v = 0; v < N_VARIANTS; v++) {
        fake_county *f = fake_new(w.t.ctx, &variants[v].o);
        jx_buf b;
        jx_buf_init(&b, w.t.ctx);
        assert_int_equal(jx_report_summary(w.t.ctx, fake_c(f), fake_d(f), &w.o, &b), JX_OK);
        assert_false(has_word(b.s, "nan"));
        assert_false(has_word(b.s, "inf"));
        char name[64];
        (void)snprintf(name, sizeof name, "%s.json", variants[v].name);
        keep_file(&w, name, &b);
        jx_buf_release(&b);
        fake_free(w.t.ctx, f);
    }
    close_world(&w);
}

/* Length of the longest line of the table: from the first blank line to the next line that begins with "?" or is blank.
 */
static size_t table_width(const char *s) {
    size_t most = 0;
    const char *p = strstr(s, "\n\n");
    assert_non_null(p);
    for (p += 2; *p && *p != '\n' && *p != '?'; p = strchr(p, '\n') + 1) {
        size_t n = (size_t)(strchr(p, '\n') - p), w = jx_utf8_width(p, n);
        assert_true(n == 0 || p[n - 1] != ' ');
        most = w > most ? w : most;
    }
    return most;
}

static void terminal_fits(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    size_t full[2] = {0};
    for (int zh = 0; zh < 2; zh++) {
        for (unsigned columns = 0; columns <= 140; columns += columns ? 1 : 45) {
            jx_buf b;
            jx_buf_init(&b, w.t.ctx);
            assert_int_equal(jx_report_terminal(w.t.ctx, fake_c(f), fake_d(f), zh ? w.zh : NULL, columns, &b), JX_OK);
            size_t width = table_width(b.s);
            if (columns == 0) {
                full[zh] = width;
            } else {
                assert_true(width <= columns);
                assert_true(width == full[zh] || columns < full[zh]);
            }
            assert_non_null(strstr(b.s, "%")); /* the share never gives way */
            jx_buf_release(&b);
        }
    }
    fake_free(w.t.ctx, f);
    close_world(&w);
}

static const double qml_breaks[] = {5, 15.5, 30};
static const char *const qml_colors[] = {"#ffffd4", "#fed98e", "#d95f0e", "#993404"};
static const char *const qml_labels[] = {"a & b", "<c>", "\"d\"", "e"};

static void qgis_styles(void **state) {
    (void)state;
    world w;
    open_world(&w);
    static const char *const names[] = {"none", "point", "line", "polygon"};
    for (int g = JX_GEOM_NONE; g <= JX_GEOM_POLYGON; g++) {
        for (int styled = 0; styled < 2; styled++) {
            const jx_layer l = {.name = "x",
                                .geom = (jx_geom_kind)g,
                                .style_column = styled ? "walk_min" : NULL,
                                .style_breaks = qml_breaks,
                                .style_colors = qml_colors,
                                .style_labels = qml_labels,
                                .n_breaks = 3};
            jx_buf b;
            jx_buf_init(&b, w.t.ctx);
            assert_int_equal(jx_report_qml(w.t.ctx, &l, w.zh, &b), JX_OK);
            assert_true((b.n == 0) == (g == JX_GEOM_NONE));
            if (b.n) {
                char name[64];
                (void)snprintf(name, sizeof name, "%s%d.qml", names[g], styled);
                keep_file(&w, name, &b);
            }
            jx_buf_release(&b);
        }
    }
    close_world(&w);
}

/* What check_report.py knows of this table: numbers, words for what is not there, hostile texts. */
static void workbook(void **state) {
    (void)state;
    world w;
    open_world(&w);
    (void)mkdir(JX_BINARY_DIR "/report-test", 0755);
    double real[8] = {0, 1.5, -2.25, 1e9, NAN, 0.1, 0.2, HUGE_VAL};
    int64_t whole[8] = {0, 1, -1, 1155955, 9007199254740991, 5, 6, 7};
    const char *texts[8];
    uint8_t why[8] = {JX_VALID, JX_NO_DATA, JX_NOT_REACHABLE, JX_NOT_APPLICABLE,
                      JX_VALID, JX_VALID,   JX_VALID,         JX_VALID};
    memcpy(texts, fake_hostile, sizeof texts);
    static char big[40001];
    memset(big, 'x', sizeof big - 1);
    const char *more[8] = {"+1", "-1", "@x", NULL, "", big, "1e5", "007"};
    jx_column col[] = {
        {.name = "real", .title = "people", .unit = "persons", .type = JX_COL_REAL, .decimals = 1, .real = real},
        {.name = "whole", .title = "cells", .unit = "", .type = JX_COL_INT, .integer = whole, .validity = why},
        {.name = "text", .title = "township", .unit = "", .type = JX_COL_TEXT, .text = texts},
        {.name = "more", .title = "cause", .type = JX_COL_TEXT, .text = more}};
    jx_layer layer[] = {{.name = "hostile", .title = "hostile", .n = 8, .col = col, .n_cols = 4, .for_tables = true},
                        {.name = "empty", .title = "empty", .n = 0, .col = col, .n_cols = 4, .for_tables = true},
                        {.name = "hidden", .title = "hidden", .n = 8, .col = col, .n_cols = 4}};
    const jx_layers l = {.layer = layer, .n = 3};
    assert_int_equal(jx_report_xlsx(w.t.ctx, JX_BINARY_DIR "/report-test/a.xlsx", &l, NULL, 1709587295), JX_OK);
    assert_int_equal(jx_report_xlsx(w.t.ctx, JX_BINARY_DIR "/report-test/b.xlsx", &l, NULL, 1709587295), JX_OK);
    assert_int_equal(jx_report_xlsx(w.t.ctx, JX_BINARY_DIR "/report-test/zh.xlsx", &l, w.zh, 1709587295), JX_OK);
    assert_int_equal(jx_report_xlsx(w.t.ctx, "/nonexistent/folder/a.xlsx", &l, NULL, 1), JX_E_FILE);
    assert_int_equal(jx_test_error(&w.t), JX_M_XLSX_FAILED);
    close_world(&w);
}

/* ---- words and numbers ----------------------------------------------------------------------------------------------
 */

static void expect(jx_buf *b, const char *want) {
    assert_int_equal(jx_buf_ok(b), JX_OK);
    assert_string_equal(b->s, want);
    b->n = 0;
}

static void numbers(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_buf b;
    jx_buf_init(&b, t.ctx);
    jx_county c = {.people_source = JX_PEOPLE_TAGS, .people_trust = JX_DERIVED};
    jx__count(&b, &c, 37269.4), expect(&b, "37,269");
    jx__count(&b, &c, NAN), expect(&b, "\u2013");
    c.people_trust = JX_GUESSED; /* two significant digits, half up */
    jx__count(&b, &c, 37269), expect(&b, "37,000");
    jx__count(&b, &c, 995), expect(&b, "1,000");
    jx__count(&b, &c, 99), expect(&b, "99");
    c.people_source = JX_PEOPLE_NONE;
    jx__count(&b, &c, 588), expect(&b, "588");
    jx__minutes(&b, 15 * 60000), expect(&b, "15");
    jx__minutes(&b, 500000), expect(&b, "8.3");
    jx__minutes(&b, JX_UNREACHABLE), expect(&b, "\u2013");
    jx__date(&b, 1709587295), expect(&b, "2024-03-04");
    jx__date(&b, 0), expect(&b, "-");
    jx__num(&b, -0.04), expect(&b, "0");
    jx__num(&b, 12.349), expect(&b, "12.3");
    jx__num(&b, 12), expect(&b, "12");
    jx__escape(&b, "<a href='x'>&\"\x01\xff\u202e\u6ea7</a>"),
        expect(&b, "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\ufffd\u6ea7&lt;/a&gt;");
    jx_buf_release(&b);
    jx_test_release(&t);
}

/* For any limits: four rising breaks, the limits among them and marked, everything else a number a person would choose.
 */
static void classes_of_any_limit(void **state) {
    (void)state;
    jx_test_rng rng = {3, 0};
    for (int i = 0; i < 20000; i++) {
        uint32_t town = (uint32_t)jx_test_below(&rng, 600 * 60000),
                 country = (uint32_t)jx_test_below(&rng, 600 * 60000);
        town = i % 7 == 0 ? 0 : town + 1;
        country = i % 5 == 0 ? town : i % 11 == 0 && town ? 0 : country + 1;
        if (!town && !country) {
            continue;
        }
        const jx_criterion k = {.urban_ms = town, .rural_ms = country};
        const jx__classes c = jx__classes_of(&k);
        int heavy = 0;
        bool has_town = !town, has_country = !country;
        for (int j = 0; j < 4; j++) {
            assert_true(c.brk[j] > (j ? c.brk[j - 1] : 0));
            heavy += c.heavy[j];
            has_town = has_town || (c.heavy[j] && c.brk[j] == town / 60000.0);
            has_country = has_country || (c.heavy[j] && c.brk[j] == country / 60000.0);
        }
        assert_true(has_town && has_country);
        assert_int_equal(heavy, town && country && town != country ? 2 : 1);
    }
}

static void sentences(void **state) {
    (void)state;
    jx_finding f = {.n_args = 2, .args = {JX_R(1, 1), {.type = JX_ARG_STR, .decimals = JX_REF_PEOPLE, .r = 5}}};
    assert_true(jx__sayable(&f));
    f.args[1].r = NAN;
    assert_false(jx__sayable(&f));
    f.args[1].r = 5;
    f.args[0].r = HUGE_VAL;
    assert_false(jx__sayable(&f));
}

/* ---- failing memory
 * ---------------------------------------------------------------------------------------------------- */

typedef struct sweep {
    const world *w;
    const fake_county *f;
    const fake_plans *p;
    int what;
} sweep;

/* The chapter of `junxian access` (or of equity) on the fake county's schools, of two measures, a township and a group. */
static jx_status question(jx_ctx *ctx, const world *w, const fake_county *f, bool equity, jx_buf *out) {
    static const jx_report_measure heads[2] = {{"2sfca", "standard", "min", false}, {"nearest", "time", "min", true}};
    const jx_county *c = fake_c(f);
    const jx_service_result *r = &fake_d(f)->results[3];
    const jx_fair_service *s = &fake_fairness(f)->service[2];
    const jx_inequality q[8] = {s->access[3], s->time[3], s->access[1], s->time[1], s->access[0], s->time[0], s->access[3], s->time[3]};
    const jx_report_people row[4] = {{.msgid = "all", .q = q},
                                     {.msgid = "town", .q = q + 2},
                                     {.area = &c->areas[c->township[1]], .q = q + 4},
                                     {.group = "<b>&", .spread = true, .q = q + 6}};
    const double lorenz[5] = {0, 0.05, 0.2, 0.5, 1};
    const jx_report_equity e = {.lorenz = lorenz, .n_lorenz = 4, .line = 0.5, .urban = s->urban, .township = s->township, .along = &s->along, .rank_of = "<i>"};
    jx_diagnosis *guesses = NULL;
    jx_report_options o = w->o;
    double *v = jx_malloc(ctx, c->cells.n, sizeof *v);
    jx_status st = v ? jx_county_guesses(ctx, c, &guesses) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        v[i] = r->nearest_ms[i] == JX_UNREACHABLE ? 0 : i % 5 * 0.037;
    }
    const jx_report_access a = {.service = &c->services[2], .mode = JX_WALK, .limit_ms = 1800000, .n_facilities = r->n_facilities, .n_inside = r->n_inside,
                                .facility = r->facility, .by_capacity = true, .n_guessed = 1, .median = 90, .demand = "<u>", .measure = heads,
                                .n_measures = equity ? 1 : 2, .v = v, .nearest_ms = r->nearest_ms, .row = row, .n_rows = 4,
                                .shortage = &s->places.shortage, .equity = equity ? &e : NULL};
    o.fairness = NULL;
    o.access = &a;
    st = st == JX_OK ? jx_report_study_html(ctx, c, guesses, &o, "township", out) : st;
    jx_diagnosis_free(ctx, guesses);
    jx_free(ctx, v);
    return st;
}

static void questions_of_access(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){0});
    assert_int_equal(fake_d(f)->results[3].service, 2);
    for (int equity = 0; equity < 2; equity++) {
        jx_buf b;
        jx_buf_init(&b, w.t.ctx);
        assert_int_equal(question(w.t.ctx, &w, f, equity, &b), JX_OK);
        check_text(b.s);
        assert_non_null(strstr(b.s, "class=\"map\""));
        assert_non_null(strstr(b.s, "&lt;b&gt;&amp;"));
        assert_null(strstr(b.s, "<b>&"));
        assert_int_equal(strstr(b.s, "Where the inequality lies") != NULL, equity);
        keep_file(&w, equity ? "equity.html" : "access.html", &b);
        jx_buf_release(&b);
    }
    fake_free(w.t.ctx, f);
    close_world(&w);
}

static jx_status write_one(jx_ctx *ctx, void *arg) {
    const sweep *s = arg;
    const jx_layer l = {.name = "x",
                        .geom = JX_GEOM_POLYGON,
                        .style_column = "c",
                        .style_breaks = qml_breaks,
                        .style_colors = qml_colors,
                        .style_labels = qml_labels,
                        .n_breaks = 3};
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st;
    switch (s->what) {
        case 0:
            st = jx_report_html(ctx, fake_c(s->f), fake_d(s->f), &s->w->o, &b);
            break;
        case 1:
            st = jx_report_summary(ctx, fake_c(s->f), fake_d(s->f), &s->w->o, &b);
            break;
        case 2:
            st = jx_report_terminal(ctx, fake_c(s->f), fake_d(s->f), s->w->zh, 70, &b);
            break;
        case 3: {
            jx_diagnosis *guesses = NULL;
            jx_report_options o = s->w->o;
            o.plans = s->p->plan;
            o.n_plans = FAKE_PLANS;
            st = jx_county_guesses(ctx, fake_c(s->f), &guesses);
            st = st == JX_OK ? jx_report_study_html(ctx, fake_c(s->f), guesses, &o, "township", &b) : st;
            jx_diagnosis_free(ctx, guesses);
            break;
        }
        case 4:
            st = question(ctx, s->w, s->f, true, &b);
            break;
        default:
            st = jx_report_qml(ctx, &l, s->w->zh, &b);
    }
    jx_buf_release(&b);
    return st;
}

static void failing_memory(void **state) {
    (void)state;
    world w;
    open_world(&w);
    fake_county *f = fake_new(w.t.ctx, &(fake_options){.side = 4});
    w.o.fairness = fake_fairness(f);
    fake_plans p;
    fake_plans_init(w.t.ctx, fake_c(f), &p);
    for (int what = 0; what < 6; what++) {
        sweep s = {&w, f, &p, what};
        jx_oom_sweep(write_one, &s);
    }
    fake_plans_release(w.t.ctx, &p);
    fake_free(w.t.ctx, f);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages),
        cmocka_unit_test(a_single_question),
        cmocka_unit_test(questions_of_access),
        cmocka_unit_test(plans),
        cmocka_unit_test(legends_count_people),
        cmocka_unit_test(cells_are_never_called_people),
        cmocka_unit_test(fairness_chapter),
        cmocka_unit_test(nothing_on_the_map),
        cmocka_unit_test(summaries),
        cmocka_unit_test(terminal_fits),
        cmocka_unit_test(qgis_styles),
        cmocka_unit_test(workbook),
        cmocka_unit_test(numbers),
        cmocka_unit_test(classes_of_any_limit),
        cmocka_unit_test(sentences),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
