/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** PBF files: the file mapped, blobs framed one after another, inflated in parallel batches, fed to the import.
 * libdeflate's one door. */
#include <libdeflate.h>

#include "junxian/io.h"

/* Blobs in flight: enough to keep the threads busy, few enough that memory stays bounded. */
enum { BATCH = 16, BATCH_BYTES = 64 << 20 };

typedef struct libdeflate_decompressor inflater;

static jx_status inflate_with(jx_ctx *ctx, inflater *d, const jx_blob *b, uint8_t *buf) {
    size_t got = 0;
    enum libdeflate_result r = libdeflate_zlib_decompress(d, b->data, b->data_len, buf, b->raw_len, &got);
    return r == LIBDEFLATE_SUCCESS && got == b->raw_len ? JX_OK
                                                        : JX_FAIL_BYTE(ctx, b->offset, PBF_INFLATE, JX_I(b->raw_len));
}

jx_status jx_pbf_inflate(jx_ctx *ctx, const jx_blob *b, uint8_t *buf) {
    if (b->codec == JX_CODEC_RAW) {
        if (b->raw_len) {
            memcpy(buf, b->data, b->raw_len);
        }
        return JX_OK;
    }
    inflater *d = libdeflate_alloc_decompressor();
    if (!d) {
        return JX_FAIL(ctx, NOMEM, JX_I(b->raw_len));
    }
    jx_status st = inflate_with(ctx, d, b, buf);
    libdeflate_free_decompressor(d);
    return st;
}

/* A batch of data blobs and their inflated bytes; buffers and inflaters are kept from batch to batch. */
typedef struct batch {
    jx_blob blob[BATCH];
    uint8_t *buf[BATCH];
    size_t cap[BATCH];
    jx_block_bytes block[BATCH];
    size_t n, bytes;
    inflater **own; /* per thread, made when first needed */
    unsigned threads;
} batch;

static jx_status batch_init(jx_ctx *ctx, batch *b) {
    *b = (batch){.threads = jx_ctx_threads(ctx)};
    b->own = jx_calloc(ctx, b->threads, sizeof(inflater *));
    return b->own ? JX_OK : JX_E_NOMEM;
}

static void batch_release(jx_ctx *ctx, batch *b) {
    for (size_t i = 0; i < BATCH; i++) {
        jx_free(ctx, b->buf[i]);
    }
    for (unsigned i = 0; i < b->threads; i++) {
        libdeflate_free_decompressor(b->own[i]);
    }
    jx_free(ctx, b->own);
}

static jx_status inflate_one(jx_ctx *wctx, batch *b, size_t i, unsigned worker) {
    const jx_blob *blob = &b->blob[i];
    b->block[i].n = blob->raw_len;
    if (blob->codec == JX_CODEC_RAW) { /* no copy: the block is read where it lies in the file */
        b->block[i].p = blob->data;
        return JX_OK;
    }
    if (!b->own[worker]) {
        b->own[worker] = libdeflate_alloc_decompressor();
        if (!b->own[worker]) {
            return JX_FAIL(wctx, NOMEM, JX_I(blob->raw_len));
        }
    }
    if (blob->raw_len > b->cap[i] || !b->buf[i]) {
        jx_free(wctx, b->buf[i]);
        b->cap[i] = 0;
        b->buf[i] = jx_malloc(wctx, blob->raw_len, 1);
        if (!b->buf[i]) {
            return JX_E_NOMEM;
        }
        b->cap[i] = blob->raw_len;
    }
    b->block[i].p = b->buf[i];
    return inflate_with(wctx, b->own[worker], blob, b->buf[i]);
}

static jx_status inflate_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    for (size_t i = begin; i < end; i++) {
        JX_TRY(inflate_one(wctx, arg, i, worker));
    }
    return JX_OK;
}

