/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Interned strings: equal texts, equal ids, in order of first sight. Texts lie in an arena and stay put. */
#include "base_internal.h"

typedef struct entry {
    const char *s;
    uint32_t n;
    uint32_t hash;
} entry;

struct jx_pool_str {
    jx_arena *arena;
    JX_VEC(entry) all;
    uint32_t *slots; /* id + 1, 0 is free */
    uint32_t n_slots;
};

jx_pool_str *jx_strings_new(jx_ctx *ctx) {
    jx_pool_str *p = jx_calloc(ctx, 1, sizeof *p);
    if (p && !(p->arena = jx_arena_new(ctx))) {
        jx_free(ctx, p);
        return NULL;
    }
    return p;
}

void jx_strings_free(jx_ctx *ctx, jx_pool_str *p) {
    if (p) {
        jx_arena_free(ctx, p->arena);
        jx_vec_free(ctx, &p->all);
        jx_free(ctx, p->slots);
        jx_free(ctx, p);
    }
}

static uint32_t hash_of(const char *s, size_t n) {
    return (uint32_t)jx_hash64(s, n, 0);
}

/* Slot that holds the text, or the free one where it belongs. Needs n_slots > 0. */
static uint32_t slot(const jx_pool_str *p, const char *s, size_t n, uint32_t hash) {
    uint32_t mask = p->n_slots - 1, i = hash & mask;
    for (; p->slots[i]; i = (i + 1) & mask) {
        const entry *e = &p->all.v[p->slots[i] - 1];
        if (e->hash == hash && e->n == n && memcmp(e->s, s, n) == 0) {
            break;
        }
    }
    return i;
}

static jx_status grow(jx_ctx *ctx, jx_pool_str *p) {
    uint32_t n = p->n_slots ? p->n_slots * 2 : 64;
    uint32_t *slots = n ? jx_calloc(ctx, n, sizeof *slots) : NULL;
    if (!slots) {
        return n ? JX_E_NOMEM : JX_FAIL(ctx, NOMEM, JX_I(INT64_MAX));
    }
    for (uint32_t id = 0; id < p->all.n; id++) {
        uint32_t i = p->all.v[id].hash & (n - 1);
        while (slots[i]) {
            i = (i + 1) & (n - 1);
        }
        slots[i] = id + 1;
    }
    jx_free(ctx, p->slots);
    p->slots = slots;
    p->n_slots = n;
    return JX_OK;
}

jx_status jx_strings_add(jx_ctx *ctx, jx_pool_str *p, const char *s, size_t n, uint32_t *id) {
    if (n >= UINT32_MAX) {
        return JX_FAIL(ctx, NOMEM, JX_I(n));
    }
    s = n ? s : "";
    if ((p->all.n + 1) * 3 > (size_t)p->n_slots * 2) {
        JX_TRY(grow(ctx, p));
    }
    uint32_t hash = hash_of(s, n), at = slot(p, s, n, hash);
    if (!p->slots[at]) {
        JX_TRY(jx_vec_reserve(ctx, &p->all, 1));
        char *copy = jx_arena_strn(ctx, p->arena, s, n);
        if (!copy) {
            return JX_E_NOMEM;
        }
        p->all.v[p->all.n++] = (entry){copy, (uint32_t)n, hash};
        p->slots[at] = (uint32_t)p->all.n;
    }
    *id = p->slots[at] - 1;
    return JX_OK;
}

uint32_t jx_strings_find(const jx_pool_str *p, const char *s, size_t n) {
    if (!p->n_slots || n >= UINT32_MAX) {
        return JX_NONE;
    }
    s = n ? s : "";
    uint32_t at = slot(p, s, n, hash_of(s, n));
    return p->slots[at] ? p->slots[at] - 1 : JX_NONE;
}

jx_str jx_strings_get(const jx_pool_str *p, uint32_t id) {
    return (jx_str){p->all.v[id].s, p->all.v[id].n};
}
const char *jx_strings_cstr(const jx_pool_str *p, uint32_t id) {
    return p->all.v[id].s;
}
uint32_t jx_strings_count(const jx_pool_str *p) {
    return (uint32_t)p->all.n;
}
