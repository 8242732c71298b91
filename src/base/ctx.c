/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * The job context: who hears messages, who is asked to stop. Errors are kept in a fixed buffer inside the context, so
 * that running out of memory can be reported without memory.
 */
#include "junxian/ctx.h"

#include "base_internal.h"

jx_ctx *jx_ctx_new(const jx_ctx_options *opt) {
    jx_ctx *ctx = jx__mem_alloc(opt->mem, sizeof *ctx);
    if (!ctx) {
        return NULL;
    }
    memset(ctx, 0, sizeof *ctx);
    ctx->opt = *opt;
    if (!ctx->opt.lang) {
        ctx->opt.lang = "en";
    }
    return ctx;
}

void jx_ctx_free(jx_ctx *ctx) {
    if (ctx) {
        jx__mem_release(ctx->opt.mem, ctx);
    }
}

jx_ctx *jx_ctx_quiet(jx_ctx *ctx) {
    jx_ctx *quiet = jx_ctx_new(&(jx_ctx_options){.mem = ctx->opt.mem, .lang = ctx->opt.lang, .cancel = ctx->opt.cancel});
    if (!quiet) {
        (void)JX_FAIL(ctx, NOMEM, JX_I((int64_t)sizeof *quiet));
    }
    return quiet;
}

jx_status jx_ctx_quiet_end(jx_ctx *ctx, jx_ctx *quiet, jx_status st) {
    if (st != JX_OK && quiet && quiet->error.set) {
        const jx_message *m = &quiet->error.msg;
        (void)jx_fail(ctx, m->id, m->file, m->row, m->offset, m->n_args, m->args);
    }
    jx_ctx_free(quiet);
    return st;
}

const char *jx_ctx_lang(const jx_ctx *ctx) {
    return ctx->opt.lang;
}
jx_mem *jx_ctx_mem(const jx_ctx *ctx) {
    return ctx->opt.mem;
}
unsigned jx_ctx_threads(const jx_ctx *ctx) {
    return ctx->opt.pool ? jx_pool_threads(ctx->opt.pool) : 1;
}

/* Copy text into the buffer, cut to fit but never inside a character. */
static const char *keep_text(jx__kept *k, size_t *used, const char *s, size_t most) {
    size_t n = strlen(s), room = JX__ERROR_TEXT - *used - 1;
    room = room < most ? room : most;
    if (n > room) {
        n = room;
        while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    char *to = k->text + *used;
    memcpy(to, s, n);
    to[n] = '\0';
    *used += n + 1;
    return to;
}

void jx__keep(jx__kept *k, const jx_message *m) {
    size_t used = 0;
    enum { SHARE = JX__ERROR_TEXT / (JX_MSG_MAX_ARGS + 1) - 1 };
    k->set = true;
    k->msg = *m;
    if (m->file) {
        k->msg.file = keep_text(k, &used, m->file, SHARE);
    }
    for (uint32_t i = 0; i < m->n_args; i++) {
        if (m->args[i].type == JX_ARG_STR) {
            k->msg.args[i].s = keep_text(k, &used, m->args[i].s ? m->args[i].s : "", SHARE);
        }
    }
}

static jx_message make(jx_level level, jx_msg_id id, const char *file, int64_t row, int64_t offset, uint32_t n,
                       const jx_arg *args) {
    jx_message m = {.id = id, .level = level, .file = file, .row = row, .offset = offset};
    m.n_args = n < JX_MSG_MAX_ARGS ? n : JX_MSG_MAX_ARGS;
    for (uint32_t i = 0; i < m.n_args; i++) {
        m.args[i] = args[i];
        if (m.args[i].type == JX_ARG_STR && !m.args[i].s) {
            m.args[i].s = "";
        }
    }
    return m;
}

jx_status jx_fail(jx_ctx *ctx, jx_msg_id id, const char *file, int64_t row, int64_t offset, uint32_t n,
                  const jx_arg *args) {
    jx_message m = make(JX_LEVEL_ERROR, id, file, row, offset, n, args);
    if (!ctx->error.set) {
        jx__keep(&ctx->error, &m);
    }
    if (ctx->opt.sink) {
        ctx->opt.sink(ctx->opt.sink_user, &m);
    }
    const jx_msg_info *info = jx_msg_find((int)id);
    return info && info->status != JX_OK ? info->status : JX_E_INTERNAL;
}

void jx_say(jx_ctx *ctx, jx_level level, jx_msg_id id, const char *file, int64_t row, uint32_t n, const jx_arg *args) {
    if (ctx->opt.sink) {
        jx_message m = make(level, id, file, row, -1, n, args);
        ctx->opt.sink(ctx->opt.sink_user, &m);
    }
}

const jx_message *jx_ctx_error(const jx_ctx *ctx) {
    return ctx->error.set ? &ctx->error.msg : NULL;
}
void jx_ctx_clear_error(jx_ctx *ctx) {
    ctx->error.set = false;
}

/* An atomic read, because the flag is set by a signal handler or another thread. */
bool jx__cancelled(const jx_ctx *ctx) {
    return ctx->opt.cancel && __atomic_load_n(ctx->opt.cancel, __ATOMIC_RELAXED) != 0;
}

void jx_ctx_wind_up(jx_ctx *ctx) { ctx->opt.cancel = NULL; }

jx_status jx_poll(jx_ctx *ctx) {
    return jx__cancelled(ctx) ? JX_FAIL0(ctx, CANCELLED) : JX_OK;
}

void jx_progress(jx_ctx *ctx, const char *phase, uint64_t done, uint64_t total) {
    if (ctx->opt.progress) {
        ctx->opt.progress(ctx->opt.progress_user, phase, done, total);
    }
}
