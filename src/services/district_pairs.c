/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Two districts at a time, divided anew as well as can be; and what a site is too full by handed on along a way of
 * sites to one with room.
 *
 * Dividing the cells of sites a and b is a knapsack whose load at a must lie in a window. Cells sorted by what a person
 * of them pays for b instead of a, all before a certain one go to a: best of all if that cell could be split. Against
 * its price lambda every other choice has a penalty, so a list of (load, penalty) over the cells, those of small
 * penalty first, needs to keep only what can still beat the present division (Martello and Toth 1990, 2.6 and 2.9).
 * Lists longer than `SPOTS` keep the cheapest of each stretch of loads. Last come circles of three sites: a cell goes
 * where the prices find it nearly as well, and two divisions make good what that upsets.
 */
#include <math.h>

#include "services/district_internal.h"

enum { CORE = 128, SPOTS = 1024 };
#define FAR INT64_MAX

typedef struct item {
    uint32_t cell, w;
    int64_t gap;  /* a person's cost at b less that at a */
    int64_t dear; /* |gap - lambda| */
    bool at_a, to_a;
} item;
typedef struct spot {
    int64_t pen, load;
    uint32_t back; /* place in the list before, and the side taken */
} spot;

struct jx__pairs {
    item *item;
    spot *list[2];
    uint32_t *back, *len; /* CORE x SPOTS; CORE */
    uint32_t *version;    /* per site */
    uint64_t *looked;     /* site x site: versions when last divided */
    int64_t *step, *dist; /* of ways of sites */
    uint32_t *from;
    uint8_t *done;
    uint32_t *saved; /* site of each cell before a chain */
    uint64_t work;   /* places in lists so far */
};

void jx__pairs_free(jx_ctx *ctx, jx__pairs *q) {
    if (q) {
        jx_free(ctx, q->item), jx_free(ctx, q->list[0]), jx_free(ctx, q->list[1]), jx_free(ctx, q->back),
            jx_free(ctx, q->len), jx_free(ctx, q->version);
        jx_free(ctx, q->looked), jx_free(ctx, q->step), jx_free(ctx, q->dist), jx_free(ctx, q->from),
            jx_free(ctx, q->done), jx_free(ctx, q->saved);
        jx_free(ctx, q);
    }
}

jx_status jx__pairs_new(jx_ctx *ctx, const jx_district *d, jx__pairs **out) {
    size_t n = d->n_cells, m = d->n_sites;
    jx__pairs *q = jx_calloc(ctx, 1, sizeof *q);
    if (!q) {
        return JX_E_NOMEM;
    }
    q->item = jx_malloc(ctx, n, sizeof *q->item);
    q->list[0] = jx_malloc(ctx, 2 * SPOTS, sizeof(spot)), q->list[1] = jx_malloc(ctx, 2 * SPOTS, sizeof(spot));
    q->back = jx_malloc(ctx, (size_t)CORE * SPOTS, sizeof *q->back), q->len = jx_malloc(ctx, CORE, sizeof *q->len);
    q->version = jx_calloc(ctx, m, sizeof *q->version), q->looked = jx_calloc(ctx, m * m, sizeof *q->looked);
    q->step = jx_malloc(ctx, m * m, sizeof *q->step), q->dist = jx_malloc(ctx, m, sizeof *q->dist),
    q->from = jx_malloc(ctx, m, sizeof *q->from);
    q->done = jx_malloc(ctx, m, 1), q->saved = jx_malloc(ctx, n, sizeof *q->saved);
    if (!q->item || !q->list[0] || !q->list[1] || !q->back || !q->len || !q->version || !q->looked || !q->step ||
        !q->dist || !q->from || !q->done || !q->saved) {
        jx__pairs_free(ctx, q);
        return JX_E_NOMEM;
    }
    for (size_t s = 0; s < m; s++) {
        q->version[s] = 1;
    }
    *out = q;
    return JX_OK;
}

/* ---- dividing two districts
 * ------------------------------------------------------------------------------------------------ */

/* The window: x units at a are within both capacities for lo <= x <= hi; where lo > hi both cannot be, and between them
 * is least. */
typedef struct window {
    int64_t lo, hi, sum;
} window;

static int64_t over(const window *v, int64_t x) {
    return (x > v->hi ? x - v->hi : 0) + (x < v->lo ? v->lo - x : 0);
}

