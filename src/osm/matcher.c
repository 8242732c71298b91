/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Rules compiled against an extract: keys and values become ids of its string pool, so that matching compares integers.
 * A key or value that does not occur in the extract makes its condition unsatisfiable there and then.
 */
#include "junxian/osm.h"

typedef enum value_kind { VALUE_ANY, VALUE_ONE_OF, VALUE_CONTAINS } value_kind;

typedef struct cond {
    uint32_t key;
    value_kind kind;
    uint32_t first, n; /* in values (ids) or texts */
} cond;

typedef struct alt {
    uint32_t first, n; /* in conds */
} alt;

typedef struct rule {
    uint32_t any_first, any_n, not_first, not_n; /* in alts */
    uint32_t name_first, name_n;                 /* in texts */
} rule;

struct jx_matcher {
    const jx_extract *x;
    JX_VEC(rule) rules;
    JX_VEC(alt) alts;
    JX_VEC(cond) conds;
    JX_VEC(uint32_t) values;
    JX_VEC(jx_str) texts; /* in the arena */
    jx_arena *arena;
    uint8_t *key_used; /* per string id: some `any` condition asks for it */
    uint8_t *key_name; /* per string id: a name tag */
    uint32_t n_strings;
};

void jx_matcher_free(jx_ctx *ctx, jx_matcher *m) {
    if (m) {
        jx_vec_free(ctx, &m->rules);
        jx_vec_free(ctx, &m->alts);
        jx_vec_free(ctx, &m->conds);
        jx_vec_free(ctx, &m->values);
        jx_vec_free(ctx, &m->texts);
        jx_arena_free(ctx, m->arena);
        jx_free(ctx, m->key_used);
        jx_free(ctx, m->key_name);
        jx_free(ctx, m);
    }
}

typedef struct compiler {
    jx_ctx *ctx;
    const jx_doc *doc;
    jx_matcher *m;
} compiler;

static jx_status bad(const compiler *c, const jx_val *at, uint32_t rule_no, const char *why) {
    return JX_FAIL_ROW(c->ctx, c->doc->name, at ? at->line : 0, RULE_BAD, JX_I(rule_no + 1), JX_S(why));
}

static jx_status add_text(compiler *c, const jx_val *v) {
    char *s = jx_arena_strn(c->ctx, c->m->arena, v->s, v->n);
    return s ? jx_vec_push(c->ctx, &c->m->texts, (jx_str){s, strlen(s)}) : JX_E_NOMEM;
}

/* One value text: an id when the extract knows it; otherwise it cannot match and is left out. */
static jx_status add_value(compiler *c, const jx_val *v) {
    uint32_t id = jx_strings_find(c->m->x->strings, v->s, strlen(v->s));
    return id == JX_NONE ? JX_OK : jx_vec_push(c->ctx, &c->m->values, id);
}

static jx_status add_cond(compiler *c, const char *key, const jx_val *v, uint32_t rule_no) {
    jx_matcher *m = c->m;
    cond k = {
        .key = jx_strings_find(m->x->strings, key, strlen(key)), .kind = VALUE_ONE_OF, .first = (uint32_t)m->values.n};
    if (v->type == JX_VAL_SEQ) {
        for (uint32_t i = 0; i < v->n; i++) {
            if (!v->items[i]->s) {
                return bad(c, v, rule_no, N_("a list of values must hold texts"));
            }
            JX_TRY(add_value(c, v->items[i]));
        }
    } else if (v->type == JX_VAL_MAP) {
        const jx_val *text = jx_val_get(v, "contains");
        if (!text || !text->s || v->n != 1) {
            return bad(c, v, rule_no, N_("a value is a text, a list, \"*\" or {contains: text}"));
        }
        k.kind = VALUE_CONTAINS;
        k.first = (uint32_t)m->texts.n;
        JX_TRY(add_text(c, text));
    } else if (!v->s) {
        return bad(c, v, rule_no, N_("a value is a text, a list, \"*\" or {contains: text}"));
    } else if (strcmp(v->s, "*") == 0) {
        k.kind = VALUE_ANY;
    } else {
        JX_TRY(add_value(c, v));
    }
    k.n = (uint32_t)(k.kind == VALUE_ONE_OF ? m->values.n : m->texts.n) - k.first;
    return jx_vec_push(c->ctx, &m->conds, k);
}

