/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The browser's door to floors 0-4 and the pure writers. The page owns the bytes: it asks where the next blob lies, inflates it
 * with its own inflater, and feeds the block; three scans later it asks for the diagnosis. No imports, no callbacks, one
 * session a handle. Numbers cross as 32-bit integers and doubles, texts as UTF-8 in the module's memory.
 */
#include "junxian/county.h"
#include "junxian/report.h"

#define DOOR(name) __attribute__((export_name(#name)))

enum { DOC_PROFILES, DOC_FACILITIES, DOC_PEOPLE, DOC_STANDARD, N_DOCS };

typedef struct session {
    jx_mem *mem;
    jx_ctx *ctx;
    jx_import *import;
    jx_extract *x;
    jx_doc doc[N_DOCS];
    jx_source source;
    jx_county *county;
    jx_diagnosis *diag;
    jx_fairness *fairness;
    jx_buf out;   /* what the last question was answered with */
    jx_buf error; /* first error, rendered */
    jx_blob blob; /* the last frame */
    char *name;
} session;

static void keep_error(void *user, const jx_message *m) {
    session *s = user;
    if (m->level == JX_LEVEL_ERROR && s->error.n == 0) {
        jx_buf_fmt(&s->error, "JX%d ", (int)m->id);
        jx_msg_render(&s->error, NULL, m, true);
    }
}

DOOR(jx_w_new) session *jx_w_new(void);
session *jx_w_new(void) {
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *boot = mem ? jx_ctx_new(&(jx_ctx_options){.mem = mem}) : NULL;
    session *s = boot ? jx_calloc(boot, 1, sizeof *s) : NULL;
    if (!s) {
        jx_ctx_free(boot);
        jx_mem_free(mem);
        return NULL;
    }
    s->mem = mem;
    jx_buf_init(&s->error, boot); /* its own context: an error must not depend on the job's */
    s->ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem, .sink = keep_error, .sink_user = s});
    const jx_keep keep = {jx_keep_default};
    if (!s->ctx || jx_import_new(s->ctx, &keep, &s->import) != JX_OK) {
        jx_ctx_free(s->ctx);
        jx_free(boot, s);
        jx_ctx_free(boot);
        jx_mem_free(mem);
        return NULL;
    }
    jx_buf_init(&s->out, s->ctx);
    return s;
}

DOOR(jx_w_free) void jx_w_free(session *s);
void jx_w_free(session *s) {
    if (!s) {
        return;
    }
    jx_ctx *ctx = s->ctx, *boot = s->error.ctx;
    jx_fairness_free(ctx, s->fairness);
    jx_diagnosis_free(ctx, s->diag);
    jx_county_free(ctx, s->county);
    jx_extract_free(ctx, s->x);
    jx_import_free(ctx, s->import);
    for (int i = 0; i < N_DOCS; i++) {
        jx_doc_release(ctx, &s->doc[i]);
    }
    jx_buf_release(&s->out);
    jx_free(ctx, s->name);
    jx_ctx_free(ctx);
    jx_buf_release(&s->error);
    jx_mem *mem = s->mem;
    jx_free(boot, s);
    jx_ctx_free(boot);
    jx_mem_free(mem);
}

/** Room for the page's bytes. */
DOOR(jx_w_alloc) void *jx_w_alloc(session *s, uint32_t n);
void *jx_w_alloc(session *s, uint32_t n) { return jx_malloc(s->ctx, n, 1); }
DOOR(jx_w_release) void jx_w_release(session *s, void *p);
void jx_w_release(session *s, void *p) { jx_free(s->ctx, p); }

/** Next frame at `offset`: 1 header, 2 data, 3 other, 0 end of the file, negative: failed. The fields below describe it. */
DOOR(jx_w_frame) int jx_w_frame(session *s, const uint8_t *file, uint32_t len, double offset);
int jx_w_frame(session *s, const uint8_t *file, uint32_t len, double offset) {
    bool more = false;
    if (jx_osm_frame(s->ctx, file, len, (uint64_t)offset, &s->blob, &more) != JX_OK) {
        return -1;
    }
    return more ? 1 + (int)s->blob.kind : 0;
}
DOOR(jx_w_blob_data) const uint8_t *jx_w_blob_data(const session *s);
const uint8_t *jx_w_blob_data(const session *s) { return s->blob.data; }
DOOR(jx_w_blob_len) uint32_t jx_w_blob_len(const session *s);
uint32_t jx_w_blob_len(const session *s) { return (uint32_t)s->blob.data_len; }
DOOR(jx_w_blob_raw) uint32_t jx_w_blob_raw(const session *s);
uint32_t jx_w_blob_raw(const session *s) { return (uint32_t)s->blob.raw_len; }
DOOR(jx_w_blob_codec) int jx_w_blob_codec(const session *s);
int jx_w_blob_codec(const session *s) { return (int)s->blob.codec; }
DOOR(jx_w_blob_next) double jx_w_blob_next(const session *s);
double jx_w_blob_next(const session *s) { return (double)s->blob.next; }

/** The inflated header block. 0: fine. */
DOOR(jx_w_header) int jx_w_header(session *s, const uint8_t *p, uint32_t n);
int jx_w_header(session *s, const uint8_t *p, uint32_t n) {
    jx_osm_header h;
    jx_status st = jx_osm_header_block(s->ctx, p, n, s->blob.offset, &h);
    if (st == JX_OK) {
        jx_import_header(s->import, &h);
        s->source.date = h.timestamp;
    }
    return (int)st;
}

