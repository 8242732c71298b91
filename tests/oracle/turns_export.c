/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Writes the car's plain network and our times with turns for turns.py: net.txt (edges with times, way, the direction of their first and
 * last segment), pairs-SHARP.txt (joints and times: at random, and from and to the pieces that restrictions speak of), counts.txt.
 * Usage: turns_export EXTRACT STANDARDS OUTPUT
 */
#include <stdio.h>

#include "junxian/io.h"
#include "junxian/route.h"
#include "junxian/turns.h"

enum { FROM = 80, TO = 60 };

typedef struct world {
    jx_extract *x;
    jx_profiles *p;
    jx_network *net;
    jx_metric *m;
    const char *out;
    JX_VEC(uint32_t) edges; /* open to the car, no barriers, no islands */
} world;

static FILE *open_in(const char *dir, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return fopen(path, "w");
}

static void segment(FILE *f, const jx_pt *g, uint32_t n, bool last) {
    for (uint32_t i = 0; i + 1 < n; i++) {
        uint32_t k = last ? n - 2 - i : i;
        if (g[k].lon != g[k + 1].lon || g[k].lat != g[k + 1].lat) {
            fprintf(f, " %d %d %d", g[k + 1].lon - g[k].lon, g[k + 1].lat - g[k].lat, g[k].lat);
            return;
        }
    }
    fprintf(f, " 0 0 0");
}

static jx_status write_net(const world *w) {
    FILE *f = open_in(w->out, "net.txt");
    const jx_network *n = w->net;
    if (!f) {
        return JX_E_FILE;
    }
    fprintf(f, "%u %u\n", n->n_nodes, n->n_edges);
    for (uint32_t v = 0; v < n->n_nodes; v++) {
        fprintf(f, "%d %d\n", n->node[v].lon, n->node[v].lat);
    }
    for (uint32_t e = 0; e < n->n_edges; e++) {
        const jx_pt *g = n->geom + n->geom_off[e];
        uint32_t points = (uint32_t)(n->geom_off[e + 1] - n->geom_off[e]);
        fprintf(f, "%u %u %u %s %lld %u %u", n->from[e], n->to[e], n->length_mm[e], jx_road_class_name((jx_road_class)n->cls[e]),
                (long long)n->way_id[e], w->m->time_ms[2 * e], w->m->time_ms[2 * e + 1]);
        segment(f, g, points, false);
        segment(f, g, points, true);
        fputc('\n', f);
    }
    return fclose(f) ? JX_E_FILE : JX_OK;
}

/* Half of the joints by chance, half on the pieces that restrictions begin and end with. */
static void choose(const world *w, uint64_t seed, bool begin, jx_snap *s, uint32_t n) {
    const jx_turn_rules *t = &w->net->turns;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t e = w->edges.v[jx_random(seed, 1, i) % w->edges.n];
        if (i % 2 && t->n) {
            uint32_t r = (uint32_t)(i / 2 % t->n);
            e = t->arc[begin ? t->off[r] : t->off[r + 1] - 1] >> 1;
        }
        s[i] = (jx_snap){.edge = e, .pos_mm = (uint32_t)(jx_random(seed, 2, i) % ((uint64_t)w->net->length_mm[e] + 1))};
    }
}

