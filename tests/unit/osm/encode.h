/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A small PBF writer for tests, written from the format's description and not from the reader: it can do what no tool
 * does on purpose (fields in odd orders, odd granularity, tables at the end, lies about sizes).
 */
#ifndef JX_TESTS_OSM_ENCODE_H
#define JX_TESTS_OSM_ENCODE_H

#include <stdlib.h>
#include <string.h>

#include "unit.h"

typedef struct enc {
    uint8_t *p;
    size_t n, cap;
} enc;

static inline void enc_raw(enc *e, const void *p, size_t n) {
    if (e->n + n > e->cap) {
        e->cap = (e->n + n) * 2 + 64;
        e->p = realloc(e->p, e->cap);
        assert_non_null(e->p);
    }
    if (n) {
        memcpy(e->p + e->n, p, n);
    }
    e->n += n;
}
static inline void enc_free(enc *e) {
    free(e->p);
    *e = (enc){0};
}
static inline void enc_varint(enc *e, uint64_t v) {
    do {
        uint8_t b = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
        enc_raw(e, &b, 1);
        v >>= 7;
    } while (v);
}
static inline void enc_zigzag(enc *e, int64_t v) {
    enc_varint(e, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}
static inline void enc_int(enc *e, unsigned field, uint64_t v) {
    enc_varint(e, (uint64_t)field << 3);
    enc_varint(e, v);
}
static inline void enc_bytes(enc *e, unsigned field, const void *p, size_t n) {
    enc_varint(e, (uint64_t)field << 3 | 2);
    enc_varint(e, n);
    enc_raw(e, p, n);
}
static inline void enc_text(enc *e, unsigned field, const char *s) {
    enc_bytes(e, field, s, strlen(s));
}
/** A finished message as a field of another; frees it. */
static inline void enc_sub(enc *e, unsigned field, enc *sub) {
    enc_bytes(e, field, sub->p, sub->n);
    enc_free(sub);
}

/* ---- frames ---------------------------------------------------------------------------------------------------------
 */

/** A frame around a finished Blob message. */
static inline void enc_frame(enc *file, const char *type, const enc *blob) {
    enc h = {0};
    enc_text(&h, 1, type);
    enc_int(&h, 3, blob->n);
    const uint8_t len[4] = {(uint8_t)(h.n >> 24), (uint8_t)(h.n >> 16), (uint8_t)(h.n >> 8), (uint8_t)h.n};
    enc_raw(file, len, 4);
    enc_raw(file, h.p, h.n);
    enc_raw(file, blob->p, blob->n);
    enc_free(&h);
}
/** An uncompressed block; frees it. */
static inline void enc_raw_block(enc *file, const char *type, enc *block) {
    enc blob = {0};
    enc_sub(&blob, 1, block);
    enc_frame(file, type, &blob);
    enc_free(&blob);
}
/** The header block; `feature` NULL for just the usual ones. */
static inline void enc_header(enc *file, const char *feature) {
    enc h = {0};
    enc_text(&h, 4, "OsmSchema-V0.6");
    enc_text(&h, 4, "DenseNodes");
    if (feature) {
        enc_text(&h, 4, feature);
    }
    enc_text(&h, 16, "test");
    enc_raw_block(file, "OSMHeader", &h);
}

/* ---- a model of some objects
 * ------------------------------------------------------------------------------------------ */

enum { OBJ_TAGS = 4, OBJ_REFS = 12 };

typedef struct obj {
    int type; /* 0 node, 1 way, 2 relation */
    int64_t id;
    int32_t lon, lat; /* 1e-7 degrees */
    int n_tags, n_refs;
    const char *key[OBJ_TAGS], *val[OBJ_TAGS];
    int64_t ref[OBJ_REFS];
    int ref_type[OBJ_REFS];
    const char *role[OBJ_REFS];
} obj;

typedef struct how {
    bool plain;            /* nodes not dense */
    bool table_last;       /* string table after the groups */
    bool granularity_last; /* granularity and offsets at the very end */
    bool one_group_each;   /* a group per object */
    bool junk;             /* unknown fields, metadata, a changeset group in between */
    int64_t granularity;   /* 0: not written (100) */
    int64_t lon_offset, lat_offset;
} how;

typedef struct enc_table {
    const char *s[512];
    unsigned n;
} enc_table;

static inline unsigned table_id(enc_table *t, const char *s) {
    for (unsigned i = 1; i < t->n; i++) {
        if (strcmp(t->s[i], s) == 0) {
            return i;
        }
    }
    assert_true(t->n < 512);
    t->s[t->n] = s;
    return t->n++;
}

static inline int64_t enc_unit(const how *h, int32_t e7, int64_t offset) {
    int64_t nano = (int64_t)e7 * 100 - offset, g = h->granularity ? h->granularity : 100;
    assert_true(nano % g == 0);
    return nano / g;
}

static inline void enc_junk(enc *e) {
    enc_int(e, 900, 77);
    enc_text(e, 901, "something of the future");
    enc_varint(e, 902 << 3 | 5);
    enc_raw(e, "1234", 4);
    enc_varint(e, 903 << 3 | 1);
    enc_raw(e, "12345678", 8);
}

static inline void enc_tags(enc *e, enc_table *t, const obj *o) {
    enc keys = {0}, vals = {0};
    for (int i = 0; i < o->n_tags; i++) {
        enc_varint(&keys, table_id(t, o->key[i]));
        enc_varint(&vals, table_id(t, o->val[i]));
    }
    enc_sub(e, 3, &vals);
    enc_sub(e, 2, &keys);
}

static inline void enc_dense(enc *group, enc_table *t, const how *h, const obj *const *o, size_t n) {
    enc d = {0}, id = {0}, lat = {0}, lon = {0}, kv = {0};
    int64_t last[3] = {0};
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        int64_t y = enc_unit(h, o[i]->lat, h->lat_offset), x = enc_unit(h, o[i]->lon, h->lon_offset);
        enc_zigzag(&id, o[i]->id - last[0]);
        enc_zigzag(&lat, y - last[1]);
        enc_zigzag(&lon, x - last[2]);
        last[0] = o[i]->id, last[1] = y, last[2] = x;
        for (int k = 0; k < o[i]->n_tags; k++) {
            enc_varint(&kv, table_id(t, o[i]->key[k]));
            enc_varint(&kv, table_id(t, o[i]->val[k]));
            any = true;
        }
        enc_varint(&kv, 0);
    }
    if (any) {
        enc_bytes(&d, 10, kv.p, kv.n);
    }
    enc_sub(&d, 9, &lon);
    enc_sub(&d, 8, &lat);
    if (h->junk) {
        enc_text(&d, 5, "");
        enc_junk(&d);
    }
    enc_sub(&d, 1, &id);
    enc_free(&kv);
    enc_sub(group, 2, &d);
}

