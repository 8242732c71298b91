/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What travel-time tables share, made by plain Dijkstra (table.c) or by the hierarchy (tables.c). */
#ifndef JX_NETWORK_TABLE_INTERNAL_H
#define JX_NETWORK_TABLE_INTERNAL_H

#include "junxian/turns.h"
#include "network/network_internal.h"

/** Cells found from one facility: {cell, time}. */
typedef JX_VEC(jx_table_entry) jx__found;

/** From a joint to the ends of its edge (leaving), or from the ends to the joint (arriving); JX_UNREACHABLE: closed
 * that way. */
void jx__ports_of(const jx_network *net, const uint32_t *time, const jx_snap *s, bool leaving, jx_port out[2]);
/** The direct piece between two joints on one edge. */
uint32_t jx__direct_ms(const jx_network *net, const uint32_t *time, const jx_snap *from, const jx_snap *to);
/** Counting sort of (key, value, second value) into CSR; key JX_NONE is left out; val2, out2 may be NULL. Caller frees
 * all. */
jx_status jx__bucket(jx_ctx *ctx, const uint32_t *key, const uint32_t *val, const uint32_t *val2, size_t n,
                     uint32_t n_keys, uint32_t **off, uint32_t **out, uint32_t **out2);
/** Rows of the table from what was found, sorted by time, then facility. */
jx_status jx__table_rows(jx_ctx *ctx, const jx__found *found, jx_table *out);

#endif
