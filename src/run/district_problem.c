/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The whole problem of districts and its answer as JSON, so that anybody can check it with a solver of their own. */
#include "junxian/io.h"
#include "run/district.h"

static void u32_or_null(jx_json *j, uint32_t v, uint32_t none) {
    if (v == none) {
        jx_json_null(j);
    } else {
        jx_json_int(j, v);
    }
}

static void list_u32(jx_json *j, const char *key, const uint32_t *v, uint32_t n, uint32_t none) {
    jx_json_key(j, key), jx_json_arr(j);
    for (uint32_t i = 0; v && i < n; i++) {
        u32_or_null(j, v[i], none);
    }
    jx_json_end_arr(j);
}

static void rows_u32(jx_json *j, const char *key, const uint32_t *v, uint32_t n, uint32_t m, uint32_t none) {
    jx_json_key(j, key), jx_json_arr(j);
    for (uint32_t i = 0; i < n; i++) {
        jx_json_arr(j);
        for (uint32_t s = 0; s < m; s++) {
            u32_or_null(j, v[(size_t)i * m + s], none);
        }
        jx_json_end_arr(j);
    }
    jx_json_end_arr(j);
}

static void pairs(jx_json *j, const jx_district *d) {
    jx_json_key(j, "crossing"), jx_json_arr(j); /* [cell, site] whose way crosses */
    for (size_t e = 0; d->crossing && e < (size_t)d->n_cells * d->n_sites; e++) {
        if (d->crossing[e]) {
            jx_json_arr(j), jx_json_int(j, (int64_t)(e / d->n_sites)), jx_json_int(j, (int64_t)(e % d->n_sites)),
                jx_json_end_arr(j);
        }
    }
    jx_json_end_arr(j);
    jx_json_key(j, "neighbours"), jx_json_arr(j); /* [cell, cell], each pair once */
    for (uint32_t c = 0; d->near_off && c < d->n_cells; c++) {
        for (uint32_t e = d->near_off[c]; e < d->near_off[c + 1]; e++) {
            if (d->near[e] > c) {
                jx_json_arr(j), jx_json_int(j, c), jx_json_int(j, d->near[e]), jx_json_end_arr(j);
            }
        }
    }
    jx_json_end_arr(j);
}

static void answer(jx_json *j, const jx_district *d, const jx_district_flow *f, const jx_district_plan *p) {
    list_u32(j, "site", p->site, d->n_cells, JX_NONE);
    jx_json_key(j, "split"), jx_json_arr(j); /* [cell, site, people] */
    for (size_t e = 0; e < (size_t)d->n_cells * d->n_sites; e++) {
        if (f->part[e]) {
            jx_json_arr(j), jx_json_int(j, (int64_t)(e / d->n_sites)), jx_json_int(j, (int64_t)(e % d->n_sites)),
                jx_json_int(j, f->part[e]), jx_json_end_arr(j);
        }
    }
    jx_json_end_arr(j);
    jx_json_key(j, "proved"), jx_json_bool(j, p->proved);
}

jx_status jx__problem_save(jx_ctx *ctx, const char *path, const jx_district *d, const char *const *label,
                           const jx_pt *pt, const jx_district_flow *f, const jx_district_plan *p) {
    jx_buf b;
    jx_json j;
    jx_buf_init(&b, ctx);
    jx_json_init(&j, &b, false);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.district.problem/1");
    jx_json_key(&j, "parts"), jx_json_int(&j, d->parts);
    jx_json_key(&j, "label"), jx_json_arr(&j);
    for (uint32_t s = 0; s < d->n_sites; s++) {
        jx_json_str(&j, label[s]);
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "at"), jx_json_arr(&j);
    for (uint32_t c = 0; c < d->n_cells; c++) {
        jx_json_arr(&j), jx_json_real(&j, pt[c].lon / 1e7, 7), jx_json_real(&j, pt[c].lat / 1e7, 7),
            jx_json_end_arr(&j);
    }
    jx_json_end_arr(&j);
    list_u32(&j, "people", d->people, d->n_cells, JX_NONE);
    jx_json_key(&j, "capacity"), jx_json_arr(&j);
    for (uint32_t s = 0; s < d->n_sites; s++) {
        jx_json_int(&j, (int64_t)d->capacity[s]);
    }
    jx_json_end_arr(&j);
    rows_u32(&j, "time_ms", d->time_ms, d->n_cells, d->n_sites, JX_UNREACHABLE);
    list_u32(&j, "present", d->present, d->present ? d->n_cells : 0, JX_NONE);
    pairs(&j, d);
    answer(&j, d, f, p);
    jx_json_end_obj(&j);
    jx_buf_char(&b, '\n');
    jx_status st = jx_buf_ok(&b);
    st = st == JX_OK ? jx_file_write(ctx, path, b.s, b.n) : st;
    jx_buf_release(&b);
    return st;
}

jx_status jx__groups_save(jx_ctx *ctx, const char *path, const jx_consortium *c, const jx_consortium_plan *p) {
    jx_buf b;
    jx_json j;
    jx_buf_init(&b, ctx);
    jx_json_init(&j, &b, false);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.consortium.problem/1");
    jx_json_key(&j, "max_ratio"), jx_json_real(&j, c->max_ratio, -1);
    jx_json_key(&j, "people"), jx_json_arr(&j);
    for (uint32_t i = 0; i < c->n_members; i++) {
        jx_json_real(&j, c->people[i], -1);
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "share"), jx_json_arr(&j);
    for (uint32_t h = 0; h < c->n_heads; h++) {
        jx_json_real(&j, c->share ? c->share[h] : 1, -1);
    }
    jx_json_end_arr(&j);
    rows_u32(&j, "time_ms", c->time_ms, c->n_members, c->n_heads, JX_UNREACHABLE);
    list_u32(&j, "head", p->head, c->n_members, JX_NONE);
    jx_json_key(&j, "proved"), jx_json_bool(&j, p->proved);
    jx_json_end_obj(&j);
    jx_buf_char(&b, '\n');
    jx_status st = jx_buf_ok(&b);
    st = st == JX_OK ? jx_file_write(ctx, path, b.s, b.n) : st;
    jx_buf_release(&b);
    return st;
}
