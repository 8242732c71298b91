/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Relations type=restriction -> runs of arcs. From and to are the pieces of their ways that touch the via; a via way is driven from end
 * to end; barriers on the way are part of the run. What cannot be placed without guessing is counted and left out.
 * Source: OpenStreetMap wiki, Relation:restriction and Conditional restrictions.
 */
#include "network/network_internal.h"

enum { MAX_VIA = 16, MAX_TOUCH = 8 };

typedef enum verdict { KEPT, CONDITIONAL, OTHER, UNKNOWN, INCOMPLETE, APART } verdict;

/* What a relation says to one mode. */
typedef struct saying {
    bool stated, understood, u_turn, many_from, many_to;
    jx_turn_kind kind;
} saying;

typedef struct member {
    uint32_t item; /* way or node of the extract */
    int64_t way_id;
} member;

typedef struct resolver {
    jx_ctx *ctx;
    const jx_extract *x;
    const jx_profiles *p;
    jx_network *net;
    const uint32_t *node_of; /* extract node -> node of the network, JX_NONE: none */
    uint32_t n_streets;      /* edges before the barriers: ways rise among them */
    uint32_t from_role, to_role, via_role;
    member from[MAX_VIA], to[MAX_VIA], via[MAX_VIA];
    uint32_t n_from, n_to, n_via, via_node;
    JX_VEC(uint32_t) off;
    JX_VEC(uint32_t) arcs;
    JX_VEC(uint8_t) kind;
    JX_VEC(uint8_t) modes;
    JX_VEC(int64_t) relation;
} resolver;

/* ---- tags -------------------------------------------------------------------------------------------------------- */

static saying meaning_of(const char *v) {
    static const char *const no[] = {"no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"};
    static const char *const only[] = {"only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"};
    saying s = {.stated = true};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (strcmp(v, no[i]) == 0) {
            s.understood = true;
            s.kind = JX_TURN_NO;
            s.u_turn = i == 3;
            s.many_from = i == 4;
            s.many_to = i == 5;
        }
    }
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        if (strcmp(v, only[i]) == 0) {
            s.understood = true;
            s.kind = JX_TURN_ONLY;
            s.u_turn = i == 3;
        }
    }
    return s;
}

/* Is one of the values of a ';' list an access key of the mode? "access" itself is none. */
static bool excepted(const resolver *r, jx_mode m, const char *list) {
    for (const char *s = list; *s;) {
        size_t n = strcspn(s, ";"), a = 0, b = n;
        while (a < b && s[a] == ' ') {
            a++;
        }
        while (b > a && s[b - 1] == ' ') {
            b--;
        }
        for (uint32_t i = 0; i < r->p->n_access_keys[m]; i++) {
            const char *key = r->p->access_key[m][i];
            if (strlen(key) == b - a && memcmp(key, s + a, b - a) == 0 && strcmp(key, "access") != 0) {
                return true;
            }
        }
        s += n + (s[n] == ';' ? 1 : 0);
    }
    return false;
}

/* Particularity of a key for a mode: 1 restriction, 2.. restriction:<access key>, from general to particular; 0: not for it. */
static uint32_t rank_of(const resolver *r, jx_mode m, const char *key) {
    if (strcmp(key, "restriction") == 0) {
        return 1;
    }
    for (uint32_t i = 0; strncmp(key, "restriction:", 12) == 0 && i < r->p->n_access_keys[m]; i++) {
        if (strcmp(key + 12, r->p->access_key[m][i]) == 0) {
            return 2 + i;
        }
    }
    return 0;
}

static saying says(const resolver *r, jx_mode m, const jx_tag *t, uint32_t n) {
    saying s = {0};
    uint32_t best = 0;
    for (uint32_t i = 0; i < n; i++) {
        const char *key = jx_strings_cstr(r->x->strings, t[i].k), *value = jx_strings_cstr(r->x->strings, t[i].v);
        uint32_t rank = rank_of(r, m, key);
        if (rank > best) {
            best = rank;
            s = meaning_of(value);
        } else if (strcmp(key, "except") == 0 && excepted(r, m, value)) {
            return (saying){0};
        }
    }
    return s;
}

/* "restriction:conditional", "restriction:motorcar:conditional", and the old hours and days beside a plain value. */
static bool is_conditional(const resolver *r, const jx_tag *t, uint32_t n, bool *old_style) {
    static const char *const old[] = {"hour_on", "hour_off", "day_on", "day_off"};
    bool yes = false;
    *old_style = false;
    for (uint32_t i = 0; i < n; i++) {
        const char *key = jx_strings_cstr(r->x->strings, t[i].k);
        size_t len = strlen(key);
        yes = yes || (strncmp(key, "restriction:", 12) == 0 && len > 11 && strcmp(key + len - 11, "conditional") == 0);
        for (size_t k = 0; k < sizeof old / sizeof *old; k++) {
            *old_style = *old_style || strcmp(key, old[k]) == 0;
        }
    }
    return yes || *old_style;
}

