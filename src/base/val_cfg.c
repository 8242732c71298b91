/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Typed reading of configuration: what is there must be right, what is missing keeps its default. */
#include <math.h>

#include "base_internal.h"
#include "junxian/val.h"

/* How a value is quoted in a message. */
static const char *spelling(const jx_val *v) {
    return v->s ? v->s : v->type == JX_VAL_SEQ ? "[...]" : v->type == JX_VAL_MAP ? "{...}" : "";
}

static jx_status wrong_type(jx_ctx *ctx, const jx_doc *d, const jx_val *v, const char *key, const char *wanted) {
    return JX_FAIL_ROW(ctx, d->name, v->line, CONFIG_TYPE, JX_S(key), JX_T(wanted), JX_S(spelling(v)));
}

/* The value of a key, or NULL where there is none or nothing after the colon. */
static const jx_val *present(const jx_val *map, const char *key) {
    const jx_val *v = jx_val_get(map, key);
    return v && v->type != JX_VAL_NULL ? v : NULL;
}

jx_status jx_cfg_str(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, const char **out) {
    const jx_val *v = present(map, key);
    if (v && (v->type == JX_VAL_SEQ || v->type == JX_VAL_MAP)) {
        return wrong_type(ctx, d, v, key, N_("a text"));
    }
    if (v) {
        *out = v->s;
    }
    return JX_OK;
}

jx_status jx_cfg_real(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, double lo, double hi,
                      double *out) {
    const jx_val *v = present(map, key);
    if (!v) {
        return JX_OK;
    }
    if (v->type != JX_VAL_REAL && v->type != JX_VAL_INT) {
        return wrong_type(ctx, d, v, key, N_("a number"));
    }
    if (!(v->r >= lo && v->r <= hi)) {
        char a[JX__DOUBLE_TEXT], b[JX__DOUBLE_TEXT];
        (void)jx__format_double(a, lo);
        (void)jx__format_double(b, hi);
        return JX_FAIL_ROW(ctx, d->name, v->line, CONFIG_RANGE, JX_S(key), JX_S(spelling(v)), JX_S(a), JX_S(b));
    }
    *out = v->r;
    return JX_OK;
}

jx_status jx_cfg_int(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, int64_t lo, int64_t hi,
                     int64_t *out) {
    const jx_val *v = present(map, key);
    if (!v) {
        return JX_OK;
    }
    if (v->type != JX_VAL_INT) {
        return wrong_type(ctx, d, v, key, N_("a whole number"));
    }
    if (v->i < lo || v->i > hi) {
        return JX_FAIL_ROW(ctx, d->name, v->line, CONFIG_RANGE, JX_S(key), JX_S(spelling(v)), JX_I(lo), JX_I(hi));
    }
    *out = v->i;
    return JX_OK;
}

jx_status jx_cfg_bool(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, bool *out) {
    const jx_val *v = present(map, key);
    if (!v) {
        return JX_OK;
    }
    if (v->type != JX_VAL_BOOL) {
        return wrong_type(ctx, d, v, key, N_("true or false"));
    }
    *out = v->b;
    return JX_OK;
}

static unsigned min3(unsigned a, unsigned b, unsigned c) {
    a = a < b ? a : b;
    return a < c ? a : c;
}

/* Optimal string alignment distance (insert, delete, replace, swap neighbours); texts beyond LONG are cut. */
static unsigned distance(const char *a, const char *b) {
    enum { LONG = 48 };
    unsigned row[3][LONG + 1];
    size_t na = strlen(a), nb = strlen(b);
    na = na < LONG ? na : LONG;
    nb = nb < LONG ? nb : LONG;
    for (unsigned j = 0; j <= nb; j++) {
        row[0][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        unsigned *now = row[i % 3], *prev = row[(i + 2) % 3], *prev2 = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = min3(prev[j] + 1, now[j - 1] + 1, prev[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && prev2[j - 2] + 1 < now[j]) {
                now[j] = prev2[j - 2] + 1;
            }
        }
    }
    return row[na % 3][nb];
}

/* "a, b, c" of the known keys, for a key that resembles none of them. */
static jx_status fail_with_list(jx_ctx *ctx, const jx_doc *d, const char *key, uint32_t line, const char *const *keys) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    for (const char *const *k = keys; *k; k++) {
        jx_buf_str(&b, k == keys ? "" : ", ");
        jx_buf_str(&b, *k);
    }
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        st = JX_FAIL_ROW(ctx, d->name, line, CONFIG_UNKNOWN_KEY_LIST, JX_S(key), JX_S(b.s));
    }
    jx_buf_release(&b);
    return st;
}

jx_status jx_cfg_known(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *const *keys) {
    if (!map || map->type != JX_VAL_MAP) {
        return JX_OK;
    }
    for (uint32_t i = 0; i < map->n; i++) {
        const char *key = map->keys[i], *best = NULL;
        unsigned least = UINT32_MAX;
        for (const char *const *k = keys; *k; k++) {
            unsigned dist = distance(key, *k);
            if (dist < least) {
                least = dist;
                best = *k;
            }
        }
        if (best && strcmp(best, key) == 0) {
            continue;
        }
        if (!best || least > 1 + strlen(key) / 3) {
            return fail_with_list(ctx, d, key, map->key_lines[i], keys);
        }
        return JX_FAIL_ROW(ctx, d->name, map->key_lines[i], CONFIG_UNKNOWN_KEY, JX_S(key), JX_S(best));
    }
    return JX_OK;
}
