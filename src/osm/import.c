/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Import in three scans: relations to keep and the ways they need; ways and the nodes they need; those nodes. Blocks
 * decode in parallel into parts, which are joined in the order given, and everything is sorted by id at the end:
 * neither threads nor the order of blocks can show in the result. Of objects that occur twice the last in the file is
 * kept.
 */
#include "osm/import_internal.h"

const char *const jx_keep_default[] = {
    "highway",      "building", "place",           "boundary",         "amenity",    "shop",      "leisure",
    "healthcare",   "office",   "railway",         "public_transport", "landuse",    "natural",   "waterway",
    "route",        "barrier",  "social_facility", "tourism",          "population", "emergency", "community_centre",
    "area:highway", NULL};

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
    imp->keep_streets = jx_strings_find(imp->keep, "highway", 7) != JX_NONE;
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
    for (size_t i = 0; i < imp->workers.n; i++) {
        jx_osm_scratch_free(ctx, imp->workers.v[i].scratch);
        jx_vec_free(ctx, &imp->workers.v[i].flag);
    }
    jx_vec_free(ctx, &imp->workers);
    jx__import_drop_parts(ctx, imp);
    jx_free(ctx, imp);
}

void jx_import_header(jx_import *imp, const jx_osm_header *h) {
    imp->header = *h;
}

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
    uint8_t *flag; /* per string: KEEP_KEY, IS_TYPE, IS_AREA, IS_RESTRICTION */
    jx__worker *own;
} decoder;

enum { KEEP_KEY = 1, IS_TYPE = 2, IS_AREA = 4, IS_RESTRICTION = 8 };

static jx_status on_strings(void *user, const jx_str *table, size_t n) {
    decoder *d = user;
    d->table = table;
    d->n_table = n;
    JX_TRY(jx_vec_reserve(d->ctx, &d->own->flag, n + 1));
    d->flag = d->own->flag.v;
    for (size_t i = 0; i < n; i++) {
        bool keep = table[i].n && jx_strings_find(d->imp->keep, table[i].s, table[i].n) != JX_NONE;
        bool area = jx_str_eq(table[i], JX_LIT("multipolygon")) || jx_str_eq(table[i], JX_LIT("boundary"));
        d->flag[i] = (uint8_t)((keep ? KEEP_KEY : 0) | (jx_str_eq(table[i], JX_LIT("type")) ? IS_TYPE : 0) |
                               (area ? IS_AREA : 0) | (jx_str_eq(table[i], JX_LIT("restriction")) ? IS_RESTRICTION : 0));
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

/* Room for a span of n objects with up to so many tags, so that taking one needs no check. */
static jx_status make_room(decoder *d, size_t n, size_t n_tags) {
    jx__bag *b = &d->part->bag;
    JX_TRY(jx_vec_reserve(d->ctx, &b->id, n));
    JX_TRY(jx_vec_reserve(d->ctx, &b->tag_off, n));
    return jx_vec_reserve(d->ctx, &b->tags, n_tags);
}

static void take(decoder *d, int64_t id, const uint32_t *tags, uint32_t from, uint32_t to) {
    jx__bag *b = &d->part->bag;
    b->id.v[b->id.n++] = id;
    b->tag_off.v[b->tag_off.n++] = (uint32_t)b->tags.n;
    for (uint32_t i = from; i < to; i++) {
        b->tags.v[b->tags.n++] = (jx_tag){tags[2 * i], tags[2 * i + 1]};
    }
}

/* Is id in the sorted array? */
static inline bool needed(const int64_t *ids, size_t n, size_t *cursor, int64_t id) {
    *cursor = jx__gallop(ids, n, *cursor, id);
    return *cursor < n && ids[*cursor] == id;
}

static jx_status on_nodes(void *user, const jx_osm_nodes *s) {
    decoder *d = user;
    jx__part *p = d->part;
    size_t cursor = 0;
    p->count[JX_OSM_NODE] += s->n;
    JX_TRY(make_room(d, s->n, s->tag_off[s->n]));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.pt, s->n));
    for (size_t i = 0; i < s->n; i++) {
        jx_pt pt = {s->lon[i], s->lat[i]};
        jx_box_add_inline(&p->box, pt);
        uint32_t from = s->tag_off[i], to = s->tag_off[i + 1];
        if (needed(d->imp->need_nodes.v, d->imp->need_nodes.n, &cursor, s->id[i]) ||
            (to > from && has_keep_key(d, s->tags, from, to))) {
            take(d, s->id[i], s->tags, from, to);
            p->bag.pt.v[p->bag.pt.n++] = pt;
        }
    }
    return JX_OK;
}

static jx_status on_ways(void *user, const jx_osm_ways *s) {
    decoder *d = user;
    jx__part *p = d->part;
    size_t cursor = 0;
    p->count[JX_OSM_WAY] += s->n;
    JX_TRY(make_room(d, s->n, s->tag_off[s->n]));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.ref_off, s->n));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.ref, s->ref_off[s->n]));
    for (size_t i = 0; i < s->n; i++) {
        if (!has_keep_key(d, s->tags, s->tag_off[i], s->tag_off[i + 1]) &&
            !needed(d->imp->need_ways.v, d->imp->need_ways.n, &cursor, s->id[i])) {
            continue;
        }
        take(d, s->id[i], s->tags, s->tag_off[i], s->tag_off[i + 1]);
        p->bag.ref_off.v[p->bag.ref_off.n++] = (uint32_t)p->bag.ref.n;
        for (uint32_t k = s->ref_off[i]; k < s->ref_off[i + 1]; k++) {
            p->bag.ref.v[p->bag.ref.n++] = s->refs[k];
        }
    }
    return JX_OK;
}

