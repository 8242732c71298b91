/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Is what a snapshot says possible? Each check is of one node, edge, vertex or input by itself, so they run in parallel over blocks;
 * what is only true of all together (permutations, subtrees, transposed rows) is put so that it follows from the single checks.
 * Everything is bounded before it is followed: other blocks may not have been looked at yet.
 */
#include <math.h>

#include "network/hierarchy_internal.h"
#include "network/network_internal.h"
#include "network/snapshot_internal.h"

typedef struct checker {
    const jx__snapshot_view *v;
    const jx_network *net;
    const jx_hierarchy *h;
    uint32_t **seen; /* one a worker: by slot, the head that the present row has there; JX_NONE */
    jx__scales scales;
} checker;

static jx_status wrong(jx_ctx *ctx, const checker *c, const char *section, uint64_t at) {
    return JX_FAIL(ctx, SNAPSHOT_WRONG, JX_S(c->v->name), JX_S(section), JX_I((int64_t)at));
}

/* ---- the network ------------------------------------------------------------------------------------------------------------- */

/* Rows of arcs begin where the last ended, rise, and hold arcs that leave this node: then each arc stands in exactly one. */
static jx_status check_nodes(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    const checker *c = arg;
    const jx_network *n = c->net;
    uint32_t n_arcs = 2 * n->n_edges;
    for (size_t v = begin; v < end; v++) {
        uint32_t lo = n->first_arc[v], hi = n->first_arc[v + 1];
        if (!jx__on_earth(n->node[v])) {
            return wrong(wctx, c, "node", v);
        }
        if (lo > hi || hi > n_arcs) {
            return wrong(wctx, c, "first_arc", v);
        }
        for (uint32_t i = lo; i < hi; i++) {
            if (n->arc[i] >= n_arcs || jx_arc_tail(n, n->arc[i]) != v || (i > lo && n->arc[i] <= n->arc[i - 1])) {
                return wrong(wctx, c, "arc", i);
            }
        }
        if (c->h->rank[v] >= n->n_nodes || c->h->node[c->h->rank[v]] != v) {
            return wrong(wctx, c, "hierarchy_rank", v);
        }
    }
    return JX_OK;
}

static bool name_begins(const checker *c, uint32_t at) {
    return at == JX_NONE || (at < c->v->n_name_bytes && (at == 0 || c->net->names[at - 1] == '\0'));
}

/* The arc of an edge joins its two ends; a loop has none. */
static bool arc_fits(const checker *c, uint32_t e) {
    const jx_hierarchy *h = c->h;
    uint32_t x = h->rank[c->net->from[e]], y = h->rank[c->net->to[e]], a = h->edge_arc[e] >> 1;
    if (c->net->from[e] == c->net->to[e]) {
        return h->edge_arc[e] == JX_NONE;
    }
    uint32_t lo = jx__min(x, y), hi = x ^ y ^ lo;
    return x != y && hi < h->n_nodes && a < h->n_arcs && (h->edge_arc[e] & 1u) == (x > y) && h->up[lo] <= a && a < h->up[lo + 1] && h->head[a] == hi;
}

/* The first piece of a way begins at 0, each other one where the one before it ends. */
static bool offset_fits(const jx_network *n, uint32_t e) {
    uint32_t at = n->offset_mm[e], len = n->length_mm[e];
    if (at == 0) {
        return true;
    }
    return e > 0 && n->way_id[e] == n->way_id[e - 1] && at == jx__offset_mm((double)n->offset_mm[e - 1] + n->length_mm[e - 1], len);
}

