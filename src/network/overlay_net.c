/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Base + overlay -> edited network. What no edit touches is the base's own memory. With new roads the arrays by node and by edge are
 * copied with room for the new ones at the end; arcs get theirs at the end of each node's row.
 */
#include <math.h>

#include "network/overlay_internal.h"

/* An array of ours: the base's `have` elements, room for `more`. */
static void *grow(jx_ctx *ctx, struct jx_edited_own *own, const void *base, size_t have, size_t more, size_t size) {
    void *p = jx_malloc(ctx, have + more, size);
    if (!p || jx_vec_push(ctx, &own->blocks, p) != JX_OK) {
        jx_free(ctx, p);
        return NULL;
    }
    memcpy(p, base, have * size);
    return p;
}

/* ---- edits in order ----------------------------------------------------------------------------------------------------------------- */

static jx_status apply_edits(jx__apply *a, struct jx_edited_own *own) {
    uint32_t roads = 0, at;
    for (size_t i = 0; i < a->o->edits.n; i++) {
        const jx_edit *e = &a->o->edits.v[i];
        if (e->kind == JX_EDIT_ROAD) {
            JX_TRY(jx__road_add(a, e, roads++));
        } else if (e->kind == JX_EDIT_JOINT) {
            JX_TRY(jx_vec_push(a->ctx, &own->joints, *e));
            JX_TRY(jx_vec_push(a->ctx, &own->met, (uint8_t)0));
        } else {
            if (e->edge != JX_NONE && e->edge >= a->base->n_edges) {
                return JX_FAIL_ROW(a->ctx, a->o->file, e->row, EDIT_NO_STREET, JX_I(e->edge));
            }
            JX_TRY(jx__street_at(a, e->edge, e->edge == JX_NONE ? e->road : JX_NONE, &at));
            jx__street_edit(&a->streets.v[at], e);
            if (e->edge != JX_NONE) {
                a->access[e->edge] = a->streets.v[at].access;
            }
        }
        JX_TRY(jx_poll(a->ctx));
    }
    return JX_OK;
}

/* ---- pieces ------------------------------------------------------------------------------------------------------------------------- */

static int by_pos(const void *x, const void *y, void *user) {
    const jx__cut *a = x, *b = y;
    (void)user;
    return (a->pos_mm > b->pos_mm) - (a->pos_mm < b->pos_mm);
}

static jx_status push_point(jx_ctx *ctx, struct jx_edited_own *own, size_t begin, jx_pt p) {
    size_t n = own->geom.n;
    bool again = n > begin && own->geom.v[n - 1].lon == p.lon && own->geom.v[n - 1].lat == p.lat;
    return again ? JX_OK : jx_vec_push(ctx, &own->geom, p);
}

static jx_status make_piece(jx__apply *a, struct jx_edited_own *own, uint32_t line, const jx__cut *c, const jx__cut *d) {
    const jx__line *l = &a->lines.v[line];
    jx__piece p = {.line = line, .from = c->node, .to = d->node, .length_mm = d->pos_mm - c->pos_mm, .pos_mm = c->pos_mm, .geom = own->geom.n};
    p.street = jx_map64_get(&a->street_of, jx__key(l->edge, l->road));
    JX_TRY(push_point(a->ctx, own, p.geom, c->pt));
    for (uint32_t i = c->seg + 1; i <= d->seg; i++) {
        JX_TRY(push_point(a->ctx, own, p.geom, l->pts[i]));
    }
    JX_TRY(push_point(a->ctx, own, p.geom, d->pt));
    if (own->geom.n - p.geom < 2) { /* shorter than a step of the coordinates */
        JX_TRY(jx_vec_push(a->ctx, &own->geom, d->pt));
    }
    p.n_geom = own->geom.n - p.geom;
    return jx_vec_push(a->ctx, &own->pieces, p);
}

static jx_status cut_line(jx__apply *a, struct jx_edited_own *own, uint32_t line) {
    jx__line *l = &a->lines.v[line];
    if (l->edge != JX_NONE) { /* its ends are nodes as well */
        const jx_network *b = a->base;
        jx__cut first = {0, 0, b->from[l->edge], l->pts[0]}, last = {l->length_mm, l->n_pts - 2, b->to[l->edge], l->pts[l->n_pts - 1]};
        if (l->cuts.n == 0) {
            return JX_OK;
        }
        JX_TRY(jx_vec_push(a->ctx, &l->cuts, first));
        JX_TRY(jx_vec_push(a->ctx, &l->cuts, last));
    }
    JX_TRY(jx_sort(a->ctx, l->cuts.v, l->cuts.n, sizeof *l->cuts.v, by_pos, NULL));
    for (size_t i = 0; i + 1 < l->cuts.n; i++) {
        JX_TRY(make_piece(a, own, line, &l->cuts.v[i], &l->cuts.v[i + 1]));
    }
    return JX_OK;
}