/* A list of alternatives, each a map of conditions that must all hold. */
static jx_status add_alts(compiler *c, const jx_val *list, uint32_t rule_no, uint32_t *first, uint32_t *n) {
    jx_matcher *m = c->m;
    *first = (uint32_t)m->alts.n;
    *n = 0;
    if (!list) {
        return JX_OK;
    }
    if (list->type != JX_VAL_SEQ) {
        return bad(c, list, rule_no, N_("'any' and 'not' are lists of {key: value}"));
    }
    for (uint32_t i = 0; i < list->n; i++) {
        const jx_val *map = list->items[i];
        if (map->type != JX_VAL_MAP || map->n == 0) {
            return bad(c, map, rule_no, N_("'any' and 'not' are lists of {key: value}"));
        }
        alt a = {(uint32_t)m->conds.n, map->n};
        for (uint32_t k = 0; k < map->n; k++) {
            JX_TRY(add_cond(c, map->keys[k], map->items[k], rule_no));
        }
        JX_TRY(jx_vec_push(c->ctx, &m->alts, a));
        ++*n;
    }
    return JX_OK;
}

static jx_status add_rule(compiler *c, const jx_val *v, uint32_t rule_no) {
    static const char *const known[] = {"kind", "level", "any", "not", "name", "note", "fallback", NULL};
    rule r = {0};
    if (v->type != JX_VAL_MAP || !jx_val_get(v, "kind") || !jx_val_get(v, "any")) {
        return bad(c, v, rule_no, N_("a rule needs 'kind' and 'any'"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, v, known));
    JX_TRY(add_alts(c, jx_val_get(v, "any"), rule_no, &r.any_first, &r.any_n));
    JX_TRY(add_alts(c, jx_val_get(v, "not"), rule_no, &r.not_first, &r.not_n));
    const jx_val *name = jx_val_get(v, "name");
    r.name_first = (uint32_t)c->m->texts.n;
    if (name && name->type == JX_VAL_STR) {
        JX_TRY(add_text(c, name));
    } else if (name && name->type == JX_VAL_SEQ) {
        for (uint32_t i = 0; i < name->n; i++) {
            if (!name->items[i]->s) {
                return bad(c, name, rule_no, N_("'name' is a text or a list of texts"));
            }
            JX_TRY(add_text(c, name->items[i]));
        }
    } else if (name) {
        return bad(c, name, rule_no, N_("'name' is a text or a list of texts"));
    }
    r.name_n = (uint32_t)c->m->texts.n - r.name_first;
    return jx_vec_push(c->ctx, &c->m->rules, r);
}

static bool is_name_key(const char *s) {
    return strcmp(s, "name") == 0 || strncmp(s, "name:", 5) == 0 || strcmp(s, "official_name") == 0 ||
           strcmp(s, "alt_name") == 0;
}

static jx_status index_keys(compiler *c) {
    jx_matcher *m = c->m;
    m->n_strings = jx_strings_count(m->x->strings);
    m->key_used = jx_calloc(c->ctx, m->n_strings, 1);
    m->key_name = jx_calloc(c->ctx, m->n_strings, 1);
    if (!m->key_used || !m->key_name) {
        return JX_E_NOMEM;
    }
    for (size_t r = 0; r < m->rules.n; r++) {
        for (uint32_t a = 0; a < m->rules.v[r].any_n; a++) {
            alt t = m->alts.v[m->rules.v[r].any_first + a];
            for (uint32_t k = 0; k < t.n; k++) {
                uint32_t key = m->conds.v[t.first + k].key;
                if (key != JX_NONE) {
                    m->key_used[key] = 1;
                }
            }
        }
    }
    for (uint32_t i = 0; i < m->n_strings; i++) {
        m->key_name[i] = is_name_key(jx_strings_cstr(m->x->strings, i));
    }
    return JX_OK;
}

jx_status jx_matcher_compile(jx_ctx *ctx, const jx_doc *doc, const jx_val *rules, const jx_extract *x,
                             jx_matcher **out) {
    jx_matcher *m = jx_calloc(ctx, 1, sizeof *m);
    if (!m) {
        return JX_E_NOMEM;
    }
    m->x = x;
    compiler c = {ctx, doc, m};
    m->arena = jx_arena_new(ctx);
    jx_status st = m->arena ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK && (!rules || rules->type != JX_VAL_SEQ)) {
        st = bad(&c, rules, 0, N_("the rules must be a list"));
    }
    for (uint32_t i = 0; st == JX_OK && i < rules->n; i++) {
        st = add_rule(&c, rules->items[i], i);
    }
    if (st == JX_OK) {
        st = index_keys(&c);
    }
    if (st != JX_OK) {
        jx_matcher_free(ctx, m);
        return st;
    }
    *out = m;
    return JX_OK;
}

