/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The shared opening of the service verbs: county, service, facilities, travel times. */
#include "run/study.h"

enum { LEAST_CUTOFF_MS = 1800000 };

jx_status jx__study_county(jx_ctx *ctx, const jx_args *args, jx__study *s) {
    jx_extract *x = NULL;
    JX_TRY(jx__job_load(ctx, args, false, &s->job));
    JX_TRY(jx__job_network(ctx, args, &s->job));
    jx_progress(ctx, N_("reading the extract"), 0, 0);
    JX_TRY(jx__job_extract(ctx, &s->job, &x));
    jx_status st = jx__job_locate(ctx, &s->job, x);
    if (st == JX_OK) {
        st = jx_poll(ctx);
    }
    if (st == JX_OK) {
        jx_progress(ctx, N_("building the county: areas, streets, people, facilities"), 0, 0);
        st = jx_county_build(ctx, x, &s->job.cfg, &s->county);
    }
    jx_extract_free(ctx, x); /* the county holds all it needs */
    return st;
}

static jx_status find_service(jx_ctx *ctx, const jx_county *c, const char *id, const jx_service **out) {
    jx_buf known;
    jx_buf_init(&known, ctx);
    *out = NULL;
    for (uint32_t i = 0; i < c->n_services; i++) {
        jx_buf_fmt(&known, "%s%s", i ? " " : "", c->services[i].id);
        if (id && strcmp(c->services[i].id, id) == 0) {
            *out = &c->services[i];
        }
    }
    jx_status st = jx_buf_ok(&known);
    if (st == JX_OK && !*out) {
        st = id ? JX_FAIL(ctx, NET_SERVICE, JX_S(id), JX_S(known.s)) : JX_FAIL(ctx, NET_SERVICE_MISSING, JX_S(known.s));
    }
    jx_buf_release(&known);
    return st;
}

static const jx_criterion *criterion_by(const jx_service *s, jx_mode mode) {
    for (uint32_t k = 0; k < s->n_criteria; k++) {
        if (s->criteria[k].mode == mode) {
            return &s->criteria[k];
        }
    }
    return NULL;
}

/* As the diagnosis has it: twice the longest threshold, so that a doubled walk is still told from none. */
static uint32_t default_cutoff(const jx_criterion *k) {
    uint32_t most = !k ? 0 : k->urban_ms > k->rural_ms ? k->urban_ms : k->rural_ms;
    return most > LEAST_CUTOFF_MS / 2 ? most * 2 : LEAST_CUTOFF_MS;
}

jx_status jx__study_snap(jx_ctx *ctx, const jx__study *s, jx_mode mode, const jx_pt *places, uint32_t n, jx_snap *out) {
    const jx_county *c = s->county;
    return jx_county_join(ctx, c, mode, false, places, n, out, NULL);
}

jx_status jx__study_table(jx_ctx *ctx, const jx__study *s, jx_mode mode, const jx_snap *joints, uint32_t n, uint32_t cutoff_ms, jx_table **out) {
    const jx_county *c = s->county;
    return c->tables[mode] ? jx_tables_make(ctx, c->tables[mode], joints, n, cutoff_ms, out)
                           : jx_table_new(ctx, c->road[mode], c->road_metric[mode], JX_TO_FACILITY, c->cell_snap[mode], c->cells.n, joints, n, cutoff_ms, out);
}

jx_status jx__offer_open(jx_ctx *ctx, const jx__study *s, const char *service, jx_mode mode, uint32_t cutoff_ms, bool times, jx__offer *out) {
    const jx_county *c = s->county;
    *out = (jx__offer){0};
    JX_TRY(find_service(ctx, c, service, &out->service));
    out->mode = mode == JX_N_MODES ? out->service->criteria[0].mode : mode;
    out->criterion = criterion_by(out->service, out->mode);
    out->cutoff_ms = cutoff_ms ? cutoff_ms : default_cutoff(out->criterion);
    out->facility = jx_malloc(ctx, c->n_facilities, sizeof *out->facility);
    out->snap = jx_malloc(ctx, c->n_facilities, sizeof *out->snap);
    if (!out->facility || !out->snap) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx_service_facilities(ctx, c, out->service, out->facility, &out->n));
    for (uint32_t i = 0; i < out->n; i++) {
        out->snap[i] = c->facility_snap[out->mode][out->facility[i]];
        out->n_inside += c->facilities[out->facility[i]].inside ? 1 : 0;
    }
    out->few = jx_service_few(c, out->service, out->n_inside, out->n);
    jx_progress(ctx, N_("travel times"), 0, 0);
    return times ? jx__study_table(ctx, s, out->mode, out->snap, out->n, out->cutoff_ms, &out->table) : JX_OK;
}

void jx__offer_release(jx_ctx *ctx, jx__offer *o) {
    jx_table_free(ctx, o->table);
    jx_free(ctx, o->facility);
    jx_free(ctx, o->snap);
    *o = (jx__offer){0};
}

jx_status jx__study_open(jx_ctx *ctx, const jx_args *args, jx__study *s) {
    const char *name = jx_args_get(args, "mode");
    jx_mode mode = JX_N_MODES;
    if (name && !jx_mode_parse(name, &mode)) {
        return JX_FAIL(ctx, ARG_CHOICE, JX_S("mode"), JX_S(name), JX_S("walk|bike|car"));
    }
    JX_TRY(jx__study_county(ctx, args, s));
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx__offer_open(ctx, s, jx_args_get(args, "service"), mode, (uint32_t)(jx_args_num(args, "minutes", 0) * 60000), true, &s->offer));
    if (s->offer.few) {
        JX_WARN(ctx, STUDY_FEW, JX_I(s->offer.n_inside), JX_S(s->offer.service->id));
    }
    return JX_OK;
}

void jx__study_release(jx_ctx *ctx, jx__study *s) {
    jx__offer_release(ctx, &s->offer);
    jx_county_free(ctx, s->county);
    jx__job_release(ctx, &s->job);
    *s = (jx__study){0};
}
