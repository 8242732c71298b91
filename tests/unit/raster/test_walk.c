/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Cost surfaces on small grids: Bellman and Ford's rounds over all steps, written without a thought for speed, must
 * give the same bits; and what must hold on any terrain. GRASS and scipy judge the large ones
 * (tests/oracle/terrain.py). */
#include <math.h>

#include "junxian/raster.h"
#include "oom.h"
#include "support.h"

enum { MAX_CELLS = 20 * 20 };

typedef struct terrain {
    jx_field h;
    float height[MAX_CELLS], friction[MAX_CELLS];
    bool has_friction;
    jx_walk_model m;
    jx_walk_start start[5];
    size_t n;
} terrain;

typedef struct surface {
    double t[MAX_CELLS];
    uint32_t origin[MAX_CELLS];
    jx_walk_report rep;
} surface;

static terrain draw(jx_test_rng *r) {
    terrain w = {0};
    uint32_t cols = 1 + (uint32_t)jx_test_below(r, 14), rows = 1 + (uint32_t)jx_test_below(r, 14);
    w.h = (jx_field){cols, rows, 0, 0, 5 + 30 * jx_test_unit(r), 5 + 30 * jx_test_unit(r), NULL};
    w.m = jx_test_below(r, 2) ? jx_walk_tobler() : jx_walk_langmuir();
    w.m.flags = (unsigned)jx_test_below(r, 8);
    w.m.max_s = jx_test_below(r, 4) ? INFINITY : 400 * jx_test_unit(r);
    w.has_friction = jx_test_below(r, 3);
    double relief = jx_test_below(r, 4) ? 30 * jx_test_unit(r) : 0;
    uint64_t gaps = 3 + jx_test_below(r, 20), rich = jx_test_below(r, 3);
    for (uint32_t i = 0; i < cols * rows; i++) {
        w.height[i] = jx_test_below(r, gaps) ? (float)(relief * jx_test_unit(r)) : NAN;
        double f = rich == 0 ? 1 : rich == 1 ? jx_test_unit(r) + 0.01 : exp(20 * jx_test_unit(r) - 10);
        w.friction[i] = jx_test_below(r, gaps) ? (float)f : NAN;
    }
    w.n = jx_test_below(r, 6);
    for (size_t k = 0; k < w.n; k++) {
        w.start[k].cell = (uint32_t)jx_test_below(r, cols * rows);
        w.start[k].time_s = jx_test_below(r, 2) ? 0 : 300 * jx_test_unit(r);
    }
    return w;
}

static void compute(jx_ctx *ctx, terrain *w, surface *s) {
    w->h.v = w->height;
    assert_int_equal(jx_walk_times(ctx, &w->h, w->has_friction ? w->friction : NULL, &w->m, w->start, w->n, s->t,
                                   s->origin, &s->rep),
                     JX_OK);
}

/* ---- the same by brute force ---------------------------------------------------------------------------------------
 */

static bool inside(const terrain *w, int r, int c) {
    return r >= 0 && c >= 0 && r < (int)w->h.n_rows && c < (int)w->h.n_cols;
}

static double friction_at(const terrain *w, int r, int c) {
    return w->has_friction ? w->friction[r * (int)w->h.n_cols + c] : w->m.law == JX_WALK_TOBLER ? 1 : 0;
}

static double height_of(const terrain *w, int r, int c) {
    return w->height[r * (int)w->h.n_cols + c];
}

static bool open_cell(const terrain *w, int r, int c) {
    return inside(w, r, c) && !isnan(friction_at(w, r, c)) &&
           (w->m.flags & JX_WALK_VOID_FLAT || !isnan(height_of(w, r, c)));
}

/* Time at (r + dr, c + dc) when (r, c) is left at t. */
static double brute_step(const terrain *w, int r, int c, int dr, int dc, double t) {
    double dist = sqrt(dr * w->h.dy * (dr * w->h.dy) + dc * w->h.dx * (dc * w->h.dx)), f;
    double a = friction_at(w, r, c), b = friction_at(w, r + dr, c + dc);
    if (abs(dr) == 2) {
        f = friction_at(w, r + dr / 2, c) / 4 + friction_at(w, r + dr / 2, c + dc) / 4 + b / 4 + a / 4;
    } else if (abs(dc) == 2) {
        f = friction_at(w, r, c + dc / 2) / 4 + friction_at(w, r + dr, c + dc / 2) / 4 + b / 4 + a / 4;
    } else {
        f = b / 2 + a / 2;
    }
    double dh = height_of(w, r + dr, c + dc) - height_of(w, r, c);
    dh = isnan(dh) ? 0 : w->m.flags & JX_WALK_REVERSE ? -dh : dh;
    double slope = dh / dist;
    if (w->m.law == JX_WALK_TOBLER) {
        return t + dist / (6 * exp(-3.5 * fabs(slope + 0.05)) / 3.6) * f;
    }
    double climb = slope >= 0 ? dh * w->m.b : slope < w->m.slope_factor ? dh * w->m.d : dh * w->m.c;
    return t + climb + dist * w->m.a + w->m.lambda * f * dist;
}

