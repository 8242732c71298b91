/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: the one place that knows malloc. Every block carries a 16-byte header with its size and its raw address, so
 * that a shared, lock-free count can hold a job under its ceiling and large blocks can start on a cache line.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "base_internal.h"

enum { HEADER = 16, LINE = 64, LARGE = 4096 };

struct jx_mem {
    jx_allocator a;
    size_t ceiling;
    atomic_size_t used, peak;
};

typedef struct header {
    void *raw;
    size_t size;
} header;
_Static_assert(sizeof(header) <= HEADER, "the header fits before the block");

static void *libc_alloc(void *user, size_t size) {
    (void)user;
    return malloc(size);
}

static void libc_free(void *user, void *p) {
    (void)user;
    free(p);
}

void *jx__heap_alloc(size_t size) {
    return malloc(size ? size : 1);
}
void jx__heap_free(void *p) {
    free(p);
}

jx_mem *jx_mem_new(const jx_allocator *a, size_t ceiling_bytes) {
    jx_allocator use = a ? *a : (jx_allocator){libc_alloc, libc_free, NULL};
    jx_mem *mem = use.alloc(use.user, sizeof *mem);
    if (!mem) {
        return NULL;
    }
    mem->a = use;
    mem->ceiling = ceiling_bytes;
    atomic_init(&mem->used, 0);
    atomic_init(&mem->peak, 0);
    return mem;
}

void jx_mem_free(jx_mem *mem) {
    if (mem) {
        jx_allocator a = mem->a;
        a.free(a.user, mem);
    }
}

size_t jx_mem_used(const jx_mem *mem) {
    return atomic_load_explicit(&mem->used, memory_order_relaxed);
}
size_t jx_mem_peak(const jx_mem *mem) {
    return atomic_load_explicit(&mem->peak, memory_order_relaxed);
}

/* Reserve bytes under the ceiling; false when they would not fit. */
static bool count_up(jx_mem *mem, size_t size) {
    size_t now = atomic_fetch_add_explicit(&mem->used, size, memory_order_relaxed) + size;
    if (now < size || (mem->ceiling && now > mem->ceiling)) {
        atomic_fetch_sub_explicit(&mem->used, size, memory_order_relaxed);
        return false;
    }
    size_t peak = atomic_load_explicit(&mem->peak, memory_order_relaxed);
    while (now > peak &&
           !atomic_compare_exchange_weak_explicit(&mem->peak, &peak, now, memory_order_relaxed, memory_order_relaxed)) {
    }
    return true;
}

void *jx__mem_alloc(jx_mem *mem, size_t size) {
    size = size ? size : 1;
    size_t extra = size >= LARGE ? (size_t)HEADER + LINE : (size_t)HEADER;
    if (size > PTRDIFF_MAX - extra || !count_up(mem, size)) {
        return NULL;
    }
    unsigned char *raw = mem->a.alloc(mem->a.user, size + extra);
    if (!raw) {
        atomic_fetch_sub_explicit(&mem->used, size, memory_order_relaxed);
        return NULL;
    }
    unsigned char *block = raw + HEADER;
    if (size >= LARGE) {
        block += (LINE - (uintptr_t)block % LINE) % LINE;
    }
    header h = {raw, size};
    memcpy(block - HEADER, &h, sizeof h);
    return block;
}

static header header_of(const void *p) {
    header h;
    memcpy(&h, (const unsigned char *)p - HEADER, sizeof h);
    return h;
}

size_t jx__mem_size(const void *p) {
    return header_of(p).size;
}

void jx__mem_release(jx_mem *mem, void *p) {
    if (p) {
        header h = header_of(p);
        atomic_fetch_sub_explicit(&mem->used, h.size, memory_order_relaxed);
        mem->a.free(mem->a.user, h.raw);
    }
}

void *jx_malloc(jx_ctx *ctx, size_t n, size_t size) {
    size_t bytes = size && n > PTRDIFF_MAX / size ? (size_t)PTRDIFF_MAX : n * size;
    void *p = jx__mem_alloc(ctx->opt.mem, bytes);
    if (!p) {
        (void)JX_FAIL(ctx, NOMEM, JX_I(bytes));
    }
    return p;
}

void *jx_calloc(jx_ctx *ctx, size_t n, size_t size) {
    void *p = jx_malloc(ctx, n, size);
    if (p) {
        memset(p, 0, n * size);
    }
    return p;
}

void *jx_realloc(jx_ctx *ctx, void *p, size_t n, size_t size) {
    void *q = jx_malloc(ctx, n, size);
    if (q && p) {
        size_t old = jx__mem_size(p), now = n * size;
        memcpy(q, p, old < now ? old : now);
        jx_free(ctx, p);
    }
    return q;
}

void jx_free(jx_ctx *ctx, void *p) {
    jx__mem_release(ctx->opt.mem, p);
}

char *jx_strndup(jx_ctx *ctx, const char *s, size_t n) {
    char *p = n < PTRDIFF_MAX ? jx_malloc(ctx, n + 1, 1) : NULL;
    if (p) {
        if (n) {
            memcpy(p, s, n);
        }
        p[n] = '\0';
    }
    return p;
}

char *jx_strdup(jx_ctx *ctx, const char *s) {
    return jx_strndup(ctx, s, strlen(s));
}
