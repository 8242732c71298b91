/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Words of the command line -> verb, inputs, options. What an option takes is asked of the verb table. */
#include "cli/cli.h"

static const jx_param *find_by(const jx_verb *v, const char *key, size_t n, char letter) {
    uint32_t n_common;
    const jx_param *common = jx_common_params(&n_common);
    for (int list = 0; list < 2; list++) {
        const jx_param *p = list ? common : v ? v->params : NULL;
        uint32_t count = list ? n_common : v ? v->n_params : 0;
        for (uint32_t i = 0; i < count; i++) {
            if (key ? strlen(p[i].key) == n && memcmp(p[i].key, key, n) == 0 : p[i].letter == letter) {
                return &p[i];
            }
        }
    }
    return NULL;
}

/* The whole line as one would type it again: words with blanks in quotes. */
static char *join_line(jx_ctx *ctx, int argc, char **argv) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_buf_str(&b, "junxian");
    for (int i = 1; i < argc; i++) {
        bool quote = strpbrk(argv[i], " \t'\"$&;") != NULL || !argv[i][0];
        jx_buf_str(&b, quote ? " \"" : " ");
        jx_buf_str(&b, argv[i]);
        jx_buf_str(&b, quote ? "\"" : "");
    }
    if (jx_buf_ok(&b) != JX_OK) {
        jx_buf_release(&b);
        return NULL;
    }
    char *line = jx_strdup(ctx, b.s);
    jx_buf_release(&b);
    return line;
}

/* One option word at argv[*i]; moves *i past its value. */
static jx_status parse_option(jx_ctx *ctx, int argc, char **argv, int *i, jx__cmd *c) {
    const char *word = argv[*i];
    bool is_long = word[1] == '-';
    const char *key = is_long ? word + 2 : NULL, *eq = is_long ? strchr(word, '=') : NULL;
    size_t n = key ? (eq ? (size_t)(eq - key) : strlen(key)) : 0;
    const jx_param *p = find_by(c->verb, key, n, is_long ? 0 : word[1]);
    if (!p || (!is_long && p->type == JX_P_FLAG && word[2])) {
        return JX_FAIL(ctx, ARG_UNKNOWN, JX_S(word[1] == '-' ? key : word + 1), JX_S(c->verb_name ? c->verb_name : "junxian"));
    }
    const char *value = "1";
    if (p->type != JX_P_FLAG) {
        if (eq) {
            value = eq + 1;
        } else if (!is_long && word[2]) {
            value = word + 2;
        } else if (*i + 1 < argc && (argv[*i + 1][0] != '-' || !argv[*i + 1][1] || (argv[*i + 1][1] >= '0' && argv[*i + 1][1] <= '9'))) {
            value = argv[++*i];
        } else {
            return JX_FAIL(ctx, ARG_VALUE_MISSING, JX_S(p->key));
        }
    } else if (eq) {
        return JX_FAIL(ctx, ARG_UNKNOWN, JX_S(key), JX_S(c->verb_name ? c->verb_name : "junxian"));
    }
    c->args.opt[c->args.n_opt++] = (jx_arg_value){p->key, value};
    return JX_OK;
}

jx_status jx__cmd_parse(jx_ctx *ctx, int argc, char **argv, jx__cmd *out) {
    *out = (jx__cmd){0};
    size_t cap = (size_t)(argc > 0 ? argc : 0) + 1;
    out->args.input = jx_calloc(ctx, cap, sizeof *out->args.input);
    out->args.opt = jx_calloc(ctx, cap, sizeof *out->args.opt);
    out->command = join_line(ctx, argc, argv);
    if (!out->args.input || !out->args.opt || !out->command) {
        return JX_E_NOMEM;
    }
    out->args.prog_command = out->command;
    /* The verb first: what an option takes depends on it. It is the first word that is no option and no option's value. */
    bool only_inputs = false;
    for (int i = 1; i < argc; i++) {
        if (!only_inputs && strcmp(argv[i], "--") == 0) {
            only_inputs = true;
        } else if (!only_inputs && argv[i][0] == '-' && argv[i][1]) {
            JX_TRY(parse_option(ctx, argc, argv, &i, out));
        } else if (!out->verb_name) {
            out->verb_name = argv[i];
            out->verb = jx_verb_find(argv[i]);
        } else if (!out->verb && jx_verb_find2(out->verb_name, argv[i])) { /* "net route" */
            out->verb = jx_verb_find2(out->verb_name, argv[i]);
            out->verb_name = out->verb->name;
        } else {
            out->args.input[out->args.n_input++] = argv[i];
        }
    }
    return JX_OK;
}

void jx__cmd_release(jx_ctx *ctx, jx__cmd *c) {
    jx_free(ctx, c->args.input);
    jx_free(ctx, c->args.opt);
    jx_free(ctx, c->command);
    *c = (jx__cmd){0};
}

/* Edit distance with two rows; words longer than 31 letters are no verb. */
static unsigned distance(const char *a, const char *b) {
    unsigned row[33];
    size_t na = strlen(a), nb = strlen(b);
    if (na > 31 || nb > 31) {
        return 99;
    }
    for (unsigned j = 0; j <= nb; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        unsigned diag = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= nb; j++) {
            unsigned up = row[j], best = diag + (a[i - 1] != b[j - 1]);
            best = up + 1 < best ? up + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diag = up;
            row[j] = best;
        }
    }
    return row[nb];
}

const char *jx__nearest_verb(const char *word) {
    uint32_t n;
    const jx_verb *v = jx_verbs(&n);
    const char *best = v[0].name;
    unsigned best_d = 100;
    for (uint32_t i = 0; i < n; i++) {
        unsigned d = distance(word, v[i].name);
        if (d < best_d) {
            best_d = d;
            best = v[i].name;
        }
    }
    return best;
}