static bool brute_round(const terrain *w, double *t, int reach) {
    bool changed = false;
    for (int r = 0; r < (int)w->h.n_rows; r++) {
        for (int c = 0; c < (int)w->h.n_cols; c++) {
            for (int k = 0; k < 25; k++) {
                int dr = k / 5 - 2, dc = k % 5 - 2, size = dr * dr + dc * dc;
                if ((size != 1 && size != 2 && !(size == 5 && reach == 2)) || !open_cell(w, r, c) ||
                    !open_cell(w, r + dr, c + dc)) {
                    continue;
                }
                double x = brute_step(w, r, c, dr, dc, t[r * (int)w->h.n_cols + c]);
                double *to = &t[(r + dr) * (int)w->h.n_cols + c + dc];
                if (x < *to && x <= w->m.max_s) {
                    *to = x;
                    changed = true;
                }
            }
        }
    }
    return changed;
}

static void brute(const terrain *w, double *t) {
    for (uint32_t i = 0; i < w->h.n_cols * w->h.n_rows; i++) {
        t[i] = INFINITY;
    }
    for (size_t k = 0; k < w->n; k++) {
        uint32_t cell = w->start[k].cell;
        if (open_cell(w, (int)(cell / w->h.n_cols), (int)(cell % w->h.n_cols)) && w->start[k].time_s <= w->m.max_s) {
            t[cell] = fmin(t[cell], w->start[k].time_s);
        }
    }
    while (brute_round(w, t, w->m.flags & JX_WALK_KNIGHT ? 2 : 1)) {
    }
}

static void test_equals_brute_force(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {20261124, 0};
    static surface s;
    static double want[MAX_CELLS];
    for (int i = 0; i < 3000; i++) {
        terrain w = draw(&rng);
        compute(t.ctx, &w, &s);
        brute(&w, want);
        uint64_t reached = 0;
        for (uint32_t k = 0; k < w.h.n_cols * w.h.n_rows; k++) {
            reached += isfinite(s.t[k]) ? 1 : 0;
            if (w.m.law == JX_WALK_LANGMUIR) { /* the same sums: the same bits */
                assert_true(s.t[k] == want[k]);
            } else { /* glibc's exp against ours; at the cut-off the last bit may decide */
                assert_true(fabs(s.t[k] - want[k]) <= 1e-12 * want[k] || (isinf(s.t[k]) && isinf(want[k])) ||
                            fabs(fmin(s.t[k], want[k]) - w.m.max_s) < 1e-9);
            }
            assert_true(isfinite(s.t[k]) == (s.origin[k] != JX_NONE));
        }
        assert_int_equal(s.rep.reached, reached);
    }
    jx_test_release(&t);
}

/* ---- what must hold ------------------------------------------------------------------------------------------------
 */

/* Each start alone: the surface is the least of them, and the origin one that gives it. */
static void test_origin_is_the_nearest(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {5, 0};
    static surface all, one[5];
    for (int i = 0; i < 500; i++) {
        terrain w = draw(&rng);
        compute(t.ctx, &w, &all);
        for (size_t k = 0; k < w.n; k++) {
            terrain alone = w;
            alone.start[0] = w.start[k];
            alone.n = 1;
            compute(t.ctx, &alone, &one[k]);
        }
        for (uint32_t c = 0; c < w.h.n_cols * w.h.n_rows; c++) {
            double best = INFINITY;
            uint32_t who = JX_NONE;
            for (size_t k = 0; k < w.n; k++) {
                who = one[k].t[c] < best ? (uint32_t)k : who;
                best = fmin(best, one[k].t[c]);
            }
            assert_true(all.t[c] == best);
            assert_int_equal(all.origin[c], who); /* the smallest index among equals */
        }
    }
    jx_test_release(&t);
}

