/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** profiles.yaml -> speeds and rules. The file explains its own keys; a misspelt one is an error, not a silent default. */
#include "network/network_internal.h"

static const char *const mode_names[JX_N_MODES + 1] = {"walk", "bike", "car"};
static const char *const class_names[JX_N_ROAD_CLASSES + 1] = {
#define NAME(up, low) #low,
    JX_ROAD_CLASS_MAP(NAME)
#undef NAME
};

const char *jx_mode_name(jx_mode m) { return mode_names[m]; }
const char *jx_road_class_name(jx_road_class c) { return class_names[c]; }

bool jx_mode_parse(const char *s, jx_mode *out) {
    for (int m = 0; m < JX_N_MODES; m++) {
        if (strcmp(s, mode_names[m]) == 0) {
            *out = (jx_mode)m;
            return true;
        }
    }
    return false;
}

typedef struct compiler {
    jx_ctx *ctx;
    const jx_doc *doc;
    jx_profiles *p;
} compiler;

static jx_status bad(const compiler *c, const jx_val *at, const char *what) {
    return JX_FAIL_ROW(c->ctx, c->doc->name, at ? at->line : 0, PROFILE_BAD, JX_S(what));
}

static jx_status keep(const compiler *c, const char *s, const char **out) {
    *out = jx_arena_strn(c->ctx, c->p->arena, s, strlen(s));
    return *out ? JX_OK : JX_E_NOMEM;
}

static jx_status add_word(const compiler *c, jx__words *list, const char *key, const char *value, uint32_t meaning) {
    jx__word w = {NULL, NULL, meaning};
    if (key) {
        JX_TRY(keep(c, key, &w.key));
    }
    JX_TRY(keep(c, value, &w.value));
    return jx_vec_push(c->ctx, list, w);
}

/* A list of texts, each with the same meaning. */
static jx_status add_words(const compiler *c, jx__words *list, const char *key, const jx_val *v, uint32_t meaning) {
    if (!v || v->type != JX_VAL_SEQ) {
        return bad(c, v, N_("a list of values is needed"));
    }
    for (uint32_t i = 0; i < v->n; i++) {
        if (!v->items[i]->s) {
            return bad(c, v, N_("a list of values is needed"));
        }
        JX_TRY(add_word(c, list, key, v->items[i]->s, meaning));
    }
    return JX_OK;
}

/* {key: [values]} pairs. */
static jx_status add_tag_map(const compiler *c, jx__words *list, const jx_val *v, uint32_t meaning) {
    if (!v || v->type != JX_VAL_MAP) {
        return bad(c, v, N_("a map of tags to lists of values is needed"));
    }
    for (uint32_t i = 0; i < v->n; i++) {
        JX_TRY(add_words(c, list, v->keys[i], v->items[i], meaning));
    }
    return JX_OK;
}

static jx_status speeds(const compiler *c, const jx_val *map, double *out) {
    if (!map || map->type != JX_VAL_MAP) {
        return bad(c, map, N_("'speed' is a map of street classes to km/h"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, map, class_names));
    for (int k = 0; k < JX_N_ROAD_CLASSES; k++) {
        JX_TRY(jx_cfg_real(c->ctx, c->doc, map, class_names[k], 0, 250, &out[k]));
    }
    return JX_OK;
}

static jx_status surfaces_of_mode(const compiler *c, const jx_val *map, const jx_val *groups, jx_profile *pr) {
    static const char *const known[] = {"cap", "factor", NULL};
    for (int g = 0; g < JX_N_SURFACES; g++) {
        pr->surface_factor[g] = 1;
    }
    for (uint32_t i = 0; map && i < map->n; i++) {
        uint32_t g = 0;
        while (g < groups->n && strcmp(groups->keys[g], map->keys[i]) != 0) {
            g++;
        }
        if (g == groups->n) {
            return bad(c, map->items[i], N_("a surface group that 'surfaces' does not define"));
        }
        JX_TRY(jx_cfg_known(c->ctx, c->doc, map->items[i], known));
        JX_TRY(jx_cfg_real(c->ctx, c->doc, map->items[i], "cap", 0, 250, &pr->surface_cap_kmh[g + 1]));
        JX_TRY(jx_cfg_real(c->ctx, c->doc, map->items[i], "factor", 0.01, 1, &pr->surface_factor[g + 1]));
    }
    return JX_OK;
}

const char *jx_profile_slope_name(const jx_profile *p) {
    return !p->slopes ? "none" : p->slope_law == JX_SLOPE_BIKE_POWER ? "bike_power" : "tobler";
}

/* What a DEM does to the mode: a law by name. A car keeps its speed. */
static jx_status slope(const compiler *c, const jx_val *v, jx_profile *pr) {
    static const struct {
        const char *name;
        bool slopes;
        jx_slope_law law;
        unsigned modes;
    } laws[] = {{"none", false, JX_SLOPE_WALK_TOBLER, 7},
                {"tobler", true, JX_SLOPE_WALK_TOBLER, 1u << JX_WALK},
                {"bike_power", true, JX_SLOPE_BIKE_POWER, 1u << JX_BIKE}};
    const jx_val *at = jx_val_get(v, "slope");
    const char *name = NULL;
    JX_TRY(jx_cfg_str(c->ctx, c->doc, v, "slope", &name));
    for (size_t i = 0; name && i < sizeof laws / sizeof *laws; i++) {
        if (strcmp(name, laws[i].name) == 0 && (laws[i].modes & (1u << pr->mode))) {
            pr->slopes = laws[i].slopes;
            pr->slope_law = laws[i].law;
            return JX_OK;
        }
    }
    return name ? bad(c, at, N_("'slope' is tobler for walking, bike_power for cycling, or none")) : JX_OK;
}

static jx_status terrain(const compiler *c, const jx_val *v) {
    static const char *const known[] = {"smooth_m", "step_m", "level_slope", NULL};
    if (!v) {
        return JX_OK;
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, v, known));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, v, "smooth_m", 0, 1000, &c->p->smooth_m));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, v, "step_m", 5, 1000, &c->p->step_m));
    return jx_cfg_real(c->ctx, c->doc, v, "level_slope", 0.01, 1, &c->p->level_slope);
}

