/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
#include "dimacs.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

static bool complain(const char *file, const char *what) {
    fprintf(stderr, "junxian-bench: %s: %s\n", file, what);
    return false;
}

/* The whole file, inflated when it is a gzip file, with a NUL behind it. */
static char *slurp(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        complain(path, "cannot be opened");
        return NULL;
    }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    unsigned char *raw = size > 0 ? malloc((size_t)size + 1) : NULL;
    bool ok = raw && fread(raw, 1, (size_t)size, f) == (size_t)size;
    fclose(f);
    if (!ok) {
        free(raw);
        complain(path, "cannot be read");
        return NULL;
    }
    raw[size] = 0;
    *n = (size_t)size;
    if (size < 18 || raw[0] != 0x1f || raw[1] != 0x8b) {
        return (char *)raw;
    }
    size_t plain =
        (size_t)raw[size - 4] | (size_t)raw[size - 3] << 8 | (size_t)raw[size - 2] << 16 | (size_t)raw[size - 1] << 24;
    char *text = malloc(plain + 1);
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    ok = text && d && libdeflate_gzip_decompress(d, raw, (size_t)size, text, plain, n) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(d);
    free(raw);
    if (!ok) {
        free(text);
        complain(path, "is not a whole gzip file");
        return NULL;
    }
    text[*n] = 0;
    return text;
}

/* Up to `most` whole numbers of one line. */
static int numbers(const char *s, long long *v, int most) {
    int n = 0;
    for (char *end; n < most; n++, s = end) {
        v[n] = strtoll(s, &end, 10);
        if (end == s) {
            break;
        }
    }
    return n;
}

typedef struct arc {
    uint32_t lo, hi, ms, back;
} arc;

static int by_ends(const void *a, const void *b) {
    const arc *x = a, *y = b;
    return x->lo != y->lo ? (x->lo > y->lo) - (x->lo < y->lo) : (x->hi > y->hi) - (x->hi < y->hi);
}

static bool join_arcs(arc *arcs, uint32_t m, dimacs *out) {
    qsort(arcs, m, sizeof *arcs, by_ends);
    out->from = malloc((size_t)m * 4 + 4);
    out->to = malloc((size_t)m * 4 + 4);
    out->time = malloc((size_t)m * 8 + 8);
    if (!out->from || !out->to || !out->time) {
        return false;
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < m; i++) {
        if (i == 0 || by_ends(&arcs[i], &arcs[i - 1]) != 0) {
            out->from[k] = arcs[i].lo;
            out->to[k] = arcs[i].hi;
            out->time[2 * k] = out->time[2 * k + 1] = JX_UNREACHABLE;
            k++;
        }
        uint32_t *t = &out->time[2 * (k - 1) + arcs[i].back];
        *t = arcs[i].ms < *t ? arcs[i].ms : *t;
    }
    out->g.n_edges = k;
    return true;
}

static bool read_arcs(const char *path, dimacs *out) {
    size_t size;
    char *text = slurp(path, &size);
    arc *arcs = NULL;
    uint32_t m = 0, most = 0;
    bool ok = text != NULL;
    for (char *s = text; ok && s && *s; s = strchr(s, '\n'), s = s ? s + 1 : s) {
        long long v[3];
        if (*s == 'p' && !arcs && numbers(s + 4, v, 2) == 2 && v[0] > 0 && v[0] < UINT32_MAX && v[1] > 0 &&
            v[1] < INT32_MAX) {
            out->g.n_nodes = (uint32_t)v[0];
            most = (uint32_t)v[1];
            arcs = malloc((size_t)most * sizeof *arcs);
            ok = arcs || complain(path, "does not fit into memory");
        } else if (*s == 'a') {
            ok = (arcs && m < most && numbers(s + 1, v, 3) == 3 && v[0] > 0 && v[0] <= out->g.n_nodes && v[1] > 0 &&
                  v[1] <= out->g.n_nodes && v[2] >= 0 && v[2] < UINT32_MAX) ||
                 complain(path, "has a bad arc");
            if (ok && v[0] != v[1]) {
                uint32_t a = (uint32_t)v[0] - 1, b = (uint32_t)v[1] - 1;
                arcs[m++] = a < b ? (arc){a, b, (uint32_t)v[2], 0} : (arc){b, a, (uint32_t)v[2], 1};
            }
        }
    }
    free(text);
    ok = ok && (m > 0 || complain(path, "holds no arcs")) && join_arcs(arcs, m, out);
    free(arcs);
    return ok;
}

