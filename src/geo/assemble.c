/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Rings from line strings, by the rules of OpenStreetMap multipolygons: members in any order and direction, roles
 * ignored, touching at points legal, segments that occur twice cancel. Segments are traced into simple rings, and
 * nesting decides what is a hole.
 */
#include <math.h>

#include "geo/geo_internal.h"

typedef jx__seg seg; /* a < b */

/* A half-segment leaving a point; two per segment, sorted by point. A node is the index of the first one at its point.
 */
typedef struct half {
    jx_pt from;
    uint32_t seg;
    bool at_a;
} half;

typedef struct ring {
    uint32_t off, n; /* in pts, closed */
    double area2;    /* absolute */
    jx_box box;
    uint32_t parent; /* innermost ring that holds it */
    uint32_t depth;
    jx_mpoly view; /* of the points, for `index` */
    uint32_t view_ring[2], view_part[2];
    jx_prepared *index; /* made when a long ring is first asked */
} ring;

typedef struct work {
    jx_ctx *ctx;
    JX_VEC(seg) segs;
    half *halves;
    uint32_t (*end)[2]; /* nodes at a and b of each segment */
    uint32_t *at;       /* where a node is in the path, or JX_NONE */
    uint8_t *used;
    JX_VEC(uint32_t) path; /* nodes of the trace under way: all different */
    JX_VEC(jx_pt) pts;     /* finished rings */
    JX_VEC(ring) rings;
    jx_assembly_report *rep;
} work;

static int cmp_pt(jx_pt a, jx_pt b) {
    return jx__less(a, b) ? -1 : jx__less(b, a) ? 1 : 0;
}

static int cmp_seg(const void *x, const void *y, void *user) {
    (void)user;
    const seg *a = x, *b = y;
    int c = cmp_pt(a->a, b->a);
    return c ? c : cmp_pt(a->b, b->b);
}

static int cmp_half(const void *x, const void *y, void *user) {
    (void)user;
    const half *a = x, *b = y;
    int c = cmp_pt(a->from, b->from);
    return c ? c : (a->seg > b->seg) - (a->seg < b->seg);
}

static jx_status collect(work *w, const jx_line *lines, size_t n) {
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k + 1 < lines[i].n; k++) {
            jx_pt a = lines[i].pts[k], b = lines[i].pts[k + 1];
            if (!jx__same(a, b)) {
                JX_TRY(jx_vec_push(w->ctx, &w->segs, jx__less(a, b) ? (seg){a, b} : (seg){b, a}));
            }
        }
    }
    JX_TRY(jx_sort(w->ctx, w->segs.v, w->segs.n, sizeof(seg), cmp_seg, NULL));
    size_t kept = 0; /* segments that occur an even number of times are inside the area: they cancel */
    for (size_t i = 0; i < w->segs.n;) {
        size_t e = i + 1;
        while (e < w->segs.n && cmp_seg(&w->segs.v[i], &w->segs.v[e], NULL) == 0) {
            e++;
        }
        w->rep->duplicate_lines += (uint32_t)(e - i - 1);
        if ((e - i) & 1) {
            w->segs.v[kept++] = w->segs.v[i];
        }
        i = e;
    }
    w->segs.n = kept;
    return JX_OK;
}

static jx_status make_halves(work *w) {
    size_t n = w->segs.n;
    w->halves = jx_malloc(w->ctx, 2 * n, sizeof *w->halves);
    w->end = jx_malloc(w->ctx, n, sizeof *w->end);
    w->at = jx_malloc(w->ctx, 2 * n, sizeof *w->at);
    w->used = jx_calloc(w->ctx, n, 1);
    if (!w->halves || !w->end || !w->at || !w->used) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        w->halves[2 * i] = (half){w->segs.v[i].a, (uint32_t)i, true};
        w->halves[2 * i + 1] = (half){w->segs.v[i].b, (uint32_t)i, false};
    }
    JX_TRY(jx_sort(w->ctx, w->halves, 2 * n, sizeof(half), cmp_half, NULL));
    uint32_t odd = 0;
    for (uint32_t i = 0, node = 0; i < 2 * n; i++) {
        if (!jx__same(w->halves[i].from, w->halves[node].from)) {
            odd += (i - node) & 1;
            node = i;
        }
        w->at[i] = JX_NONE;
        w->end[w->halves[i].seg][w->halves[i].at_a ? 0 : 1] = node;
        if (i + 1 == 2 * n) {
            odd += (i + 1 - node) & 1;
        }
    }
    w->rep->open_ends = odd / 2; /* each chain that does not close has two ends where an odd number of segments meet */
    return JX_OK;
}

static uint32_t head(const work *w, const half *h) {
    return w->end[h->seg][h->at_a ? 1 : 0];
}

