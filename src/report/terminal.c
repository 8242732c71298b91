/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The end of a run on the terminal: a table of services, and the worst shortfalls in a sentence each. */
#include <math.h>

#include "report/report_internal.h"

typedef struct cell {
    jx_buf text;
    bool right;
} cell;

enum { COLS = 6 };

static void pad(jx_buf *b, size_t n) {
    while (n-- > 0) {
        jx_buf_char(b, ' ');
    }
}

static jx_status put_row(jx_buf *out, cell row[COLS], const size_t width[COLS]) {
    for (int i = 0; i < COLS; i++) {
        JX_TRY(jx_buf_ok(&row[i].text));
        size_t w = jx_utf8_width(row[i].text.s, row[i].text.n), gap = width[i] > w ? width[i] - w : 0;
        jx_buf_str(out, i ? "  " : "");
        if (row[i].right) {
            pad(out, gap);
        }
        jx_buf_add(out, row[i].text.s, row[i].text.n);
        if (!row[i].right && i + 1 < COLS) {
            pad(out, gap);
        }
    }
    jx_buf_char(out, '\n');
    return JX_OK;
}

static void threshold(jx_buf *b, const jx_catalog *cat, const jx_criterion *k) {
    jx__minutes(b, k->urban_ms ? k->urban_ms : k->rural_ms);
    if (k->urban_ms && k->rural_ms && k->urban_ms != k->rural_ms) {
        jx_buf_char(b, '/');
        jx__minutes(b, k->rural_ms);
    }
    jx_buf_fmt(b, " %s %s", jx_tr(cat, N_("min")), jx_tr(cat, jx_mode_phrase(k->mode)));
}

static void fill_row(const jx_county *c, const jx_diagnosis *d, const jx_service_result *r, const jx_catalog *cat,
                     bool zh, cell row[COLS]) {
    const jx_service *s = &c->services[r->service];
    (void)d;
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
    jx__minutes(&row[4].text, r->total.median_ms);
    jx_buf_str(&row[5].text,
               r->worst_township == JX_NONE ? "\u2013" : jx_area_name(&c->areas[c->township[r->worst_township]], zh));
}

static jx_status table(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_catalog *cat, bool zh,
                       jx_buf *out) {
    uint32_t n = d->n_results + 1;
    cell(*rows)[COLS] = jx_calloc(ctx, n, sizeof *rows);
    size_t width[COLS] = {0};
    if (!rows) {
        return JX_E_NOMEM;
    }
    const char *const heads[COLS] = {
        N_("service"),    N_("threshold"),
        N_("covered"),    c->people_source == JX_PEOPLE_NONE ? N_("cells without") : N_("people without"),
        N_("median min"), N_("worst township")};
    for (uint32_t i = 0; i < n; i++) {
        for (int k = 0; k < COLS; k++) {
            jx_buf_init(&rows[i][k].text, ctx);
            rows[i][k].right = k >= 2 && k <= 4;
            if (i == 0) {
                jx_buf_str(&rows[i][k].text, jx_tr(cat, heads[k]));
            }
        }
        if (i > 0) {
            fill_row(c, d, &d->results[i - 1], cat, zh, rows[i]);
        }
        for (int k = 0; k < COLS; k++) {
            size_t w = jx_buf_ok(&rows[i][k].text) == JX_OK ? jx_utf8_width(rows[i][k].text.s, rows[i][k].text.n) : 0;
            width[k] = w > width[k] ? w : width[k];
        }
    }
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        if (i == 0 || d->results[i - 1].criterion == 0) { /* one line a service: its headline */
            st = put_row(out, rows[i], width);
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        for (int k = 0; k < COLS; k++) {
            jx_buf_release(&rows[i][k].text);
        }
    }
    jx_free(ctx, rows);
    return st;
}

jx_status jx_report_terminal(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_catalog *cat,
                             unsigned columns, jx_buf *out) {
    (void)columns; /* the table is as wide as its words; terminals wrap */
    bool zh = cat != NULL, any_gap = false;
    jx_buf_fmt(out, "%s", jx__study_name(c, cat, zh));
    if (c->people_source != JX_PEOPLE_NONE) {
        jx_buf_str(out, ": ");
        jx__count(out, c, c->people_total);
        jx_buf_fmt(out, " %s", jx_tr(cat, N_("people")));
    }
    jx_buf_fmt(out, ", %u %s, %u %s\n\n", c->cells.n, jx_tr(cat, N_("cells")), c->n_facilities,
               jx_tr(cat, N_("facilities")));
    JX_TRY(table(ctx, c, d, cat, zh, out));
    for (uint32_t i = 0; i < d->n_results; i++) {
        any_gap = any_gap || (d->results[i].criterion == 0 && d->results[i].map_gap);
    }
    if (any_gap) {
        jx_buf_fmt(out, "%s\n", jx_tr(cat, N_("? the map may be incomplete: check before calling anything missing")));
    }
    jx_buf_char(out, '\n');
    uint32_t told = 0;
    for (uint32_t i = 0; i < d->n_headline && told < 3; i++) {
        const jx_finding *f = &d->headline[i];
        if (strcmp(f->id, "SHORTFALL") == 0 || strcmp(f->id, "NOT_ON_MAP") == 0) {
            jx_buf_fmt(out, "%u. ", ++told);
            jx_finding_render(out, cat, zh, c, f);
            jx_buf_char(out, '\n');
        }
    }
    return jx_buf_ok(out);
}
