/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Configuration trees: building them, scalars after the YAML 1.2 core schema, and looking up keys. */
#include "junxian/val.h"

#include <math.h>

#include "base_internal.h"

jx_status jx_doc_init(jx_ctx *ctx, jx_doc *d, const char *name) {
    *d = (jx_doc){0};
    d->arena = jx_arena_new(ctx);
    if (!d->arena) {
        return JX_E_NOMEM;
    }
    d->name = jx_arena_strn(ctx, d->arena, name ? name : "", name ? strlen(name) : 0);
    if (!d->name) {
        jx_doc_release(ctx, d);
        return JX_E_NOMEM;
    }
    return JX_OK;
}

void jx_doc_release(jx_ctx *ctx, jx_doc *d) {
    jx_arena_free(ctx, d->arena);
    *d = (jx_doc){0};
}

static jx_val *make(jx_ctx *ctx, jx_doc *d, jx_val_type type, uint32_t line) {
    jx_val *v = jx_arena_alloc(ctx, d->arena, 1, sizeof *v);
    if (v) {
        *v = (jx_val){.type = type, .line = line};
    }
    return v;
}

static bool is_one_of(const char *s, size_t n, const char *const *words) {
    for (; *words; words++) {
        if (strlen(*words) == n && memcmp(*words, s, n) == 0) {
            return true;
        }
    }
    return false;
}

/* 0o17 and 0x1F; no sign. */
static bool parse_based(const char *s, size_t n, int64_t *out) {
    if (n < 3 || s[0] != '0' || (s[1] != 'o' && s[1] != 'x')) {
        return false;
    }
    unsigned base = s[1] == 'o' ? 8 : 16;
    uint64_t v = 0;
    for (size_t i = 2; i < n; i++) {
        char c = s[i];
        unsigned d = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                            : 99;
        if (d >= base || v > ((uint64_t)INT64_MAX - d) / base) {
            return false;
        }
        v = v * base + d;
    }
    *out = (int64_t)v;
    return true;
}

static void resolve(jx_val *v, const char *s, size_t n) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};
    static const char *const nan_words[] = {".nan", ".NaN", ".NAN", NULL};
    static const char *const inf_words[] = {".inf", ".Inf", ".INF", NULL};
    size_t sign = n && (s[0] == '+' || s[0] == '-');
    if (is_one_of(s, n, nulls)) {
        v->type = JX_VAL_NULL;
    } else if (is_one_of(s, n, yes) || is_one_of(s, n, no)) {
        v->type = JX_VAL_BOOL;
        v->b = is_one_of(s, n, yes);
    } else if (jx_parse_int64(s, n, &v->i) || parse_based(s, n, &v->i)) {
        v->type = JX_VAL_INT;
        v->r = (double)v->i;
    } else if (jx_parse_double(s, n, &v->r)) {
        v->type = JX_VAL_REAL;
    } else if (is_one_of(s, n, nan_words)) {
        v->type = JX_VAL_REAL;
        v->r = NAN;
    } else if (is_one_of(s + sign, n - sign, inf_words)) {
        v->type = JX_VAL_REAL;
        v->r = s[0] == '-' ? -INFINITY : INFINITY;
    }
}

jx_val *jx_val_scalar(jx_ctx *ctx, jx_doc *d, const char *s, size_t n, bool quoted, uint32_t line) {
    if (n >= UINT32_MAX) {
        (void)JX_FAIL(ctx, NOMEM, JX_I(n));
        return NULL;
    }
    jx_val *v = make(ctx, d, JX_VAL_STR, line);
    if (!v || !(v->s = jx_arena_strn(ctx, d->arena, s, n))) {
        return NULL;
    }
    v->n = (uint32_t)n;
    if (!quoted) {
        resolve(v, v->s, n);
    }
    return v;
}

jx_val *jx_val_seq(jx_ctx *ctx, jx_doc *d, uint32_t line) {
    return make(ctx, d, JX_VAL_SEQ, line);
}
jx_val *jx_val_map(jx_ctx *ctx, jx_doc *d, uint32_t line) {
    return make(ctx, d, JX_VAL_MAP, line);
}

/* Arrays in an arena double at powers of two; what they leave behind is freed with the document. */
static bool is_full(uint32_t n) {
    return n == 0 || (n >= 4 && (n & (n - 1)) == 0);
}

