/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Assembly of rings: real relations as GDAL assembles them, the same bits for members in any order, direction and cut;
 * random patterns of touching squares; broken input is counted and costs nothing else; memory failing at every step.
 */
#include "oom.h"
#include "tables.h"

static jx_mpoly assemble(jx_ctx *ctx, const jx_line *lines, size_t n, jx_assembly_report *rep) {
    jx_mpoly m;
    assert_int_equal(jx_mpoly_assemble(ctx, lines, n, &m, rep), JX_OK);
    check_form(&m);
    return m;
}

/* Cuts every line at random, turns and shuffles the pieces. */
static size_t disturb(jx_test_rng *rng, const jx_line *lines, size_t n, jx_line *out, jx_pt *store) {
    size_t n_out = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t at = 0; at + 1 < lines[i].n;) {
            uint32_t end = at + 1 + (uint32_t)jx_test_below(rng, 30);
            end = end < lines[i].n ? end : lines[i].n - 1;
            bool turn = jx_test_below(rng, 2);
            for (uint32_t k = 0; k <= end - at; k++) {
                store[k] = lines[i].pts[turn ? end - k : at + k];
            }
            out[n_out++] = (jx_line){store, end - at + 1};
            store += end - at + 1;
            at = end;
        }
    }
    for (size_t i = n_out; i > 1; i--) {
        size_t k = jx_test_below(rng, i);
        jx_line t = out[i - 1];
        out[i - 1] = out[k];
        out[k] = t;
    }
    return n_out;
}

static void as_gdal_assembles(void **state) {
    (void)state;
    static table_case c;
    static jx_line pieces[TABLE_PTS];
    static jx_pt store[2 * TABLE_PTS];
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {1, 0};
    size_t n, cases = 0;
    char *file = jx_test_file("tests/data/geo/polygons.txt", &n), *at = file;
    for (; table_next(&at, &c); cases++) {
        jx_assembly_report rep;
        jx_mpoly m = assemble(t.ctx, c.lines, c.n_lines, &rep);
        assert_int_equal(m.n_parts, c.parts);
        assert_int_equal(m.n_rings, c.rings);
        assert_true(rep.open_ends == 0 && rep.crossings == 0 && rep.rings == c.rings);
        assert_true(fabs(jx_mpoly_area_m2(&m) - c.area) < 1e-9 * c.area + 1e-4);
        jx_prepared *prep;
        assert_int_equal(jx_prepare(t.ctx, &m, &prep), JX_OK);
        for (uint32_t i = 0; i < c.n_asked; i++) {
            assert_true(jx_mpoly_has(&m, c.asked[i]) == c.inside[i]);
            assert_true(jx_prepared_has(prep, c.asked[i]) == c.inside[i]);
        }
        jx_prepared_free(t.ctx, prep);
        for (int k = 0; k < 5; k++) {
            size_t n_pieces = disturb(&rng, c.lines, c.n_lines, pieces, store);
            jx_mpoly again = assemble(t.ctx, pieces, n_pieces, &rep);
            assert_true(same_mpoly(&m, &again));
            jx_mpoly_release(t.ctx, &again);
        }
        jx_mpoly_release(t.ctx, &m);
    }
    free(file);
    assert_true(cases > 40);
    jx_test_release(&t);
}

enum { SIDE = 12, STEP = 1000 };

static bool part_has(const jx_mpoly *m, uint32_t part, jx_pt p) {
    bool in = false;
    for (uint32_t r = m->part_off[part]; r < m->part_off[part + 1]; r++) {
        uint32_t ring_off[2] = {0, m->ring_off[r + 1] - m->ring_off[r]}, part_off[2] = {0, 1};
        jx_mpoly one = {m->pts + m->ring_off[r], ring_off, part_off, ring_off[1], 1, 1, m->box};
        in ^= jx_mpoly_has(&one, p);
    }
    return in;
}

/* Squares chosen at random touch at corners and along sides: every square must lie in one part, or in none. */
static void random_squares(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {2, 0};
    for (int round = 0; round < 1500; round++) {
        static jx_pt ring[SIDE * SIDE][5];
        jx_line lines[SIDE * SIDE];
        bool full[SIDE][SIDE];
        size_t n = 0;
        uint64_t share = 20 + jx_test_below(&rng, 60);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                full[y][x] = jx_test_below(&rng, 100) < share;
                if (full[y][x]) {
                    jx_pt a = {x * STEP, y * STEP}, b = {a.lon + STEP, a.lat + STEP};
                    const jx_pt r[5] = {a, {b.lon, a.lat}, b, {a.lon, b.lat}, a};
                    memcpy(ring[n], r, sizeof r);
                    lines[n] = (jx_line){ring[n], 5};
                    n++;
                }
            }
        }
        jx_assembly_report rep;
        jx_mpoly m = assemble(t.ctx, lines, n, &rep);
        assert_true(rep.open_ends == 0 && rep.crossings == 0);
        double area = 0;
        for (uint32_t r = 0; r < m.n_rings; r++) {
            area += ring_area2(&m, r) / 2;
        }
        assert_true(area == (double)n * STEP * STEP);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                unsigned in = 0;
                for (uint32_t p = 0; p < m.n_parts; p++) {
                    in += part_has(&m, p, (jx_pt){x * STEP + STEP / 2, y * STEP + STEP / 2});
                }
                assert_int_equal(in, full[y][x]);
            }
        }
        jx_mpoly_release(t.ctx, &m);
    }
    jx_test_release(&t);
}

