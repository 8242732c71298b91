/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * What customising one metric (customise.c) and four at once (customise_many.c) share: the walk over groups of the
 * tree. They differ in the cell of the matrix, one pair of times or four side by side, and in the function that
 * eliminates a range.
 */
#ifndef JX_NETWORK_CUSTOMISE_INTERNAL_H
#define JX_NETWORK_CUSTOMISE_INTERNAL_H

#include "network/hierarchy_internal.h"

enum {
    JX__BLOCK = 8,  /* pairs in a vector of 64 bytes */
    JX__AHEAD = 32, /* edges fetched ahead: a metric is in the order of the map */
    JX__ABREAST = 4 /* metrics customised at once */
};

/* One thread's matrix and the row being eliminated. */
typedef struct jx__front {
    jx_pair *m;         /* height rows of `stride` cells; JX_UNREACHABLE outside open rows */
    jx_pair *wide;      /* a row: in blocks, or four metrics side by side */
    uint64_t *swapped;  /* the row's pairs turned round: what a way from an upper neighbour starts with */
    uint32_t *row_at;   /* of each upper neighbour: where its matrix row begins */
    uint32_t *block_at; /* of each block: its column */
    uint32_t *stop;     /* of each block: upper neighbours in it or before it */
    uint32_t stride;
    jx_pair *memory; /* the block m lies in */
} jx__front;

typedef struct jx__group {
    uint32_t root, parent, first_child, next; /* groups; JX_NONE */
    uint32_t level;
    jx_pair *offers; /* of this group to the clique above it */
} jx__group;

typedef struct jx__customiser {
    const jx_hierarchy *h;
    uint32_t width; /* metrics, pairs in a cell: 1 or JX__ABREAST */
    const uint32_t *time[JX__ABREAST];
    jx_pair *weight[JX__ABREAST];
    /* Eliminates the vertices begin .. end - 1, which lie in one group. */
    void (*range)(const struct jx__customiser *c, const jx__front *f, uint32_t begin, uint32_t end);
    /* The rest belongs to jx__customise. */
    jx__front *front; /* one a worker */
    jx__group *group;
    uint32_t n_groups, *by_level, *level_at, n_levels, level;
} jx__customiser;

/** customise.c: fills the weights; h, width, time, weight and range are set. */
jx_status jx__customise(jx_ctx *ctx, jx__customiser *c);

#endif