static void *grown(jx_ctx *ctx, jx_doc *d, const void *old, uint32_t n, size_t size) {
    void *p = jx_arena_alloc(ctx, d->arena, n ? (size_t)n * 2 : 4, size);
    if (p && n) {
        memcpy(p, old, n * size);
    }
    return p;
}

jx_status jx_val_append(jx_ctx *ctx, jx_doc *d, jx_val *seq, jx_val *item) {
    if (!item) {
        return JX_E_NOMEM; /* its maker has said so */
    }
    if (seq->n > UINT32_MAX / 4) {
        return JX_FAIL(ctx, NOMEM, JX_I(seq->n));
    }
    if (is_full(seq->n)) {
        jx_val **items = grown(ctx, d, seq->items, seq->n, sizeof *items);
        if (!items) {
            return JX_E_NOMEM;
        }
        seq->items = items;
    }
    seq->items[seq->n++] = item;
    return JX_OK;
}

enum { INDEX_FROM = 16 };

/* Large maps carry an index of (entry + 1), so that neither building nor reading is quadratic. */
static uint32_t index_slot(const jx_val *map, const char *key, size_t n) {
    uint32_t mask = map->n_index - 1, i = (uint32_t)jx_hash64(key, n, 0) & mask;
    while (map->index[i] && strcmp(map->keys[map->index[i] - 1], key) != 0) {
        i = (i + 1) & mask;
    }
    return i;
}

static uint32_t find(const jx_val *map, const char *key) {
    if (map->n_index) {
        uint32_t hit = map->index[index_slot(map, key, strlen(key))];
        return hit ? hit - 1 : JX_NONE;
    }
    for (uint32_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i], key) == 0) {
            return i;
        }
    }
    return JX_NONE;
}

static jx_status grow_map(jx_ctx *ctx, jx_doc *d, jx_val *map) {
    jx_val **items = grown(ctx, d, map->items, map->n, sizeof *items);
    const char **keys = grown(ctx, d, map->keys, map->n, sizeof *keys);
    uint32_t *lines = grown(ctx, d, map->key_lines, map->n, sizeof *lines);
    uint32_t n_index = map->n >= INDEX_FROM ? map->n * 4 : 0;
    uint32_t *index = n_index ? jx_arena_alloc(ctx, d->arena, n_index, sizeof *index) : NULL;
    if (!items || !keys || !lines || (n_index && !index)) {
        return JX_E_NOMEM;
    }
    map->items = items;
    map->keys = keys;
    map->key_lines = lines;
    map->index = index;
    map->n_index = n_index;
    if (index) {
        memset(index, 0, n_index * sizeof *index);
        for (uint32_t i = 0; i < map->n; i++) {
            index[index_slot(map, keys[i], strlen(keys[i]))] = i + 1;
        }
    }
    return JX_OK;
}

jx_status jx_val_put(jx_ctx *ctx, jx_doc *d, jx_val *map, const char *key, size_t n, uint32_t key_line, jx_val *item) {
    if (!item) {
        return JX_E_NOMEM;
    }
    char *k = jx_arena_strn(ctx, d->arena, key, n);
    if (!k) {
        return JX_E_NOMEM;
    }
    if (find(map, k) != JX_NONE) {
        return JX_FAIL_ROW(ctx, d->name, key_line, CONFIG_DUPLICATE_KEY, JX_S(k));
    }
    if (map->n > UINT32_MAX / 8) {
        return JX_FAIL(ctx, NOMEM, JX_I(map->n));
    }
    if (is_full(map->n)) {
        JX_TRY(grow_map(ctx, d, map));
    }
    if (map->n_index) {
        map->index[index_slot(map, k, strlen(k))] = map->n + 1;
    }
    map->items[map->n] = item;
    map->keys[map->n] = k;
    map->key_lines[map->n] = key_line;
    map->n++;
    return JX_OK;
}

const jx_val *jx_val_get(const jx_val *map, const char *key) {
    if (!map || map->type != JX_VAL_MAP) {
        return NULL;
    }
    uint32_t i = find(map, key);
    return i == JX_NONE ? NULL : map->items[i];
}

const char *jx_val_str(const jx_val *v, const char *def) {
    return v && v->s && v->type != JX_VAL_NULL ? v->s : def;
}