/* Is `text` one of the ';' list in `value`? */
static bool list_has(const char *value, jx_str text) {
    for (;;) {
        value += strspn(value, " ;");
        size_t n = strcspn(value, ";"), len = n;
        while (len && value[len - 1] == ' ') {
            len--;
        }
        if (len == text.n && memcmp(value, text.s, len) == 0) {
            return true;
        }
        if (!value[n]) {
            return false;
        }
        value += n;
    }
}

static bool cond_holds(const jx_matcher *m, const cond *c, const jx_tag *tags, uint32_t n) {
    for (uint32_t i = 0; c->key != JX_NONE && i < n; i++) {
        if (tags[i].k != c->key) {
            continue;
        }
        if (c->kind == VALUE_CONTAINS) {
            return list_has(jx_strings_cstr(m->x->strings, tags[i].v), m->texts.v[c->first]);
        }
        for (uint32_t k = 0; k < c->n && c->kind == VALUE_ONE_OF; k++) {
            if (m->values.v[c->first + k] == tags[i].v) {
                return true;
            }
        }
        return c->kind == VALUE_ANY;
    }
    return false;
}

static bool any_holds(const jx_matcher *m, uint32_t first, uint32_t n_alts, const jx_tag *tags, uint32_t n) {
    for (uint32_t a = first; a < first + n_alts; a++) {
        alt t = m->alts.v[a];
        uint32_t k = 0;
        while (k < t.n && cond_holds(m, &m->conds.v[t.first + k], tags, n)) {
            k++;
        }
        if (k == t.n) {
            return true;
        }
    }
    return false;
}

static bool name_has(const jx_matcher *m, const rule *r, const jx_tag *tags, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (!m->key_name[tags[i].k]) {
            continue;
        }
        for (uint32_t t = 0; t < r->name_n; t++) {
            if (strstr(jx_strings_cstr(m->x->strings, tags[i].v), m->texts.v[r->name_first + t].s)) {
                return true;
            }
        }
    }
    return false;
}

uint32_t jx_matcher_match(const jx_matcher *m, const jx_tag *tags, uint32_t n, uint32_t *rules, uint32_t cap) {
    bool relevant = false; /* most objects have no key that any rule asks for */
    for (uint32_t i = 0; i < n && !relevant; i++) {
        relevant = m->key_used[tags[i].k] != 0;
    }
    uint32_t found = 0;
    for (size_t r = 0; relevant && r < m->rules.n && found < cap; r++) {
        const rule *u = &m->rules.v[r];
        if (any_holds(m, u->any_first, u->any_n, tags, n) && !any_holds(m, u->not_first, u->not_n, tags, n) &&
            (u->name_n == 0 || name_has(m, u, tags, n))) {
            rules[found++] = (uint32_t)r;
        }
    }
    return found;
}
