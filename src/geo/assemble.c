/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Rings from line strings, by the rules of OpenStreetMap multipolygons: members in any order and direction, roles ignored, touching at
 * points legal, segments that occur twice cancel. Segments are traced into simple rings, and nesting decides what is a hole.
 */
#include <math.h>

#include "geo/geo_internal.h"

typedef struct seg {
    jx_pt a, b; /* a < b */
} seg;

/* A half-segment leaving a point; two per segment, sorted by point. */
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
} ring;

typedef struct work {
    jx_ctx *ctx;
    JX_VEC(seg) segs;
    half *halves;
    uint8_t *used;
    JX_VEC(jx_pt) path; /* the trace under way */
    JX_VEC(jx_pt) pts;  /* finished rings */
    JX_VEC(ring) rings;
    jx_assembly_report *rep;
} work;

static int cmp_pt(jx_pt a, jx_pt b) { return jx__less(a, b) ? -1 : jx__less(b, a) ? 1 : 0; }

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
    w->used = jx_calloc(w->ctx, n, 1);
    if (!w->halves || !w->used) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        w->halves[2 * i] = (half){w->segs.v[i].a, (uint32_t)i, true};
        w->halves[2 * i + 1] = (half){w->segs.v[i].b, (uint32_t)i, false};
    }
    return jx_sort(w->ctx, w->halves, 2 * n, sizeof(half), cmp_half, NULL);
}

/* First half-segment leaving p, and how many there are. */
static size_t halves_at(const work *w, jx_pt p, size_t *count) {
    size_t lo = 0, hi = 2 * w->segs.n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (jx__less(w->halves[mid].from, p)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    size_t e = lo;
    while (e < 2 * w->segs.n && jx__same(w->halves[e].from, p)) {
        e++;
    }
    *count = e - lo;
    return lo;
}

static jx_pt head(const work *w, const half *h) { return h->at_a ? w->segs.v[h->seg].b : w->segs.v[h->seg].a; }

/* Is direction at -> x met before at -> y when turning clockwise from the way we came? Exact; straight back comes last. */
static bool more_right(jx_pt from, jx_pt at, jx_pt x, jx_pt y) {
    int tx = jx__turn(from, at, x), ty = jx__turn(from, at, y);
    /* right turns first, then straight on, then left turns */
    if (tx != ty) {
        return tx < ty;
    }
    return jx__turn(at, x, y) > 0; /* same side: x is to the right of y */
}

/* The unused half-segment at `at` that keeps rings apart where they touch: the one most to the right. */
static const half *next_half(const work *w, jx_pt from, jx_pt at, bool first) {
    size_t n;
    const half *h = w->halves + halves_at(w, at, &n), *best = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!w->used[h[i].seg] && (!best || (!first && more_right(from, at, head(w, &h[i]), head(w, best))))) {
            best = &h[i];
        }
    }
    return best;
}

