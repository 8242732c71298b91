/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What import.c (scans) and extract.c (sorting into the extract) share. */
#ifndef JX_OSM_IMPORT_INTERNAL_H
#define JX_OSM_IMPORT_INTERNAL_H

#include "junxian/osm.h"

/** Objects of one type in order of arrival; the arrays that a type does not need stay empty. */
typedef struct jx__bag {
    JX_VEC(int64_t) id;
    JX_VEC(uint32_t) tag_off; /* start per object; the end is the next one's start */
    JX_VEC(jx_tag) tags;
    JX_VEC(jx_pt) pt;         /* nodes */
    JX_VEC(uint32_t) ref_off; /* ways, relations: start per object */
    JX_VEC(int64_t) ref;
    JX_VEC(uint8_t) type; /* relations */
    JX_VEC(uint32_t) role;
} jx__bag;
void jx__bag_release(jx_ctx *ctx, jx__bag *b);
/** Append `src` to `dst`; the offsets in `src` are spoilt. */
jx_status jx__bag_join(jx_ctx *ctx, jx__bag *dst, jx__bag *src);
/** Sort by id, drop all but the last of equal ids, and close the offset arrays with their end (n + 1 entries). */
jx_status jx__bag_settle(jx_ctx *ctx, jx__bag *b, uint64_t *duplicates);

/** Ids in an order that unsigned comparison respects; its own inverse but for the type. */
static inline uint64_t jx__id_key(int64_t id) {
    return (uint64_t)id ^ (UINT64_C(1) << 63);
}

/** What one block gave: a bag whose strings are indices into its own table. */
typedef struct jx__part {
    jx__bag bag;
    JX_VEC(jx_str) table; /* texts lie in the block's bytes */
    uint64_t count[3];
    jx_box box;
    uint8_t kinds;
} jx__part;

enum { JX__HAS_NODES = 1, JX__HAS_WAYS = 2, JX__HAS_RELATIONS = 4 };
/** Which kinds of objects a block holds, without decoding them; all bits when in doubt. */
uint8_t jx__block_kinds(const uint8_t *p, size_t n);

/** What a thread keeps from block to block. */
typedef struct jx__worker {
    jx_osm_scratch *scratch;
    JX_VEC(uint8_t) flag; /* per string of the block's table */
} jx__worker;

struct jx_import {
    int scan; /* 0 relations, 1 ways, 2 nodes, 3 done */
    jx_osm_header header;
    jx_pool_str *strings, *keep;
    bool keep_streets; /* then turn restrictions too */
    JX_VEC(uint8_t) kinds;                 /* per data block */
    JX_VEC(int64_t) need_ways, need_nodes; /* sorted once their scan begins */
    jx__bag bag[3];
    JX_VEC(jx__worker) workers;
    JX_VEC(jx__part) parts; /* of the blocks under way; their memory serves the next ones */
    uint64_t count[3];
    jx_box box;
};

/**
 * First position in the sorted ids that is not below id. The search gallops from `at`, so that it is nearly free where
 * ids come in some order, as they do in most files and along most ways.
 */
size_t jx__gallop(const int64_t *ids, size_t n, size_t at, int64_t id);

void jx__import_drop_parts(jx_ctx *ctx, jx_import *imp);
/** Append a part to the import: strings become ids of the import's pool. */
jx_status jx__import_join(jx_ctx *ctx, jx_import *imp, jx__part *part, uint32_t index);

static inline void jx_box_add_inline(jx_box *b, jx_pt p) {
    b->min_lon = p.lon < b->min_lon ? p.lon : b->min_lon;
    b->max_lon = p.lon > b->max_lon ? p.lon : b->max_lon;
    b->min_lat = p.lat < b->min_lat ? p.lat : b->min_lat;
    b->max_lat = p.lat > b->max_lat ? p.lat : b->max_lat;
}

#endif
