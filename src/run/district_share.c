/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Who needs a place: a group of a table, a rate as given, as the standard has it, or as assumed where the standard has none. */
#include <math.h>

#include "junxian/io.h"
#include "run/district.h"

static jx_status group(jx_ctx *ctx, const jx_args *args, jx__districts *d, double **out) {
    jx__groups all = {0};
    jx_status st = jx__groups_open(ctx, d->c, jx_args_get(args, "groups"), jx__encoding_of(args), &all);
    const jx__group *g = st == JX_OK ? jx__groups_find(&all, d->demand) : NULL;
    if (st == JX_OK && !g) {
        st = JX_FAIL(ctx, ACCESS_NO_GROUP, JX_S(d->demand));
    }
    if (st == JX_OK) {
        *out = jx_malloc(ctx, d->c->cells.n, sizeof **out);
        st = *out ? JX_OK : JX_E_NOMEM;
    }
    if (st == JX_OK) {
        memcpy(*out, g->cells, d->c->cells.n * sizeof **out);
    }
    jx__groups_release(ctx, &all);
    return st;
}

/* The rate of the built-in Chinese standard for the service of this name; NaN: it has none either. */
static jx_status chinese_rate(jx_ctx *ctx, const char *service, double *out) {
    static const char name[] = "services-cn.yaml";
    const jx__embedded *e = jx__embedded_find(name);
    jx_doc doc;
    *out = NAN;
    JX_TRY(jx_yaml_parse(ctx, name, e->p, (size_t)(e->end - e->p), &doc));
    const jx_val *list = jx_val_get(doc.root, "services");
    for (uint32_t i = 0; list && list->type == JX_VAL_SEQ && i < list->n; i++) {
        const jx_val *classes = jx_val_get(list->items[i], "classes"), *rate = classes ? jx_val_get(classes, "pupils_per_1000") : NULL;
        if (rate && strcmp(jx_val_str(jx_val_get(list->items[i], "id"), ""), service) == 0) {
            *out = rate->r;
        }
    }
    jx_doc_release(ctx, &doc);
    return JX_OK;
}

static jx_status rate(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const jx_service *s = d->study.offer.service;
    double given = jx_args_num(args, "per-1000", NAN);
    d->per_1000 = NAN;
    d->rate_from = JX__RATE_GIVEN;
    if (d->demand) {
        return JX_OK;
    }
    if (!isnan(given)) {
        d->per_1000 = given;
    } else if (s->pupils_per_1000 > 0) {
        d->per_1000 = s->pupils_per_1000, d->rate_from = JX__RATE_STANDARD;
    } else if (s->theme != JX_EDUCATION) { /* a doctor, a market: everybody */
        d->per_1000 = 1000, d->rate_from = JX__RATE_ALL;
    } else {
        JX_TRY(chinese_rate(ctx, s->id, &d->per_1000));
        d->rate_from = isnan(d->per_1000) ? JX__RATE_ALL : JX__RATE_ASSUMED;
        d->per_1000 = isnan(d->per_1000) ? 1000 : d->per_1000;
    }
    if (d->rate_from == JX__RATE_ASSUMED) {
        JX_NOTE(ctx, DISTRICT_SHARE_ASSUMED, JX_S(s->id), JX_R(d->per_1000, 1));
    }
    return JX_OK;
}

const char *jx__rate_name(jx__rate r) {
    static const char *const names[] = {"given", "standard", "assumed", "all"};
    return names[r];
}

/* Thousandths of children; rounding is carried from cell to cell, so that all of them are all of them. */
jx_status jx__districts_children(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const jx_cells *c = &d->c->cells;
    double *of_group = NULL, sum = 0, done = 0;
    d->demand = jx_args_get(args, "demand");
    JX_TRY(rate(ctx, args, d));
    d->people = jx_malloc(ctx, c->n, sizeof *d->people);
    jx_status st = !d->people ? JX_E_NOMEM : d->demand ? group(ctx, args, d, &of_group) : JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < c->n; i++) {
        double v = of_group ? of_group[i] : c->people[i] * d->per_1000 / 1000;
        sum += v > 0 ? v * JX__PARTS : 0; /* NaN: the group's figure is not known */
        double whole = floor(sum + 0.5);
        if (whole - done > 4e9) {
            st = JX_FAIL(ctx, DISTRICT_SHAPE, JX_T(N_("a cell has more than four million people")));
            break;
        }
        d->people[i] = (uint32_t)(whole - done);
        done = whole;
    }
    d->wanted = done / JX__PARTS;
    jx_free(ctx, of_group);
    return st;
}
