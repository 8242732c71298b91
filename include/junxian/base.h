/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The ground floor: what every room stands on. libc only, no stdio, no files. */
#ifndef JUNXIAN_BASE_H
#define JUNXIAN_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "junxian/ctx.h"
#include "junxian/message.h"
#include "junxian/status.h"

/* ---- the sentinels: one per type ---------------------------------------------------------------------------- */

#define JX_NONE UINT32_MAX        /* no such id */
#define JX_UNREACHABLE UINT32_MAX /* no travel time: cannot be reached */

/** A position: 1e-7 degrees WGS 84, x = lon, y = lat. */
typedef struct jx_pt {
    int32_t lon, lat;
} jx_pt;

/** A box of positions, inclusive; empty when min > max. */
typedef struct jx_box {
    int32_t min_lon, min_lat, max_lon, max_lat;
} jx_box;

#define JX_BOX_EMPTY ((jx_box){INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN})

/** Text in a pool: not NUL-terminated unless said. */
typedef struct jx_str {
    const char *s;
    size_t n;
} jx_str;

#define JX_LIT(lit) ((jx_str){(lit), sizeof(lit) - 1})
static inline bool jx_str_eq(jx_str a, jx_str b) { return a.n == b.n && memcmp(a.s, b.s, a.n) == 0; }

/* ---- growing arrays: JX_VEC(T) declares one, the calls below work on any ------------------------------------- */

#define JX_VEC(T)      \
    struct {           \
        T *v;          \
        size_t n, cap; \
    }
jx_status jx_vec_grow_(jx_ctx *ctx, void **v, size_t *cap, size_t need, size_t elem) JX_MUST_USE;
/** Room for `more` further elements; capacity at least doubles. Elements never move otherwise. */
#define jx_vec_reserve(ctx, vec, more)                                                                     \
    ((vec)->n + (more) <= (vec)->cap                                                                       \
         ? JX_OK                                                                                           \
         : jx_vec_grow_((ctx), (void **)&(vec)->v, &(vec)->cap, (vec)->n + (more), sizeof *(vec)->v))
/** Append one; use: JX_TRY(jx_vec_push(ctx, &vec, value)). */
#define jx_vec_push(ctx, vec, ...) \
    (jx_vec_reserve((ctx), (vec), 1) == JX_OK ? ((vec)->v[(vec)->n++] = (__VA_ARGS__), JX_OK) : JX_E_NOMEM)
