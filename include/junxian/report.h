/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Findings -> documents. HTML, SVG, JSON and QGIS styles are written here without any library; XLSX through libxlsxwriter. */
#ifndef JUNXIAN_REPORT_H
#define JUNXIAN_REPORT_H

#include "junxian/county.h"
#include "junxian/fairness.h"
#include "junxian/layer.h"
#include "junxian/report_access.h"
#include "junxian/report_blocks.h"
#include "junxian/report_plan.h"

typedef struct jx_report_options {
    const jx_catalog *zh;      /* translations; the page carries both languages */
    const char *first_lang;    /* "en" or "zh_CN": shown first */
    const char *version;
    const char *command;       /* the command line that made it, for "copy as command" */
    const jx_message *warnings;/* uttered during the run */
    uint32_t n_warnings;
    const jx_report_access *access; /* the chapter of junxian access or equity; NULL: none */
    const jx_fairness *fairness; /* the chapter on access and equity; NULL: none */
    int64_t time;              /* stamp: from the input or SOURCE_DATE_EPOCH */
    /* further chapters */
    const jx_report_plan *plans;
    uint32_t n_plans;
    const jx_report_chapter *chapters;
    uint32_t n_chapters;
} jx_report_options;

/** One self-contained page, both languages, print style. Deterministic bytes. */
jx_status jx_report_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o, jx_buf *out) JX_MUST_USE;
/**
 * A page on a single question: title (a msgid, after the area's name), the further chapters that the options hold, and the appendix of
 * methods, sources and guesses. `guesses` is of jx_county_guesses, or a whole diagnosis. Head, style and languages as jx_report_html.
 */
jx_status jx_report_study_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *guesses, const jx_report_options *o, const char *title,
                               jx_buf *out) JX_MUST_USE;
/** Everything machine-readable, "schema": "junxian.diagnosis/1". */
jx_status jx_report_summary(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o, jx_buf *out) JX_MUST_USE;
/** The table and the three sentences that end a run on the terminal, in the language of `cat` (NULL: English). */
jx_status jx_report_terminal(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_catalog *cat, unsigned columns, jx_buf *out) JX_MUST_USE;
/** QGIS style (QML) of a layer, or an empty buffer where it has none. */
jx_status jx_report_qml(jx_ctx *ctx, const jx_layer *l, const jx_catalog *cat, jx_buf *out) JX_MUST_USE;
/** tables.xlsx: a sheet per table layer, a sheet of notes, frozen headers, strings as strings (no formula injection). */
jx_status jx_report_xlsx(jx_ctx *ctx, const char *path, const jx_layers *layers, const jx_catalog *cat, int64_t time) JX_MUST_USE;

#endif