/* ---- the arrays ------------------------------------------------------------------------------------------------------------------------ */

#define GROW(field, have, more) \
    if (!(net->field = grow(ctx, own, net->field, (have), (more), sizeof *net->field))) return JX_E_NOMEM

static jx_status grow_arrays(jx_ctx *ctx, jx__apply *a, struct jx_edited_own *own) {
    jx_network *net = &own->net;
    const jx_network *b = a->base;
    size_t n = b->n_edges, k = own->pieces.n;
    GROW(node, b->n_nodes, a->nodes.n);
    GROW(from, n, k);
    GROW(to, n, k);
    GROW(length_mm, n, k);
    GROW(offset_mm, n, k);
    GROW(cls, n, k);
    GROW(surface, n, k);
    GROW(maxspeed_fwd, n, k);
    GROW(maxspeed_bwd, n, k);
    GROW(flags, n, k);
    GROW(duration_ms, n, k);
    GROW(way_id, n, k);
    GROW(name, n, k);
    GROW(geom_off, n + 1, k);
    GROW(geom, b->geom_off[n], own->geom.n);
    if (a->nodes.n) {
        memcpy(net->node + b->n_nodes, a->nodes.v, a->nodes.n * sizeof *net->node);
    }
    memcpy(net->geom + b->geom_off[n], own->geom.v, own->geom.n * sizeof *net->geom);
    net->n_nodes = b->n_nodes + (uint32_t)a->nodes.n;
    net->n_edges = (uint32_t)(n + k);
    return JX_OK;
}

/* Names of new roads behind those of the base. */
static jx_status add_names(jx_ctx *ctx, jx__apply *a, struct jx_edited_own *own, uint32_t *of_road) {
    const jx_network *b = a->base;
    size_t have = 0, more = 0;
    for (uint32_t e = 0; e < b->n_edges; e++) {
        have = b->name[e] != JX_NONE && b->name[e] >= have ? b->name[e] + (size_t)1 : have;
    }
    have = have ? have - 1 + strlen(b->names + have - 1) + 1 : 0;
    for (size_t i = 0; i < a->o->edits.n; i++) {
        more += a->o->edits.v[i].name ? strlen(a->o->edits.v[i].name) + 1 : 0;
    }
    if (more && !(own->net.names = grow(ctx, own, b->names ? b->names : "", have, more, 1))) {
        return JX_E_NOMEM;
    }
    for (size_t i = 0, road = 0; i < a->o->edits.n; i++) {
        const jx_edit *e = &a->o->edits.v[i];
        if (e->kind == JX_EDIT_ROAD) {
            of_road[road++] = e->name ? (uint32_t)have : JX_NONE;
            if (e->name) {
                memcpy(own->net.names + have, e->name, strlen(e->name) + 1);
                have += strlen(e->name) + 1;
            }
        }
    }
    return JX_OK;
}

static void fill_piece(const jx__apply *a, struct jx_edited_own *own, uint32_t i, const uint32_t *names, uint32_t *origin) {
    jx_network *net = &own->net;
    const jx__piece *p = &own->pieces.v[i];
    const jx__line *l = &a->lines.v[p->line];
    uint32_t e = a->base->n_edges + i, f = l->edge;
    net->from[e] = p->from;
    net->to[e] = p->to;
    net->length_mm[e] = p->length_mm;
    net->offset_mm[e] = p->pos_mm + (f == JX_NONE ? 0 : net->offset_mm[f]); /* below 2^32: the end of the whole is */
    net->geom_off[e + 1] = net->geom_off[e] + p->n_geom;
    net->surface[e] = f == JX_NONE ? 0 : net->surface[f];
    net->duration_ms[e] = 0; /* no ferry is cut */
    net->flags[e] = f == JX_NONE ? 0 : net->flags[f];
    origin[i] = f;
    if (f != JX_NONE) {
        net->cls[e] = net->cls[f];
        net->maxspeed_fwd[e] = net->maxspeed_fwd[f];
        net->maxspeed_bwd[e] = net->maxspeed_bwd[f];
        net->way_id[e] = net->way_id[f];
        net->name[e] = net->name[f];
        net->access[e] = a->access[f];
        return;
    }
    const jx_edit *r = jx__road_edit(a->o, l->road);
    net->cls[e] = r->cls;
    net->maxspeed_fwd[e] = net->maxspeed_bwd[e] = r->maxspeed;
    net->way_id[e] = -1 - (int64_t)l->road;
    net->name[e] = names[l->road];
    net->access[e] = a->streets.v[p->street].access;
    net->class_km[r->cls] += p->length_mm / 1e6;
}

