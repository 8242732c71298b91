/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Joining parts, what the next scan needs, and the extract that comes of it all. */
#include "osm/import_internal.h"
#include "osm/proto.h"

uint8_t jx__block_kinds(const uint8_t *p, size_t n) {
    static const uint8_t bit[5] = {0, JX__HAS_NODES, JX__HAS_NODES, JX__HAS_WAYS, JX__HAS_RELATIONS};
    jx__pb r = jx__pb_of(p, n);
    uint32_t field, type, f2, t2;
    uint8_t kinds = 0;
    while (jx__pb_next(&r, &field, &type)) {
        if (field != 2 || type != JX__PB_BYTES) {
            jx__pb_skip(&r, type);
            continue;
        }
        jx__pb g = jx__pb_bytes(&r);
        while (jx__pb_next(&g, &f2, &t2)) { /* a group should hold one kind, but nothing makes it */
            kinds |= f2 <= 4 ? bit[f2] : 0;
            jx__pb_skip(&g, t2);
        }
    }
    return r.bad ? 7 : kinds;
}

/* Ids of the part's strings in the import's pool, looked up once per string that is used. */
typedef struct translator {
    jx_ctx *ctx;
    jx_import *imp;
    const jx_str *table;
    uint32_t *id;
} translator;

static jx_status translate(translator *t, uint32_t *s) {
    if (t->id[*s] == JX_NONE) {
        JX_TRY(jx_strings_add(t->ctx, t->imp->strings, t->table[*s].s, t->table[*s].n, &t->id[*s]));
    }
    *s = t->id[*s];
    return JX_OK;
}

/* Strings of the part's bag become ids of the import's pool. */
static jx_status translate_bag(translator *t, jx__bag *b) {
    for (size_t i = 0; i < b->tags.n; i++) {
        JX_TRY(translate(t, &b->tags.v[i].k));
        JX_TRY(translate(t, &b->tags.v[i].v));
    }
    for (size_t i = 0; i < b->role.n; i++) {
        JX_TRY(translate(t, &b->role.v[i]));
    }
    return JX_OK;
}

jx_status jx__import_join(jx_ctx *ctx, jx_import *imp, jx__part *part, uint32_t index) {
    static const jx_osm_type type_of[3] = {JX_OSM_RELATION, JX_OSM_WAY, JX_OSM_NODE};
    if (imp->scan == 0) {
        while (imp->kinds.n <= index) {
            JX_TRY(jx_vec_push(ctx, &imp->kinds, 7));
        }
        imp->kinds.v[index] = part->kinds;
    }
    for (int t = 0; t < 3; t++) {
        imp->count[t] += part->count[t];
    }
    if (part->count[JX_OSM_NODE]) {
        jx_box_add_inline(&imp->box, (jx_pt){part->box.min_lon, part->box.min_lat});
        jx_box_add_inline(&imp->box, (jx_pt){part->box.max_lon, part->box.max_lat});
    }
    if (!part->bag.id.n) {
        return JX_OK;
    }
    translator t = {ctx, imp, part->table.v, jx_malloc(ctx, part->table.n, sizeof *t.id)};
    if (!t.id) {
        return JX_E_NOMEM;
    }
    memset(t.id, 0xff, part->table.n * sizeof *t.id);
    jx_status st = translate_bag(&t, &part->bag);
    jx_free(ctx, t.id);
    if (st == JX_OK) {
        st = jx__bag_join(ctx, &imp->bag[type_of[imp->scan]], &part->bag);
    }
    return st;
}

void jx__import_drop_parts(jx_ctx *ctx, jx_import *imp) {
    for (size_t i = 0; i < imp->parts.n; i++) {
        jx__bag_release(ctx, &imp->parts.v[i].bag);
        jx_vec_free(ctx, &imp->parts.v[i].table);
    }
    jx_vec_free(ctx, &imp->parts);
}

/* Sort ids and drop repeats. Nearly all of a way's references follow one another, so repeats next to each other go
 * first. */
