/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * How unequally something is spread over people. A distribution is a value x[i] of each of w[i] people (w may be fractional); all measures
 * are weighted by people, so that splitting an item or taking everything twice changes nothing. Sums are compensated and in the order of the
 * values, then of the index: the same bits everywhere.
 *
 * What is no value: NaN or negative x, and w that is negative or not finite, are missing: counted, never used, never dropped in silence.
 * INFINITY is legal for times (cannot be reached): counted apart, above every line, and outside the measures that need finite values.
 */
#ifndef JUNXIAN_INEQUALITY_H
#define JUNXIAN_INEQUALITY_H

#include "junxian/base.h"

typedef struct jx_inequality_options {
    double epsilon; /* aversion of Atkinson's index, >= 0; 0 stands for 0.5 */
    double line;    /* poverty line, > 0; NaN: no FGT */
    bool above;     /* poor are those above the line (times); the gap is (x - line) / line, at most 1, which it is at INFINITY too */
} jx_inequality_options;

typedef struct jx_inequality {
    uint32_t n, n_missing;  /* items used (infinite ones too), items missing */
    double people;          /* of finite values: the base of all shares but FGT's */
    double missing;         /* people without a value */
    double infinite;        /* people whose value is INFINITY */
    double zero;            /* people whose value is 0 */
    double mean;            /* NaN: nobody, as are all below then */
    double p10, median, p90; /* over all people, INFINITY counting as the largest */
    double gini;            /* Gini 1912: 0 when all are equal (exactly), below 1 always */
    double theil_t;         /* Theil 1967: sum of shares of x times log of share of x over share of people; NaN when the mean is 0 */
    double theil_l;         /* mean log deviation; INFINITY when somebody has 0 */
    double atkinson;        /* Atkinson 1970 */
    double palma;           /* Palma 2011: what the highest tenth has over what the lowest four tenths have; INFINITY when those have nothing */
    double fgt[3];          /* Foster, Greer, Thorbecke 1984: share of poor, mean gap, mean squared gap, over finite and infinite people; NaN without a line */
} jx_inequality;

/** All of it for all items. n_items == 0 is legal. O(n log n), memory 32 bytes an item. */
jx_status jx_inequality_of(jx_ctx *ctx, const double *x, const double *w, size_t n, const jx_inequality_options *opt, jx_inequality *out) JX_MUST_USE;

/**
 * The same for each group and once for all: out[g] for group[i] == g, out[n_groups] for items without a group (group[i] >= n_groups: their own
 * row, so that the rows always add up), out[n_groups + 1] for all items. One sort serves all.
 */
jx_status jx_inequality_by_group(jx_ctx *ctx, const double *x, const double *w, size_t n, const uint32_t *group, uint32_t n_groups,
                                 const jx_inequality_options *opt, jx_inequality *out) JX_MUST_USE;

/**
 * Theil's measures taken apart: total = within + between (Bourguignon 1979; Shorrocks 1980), the group "missing" being a group too. rows: n_groups + 2 of
 * jx_inequality_by_group. The identity holds to 32 ulp of 1 + total. L is INFINITY in within and total when somebody has 0. between_*_of may be
 * NULL, else n_groups + 1 terms of the groups (which may be negative).
 */
typedef struct jx_theil_parts {
    double within_t, between_t, within_l, between_l;
} jx_theil_parts;
jx_theil_parts jx_theil_split(const jx_inequality *rows, uint32_t n_groups, double *between_t_of, double *between_l_of);

/** Lorenz curve (1905): out[k], k = 0..n_points, is the share of x that the k / n_points of people with least have; exact, linear within an item.
 *  NaN when there is nobody or the mean is 0. */
jx_status jx_lorenz(jx_ctx *ctx, const double *x, const double *w, size_t n, uint32_t n_points, double *out) JX_MUST_USE;

/** Weighted quantiles: the smallest value such that its people and those below are at least q of the whole; NaN when there is nobody. */
jx_status jx_weighted_quantiles(jx_ctx *ctx, const double *x, const double *w, size_t n, const double *q, size_t nq, double *out) JX_MUST_USE;

/**
 * Concentration of x along another order of people (income, remoteness), lowest rank first; equal ranks share their mean rank. Below 0: those of
 * low rank have more. Items whose rank is NaN are missing. lo and hi: the bounds of x, for Wagstaff and Erreygers; both NaN without.
 */
typedef struct jx_concentration {
    uint32_t n, n_missing;
    double people, missing, mean;
    double standard;   /* Kakwani, Wagstaff, van Doorslaer 1997: 2 cov(x, rank) / mean; this and all below NaN where all have one rank */
    double wagstaff;   /* Wagstaff 2005: standard x mean (hi - lo) / ((hi - mean) (mean - lo)) */
    double erreygers;  /* Erreygers 2009: standard x 4 mean / (hi - lo) */
    double palma;      /* mean of the tenth of highest rank over mean of the four tenths of lowest (the palma of Herszenhut et al. 2022) */
} jx_concentration;
jx_status jx_concentration_of(jx_ctx *ctx, const double *x, const double *w, const double *rank, size_t n, double lo, double hi,
                              jx_concentration *out) JX_MUST_USE;

#endif
