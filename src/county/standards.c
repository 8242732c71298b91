/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Standards: services with their thresholds, from standards/services-*.yaml (the file's top says what its keys mean). A
 * figure that was not read in its source stays marked as such wherever it goes.
 */
#include <math.h>

#include "county/county_internal.h"

const char *jx_theme_name(jx_theme t) {
    static const char *const names[JX_N_THEMES] = {"health", "education", "care",      "culture_sport",
                                                   "market", "transport", "government"};
    return names[t];
}

typedef struct reader {
    jx_ctx *ctx;
    const jx_doc *doc;
    jx_county *c;
} reader;

static jx_status keep(const reader *r, const char *s, const char **out) {
    *out = s ? jx_arena_strn(r->ctx, r->c->arena, s, strlen(s)) : NULL;
    return s && !*out ? JX_E_NOMEM : JX_OK;
}

static jx_status text(const reader *r, const jx_val *map, const char *key, const char **out) {
    const char *s = NULL;
    JX_TRY(jx_cfg_str(r->ctx, r->doc, map, key, &s));
    return keep(r, s, out);
}

/* {en: ..., zh: ...}; a plain text is English. */
static jx_status names(const reader *r, const jx_val *map, const char *key, const char **en, const char **zh) {
    static const char *const known[] = {"en", "zh", NULL};
    const jx_val *v = jx_val_get(map, key);
    *en = *zh = NULL;
    if (!v || v->type != JX_VAL_MAP) {
        return text(r, map, key, en);
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, v, known));
    JX_TRY(text(r, v, "en", en));
    return text(r, v, "zh", zh);
}

static jx_status missing(const reader *r, const jx_val *at, const char *key) {
    return JX_FAIL_ROW(r->ctx, r->doc->name, at ? at->line : 1, CONFIG_MISSING, JX_S(key));
}

/* A list that must be there and hold something. */
static jx_status list(const reader *r, const jx_val *map, const char *key, const jx_val **out) {
    *out = jx_val_get(map, key);
    if (!*out) {
        return missing(r, map, key);
    }
    if ((*out)->type != JX_VAL_SEQ || (*out)->n == 0) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, (*out)->line, STANDARD_LIST, JX_S(key));
    }
    return JX_OK;
}

/* true, false, or one for each tier. Left out means not verified. */
static jx_status verified(const reader *r, const jx_val *map, jx_criterion *k) {
    static const char *const known[] = {"urban", "rural", NULL};
    const jx_val *v = jx_val_get(map, "verified");
    if (v && v->type == JX_VAL_MAP) {
        JX_TRY(jx_cfg_known(r->ctx, r->doc, v, known));
        JX_TRY(jx_cfg_bool(r->ctx, r->doc, v, "urban", &k->urban_verified));
        JX_TRY(jx_cfg_bool(r->ctx, r->doc, v, "rural", &k->rural_verified));
    } else {
        JX_TRY(jx_cfg_bool(r->ctx, r->doc, map, "verified", &k->urban_verified));
        k->rural_verified = k->urban_verified;
    }
    k->verified = (k->urban_verified || k->urban_ms == 0) && (k->rural_verified || k->rural_ms == 0);
    return JX_OK;
}

static jx_status criterion(const reader *r, const jx_val *v, jx_criterion *k) {
    static const char *const known[] = {"mode", "urban_min", "rural_min", "radius_m", "clause",
                                        "year", "verified",  "note",      NULL};
    double urban = 0, rural = 0, radius = 0;
    int64_t year = 0;
    const char *mode = NULL;
    if (v->type != JX_VAL_MAP) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, STANDARD_LIST, JX_S("criteria"));
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, v, known));
    JX_TRY(jx_cfg_str(r->ctx, r->doc, v, "mode", &mode));
    if (!mode) {
        return missing(r, v, "mode");
    }
    if (!jx_mode_parse(mode, &k->mode)) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, jx_val_get(v, "mode")->line, STANDARD_MODE, JX_S(mode));
    }
    JX_TRY(jx_cfg_real(r->ctx, r->doc, v, "urban_min", 0, 600, &urban));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, v, "rural_min", 0, 600, &rural));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, v, "radius_m", 0, 1e6, &radius));
    JX_TRY(jx_cfg_int(r->ctx, r->doc, v, "year", 0, 3000, &year));
    k->urban_ms = (uint32_t)(urban * 60000 + 0.5);
    k->rural_ms = (uint32_t)(rural * 60000 + 0.5);
    k->year = (int)year;
    if (k->urban_ms == 0 && k->rural_ms == 0) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, STANDARD_NO_THRESHOLD, JX_S(mode));
    }
    JX_TRY(text(r, v, "clause", &k->clause));
    k->clause = k->clause ? k->clause : "";
    JX_TRY(names(r, v, "note", &k->note_en, &k->note_zh));
    return verified(r, v, k);
}

static jx_status theme(const reader *r, const jx_val *v, jx_service *s) {
    const char *name = NULL;
    JX_TRY(jx_cfg_str(r->ctx, r->doc, v, "theme", &name));
    if (!name) {
        return missing(r, v, "theme");
    }
    for (int t = 0; t < JX_N_THEMES; t++) {
        if (strcmp(name, jx_theme_name((jx_theme)t)) == 0) {
            s->theme = (jx_theme)t;
            return JX_OK;
        }
    }
    return JX_FAIL_ROW(r->ctx, r->doc->name, jx_val_get(v, "theme")->line, STANDARD_THEME, JX_S(name));
}

