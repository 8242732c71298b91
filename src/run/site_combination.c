/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Options of a plan that exclude each other, told before anything is read. What only the tables say is checked with the problem. */
#include "run/site.h"

static bool rooms(const jx_args *a) { return jx_args_get(a, "capacity") || jx_args_get(a, "existing-capacity"); }

const char *jx__site_combination(const jx_args *a) {
    const char *model = jx_args_get(a, "model");
    bool cover = model && (strcmp(model, "mclp") == 0 || strcmp(model, "lscp") == 0), twice = jx_args_num(a, "covers", 1) > 1;
    if (twice && !cover) {
        return N_("a second cover is defined for the models mclp and lscp only");
    }
    if (jx_args_get(a, "refer-to") && model && strcmp(model, "p-median") != 0) {
        return N_("a service above (refer-to) is defined for the model p-median only");
    }
    if (jx_args_get(a, "refer-to") && rooms(a)) {
        return N_("a service above (refer-to) cannot be combined with capacities");
    }
    return NULL;
}

bool jx__site_needs_solver(const jx_args *a) {
    return jx_args_num(a, "covers", 1) > 1 && rooms(a) && !jx_args_get(a, "solver") && !jx_args_get(a, "write-lp");
}
