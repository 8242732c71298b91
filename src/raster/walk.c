/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking time over open ground: Dijkstra on the graph of a grid.
 *
 * Cells stand in a frame of two cells that nobody can enter, and a cell's time, height and friction lie side by side: a
 * step asks neither for borders nor for a second place in memory. A cell that cannot be entered has a time before all
 * times, so that the one question "is it settled?" keeps everybody out.
 */
#include <math.h>

#include "front.h"
#include "raster_internal.h"

enum { FRAME = 2 };
static const double NEVER = -1;

typedef struct node {
    double time_s; /* NEVER: cannot be entered */
    float h, f;
} node;

/* A step to a neighbour; for knight's moves also the two cells it passes between: straight ahead, and diagonal. */
typedef struct step {
    ptrdiff_t to, straight, diagonal; /* straight 0: no knight's move */
    double dist_m, flat_s;            /* length, and the law's time for it on the flat */
} step;

typedef struct walk {
    jx_walk_model m;
    node *nodes;
    uint32_t *origin;
    size_t stride;
    step steps[16];
    unsigned n_steps;
    double rise[3]; /* Langmuir's seconds a metre of height: steep down, down, up */
    double sense;   /* +1 away from the starts, -1 towards them */
    jx__front front;
} walk;

/* ---- what a step costs ------------------------------------------------------------------------------------------ */

/* Time at the end of a step that starts at `from->time_s`; NaN where friction is. `law` is a constant where this is
 * called. Sums in r.walk's order, so that its figures come out; no branch hangs on the terrain. */
static inline double arrive(const walk *w, const node *from, const step *s, jx_walk_law law) {
    const node *to = from + s->to;
    double f;
    if (s->straight) {
        f = (double)from[s->straight].f / 4 + (double)from[s->diagonal].f / 4 + (double)to->f / 4 + (double)from->f / 4;
    } else {
        f = (double)to->f / 2 + (double)from->f / 2;
    }
    double dh = ((double)to->h - from->h) * w->sense;
    dh = isnan(dh) ? 0 : dh; /* only where JX_WALK_VOID_FLAT let such cells in */
    double slope = dh / s->dist_m;
    if (law == JX_WALK_TOBLER) {
        double flat_s = s->flat_s * f;
        /* the best slope takes 0.83946 of the time on the flat: what cannot be shorter even there is spared its
         * exponential */
        return from->time_s + 0.8394 * flat_s > to->time_s ? INFINITY : from->time_s + flat_s / jx__tobler(slope);
    }
    double per_metre = w->rise[(slope >= w->m.slope_factor) + (slope >= 0)];
    return from->time_s + dh * per_metre + s->flat_s + w->m.lambda * f * s->dist_m;
}

static void add_step(walk *w, const jx_field *g, int rows, int cols) {
    ptrdiff_t row = (ptrdiff_t)w->stride, sr = rows > 0 ? 1 : -1, sc = cols > 0 ? 1 : -1;
    double ns = rows * g->dy, ew = cols * g->dx;
    step s = {rows * row + cols, 0, 0, sqrt(ns * ns + ew * ew), 0};
    s.flat_s = s.dist_m * (w->m.law == JX_WALK_TOBLER ? 3.6 / JX_TOBLER_FLAT_KMH : w->m.a);
    if (rows * cols == 2 || rows * cols == -2) {
        s.straight = rows == 2 || rows == -2 ? sr * row : sc;
        s.diagonal = sr * row + sc;
    }
    w->steps[w->n_steps++] = s;
}

static void make_steps(walk *w, const jx_field *g) {
    for (int r = -2; r <= 2; r++) {
        for (int c = -2; c <= 2; c++) {
            int size = r * r + c * c;
            if (size == 1 || size == 2 || (size == 5 && w->m.flags & JX_WALK_KNIGHT)) {
                add_step(w, g, r, c);
            }
        }
    }
}

/* ---- setting up ------------------------------------------------------------------------------------------------- */

jx_walk_model jx_walk_langmuir(void) {
    return (jx_walk_model){JX_WALK_LANGMUIR, 0, 0.72, 6.0, 1.9998, -1.9998, -0.2125, 1.0, INFINITY};
}

jx_walk_model jx_walk_tobler(void) {
    return (jx_walk_model){.law = JX_WALK_TOBLER, .max_s = INFINITY};
}