/* Is direction at -> x met before at -> y when turning from sharp right to sharp left? Exact. */
static bool more_right(jx_pt from, jx_pt at, jx_pt x, jx_pt y) {
    int tx = jx__turn(from, at, x), ty = jx__turn(from, at, y);
    if (tx != ty) {
        return tx < ty;
    }
    return jx__turn(at, x, y) > 0; /* same side: x is to the right of y */
}

/* The unused half-segment leaving the end of the path that keeps rings apart where they touch: the one most to the
 * right. */
static const half *next_half(const work *w) {
    uint32_t node = w->path.v[w->path.n - 1];
    jx_pt at = w->halves[node].from;
    const half *best = NULL;
    for (size_t i = node; i < 2 * w->segs.n && jx__same(w->halves[i].from, at); i++) {
        const half *h = &w->halves[i];
        if (w->used[h->seg]) {
            continue;
        }
        if (w->path.n == 1) {
            return h;
        }
        jx_pt from = w->halves[w->path.v[w->path.n - 2]].from;
        if (!best || more_right(from, at, w->halves[head(w, h)].from, w->halves[head(w, best)].from)) {
            best = h;
        }
    }
    return best;
}

/* The path from position `start` on is a ring. */
static jx_status finish_ring(work *w, uint32_t start) {
    const uint32_t *p = w->path.v + start;
    uint32_t n = (uint32_t)w->path.n - start, min = 0;
    ring r = {.off = (uint32_t)w->pts.n, .n = n + 1, .box = JX_BOX_EMPTY, .parent = JX_NONE};
    for (uint32_t i = 0; i < n; i++) {
        min = p[i] < p[min] ? i : min; /* nodes are numbered by position */
        jx_box_add(&r.box, w->halves[p[i]].from);
    }
    for (uint32_t i = 0; i <= n; i++) { /* starts at its lowest point, whatever the order of the members */
        JX_TRY(jx_vec_push(w->ctx, &w->pts, w->halves[p[(min + i) % n]].from));
    }
    double area = jx__ring_area2(w->pts.v + r.off, r.n);
    if (area < 0) { /* counter-clockwise for now; holes are turned when written */
        for (uint32_t i = 0, j = n; i < j; i++, j--) {
            jx_pt t = w->pts.v[r.off + i];
            w->pts.v[r.off + i] = w->pts.v[r.off + j];
            w->pts.v[r.off + j] = t;
        }
    }
    r.area2 = fabs(area);
    return jx_vec_push(w->ctx, &w->rings, r);
}

/*
 * Walk from a node while segments are left; each time the path meets itself, the loop is cut off as a ring. Where
 * nothing leads on, the walk steps back and the segment is dropped: dangling ends do not cost the rings they hang on.
 */
static jx_status trace(work *w, uint32_t node) {
    w->path.n = 0;
    JX_TRY(jx_vec_push(w->ctx, &w->path, node));
    w->at[node] = 0;
    while (w->path.n) {
        const half *h = next_half(w);
        if (!h) {
            w->at[w->path.v[--w->path.n]] = JX_NONE;
            continue;
        }
        w->used[h->seg] = 1;
        uint32_t to = head(w, h), back = w->at[to];
        if (back == JX_NONE) {
            w->at[to] = (uint32_t)w->path.n;
            JX_TRY(jx_vec_push(w->ctx, &w->path, to));
            continue;
        }
        JX_TRY(finish_ring(w, back));
        while (w->path.n > (size_t)back + 1) {
            w->at[w->path.v[--w->path.n]] = JX_NONE;
        }
    }
    return JX_OK;
}

static jx_status trace_all(work *w) {
    for (uint32_t i = 0; i < 2 * w->segs.n; i++) {
        if (i == 0 || !jx__same(w->halves[i].from, w->halves[i - 1].from)) {
            JX_TRY(trace(w, i));
        }
    }
    w->rep->rings = (uint32_t)w->rings.n;
    return JX_OK;
}

static int cmp_ring(const void *x, const void *y, void *user) {
    const ring *a = x, *b = y;
    const jx_pt *pts = user;
    if (a->area2 != b->area2) {
        return a->area2 < b->area2 ? 1 : -1;
    }
    return cmp_pt(pts[a->off], pts[b->off]);
}

/* Where p is to a ring: 1 inside, 0 outside, -1 on it. Long rings get an index on the first question. */
static jx_status where(work *w, ring *r, jx_pt p, int *out) {
    enum { LONG = 64 };
    if (!r->index && r->n > LONG) {
        r->view_ring[1] = r->n;
        r->view_part[1] = 1;
        r->view = (jx_mpoly){w->pts.v + r->off, r->view_ring, r->view_part, r->n, 1, 1, r->box};
        JX_TRY(jx_prepare(w->ctx, &r->view, &r->index));
    }
    *out = r->index ? jx__prepared_where(r->index, p) : jx__ring_has(w->pts.v + r->off, r->n, p);
    return JX_OK;
}

