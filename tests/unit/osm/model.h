/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Random small maps, and what an import must keep of them by the plainest reading of the rules: every loop is written
 * out, nothing is sorted or indexed. Extracts are compared by their texts, because ids of strings depend on who came
 * first.
 */
#ifndef JX_TESTS_OSM_MODEL_H
#define JX_TESTS_OSM_MODEL_H

#include "junxian/osm.h"
#include "support.h"
#include "unit/osm/encode.h"

enum { MODEL_MAX = 400 };

typedef struct model {
    obj all[MODEL_MAX]; /* sorted by type and id */
    size_t n;
} model;

static const char *const model_keep[] = {"highway", "building", "amenity", NULL};

static inline void model_tag(obj *o, const char *k, const char *v) {
    if (o->n_tags < OBJ_TAGS) {
        o->key[o->n_tags] = k;
        o->val[o->n_tags++] = v;
    }
}

static inline void model_tags(obj *o, jx_test_rng *r) {
    static const char *const keys[] = {"highway", "building", "amenity", "source", "note", "name"};
    static const char *const vals[] = {"yes", "residential", "school", "\xe5\xb0\x8f\xe5\xad\xa6", "", "highway"};
    unsigned used = 0;
    for (uint64_t k = jx_test_below(r, 4); k > 0; k--) {
        unsigned key = (unsigned)jx_test_below(r, 6);
        if (!(used >> key & 1)) {
            used |= 1u << key;
            model_tag(o, keys[key], vals[jx_test_below(r, 6)]);
        }
    }
}

static inline void model_make(model *m, uint64_t seed, int nodes, int ways, int relations) {
    static const char *const roles[] = {"outer", "inner", "", "stop"};
    jx_test_rng r = {seed, 0};
    memset(m, 0, sizeof *m);
    const int count[3] = {nodes, ways, relations};
    for (int type = 0; type < 3; type++) {
        int64_t id = type == 0 ? -50 : 1;
        for (int i = 0; i < count[type]; i++) {
            obj *o = &m->all[m->n++];
            o->type = type;
            id += 1 + (int64_t)jx_test_below(&r, i % 50 == 49 ? (uint64_t)1 << 34 : 4);
            o->id = id;
            o->lon = (int32_t)((int64_t)jx_test_below(&r, 36000001) - 18000000) * 100;
            o->lat = (int32_t)((int64_t)jx_test_below(&r, 18000001) - 9000000) * 100;
            if (type == 2) {
                static const char *const types[] = {"multipolygon", "boundary", "route", "restriction"};
                model_tag(o, "type", types[jx_test_below(&r, 4)]);
            }
            model_tags(o, &r);
            o->n_refs = type == 0 ? 0 : (int)jx_test_below(&r, OBJ_REFS + 1);
            for (int k = 0; k < o->n_refs; k++) {
                o->ref_type[k] = type == 1 ? 0 : (int)jx_test_below(&r, 3);
                /* an object of the model, or one that the file does not have */
                const obj *to = &m->all[jx_test_below(&r, m->n)];
                o->ref[k] =
                    to->type == o->ref_type[k] && jx_test_below(&r, 8) ? to->id : (int64_t)jx_test_below(&r, 400) - 50;
                o->role[k] = roles[jx_test_below(&r, 4)];
            }
        }
    }
}

static inline bool model_has(const obj *o, const char *const *keys) {
    for (; *keys; keys++) {
        for (int i = 0; i < o->n_tags; i++) {
            if (strcmp(o->key[i], *keys) == 0) {
                return true;
            }
        }
    }
    return false;
}

