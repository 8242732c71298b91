/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * OpenStreetMap PBF: bytes -> blobs -> objects -> an extract in memory -> meaning.
 * Inflating is the caller's business, so that the same parser runs natively and in a browser.
 */
#ifndef JUNXIAN_OSM_H
#define JUNXIAN_OSM_H

#include "junxian/base.h"
#include "junxian/val.h"

/* ---- framing: the next blob in a span of bytes ------------------------------------------------------------------ */

typedef enum jx_blob_kind { JX_BLOB_HEADER, JX_BLOB_DATA, JX_BLOB_OTHER } jx_blob_kind;
typedef enum jx_codec { JX_CODEC_RAW, JX_CODEC_ZLIB } jx_codec; /* others are refused by name */

typedef struct jx_blob {
    jx_blob_kind kind;
    jx_codec codec;
    const uint8_t *data; /* compressed (or raw) bytes inside the caller's span */
    size_t data_len;
    size_t raw_len;  /* inflated size, <= 32 MiB */
    uint64_t offset; /* of the frame in the file */
    uint64_t next;   /* offset of the next frame */
} jx_blob;

/**
 * Read the frame at `offset`. At the clean end of the file *more = false and nothing else is set. Truncated, oversized
 * (header > 64 KiB, blob > 32 MiB), unknown-codec input is an error with its byte offset. O(1).
 */
jx_status jx_osm_frame(jx_ctx *ctx, const uint8_t *file, size_t len, uint64_t offset, jx_blob *out,
                       bool *more) JX_MUST_USE;

/** The file header block. Unknown required features fail by name. Strings are copied into the struct. */
typedef struct jx_osm_header {
    bool has_bbox;
    jx_box bbox;
    bool sorted;                 /* Sort.Type_then_ID */
    int64_t timestamp, sequence; /* seconds since 1970, 0 unknown; -1 unknown */
    char program[64];
    char source[128];
} jx_osm_header;
jx_status jx_osm_header_block(jx_ctx *ctx, const uint8_t *p, size_t n, uint64_t offset, jx_osm_header *out) JX_MUST_USE;

/* ---- decoding: one inflated block, typed spans to a visitor ------------------------------------------------------ */

/** Tags as pairs of string-table indices: item i has pairs tag_off[i]..tag_off[i+1]. */
typedef struct jx_osm_nodes {
    size_t n;
    const int64_t *id;
    const int32_t *lon, *lat;
    const uint32_t *tag_off, *tags;
} jx_osm_nodes;
typedef struct jx_osm_ways {
    size_t n;
    const int64_t *id;
    const uint32_t *ref_off;
    const int64_t *refs;
    const uint32_t *tag_off, *tags;
} jx_osm_ways;
typedef enum jx_osm_type { JX_OSM_NODE, JX_OSM_WAY, JX_OSM_RELATION } jx_osm_type;
typedef struct jx_osm_relations {
    size_t n;
    const int64_t *id;
    const uint32_t *mem_off;
    const int64_t *mem_id;
    const uint8_t *mem_type;  /* jx_osm_type */
    const uint32_t *mem_role; /* string-table index */
    const uint32_t *tag_off, *tags;
} jx_osm_relations;

typedef struct jx_osm_visitor {
    void *user;
    /* NULL members are skipped without decoding. A status other than JX_OK stops and is returned. */
    jx_status (*strings)(void *user, const jx_str *table, size_t n);
    jx_status (*nodes)(void *user, const jx_osm_nodes *span);
    jx_status (*ways)(void *user, const jx_osm_ways *span);
    jx_status (*relations)(void *user, const jx_osm_relations *span);
} jx_osm_visitor;

/** Reusable decoding buffers; one per thread. */
typedef struct jx_osm_scratch jx_osm_scratch;
jx_osm_scratch *jx_osm_scratch_new(jx_ctx *ctx);
void jx_osm_scratch_free(jx_ctx *ctx, jx_osm_scratch *s);
/** Walk one inflated data block. Every index handed out is checked. `offset` of the frame, for messages. O(bytes). */
jx_status jx_osm_block(jx_ctx *ctx, const uint8_t *p, size_t n, uint64_t offset, jx_osm_scratch *s,
                       const jx_osm_visitor *v) JX_MUST_USE;

/* ---- the extract: what an import keeps ------------------------------------------------------------------------ */

typedef struct jx_tag {
    uint32_t k, v; /* ids in jx_extract.strings */
} jx_tag;

