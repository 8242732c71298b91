/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A measure over people and places, and what every answer says first. */
#include <math.h>

#include "run/measures.h"

jx_status jx__summarise(jx_ctx *ctx, const jx__access *a, const jx__measure *m, const jx_inequality_options *opt, jx__summary *out) {
    const jx_county *c = a->study.county;
    uint32_t n = c->cells.n, *urban = jx_malloc(ctx, n, sizeof *urban);
    *out = (jx__summary){.town = jx_calloc(ctx, (size_t)c->n_townships + 2, sizeof *out->town), .group = jx_calloc(ctx, (size_t)a->groups.n + 1, sizeof *out->group)};
    jx_status st = urban && out->town && out->group ? JX_OK : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        urban[i] = c->cells.urban[i] ? 1 : 0;
    }
    if (st == JX_OK) {
        st = jx_inequality_by_group(ctx, m->v, c->cells.people, n, urban, 2, opt, out->urban);
    }
    if (st == JX_OK) {
        st = jx_inequality_by_group(ctx, m->v, c->cells.people, n, c->cells.township, c->n_townships, opt, out->town);
    }
    for (uint32_t g = 0; st == JX_OK && g < a->groups.n; g++) {
        st = jx_inequality_of(ctx, m->v, a->groups.g[g].cells, n, opt, &out->group[g]);
    }
    jx_free(ctx, urban);
    return st;
}

void jx__summary_release(jx_ctx *ctx, jx__summary *s) {
    jx_free(ctx, s->town);
    jx_free(ctx, s->group);
    *s = (jx__summary){0};
}

/* Groups that nobody counted cell by cell. */
static void tell_spread(const jx__access *a, jx_result *res) {
    jx_buf names;
    jx_buf_init(&names, res->text.ctx);
    for (uint32_t g = 0; g < a->groups.n; g++) {
        if (a->groups.g[g].own) {
            jx_buf_fmt(&names, "%s%s", names.n ? ", " : "", a->groups.g[g].name);
        }
    }
    if (names.n && jx_buf_ok(&names) == JX_OK) {
        const jx_arg arg = JX_S(names.s);
        jx_render(&res->text, jx__tr(res, N_("known by township only and spread over its cells: {0}")), 1, &arg);
        jx_buf_char(&res->text, '\n');
    }
    res->text.failed = res->text.failed || names.failed;
    jx_buf_release(&names);
}

void jx__access_head(const jx__access *a, jx_result *res, jx_json *j, const char *schema) {
    const jx__offer *o = &a->study.offer;
    const jx_county *c = a->study.county;
    bool zh = strcmp(res->lang, "en") != 0;
    jx_json_key(j, "schema"), jx_json_str(j, schema);
    jx_json_key(j, "area"), jx_json_str(j, jx_area_name(&c->areas[c->study], zh));
    jx_json_key(j, "service"), jx_json_str(j, o->service->id);
    jx_json_key(j, "mode"), jx_json_str(j, jx_mode_name(o->mode));
    jx_json_key(j, "catchment_min"), jx_json_real(j, a->limit_ms / 60000.0, -1);
    jx_json_key(j, "facilities"), jx_json_int(j, o->n);
    jx_json_key(j, "facilities_inside"), jx_json_int(j, o->n_inside);
    jx_json_key(j, "supply"), jx_json_str(j, a->by_capacity ? "capacity" : "count");
    jx_json_key(j, "capacity_stated"), a->by_capacity ? jx_json_int(j, a->n_stated) : jx_json_null(j);
    jx_json_key(j, "capacity_guessed"), a->by_capacity ? jx_json_int(j, a->n_median) : jx_json_null(j);
    jx_json_key(j, "demand"), jx_json_str(j, a->demand_name ? a->demand_name : "people");
    jx_json_key(j, "people_source"), jx_json_str(j, jx_people_source_name(c->people_source));
    jx_json_key(j, "trust"), jx_json_str(j, jx_trust_name(a->by_capacity && a->n_median ? JX_GUESSED : a->demand_trust));
    jx_arg args[] = {JX_S(jx_service_name(o->service, zh)), JX_S(jx__tr(res, jx_mode_phrase(o->mode))), JX_I(o->n), JX_I(o->n_inside), JX_R(a->limit_ms / 60000.0, 0)};
    jx_render(&res->text, jx__tr(res, N_("{0}, {1}: {2} facilities, {3} of them inside the area; catchment {4} min")), 5, args);
    jx_buf_char(&res->text, '\n');
    if (a->by_capacity && a->n_median) {
        jx_arg guess[] = {JX_I(a->n_median), JX_I(o->n), JX_R(a->median_capacity, 0)};
        jx_render(&res->text, jx__tr(res, N_("{0} of {1} capacities are guessed as {2}, the median of those stated")), 3, guess);
        jx_buf_char(&res->text, '\n');
    }
    if (c->people_source == JX_PEOPLE_NONE) {
        jx_buf_fmt(&res->text, "%s\n", jx__tr(res, N_("people are not known: each cell counts one")));
    } else if (c->people_trust == JX_GUESSED) {
        jx_buf_fmt(&res->text, "%s\n", jx__tr(res, N_("the numbers of people rest on guesses")));
    }
    tell_spread(a, res);
    jx_json_key(j, "groups"), jx_json_arr(j);
    for (uint32_t g = 0; g < a->groups.n; g++) {
        jx_json_obj(j);
        jx_json_key(j, "name"), jx_json_str(j, a->groups.g[g].name);
        jx_json_key(j, "trust"), jx_json_str(j, jx_trust_name(a->groups.g[g].trust));
        jx_json_end_obj(j);
    }
    jx_json_end_arr(j);
}

void jx__measure_json(jx_ctx *ctx, const jx__measure *m, jx_json *j) {
    jx_json_key(j, "measure"), jx_json_str(j, m->name);
    jx_json_key(j, "unit"), jx_json_str(j, m->unit);
    jx_json_key(j, "decay");
    if (m->has_decay) {
        jx_buf b;
        jx_buf_init(&b, ctx);
        jx_decay_write(&b, &m->decay);
        jx_json_str(j, jx_buf_ok(&b) == JX_OK ? b.s : NULL);
        jx_buf_release(&b);
    } else {
        jx_json_null(j);
    }
    if (m->has_totals) {
        jx_json_key(j, "supply_total"), jx_json_real(j, m->totals.supply, 3);
        jx_json_key(j, "supply_reached"), jx_json_real(j, m->totals.supply_used, 3);
        jx_json_key(j, "demand_total"), jx_json_real(j, m->totals.demand, 3);
        jx_json_key(j, "demand_reaching"), jx_json_real(j, m->totals.demand_reaching, 3);
        jx_json_key(j, "facilities_outside"), jx_json_int(j, m->n_outside);
        jx_json_key(j, "facilities_nobody_reaches"), jx_json_int(j, m->totals.n_unwanted);
    }
}
