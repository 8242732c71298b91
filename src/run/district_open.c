/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** From arguments to a problem of districts: sites, capacities, children, ways, barriers, neighbours. */
#include <math.h>

#include "run/district.h"

enum { ALL_DAY_MS = 86400000 };

/* ---- sites ------------------------------------------------------------------------------------------------------------------ */

static jx_status label(jx_ctx *ctx, jx__districts *d, uint32_t s) {
    static const char *const types[] = {"node", "way", "relation"};
    const jx_facility *f = &d->c->facilities[d->facility[s]];
    bool alone = *f->name != 0;
    jx_buf b;
    for (uint32_t k = 0; alone && k < d->n; k++) {
        alone = k == s || strcmp(d->c->facilities[d->facility[k]].name, f->name) != 0;
    }
    jx_buf_init(&b, ctx);
    jx_buf_str(&b, *f->name ? f->name : f->kind);
    if (!alone && f->osm_id) {
        jx_buf_fmt(&b, " (%s %lld)", types[f->osm_type], (long long)f->osm_id);
    } else if (!alone) {
        jx_buf_fmt(&b, " (row %u)", (unsigned)f->row);
    }
    jx_status st = jx_buf_ok(&b);
    if (st == JX_OK) {
        d->label[s] = jx_strdup(ctx, b.s);
        st = d->label[s] ? JX_OK : JX_E_NOMEM;
    }
    jx_buf_release(&b);
    return st;
}

static jx_status sites(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const jx__offer *o = &d->study.offer;
    d->facility = jx_malloc(ctx, o->n, sizeof *d->facility);
    d->snap = jx_malloc(ctx, o->n, sizeof *d->snap);
    d->label = jx_calloc(ctx, o->n, sizeof *d->label);
    if (!d->facility || !d->snap || !d->label) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < o->n; i++) {
        if (d->c->facilities[o->facility[i]].inside || jx_args_flag(args, "around")) {
            d->facility[d->n] = o->facility[i];
            d->snap[d->n++] = o->snap[i];
        }
    }
    for (uint32_t s = 0; s < d->n; s++) {
        JX_TRY(label(ctx, d, s));
    }
    return d->n ? JX_OK : JX_FAIL(ctx, DISTRICT_NO_SITE, JX_S(o->service->id));
}

static jx_status capacities(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const char *how = jx_args_get(args, "capacity");
    double given = 0, fill = jx_args_num(args, "missing-capacity", -1);
    uint32_t none = 0;
    bool balanced = how && strcmp(how, "balanced") == 0, stated = !how || strcmp(how, "stated") == 0;
    if (!balanced && !stated && (!jx_parse_double(how, strlen(how), &given) || given < 0 || given > 1e6)) {
        return JX_FAIL(ctx, DISTRICT_CAPACITY_BAD, JX_S(how));
    }
    d->capacity = jx_malloc(ctx, d->n, sizeof *d->capacity);
    d->room = jx_malloc(ctx, d->n, sizeof *d->room);
    if (!d->capacity || !d->room) {
        return JX_E_NOMEM;
    }
    d->capacity_from = balanced ? "balanced" : stated ? "stated" : "given";
    for (uint32_t s = 0; s < d->n; s++) {
        double own = d->c->facilities[d->facility[s]].capacity;
        d->capacity[s] = balanced ? 0 : stated ? own : given;
        if (isnan(d->capacity[s])) {
            none++;
            d->capacity[s] = fill;
        }
        d->room[s] = d->capacity[s] > 0 ? (uint64_t)floor(d->capacity[s] * JX__PARTS + 0.5) : 0;
    }
    d->n_filled = none;
    return none && fill < 0 ? JX_FAIL(ctx, DISTRICT_CAPACITY_MISSING, JX_I(none), JX_I(d->n)) : JX_OK;
}

/* Sites that nobody can get to are told; of balanced capacities they have none, for their equal part would be places nobody can take. */
static jx_status balance(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    bool balanced = strcmp(d->capacity_from, "balanced") == 0;
    uint8_t *reached = jx_calloc(ctx, d->n, sizeof *reached);
    uint32_t n = 0;
    if (!reached) {
        return JX_E_NOMEM;
    }
    for (size_t e = 0; e < (size_t)d->c->cells.n * d->n; e++) {
        reached[e % d->n] |= d->time[e] != JX_UNREACHABLE && d->people[e / d->n] > 0;
    }
    for (uint32_t s = 0; s < d->n; s++) {
        n += reached[s];
    }
    for (uint32_t s = 0; balanced && s < d->n; s++) {
        d->capacity[s] = reached[s] ? ceil(d->wanted / n * (1 + jx_args_num(args, "slack", 5) / 100)) : 0;
        d->room[s] = (uint64_t)floor(d->capacity[s] * JX__PARTS + 0.5);
    }
    jx_free(ctx, reached);
    if (n < d->n) {
        JX_WARN(ctx, DISTRICT_OFF, JX_I(d->n - n), JX_I(d->n));
    }
    return JX_OK;
}