/* Arcs by node: old rows in old order, new ones behind. */
static jx_status grow_arcs(jx_ctx *ctx, const jx_network *b, struct jx_edited_own *own) {
    jx_network *net = &own->net;
    uint32_t n = net->n_nodes, k = (uint32_t)own->pieces.n;
    uint32_t *first = jx_calloc(ctx, (size_t)n + 1, sizeof *first);
    uint64_t *key = jx_malloc(ctx, 4 * (size_t)k, sizeof *key);
    if (!first || jx_vec_push(ctx, &own->blocks, first) != JX_OK) {
        jx_free(ctx, first);
        jx_free(ctx, key);
        return JX_E_NOMEM;
    }
    net->first_arc = first;
    net->arc = jx_malloc(ctx, 2 * (size_t)net->n_edges, sizeof *net->arc);
    if (!key || !net->arc || jx_vec_push(ctx, &own->blocks, net->arc) != JX_OK) {
        jx_free(ctx, net->arc);
        jx_free(ctx, key);
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < k; i++) {
        uint32_t e = b->n_edges + i;
        key[2 * i] = (uint64_t)net->from[e] << 32 | 2 * e;
        key[2 * i + 1] = (uint64_t)net->to[e] << 32 | (2 * e + 1);
    }
    jx_sort_u64(key, key + 2 * (size_t)k, 2 * (size_t)k);
    uint32_t from = 0, to = 0, v = 0;
    for (uint32_t i = 0; i <= 2 * k; i++) { /* stretches of old rows between the nodes that get more */
        uint32_t node = i < 2 * k ? (uint32_t)(key[i] >> 32) : n - 1, end = node < b->n_nodes ? b->first_arc[node + 1] : b->first_arc[b->n_nodes];
        for (; v <= node; v++) {
            first[v] = (v < b->n_nodes ? b->first_arc[v] : b->first_arc[b->n_nodes]) + (to - from);
        }
        memcpy(net->arc + to, b->arc + from, (end - from) * sizeof *net->arc);
        to += end - from;
        from = end;
        if (i < 2 * k) {
            net->arc[to++] = (uint32_t)key[i];
        }
    }
    first[n] = to;
    jx_free(ctx, key);
    return JX_OK;
}

/* ---- islands ---------------------------------------------------------------------------------------------------------------------------- */

static bool firm(const jx_network *b, const jx_road_end *end, jx_mode m, uint32_t *component) {
    if (end->edge == JX_NONE || !(b->access[end->edge] & jx__both_ways((uint8_t)JX_ACCESS_BIT(m, false))) || (b->island[end->edge] & (1u << m))) {
        return false;
    }
    *component = b->component[m][end->edge];
    return true;
}

/* A two-way road from the main streets, or between them, changes nobody's component and is of theirs itself. */
static bool plain_road(const jx__apply *a, const jx__two_ends *ends, uint8_t access) {
    for (int m = 0; m < JX_N_MODES; m++) {
        uint32_t c[2] = {JX_NONE, JX_NONE};
        uint8_t both = (uint8_t)(JX_ACCESS_BIT(m, false) | JX_ACCESS_BIT(m, true));
        bool f[2] = {firm(a->base, &ends->end[0], (jx_mode)m, &c[0]), firm(a->base, &ends->end[1], (jx_mode)m, &c[1])};
        bool open[2];
        for (int i = 0; i < 2; i++) {
            open[i] = ends->end[i].edge == JX_NONE && ends->end[i].road == JX_NONE;
        }
        if (!(access & both)) {
            continue;
        }
        if ((access & both) != both || !((f[0] && f[1] && c[0] == c[1]) || (f[0] && open[1]) || (f[1] && open[0]))) {
            return false;
        }
    }
    return true;
}

static bool islands_stay(const jx__apply *a) {
    for (size_t i = 0; i < a->streets.n; i++) {
        const jx__street *s = &a->streets.v[i];
        if (s->edge != JX_NONE ? (s->access & ~a->base->access[s->edge]) != 0 : !plain_road(a, &a->ends.v[s->road], s->access)) {
            return false;
        }
    }
    return true;
}