static bool read_positions(const char *path, dimacs *out) {
    size_t size;
    char *text = slurp(path, &size);
    uint32_t n = 0;
    bool ok = text && (out->pos = calloc(out->g.n_nodes, sizeof *out->pos));
    for (char *s = text; ok && s && *s; s = strchr(s, '\n'), s = s ? s + 1 : s) {
        long long v[3];
        if (*s == 'v') {
            ok = (numbers(s + 1, v, 3) == 3 && v[0] > 0 && v[0] <= out->g.n_nodes && v[1] >= -180000000 &&
                  v[1] <= 180000000 && v[2] >= -90000000 && v[2] <= 90000000) ||
                 complain(path, "has a bad position");
            if (ok) {
                out->pos[v[0] - 1] = (jx_pt){(int32_t)v[1] * 10, (int32_t)v[2] * 10}; /* 1e-6 degrees in the file */
                n++;
            }
        }
    }
    free(text);
    return ok && (n == out->g.n_nodes || complain(path, "does not place every node"));
}

bool dimacs_read(const char *gr, const char *co, dimacs *out) {
    memset(out, 0, sizeof *out);
    if (!read_arcs(gr, out) || !read_positions(co, out)) {
        dimacs_free(out);
        return false;
    }
    out->g.from = out->from;
    out->g.to = out->to;
    out->g.pos = out->pos;
    return true;
}

void dimacs_free(dimacs *d) {
    free(d->time);
    free(d->from);
    free(d->to);
    free(d->pos);
    memset(d, 0, sizeof *d);
}

/* Neighbours by node: first[v] .. first[v + 1] of near[]. */
static void neighbours(const dimacs *d, uint32_t *first, uint32_t *near) {
    for (uint32_t e = 0; e < d->g.n_edges; e++) {
        first[d->from[e] + 2]++;
        first[d->to[e] + 2]++;
    }
    for (uint32_t v = 2; v <= d->g.n_nodes + 1; v++) {
        first[v] += first[v - 1];
    }
    for (uint32_t e = 0; e < d->g.n_edges; e++) {
        near[first[d->from[e] + 1]++] = d->to[e];
        near[first[d->to[e] + 1]++] = d->from[e];
    }
}

bool dimacs_cut(const dimacs *d, uint32_t n, dimacs *out) {
    uint32_t *id = malloc((size_t)d->g.n_nodes * 4), *queue = malloc((size_t)n * 4), *first = calloc((size_t)d->g.n_nodes + 2, 4);
    uint32_t m = d->g.n_edges, *near = malloc((size_t)m * 8), got = 0, kept = 0;
    *out = (dimacs){.from = malloc((size_t)m * 4), .to = malloc((size_t)m * 4), .time = malloc((size_t)m * 8), .pos = malloc((size_t)n * sizeof(jx_pt))};
    bool ok = id && queue && first && near && out->from && out->to && out->time && out->pos && n <= d->g.n_nodes;
    if (ok) {
        neighbours(d, first, near);
        memset(id, 0xff, (size_t)d->g.n_nodes * 4);
        queue[0] = d->g.n_nodes / 2;
        id[queue[0]] = got++;
        for (uint32_t k = 0; k < got; k++) { /* breadth first */
            for (uint32_t i = first[queue[k]]; i < first[queue[k] + 1] && got < n; i++) {
                if (id[near[i]] == JX_NONE) {
                    queue[got] = near[i];
                    id[near[i]] = got++;
                }
            }
            out->pos[k] = d->pos[queue[k]];
        }
        for (uint32_t e = 0; e < m; e++) {
            if (id[d->from[e]] != JX_NONE && id[d->to[e]] != JX_NONE) {
                out->from[kept] = id[d->from[e]];
                out->to[kept] = id[d->to[e]];
                memcpy(&out->time[2 * kept++], &d->time[2 * e], 2 * sizeof *d->time);
            }
        }
        out->g = (jx_graph){got, kept, out->from, out->to, out->pos};
    } else {
        dimacs_free(out);
    }
    free(id);
    free(queue);
    free(first);
    free(near);
    return ok;
}

/* ---- tiles
 * ---------------------------------------------------------------------------------------------------------------- */

enum { SEAMS = 24 /* at most */ };

