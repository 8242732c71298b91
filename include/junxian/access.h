/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Measures of access: what people can reach, and what is left of it when others want it too. Arithmetic on the rows of a travel-time table and
 * arrays; nothing here knows streets, counties or files. docs/access.md says which measure answers which question.
 *
 * Same bits for any thread count: sums run in the order of the cells, then of the row, compensated. O(entries) each.
 */
#ifndef JUNXIAN_ACCESS_H
#define JUNXIAN_ACCESS_H

#include "junxian/table.h"

/* ---- how much a facility counts at a distance in time ---------------------------------------------------------------- */

/** Weights by travel time, 0 to 1, never rising. t in minutes. */
typedef enum jx_decay_kind {
    JX_DECAY_STEP,        /* weight[k] where at[k - 1] < t <= at[k]; 0 beyond the last (Luo & Qi 2009) */
    JX_DECAY_LINEAR,      /* 1 - t / a; 0 beyond a */
    JX_DECAY_EXPONENTIAL, /* exp(-a t) */
    JX_DECAY_GAUSSIAN,    /* exp(-t^2 / (2 a^2)) */
    JX_DECAY_KERNEL,      /* (exp(-(t/a)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2)); 0 beyond a (Dai 2010) */
    JX_DECAY_EPANECHNIKOV,/* 1 - (t/a)^2; 0 beyond a (Dai & Wang 2011; their factor 3/4 cancels) */
    JX_DECAY_LOGISTIC,    /* (1 + exp(-a pi / (b sqrt 3))) / (1 + exp((t - a) pi / (b sqrt 3))): 1 at 0, about 1/2 at a (Bauer & Groneberg 2016) */
    JX_DECAY_POWER,       /* t^-a; 1 below one minute (Hansen 1959) */
    JX_N_DECAYS
} jx_decay_kind;
const char *jx_decay_name(jx_decay_kind k); /* "step", ... never translated */

enum { JX_DECAY_STEPS = 8 };
typedef struct jx_decay {
    jx_decay_kind kind;
    double a, b;
    uint32_t n_steps;
    double at[JX_DECAY_STEPS], weight[JX_DECAY_STEPS]; /* minutes rising; weights in [0, 1], not rising */
} jx_decay;
/**
 * "step:30", "step:10=1,20=0.68,30=0.22", "linear:30", "exponential:0.1", "gaussian:15", "kernel:30", "epanechnikov:30", "logistic:20,5",
 * "power:1.5". DECAY_BAD names what is wrong. Fuzzed.
 */
jx_status jx_decay_parse(jx_ctx *ctx, const char *s, jx_decay *out) JX_MUST_USE;
/** The same text again: reads back to the same decay. */
void jx_decay_write(jx_buf *b, const jx_decay *d);
/** Steps at the thirds of a catchment with the weights 1, 0.68, 0.22 of Luo & Qi 2009 (their 10, 20 and 30 minutes). */
jx_decay jx_decay_thirds(double minutes);
/** Weight at a travel time; 0 for JX_UNREACHABLE. */
double jx_decay_at(const jx_decay *d, uint32_t time_ms);

/* ---- inputs -------------------------------------------------------------------------------------------------------------- */

/** Borrowed. Demand and supply are >= 0 and finite; a supply of NaN is not known: the facility takes no part and is counted. */
typedef struct jx_access_input {
    uint32_t n_cells, n_facilities;
    const uint64_t *row;         /* n_cells + 1, into entry */
    const jx_table_entry *entry; /* each row sorted by time, then facility */
    const double *demand;        /* n_cells: people, or a group of them */
    const double *supply;        /* n_facilities: seats, beds, or 1 each; NULL: 1 each */
    const jx_decay *decay;
} jx_access_input;

/* ---- what can be reached, whoever else wants it ----------------------------------------------------------------------------- */

/** Supply within limit_ms: the cumulative opportunities of Wachs & Kumagai 1973. out[n_cells]. */
void jx_access_cumulative(const jx_access_input *in, uint32_t limit_ms, double *out);
/** Supply weighted by decay (Hansen 1959). */
void jx_access_gravity(const jx_access_input *in, double *out);
/** Time to the k-th nearest facility, k >= 1; JX_UNREACHABLE: not so many within the table's cut-off. */
void jx_access_kth(const jx_access_input *in, uint32_t k, uint32_t *out_ms);
/** Time until the supply reached adds up to `wanted` ("dual access", Cui & Levinson 2020); JX_UNREACHABLE: not within the cut-off. */
void jx_access_dual(const jx_access_input *in, double wanted, uint32_t *out_ms);

