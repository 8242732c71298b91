/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact decimal expansions of doubles in limbs of nine digits. Doubling and halving such a number is exact and cheap
 * (1e9 is divisible by 2^9), which is all that correct printing and reading of doubles needs.
 */
#include <limits.h>
#include <math.h>

#include "base_internal.h"

enum { BILLION = 1000000000 };

static const uint32_t pow10_u32[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

void jx__dec_shift_up(jx__dec *d, unsigned bits) {
    uint64_t carry = 0;
    for (int i = d->last - 1; i >= d->first; i--) {
        uint64_t x = ((uint64_t)d->limb[i] << bits) + carry;
        d->limb[i] = (uint32_t)(x % BILLION);
        carry = x / BILLION;
    }
    if (carry && d->first > 0) {
        d->limb[--d->first] = (uint32_t)carry;
    }
    while (d->last > d->first && d->limb[d->last - 1] == 0) {
        d->last--;
    }
}

void jx__dec_shift_down(jx__dec *d, unsigned bits) {
    uint32_t carry = 0, mask = (1U << bits) - 1;
    for (int i = d->first; i < d->last; i++) {
        uint32_t rest = d->limb[i] & mask;
        d->limb[i] = (d->limb[i] >> bits) + carry;
        carry = (BILLION >> bits) * rest;
    }
    if (carry) {
        if (d->last < JX__DEC_LIMBS) {
            d->limb[d->last++] = carry;
        } else {
            d->limb[JX__DEC_LIMBS - 1] |= 1;
        }
    }
    while (d->first < d->last && d->limb[d->first] == 0) {
        d->first++;
    }
}

void jx__dec_from_double(jx__dec *d, double v) {
    int e;
    double f = frexp(fabs(v), &e);
    uint64_t m = (uint64_t)ldexp(f, 53);
    e -= 53;
    d->limb[JX__DEC_INT - 1] = (uint32_t)(m % BILLION);
    d->limb[JX__DEC_INT - 2] = (uint32_t)(m / BILLION);
    d->first = JX__DEC_INT - 2;
    d->last = JX__DEC_INT;
    if (m == 0) {
        d->first = d->last;
        return;
    }
    for (; e > 0; e -= e > 29 ? 29 : e) {
        jx__dec_shift_up(d, e > 29 ? 29U : (unsigned)e);
    }
    for (; e < 0; e += e < -9 ? 9 : -e) {
        jx__dec_shift_down(d, e < -9 ? 9U : (unsigned)-e);
    }
}

/* Limb that holds digit `pos`, and the power of ten of the digit within it. */
static int locate(int pos, uint32_t *unit) {
    int shifted = pos + 9 * JX__DEC_INT - 1; /* index of the digit from the very left */
    *unit = pow10_u32[8 - shifted % 9];
    return shifted / 9;
}

unsigned jx__dec_digit(const jx__dec *d, int pos) {
    uint32_t unit;
    int i = locate(pos, &unit);
    return i < d->first || i >= d->last ? 0 : d->limb[i] / unit % 10;
}

int jx__dec_lead(const jx__dec *d) {
    for (int i = d->first; i < d->last; i++) {
        if (d->limb[i]) {
            int k = 8;
            while (d->limb[i] < pow10_u32[k]) {
                k--;
            }
            return 9 * i + (8 - k) - (9 * JX__DEC_INT - 1);
        }
    }
    return INT_MAX;
}

/* Make limb i one of the live ones. */
static void cover(jx__dec *d, int i) {
    if (d->first >= d->last) {
        d->first = i;
        d->last = i + 1;
        d->limb[i] = 0;
    }
    while (d->first > i) {
        d->limb[--d->first] = 0;
    }
    while (d->last <= i) {
        d->limb[d->last++] = 0;
    }
}

void jx__dec_bump(jx__dec *d, int pos) {
    uint32_t unit;
    int i = locate(pos, &unit);
    cover(d, i);
    d->limb[i] += unit;
    while (d->limb[i] >= BILLION && i > 0) {
        d->limb[i] -= BILLION;
        cover(d, --i);
        d->limb[i]++;
    }
}

void jx__dec_round(jx__dec *d, int pos) {
    uint32_t unit;
    int i = locate(pos + 1, &unit); /* first digit to go */
    if (i >= d->last) {
        return;
    }
    if (i < d->first) { /* all digits go, and the first is zero: rounds to zero */
        d->last = d->first;
        return;
    }
    uint32_t first = d->limb[i] / unit % 10;
    bool rest = d->limb[i] % unit != 0;
    for (int k = i + 1; k < d->last && !rest; k++) {
        rest = d->limb[k] != 0;
    }
    bool up = first > 5 || (first == 5 && (rest || jx__dec_digit(d, pos) % 2 == 1));
    d->limb[i] -= d->limb[i] % unit + first * unit;
    d->last = i + 1;
    if (up) {
        jx__dec_bump(d, pos);
    }
}
