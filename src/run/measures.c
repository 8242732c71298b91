/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Measures of access by name: what each needs and what it takes when nothing is said, as its paper has it. */
#include <math.h>

#include "run/measures.h"

typedef enum kind { NEAREST, KTH, DUAL, CUMULATIVE, GRAVITY, CATCHMENT } kind;
typedef struct row {
    const char *name, *column, *title;
    kind kind;
    jx_fca fca;
    const char *decay; /* default, of the catchment T: "step" T; "steps" the three of Luo & Qi in thirds of T; "half" exponential, half at T; else kind:T */
} row;
static const row rows[] = {
    {"nearest", "access_nearest", N_("time to the nearest"), NEAREST, JX_N_FCA, NULL},
    {"kth", "access_kth", N_("time to the k-th nearest"), KTH, JX_N_FCA, NULL},
    {"dual", "access_dual", N_("time until enough is reached"), DUAL, JX_N_FCA, NULL},
    {"cumulative", "access_cumulative", N_("reached within the catchment"), CUMULATIVE, JX_N_FCA, NULL},
    {"gravity", "access_gravity", N_("reached, the far counting less"), GRAVITY, JX_N_FCA, "half"},
    {"2sfca", "access_2sfca", N_("share of supply (2SFCA)"), CATCHMENT, JX_FCA_2SFCA, "step"},
    {"e2sfca", "access_e2sfca", N_("share of supply (E2SFCA)"), CATCHMENT, JX_FCA_2SFCA, "steps"},
    {"3sfca", "access_3sfca", N_("share of supply (3SFCA)"), CATCHMENT, JX_FCA_3SFCA, "steps"},
    {"m2sfca", "access_m2sfca", N_("share of supply (M2SFCA)"), CATCHMENT, JX_FCA_M2SFCA, "kernel"},
    {"kd2sfca", "access_kd2sfca", N_("share of supply (KD2SFCA)"), CATCHMENT, JX_FCA_2SFCA, "kernel"},
    {"bfca", "access_bfca", N_("level of service shared out (BFCA)"), CATCHMENT, JX_FCA_BFCA, "kernel"},
    {"availability", "access_availability", N_("supply available to the cell"), CATCHMENT, JX_FCA_AVAILABILITY, "kernel"},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

const char *jx__measure_names(void) { return "nearest kth dual cumulative gravity 2sfca e2sfca 3sfca m2sfca kd2sfca bfca availability"; }

/* ---- opening --------------------------------------------------------------------------------------------------------------- */

static jx_status stated_median(jx_ctx *ctx, jx__access *a) {
    const jx__offer *o = &a->study.offer;
    double *ones = jx_malloc(ctx, o->n, sizeof *ones), half = 0.5;
    jx_status st = ones ? JX_OK : JX_E_NOMEM;
    for (uint32_t j = 0; st == JX_OK && j < o->n; j++) {
        a->supply[j] = a->study.county->facilities[o->facility[j]].capacity;
        a->n_stated += isnan(a->supply[j]) ? 0 : 1;
        ones[j] = 1;
    }
    if (st == JX_OK && a->n_stated == 0) {
        st = JX_FAIL(ctx, ACCESS_NO_CAPACITY, JX_I(o->n));
    }
    if (st == JX_OK) {
        st = jx_weighted_quantiles(ctx, a->supply, ones, o->n, &half, 1, &a->median_capacity);
    }
    for (uint32_t j = 0; st == JX_OK && j < o->n; j++) {
        a->n_median += isnan(a->supply[j]) ? 1 : 0;
        a->supply[j] = isnan(a->supply[j]) ? a->median_capacity : a->supply[j];
    }
    if (st == JX_OK && a->n_median) {
        JX_NOTE(ctx, ACCESS_CAPACITY_GUESSED, JX_I(a->n_median), JX_I(o->n), JX_R(a->median_capacity, 0));
    }
    jx_free(ctx, ones);
    return st;
}

static jx_status read_supply(jx_ctx *ctx, const jx_args *args, jx__access *a) {
    const char *how = jx_args_get(args, "supply");
    a->supply = jx_malloc(ctx, a->study.offer.n, sizeof *a->supply);
    if (!a->supply) {
        return JX_E_NOMEM;
    }
    a->by_capacity = how && strcmp(how, "capacity") == 0;
    if (a->by_capacity) {
        return stated_median(ctx, a);
    }
    for (uint32_t j = 0; j < a->study.offer.n; j++) {
        a->supply[j] = 1;
    }
    return JX_OK;
}

static jx_encoding encoding_of(const jx_args *args) {
    const char *s = jx_args_get(args, "encoding");
    return !s || strcmp(s, "auto") == 0 ? JX_ENC_AUTO : strcmp(s, "gb18030") == 0 ? JX_ENC_GB18030 : strcmp(s, "utf-16") == 0 ? JX_ENC_UTF16 : JX_ENC_UTF8;
}

static jx_status read_groups(jx_ctx *ctx, const jx_args *args, jx__access *a) {
    const jx_county *c = a->study.county;
    const char *wanted = jx_args_get(args, "demand");
    JX_TRY(jx__groups_open(ctx, c, jx_args_get(args, "groups"), encoding_of(args), &a->groups));
    a->demand = c->cells.people;
    a->demand_trust = c->people_trust;
    const jx__group *g = wanted ? jx__groups_find(&a->groups, wanted) : NULL;
    if (wanted && !g) {
        return JX_FAIL(ctx, ACCESS_NO_GROUP, JX_S(wanted));
    }
    if (g) {
        a->demand_name = g->name;
        a->demand_trust = g->trust;
        a->demand_own = jx_malloc(ctx, c->cells.n, sizeof *a->demand_own);
        if (!a->demand_own) {
            return JX_E_NOMEM;
        }
        for (uint32_t i = 0; i < c->cells.n; i++) { /* where it is not known nobody can be counted; the results say how many */
            a->demand_own[i] = isnan(g->cells[i]) ? 0 : g->cells[i];
        }
        a->demand = a->demand_own;
    }
    return JX_OK;
}

jx_status jx__access_open(jx_ctx *ctx, const jx_args *args, jx__access *a) {
    JX_TRY(jx__study_open(ctx, args, &a->study));
    const jx_criterion *k = a->study.offer.criterion;
    double minutes = jx_args_num(args, "minutes", 0);
    uint32_t standard = !k ? 1800000 : k->urban_ms > k->rural_ms ? k->urban_ms : k->rural_ms;
    a->limit_ms = minutes > 0 ? (uint32_t)(minutes * 60000) : standard;
    JX_TRY(read_supply(ctx, args, a));
    return read_groups(ctx, args, a);
}

void jx__access_release(jx_ctx *ctx, jx__access *a) {
    jx__groups_release(ctx, &a->groups);
    jx_free(ctx, a->supply);
    jx_free(ctx, a->demand_own);
    jx__study_release(ctx, &a->study);
}

/* ---- one measure ----------------------------------------------------------------------------------------------------------------- */

static jx_status default_decay(jx_ctx *ctx, const char *how, double minutes, jx_decay *out) {
    if (strcmp(how, "steps") == 0) {
        *out = jx_decay_thirds(minutes);
        return JX_OK;
    }
    jx_buf b;
    jx_buf_init(&b, ctx);
    if (strcmp(how, "half") == 0) {
        jx_buf_str(&b, "exponential:");
        jx_buf_double(&b, 0.69314718055994531 / minutes);
    } else {
        jx_buf_fmt(&b, "%s:", how);
        jx_buf_double(&b, minutes);
    }
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        st = jx_decay_parse(ctx, b.s, out);
    }
    jx_buf_release(&b);
    return st;
}

