/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian net route|matrix|isochrone|load`: the network engine by hand. Text or JSON on standard output, files with -o. */
#include "run/net.h"

/* Minutes with one decimal, as people read travel times. */
static double minutes(uint32_t ms) { return (double)ms / 60000.0; }

static jx_status write_out(jx_ctx *ctx, const jx_args *args, jx_buf *b) {
    const char *path = jx_args_get(args, "output");
    JX_TRY(jx_buf_ok(b));
    return path ? jx_file_write(ctx, path, b->s, b->n) : JX_OK;
}

/* Whole minutes without decimals, others as they are. */
static void band_minutes(jx_buf *b, uint32_t ms) { jx_buf_fixed(b, minutes(ms), ms % 60000 == 0 ? 0 : ms % 6000 == 0 ? 1 : 2); }

static const char *street_name(const jx_network *net, uint32_t e) { return net->name[e] == JX_NONE ? NULL : net->names + net->name[e]; }

/* ---- route --------------------------------------------------------------------------------------------------------------------- */

static void route_legs(const jx__net *n, const jx_route *r, jx_result *res, jx_json *j) {
    const jx_network *net = jx_plain(n->road); /* with new roads, if there are any */
    jx_json_key(j, "streets"), jx_json_arr(j);
    for (uint32_t i = 0; i < r->n_legs;) { /* stretches of one name together; a barrier passed is no street */
        if (r->leg[i].time_ms == 0 && r->leg[i].begin_mm == r->leg[i].end_mm) {
            i++;
            continue;
        }
        const char *name = street_name(net, r->leg[i].edge);
        uint8_t cls = net->cls[r->leg[i].edge];
        uint64_t mm = 0, ms = 0;
        for (; i < r->n_legs; i++) {
            const char *next = street_name(net, r->leg[i].edge);
            if ((name == NULL) != (next == NULL) || (name && strcmp(name, next) != 0) || (!name && net->cls[r->leg[i].edge] != cls)) {
                break;
            }
            mm += r->leg[i].backward ? r->leg[i].begin_mm - r->leg[i].end_mm : r->leg[i].end_mm - r->leg[i].begin_mm;
            ms += r->leg[i].time_ms;
        }
        jx_json_obj(j);
        jx_json_key(j, "name"), jx_json_str(j, name);
        jx_json_key(j, "class"), jx_json_str(j, jx_road_class_name((jx_road_class)cls));
        jx_json_key(j, "length_m"), jx_json_real(j, (double)mm / 1000, 1);
        jx_json_key(j, "time_ms"), jx_json_int(j, (int64_t)ms);
        jx_json_end_obj(j);
        jx_buf_str(&res->text, "  ");
        jx_buf_fixed(&res->text, (double)mm / 1000, 0);
        jx_buf_fmt(&res->text, " m  %s\n", name ? name : jx_road_class_name((jx_road_class)cls));
    }
    jx_json_end_arr(j);
}

static void tell_route(const jx__net *n, const jx_route *r, jx_result *res) {
    jx_json j;
    bool found = r->time_ms != JX_UNREACHABLE;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.route/1");
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(n->mode));
    jx_json_key(&j, "found"), jx_json_bool(&j, found);
    if (found) {
        jx_json_key(&j, "time_ms"), jx_json_int(&j, r->time_ms);
        jx_json_key(&j, "offroad_ms"), jx_json_int(&j, r->offroad_ms);
        jx_json_key(&j, "length_m"), jx_json_real(&j, (double)r->length_mm / 1000, 1);
        jx_buf_fmt(&res->text, "%s: ", jx__tr(res, N_("travel time")));
        jx_buf_fixed(&res->text, minutes(r->time_ms), 1);
        jx_buf_fmt(&res->text, " min (%s ", jx__tr(res, N_("of which off road")));
        jx_buf_fixed(&res->text, minutes(r->offroad_ms), 1);
        jx_buf_fmt(&res->text, " min), %s ", jx__tr(res, N_("length on streets")));
        jx_buf_fixed(&res->text, (double)r->length_mm / 1e6, 2);
        jx_buf_str(&res->text, " km\n");
        route_legs(n, r, res, &j);
        jx_json_key(&j, "line"), jx_json_arr(&j);
        for (uint32_t i = 0; i < r->n_pts; i++) {
            jx_json_arr(&j);
            jx_json_real(&j, jx_deg(r->pts[i].lon), 7);
            jx_json_real(&j, jx_deg(r->pts[i].lat), 7);
            jx_json_end_arr(&j);
        }
        jx_json_end_arr(&j);
    } else {
        jx_buf_fmt(&res->text, "%s\n", jx__tr(res, N_("there is no way between these points by this mode")));
    }
    jx_json_end_obj(&j);
}

static jx_status save_route(jx_ctx *ctx, const jx_args *args, const jx__net *n, const jx_route *r) {
    jx_buf b;
    jx_geojson g;
    jx_buf_init(&b, ctx);
    jx_geojson_begin(&g, &b);
    if (r->time_ms != JX_UNREACHABLE) {
        const jx_geojson_prop props[] = {{"mode", jx_mode_name(n->mode), 0, 0},
                                         {"minutes", NULL, minutes(r->time_ms), 2},
                                         {"offroad_minutes", NULL, minutes(r->offroad_ms), 2},
                                         {"length_m", NULL, (double)r->length_mm / 1000, 1}};
        jx_geojson_line(&g, r->pts, r->n_pts, props, 4);
    }
    jx_status st = jx_geojson_end(&g);
    if (st == JX_OK) {
        st = write_out(ctx, args, &b);
    }
    jx_buf_release(&b);
    return st;
}

jx_status jx__verb_net_route(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__net n = {0};
    jx_pt unused;
    jx_joints from = {0}, to = {0};
    uint32_t at = 0, end = 0;
    jx_route r = {.time_ms = JX_UNREACHABLE};
    JX_TRY(jx__net_point(ctx, args, "from", &unused)); /* wrong points are told before the extract is read */
    JX_TRY(jx__net_point(ctx, args, "to", &unused));
    jx_status st = jx__net_open(ctx, args, &n);
    if (st == JX_OK) {
        st = jx__net_joints_one(ctx, &n, args, "from", &from);
    }
    if (st == JX_OK) {
        st = jx__net_joints_one(ctx, &n, args, "to", &to);
    }
    if (st == JX_OK && n.edited) {
        jx_edited_tell_joints(ctx, n.edited, jx_args_get(args, "edits"));
        st = jx_joints_pair(ctx, n.road, n.road_metric, n.times, &from, &to, &at, &end);
    }
    if (st == JX_OK) {
        st = jx_route_find(ctx, n.road, n.road_metric, n.times, &from.snap[at], &to.snap[end], &r);
    }
    if (st == JX_OK) {
        st = save_route(ctx, args, &n, &r); /* the file first: what is said is done */
    }
    if (st == JX_OK) {
        tell_route(&n, &r, res);
        st = r.time_ms == JX_UNREACHABLE ? JX_E_CHECK : JX_OK;
    }
    jx_route_release(ctx, &r);
    jx_joints_release(ctx, &from);
    jx_joints_release(ctx, &to);
    jx__net_release(ctx, &n);
    return st;
}

/* ---- matrix ------------------------------------------------------------------------------------------------------------------------ */

static void csv_text(jx_buf *b, const char *s) {
    bool quote = strpbrk(s, ",\"\r\n") != NULL;
    jx_buf_str(b, quote ? "\"" : "");
    for (; *s; s++) {
        jx_buf_str(b, *s == '"' ? "\"" : "");
        jx_buf_char(b, *s);
    }
    jx_buf_str(b, quote ? "\"" : "");
}

/* One line a pair: from, to, minutes; empty where there is no way. */
static void matrix_csv(jx_buf *b, const jx__net_places *from, const jx__net_places *to, const uint32_t *ms) {
    jx_buf_str(b, "from,to,minutes,time_ms\r\n");
    for (uint32_t i = 0; i < from->n; i++) {
        for (uint32_t k = 0; k < to->n; k++) {
            uint32_t t = ms[(size_t)i * to->n + k];
            csv_text(b, from->name[i]);
            jx_buf_char(b, ',');
            csv_text(b, to->name[k]);
            jx_buf_char(b, ',');
            if (t != JX_UNREACHABLE) {
                jx_buf_fixed(b, minutes(t), 2);
                jx_buf_fmt(b, ",%u", t);
            } else {
                jx_buf_char(b, ',');
            }
            jx_buf_str(b, "\r\n");
        }
    }
}

static void matrix_json(jx_result *res, const jx__net *n, const jx__net_places *from, const jx__net_places *to, const uint32_t *ms) {
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.matrix/1");
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(n->mode));
    for (int side = 0; side < 2; side++) {
        const jx__net_places *p = side ? to : from;
        jx_json_key(&j, side ? "to" : "from"), jx_json_arr(&j);
        for (uint32_t i = 0; i < p->n; i++) {
            jx_json_str(&j, p->name[i]);
        }
        jx_json_end_arr(&j);
    }
    jx_json_key(&j, "time_ms"), jx_json_arr(&j);
    for (uint32_t i = 0; i < from->n; i++) {
        jx_json_arr(&j);
        for (uint32_t k = 0; k < to->n; k++) {
            uint32_t t = ms[(size_t)i * to->n + k];
            t == JX_UNREACHABLE ? jx_json_null(&j) : jx_json_int(&j, t);
        }
        jx_json_end_arr(&j);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

static jx_status matrix(jx_ctx *ctx, const jx_args *args, jx_result *res, const jx__net *n, const jx__net_places *from, const jx__net_places *to) {
    jx_joints a = {0}, b = {0};
    uint32_t *ms = jx_malloc(ctx, (size_t)from->n * to->n, sizeof *ms);
    double cutoff = jx_args_num(args, "minutes", 0);
    jx_buf csv;
    jx_buf_init(&csv, ctx);
    jx_status st = ms ? jx__net_joints_places(ctx, n, args, "from", from, &a) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = jx_args_get(args, "to") ? jx__net_joints_places(ctx, n, args, "to", to, &b) : jx__net_joints(ctx, n, to->pt, to->n, &b);
    }
    if (st == JX_OK && n->edited) {
        jx_edited_tell_joints(ctx, n->edited, jx_args_get(args, "edits"));
    }
    if (st == JX_OK) {
        st = jx_joints_matrix(ctx, n->road, n->road_metric, n->times, &a, &b, cutoff > 0 ? (uint32_t)(cutoff * 60000) : JX_UNREACHABLE, ms);
    }
    for (size_t i = 0; st == JX_OK && i < (size_t)from->n * to->n; i++) { /* nobody travels to where he stands */
        jx_pt p = from->pt[i / to->n], q = to->pt[i % to->n];
        ms[i] = p.lon == q.lon && p.lat == q.lat && jx__net_stands(&a, (uint32_t)(i / to->n)) ? 0 : ms[i];
    }
    if (st == JX_OK) {
        matrix_csv(&csv, from, to, ms);
        st = write_out(ctx, args, &csv);
    }
    if (st == JX_OK && res->want_json) {
        matrix_json(res, n, from, to, ms);
    } else if (st == JX_OK && !jx_args_get(args, "output")) {
        jx_buf_add(&res->text, csv.s, csv.n);
    }
    jx_buf_release(&csv);
    jx_joints_release(ctx, &a);
    jx_joints_release(ctx, &b);
    jx_free(ctx, ms);
    return st;
}

jx_status jx__verb_net_matrix(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__net n = {0};
    jx__net_places from = {0}, to = {0};
    jx_status st = jx__net_places_read(ctx, args, "from", &from);
    if (st == JX_OK) {
        st = jx__net_places_read(ctx, args, jx_args_get(args, "to") ? "to" : "from", &to);
    }
    if (st == JX_OK) {
        st = jx__net_open(ctx, args, &n);
    }
    if (st == JX_OK) {
        st = matrix(ctx, args, res, &n, &from, &to);
    }
    jx__net_places_release(ctx, &from);
    jx__net_places_release(ctx, &to);
    jx__net_release(ctx, &n);
    return st;
}

/* ---- isochrone ------------------------------------------------------------------------------------------------------------------------- */

enum { MAX_BANDS = 24 };

/* "5,10,15": rising minutes. */
static jx_status bands(jx_ctx *ctx, const jx_args *args, uint32_t *ms, uint32_t *n) {
    const char *text = jx_args_get(args, "minutes");
    *n = 0;
    for (const char *s = text ? text : "5,10,15,30"; *s;) {
        size_t len = strcspn(s, ",");
        double v;
        if (*n == MAX_BANDS || !jx_parse_double(s, len, &v) || !(v > 0 && v <= 1440) || (*n && (uint32_t)(v * 60000) <= ms[*n - 1])) {
            return JX_FAIL(ctx, NET_BANDS, JX_S(text), JX_I(MAX_BANDS), JX_S("minutes"));
        }
        ms[(*n)++] = (uint32_t)(v * 60000);
        s += len + (s[len] == ',' ? 1 : 0);
    }
    return JX_OK;
}

/* Times from or to one place, by all its joints, at every node: one sweep. */
static jx_status node_times(jx_ctx *ctx, const jx__net *n, jx_direction dir, const jx_joints *j, uint32_t *ms) {
    jx_sweep *sweep = NULL;
    uint32_t off[2] = {0, 0}, limit = 0;
    JX_TRY(jx_sweep_new(ctx, n->times, &(jx_sweep_options){.dir = dir}, &sweep));
    uint32_t(*sheet)[JX_LANES] = jx_malloc(ctx, jx_sweep_rows(sweep), sizeof *sheet);
    jx_port *p = jx_malloc(ctx, 2 * (size_t)j->n_all, sizeof *p);
    for (uint32_t i = 0; p && i < j->n_all; i++) {
        off[1] += jx_snap_ports(n->road, n->road_metric, &j->snap[i], dir == JX_FROM_FACILITY, p + off[1]);
    }
    jx_status st = sheet && p ? jx_sweep_sheet(ctx, sweep, &(jx_origins){1, off, p}, sheet, &limit) : JX_E_NOMEM;
    for (uint32_t r = 0; st == JX_OK && r < jx_sweep_rows(sweep); r++) {
        ms[jx_sweep_node(sweep, r)] = sheet[r][0] <= limit ? sheet[r][0] : JX_UNREACHABLE;
    }
    jx_free(ctx, p);
    jx_free(ctx, sheet);
    jx_sweep_free(ctx, sweep);
    return st;
}

static void tell_isochrone(const jx_isochrone *iso, jx_result *res) {
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.isochrone/1");
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(iso->mode));
    jx_json_key(&j, "tolerance_m"), jx_json_real(&j, iso->tolerance_m, 1);
    jx_json_key(&j, "bands"), jx_json_arr(&j);
    for (uint32_t i = 0; i < iso->n_bands; i++) {
        double km2 = iso->band[i].n_parts ? jx_mpoly_area_m2(&iso->band[i]) / 1e6 : 0;
        jx_json_obj(&j);
        jx_json_key(&j, "minutes"), jx_json_real(&j, minutes(iso->band_ms[i]), 2);
        jx_json_key(&j, "km2"), jx_json_real(&j, km2, 3);
        jx_json_key(&j, "parts"), jx_json_int(&j, iso->band[i].n_parts);
        jx_json_end_obj(&j);
        band_minutes(&res->text, iso->band_ms[i]);
        jx_buf_str(&res->text, " min: ");
        jx_buf_fixed(&res->text, km2, 2);
        jx_buf_str(&res->text, " km2\n");
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

static jx_status isochrone(jx_ctx *ctx, const jx_args *args, jx_result *res, const jx__net *n, const uint32_t *ms, uint32_t n_bands) {
    const char *dir_name = jx_args_get(args, "direction");
    jx_direction dir = dir_name && strcmp(dir_name, "to") == 0 ? JX_TO_FACILITY : JX_FROM_FACILITY;
    jx_joints s = {0};
    jx_isochrone *iso = NULL;
    jx_buf b;
    uint32_t *times = jx_malloc(ctx, n->road->n_nodes, sizeof *times);
    jx_buf_init(&b, ctx);
    jx_status st = times ? jx__net_joints_one(ctx, n, args, "at", &s) : JX_E_NOMEM;
    if (st == JX_OK && n->edited) {
        jx_edited_tell_joints(ctx, n->edited, jx_args_get(args, "edits"));
    }
    if (st == JX_OK) {
        st = node_times(ctx, n, dir, &s, times);
    }
    if (st == JX_OK) {
        st = jx_isochrone_new(ctx, n->road, n->road_metric, n->profile, dir, times, s.snap, s.n_all, ms, n_bands, NULL, &iso);
    }
    if (st == JX_OK) {
        st = jx_geojson_isochrone(&b, iso);
    }
    if (st == JX_OK) {
        st = write_out(ctx, args, &b);
    }
    if (st == JX_OK) {
        tell_isochrone(iso, res);
    }
    jx_buf_release(&b);
    jx_isochrone_free(ctx, iso);
    jx_joints_release(ctx, &s);
    jx_free(ctx, times);
    return st;
}

jx_status jx__verb_net_isochrone(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__net n = {0};
    jx_pt unused;
    uint32_t ms[MAX_BANDS], n_bands;
    JX_TRY(jx__net_point(ctx, args, "at", &unused));
    JX_TRY(bands(ctx, args, ms, &n_bands));
    jx_status st = jx__net_open(ctx, args, &n);
    if (st == JX_OK) {
        st = isochrone(ctx, args, res, &n, ms, n_bands);
    }
    jx__net_release(ctx, &n);
    return st;
}