/* Calls `feed` with batches of inflated data blocks; `wants` may pass blocks over. */
typedef struct walk {
    const uint8_t *p;
    size_t n;
    bool (*wants)(void *user, uint32_t index);
    jx_status (*feed)(jx_ctx *ctx, void *user, const jx_block_bytes *blocks, size_t n);
    jx_status (*header)(jx_ctx *ctx, void *user, const uint8_t *p, size_t n, uint64_t offset);
    void *user;
    const char *phase;
} walk;

static jx_status flush(jx_ctx *ctx, const walk *w, batch *b) {
    if (!b->n) {
        return JX_OK;
    }
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx_parallel_for(ctx, b->n, 1, inflate_range, b));
    jx_status st = w->feed(ctx, w->user, b->block, b->n);
    b->n = b->bytes = 0;
    return st;
}

static jx_status read_header(jx_ctx *ctx, const walk *w, const jx_blob *blob) {
    uint8_t *buf = jx_malloc(ctx, blob->raw_len, 1);
    jx_status st = buf ? jx_pbf_inflate(ctx, blob, buf) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = w->header(ctx, w->user, buf, blob->raw_len, blob->offset);
    }
    jx_free(ctx, buf);
    return st;
}

static jx_status walk_file(jx_ctx *ctx, const walk *w) {
    batch b;
    uint32_t index = 0;
    bool more = false;
    jx_blob blob;
    jx_status st = JX_OK;
    JX_TRY(batch_init(ctx, &b));
    for (uint64_t at = 0; st == JX_OK; at = blob.next) {
        st = jx_osm_frame(ctx, w->p, w->n, at, &blob, &more);
        if (st != JX_OK || !more) {
            break;
        }
        if (blob.kind == JX_BLOB_HEADER && w->header) {
            st = read_header(ctx, w, &blob);
        } else if (blob.kind == JX_BLOB_DATA) {
            uint32_t i = index++;
            if (!w->wants || w->wants(w->user, i)) {
                b.bytes += blob.codec == JX_CODEC_RAW ? 0 : blob.raw_len;
                b.blob[b.n] = blob;
                b.block[b.n++] = (jx_block_bytes){.offset = blob.offset, .index = i};
            }
            if (b.n == BATCH || b.bytes >= BATCH_BYTES) {
                st = flush(ctx, w, &b);
            }
        }
        jx_progress(ctx, w->phase, blob.next, w->n);
    }
    if (st == JX_OK) {
        st = flush(ctx, w, &b);
    }
    batch_release(ctx, &b);
    return st;
}

/* ---- the extract ------------------------------------------------------------------------------------------------- */

static bool import_wants(void *user, uint32_t index) {
    return jx_import_wants(user, index);
}
static jx_status import_feed(jx_ctx *ctx, void *user, const jx_block_bytes *blocks, size_t n) {
    return jx_import_feed(ctx, user, blocks, n);
}
static jx_status import_header(jx_ctx *ctx, void *user, const uint8_t *p, size_t n, uint64_t offset) {
    jx_osm_header h;
    JX_TRY(jx_osm_header_block(ctx, p, n, offset, &h));
    jx_import_header(user, &h);
    return JX_OK;
}

jx_status jx_pbf_read_bytes(jx_ctx *ctx, const uint8_t *p, size_t n, const jx_keep *keep, jx_extract **out) {
    static const char *const phases[] = {N_("reading the extract: relations"), N_("reading the extract: ways"),
                                         N_("reading the extract: nodes")};
    jx_import *imp = NULL;
    bool done = false;
    jx_status st;
    JX_TRY(jx_import_new(ctx, keep, &imp));
    for (int scan = 0; !done; scan++) {
        const walk w = {p, n, import_wants, import_feed, scan == 0 ? import_header : NULL, imp, phases[scan]};
        JX_TRY_OUT(st, walk_file(ctx, &w));
        JX_TRY_OUT(st, jx_import_next(ctx, imp, &done));
    }
    st = jx_import_finish(ctx, imp, out);
out:
    jx_import_free(ctx, imp);
    return st;
}

