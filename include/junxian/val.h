/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A configuration tree: what a YAML or JSON file says, with the line each value stands on.
 * Read-only once built. io/ builds it from YAML and JSON; the compilers of profiles, mappings and standards read it on
 * their own floors; jx_val_pack/unpack carry it as bytes into the browser's module.
 */
#ifndef JUNXIAN_VAL_H
#define JUNXIAN_VAL_H

#include "junxian/base.h"

typedef enum jx_val_type { JX_VAL_NULL, JX_VAL_BOOL, JX_VAL_INT, JX_VAL_REAL, JX_VAL_STR, JX_VAL_SEQ, JX_VAL_MAP } jx_val_type;

typedef struct jx_val jx_val;
struct jx_val {
    jx_val_type type;
    uint32_t line;     /* 1-based; 0 unknown */
    uint32_t n;        /* children of a sequence or map; bytes of a string */
    bool b;
    int64_t i;         /* INT */
    double r;          /* REAL, and INT as real too */
    const char *s;     /* STR, NUL-terminated UTF-8; the source spelling for BOOL, INT, REAL and NULL as well */
    jx_val **items;    /* SEQ, MAP values, in file order */
    const char **keys; /* MAP */
    uint32_t *key_lines; /* MAP */
    uint32_t *index;     /* MAP, private: finds keys of large maps */
    uint32_t n_index;
};

/** A tree and the memory it lies in. */
typedef struct jx_doc {
    jx_arena *arena;
    const jx_val *root;
    char *name; /* file name for messages */
} jx_doc;

jx_status jx_doc_init(jx_ctx *ctx, jx_doc *d, const char *name) JX_MUST_USE;
void jx_doc_release(jx_ctx *ctx, jx_doc *d);

/* Building (io/): all from the doc's arena; NULL when out of memory. */
jx_val *jx_val_scalar(jx_ctx *ctx, jx_doc *d, const char *s, size_t n, bool quoted, uint32_t line); /* YAML 1.2 core schema */
jx_val *jx_val_seq(jx_ctx *ctx, jx_doc *d, uint32_t line);
jx_val *jx_val_map(jx_ctx *ctx, jx_doc *d, uint32_t line);
jx_status jx_val_append(jx_ctx *ctx, jx_doc *d, jx_val *seq, jx_val *item) JX_MUST_USE;
/** Fails with CONFIG_DUPLICATE_KEY when the key is there already. */
jx_status jx_val_put(jx_ctx *ctx, jx_doc *d, jx_val *map, const char *key, size_t n, uint32_t key_line, jx_val *item) JX_MUST_USE;

/* Reading. A missing key gives NULL; NULL is a legal argument and gives NULL/default. */
const jx_val *jx_val_get(const jx_val *map, const char *key);
const char *jx_val_str(const jx_val *v, const char *def); /* string or the spelling of a scalar */

/* Typed reading with messages naming file, line and key: missing -> def untouched in *out, wrong type -> error. */
jx_status jx_cfg_str(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, const char **out) JX_MUST_USE;
jx_status jx_cfg_real(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, double lo, double hi, double *out) JX_MUST_USE;
jx_status jx_cfg_int(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, int64_t lo, int64_t hi, int64_t *out) JX_MUST_USE;
jx_status jx_cfg_bool(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *key, bool *out) JX_MUST_USE;
/** Every key of `map` must be in the NULL-terminated list: a misspelt key is an error naming the nearest known one. */
jx_status jx_cfg_known(jx_ctx *ctx, const jx_doc *d, const jx_val *map, const char *const *keys) JX_MUST_USE;

/** Bytes of a tree (versioned, little-endian, deterministic), and back; unpack checks every bound (fuzzed). */
jx_status jx_val_pack(jx_buf *out, const jx_val *root) JX_MUST_USE;
jx_status jx_val_unpack(jx_ctx *ctx, const void *p, size_t n, const char *name, jx_doc *out) JX_MUST_USE;

#endif