#define LINE(...) ((jx_line){(const jx_pt[]){__VA_ARGS__}, sizeof((const jx_pt[]){__VA_ARGS__}) / sizeof(jx_pt)})

static void broken_input(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_assembly_report rep;
    const jx_line ring = LINE({0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0});
    const jx_line open = LINE({200, 0}, {300, 0}, {300, 100}), tail = LINE({100, 100}, {150, 150}, {150, 190});
    const jx_line chord = LINE({0, 0}, {50, 40}, {100, 100}),
                  bow = LINE({0, 0}, {100, 100}, {100, 0}, {0, 100}, {0, 0});
    jx_mpoly m = assemble(t.ctx, NULL, 0, &rep); /* nothing */
    assert_true(m.n_parts == 0 && rep.open_ends == 0);
    jx_mpoly_release(t.ctx, &m);
    m = assemble(t.ctx, &open, 1, &rep); /* missing members */
    assert_true(m.n_parts == 0 && rep.open_ends == 1);
    jx_mpoly_release(t.ctx, &m);
    m = assemble(t.ctx, (jx_line[]){open, ring, tail}, 3, &rep); /* the ring stays, though a tail hangs on it */
    assert_true(m.n_parts == 1 && m.n_rings == 1 && ring_area2(&m, 0) == 20000 && rep.open_ends == 2);
    jx_mpoly_release(t.ctx, &m);
    m = assemble(t.ctx, (jx_line[]){ring, chord}, 2, &rep); /* a line across: some ring, and one chain too many */
    assert_true(m.n_parts == 1 && rep.open_ends == 1);
    jx_mpoly_release(t.ctx, &m);
    m = assemble(t.ctx, (jx_line[]){ring, ring}, 2, &rep); /* twice the same cancels */
    assert_true(m.n_parts == 0 && rep.open_ends == 0 && rep.duplicate_lines == 4);
    jx_mpoly_release(t.ctx, &m);
    m = assemble(t.ctx, (jx_line[]){ring, ring, ring}, 3, &rep);
    assert_true(m.n_parts == 1 && rep.duplicate_lines == 8);
    jx_mpoly_release(t.ctx, &m);
    assert_int_equal(jx_mpoly_assemble(t.ctx, &bow, 1, &m, &rep), JX_OK); /* crosses itself: kept, with its place */
    assert_true(rep.crossings == 1 && rep.where.lon == 50 && rep.where.lat == 50 && rep.rings == 1);
    assert_true(jx_mpoly_has(&m, (jx_pt){90, 50}) && !jx_mpoly_has(&m, (jx_pt){50, 90}));
    jx_mpoly_release(t.ctx, &m);
    const jx_line odd[] = {LINE({1, 1}), LINE({1, 1}, {1, 1}), {NULL, 0}, LINE({1, 1}, {2, 2}, {1, 1})};
    m = assemble(t.ctx, odd, 4, &rep); /* points and there-and-back lines */
    assert_true(m.n_parts == 0 && rep.open_ends == 0);
    jx_mpoly_release(t.ctx, &m);
    jx_test_release(&t);
}