/* No step may cost less than nothing, whatever the slope: else the least time does not exist. */
static jx_status check_model(jx_ctx *ctx, const jx_walk_model *m) {
    const char *what = NULL;
    if (!(m->max_s >= 0)) {
        what = "max_s >= 0";
    } else if (m->law == JX_WALK_LANGMUIR) {
        bool finite = isfinite(m->a) && isfinite(m->b) && isfinite(m->c) && isfinite(m->d) && isfinite(m->lambda);
        what = !finite || !(m->lambda >= 0) ? "lambda >= 0"
               : !(m->a > 0)                ? "a > 0"
               : !(m->b >= 0)               ? "b >= 0"
               : !(m->d <= 0)               ? "d <= 0"
               : !(m->slope_factor <= 0) || !(m->a + m->c * m->slope_factor >= 0)
                   ? "slope_factor <= 0, a + c * slope_factor >= 0"
                   : NULL;
    }
    return what ? JX_FAIL(ctx, WALK_MODEL, JX_S(what)) : JX_OK;
}

/* Copies the cells into their frame. A cell without height keeps its friction: a knight's move may pass beside it, as
 * in r.walk. */
static jx_status fill(jx_ctx *ctx, walk *w, const jx_field *g, const float *friction, double *least, double *mean) {
    bool tobler = w->m.law == JX_WALK_TOBLER, voids = w->m.flags & JX_WALK_VOID_FLAT;
    size_t framed = w->stride * ((size_t)g->n_rows + 2 * FRAME), n = 0;
    for (size_t i = 0; i < framed; i++) {
        w->nodes[i] = (node){NEVER, NAN, NAN};
        w->origin[i] = JX_NONE;
    }
    *least = INFINITY;
    *mean = 0;
    for (uint32_t r = 0; r < g->n_rows; r++) {
        for (uint32_t c = 0; c < g->n_cols; c++) {
            size_t i = (size_t)r * g->n_cols + c;
            float h = g->v[i], f = friction ? friction[i] : tobler ? 1.0F : 0.0F;
            if (isinf(h) || isinf(f) || f < 0 || (tobler && f == 0)) {
                return JX_FAIL(ctx, FRICTION_BAD, JX_I(c), JX_I(r), JX_R(isinf(h) ? h : f, 3));
            }
            bool open = !isnan(f) && (voids || !isnan(h));
            w->nodes[(r + FRAME) * w->stride + c + FRAME] = (node){open ? INFINITY : NEVER, h, f};
            *least = open && f < *least ? f : *least;
            *mean += open ? f : 0;
            n += open;
        }
    }
    *mean = n ? *mean / (double)n : 1;
    *least = n ? *least : 1;
    return JX_OK;
}

/* What the cheapest step costs, or a little more where a few cells are far cheaper than the rest (front.h). */
static double cheapest(const jx_walk_model *m, const jx_field *g, double least, double mean) {
    double dist = g->dx < g->dy ? g->dx : g->dy;
    if (m->law == JX_WALK_TOBLER) {
        return dist * (3.6 / JX_TOBLER_FLAT_KMH) / jx__tobler(-0.05) * (least > mean / 64 ? least : mean / 64);
    }
    double down = m->a + m->c * m->slope_factor, per_metre = down < m->a ? down : m->a;
    return dist * ((per_metre > m->a / 16 ? per_metre : m->a / 16) + m->lambda * least);
}

static jx_status start(jx_ctx *ctx, walk *w, const jx_field *g, const jx_walk_start *starts, size_t n,
                       uint64_t *blocked) {
    *blocked = 0;
    for (size_t k = 0; k < n; k++) {
        uint32_t row = starts[k].cell / g->n_cols, col = starts[k].cell % g->n_cols;
        if (row >= g->n_rows || !(starts[k].time_s >= 0) || isinf(starts[k].time_s) || k >= JX_NONE) {
            return JX_FAIL(ctx, WALK_START, JX_I(k), JX_I(starts[k].cell), JX_R(starts[k].time_s, 3));
        }
        size_t i = (row + FRAME) * w->stride + col + FRAME;
        node *u = &w->nodes[i];
        *blocked += u->time_s < 0;
        if (starts[k].time_s < u->time_s && starts[k].time_s <= w->m.max_s) { /* equals: the first stays */
            u->time_s = starts[k].time_s;
            w->origin[i] = (uint32_t)k;
            JX_TRY(jx__front_push(ctx, &w->front, u->time_s, (uint32_t)i));
        }
    }
    return JX_OK;
}

/* ---- the search ------------------------------------------------------------------------------------------------- */

/* Tries every step out of a cell. Cells that are settled or cannot be entered have an earlier time and drop out with
 * the one comparison. Equal times: the smaller origin wins, and passes that on, so that the result does not hang on the
 * order in which equal cells are taken. */