/** Everything kept of a file, sorted by id, whatever the order of the blocks. Immutable after import. */
typedef struct jx_extract {
    jx_pool_str *strings; /* keys, values, roles */
    jx_osm_header header;
    uint64_t count_nodes, count_ways, count_relations; /* in the file */
    jx_box data_box;                                   /* of all nodes in the file */

    uint32_t n_nodes; /* nodes kept: used by kept ways, members of kept relations, or tagged */
    int64_t *node_id;
    jx_pt *node_pt;
    uint32_t *node_tag_off; /* n_nodes + 1 */
    jx_tag *node_tags;

    uint32_t n_ways;
    int64_t *way_id;
    uint32_t *way_ref_off; /* n_ways + 1 */
    uint32_t *way_refs;    /* index into nodes; JX_NONE: not in the file */
    uint32_t *way_tag_off;
    jx_tag *way_tags;

    uint32_t n_rels;
    int64_t *rel_id;
    uint32_t *rel_mem_off;
    uint8_t *rel_mem_type;
    int64_t *rel_mem_id;
    uint32_t *rel_mem;      /* index by type; JX_NONE: not in the file or not kept */
    uint32_t *rel_mem_role; /* string id */
    uint32_t *rel_tag_off;
    jx_tag *rel_tags;

    uint64_t missing_refs;  /* way references to nodes that are not in the file */
    uint64_t duplicate_ids; /* objects seen twice: the last in file order of the highest... kept one is documented in
                               osm/import.c */
} jx_extract;

/** Which objects to keep: those with one of these keys (nodes, ways, relations alike); NULL-terminated list. Nodes of
 * kept ways and members of kept multipolygon/boundary relations are kept too. Relations are kept when they make areas; turn restrictions
 * (type=restriction) are kept whenever "highway" is, without pulling in members. */
typedef struct jx_keep {
    const char *const *keys;
} jx_keep;
/** The keys that a diagnosis needs (highway, building, place, boundary, amenity, ...). */
extern const char *const jx_keep_default[];

/**
 * Import is three scans over the same data blocks: relations, ways, nodes. The caller feeds every inflated data block
 * in each scan (blocks for which jx_import_wants is false may be left out): for (scan) { for (block)
 * jx_import_feed(...); jx_import_next(...); }  jx_import_finish(...)
 */
typedef struct jx_import jx_import;
jx_status jx_import_new(jx_ctx *ctx, const jx_keep *keep, jx_import **out) JX_MUST_USE;
void jx_import_free(jx_ctx *ctx, jx_import *imp);
typedef struct jx_block_bytes {
    const uint8_t *p;
    size_t n;
    uint64_t offset; /* of its frame */
    uint32_t index;  /* of the data block in the file, 0.. */
} jx_block_bytes;
void jx_import_header(jx_import *imp, const jx_osm_header *h);
/** Feed n blocks, decoded in parallel, merged in the order given. */
jx_status jx_import_feed(jx_ctx *ctx, jx_import *imp, const jx_block_bytes *blocks, size_t n) JX_MUST_USE;
/** Does this scan need block `index`? Always true in the first. */
bool jx_import_wants(const jx_import *imp, uint32_t index);
/** End this scan; *done = true after the last. */
jx_status jx_import_next(jx_ctx *ctx, jx_import *imp, bool *done) JX_MUST_USE;
jx_status jx_import_finish(jx_ctx *ctx, jx_import *imp, jx_extract **out) JX_MUST_USE;
void jx_extract_free(jx_ctx *ctx, jx_extract *x);

/** Value of a key, or NULL. Key by string id (jx_strings_find(x->strings, "highway", 7)). */
const char *jx_tag_value(const jx_extract *x, const jx_tag *tags, uint32_t n, uint32_t key_id);
/** Index of an id (binary search), or JX_NONE. */
uint32_t jx_extract_find(const jx_extract *x, jx_osm_type type, int64_t id);

/* ---- tags -> meaning ---------------------------------------------------------------------------------------- */

/**
 * A matcher compiled from rules: each rule is a class id and conditions on tags. From YAML
 * (standards/osm-facilities.yaml):
 *   - kind: kindergarten            # the class: any string
 *     any: [ {amenity: kindergarten}, {...} ]   # alternatives; inside one, all must hold
 *     not: [ {access: [private, no]} ]          # none may hold
 *     name: ["小学", "Primary"]                  # and the name contains one of these (any name:* tag)
 *     name_not: ["附属幼儿园"]                   # and none of these
 *     level, fallback, note                     # allowed here, read by the caller
 * A condition's value is a string, a list, "*" (any), or {contains: x} (one of a ';' list).
 * More than one rule may match an object: all are given, in file order.
 */
typedef struct jx_matcher jx_matcher;
jx_status jx_matcher_compile(jx_ctx *ctx, const jx_doc *doc, const jx_val *rules, const jx_extract *x,
                             jx_matcher **out) JX_MUST_USE;
void jx_matcher_free(jx_ctx *ctx, jx_matcher *m);
/** Rule indices (into the YAML list) that match; returns how many were written, at most cap. Thread-safe. */
uint32_t jx_matcher_match(const jx_matcher *m, const jx_tag *tags, uint32_t n, uint32_t *rules, uint32_t cap);

/** Numbers in tags: "12", "12.5 m", "3;4" -> the first; "1 234", "1'234" -> 1234. False where it cannot be told: "1,5",
 *  "~500", "2-3", "1e5". opening_hours and the like are carried as text. */
bool jx_tag_number(const char *s, double *out);
/** maxspeed: "50", "30 mph", "walk", "none" (255), "CN:urban", "DE:zone:30" -> km/h; 0 when it says nothing usable. */
double jx_tag_maxspeed(const char *s);
/** ferry duration "00:20", "PT20M", "20", "20 min" (minutes) -> ms; 0 unusable or more than three days. */
uint32_t jx_tag_duration_ms(const char *s);

#endif
