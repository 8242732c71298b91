/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Names on a map: by importance, none over another, and beside the facilities rather than on them. */
#include <math.h>

#include "report/svg_internal.h"

enum { MAX_LABELS = 48, MAX_SPOTS = MAX_LABELS + 2 * JX__MANY_MARKS, N_TRIES = 7 };

typedef struct spot {
    double x0, y0, x1, y1;
} spot;

typedef struct board {
    const jx__frame *f;
    spot v[MAX_SPOTS];
    uint32_t n_soft, n_marks, n; /* marks that give way, all marks, then names */
} board;

/* ---- which places ---------------------------------------------------------------------------------------------- */

static int cmp_place(const void *a, const void *b, void *user) {
    const jx_county *c = user;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const jx_place *x = &c->places[i], *y = &c->places[k];
    double px = isnan(x->population) ? 0 : x->population, py = isnan(y->population) ? 0 : y->population;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : px != py ? (px > py ? -1 : 1) : i < k ? -1 : 1;
}

static bool wanted(const jx_place *pl) {
    bool kind = pl->kind <= JX_PLACE_HAMLET && pl->kind != JX_PLACE_SUBURB && pl->kind != JX_PLACE_QUARTER;
    return kind && *pl->name && !strpbrk(pl->name, ";/");
}

jx_status jx__label_places(jx__page *p) {
    jx_prepared *area = NULL;
    p->n_named = 0;
    p->named = jx_malloc(p->ctx, p->c->n_places, sizeof *p->named);
    jx_status st = p->named ? jx_prepare(p->ctx, &p->c->areas[p->c->study].shape, &area) : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < p->c->n_places; i++) {
        if (wanted(&p->c->places[i]) && jx_prepared_has(area, p->c->places[i].pt)) {
            p->named[p->n_named++] = i;
        }
    }
    if (st == JX_OK) {
        st = jx_sort(p->ctx, p->named, p->n_named, sizeof *p->named, cmp_place, (void *)(uintptr_t)p->c);
    }
    jx_prepared_free(p->ctx, area);
    if (st != JX_OK) {
        jx_free(p->ctx, p->named);
        p->named = NULL;
    }
    return st;
}

/* ---- where they go --------------------------------------------------------------------------------------------- */

static bool meets(spot a, spot b) {
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

static bool fits(const board *k, spot q, bool mind_marks) {
    if (q.x0 < 3 || q.x1 > k->f->width - 3 || q.y0 < 3 || q.y1 > k->f->height - 3) {
        return false;
    }
    for (uint32_t i = mind_marks ? 0 : k->n_soft; i < k->n; i++) {
        if (meets(q, k->v[i])) {
            return false;
        }
    }
    return true;
}

static void mark_spots(const jx__map_spec *s, board *k, bool fixed) {
    uint32_t most = k->n + JX__MANY_MARKS;
    for (uint32_t i = 0; i < s->n_marks; i++) {
        const jx__map_mark *m = &s->mark[i];
        if (m->fixed == fixed && m->radius > 0 && k->n < most) {
            double x, y;
            jx__px(k->f, m->pt, &x, &y);
            k->v[k->n++] = (spot){x - m->radius, y - m->radius, x + m->radius, y + m->radius};
        }
    }
}

/* Centre of the name for a try: on the place, above, below, right, left, then on the place whatever it covers but
 * names. */
static bool settle(board *k, double x, double y, double w, double h, double *cx, double *cy) {
    const double dx[N_TRIES] = {0, 0, 0, w / 2 + 6, -w / 2 - 6, 0, 0},
                 dy[N_TRIES] = {0, -h, h, 0, 0, -h * 1.6, h * 1.6};
    for (int minding = 1; minding >= 0; minding--) {
        for (int i = 0; i < N_TRIES; i++) {
            spot q = {x + dx[i] - w / 2, y + dy[i] - h / 2, x + dx[i] + w / 2, y + dy[i] + h / 2};
            if (fits(k, q, minding)) {
                *cx = x + dx[i];
                *cy = y + dy[i];
                k->v[k->n++] = q;
                return true;
            }
        }
    }
    return false;
}

static void names(const jx__page *p, board *k, bool zh) {
    uint32_t left = MAX_LABELS;
    jx_buf_fmt(p->b, "<g class=\"%s names\">", zh ? "zh" : "en");
    for (uint32_t i = 0; i < p->n_named && left > 0; i++) {
        const jx_place *pl = &p->c->places[p->named[i]];
        bool big = pl->kind <= JX_PLACE_TOWN;
        const char *name = jx_place_name(pl, zh);
        size_t columns = jx_utf8_width(name, strlen(name));
        double x, y, cx, cy, w = (big ? 6.9 : 5.7) * (double)columns + 4, h = big ? 14 : 12;
        jx__px(k->f, pl->pt, &x, &y);
        if (columns > 28 || !settle(k, x, y, w, h, &cx, &cy)) {
            continue;
        }
        left--;
        jx__text_at(p->b, cx, cy + h / 2 - 2.5, big ? "class=\"big\"" : "");
        jx__escape(p->b, name);
        jx_buf_str(p->b, "</text>");
    }
    jx_buf_str(p->b, "</g>");
    k->n = k->n_marks;
}

jx_status jx__labels(const jx__page *p, const jx__frame *f, const jx__map_spec *s) {
    board *k = jx_malloc(p->ctx, 1, sizeof *k);
    if (!k) {
        return JX_E_NOMEM;
    }
    k->f = f;
    k->n = 0;
    mark_spots(s, k, false);
    k->n_soft = k->n;
    mark_spots(s, k, true);
    k->n_marks = k->n;
    names(p, k, false);
    names(p, k, true);
    jx_free(p->ctx, k);
    return JX_OK;
}