/* ---- what is left when others want it too -------------------------------------------------------------------------------------- */

/**
 * f: decay; P: demand; S: supply; sums over the cells i and facilities j of the table.
 * R_j = S_j / sum_i P_i f_ij unless said otherwise: supply per person at the facility.
 */
typedef enum jx_fca {
    JX_FCA_2SFCA,   /* A_i = sum_j f_ij R_j. Luo & Wang 2003 with a step; E2SFCA (Luo & Qi 2009) with several; KD2SFCA (Dai & Wang 2011) with a kernel */
    JX_FCA_3SFCA,   /* f_ij replaced by g_ij f_ij in both steps, g_ij = f_ij / sum_k f_ik: people choose (Wan, Zou & Sternberg 2012) */
    JX_FCA_M2SFCA,  /* A_i = sum_j f_ij^2 R_j: supply far from everybody is partly lost (Delamater 2013) */
    JX_FCA_BFCA,    /* R_j = S_j / sum_i P_i u_ij with u_ij = f_ij / sum_k f_ik, A_i = sum_j v_ij R_j with v_ij = f_ij / sum_k f_kj: neither people nor
                       level of service are counted twice (Paez, Higgins & Vivona 2019) */
    JX_FCA_AVAILABILITY, /* A_i = sum_j S_j P_i f_ij / sum_k P_k f_kj: supply available to the cell as a whole (Soukhov et al. 2023) */
    JX_N_FCA
} jx_fca;
const char *jx_fca_name(jx_fca m); /* "2sfca", ... */

typedef struct jx_fca_totals {
    double supply;        /* of all facilities whose supply is known */
    double supply_used;   /* of those some people reach */
    double demand, demand_reaching; /* people in all; those with a facility of known supply at a weight above 0 */
    uint32_t n_unknown;   /* facilities of unknown supply: left out */
    uint32_t n_unwanted;  /* facilities nobody reaches */
} jx_fca_totals;
/**
 * out[n_cells]: supply per person (of AVAILABILITY: supply of the cell). level[n_facilities] gets R_j (NaN: unknown or nobody reaches it), or NULL.
 * What must hold, and is tested: sum_i P_i A_i = supply_used for 2SFCA and 3SFCA, at most that for M2SFCA; sum_j of demand put on facilities =
 * demand_reaching and sum_i A_i = sum_j R_j for BFCA; sum_i A_i = supply_used for AVAILABILITY.
 */
jx_status jx_access_fca(jx_ctx *ctx, const jx_access_input *in, jx_fca method, double *out, double *level, jx_fca_totals *totals) JX_MUST_USE;

/* ---- places and people -------------------------------------------------------------------------------------------------------------- */

/** How a facility is loaded when everybody goes to the nearest one. */
typedef struct jx_load {
    double demand;    /* persons, each bringing `demand` of its cell */
    uint32_t farthest_ms; /* of those; 0: nobody */
} jx_load;
/** load[n_facilities]; people without any facility within limit_ms go to *unserved. */
void jx_access_load(const jx_access_input *in, uint32_t limit_ms, jx_load *load, double *unserved);

/**
 * Places that are missing even when they are shared out best within limit_ms: demand minus a maximum flow from cells to facilities (so no other way
 * of sharing leaves fewer people without). What is short because nothing is near is told from what is short because the near is full.
 * Facilities of unknown supply take nobody and are counted. Demand and supply are rounded to thousandths. Exact on these; cells that reach the same
 * facilities count as one. Cost: O(V^2 E) at worst on as many sets as there are, in practice milliseconds for a county.
 */
typedef struct jx_shortage {
    double demand, seated;
    double far;        /* demand with no facility of known supply within the limit */
    double full;       /* demand that has one, but no place left in any: demand = seated + far + full */
    double spare;      /* places left over */
    uint32_t n_unknown;
} jx_shortage;
/** seated_in[n_facilities] gets the persons of one best sharing, or NULL (which of the equally good ones is fixed by the order of rows). */
jx_status jx_access_shortage(jx_ctx *ctx, const jx_access_input *in, uint32_t limit_ms, double *seated_in, jx_shortage *out) JX_MUST_USE;

#endif
