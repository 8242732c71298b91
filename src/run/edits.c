/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Scenarios on the command line: `--edits FILE.yaml` -> a list of edits -> the edited network behind a `net` verb. The file is described
 * in docs/edits.md.
 */
#include "run/net.h"

enum { NEAR_M = 100, JOIN_M = 50, MAX_POINTS = 10000 };

typedef struct reader {
    jx_ctx *ctx;
    const jx_doc *doc;
    const jx_network *net;
    const jx_profiles *profiles;
    jx_overlay *out;
    jx_crs crs;
    JX_VEC(const char *) roads; /* ids, by number of the road; NULL: none */
    JX_VEC(jx_pt) pts;
} reader;

/* ---- values --------------------------------------------------------------------------------------------------------------------- */

static jx_status point(const reader *r, const jx_val *v, uint32_t line, const char *key, jx_pt *out) {
    bool two = v && v->type == JX_VAL_SEQ && v->n == 2;
    for (uint32_t i = 0; two && i < 2; i++) {
        two = v->items[i]->type == JX_VAL_REAL || v->items[i]->type == JX_VAL_INT;
    }
    double lon = two ? v->items[0]->r : 999, lat = two ? v->items[1]->r : 999;
    if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v ? v->line : line, EDITS_POINT, JX_S(key));
    }
    jx_to_wgs84(r->crs, &lon, &lat);
    return jx_pt_from_deg(lon, lat, out) ? JX_OK : JX_FAIL_ROW(r->ctx, r->doc->name, v->line, EDITS_POINT, JX_S(key));
}

/* `modes: [walk, car]`, `modes: car`; missing: def. Bits of both directions. */
static jx_status modes(const reader *r, const jx_val *map, uint8_t def, uint8_t *out) {
    const jx_val *v = jx_val_get(map, "modes");
    uint32_t n = !v ? 0 : v->type == JX_VAL_SEQ ? v->n : 1;
    *out = v ? 0 : def;
    for (uint32_t i = 0; i < n; i++) {
        const jx_val *one = v->type == JX_VAL_SEQ ? v->items[i] : v;
        jx_mode m;
        if (!jx_mode_parse(jx_val_str(one, ""), &m)) {
            return JX_FAIL_ROW(r->ctx, r->doc->name, one->line, EDITS_WORD, JX_S("modes"), JX_S(jx_val_str(one, "")), JX_S("walk, bike, car"));
        }
        *out |= (uint8_t)(JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true));
    }
    return v && !*out ? JX_FAIL_ROW(r->ctx, r->doc->name, v->line, EDITS_WORD, JX_S("modes"), JX_S(""), JX_S("walk, bike, car")) : JX_OK;
}

static jx_status direction(const reader *r, const jx_val *map, uint8_t *access) {
    const char *s = "both";
    JX_TRY(jx_cfg_str(r->ctx, r->doc, map, "direction", &s));
    if (strcmp(s, "forward") == 0) {
        *access &= 21;
    } else if (strcmp(s, "backward") == 0) {
        *access &= 42;
    } else if (strcmp(s, "both") != 0) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, jx_val_get(map, "direction")->line, EDITS_WORD, JX_S("direction"), JX_S(s), JX_S("forward, backward, both"));
    }
    return JX_OK;
}

/* ---- streets ------------------------------------------------------------------------------------------------------------------------ */

static jx_status road_by_id(const reader *r, const jx_val *v, uint32_t *road) {
    for (size_t i = r->roads.n; i-- > 0;) {
        if (r->roads.v[i] && strcmp(r->roads.v[i], jx_val_str(v, "")) == 0) {
            *road = (uint32_t)i;
            return JX_OK;
        }
    }
    return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, EDITS_NO_ROAD, JX_S(jx_val_str(v, "")));
}

