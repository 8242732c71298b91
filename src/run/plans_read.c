/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Plans from YAML: each entry becomes the arguments of `junxian site`, checked against that verb's own declaration. */
#include "run/plans.h"

enum { MOST_PLANS = 24 };

/* What a plan may say; the words of `junxian site` with underscores, a name for the heading, and an effort in place of a clock. */
static const char *const known[] = {"name",       "service",       "kind",     "mode",     "model",    "add",           "budget",      "price",
                                    "candidates", "cutoff",        "capacity", "demand",   "assign",   "weights",       "may_close",   "keep",
                                    "covers",     "refer_to",      "seed",     "preview",  "effort",   "running_price", "max_minutes", "refer_share",
                                    "backup_worth", "island_people", "existing_capacity", "unreachable", NULL};

typedef struct reading {
    jx_ctx *ctx;
    jx__job *job;
    const jx_doc *doc;
    const char *folder; /* paths of a plan are relative to it; NULL: as they are */
    jx__plans *out;
} reading;

static jx_status refuse(const reading *r, const jx_val *v, const char *key, const char *wanted) {
    return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, PLANS_VALUE, JX_S(key), JX_S(jx_val_str(v, v->type == JX_VAL_SEQ ? "[...]" : "{...}")), JX_S(wanted));
}

/* Options have hyphens where keys have underscores. */
static const char *option_of(const reading *r, const char *key) {
    char *s = jx_arena_strn(r->ctx, r->job->arena, key, strlen(key));
    for (char *p = s; p && *p; p++) {
        *p = *p == '_' ? '-' : *p;
    }
    return s;
}

static const jx_param *param_of(const char *option) {
    const jx_verb *v = jx_verb_find("site");
    for (uint32_t i = 0; i < v->n_params; i++) {
        if (strcmp(v->params[i].key, option) == 0) {
            return &v->params[i];
        }
    }
    return NULL;
}

static jx_status keep_text(const reading *r, jx_buf *b, const char **out) {
    JX_TRY(jx_buf_ok(b));
    *out = jx_arena_strn(r->ctx, r->job->arena, b->n ? b->s : "", b->n);
    return *out ? JX_OK : JX_E_NOMEM;
}

/* A list becomes "a,b", a map "a=1,b=2": as the options have them. */
static jx_status joined(const reading *r, const jx_val *v, const char *key, const char **out) {
    jx_buf b;
    jx_buf_init(&b, r->ctx);
    jx_status st = JX_OK;
    for (uint32_t i = 0; st == JX_OK && i < v->n; i++) {
        const char *s = jx_val_str(v->items[i], NULL);
        jx_buf_str(&b, i ? "," : "");
        if (v->type == JX_VAL_MAP) {
            jx_buf_fmt(&b, "%s=", v->keys[i]);
        }
        st = s ? JX_OK : refuse(r, v, key, v->type == JX_VAL_MAP ? "rural: 2, urban: 1" : "[A, B]");
        jx_buf_str(&b, s ? s : "");
    }
    st = st == JX_OK ? keep_text(r, &b, out) : st;
    jx_buf_release(&b);
    return st;
}

/* What the verb's declaration says of a value, for a message: its choices, or its range. */
static jx_status wanted_of(const reading *r, const jx_param *p, const jx_val *v, const char *key) {
    jx_buf b;
    jx_buf_init(&b, r->ctx);
    if (p->type == JX_P_CHOICE) {
        jx_buf_str(&b, p->choices);
    } else {
        jx_buf_double(&b, p->lo);
        jx_buf_str(&b, " ... ");
        jx_buf_double(&b, p->hi);
    }
    jx_status st = jx_buf_ok(&b);
    st = st == JX_OK ? refuse(r, v, key, b.s) : st;
    jx_buf_release(&b);
    return st;
}

static bool fits(const jx_param *p, const jx_val *v, const char *text) {
    switch (p->type) {
    case JX_P_CHOICE: return jx__in_choices(p->choices, text);
    case JX_P_INT: return v->type == JX_VAL_INT && v->r >= p->lo && v->r <= p->hi;
    case JX_P_NUMBER: return (v->type == JX_VAL_INT || v->type == JX_VAL_REAL) && v->r >= p->lo && v->r <= p->hi;
    default: return *text != '\0';
    }
}

/* A table of candidates: its path, and a source like any other. */
static jx_status candidates(const reading *r, const char **text) {
    uint32_t idx = 0;
    if (strcmp(*text, "settlements") == 0 || strcmp(*text, "cells") == 0) {
        return JX_OK;
    }
    if (r->folder && (*text)[0] != '/') {
        jx_buf b;
        jx_buf_init(&b, r->ctx);
        jx_buf_fmt(&b, "%s/%s", r->folder, *text);
        jx_status st = keep_text(r, &b, text);
        jx_buf_release(&b);
        JX_TRY(st);
    }
    for (uint32_t i = 0; i < r->out->n; i++) { /* one table for several plans is one source */
        const char *other = jx_args_get(&r->out->ask[i].args, "candidates");
        if (other && strcmp(other, *text) == 0) {
            return JX_OK;
        }
    }
    return jx__job_source(r->ctx, r->job, *text, N_("candidate sites"), &idx);
}

