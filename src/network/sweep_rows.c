/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The loop everything waits for. An arc costs a load of its slot and time, a load of sixteen times from the path (in
 * the first two caches), an addition and a minimum; a row one store for the path and one for the consumer. Arcs stream
 * at six bytes each.
 *
 * Narrow: nothing is beyond 2^31 ms (25 days), so "nothing yet" is 2^31 and a plain addition cannot wrap. Otherwise
 * sums saturate, one more instruction an arc.
 */
#include "network/sweep_internal.h"

/* One more than the next vertex that origins have climbed to; 0: there is none. */
static inline uint32_t next_touched(const jx__rows_job *job) {
    return job->left ? job->touched[job->left - 1] + 1 : 0;
}

/* Has an origin climbed to v? Those passed by have no row of their own: no target is below them. */
static inline bool come_to(jx__rows_job *job, uint32_t v) {
    while (job->left && job->touched[job->left - 1] > v) {
        job->left--;
    }
    return job->left && job->touched[job->left - 1] == v;
}

#define KERNEL(isa, TARGET, T, kind, NARROW)                                                                       \
    TARGET JX_INLINE void relax_##kind##_##isa(jx__v_##T *acc, const uint32_t *from, uint32_t ms) {                \
        for (int p = 0; p < JX__PARTS(T); p++) {                                                                   \
            jx__v_##T v = ((const jx__v_##T *)(const void *)from)[p];                                              \
            if (!(NARROW)) {                                                                                       \
                const jx__v_##T room = JX__SET(T, ~ms);                                                            \
                v = JX__MIN_##T(v, room);                                                                          \
            }                                                                                                      \
            v += ms;                                                                                               \
            acc[p] = JX__MIN_##T(acc[p], v);                                                                       \
        }                                                                                                          \
    }                                                                                                              \
    TARGET JX_INLINE void rows_##kind##_##isa(jx__rows_job *job, uint32_t row, uint32_t n) {                       \
        const jx_sweep *s = job->s;                                                                                \
        const uint32_t *restrict first = s->first + row, *restrict ms = s->ms, *restrict vertex = s->vertex + row; \
        const uint16_t *restrict slot = s->slot, *restrict own = s->own + row;                                     \
        uint32_t(*restrict path)[JX_LANES] = job->path, (*restrict out)[JX_LANES] = job->out;                      \
        uint32_t next = next_touched(job);                                                                         \
        for (uint32_t k = 0, a = first[0]; k < n; k++) {                                                           \
            jx__v_##T acc[JX__PARTS(T)];                                                                           \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                               \
                acc[p] = JX__SET(T, (NARROW) ? JX__FAR : JX_UNREACHABLE);                                          \
            }                                                                                                      \
            if (vertex[k] < next) {                                                                                \
                if (come_to(job, vertex[k])) {                                                                     \
                    memcpy(acc, job->climbed[--job->left], sizeof acc);                                            \
                }                                                                                                  \
                next = next_touched(job);                                                                          \
            }                                                                                                      \
            for (uint32_t end = first[k + 1]; a < end; a += JX__GROUP) {                                           \
                for (uint32_t g = a; g < a + JX__GROUP; g++) {                                                     \
                    relax_##kind##_##isa(acc, path[slot[g]], ms[g]);                                               \
                }                                                                                                  \
            }                                                                                                      \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                               \
                ((jx__v_##T *)(void *)path[own[k]])[p] = acc[p];                                                   \
                ((jx__v_##T *)(void *)out[k])[p] = acc[p];                                                         \
            }                                                                                                      \
        }                                                                                                          \
    }                                                                                                              \
    TARGET JX_INLINE void climb_##kind##_##isa(const jx__rows_job *job) {                                          \
        const jx_sweep *s = job->s;                                                                                \
        for (uint32_t i = 0; i < job->left; i++) {                                                                 \
            uint32_t v = job->touched[i];                                                                          \
            for (uint32_t a = s->climb[v]; a < s->climb[v + 1]; a++) {                                             \
                jx__v_##T *to = (jx__v_##T *)(void *)job->climbed[job->place[s->climb_head[a]]];                   \
                relax_##kind##_##isa(to, job->climbed[i], s->climb_ms[a]);                                         \
            }                                                                                                      \
        }                                                                                                          \
    }                                                                                                              \
    TARGET JX_INLINE bool beyond_##kind##_##isa(const jx__rows_job *job, uint32_t vertex) {                        \
        const jx_hierarchy *h = job->s->h;                                                                         \
        uint32_t least[JX_LANES];                                                                                  \
        jx__v_##T acc[JX__PARTS(T)];                                                                               \
        memset(acc, 0xff, sizeof acc);                                                                             \
        for (uint32_t a = h->up[vertex]; a < h->up[vertex + 1]; a++) {                                             \
            const jx__v_##T *v = (const jx__v_##T *)(const void *)job->path[h->head_slot[a]];                      \
            for (int p = 0; p < JX__PARTS(T); p++) {                                                               \
                acc[p] = JX__MIN_##T(acc[p], v[p]);                                                                \
            }                                                                                                      \
        }                                                                                                          \
        memcpy(least, acc, sizeof acc);                                                                            \
        for (int l = 1; l < JX_LANES; l++) {                                                                       \
            least[0] = jx__min(least[0], least[l]);                                                                \
        }                                                                                                          \
        return least[0] > job->cutoff;                                                                             \
    }                                                                                                              \
    TARGET static bool kind##_##isa(jx__rows_job *job, uint32_t row, int64_t n) {                                  \
        if (n >= 0) {                                                                                              \
            rows_##kind##_##isa(job, row, (uint32_t)n);                                                            \
            return true;                                                                                           \
        }                                                                                                          \
        if (n == JX__ASK_GATE) {                                                                                   \
            return beyond_##kind##_##isa(job, row);                                                                \
        }                                                                                                          \
        climb_##kind##_##isa(job);                                                                                 \
        return true;                                                                                               \
    }
#define NARROW_KERNEL(isa, TARGET, T) KERNEL(isa, TARGET, T, narrow, true)
#define WIDE_KERNEL(isa, TARGET, T) KERNEL(isa, TARGET, T, wide, false)
JX__FOR_EACH_ISA(NARROW_KERNEL)
JX__FOR_EACH_ISA(WIDE_KERNEL)

jx__rows_fn jx__sweep_kernel(bool narrow) {
    return narrow ? JX__PICK(narrow) : JX__PICK(wide);
}