/* There is back: from a to b forward is from b to a in reverse; and by way of c it is never shorter. */
static void test_reverse_and_triangle(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {6, 0};
    static surface fwd, bwd, via;
    for (int i = 0; i < 500; i++) {
        terrain w = draw(&rng);
        w.m.max_s = INFINITY;
        w.m.flags &= ~(unsigned)JX_WALK_REVERSE;
        uint32_t n = w.h.n_cols * w.h.n_rows, a = (uint32_t)jx_test_below(&rng, n),
                 c = (uint32_t)jx_test_below(&rng, n);
        w.n = 1;
        w.start[0] = (jx_walk_start){a, 0};
        compute(t.ctx, &w, &fwd);
        w.start[0].cell = c;
        compute(t.ctx, &w, &via);
        w.m.flags |= JX_WALK_REVERSE;
        compute(t.ctx, &w, &bwd); /* towards c */
        assert_true(fabs(fwd.t[c] - bwd.t[a]) <= 1e-9 * fwd.t[c] || fwd.t[c] == bwd.t[a]);
        for (uint32_t k = 0; k < n; k++) {
            assert_true(fwd.t[k] <= fwd.t[c] + via.t[k] + 1e-9 * fwd.t[k] || fwd.t[c] + via.t[k] == INFINITY);
        }
    }
    jx_test_release(&t);
}

static bool never_later(const surface *a, const surface *b, uint32_t n) {
    for (uint32_t k = 0; k < n; k++) {
        if (!(a->t[k] <= b->t[k] * (1 + 1e-12))) {
            return false;
        }
    }
    return true;
}

static void test_more_friction_is_never_faster(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    jx_test_rng rng = {8, 0};
    static surface easy, hard, knight;
    for (int i = 0; i < 500; i++) {
        terrain w = draw(&rng);
        w.has_friction = true;
        w.m.flags &= ~(unsigned)JX_WALK_KNIGHT;
        uint32_t n = w.h.n_cols * w.h.n_rows;
        compute(t.ctx, &w, &easy);
        terrain worse = w;
        for (uint32_t k = 0; k < n; k++) {
            worse.friction[k] *= jx_test_below(&rng, 3) ? 1 : (float)(1 + jx_test_unit(&rng));
        }
        compute(t.ctx, &worse, &hard);
        assert_true(never_later(&easy, &hard, n));
        w.m.flags |= JX_WALK_KNIGHT;
        compute(t.ctx, &w, &knight); /* more steps to choose from */
        assert_true(never_later(&knight, &easy, n));
    }
    jx_test_release(&t);
}

/* One step up, one down, one steeply down: Langmuir's hour arithmetic by hand, and Tobler's. */
static void test_by_hand(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    float h[] = {100, 110, 108, 58, 58};
    jx_field f = {5, 1, 0, 0, 100, 100, h};
    jx_walk_model m = jx_walk_langmuir();
    jx_walk_start s = {0, 30};
    double time_s[5];
    uint32_t origin[5];
    assert_int_equal(jx_walk_times(t.ctx, &f, NULL, &m, &s, 1, time_s, origin, NULL), JX_OK);
    const double want[] = {30, 30 + 72 + 60, 30 + 2 * 72 + 60 - 2 * 1.9998, 30 + 3 * 72 + 60 - 2 * 1.9998 + 50 * 1.9998,
                           30 + 4 * 72 + 60 - 2 * 1.9998 + 50 * 1.9998};
    for (int i = 0; i < 5; i++) {
        assert_true(fabs(time_s[i] - want[i]) < 1e-9 && origin[i] == 0);
    }
    float friction[] = {1, 1, 1, 1, 3};
    m = jx_walk_tobler();
    assert_int_equal(jx_walk_times(t.ctx, &f, friction, &m, &s, 1, time_s, NULL, NULL), JX_OK);
    assert_true(fabs(time_s[1] - 30 - 360 / (6 * exp(-3.5 * 0.15))) < 1e-9);
    assert_true(fabs(time_s[4] - time_s[3] - 2 * 360 / (6 * exp(-3.5 * 0.05))) < 1e-9);
    assert_int_equal(jx_walk_ms(1.2345), 1235);
    assert_int_equal(jx_walk_ms(INFINITY), JX_UNREACHABLE);
    assert_int_equal(jx_walk_ms(4294967.294), 4294967294U);
    assert_int_equal(jx_walk_ms(4294967.2946), JX_UNREACHABLE);
    jx_test_release(&t);
}

