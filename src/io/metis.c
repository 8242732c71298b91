/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The one door to METIS: a nested-dissection order of a simple symmetric graph. Built without it, the network's own is
 * used. */
#include "io/io_internal.h"

#ifdef JX_METIS
#include <metis.h>

jx_status jx_metis_dissect(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head,
                           const jx_pt *pos, uint32_t *order) {
    (void)user;
    (void)pos;
    uint64_t m = off[n];
    if (n > INT32_MAX || m > INT32_MAX) {
        return jx_dissect_flow(ctx, user, n, off, head, pos, order);
    }
    /* METIS takes int32 arrays it does not write to; signed and unsigned of one width may alias */
    idx_t nodes = (idx_t)n, options[METIS_NOPTIONS], *place = jx_malloc(ctx, n, sizeof *place);
    idx_t *xadj = jx_malloc(ctx, (size_t)n + 1, sizeof *xadj), *adj = jx_malloc(ctx, m, sizeof *adj);
    int got = METIS_ERROR_MEMORY;
    if (place && xadj && adj) {
        memcpy(xadj, off, ((size_t)n + 1) * sizeof *xadj);
        memcpy(adj, head, m * sizeof *adj);
        METIS_SetDefaultOptions(options);
        options[METIS_OPTION_SEED] = 1;     /* same input, same bytes */
        options[METIS_OPTION_COMPRESS] = 0; /* roads have no indistinguishable nodes */
        options[METIS_OPTION_UFACTOR] =
            300; /* halves may differ by 30 %: smaller separators, fewer arcs, about the same height */
        got = METIS_NodeND(&nodes, xadj, adj, NULL, options, (idx_t *)order, place);
    }
    jx_free(ctx, place);
    jx_free(ctx, xadj);
    jx_free(ctx, adj);
    return got == METIS_OK             ? JX_OK
           : got == METIS_ERROR_MEMORY ? JX_E_NOMEM
                                       : jx_dissect_flow(ctx, user, n, off, head, pos, order);
}

#else

jx_status jx_metis_dissect(jx_ctx *ctx, void *user, uint32_t n, const uint32_t *off, const uint32_t *head,
                           const jx_pt *pos, uint32_t *order) {
    return jx_dissect_flow(ctx, user, n, off, head, pos, order);
}

#endif
