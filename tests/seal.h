/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Makes the checksums of a changed snapshot right again, written from docs/formats/network.md and from nothing else: so tests and the
 * fuzzer reach what lies behind the checksums, and the page is proved to say enough.
 */
#ifndef JX_TESTS_SEAL_H
#define JX_TESTS_SEAL_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SEAL_HEAD = 256, SEAL_ROW = 64, SEAL_BLOCK = 1 << 20 };

static inline uint64_t seal_word(const uint8_t *p, size_t n) { /* up to eight bytes, the rest zero, in this machine's order */
    uint64_t w = 0;
    memcpy(&w, p, n < 8 ? n : 8);
    return w;
}

static inline uint64_t seal_sum(const uint8_t *p, size_t n) {
    uint64_t lane[8], h = n;
    for (uint64_t k = 0; k < 8; k++) {
        lane[k] = k;
    }
    for (size_t at = 0; at < (n + 63) / 64 * 64; at += 8) {
        uint64_t *l = &lane[at / 8 % 8];
        *l = (*l ^ (at < n ? seal_word(p + at, n - at) : 0)) * 0x9e3779b97f4a7c15u;
        *l ^= *l >> 32;
    }
    for (int k = 0; k < 8; k++) {
        h = (h ^ lane[k]) * 0xd1342543de82ef95u;
        h ^= h >> 29;
    }
    return h;
}

static inline uint64_t seal_section(const uint8_t *p, size_t n) {
    size_t blocks = (n + SEAL_BLOCK - 1) / SEAL_BLOCK;
    uint64_t *sum = malloc(blocks * 8 + 8), out;
    if (!sum) {
        abort();
    }
    for (size_t i = 0; i < blocks; i++) {
        size_t left = n - i * SEAL_BLOCK;
        sum[i] = seal_sum(p + i * SEAL_BLOCK, left < SEAL_BLOCK ? left : SEAL_BLOCK);
    }
    out = seal_sum((const uint8_t *)sum, blocks * 8);
    free(sum);
    return out;
}

/* Whatever is out of bounds stays as it is: opening must refuse it. */
static inline void seal(uint8_t *p, size_t n) {
    uint32_t sections;
    uint64_t count, offset, elem = 0, both[2];
    if (n < SEAL_HEAD) {
        return;
    }
    memcpy(&sections, p + 20, 4);
    if (sections > (n - SEAL_HEAD) / SEAL_ROW) {
        return;
    }
    for (uint32_t i = 0; i < sections; i++) {
        uint8_t *row = p + SEAL_HEAD + (size_t)i * SEAL_ROW;
        memcpy(&elem, row + 24, 4);
        memcpy(&count, row + 32, 8);
        memcpy(&offset, row + 40, 8);
        if (offset <= n && (elem == 0 || count <= (n - offset) / elem)) {
            uint64_t sum = seal_section(p + offset, (size_t)(count * elem));
            memcpy(row + 48, &sum, 8);
        }
    }
    memset(p + 248, 0, 8);
    both[0] = seal_sum(p, SEAL_HEAD);
    both[1] = seal_sum(p + SEAL_HEAD, (size_t)sections * SEAL_ROW);
    both[0] = seal_sum((const uint8_t *)both, 16);
    memcpy(p + 248, &both[0], 8);
}

#endif
