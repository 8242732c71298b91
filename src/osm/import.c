/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Import in three scans: relations to keep and the ways they need; ways and the nodes they need; those nodes. Blocks decode in
 * parallel into parts, which are joined in the order given, and everything is sorted by id at the end: neither threads nor the
 * order of blocks can show in the result. Of objects that occur twice the last in the file is kept.
 */
#include "osm/import_internal.h"

const char *const jx_keep_default[] = {
    "highway", "building", "place",  "boundary", "amenity", "shop",  "leisure", "healthcare", "office", "railway", "public_transport", "landuse",
    "natural", "waterway", "route",  "barrier",  "social_facility", "tourism", "population", "emergency", "community_centre", "area:highway", NULL};

jx_status jx_import_new(jx_ctx *ctx, const jx_keep *keep, jx_import **out) {
    jx_import *imp = jx_calloc(ctx, 1, sizeof *imp);
    if (!imp) {
        return JX_E_NOMEM;
    }
    imp->box = JX_BOX_EMPTY;
    imp->header.sequence = -1;
    imp->strings = jx_strings_new(ctx);
    imp->keep = jx_strings_new(ctx);
    jx_status st = imp->strings && imp->keep ? JX_OK : JX_E_NOMEM;
    for (const char *const *k = keep->keys; st == JX_OK && *k; k++) {
        uint32_t id;
        st = jx_strings_add(ctx, imp->keep, *k, strlen(*k), &id);
    }
    if (st != JX_OK) {
        jx_import_free(ctx, imp);
        return st;
    }
    *out = imp;
    return JX_OK;
}

void jx_import_free(jx_ctx *ctx, jx_import *imp) {
    if (!imp) {
        return;
    }
    jx_strings_free(ctx, imp->strings);
    jx_strings_free(ctx, imp->keep);
    jx_vec_free(ctx, &imp->kinds);
    jx_vec_free(ctx, &imp->need_ways);
    jx_vec_free(ctx, &imp->need_nodes);
    for (int t = 0; t < 3; t++) {
        jx__bag_release(ctx, &imp->bag[t]);
    }
    jx_free(ctx, imp);
}

void jx_import_header(jx_import *imp, const jx_osm_header *h) { imp->header = *h; }

bool jx_import_wants(const jx_import *imp, uint32_t index) {
    static const uint8_t bit[3] = {JX__HAS_RELATIONS, JX__HAS_WAYS, JX__HAS_NODES};
    return imp->scan == 0 || imp->scan > 2 || index >= imp->kinds.n || (imp->kinds.v[index] & bit[imp->scan]) != 0;
}

/* ---- one block, on any thread ----------------------------------------------------------------------------------- */

typedef struct decoder {
    jx_ctx *ctx;
    const jx_import *imp;
    jx__part *part;
    const jx_str *table;
    size_t n_table;
    uint8_t *flag; /* per string: KEEP_KEY, IS_TYPE, IS_AREA */
    size_t flag_cap;
} decoder;

enum { KEEP_KEY = 1, IS_TYPE = 2, IS_AREA = 4 };

static jx_status on_strings(void *user, const jx_str *table, size_t n) {
    decoder *d = user;
    d->table = table;
    d->n_table = n;
    if (n > d->flag_cap) {
        uint8_t *p = jx_realloc(d->ctx, d->flag, n, 1);
        if (!p) {
            return JX_E_NOMEM;
        }
        d->flag = p;
        d->flag_cap = n;
    }
    for (size_t i = 0; i < n; i++) {
        bool keep = table[i].n && jx_strings_find(d->imp->keep, table[i].s, table[i].n) != JX_NONE;
        bool area = jx_str_eq(table[i], JX_LIT("multipolygon")) || jx_str_eq(table[i], JX_LIT("boundary"));
        d->flag[i] = (uint8_t)((keep ? KEEP_KEY : 0) | (jx_str_eq(table[i], JX_LIT("type")) ? IS_TYPE : 0) | (area ? IS_AREA : 0));
    }
    return JX_OK;
}

static bool has_keep_key(const decoder *d, const uint32_t *tags, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        if (d->flag[tags[2 * i]] & KEEP_KEY) {
            return true;
        }
    }
    return false;
}

static jx_status take(decoder *d, int64_t id, const uint32_t *tags, uint32_t from, uint32_t to) {
    jx__bag *b = &d->part->bag;
    JX_TRY(jx_vec_push(d->ctx, &b->id, id));
    JX_TRY(jx_vec_push(d->ctx, &b->tag_off, (uint32_t)b->tags.n));
    for (uint32_t i = from; i < to; i++) {
        JX_TRY(jx_vec_push(d->ctx, &b->tags, (jx_tag){tags[2 * i], tags[2 * i + 1]}));
    }
    return JX_OK;
}

/* Is id in the sorted array? The cursor makes it nearly free where ids come in order, as they do in most files. */
static bool needed(const int64_t *ids, size_t n, size_t *cursor, int64_t id) {
    size_t lo = 0, hi = n, c = *cursor;
    if (c < n && ids[c] <= id) {
        size_t step = 1; /* gallop forward */
        while (c + step < n && ids[c + step] <= id) {
            c += step;
            step *= 2;
        }
        lo = c;
        hi = c + step < n ? c + step : n;
    } else if (c < n) {
        hi = c;
    }
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (ids[mid] < id) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    *cursor = lo;
    return lo < n && ids[lo] == id;
}