static inline jx_status relax(jx_ctx *ctx, walk *w, uint32_t at, jx_walk_law law) {
    const node *u = &w->nodes[at];
    for (unsigned k = 0; k < w->n_steps; k++) {
        size_t to = at + (size_t)w->steps[k].to;
        node *v = &w->nodes[to];
        double t = arrive(w, u, &w->steps[k], law);
        if (t <= v->time_s && (t < v->time_s || w->origin[at] < w->origin[to]) && t <= w->m.max_s && t < INFINITY) {
            v->time_s = t;
            w->origin[to] = w->origin[at];
            JX_TRY(jx__front_push(ctx, &w->front, t, (uint32_t)to));
        }
    }
    return JX_OK;
}

static jx_status search(jx_ctx *ctx, walk *w) {
    jx__front_item it;
    jx_status st;
    for (uint32_t count = 1; jx__front_pop(ctx, &w->front, &it, &st); count++) {
        /* the next of the bucket is on its way while this one is worked on */
        const node *soon = &w->nodes[it.next == JX_NONE ? it.at : w->front.pool.v[it.next].at];
        __builtin_prefetch(soon);
        __builtin_prefetch(soon - w->stride);
        __builtin_prefetch(soon + w->stride);
        if (it.time_s > w->nodes[it.at].time_s) {
            continue;
        }
        if (w->m.law == JX_WALK_TOBLER) {
            JX_TRY(relax(ctx, w, it.at, JX_WALK_TOBLER));
        } else {
            JX_TRY(relax(ctx, w, it.at, JX_WALK_LANGMUIR));
        }
        if (count % 65536 == 0) {
            JX_TRY(jx_poll(ctx));
        }
    }
    return st;
}

static uint64_t hand_over(const walk *w, const jx_field *g, double *time_s, uint32_t *origin) {
    uint64_t reached = 0;
    for (uint32_t r = 0; r < g->n_rows; r++) {
        for (uint32_t c = 0; c < g->n_cols; c++) {
            size_t from = (r + FRAME) * w->stride + c + FRAME, to = (size_t)r * g->n_cols + c;
            bool is = w->origin[from] != JX_NONE;
            time_s[to] = is ? w->nodes[from].time_s : INFINITY;
            if (origin) {
                origin[to] = w->origin[from];
            }
            reached += is;
        }
    }
    return reached;
}

jx_status jx_walk_times(jx_ctx *ctx, const jx_field *heights, const float *friction, const jx_walk_model *m,
                        const jx_walk_start *starts, size_t n, double *time_s, uint32_t *origin, jx_walk_report *rep) {
    walk w = {.m = *m,
              .rise = {m->d, m->c, m->b},
              .sense = m->flags & JX_WALK_REVERSE ? -1 : 1,
              .stride = (size_t)heights->n_cols + 2 * FRAME};
    uint64_t framed = (uint64_t)w.stride * ((uint64_t)heights->n_rows + 2 * FRAME), blocked = 0;
    if (framed >= JX_NONE || !(heights->dx > 0 && heights->dy > 0)) {
        return JX_FAIL(ctx, FIELD_SHAPE, JX_I(heights->n_cols), JX_I(heights->n_rows), JX_R(heights->dx, 6),
                       JX_R(heights->dy, 6));
    }
    JX_TRY(check_model(ctx, m));
    jx_status st = JX_E_NOMEM;
    w.nodes = jx_malloc(ctx, (size_t)framed, sizeof *w.nodes);
    w.origin = jx_malloc(ctx, (size_t)framed, sizeof *w.origin);
    if (!w.nodes || !w.origin) {
        goto out;
    }
    double least, mean;
    make_steps(&w, heights);
    JX_TRY_OUT(st, fill(ctx, &w, heights, friction, &least, &mean));
    jx__front_init(&w.front, cheapest(m, heights, least, mean));
    JX_TRY_OUT(st, start(ctx, &w, heights, starts, n, &blocked));
    JX_TRY_OUT(st, search(ctx, &w));
    uint64_t reached = hand_over(&w, heights, time_s, origin);
    if (rep) {
        *rep = (jx_walk_report){reached, blocked};
    }
out:
    jx__front_release(ctx, &w.front);
    jx_free(ctx, w.origin);
    jx_free(ctx, w.nodes);
    return st;
}

uint32_t jx_walk_ms(double time_s) {
    double ms = floor(time_s * 1000 + 0.5);
    return ms < (double)JX_UNREACHABLE ? (uint32_t)ms : JX_UNREACHABLE;
}
