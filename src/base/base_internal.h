/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the files of base/ share among themselves; no other room includes this. */
#ifndef JX_BASE_INTERNAL_H
#define JX_BASE_INTERNAL_H

#include "junxian/base.h"

enum { JX__ERROR_TEXT = 2048 };

/** An error that outlives the call that uttered it: the texts of its arguments lie in its own buffer. */
typedef struct jx__kept {
    bool set;
    jx_message msg;
    char text[JX__ERROR_TEXT];
} jx__kept;

struct jx_ctx {
    jx_ctx_options opt;
    jx__kept error;
};

/** Copy a message into `k`; long texts are cut at a UTF-8 boundary, because keeping an error must not allocate. */
void jx__keep(jx__kept *k, const jx_message *m);

bool jx__cancelled(const jx_ctx *ctx);

/** The only way to the C library's heap besides jx_mem: for objects that exist before any jx_mem does (the pool). */
void *jx__heap_alloc(size_t size);
void jx__heap_free(void *p);

/** malloc semantics on a jx_mem: NULL when refused, without any message. */
void *jx__mem_alloc(jx_mem *mem, size_t size);
void jx__mem_release(jx_mem *mem, void *p);
size_t jx__mem_size(const void *p);

enum { JX__DOUBLE_TEXT = 32 };
/** Shortest round-trip text of a finite double, NUL-terminated; returns its length. */
size_t jx__format_double(char out[JX__DOUBLE_TEXT], double v);

/* ---- exact decimals (decimal.c): base 1e9 limbs around a fixed point, large enough for every double ------------ */

enum { JX__DEC_INT = 40, JX__DEC_FRAC = 160, JX__DEC_LIMBS = JX__DEC_INT + JX__DEC_FRAC };

/** Limbs [first, last) may be non-zero; limb JX__DEC_INT - 1 holds the units, limb JX__DEC_INT the first nine decimals.
 */
typedef struct jx__dec {
    int first, last;
    uint32_t limb[JX__DEC_LIMBS];
} jx__dec;

/** Exact expansion of |v|, v finite. */
void jx__dec_from_double(jx__dec *d, double v);
/** d * 2^bits, 0 <= bits <= 29. */
void jx__dec_shift_up(jx__dec *d, unsigned bits);
/** d / 2^bits, 0 <= bits <= 9; digits that fall off the end stick to the last limb. */
void jx__dec_shift_down(jx__dec *d, unsigned bits);
/** Digit number `pos`: 0 is the units, 1 the first decimal, -1 the tens. */
unsigned jx__dec_digit(const jx__dec *d, int pos);
/** Round half to even so that digits after `pos` are zero. */
void jx__dec_round(jx__dec *d, int pos);
/** Position of the leading digit as in jx__dec_digit; INT_MAX for zero. */
int jx__dec_lead(const jx__dec *d);
/** Add one to the digit at `pos`. */
void jx__dec_bump(jx__dec *d, int pos);

#endif
