/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread pool and one primitive. Workers take blocks of the running jobs from an atomic counter; the calling thread
 * works along. Blocks are handed out in ascending order, so when one fails, all before it are done or under way: the
 * failure with the lowest index is found whatever the timing. Without threads (WebAssembly) the same loop runs alone.
 */
#include <stdatomic.h>

#include "base_internal.h"

#ifndef __wasm__
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
#endif

/* One jx_parallel_for; lies on the caller's stack. */
typedef struct job {
    jx_ctx *ctx;
    jx_block_fn fn;
    void *arg;
    size_t n, grain, n_blocks;
    atomic_size_t next;
    atomic_bool stop;      /* a block failed or somebody asked to stop: hand out no more */
    atomic_bool cancelled; /* blocks were left undone because of that */
    /* Under the pool's lock: */
    size_t fail_block;
    jx_status fail_status;
    jx__kept fail;
    unsigned active; /* pool workers inside */
    struct job *link;
} job;

struct jx_pool {
    unsigned threads;
#ifndef __wasm__
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    pthread_t *ids;
    unsigned started;
    bool quit;
    job *jobs;          /* those that may have blocks left, in order of arrival */
    atomic_uint n_jobs; /* their number, so that a worker knows when to share its time */
#endif
};

static void lock(jx_pool *pool) {
#ifndef __wasm__
    if (pool) {
        (void)pthread_mutex_lock(&pool->lock);
    }
#else
    (void)pool;
#endif
}

static void unlock(jx_pool *pool) {
#ifndef __wasm__
    if (pool) {
        (void)pthread_mutex_unlock(&pool->lock);
    }
#else
    (void)pool;
#endif
}

/* Run the next block; false when there is none left to hand out. */
static bool run_block(job *j, jx_ctx *wctx, unsigned worker) {
    if (atomic_load_explicit(&j->stop, memory_order_relaxed)) {
        return false;
    }
    size_t block = atomic_fetch_add_explicit(&j->next, 1, memory_order_relaxed);
    if (block >= j->n_blocks) {
        return false;
    }
    if (jx__cancelled(wctx)) {
        atomic_store(&j->cancelled, true);
        atomic_store(&j->stop, true);
        return false;
    }
    size_t begin = block * j->grain, left = j->n - begin;
    wctx->error.set = false;
    jx_status st = j->fn(wctx, j->arg, begin, begin + (left < j->grain ? left : j->grain), worker);
    if (st != JX_OK) {
        atomic_store(&j->stop, true);
        jx_pool *pool = j->ctx->opt.pool;
        lock(pool);
        if (block < j->fail_block) {
            j->fail_block = block;
            j->fail_status = st;
            j->fail.set = wctx->error.set;
            if (wctx->error.set) {
                jx__keep(&j->fail, &wctx->error.msg);
            }
        }
        unlock(pool);
    }
    return true;
}

/* The context a block sees: same memory, same cancel flag, nobody to talk to, no pool. */
static void block_ctx(jx_ctx *w, const job *j) {
    w->opt = (jx_ctx_options){.mem = j->ctx->opt.mem, .lang = j->ctx->opt.lang, .cancel = j->ctx->opt.cancel};
    w->error.set = false;
}

#ifndef __wasm__
typedef struct start {
    jx_pool *pool;
    unsigned worker;
} start;

/* A job with blocks left, counted from position `turn` of the list so that concurrent jobs share the workers. */
static job *pick(jx_pool *pool, unsigned turn) {
    unsigned n = 0;
    for (job *j = pool->jobs; j; j = j->link) {
        n++;
    }
    job *j = pool->jobs;
    for (unsigned k = n ? turn % n : 0; k > 0; k--) {
        j = j->link;
    }
    return j;
}

static void unlink_job(jx_pool *pool, const job *j) {
    for (job **at = &pool->jobs; *at; at = &(*at)->link) {
        if (*at == j) {
            *at = j->link;
            atomic_fetch_sub(&pool->n_jobs, 1);
            return;
        }
    }
}

static void *worker_main(void *arg) {
    start *s = arg;
    jx_pool *pool = s->pool;
    unsigned worker = s->worker, turn = worker;
    jx__heap_free(s);
    jx_ctx wctx;
    lock(pool);
    for (;;) {
        while (!pool->jobs && !pool->quit) {
            (void)pthread_cond_wait(&pool->work, &pool->lock);
        }
        if (pool->quit) {
            break;
        }
        job *j = pick(pool, turn++);
        j->active++;
        unlock(pool);
        block_ctx(&wctx, j);
        bool more;
        do {
            more = run_block(j, &wctx, worker);
        } while (more && atomic_load_explicit(&pool->n_jobs, memory_order_relaxed) <= 1);
        lock(pool);
        if (!more) {
            unlink_job(pool, j);
        }
        if (--j->active == 0) {
            (void)pthread_cond_broadcast(&pool->idle);
        }
    }
    unlock(pool);
    return NULL;
}