static jx_status check_edges(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    const checker *c = arg;
    const jx_network *n = c->net;
    for (size_t e = begin; e < end; e++) {
        uint64_t lo = n->geom_off[e], hi = n->geom_off[e + 1];
        if (n->from[e] >= n->n_nodes || n->to[e] >= n->n_nodes) {
            return wrong(wctx, c, n->from[e] >= n->n_nodes ? "from" : "to", e);
        }
        if (n->cls[e] >= JX_N_ROAD_CLASSES || n->surface[e] >= JX_N_SURFACES || n->access[e] >> 2 * JX_N_MODES || n->island[e] >> JX_N_MODES) {
            return wrong(wctx, c, n->cls[e] >= JX_N_ROAD_CLASSES ? "cls" : n->surface[e] >= JX_N_SURFACES ? "surface" : n->access[e] >> 2 * JX_N_MODES ? "access" : "island", e);
        }
        if (!name_begins(c, n->name[e])) {
            return wrong(wctx, c, "name", e);
        }
        if (lo > hi || hi - lo < 2 || hi - lo > UINT32_MAX || hi > c->v->n_points) {
            return wrong(wctx, c, "geom_off", e);
        }
        for (uint64_t i = lo; i < hi; i++) {
            if (!jx__on_earth(n->geom[i])) {
                return wrong(wctx, c, "geom", i);
            }
        }
        if (!jx__length_fits(&c->scales, n, (uint32_t)e)) {
            return wrong(wctx, c, "length_mm", e);
        }
        if (!offset_fits(n, (uint32_t)e)) {
            return wrong(wctx, c, "offset_mm", e);
        }
        if (n->duration_ms[e] && n->cls[e] != JX_ROAD_FERRY) {
            return wrong(wctx, c, "duration_ms", e);
        }
        for (int m = 0; m < JX_N_MODES; m++) {
            if (n->component[m][e] != JX_NONE && n->component[m][e] >= n->n_nodes) {
                return wrong(wctx, c, "component", e);
            }
        }
        if (!arc_fits(c, (uint32_t)e)) {
            return wrong(wctx, c, "hierarchy_edge_arc", e);
        }
    }
    return JX_OK;
}

/* A rule is a run of two arcs up to a limit, each from where the one before ends. */
static jx_status check_turns(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    const checker *c = arg;
    const jx_turn_rules *t = &c->net->turns;
    for (size_t r = begin; r < end; r++) {
        uint32_t lo = t->off[r], hi = t->off[r + 1];
        if (lo > hi || hi - lo < 2 || hi - lo > JX_TURN_MAX_ARCS || hi > c->v->n_turn_arcs) {
            return wrong(wctx, c, "turn_off", r);
        }
        for (uint32_t i = lo; i < hi; i++) {
            if (t->arc[i] >= 2 * c->net->n_edges || (i > lo && jx_arc_head(c->net, t->arc[i - 1]) != jx_arc_tail(c->net, t->arc[i]))) {
                return wrong(wctx, c, "turn_arc", i);
            }
        }
        if (t->kind[r] > JX_TURN_ONLY || t->modes[r] >> JX_N_MODES) {
            return wrong(wctx, c, t->kind[r] > JX_TURN_ONLY ? "turn_kind" : "turn_modes", r);
        }
    }
    return JX_OK;
}

/* ---- the hierarchy ------------------------------------------------------------------------------------------------------------ */

/* Row v: heads rise from the parent on, their slots are theirs. */
static jx_status check_row(jx_ctx *wctx, const checker *c, uint32_t v) {
    const jx_hierarchy *h = c->h;
    uint32_t lo = h->up[v], hi = h->up[v + 1], p = h->parent[v], below = v;
    if (lo > hi || hi > h->n_arcs) {
        return wrong(wctx, c, "hierarchy_up", v);
    }
    if (p == JX_NONE ? lo != hi : lo == hi || h->head[lo] != p) {
        return wrong(wctx, c, "hierarchy_parent", v);
    }
    for (uint32_t a = lo; a < hi; a++) {
        uint32_t x = h->head[a];
        if (x <= below || x >= h->n_nodes) {
            return wrong(wctx, c, "hierarchy_head", a);
        }
        if (h->head_slot[a] != h->slot[x] || h->slot[x] >= h->height) {
            return wrong(wctx, c, "hierarchy_head_slot", a);
        }
        below = x;
    }
    return JX_OK;
}

/*
 * A vertex stands within its parent's range and one slot below it. With the walk over children below, which demands that they fill
 * each range exactly, ranks are a postorder: whatever lies in a range without being met as a child would be met further down.
 */
static jx_status check_place(jx_ctx *wctx, const checker *c, uint32_t v) {
    const jx_hierarchy *h = c->h;
    uint32_t p = h->parent[v];
    if (h->size[v] < 1 || h->size[v] > v + 1) {
        return wrong(wctx, c, "hierarchy_size", v);
    }
    if (p != JX_NONE && (p >= h->n_nodes || p <= v || p - v >= h->size[p])) {
        return wrong(wctx, c, "hierarchy_parent", v);
    }
    if (p == JX_NONE ? h->slot[v] + 1u != h->height : h->slot[v] + 1u != h->slot[p]) {
        return wrong(wctx, c, "hierarchy_slot", v);
    }
    return JX_OK;
}

