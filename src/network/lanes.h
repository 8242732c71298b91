/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Vector lanes for the network's kernels: GCC and clang vector types, compiled once per instruction set, chosen at run
 * time. All values are unsigned 32-bit times; sums saturate as min(w, ~c) + c, which never wraps.
 *
 * A kernel is a macro or an always-inline function over a tag T: p4 (four lanes, any processor; WebAssembly's SIMD), s4
 * (SSE 4.1), a8 (AVX2), z16 (AVX-512). Only the unsigned minimum needs to be named per set: C has no vector `?:`, and
 * gcc does not see one in comparisons and masks. Everything is a macro because vectors passed by value would change the
 * calling convention.
 */
#ifndef JX_NETWORK_LANES_H
#define JX_NETWORK_LANES_H

#include "junxian/base.h"

#define JX_INLINE static inline __attribute__((always_inline))

/* Vectors may lie at any multiple of four bytes and alias plain arrays. */
typedef uint32_t jx__v_p4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint32_t jx__v_s4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint32_t jx__v_a8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint32_t jx__v_z16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint64_t jx__q2 __attribute__((vector_size(16)));
typedef uint64_t jx__q4 __attribute__((vector_size(32)));
typedef uint64_t jx__q8 __attribute__((vector_size(64)));

enum { JX__N_p4 = 4, JX__N_s4 = 4, JX__N_a8 = 8, JX__N_z16 = 16 };
/* Vectors of a tag in sixteen lanes. */
#define JX__PARTS(T) (16 / JX__N_##T)

/* One value in all lanes. */
#define JX__SET(T, x) ((jx__v_##T){0} + (x))
/* Eight bytes in every pair of lanes. */
#define JX__ALL_p4(q) ((jx__v_p4)(jx__q2){q, q})
#define JX__ALL_s4(q) ((jx__v_s4)(jx__q2){q, q})
#define JX__ALL_a8(q) ((jx__v_a8)(jx__q4){q, q, q, q})
#define JX__ALL_z16(q) ((jx__v_z16)(jx__q8){q, q, q, q, q, q, q, q})
/* The two lanes of every pair change places. */
#define JX__TURN_p4(a) ((jx__v_p4)__builtin_shufflevector(a, a, 1, 0, 3, 2))
#define JX__TURN_s4(a) ((jx__v_s4)__builtin_shufflevector(a, a, 1, 0, 3, 2))
#define JX__TURN_a8(a) ((jx__v_a8)__builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6))
#define JX__TURN_z16(a) ((jx__v_z16)__builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14))
/* Lane-wise unsigned minimum. Arguments are evaluated more than once. */
#define JX__MIN_p4(a, b) ((b) ^ (((a) ^ (b)) & (jx__v_p4)((a) < (b))))
/* a, cut so that adding ~room cannot wrap; or, where sums are known to be small, a as it is: KIND is `wide` or
 * `narrow`. */
#define JX__CAP_wide(T, a, room) JX__MIN_##T(a, room)
#define JX__CAP_narrow(T, a, room) (a)

/* JX__FOR_EACH_ISA(M): M(name, attribute, tag) for every instruction set compiled in; JX__PICK(f): f_name of the best
 * one here. */
#if defined(__x86_64__)
#include <immintrin.h>
#define JX__MIN_s4(a, b) ((jx__v_s4)_mm_min_epu32((__m128i)(a), (__m128i)(b)))
#define JX__MIN_a8(a, b) ((jx__v_a8)_mm256_min_epu32((__m256i)(a), (__m256i)(b)))
#define JX__MIN_z16(a, b) ((jx__v_z16)_mm512_min_epu32((__m512i)(a), (__m512i)(b)))
#define JX__FOR_EACH_TAG(M) M(p4) M(s4) M(a8) M(z16)
#define JX__FOR_EACH_ISA(M)                        \
    M(plain, , p4)                                 \
    M(sse4, __attribute__((target("sse4.1"))), s4) \
    M(avx2, __attribute__((target("avx2"))), a8)   \
    M(avx512, __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))), z16)
#define JX__PICK(f)                       \
    (jx__isa() >= JX__AVX512 ? f##_avx512 \
     : jx__isa() == JX__AVX2 ? f##_avx2   \
     : jx__isa() == JX__SSE4 ? f##_sse4   \
                             : f##_plain)
#else
#define JX__FOR_EACH_TAG(M) M(p4)
#define JX__FOR_EACH_ISA(M) M(plain, , p4)
#define JX__PICK(f) f##_plain
#endif

enum { JX__PLAIN, JX__SSE4, JX__AVX2, JX__AVX512 };
/** Best instruction set of this processor, or the one jx__isa_limit() set. */
int jx__isa(void);
/** For tests and benchmarks: use nothing better than `isa`. */
void jx__isa_limit(int isa);

#endif