/* ---- places on the network ---------------------------------------------------------------------------------------- */

/* The barrier edge that ties a stub to its barrier; JX_NONE for every other node. */
static uint32_t tie_of(const jx_network *net, uint32_t node) {
    for (uint32_t i = net->first_arc[node]; i < net->first_arc[node + 1]; i++) {
        if (!(net->arc[i] & 1u) && net->cls[net->arc[i] >> 1] == JX_ROAD_BARRIER) {
            return net->arc[i] >> 1;
        }
    }
    return JX_NONE;
}

/* Street ends at a barrier lie on stubs around it: the place they stand for. */
static uint32_t place_of(const jx_network *net, uint32_t node) {
    uint32_t tie = tie_of(net, node);
    return tie == JX_NONE ? node : net->to[tie];
}

/* Edges [*lo, *hi) of a way. */
static void edges_of(const resolver *r, int64_t way, uint32_t *lo, uint32_t *hi) {
    uint32_t a = 0, b = r->n_streets;
    while (a < b) {
        uint32_t mid = a + (b - a) / 2;
        a = r->net->way_id[mid] < way ? mid + 1 : a;
        b = r->net->way_id[mid] < way ? b : mid;
    }
    for (*lo = a; a < r->n_streets && r->net->way_id[a] == way; a++) {
    }
    *hi = a;
}

/* Arcs of the way that leave a place; of several only those open for driving in the direction asked for. */
static uint32_t touching(const resolver *r, int64_t way, uint32_t place, bool arriving, uint32_t *out) {
    const jx_network *net = r->net;
    uint32_t lo, hi, n = 0, open = 0;
    edges_of(r, way, &lo, &hi);
    for (uint32_t e = lo; e < hi; e++) {
        for (uint32_t back = 0; back < 2 && n < MAX_TOUCH; back++) {
            if (place_of(net, back ? net->to[e] : net->from[e]) == place) {
                out[n++] = 2 * e + back;
            }
        }
    }
    for (uint32_t i = 0; n > 1 && i < n; i++) {
        if (net->access[out[i] >> 1] & JX_ACCESS_BIT(JX_CAR, (out[i] ^ (arriving ? 1u : 0u)) & 1u)) {
            out[open++] = out[i];
        }
    }
    return n > 1 ? open : n;
}

/* One arc more on the run under way; crosses the barrier between, if there is one. False: they do not hang together, or are too many. */
static jx_status extend(resolver *r, size_t start, uint32_t arc, bool *ok) {
    const jx_network *net = r->net;
    if (r->arcs.n > start) {
        uint32_t at = jx_arc_head(net, r->arcs.v[r->arcs.n - 1]), to = jx_arc_tail(net, arc), tie;
        if (at != to && (tie = tie_of(net, at)) != JX_NONE) {
            JX_TRY(jx_vec_push(r->ctx, &r->arcs, 2 * tie));
            at = net->to[tie];
        }
        if (at != to && (tie = tie_of(net, to)) != JX_NONE && net->to[tie] == at) {
            JX_TRY(jx_vec_push(r->ctx, &r->arcs, 2 * tie + 1));
            at = to;
        }
        *ok = *ok && at == to;
    }
    JX_TRY(jx_vec_push(r->ctx, &r->arcs, arc));
    *ok = *ok && r->arcs.n - start <= JX_TURN_MAX_ARCS;
    return JX_OK;
}

static jx_status close_rule(resolver *r, jx_turn_kind kind, uint8_t modes, int64_t relation) {
    JX_TRY(jx_vec_push(r->ctx, &r->off, (uint32_t)r->arcs.n));
    JX_TRY(jx_vec_push(r->ctx, &r->kind, (uint8_t)kind));
    JX_TRY(jx_vec_push(r->ctx, &r->modes, modes));
    return jx_vec_push(r->ctx, &r->relation, relation);
}

/* ---- via a node ------------------------------------------------------------------------------------------------------ */

static jx_status add_pair(resolver *r, uint32_t in, uint32_t out, jx_turn_kind kind, uint8_t modes, int64_t relation, verdict *v) {
    size_t start = r->arcs.n;
    bool ok = true;
    JX_TRY(extend(r, start, in, &ok));
    JX_TRY(extend(r, start, out, &ok));
    if (!ok) {
        r->arcs.n = start;
        return JX_OK;
    }
    *v = KEPT;
    JX_TRY(close_rule(r, kind, modes, relation));
    uint32_t tie = tie_of(r->net, jx_arc_head(r->net, in));
    if (kind == JX_TURN_NO && out == (in ^ 1u) && tie != JX_NONE) { /* nor behind the barrier */
        const uint32_t run[4] = {in, 2 * tie, 2 * tie + 1, out};
        for (int i = 0; i < 4; i++) {
            JX_TRY(jx_vec_push(r->ctx, &r->arcs, run[i]));
        }
        return close_rule(r, kind, modes, relation);
    }
    return JX_OK;
}

