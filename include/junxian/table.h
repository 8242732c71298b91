/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The rows of a travel-time table, apart from the network: what every measure reads and nothing else. */
#ifndef JUNXIAN_TABLE_H
#define JUNXIAN_TABLE_H

#include "junxian/base.h"

typedef struct jx_table_entry {
    uint32_t facility; /* index into the facilities the table was made for */
    uint32_t time_ms;  /* off-road at both ends included */
} jx_table_entry;

#endif
