/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * The osm room: the input is a PBF file whose blobs are taken as uncompressed whatever they say (so that the fuzzer
 * gets inside without inventing checksums). Accepted files give an extract whose every index points at something.
 */
#include "fuzz.h"
#include "junxian/osm.h"

static void check_offsets(const uint32_t *off, uint32_t n) {
    jx_fuzz_check(off[0] == 0);
    for (uint32_t i = 0; i < n; i++) {
        jx_fuzz_check(off[i] <= off[i + 1]);
    }
}

static void check_ids(const int64_t *id, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        jx_fuzz_check(id[i - 1] < id[i]);
    }
}

static void check_tags(const jx_extract *x, const jx_tag *t, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        jx_fuzz_check(t[i].k < jx_strings_count(x->strings) && t[i].v < jx_strings_count(x->strings));
    }
}

static void check_extract(const jx_extract *x) {
    jx_fuzz_check(x->n_nodes <= x->count_nodes && x->n_ways <= x->count_ways && x->n_rels <= x->count_relations);
    check_ids(x->node_id, x->n_nodes);
    check_ids(x->way_id, x->n_ways);
    check_ids(x->rel_id, x->n_rels);
    check_offsets(x->node_tag_off, x->n_nodes);
    check_offsets(x->way_tag_off, x->n_ways);
    check_offsets(x->way_ref_off, x->n_ways);
    check_offsets(x->rel_tag_off, x->n_rels);
    check_offsets(x->rel_mem_off, x->n_rels);
    check_tags(x, x->node_tags, x->node_tag_off[x->n_nodes]);
    check_tags(x, x->way_tags, x->way_tag_off[x->n_ways]);
    check_tags(x, x->rel_tags, x->rel_tag_off[x->n_rels]);
    for (uint32_t i = 0; i < x->n_nodes; i++) {
        jx_fuzz_check(x->node_pt[i].lon >= x->data_box.min_lon && x->node_pt[i].lon <= x->data_box.max_lon);
        jx_fuzz_check(x->node_pt[i].lat >= -900000000 && x->node_pt[i].lat <= 900000000);
    }
    for (uint32_t i = 0; i < x->way_ref_off[x->n_ways]; i++) {
        jx_fuzz_check(x->way_refs[i] < x->n_nodes || x->way_refs[i] == JX_NONE);
    }
    for (uint32_t i = 0; i < x->rel_mem_off[x->n_rels]; i++) {
        const uint32_t n[3] = {x->n_nodes, x->n_ways, x->n_rels};
        jx_fuzz_check(x->rel_mem_type[i] < 3 && x->rel_mem_role[i] < jx_strings_count(x->strings));
        jx_fuzz_check(x->rel_mem[i] < n[x->rel_mem_type[i]] || x->rel_mem[i] == JX_NONE);
    }
}

/* One scan: every data block that it wants. */
static jx_status scan_file(jx_ctx *ctx, jx_import *imp, const uint8_t *p, size_t n) {
    uint32_t index = 0;
    jx_blob blob;
    bool more;
    for (uint64_t at = 0;; at = blob.next) {
        JX_TRY(jx_osm_frame(ctx, p, n, at, &blob, &more));
        if (!more) {
            return JX_OK;
        }
        jx_fuzz_check(blob.next > at && blob.next <= n && blob.data >= p && blob.data + blob.data_len <= p + n);
        if (blob.kind == JX_BLOB_HEADER) {
            jx_osm_header h;
            JX_TRY(jx_osm_header_block(ctx, blob.data, blob.data_len, at, &h));
            jx_import_header(imp, &h);
        } else if (blob.kind == JX_BLOB_DATA && jx_import_wants(imp, index++)) {
            const jx_block_bytes b = {blob.data, blob.data_len, at, index - 1};
            JX_TRY(jx_import_feed(ctx, imp, &b, 1));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jx_fuzz f = jx_fuzz_begin();
    jx_import *imp = NULL;
    jx_extract *x = NULL;
    bool done = false;
    jx_status st = jx_import_new(f.ctx, &(jx_keep){jx_keep_default}, &imp);
    while (st == JX_OK && !done) {
        st = scan_file(f.ctx, imp, data, size);
        if (st == JX_OK) {
            st = jx_import_next(f.ctx, imp, &done);
        }
    }
    if (st == JX_OK) {
        st = jx_import_finish(f.ctx, imp, &x);
    }
    if (st == JX_OK) {
        check_extract(x);
    } else {
        jx_fuzz_check(x == NULL && jx_ctx_error(f.ctx) != NULL);
    }
    jx_extract_free(f.ctx, x);
    jx_import_free(f.ctx, imp);
    jx_fuzz_end(&f);
    return 0;
}
