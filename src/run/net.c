/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A network opened for the `net` verbs: input -> streets -> hierarchy -> times of one mode; and points of the command line. */
#include "run/net.h"

jx_status jx__net_mode(jx_ctx *ctx, const jx_args *args, jx_mode *mode) {
    const char *name = jx_args_get(args, "mode");
    *mode = JX_CAR;
    return !name || jx_mode_parse(name, mode) ? JX_OK : JX_FAIL(ctx, ARG_CHOICE, JX_S("mode"), JX_S(name), JX_S("walk|bike|car"));
}

jx_status jx__net_hierarchy(jx_ctx *ctx, const jx_network *net, jx_hierarchy **out) {
    jx_graph g = jx_network_graph(net);
    return jx_hierarchy_of(ctx, &g, jx_metis_dissect, NULL, out);
}

jx_status jx__net_build_streets(jx_ctx *ctx, jx__net *n) {
    jx_extract *x = NULL;
    jx_progress(ctx, N_("reading the extract"), 0, 0);
    JX_TRY(jx__job_extract(ctx, &n->job, &x));
    n->data_box = x->data_box;
    jx_progress(ctx, N_("building the network"), 0, 0);
    jx_status st = jx_profiles_compile(ctx, &n->job.profiles, &n->profiles);
    if (st == JX_OK) {
        st = jx_network_build(ctx, x, n->profiles, &n->net);
    }
    jx_extract_free(ctx, x);
    JX_TRY(st);
    JX_TRY(jx_poll(ctx));
    return jx__net_hierarchy(ctx, n->net, &n->plain_h);
}

/* Streets of a snapshot: no extract is read. */
static jx_status borrow_streets(jx_ctx *ctx, jx_snapshot *s, jx__net *n) {
    n->data_box = s->data_box;
    n->profiles = s->profiles; /* compiled once is enough */
    s->profiles = NULL;
    JX_TRY(jx_network_borrow(ctx, s->net, &n->net));
    jx_network_tell(ctx, n->net);
    return jx_hierarchy_borrow(ctx, s->h, &n->plain_h);
}

/* INPUT is a snapshot itself. Profiles, when named, must be those it was built with: access and surfaces are in it. */
static jx_status open_snapshot(jx_ctx *ctx, const jx_args *args, jx__net *n) {
    const char *path = args->input[0], *profiles = jx_args_get(args, "profiles");
    char key[JX_SNAPSHOT_KEY + 1];
    if (jx_args_get(args, "network")) {
        return JX_FAIL(ctx, NET_NETWORK_TWICE, JX_S(path));
    }
    const char *turns = jx_args_get(args, "turns");
    n->job.dem_path = jx_args_get(args, "dem");
    n->job.cfg.no_turns = turns && strcmp(turns, "off") == 0;
    JX_TRY(jx_snapshot_load(ctx, path, &n->job.network));
    jx_snapshot *s = n->job.network.snapshot;
    if (profiles) {
        JX_TRY(jx_yaml_file(ctx, profiles, &n->job.profiles));
        JX_TRY(jx_snapshot_key(ctx, s->extract_sha256, &n->job.profiles, key));
        JX_TRY(jx_snapshot_match(ctx, path, s, key));
    }
    return borrow_streets(ctx, s, n);
}

static jx_status open_streets(jx_ctx *ctx, const jx_args *args, jx__net *n) {
    bool snapshot = false;
    JX_TRY(jx__is_snapshot(ctx, args->input[0], &snapshot));
    if (snapshot) {
        return open_snapshot(ctx, args, n);
    }
    JX_TRY(jx__job_load(ctx, args, false, &n->job));
    JX_TRY(jx__job_network(ctx, args, &n->job));
    return n->job.network.snapshot ? borrow_streets(ctx, n->job.network.snapshot, n) : jx__net_build_streets(ctx, n);
}

/* The edited network in the place of the one that was read. */
static jx_status open_scenario(jx_ctx *ctx, const char *path, jx__net *n) {
    jx__scenario_base b = {.net = n->net, .metric = n->metric, .profiles = n->profiles, .profile = n->profile, .terrain = n->terrain, .h = n->plain_h};
    b.turns = !n->job.cfg.no_turns && jx_turns_matter(n->net, n->profile);
    if (!b.turns) {
        JX_TRY(jx_times_new(ctx, n->plain_h, n->metric->time_ms, &n->base_times));
        b.times = n->base_times;
    }
    JX_TRY(jx__scenario_open(ctx, path, &b, &n->scenario));
    n->edited = n->scenario.edited;
    n->road = n->scenario.road;
    n->road_metric = n->scenario.road_metric;
    n->times = n->scenario.times;
    n->h = n->scenario.times->h;
    return JX_OK;
}

