/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Decoding of one PrimitiveBlock into typed spans. Fields may stand in any order (granularity after the groups, the
 * string table last), so a block is walked once for its frame and then once per group. Every index handed out is
 * checked.
 */
#include "junxian/osm.h"
#include "osm/proto.h"

struct jx_osm_scratch {
    JX_VEC(jx_str) strings;
    JX_VEC(int64_t) id, refs;
    JX_VEC(int32_t) lon, lat;
    JX_VEC(uint32_t) tag_off, tags, ref_off, roles;
    JX_VEC(uint8_t) types;
    JX_VEC(jx__pb) groups;
};

jx_osm_scratch *jx_osm_scratch_new(jx_ctx *ctx) {
    return jx_calloc(ctx, 1, sizeof(jx_osm_scratch));
}

void jx_osm_scratch_free(jx_ctx *ctx, jx_osm_scratch *s) {
    if (s) {
        jx_vec_free(ctx, &s->strings);
        jx_vec_free(ctx, &s->id);
        jx_vec_free(ctx, &s->refs);
        jx_vec_free(ctx, &s->lon);
        jx_vec_free(ctx, &s->lat);
        jx_vec_free(ctx, &s->tag_off);
        jx_vec_free(ctx, &s->tags);
        jx_vec_free(ctx, &s->ref_off);
        jx_vec_free(ctx, &s->roles);
        jx_vec_free(ctx, &s->types);
        jx_vec_free(ctx, &s->groups);
        jx_free(ctx, s);
    }
}

/* The block under way. */
typedef struct block {
    jx_ctx *ctx;
    jx_osm_scratch *s;
    const jx_osm_visitor *v;
    uint64_t offset;
    int64_t granularity, lat_offset, lon_offset;
} block;

static jx_status malformed(const block *b, const char *what) {
    return JX_FAIL_BYTE(b->ctx, b->offset, PBF_BLOCK, JX_S(what));
}

/* Stored units -> 1e-7 degrees: (offset + granularity * v) / 100 nanodegrees, rounded half away from zero. */
static inline bool to_e7(int64_t offset, int64_t granularity, int64_t v, int64_t limit, int32_t *out) {
    if (granularity == 100 && offset == 0) {
        *out = (int32_t)v;
        return v >= -limit && v <= limit;
    }
    if (v > (int64_t)4e18 / granularity || v < -(int64_t)4e18 / granularity) {
        return false;
    }
    int64_t nano = offset + granularity * v, e7 = nano >= 0 ? (nano + 50) / 100 : -((-nano + 50) / 100);
    *out = (int32_t)e7;
    return e7 >= -limit && e7 <= limit;
}

static inline bool put_point(const block *b, size_t i, int64_t lat, int64_t lon) {
    return to_e7(b->lat_offset, b->granularity, lat, 900000000, &b->s->lat.v[i]) &&
           to_e7(b->lon_offset, b->granularity, lon, 1800000000, &b->s->lon.v[i]);
}

static void reset(jx_osm_scratch *s) {
    s->id.n = s->refs.n = s->lon.n = s->lat.n = s->tag_off.n = s->tags.n = s->ref_off.n = s->roles.n = s->types.n = 0;
}

/* Number of varints in a packed field: bytes without the continuation bit. */
static size_t count_varints(jx__pb r) {
    size_t n = 0;
    for (; r.p < r.end; r.p++) {
        n += *r.p < 128;
    }
    return n;
}

/* keys_vals of dense nodes: key, value, ..., 0 per node; an empty field means no tags at all. */
static jx_status dense_tags(block *b, jx__pb kv, size_t n) {
    jx_osm_scratch *s = b->s;
    JX_TRY(jx_vec_reserve(b->ctx, &s->tag_off, n + 1));
    JX_TRY(jx_vec_reserve(b->ctx, &s->tags, count_varints(kv) + 2));
    bool any = kv.p < kv.end;
    for (size_t i = 0; i < n; i++) {
        s->tag_off.v[i] = (uint32_t)(s->tags.n / 2);
        while (any) {
            uint64_t k = jx__pb_varint(&kv);
            if (k == 0 && !kv.bad) {
                break;
            }
            uint64_t v = jx__pb_varint(&kv);
            if (kv.bad || k >= s->strings.n || v >= s->strings.n) {
                return malformed(b, "DenseNodes.keys_vals");
            }
            s->tags.v[s->tags.n++] = (uint32_t)k;
            s->tags.v[s->tags.n++] = (uint32_t)v;
        }
    }
    s->tag_off.v[n] = (uint32_t)(s->tags.n / 2);
    return kv.p < kv.end ? malformed(b, "DenseNodes.keys_vals") : JX_OK;
}