jx_status jx_pbf_read(jx_ctx *ctx, const char *path, const jx_keep *keep, jx_extract **out) {
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_status st = jx_pbf_read_bytes(ctx, f.p, f.n, keep, out);
    jx_file_close(ctx, &f);
    return st;
}

/* ---- counting ------------------------------------------------------------------------------------------------------
 */

typedef struct counter {
    jx_pbf_counts *total;
    jx_pbf_counts part[BATCH];
} counter;

static jx_status count_nodes(void *user, const jx_osm_nodes *s) {
    jx_pbf_counts *c = user;
    c->nodes += s->n;
    c->tags += s->tag_off[s->n] - s->tag_off[0];
    jx_box b = c->box;
    for (size_t i = 0; i < s->n; i++) {
        b.min_lon = s->lon[i] < b.min_lon ? s->lon[i] : b.min_lon;
        b.max_lon = s->lon[i] > b.max_lon ? s->lon[i] : b.max_lon;
        b.min_lat = s->lat[i] < b.min_lat ? s->lat[i] : b.min_lat;
        b.max_lat = s->lat[i] > b.max_lat ? s->lat[i] : b.max_lat;
    }
    c->box = b;
    return JX_OK;
}
static jx_status count_ways(void *user, const jx_osm_ways *s) {
    jx_pbf_counts *c = user;
    c->ways += s->n;
    c->tags += s->tag_off[s->n] - s->tag_off[0];
    c->refs += s->ref_off[s->n] - s->ref_off[0];
    return JX_OK;
}
static jx_status count_relations(void *user, const jx_osm_relations *s) {
    jx_pbf_counts *c = user;
    c->relations += s->n;
    c->tags += s->tag_off[s->n] - s->tag_off[0];
    c->refs += s->mem_off[s->n] - s->mem_off[0];
    return JX_OK;
}

typedef struct count_job {
    counter *c;
    const jx_block_bytes *blocks;
} count_job;

static jx_status count_range(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    count_job *job = arg;
    jx_osm_scratch *s = jx_osm_scratch_new(wctx);
    jx_status st = s ? JX_OK : JX_E_NOMEM;
    for (size_t i = begin; st == JX_OK && i < end; i++) {
        jx_pbf_counts *c = &job->c->part[i];
        *c = (jx_pbf_counts){.box = JX_BOX_EMPTY};
        const jx_osm_visitor v = {c, NULL, count_nodes, count_ways, count_relations};
        st = jx_osm_block(wctx, job->blocks[i].p, job->blocks[i].n, job->blocks[i].offset, s, &v);
    }
    jx_osm_scratch_free(wctx, s);
    return st;
}

static jx_status count_feed(jx_ctx *ctx, void *user, const jx_block_bytes *blocks, size_t n) {
    counter *c = user;
    count_job job = {c, blocks};
    JX_TRY(jx_parallel_for(ctx, n, 4, count_range, &job));
    for (size_t i = 0; i < n; i++) {
        const jx_pbf_counts *p = &c->part[i];
        c->total->blocks++;
        c->total->nodes += p->nodes;
        c->total->ways += p->ways;
        c->total->relations += p->relations;
        c->total->tags += p->tags;
        c->total->refs += p->refs;
        if (p->nodes) {
            jx_box_join(&c->total->box, p->box);
        }
    }
    return JX_OK;
}

static jx_status count_header(jx_ctx *ctx, void *user, const uint8_t *p, size_t n, uint64_t offset) {
    counter *c = user;
    return jx_osm_header_block(ctx, p, n, offset, &c->total->header);
}

jx_status jx_pbf_count(jx_ctx *ctx, const char *path, jx_pbf_counts *out) {
    jx_file f;
    *out = (jx_pbf_counts){.box = JX_BOX_EMPTY};
    counter c = {.total = out};
    JX_TRY(jx_file_open(ctx, path, &f));
    const walk w = {f.p, f.n, NULL, count_feed, count_header, &c, N_("reading the extract")};
    jx_status st = walk_file(ctx, &w);
    jx_file_close(ctx, &f);
    return st;
}