/* Relations that make areas are kept when they have a key to keep; turn restrictions when streets are kept. Others (routes, sites) have
 * members without number and no use here. */
static bool is_wanted(const decoder *d, const uint32_t *tags, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        if (d->flag[tags[2 * i]] & IS_TYPE) {
            uint8_t kind = d->flag[tags[2 * i + 1]];
            return (kind & IS_AREA) ? has_keep_key(d, tags, from, to) : (kind & IS_RESTRICTION) && d->imp->keep_streets;
        }
    }
    return false;
}

static jx_status on_relations(void *user, const jx_osm_relations *s) {
    decoder *d = user;
    jx__part *p = d->part;
    p->count[JX_OSM_RELATION] += s->n;
    JX_TRY(make_room(d, s->n, s->tag_off[s->n]));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.ref_off, s->n));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.ref, s->mem_off[s->n]));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.type, s->mem_off[s->n]));
    JX_TRY(jx_vec_reserve(d->ctx, &p->bag.role, s->mem_off[s->n]));
    for (size_t i = 0; i < s->n; i++) {
        uint32_t from = s->tag_off[i], to = s->tag_off[i + 1];
        if (!is_wanted(d, s->tags, from, to)) {
            continue;
        }
        take(d, s->id[i], s->tags, from, to);
        p->bag.ref_off.v[p->bag.ref_off.n++] = (uint32_t)p->bag.ref.n;
        for (uint32_t k = s->mem_off[i]; k < s->mem_off[i + 1]; k++) {
            p->bag.ref.v[p->bag.ref.n++] = s->mem_id[k];
            p->bag.type.v[p->bag.type.n++] = s->mem_type[k];
            p->bag.role.v[p->bag.role.n++] = s->mem_role[k];
        }
    }
    return JX_OK;
}

typedef struct feed_job {
    jx_import *imp;
    const jx_block_bytes *blocks;
    jx__part *parts;
} feed_job;

static jx_status decode_block(decoder *d, const jx_block_bytes *b) {
    int scan = d->imp->scan;
    jx__part *p = d->part;
    p->box = JX_BOX_EMPTY;
    p->kinds = scan == 0 ? jx__block_kinds(b->p, b->n) : 0;
    if (scan == 0 && p->kinds && !(p->kinds & JX__HAS_RELATIONS)) {
        return JX_OK; /* a later scan decodes it */
    }
    const jx_osm_visitor v = {d, on_strings, scan == 2 ? on_nodes : NULL, scan == 1 ? on_ways : NULL,
                              scan == 0 ? on_relations : NULL};
    JX_TRY(jx_osm_block(d->ctx, b->p, b->n, b->offset, d->own->scratch, &v));
    if (p->bag.id.n) { /* the table lies in the scratch, its texts in the block */
        JX_TRY(jx_vec_reserve(d->ctx, &p->table, d->n_table + 1));
        if (d->n_table) {
            memcpy(p->table.v, d->table, d->n_table * sizeof *d->table);
        }
        p->table.n = d->n_table;
    }
    return JX_OK;
}

static jx_status decode_blocks(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    feed_job *job = arg;
    decoder d = {.ctx = wctx, .imp = job->imp, .own = &job->imp->workers.v[worker]};
    if (!d.own->scratch) {
        d.own->scratch = jx_osm_scratch_new(wctx);
    }
    jx_status st = d.own->scratch ? JX_OK : JX_E_NOMEM;
    for (size_t i = begin; st == JX_OK && i < end; i++) {
        d.part = &job->parts[i];
        st = decode_block(&d, &job->blocks[i]);
    }
    return st;
}

/* Empty, with its memory kept for the next block. */
static void part_clear(jx__part *p) {
    jx__bag *b = &p->bag;
    b->id.n = b->tag_off.n = b->tags.n = b->pt.n = b->ref_off.n = b->ref.n = b->type.n = b->role.n = 0;
    p->table.n = 0;
    memset(p->count, 0, sizeof p->count);
}

jx_status jx_import_feed(jx_ctx *ctx, jx_import *imp, const jx_block_bytes *blocks, size_t n) {
    while (imp->workers.n < jx_ctx_threads(ctx)) {
        JX_TRY(jx_vec_push(ctx, &imp->workers, (jx__worker){0}));
    }
    while (imp->parts.n < n) {
        JX_TRY(jx_vec_push(ctx, &imp->parts, (jx__part){0}));
    }
    for (size_t i = 0; i < n; i++) {
        part_clear(&imp->parts.v[i]);
    }
    feed_job job = {imp, blocks, imp->parts.v};
    JX_TRY(jx_parallel_for(ctx, n, 1, decode_blocks, &job));
    for (size_t i = 0; i < n; i++) {
        JX_TRY(jx__import_join(ctx, imp, &imp->parts.v[i], blocks[i].index));
    }
    return JX_OK;
}
