/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The border of the points inside, by marching triangles. Squares are halved so that diagonals join points whose column
 * and row add up to an even number; then a side of a triangle knows what lies ahead of it, and a border is followed
 * from side to side without looking anything up but values. Each side carries at most one corner, strictly between its
 * ends and exact in whole units: rings cannot touch, cross or degenerate.
 */
#include <math.h>

#include "network/isochrone_internal.h"

/* A corner of the border: between two neighbouring points, with the one inside on the left of the way. */
typedef struct side {
    int32_t ic, ir, oc, orow; /* column and row of the point inside, of the one outside */
    float in, out;
} side;

typedef struct ring {
    uint32_t off, n;        /* in pts; closed */
    uint32_t parent;        /* of a hole: its outer ring; JX_NONE: is one */
    int32_t west_c, west_r; /* its crossing of a row farthest in the west */
} ring;

typedef struct tracer {
    jx_ctx *ctx;
    const jx__field *f;
    uint64_t *seen; /* a bit per point: the side to its east is done */
    JX_VEC(jx_pt) pts;
    JX_VEC(ring) rings;
    JX_VEC(uint64_t) key;  /* crossings of rows: row, column */
    JX_VEC(uint32_t) what; /* and their rings */
} tracer;

static jx_pt corner(const jx__field *f, const side *s) {
    double t = rint(JX__ISO_STEPS * (double)s->in / ((double)s->in - (double)s->out));
    int32_t q = t < 1 ? 1 : t > JX__ISO_STEPS - 1 ? JX__ISO_STEPS - 1 : (int32_t)t;
    return (jx_pt){s->ic * f->z.dx + (s->oc - s->ic) * (f->z.dx / JX__ISO_STEPS) * q,
                   s->ir * f->z.dy + (s->orow - s->ir) * (f->z.dy / JX__ISO_STEPS) * q};
}

/* Over the triangle ahead to its other side on the border. */
static void step(const jx__field *f, side *s) {
    int32_t rx = s->oc - s->ic, ry = s->orow - s->ir, c, r;
    if (rx && ry) { /* a diagonal: the corner of the square to the left of in -> out */
        bool rising = rx == ry;
        c = rising ? s->ic : s->oc;
        r = rising ? s->orow : s->ir;
    } else { /* the diagonal ahead starts at the even end and ends beside the odd one */
        bool odd = (s->ic + s->ir) & 1;
        c = (odd ? s->ic : s->oc) - ry;
        r = (odd ? s->ir : s->orow) + rx;
    }
    float v = jx__field_at(f, c, r);
    if (v <= 0) {
        s->ic = c;
        s->ir = r;
        s->in = v;
    } else {
        s->oc = c;
        s->orow = r;
        s->out = v;
    }
}

static uint64_t row_key(const jx__field *f, int32_t col, int32_t row) {
    return (uint64_t)(uint32_t)(row - f->row0) << 32 | (uint32_t)(col - f->col0);
}

/* The bit of the side between (col, row) and its neighbour in the east; its tile exists: one of the two is inside. */
static uint64_t *seen_word(const tracer *t, int32_t col, int32_t row) {
    const jx__field *f = t->f;
    uint32_t x = (uint32_t)(col - f->col0), y = (uint32_t)(row - f->row0);
    uint32_t slot = f->slot[(size_t)(y / JX__ISO_TILE) * f->tiles_x + x / JX__ISO_TILE];
    return &t->seen[(size_t)slot * JX__ISO_TILE + y % JX__ISO_TILE];
}

