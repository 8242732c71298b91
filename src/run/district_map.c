/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Parts of a county on maps: colours that differ where parts meet, outlines, layers of them. */
#include "run/district.h"

const char *const jx__part_colours[JX__PART_COLOURS] = {"#8dd3c7", "#fdb462", "#bebada", "#ffffb3",
                                                        "#80b1d3", "#fb8072", "#b3de69"};

/* ---- colours
 * -------------------------------------------------------------------------------------------------------------- */

typedef struct colouring {
    uint32_t n, *met, *order, *colour_of, used[JX__PART_COLOURS];
} colouring;

static int by_neighbours(const void *a, const void *b, void *user) {
    const colouring *k = user;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b, nx = 0, ny = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        nx += k->met[(size_t)x * k->n + i] ? 1 : 0;
        ny += k->met[(size_t)y * k->n + i] ? 1 : 0;
    }
    return nx != ny ? (nx < ny ? 1 : -1) : (x > y) - (x < y);
}

/* Parts with many neighbours first; of the colours that meet least of themselves the one least in use. */
static void choose(colouring *k, uint32_t part) {
    uint32_t meets[JX__PART_COLOURS] = {0}, best = 0;
    for (uint32_t i = 0; i < k->n; i++) {
        if (i != part && k->colour_of[i] != JX_NONE) {
            meets[k->colour_of[i]] += k->met[(size_t)part * k->n + i];
        }
    }
    for (uint32_t c = 1; c < JX__PART_COLOURS; c++) {
        best = meets[c] < meets[best] || (meets[c] == meets[best] && k->used[c] < k->used[best]) ? c : best;
    }
    k->colour_of[part] = best;
    k->used[best]++;
}

jx_status jx__part_colour(jx_ctx *ctx, const jx_county *c, const uint32_t *part, uint32_t n, uint8_t *colour) {
    uint32_t *off = NULL, *near = NULL;
    colouring k = {.n = n};
    jx_status st = jx__neighbours(ctx, c, false, &off, &near);
    k.met = jx_calloc(ctx, (size_t)n * n, sizeof *k.met), k.order = jx_malloc(ctx, n, sizeof *k.order);
    k.colour_of = jx_malloc(ctx, n, sizeof *k.colour_of);
    st = st == JX_OK && !(k.met && k.order && k.colour_of) ? JX_E_NOMEM : st;
    for (uint32_t i = 0; st == JX_OK && i < c->cells.n; i++) {
        for (uint32_t e = off[i]; part[i] != JX_NONE && e < off[i + 1]; e++) {
            if (part[near[e]] != JX_NONE && part[near[e]] != part[i]) {
                k.met[(size_t)part[i] * n + part[near[e]]]++;
            }
        }
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        k.order[i] = i;
        k.colour_of[i] = JX_NONE;
    }
    st = st == JX_OK ? jx_sort(ctx, k.order, n, sizeof *k.order, by_neighbours, &k) : st;
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        choose(&k, k.order[i]);
    }
    for (uint32_t i = 0; st == JX_OK && i < n; i++) {
        colour[i] = (uint8_t)k.colour_of[i];
    }
    jx_free(ctx, off), jx_free(ctx, near), jx_free(ctx, k.met), jx_free(ctx, k.order), jx_free(ctx, k.colour_of);
    return st;
}

jx_status jx__layer_classes(jx_ctx *ctx, jx_layers *l, const char *layer, const char *column, const char *const *label,
                            const uint8_t *colour, uint32_t n) {
    const char **value = jx_arena_alloc(ctx, l->arena, (size_t)n + 1, sizeof *value);
    const char **fill = jx_arena_alloc(ctx, l->arena, (size_t)n + 1, sizeof *fill);
    if (!value || !fill) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        value[i] = label[i];
        fill[i] = jx__part_colours[colour[i]];
    }
    for (uint32_t k = 0; k < l->n; k++) {
        if (strcmp(l->layer[k].name, layer) == 0) {
            l->layer[k].style_column = column;
            l->layer[k].style_values = value;
            l->layer[k].style_colors = fill;
            l->layer[k].n_breaks = n;
        }
    }
    return JX_OK;
}

/* ---- outlines
 * --------------------------------------------------------------------------------------------------------------- */

/* Cells in the order of their pieces: of one part and joined by whole sides, so that every polygon hangs together
 * inside. */
typedef struct pieces {
    uint64_t *key, *tmp_key; /* place on the grid */
    uint32_t *cell, *tmp, *root;
    uint64_t *group; /* part << 32 | root */
} pieces;

static uint64_t place(int32_t col, int32_t row) {
    return (uint64_t)((uint32_t)col ^ 0x80000000u) << 32 | ((uint32_t)row ^ 0x80000000u);
}

static uint32_t find(uint32_t *root, uint32_t i) {
    while (root[i] != i) {
        root[i] = root[root[i]];
        i = root[i];
    }
    return i;
}