/* A ring lies in another when its first vertex off the other's line is inside it; with all on it, the middles of its
 * sides tell. */
static jx_status ring_in(work *w, const ring *in, ring *out, bool *yes) {
    int at = 0;
    *yes = false;
    if (in->box.min_lon < out->box.min_lon || in->box.max_lon > out->box.max_lon ||
        in->box.min_lat < out->box.min_lat || in->box.max_lat > out->box.max_lat) {
        return JX_OK;
    }
    const jx_pt *p = w->pts.v + in->off;
    for (uint32_t i = 0; i + 1 < in->n; i++) {
        JX_TRY(where(w, out, p[i], &at));
        if (at >= 0) {
            *yes = at == 1;
            return JX_OK;
        }
    }
    for (uint32_t i = 0; i + 1 < in->n; i++) {
        jx_pt mid = {(int32_t)(((int64_t)p[i].lon + p[i + 1].lon) / 2),
                     (int32_t)(((int64_t)p[i].lat + p[i + 1].lat) / 2)};
        JX_TRY(where(w, out, mid, &at));
        if (at >= 0) {
            *yes = at == 1;
            return JX_OK;
        }
    }
    return JX_OK;
}

static jx_status nest(work *w) {
    JX_TRY(jx_sort(w->ctx, w->rings.v, w->rings.n, sizeof(ring), cmp_ring, w->pts.v));
    for (size_t i = 0; i < w->rings.n; i++) {
        ring *r = &w->rings.v[i];
        for (size_t k = i; k-- > 0;) { /* the smallest that holds it is the innermost */
            bool in;
            JX_TRY(ring_in(w, r, &w->rings.v[k], &in));
            if (in) {
                r->parent = (uint32_t)k;
                r->depth = w->rings.v[k].depth + 1;
                break;
            }
        }
    }
    return JX_OK;
}

static void put_ring(const work *w, const ring *r, bool hole, jx_mpoly *m) {
    jx_pt *dst = m->pts + m->n_pts;
    const jx_pt *src = w->pts.v + r->off;
    for (uint32_t i = 0; i < r->n; i++) {
        dst[i] = src[hole ? r->n - 1 - i : i];
    }
    m->n_pts += r->n;
    m->ring_off[++m->n_rings] = m->n_pts;
    jx_box_join(&m->box, r->box);
}

static jx_status write_out(const work *w, jx_mpoly *m) {
    *m = (jx_mpoly){.box = JX_BOX_EMPTY};
    m->pts = jx_malloc(w->ctx, w->pts.n, sizeof *m->pts);
    m->ring_off = jx_calloc(w->ctx, w->rings.n + 1, sizeof *m->ring_off);
    m->part_off = jx_calloc(w->ctx, w->rings.n + 1, sizeof *m->part_off);
    if (!m->pts || !m->ring_off || !m->part_off) {
        jx_mpoly_release(w->ctx, m);
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < w->rings.n; i++) {
        if (w->rings.v[i].depth & 1) {
            continue;
        }
        put_ring(w, &w->rings.v[i], false, m);
        for (size_t k = i + 1; k < w->rings.n; k++) {
            if (w->rings.v[k].parent == i && (w->rings.v[k].depth & 1)) {
                put_ring(w, &w->rings.v[k], true, m);
            }
        }
        m->part_off[++m->n_parts] = m->n_rings;
    }
    return JX_OK;
}

jx_status jx_mpoly_assemble(jx_ctx *ctx, const jx_line *lines, size_t n, jx_mpoly *out, jx_assembly_report *rep) {
    jx_assembly_report none;
    work w = {.ctx = ctx, .rep = rep ? rep : &none};
    *w.rep = (jx_assembly_report){0};
    jx_status st;
    JX_TRY_OUT(st, collect(&w, lines, n));
    JX_TRY_OUT(st, jx__crossings(ctx, w.segs.v, w.segs.n, w.rep));
    JX_TRY_OUT(st, make_halves(&w));
    JX_TRY_OUT(st, trace_all(&w));
    JX_TRY_OUT(st, nest(&w));
    st = write_out(&w, out);
out:
    for (size_t i = 0; i < w.rings.n; i++) {
        jx_prepared_free(ctx, w.rings.v[i].index);
    }
    jx_vec_free(ctx, &w.segs);
    jx_vec_free(ctx, &w.path);
    jx_vec_free(ctx, &w.pts);
    jx_vec_free(ctx, &w.rings);
    jx_free(ctx, w.halves);
    jx_free(ctx, w.end);
    jx_free(ctx, w.at);
    jx_free(ctx, w.used);
    return st;
}