/* All heads of the child but v itself are heads of v: that makes the graph chordal and every head an ancestor. */
static bool row_contained(const checker *c, const uint32_t *seen, uint32_t child, uint32_t v) {
    const jx_hierarchy *h = c->h;
    uint32_t hi = h->up[child + 1];
    if (h->up[child] > hi || hi > h->n_arcs) {
        return false;
    }
    for (uint32_t a = h->up[child]; a < hi; a++) {
        if (h->head[a] != v && (h->head_slot[a] >= h->height || seen[h->head_slot[a]] != h->head[a])) {
            return false;
        }
    }
    return true;
}

static jx_status check_children(jx_ctx *wctx, const checker *c, uint32_t *seen, uint32_t v) {
    const jx_hierarchy *h = c->h;
    jx_status st = JX_OK;
    for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
        seen[h->head_slot[a]] = h->head[a];
    }
    for (uint32_t child = v - 1, left = h->size[v] - 1; st == JX_OK && left > 0;) {
        uint32_t size = h->size[child];
        if (size < 1 || size > left || h->parent[child] != v) {
            st = wrong(wctx, c, "hierarchy_size", child);
        } else if (!row_contained(c, seen, child, v)) {
            st = wrong(wctx, c, "hierarchy_up", child);
        }
        left -= st == JX_OK ? size : left;
        child -= left ? size : 0;
    }
    for (uint32_t a = h->up[v]; a < h->up[v + 1]; a++) {
        seen[h->head_slot[a]] = JX_NONE;
    }
    return st;
}

/* Arcs that end here, by rising tail: as many as arcs in all, and no two alike, so each arc is there. */
static jx_status check_down(jx_ctx *wctx, const checker *c, uint32_t v) {
    const jx_hierarchy *h = c->h;
    uint32_t lo = h->down[v], hi = h->down[v + 1];
    if (lo > hi || hi > h->n_arcs) {
        return wrong(wctx, c, "hierarchy_down", v);
    }
    for (uint32_t i = lo; i < hi; i++) {
        uint32_t a = h->down_arc[i], t = h->down_tail[i];
        if (a >= h->n_arcs || h->head[a] != v) {
            return wrong(wctx, c, "hierarchy_down_arc", i);
        }
        if (t >= h->n_nodes || h->up[t] > a || a >= h->up[t + 1] || (i > lo && t <= h->down_tail[i - 1])) {
            return wrong(wctx, c, "hierarchy_down_tail", i);
        }
    }
    return JX_OK;
}

static jx_status check_vertices(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    checker *c = arg;
    if (!c->seen[worker]) {
        c->seen[worker] = jx_malloc(wctx, c->h->height, sizeof **c->seen);
        if (!c->seen[worker]) {
            return JX_E_NOMEM;
        }
        memset(c->seen[worker], 0xff, c->h->height * sizeof **c->seen);
    }
    for (size_t i = begin; i < end; i++) {
        uint32_t v = (uint32_t)i;
        JX_TRY(check_row(wctx, c, v));
        JX_TRY(check_place(wctx, c, v));
        JX_TRY(check_children(wctx, c, c->seen[worker], v));
        JX_TRY(check_down(wctx, c, v));
    }
    return JX_OK;
}

