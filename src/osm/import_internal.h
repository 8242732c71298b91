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
    JX_VEC(uint8_t) type;     /* relations */
    JX_VEC(uint32_t) role;
} jx__bag;
void jx__bag_release(jx_ctx *ctx, jx__bag *b);

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

struct jx_import {
    int scan; /* 0 relations, 1 ways, 2 nodes, 3 done */
    jx_osm_header header;
    jx_pool_str *strings, *keep;
    JX_VEC(uint8_t) kinds; /* per data block */
    JX_VEC(int64_t) need_ways, need_nodes; /* sorted once their scan begins */
    jx__bag bag[3];
    uint64_t count[3];
    jx_box box;
};

/** Append a part to the import: strings become ids of the import's pool. */
jx_status jx__import_join(jx_ctx *ctx, jx_import *imp, jx__part *part, uint32_t index);

static inline void jx_box_add_inline(jx_box *b, jx_pt p) {
    b->min_lon = p.lon < b->min_lon ? p.lon : b->min_lon;
    b->max_lon = p.lon > b->max_lon ? p.lon : b->max_lon;
    b->min_lat = p.lat < b->min_lat ? p.lat : b->min_lat;
    b->max_lat = p.lat > b->max_lat ? p.lat : b->max_lat;
}

#endif
