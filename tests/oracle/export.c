/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Writes the network as plain arrays for oracle.py: graph.txt (nodes, edges, times of arcs), joints.txt (2,000 random pairs of cell
 * and facility per mode with their joints and our travel time). Usage: oracle_export EXTRACT STANDARDS OUTPUT
 */
#include "county_export.h"

static FILE *open_in(const char *dir, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return fopen(path, "w");
}

static void write_graph(FILE *f, const jx_county *c) {
    const jx_network *n = c->network;
    fprintf(f, "%u %u\n", n->n_nodes, n->n_edges);
    for (uint32_t e = 0; e < n->n_edges; e++) {
        fprintf(f, "%u %u %u %s", n->from[e], n->to[e], n->length_mm[e], jx_road_class_name((jx_road_class)n->cls[e]));
        for (int m = 0; m < JX_N_MODES; m++) {
            fprintf(f, " %u %u", c->metric[m]->time_ms[2 * e], c->metric[m]->time_ms[2 * e + 1]);
        }
        fputc('\n', f);
    }
    for (int k = 0; k < JX_N_ROAD_CLASSES; k++) {
        fprintf(f, "class %s %.9f\n", jx_road_class_name((jx_road_class)k), n->class_km[k]);
    }
}

static jx_status write_pairs(jx_ctx *ctx, FILE *f, const jx_county *c, jx_mode m) {
    enum { PAIRS = 2000, FACILITIES = 200 };
    jx_snap facs[FACILITIES];
    jx_table *t;
    for (uint32_t i = 0; i < FACILITIES; i++) {
        facs[i] = c->facility_snap[m][jx_random(7, (uint64_t)m, i) % c->n_facilities];
    }
    JX_TRY(jx_table_new(ctx, c->network, c->metric[m], JX_TO_FACILITY, c->cell_snap[m], c->cells.n, facs, FACILITIES, UINT32_MAX - 1, &t));
    for (uint32_t i = 0; i < PAIRS; i++) {
        uint32_t cell = (uint32_t)(jx_random(8, (uint64_t)m, i) % c->cells.n), fac = (uint32_t)(jx_random(9, (uint64_t)m, i) % FACILITIES);
        const jx_snap *a = &c->cell_snap[m][cell], *b = &facs[fac];
        uint32_t ms = JX_UNREACHABLE;
        for (uint64_t k = t->row[cell]; k < t->row[cell + 1]; k++) {
            ms = t->entry[k].facility == fac ? t->entry[k].time_ms : ms;
        }
        fprintf(f, "%d %u %u %u %u %u %u %u\n", (int)m, a->edge, a->pos_mm, a->offroad_ms, b->edge, b->pos_mm, b->offroad_ms, ms);
    }
    /* nearest without cut-off equals the head of the row */
    for (uint32_t i = 0; i < c->cells.n; i++) {
        bool empty = t->row[i] == t->row[i + 1];
        if (empty ? t->nearest_ms[i] != JX_UNREACHABLE : t->entry[t->row[i]].time_ms != t->nearest_ms[i] || t->entry[t->row[i]].facility != t->nearest[i]) {
            fprintf(stderr, "nearest of cell %u differs from its row\n", i);
            return JX_E_INTERNAL;
        }
    }
    jx_table_free(ctx, t);
    return JX_OK;
}

static jx_status work(jx_ctx *ctx, const jx_county *c, const char *folder) {
    FILE *g = open_in(folder, "graph.txt"), *p = open_in(folder, "pairs.txt");
    if (!g || !p) {
        return JX_E_FILE;
    }
    write_graph(g, c);
    for (int m = 0; m < JX_N_MODES; m++) {
        JX_TRY(write_pairs(ctx, p, c, (jx_mode)m));
    }
    fclose(g);
    fclose(p);
    return JX_OK;
}

int main(int argc, char **argv) { return county_export_main(argc, argv, work); }
