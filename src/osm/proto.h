/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A walker over protobuf messages: every read is checked against the end, nothing is allocated. */
#ifndef JX_OSM_PROTO_H
#define JX_OSM_PROTO_H

#include "junxian/base.h"

typedef struct jx__pb {
    const uint8_t *p, *end;
    bool bad; /* a read went past the end or a field was malformed; sticks */
} jx__pb;

enum { JX__PB_VARINT = 0, JX__PB_FIXED64 = 1, JX__PB_BYTES = 2, JX__PB_FIXED32 = 5 };

static inline jx__pb jx__pb_of(const uint8_t *p, size_t n) {
    return (jx__pb){p, p + n, false};
}

static inline uint64_t jx__pb_varint(jx__pb *r) {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && r->p < r->end; shift += 7) {
        uint8_t b = *r->p++;
        v |= (uint64_t)(b & 127) << shift;
        if (b < 128) {
            return v;
        }
    }
    r->bad = true;
    r->p = r->end;
    return 0;
}

static inline int64_t jx__zigzag(uint64_t v) {
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/** Next field: number in *field, wire type in *type. False at the end or when malformed. */
static inline bool jx__pb_next(jx__pb *r, uint32_t *field, uint32_t *type) {
    if (r->bad || r->p >= r->end) {
        return false;
    }
    uint64_t tag = jx__pb_varint(r);
    *field = (uint32_t)(tag >> 3);
    *type = (uint32_t)(tag & 7);
    if (*field == 0 || tag >> 32) {
        r->bad = true;
    }
    return !r->bad;
}

/** The bytes of a length-delimited field. */
static inline jx__pb jx__pb_bytes(jx__pb *r) {
    uint64_t n = jx__pb_varint(r);
    if (r->bad || n > (uint64_t)(r->end - r->p)) {
        r->bad = true;
        r->p = r->end;
        return (jx__pb){r->end, r->end, false};
    }
    jx__pb sub = {r->p, r->p + n, false};
    r->p += n;
    return sub;
}

static inline void jx__pb_skip(jx__pb *r, uint32_t type) {
    size_t left = (size_t)(r->end - r->p), n = type == JX__PB_FIXED64 ? 8 : type == JX__PB_FIXED32 ? 4 : 0;
    if (type == JX__PB_VARINT) {
        (void)jx__pb_varint(r);
    } else if (type == JX__PB_BYTES) {
        (void)jx__pb_bytes(r);
    } else if (n && n <= left) {
        r->p += n;
    } else {
        r->bad = true;
    }
}

#endif