static jx_status sort_unique(jx_ctx *ctx, int64_t *ids, size_t *n) {
    uint64_t *key = (uint64_t *)ids; /* the signed and the unsigned type of a size may alias */
    size_t m = 0, out = 0;
    for (size_t i = 0; i < *n; i++) {
        uint64_t k = jx__id_key(ids[i]);
        if (m == 0 || key[m - 1] != k) {
            key[m++] = k;
        }
    }
    uint64_t *tmp = jx_malloc(ctx, m, sizeof *tmp);
    if (!tmp) {
        return JX_E_NOMEM;
    }
    jx_sort_u64(key, tmp, m);
    jx_free(ctx, tmp);
    uint64_t last = 0;
    for (size_t i = 0; i < m; i++) {
        uint64_t k = key[i];
        if (i == 0 || k != last) {
            ids[out++] = (int64_t)jx__id_key((int64_t)k);
        }
        last = k;
    }
    *n = out;
    return JX_OK;
}

/* Members of areas are needed. Those of turn restrictions are kept streets and their nodes anyway, or of no use. */
static jx_status need_members(jx_ctx *ctx, jx_import *imp) {
    const jx__bag *r = &imp->bag[JX_OSM_RELATION];
    uint32_t type = jx_strings_find(imp->strings, "type", 4), turn = jx_strings_find(imp->strings, "restriction", 11);
    for (size_t k = 0; k < r->id.n; k++) {
        size_t tag = r->tag_off.v[k], last = k + 1 < r->id.n ? r->tag_off.v[k + 1] : r->tags.n;
        size_t i = r->ref_off.v[k], end = k + 1 < r->id.n ? r->ref_off.v[k + 1] : r->ref.n;
        while (tag < last && (r->tags.v[tag].k != type || r->tags.v[tag].v != turn)) {
            tag++;
        }
        for (i = tag < last ? end : i; i < end; i++) {
            if (r->type.v[i] == JX_OSM_WAY) {
                JX_TRY(jx_vec_push(ctx, &imp->need_ways, r->ref.v[i]));
            } else if (r->type.v[i] == JX_OSM_NODE) {
                JX_TRY(jx_vec_push(ctx, &imp->need_nodes, r->ref.v[i]));
            }
        }
    }
    return JX_OK;
}

jx_status jx_import_next(jx_ctx *ctx, jx_import *imp, bool *done) {
    if (imp->scan == 0) {
        JX_TRY(need_members(ctx, imp));
        JX_TRY(sort_unique(ctx, imp->need_ways.v, &imp->need_ways.n));
    } else if (imp->scan == 1) {
        const jx__bag *w = &imp->bag[JX_OSM_WAY];
        JX_TRY(jx_vec_reserve(ctx, &imp->need_nodes, w->ref.n));
        if (w->ref.n) {
            memcpy(imp->need_nodes.v + imp->need_nodes.n, w->ref.v, w->ref.n * sizeof *w->ref.v);
        }
        imp->need_nodes.n += w->ref.n;
        JX_TRY(sort_unique(ctx, imp->need_nodes.v, &imp->need_nodes.n));
        jx__bag *b = &imp->bag[JX_OSM_NODE]; /* hardly more will come than is needed: no growing by copies */
        JX_TRY(jx_vec_reserve(ctx, &b->id, imp->need_nodes.n));
        JX_TRY(jx_vec_reserve(ctx, &b->pt, imp->need_nodes.n));
        JX_TRY(jx_vec_reserve(ctx, &b->tag_off, imp->need_nodes.n));
    }
    imp->scan++;
    *done = imp->scan > 2;
    if (*done) {
        jx__import_drop_parts(ctx, imp);
    }
    return JX_OK;
}

/* ---- the extract ----------------------------------------------------------------------------------------------------
 */

/* An array of a bag becomes the extract's; never NULL, so that it can be pointed into even when there is nothing. */
#define TAKE(ctx, to, from)                                        \
    do {                                                           \
        if (!(from)->v && !((from)->v = jx_malloc((ctx), 0, 1))) { \
            return JX_E_NOMEM;                                     \
        }                                                          \
        *(to) = (from)->v;                                         \
        (from)->v = NULL;                                          \
        (from)->n = (from)->cap = 0;                               \
    } while (0)