static jx_status emit_nodes(block *b, size_t n) {
    jx_osm_scratch *s = b->s;
    const jx_osm_nodes span = {n, s->id.v, s->lon.v, s->lat.v, s->tag_off.v, s->tags.v};
    return n ? b->v->nodes(b->v->user, &span) : JX_OK;
}

static jx_status dense(block *b, jx__pb r) {
    jx_osm_scratch *s = b->s;
    jx__pb ids = {0}, lats = {0}, lons = {0}, kv = {0};
    uint32_t field, type;
    while (jx__pb_next(&r, &field, &type)) {
        if (type != JX__PB_BYTES) {
            jx__pb_skip(&r, type);
            continue;
        }
        jx__pb f = jx__pb_bytes(&r);
        if (field == 1) {
            ids = f;
        } else if (field == 8) {
            lats = f;
        } else if (field == 9) {
            lons = f;
        } else if (field == 10) {
            kv = f;
        }
    }
    size_t n = count_varints(ids);
    if (r.bad || count_varints(lats) != n || count_varints(lons) != n) {
        return malformed(b, "DenseNodes");
    }
    reset(s);
    JX_TRY(jx_vec_reserve(b->ctx, &s->id, n));
    JX_TRY(jx_vec_reserve(b->ctx, &s->lat, n));
    JX_TRY(jx_vec_reserve(b->ctx, &s->lon, n));
    uint64_t id = 0, lat = 0, lon = 0; /* deltas wrap as unsigned; the range check comes after */
    for (size_t i = 0; i < n; i++) {
        id += (uint64_t)jx__zigzag(jx__pb_varint(&ids));
        lat += (uint64_t)jx__zigzag(jx__pb_varint(&lats));
        lon += (uint64_t)jx__zigzag(jx__pb_varint(&lons));
        s->id.v[i] = (int64_t)id;
        if (!put_point(b, i, (int64_t)lat, (int64_t)lon)) {
            return malformed(b, "DenseNodes: position");
        }
    }
    if (ids.bad || lats.bad || lons.bad) {
        return malformed(b, "DenseNodes");
    }
    JX_TRY(dense_tags(b, kv, n));
    return emit_nodes(b, n);
}

/* Packed indices into the string table appended to tags as k (even) or v (odd) of item `first`. */
static jx_status packed_tags(block *b, jx__pb keys, jx__pb vals) {
    jx_osm_scratch *s = b->s;
    size_t n = count_varints(keys);
    if (count_varints(vals) != n) {
        return malformed(b, "tags");
    }
    JX_TRY(jx_vec_reserve(b->ctx, &s->tags, 2 * n));
    for (size_t i = 0; i < n; i++) {
        uint64_t k = jx__pb_varint(&keys), v = jx__pb_varint(&vals);
        if (keys.bad || vals.bad || k >= s->strings.n || v >= s->strings.n) {
            return malformed(b, "tags");
        }
        s->tags.v[s->tags.n++] = (uint32_t)k;
        s->tags.v[s->tags.n++] = (uint32_t)v;
    }
    return JX_OK;
}

/* The fields of a plain node, way or relation message that we read; which is which depends on the kind. */
typedef struct fields {
    int64_t id;
    uint64_t lat, lon;
    jx__pb keys, vals, a, b, c; /* a: refs, roles; b: memids; c: types */
} fields;

