/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What can be reached, whoever else wants it. */
#include <math.h>

#include "junxian/access.h"
#include "junxian/num.h"

static double supply_of(const jx_access_input *in, uint32_t f) {
    double s = in->supply ? in->supply[f] : 1;
    return s > 0 ? s : 0; /* not known: nothing */
}

void jx_access_cumulative(const jx_access_input *in, uint32_t limit_ms, double *out) {
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_acc s = {0};
        for (uint64_t e = in->row[i]; e < in->row[i + 1] && in->entry[e].time_ms <= limit_ms; e++) {
            jx_acc_add(&s, supply_of(in, in->entry[e].facility));
        }
        out[i] = jx_acc_total(&s);
    }
}

void jx_access_gravity(const jx_access_input *in, double *out) {
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_acc s = {0};
        for (uint64_t e = in->row[i]; e < in->row[i + 1]; e++) {
            jx_acc_add(&s, supply_of(in, in->entry[e].facility) * jx_decay_at(in->decay, in->entry[e].time_ms));
        }
        out[i] = jx_acc_total(&s);
    }
}

void jx_access_kth(const jx_access_input *in, uint32_t k, uint32_t *out_ms) {
    for (uint32_t i = 0; i < in->n_cells; i++) {
        out_ms[i] = k > 0 && in->row[i + 1] - in->row[i] >= k ? in->entry[in->row[i] + k - 1].time_ms : JX_UNREACHABLE;
    }
}

void jx_access_dual(const jx_access_input *in, double wanted, uint32_t *out_ms) {
    for (uint32_t i = 0; i < in->n_cells; i++) {
        jx_acc s = {0};
        out_ms[i] = JX_UNREACHABLE;
        for (uint64_t e = in->row[i]; e < in->row[i + 1]; e++) {
            jx_acc_add(&s, supply_of(in, in->entry[e].facility));
            if (jx_acc_total(&s) >= wanted) {
                out_ms[i] = in->entry[e].time_ms;
                break;
            }
        }
    }
}

void jx_access_load(const jx_access_input *in, uint32_t limit_ms, jx_load *load, double *unserved) {
    jx_acc none = {0};
    memset(load, 0, in->n_facilities * sizeof *load);
    for (uint32_t i = 0; i < in->n_cells; i++) {
        const jx_table_entry *e = in->row[i] < in->row[i + 1] ? &in->entry[in->row[i]] : NULL;
        if (!e || e->time_ms > limit_ms) {
            jx_acc_add(&none, in->demand[i]);
            continue;
        }
        jx_load *l = &load[e->facility];
        l->demand += in->demand[i];
        l->farthest_ms = in->demand[i] > 0 && e->time_ms > l->farthest_ms ? e->time_ms : l->farthest_ms;
    }
    *unserved = jx_acc_total(&none);
}
