/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Joining parts, sorting by id, and the extract that comes of it. */
#include "osm/import_internal.h"
#include "osm/proto.h"

void jx__bag_release(jx_ctx *ctx, jx__bag *b) {
    jx_vec_free(ctx, &b->id);
    jx_vec_free(ctx, &b->tag_off);
    jx_vec_free(ctx, &b->tags);
    jx_vec_free(ctx, &b->pt);
    jx_vec_free(ctx, &b->ref_off);
    jx_vec_free(ctx, &b->ref);
    jx_vec_free(ctx, &b->type);
    jx_vec_free(ctx, &b->role);
}

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

static jx_status join_bag(translator *t, jx__bag *dst, jx__bag *src) {
    jx_ctx *ctx = t->ctx;
    uint32_t tags0 = (uint32_t)dst->tags.n, refs0 = (uint32_t)dst->ref.n;
    if (dst->tags.n + src->tags.n > UINT32_MAX - 1 || dst->ref.n + src->ref.n > UINT32_MAX - 1) {
        return JX_FAIL(ctx, PBF_TOO_MANY, JX_I(UINT32_MAX));
    }
    for (size_t i = 0; i < src->tags.n; i++) {
        JX_TRY(translate(t, &src->tags.v[i].k));
        JX_TRY(translate(t, &src->tags.v[i].v));
        JX_TRY(jx_vec_push(ctx, &dst->tags, src->tags.v[i]));
    }
    for (size_t i = 0; i < src->id.n; i++) {
        JX_TRY(jx_vec_push(ctx, &dst->id, src->id.v[i]));
        JX_TRY(jx_vec_push(ctx, &dst->tag_off, tags0 + src->tag_off.v[i]));
    }
    for (size_t i = 0; i < src->pt.n; i++) {
        JX_TRY(jx_vec_push(ctx, &dst->pt, src->pt.v[i]));
    }
    for (size_t i = 0; i < src->ref_off.n; i++) {
        JX_TRY(jx_vec_push(ctx, &dst->ref_off, refs0 + src->ref_off.v[i]));
    }
    for (size_t i = 0; i < src->ref.n; i++) {
        JX_TRY(jx_vec_push(ctx, &dst->ref, src->ref.v[i]));
    }
    for (size_t i = 0; i < src->type.n; i++) {
        JX_TRY(translate(t, &src->role.v[i]));
        JX_TRY(jx_vec_push(ctx, &dst->type, src->type.v[i]));
        JX_TRY(jx_vec_push(ctx, &dst->role, src->role.v[i]));
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
    jx_status st = join_bag(&t, &imp->bag[type_of[imp->scan]], &part->bag);
    jx_free(ctx, t.id);
    return st;
}

static uint64_t order_key(int64_t id) { return (uint64_t)id ^ (UINT64_C(1) << 63); }

/* Sort ids and drop repeats. */
static jx_status sort_unique(jx_ctx *ctx, int64_t *ids, size_t *n) {
    uint64_t *key = jx_malloc(ctx, *n, sizeof *key), *tmp = jx_malloc(ctx, *n, sizeof *tmp);
    jx_status st = key && tmp ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        size_t out = 0;
        for (size_t i = 0; i < *n; i++) {
            key[i] = order_key(ids[i]);
        }
        jx_sort_u64(key, tmp, *n);
        for (size_t i = 0; i < *n; i++) {
            if (i == 0 || key[i] != key[i - 1]) {
                ids[out++] = (int64_t)(key[i] ^ (UINT64_C(1) << 63));
            }
        }
        *n = out;
    }
    jx_free(ctx, key);
    jx_free(ctx, tmp);
    return st;
}

