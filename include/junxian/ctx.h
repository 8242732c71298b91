/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The job context: memory, threads, language, messages, progress, cancel - and nothing else.
 * One context per job; contexts share a jx_mem and a jx_pool. A context never owns results.
 */
#ifndef JUNXIAN_CTX_H
#define JUNXIAN_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "junxian/message.h"

/* ---- memory ------------------------------------------------------------------------------------------------- */

/** Where memory comes from. Blocks are at least 16-byte aligned. `user` is passed through. */
typedef struct jx_allocator {
    void *(*alloc)(void *user, size_t size);
    void (*free)(void *user, void *p);
    void *user;
} jx_allocator;

/** An allocator with a byte count and a ceiling; shared by contexts and threads, must outlive every object. */
typedef struct jx_mem jx_mem;

/** Make one. `a` NULL means malloc/free; ceiling 0 means none. NULL when out of memory. */
jx_mem *jx_mem_new(const jx_allocator *a, size_t ceiling_bytes);
void jx_mem_free(jx_mem *mem);
/** Bytes now in use, and the most there ever were. */
size_t jx_mem_used(const jx_mem *mem);
size_t jx_mem_peak(const jx_mem *mem);

/* ---- context ------------------------------------------------------------------------------------------------ */

typedef struct jx_pool jx_pool;
typedef struct jx_ctx jx_ctx;

/** Receives messages as they are uttered. May be called from the thread that runs the job only. */
typedef void (*jx_sink_fn)(void *user, const jx_message *msg);
/** Receives progress: `phase` is an English msgid, `done` of `total` (total 0: unknown). Rate-limited by the callee. */
typedef void (*jx_progress_fn)(void *user, const char *phase, uint64_t done, uint64_t total);

typedef struct jx_ctx_options {
    jx_mem *mem;         /* required */
    jx_pool *pool;       /* NULL: everything runs on the calling thread */
    const char *lang;    /* "en" or "zh_CN"; static string; NULL is "en" */
    jx_sink_fn sink;     /* may be NULL */
    void *sink_user;
    jx_progress_fn progress; /* may be NULL */
    void *progress_user;
    const volatile int *cancel; /* non-zero means stop; may be NULL; may be set from a signal handler */
} jx_ctx_options;

jx_ctx *jx_ctx_new(const jx_ctx_options *opt);
void jx_ctx_free(jx_ctx *ctx);
/** A context that says nothing and can be cancelled as `ctx` can: for a question whose refusal is an answer. Serial. NULL when out of memory, and
 *  then `ctx` has the message. */
jx_ctx *jx_ctx_quiet(jx_ctx *ctx);
/** Ends it (NULL is legal). A status that is an error of `ctx` as well is uttered there, with the quiet one's message; returns `st`. */
jx_status jx_ctx_quiet_end(jx_ctx *ctx, jx_ctx *quiet, jx_status st) JX_MUST_USE;
const char *jx_ctx_lang(const jx_ctx *ctx);
jx_mem *jx_ctx_mem(const jx_ctx *ctx);
unsigned jx_ctx_threads(const jx_ctx *ctx);

/** Memory of the context's jx_mem. Overflow-checked n * size; n * size == 0 gives a valid unique block.
 *  NULL on failure, and then a NOMEM message has been recorded. Blocks of 4 KiB and more are 64-byte aligned. */
void *jx_malloc(jx_ctx *ctx, size_t n, size_t size);
void *jx_calloc(jx_ctx *ctx, size_t n, size_t size);
/** Like realloc; on failure the old block stays valid. */
void *jx_realloc(jx_ctx *ctx, void *p, size_t n, size_t size);
void jx_free(jx_ctx *ctx, void *p); /* NULL is legal */
char *jx_strdup(jx_ctx *ctx, const char *s);
char *jx_strndup(jx_ctx *ctx, const char *s, size_t n);

/** Utter an error and return its status. The first error of a job is kept (jx_ctx_error); all go to the sink. */
jx_status jx_fail(jx_ctx *ctx, jx_msg_id id, const char *file, int64_t row, int64_t offset, uint32_t n,
                  const jx_arg *args);
/** Utter a warning or a note; the job goes on. */
void jx_say(jx_ctx *ctx, jx_level level, jx_msg_id id, const char *file, int64_t row, uint32_t n, const jx_arg *args);
/** The first error, or NULL. */
const jx_message *jx_ctx_error(const jx_ctx *ctx);
void jx_ctx_clear_error(jx_ctx *ctx);

#define JX_NARGS_(...) ((uint32_t)(sizeof((jx_arg[]){__VA_ARGS__}) / sizeof(jx_arg)))
/* FAIL0/WARN0/NOTE0 without arguments, the others with JX_S(), JX_I(), JX_R() arguments. */
#define JX_FAIL0(ctx, NAME) jx_fail(ctx, JX_M_##NAME, NULL, 0, -1, 0, NULL)
#define JX_FAIL(ctx, NAME, ...) \
    jx_fail(ctx, JX_M_##NAME, NULL, 0, -1, JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})
#define JX_FAIL_ROW(ctx, file, row, NAME, ...) \
    jx_fail(ctx, JX_M_##NAME, file, row, -1, JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})
#define JX_FAIL_BYTE(ctx, off, NAME, ...) \
    jx_fail(ctx, JX_M_##NAME, NULL, 0, (int64_t)(off), JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})
#define JX_WARN(ctx, NAME, ...) \
    jx_say(ctx, JX_LEVEL_WARNING, JX_M_##NAME, NULL, 0, JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})
#define JX_WARN_ROW(ctx, file, row, NAME, ...) \
    jx_say(ctx, JX_LEVEL_WARNING, JX_M_##NAME, file, row, JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})
#define JX_NOTE(ctx, NAME, ...) \
    jx_say(ctx, JX_LEVEL_NOTE, JX_M_##NAME, NULL, 0, JX_NARGS_(__VA_ARGS__), (jx_arg[]){__VA_ARGS__})

/** A job that was asked to stop has heard it and now writes down what it has: jx_poll says JX_OK from here on. */
void jx_ctx_wind_up(jx_ctx *ctx);
/** JX_E_CANCELLED (with its message) once somebody asked to stop; poll once per block of work. */
jx_status jx_poll(jx_ctx *ctx) JX_MUST_USE;
void jx_progress(jx_ctx *ctx, const char *phase, uint64_t done, uint64_t total);

/* ---- threads ------------------------------------------------------------------------------------------------ */

/** A pool of `threads` workers (the caller counts as one). One per process. threads == 0: as many as processors. */
jx_pool *jx_pool_new(unsigned threads);
void jx_pool_free(jx_pool *pool);
unsigned jx_pool_threads(const jx_pool *pool);

/** Work on items [begin, end). `worker` < jx_ctx_threads() indexes per-thread workspaces. `wctx` is the block's own
 *  context: allocate and fail through it, say no warnings. */
typedef jx_status (*jx_block_fn)(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker);

/**
 * Run `fn` over [0, n) in blocks of `grain`, dynamically on the context's pool. Returns the status of the failing block
 * with the lowest index (deterministic), JX_E_CANCELLED when cancelled, else JX_OK. Nested calls run serially.
 */
jx_status jx_parallel_for(jx_ctx *ctx, size_t n, size_t grain, jx_block_fn fn, void *arg) JX_MUST_USE;

#endif
