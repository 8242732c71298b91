/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * `junxian check`: every source is read and tried, nothing is computed. Findings come as messages with file, row and remedy;
 * exit code 1 when there is any. The coordinate test holds a list's points against the streets under each system a Chinese
 * source may be in, because a GCJ-02 list declared WGS 84 looks right in every other way.
 */
#include <math.h>

#include "run/plans.h"

/* Systems tried, and how far the median point lies from a street under each. */
enum { N_SYSTEMS = 3 };
static const jx_crs systems[N_SYSTEMS] = {JX_CRS_WGS84, JX_CRS_GCJ02, JX_CRS_BD09};

typedef struct offset_test {
    double median_m[N_SYSTEMS];
    uint32_t n;
} offset_test;

static int cmp_real(const void *a, const void *b, void *user) {
    (void)user;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Points as read stand in WGS 84 under `declared`; undo that, read them as `tried` instead. */
static bool reread(jx_pt p, jx_crs declared, jx_crs tried, jx_pt *out) {
    double lon = jx_deg(p.lon), lat = jx_deg(p.lat);
    jx_from_wgs84(declared, &lon, &lat);
    jx_to_wgs84(tried, &lon, &lat);
    return jx_pt_from_deg(lon, lat, out);
}

static jx_status median_offset(jx_ctx *ctx, const jx_county *c, const jx_pt *pts, uint32_t n, jx_crs declared, jx_crs tried, double *out) {
    jx_pt *moved = jx_malloc(ctx, n, sizeof *moved);
    jx_snap *snap = jx_malloc(ctx, n, sizeof *snap);
    double *m = jx_malloc(ctx, n, sizeof *m);
    jx_status st = moved && snap && m ? JX_OK : JX_E_NOMEM;
    uint32_t k = 0;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        k += reread(pts[i], declared, tried, &moved[k]) ? 1 : 0;
    }
    if (st == JX_OK) {
        st = jx_snap_all(ctx, c->network, c->metric[JX_WALK], jx_profiles_get(c->profiles, JX_WALK), moved, k, snap);
    }
    if (st == JX_OK) {
        for (uint32_t i = 0; i < k; i++) {
            m[i] = snap[i].edge == JX_NONE ? 1e9 : snap[i].offroad_mm / 1e3;
        }
        st = jx_sort(ctx, m, k, sizeof *m, cmp_real, NULL);
        *out = k ? m[k / 2] : NAN;
    }
    jx_free(ctx, moved);
    jx_free(ctx, snap);
    jx_free(ctx, m);
    return st;
}

/* Points of a list stand some 5 m from a street (measured on OpenStreetMap amenities); a wrong system puts the median at 20 to 40 m. */
static const double suspicious_m = 15, clearly_better = 0.5;
enum { MIN_POINTS = 8 };

static jx_status test_system(jx_ctx *ctx, const jx_county *c, const jx_pt *pts, uint32_t n, jx_crs declared, const char *file, uint32_t *n_findings) {
    if (n < MIN_POINTS) {
        return JX_OK;
    }
    double declared_m = NAN, best_m = NAN;
    jx_crs best = declared;
    JX_TRY(median_offset(ctx, c, pts, n, declared, declared, &declared_m));
    for (int i = 0; i < N_SYSTEMS; i++) {
        double m = NAN;
        JX_TRY(median_offset(ctx, c, pts, n, declared, systems[i], &m));
        if (isnan(best_m) || m < best_m) {
            best_m = m;
            best = systems[i];
        }
    }
    if (declared_m > suspicious_m && best_m < declared_m * clearly_better && best != declared) {
        JX_WARN_ROW(ctx, file, 0, CRS_LOOKS_OTHER, JX_S(jx_crs_name(declared)), JX_R(declared_m, 0), JX_S(jx_crs_name(best)), JX_R(best_m, 0));
        ++*n_findings;
    }
    return JX_OK;
}

static jx_status check_facilities(jx_ctx *ctx, const jx__job *job, const jx_county *c, uint32_t *n_findings) {
    jx_pt *pts = jx_malloc(ctx, job->cfg.n_facilities + 1, sizeof *pts);
    jx_status st = pts ? JX_OK : JX_E_NOMEM;
    jx_box around = jx_box_grow(c->areas[c->study].shape.box, 20000);
    for (uint32_t s = 0; st == JX_OK && s < job->n_sources; s++) {
        uint32_t n = 0;
        const char *file = NULL;
        for (uint32_t i = 0; i < job->cfg.n_facilities; i++) {
            const jx_facility_row *f = &job->cfg.facilities[i];
            if (f->source != s) {
                continue;
            }
            file = f->file;
            if (!jx_box_has(around, f->pt)) {
                JX_WARN_ROW(ctx, f->file, f->row, POINT_FAR, JX_S(f->name), JX_R(jx_deg(f->pt.lon), 5), JX_R(jx_deg(f->pt.lat), 5));
                ++*n_findings;
            } else {
                pts[n++] = f->pt;
            }
            for (uint32_t k = 0; k < i; k++) { /* the same row twice: n is a county's list, some thousands at most */
                const jx_facility_row *g = &job->cfg.facilities[k];
                if (g->source == s && strcmp(g->kind, f->kind) == 0 && strcmp(g->name, f->name) == 0 && *f->name && jx_pt_pt_m(g->pt, f->pt) < 30) {
                    JX_WARN_ROW(ctx, f->file, f->row, ROW_TWICE, JX_S(f->name), JX_I(g->row));
                    ++*n_findings;
                    break;
                }
            }
        }
        st = test_system(ctx, c, pts, n, job->facility_crs[s], file, n_findings);
    }
    jx_free(ctx, pts);
    return st;
}