jx_status jx_import_next(jx_ctx *ctx, jx_import *imp, bool *done) {
    if (imp->scan == 0) {
        const jx__bag *r = &imp->bag[JX_OSM_RELATION];
        for (size_t i = 0; i < r->ref.n; i++) {
            if (r->type.v[i] == JX_OSM_WAY) {
                JX_TRY(jx_vec_push(ctx, &imp->need_ways, r->ref.v[i]));
            } else if (r->type.v[i] == JX_OSM_NODE) {
                JX_TRY(jx_vec_push(ctx, &imp->need_nodes, r->ref.v[i]));
            }
        }
        JX_TRY(sort_unique(ctx, imp->need_ways.v, &imp->need_ways.n));
    } else if (imp->scan == 1) {
        const jx__bag *w = &imp->bag[JX_OSM_WAY];
        JX_TRY(jx_vec_reserve(ctx, &imp->need_nodes, w->ref.n));
        if (w->ref.n) {
            memcpy(imp->need_nodes.v + imp->need_nodes.n, w->ref.v, w->ref.n * sizeof *w->ref.v);
        }
        imp->need_nodes.n += w->ref.n;
        JX_TRY(sort_unique(ctx, imp->need_nodes.v, &imp->need_nodes.n));
    }
    imp->scan++;
    *done = imp->scan > 2;
    return JX_OK;
}

/* ---- sorting into the extract -------------------------------------------------------------------------------------- */

/* Order of a bag by id; of equal ids only the last to arrive stays. */
static jx_status bag_order(jx_ctx *ctx, const jx__bag *b, uint32_t **order, uint32_t *n, uint64_t *duplicates) {
    size_t m = b->id.n;
    uint64_t *key = jx_malloc(ctx, m, sizeof *key), *tmp = jx_malloc(ctx, m, sizeof *tmp);
    uint32_t *at = jx_malloc(ctx, m, sizeof *at), *tmp_at = jx_malloc(ctx, m, sizeof *tmp_at);
    jx_status st = key && tmp && at && tmp_at ? JX_OK : JX_E_NOMEM;
    *n = 0;
    if (st == JX_OK) {
        for (size_t i = 0; i < m; i++) {
            key[i] = order_key(b->id.v[i]);
            at[i] = (uint32_t)i;
        }
        jx_sort_u64_u32(key, at, tmp, tmp_at, m);
        for (size_t i = 0; i < m; i++) {
            if (i + 1 < m && key[i] == key[i + 1]) {
                ++*duplicates;
            } else {
                at[(*n)++] = at[i];
            }
        }
    }
    jx_free(ctx, key);
    jx_free(ctx, tmp);
    jx_free(ctx, tmp_at);
    if (st != JX_OK) {
        jx_free(ctx, at);
        at = NULL;
    }
    *order = at;
    return st;
}

static uint32_t span_end(const uint32_t *off, size_t n, size_t all, uint32_t i) { return i + 1 < n ? off[i + 1] : (uint32_t)all; }

static jx_status put_tags(jx_ctx *ctx, const jx__bag *b, const uint32_t *order, uint32_t n, int64_t **ids, uint32_t **off, jx_tag **tags) {
    *ids = jx_malloc(ctx, n, sizeof **ids);
    *off = jx_malloc(ctx, (size_t)n + 1, sizeof **off);
    *tags = jx_malloc(ctx, b->tags.n, sizeof **tags);
    if (!*ids || !*off || !*tags) {
        return JX_E_NOMEM;
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t o = order[i];
        (*ids)[i] = b->id.v[o];
        (*off)[i] = k;
        for (uint32_t t = b->tag_off.v[o], e = span_end(b->tag_off.v, b->id.n, b->tags.n, o); t < e; t++) {
            (*tags)[k++] = b->tags.v[t];
        }
    }
    (*off)[n] = k;
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

static jx_status put_nodes(jx_ctx *ctx, jx_import *imp, jx_extract *x) {
    jx__bag *b = &imp->bag[JX_OSM_NODE];
    uint32_t *order;
    JX_TRY(bag_order(ctx, b, &order, &x->n_nodes, &x->duplicate_ids));
    jx_status st = put_tags(ctx, b, order, x->n_nodes, &x->node_id, &x->node_tag_off, &x->node_tags);
    x->node_pt = jx_malloc(ctx, x->n_nodes, sizeof *x->node_pt);
    st = x->node_pt ? st : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < x->n_nodes; i++) {
        x->node_pt[i] = b->pt.v[order[i]];
    }
    jx_free(ctx, order);
    jx__bag_release(ctx, b);
    return st;
}

