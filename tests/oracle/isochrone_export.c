/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Isochrones of an extract for isochrone.py, from random places: NAME.geojson as the program writes it, and NAME.txt,
 * the streets at every bend and in between with their times, worked out here once more: "lon lat time street" in 1e-7
 * degrees and ms (-1: not reached), street 1 for what one can leave, 2 for motorways and tunnels, 0 for nodes.
 * Usage: isochrone_export EXTRACT STANDARDS OUTPUT [PLACES [cell_m reach_m]]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "junxian/io.h"

enum { MINUTE = 60000 };
static const uint32_t bands[JX_N_MODES][4] = {{5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE},
                                              {5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE},
                                              {5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE}};

typedef struct world {
    jx_extract *x;
    jx_profiles *p;
    jx_network *net;
    jx_metric *m;
    uint32_t *ms;
    jx_direction dir;
    jx_isochrone_options opt;
} world;

static uint32_t out_ms(const world *w, uint32_t arc) {
    return w->m->time_ms[w->dir == JX_FROM_FACILITY ? arc : arc ^ 1u];
}

/* Bellman-Ford with a queue: plain and slow enough to be right. */
static void spread(world *w, const jx_snap *o, uint32_t n) {
    const jx_network *net = w->net;
    uint32_t cap = net->n_nodes + 1, head = 0, tail = 0, *queue = malloc(cap * sizeof *queue);
    uint8_t *queued = calloc(net->n_nodes, 1);
    memset(w->ms, 0xff, net->n_nodes * sizeof *w->ms);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t e = o[i].edge, len = net->length_mm[e];
        for (uint32_t k = 0; k < 2; k++) {
            uint32_t v = k ? net->from[e] : net->to[e];
            uint32_t ms =
                jx_add_ms(jx_part_ms(out_ms(w, 2 * e + k), k ? o[i].pos_mm : len - o[i].pos_mm, len), o[i].offroad_ms);
            if (ms < w->ms[v]) {
                w->ms[v] = ms;
                if (!queued[v]) {
                    queue[tail++ % cap] = v;
                    queued[v] = 1;
                }
            }
        }
    }
    while (head != tail) {
        uint32_t v = queue[head++ % cap];
        queued[v] = 0;
        for (uint32_t i = net->first_arc[v]; i < net->first_arc[v + 1]; i++) {
            uint32_t t = jx_arc_head(net, net->arc[i]), ms = jx_add_ms(w->ms[v], out_ms(w, net->arc[i]));
            if (ms < w->ms[t]) {
                w->ms[t] = ms;
                if (!queued[t]) {
                    queue[tail++ % cap] = t;
                    queued[t] = 1;
                }
            }
        }
    }
    free(queue);
    free(queued);
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Time at a point of an edge, `mm` from its beginning. */
static uint32_t time_at(const world *w, uint32_t e, uint32_t mm, const jx_snap *o, uint32_t n) {
    const jx_network *net = w->net;
    uint32_t len = net->length_mm[e];
    mm = least(mm, len);
    uint32_t t = least(jx_add_ms(w->ms[net->from[e]], jx_part_ms(out_ms(w, 2 * e), mm, len)),
                       jx_add_ms(w->ms[net->to[e]], jx_part_ms(out_ms(w, 2 * e + 1), len - mm, len)));
    for (uint32_t i = 0; i < n; i++) {
        if (o[i].edge == e) {
            uint32_t part = mm >= o[i].pos_mm ? jx_part_ms(out_ms(w, 2 * e), mm - o[i].pos_mm, len)
                                              : jx_part_ms(out_ms(w, 2 * e + 1), o[i].pos_mm - mm, len);
            t = least(t, jx_add_ms(part, o[i].offroad_ms));
        }
    }
    return t;
}

static void write_streets(const world *w, FILE *f, const jx_snap *o, uint32_t n) {
    const jx_network *net = w->net;
    for (uint32_t v = 0; v < net->n_nodes; v++) {
        (void)fprintf(f, "%d %d %lld 0\n", net->node[v].lon, net->node[v].lat,
                      w->ms[v] == JX_UNREACHABLE ? -1LL : (long long)w->ms[v]);
    }
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool bound =
            net->cls[e] == JX_ROAD_MOTORWAY || net->cls[e] == JX_ROAD_MOTORWAY_LINK || (net->flags[e] & JX_EDGE_TUNNEL);
        if (net->cls[e] == JX_ROAD_FERRY) {
            continue;
        }
        double mm = 0;
        for (uint64_t i = net->geom_off[e]; i + 1 < net->geom_off[e + 1]; i++) {
            jx_pt a = net->geom[i], b = net->geom[i + 1];
            uint32_t len = jx_seg_mm(a, b), parts = len / 4000 + 1;
            for (uint32_t k = 0; k < parts; k++) {
                uint32_t t = time_at(w, e, (uint32_t)(mm + (double)len * k / parts), o, n);
                (void)fprintf(f, "%.0f %.0f %lld %d\n", rint(a.lon + ((double)b.lon - a.lon) * k / parts),
                              rint(a.lat + ((double)b.lat - a.lat) * k / parts),
                              t == JX_UNREACHABLE ? -1LL : (long long)t, bound ? 2 : 1);
            }
            mm += len;
        }
    }
}

