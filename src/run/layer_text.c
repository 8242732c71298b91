/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Words beside the numbers of a layer. */
#include "run/district.h"

jx_status jx__layer_text(jx_ctx *ctx, jx_layers *l, const char *layer, const char *name, const char *title, const char *const *text) {
    for (uint32_t k = 0; k < l->n; k++) {
        jx_layer *at = &l->layer[k];
        if (strcmp(at->name, layer) != 0) {
            continue;
        }
        jx_column *col = jx_arena_alloc(ctx, l->arena, at->n_cols + 1, sizeof *col);
        const char **own = jx_arena_alloc(ctx, l->arena, (size_t)at->n + 1, sizeof *own);
        if (!col || !own) {
            return JX_E_NOMEM;
        }
        for (uint32_t i = 0; i < at->n; i++) {
            own[i] = text[i];
        }
        memcpy(col, at->col, at->n_cols * sizeof *col);
        col[at->n_cols] = (jx_column){.name = name, .title = title, .unit = "", .type = JX_COL_TEXT, .text = own};
        at->col = col;
        at->n_cols++;
    }
    return JX_OK;
}