static jx_status put_ways(jx_ctx *ctx, jx_import *imp, jx_extract *x) {
    jx__bag *b = &imp->bag[JX_OSM_WAY];
    uint32_t *order, k = 0;
    JX_TRY(bag_order(ctx, b, &order, &x->n_ways, &x->duplicate_ids));
    jx_status st = put_tags(ctx, b, order, x->n_ways, &x->way_id, &x->way_tag_off, &x->way_tags);
    x->way_ref_off = jx_malloc(ctx, (size_t)x->n_ways + 1, sizeof *x->way_ref_off);
    x->way_refs = jx_malloc(ctx, b->ref.n, sizeof *x->way_refs);
    st = x->way_ref_off && x->way_refs ? st : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < x->n_ways; i++) {
        uint32_t o = order[i];
        x->way_ref_off[i] = k;
        for (uint32_t r = b->ref_off.v[o], e = span_end(b->ref_off.v, b->id.n, b->ref.n, o); r < e; r++) {
            uint32_t node = find_id(x->node_id, x->n_nodes, b->ref.v[r]);
            x->missing_refs += node == JX_NONE ? 1 : 0;
            x->way_refs[k++] = node;
        }
    }
    if (st == JX_OK) {
        x->way_ref_off[x->n_ways] = k;
    }
    jx_free(ctx, order);
    jx__bag_release(ctx, b);
    return st;
}

static jx_status put_relations(jx_ctx *ctx, jx_import *imp, jx_extract *x) {
    jx__bag *b = &imp->bag[JX_OSM_RELATION];
    uint32_t *order, k = 0;
    JX_TRY(bag_order(ctx, b, &order, &x->n_rels, &x->duplicate_ids));
    jx_status st = put_tags(ctx, b, order, x->n_rels, &x->rel_id, &x->rel_tag_off, &x->rel_tags);
    x->rel_mem_off = jx_malloc(ctx, (size_t)x->n_rels + 1, sizeof *x->rel_mem_off);
    x->rel_mem_type = jx_malloc(ctx, b->ref.n, sizeof *x->rel_mem_type);
    x->rel_mem_id = jx_malloc(ctx, b->ref.n, sizeof *x->rel_mem_id);
    x->rel_mem = jx_malloc(ctx, b->ref.n, sizeof *x->rel_mem);
    x->rel_mem_role = jx_malloc(ctx, b->ref.n, sizeof *x->rel_mem_role);
    st = x->rel_mem_off && x->rel_mem_type && x->rel_mem_id && x->rel_mem && x->rel_mem_role ? st : JX_E_NOMEM;
    for (uint32_t i = 0; st == JX_OK && i < x->n_rels; i++) {
        uint32_t o = order[i];
        x->rel_mem_off[i] = k;
        for (uint32_t r = b->ref_off.v[o], e = span_end(b->ref_off.v, b->id.n, b->ref.n, o); r < e; r++, k++) {
            x->rel_mem_type[k] = b->type.v[r];
            x->rel_mem_id[k] = b->ref.v[r];
            x->rel_mem_role[k] = b->role.v[r];
        }
    }
    if (st == JX_OK) {
        x->rel_mem_off[x->n_rels] = k;
        for (uint32_t m = 0; m < k; m++) { /* after all ids are in place: a relation may be a member too */
            x->rel_mem[m] = jx_extract_find(x, (jx_osm_type)x->rel_mem_type[m], x->rel_mem_id[m]);
        }
    }
    jx_free(ctx, order);
    jx__bag_release(ctx, b);
    return st;
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
    jx_status st = put_nodes(ctx, imp, x);
    if (st == JX_OK) {
        st = put_ways(ctx, imp, x);
    }
    if (st == JX_OK) {
        st = put_relations(ctx, imp, x);
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
    void *const blocks[] = {x->node_id, x->node_pt, x->node_tag_off, x->node_tags, x->way_id, x->way_ref_off, x->way_refs, x->way_tag_off, x->way_tags,
                            x->rel_id, x->rel_mem_off, x->rel_mem_type, x->rel_mem_id, x->rel_mem, x->rel_mem_role, x->rel_tag_off, x->rel_tags};
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
