/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A network and its hierarchy as one block of bytes: what took seconds to build is written once and mapped in milliseconds.
 * Works on bytes only; io/snapshot.c maps and writes the files. The format, byte by byte: docs/formats/network.md.
 *
 * Nothing read is trusted. Checksums tell damage; apart from them every index, offset and size that the engine follows is
 * checked each time, and the hierarchy is proved to be a chordal completion of the network it comes with. So an opened
 * snapshot, whoever wrote it, cannot make the engine read out of bounds, and its times are those of Dijkstra.
 */
#ifndef JUNXIAN_SNAPSHOT_H
#define JUNXIAN_SNAPSHOT_H

#include "junxian/hierarchy.h"

enum {
    JX_SNAPSHOT_FORMAT = 1, /* of the bytes: one more with every change of header, sections or their meaning */
    JX_NETWORK_RULES = 1,   /* of jx_network_build: one more whenever it makes another network of the same extract and profiles */
    JX_SNAPSHOT_KEY = 64    /* hexadecimal digits */
};

/**
 * The key of everything that shapes a network: SHA-256 over format, rules, the extract's own SHA-256 (64 digits) and the
 * profiles as a tree. Equal keys: a snapshot stands for a build. NUL-terminated.
 */
jx_status jx_snapshot_key(jx_ctx *ctx, const char *extract_sha256, const jx_doc *profiles, char out[JX_SNAPSHOT_KEY + 1]) JX_MUST_USE;

/** What goes into a snapshot; all borrowed. */
typedef struct jx_snapshot_content {
    const jx_network *net;
    const jx_hierarchy *h;      /* of this network */
    const jx_doc *profiles;     /* that shaped the network */
    const char *extract_sha256; /* 64 digits */
    const char *source;         /* name of the extract; cut after 119 bytes */
    int64_t date;               /* of the extract, seconds since 1970; 0 unknown */
    jx_box data_box;            /* of the extract: which window of a DEM is wanted */
} jx_snapshot_content;

/** Takes the next bytes; a failure ends the writing and is returned. */
typedef jx_status (*jx_bytes_fn)(jx_ctx *ctx, void *user, const void *p, size_t n);
/** The bytes in their order, in pieces. The same content gives the same bytes, for any thread count. O(bytes), no copy. */
jx_status jx_snapshot_write(jx_ctx *ctx, const jx_snapshot_content *c, jx_bytes_fn put, void *user) JX_MUST_USE;

/** An opened snapshot. Network and hierarchy lie in the bytes, which must outlive it. */
typedef struct jx_snapshot {
    jx_network *net;
    jx_hierarchy *h;
    jx_doc profile_doc;
    jx_profiles *profiles;
    char key[JX_SNAPSHOT_KEY + 1], extract_sha256[65];
    char source[120]; /* UTF-8 as far as the writer's was */
    int64_t date;
    jx_box data_box;
    uint64_t bytes;
} jx_snapshot;

/** The first bytes are those of a snapshot, of any version. */
bool jx_snapshot_is(const void *p, size_t n);
/** The key the header names; false where this program cannot read the file. Nothing is verified. */
bool jx_snapshot_key_of(const void *p, size_t n, char out[JX_SNAPSHOT_KEY + 1]);
/**
 * `p` must be 64-byte aligned; `name` is for messages. JX_E_INPUT with a message of its own for each of: no snapshot, other
 * byte order, other version, cut short, damaged (a checksum), contradictory (an index out of bounds, a broken invariant).
 * Parallel; O(bytes).
 */
jx_status jx_snapshot_open(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_snapshot **out) JX_MUST_USE;
/** The snapshot must be that of `key`; else JX_E_INPUT. */
jx_status jx_snapshot_match(jx_ctx *ctx, const char *name, const jx_snapshot *s, const char *key) JX_MUST_USE;
void jx_snapshot_free(jx_ctx *ctx, jx_snapshot *s);

#endif