/* Offer the job to the pool, work along, and wait until the last worker has left it. */
static void run_shared(jx_pool *pool, job *j, jx_ctx *wctx) {
    lock(pool);
    job **tail = &pool->jobs;
    while (*tail) {
        tail = &(*tail)->link;
    }
    *tail = j;
    atomic_fetch_add(&pool->n_jobs, 1);
    (void)pthread_cond_broadcast(&pool->work);
    unlock(pool);
    while (run_block(j, wctx, 0)) {
    }
    lock(pool);
    unlink_job(pool, j);
    while (j->active > 0) {
        (void)pthread_cond_wait(&pool->idle, &pool->lock);
    }
    unlock(pool);
}

static bool start_worker(jx_pool *pool, unsigned worker) {
    start *s = jx__heap_alloc(sizeof *s);
    if (!s) {
        return false;
    }
    *s = (start){pool, worker};
    if (pthread_create(&pool->ids[pool->started], NULL, worker_main, s) != 0) {
        jx__heap_free(s);
        return false;
    }
    pool->started++;
    return true;
}

jx_pool *jx_pool_new(unsigned threads) {
    if (threads == 0) {
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        threads = n > 0 ? (unsigned)n : 1;
    }
    threads = threads < 1024 ? threads : 1024;
    jx_pool *pool = jx__heap_alloc(sizeof *pool);
    pthread_t *ids = jx__heap_alloc(threads * sizeof *ids);
    if (!pool || !ids) {
        jx__heap_free(pool);
        jx__heap_free(ids);
        return NULL;
    }
    memset(pool, 0, sizeof *pool);
    pool->threads = threads;
    pool->ids = ids;
    atomic_init(&pool->n_jobs, 0);
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->work, NULL);
    (void)pthread_cond_init(&pool->idle, NULL);
    sigset_t all, before; /* signals are for the main thread */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = true;
    for (unsigned i = 1; i < threads && ok; i++) {
        ok = start_worker(pool, i);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!ok) {
        jx_pool_free(pool);
        return NULL;
    }
    return pool;
}

void jx_pool_free(jx_pool *pool) {
    if (!pool) {
        return;
    }
    lock(pool);
    pool->quit = true;
    (void)pthread_cond_broadcast(&pool->work);
    unlock(pool);
    for (unsigned i = 0; i < pool->started; i++) {
        (void)pthread_join(pool->ids[i], NULL);
    }
    (void)pthread_mutex_destroy(&pool->lock);
    (void)pthread_cond_destroy(&pool->work);
    (void)pthread_cond_destroy(&pool->idle);
    jx__heap_free(pool->ids);
    jx__heap_free(pool);
}
#else
jx_pool *jx_pool_new(unsigned threads) {
    (void)threads;
    jx_pool *pool = jx__heap_alloc(sizeof *pool);
    if (pool) {
        pool->threads = 1;
    }
    return pool;
}

void jx_pool_free(jx_pool *pool) {
    jx__heap_free(pool);
}
#endif

unsigned jx_pool_threads(const jx_pool *pool) {
    return pool->threads;
}

jx_status jx_parallel_for(jx_ctx *ctx, size_t n, size_t grain, jx_block_fn fn, void *arg) {
    grain = grain ? grain : 1;
    job j = {.ctx = ctx, .fn = fn, .arg = arg, .n = n, .grain = grain, .fail_block = SIZE_MAX};
    j.n_blocks = n / grain + (n % grain != 0);
    jx_ctx wctx;
    block_ctx(&wctx, &j);
#ifndef __wasm__
    if (ctx->opt.pool && ctx->opt.pool->threads > 1 && j.n_blocks > 1) {
        run_shared(ctx->opt.pool, &j, &wctx);
    } else
#endif
    {
        while (run_block(&j, &wctx, 0)) {
        }
    }
    if (j.fail_block != SIZE_MAX) {
        if (j.fail.set) {
            const jx_message *m = &j.fail.msg;
            (void)jx_fail(ctx, m->id, m->file, m->row, m->offset, m->n_args, m->args);
        }
        return j.fail_status;
    }
    return atomic_load(&j.cancelled) ? JX_FAIL0(ctx, CANCELLED) : JX_OK;
}