static jx_status one_key(const reading *r, const char *key, const jx_val *v, jx__plan_ask *a) {
    bool list = v->type == JX_VAL_SEQ || v->type == JX_VAL_MAP, may_list = strcmp(key, "weights") == 0 || strcmp(key, "may_close") == 0 || strcmp(key, "keep") == 0;
    const char *text = v->s, *option = option_of(r, key);
    if (!option) {
        return JX_E_NOMEM;
    }
    if (v->type == JX_VAL_NULL) {
        return JX_OK;
    }
    if (list && !may_list) {
        return refuse(r, v, key, strcmp(key, "name") == 0 ? "\"...\"" : "...");
    }
    if (list) {
        JX_TRY(joined(r, v, key, &text));
    }
    const jx_param *p = param_of(option);
    if (p && p->type == JX_P_FLAG) {
        if (v->type != JX_VAL_BOOL) {
            return refuse(r, v, key, "true|false");
        }
        if (!v->b) {
            return JX_OK;
        }
        text = "1";
    } else if (p && !fits(p, v, text)) {
        return wanted_of(r, p, v, key);
    }
    if (strcmp(key, "candidates") == 0) {
        JX_TRY(candidates(r, &text));
    }
    a->args.opt[a->args.n_opt++] = (jx_arg_value){option, text};
    return JX_OK;
}

static jx_status one_plan(const reading *r, const jx_val *v, jx__plan_ask *a) {
    *a = (jx__plan_ask){.file = r->doc->name, .line = v->line, .effort = 10};
    if (v->type != JX_VAL_MAP) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, PLANS_SHAPE, JX_S(jx_val_str(v, "[...]")));
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, v, known));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, v, "effort", 0, 3600, &a->effort));
    a->args.opt = jx_arena_alloc(r->ctx, r->job->arena, (size_t)v->n + 1, sizeof *a->args.opt);
    if (!a->args.opt) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < v->n; i++) {
        if (strcmp(v->keys[i], "effort") != 0) {
            JX_TRY(one_key(r, v->keys[i], v->items[i], a));
        }
    }
    const char *model = jx_args_get(&a->args, "model");
    if (!jx_args_get(&a->args, "service")) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, CONFIG_MISSING, JX_S("service"));
    }
    if (!jx_args_get(&a->args, "add") && !jx_args_get(&a->args, "budget") && !(model && strcmp(model, "lscp") == 0)) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, PLANS_HOW_MANY, JX_S(model ? model : "p-median"));
    }
    const char *why = jx__site_combination(&a->args);
    why = !why && jx__site_needs_solver(&a->args) ? N_("a second cover cannot be combined with capacities") : why;
    if (why) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, PLANS_COMBINATION, JX_T(why));
    }
    return JX_OK;
}

static jx_status list_of_plans(reading *r, const jx_val *list) {
    if (!list || list->type == JX_VAL_NULL) {
        return JX_OK;
    }
    if (list->type != JX_VAL_SEQ) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, list->line, PLANS_SHAPE, JX_S(jx_val_str(list, "{...}")));
    }
    if (list->n > MOST_PLANS) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, list->line, PLANS_MANY, JX_I(list->n), JX_I(MOST_PLANS));
    }
    r->out->ask = jx_calloc(r->ctx, list->n, sizeof *r->out->ask);
    if (!r->out->ask) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        JX_TRY(one_plan(r, list->items[i], &r->out->ask[i]));
        r->out->n++;
    }
    return JX_OK;
}

/* "a/b/plans.yaml" -> "a/b"; NULL: here. */
static jx_status folder_of(const reading *r, const char *path, const char **out) {
    const char *slash = strrchr(path, '/');
    *out = slash ? jx_arena_strn(r->ctx, r->job->arena, path, (size_t)(slash - path)) : NULL;
    return slash && !*out ? JX_E_NOMEM : JX_OK;
}

jx_status jx__plans_read(jx_ctx *ctx, const jx_args *args, jx__job *job, jx__plans *out) {
    const char *path = jx_args_get(args, "plans");
    reading r = {.ctx = ctx, .job = job, .doc = &job->config, .folder = job->folder, .out = out};
    uint32_t idx = 0;
    *out = (jx__plans){0};
    if (!path) {
        return list_of_plans(&r, jx_val_get(job->config.root, "plans"));
    }
    JX_TRY(folder_of(&r, path, &r.folder));
    JX_TRY(jx__job_source(ctx, job, path, N_("plans of sites"), &idx));
    JX_TRY(jx_yaml_file(ctx, path, &out->doc));
    r.doc = &out->doc;
    const jx_val *root = out->doc.root;
    if (root && root->type == JX_VAL_MAP) {
        static const char *const only[] = {"plans", NULL};
        JX_TRY(jx_cfg_known(ctx, r.doc, root, only));
        root = jx_val_get(root, "plans");
    }
    return list_of_plans(&r, root);
}