static jx_status mode(const compiler *c, const jx_val *v, const jx_val *groups, jx_mode m) {
    static const char *const known[] = {"access", "speed", "surface", "oneway", "ferry_needs_tag", "maxspeed_factor", "tag_allowed", "offroad", "island_km", "slope", "turns", NULL};
    static const char *const known_turns[] = {"u_turn", "sharp", "sharp_angle", NULL};
    static const char *const known_offroad[] = {"speed", "max_m", "detour", NULL};
    jx_profile *pr = &c->p->mode[m];
    pr->mode = m;
    JX_TRY(jx_cfg_known(c->ctx, c->doc, v, known));
    const jx_val *access = jx_val_get(v, "access"), *off = jx_val_get(v, "offroad");
    if (!access || access->type != JX_VAL_SEQ || access->n > JX__MAX_ACCESS_KEYS) {
        return bad(c, access ? access : v, N_("'access' is a list of at most 8 tag keys"));
    }
    for (uint32_t i = 0; i < access->n; i++) {
        JX_TRY(keep(c, jx_val_str(access->items[i], ""), &c->p->access_key[m][i]));
    }
    c->p->n_access_keys[m] = access->n;
    JX_TRY(speeds(c, jx_val_get(v, "speed"), pr->speed_kmh));
    JX_TRY(slope(c, v, pr));
    JX_TRY(surfaces_of_mode(c, jx_val_get(v, "surface"), groups, pr));
    JX_TRY(jx_cfg_bool(c->ctx, c->doc, v, "oneway", &c->p->obeys_oneway[m]));
    JX_TRY(jx_cfg_bool(c->ctx, c->doc, v, "ferry_needs_tag", &c->p->ferry_needs_tag[m]));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, v, "maxspeed_factor", 0, 2, &pr->maxspeed_factor));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, v, "tag_allowed", 0.1, 250, &pr->tag_allowed_kmh));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, v, "island_km", 0, 1000, &pr->island_km));
    const jx_val *turns = jx_val_get(v, "turns");
    if (turns && m != JX_CAR) {
        return bad(c, turns, N_("only cars have 'turns'"));
    }
    if (turns) {
        JX_TRY(jx_cfg_known(c->ctx, c->doc, turns, known_turns));
        JX_TRY(jx_cfg_real(c->ctx, c->doc, turns, "u_turn", 0, 3600, &pr->u_turn_s));
        JX_TRY(jx_cfg_real(c->ctx, c->doc, turns, "sharp", 0, 600, &pr->sharp_s));
        JX_TRY(jx_cfg_real(c->ctx, c->doc, turns, "sharp_angle", 1, 179, &pr->sharp_deg));
    }
    if (!off) {
        return bad(c, v, N_("'offroad' is missing"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, off, known_offroad));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, off, "speed", 0.1, 50, &pr->offroad_kmh));
    JX_TRY(jx_cfg_real(c->ctx, c->doc, off, "max_m", 0, 50000, &pr->offroad_max_m));
    return jx_cfg_real(c->ctx, c->doc, off, "detour", 1, 5, &pr->offroad_detour);
}

