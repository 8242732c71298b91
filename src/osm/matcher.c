/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Rules compiled against an extract: keys and values become ids of its string pool, so that matching compares integers.
 * A key or value that does not occur in the extract makes its condition unsatisfiable there and then.
 */
#include "junxian/osm.h"

enum { MAX_RULES = 512, WORDS = MAX_RULES / 64 };

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
    uint32_t without_first, without_n;           /* names that must not occur; in texts */
} rule;

/* A tag that an alternative of a rule cannot do without; objects that have none of them are done with quickly. */
typedef struct trigger {
    uint32_t value; /* string id, or JX_NONE: any value */
    uint32_t rule;
    uint32_t next; /* of the same key */
} trigger;

struct jx_matcher {
    const jx_extract *x;
    JX_VEC(rule) rules;
    JX_VEC(alt) alts;
    JX_VEC(cond) conds;
    JX_VEC(uint32_t) values;
    JX_VEC(jx_str) texts; /* in the arena */
    jx_arena *arena;
    JX_VEC(trigger) triggers;
    uint32_t *key_first; /* per string id as a key: its first trigger, or JX_NONE */
    uint8_t *key_name;   /* per string id: a name tag */
};

void jx_matcher_free(jx_ctx *ctx, jx_matcher *m) {
    if (m) {
        jx_vec_free(ctx, &m->rules);
        jx_vec_free(ctx, &m->alts);
        jx_vec_free(ctx, &m->conds);
        jx_vec_free(ctx, &m->values);
        jx_vec_free(ctx, &m->texts);
        jx_arena_free(ctx, m->arena);
        jx_vec_free(ctx, &m->triggers);
        jx_free(ctx, m->key_first);
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
    return JX_FAIL_ROW(c->ctx, c->doc->name, at ? at->line : 0, RULE_BAD, JX_I(rule_no + 1), JX_T(why));
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

/* A text or a list of texts. */
static jx_status add_texts(compiler *c, const jx_val *v, uint32_t rule_no, uint32_t *first, uint32_t *n) {
    *first = (uint32_t)c->m->texts.n;
    if (v && v->type == JX_VAL_STR) {
        JX_TRY(add_text(c, v));
    } else if (v && v->type == JX_VAL_SEQ) {
        for (uint32_t i = 0; i < v->n; i++) {
            if (!v->items[i]->s) {
                return bad(c, v, rule_no, N_("'name' and 'name_not' are a text or a list of texts"));
            }
            JX_TRY(add_text(c, v->items[i]));
        }
    } else if (v) {
        return bad(c, v, rule_no, N_("'name' and 'name_not' are a text or a list of texts"));
    }
    *n = (uint32_t)c->m->texts.n - *first;
    return JX_OK;
}

static jx_status add_rule(compiler *c, const jx_val *v, uint32_t rule_no) {
    static const char *const known[] = {"kind", "level", "any", "not", "name", "name_not", "note", "fallback", NULL};
    rule r = {0};
    if (v->type != JX_VAL_MAP || !jx_val_get(v, "kind") || !jx_val_get(v, "any")) {
        return bad(c, v, rule_no, N_("a rule needs 'kind' and 'any'"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, v, known));
    JX_TRY(add_alts(c, jx_val_get(v, "any"), rule_no, &r.any_first, &r.any_n));
    JX_TRY(add_alts(c, jx_val_get(v, "not"), rule_no, &r.not_first, &r.not_n));
    JX_TRY(add_texts(c, jx_val_get(v, "name"), rule_no, &r.name_first, &r.name_n));
    JX_TRY(add_texts(c, jx_val_get(v, "name_not"), rule_no, &r.without_first, &r.without_n));
    return jx_vec_push(c->ctx, &c->m->rules, r);
}

static bool is_name_key(const char *s) {
    return strcmp(s, "name") == 0 || strncmp(s, "name:", 5) == 0 || strcmp(s, "official_name") == 0 ||
           strcmp(s, "alt_name") == 0;
}

static jx_status add_trigger(compiler *c, uint32_t key, uint32_t value, uint32_t rule_no) {
    jx_matcher *m = c->m;
    trigger t = {value, rule_no, m->key_first[key]};
    m->key_first[key] = (uint32_t)m->triggers.n;
    return jx_vec_push(c->ctx, &m->triggers, t);
}

/* An alternative's first condition stands for all: without it the others need not be looked at. */
static jx_status trigger_alt(compiler *c, alt a, uint32_t rule_no) {
    jx_matcher *m = c->m;
    cond k = m->conds.v[a.first];
    for (uint32_t i = a.first; i < a.first + a.n; i++) {
        const cond *o = &m->conds.v[i];
        if (o->key == JX_NONE || (o->kind == VALUE_ONE_OF && o->n == 0)) {
            return JX_OK; /* not in this extract: can never hold */
        }
    }
    if (k.kind != VALUE_ONE_OF) {
        return add_trigger(c, k.key, JX_NONE, rule_no);
    }
    for (uint32_t i = k.first; i < k.first + k.n; i++) {
        JX_TRY(add_trigger(c, k.key, m->values.v[i], rule_no));
    }
    return JX_OK;
}

static jx_status index_keys(compiler *c) {
    jx_matcher *m = c->m;
    uint32_t n = jx_strings_count(m->x->strings);
    m->key_first = jx_malloc(c->ctx, n, sizeof *m->key_first);
    m->key_name = jx_calloc(c->ctx, n, 1);
    if (!m->key_first || !m->key_name) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        m->key_first[i] = JX_NONE;
        m->key_name[i] = is_name_key(jx_strings_cstr(m->x->strings, i));
    }
    for (size_t r = 0; r < m->rules.n; r++) {
        for (uint32_t a = 0; a < m->rules.v[r].any_n; a++) {
            JX_TRY(trigger_alt(c, m->alts.v[m->rules.v[r].any_first + a], (uint32_t)r));
        }
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
    if (st == JX_OK && rules->n > MAX_RULES) {
        st = bad(&c, rules->items[MAX_RULES], MAX_RULES, N_("at most 512 rules are allowed"));
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

/* Does some name hold one of these texts? */
static bool name_has(const jx_matcher *m, uint32_t first, uint32_t n_texts, const jx_tag *tags, uint32_t n) {
    for (uint32_t i = 0; n_texts && i < n; i++) {
        if (!m->key_name[tags[i].k]) {
            continue;
        }
        for (uint32_t t = first; t < first + n_texts; t++) {
            if (strstr(jx_strings_cstr(m->x->strings, tags[i].v), m->texts.v[t].s)) {
                return true;
            }
        }
    }
    return false;
}

static bool rule_holds(const jx_matcher *m, const rule *u, const jx_tag *tags, uint32_t n) {
    return any_holds(m, u->any_first, u->any_n, tags, n) && !any_holds(m, u->not_first, u->not_n, tags, n) &&
           (u->name_n == 0 || name_has(m, u->name_first, u->name_n, tags, n)) &&
           !name_has(m, u->without_first, u->without_n, tags, n);
}

uint32_t jx_matcher_match(const jx_matcher *m, const jx_tag *tags, uint32_t n, uint32_t *rules, uint32_t cap) {
    uint64_t likely[WORDS] = {0};
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t t = m->key_first[tags[i].k]; t != JX_NONE; t = m->triggers.v[t].next) {
            const trigger *g = &m->triggers.v[t];
            if (g->value == JX_NONE || g->value == tags[i].v) {
                likely[g->rule / 64] |= UINT64_C(1) << (g->rule % 64);
                any = true;
            }
        }
    }
    uint32_t found = 0;
    for (uint32_t r = 0; any && r < m->rules.n && found < cap; r++) {
        if ((likely[r / 64] >> (r % 64) & 1) && rule_holds(m, &m->rules.v[r], tags, n)) {
            rules[found++] = r;
        }
    }
    return found;
}