static jx_status finish_ring(work *w, size_t start) {
    const jx_pt *p = w->path.v + start;
    uint32_t n = (uint32_t)(w->path.n - start), min = 0;
    ring r = {(uint32_t)w->pts.n, n + 1, 0, JX_BOX_EMPTY, JX_NONE, 0};
    for (uint32_t i = 0; i < n; i++) {
        min = jx__less(p[i], p[min]) ? i : min;
        jx_box_add(&r.box, p[i]);
    }
    for (uint32_t i = 0; i <= n; i++) { /* starts at its lowest point, whatever the order of the members */
        JX_TRY(jx_vec_push(w->ctx, &w->pts, p[(min + i) % n]));
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

/* Walk from an unused segment; each time the path meets itself, the loop is cut off as a ring. */
static jx_status trace(work *w, uint32_t start) {
    w->path.n = 0;
    JX_TRY(jx_vec_push(w->ctx, &w->path, w->segs.v[start].a));
    JX_TRY(jx_vec_push(w->ctx, &w->path, w->segs.v[start].b));
    w->used[start] = 1;
    for (;;) {
        jx_pt at = w->path.v[w->path.n - 1];
        size_t n_at;
        halves_at(w, at, &n_at);
        size_t back = w->path.n - 1; /* only a point met before can close a loop; degree 2 points inside cannot, so look when it may */
        if (n_at > 2 || jx__same(at, w->path.v[0])) {
            for (size_t i = 0; i + 1 < w->path.n; i++) {
                if (jx__same(w->path.v[i], at)) {
                    back = i;
                    break;
                }
            }
        }
        if (back + 1 < w->path.n) {
            w->path.n--;
            JX_TRY(finish_ring(w, back));
            w->path.n = back + 1;
            if (back == 0) {
                return JX_OK;
            }
            at = w->path.v[back];
        }
        const half *h = next_half(w, w->path.n > 1 ? w->path.v[w->path.n - 2] : at, at, w->path.n == 1);
        if (!h) {
            w->rep->open_ends++;
            return JX_OK; /* an open chain is dropped */
        }
        w->used[h->seg] = 1;
        JX_TRY(jx_vec_push(w->ctx, &w->path, head(w, h)));
    }
}

static bool crosses(const seg *s, const seg *t) {
    return jx__turn(s->a, s->b, t->a) * jx__turn(s->a, s->b, t->b) < 0 && jx__turn(t->a, t->b, s->a) * jx__turn(t->a, t->b, s->b) < 0;
}

/* Segments are sorted by their western end: compare each with those that begin before it ends. */
static void count_crossings(work *w) {
    for (size_t i = 0; i < w->segs.n; i++) {
        const seg *s = &w->segs.v[i];
        int32_t lo = s->a.lat < s->b.lat ? s->a.lat : s->b.lat, hi = s->a.lat < s->b.lat ? s->b.lat : s->a.lat;
        for (size_t k = i + 1; k < w->segs.n && w->segs.v[k].a.lon <= s->b.lon; k++) {
            const seg *t = &w->segs.v[k];
            if ((t->a.lat < lo && t->b.lat < lo) || (t->a.lat > hi && t->b.lat > hi) || !crosses(s, t)) {
                continue;
            }
            if (!w->rep->crossings++) {
                w->rep->where = t->a;
            }
        }
    }
}

static int cmp_ring(const void *x, const void *y, void *user) {
    const ring *a = x, *b = y;
    const jx_pt *pts = user;
    if (a->area2 != b->area2) {
        return a->area2 < b->area2 ? 1 : -1;
    }
    return cmp_pt(pts[a->off], pts[b->off]);
}

/* A ring lies in another when its first vertex that is not on the other is inside it; all on it: same ring side, outside. */
static bool ring_in(const work *w, const ring *in, const ring *out) {
    if (in->box.min_lon < out->box.min_lon || in->box.max_lon > out->box.max_lon || in->box.min_lat < out->box.min_lat || in->box.max_lat > out->box.max_lat) {
        return false;
    }
    for (uint32_t i = 0; i + 1 < in->n; i++) {
        int where = jx__ring_has(w->pts.v + out->off, out->n, w->pts.v[in->off + i]);
        if (where >= 0) {
            return where == 1;
        }
    }
    jx_pt a = w->pts.v[in->off], b = w->pts.v[in->off + 1]; /* every vertex touches: a midpoint tells */
    jx_pt mid = {(int32_t)(((int64_t)a.lon + b.lon) / 2), (int32_t)(((int64_t)a.lat + b.lat) / 2)};
    return jx__ring_has(w->pts.v + out->off, out->n, mid) == 1;
}

static jx_status nest(work *w) {
    JX_TRY(jx_sort(w->ctx, w->rings.v, w->rings.n, sizeof(ring), cmp_ring, w->pts.v));
    for (size_t i = 0; i < w->rings.n; i++) {
        ring *r = &w->rings.v[i];
        for (size_t k = i; k-- > 0;) { /* the smallest that holds it is the innermost */
            if (ring_in(w, r, &w->rings.v[k])) {
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
    JX_TRY_OUT(st, make_halves(&w));
    count_crossings(&w);
    for (uint32_t i = 0; i < w.segs.n; i++) {
        if (!w.used[i]) {
            JX_TRY_OUT(st, trace(&w, i));
        }
    }
    w.rep->rings = (uint32_t)w.rings.n;
    JX_TRY_OUT(st, nest(&w));
    st = write_out(&w, out);
out:
    jx_vec_free(ctx, &w.segs);
    jx_vec_free(ctx, &w.path);
    jx_vec_free(ctx, &w.pts);
    jx_vec_free(ctx, &w.rings);
    jx_free(ctx, w.halves);
    jx_free(ctx, w.used);
    return st;
}