static jx_status at_node(resolver *r, const member *from, const member *to, saying s, uint8_t modes, int64_t relation, verdict *v) {
    uint32_t place = r->node_of[r->via_node], in[MAX_TOUCH], out[MAX_TOUCH];
    if (place == JX_NONE) {
        return JX_OK;
    }
    uint32_t n_in = touching(r, from->way_id, place, true, in), n_out = touching(r, to->way_id, place, false, out);
    if (s.u_turn && from->way_id == to->way_id) { /* back on the same piece, whichever it is */
        for (uint32_t i = 0; i < n_in; i++) {
            JX_TRY(add_pair(r, in[i] ^ 1u, in[i], s.kind, modes, relation, v));
        }
        return JX_OK;
    }
    return n_in == 1 && n_out == 1 ? add_pair(r, in[0] ^ 1u, out[0], s.kind, modes, relation, v) : JX_OK;
}

/* ---- via ways --------------------------------------------------------------------------------------------------------- */

/* The extract node at an end of a way that is there. */
static uint32_t end_of(const resolver *r, uint32_t way, bool last) {
    uint32_t lo = r->x->way_ref_off[way], hi = r->x->way_ref_off[way + 1];
    uint32_t node = lo == hi ? JX_NONE : r->x->way_refs[last ? hi - 1 : lo];
    return node == JX_NONE ? JX_NONE : r->node_of[node];
}

static jx_status drive_way(resolver *r, size_t start, int64_t way, bool backward, bool *ok) {
    uint32_t lo, hi;
    edges_of(r, way, &lo, &hi);
    *ok = *ok && lo < hi;
    for (uint32_t i = 0; *ok && i < hi - lo; i++) {
        JX_TRY(extend(r, start, backward ? 2 * (hi - 1 - i) + 1 : 2 * (lo + i), ok));
    }
    return JX_OK;
}

/* From `from` over all via ways, the first of which is entered at one of its ends, to `to`. */
static jx_status over_ways(resolver *r, const member *from, const member *to, uint32_t first, bool backward, saying s, uint8_t modes,
                           int64_t relation, verdict *v) {
    uint32_t at = end_of(r, r->via[first].item, backward), in[MAX_TOUCH], out[MAX_TOUCH], used = 0;
    size_t start = r->arcs.n;
    bool ok = at != JX_NONE && touching(r, from->way_id, at, true, in) == 1;
    if (ok) {
        JX_TRY(extend(r, start, in[0] ^ 1u, &ok));
    }
    for (uint32_t n = 0, next = first; ok && n < r->n_via; n++) {
        uint32_t end = end_of(r, r->via[next].item, !backward);
        JX_TRY(drive_way(r, start, r->via[next].way_id, backward, &ok));
        used |= 1u << next;
        at = end;
        for (next = 0; next < r->n_via; next++) { /* the one that goes on from here */
            bool fwd = end_of(r, r->via[next].item, false) == at, bwd = end_of(r, r->via[next].item, true) == at;
            if (!(used & (1u << next)) && at != JX_NONE && (fwd || bwd)) {
                backward = !fwd;
                break;
            }
        }
        ok = ok && (next < r->n_via || n + 1 == r->n_via);
    }
    if (ok && at != JX_NONE && touching(r, to->way_id, at, false, out) == 1) {
        JX_TRY(extend(r, start, out[0], &ok));
        if (ok) {
            *v = KEPT;
            return close_rule(r, s.kind, modes, relation);
        }
    }
    r->arcs.n = start;
    return JX_OK;
}

static jx_status via_ways(resolver *r, const member *from, const member *to, saying s, uint8_t modes, int64_t relation, verdict *v) {
    for (uint32_t first = 0; *v != KEPT && first < r->n_via; first++) {
        for (uint32_t back = 0; *v != KEPT && back < 2; back++) {
            JX_TRY(over_ways(r, from, to, first, back == 1, s, modes, relation, v));
        }
    }
    return JX_OK;
}

/* ---- one relation ------------------------------------------------------------------------------------------------------ */