static jx_status trace(tracer *t, side s) {
    const side first = s;
    uint32_t id = (uint32_t)t->rings.n;
    ring r = {.off = (uint32_t)t->pts.n, .parent = JX_NONE, .west_c = INT32_MAX};
    do {
        JX_TRY(jx_vec_push(t->ctx, &t->pts, corner(t->f, &s)));
        if (s.ir == s.orow) {
            int32_t c = s.ic < s.oc ? s.ic : s.oc;
            *seen_word(t, c, s.ir) |= (uint64_t)1 << ((uint32_t)(c - t->f->col0) % JX__ISO_TILE);
            JX_TRY(jx_vec_push(t->ctx, &t->key, row_key(t->f, c, s.ir)));
            JX_TRY(jx_vec_push(t->ctx, &t->what, id));
            if (c < r.west_c) {
                r.west_c = c;
                r.west_r = s.ir;
                r.parent = s.oc < s.ic ? JX_NONE : 0; /* a hole when the westernmost way in leads out of the area */
            }
        }
        step(t->f, &s);
    } while (s.ic != first.ic || s.ir != first.ir || s.oc != first.oc || s.orow != first.orow);
    JX_TRY(jx_vec_push(t->ctx, &t->pts, t->pts.v[r.off]));
    r.n = (uint32_t)t->pts.n - r.off;
    return jx_vec_push(t->ctx, &t->rings, r);
}

static jx_status trace_row(tracer *t, uint32_t slot, int32_t y) {
    const jx__field *f = t->f;
    const float *v = f->value + ((size_t)slot * JX__ISO_TILE + (uint32_t)y) * JX__ISO_TILE;
    const int32_t c0 = f->col0 + (int32_t)(f->tile_of[slot] % f->tiles_x) * JX__ISO_TILE,
                  row = f->row0 + (int32_t)(f->tile_of[slot] / f->tiles_x) * JX__ISO_TILE + y;
    uint64_t inside = 0;
    for (uint32_t i = 0; i < JX__ISO_TILE; i++) {
        inside |= (uint64_t)(v[i] <= 0) << i;
    }
    float beyond = jx__field_at(f, c0 + JX__ISO_TILE, row);
    uint64_t east = inside >> 1 | (uint64_t)(beyond <= 0) << (JX__ISO_TILE - 1), change = inside ^ east;
    for (uint32_t i = 0; change; i++, change >>= 1) {
        if ((change & 1) && !(t->seen[(size_t)slot * JX__ISO_TILE + (uint32_t)y] >> i & 1)) {
            float a = v[i], b = i + 1 < JX__ISO_TILE ? v[i + 1] : beyond;
            int32_t c = c0 + (int32_t)i;
            JX_TRY(trace(t, a <= 0 ? (side){c, row, c + 1, row, a, b} : (side){c + 1, row, c, row, b, a}));
        }
    }
    return JX_OK;
}

/*
 * West of a hole's westernmost crossing lies area, and the next crossing of that row is where this area begins: on its
 * outer ring, or on a hole that reaches farther west.
 */
static jx_status find_parents(tracer *t) {
    size_t n = t->key.n;
    uint64_t *tmp = jx_malloc(t->ctx, n, sizeof *tmp);
    uint32_t *tmp_what = jx_malloc(t->ctx, n, sizeof *tmp_what), *west = jx_malloc(t->ctx, t->rings.n, sizeof *west);
    jx_status st = tmp && tmp_what && west ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        jx_sort_u64_u32(t->key.v, t->what.v, tmp, tmp_what, n);
        for (size_t i = 0; i < n; i++) { /* who is to the west of each ring's westernmost crossing */
            const ring *r = &t->rings.v[t->what.v[i]];
            if (t->key.v[i] == row_key(t->f, r->west_c, r->west_r)) {
                west[t->what.v[i]] = i ? t->what.v[i - 1] : 0;
            }
        }
        for (uint32_t h = 0; h < t->rings.n; h++) {
            uint32_t r = h;
            while (t->rings.v[r].parent != JX_NONE) {
                r = west[r];
            }
            for (uint32_t k = h; t->rings.v[k].parent != JX_NONE;) { /* next time the way is short */
                uint32_t next = west[k];
                west[k] = t->rings.v[k].parent = r;
                k = next;
            }
        }
    }
    jx_free(t->ctx, tmp);
    jx_free(t->ctx, tmp_what);
    jx_free(t->ctx, west);
    return st;
}

static void put(const tracer *t, const ring *r, jx_mpoly *m) {
    memcpy(m->pts + m->n_pts, t->pts.v + r->off, r->n * sizeof(jx_pt));
    m->n_pts += r->n;
    m->ring_off[++m->n_rings] = m->n_pts;
}