/** One inflated data block of the scan under way. 0: fine. */
DOOR(jx_w_feed) int jx_w_feed(session *s, const uint8_t *p, uint32_t n, double offset, uint32_t index);
int jx_w_feed(session *s, const uint8_t *p, uint32_t n, double offset, uint32_t index) {
    const jx_block_bytes b = {p, n, (uint64_t)offset, index};
    return (int)jx_import_feed(s->ctx, s->import, &b, 1);
}

/** End of a scan: 0 another scan follows, 1 the extract is complete, negative: failed. */
DOOR(jx_w_next) int jx_w_next(session *s);
int jx_w_next(session *s) {
    bool done = false;
    if (jx_import_next(s->ctx, s->import, &done) != JX_OK) {
        return -1;
    }
    if (done && jx_import_finish(s->ctx, s->import, &s->x) != JX_OK) {
        return -1;
    }
    return done ? 1 : 0;
}

/** Settings as packed trees: 0 profiles, 1 facility map, 2 people, 3 standard. 0: fine. */
DOOR(jx_w_doc) int jx_w_doc(session *s, uint32_t which, const uint8_t *p, uint32_t n);
int jx_w_doc(session *s, uint32_t which, const uint8_t *p, uint32_t n) {
    static const char *const names[N_DOCS] = {"profiles.yaml", "osm-facilities.yaml", "people.yaml", "services.yaml"};
    return which < N_DOCS ? (int)jx_val_unpack(s->ctx, p, n, names[which], &s->doc[which]) : (int)JX_E_USAGE;
}

/** Name of the extract, for the list of sources. */
DOOR(jx_w_name) int jx_w_name(session *s, const char *utf8, uint32_t n);
int jx_w_name(session *s, const char *utf8, uint32_t n) {
    jx_free(s->ctx, s->name);
    s->name = jx_strndup(s->ctx, utf8, n);
    return s->name ? 0 : (int)JX_E_NOMEM;
}

/** County and diagnosis. 0: fine. */
DOOR(jx_w_diagnose) int jx_w_diagnose(session *s);
int jx_w_diagnose(session *s) {
    s->source.name = s->name ? s->name : "";
    s->source.what = "OpenStreetMap extract";
    s->source.licence = "ODbL 1.0";
    s->source.attribution = "\u00a9 OpenStreetMap contributors";
    s->source.crs = jx_crs_name(JX_CRS_WGS84);
    const jx_county_config cfg = {.profiles = &s->doc[DOC_PROFILES], .facility_map = &s->doc[DOC_FACILITIES], .people = &s->doc[DOC_PEOPLE],
                                  .standard = &s->doc[DOC_STANDARD], .sources = &s->source, .n_sources = 1};
    jx_status st = jx_county_build(s->ctx, s->x, &cfg, &s->county);
    st = st == JX_OK ? jx_diagnose(s->ctx, s->county, &s->diag) : st;
    return (int)(st == JX_OK ? jx_fairness_of(s->ctx, s->county, s->diag, &s->fairness) : st);
}

/** The summary (JSON) or the report (HTML); its bytes are jx_w_text, jx_w_text_len until the next question. 0: fine. */
DOOR(jx_w_ask) int jx_w_ask(session *s, uint32_t what);
int jx_w_ask(session *s, uint32_t what) {
    const jx_report_options o = {.first_lang = "en", .version = JX_VERSION, .command = "", .fairness = s->fairness, .time = s->county->data_time};
    s->out.n = 0;
    jx_status st = what == 0 ? jx_report_summary(s->ctx, s->county, s->diag, &o, &s->out) : jx_report_html(s->ctx, s->county, s->diag, &o, &s->out);
    return (int)(st == JX_OK ? jx_buf_ok(&s->out) : st);
}
DOOR(jx_w_text) const char *jx_w_text(const session *s);
const char *jx_w_text(const session *s) { return s->out.s; }
DOOR(jx_w_text_len) uint32_t jx_w_text_len(const session *s);
uint32_t jx_w_text_len(const session *s) { return (uint32_t)s->out.n; }
DOOR(jx_w_error) const char *jx_w_error(session *s);
const char *jx_w_error(session *s) { return jx_buf_ok(&s->error) == JX_OK && s->error.n ? s->error.s : ""; }

/** Travel times of a result per cell (milliseconds, UINT32_MAX unreachable), and people per cell, as typed spans. */
DOOR(jx_w_n_cells) uint32_t jx_w_n_cells(const session *s);
uint32_t jx_w_n_cells(const session *s) { return s->county->cells.n; }
DOOR(jx_w_people) const double *jx_w_people(const session *s);
const double *jx_w_people(const session *s) { return s->county->cells.people; }
DOOR(jx_w_n_results) uint32_t jx_w_n_results(const session *s);
uint32_t jx_w_n_results(const session *s) { return s->diag->n_results; }
DOOR(jx_w_nearest_ms) const uint32_t *jx_w_nearest_ms(const session *s, uint32_t result);
const uint32_t *jx_w_nearest_ms(const session *s, uint32_t result) {
    return result < s->diag->n_results ? s->diag->results[result].nearest_ms : NULL;
}
