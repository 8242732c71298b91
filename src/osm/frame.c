/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Framing: 4 bytes length, a BlobHeader, a Blob - and the file header's contents. Limits are those of the format: 64
 * KiB of header, 32 MiB of blob. Codecs that we do not inflate are refused by name.
 */
#include "junxian/osm.h"
#include "osm/proto.h"

enum { MAX_HEADER = 64 << 10, MAX_BLOB = 32 << 20 };

static bool is(jx__pb b, const char *text) {
    size_t n = strlen(text);
    return (size_t)(b.end - b.p) == n && memcmp(b.p, text, n) == 0;
}

/* BlobHeader: type (1), datasize (3). */
static jx_status blob_header(jx_ctx *ctx, jx__pb r, uint64_t offset, jx_blob *out, uint64_t *size) {
    uint32_t field, type;
    bool have_type = false, have_size = false;
    *size = 0;
    while (jx__pb_next(&r, &field, &type)) {
        if (field == 1 && type == JX__PB_BYTES) {
            jx__pb name = jx__pb_bytes(&r);
            out->kind = is(name, "OSMHeader") ? JX_BLOB_HEADER : is(name, "OSMData") ? JX_BLOB_DATA : JX_BLOB_OTHER;
            have_type = true;
        } else if (field == 3 && type == JX__PB_VARINT) {
            *size = jx__pb_varint(&r);
            have_size = true;
        } else {
            jx__pb_skip(&r, type);
        }
    }
    if (r.bad || !have_type || !have_size) {
        return offset == 0 ? JX_FAIL0(ctx, PBF_NOT) : JX_FAIL_BYTE(ctx, offset, PBF_FRAME, JX_S("BlobHeader"));
    }
    if (*size > MAX_BLOB) {
        return JX_FAIL_BYTE(ctx, offset, PBF_TOO_BIG, JX_I(*size > INT64_MAX ? INT64_MAX : (int64_t)*size),
                            JX_I(MAX_BLOB));
    }
    return JX_OK;
}

/* Blob: raw (1), raw_size (2), zlib_data (3), and codecs we refuse. */
static jx_status blob(jx_ctx *ctx, jx__pb r, uint64_t offset, jx_blob *out) {
    static const char *const refused[] = {"LZMA", "bzip2", "LZ4", "ZSTD"};
    uint32_t field, type;
    uint64_t raw_size = 0;
    bool have = false;
    while (jx__pb_next(&r, &field, &type)) {
        if ((field == 1 || field == 3) && type == JX__PB_BYTES) {
            jx__pb d = jx__pb_bytes(&r);
            out->codec = field == 1 ? JX_CODEC_RAW : JX_CODEC_ZLIB;
            out->data = d.p;
            out->data_len = (size_t)(d.end - d.p);
            have = true;
        } else if (field == 2 && type == JX__PB_VARINT) {
            raw_size = jx__pb_varint(&r);
        } else if (field >= 4 && field <= 7 && type == JX__PB_BYTES) {
            return JX_FAIL_BYTE(ctx, offset, PBF_CODEC, JX_S(refused[field - 4]));
        } else {
            jx__pb_skip(&r, type);
        }
    }
    if (r.bad || !have) {
        return JX_FAIL_BYTE(ctx, offset, PBF_FRAME, JX_S("Blob"));
    }
    if (out->codec == JX_CODEC_RAW) {
        raw_size = out->data_len;
    }
    if (raw_size > MAX_BLOB) {
        return JX_FAIL_BYTE(ctx, offset, PBF_TOO_BIG, JX_I(raw_size > INT64_MAX ? INT64_MAX : (int64_t)raw_size),
                            JX_I(MAX_BLOB));
    }
    out->raw_len = (size_t)raw_size;
    return JX_OK;
}