/* Outer rings in the order they were met, each with its holes behind it. */
static jx_status write_out(const tracer *t, jx_mpoly *m) {
    uint32_t n = (uint32_t)t->rings.n;
    uint32_t *next = jx_malloc(t->ctx, n, sizeof *next), *holes = jx_malloc(t->ctx, n, sizeof *holes);
    m->pts = jx_malloc(t->ctx, t->pts.n, sizeof *m->pts);
    m->ring_off = jx_calloc(t->ctx, (size_t)n + 1, sizeof *m->ring_off);
    m->part_off = jx_calloc(t->ctx, (size_t)n + 1, sizeof *m->part_off);
    jx_status st = next && holes && m->pts && m->ring_off && m->part_off ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && n) {
        memset(holes, 0xff, n * sizeof *holes);
        for (uint32_t h = n; h-- > 0;) { /* lists of holes, first met first */
            if (t->rings.v[h].parent != JX_NONE) {
                next[h] = holes[t->rings.v[h].parent];
                holes[t->rings.v[h].parent] = h;
            }
        }
        for (uint32_t o = 0; o < n; o++) {
            if (t->rings.v[o].parent == JX_NONE) {
                put(t, &t->rings.v[o], m);
                for (uint32_t h = holes[o]; h != JX_NONE; h = next[h]) {
                    put(t, &t->rings.v[h], m);
                }
                m->part_off[++m->n_parts] = m->n_rings;
            }
        }
        for (uint32_t i = 0; i < m->n_pts; i++) {
            jx_box_add(&m->box, m->pts[i]);
        }
    }
    jx_free(t->ctx, next);
    jx_free(t->ctx, holes);
    if (st != JX_OK) {
        jx_mpoly_release(t->ctx, m);
    }
    return st;
}

/*
 * A single point outside among neighbours inside, by less than a third of a square, would be a speck of a hole: it is
 * counted in. It stays so for later bands, as their values only fall; the tolerance allows for it.
 */
static void fill_specks(const jx__field *f, uint32_t slot) {
    static const int8_t around[8][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
    const float most = (float)(0.3 * f->z.cell_m);
    float *v = f->value + (size_t)slot * JX__ISO_TILE * JX__ISO_TILE;
    const int32_t c0 = f->col0 + (int32_t)(f->tile_of[slot] % f->tiles_x) * JX__ISO_TILE,
                  r0 = f->row0 + (int32_t)(f->tile_of[slot] / f->tiles_x) * JX__ISO_TILE;
    for (int32_t i = 0; i < JX__ISO_TILE * JX__ISO_TILE; i++) {
        if (v[i] > 0 && v[i] <= most) {
            int32_t c = c0 + i % JX__ISO_TILE, r = r0 + i / JX__ISO_TILE, n = (c + r) & 1 ? 4 : 8, k = 0;
            while (k < n && jx__field_at(f, c + around[k][0], r + around[k][1]) <= 0) {
                k++;
            }
            v[i] = k == n ? 0 : v[i];
        }
    }
}

jx_status jx__field_contour(jx_ctx *ctx, jx__field *f, jx_mpoly *out) {
    tracer t = {.ctx = ctx, .f = f};
    jx_status st = JX_OK;
    *out = (jx_mpoly){.box = JX_BOX_EMPTY};
    t.seen = jx_calloc(ctx, (size_t)f->n_slots * JX__ISO_TILE, sizeof *t.seen);
    if (!t.seen) {
        return JX_E_NOMEM;
    }
    for (uint32_t slot = 0; slot < f->n_slots; slot++) {
        fill_specks(f, slot);
    }
    for (uint32_t slot = 0; slot < f->n_slots; slot++) {
        JX_TRY_OUT(st, jx_poll(ctx));
        for (int32_t y = 0; y < JX__ISO_TILE; y++) {
            JX_TRY_OUT(st, trace_row(&t, slot, y));
        }
    }
    JX_TRY_OUT(st, find_parents(&t));
    st = write_out(&t, out);
out:
    jx_free(ctx, t.seen);
    jx_vec_free(ctx, &t.pts);
    jx_vec_free(ctx, &t.rings);
    jx_vec_free(ctx, &t.key);
    jx_vec_free(ctx, &t.what);
    return st;
}