static jx_status put_nodes(jx_ctx *ctx, jx__bag *b, jx_extract *x) {
    JX_TRY(jx__bag_settle(ctx, b, &x->duplicate_ids));
    x->n_nodes = (uint32_t)b->id.n;
    TAKE(ctx, &x->node_id, &b->id);
    TAKE(ctx, &x->node_pt, &b->pt);
    TAKE(ctx, &x->node_tag_off, &b->tag_off);
    TAKE(ctx, &x->node_tags, &b->tags);
    return JX_OK;
}

static uint32_t find_id(const int64_t *ids, uint32_t n, int64_t id) {
    uint32_t lo = 0, hi = n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (ids[mid] < id) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < n && ids[lo] == id ? lo : JX_NONE;
}

/*
 * Finds ids among many. The range of ids is cut into as many equal parts as there are ids / 16; a table says where each
 * begins, and the rest is a search among few. However the ids are spread, it is never worse than a search among all.
 */
typedef struct finder {
    const int64_t *ids;
    uint64_t span; /* last id - first id */
    unsigned shift;
    uint32_t *first; /* per part, and the end */
} finder;

static jx_status finder_make(jx_ctx *ctx, finder *f, const int64_t *ids, uint32_t n) {
    *f = (finder){.ids = ids};
    if (!n) {
        return JX_OK;
    }
    f->span = (uint64_t)ids[n - 1] - (uint64_t)ids[0];
    while (f->span >> f->shift > n / 16 + 1) {
        f->shift++;
    }
    size_t parts = (size_t)(f->span >> f->shift) + 1;
    f->first = jx_malloc(ctx, parts + 1, sizeof *f->first);
    if (!f->first) {
        return JX_E_NOMEM;
    }
    uint32_t i = 0;
    for (size_t k = 0; k < parts; k++) {
        f->first[k] = i;
        while (i < n && ((uint64_t)ids[i] - (uint64_t)ids[0]) >> f->shift == k) {
            i++;
        }
    }
    f->first[parts] = n;
    return JX_OK;
}

/* Position of id, or JX_NONE. */
static uint32_t finder_find(const finder *f, int64_t id) {
    if (!f->first) {
        return JX_NONE;
    }
    uint64_t above = (uint64_t)id - (uint64_t)f->ids[0];
    if (id < f->ids[0] || above > f->span) {
        return JX_NONE;
    }
    const uint32_t *part = &f->first[above >> f->shift];
    uint32_t at = find_id(f->ids + part[0], part[1] - part[0], id);
    return at == JX_NONE ? JX_NONE : part[0] + at;
}

/* References to positions of nodes. Neighbours along a way are often numbered in one go: the next node is tried first.
 */
static jx_status resolve(jx_ctx *ctx, const jx__bag *b, jx_extract *x, uint32_t *refs) {
    finder f;
    JX_TRY(finder_make(ctx, &f, x->node_id, x->n_nodes));
    uint32_t last = JX_NONE;
    for (size_t i = 0; i < b->ref.n; i++) {
        int64_t id = b->ref.v[i];
        uint32_t next = last == JX_NONE ? x->n_nodes : last + 1;
        refs[i] = next < x->n_nodes && x->node_id[next] == id ? next : finder_find(&f, id);
        x->missing_refs += refs[i] == JX_NONE;
        last = refs[i];
    }
    jx_free(ctx, f.first);
    return JX_OK;
}

static jx_status put_ways(jx_ctx *ctx, jx__bag *b, jx_extract *x) {
    JX_TRY(jx__bag_settle(ctx, b, &x->duplicate_ids));
    x->way_refs = jx_malloc(ctx, b->ref.n, sizeof *x->way_refs);
    if (!x->way_refs) {
        return JX_E_NOMEM;
    }
    JX_TRY(resolve(ctx, b, x, x->way_refs));
    x->n_ways = (uint32_t)b->id.n;
    TAKE(ctx, &x->way_id, &b->id);
    TAKE(ctx, &x->way_ref_off, &b->ref_off);
    TAKE(ctx, &x->way_tag_off, &b->tag_off);
    TAKE(ctx, &x->way_tags, &b->tags);
    jx__bag_release(ctx, b);
    return JX_OK;
}