jx_status jx__net_open(jx_ctx *ctx, const jx_args *args, jx__net *n) {
    JX_TRY(jx__net_mode(ctx, args, &n->mode));
    JX_TRY(open_streets(ctx, args, n));
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx__job_ground(ctx, &n->job, n->data_box));
    if (n->job.cfg.dem) {
        JX_TRY(jx_terrain_new(ctx, n->job.cfg.dem, n->profiles, &n->terrain));
    }
    n->profile = jx_profiles_get(n->profiles, n->mode);
    JX_TRY(jx_metric_new_on(ctx, n->net, n->profile, n->terrain, &n->metric));
    JX_TRY(jx_poll(ctx));
    if (jx_args_get(args, "edits")) {
        return open_scenario(ctx, jx_args_get(args, "edits"), n);
    }
    n->road = n->net;
    n->road_metric = n->metric;
    n->h = n->plain_h;
    if (!n->job.cfg.no_turns && jx_turns_matter(n->net, n->profile)) {
        JX_TRY(jx_turned_new(ctx, n->net, n->metric, n->profile, &n->turned, &n->turned_metric));
        n->road = n->turned;
        JX_TRY(jx_turned_hierarchy(ctx, n->turned, n->plain_h, &n->turned_h));
        n->road_metric = n->turned_metric;
        n->h = n->turned_h;
    }
    return jx_times_new(ctx, n->h, n->road_metric->time_ms, &n->times);
}

void jx__net_release(jx_ctx *ctx, jx__net *n) {
    if (n->times != n->scenario.times) {
        jx_times_free(ctx, n->times);
    }
    jx__scenario_release(ctx, &n->scenario);
    jx_times_free(ctx, n->base_times);
    jx_hierarchy_free(ctx, n->turned_h);
    jx_hierarchy_free(ctx, n->plain_h);
    jx_metric_free(ctx, n->turned_metric);
    jx_network_free(ctx, n->turned);
    jx_metric_free(ctx, n->metric);
    jx_terrain_free(ctx, n->terrain);
    jx_network_free(ctx, n->net);
    jx_profiles_free(ctx, n->profiles);
    jx__job_release(ctx, &n->job);
}

/* ---- points ------------------------------------------------------------------------------------------------------------------ */

jx_crs jx__net_crs(const jx_args *args) {
    const char *crs = jx_args_get(args, "crs");
    return crs ? jx_crs_parse(crs) : JX_CRS_WGS84;
}

static bool make_point(jx_crs crs, double lon, double lat, jx_pt *out) {
    if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) {
        return false;
    }
    jx_to_wgs84(crs, &lon, &lat);
    return jx_pt_from_deg(lon, lat, out);
}

jx_status jx__net_point(jx_ctx *ctx, const jx_args *args, const char *key, jx_pt *out) {
    const char *s = jx_args_get(args, key), *comma = s ? strchr(s, ',') : NULL;
    double lon, lat;
    if (!s) {
        return JX_FAIL(ctx, NET_POINT_MISSING, JX_S(key));
    }
    if (!comma || !jx_parse_double(s, (size_t)(comma - s), &lon) || !jx_parse_double(comma + 1, strlen(comma + 1), &lat) ||
        !make_point(jx__net_crs(args), lon, lat, out)) {
        return JX_FAIL(ctx, NET_POINT_BAD, JX_S(key), JX_S(s));
    }
    return JX_OK;
}

static jx_status read_places(jx_ctx *ctx, const jx_text_table *t, jx_crs crs, jx__net_places *out) {
    static const char *const lon_names[] = {"lon", "lng", "long", "longitude", "x", "经度", NULL};
    static const char *const lat_names[] = {"lat", "latitude", "y", "纬度", NULL};
    static const char *const name_names[] = {"id", "name", "名称", "编号", NULL};
    uint32_t lon = jx_text_table_col(t, lon_names), lat = jx_text_table_col(t, lat_names), name = jx_text_table_col(t, name_names);
    if (lon == JX_NONE || lat == JX_NONE) {
        return JX_FAIL(ctx, NET_NO_COLUMN, JX_S(t->file));
    }
    out->pt = jx_malloc(ctx, t->n_rows, sizeof *out->pt);
    out->name = jx_calloc(ctx, t->n_rows, sizeof *out->name);
    if (!out->pt || !out->name) {
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < t->n_rows; r++) {
        double x, y;
        JX_TRY(jx_text_table_real(ctx, t, r, lon, &x));
        JX_TRY(jx_text_table_real(ctx, t, r, lat, &y));
        if (!make_point(crs, x, y, &out->pt[r])) {
            return JX_FAIL_ROW(ctx, t->file, t->row_no[r], NET_ROW_BAD, JX_R(x, 7), JX_R(y, 7));
        }
        jx_buf b;
        jx_buf_init(&b, ctx);
        jx_buf_fmt(&b, "%u", r + 1);
        jx_status st = jx_buf_ok(&b);
        const char *text = name == JX_NONE ? b.s : t->cell[(size_t)r * t->n_cols + name];
        out->name[r] = st == JX_OK ? jx_strdup(ctx, text) : NULL;
        jx_buf_release(&b);
        if (!out->name[r]) {
            return JX_E_NOMEM;
        }
        out->n = r + 1;
    }
    return JX_OK;
}

