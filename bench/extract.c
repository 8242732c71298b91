/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The streets of an OpenStreetMap extract as a bench graph: the largest part a car can drive in, with the times `junxian net` uses. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "run/run_internal.h"

/* The component with the most edges. */
static uint32_t main_part(const jx_network *net) {
    uint32_t *count = calloc((size_t)net->n_edges + 1, sizeof *count), best = JX_NONE;
    for (uint32_t e = 0; count && e < net->n_edges; e++) {
        uint32_t c = net->component[JX_CAR][e];
        if (c != JX_NONE && (++count[c], best == JX_NONE || count[c] > count[best])) {
            best = c;
        }
    }
    free(count);
    return best;
}

static bool keep_part(const jx_network *net, const uint32_t *ms, dimacs *out) {
    uint32_t part = main_part(net), *id = malloc((size_t)net->n_nodes * 4), m = 0;
    *out = (dimacs){.from = malloc((size_t)net->n_edges * 4),
                    .to = malloc((size_t)net->n_edges * 4),
                    .time = malloc((size_t)net->n_edges * 8),
                    .pos = malloc((size_t)net->n_nodes * sizeof(jx_pt))};
    bool ok = part != JX_NONE && id && out->from && out->to && out->time && out->pos;
    for (uint32_t v = 0; ok && v < net->n_nodes; v++) {
        id[v] = JX_NONE;
    }
    for (uint32_t e = 0; ok && e < net->n_edges; e++) {
        if (net->component[JX_CAR][e] == part) {
            id[net->from[e]] = id[net->to[e]] = 0;
        }
    }
    for (uint32_t v = 0; ok && v < net->n_nodes; v++) { /* in the order of the network, as the product numbers them */
        if (id[v] == 0) {
            out->pos[out->g.n_nodes] = net->node[v];
            id[v] = out->g.n_nodes++;
        }
    }
    for (uint32_t e = 0; ok && e < net->n_edges; e++) {
        if (net->component[JX_CAR][e] == part) {
            out->from[m] = id[net->from[e]];
            out->to[m] = id[net->to[e]];
            memcpy(&out->time[2 * m++], &ms[2 * e], 2 * sizeof *ms);
        }
    }
    out->g = (jx_graph){out->g.n_nodes, m, out->from, out->to, out->pos};
    free(id);
    return ok;
}

static jx_status read(jx_ctx *ctx, const char *path, dimacs *out) {
    const char *input[1] = {path};
    const jx_args args = {.input = input, .n_input = 1, .prog_command = "junxian-bench"};
    jx__job job = {0};
    jx_extract *x = NULL;
    jx_profiles *profiles = NULL;
    jx_network *net = NULL;
    jx_metric *metric = NULL;
    jx_status st = jx__job_load(ctx, &args, false, &job);
    if (st == JX_OK) {
        st = jx__job_extract(ctx, &job, &x);
    }
    if (st == JX_OK) {
        st = jx_profiles_compile(ctx, &job.profiles, &profiles);
    }
    if (st == JX_OK) {
        st = jx_network_build(ctx, x, profiles, &net);
    }
    if (st == JX_OK) {
        st = jx_metric_new(ctx, net, jx_profiles_get(profiles, JX_CAR), &metric);
    }
    if (st == JX_OK && !keep_part(net, metric->time_ms, out)) {
        st = JX_E_NOMEM;
    }
    jx_metric_free(ctx, metric);
    jx_network_free(ctx, net);
    jx_profiles_free(ctx, profiles);
    jx_extract_free(ctx, x);
    jx__job_release(ctx, &job);
    return st;
}

bool extract_read(jx_ctx *ctx, const char *path, dimacs *out) {
    memset(out, 0, sizeof *out);
    if (read(ctx, path, out) == JX_OK) {
        return true;
    }
    const jx_message *m = jx_ctx_error(ctx);
    fprintf(stderr, "junxian-bench: %s: cannot be read (message %d)\n", path, m ? (int)m->id : -1);
    dimacs_free(out);
    return false;
}