/* Streets across each border between two copies: as many as its length deserves, 24 for New York, 4 for the demo. A border crossed
   more densely than the streets inside would make separators that no real place has. */
static int n_seams(const dimacs *d) {
    int n = 2;
    while (n < SEAMS && (uint64_t)(21 * (n + 1)) * (uint64_t)(21 * (n + 1)) <= d->g.n_nodes) {
        n++;
    }
    return n;
}

/* The node nearest to the border (0 east, 1 north, 2 west, 3 south) in each of `seams` strips along it. */
static void find_seams(const dimacs *d, jx_box box, int seams, uint32_t seam[4][SEAMS]) {
    for (int side = 0; side < 4; side++) {
        int64_t best[SEAMS];
        for (int k = 0; k < SEAMS; k++) {
            seam[side][k] = JX_NONE;
            best[k] = INT64_MAX;
        }
        for (uint32_t v = 0; v < d->g.n_nodes; v++) {
            jx_pt p = d->pos[v];
            bool across = side % 2 == 0;
            int64_t along = across ? (int64_t)p.lat - box.min_lat : (int64_t)p.lon - box.min_lon;
            int64_t length = across ? (int64_t)box.max_lat - box.min_lat : (int64_t)box.max_lon - box.min_lon;
            int64_t far = side == 0   ? box.max_lon - (int64_t)p.lon
                          : side == 1 ? box.max_lat - (int64_t)p.lat
                          : side == 2 ? (int64_t)p.lon - box.min_lon
                                      : (int64_t)p.lat - box.min_lat;
            int64_t k = along * seams / (length + 1);
            if (far < best[k]) {
                best[k] = far;
                seam[side][k] = v;
            }
        }
    }
}

static void add_seam(dimacs *o, uint32_t a, uint32_t b, uint32_t ms) {
    uint32_t e = o->g.n_edges++;
    o->from[e] = a;
    o->to[e] = b;
    o->time[2 * e] = o->time[2 * e + 1] = ms;
}

bool dimacs_tile(const dimacs *d, uint32_t w, uint32_t h, dimacs *out) {
    size_t copies = (size_t)w * h, n = copies * d->g.n_nodes, m = copies * (d->g.n_edges + 2 * SEAMS);
    *out =
        (dimacs){.from = malloc(m * 4), .to = malloc(m * 4), .time = malloc(m * 8), .pos = malloc(n * sizeof(jx_pt))};
    if (n > INT32_MAX || m > INT32_MAX || !out->from || !out->to || !out->time || !out->pos) {
        dimacs_free(out);
        return false;
    }
    uint32_t seam[4][SEAMS];
    jx_box box = JX_BOX_EMPTY;
    for (uint32_t v = 0; v < d->g.n_nodes; v++) {
        jx_box_add(&box, d->pos[v]);
    }
    const int seams = n_seams(d);
    find_seams(d, box, seams, seam);
    for (uint32_t c = 0; c < copies; c++) {
        uint32_t x = c % w, y = c / w, base = c * d->g.n_nodes;
        for (uint32_t v = 0; v < d->g.n_nodes;
             v++) { /* copies on a small plane of their own: only neighbourhood matters */
            jx_pt p = d->pos[v];
            out->pos[base + v] =
                (jx_pt){(int32_t)(((int64_t)p.lon - box.min_lon) + x * ((int64_t)box.max_lon - box.min_lon)),
                        (int32_t)(((int64_t)p.lat - box.min_lat) + y * ((int64_t)box.max_lat - box.min_lat))};
        }
        for (uint32_t e = 0; e < d->g.n_edges; e++) {
            uint32_t k = out->g.n_edges++;
            out->from[k] = base + d->from[e];
            out->to[k] = base + d->to[e];
            out->time[2 * k] = d->time[2 * e];
            out->time[2 * k + 1] = d->time[2 * e + 1];
        }
        for (int k = 0; k < seams; k++) {
            if (x + 1 < w && seam[0][k] != JX_NONE && seam[2][k] != JX_NONE) {
                add_seam(out, base + seam[0][k], base + d->g.n_nodes + seam[2][k], 5000);
            }
            if (y + 1 < h && seam[1][k] != JX_NONE && seam[3][k] != JX_NONE) {
                add_seam(out, base + seam[1][k], base + w * d->g.n_nodes + seam[3][k], 5000);
            }
        }
    }
    out->g = (jx_graph){(uint32_t)n, out->g.n_edges, out->from, out->to, out->pos};
    return true;
}
