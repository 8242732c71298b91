/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian net load|info`: which streets people's trips to a service use; what a network holds. */
#include "run/net.h"
#include "run/study.h"

/* ---- load -------------------------------------------------------------------------------------------------------------------------- */

enum { TOP = 15 };

typedef struct loading {
    jx__study study;
    const jx_county *c;
    const jx_network *net; /* the county's, or the edited one */
    jx__scenario scenario; /* with --edits */
    jx_hierarchy *own;     /* of the base, when the county has none */
    jx_times *base;
    double *load, reached;
} loading;

/* ---- with edits */

/* People leave by the best of their joints, facilities are entered by any of theirs. */
typedef struct crossing {
    jx_pt *place;
    jx_joints cells, facs;
    jx_snap *chosen;
} crossing;

static jx_status join_all(jx_ctx *ctx, const char *edits, loading *l, crossing *x) {
    const jx_county *c = l->c;
    const jx__offer *o = &l->study.offer;
    const jx__scenario *s = &l->scenario;
    const jx_profile *p = jx_profiles_get(c->profiles, o->mode);
    x->place = jx_malloc(ctx, o->n, sizeof *x->place);
    x->chosen = jx_malloc(ctx, c->cells.n, sizeof *x->chosen);
    if (!x->place || !x->chosen) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < o->n; i++) {
        x->place[i] = c->facilities[o->facility[i]].pt;
    }
    JX_TRY(jx_edited_joints(ctx, s->edited, s->metric, p, c->cells.pt, c->cell_snap[o->mode], c->cells.n, &x->cells));
    JX_TRY(jx_edited_joints(ctx, s->edited, s->metric, p, x->place, o->snap, o->n, &x->facs));
    jx_edited_tell_joints(ctx, s->edited, edits);
    return jx_joints_choose(ctx, s->road, s->road_metric, s->times, JX_TO_FACILITY, &x->cells, &x->facs, x->chosen);
}

static jx_status scenario_load(jx_ctx *ctx, const char *edits, loading *l) {
    const jx__scenario *s = &l->scenario;
    crossing x = {0};
    jx_status st = join_all(ctx, edits, l, &x);
    if (st == JX_OK) {
        st = jx_network_load(ctx, s->road, s->road_metric, JX_TO_FACILITY, x.chosen, l->c->cells.people, l->c->cells.n,
                             x.facs.snap, x.facs.n_all, l->load, &l->reached);
    }
    jx_free(ctx, x.place);
    jx_free(ctx, x.chosen);
    jx_joints_release(ctx, &x.cells);
    jx_joints_release(ctx, &x.facs);
    return st;
}

static jx_status open_scenario(jx_ctx *ctx, const char *path, loading *l) {
    const jx_county *c = l->c;
    jx_mode m = l->study.offer.mode;
    jx__scenario_base b = {.net = c->network, .metric = c->metric[m], .profiles = c->profiles, .profile = jx_profiles_get(c->profiles, m)};
    b.terrain = c->terrain;
    b.turns = c->road[m] != c->network;
    b.h = c->hierarchy;
    b.times = b.turns ? NULL : c->times[m];
    if (!b.h) {
        JX_TRY(jx__net_hierarchy(ctx, c->network, &l->own));
        b.h = l->own;
    }
    if (!b.turns && !b.times) {
        JX_TRY(jx_times_new(ctx, b.h, b.metric->time_ms, &l->base));
        b.times = l->base;
    }
    return jx__scenario_open(ctx, path, &b, &l->scenario);
}

/* A street that was cut is whole and in pieces: those who pass are added to its pieces, which is what a map shows. */
static void whole_to_pieces(loading *l) {
    uint32_t n = l->c->network->n_edges;
    for (uint32_t e = n; e < l->net->n_edges; e++) {
        uint32_t f = l->scenario.edited->origin[e - n];
        for (uint32_t b = 0; f != JX_NONE && b < 2; b++) {
            l->load[2 * e + b] += l->load[2 * f + b];
        }
    }
    for (uint32_t e = n; e < l->net->n_edges; e++) {
        uint32_t f = l->scenario.edited->origin[e - n];
        if (f != JX_NONE) {
            l->load[2 * f] = l->load[2 * f + 1] = 0;
        }
    }
}

static jx_status compute(jx_ctx *ctx, const jx_args *args, loading *l) {
    jx_mode mode = JX_N_MODES;
    if (jx_args_get(args, "mode")) {
        JX_TRY(jx__net_mode(ctx, args, &mode));
    }
    JX_TRY(jx__study_county(ctx, args, &l->study));
    l->c = l->study.county;
    JX_TRY(jx__offer_open(ctx, &l->study, jx_args_get(args, "service"), mode, 0, false, &l->study.offer));
    l->net = l->c->network;
    if (jx_args_get(args, "edits")) {
        JX_TRY(open_scenario(ctx, jx_args_get(args, "edits"), l));
        l->net = l->scenario.edited->net;
    }
    l->load = jx_malloc(ctx, 2 * (size_t)l->net->n_edges, sizeof *l->load);
    if (!l->load) {
        return JX_E_NOMEM;
    }
    if (l->scenario.edited) {
        JX_TRY(scenario_load(ctx, jx_args_get(args, "edits"), l));
        whole_to_pieces(l);
        return JX_OK;
    }
    const jx__offer *o = &l->study.offer;
    return jx_network_load(ctx, l->c->road[o->mode], l->c->road_metric[o->mode], JX_TO_FACILITY, l->c->cell_snap[o->mode], l->c->cells.people, l->c->cells.n,
                           o->snap, o->n, l->load, &l->reached);
}

static double both_ways(const loading *l, uint32_t e) { return l->load[2 * e] + l->load[2 * e + 1]; }

static jx_status save(jx_ctx *ctx, const jx_args *args, const loading *l) {
    const char *path = jx_args_get(args, "output");
    const jx_network *net = l->net;
    jx_buf b;
    jx_geojson g;
    if (!path) {
        return JX_OK;
    }
    jx_buf_init(&b, ctx);
    jx_geojson_begin(&g, &b);
    for (uint32_t e = 0; e < net->n_edges; e++) {
        double people = both_ways(l, e);
        if (people > 0) {
            const jx_geojson_prop props[] = {{"name", net->name[e] == JX_NONE ? "" : net->names + net->name[e], 0, 0},
                                             {"class", jx_road_class_name((jx_road_class)net->cls[e]), 0, 0},
                                             {"people", NULL, people, 1},
                                             {"people_forward", NULL, l->load[2 * e], 1},
                                             {"people_backward", NULL, l->load[2 * e + 1], 1},
                                             {"way", NULL, (double)net->way_id[e], 0}};
            jx_geojson_line(&g, net->geom + net->geom_off[e], (uint32_t)(net->geom_off[e + 1] - net->geom_off[e]), props, 6);
        }
    }
    jx_status st = jx_geojson_end(&g);
    if (st == JX_OK) {
        st = jx_file_write(ctx, path, b.s, b.n);
    }
    jx_buf_release(&b);
    return st;
}

/* Streets by name: the busiest edge of each speaks for it. */
static uint32_t busiest(const loading *l, const uint32_t *have, uint32_t n) {
    const jx_network *net = l->net;
    uint32_t best = JX_NONE;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool known = both_ways(l, e) <= 0;
        for (uint32_t i = 0; !known && i < n; i++) { /* without a name the way stands for it */
            known = net->name[e] == net->name[have[i]] && (net->name[e] != JX_NONE || net->way_id[e] == net->way_id[have[i]]);
        }
        best = !known && (best == JX_NONE || both_ways(l, e) > both_ways(l, best)) ? e : best;
    }
    return best;
}

static void tell(const loading *l, jx_result *res) {
    const jx_network *net = l->net;
    uint32_t top[TOP], n = 0;
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.load/1");
    jx_json_key(&j, "service"), jx_json_str(&j, l->study.offer.service->id);
    jx_json_key(&j, "mode"), jx_json_str(&j, jx_mode_name(l->study.offer.mode));
    jx_json_key(&j, "facilities"), jx_json_int(&j, l->study.offer.n);
    jx_json_key(&j, "people_with_a_way"), jx_json_real(&j, l->reached, 1);
    jx_json_key(&j, "streets"), jx_json_arr(&j);
    jx_buf_fmt(&res->text, "%s, %s: ", jx_service_name(l->study.offer.service, strcmp(res->lang, "en") != 0), jx__tr(res, jx_mode_phrase(l->study.offer.mode)));
    jx_buf_grouped(&res->text, (int64_t)(l->reached + 0.5), ",");
    jx_buf_fmt(&res->text, " %s\n", jx__tr(res, N_("people have a way to the nearest; streets they use most:")));
    for (; n < TOP; n++) {
        uint32_t e = busiest(l, top, n);
        if (e == JX_NONE) {
            break;
        }
        top[n] = e;
        const char *name = net->name[e] == JX_NONE ? NULL : net->names + net->name[e];
        jx_json_obj(&j);
        jx_json_key(&j, "name"), jx_json_str(&j, name);
        jx_json_key(&j, "class"), jx_json_str(&j, jx_road_class_name((jx_road_class)net->cls[e]));
        jx_json_key(&j, "way"), jx_json_int(&j, net->way_id[e]);
        jx_json_key(&j, "people"), jx_json_real(&j, both_ways(l, e), 1);
        jx_json_end_obj(&j);
        jx_buf_str(&res->text, "  ");
        jx_buf_grouped(&res->text, (int64_t)(both_ways(l, e) + 0.5), ",");
        jx_buf_fmt(&res->text, "  %s (%s)\n", name ? name : "-", jx_road_class_name((jx_road_class)net->cls[e]));
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

jx_status jx__verb_net_load(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    loading l = {0};
    jx_status st = compute(ctx, args, &l);
    if (st == JX_OK) {
        st = save(ctx, args, &l);
    }
    if (st == JX_OK) {
        tell(&l, res);
    }
    jx_free(ctx, l.load);
    jx__scenario_release(ctx, &l.scenario);
    jx_times_free(ctx, l.base);
    jx_hierarchy_free(ctx, l.own);
    jx__study_release(ctx, &l.study);
    return st;
}

/* ---- info ------------------------------------------------------------------------------------------------------------------------------- */

static int64_t triangles(const jx_hierarchy *h) {
    int64_t sum = 0;
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        int64_t d = (int64_t)h->up[v + 1] - h->up[v];
        sum += d * (d - 1) / 2;
    }
    return sum;
}

static double km(const jx_network *net, jx_mode m) {
    double mm = 0;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        bool open = net->access[e] & (JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true));
        mm += open ? (double)net->length_mm[e] : 0;
    }
    return mm / 1e6;
}

static void tell_network(jx_result *res, const jx__net *n, const char *input) {
    jx__facts f;
    jx__facts_begin(&f, res, "junxian.network/1", input, "network");
    jx__fact_int(&f, "nodes", N_("junctions and ends"), n->net->n_nodes);
    jx__fact_int(&f, "edges", N_("street segments"), n->net->n_edges);
    jx__fact_real(&f, "walk_km", N_("streets open on foot"), km(n->net, JX_WALK), 1, "km");
    jx__fact_real(&f, "bike_km", N_("streets open by bike"), km(n->net, JX_BIKE), 1, "km");
    jx__fact_real(&f, "car_km", N_("streets open by car"), km(n->net, JX_CAR), 1, "km");
    const jx_turn_rules *t = &n->net->turns;
    jx__fact_int(&f, "restrictions", N_("turn restrictions in the extract"), t->n_relations);
    jx__fact_int(&f, "restrictions_kept", N_("of which kept"), t->n_kept);
    jx__fact_int(&f, "restrictions_conditional", N_("left out: at certain times only"), t->n_conditional);
    jx__fact_int(&f, "restrictions_other_vehicles", N_("left out: for other vehicles"), t->n_other);
    jx__fact_int(&f, "restrictions_unknown", N_("left out: not understood"), t->n_unknown);
    jx__fact_int(&f, "restrictions_incomplete", N_("left out: members missing"), t->n_incomplete);
    jx__fact_int(&f, "restrictions_apart", N_("left out: streets that do not meet"), t->n_apart);
    if (n->turned) {
        const jx_turned *m = n->turned->turned;
        jx__fact_int(&f, "turn_rules", N_("forbidden and commanded ways in force"), m->n_rules);
        jx__fact_int(&f, "turn_junctions", N_("junctions taken apart for them"), m->n_split);
        jx__fact_int(&f, "turn_nodes", N_("junctions and ends with turns"), n->turned->n_nodes);
        jx__fact_int(&f, "turn_edges", N_("street segments with turns"), n->turned->n_edges);
    }
    jx__fact_int(&f, "arcs", N_("arcs of the hierarchy"), n->h->n_arcs);
    jx__fact_int(&f, "height", N_("levels of the hierarchy"), n->h->height);
    jx__fact_int(&f, "triangles", N_("triangles of a customisation"), triangles(n->h));
    if (n->terrain) {
        const jx_slope_stats *s = &n->metric->slope;
        jx__fact_str(&f, "slope_law", N_("law of slopes"), jx_profile_slope_name(n->profile));
        jx__fact_real(&f, "slope_time_factor", N_("times as a multiple of those on the flat"), s->used ? s->time_factor : 1, 4, "");
        jx__fact_real(&f, "no_height_km", N_("streets without a height (level)"), s->void_km, 1, "km");
        jx__fact_real(&f, "level_structures_km", N_("bridges and tunnels taken as level"), s->level_km, 1, "km");
        jx__fact_real(&f, "stairs_km", N_("stairs, with a speed of their own"), s->own_km, 1, "km");
    }
    jx__facts_end(&f);
}

jx_status jx__verb_net_info(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__net n = {0};
    jx_status st = jx__net_open(ctx, args, &n);
    if (st == JX_OK) {
        tell_network(res, &n, args->input[0]);
    }
    jx__net_release(ctx, &n);
    return st;
}