static int by_gap(const void *a, const void *b, void *user) {
    (void)user;
    const item *x = a, *y = b;
    return x->gap != y->gap ? (x->gap < y->gap ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}
static int by_dear(const void *a, const void *b, void *user) {
    (void)user;
    const item *x = a, *y = b;
    return x->dear != y->dear ? (x->dear > y->dear ? 1 : -1) : (x->cell > y->cell) - (x->cell < y->cell);
}

static uint32_t collect(const jx__whole *w, jx__pairs *q, uint32_t a, uint32_t b, uint64_t cap_a, uint64_t cap_b,
                        window *v, double *most) {
    const jx_district *d = w->d;
    int64_t fixed[2] = {0, 0};
    uint32_t n = 0;
    double largest = 0;
    *v = (window){0};
    for (int k = 0; k < 2; k++) {
        for (uint32_t c = w->first[k ? b : a]; c != JX_NONE; c = w->next[c]) {
            if (!d->people[c]) {
                continue;
            }
            if (!jx__district_way(d, c, a) || !jx__district_way(d, c, b)) {
                fixed[k] += d->people[c];
                continue;
            }
            int64_t gap = jx__district_cost(d, &w->toll, c, b) - jx__district_cost(d, &w->toll, c, a);
            q->item[n++] = (item){c, d->people[c], gap, 0, k == 0, false};
            v->sum += d->people[c];
            largest = (double)(gap < 0 ? -gap : gap) > largest ? (double)(gap < 0 ? -gap : gap) : largest;
        }
    }
    *most = 4 * largest * (double)v->sum; /* penalties, and price x load, stay below it */
    v->hi = (int64_t)cap_a - fixed[0];
    v->lo = v->sum - ((int64_t)cap_b - fixed[1]);
    return n;
}

/* What one more person at a is worth where the window binds; 0 where it does not. Items by gap, dearest b first. */
static int64_t price(const jx__pairs *q, uint32_t n, const window *v) {
    int64_t lo = v->lo < v->hi ? v->lo : v->hi, hi = v->lo < v->hi ? v->hi : v->lo, x = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (q->item[i].gap > 0 ? x + q->item[i].w > hi : x >= lo) {
            return q->item[i].gap > 0 || x < lo ? q->item[i].gap : 0;
        }
        if (q->item[i].gap <= 0 && x + q->item[i].w >= lo) {
            return q->item[i].gap;
        }
        x += q->item[i].w;
    }
    return 0;
}

typedef struct search {
    window v;
    int64_t lambda, from, to; /* loads worth keeping */
    int64_t enough;           /* penalty less lambda x load of the present division; to be beaten where prune */
    bool prune;
    int64_t best_x; /* the load at which a penalty is worth least: of those kept */
} search;

/* One item more: list `f` -> list `t`, sorted by load, equal loads the cheaper. rest: units still to come. */
static uint32_t layer(const search *s, const item *it, const spot *f, uint32_t n, int64_t rest, spot *t) {
    int64_t pen_a = it->to_a ? 0 : it->dear * it->w, pen_b = it->to_a ? it->dear * it->w : 0;
    uint32_t i = 0, j = 0, k = 0; /* i: goes to b, its load as it was; j: goes to a */
    while (i < n || j < n) {
        bool b = i < n && (j >= n || f[i].load <= f[j].load + it->w);
        spot x =
            b ? (spot){f[i].pen + pen_b, f[i].load, i << 1} : (spot){f[j].pen + pen_a, f[j].load + it->w, j << 1 | 1};
        i += b ? 1 : 0, j += b ? 0 : 1;
        if (x.load > s->to || x.load + rest < s->from || (s->prune && x.pen - s->lambda * s->best_x >= s->enough)) {
            continue;
        }
        if (k && t[k - 1].load == x.load) {
            t[k - 1] = x.pen < t[k - 1].pen ? x : t[k - 1];
        } else {
            t[k++] = x;
        }
    }
    return k;
}

/* The cheapest of each stretch of loads. */
static uint32_t thin(spot *t, uint32_t n) {
    int64_t width = (t[n - 1].load - t[0].load) / SPOTS + 1, end = t[0].load;
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (t[i].load < end) {
            t[k - 1] = t[i].pen < t[k - 1].pen ? t[i] : t[k - 1];
        } else {
            end += ((t[i].load - end) / width + 1) * width;
            t[k++] = t[i];
        }
    }
    return k;
}