/* An edit on all streets that `way`, `near` and `road` name. */
static jx_status on_streets(const reader *r, const jx_val *map, uint32_t line, jx_edit e) {
    const jx_val *near = jx_val_get(map, "near"), *road = jx_val_get(map, "road");
    int64_t way = 0;
    jx_pt p;
    JX_TRY(jx_cfg_int(r->ctx, r->doc, map, "way", 1, INT64_MAX, &way));
    e.row = line;
    e.edge = JX_NONE;
    if (road) {
        JX_TRY(road_by_id(r, road, &e.road));
        return jx_overlay_add(r->ctx, r->out, &e);
    }
    if (near) {
        double gap;
        JX_TRY(point(r, near, line, "near", &p));
        /* what is to be opened is closed now */
        e.edge = jx_network_nearest_edge(r->net, p, e.kind == JX_EDIT_OPEN ? 0 : e.access, way, way ? 1e6 : NEAR_M, &gap);
        return e.edge == JX_NONE ? JX_FAIL_ROW(r->ctx, r->doc->name, line, EDITS_NO_STREET, JX_I(way)) : jx_overlay_add(r->ctx, r->out, &e);
    }
    if (!way) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, line, EDITS_WHICH, JX_S("way, near, road"));
    }
    bool any = false;
    for (uint32_t k = 0; k < r->net->n_edges; k++) {
        if (r->net->way_id[k] == way && r->net->cls[k] != JX_ROAD_BARRIER) {
            any = true;
            e.edge = k;
            JX_TRY(jx_overlay_add(r->ctx, r->out, &e));
        }
    }
    return any ? JX_OK : JX_FAIL_ROW(r->ctx, r->doc->name, line, EDITS_NO_STREET, JX_I(way));
}

static jx_status read_access(const reader *r, const jx_val *map, uint32_t line, jx_edit_kind kind) {
    static const char *const keys[] = {"way", "near", "road", "modes", "direction", NULL};
    jx_edit e = {.kind = kind};
    JX_TRY(jx_cfg_known(r->ctx, r->doc, map, keys));
    JX_TRY(modes(r, map, JX_ACCESS_ALL, &e.access));
    JX_TRY(direction(r, map, &e.access));
    return on_streets(r, map, line, e);
}

static jx_status read_speed(const reader *r, const jx_val *map, uint32_t line) {
    static const char *const keys[] = {"way", "near", "road", "modes", "direction", "kmh", "factor", NULL};
    jx_edit e = {.kind = JX_EDIT_SPEED};
    JX_TRY(jx_cfg_known(r->ctx, r->doc, map, keys));
    JX_TRY(modes(r, map, JX_CAR_FWD | JX_CAR_BWD, &e.access));
    JX_TRY(direction(r, map, &e.access));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, map, "kmh", 0.1, 1000, &e.kmh));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, map, "factor", 0.01, 100, &e.factor));
    return on_streets(r, map, line, e);
}

/* ---- roads, joints -------------------------------------------------------------------------------------------------------------------- */

static jx_status road_class(const reader *r, const jx_val *map, uint8_t *cls) {
    const char *s = "unclassified";
    JX_TRY(jx_cfg_str(r->ctx, r->doc, map, "class", &s));
    for (int c = 0; c < JX_ROAD_FERRY; c++) {
        if (strcmp(s, jx_road_class_name((jx_road_class)c)) == 0) {
            *cls = (uint8_t)c;
            return JX_OK;
        }
    }
    return JX_FAIL_ROW(r->ctx, r->doc->name, jx_val_get(map, "class")->line, EDITS_WORD, JX_S("class"), JX_S(s),
                       JX_S("trunk, primary, secondary, tertiary, unclassified, residential, service, track, footway, cycleway, path ..."));
}