static void nesting(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_assembly_report rep;
#define SQUARE(x0, y0, x1, y1) LINE({x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0})
    const jx_line rings[] = {SQUARE(30, 30, 60, 60), SQUARE(0, 0, 100, 100), SQUARE(40, 40, 50, 50),
                             SQUARE(10, 10, 90, 90), SQUARE(200, 0, 210, 10)};
    jx_mpoly m = assemble(t.ctx, rings, 5, &rep); /* island in a lake in an island with a pond, and another one */
    assert_true(m.n_parts == 3 && m.n_rings == 5);
    assert_true(jx_mpoly_has(&m, (jx_pt){5, 5}) && !jx_mpoly_has(&m, (jx_pt){20, 20}) &&
                jx_mpoly_has(&m, (jx_pt){35, 35}) && !jx_mpoly_has(&m, (jx_pt){45, 45}) &&
                jx_mpoly_has(&m, (jx_pt){205, 5}));
    jx_mpoly_release(t.ctx, &m);
    const jx_line along[] = {LINE({0, 0}, {100, 0}, {100, 30}, {100, 60}, {100, 100}, {0, 100}, {0, 0}),
                             LINE({100, 30}, {100, 60}, {70, 60}, {70, 30}, {100, 30})};
    m = assemble(t.ctx, along, 2, &rep); /* inner touching outer along a line: a bay */
    assert_true(m.n_parts == 1 && m.n_rings == 1 && ring_area2(&m, 0) == 2 * (10000 - 900) && rep.duplicate_lines == 1);
    jx_mpoly_release(t.ctx, &m);
    const jx_line at_point[] = {SQUARE(0, 0, 100, 100), LINE({0, 0}, {50, 20}, {20, 50}, {0, 0})};
    m = assemble(t.ctx, at_point, 2, &rep); /* inner touching outer at a point */
    assert_true(m.n_parts == 1 && m.n_rings == 2 && rep.crossings == 0);
    jx_mpoly_release(t.ctx, &m);
    const jx_line in_corners[] = {SQUARE(0, 0, 100, 100), LINE({50, 0}, {100, 50}, {50, 100}, {0, 50}, {50, 0})};
    m = assemble(t.ctx, in_corners, 2,
                 &rep); /* touching the middle of every side: its own sides tell that it lies inside */
    assert_true(m.n_parts == 1 && m.n_rings == 2 && ring_area2(&m, 1) == -10000);
    jx_mpoly_release(t.ctx, &m);
    jx_test_release(&t);
}

/* A coast of 200,000 points in 5,000 pieces and 3,000 islands in its bay: a matter of a second. */
static void large_relations(void **state) {
    (void)state;
    enum { COAST = 200000, PIECES = 5000, ISLANDS = 3000, EACH = COAST / PIECES };
    jx_test t;
    jx_test_init(&t, 0);
    jx_pt *pts = malloc((COAST + 1) * sizeof *pts), (*islands)[5] = malloc(ISLANDS * sizeof *islands);
    jx_line *lines = malloc((PIECES + ISLANDS) * sizeof *lines);
    assert_true(pts && islands && lines);
    jx_test_rng rng = {3, 0};
    for (int i = 0; i < COAST; i++) {
        double a = 6.283185307179586 * i / COAST, r = 4e6 * (1 + 0.05 * sin(40 * a)) + (double)jx_test_below(&rng, 60);
        pts[i] = (jx_pt){(int32_t)(r * cos(a)), (int32_t)(r * sin(a))};
    }
    pts[COAST] = pts[0];
    for (int i = 0; i < PIECES; i++) {
        lines[(i * 2003) % PIECES] = (jx_line){pts + (size_t)i * EACH, EACH + 1};
    }
    for (int i = 0; i < ISLANDS; i++) {
        jx_pt a = {(i % 55) * 60000 - 1650000, (i / 55) * 60000 - 1650000}, b = {a.lon + 30000, a.lat + 30000};
        const jx_pt r[5] = {a, {b.lon, a.lat}, b, {a.lon, b.lat}, a};
        memcpy(islands[i], r, sizeof r);
        lines[PIECES + i] = (jx_line){islands[i], 5};
    }
    jx_assembly_report rep;
    jx_mpoly m = assemble(t.ctx, lines, PIECES + ISLANDS, &rep);
    assert_true(m.n_parts == 1 && m.n_rings == 1 + ISLANDS && rep.open_ends == 0);
    jx_mpoly_release(t.ctx, &m);
    free(pts);
    free(islands);
    free(lines);
    jx_test_release(&t);
}

static jx_status one_assembly(jx_ctx *ctx, void *arg) {
    const jx_line *lines = arg;
    jx_mpoly m;
    JX_TRY(jx_mpoly_assemble(ctx, lines, 2, &m, NULL));
    jx_mpoly_release(ctx, &m);
    return JX_OK;
}

static void failing_memory(void **state) {
    (void)state;
    static jx_pt pts[201];
    for (int i = 0; i < 200; i++) {
        pts[i] = (jx_pt){(int32_t)(10000 * cos(i * 0.0314159265)), (int32_t)(10000 * sin(i * 0.0314159265))};
    }
    pts[200] = pts[0];
    jx_line lines[] = {{pts, 201}, SQUARE(0, 0, 100, 100)};
    jx_oom_sweep(one_assembly, lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_gdal_assembles), cmocka_unit_test(random_squares),  cmocka_unit_test(broken_input),
        cmocka_unit_test(nesting),           cmocka_unit_test(large_relations), cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
