/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Help, manual page, bash completion and JSON description: four views of the verb table. */
#include "cli/cli.h"

static void pad(jx_buf *b, size_t used, size_t to) {
    do {
        jx_buf_char(b, ' ');
    } while (++used < to);
}

void jx__help_all(jx_buf *b, const jx_catalog *cat) {
    uint32_t n;
    const jx_verb *v = jx_verbs(&n);
    jx_buf_fmt(b, "%s\n\n%s: junxian VERB INPUT... [--%s]\n\n", jx_tr(cat, N_("junxian: one OpenStreetMap extract in, a diagnosed county out")),
               jx_tr(cat, N_("usage")), jx_tr(cat, N_("options")));
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_fmt(b, "  %s", v[i].name);
        pad(b, strlen(v[i].name) + 2, 16);
        jx_buf_fmt(b, "%s\n", jx_tr(cat, v[i].help));
    }
    jx_buf_fmt(b, "\n%s\n", jx_tr(cat, N_("Try it now, without any file:  junxian run demo -o out-demo\nMore: junxian help VERB, junxian explain NAME, junxian --version")));
}

static void param_line(jx_buf *b, const jx_catalog *cat, const jx_param *p) {
    size_t start = b->n;
    if (p->letter) {
        jx_buf_fmt(b, "  -%c, --%s", p->letter, p->key);
    } else {
        jx_buf_fmt(b, "      --%s", p->key);
    }
    if (p->type == JX_P_CHOICE) {
        jx_buf_fmt(b, " %s", p->choices);
    } else if (p->type != JX_P_FLAG) {
        jx_buf_str(b, p->type == JX_P_FILE ? " FILE" : p->type == JX_P_TEXT ? " TEXT" : " N");
    }
    if (b->n - start >= 30) {
        jx_buf_char(b, '\n');
        pad(b, 0, 30);
    } else {
        pad(b, b->n - start, 30);
    }
    jx_buf_str(b, jx_tr(cat, p->help));
    if (p->unit) {
        jx_buf_fmt(b, " [%s]", p->unit);
    }
    if (p->def) {
        jx_buf_fmt(b, " (%s)", p->def);
    }
    jx_buf_char(b, '\n');
}