static jx_status times(jx_ctx *ctx, const jx_args *args, const jx__access *a, const jx_access_input *in, kind k, double *v) {
    const jx_table *t = a->study.offer.table;
    uint32_t *ms = jx_malloc(ctx, in->n_cells, sizeof *ms);
    if (!ms) {
        return JX_E_NOMEM;
    }
    if (k == KTH) {
        jx_access_kth(in, (uint32_t)jx_args_num(args, "k", 3), ms);
    } else if (k == DUAL) {
        jx_access_dual(in, jx_args_num(args, "wanted", 3), ms);
    }
    for (uint32_t i = 0; i < in->n_cells; i++) {
        uint32_t time = k == NEAREST ? t->nearest_ms[i] : ms[i];
        v[i] = time == JX_UNREACHABLE ? INFINITY : time / 60000.0;
    }
    jx_free(ctx, ms);
    return JX_OK;
}

static const char *unit_of(const row *r, bool capacity, bool group) {
    if (r->kind <= DUAL) {
        return "min";
    }
    if (r->kind == CATCHMENT && r->fca == JX_FCA_BFCA) { /* adds up over cells, not over people */
        return capacity ? N_("part of the levels of service, places per 1,000 who come") : N_("part of the levels of service, facilities per 1,000 who come");
    }
    if (r->kind == CATCHMENT && r->fca != JX_FCA_AVAILABILITY && group) {
        return capacity ? N_("places per 1,000 of the group") : N_("facilities per 1,000 of the group");
    }
    if (r->kind == CATCHMENT && r->fca != JX_FCA_AVAILABILITY) {
        return capacity ? N_("places per 1,000 people") : N_("facilities per 1,000 people");
    }
    return capacity ? N_("places") : N_("facilities");
}

