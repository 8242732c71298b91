/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The rows of a sweep, and the kernel that passes them. */
#ifndef JX_NETWORK_SWEEP_INTERNAL_H
#define JX_NETWORK_SWEEP_INTERNAL_H

#include "junxian/sweep.h"
#include "network/hierarchy_internal.h"
#include "network/lanes.h"

/** In the narrow kernels: nothing there, or too far to matter. Sums with times below it never wrap. */
#define JX__FAR 0x80000000u

enum {
    JX__GROUP = 4 /* arcs taken at once: most rows have no more, and a loop of one round is foreseen by the processor */
};

/** A subtree that may be passed over. */
typedef struct jx__gate {
    uint32_t vertex, row, end, next; /* its rows [row, end); the next gate outside it */
} jx__gate;

struct jx_sweep {
    const jx_hierarchy *h;
    bool no_huge; /* all arcs' times are below JX__FAR */
    bool narrow;  /* all finite times are below half of it: those between nodes, not every sum on the way to them */
    uint32_t n_rows, n_arcs, n_places, n_climb, n_gates;
    uint32_t *first;  /* n_rows + 1: places, whole groups */
    uint16_t *own;    /* slot of a row's vertex */
    uint32_t *vertex; /* falling */
    uint16_t *slot;   /* n_places: where on the path an arc comes from */
    uint32_t *ms;     /* n_places */
    uint32_t *climb;  /* n_nodes + 1, by vertex: arcs upwards */
    uint32_t *climb_head;
    uint32_t *climb_ms;
    jx__gate *gate;
    struct jx__one *one; /* for single origins; made when first asked for */
};

/** bound.c: the longest finite time of an arc. */
uint32_t jx__longest_arc(const jx_times *t);
/** bound.c: is whatever a sweep can add up below `limit`? O(arcs), in a row. */
bool jx__sums_below(const jx_times *t, uint32_t limit);
/**
 * bound.c: is every finite shortest time between two nodes below `limit`? May answer no where it is so, never yes where it is not. A few
 * passes over the arcs, and four words a node; for when jx__sums_below says no.
 */
jx_status jx__all_below(jx_ctx *ctx, const jx_times *t, uint32_t limit, bool *yes) JX_MUST_USE;
/** sweep.c: the latest time of any port. */
uint32_t jx__longest_port(const jx_origins *o);
/** sweep_one.c: dense blocks of the tree. */
void jx__one_free(jx_ctx *ctx, struct jx__one *one);

/** What the kernel works on: sixteen origins. */
typedef struct jx__rows_job {
    const jx_sweep *s;
    uint32_t (*path)[JX_LANES];    /* by slot */
    uint32_t (*out)[JX_LANES];     /* by row */
    uint32_t (*climbed)[JX_LANES]; /* by index in `touched` */
    const uint32_t *touched;       /* vertices, rising */
    uint32_t left;                 /* of them not yet passed */
    const uint32_t *place;         /* for the climb: vertex -> index */
    uint32_t cutoff;
} jx__rows_job;

enum { JX__ASK_GATE = -1, JX__ASK_CLIMB = -2 };
/**
 * n >= 0: passes rows [row, row + n). JX__ASK_GATE: is the subtree of vertex `row` beyond the cut-off? JX__ASK_CLIMB:
 * carries the origins' times up along `touched`. One function, so that one choice at run time picks the instruction set
 * for all three.
 */
typedef bool (*jx__rows_fn)(jx__rows_job *job, uint32_t row, int64_t n);
/** narrow: finite times are below JX__FAR, or not wanted; a sum that is not below it is as good as none, as it is never the shortest. */
jx__rows_fn jx__sweep_kernel(bool narrow);

#endif