static jx_status put_relations(jx_ctx *ctx, jx__bag *b, jx_extract *x) {
    JX_TRY(jx__bag_settle(ctx, b, &x->duplicate_ids));
    size_t n_members = b->ref.n;
    x->n_rels = (uint32_t)b->id.n;
    x->rel_mem = jx_malloc(ctx, n_members, sizeof *x->rel_mem);
    if (!x->rel_mem) {
        return JX_E_NOMEM;
    }
    TAKE(ctx, &x->rel_id, &b->id);
    TAKE(ctx, &x->rel_mem_off, &b->ref_off);
    TAKE(ctx, &x->rel_mem_type, &b->type);
    TAKE(ctx, &x->rel_mem_id, &b->ref);
    TAKE(ctx, &x->rel_mem_role, &b->role);
    TAKE(ctx, &x->rel_tag_off, &b->tag_off);
    TAKE(ctx, &x->rel_tags, &b->tags);
    for (size_t m = 0; m < n_members; m++) { /* after all ids are in place: a relation may be a member too */
        x->rel_mem[m] = jx_extract_find(x, (jx_osm_type)x->rel_mem_type[m], x->rel_mem_id[m]);
    }
    return JX_OK;
}

jx_status jx_import_finish(jx_ctx *ctx, jx_import *imp, jx_extract **out) {
    jx_extract *x = jx_calloc(ctx, 1, sizeof *x);
    if (!x) {
        return JX_E_NOMEM;
    }
    x->header = imp->header;
    x->count_nodes = imp->count[JX_OSM_NODE];
    x->count_ways = imp->count[JX_OSM_WAY];
    x->count_relations = imp->count[JX_OSM_RELATION];
    x->data_box = imp->box;
    x->strings = imp->strings;
    imp->strings = NULL;
    jx_status st = put_nodes(ctx, &imp->bag[JX_OSM_NODE], x);
    if (st == JX_OK) {
        st = put_ways(ctx, &imp->bag[JX_OSM_WAY], x);
    }
    if (st == JX_OK) {
        st = put_relations(ctx, &imp->bag[JX_OSM_RELATION], x);
    }
    if (st != JX_OK) {
        jx_extract_free(ctx, x);
        return st;
    }
    if (x->duplicate_ids) {
        JX_NOTE(ctx, PBF_DUPLICATES, JX_I(x->duplicate_ids));
    }
    if (x->missing_refs) {
        JX_NOTE(ctx, PBF_MISSING_NODES, JX_I(x->missing_refs));
    }
    *out = x;
    return JX_OK;
}

void jx_extract_free(jx_ctx *ctx, jx_extract *x) {
    if (!x) {
        return;
    }
    jx_strings_free(ctx, x->strings);
    void *const blocks[] = {x->node_id,     x->node_pt,      x->node_tag_off, x->node_tags, x->way_id,
                            x->way_ref_off, x->way_refs,     x->way_tag_off,  x->way_tags,  x->rel_id,
                            x->rel_mem_off, x->rel_mem_type, x->rel_mem_id,   x->rel_mem,   x->rel_mem_role,
                            x->rel_tag_off, x->rel_tags};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        jx_free(ctx, blocks[i]);
    }
    jx_free(ctx, x);
}

const char *jx_tag_value(const jx_extract *x, const jx_tag *tags, uint32_t n, uint32_t key_id) {
    for (uint32_t i = 0; i < n; i++) {
        if (tags[i].k == key_id) {
            return jx_strings_cstr(x->strings, tags[i].v);
        }
    }
    return NULL;
}

uint32_t jx_extract_find(const jx_extract *x, jx_osm_type type, int64_t id) {
    switch (type) {
        case JX_OSM_NODE:
            return find_id(x->node_id, x->n_nodes, id);
        case JX_OSM_WAY:
            return find_id(x->way_id, x->n_ways, id);
        case JX_OSM_RELATION:
            return find_id(x->rel_id, x->n_rels, id);
    }
    return JX_NONE;
}
