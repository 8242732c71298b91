/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Inequality of a distribution weighted by people. Items are sorted once; each group is then a walk over its items in that order. Sums of
 * differences instead of differences of sums wherever a measure must be zero for equals.
 */
#include <math.h>

#include "junxian/inequality.h"
#include "junxian/num.h"

/* Bits of a non-negative double sort as the double does. */
static uint64_t bits(double x) {
    uint64_t u;
    x = x == 0 ? 0 : x; /* -0 */
    memcpy(&u, &x, sizeof u);
    return u;
}

static bool usable(double x, double w) { return x >= 0 && w >= 0 && w <= 1.7976931348623157e308; }

/* Indices of the usable items by value, then index. */
static jx_status sorted(jx_ctx *ctx, const double *x, const double *w, size_t n, uint32_t **order, uint32_t *count) {
    uint64_t *keys = jx_malloc(ctx, n, 2 * sizeof *keys);
    uint32_t *vals = jx_malloc(ctx, n, 2 * sizeof *vals);
    if (!keys || !vals) {
        jx_free(ctx, keys);
        jx_free(ctx, vals);
        return JX_E_NOMEM;
    }
    uint32_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (usable(x[i], w[i])) {
            keys[k] = bits(x[i]);
            vals[k++] = (uint32_t)i;
        }
    }
    jx_sort_u64_u32(keys, vals, keys + n, vals + n, k);
    jx_free(ctx, keys);
    *order = vals;
    *count = k;
    return JX_OK;
}

/* A part of a distribution in order of its values: finite items first, then the infinite ones. */
typedef struct walk {
    const double *x, *w;
    const uint32_t *order;
    uint32_t n, n_finite;
    double people, sum; /* finite: weight, and weight times value */
} walk;

static walk walk_of(const double *x, const double *w, const uint32_t *order, uint32_t n) {
    walk k = {x, w, order, n, 0, 0, 0};
    jx_acc people = {0}, sum = {0};
    for (; k.n_finite < n && !isinf(x[order[k.n_finite]]); k.n_finite++) {
        uint32_t i = order[k.n_finite];
        jx_acc_add(&people, w[i]);
        jx_acc_add(&sum, w[i] * x[i]);
    }
    k.people = jx_acc_total(&people);
    k.sum = jx_acc_total(&sum);
    return k;
}

/* Half the mean difference over the mean, by the steps between neighbours: no step, no inequality. */
static double gini(const walk *k) {
    jx_acc below = {0}, area = {0};
    for (uint32_t i = 0; i + 1 < k->n_finite; i++) {
        jx_acc_add(&below, k->w[k->order[i]]);
        double f = jx_acc_total(&below), rest = k->people - f;
        double step = k->x[k->order[i + 1]] - k->x[k->order[i]];
        jx_acc_add(&area, f * (rest > 0 ? rest : 0) / k->people * step);
    }
    return jx_acc_total(&area) / k->sum;
}

/* Theil's T and L. Their terms add up to the same with or without r - 1, which sums to zero, but each is then not below zero. */
static void theil(const walk *k, double mean, jx_inequality *out) {
    jx_acc t = {0}, l = {0};
    for (uint32_t i = 0; i < k->n_finite; i++) {
        double w = k->w[k->order[i]], r = k->x[k->order[i]] / mean;
        double log_r = r > 0 ? jx_log(r) : 0;
        if (w > 0) {
            jx_acc_add(&t, w * (r * log_r - r + 1));
            jx_acc_add(&l, r > 0 ? w * (r - 1 - log_r) : w * INFINITY);
        }
    }
    double sum_t = jx_acc_total(&t) / k->people, sum_l = out->zero > 0 ? INFINITY : jx_acc_total(&l) / k->people;
    out->theil_t = sum_t > 0 ? sum_t : 0;
    out->theil_l = sum_l > 0 ? sum_l : 0;
}

static double atkinson(const walk *k, double mean, double epsilon, double theil_l) {
    if (epsilon == 1) {
        return isinf(theil_l) ? 1 : 1 - jx_exp(-theil_l);
    }
    jx_acc s = {0};
    for (uint32_t i = 0; i < k->n_finite; i++) {
        double w = k->w[k->order[i]], r = k->x[k->order[i]] / mean;
        if (r <= 0 && w > 0 && epsilon > 1) {
            return 1;
        }
        jx_acc_add(&s, r > 0 ? w * jx_pow(r, 1 - epsilon) : 0);
    }
    double a = 1 - jx_pow(jx_acc_total(&s) / k->people, 1 / (1 - epsilon));
    return a > 0 ? a : 0;
}

