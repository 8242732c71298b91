/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The command line: words -> verb and arguments; help, manual page and completion from the verb table; printing. */
#ifndef JX_CLI_H
#define JX_CLI_H

#include "junxian/run.h"

/** A parsed command line; texts point into argv. */
typedef struct jx__cmd {
    const char *verb_name; /* NULL: none */
    const jx_verb *verb;   /* NULL: built into the command line (help, version, man, completion) or unknown */
    jx_args args;
    char *command;         /* the line as text */
} jx__cmd;

jx_status jx__cmd_parse(jx_ctx *ctx, int argc, char **argv, jx__cmd *out);
void jx__cmd_release(jx_ctx *ctx, jx__cmd *c);

/** The name of the known verb that is most like the given word. */
const char *jx__nearest_verb(const char *word);

void jx__help_all(jx_buf *b, const jx_catalog *cat);
void jx__help_verb(jx_buf *b, const jx_catalog *cat, const jx_verb *v);
/** Manual page junxian(1) in roff. */
void jx__man_page(jx_buf *b, const jx_catalog *cat);
void jx__bash_completion(jx_buf *b);
/** The verb table as JSON: what a program needs to call any verb. */
void jx__verbs_json(jx_buf *b);

#endif
