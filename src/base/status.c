/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Status codes as exit codes, HTTP codes and names: three readings of one table. */
#include "junxian/status.h"

#include <stddef.h>

typedef struct status_row {
    jx_status st;
    int exit_code, http;
    const char *name;
} status_row;

static const status_row rows[] = {
#define ROW(n, value, exit_code, http) {JX_##n, exit_code, http, #n},
    JX_STATUS_MAP(ROW)
#undef ROW
};

static const status_row *find(jx_status st) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].st == st) {
            return &rows[i];
        }
    }
    return NULL;
}

int jx_status_exit_code(jx_status st) {
    const status_row *r = find(st);
    return r ? r->exit_code : 70;
}

int jx_status_http(jx_status st) {
    const status_row *r = find(st);
    return r ? r->http : 500;
}

const char *jx_status_name(jx_status st) {
    const status_row *r = find(st);
    return r ? r->name : "E_UNKNOWN";
}