/* Sets to_a of the best division found; false: none is better than the present one. */
static bool divide_core(jx__pairs *q, uint32_t n, const search *s, int64_t now_over, int64_t forced) {
    uint32_t core = n < CORE ? n : CORE, len = 1, best = JX_NONE;
    int64_t rest = 0, least_over = now_over, least = s->enough;
    spot *f = q->list[0], *t = q->list[1];
    for (uint32_t i = 0; i < core; i++) {
        rest += q->item[i].w;
    }
    f[0] = (spot){0, forced, 0};
    for (uint32_t i = 0; i < core; i++) {
        rest -= q->item[i].w;
        len = layer(s, &q->item[i], f, len, rest, t);
        q->work += len + 1;
        if (len == 0) {
            return false;
        }
        len = len > SPOTS ? thin(t, len) : len;
        for (uint32_t k = 0; k < len; k++) {
            q->back[(size_t)i * SPOTS + k] = t[k].back;
        }
        spot *swap = f;
        f = t, t = swap;
    }
    for (uint32_t k = 0; k < len; k++) {
        int64_t o = over(&s->v, f[k].load), value = f[k].pen - s->lambda * f[k].load;
        if (o < least_over || (o == least_over && value < least)) {
            least_over = o, least = value, best = k;
        }
    }
    for (uint32_t i = core; best != JX_NONE && i-- > 0;) {
        uint32_t b = q->back[(size_t)i * SPOTS + best];
        q->item[i].to_a = b & 1;
        best = b >> 1;
    }
    return least_over < now_over || least < s->enough;
}

/* Divides a's and b's cells anew under these capacities; true where cells moved. */
static jx_status divide(jx_ctx *ctx, jx__whole *w, jx__pairs *q, uint32_t a, uint32_t b, uint64_t cap_a, uint64_t cap_b,
                        bool *moved) {
    search s = {.from = 0};
    double most;
    uint32_t n = collect(w, q, a, b, cap_a, cap_b, &s.v, &most);
    int64_t x = 0, pen = 0, forced = 0;
    *moved = false;
    if (n == 0 || most > 4e18) {
        return JX_OK;
    }
    JX_TRY(jx_sort(ctx, q->item, n, sizeof *q->item, by_gap, NULL));
    s.lambda = price(q, n, &s.v);
    for (uint32_t i = 0; i < n; i++) {
        item *it = &q->item[i];
        it->to_a = it->gap > s.lambda;
        it->dear = it->to_a ? it->gap - s.lambda : s.lambda - it->gap;
        x += it->at_a ? it->w : 0;
        pen += it->at_a != it->to_a ? it->dear * it->w : 0;
    }
    int64_t now = over(&s.v, x), lo = s.v.lo < s.v.hi ? s.v.lo : s.v.hi, hi = s.v.lo < s.v.hi ? s.v.hi : s.v.lo,
            spare = now - (s.v.lo > s.v.hi ? s.v.lo - s.v.hi : 0);
    s.from = lo - spare, s.to = hi + spare;
    s.best_x = s.lambda > 0 ? s.to : s.from;
    s.enough = pen - s.lambda * x;
    s.prune = spare == 0;
    JX_TRY(jx_sort(ctx, q->item, n, sizeof *q->item, by_dear, NULL));
    for (uint32_t i = CORE; i < n; i++) {
        forced += q->item[i].to_a ? q->item[i].w : 0;
    }
    if (divide_core(q, n, &s, now, forced)) {
        for (uint32_t i = 0; i < n; i++) {
            if (q->item[i].at_a != q->item[i].to_a) {
                jx__whole_move(w, q->item[i].cell, q->item[i].to_a ? a : b);
                *moved = true;
            }
        }
    }
    return JX_OK;
}

/* ---- all pairs
 * ----------------------------------------------------------------------------------------------------------------- */

static void undo(jx__whole *w, const uint32_t *saved) {
    for (uint32_t c = 0; c < w->d->n_cells; c++) {
        if (w->site[c] != saved[c]) {
            jx__whole_move(w, c, saved[c]);
        }
    }
}

static jx_status all_pairs(jx_ctx *ctx, jx__whole *w, jx__pairs *q, bool *any) {
    uint32_t m = w->d->n_sites;
    for (uint32_t a = 0; a < m; a++) {
        JX_TRY(jx_poll(ctx));
        for (uint32_t b = a + 1; b < m; b++) {
            uint64_t *looked = &q->looked[(size_t)a * m + b], seen = (uint64_t)q->version[a] << 32 | q->version[b];
            jx_district_score was = w->score;
            bool moved;
            if (*looked == seen) {
                continue;
            }
            memcpy(q->saved, w->site, w->d->n_cells * sizeof *q->saved);
            JX_TRY(divide(ctx, w, q, a, b, w->d->capacity[a], w->d->capacity[b], &moved));
            if (moved && jx_district_compare(&w->score, &was) < 0) {
                q->version[a]++, q->version[b]++;
                *any = true;
            } else if (moved) { /* tolls stand for what comes first only roughly where cells are whole */
                undo(w, q->saved);
            }
            *looked = (uint64_t)q->version[a] << 32 | q->version[b];
        }
    }
    return JX_OK;
}