jx_status jx__net_places_read(jx_ctx *ctx, const jx_args *args, const char *key, jx__net_places *out) {
    const char *path = jx_args_get(args, key);
    jx_text_table t;
    if (!path) {
        return JX_FAIL(ctx, NET_PLACES_MISSING, JX_S(key));
    }
    JX_TRY(jx_table_read(ctx, path, JX_ENC_AUTO, NULL, &t));
    jx_status st = t.n_rows == 0 ? JX_FAIL(ctx, NET_NO_ROWS, JX_S(path)) : read_places(ctx, &t, jx__net_crs(args), out);
    jx_text_table_release(ctx, &t);
    return st;
}

void jx__net_places_release(jx_ctx *ctx, jx__net_places *p) {
    for (uint32_t i = 0; p->name && i < p->n; i++) {
        jx_free(ctx, p->name[i]);
    }
    jx_free(ctx, p->name);
    jx_free(ctx, p->pt);
    *p = (jx__net_places){0};
}

jx_status jx__net_joints(jx_ctx *ctx, const jx__net *n, const jx_pt *pts, uint32_t count, jx_joints *out) {
    jx_snap *snap = jx_malloc(ctx, count, sizeof *snap);
    *out = (jx_joints){0};
    jx_status st = snap ? jx_snap_all(ctx, n->net, n->metric, n->profile, pts, count, snap) : JX_E_NOMEM;
    if (st == JX_OK && n->edited) {
        st = jx_edited_joints(ctx, n->edited, n->scenario.metric, n->profile, pts, snap, count, out);
    } else if (st == JX_OK) {
        *out = (jx_joints){.n = count, .n_all = count, .snap = snap};
        return JX_OK;
    }
    jx_free(ctx, snap);
    return st;
}

jx_status jx__net_joints_one(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, jx_joints *out) {
    jx_pt p;
    JX_TRY(jx__net_point(ctx, args, key, &p));
    JX_TRY(jx__net_joints(ctx, n, &p, 1, out));
    if (jx__net_stands(out, 0)) {
        return JX_OK;
    }
    jx_pt turned;
    if (jx_pt_from_deg(jx_deg(p.lat), jx_deg(p.lon), &turned)) {
        jx_snap s;
        JX_TRY(jx_snap_all(ctx, n->net, n->metric, n->profile, &turned, 1, &s));
        if (s.edge != JX_NONE) {
            return JX_FAIL(ctx, NET_TURNED, JX_S(jx_args_get(args, key)), JX_S(key));
        }
    }
    return JX_FAIL(ctx, NET_OFF, JX_S(jx_args_get(args, key)), JX_I((int64_t)n->profile->offroad_max_m));
}

bool jx__net_stands(const jx_joints *j, uint32_t i) {
    bool on = j->snap[i].edge != JX_NONE;
    for (uint32_t k = j->n; !on && k < j->n_all; k++) {
        on = j->owner[k - j->n] == i && j->snap[k].edge != JX_NONE;
    }
    return on;
}

jx_status jx__net_joints_places(jx_ctx *ctx, const jx__net *n, const jx_args *args, const char *key, const jx__net_places *p, jx_joints *out) {
    uint32_t off = 0, first = JX_NONE;
    JX_TRY(jx__net_joints(ctx, n, p->pt, p->n, out));
    for (uint32_t i = 0; i < p->n; i++) {
        if (!jx__net_stands(out, i)) {
            first = off++ == 0 ? i : first;
        }
    }
    if (!off) {
        return JX_OK;
    }
    const char *file = jx_args_get(args, key);
    if (off == p->n) {
        return JX_FAIL(ctx, NET_ALL_OFF, JX_S(file), JX_I((int64_t)n->profile->offroad_max_m));
    }
    JX_WARN(ctx, NET_SOME_OFF, JX_S(file), JX_I(off), JX_I(p->n), JX_S(p->name[first]), JX_I((int64_t)n->profile->offroad_max_m));
    return JX_OK;
}