jx_status jx_osm_frame(jx_ctx *ctx, const uint8_t *file, size_t len, uint64_t offset, jx_blob *out, bool *more) {
    *more = false;
    if (len == 0) {
        return JX_FAIL0(ctx, PBF_EMPTY);
    }
    if (offset >= len) {
        return JX_OK;
    }
    uint64_t left = len - offset;
    const uint8_t *p = file + offset;
    if (left < 4) {
        return JX_FAIL_BYTE(ctx, offset, PBF_TRUNCATED, JX_I(4 - (int64_t)left));
    }
    uint32_t n = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    if (n > MAX_HEADER || n == 0) {
        return offset == 0 ? JX_FAIL_BYTE(ctx, 0, PBF_NOT_BYTES, JX_I(n))
                           : JX_FAIL_BYTE(ctx, offset, PBF_TOO_BIG, JX_I(n), JX_I(MAX_HEADER));
    }
    if (left - 4 < n) {
        return JX_FAIL_BYTE(ctx, offset, PBF_TRUNCATED, JX_I((int64_t)n - (int64_t)(left - 4)));
    }
    *out = (jx_blob){.offset = offset};
    uint64_t size;
    JX_TRY(blob_header(ctx, jx__pb_of(p + 4, n), offset, out, &size));
    if (left - 4 - n < size) {
        return JX_FAIL_BYTE(ctx, offset, PBF_TRUNCATED, JX_I((int64_t)size - (int64_t)(left - 4 - n)));
    }
    if (offset == 0 && out->kind != JX_BLOB_HEADER) {
        return JX_FAIL0(ctx, PBF_NOT);
    }
    JX_TRY(blob(ctx, jx__pb_of(p + 4 + n, (size_t)size), offset, out));
    out->next = offset + 4 + n + size;
    *more = true;
    return JX_OK;
}

static void copy_text(char *dst, size_t cap, jx__pb b) {
    size_t n = (size_t)(b.end - b.p);
    n = n < cap - 1 ? n : cap - 1;
    memcpy(dst, b.p, n);
    dst[n] = 0;
}

static jx_status required_feature(jx_ctx *ctx, jx__pb f, uint64_t offset) {
    char name[64];
    copy_text(name, sizeof name, f);
    return is(f, "OsmSchema-V0.6") || is(f, "DenseNodes") ? JX_OK : JX_FAIL_BYTE(ctx, offset, PBF_FEATURE, JX_S(name));
}

/* HeaderBBox is in nanodegrees: left 1, right 2, top 3, bottom 4. */
static void header_box(jx__pb b, jx_osm_header *h) {
    uint32_t field, type;
    int64_t v[5] = {0};
    while (jx__pb_next(&b, &field, &type)) {
        if (field >= 1 && field <= 4 && type == JX__PB_VARINT) {
            v[field] = jx__zigzag(jx__pb_varint(&b)) / 100;
            v[field] = v[field] > 1800000000 ? 1800000000 : v[field] < -1800000000 ? -1800000000 : v[field];
        } else {
            jx__pb_skip(&b, type);
        }
    }
    h->has_bbox = !b.bad;
    h->bbox = (jx_box){(int32_t)v[1], (int32_t)v[4], (int32_t)v[2], (int32_t)v[3]};
}

jx_status jx_osm_header_block(jx_ctx *ctx, const uint8_t *p, size_t n, uint64_t offset, jx_osm_header *out) {
    *out = (jx_osm_header){.sequence = -1};
    jx__pb r = jx__pb_of(p, n);
    uint32_t field, type;
    while (jx__pb_next(&r, &field, &type)) {
        if (type == JX__PB_BYTES) {
            jx__pb b = jx__pb_bytes(&r);
            if (field == 1) {
                header_box(b, out);
            } else if (field == 4) {
                JX_TRY(required_feature(ctx, b, offset));
            } else if (field == 5) {
                out->sorted = out->sorted || is(b, "Sort.Type_then_ID");
            } else if (field == 16) {
                copy_text(out->program, sizeof out->program, b);
            } else if (field == 17) {
                copy_text(out->source, sizeof out->source, b);
            }
        } else if (field == 32 && type == JX__PB_VARINT) {
            out->timestamp = (int64_t)jx__pb_varint(&r);
        } else if (field == 33 && type == JX__PB_VARINT) {
            out->sequence = (int64_t)jx__pb_varint(&r);
        } else {
            jx__pb_skip(&r, type);
        }
    }
    return r.bad ? JX_FAIL_BYTE(ctx, offset, PBF_BLOCK, JX_S("HeaderBlock")) : JX_OK;
}