static inline bool model_kept(const model *m, const obj *o) {
    bool area = false, turn = false;
    for (int i = 0; i < o->n_tags; i++) {
        area = area || (strcmp(o->key[i], "type") == 0 &&
                        (strcmp(o->val[i], "multipolygon") == 0 || strcmp(o->val[i], "boundary") == 0));
        turn = turn || (o->type == 2 && strcmp(o->key[i], "type") == 0 && strcmp(o->val[i], "restriction") == 0);
    }
    if (turn || (model_has(o, model_keep) && (o->type != 2 || area))) { /* restrictions come along with streets */
        return true;
    }
    for (size_t i = 0; i < m->n && o->type != 2; i++) { /* a member or a node of something kept? */
        const obj *by = &m->all[i];
        bool turns = false; /* and need no member */
        for (int k = 0; k < by->n_tags; k++) {
            turns = turns || (by->type == 2 && strcmp(by->key[k], "type") == 0 && strcmp(by->val[k], "restriction") == 0);
        }
        if (by->type <= o->type || turns) {
            continue;
        }
        for (int k = 0; k < by->n_refs; k++) {
            if (by->ref_type[k] == o->type && by->ref[k] == o->id && model_kept(m, by)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- texts ----------------------------------------------------------------------------------------------------------
 */

static inline void text_tags(jx_buf *b, const jx_extract *x, const jx_tag *t, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        jx_buf_fmt(b, " %s=%s", jx_strings_cstr(x->strings, t[i].k), jx_strings_cstr(x->strings, t[i].v));
    }
    jx_buf_char(b, '\n');
}

/** An extract as text, one object a line; the caller releases the buffer. */
static inline jx_buf text_of(jx_ctx *ctx, const jx_extract *x) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_buf_fmt(&b, "%lld %lld %lld in the file\n", (long long)x->count_nodes, (long long)x->count_ways,
               (long long)x->count_relations);
    for (uint32_t i = 0; i < x->n_nodes; i++) {
        jx_buf_fmt(&b, "n%lld %d %d", (long long)x->node_id[i], x->node_pt[i].lon, x->node_pt[i].lat);
        text_tags(&b, x, x->node_tags, x->node_tag_off[i], x->node_tag_off[i + 1]);
    }
    for (uint32_t i = 0; i < x->n_ways; i++) {
        jx_buf_fmt(&b, "w%lld", (long long)x->way_id[i]);
        for (uint32_t k = x->way_ref_off[i]; k < x->way_ref_off[i + 1]; k++) {
            if (x->way_refs[k] == JX_NONE) {
                jx_buf_str(&b, " -");
            } else {
                jx_buf_fmt(&b, " %lld", (long long)x->node_id[x->way_refs[k]]);
            }
        }
        text_tags(&b, x, x->way_tags, x->way_tag_off[i], x->way_tag_off[i + 1]);
    }
    for (uint32_t i = 0; i < x->n_rels; i++) {
        jx_buf_fmt(&b, "r%lld", (long long)x->rel_id[i]);
        for (uint32_t k = x->rel_mem_off[i]; k < x->rel_mem_off[i + 1]; k++) {
            jx_buf_fmt(&b, " %c%lld@%s%s", "nwr"[x->rel_mem_type[k]], (long long)x -> rel_mem_id[k],
                       jx_strings_cstr(x->strings, x->rel_mem_role[k]), x -> rel_mem[k] == JX_NONE ? "?" : "");
        }
        text_tags(&b, x, x->rel_tags, x->rel_tag_off[i], x->rel_tag_off[i + 1]);
    }
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    return b;
}

static inline bool model_find(const model *m, int type, int64_t id) {
    for (size_t i = 0; i < m->n; i++) {
        if (m->all[i].type == type && m->all[i].id == id) {
            return model_kept(m, &m->all[i]);
        }
    }
    return false;
}

/** The same text from the model. */
static inline jx_buf text_of_model(jx_ctx *ctx, const model *m) {
    jx_buf b;
    size_t count[3] = {0};
    jx_buf_init(&b, ctx);
    for (size_t i = 0; i < m->n; i++) {
        count[m->all[i].type]++;
    }
    jx_buf_fmt(&b, "%zu %zu %zu in the file\n", count[0], count[1], count[2]);
    for (size_t i = 0; i < m->n; i++) {
        const obj *o = &m->all[i];
        if (!model_kept(m, o)) {
            continue;
        }
        jx_buf_fmt(&b, "%c%lld", "nwr"[o->type], (long long)o -> id);
        if (o->type == 0) {
            jx_buf_fmt(&b, " %d %d", o->lon, o->lat);
        }
        for (int k = 0; k < o->n_refs; k++) {
            bool known = model_find(m, o->ref_type[k], o->ref[k]);
            if (o->type == 1 && !known) {
                jx_buf_str(&b, " -");
            } else if (o->type == 1) {
                jx_buf_fmt(&b, " %lld", (long long)o->ref[k]);
            } else {
                jx_buf_fmt(&b, " %c%lld@%s%s", "nwr"[o->ref_type[k]], (long long)o -> ref[k], o -> role[k],
                           known ? "" : "?");
            }
        }
        for (int k = 0; k < o->n_tags; k++) {
            jx_buf_fmt(&b, " %s=%s", o->key[k], o->val[k]);
        }
        jx_buf_char(&b, '\n');
    }
    assert_int_equal(jx_buf_ok(&b), JX_OK);
    return b;
}

/** A shuffled (seed != 0) list of the model's objects. */
static inline void model_order(const model *m, uint64_t seed, const obj **out) {
    jx_test_rng r = {seed, 0};
    for (size_t i = 0; i < m->n; i++) {
        size_t j = seed ? (size_t)jx_test_below(&r, i + 1) : i;
        out[i] = out[j];
        out[j] = &m->all[i];
    }
}

/** A whole file: a header and blocks of `per_block` objects in the given order, uncompressed. */
static inline enc model_file(const obj *const *o, size_t n, size_t per_block, const how *h) {
    enc file = {0};
    enc_header(&file, NULL);
    for (size_t i = 0; i < n; i += per_block) {
        enc block = enc_block(h, o + i, n - i < per_block ? n - i : per_block);
        enc_raw_block(&file, "OSMData", &block);
    }
    return file;
}

/** Import a file of uncompressed blocks with the osm room alone, `batch` blocks at a time. */
static inline jx_status model_import(jx_ctx *ctx, const uint8_t *p, size_t n, size_t batch, jx_extract **out) {
    jx_import *imp;
    jx_blob blob;
    jx_block_bytes blocks[64];
    bool more, done = false;
    const jx_keep keep = {model_keep};
    JX_TRY(jx_import_new(ctx, &keep, &imp));
    jx_status st = JX_OK;
    while (st == JX_OK && !done) {
        uint32_t index = 0;
        size_t k = 0;
        for (uint64_t at = 0; st == JX_OK; at = blob.next) {
            st = jx_osm_frame(ctx, p, n, at, &blob, &more);
            if (st == JX_OK && more && blob.kind == JX_BLOB_DATA && jx_import_wants(imp, index++)) {
                blocks[k++] = (jx_block_bytes){blob.data, blob.raw_len, blob.offset, index - 1};
            }
            if (st == JX_OK && k && (k == batch || !more)) {
                st = jx_import_feed(ctx, imp, blocks, k);
                k = 0;
            }
            if (!more) {
                break;
            }
        }
        if (st == JX_OK) {
            st = jx_import_next(ctx, imp, &done);
        }
    }
    if (st == JX_OK) {
        st = jx_import_finish(ctx, imp, out);
    }
    jx_import_free(ctx, imp);
    return st;
}

#endif
