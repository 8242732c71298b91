/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Weights by travel time, and their text form. */
#include <math.h>

#include "junxian/access.h"
#include "junxian/num.h"

static const char *const names[JX_N_DECAYS] = {"step", "linear", "exponential", "gaussian", "kernel", "epanechnikov", "logistic", "power"};

const char *jx_decay_name(jx_decay_kind k) { return names[k]; }

static double step_at(const jx_decay *d, double t) {
    for (uint32_t k = 0; k < d->n_steps; k++) {
        if (t <= d->at[k]) {
            return d->weight[k];
        }
    }
    return 0;
}

/* Dai's Gaussian falls to 0 at the edge, not to exp(-1/2). */
static double kernel_at(double r) {
    static const double edge = 0.60653065971263342; /* exp(-1/2) */
    return r >= 1 ? 0 : (jx_exp(-0.5 * r * r) - edge) / (1 - edge);
}

static double logistic_at(const jx_decay *d, double t) {
    double slope = JX_PI / (d->b * 1.7320508075688772), at = (t - d->a) * slope;
    return at > 700 ? 0 : (1 + jx_exp(-d->a * slope)) / (1 + jx_exp(at));
}

double jx_decay_at(const jx_decay *d, uint32_t time_ms) {
    double t = (double)time_ms / 60000.0, r = t / d->a;
    if (time_ms == JX_UNREACHABLE) {
        return 0;
    }
    switch (d->kind) {
    case JX_DECAY_STEP:
        return step_at(d, t);
    case JX_DECAY_LINEAR:
        return r >= 1 ? 0 : 1 - r;
    case JX_DECAY_EXPONENTIAL:
        return jx_exp(-d->a * t);
    case JX_DECAY_GAUSSIAN:
        return jx_exp(-0.5 * r * r);
    case JX_DECAY_KERNEL:
        return kernel_at(r);
    case JX_DECAY_EPANECHNIKOV:
        return r >= 1 ? 0 : 1 - r * r;
    case JX_DECAY_LOGISTIC:
        return logistic_at(d, t);
    case JX_DECAY_POWER:
        return t <= 1 ? 1 : jx_pow(t, -d->a);
    case JX_N_DECAYS:
        break;
    }
    return 0;
}

/* ---- text ---------------------------------------------------------------------------------------------------------------- */

static jx_status bad(jx_ctx *ctx, const char *s) { return JX_FAIL(ctx, DECAY_BAD, JX_S(s)); }

/* One number up to any of `stops`; moves on past it. */
static bool number(const char **s, const char *stops, double *out) {
    size_t n = strcspn(*s, stops);
    if (!jx_parse_double(*s, n, out) || !(*out >= 0) || *out > 1e6) {
        return false;
    }
    *s += n;
    return true;
}

static bool steps(const char *s, jx_decay *d) {
    double last_at = 0, last_weight = 1;
    while (*s) {
        double at, weight = 1;
        if (d->n_steps == JX_DECAY_STEPS || !number(&s, "=,", &at)) {
            return false;
        }
        if (*s == '=') {
            s++;
            if (!number(&s, ",", &weight)) {
                return false;
            }
        }
        if (at <= last_at || weight > last_weight || (*s == ',' && !s[1])) {
            return false;
        }
        s += *s == ',';
        d->at[d->n_steps] = last_at = at;
        d->weight[d->n_steps++] = last_weight = weight;
    }
    return d->n_steps > 0;
}

jx_status jx_decay_parse(jx_ctx *ctx, const char *s, jx_decay *out) {
    size_t n = strcspn(s, ":");
    const char *rest = s + n + (s[n] == ':');
    jx_decay d = {.kind = JX_N_DECAYS};
    for (int k = 0; k < JX_N_DECAYS; k++) {
        if (strlen(names[k]) == n && memcmp(names[k], s, n) == 0) {
            d.kind = (jx_decay_kind)k;
        }
    }
    bool ok = d.kind != JX_N_DECAYS && s[n] == ':';
    if (ok && d.kind == JX_DECAY_STEP) {
        ok = steps(rest, &d);
    } else if (ok) {
        ok = number(&rest, ",", &d.a) && d.a >= 1e-6;
        if (ok && d.kind == JX_DECAY_LOGISTIC) {
            ok = *rest == ',';
            rest += ok;
            ok = ok && number(&rest, "", &d.b) && d.b >= 1e-3;
        }
        ok = ok && !*rest;
    }
    if (!ok) {
        return bad(ctx, s);
    }
    *out = d;
    return JX_OK;
}

jx_decay jx_decay_thirds(double minutes) {
    return (jx_decay){.kind = JX_DECAY_STEP, .n_steps = 3, .at = {minutes / 3, minutes * 2 / 3, minutes}, .weight = {1, 0.68, 0.22}};
}

void jx_decay_write(jx_buf *b, const jx_decay *d) {
    jx_buf_fmt(b, "%s:", names[d->kind]);
    if (d->kind != JX_DECAY_STEP) {
        jx_buf_double(b, d->a);
        if (d->kind == JX_DECAY_LOGISTIC) {
            jx_buf_char(b, ',');
            jx_buf_double(b, d->b);
        }
        return;
    }
    for (uint32_t k = 0; k < d->n_steps; k++) {
        jx_buf_str(b, k ? "," : "");
        jx_buf_double(b, d->at[k]);
        jx_buf_char(b, '=');
        jx_buf_double(b, d->weight[k]);
    }
}