void jx__help_verb(jx_buf *b, const jx_catalog *cat, const jx_verb *v) {
    uint32_t n;
    const jx_param *common = jx_common_params(&n);
    jx_buf_fmt(b, "junxian %s %s\n\n  %s\n  %s: %s\n\n%s:\n", v->name, v->inputs, jx_tr(cat, v->help), jx_tr(cat, N_("writes")), jx_tr(cat, v->outputs),
               jx_tr(cat, N_("options")));
    for (uint32_t i = 0; i < v->n_params; i++) {
        param_line(b, cat, &v->params[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        param_line(b, cat, &common[i]);
    }
    jx_buf_fmt(b, "\n%s:\n", jx_tr(cat, N_("examples")));
    for (const char *const *e = v->examples; *e; e++) {
        jx_buf_fmt(b, "  %s\n", *e);
    }
}

/* roff: a leading dot or quote starts a request, a backslash an escape, a hyphen a typographic one. */
static void roff(jx_buf *b, const char *s) {
    for (bool line_start = true; *s; s++) {
        if (line_start && (*s == '.' || *s == '\'')) {
            jx_buf_str(b, "\\&");
        }
        if (*s == '\\' || *s == '-') {
            jx_buf_char(b, '\\');
        }
        jx_buf_char(b, *s);
        line_start = *s == '\n';
    }
}

static void roff_param(jx_buf *b, const jx_catalog *cat, const jx_param *p) {
    jx_buf_str(b, ".TP\n\\fB");
    if (p->letter) {
        jx_buf_fmt(b, "\\-%c\\fR, \\fB", p->letter);
    }
    roff(b, "--");
    roff(b, p->key);
    jx_buf_str(b, "\\fR");
    if (p->type != JX_P_FLAG) {
        jx_buf_str(b, " \\fI");
        roff(b, p->type == JX_P_CHOICE ? p->choices : p->type == JX_P_FILE ? "FILE" : p->type == JX_P_TEXT ? "TEXT" : "N");
        jx_buf_str(b, "\\fR");
    }
    jx_buf_char(b, '\n');
    roff(b, jx_tr(cat, p->help));
    jx_buf_char(b, '\n');
}

void jx__man_page(jx_buf *b, const jx_catalog *cat) {
    uint32_t n, n_common;
    const jx_verb *v = jx_verbs(&n);
    const jx_param *common = jx_common_params(&n_common);
    jx_buf_str(b, ".TH JUNXIAN 1 \"\" \"junxian " JX_VERSION "\"\n.SH NAME\njunxian \\- ");
    roff(b, jx_tr(cat, N_("diagnose the public services of a county from one OpenStreetMap extract")));
    jx_buf_str(b, "\n.SH SYNOPSIS\n.B junxian\n.I VERB INPUT...\n[\\fIoptions\\fR]\n");
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_str(b, ".SH \"");
        roff(b, v[i].name);
        jx_buf_char(b, ' ');
        roff(b, v[i].inputs);
        jx_buf_str(b, "\"\n");
        roff(b, jx_tr(cat, v[i].help));
        jx_buf_str(b, ".\n.br\n");
        roff(b, jx_tr(cat, v[i].outputs));
        jx_buf_str(b, ".\n");
        for (uint32_t k = 0; k < v[i].n_params; k++) {
            roff_param(b, cat, &v[i].params[k]);
        }
        jx_buf_str(b, ".PP\n.nf\n");
        for (const char *const *e = v[i].examples; *e; e++) {
            roff(b, *e);
            jx_buf_char(b, '\n');
        }
        jx_buf_str(b, ".fi\n");
    }
    jx_buf_str(b, ".SH OPTIONS\n");
    for (uint32_t k = 0; k < n_common; k++) {
        roff_param(b, cat, &common[k]);
    }
    jx_buf_str(b, ".SH \"EXIT STATUS\"\n");
    roff(b, jx_tr(cat, N_("0 done; 1 done, and a check said no; 2 usage; 3 bad input; 4 file or permission; 5 no feasible solution; 6 memory or time limit;\n"
                          "70 internal error; 130 stopped by the user.")));
    jx_buf_str(b, "\n.SH ENVIRONMENT\n.TP\n.B SOURCE_DATE_EPOCH\n");
    roff(b, jx_tr(cat, N_("seconds since 1970 that outputs are stamped with, in place of the date of the data")));
    jx_buf_str(b, "\n.TP\n.B JUNXIAN_PLUGINS\n");
    roff(b, jx_tr(cat, N_("folder to look for plugins in")));
    jx_buf_str(b, "\n");
}

static void words_of(jx_buf *b, const jx_param *p, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_fmt(b, " --%s", p[i].key);
    }
}

