/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The end of a run on the terminal: a table of services as wide as the window, and the worst shortfalls in a sentence
 * each. */
#include <math.h>

#include "report/report_internal.h"

enum { COLS = 6, GAP = 2 };

typedef struct cell {
    jx_buf text;
} cell;

typedef struct grid {
    cell (*row)[COLS];
    uint32_t n;
    size_t width[COLS]; /* 0: the column is left out */
} grid;

static bool is_number(int col) {
    return col >= 2 && col <= 4;
}

static void pad(jx_buf *b, size_t n) {
    while (n-- > 0) {
        jx_buf_char(b, ' ');
    }
}

/* As much as fits, with an ellipsis where something was cut; returns the columns used. */
static size_t put_cut(jx_buf *out, const char *s, size_t n, size_t width) {
    size_t all = jx_utf8_width(s, n);
    if (all <= width) {
        jx_buf_add(out, s, n);
        return all;
    }
    size_t used = 0, at = 0;
    while (at < n) {
        uint32_t cp;
        unsigned len = jx_utf8_decode(s + at, n - at, &cp);
        len = len ? len : 1;
        size_t w = jx_utf8_width(s + at, len);
        if (used + w > width - 1) {
            break;
        }
        used += w;
        at += len;
    }
    jx_buf_add(out, s, at);
    jx_buf_str(out, "\u2026");
    return used + 1;
}

static void put_row(jx_buf *out, const grid *g, uint32_t r) {
    bool first = true;
    size_t owed = 0; /* spaces are written only when something follows: no line ends in blanks */
    for (int i = 0; i < COLS; i++) {
        const jx_buf *t = &g->row[r][i].text;
        if (!g->width[i]) {
            continue;
        }
        pad(out, first ? 0 : owed + GAP);
        first = false;
        size_t w = jx_utf8_width(t->s, t->n), gap = g->width[i] > w ? g->width[i] - w : 0;
        pad(out, is_number(i) ? gap : 0);
        w = put_cut(out, t->s, t->n, g->width[i]);
        owed = is_number(i) ? 0 : g->width[i] - w;
    }
    jx_buf_char(out, '\n');
}

static size_t total_width(const grid *g) {
    size_t w = 0;
    for (int i = 0; i < COLS; i++) {
        w += g->width[i] ? g->width[i] + (w ? GAP : 0) : 0;
    }
    return w;
}

/* Names give way first, then whole columns; the share and the people never. */
static void fit(grid *g, unsigned columns) {
    static const struct {
        int col;
        size_t least;
    } give[] = {{5, 10}, {0, 18}, {5, 0}, {4, 0}, {0, 10}, {1, 0}};
    for (size_t k = 0; columns && k < sizeof give / sizeof *give; k++) {
        size_t all = total_width(g), *w = &g->width[give[k].col];
        if (all <= columns) {
            break;
        }
        if (give[k].least == 0) {
            *w = 0;
        } else if (*w > give[k].least) {
            size_t less = *w - give[k].least;
            *w -= less < all - columns ? less : all - columns;
        }
    }
}

/* ---- what stands in it ----------------------------------------------------------------------------------------- */

static void threshold(jx_buf *b, const jx_catalog *cat, const jx_criterion *k) {
    jx__minutes(b, k->urban_ms ? k->urban_ms : k->rural_ms);
    if (k->urban_ms && k->rural_ms && k->urban_ms != k->rural_ms) {
        jx_buf_char(b, '/');
        jx__minutes(b, k->rural_ms);
    }
    jx_buf_fmt(b, " %s %s", jx_tr(cat, N_("min")), jx_tr(cat, jx_mode_phrase(k->mode)));
}

