/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Layers of values computed elsewhere: one value a cell, a township, a facility. */
#include <math.h>

#include "county/layers_internal.h"

static const char *const near_to_far[] = {"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"};
static const char *const little_to_much[] = {"#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"};

static void columns(jx__layering *w, const jx_values *v, uint32_t n) {
    for (uint32_t k = 0; !w->failed && k < n; k++) {
        jx_column *col = jx__col_real(w, v[k].name, v[k].title, v[k].unit, v[k].decimals);
        for (uint32_t i = 0; !w->failed && i < w->at->n; i++) {
            if (isinf(v[k].v[i])) {
                jx__invalid(w, col, i, JX_NOT_REACHABLE);
            } else {
                jx__put_real(w, col, i, v[k].v[i]);
            }
        }
    }
}

static void cells(jx__layering *w, const jx_values_input *in) {
    jx__cells_begin(w, N_("cells with people and access"), in->n_cell);
    columns(w, in->cell, in->n_cell);
    double *breaks = jx_arena_alloc(w->ctx, w->l->arena, 4, sizeof *breaks);
    w->failed = w->failed || !breaks;
    if (!w->failed && in->n_cell && in->breaks[3] > 0) {
        memcpy(breaks, in->breaks, 4 * sizeof *breaks);
        w->at->style_column = in->cell[0].name;
        w->at->style_breaks = breaks;
        w->at->style_colors = in->far_is_dark ? near_to_far : little_to_much;
        w->at->n_breaks = 4;
    }
}

static void areas(jx__layering *w, const jx_values_input *in) {
    const jx_county *c = w->c;
    uint32_t n = c->n_townships + 1;
    jx__layer_begin(w, "areas", N_("area of study and its townships"), JX_GEOM_POLYGON, n, 4 + in->n_area);
    w->at->poly = jx_arena_alloc(w->ctx, w->l->arena, n, sizeof *w->at->poly);
    w->failed = w->failed || !w->at->poly;
    jx_column *name = jx__col_text(w, "name", N_("name")), *code = jx__col_text(w, "code", N_("official code"));
    jx_column *level = jx__col_text(w, "level", N_("level")), *people = jx__col_real(w, "people", N_("people"), N_("persons"), -1);
    for (uint32_t i = 0; !w->failed && i < n; i++) {
        const jx_area *a = &c->areas[i == 0 ? c->study : c->township[i - 1]];
        w->at->poly[i] = a->shape;
        name->text[i] = a->name;
        code->text[i] = a->code;
        level->text[i] = i == 0 ? "county" : "township";
        jx__put_real(w, people, i, c->people_source == JX_PEOPLE_NONE ? NAN : i == 0 ? c->people_total : c->township_people[i - 1]);
    }
    columns(w, in->area, in->n_area);
}

static void facilities(jx__layering *w, const jx_values_input *in) {
    const jx_county *c = w->c;
    jx__layer_begin(w, "facilities", N_("facilities, inside and around"), JX_GEOM_POINT, in->n_facilities, 6 + in->n_facility);
    w->at->pt = jx_arena_alloc(w->ctx, w->l->arena, (size_t)in->n_facilities + 1, sizeof *w->at->pt);
    w->failed = w->failed || !w->at->pt;
    jx_column *kind = jx__col_text(w, "kind", N_("kind")), *name = jx__col_text(w, "name", N_("name")), *level = jx__col_text(w, "level", N_("level"));
    jx_column *town = jx__col_text(w, "township", N_("township")), *inside = jx__col_int(w, "inside", N_("inside the area of study (1 yes)"), "");
    jx_column *cap = jx__col_real(w, "capacity", N_("capacity"), "", 0);
    for (uint32_t i = 0; !w->failed && i < in->n_facilities; i++) {
        const jx_facility *f = &c->facilities[in->facilities[i]];
        w->at->pt[i] = f->pt;
        kind->text[i] = f->kind;
        name->text[i] = *f->name ? f->name : NULL;
        level->text[i] = f->level;
        town->text[i] = f->township == JX_NONE ? NULL : c->areas[c->township[f->township]].name;
        inside->integer[i] = f->inside;
        jx__put_real(w, cap, i, f->capacity);
    }
    columns(w, in->facility, in->n_facility);
}

jx_status jx_layers_values(jx_ctx *ctx, const jx_county *c, const jx_values_input *in, jx_layers **out) {
    jx_layers *l = jx_calloc(ctx, 1, sizeof *l);
    if (!l) {
        return JX_E_NOMEM;
    }
    l->arena = jx_arena_new(ctx);
    l->layer = jx_calloc(ctx, 3, sizeof *l->layer);
    jx__layering w = {.ctx = ctx, .c = c, .l = l, .failed = !l->arena || !l->layer};
    static void (*const steps[])(jx__layering *, const jx_values_input *) = {cells, areas, facilities};
    for (size_t i = 0; !w.failed && i < sizeof steps / sizeof *steps; i++) {
        steps[i](&w, in);
    }
    if (w.failed) {
        jx_layers_free(ctx, l);
        return JX_E_NOMEM;
    }
    *out = l;
    return JX_OK;
}
