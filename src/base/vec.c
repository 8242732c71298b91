/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays and the arena: the two shapes memory takes above blocks. */
#include "base_internal.h"

jx_status jx_vec_grow_(jx_ctx *ctx, void **v, size_t *cap, size_t need, size_t elem) {
    size_t now = *cap < 8 ? 8 : *cap <= SIZE_MAX / 2 ? *cap * 2 : SIZE_MAX;
    now = now < need ? need : now;
    void *p = jx_realloc(ctx, *v, now, elem);
    if (!p) {
        return JX_E_NOMEM;
    }
    *v = p;
    *cap = now;
    return JX_OK;
}

enum { CHUNK_HEAD = 16, CHUNK_FIRST = 16 << 10, CHUNK_MOST = 1 << 20 };

typedef struct chunk {
    struct chunk *next;
} chunk;
_Static_assert(sizeof(chunk) <= CHUNK_HEAD, "chunk contents stay aligned");

struct jx_arena {
    chunk *chunks;
    unsigned char *at;
    size_t left, next_size;
};

jx_arena *jx_arena_new(jx_ctx *ctx) {
    jx_arena *a = jx_calloc(ctx, 1, sizeof *a);
    if (a) {
        a->next_size = CHUNK_FIRST;
    }
    return a;
}

void jx_arena_free(jx_ctx *ctx, jx_arena *a) {
    if (!a) {
        return;
    }
    for (chunk *c = a->chunks; c;) {
        chunk *next = c->next;
        jx_free(ctx, c);
        c = next;
    }
    jx_free(ctx, a);
}

/* A chunk with `size` usable bytes at the head of the list. */
static unsigned char *add_chunk(jx_ctx *ctx, jx_arena *a, size_t size) {
    chunk *c = jx_malloc(ctx, size + CHUNK_HEAD, 1);
    if (!c) {
        return NULL;
    }
    c->next = a->chunks;
    a->chunks = c;
    return (unsigned char *)c + CHUNK_HEAD;
}

void *jx_arena_alloc(jx_ctx *ctx, jx_arena *a, size_t n, size_t size) {
    if (size && n > (PTRDIFF_MAX - 64) / size) {
        return jx_malloc(ctx, n, size); /* cannot succeed; utters the message */
    }
    size_t bytes = (n * size + 15) & ~(size_t)15;
    bytes = bytes ? bytes : 16;
    if (bytes > a->left) {
        if (bytes > a->next_size / 4) {
            return add_chunk(ctx, a, bytes); /* a block of its own; the current chunk stays in use */
        }
        unsigned char *p = add_chunk(ctx, a, a->next_size);
        if (!p) {
            return NULL;
        }
        a->at = p;
        a->left = a->next_size;
        a->next_size = a->next_size < CHUNK_MOST ? a->next_size * 2 : CHUNK_MOST;
    }
    void *p = a->at;
    a->at += bytes;
    a->left -= bytes;
    return p;
}

char *jx_arena_strn(jx_ctx *ctx, jx_arena *a, const char *s, size_t n) {
    char *p = jx_arena_alloc(ctx, a, n < SIZE_MAX ? n + 1 : n, 1);
    if (p) {
        if (n) {
            memcpy(p, s, n);
        }
        p[n] = '\0';
    }
    return p;
}