/* Facilities outside that somebody inside gets something of. */
static jx_status count_outside(jx_ctx *ctx, const jx__access *a, jx__measure *out) {
    const jx_table *t = a->study.offer.table;
    uint8_t *seen = jx_calloc(ctx, t->n_facilities, sizeof *seen);
    if (!seen) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < t->n_cells; i++) {
        for (uint64_t e = t->row[i]; a->demand[i] > 0 && e < t->row[i + 1]; e++) {
            uint32_t j = t->entry[e].facility;
            if (!seen[j] && !a->study.county->facilities[a->study.offer.facility[j]].inside && a->supply[j] > 0) {
                seen[j] = jx_decay_at(&out->decay, t->entry[e].time_ms) > 0;
                out->n_outside += seen[j];
            }
        }
    }
    jx_free(ctx, seen);
    return JX_OK;
}

uint32_t jx__measures_edge(jx_ctx *ctx, const jx__measure *m, uint32_t n, uint32_t n_facilities) {
    uint32_t most = 0;
    for (uint32_t k = 0; k < n; k++) {
        most = m[k].n_outside > most ? m[k].n_outside : most;
    }
    if (most) {
        JX_WARN(ctx, ACCESS_EDGE, JX_I(most), JX_I(n_facilities));
    }
    return most;
}

static jx_status compute(jx_ctx *ctx, const jx_args *args, const jx__access *a, const row *r, jx__measure *out) {
    const jx_table *t = a->study.offer.table;
    const char *decay = jx_args_get(args, "decay");
    if (r->decay) {
        JX_TRY(decay ? jx_decay_parse(ctx, decay, &out->decay) : default_decay(ctx, r->decay, a->limit_ms / 60000.0, &out->decay));
    }
    const jx_access_input in = {t->n_cells, t->n_facilities, t->row, t->entry, a->demand, a->supply, &out->decay};
    if (r->kind <= DUAL) {
        return times(ctx, args, a, &in, r->kind, out->v);
    }
    if (r->kind == CUMULATIVE) {
        jx_access_cumulative(&in, a->limit_ms, out->v);
        return JX_OK;
    }
    if (r->kind == GRAVITY) {
        jx_access_gravity(&in, out->v);
        return JX_OK;
    }
    JX_TRY(jx_access_fca(ctx, &in, r->fca, out->v, NULL, &out->totals));
    for (uint32_t i = 0; r->fca != JX_FCA_AVAILABILITY && i < t->n_cells; i++) {
        out->v[i] *= 1000;
    }
    return count_outside(ctx, a, out);
}

jx_status jx__measure_make(jx_ctx *ctx, const jx_args *args, const jx__access *a, const char *name, size_t n, jx__measure *out) {
    for (size_t k = 0; k < N_ROWS; k++) {
        if (strlen(rows[k].name) == n && memcmp(rows[k].name, name, n) == 0) {
            const row *r = &rows[k];
            *out = (jx__measure){.name = r->name,
                                 .column = r->column,
                                 .title = r->title,
                                 .unit = unit_of(r, a->by_capacity, a->demand_name != NULL),
                                 .time = r->kind <= DUAL,
                                 .has_decay = r->decay != NULL,
                                 .has_totals = r->kind == CATCHMENT};
            out->v = jx_malloc(ctx, a->study.county->cells.n, sizeof *out->v);
            return out->v ? compute(ctx, args, a, r, out) : JX_E_NOMEM;
        }
    }
    char word[64];
    n = n < sizeof word - 1 ? n : sizeof word - 1;
    memcpy(word, name, n);
    word[n] = '\0';
    return JX_FAIL(ctx, ACCESS_MEASURE, JX_S(word), JX_S(jx__measure_names()));
}