/* What the people up to each share of all (ascending) have together; an item on the border counts in part. */
static void held(const walk *k, const double *share, size_t n, double *out) {
    jx_acc people = {0}, sum = {0};
    uint32_t i = 0;
    for (size_t s = 0; s < n; s++) {
        double want = share[s] * k->people;
        while (i < k->n_finite && jx_acc_total(&people) + k->w[k->order[i]] <= want) {
            jx_acc_add(&people, k->w[k->order[i]]);
            jx_acc_add(&sum, k->w[k->order[i]] * k->x[k->order[i]]);
            i++;
        }
        double part = want - jx_acc_total(&people);
        out[s] = jx_acc_total(&sum) + (i < k->n_finite && part > 0 ? part * k->x[k->order[i]] : 0);
    }
}

static void poverty(const walk *k, const jx_inequality_options *opt, jx_inequality *out) {
    jx_acc people = {0}, fgt[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (uint32_t i = 0; i < k->n; i++) {
        double w = k->w[k->order[i]], x = k->x[k->order[i]];
        double gap = opt->above ? (x - opt->line) / opt->line : (opt->line - x) / opt->line;
        gap = gap > 1 ? 1 : gap;
        jx_acc_add(&people, w);
        if (opt->above ? x > opt->line : x < opt->line) {
            jx_acc_add(&fgt[0], w);
            jx_acc_add(&fgt[1], w * gap);
            jx_acc_add(&fgt[2], w * gap * gap);
        }
    }
    for (int a = 0; a < 3; a++) {
        out->fgt[a] = jx_acc_total(&people) > 0 ? jx_acc_total(&fgt[a]) / jx_acc_total(&people) : NAN;
    }
}

/* Equality with the wanted share must not hang on the last bit of a sum of weights. */
static double quantile(const walk *k, double q) {
    jx_acc all = {0}, part = {0};
    for (uint32_t i = 0; i < k->n; i++) {
        jx_acc_add(&all, k->w[k->order[i]]);
    }
    double want = q * jx_acc_total(&all) * (1 - 1e-12);
    for (uint32_t i = 0; i < k->n; i++) {
        double w = k->w[k->order[i]];
        jx_acc_add(&part, w);
        if (w > 0 && jx_acc_total(&part) >= want) {
            return k->x[k->order[i]];
        }
    }
    return NAN;
}

static void measure(const walk *k, const jx_inequality_options *opt, jx_inequality *out) {
    double mean = k->people > 0 ? k->sum / k->people : NAN, epsilon = opt && opt->epsilon > 0 ? opt->epsilon : 0.5;
    jx_acc zero = {0}, infinite = {0};
    out->n = k->n;
    out->people = k->people;
    out->mean = mean;
    for (uint32_t i = 0; i < k->n; i++) {
        double x = k->x[k->order[i]];
        jx_acc_add(&zero, x == 0 ? k->w[k->order[i]] : 0);
        jx_acc_add(&infinite, isinf(x) ? k->w[k->order[i]] : 0);
    }
    out->zero = jx_acc_total(&zero);
    out->infinite = jx_acc_total(&infinite);
    out->p10 = quantile(k, 0.1), out->median = quantile(k, 0.5), out->p90 = quantile(k, 0.9);
    if (opt && opt->line > 0) {
        poverty(k, opt, out);
    }
    if (!(mean > 0)) {
        return; /* nobody, or all have nothing: no shares of nothing */
    }
    static const double ends[2] = {0.4, 0.9};
    double part[2];
    held(k, ends, 2, part);
    out->palma = part[0] > 0 ? (k->sum - part[1]) / part[0] : INFINITY;
    bool equal = k->x[k->order[0]] == k->x[k->order[k->n_finite - 1]];
    if (equal) { /* a mean that is rounded must not make equals unequal */
        out->gini = out->theil_t = out->theil_l = out->atkinson = 0;
        return;
    }
    out->gini = gini(k);
    theil(k, mean, out);
    out->atkinson = atkinson(k, mean, epsilon, out->theil_l);
}

static jx_inequality nothing(void) {
    return (jx_inequality){.mean = NAN, .p10 = NAN, .median = NAN, .p90 = NAN, .gini = NAN, .theil_t = NAN, .theil_l = NAN, .atkinson = NAN,
                           .palma = NAN, .fgt = {NAN, NAN, NAN}};
}

static void count_missing(const double *x, const double *w, size_t i, jx_inequality *out) {
    if (!usable(x[i], w[i])) {
        out->n_missing++;
        out->missing += w[i] >= 0 && !isinf(w[i]) ? w[i] : 0;
    }
}

jx_status jx_inequality_of(jx_ctx *ctx, const double *x, const double *w, size_t n, const jx_inequality_options *opt, jx_inequality *out) {
    uint32_t *order, count;
    JX_TRY(sorted(ctx, x, w, n, &order, &count));
    walk k = walk_of(x, w, order, count);
    *out = nothing();
    measure(&k, opt, out);
    for (size_t i = 0; i < n; i++) {
        count_missing(x, w, i, out);
    }
    jx_free(ctx, order);
    return JX_OK;
}

static uint32_t row_of(uint32_t group, uint32_t n_groups) { return group < n_groups ? group : n_groups; }

jx_status jx_inequality_by_group(jx_ctx *ctx, const double *x, const double *w, size_t n, const uint32_t *group, uint32_t n_groups,
                                 const jx_inequality_options *opt, jx_inequality *out) {
    uint32_t *order, count;
    JX_TRY(sorted(ctx, x, w, n, &order, &count));
    uint32_t *start = jx_calloc(ctx, (size_t)n_groups + 2, sizeof *start), *mine = jx_malloc(ctx, count, sizeof *mine);
    jx_status st = start && mine ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < count; i++) {
        start[row_of(group[order[i]], n_groups) + 1]++;
    }
    for (uint32_t g = 0; st == JX_OK && g <= n_groups; g++) {
        start[g + 1] += start[g];
    }
    for (uint32_t i = 0; st == JX_OK && i < count; i++) { /* in order of value within each group; start[g] becomes its end */
        mine[start[row_of(group[order[i]], n_groups)]++] = order[i];
    }
    for (uint32_t g = 0; st == JX_OK && g <= n_groups; g++) {
        uint32_t begin = g ? start[g - 1] : 0;
        walk k = walk_of(x, w, mine + begin, start[g] - begin);
        out[g] = nothing();
        measure(&k, opt, &out[g]);
    }
    if (st == JX_OK) {
        walk k = walk_of(x, w, order, count);
        out[n_groups + 1] = nothing();
        measure(&k, opt, &out[n_groups + 1]);
        for (size_t i = 0; i < n; i++) {
            count_missing(x, w, i, &out[row_of(group[i], n_groups)]);
            count_missing(x, w, i, &out[n_groups + 1]);
        }
    }
    jx_free(ctx, start);
    jx_free(ctx, mine);
    jx_free(ctx, order);
    return st;
}