static jx_status barriers(const compiler *c, const jx_val *v) {
    if (!v || v->type != JX_VAL_MAP) {
        return bad(c, v, N_("'barriers' is a map of modes to lists of barrier values"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, v, mode_names));
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_val *list = jx_val_get(v, mode_names[m]);
        if (list) {
            JX_TRY(add_words(c, &c->p->barrier, NULL, list, 1u << m));
        }
    }
    return JX_OK;
}

static jx_status compile(const compiler *c) {
    static const char *const known[] = {"about", "surfaces", "access_values", "barriers", "oneway", "terrain", "modes", NULL};
    static const char *const known_access[] = {"yes", "no", NULL};
    static const char *const known_oneway[] = {"implied", "bike_free", NULL};
    const jx_val *root = c->doc->root, *groups = jx_val_get(root, "surfaces"), *modes = jx_val_get(root, "modes");
    const jx_val *access = jx_val_get(root, "access_values"), *oneway = jx_val_get(root, "oneway");
    JX_TRY(jx_cfg_known(c->ctx, c->doc, root, known));
    if (!groups || groups->type != JX_VAL_MAP || groups->n >= JX_N_SURFACES) {
        return bad(c, groups, N_("'surfaces' is a map of at most 11 groups"));
    }
    for (uint32_t g = 0; g < groups->n; g++) {
        JX_TRY(add_tag_map(c, &c->p->surface, groups->items[g], g + 1));
    }
    if (!access || !oneway || !modes) {
        return bad(c, root, N_("'access_values', 'oneway' or 'modes' is missing"));
    }
    JX_TRY(jx_cfg_known(c->ctx, c->doc, access, known_access));
    JX_TRY(add_words(c, &c->p->access, NULL, jx_val_get(access, "yes"), 1));
    JX_TRY(add_words(c, &c->p->access, NULL, jx_val_get(access, "no"), 0));
    JX_TRY(jx_cfg_known(c->ctx, c->doc, oneway, known_oneway));
    JX_TRY(add_tag_map(c, &c->p->oneway_implied, jx_val_get(oneway, "implied"), 1));
    JX_TRY(add_tag_map(c, &c->p->oneway_free, jx_val_get(oneway, "bike_free"), 1));
    JX_TRY(barriers(c, jx_val_get(root, "barriers")));
    JX_TRY(terrain(c, jx_val_get(root, "terrain")));
    JX_TRY(jx_cfg_known(c->ctx, c->doc, modes, mode_names));
    for (int m = 0; m < JX_N_MODES; m++) {
        const jx_val *v = jx_val_get(modes, mode_names[m]);
        if (!v) {
            return bad(c, modes, N_("a mode is missing: walk, bike and car are needed"));
        }
        JX_TRY(mode(c, v, groups, (jx_mode)m));
    }
    return JX_OK;
}

jx_status jx_profiles_compile(jx_ctx *ctx, const jx_doc *doc, jx_profiles **out) {
    jx_profiles *p = jx_calloc(ctx, 1, sizeof *p);
    if (!p) {
        return JX_E_NOMEM;
    }
    for (int m = 0; m < JX_N_MODES; m++) {
        p->mode[m] = (jx_profile){.tag_allowed_kmh = 4,
                                  .offroad_kmh = 2.5,
                                  .offroad_max_m = 1000,
                                  .offroad_detour = 1.3,
                                  .island_km = 1,
                                  .u_turn_s = m == JX_CAR ? 20 : 0,
                                  .sharp_deg = 60};
    }
    p->mode[JX_WALK].slopes = p->mode[JX_BIKE].slopes = true;
    p->mode[JX_BIKE].slope_law = JX_SLOPE_BIKE_POWER;
    p->smooth_m = 150;
    p->step_m = 50;
    p->level_slope = 0.15;
    const compiler c = {ctx, doc, p};
    p->arena = jx_arena_new(ctx);
    jx_status st = p->arena ? compile(&c) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_profiles_free(ctx, p);
        return st;
    }
    *out = p;
    return JX_OK;
}

void jx_profiles_free(jx_ctx *ctx, jx_profiles *p) {
    if (p) {
        jx_vec_free(ctx, &p->access);
        jx_vec_free(ctx, &p->surface);
        jx_vec_free(ctx, &p->barrier);
        jx_vec_free(ctx, &p->oneway_free);
        jx_vec_free(ctx, &p->oneway_implied);
        jx_arena_free(ctx, p->arena);
        jx_free(ctx, p);
    }
}

const jx_profile *jx_profiles_get(const jx_profiles *p, jx_mode m) { return &p->mode[m]; }
