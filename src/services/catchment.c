/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Floating catchments: each method is two passes over the entries of the table with weights of its own, first what each facility is asked for, then
 * what each cell gets. The weights of the first pass are kept, because exponentials cost more than memory.
 */
#include <math.h>

#include "junxian/access.h"
#include "junxian/num.h"

const char *jx_fca_name(jx_fca m) {
    static const char *const names[JX_N_FCA] = {"2sfca", "3sfca", "m2sfca", "bfca", "availability"};
    return names[m];
}

typedef struct work {
    const jx_access_input *in;
    double *f;     /* per entry: decay; 0 for facilities of unknown supply */
    double *reach; /* per cell: sum of f over its row */
    jx_acc *asked; /* per facility: people who come, or weights */
    jx_acc *mass;  /* per facility: sum of f over its column (BFCA) */
} work;

static bool known(const jx_access_input *in, uint32_t j) { return !in->supply || (in->supply[j] >= 0 && !isinf(in->supply[j])); }
static double supply_of(const jx_access_input *in, uint32_t j) { return in->supply ? in->supply[j] : 1; }

static jx_status weigh(jx_ctx *ctx, work *k, jx_fca_totals *totals) {
    const jx_access_input *in = k->in;
    jx_acc demand = {0}, reaching = {0};
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_acc reach = {0};
        if (i % 4096 == 0) {
            JX_TRY(jx_poll(ctx));
        }
        for (uint64_t e = in->row[i]; e < in->row[i + 1]; e++) {
            k->f[e] = known(in, in->entry[e].facility) ? jx_decay_at(in->decay, in->entry[e].time_ms) : 0;
            jx_acc_add(&reach, k->f[e]);
        }
        k->reach[i] = jx_acc_total(&reach);
        jx_acc_add(&demand, in->demand[i]);
        jx_acc_add(&reaching, k->reach[i] > 0 ? in->demand[i] : 0);
    }
    totals->demand = jx_acc_total(&demand);
    totals->demand_reaching = jx_acc_total(&reaching);
    return JX_OK;
}

/* Weight by which people of a cell come to a facility. */
static double coming(const work *k, jx_fca m, uint32_t i, uint64_t e) {
    double f = k->f[e];
    switch (m) {
    case JX_FCA_3SFCA:
        return k->reach[i] > 0 ? f / k->reach[i] * f : 0;
    case JX_FCA_BFCA:
        return k->reach[i] > 0 ? f / k->reach[i] : 0;
    default:
        return f;
    }
}

/* Weight by which a facility's level counts for the cell. */
static double getting(const work *k, jx_fca m, uint32_t i, uint64_t e) {
    double f = k->f[e];
    switch (m) {
    case JX_FCA_3SFCA:
        return k->reach[i] > 0 ? f / k->reach[i] * f : 0;
    case JX_FCA_M2SFCA:
        return f * f;
    case JX_FCA_BFCA: {
        double mass = jx_acc_total(&k->mass[k->in->entry[e].facility]);
        return mass > 0 ? f / mass : 0;
    }
    case JX_FCA_AVAILABILITY:
        return f * k->in->demand[i];
    default:
        return f;
    }
}

static void ask(work *k, jx_fca m) {
    const jx_access_input *in = k->in;
    for (uint32_t i = 0; i < in->n_cells; i++) {
        for (uint64_t e = in->row[i]; e < in->row[i + 1]; e++) {
            jx_acc_add(&k->asked[in->entry[e].facility], in->demand[i] * coming(k, m, i, e));
            jx_acc_add(&k->mass[in->entry[e].facility], k->f[e]);
        }
    }
}

static void levels(const work *k, double *level, jx_fca_totals *totals) {
    const jx_access_input *in = k->in;
    jx_acc supply = {0}, used = {0};
    for (uint32_t j = 0; j < in->n_facilities; j++) {
        double asked = jx_acc_total(&k->asked[j]);
        level[j] = NAN;
        if (!known(in, j)) {
            totals->n_unknown++;
            continue;
        }
        jx_acc_add(&supply, supply_of(in, j));
        if (asked > 0) {
            level[j] = supply_of(in, j) / asked;
            jx_acc_add(&used, supply_of(in, j));
        } else {
            totals->n_unwanted++;
        }
    }
    totals->supply = jx_acc_total(&supply);
    totals->supply_used = jx_acc_total(&used);
}

static void give(const work *k, jx_fca m, const double *level, double *out) {
    const jx_access_input *in = k->in;
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_acc a = {0};
        for (uint64_t e = in->row[i]; e < in->row[i + 1]; e++) {
            double l = level[in->entry[e].facility];
            jx_acc_add(&a, l >= 0 ? l * getting(k, m, i, e) : 0);
        }
        out[i] = jx_acc_total(&a);
    }
}

jx_status jx_access_fca(jx_ctx *ctx, const jx_access_input *in, jx_fca method, double *out, double *level, jx_fca_totals *totals) {
    size_t n_entries = in->n_cells ? (size_t)in->row[in->n_cells] : 0;
    work k = {in, jx_malloc(ctx, n_entries, sizeof *k.f), jx_malloc(ctx, in->n_cells, sizeof *k.reach),
              jx_calloc(ctx, in->n_facilities, sizeof *k.asked), jx_calloc(ctx, in->n_facilities, sizeof *k.mass)};
    double *own = level ? NULL : jx_malloc(ctx, in->n_facilities, sizeof *own);
    *totals = (jx_fca_totals){0};
    jx_status st = k.f && k.reach && k.asked && k.mass && (level || own) ? weigh(ctx, &k, totals) : JX_E_NOMEM;
    if (st == JX_OK) {
        ask(&k, method);
        levels(&k, level ? level : own, totals);
        give(&k, method, level ? level : own, out);
    }
    jx_free(ctx, k.f);
    jx_free(ctx, k.reach);
    jx_free(ctx, k.asked);
    jx_free(ctx, k.mass);
    jx_free(ctx, own);
    return st;
}