static jx_status check_table(jx_ctx *ctx, const jx__job *job, const jx_county *c, uint32_t *n_findings) {
    const jx_people_table *t = job->cfg.people_table;
    if (!t) {
        return JX_OK;
    }
    uint32_t outside = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        outside += jx_box_has(c->areas[c->study].shape.box, t->pt[i]) ? 0 : 1;
    }
    if (outside) {
        JX_WARN_ROW(ctx, t->file, 0, CELLS_OUTSIDE, JX_I(outside), JX_I(t->n));
        ++*n_findings;
    }
    return test_system(ctx, c, t->pt, t->n, job->table_crs, t->file, n_findings);
}

static void json_messages(jx_result *res, uint32_t n_findings) {
    uint32_t n = 0;
    const jx_message *m = jx_log_all(res->log, &n);
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.check/1");
    jx_json_key(&j, "ok"), jx_json_bool(&j, n_findings == 0);
    jx_json_key(&j, "findings"), jx_json_arr(&j);
    for (uint32_t i = 0; i < n; i++) {
        if (m[i].level == JX_LEVEL_NOTE) {
            continue;
        }
        const jx_msg_info *info = jx_msg_find((int)m[i].id);
        jx_buf text;
        jx_buf_init(&text, res->json.ctx);
        jx_render(&text, jx_tr(res->cat, info->text), m[i].n_args, m[i].args);
        jx_json_obj(&j);
        jx_json_key(&j, "code"), jx_json_int(&j, m[i].id);
        jx_json_key(&j, "level"), jx_json_str(&j, m[i].level == JX_LEVEL_ERROR ? "error" : "warning");
        jx_json_key(&j, "file"), jx_json_str(&j, m[i].file);
        jx_json_key(&j, "row"), m[i].row ? jx_json_int(&j, m[i].row) : jx_json_null(&j);
        jx_json_key(&j, "text"), jx_json_str(&j, jx_buf_ok(&text) == JX_OK ? text.s : NULL);
        jx_json_key(&j, "remedy"), jx_json_str(&j, jx_tr(res->cat, info->remedy));
        jx_json_end_obj(&j);
        jx_buf_release(&text);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

static jx_status check_all(jx_ctx *ctx, const jx_args *args, jx__job *job, uint32_t *n_findings) {
    jx_extract *x = NULL;
    jx_county *c = NULL;
    jx__plans plans = {0};
    jx_status st;
    JX_TRY(jx__job_load(ctx, args, true, job));
    JX_TRY_OUT(st, jx__plans_read(ctx, args, job, &plans));
    JX_TRY_OUT(st, jx__job_extract(ctx, job, &x));
    JX_TRY_OUT(st, jx__job_locate(ctx, job, x));
    JX_TRY_OUT(st, jx_county_build(ctx, x, &job->cfg, &c));
    JX_TRY_OUT(st, check_facilities(ctx, job, c, n_findings));
    JX_TRY_OUT(st, check_table(ctx, job, c, n_findings));
    JX_TRY_OUT(st, jx__plans_check(ctx, c, &plans));
out:
    jx__plans_release(ctx, &plans);
    jx_county_free(ctx, c);
    jx_extract_free(ctx, x);
    return st;
}

jx_status jx__verb_check(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__job job = {0};
    uint32_t n_findings = 0;
    jx_status st = check_all(ctx, args, &job, &n_findings);
    n_findings += job.n_bad;
    jx__job_release(ctx, &job);
    if (st == JX_E_INPUT && res->want_json) { /* the machine reader gets the reason as a finding too */
        json_messages(res, n_findings + 1);
    }
    JX_TRY(st);
    uint32_t n = 0;
    const jx_message *m = jx_log_all(res->log, &n);
    uint32_t warnings = 0;
    for (uint32_t i = 0; i < n; i++) {
        warnings += m[i].level != JX_LEVEL_NOTE ? 1 : 0;
    }
    json_messages(res, n_findings);
    jx_arg a[] = {JX_I(n_findings), JX_I(warnings)};
    jx_render(&res->text, n_findings ? jx__tr(res, N_("{0} findings in your sources, {1} messages in all; see above.")) : jx__tr(res, N_("Nothing found in your sources that would spoil a run.")), 2, a);
    jx_buf_char(&res->text, '\n');
    return n_findings ? JX_E_CHECK : JX_OK;
}