static void join_at(const jx_cells *s, const uint32_t *part, pieces *q, uint32_t i, uint64_t want) {
    uint32_t lo = 0, hi = s->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        lo = q->key[mid] < want ? mid + 1 : lo;
        hi = q->key[mid] < want ? hi : mid;
    }
    for (; lo < s->n && q->key[lo] == want; lo++) {
        uint32_t a = find(q->root, i), b = find(q->root, q->cell[lo]);
        if (part[q->cell[lo]] == part[i] && a != b) {
            q->root[a > b ? a : b] = a > b ? b : a;
        }
    }
}

static void find_pieces(const jx_county *c, const uint32_t *part, pieces *q) {
    const jx_cells *s = &c->cells;
    unsigned ways = c->grid.kind == JX_GRID_HEX ? 6 : 4;
    for (uint32_t i = 0; i < s->n; i++) {
        q->root[i] = q->cell[i] = i;
        q->key[i] = s->shape ? i : place(s->col[i], s->row[i]);
    }
    if (!s->shape) { /* shapes of the user's own: each part as it is */
        jx_sort_u64_u32(q->key, q->cell, q->tmp_key, q->tmp, s->n);
        for (uint32_t i = 0; i < s->n; i++) {
            int32_t at[7][2] = {{s->col[i], s->row[i]}};
            jx_grid_neighbours(&c->grid, s->col[i], s->row[i], ways, at + 1);
            for (unsigned k = 0; k <= ways; k++) {
                join_at(s, part, q, i, place(at[k][0], at[k][1]));
            }
        }
    }
    for (uint32_t i = 0; i < s->n; i++) {
        q->group[i] = (uint64_t)part[i] << 32 | (s->shape ? 0 : find(q->root, i));
        q->cell[i] = i;
    }
    jx_sort_u64_u32(q->group, q->cell, q->tmp_key, q->tmp, s->n);
}

/* Rings of cells from..to: what two of them share cancels. A square that a border cuts has several rows and counts
 * once. */
static jx_status outline(jx_ctx *ctx, const jx_county *c, pieces *q, uint32_t from, uint32_t to, jx_line *line,
                         jx_pt *pts, jx_mpoly *out) {
    const jx_cells *s = &c->cells;
    size_t n = 0;
    for (uint32_t i = from; i < to; i++) {
        uint32_t cell = q->cell[i];
        for (uint32_t r = 0; s->shape && r < s->shape[cell].n_rings; r++) {
            line[n++] = (jx_line){s->shape[cell].pts + s->shape[cell].ring_off[r],
                                  s->shape[cell].ring_off[r + 1] - s->shape[cell].ring_off[r]};
        }
        q->key[i] = s->shape ? 0 : place(s->col[cell], s->row[cell]);
    }
    if (!s->shape) {
        jx_sort_u64_u32(q->key + from, q->tmp, q->tmp_key, q->root, to - from);
    }
    for (uint32_t i = from; !s->shape && i < to; i++) {
        if (i == from || q->key[i] != q->key[i - 1]) {
            jx_pt *p = pts + 7 * n;
            uint32_t m = jx_grid_ring(&c->grid, (int32_t)((uint32_t)(q->key[i] >> 32) ^ 0x80000000u),
                                      (int32_t)((uint32_t)q->key[i] ^ 0x80000000u), p);
            line[n++] = (jx_line){p, m};
        }
    }
    return jx_mpoly_assemble(ctx, line, n, out, NULL);
}

/* Several polygons as one, in the layers' own memory. Releases them. */
static jx_status unite(jx_ctx *ctx, jx_layers *l, jx_mpoly *m, uint32_t n, jx_mpoly *out) {
    size_t pts = 0, rings = 0, parts = 0;
    for (uint32_t i = 0; i < n; i++) {
        pts += m[i].n_pts, rings += m[i].n_rings, parts += m[i].n_parts;
    }
    *out = (jx_mpoly){.box = JX_BOX_EMPTY};
    out->pts = jx_arena_alloc(ctx, l->arena, pts + 1, sizeof *out->pts);
    out->ring_off = jx_arena_alloc(ctx, l->arena, rings + 1, sizeof *out->ring_off);
    out->part_off = jx_arena_alloc(ctx, l->arena, parts + 1, sizeof *out->part_off);
    jx_status st = out->pts && out->ring_off && out->part_off ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        out->ring_off[0] = out->part_off[0] = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; st == JX_OK && k < m[i].n_parts; k++) {
            out->part_off[out->n_parts + k + 1] = out->n_rings + m[i].part_off[k + 1];
        }
        for (uint32_t k = 0; st == JX_OK && k < m[i].n_rings; k++) {
            out->ring_off[out->n_rings + k + 1] = out->n_pts + m[i].ring_off[k + 1];
        }
        for (uint32_t k = 0; st == JX_OK && k < m[i].n_pts; k++) {
            out->pts[out->n_pts + k] = m[i].pts[k];
            jx_box_add(&out->box, m[i].pts[k]);
        }
        out->n_parts += m[i].n_parts, out->n_rings += m[i].n_rings, out->n_pts += m[i].n_pts;
        jx_mpoly_release(ctx, &m[i]);
    }
    return st;
}