static jx_status one(jx_ctx *ctx, world *w, const char *dir, jx_mode mode, uint32_t k) {
    enum { ORIGINS = 3 };
    const jx_profile *p = jx_profiles_get(w->p, mode);
    jx_pt at[ORIGINS];
    jx_snap o[ORIGINS];
    uint32_t n = k % 3 == 2 ? ORIGINS : 1, on = 0;
    char name[1024];
    for (uint32_t i = 0; i < n; i++) {
        at[i] = w->net->node[jx_random(17, k * 8 + i, (uint64_t)mode) % w->net->n_nodes];
        at[i].lon += 3000;
        at[i].lat += 2000;
    }
    JX_TRY(jx_snap_all(ctx, w->net, w->m, p, at, n, o));
    for (uint32_t i = 0; i < n; i++) {
        if (o[i].edge != JX_NONE) {
            o[on++] = o[i];
        }
    }
    w->dir = k % 2 ? JX_TO_FACILITY : JX_FROM_FACILITY;
    spread(w, o, on);
    struct timespec t0, t1;
    jx_isochrone *iso;
    (void)clock_gettime(CLOCK_MONOTONIC, &t0);
    JX_TRY(jx_isochrone_new(ctx, w->net, w->m, p, w->dir, w->ms, o, on, bands[mode], 4, &w->opt, &iso));
    (void)clock_gettime(CLOCK_MONOTONIC, &t1);
    jx_buf b;
    jx_buf_init(&b, ctx);
    JX_TRY(jx_geojson_isochrone(&b, iso));
    (void)snprintf(name, sizeof name, "%s/iso-%s-%u.geojson", dir, jx_mode_name(mode), k);
    JX_TRY(jx_file_write(ctx, name, b.s, b.n));
    (void)printf("%s: %.1f ms, cell %.1f m, reach %.0f m, tolerance %.0f m, %u points in the last band\n", name,
                 (double)(t1.tv_sec - t0.tv_sec) * 1e3 + (double)(t1.tv_nsec - t0.tv_nsec) / 1e6, iso->cell_m,
                 iso->reach_m, iso->tolerance_m, iso->band[3].n_pts);
    (void)snprintf(name, sizeof name, "%s/iso-%s-%u.txt", dir, jx_mode_name(mode), k);
    FILE *f = fopen(name, "w");
    if (!f) {
        return JX_E_FILE;
    }
    write_streets(w, f, o, on);
    (void)fclose(f);
    jx_buf_release(&b);
    jx_isochrone_free(ctx, iso);
    return JX_OK;
}

static jx_status work(jx_ctx *ctx, int argc, char **argv) {
    world w = {0};
    jx_doc doc;
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/profiles.yaml", argv[2]);
    const jx_keep keep = {jx_keep_default};
    uint32_t places = argc > 4 ? (uint32_t)atoi(argv[4]) : 3;
    if (argc > 6) {
        w.opt = (jx_isochrone_options){atof(argv[5]), atof(argv[6])};
    }
    JX_TRY(jx_yaml_file(ctx, path, &doc));
    JX_TRY(jx_profiles_compile(ctx, &doc, &w.p));
    JX_TRY(jx_pbf_read(ctx, argv[1], &keep, &w.x));
    JX_TRY(jx_network_build(ctx, w.x, w.p, &w.net));
    w.ms = malloc(w.net->n_nodes * sizeof *w.ms);
    for (int mode = 0; mode < JX_N_MODES; mode++) {
        JX_TRY(jx_metric_new(ctx, w.net, jx_profiles_get(w.p, (jx_mode)mode), &w.m));
        for (uint32_t k = 0; k < places; k++) {
            JX_TRY(one(ctx, &w, argv[3], (jx_mode)mode, k));
        }
        jx_metric_free(ctx, w.m);
    }
    free(w.ms);
    jx_network_free(ctx, w.net);
    jx_extract_free(ctx, w.x);
    jx_profiles_free(ctx, w.p);
    jx_doc_release(ctx, &doc);
    return JX_OK;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_pool *pool = jx_pool_new(0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool});
    jx_status st = work(ctx, argc, argv);
    (void)printf("most memory: %.1f MB\n", (double)jx_mem_peak(mem) / 1e6);
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}