/* ---- handing on what is too much
 * -------------------------------------------------------------------------------------------------- */

static void steps(const jx__whole *w, jx__pairs *q) {
    const jx_district *d = w->d;
    uint32_t m = d->n_sites;
    for (size_t e = 0; e < (size_t)m * m; e++) {
        q->step[e] = FAR;
    }
    for (uint32_t c = 0; c < d->n_cells; c++) {
        uint32_t a = w->site[c];
        for (uint32_t b = 0; a != JX_NONE && d->people[c] && b < m; b++) {
            if (b != a && jx__district_way(d, c, b)) {
                int64_t gap = jx__district_cost(d, &w->toll, c, b) - jx__district_cost(d, &w->toll, c, a),
                        *at = &q->step[(size_t)a * m + b];
                *at = gap < *at ? gap : *at;
            }
        }
    }
}

/* The cheapest way from a to a site with room, by Bellman and Ford: steps may be gains; at most m rounds. */
static uint32_t way(const jx__whole *w, jx__pairs *q, uint32_t a) {
    uint32_t m = w->d->n_sites, end = JX_NONE;
    bool any = true;
    for (uint32_t s = 0; s < m; s++) {
        q->dist[s] = FAR;
        q->from[s] = JX_NONE;
    }
    q->dist[a] = 0;
    for (uint32_t round = 0; any && round < m; round++) {
        any = false;
        for (uint32_t u = 0; u < m; u++) {
            for (uint32_t v = 0; q->dist[u] != FAR && v < m; v++) {
                int64_t step = q->step[(size_t)u * m + v];
                step = step < 0 ? 0 : step; /* gains are the pairs' business; so there are no circles */
                if (v != a && q->step[(size_t)u * m + v] != FAR && q->dist[u] + step < q->dist[v]) {
                    q->dist[v] = q->dist[u] + step;
                    q->from[v] = u;
                    any = true;
                }
            }
        }
    }
    for (uint32_t s = 0; s < m; s++) {
        if (q->dist[s] != FAR && w->load[s] < w->d->capacity[s] && (end == JX_NONE || q->dist[s] < q->dist[end])) {
            end = s;
        }
    }
    return end;
}

static jx_status hand_on(jx_ctx *ctx, jx__whole *w, jx__pairs *q, uint32_t a, bool *any) {
    uint32_t m = w->d->n_sites, end = way(w, q, a), n = 0;
    jx_district_score was = w->score;
    uint32_t *path = q->from; /* turned round in place: path[u] becomes the site after u */
    if (end == JX_NONE) {
        return JX_OK;
    }
    for (uint32_t v = end, after = JX_NONE; v != JX_NONE; n++) {
        uint32_t before = v == a ? JX_NONE : path[v];
        path[v] = after;
        after = v, v = before;
    }
    memcpy(q->saved, w->site, w->d->n_cells * sizeof *q->saved);
    for (uint32_t u = a; path[u] != JX_NONE; u = path[u]) {
        uint32_t v = path[u];
        uint64_t much = w->load[u] > w->d->capacity[u] ? w->load[u] - w->d->capacity[u] : 0;
        bool moved;
        JX_TRY(divide(ctx, w, q, u, v, w->d->capacity[u], w->d->capacity[v] + (v == end ? 0 : much), &moved));
    }
    if (jx_district_compare(&w->score, &was) < 0) {
        *any = true;
        for (uint32_t s = 0; s < m; s++) {
            q->version[s]++;
        }
    } else {
        undo(w, q->saved);
    }
    return JX_OK;
}

jx_status jx__whole_pairs(jx_ctx *ctx, jx__whole *w, jx__pairs *q, bool *any) {
    *any = false;
    for (bool more = true; more;) {
        more = false;
        JX_TRY(all_pairs(ctx, w, q, &more));
        for (uint32_t a = 0; a < w->d->n_sites; a++) {
            JX_TRY(jx_poll(ctx));
            if (w->load[a] > w->d->capacity[a]) {
                steps(w, q);
                JX_TRY(hand_on(ctx, w, q, a, &more));
            }
        }
        *any = *any || more;
    }
    return JX_OK;
}

