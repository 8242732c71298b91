/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Verbs: everything a user can do, declared once. From the table come CLI options and --help, the JSON schema, the manual page,
 * the completion, and later the HTTP routes and web forms.
 */
#ifndef JUNXIAN_RUN_H
#define JUNXIAN_RUN_H

#include "junxian/base.h"

typedef enum jx_param_type { JX_P_FLAG, JX_P_TEXT, JX_P_FILE, JX_P_NUMBER, JX_P_INT, JX_P_CHOICE } jx_param_type;
typedef struct jx_param {
    const char *key;      /* "cell-size": --cell-size on the command line, cell_size in JSON */
    jx_param_type type;
    const char *unit;     /* "m"; NULL none */
    double lo, hi;        /* numbers */
    const char *choices;  /* "square|hex" */
    const char *def;      /* as text; NULL none */
    const char *help;     /* msgid */
    char letter;          /* short option, 0 none */
} jx_param;

typedef struct jx_log jx_log;

typedef struct jx_arg_value {
    const char *key, *value; /* flags: "1" */
} jx_arg_value;
typedef struct jx_args {
    const char **input;      /* positional */
    uint32_t n_input;
    jx_arg_value *opt;
    uint32_t n_opt;
    const char *prog_command; /* the whole command line as text */
} jx_args;
const char *jx_args_get(const jx_args *a, const char *key);
bool jx_args_flag(const jx_args *a, const char *key);
double jx_args_num(const jx_args *a, const char *key, double def);

/** Where a verb's result goes: text for people, JSON for machines; the CLI prints, HTTP will send. */
typedef struct jx_result {
    jx_buf text, json;
    bool want_json;
    const jx_catalog *cat;   /* of the reader's language; NULL English */
    const jx_catalog *zh;    /* for outputs in both languages */
    const char *lang;
    const jx_log *log;   /* messages so far, collected by the edge; NULL none */
    unsigned columns;        /* of the terminal */
} jx_result;

typedef struct jx_verb {
    const char *name, *family; /* "run", "diagnose" */
    const char *help;          /* msgid, one line */
    const char *inputs;        /* "INPUT" , "[FOLDER]" , ... for the usage line */
    uint32_t min_inputs, max_inputs;
    const jx_param *params;
    uint32_t n_params;
    const char *outputs;       /* msgid: what is written */
    const char *const *examples; /* NULL-terminated command lines */
    jx_status (*run)(jx_ctx *ctx, const jx_args *args, jx_result *res);
} jx_verb;

const jx_verb *jx_verbs(uint32_t *n);
const jx_verb *jx_verb_find(const char *name);
/** The verb of two words, "net" and "route"; second may be NULL: then as jx_verb_find. */
const jx_verb *jx_verb_find2(const char *first, const char *second);
/** Parameters every verb has: json, dry-run, threads, lang, quiet, memory, help. */
const jx_param *jx_common_params(uint32_t *n);
/** Check values against the declaration (type, range, choice, unknown key). */
jx_status jx_args_check(jx_ctx *ctx, const jx_verb *v, const jx_args *a) JX_MUST_USE;

/* ---- what the edges (command line, later HTTP) need beside the verbs -------------------------------------------- */

/** Messages of a job, copied: a sink for jx_ctx_options. `also` is called with each message after it is kept. */
jx_log *jx_log_new(jx_mem *mem);
void jx_log_free(jx_log *log);
void jx_log_sink(void *log, const jx_message *msg);
void jx_log_also(jx_log *log, jx_sink_fn also, void *user);
const jx_message *jx_log_all(const jx_log *log, uint32_t *n);

/** The catalogue of a language ("zh_CN"), from the translations inside the binary; *out NULL for English. */
jx_status jx_catalog_builtin(jx_ctx *ctx, const char *lang, jx_catalog **out) JX_MUST_USE;

#endif