static jx_status read_road(reader *r, const jx_val *map, uint32_t line) {
    static const char *const keys[] = {"points", "class", "limit_kmh", "modes", "oneway", "name", "id", "join_m", NULL};
    jx_edit e = {.kind = JX_EDIT_ROAD, .row = line, .join_m = JOIN_M};
    const char *id = NULL;
    int64_t limit = 0;
    bool oneway = false;
    const jx_val *points = jx_val_get(map, "points");
    JX_TRY(jx_cfg_known(r->ctx, r->doc, map, keys));
    JX_TRY(jx_cfg_str(r->ctx, r->doc, map, "name", &e.name));
    JX_TRY(jx_cfg_str(r->ctx, r->doc, map, "id", &id));
    JX_TRY(jx_cfg_real(r->ctx, r->doc, map, "join_m", 0, 5000, &e.join_m));
    JX_TRY(jx_cfg_int(r->ctx, r->doc, map, "limit_kmh", 1, 254, &limit));
    JX_TRY(jx_cfg_bool(r->ctx, r->doc, map, "oneway", &oneway));
    JX_TRY(road_class(r, map, &e.cls));
    e.maxspeed = (uint8_t)limit;
    uint8_t usual = 0;
    for (int m = 0; m < JX_N_MODES; m++) { /* who may use a street of that class when no tag says otherwise */
        bool may = jx_profiles_get(r->profiles, (jx_mode)m)->speed_kmh[e.cls] > 0;
        usual = (uint8_t)(usual | (may ? JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true) : 0u));
    }
    JX_TRY(modes(r, map, usual, &e.access));
    e.access &= oneway ? (uint8_t) ~(JX_BIKE_BWD | JX_CAR_BWD) : JX_ACCESS_ALL; /* walkers go both ways */
    r->pts.n = 0;
    if (!points || points->type != JX_VAL_SEQ || points->n < 2 || points->n > MAX_POINTS) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, line, EDITS_POINT, JX_S("points"));
    }
    for (uint32_t i = 0; i < points->n; i++) {
        jx_pt p;
        JX_TRY(point(r, points->items[i], line, "points", &p));
        JX_TRY(jx_vec_push(r->ctx, &r->pts, p));
    }
    e.pts = r->pts.v;
    e.n_pts = (uint32_t)r->pts.n;
    JX_TRY(jx_overlay_add(r->ctx, r->out, &e));
    return jx_vec_push(r->ctx, &r->roads, id);
}

static jx_status read_joint(const reader *r, const jx_val *map, uint32_t line) {
    static const char *const keys[] = {"place", "at", NULL};
    jx_edit e = {.kind = JX_EDIT_JOINT, .row = line, .on = true};
    JX_TRY(jx_cfg_known(r->ctx, r->doc, map, keys));
    JX_TRY(point(r, jx_val_get(map, "place"), line, "place", &e.place));
    JX_TRY(point(r, jx_val_get(map, "at"), line, "at", &e.at));
    return jx_overlay_add(r->ctx, r->out, &e);
}

/* ---- the file --------------------------------------------------------------------------------------------------------------------------- */

static jx_status read_edit(reader *r, const jx_val *v) {
    static const char *const keys[] = {"close", "open", "speed", "road", "joint", NULL};
    if (v->type != JX_VAL_MAP || v->n != 1 || v->items[0]->type != JX_VAL_MAP) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, v->line, EDITS_SHAPE, JX_S("close, open, speed, road, joint"));
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, v, keys));
    const jx_val *map = v->items[0];
    const char *what = v->keys[0];
    uint32_t line = v->key_lines ? v->key_lines[0] : v->line;
    return strcmp(what, "close") == 0   ? read_access(r, map, line, JX_EDIT_CLOSE)
           : strcmp(what, "open") == 0  ? read_access(r, map, line, JX_EDIT_OPEN)
           : strcmp(what, "speed") == 0 ? read_speed(r, map, line)
           : strcmp(what, "road") == 0  ? read_road(r, map, line)
                                        : read_joint(r, map, line);
}

static jx_status read_all(reader *r) {
    static const char *const keys[] = {"title", "crs", "edits", NULL};
    const jx_val *root = r->doc->root, *list = jx_val_get(root, "edits");
    const char *crs = "wgs84";
    if (!root || root->type != JX_VAL_MAP || !list || list->type != JX_VAL_SEQ) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, root ? root->line : 1, EDITS_SHAPE, JX_S("close, open, speed, road, joint"));
    }
    JX_TRY(jx_cfg_known(r->ctx, r->doc, root, keys));
    JX_TRY(jx_cfg_str(r->ctx, r->doc, root, "crs", &crs));
    r->crs = jx_crs_parse(crs);
    if (r->crs == JX_CRS_UNKNOWN) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, jx_val_get(root, "crs")->line, CRS_UNKNOWN, JX_S(crs));
    }
    for (uint32_t i = 0; i < list->n; i++) {
        JX_TRY(read_edit(r, list->items[i]));
    }
    return JX_OK;
}