static jx_status all_outlines(jx_ctx *ctx, jx_layers *l, const jx_county *c, pieces *q, uint32_t n, jx_line *line,
                              jx_pt *pts, jx_mpoly *m, jx_mpoly *poly) {
    jx_status st = JX_OK;
    for (uint32_t p = 0, at = 0; st == JX_OK && p < n; p++) {
        uint32_t made = 0;
        while (st == JX_OK && at < c->cells.n && (uint32_t)(q->group[at] >> 32) == p) {
            uint32_t to = at;
            while (to < c->cells.n && q->group[to] == q->group[at]) {
                to++;
            }
            m[made] = (jx_mpoly){0};
            st = outline(ctx, c, q, at, to, line, pts, &m[made++]);
            at = to;
        }
        jx_status united = unite(ctx, l, m, made, &poly[p]);
        st = st == JX_OK ? united : st;
    }
    return st;
}

static size_t rings(const jx_county *c) {
    size_t n = c->cells.n;
    for (uint32_t i = 0; c->cells.shape && i < c->cells.n; i++) {
        n += c->cells.shape[i].n_rings;
    }
    return n;
}

static jx_status outlines(jx_ctx *ctx, jx_layers *l, const jx_county *c, const uint32_t *part, uint32_t n,
                          jx_mpoly *poly) {
    uint32_t k = c->cells.n;
    pieces q = {jx_malloc(ctx, k, sizeof *q.key),  jx_malloc(ctx, k, sizeof *q.tmp_key),
                jx_malloc(ctx, k, sizeof *q.cell), jx_calloc(ctx, k, sizeof *q.tmp),
                jx_malloc(ctx, k, sizeof *q.root), jx_malloc(ctx, k, sizeof *q.group)};
    jx_line *line = jx_malloc(ctx, rings(c), sizeof *line);
    jx_pt *pts = jx_malloc(ctx, 7 * (size_t)k, sizeof *pts);
    jx_mpoly *m = jx_malloc(ctx, k, sizeof *m);
    jx_status st = q.key && q.tmp_key && q.cell && q.tmp && q.root && q.group && line && pts && m ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        find_pieces(c, part, &q);
        st = all_outlines(ctx, l, c, &q, n, line, pts, m, poly);
    }
    jx_free(ctx, q.key), jx_free(ctx, q.tmp_key), jx_free(ctx, q.cell), jx_free(ctx, q.tmp), jx_free(ctx, q.root),
        jx_free(ctx, q.group);
    jx_free(ctx, line), jx_free(ctx, pts), jx_free(ctx, m);
    return st;
}

static jx_status columns(jx_ctx *ctx, jx_layers *l, jx_layer *at, const char *const *label, const jx_values *v,
                         uint32_t n_values) {
    at->col = jx_arena_alloc(ctx, l->arena, (size_t)n_values + 1, sizeof *at->col);
    const char **text = jx_arena_alloc(ctx, l->arena, (size_t)at->n + 1, sizeof *text);
    if (!at->col || !text) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < at->n; i++) {
        text[i] = label[i];
    }
    at->col[at->n_cols++] =
        (jx_column){.name = "name", .title = N_("name"), .unit = "", .type = JX_COL_TEXT, .text = text};
    for (uint32_t k = 0; k < n_values; k++) {
        double *real = jx_arena_alloc(ctx, l->arena, (size_t)at->n + 1, sizeof *real);
        uint8_t *why = jx_arena_alloc(ctx, l->arena, (size_t)at->n + 1, sizeof *why);
        if (!real || !why) {
            return JX_E_NOMEM;
        }
        for (uint32_t i = 0; i < at->n; i++) {
            bool known = v[k].v[i] == v[k].v[i];
            real[i] = known ? v[k].v[i] : 0;
            why[i] = known ? JX_VALID : JX_NO_DATA;
        }
        at->col[at->n_cols++] = (jx_column){.name = v[k].name,
                                            .title = v[k].title,
                                            .unit = v[k].unit,
                                            .type = JX_COL_REAL,
                                            .decimals = v[k].decimals,
                                            .real = real,
                                            .validity = why};
    }
    return JX_OK;
}

jx_status jx__layer_parts(jx_ctx *ctx, jx_layers *l, const jx_county *c, const jx__parts *p) {
    if (c->people_source == JX_PEOPLE_TABLE && !c->cells.shape) {
        return JX_OK; /* settlements are points */
    }
    jx_layer *more = jx_realloc(ctx, l->layer, (size_t)l->n + 1, sizeof *more);
    if (!more) {
        return JX_E_NOMEM;
    }
    l->layer = more;
    jx_layer *at = &l->layer[l->n];
    *at = (jx_layer){
        .name = p->name, .title = p->title, .geom = JX_GEOM_POLYGON, .n = p->n, .for_tables = true, .for_gpkg = true};
    at->poly = jx_arena_alloc(ctx, l->arena, (size_t)p->n + 1, sizeof *at->poly);
    if (!at->poly) {
        return JX_E_NOMEM;
    }
    JX_TRY(outlines(ctx, l, c, p->of_cell, p->n, at->poly));
    JX_TRY(columns(ctx, l, at, p->label, p->value, p->n_values));
    l->n++;
    return jx__layer_classes(ctx, l, p->name, "name", p->label, p->colour, p->n);
}