static void fill_row(const jx_county *c, const jx_service_result *r, const jx_catalog *cat, bool zh, cell row[COLS]) {
    const jx_service *s = &c->services[r->service];
    jx_buf_str(&row[0].text, jx_service_name(s, zh));
    jx_buf_str(&row[0].text, r->map_gap ? " ?" : "");
    threshold(&row[1].text, cat, &s->criteria[r->criterion]);
    if (isnan(r->total.share_within)) {
        jx_buf_str(&row[2].text, "\u2013");
    } else {
        jx_buf_fixed(&row[2].text, 100 * r->total.share_within, 1);
        jx_buf_str(&row[2].text, " %");
    }
    jx__count(&row[3].text, c, jx__without(&r->total));
    if (r->total.median_ms == JX_UNREACHABLE) {
        jx_buf_str(&row[4].text, "\u2013");
    } else {
        jx_buf_fixed(&row[4].text, r->total.median_ms / 60000.0, 1);
    }
    jx_buf_str(&row[5].text, r->worst_township == JX_NONE
                                 ? "\u2013"
                                 : jx__area_name(c, &c->areas[c->township[r->worst_township]], zh));
}

static void head_row(const jx_county *c, const jx_catalog *cat, cell row[COLS]) {
    const char *const heads[COLS] = {
        N_("service"),    N_("threshold"),
        N_("covered"),    c->people_source == JX_PEOPLE_NONE ? N_("cells without") : N_("people without"),
        N_("median min"), N_("worst township")};
    for (int k = 0; k < COLS; k++) {
        jx_buf_str(&row[k].text, jx_tr(cat, heads[k]));
    }
}

static jx_status measure(grid *g) {
    for (uint32_t i = 0; i < g->n; i++) {
        for (int k = 0; k < COLS; k++) {
            const jx_buf *t = &g->row[i][k].text;
            JX_TRY(jx_buf_ok(&g->row[i][k].text));
            size_t w = jx_utf8_width(t->s, t->n);
            g->width[k] = w > g->width[k] ? w : g->width[k];
        }
    }
    return JX_OK;
}

/* One line a service: its headline. */
static jx_status table(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_catalog *cat, bool zh,
                       unsigned columns, jx_buf *out) {
    grid g = {.row = jx_calloc(ctx, (size_t)d->n_results + 1, sizeof *g.row)};
    if (!g.row) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i <= d->n_results; i++) {
        for (int k = 0; k < COLS; k++) {
            jx_buf_init(&g.row[i][k].text, ctx);
        }
    }
    head_row(c, cat, g.row[g.n++]);
    for (uint32_t i = 0; i < d->n_results; i++) {
        if (d->results[i].criterion == 0) {
            fill_row(c, &d->results[i], cat, zh, g.row[g.n++]);
        }
    }
    jx_status st = measure(&g);
    fit(&g, columns);
    for (uint32_t i = 0; st == JX_OK && i < g.n; i++) {
        put_row(out, &g, i);
    }
    for (uint32_t i = 0; i <= d->n_results; i++) {
        for (int k = 0; k < COLS; k++) {
            jx_buf_release(&g.row[i][k].text);
        }
    }
    jx_free(ctx, g.row);
    return st;
}

jx_status jx_report_terminal(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_catalog *cat,
                             unsigned columns, jx_buf *out) {
    bool zh = cat != NULL, any_gap = false;
    jx_buf_fmt(out, "%s", jx__study_name(c, cat, zh));
    if (c->people_source != JX_PEOPLE_NONE) {
        jx_buf_str(out, ": ");
        jx__count(out, c, c->people_total);
        jx_buf_fmt(out, " %s", jx_tr(cat, N_("people")));
    }
    jx_buf_fmt(out, ", %u %s, %u %s\n\n", c->cells.n, jx_tr(cat, N_("cells")), c->n_facilities,
               jx_tr(cat, N_("facilities")));
    JX_TRY(table(ctx, c, d, cat, zh, columns, out));
    for (uint32_t i = 0; i < d->n_results; i++) {
        any_gap = any_gap || (d->results[i].criterion == 0 && d->results[i].map_gap);
    }
    if (any_gap) {
        jx_buf_fmt(out, "%s\n", jx_tr(cat, N_("? the map may be incomplete: check before calling anything missing")));
    }
    jx__heights_line(out, cat, c);
    jx_buf_char(out, '\n');
    const jx_finding *top[3];
    uint32_t n = jx__top(d, top, 3);
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_fmt(out, "%u. ", i + 1);
        jx__say(out, cat, zh, c, top[i]);
        jx_buf_char(out, '\n');
    }
    return jx_buf_ok(out);
}
