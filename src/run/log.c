/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Keeps copies of a job's messages, for the report's list of warnings and for --json. */
#include "run/run_internal.h"

struct jx_log {
    jx_ctx *ctx; /* for memory only: a sink must not utter messages itself */
    JX_VEC(jx_message) messages;
    jx_sink_fn also;
    void *also_user;
};

jx_log *jx_log_new(jx_mem *mem) {
    jx_ctx *ctx = jx_ctx_new(&(jx_ctx_options){.mem = mem});
    jx_log *log = ctx ? jx_calloc(ctx, 1, sizeof *log) : NULL;
    if (!log) {
        jx_ctx_free(ctx);
        return NULL;
    }
    log->ctx = ctx;
    return log;
}

void jx_log_free(jx_log *log) {
    if (!log) {
        return;
    }
    jx_ctx *ctx = log->ctx;
    for (size_t i = 0; i < log->messages.n; i++) {
        jx_message *m = &log->messages.v[i];
        jx_free(ctx, (void *)(uintptr_t)m->file);
        for (uint32_t k = 0; k < m->n_args; k++) {
            jx_free(ctx, (void *)(uintptr_t)m->args[k].s);
        }
    }
    jx_vec_free(ctx, &log->messages);
    jx_free(ctx, log);
    jx_ctx_free(ctx);
}

void jx_log_also(jx_log *log, jx_sink_fn also, void *user) {
    log->also = also;
    log->also_user = user;
}

/* Strings are borrowed from the utterer, so each is copied. Out of memory: the message still reaches `also`. */
static bool copy_strings(jx_ctx *ctx, jx_message *m) {
    bool ok = true;
    if (m->file) {
        m->file = jx_strdup(ctx, m->file);
        ok = m->file != NULL;
    }
    for (uint32_t i = 0; i < m->n_args; i++) {
        const char *s = m->args[i].s;
        m->args[i].s = s ? jx_strdup(ctx, s) : NULL;
        ok = ok && (!s || m->args[i].s);
    }
    return ok;
}

void jx_log_sink(void *user, const jx_message *msg) {
    jx_log *log = user;
    if (jx_vec_reserve(log->ctx, &log->messages, 1) == JX_OK) {
        jx_message m = *msg;
        if (copy_strings(log->ctx, &m)) {
            log->messages.v[log->messages.n++] = m;
        }
    }
    if (log->also) {
        log->also(log->also_user, msg);
    }
}

const jx_message *jx_log_all(const jx_log *log, uint32_t *n) {
    *n = log ? (uint32_t)log->messages.n : 0;
    return log ? log->messages.v : NULL;
}

jx_status jx_catalog_builtin(jx_ctx *ctx, const char *lang, jx_catalog **out) {
    *out = NULL;
    if (strcmp(lang, "zh_CN") != 0) {
        return JX_OK;
    }
    const jx__embedded *mo = jx__embedded_find("zh_CN.mo");
    return jx_catalog_open(ctx, mo->p, (size_t)(mo->end - mo->p), out);
}
