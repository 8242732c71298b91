/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Messages: every error, warning and note the engine can utter, as data.
 *
 * A message has a stable number ("JX2001"), an English template with {0}..{5} for its arguments, a remedy and a longer
 * explanation (`junxian explain JX2001`). The engine never formats prose: it hands number and arguments to the
 * context's sink, and the edge (terminal, report, HTTP) renders them in the reader's language with jx_msg_render().
 * The tables are src/base/messages/<room>.def, one line JX_MSG(number, NAME, STATUS, template, remedy, explanation),
 * texts wrapped in N_() for xgettext. Numbers are never reused.
 */
#ifndef JUNXIAN_MESSAGE_H
#define JUNXIAN_MESSAGE_H

#include <stdint.h>

#include "junxian/status.h"

/** Marks a string for translation where the call itself must not translate. */
#define N_(s) s

enum { JX_MSG_MAX_ARGS = 6 };

typedef enum jx_arg_type { JX_ARG_NONE = 0, JX_ARG_STR, JX_ARG_INT, JX_ARG_REAL } jx_arg_type;

/** One argument. Strings are borrowed for the duration of the call; the sink copies what it keeps. */
typedef struct jx_arg {
    jx_arg_type type;
    int decimals; /* of a real; 1 on a string: the text is itself a msgid, translated by jx_msg_render */
    const char *s;
    int64_t i;
    double r;
} jx_arg;

#define JX_S(str) ((jx_arg){.type = JX_ARG_STR, .s = (str)})
#define JX_T(msgid) ((jx_arg){.type = JX_ARG_STR, .decimals = 1, .s = (msgid)})
#define JX_I(num) ((jx_arg){.type = JX_ARG_INT, .i = (int64_t)(num)})
#define JX_R(num, dec) ((jx_arg){.type = JX_ARG_REAL, .r = (num), .decimals = (dec)})

typedef enum jx_level { JX_LEVEL_NOTE, JX_LEVEL_WARNING, JX_LEVEL_ERROR } jx_level;

/** Numbers of all messages: JX_M_<NAME>. */
typedef enum jx_msg_id {
    JX_M_NONE = 0,
#define JX_MSG(number, name, status, text, remedy, explanation) JX_M_##name = (number),
#include "../../src/base/messages/all.def"
#undef JX_MSG
} jx_msg_id;

/** An uttered message. `file` may be NULL; `row` is 1-based, 0 where there is none; `offset` a byte offset or -1. */
typedef struct jx_message {
    jx_msg_id id;
    jx_level level;
    const char *file;
    int64_t row;
    int64_t offset;
    uint32_t n_args;
    jx_arg args[JX_MSG_MAX_ARGS];
} jx_message;

/** What the tables say of one message; texts are English msgids. */
typedef struct jx_msg_info {
    jx_msg_id id;
    const char *name; /* "PBF_TRUNCATED" */
    jx_status status; /* what a function returns that fails with it */
    const char *text, *remedy, *explanation;
} jx_msg_info;

/** Row of the message table, or NULL where the number is unknown. O(log n). */
const jx_msg_info *jx_msg_find(int number);
/** All rows in order of number. */
const jx_msg_info *jx_msg_all(uint32_t *n);

#endif