/* Part of column names: lower-case ASCII letters, digits and underscores, a letter first; each id once. */
static jx_status service_id(const reader *r, const jx_val *v, jx_service *s) {
    JX_TRY(text(r, v, "id", &s->id));
    if (!s->id) {
        return missing(r, v, "id");
    }
    size_t n = strlen(s->id);
    if (n == 0 || n > 40 || !(s->id[0] >= 'a' && s->id[0] <= 'z') ||
        strspn(s->id, "abcdefghijklmnopqrstuvwxyz0123456789_") != n) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, STANDARD_ID, JX_S(s->id));
    }
    for (const jx_service *o = r->c->services; o < s; o++) {
        if (strcmp(o->id, s->id) == 0) {
            return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, STANDARD_ID_TWICE, JX_S(s->id));
        }
    }
    return JX_OK;
}

static jx_status kinds(const reader *r, const jx_val *v, jx_service *s) {
    const jx_val *seq;
    JX_TRY(list(r, v, "kinds", &seq));
    s->kinds = jx_arena_alloc(r->ctx, r->c->arena, seq->n, sizeof *s->kinds);
    if (!s->kinds) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < seq->n; i++) {
        if (!seq->items[i]->s) {
            return JX_FAIL_ROW(r->ctx, r->doc->name, seq->line, STANDARD_LIST, JX_S("kinds"));
        }
        JX_TRY(keep(r, seq->items[i]->s, &s->kinds[s->n_kinds++]));
    }
    return JX_OK;
}

static jx_status classes(const reader *r, const jx_val *v, jx_service *s) {
    static const char *const known[] = {"pupils_per_1000", "pupils_per_class", "max_classes", "source", NULL};
    const jx_val *k = jx_val_get(v, "classes");
    if (!k) {
        return JX_OK;
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, k, known));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, k, "pupils_per_1000", 0, 1000, &s->pupils_per_1000));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, k, "pupils_per_class", 1, 200, &s->pupils_per_class));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, k, "max_classes", 1, 500, &s->max_classes));
    return text(r, k, "source", &s->classes_source);
}

/* Seats or beds that the norm wants for 1,000 people, or for 1,000 of a group of them. */
static jx_status places(const reader *r, const jx_val *v, jx_service *s) {
    static const char *const known[] = {"per_1000", "of", "clause", "verified", NULL};
    const jx_val *k = jx_val_get(v, "places");
    s->places_clause = "";
    if (!k) {
        return JX_OK;
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, k, known));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, k, "per_1000", 0, 1000, &s->places_per_1000));
    JX_TRY(text(r, k, "of", &s->places_of));
    JX_TRY(text(r, k, "clause", &s->places_clause));
    s->places_clause = s->places_clause ? s->places_clause : "";
    return jx_cfg_bool(r->ctx, r->doc, k, "verified", &s->places_verified);
}

static jx_status service(const reader *r, const jx_val *v, jx_service *s) {
    static const char *const known[] = {"id",          "name",    "theme",    "kinds", "norm_per_10k",
                                        "norm_source", "classes", "places",   "criteria", NULL};
    const jx_val *seq;
    *s = (jx_service){.norm_per_10k = NAN, .places_per_1000 = NAN};
    if (v->type != JX_VAL_MAP) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, STANDARD_LIST, JX_S("services"));
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, v, known));
    JX_TRY(service_id(r, v, s));
    JX_TRY(names(r, v, "name", &s->name_en, &s->name_zh));
    s->name_en = s->name_en ? s->name_en : s->name_zh ? s->name_zh : s->id;
    s->name_zh = s->name_zh ? s->name_zh : s->name_en;
    JX_TRY(theme(r, v, s));
    JX_TRY(kinds(r, v, s));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, v, "norm_per_10k", 0, 1e5, &s->norm_per_10k));
    JX_TRY(text(r, v, "norm_source", &s->norm_source));
    JX_TRY(classes(r, v, s));
    JX_TRY(places(r, v, s));
    JX_TRY(list(r, v, "criteria", &seq));
    s->criteria = jx_arena_alloc(r->ctx, r->c->arena, seq->n, sizeof *s->criteria);
    if (!s->criteria) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < seq->n; i++) {
        jx_criterion *k = &s->criteria[i];
        *k = (jx_criterion){0};
        JX_TRY(criterion(r, seq->items[i], k));
        for (uint32_t e = 0; e < i; e++) { /* results are named by service and mode */
            if (s->criteria[e].mode == k->mode) {
                return JX_FAIL_ROW(r->ctx, r->doc->name, seq->items[i]->line, STANDARD_MODE_TWICE,
                                   JX_S(jx_mode_name(k->mode)), JX_S(s->id));
            }
        }
        s->n_criteria++;
    }
    return JX_OK;
}

jx_status jx__standards_build(jx_ctx *ctx, const jx_county_config *cfg, jx_county *c) {
    static const char *const known[] = {"id", "title", "services", NULL};
    const reader r = {ctx, cfg->standard, c};
    const jx_val *root = cfg->standard->root, *seq;
    if (!root || root->type != JX_VAL_MAP) {
        return missing(&r, root, "services");
    }
    JX_TRY(jx_cfg_known(ctx, cfg->standard, root, known));
    JX_TRY(text(&r, root, "id", &c->standard_id));
    JX_TRY(names(&r, root, "title", &c->standard_en, &c->standard_zh));
    JX_TRY(c->standard_id ? JX_OK : keep(&r, "own", &c->standard_id));
    c->standard_en = c->standard_en ? c->standard_en : c->standard_zh ? c->standard_zh : c->standard_id;
    c->standard_zh = c->standard_zh ? c->standard_zh : c->standard_en;
    JX_TRY(list(&r, root, "services", &seq));
    c->services = jx_arena_alloc(ctx, c->arena, seq->n, sizeof *c->services);
    if (!c->services) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < seq->n; i++) {
        JX_TRY(service(&r, seq->items[i], &c->services[i]));
        c->n_services++;
    }
    return JX_OK;
}