static jx_status read_fields(block *b, jx__pb r, jx_osm_type kind, fields *f) {
    *f = (fields){0};
    uint32_t field, type;
    while (jx__pb_next(&r, &field, &type)) {
        if (field == 1 && type == JX__PB_VARINT) {
            uint64_t v = jx__pb_varint(&r);
            f->id = kind == JX_OSM_NODE ? jx__zigzag(v) : (int64_t)v;
        } else if (kind == JX_OSM_NODE && (field == 8 || field == 9) && type == JX__PB_VARINT) {
            *(field == 8 ? &f->lat : &f->lon) = jx__pb_varint(&r);
        } else if (type == JX__PB_BYTES) {
            jx__pb x = jx__pb_bytes(&r);
            if (field == 2) {
                f->keys = x;
            } else if (field == 3) {
                f->vals = x;
            } else if (field == 8) {
                f->a = x;
            } else if (field == 9) {
                f->b = x;
            } else if (field == 10) {
                f->c = x;
            }
        } else {
            jx__pb_skip(&r, type);
        }
    }
    if (r.bad) {
        return malformed(b, kind == JX_OSM_NODE ? "Node" : kind == JX_OSM_WAY ? "Way" : "Relation");
    }
    JX_TRY(jx_vec_push(b->ctx, &b->s->id, f->id));
    JX_TRY(jx_vec_push(b->ctx, &b->s->tag_off, (uint32_t)(b->s->tags.n / 2)));
    return packed_tags(b, f->keys, f->vals);
}

static jx_status plain_node(block *b, jx__pb r) {
    fields f;
    JX_TRY(read_fields(b, r, JX_OSM_NODE, &f));
    jx_osm_scratch *s = b->s;
    JX_TRY(jx_vec_push(b->ctx, &s->lat, 0));
    JX_TRY(jx_vec_push(b->ctx, &s->lon, 0));
    return put_point(b, s->lat.n - 1, jx__zigzag(f.lat), jx__zigzag(f.lon)) ? JX_OK : malformed(b, "Node: position");
}

static jx_status deltas(block *b, jx__pb r, const char *what) {
    jx_osm_scratch *s = b->s;
    JX_TRY(jx_vec_reserve(b->ctx, &s->refs, count_varints(r)));
    for (uint64_t ref = 0; r.p < r.end;) {
        ref += (uint64_t)jx__zigzag(jx__pb_varint(&r));
        if (r.bad) {
            return malformed(b, what);
        }
        s->refs.v[s->refs.n++] = (int64_t)ref;
    }
    return JX_OK;
}

static jx_status way(block *b, jx__pb r) {
    fields f;
    JX_TRY(jx_vec_push(b->ctx, &b->s->ref_off, (uint32_t)b->s->refs.n));
    JX_TRY(read_fields(b, r, JX_OSM_WAY, &f));
    return deltas(b, f.a, "Way.refs");
}

static jx_status relation(block *b, jx__pb r) {
    fields f;
    jx_osm_scratch *s = b->s;
    JX_TRY(jx_vec_push(b->ctx, &s->ref_off, (uint32_t)s->refs.n));
    JX_TRY(read_fields(b, r, JX_OSM_RELATION, &f));
    size_t before = s->refs.n;
    JX_TRY(deltas(b, f.b, "Relation.memids"));
    size_t n = s->refs.n - before;
    if (count_varints(f.a) != n || count_varints(f.c) != n) {
        return malformed(b, "Relation");
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t role = jx__pb_varint(&f.a), type = jx__pb_varint(&f.c);
        if (f.a.bad || f.c.bad || role >= s->strings.n || type > 2) {
            return malformed(b, "Relation");
        }
        JX_TRY(jx_vec_push(b->ctx, &s->roles, (uint32_t)role));
        JX_TRY(jx_vec_push(b->ctx, &s->types, (uint8_t)type));
    }
    return JX_OK;
}

static jx_status emit_group(block *b, jx_osm_type kind) {
    jx_osm_scratch *s = b->s;
    size_t n = s->id.n;
    if (!n) {
        return JX_OK;
    }
    JX_TRY(jx_vec_push(b->ctx, &s->tag_off, (uint32_t)(s->tags.n / 2)));
    if (kind == JX_OSM_NODE) {
        return emit_nodes(b, n);
    }
    JX_TRY(jx_vec_push(b->ctx, &s->ref_off, (uint32_t)s->refs.n));
    if (kind == JX_OSM_WAY) {
        const jx_osm_ways span = {n, s->id.v, s->ref_off.v, s->refs.v, s->tag_off.v, s->tags.v};
        return b->v->ways(b->v->user, &span);
    }
    const jx_osm_relations span = {n,          s->id.v,    s->ref_off.v, s->refs.v,
                                   s->types.v, s->roles.v, s->tag_off.v, s->tags.v};
    return b->v->relations(b->v->user, &span);
}

