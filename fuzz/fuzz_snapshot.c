/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * jx_snapshot_open: any bytes, with their checksums put right, are either refused with a message or a network and hierarchy that answer
 * queries in bounds, with the times of Dijkstra, and that are written back to the same bytes.
 */
#include "../tests/seal.h"
#include "../tests/sound.h"
#include "fuzz.h"

enum { MAX_BYTES = 1 << 16, MAX_NODES = 256, MAX_EDGES = 1024 };

typedef struct compare {
    const uint8_t *p;
    size_t n, at;
} compare;

static jx_status same(jx_ctx *ctx, void *user, const void *p, size_t n) {
    compare *c = user;
    (void)ctx;
    jx_fuzz_check(n <= c->n - c->at && memcmp(c->p + c->at, p, n) == 0);
    c->at += n;
    return JX_OK;
}

static void write_back(jx_fuzz *f, const jx_snapshot *s, const uint8_t *p, size_t n) {
    const jx_snapshot_content content = {s->net, s->h, &s->profile_doc, s->extract_sha256, s->source, s->date, s->data_box};
    compare c = {p, n, 0};
    jx_fuzz_check(jx_snapshot_write(f->ctx, &content, same, &c) == JX_OK && c.at == n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > MAX_BYTES) {
        return 0;
    }
    uint8_t *p = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
    jx_fuzz f = jx_fuzz_begin();
    jx_snapshot *s = NULL;
    jx_fuzz_check(p != NULL);
    memcpy(p, data, size);
    seal(p, size);
    if (jx_snapshot_open(f.ctx, "fuzz", p, size, &s) == JX_OK) {
        if (s->net->n_nodes <= MAX_NODES && s->net->n_edges <= MAX_EDGES) {
            jx_fuzz_check(snapshot_sound(f.ctx, s, data[size / 2]));
        }
        write_back(&f, s, p, size);
        jx_snapshot_free(f.ctx, s);
    } else {
        jx_fuzz_check(jx_ctx_error(f.ctx) != NULL);
    }
    free(p);
    jx_fuzz_end(&f);
    return 0;
}