/* Edges by arc, then number: no two alike, and as many as edges that are no loops. */
static jx_status check_inputs(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    const checker *c = arg;
    const jx_hierarchy *h = c->h;
    for (size_t i = begin; i < end; i++) {
        uint32_t e = h->input[i] >> 1, a = h->input_arc[i];
        bool rises = i == 0 || a > h->input_arc[i - 1] || (a == h->input_arc[i - 1] && h->input[i] > h->input[i - 1]);
        if (e >= h->n_edges || a >= h->n_arcs || !rises || h->edge_arc[e] != 2 * a + (h->input[i] & 1u)) {
            return wrong(wctx, c, "hierarchy_input", i);
        }
    }
    return JX_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------ */

/* Digits of a hash; a name with nothing behind its end. */
static bool texts_fit(const jx__snapshot_facts *f) {
    static const char digits[] = "0123456789abcdef";
    bool ok = f->source[sizeof f->source - 1] == '\0';
    for (size_t i = 0; i < sizeof f->extract_sha256; i++) {
        ok = ok && f->extract_sha256[i] && strchr(digits, f->extract_sha256[i]);
    }
    for (size_t i = ok ? strlen(f->source) : sizeof f->source; i < sizeof f->source; i++) {
        ok = ok && f->source[i] == '\0';
    }
    return ok;
}

static bool sane(double km) { return km >= 0 && km <= HUGE_VAL / 2; }

/* The text that begins last is somebody's and ends where the section does; all others end before it. A zero byte cuts
 * no character: valid as one, valid each. */
static bool names_end(const checker *c) {
    const char *names = c->net->names;
    uint64_t n = c->v->n_name_bytes, last = 0;
    bool any = false;
    for (uint32_t e = 0; e < c->net->n_edges; e++) {
        uint32_t at = c->net->name[e];
        any = any || at != JX_NONE;
        last = at != JX_NONE && at > last ? at : last;
    }
    return any ? last < n && memchr(names + last, 0, (size_t)(n - last)) == names + n - 1 && jx_utf8_valid(names, (size_t)n, NULL) : n == 0;
}

/* Numbers, first and last entries, and what needs one look at all of an array. */
static jx_status check_ends(jx_ctx *ctx, const checker *c) {
    const jx_network *n = c->net;
    const jx_hierarchy *h = c->h;
    uint32_t roads = 0, lowest = JX_NONE;
    bool facts = h->height >= 1 && h->height <= JX__MAX_HEIGHT && c->v->facts->zero == 0 && texts_fit(c->v->facts);
    for (int m = 0; m < JX_N_MODES; m++) {
        facts = facts && sane(n->island_km[m]);
    }
    for (int k = 0; k < JX_N_ROAD_CLASSES; k++) {
        facts = facts && sane(n->class_km[k]);
    }
    if (!facts) {
        return wrong(ctx, c, "facts", 0);
    }
    if (!names_end(c)) {
        return wrong(ctx, c, "names", c->v->n_name_bytes);
    }
    if (n->first_arc[0] != 0 || n->first_arc[n->n_nodes] != 2 * n->n_edges) {
        return wrong(ctx, c, "first_arc", 0);
    }
    if (n->geom_off[0] != 0 || n->geom_off[n->n_edges] != c->v->n_points) {
        return wrong(ctx, c, "geom_off", 0);
    }
    if (n->turns.off[0] != 0 || n->turns.off[n->turns.n] != c->v->n_turn_arcs) {
        return wrong(ctx, c, "turn_off", 0);
    }
    if (h->up[0] != 0 || h->up[h->n_nodes] != h->n_arcs || h->down[0] != 0 || h->down[h->n_nodes] != h->n_arcs) {
        return wrong(ctx, c, h->up[0] != 0 || h->up[h->n_nodes] != h->n_arcs ? "hierarchy_up" : "hierarchy_down", 0);
    }
    for (uint32_t e = 0; e < n->n_edges; e++) {
        roads += n->from[e] != n->to[e];
    }
    for (uint32_t v = 0; v < h->n_nodes; v++) {
        lowest = jx__min(lowest, h->slot[v]);
    }
    return roads != h->n_inputs ? wrong(ctx, c, "hierarchy_input", h->n_inputs) : lowest != 0 ? wrong(ctx, c, "hierarchy_slot", 0) : JX_OK;
}

jx_status jx__snapshot_check(jx_ctx *ctx, const jx__snapshot_view *v) {
    enum { GRAIN = 1 << 14 };
    checker c = {.v = v, .net = v->net, .h = v->h, .seen = jx_calloc(ctx, jx_ctx_threads(ctx), sizeof *c.seen)};
    jx__scales_make(&c.scales);
    jx_status st = c.seen ? check_ends(ctx, &c) : JX_E_NOMEM;
    /* Edges look at rows of nodes and vertices, nodes at edges: each bounds what it takes from the others. */
    const struct {
        size_t n;
        jx_block_fn fn;
    } passes[] = {{v->net->n_nodes, check_nodes},
                  {v->net->n_edges, check_edges},
                  {v->net->turns.n, check_turns},
                  {v->h->n_nodes, check_vertices},
                  {v->h->n_inputs, check_inputs}};
    for (size_t i = 0; st == JX_OK && i < sizeof passes / sizeof *passes; i++) {
        st = jx_parallel_for(ctx, passes[i].n, GRAIN, passes[i].fn, &c);
    }
    for (unsigned i = 0; c.seen && i < jx_ctx_threads(ctx); i++) {
        jx_free(ctx, c.seen[i]);
    }
    jx_free(ctx, c.seen);
    return st;
}