/* ---- circles of three
 * ------------------------------------------------------------------------------------------------------------- */

typedef struct kick {
    uint32_t cell, to;
    double dear; /* what it costs against the prices of the split assignment: no plan with it is less than that above
                    the bound */
} kick;

static int by_price(const void *a, const void *b, void *user) {
    (void)user;
    const kick *x = a, *y = b;
    return x->dear < y->dear ? -1 : x->dear > y->dear ? 1 : (x->cell > y->cell) - (x->cell < y->cell);
}

static double whole_cost(const jx__whole *w, const jx_district_score *s) {
    return (double)s->time + (double)s->moved * (double)w->toll.moved + (double)s->crossing * (double)w->toll.crossing;
}

/* Each cell's best other site, where going there may pay. */
static uint32_t kicks(const jx__whole *w, const int64_t *price_ms, double gap, kick *k) {
    const jx_district *d = w->d;
    uint32_t n = 0;
    for (uint32_t c = 0; c < d->n_cells; c++) {
        int64_t least = FAR, own = 0, best = FAR;
        uint32_t to = JX_NONE;
        for (uint32_t s = 0; w->site[c] != JX_NONE && d->people[c] && s < d->n_sites; s++) {
            int64_t cost = jx__district_way(d, c, s) ? jx__district_cost(d, &w->toll, c, s) + price_ms[s] : FAR;
            least = cost < least ? cost : least;
            own = s == w->site[c] ? cost : own;
            if (s != w->site[c] && cost < best) {
                best = cost, to = s;
            }
        }
        if (to != JX_NONE && (double)(best - least) * d->people[c] < gap) {
            k[n++] = (kick){c, to, (double)(best - own) * d->people[c]};
        }
    }
    return n;
}

static jx_status circle(jx_ctx *ctx, jx__whole *w, jx__pairs *q, const kick *k, uint32_t c, bool *better) {
    const jx_district *d = w->d;
    uint32_t a = w->site[k->cell], b = k->to;
    jx_district_score was = w->score;
    bool moved;
    memcpy(q->saved, w->site, d->n_cells * sizeof *q->saved);
    jx__whole_move(w, k->cell, b);
    JX_TRY(divide(ctx, w, q, b, c, d->capacity[b], d->capacity[c] + d->people[k->cell], &moved));
    if (w->load[b] <= d->capacity[b] || was.over) {
        JX_TRY(divide(ctx, w, q, c, a, d->capacity[c], d->capacity[a], &moved));
    }
    *better = jx_district_compare(&w->score, &was) < 0;
    if (*better) {
        q->version[a]++, q->version[b]++, q->version[c]++;
    } else {
        undo(w, q->saved);
    }
    return JX_OK;
}

static jx_status round_of(jx_ctx *ctx, jx__whole *w, jx__pairs *q, const kick *k, uint32_t n, uint64_t most,
                          bool *any) {
    for (uint32_t i = 0; i < n && q->work < most; i++) {
        bool better = false;
        JX_TRY(jx_poll(ctx));
        for (uint32_t c = 0; !better && c < w->d->n_sites && q->work < most; c++) {
            if (w->site[k[i].cell] != k[i].to && c != k[i].to && c != w->site[k[i].cell]) {
                JX_TRY(circle(ctx, w, q, &k[i], c, &better));
            }
        }
        if (better) {
            *any = true;
            JX_TRY(all_pairs(ctx, w, q, &better));
        }
    }
    return JX_OK;
}

jx_status jx__whole_circles(jx_ctx *ctx, jx__whole *w, jx__pairs *q, const jx_district_flow *f, uint64_t work) {
    kick *k = jx_malloc(ctx, w->d->n_cells, sizeof *k);
    uint64_t most = q->work + work;
    jx_status st = k ? JX_OK : JX_E_NOMEM;
    for (bool any = true; st == JX_OK && any && q->work < most;) {
        double gap = w->score.over ? INFINITY : whole_cost(w, &w->score) - whole_cost(w, &f->score);
        uint32_t n = kicks(w, f->price_ms, gap, k);
        any = false;
        st = jx_sort(ctx, k, n, sizeof *k, by_price, NULL);
        st = st == JX_OK ? round_of(ctx, w, q, k, n, most, &any) : st;
    }
    jx_free(ctx, k);
    return st;
}
