/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Writes the streets with their lines, and how cells and primary schools stand on them on foot, for safe.py.
 * Usage: safe_export EXTRACT STANDARDS FILE
 */
#include <stdlib.h>
#include <string.h>

#include "county_export.h"

static void place(FILE *f, char what, jx_pt pt, const jx_snap *s) {
    fprintf(f, "%c %d %d %u %u %u %d %d\n", what, pt.lon, pt.lat, s->edge, s->pos_mm, s->offroad_ms, s->joint.lon, s->joint.lat);
}

static void streets(FILE *f, const jx_county *c) {
    const jx_network *n = c->road[JX_WALK];
    const uint32_t *t = c->road_metric[JX_WALK]->time_ms;
    fprintf(f, "%u %u\n", n->n_nodes, n->n_edges);
    for (uint32_t e = 0; e < n->n_edges; e++) {
        bool over = n->flags[e] & JX_EDGE_BRIDGE, under = n->flags[e] & JX_EDGE_TUNNEL;
        fprintf(f, "%u %u %u %s %u %u %d %lld", n->from[e], n->to[e], n->length_mm[e], jx_road_class_name((jx_road_class)n->cls[e]), t[2 * e],
                t[2 * e + 1], over - under, (long long)n->way_id[e]);
        for (uint64_t i = n->geom_off[e]; i < n->geom_off[e + 1]; i++) {
            fprintf(f, " %d %d", n->geom[i].lon, n->geom[i].lat);
        }
        fputc('\n', f);
    }
}

static jx_status schools(jx_ctx *ctx, FILE *f, const jx_county *c) {
    uint32_t n = 0, *list = malloc(c->n_facilities * sizeof *list);
    jx_status st = list ? JX_OK : JX_E_NOMEM;
    for (uint32_t v = 0; st == JX_OK && v < c->n_services; v++) {
        if (strcmp(c->services[v].id, "primary_school") == 0) {
            st = jx_service_facilities(ctx, c, &c->services[v], list, &n);
        }
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        if (c->facilities[list[i]].inside) {
            place(f, 's', c->facilities[list[i]].pt, &c->facility_snap[JX_WALK][list[i]]);
        }
    }
    free(list);
    return st;
}

static jx_status work(jx_ctx *ctx, const jx_county *c, const char *file) {
    FILE *f = fopen(file, "w");
    if (!f) {
        return JX_E_FILE;
    }
    streets(f, c);
    for (uint32_t i = 0; i < c->cells.n; i++) {
        place(f, 'c', c->cells.pt[i], &c->cell_snap[JX_WALK][i]);
    }
    jx_status st = schools(ctx, f, c);
    fclose(f);
    return st;
}

int main(int argc, char **argv) { return county_export_main(argc, argv, work); }