static inline void enc_object(enc *group, enc_table *t, const how *h, const obj *o) {
    enc m = {0}, refs = {0}, roles = {0}, types = {0};
    int64_t last = 0;
    for (int i = 0; i < o->n_refs; i++) {
        enc_zigzag(&refs, o->ref[i] - last);
        last = o->ref[i];
        enc_varint(&roles, o->type == 2 ? table_id(t, o->role[i]) : 0);
        enc_varint(&types, (uint64_t)o->ref_type[i]);
    }
    if (o->type == 0) {
        enc_int(&m, 9, 0); /* of a field given twice the last counts */
        uint64_t y = (uint64_t)enc_unit(h, o->lat, h->lat_offset), x = (uint64_t)enc_unit(h, o->lon, h->lon_offset);
        enc_int(&m, 8, y << 1 ^ (y >> 63 ? UINT64_MAX : 0));
        enc_int(&m, 9, x << 1 ^ (x >> 63 ? UINT64_MAX : 0));
        enc_int(&m, 1, (uint64_t)o->id << 1 ^ (o->id < 0 ? UINT64_MAX : 0));
    } else {
        enc_bytes(&m, o->type == 1 ? 8 : 9, refs.p, refs.n);
        if (o->type == 2) {
            enc_bytes(&m, 10, types.p, types.n);
            enc_bytes(&m, 8, roles.p, roles.n);
        }
        enc_int(&m, 1, (uint64_t)o->id);
    }
    if (h->junk) {
        enc_text(&m, 4, "");
        enc_junk(&m);
    }
    enc_tags(&m, t, o);
    enc_free(&refs);
    enc_free(&roles);
    enc_free(&types);
    enc_sub(group, o->type == 0 ? 1 : o->type == 1 ? 3 : 4, &m);
}

static inline void enc_settings(enc *b, const how *h) {
    if (h->granularity) {
        enc_int(b, 17, (uint64_t)h->granularity);
    }
    if (h->lat_offset || h->lon_offset) {
        enc_int(b, 19, (uint64_t)h->lat_offset);
        enc_int(b, 20, (uint64_t)h->lon_offset);
    }
    enc_int(b, 18, 5000); /* date granularity, of no interest */
}

/** One PrimitiveBlock with these objects, in runs of one type. */
static inline enc enc_block(const how *h, const obj *const *o, size_t n) {
    enc block = {0}, groups = {0}, strings = {0};
    enc_table t = {.n = 1};
    for (size_t i = 0; i < n;) {
        size_t j = i + 1;
        while (j < n && !h->one_group_each && o[j]->type == o[i]->type) {
            j++;
        }
        enc g = {0};
        if (o[i]->type == 0 && !h->plain) {
            enc_dense(&g, &t, h, o + i, j - i);
        } else {
            for (size_t k = i; k < j; k++) {
                enc_object(&g, &t, h, o[k]);
            }
        }
        enc_sub(&groups, 2, &g);
        if (h->junk) {
            enc change = {0};
            enc_text(&change, 5, "");
            enc_sub(&groups, 2, &change);
        }
        i = j;
    }
    enc_text(&strings, 1, "");
    for (unsigned i = 1; i < t.n; i++) {
        enc_text(&strings, 1, t.s[i]);
    }
    if (!h->granularity_last) {
        enc_settings(&block, h);
    }
    if (!h->table_last) {
        enc_bytes(&block, 1, strings.p, strings.n);
    }
    enc_raw(&block, groups.p, groups.n);
    if (h->junk) {
        enc_junk(&block);
    }
    if (h->table_last) {
        enc_bytes(&block, 1, strings.p, strings.n);
    }
    if (h->granularity_last) {
        enc_settings(&block, h);
    }
    enc_free(&groups);
    enc_free(&strings);
    return block;
}

#endif