/* Closing moves no joint: components are those of the network with all that was open in the base still open. A street that was cut
   lies beside its pieces, and its length is theirs. */
static jx_status find_again(jx_ctx *ctx, const jx_network *b, struct jx_edited_own *own, const jx_profiles *p, const uint32_t *origin) {
    jx_network open = own->net;
    uint8_t *access = jx_malloc(ctx, open.n_edges, 1), *twice = jx_calloc(ctx, open.n_edges, 1);
    if (!access || !twice) {
        jx_free(ctx, access);
        jx_free(ctx, twice);
        return JX_E_NOMEM;
    }
    for (uint32_t e = 0; e < open.n_edges; e++) {
        uint32_t f = e < b->n_edges ? e : origin[e - b->n_edges];
        access[e] = own->net.access[e] | (f != JX_NONE ? b->access[f] : 0);
        if (f != JX_NONE && f != e) {
            twice[f] = 1;
        }
    }
    open.access = access;
    open.island = NULL;
    memset(open.n_islands, 0, sizeof open.n_islands);
    memset(open.island_km, 0, sizeof open.island_km);
    for (int m = 0; m < JX_N_MODES; m++) {
        open.component[m] = NULL;
    }
    jx_status st = jx__find_components(ctx, &open, p, twice);
    jx_free(ctx, twice);
    void *const found[] = {open.island, open.component[0], open.component[1], open.component[2]};
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        if (found[i] && jx_vec_push(ctx, &own->blocks, found[i]) != JX_OK) {
            jx_free(ctx, found[i]);
            st = JX_E_NOMEM;
        }
    }
    open.access = own->net.access;
    own->net = open;
    jx_free(ctx, access);
    return st;
}

static jx_status copy_islands(jx_ctx *ctx, const jx__apply *a, struct jx_edited_own *own, const uint32_t *origin) {
    jx_network *net = &own->net;
    uint32_t n = a->base->n_edges, k = (uint32_t)own->pieces.n;
    GROW(island, n, k);
    for (int m = 0; m < JX_N_MODES; m++) {
        GROW(component[m], n, k);
        for (uint32_t i = 0; i < k; i++) {
            const jx__line *l = &a->lines.v[own->pieces.v[i].line];
            uint32_t f = origin[i], c = JX_NONE;
            net->island[n + i] = m == 0 ? 0 : net->island[n + i];
            if (f != JX_NONE) {
                net->component[m][n + i] = net->component[m][f];
                net->island[n + i] = (uint8_t)(net->island[n + i] | (net->island[f] & 1u << m));
                continue;
            }
            const jx_road_end *ends = a->ends.v[l->road].end;
            if (!(a->streets.v[own->pieces.v[i].street].access & jx__both_ways((uint8_t)JX_ACCESS_BIT(m, false))) ||
                !(firm(a->base, &ends[0], (jx_mode)m, &c) || firm(a->base, &ends[1], (jx_mode)m, &c))) {
                net->island[n + i] |= (uint8_t)(1u << m);
            }
            net->component[m][n + i] = c;
        }
    }
    return JX_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------------------------------ */

static jx_status list_changed(jx_ctx *ctx, const jx__apply *a, jx_edited *ed) {
    ed->changed = jx_malloc(ctx, a->streets.n, sizeof *ed->changed);
    ed->own->changed_street = jx_malloc(ctx, a->streets.n, sizeof *ed->own->changed_street);
    uint64_t *key = jx_malloc(ctx, 2 * a->streets.n, sizeof *key);
    size_t n = 0;
    if (!ed->changed || !ed->own->changed_street || !key) {
        jx_free(ctx, key);
        return JX_E_NOMEM;
    }
    for (size_t i = 0; i < a->streets.n; i++) {
        if (a->streets.v[i].edge != JX_NONE) {
            key[n++] = (uint64_t)a->streets.v[i].edge << 32 | i;
        }
    }
    jx_sort_u64(key, key + a->streets.n, n);
    for (size_t i = 0; i < n; i++) {
        ed->changed[i] = (uint32_t)(key[i] >> 32);
        ed->own->changed_street[i] = (uint32_t)key[i];
    }
    ed->n_changed = (uint32_t)n;
    jx_free(ctx, key);
    return JX_OK;
}

static jx_status add_pieces(jx_ctx *ctx, jx__apply *a, jx_edited *ed) {
    struct jx_edited_own *own = ed->own;
    uint32_t k = (uint32_t)own->pieces.n, *names = jx_malloc(ctx, a->o->n_roads, sizeof *names);
    ed->origin = jx_malloc(ctx, k, sizeof *ed->origin);
    ed->ends = jx_malloc(ctx, a->ends.n, sizeof *ed->ends);
    jx_status st = names && ed->origin && ed->ends ? grow_arrays(ctx, a, own) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = add_names(ctx, a, own, names);
    }
    for (uint32_t i = 0; st == JX_OK && i < k; i++) {
        fill_piece(a, own, i, names, ed->origin);
    }
    jx_free(ctx, names);
    JX_TRY(st);
    memcpy(ed->ends, a->ends.v, a->ends.n * sizeof *ed->ends);
    ed->n_roads = (uint32_t)a->ends.n;
    return grow_arcs(ctx, a->base, own);
}