/* ---- what is refused -----------------------------------------------------------------------------------------------
 */

static void expect(jx_test *t, const jx_walk_model *m, float h, float friction, jx_walk_start s, jx_msg_id id) {
    float height[] = {0, h, 0, 0}, f[] = {1, friction, 1, 1};
    jx_field g = {2, 2, 0, 0, 10, 10, height};
    double time_s[4];
    jx_status st = jx_walk_times(t->ctx, &g, f, m, &s, 1, time_s, NULL, NULL);
    assert_int_equal(st == JX_OK, id == JX_M_NONE);
    assert_int_equal(jx_test_error(t), id);
}

static void test_refused(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    const jx_walk_model ok = jx_walk_langmuir(), tobler = jx_walk_tobler();
    const jx_walk_start s = {0, 0};
    expect(&t, &ok, 0, 0, s, JX_M_NONE);
    expect(&t, &ok, NAN, NAN, s, JX_M_NONE);
    expect(&t, &tobler, 0, 0, s, JX_M_FRICTION_BAD);
    expect(&t, &ok, 0, -1, s, JX_M_FRICTION_BAD);
    expect(&t, &ok, 0, INFINITY, s, JX_M_FRICTION_BAD);
    expect(&t, &ok, INFINITY, 0, s, JX_M_FRICTION_BAD);
    expect(&t, &ok, 0, 0, (jx_walk_start){4, 0}, JX_M_WALK_START);
    expect(&t, &ok, 0, 0, (jx_walk_start){0, -1}, JX_M_WALK_START);
    expect(&t, &ok, 0, 0, (jx_walk_start){0, NAN}, JX_M_WALK_START);
    expect(&t, &ok, 0, 0, (jx_walk_start){0, INFINITY}, JX_M_WALK_START);
    for (int i = 0; i < 9; i++) {
        jx_walk_model m = ok;
        *(i == 0   ? &m.a
          : i == 1 ? &m.b
          : i == 2 ? &m.c
          : i == 3 ? &m.d
          : i == 4 ? &m.slope_factor
          : i == 5 ? &m.lambda
          : i == 6 ? &m.max_s
          : i == 7 ? &m.a
                   : &m.c) = (double[]){0, -1, 4, 1, 0.1, -1, NAN, NAN, INFINITY}[i];
        expect(&t, &m, 0, 0, s, JX_M_WALK_MODEL);
    }
    jx_test_release(&t);
}

static void test_empty_and_blocked(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    float h[] = {NAN, 1};
    jx_field g = {2, 1, 0, 0, 10, 10, h};
    const jx_walk_model m = jx_walk_langmuir();
    jx_walk_start s = {0, 0};
    double time_s[2];
    jx_walk_report rep;
    assert_int_equal(jx_walk_times(t.ctx, &g, NULL, &m, NULL, 0, time_s, NULL, &rep), JX_OK);
    assert_true(isinf(time_s[0]) && isinf(time_s[1]) && rep.reached == 0 && rep.blocked == 0);
    assert_int_equal(jx_walk_times(t.ctx, &g, NULL, &m, &s, 1, time_s, NULL, &rep), JX_OK);
    assert_true(isinf(time_s[0]) && isinf(time_s[1]) && rep.reached == 0 && rep.blocked == 1);
    jx_test_release(&t);
}

static jx_status for_sweep(jx_ctx *ctx, void *arg) {
    terrain *w = arg;
    static surface s;
    w->h.v = w->height;
    return jx_walk_times(ctx, &w->h, w->friction, &w->m, w->start, 2, s.t, s.origin, &s.rep);
}

static void test_memory(void **state) {
    (void)state;
    terrain w = {.h = {20, 20, 0, 0, 10, 10, NULL}, .m = jx_walk_langmuir(), .start = {{0, 0}, {399, 1e9}}};
    for (int i = 0; i < MAX_CELLS; i++) {
        w.friction[i] = i % 7 ? 0 : 1e7F; /* some of the front waits in the heap */
    }
    jx_oom_sweep(for_sweep, &w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_brute_force),
        cmocka_unit_test(test_origin_is_the_nearest),
        cmocka_unit_test(test_reverse_and_triangle),
        cmocka_unit_test(test_more_friction_is_never_faster),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_empty_and_blocked),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
