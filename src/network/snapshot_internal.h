/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The layout of a snapshot, shared by its writer, its reader and the checks. docs/formats/network.md tells the same in words. */
#ifndef JX_NETWORK_SNAPSHOT_INTERNAL_H
#define JX_NETWORK_SNAPSHOT_INTERNAL_H

#include "junxian/snapshot.h"

enum { JX__LINE = 64, JX__SNAPSHOT_SUM_BLOCK = 1 << 20 };

/** What sections are counted by; the header holds one number for each. */
typedef enum jx__unit {
    JX__NODES,
    JX__EDGES,
    JX__POINTS,
    JX__NAME_BYTES,
    JX__TURNS,
    JX__TURN_ARCS,
    JX__ARCS,
    JX__INPUTS,
    JX__PROFILE_BYTES,
    JX__ONE,
    JX__N_UNITS
} jx__unit;

typedef struct jx__snapshot_header {
    uint8_t magic[8];
    uint32_t endian, format, rules, n_sections;
    uint64_t bytes; /* of the file */
    char key[JX_SNAPSHOT_KEY];
    uint64_t count[JX__N_UNITS];
    uint8_t zero[72];
    uint64_t checksum; /* of header and section table, this number taken as 0 */
} jx__snapshot_header;
_Static_assert(sizeof(jx__snapshot_header) == 256, "documented");

typedef struct jx__snapshot_section {
    char name[24]; /* filled up with zeros */
    uint32_t elem; /* bytes */
    uint32_t zero;
    uint64_t count, offset, checksum;
    uint64_t zero2;
} jx__snapshot_section;
_Static_assert(sizeof(jx__snapshot_section) == JX__LINE, "documented");

enum { JX__N_TURN_COUNTS = 7 }; /* the n_ fields of jx_turn_rules behind the arrays, in their order */

/** The numbers beside the arrays. */
typedef struct jx__snapshot_facts {
    uint32_t height, n_barriers, n_missing_refs, n_islands[JX_N_MODES], turns[JX__N_TURN_COUNTS], zero;
    jx_box data_box;
    double island_km[JX_N_MODES], class_km[JX_N_ROAD_CLASSES];
    int64_t date;
    char extract_sha256[64], source[120];
} jx__snapshot_facts;
_Static_assert(sizeof(jx__snapshot_facts) == 72 + 8 * (JX_N_MODES + JX_N_ROAD_CLASSES) + 8 + 64 + 120, "no gaps");

/** Where a section's array is kept in memory, and how many elements it has: `mul` for each `unit`, and `add`. */
typedef struct jx__snapshot_row {
    const char *name;
    uint8_t home; /* jx__home */
    uint8_t elem, unit, mul, add;
    size_t at; /* of the pointer in its struct */
} jx__snapshot_row;
typedef enum jx__home { JX__IN_NETWORK, JX__IN_HIERARCHY, JX__APART } jx__home;

/** Everything the checks need; counts have been compared with the sizes of the arrays. */
typedef struct jx__snapshot_view {
    const char *name; /* of the file */
    const jx_network *net;
    const jx_hierarchy *h;
    const jx__snapshot_facts *facts;
    uint64_t n_points, n_name_bytes, n_turn_arcs;
} jx__snapshot_view;

/** snapshot_lengths.c: millimetres per 1e-7 degrees at each quarter of a degree of latitude up to 89, east and north. */
enum { JX__N_SCALES = 4 * 89 + 1 };
typedef struct jx__scales {
    double east[JX__N_SCALES], north[JX__N_SCALES];
} jx__scales;
void jx__scales_make(jx__scales *s);
/** Is the edge's length that of its points, but for one in a thousand and a millimetre a segment? They are on earth. Same everywhere. */
bool jx__length_fits(const jx__scales *s, const jx_network *n, uint32_t e);

/** snapshot_check.c: JX_OK, or the first contradiction. */
jx_status jx__snapshot_check(jx_ctx *ctx, const jx__snapshot_view *v);

#endif