jx_status jx__edits_compile(jx_ctx *ctx, const jx_doc *doc, const jx_network *net, const jx_profiles *p, jx_overlay **out) {
    reader r = {.ctx = ctx, .doc = doc, .net = net, .profiles = p};
    JX_TRY(jx_overlay_new(ctx, doc->name, &r.out));
    jx_status st = read_all(&r);
    jx_vec_free(ctx, &r.roads);
    jx_vec_free(ctx, &r.pts);
    if (st != JX_OK) {
        jx_overlay_free(ctx, r.out);
        return st;
    }
    *out = r.out;
    return JX_OK;
}

jx_status jx__edits_apply(jx_ctx *ctx, const char *path, const jx_network *net, const jx_profiles *p, jx_edited **out) {
    jx_doc doc;
    jx_overlay *o = NULL;
    JX_TRY(jx_yaml_file(ctx, path, &doc));
    jx_status st = jx__edits_compile(ctx, &doc, net, p, &o);
    if (st == JX_OK) {
        st = jx_edited_new(ctx, net, p, o, out);
    }
    if (st == JX_OK) {
        uint32_t joined = 0;
        for (uint32_t i = 0; i < (*out)->n_roads; i++) {
            for (int k = 0; k < 2; k++) {
                joined += (*out)->ends[i][k].edge != JX_NONE || (*out)->ends[i][k].road != JX_NONE ? 1 : 0;
            }
        }
        JX_NOTE(ctx, EDITS_APPLIED, JX_I(jx_overlay_count(o)), JX_I((*out)->n_roads), JX_I(joined), JX_I(2 * (int64_t)(*out)->n_roads));
    }
    jx_overlay_free(ctx, o);
    jx_doc_release(ctx, &doc);
    return st;
}

/* ---- opened ------------------------------------------------------------------------------------------------------------------------------- */

jx_status jx__scenario_open(jx_ctx *ctx, const char *path, const jx__scenario_base *b, jx__scenario *s) {
    JX_TRY(jx__edits_apply(ctx, path, b->net, b->profiles, &s->edited));
    JX_TRY(jx_edited_metric(ctx, s->edited, b->profile, b->terrain, b->metric, &s->metric));
    s->road = s->edited->net;
    s->road_metric = s->metric;
    JX_TRY(jx_edited_hierarchy(ctx, s->edited, b->h, &s->h));
    const jx_hierarchy *h = s->h ? s->h : b->h;
    if (!b->turns) {
        return jx_edited_times(ctx, s->edited, b->times, h, s->metric, &s->times);
    }
    JX_TRY(jx_edited_cut_init(ctx, s->edited, s->metric, &s->cut));
    JX_TRY(jx_turned_new(ctx, &s->cut.net, &s->cut.metric, b->profile, &s->turned, &s->turned_metric));
    s->road = s->turned;
    s->road_metric = s->turned_metric;
    JX_TRY(jx_turned_hierarchy(ctx, s->turned, h, &s->turned_h));
    return jx_times_new(ctx, s->turned_h, s->road_metric->time_ms, &s->times);
}

void jx__scenario_release(jx_ctx *ctx, jx__scenario *s) {
    jx_times_free(ctx, s->times);
    jx_hierarchy_free(ctx, s->turned_h);
    jx_hierarchy_free(ctx, s->h);
    jx_metric_free(ctx, s->turned_metric);
    jx_network_free(ctx, s->turned);
    jx_edited_cut_release(ctx, &s->cut);
    jx_metric_free(ctx, s->metric);
    jx_edited_free(ctx, s->edited);
    *s = (jx__scenario){0};
}