/* False: a member is missing, is no street, or there are too many or too few. */
static bool members_of(resolver *r, uint32_t rel, saying s) {
    const jx_extract *x = r->x;
    r->n_from = r->n_to = r->n_via = 0;
    r->via_node = JX_NONE;
    uint32_t n_nodes = 0;
    for (uint32_t i = x->rel_mem_off[rel]; i < x->rel_mem_off[rel + 1]; i++) {
        uint32_t role = x->rel_mem_role[i], lo, hi;
        if (role != r->from_role && role != r->to_role && role != r->via_role) {
            continue; /* signs and hints where to draw them */
        }
        if (x->rel_mem[i] == JX_NONE) {
            return false;
        }
        if (role == r->via_role && x->rel_mem_type[i] == JX_OSM_NODE) {
            r->via_node = x->rel_mem[i];
            n_nodes++;
            continue;
        }
        member *list = role == r->from_role ? r->from : role == r->to_role ? r->to : r->via;
        uint32_t *n = role == r->from_role ? &r->n_from : role == r->to_role ? &r->n_to : &r->n_via;
        edges_of(r, x->rel_mem_id[i], &lo, &hi);
        if (x->rel_mem_type[i] != JX_OSM_WAY || *n == MAX_VIA || lo == hi) {
            return false;
        }
        list[(*n)++] = (member){x->rel_mem[i], x->rel_mem_id[i]};
    }
    return r->n_from && r->n_to && (r->n_from == 1 || s.many_from) && (r->n_to == 1 || s.many_to) && (n_nodes == 1) != (r->n_via > 0) &&
           n_nodes <= 1;
}

static jx_status place(resolver *r, uint32_t rel, saying s, uint8_t modes, verdict *v) {
    if (!members_of(r, rel, s)) {
        *v = INCOMPLETE;
        return JX_OK;
    }
    *v = APART;
    for (uint32_t i = 0; i < r->n_from; i++) {
        for (uint32_t k = 0; k < r->n_to; k++) {
            verdict one = APART;
            JX_TRY(r->n_via ? via_ways(r, &r->from[i], &r->to[k], s, modes, r->x->rel_id[rel], &one)
                            : at_node(r, &r->from[i], &r->to[k], s, modes, r->x->rel_id[rel], &one));
            *v = one == KEPT ? KEPT : *v;
        }
    }
    return JX_OK;
}

static jx_status judge(resolver *r, uint32_t rel, verdict *v) {
    const jx_tag *t = r->x->rel_tags + r->x->rel_tag_off[rel];
    uint32_t n = r->x->rel_tag_off[rel + 1] - r->x->rel_tag_off[rel];
    saying car = says(r, JX_CAR, t, n), bike = says(r, JX_BIKE, t, n);
    bool hours, conditional = is_conditional(r, t, n, &hours);
    if (hours || (conditional && !car.understood && !bike.understood)) {
        *v = CONDITIONAL;
        return JX_OK;
    }
    if (!car.understood && !bike.understood) {
        *v = car.stated || bike.stated ? UNKNOWN : OTHER;
        return JX_OK;
    }
    bool same = car.understood && bike.understood && car.kind == bike.kind;
    uint8_t modes = car.understood ? 1u << JX_CAR : 0;
    modes |= same || !car.understood ? 1u << JX_BIKE : 0;
    return place(r, rel, car.understood ? car : bike, modes, v);
}

static jx_status each_relation(resolver *r) {
    const jx_extract *x = r->x;
    jx_turn_rules *t = &r->net->turns;
    uint32_t type = jx_strings_find(x->strings, "type", 4), turn = jx_strings_find(x->strings, "restriction", 11);
    uint32_t *const counts[] = {&t->n_kept, &t->n_conditional, &t->n_other, &t->n_unknown, &t->n_incomplete, &t->n_apart};
    JX_TRY(jx_vec_push(r->ctx, &r->off, 0));
    for (uint32_t rel = 0; type != JX_NONE && turn != JX_NONE && rel < x->n_rels; rel++) {
        verdict v = UNKNOWN;
        bool is = false;
        for (uint32_t i = x->rel_tag_off[rel]; i < x->rel_tag_off[rel + 1]; i++) {
            is = is || (x->rel_tags[i].k == type && x->rel_tags[i].v == turn);
        }
        if (is) {
            JX_TRY(judge(r, rel, &v));
            t->n_relations++;
            ++*counts[v];
        }
    }
    return JX_OK;
}

jx_status jx__network_restrictions(jx_ctx *ctx, const jx_extract *x, const jx_profiles *p, jx_network *net, const uint32_t *node_of) {
    resolver r = {.ctx = ctx, .x = x, .p = p, .net = net, .node_of = node_of, .n_streets = net->n_edges - net->n_barriers};
    r.from_role = jx_strings_find(x->strings, "from", 4);
    r.to_role = jx_strings_find(x->strings, "to", 2);
    r.via_role = jx_strings_find(x->strings, "via", 3);
    jx_status st = each_relation(&r);
    jx_turn_rules *t = &net->turns;
    t->n = (uint32_t)r.kind.n;
    t->off = r.off.v;
    t->arc = r.arcs.v;
    t->kind = r.kind.v;
    t->modes = r.modes.v;
    t->relation = r.relation.v;
    return st;
}