/* ---- ways --------------------------------------------------------------------------------------------------------------------------- */

void jx__table_spread(const jx_table *t, uint32_t *dense) {
    for (size_t e = 0; e < (size_t)t->n_cells * t->n_facilities; e++) {
        dense[e] = JX_UNREACHABLE;
    }
    for (uint32_t i = 0; i < t->n_cells; i++) {
        for (uint64_t e = t->row[i]; e < t->row[i + 1]; e++) {
            dense[(size_t)i * t->n_facilities + t->entry[e].facility] = t->entry[e].time_ms;
        }
    }
}

static jx_status barriers(jx_ctx *ctx, const jx_args *args, jx__districts *d, uint32_t cutoff_ms) {
    const char *least = jx_args_get(args, "no-crossing");
    size_t all = (size_t)d->c->cells.n * d->n;
    if (!least) {
        return JX_OK;
    }
    if (d->study.offer.mode == JX_CAR) {
        return JX_FAIL(ctx, DISTRICT_CAR_CROSSING, JX_S(least));
    }
    uint32_t *safe = jx_malloc(ctx, all, sizeof *safe);
    d->crossing = jx_malloc(ctx, all, 1);
    jx_status st = safe && d->crossing ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx__safe_times(ctx, d, strcmp(least, "primary") == 0 ? JX_ROAD_PRIMARY : JX_ROAD_TRUNK, cutoff_ms, safe);
    }
    for (size_t e = 0; st == JX_OK && e < all; e++) {
        d->crossing[e] = safe[e] == JX_UNREACHABLE;
        d->time[e] = safe[e] == JX_UNREACHABLE ? d->time[e] : safe[e];
    }
    jx_free(ctx, safe);
    return st;
}

static jx_status ways(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    double minutes = jx_args_num(args, "minutes", 0);
    uint32_t cutoff_ms = minutes > 0 ? (uint32_t)(minutes * 60000) : ALL_DAY_MS;
    jx_table *t = NULL;
    d->limit_ms = minutes > 0 ? cutoff_ms : JX_UNREACHABLE;
    d->time = jx_malloc(ctx, (size_t)d->c->cells.n * d->n, sizeof *d->time);
    if (!d->time) {
        return JX_E_NOMEM;
    }
    JX_TRY(jx__study_table(ctx, &d->study, d->study.offer.mode, d->snap, d->n, cutoff_ms, &t));
    jx__table_spread(t, d->time);
    jx_table_free(ctx, t);
    return barriers(ctx, args, d, cutoff_ms);
}

jx_status jx__districts_open(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const char *name = jx_args_get(args, "mode");
    jx_mode mode = JX_N_MODES;
    if (name && !jx_mode_parse(name, &mode)) {
        return JX_FAIL(ctx, ARG_CHOICE, JX_S("mode"), JX_S(name), JX_S("walk|bike|car"));
    }
    JX_TRY(jx__study_county(ctx, args, &d->study));
    d->c = d->study.county;
    JX_TRY(jx__offer_open(ctx, &d->study, jx_args_get(args, "service"), mode, 0, false, &d->study.offer));
    JX_TRY(sites(ctx, args, d));
    JX_TRY(jx__districts_children(ctx, args, d));
    JX_TRY(capacities(ctx, args, d));
    JX_TRY(ways(ctx, args, d));
    JX_TRY(balance(ctx, args, d));
    JX_TRY(jx__districts_present(ctx, args, d));
    if (jx_args_flag(args, "contiguous")) {
        JX_TRY(jx__neighbours(ctx, d->c, true, &d->near_off, &d->near));
    }
    d->d = (jx_district){d->c->cells.n, d->n, JX__PARTS, d->people, d->time, d->room, d->present, d->crossing, d->near_off, d->near};
    return JX_OK;
}

void jx__districts_release(jx_ctx *ctx, jx__districts *d) {
    for (uint32_t s = 0; d->label && s < d->n; s++) {
        jx_free(ctx, d->label[s]);
    }
    jx_free(ctx, d->facility), jx_free(ctx, d->snap), jx_free(ctx, d->label), jx_free(ctx, d->people), jx_free(ctx, d->capacity);
    jx_free(ctx, d->room), jx_free(ctx, d->time), jx_free(ctx, d->present), jx_free(ctx, d->crossing), jx_free(ctx, d->near_off);
    jx_free(ctx, d->near);
    jx__study_release(ctx, &d->study);
    *d = (jx__districts){0};
}
