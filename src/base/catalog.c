/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation catalogues: a .mo file (GNU gettext manual, "The Format of GNU MO Files") read in place. Everything is
 * checked once at opening, so that looking up needs no checks and a damaged file is refused, never followed.
 */
#include "base_internal.h"

struct jx_catalog {
    const unsigned char *mo;
    bool swapped;
    uint32_t n, ids, texts; /* number of strings, offsets of the two tables */
};

static uint32_t get_u32(const jx_catalog *c, size_t at) {
    const unsigned char *p = c->mo + at;
    return c->swapped ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                      : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static const char *text_at(const jx_catalog *c, uint32_t table, uint32_t i) {
    return (const char *)c->mo + get_u32(c, table + (size_t)i * 8 + 4);
}

/* Every string lies inside the file and ends with NUL there; ids ascend. */
static const char *check(const jx_catalog *c, size_t size) {
    for (int t = 0; t < 2; t++) {
        uint32_t table = t ? c->texts : c->ids;
        if (table > size || c->n > (size - table) / 8) {
            return "table outside the file";
        }
        for (uint32_t i = 0; i < c->n; i++) {
            uint32_t len = get_u32(c, table + (size_t)i * 8), at = get_u32(c, table + (size_t)i * 8 + 4);
            if (at >= size || len >= size - at || c->mo[at + len] != '\0') {
                return "string outside the file";
            }
        }
    }
    for (uint32_t i = 1; i < c->n; i++) {
        if (strcmp(text_at(c, c->ids, i - 1), text_at(c, c->ids, i)) >= 0) {
            return "strings out of order";
        }
    }
    return NULL;
}

jx_status jx_catalog_open(jx_ctx *ctx, const void *mo, size_t n, jx_catalog **out) {
    jx_catalog c = {.mo = mo};
    *out = NULL;
    if (n < 28) {
        return JX_FAIL(ctx, CATALOG_BAD, JX_S("too short"));
    }
    uint32_t magic = get_u32(&c, 0);
    c.swapped = magic == 0xde120495;
    if (magic != 0x950412de && !c.swapped) {
        return JX_FAIL(ctx, CATALOG_BAD, JX_S("wrong magic number"));
    }
    if (get_u32(&c, 4) >> 16 > 1) {
        return JX_FAIL(ctx, CATALOG_BAD, JX_S("unknown version"));
    }
    c.n = get_u32(&c, 8);
    c.ids = get_u32(&c, 12);
    c.texts = get_u32(&c, 16);
    const char *wrong = check(&c, n);
    if (wrong) {
        return JX_FAIL(ctx, CATALOG_BAD, JX_S(wrong));
    }
    jx_catalog *keep = jx_malloc(ctx, 1, sizeof *keep);
    if (!keep) {
        return JX_E_NOMEM;
    }
    *keep = c;
    *out = keep;
    return JX_OK;
}

void jx_catalog_free(jx_ctx *ctx, jx_catalog *c) {
    jx_free(ctx, c);
}

const char *jx_tr(const jx_catalog *c, const char *msgid) {
    uint32_t lo = 0, hi = c && *msgid ? c->n : 0; /* the empty msgid is the file's own header */
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int d = strcmp(text_at(c, c->ids, mid), msgid);
        if (d == 0) {
            const char *t = text_at(c, c->texts, mid);
            return *t ? t : msgid;
        }
        if (d < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return msgid;
}