jx_theil_parts jx_theil_split(const jx_inequality *rows, uint32_t n_groups, double *between_t_of, double *between_l_of) {
    const jx_inequality *all = &rows[n_groups + 1];
    jx_acc wt = {0}, bt = {0}, wl = {0}, bl = {0};
    bool zero = all->zero > 0, nobody = !(all->mean > 0);
    for (uint32_t g = 0; g <= n_groups; g++) {
        const jx_inequality *r = &rows[g];
        double p = r->people / all->people, m = r->mean / all->mean, t = 0, l = 0;
        if (!nobody && r->people > 0 && m > 0) {
            t = p * m * jx_log(m);
            l = -p * jx_log(m);
            jx_acc_add(&wt, p * m * r->theil_t);
            jx_acc_add(&wl, zero ? 0 : p * r->theil_l);
        } else if (!nobody && r->people > 0) {
            l = INFINITY; /* a group that has nothing at all */
        }
        jx_acc_add(&bt, t);
        jx_acc_add(&bl, isinf(l) ? 0 : l);
        if (between_t_of) {
            between_t_of[g] = nobody ? NAN : t;
        }
        if (between_l_of) {
            between_l_of[g] = nobody ? NAN : l;
        }
    }
    bool poor_group = false;
    for (uint32_t g = 0; g <= n_groups; g++) {
        poor_group = poor_group || (rows[g].people > 0 && !(rows[g].mean > 0));
    }
    if (nobody) {
        return (jx_theil_parts){NAN, NAN, NAN, NAN};
    }
    return (jx_theil_parts){jx_acc_total(&wt), jx_acc_total(&bt), zero ? INFINITY : jx_acc_total(&wl), poor_group ? INFINITY : jx_acc_total(&bl)};
}

jx_status jx_lorenz(jx_ctx *ctx, const double *x, const double *w, size_t n, uint32_t n_points, double *out) {
    uint32_t *order, count;
    JX_TRY(sorted(ctx, x, w, n, &order, &count));
    double *share = jx_malloc(ctx, (size_t)n_points + 1, sizeof *share);
    jx_status st = share ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        walk k = walk_of(x, w, order, count);
        for (uint32_t i = 0; i <= n_points; i++) {
            share[i] = n_points ? (double)i / n_points : 0;
        }
        held(&k, share, (size_t)n_points + 1, out);
        for (uint32_t i = 0; i <= n_points; i++) {
            out[i] = k.people > 0 && k.sum > 0 ? (i == n_points && n_points ? 1 : out[i] / k.sum) : NAN;
        }
    }
    jx_free(ctx, share);
    jx_free(ctx, order);
    return st;
}

jx_status jx_weighted_quantiles(jx_ctx *ctx, const double *x, const double *w, size_t n, const double *q, size_t nq, double *out) {
    uint32_t *order, count;
    JX_TRY(sorted(ctx, x, w, n, &order, &count));
    walk k = walk_of(x, w, order, count);
    for (size_t i = 0; i < nq; i++) {
        out[i] = quantile(&k, q[i]);
    }
    jx_free(ctx, order);
    return JX_OK;
}