static jx_status apply(jx_ctx *ctx, jx__apply *a, const jx_profiles *p, jx_edited *ed) {
    struct jx_edited_own *own = ed->own;
    jx_network *net = &own->net;
    *net = *a->base;
    uint32_t more = 0;
    a->access = jx_malloc(ctx, a->base->n_edges, 1);
    if (!a->access) {
        return JX_E_NOMEM;
    }
    memcpy(a->access, a->base->access, a->base->n_edges);
    JX_TRY(apply_edits(a, own));
    for (size_t i = 0; i < a->lines.n; i++) {
        JX_TRY(cut_line(a, own, (uint32_t)i));
    }
    more = (uint32_t)own->pieces.n;
    if (!(net->access = grow(ctx, own, a->access, a->base->n_edges, more, 1))) {
        return JX_E_NOMEM;
    }
    if (more) {
        JX_TRY(add_pieces(ctx, a, ed));
    }
    JX_TRY(list_changed(ctx, a, ed));
    JX_TRY(!islands_stay(a) ? find_again(ctx, a->base, own, p, ed->origin) : more ? copy_islands(ctx, a, own, ed->origin) : JX_OK);
    own->streets.v = a->streets.v, own->streets.n = a->streets.n, own->streets.cap = a->streets.cap;
    a->streets.v = NULL;
    return JX_OK;
}

jx_status jx_edited_new(jx_ctx *ctx, const jx_network *base, const jx_profiles *p, const jx_overlay *o, jx_edited **out) {
    jx__apply a = {.ctx = ctx, .base = base, .o = o};
    jx_edited *ed = jx_calloc(ctx, 1, sizeof *ed);
    struct jx_edited_own *own = ed ? jx_calloc(ctx, 1, sizeof *own) : NULL;
    jx_status st = own ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        ed->base = base;
        ed->own = own;
        ed->net = &own->net;
        st = apply(ctx, &a, p, ed);
    } else {
        jx_free(ctx, ed);
        return st;
    }
    for (size_t i = 0; i < a.lines.n; i++) {
        jx_vec_free(ctx, &a.lines.v[i].cuts);
    }
    for (size_t i = 0; i < a.owned.n; i++) {
        jx_free(ctx, a.owned.v[i]);
    }
    jx_free(ctx, a.access);
    jx_vec_free(ctx, &a.streets);
    jx_vec_free(ctx, &a.lines);
    jx_vec_free(ctx, &a.nodes);
    jx_vec_free(ctx, &a.ends);
    jx_vec_free(ctx, &a.owned);
    jx_map64_release(ctx, &a.street_of);
    jx_map64_release(ctx, &a.line_of);
    if (st != JX_OK) {
        jx_edited_free(ctx, ed);
        return st;
    }
    *out = ed;
    return JX_OK;
}

void jx_edited_free(jx_ctx *ctx, jx_edited *ed) {
    if (ed) {
        for (size_t i = 0; i < ed->own->blocks.n; i++) {
            jx_free(ctx, ed->own->blocks.v[i]);
        }
        jx_vec_free(ctx, &ed->own->blocks);
        jx_vec_free(ctx, &ed->own->streets);
        jx_vec_free(ctx, &ed->own->pieces);
        jx_vec_free(ctx, &ed->own->geom);
        jx_vec_free(ctx, &ed->own->joints);
        jx_vec_free(ctx, &ed->own->met);
        jx_free(ctx, ed->own->changed_street);
        jx_free(ctx, ed->changed);
        jx_free(ctx, ed->origin);
        jx_free(ctx, ed->ends);
        jx_free(ctx, ed->own);
        jx_free(ctx, ed);
    }
}