static jx_status on_nodes(void *user, const jx_osm_nodes *s) {
    decoder *d = user;
    jx__part *p = d->part;
    size_t cursor = 0;
    p->count[JX_OSM_NODE] += s->n;
    for (size_t i = 0; i < s->n; i++) {
        jx_pt pt = {s->lon[i], s->lat[i]};
        jx_box_add_inline(&p->box, pt);
        uint32_t from = s->tag_off[i], to = s->tag_off[i + 1];
        if (needed(d->imp->need_nodes.v, d->imp->need_nodes.n, &cursor, s->id[i]) || (to > from && has_keep_key(d, s->tags, from, to))) {
            JX_TRY(take(d, s->id[i], s->tags, from, to));
            JX_TRY(jx_vec_push(d->ctx, &p->bag.pt, pt));
        }
    }
    return JX_OK;
}

static jx_status on_ways(void *user, const jx_osm_ways *s) {
    decoder *d = user;
    jx__part *p = d->part;
    size_t cursor = 0;
    p->count[JX_OSM_WAY] += s->n;
    for (size_t i = 0; i < s->n; i++) {
        if (!has_keep_key(d, s->tags, s->tag_off[i], s->tag_off[i + 1]) && !needed(d->imp->need_ways.v, d->imp->need_ways.n, &cursor, s->id[i])) {
            continue;
        }
        JX_TRY(take(d, s->id[i], s->tags, s->tag_off[i], s->tag_off[i + 1]));
        JX_TRY(jx_vec_push(d->ctx, &p->bag.ref_off, (uint32_t)p->bag.ref.n));
        for (uint32_t k = s->ref_off[i]; k < s->ref_off[i + 1]; k++) {
            JX_TRY(jx_vec_push(d->ctx, &p->bag.ref, s->refs[k]));
        }
    }
    return JX_OK;
}

/* Only relations that make areas are kept: routes and restrictions have members without number and no use here yet. */
static bool is_area(const decoder *d, const uint32_t *tags, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        if ((d->flag[tags[2 * i]] & IS_TYPE) && (d->flag[tags[2 * i + 1]] & IS_AREA)) {
            return true;
        }
    }
    return false;
}

static jx_status on_relations(void *user, const jx_osm_relations *s) {
    decoder *d = user;
    jx__part *p = d->part;
    p->count[JX_OSM_RELATION] += s->n;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t from = s->tag_off[i], to = s->tag_off[i + 1];
        if (!is_area(d, s->tags, from, to) || !has_keep_key(d, s->tags, from, to)) {
            continue;
        }
        JX_TRY(take(d, s->id[i], s->tags, from, to));
        JX_TRY(jx_vec_push(d->ctx, &p->bag.ref_off, (uint32_t)p->bag.ref.n));
        for (uint32_t k = s->mem_off[i]; k < s->mem_off[i + 1]; k++) {
            JX_TRY(jx_vec_push(d->ctx, &p->bag.ref, s->mem_id[k]));
            JX_TRY(jx_vec_push(d->ctx, &p->bag.type, s->mem_type[k]));
            JX_TRY(jx_vec_push(d->ctx, &p->bag.role, s->mem_role[k]));
        }
    }
    return JX_OK;
}

typedef struct feed_job {
    const jx_import *imp;
    const jx_block_bytes *blocks;
    jx__part *parts;
} feed_job;

static jx_status decode_blocks(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    feed_job *job = arg;
    jx_osm_scratch *s = jx_osm_scratch_new(wctx);
    decoder d = {.ctx = wctx, .imp = job->imp};
    jx_status st = s ? JX_OK : JX_E_NOMEM;
    for (size_t i = begin; st == JX_OK && i < end; i++) {
        const jx_block_bytes *b = &job->blocks[i];
        d.part = &job->parts[i];
        d.part->box = JX_BOX_EMPTY;
        int scan = job->imp->scan;
        const jx_osm_visitor v = {&d, on_strings, scan == 2 ? on_nodes : NULL, scan == 1 ? on_ways : NULL, scan == 0 ? on_relations : NULL};
        st = jx_osm_block(wctx, b->p, b->n, b->offset, s, &v);
        if (st == JX_OK && d.part->bag.id.n) { /* the table lies in the scratch, its texts in the block */
            st = jx_vec_reserve(wctx, &d.part->table, d.n_table);
            if (st == JX_OK) {
                memcpy(d.part->table.v, d.table, d.n_table * sizeof *d.table);
                d.part->table.n = d.n_table;
            }
        }
        d.part->kinds = scan == 0 ? jx__block_kinds(b->p, b->n) : 0;
    }
    jx_free(wctx, d.flag);
    jx_osm_scratch_free(wctx, s);
    return st;
}

jx_status jx_import_feed(jx_ctx *ctx, jx_import *imp, const jx_block_bytes *blocks, size_t n) {
    jx__part *parts = jx_calloc(ctx, n, sizeof *parts);
    if (!parts) {
        return JX_E_NOMEM;
    }
    feed_job job = {imp, blocks, parts};
    jx_status st = jx_parallel_for(ctx, n, 1, decode_blocks, &job);
    for (size_t i = 0; i < n; i++) {
        if (st == JX_OK) {
            st = jx__import_join(ctx, imp, &parts[i], blocks[i].index);
        }
        jx__bag_release(ctx, &parts[i].bag);
        jx_vec_free(ctx, &parts[i].table);
    }
    jx_free(ctx, parts);
    return st;
}
