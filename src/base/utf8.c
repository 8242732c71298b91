/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: strict decoding (Unicode 15, table 3-7) and the columns a text takes on a terminal. */
#include "base_internal.h"

unsigned jx_utf8_decode(const char *s, size_t n, uint32_t *cp) {
    const unsigned char *p = (const unsigned char *)s;
    if (n == 0) {
        return 0;
    }
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    unsigned len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < len) {
        return 0;
    }
    uint32_t c = p[0] & (0x7FU >> len);
    for (unsigned i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
        c = c << 6 | (p[i] & 0x3FU);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        return 0;
    }
    *cp = c;
    return len;
}

bool jx_utf8_valid(const char *s, size_t n, size_t *bad_offset) {
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        unsigned len = jx_utf8_decode(s + i, n - i, &cp);
        if (len == 0) {
            if (bad_offset) {
                *bad_offset = i;
            }
            return false;
        }
        i += len;
    }
    return true;
}

typedef struct range {
    uint32_t first, last;
} range;

/* East Asian Wide and Fullwidth (UAX #11), neighbouring blocks joined. */
static const range wide[] = {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
                             {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
                             {0xA000, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                             {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                             {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
                             {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
/* Marks that stand on the character before them, and characters without width. */
static const range none[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
                             {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};

static bool in(const range *r, size_t n, uint32_t cp) {
    for (size_t i = 0; i < n; i++) {
        if (cp >= r[i].first && cp <= r[i].last) {
            return true;
        }
    }
    return false;
}

size_t jx_utf8_width(const char *s, size_t n) {
    size_t w = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp = 0;
        unsigned len = jx_utf8_decode(s + i, n - i, &cp);
        i += len ? len : 1;
        if (cp < 0x300) {
            w += 1;
        } else if (!in(none, sizeof none / sizeof none[0], cp)) {
            w += in(wide, sizeof wide / sizeof wide[0], cp) ? 2 : 1;
        }
    }
    return w;
}

size_t jx_utf8_showable(const char *s, size_t n, size_t *skip) {
    size_t i = 0;
    for (*skip = 0; i < n; i += *skip, *skip = 0) {
        uint32_t cp = 0;
        unsigned len = jx_utf8_decode(s + i, n - i, &cp);
        bool blank = cp == '\t' || cp == '\n' || (cp == '\r' && i + 1 < n && s[i + 1] == '\n');
        *skip = len ? len : 1;
        if (len == 0 || (cp < 0x20 && !blank) || (cp >= 0x7F && cp < 0xA0)) {
            break;
        }
    }
    return i;
}