void jx__bash_completion(jx_buf *b) {
    uint32_t n, n_common;
    const jx_verb *v = jx_verbs(&n);
    const jx_param *common = jx_common_params(&n_common);
    jx_buf_str(b, "# bash completion for junxian; made by `junxian completion bash`\n_junxian() {\n    local cur prev verb opts\n"
                  "    cur=${COMP_WORDS[COMP_CWORD]}\n    prev=${COMP_WORDS[COMP_CWORD-1]}\n    verb=${COMP_WORDS[1]}\n"
                  "    if [ \"$COMP_CWORD\" = 1 ]; then\n        COMPREPLY=($(compgen -W \"help version man completion");
    for (uint32_t i = 0; i < n; i++) { /* of "net route" the first word, once */
        size_t len = strcspn(v[i].name, " ");
        if (i == 0 || strncmp(v[i].name, v[i - 1].name, len + (v[i].name[len] ? 1 : 0)) != 0) {
            jx_buf_char(b, ' ');
            jx_buf_add(b, v[i].name, len);
        }
    }
    jx_buf_str(b, "\" -- \"$cur\"))\n        return\n    fi\n    if [ \"$verb\" = net ]; then\n        if [ \"$COMP_CWORD\" = 2 ]; then\n"
                  "            COMPREPLY=($(compgen -W \"");
    for (uint32_t i = 0; i < n; i++) {
        if (strncmp(v[i].name, "net ", 4) == 0) {
            jx_buf_fmt(b, " %s", v[i].name + 4);
        }
    }
    jx_buf_str(b, "\" -- \"$cur\"))\n            return\n        fi\n        verb=\"net ${COMP_WORDS[2]}\"\n    fi\n    case \"$verb:$prev\" in\n");
    for (uint32_t i = 0; i < n + 1; i++) {
        const jx_param *p = i < n ? v[i].params : common;
        uint32_t count = i < n ? v[i].n_params : n_common;
        for (uint32_t k = 0; k < count; k++) {
            if (p[k].type == JX_P_CHOICE) {
                jx_buf_fmt(b, i < n ? "    \"%s\":--%s) COMPREPLY=($(compgen -W \"" : "    %s:--%s) COMPREPLY=($(compgen -W \"", i < n ? v[i].name : "*", p[k].key);
                for (const char *c = p[k].choices; *c; c++) {
                    jx_buf_char(b, *c == '|' ? ' ' : *c);
                }
                jx_buf_str(b, "\" -- \"$cur\")); return ;;\n");
            }
        }
    }
    jx_buf_str(b, "    esac\n    case \"$verb\" in\n");
    for (uint32_t i = 0; i < n; i++) {
        jx_buf_fmt(b, "    \"%s\") opts=\"", v[i].name);
        words_of(b, v[i].params, v[i].n_params);
        jx_buf_str(b, "\" ;;\n");
    }
    jx_buf_str(b, "    *) opts= ;;\n    esac\n    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W \"$opts");
    words_of(b, common, n_common);
    jx_buf_str(b, "\" -- \"$cur\"))\n    else\n        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\ncomplete -o filenames -F _junxian junxian\n");
}

static void param_json(jx_json *j, const jx_param *p) {
    static const char *const types[] = {"flag", "text", "file", "number", "integer", "choice"};
    jx_json_obj(j);
    jx_json_key(j, "key"), jx_json_str(j, p->key);
    jx_json_key(j, "type"), jx_json_str(j, types[p->type]);
    jx_json_key(j, "unit"), jx_json_str(j, p->unit);
    if (p->type == JX_P_NUMBER || p->type == JX_P_INT) {
        jx_json_key(j, "min"), jx_json_real(j, p->lo, -1);
        jx_json_key(j, "max"), jx_json_real(j, p->hi, -1);
    }
    jx_json_key(j, "choices"), jx_json_str(j, p->choices);
    jx_json_key(j, "default"), jx_json_str(j, p->def);
    jx_json_key(j, "help"), jx_json_str(j, p->help);
    jx_json_end_obj(j);
}

void jx__verbs_json(jx_buf *b) {
    uint32_t n, n_common;
    const jx_verb *v = jx_verbs(&n);
    const jx_param *common = jx_common_params(&n_common);
    jx_json j;
    jx_json_init(&j, b, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.verbs/1");
    jx_json_key(&j, "version"), jx_json_str(&j, JX_VERSION);
    jx_json_key(&j, "verbs"), jx_json_arr(&j);
    for (uint32_t i = 0; i < n; i++) {
        jx_json_obj(&j);
        jx_json_key(&j, "name"), jx_json_str(&j, v[i].name);
        jx_json_key(&j, "family"), jx_json_str(&j, v[i].family);
        jx_json_key(&j, "help"), jx_json_str(&j, v[i].help);
        jx_json_key(&j, "inputs"), jx_json_str(&j, v[i].inputs);
        jx_json_key(&j, "outputs"), jx_json_str(&j, v[i].outputs);
        jx_json_key(&j, "params"), jx_json_arr(&j);
        for (uint32_t k = 0; k < v[i].n_params; k++) {
            param_json(&j, &v[i].params[k]);
        }
        for (uint32_t k = 0; k < n_common; k++) {
            param_json(&j, &common[k]);
        }
        jx_json_end_arr(&j);
        jx_json_end_obj(&j);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
    jx_buf_char(b, '\n');
}