#define jx_vec_free(ctx, vec) \
    (jx_free((ctx), (vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)

/* ---- arena: freed whole -------------------------------------------------------------------------------------- */

typedef struct jx_arena jx_arena;
jx_arena *jx_arena_new(jx_ctx *ctx); /* NULL: out of memory, message recorded */
void jx_arena_free(jx_ctx *ctx, jx_arena *a);
/** 16-byte aligned; NULL when out of memory (recorded). */
void *jx_arena_alloc(jx_ctx *ctx, jx_arena *a, size_t n, size_t size);
/** NUL-terminated copy. */
char *jx_arena_strn(jx_ctx *ctx, jx_arena *a, const char *s, size_t n);

/* ---- byte buffer and formatting (no stdio, locale-proof) ----------------------------------------------------- */

/** Zero-initialise; a failed append sticks in `failed` so that a chain of appends is checked once with jx_buf_ok(). */
typedef struct jx_buf {
    jx_ctx *ctx;
    char *s;
    size_t n, cap;
    bool failed;
} jx_buf;

void jx_buf_init(jx_buf *b, jx_ctx *ctx);
void jx_buf_release(jx_buf *b);
void jx_buf_add(jx_buf *b, const void *s, size_t n);
void jx_buf_str(jx_buf *b, const char *s);
void jx_buf_char(jx_buf *b, char c);
void jx_buf_int(jx_buf *b, int64_t v);
/** `decimals` places, round half to even on the decimal expansion; "nan"/"inf" never: writers check first. */
void jx_buf_fixed(jx_buf *b, double v, int decimals);
/** Shortest text that reads back to the same double. */
void jx_buf_double(jx_buf *b, double v);
/** Thousands grouped with `sep` ("," or "\u202f"). */
void jx_buf_grouped(jx_buf *b, int64_t v, const char *sep);
/** Tiny printf: %s %d %u (int32) %lld %llu %zu %c %% and %.Nf. Nothing else; asserts on others. */
void jx_buf_fmt(jx_buf *b, const char *fmt, ...);
/** Civil date of seconds since 1970 (UTC, >= 0): "2024-03-04"; with_time adds "T21:21:35.000Z". */
void jx_buf_date(jx_buf *b, int64_t seconds, bool with_time);
/** JX_OK, or JX_E_NOMEM when any append failed. The text is NUL-terminated after a successful call. */
jx_status jx_buf_ok(jx_buf *b) JX_MUST_USE;

/** Strict number parsing, whole text, locale-proof. false: not a number of that kind or out of range. */
bool jx_parse_double(const char *s, size_t n, double *out);
bool jx_parse_int64(const char *s, size_t n, int64_t *out);

/* ---- JSON out ------------------------------------------------------------------------------------------------ */

/** Streaming writer into a buffer: commas and indentation are its business. Depth at most 64. */
typedef struct jx_json {
    jx_buf *b;
    int depth;
    bool need_comma, pretty, after_key;
} jx_json;
void jx_json_init(jx_json *j, jx_buf *b, bool pretty);
void jx_json_obj(jx_json *j);
void jx_json_end_obj(jx_json *j);
void jx_json_arr(jx_json *j);
void jx_json_end_arr(jx_json *j);
void jx_json_key(jx_json *j, const char *key);
void jx_json_str(jx_json *j, const char *s); /* NULL writes null; invalid UTF-8 becomes U+FFFD */
void jx_json_strn(jx_json *j, const char *s, size_t n);
void jx_json_int(jx_json *j, int64_t v);
void jx_json_real(jx_json *j, double v, int decimals); /* NaN and infinity write null; decimals < 0: shortest */
void jx_json_bool(jx_json *j, bool v);
void jx_json_null(jx_json *j);

/* ---- rendering messages -------------------------------------------------------------------------------------- */

/** A translation catalogue: the bytes of a .mo file, read in place (bounds-checked; a bad file is refused). */
typedef struct jx_catalog jx_catalog;
jx_status jx_catalog_open(jx_ctx *ctx, const void *mo, size_t n, jx_catalog **out) JX_MUST_USE; /* borrows mo */
void jx_catalog_free(jx_ctx *ctx, jx_catalog *c);
/** Translation of an English msgid, or the msgid itself (also for c == NULL). O(log n). */
const char *jx_tr(const jx_catalog *c, const char *msgid);
/** Template with {0}..{5} filled in. Integers are grouped by thousands when written {0,}. */
void jx_render(jx_buf *b, const char *tmpl, uint32_t n_args, const jx_arg *args);
/** "file:row: text" (or "at byte N") in the catalogue's language, then the remedy as a second sentence. */
void jx_msg_render(jx_buf *b, const jx_catalog *c, const jx_message *m, bool with_remedy);

/* ---- sorting, hashing, random numbers, UTF-8 ------------------------------------------------------------------ */

/** Stable LSD radix sorts. `tmp` has the size of the input. keys ascending. O(n). */
void jx_sort_u64(uint64_t *keys, uint64_t *tmp, size_t n);
/** Sorts 64-bit keys with a 32-bit payload alongside; stable. */
void jx_sort_u64_u32(uint64_t *keys, uint32_t *vals, uint64_t *tmp_keys, uint32_t *tmp_vals, size_t n);
/** Stable merge sort for anything; cmp gets user. Deterministic, unlike qsort. Allocates n * size. */
jx_status jx_sort(jx_ctx *ctx, void *base, size_t n, size_t size, int (*cmp)(const void *, const void *, void *),
                  void *user) JX_MUST_USE;

uint64_t jx_hash64(const void *p, size_t n, uint64_t seed);

/** Open-addressing map from 64-bit key to 32-bit value. Keys may be anything; value JX_NONE is reserved. */
typedef struct jx_map64 {
    uint64_t *keys;
    uint32_t *vals;
    size_t n, cap;
} jx_map64;
jx_status jx_map64_put(jx_ctx *ctx, jx_map64 *m, uint64_t key, uint32_t val) JX_MUST_USE;
uint32_t jx_map64_get(const jx_map64 *m, uint64_t key); /* JX_NONE: absent */
void jx_map64_release(jx_ctx *ctx, jx_map64 *m);

/** String interning: equal texts get equal ids 0,1,2.. in order of first sight; texts are NUL-terminated and stay put
 *  until release. Bytes total < 4 GiB. */
typedef struct jx_pool_str jx_pool_str;
jx_pool_str *jx_strings_new(jx_ctx *ctx);
void jx_strings_free(jx_ctx *ctx, jx_pool_str *p);
jx_status jx_strings_add(jx_ctx *ctx, jx_pool_str *p, const char *s, size_t n, uint32_t *id) JX_MUST_USE;
uint32_t jx_strings_find(const jx_pool_str *p, const char *s, size_t n); /* JX_NONE: absent */
jx_str jx_strings_get(const jx_pool_str *p, uint32_t id);
const char *jx_strings_cstr(const jx_pool_str *p, uint32_t id);
uint32_t jx_strings_count(const jx_pool_str *p);

typedef struct jx_sha256 {
    uint32_t h[8];
    uint64_t n;
    uint8_t block[64];
} jx_sha256;
void jx_sha256_init(jx_sha256 *s);
void jx_sha256_add(jx_sha256 *s, const void *p, size_t n);
void jx_sha256_hex(jx_sha256 *s, char out[65]);

/** Counter-based random numbers: value = f(seed, stream, counter); same everywhere. */
uint64_t jx_random(uint64_t seed, uint64_t stream, uint64_t counter);

/** Length of the valid UTF-8 sequence at s (1..4), 0 when invalid; *cp gets the code point. */
unsigned jx_utf8_decode(const char *s, size_t n, uint32_t *cp);
bool jx_utf8_valid(const char *s, size_t n, size_t *bad_offset);
/** Columns a terminal needs: CJK and full-width count two. Invalid bytes count one. */
size_t jx_utf8_width(const char *s, size_t n);
/**
 * How many bytes from s on a terminal may be sent as they are. *skip: length of what comes next and may not (0 at the end): a control
 * character (of C0 but tab, line feed and the carriage return of a line's end; DEL; of C1), or a byte that is no UTF-8. Show U+FFFD for it.
 */
size_t jx_utf8_showable(const char *s, size_t n, size_t *skip);

#endif