static jx_status write_pairs(jx_ctx *ctx, const world *w, double sharp) {
    static uint32_t ms[FROM * TO];
    jx_snap from[FROM], to[TO];
    jx_profile p = *jx_profiles_get(w->p, JX_CAR);
    jx_network *turned;
    jx_metric *m;
    jx_hierarchy *h;
    jx_times *t;
    jx_table *table;
    char name[64];
    p.sharp_s = sharp;
    choose(w, 5, true, from, FROM);
    choose(w, 6, false, to, TO);
    JX_TRY(jx_turned_new(ctx, w->net, w->m, &p, &turned, &m));
    jx_graph plain = jx_network_graph(w->net), g = jx_network_graph(turned);
    uint32_t *order = jx_malloc(ctx, plain.n_nodes, sizeof *order), *copies = jx_malloc(ctx, g.n_nodes, sizeof *copies);
    JX_TRY(jx_order(ctx, &plain, NULL, NULL, order));
    JX_TRY(jx_turned_order(ctx, turned, order, copies));
    JX_TRY(jx_hierarchy_new(ctx, &g, copies, &h));
    JX_TRY(jx_times_new(ctx, h, m->time_ms, &t));
    JX_TRY(jx_matrix(ctx, turned, m, t, from, FROM, to, TO, JX_UNREACHABLE, ms));
    JX_TRY(jx_table_new(ctx, turned, m, JX_TO_FACILITY, from, FROM, to, TO, UINT32_MAX - 1, &table));
    snprintf(name, sizeof name, "pairs-%d.txt", (int)(sharp * 1000));
    FILE *f = open_in(w->out, name);
    if (!f) {
        return JX_E_FILE;
    }
    for (uint32_t i = 0; i < FROM; i++) {
        for (uint32_t k = 0; k < TO; k++) {
            uint32_t plainly = JX_UNREACHABLE;
            for (uint64_t at = table->row[i]; at < table->row[i + 1]; at++) {
                plainly = table->entry[at].facility == k ? table->entry[at].time_ms : plainly;
            }
            if (plainly != ms[i * TO + k]) {
                fprintf(stderr, "%u to %u: hierarchy %u, Dijkstra %u\n", i, k, ms[i * TO + k], plainly);
                return JX_E_INTERNAL;
            }
            fprintf(f, "%u %u %u %u %u\n", from[i].edge, from[i].pos_mm, to[k].edge, to[k].pos_mm, ms[i * TO + k]);
        }
    }
    fclose(f);
    jx_table_free(ctx, table);
    jx_times_free(ctx, t);
    jx_hierarchy_free(ctx, h);
    jx_free(ctx, order);
    jx_free(ctx, copies);
    jx_metric_free(ctx, m);
    jx_network_free(ctx, turned);
    return JX_OK;
}

static jx_status work(jx_ctx *ctx, char **argv, world *w) {
    jx_doc doc;
    char path[1024];
    const jx_keep keep = {jx_keep_default};
    snprintf(path, sizeof path, "%s/profiles.yaml", argv[2]);
    w->out = argv[3];
    JX_TRY(jx_yaml_file(ctx, path, &doc));
    JX_TRY(jx_profiles_compile(ctx, &doc, &w->p));
    jx_doc_release(ctx, &doc);
    JX_TRY(jx_pbf_read(ctx, argv[1], &keep, &w->x));
    JX_TRY(jx_network_build(ctx, w->x, w->p, &w->net));
    JX_TRY(jx_metric_new(ctx, w->net, jx_profiles_get(w->p, JX_CAR), &w->m));
    for (uint32_t e = 0; e < w->net->n_edges; e++) {
        bool open = w->m->time_ms[2 * e] != JX_UNREACHABLE || w->m->time_ms[2 * e + 1] != JX_UNREACHABLE;
        if (open && w->net->cls[e] != JX_ROAD_BARRIER && !(w->net->island[e] & (1u << JX_CAR))) {
            JX_TRY(jx_vec_push(ctx, &w->edges, e));
        }
    }
    JX_TRY(write_net(w));
    JX_TRY(write_pairs(ctx, w, 0));
    JX_TRY(write_pairs(ctx, w, 7.5));
    FILE *f = open_in(w->out, "counts.txt");
    if (!f) {
        return JX_E_FILE;
    }
    const jx_turn_rules *t = &w->net->turns;
    fprintf(f, "%u %u %u %u %u %u %u\n", t->n_relations, t->n_kept, t->n_conditional, t->n_other, t->n_unknown, t->n_incomplete, t->n_apart);
    for (uint32_t r = 0; r < t->n; r++) {
        fprintf(f, "%lld %d", (long long)t->relation[r], (int)t->kind[r]);
        for (uint32_t i = t->off[r]; i < t->off[r + 1]; i++) {
            fprintf(f, " %u", t->arc[i]);
        }
        fputc('\n', f);
    }
    return fclose(f) ? JX_E_FILE : JX_OK;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    world w = {0};
    jx_status st = work(ctx, argv, &w);
    jx_vec_free(ctx, &w.edges);
    jx_metric_free(ctx, w.m);
    jx_network_free(ctx, w.net);
    jx_extract_free(ctx, w.x);
    jx_profiles_free(ctx, w.p);
    jx_ctx_free(ctx);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}