/* All messages of one kind in a group: nodes 1, dense 2, ways 3, relations 4. */
static jx_status group_kind(block *b, jx__pb r, uint32_t want, jx_osm_type kind) {
    uint32_t field, type;
    reset(b->s);
    while (jx__pb_next(&r, &field, &type)) {
        if (field != want || type != JX__PB_BYTES) {
            jx__pb_skip(&r, type);
            continue;
        }
        jx__pb m = jx__pb_bytes(&r);
        JX_TRY(want == 1 ? plain_node(b, m) : want == 3 ? way(b, m) : relation(b, m));
    }
    return emit_group(b, kind);
}

static jx_status group(block *b, jx__pb r) {
    bool has[5] = {false};
    uint32_t field, type;
    for (jx__pb scan = r; jx__pb_next(&scan, &field, &type);) {
        if (field >= 1 && field <= 4 && type == JX__PB_BYTES) {
            has[field] = true;
            jx__pb m = jx__pb_bytes(&scan);
            if (field == 2 && b->v->nodes && !scan.bad) {
                JX_TRY(dense(b, m));
            }
        } else {
            jx__pb_skip(&scan, type);
        }
        if (scan.bad) {
            return malformed(b, "PrimitiveGroup");
        }
    }
    if (has[1] && b->v->nodes) {
        JX_TRY(group_kind(b, r, 1, JX_OSM_NODE));
    }
    if (has[3] && b->v->ways) {
        JX_TRY(group_kind(b, r, 3, JX_OSM_WAY));
    }
    if (has[4] && b->v->relations) {
        JX_TRY(group_kind(b, r, 4, JX_OSM_RELATION));
    }
    return JX_OK;
}

static jx_status string_table(block *b, jx__pb r) {
    uint32_t field, type;
    b->s->strings.n = 0;
    while (jx__pb_next(&r, &field, &type)) {
        if (field == 1 && type == JX__PB_BYTES) {
            jx__pb t = jx__pb_bytes(&r);
            JX_TRY(jx_vec_push(b->ctx, &b->s->strings, (jx_str){(const char *)t.p, (size_t)(t.end - t.p)}));
        } else {
            jx__pb_skip(&r, type);
        }
    }
    return r.bad ? malformed(b, "StringTable") : JX_OK;
}

jx_status jx_osm_block(jx_ctx *ctx, const uint8_t *p, size_t n, uint64_t offset, jx_osm_scratch *s,
                       const jx_osm_visitor *v) {
    block b = {ctx, s, v, offset, 100, 0, 0};
    jx__pb r = jx__pb_of(p, n), table = {0};
    uint32_t field, type;
    s->groups.n = 0;
    while (jx__pb_next(&r, &field, &type)) {
        if (field == 1 && type == JX__PB_BYTES) {
            table = jx__pb_bytes(&r);
        } else if (field == 2 && type == JX__PB_BYTES) {
            JX_TRY(jx_vec_push(ctx, &s->groups, jx__pb_bytes(&r)));
        } else if (field == 17 && type == JX__PB_VARINT) {
            b.granularity = (int64_t)jx__pb_varint(&r);
        } else if (field == 19 && type == JX__PB_VARINT) {
            b.lat_offset = (int64_t)jx__pb_varint(&r);
        } else if (field == 20 && type == JX__PB_VARINT) {
            b.lon_offset = (int64_t)jx__pb_varint(&r);
        } else {
            jx__pb_skip(&r, type);
        }
    }
    const int64_t far = (int64_t)4e18; /* any real offset is below 2e11 */
    if (r.bad || b.granularity < 1 || b.granularity > 1000000000 || b.lat_offset > far || b.lat_offset < -far ||
        b.lon_offset > far || b.lon_offset < -far) {
        return malformed(&b, "PrimitiveBlock");
    }
    JX_TRY(string_table(&b, table));
    if (v->strings) {
        JX_TRY(v->strings(v->user, s->strings.v, s->strings.n));
    }
    for (size_t i = 0; i < s->groups.n; i++) {
        JX_TRY(group(&b, s->groups.v[i]));
    }
    return JX_OK;
}
