/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Status codes: what every fallible call returns, and what each means to a shell or an HTTP client.
 * Values are append-only. The explaining text is a message (junxian/message.h) in the context.
 */
#ifndef JUNXIAN_STATUS_H
#define JUNXIAN_STATUS_H

/* name, value, CLI exit code, HTTP status */
#define JX_STATUS_MAP(X)       \
    X(OK, 0, 0, 200)           \
    X(E_CHECK, 1, 1, 200)      \
    X(E_USAGE, 2, 2, 400)      \
    X(E_INPUT, 3, 3, 422)      \
    X(E_FILE, 4, 4, 404)       \
    X(E_INFEASIBLE, 5, 5, 422) \
    X(E_NOMEM, 6, 6, 503)      \
    X(E_LIMIT, 7, 6, 503)      \
    X(E_INTERNAL, 8, 70, 500)  \
    X(E_CANCELLED, 9, 130, 499)

typedef enum jx_status {
#define JX_STATUS_ENUM(name, value, exit_code, http) JX_##name = (value),
    JX_STATUS_MAP(JX_STATUS_ENUM)
#undef JX_STATUS_ENUM
} jx_status;

#if defined(__GNUC__)
#define JX_MUST_USE __attribute__((warn_unused_result))
#else
#define JX_MUST_USE
#endif

/** Exit code of the command line for a status (design, section 7). */
int jx_status_exit_code(jx_status st);
/** HTTP status for a status. */
int jx_status_http(jx_status st);
/** Stable name, e.g. "E_INPUT"; never translated. */
const char *jx_status_name(jx_status st);

/** Return early on failure. For functions whose memory is owned by an arena or by nobody. */
#define JX_TRY(expr)                           \
    do {                                       \
        jx_status jx_try_st_ = (expr);         \
        if (jx_try_st_ != JX_OK) {             \
            return jx_try_st_;                 \
        }                                      \
    } while (0)

/** Set `st` and go to the one `out:` label on failure. For functions that must release something. */
#define JX_TRY_OUT(st, expr)       \
    do {                           \
        (st) = (expr);             \
        if ((st) != JX_OK) {       \
            goto out;              \
        }                          \
    } while (0)

#endif
