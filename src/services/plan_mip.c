/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A plan's problem as a mixed-integer program in LP format, the standard strong formulation of each model; and the answer's sites. */
#include "services/plan_internal.h"

#include "junxian/plan_mip.h"

typedef struct mip {
    const jx_plan_problem *p;
    jx_buf *b;
    uint32_t terms; /* on the line so far: some readers stop at 500 bytes */
    bool cover, assigns, backup, pairs_whole;
} mip;

static uint8_t status_of(const jx_plan_problem *p, uint32_t j) { return p->status ? p->status[j] : JX_PLAN_NEW; }

static bool usable(const mip *m, const jx_plan_entry *e) { return e->cost <= jx__plan_reach(m->p) && status_of(m->p, e->site) != JX_PLAN_BARRED; }

static bool matters(const mip *m, uint32_t i) { return m->p->people[i] > 0; }

static uint64_t worth(const jx_plan_problem *p, uint32_t i) { return (uint64_t)p->people[i] * (p->weight ? p->weight[i] : 1); }

static bool has_room(const jx_plan_problem *p, uint32_t j) { return !p->capacity || p->capacity[j] == UINT64_MAX; }

/* " + 3 " before a variable; a line ends after ten. */
static void coefficient(mip *m, double c) {
    jx_buf_str(m->b, m->terms++ % 10 == 9 ? "\n " : " ");
    jx_buf_str(m->b, c < 0 ? "- " : "+ ");
    jx_buf_double(m->b, c < 0 ? -c : c);
    jx_buf_char(m->b, ' ');
}

static void term(mip *m, double c, char name, uint32_t k) {
    coefficient(m, c);
    jx_buf_fmt(m->b, "%c%u", name, k);
}

static void pair(mip *m, double c, char name, uint32_t i, uint32_t j) {
    coefficient(m, c);
    jx_buf_fmt(m->b, "%c%u_%u", name, i, j);
}

/* A row always has a term: some readers know no empty ones. */
static void row(mip *m) {
    m->terms = 0;
    jx_buf_str(m->b, "\n 0 zero");
}

static void end_row(mip *m, const char *relation, double rhs) {
    jx_buf_fmt(m->b, " %s ", relation);
    jx_buf_double(m->b, rhs);
}

#define EACH_PAIR(m, i, e)                                                                                                     \
    for (const jx_plan_entry *e = (m)->p->entry + (m)->p->row[i]; e < (m)->p->entry + (m)->p->row[(i) + 1]; e++)                \
        if (usable(m, e))

static void objective(mip *m) {
    const jx_plan_problem *p = m->p;
    double second = m->backup ? p->backup_permille / 1000.0 : 0;
    m->terms = 0;
    jx_buf_str(m->b, "Minimize\n obj: 0 zero");
    if (p->model == JX_PLAN_CENTER) {
        jx_buf_str(m->b, " + z");
    }
    for (uint32_t i = 0; i < p->n_demands; i++) {
        if (!matters(m, i)) {
            continue;
        }
        if (p->model == JX_PLAN_MEDIAN) {
            EACH_PAIR(m, i, e) { pair(m, (double)worth(p, i) * e->cost / 1e6, 'x', i, e->site); }
        } else if (p->model == JX_PLAN_COVER_MAX) {
            term(m, (double)worth(p, i) / 1e3 * (1 - second), 'u', i);
            if (m->backup) {
                term(m, (double)worth(p, i) / 1e3 * second, 'v', i);
            }
        }
    }
    for (uint32_t j = 0; p->model == JX_PLAN_COVER_ALL && j < p->n_sites; j++) {
        if (status_of(p, j) == JX_PLAN_NEW || status_of(p, j) == JX_PLAN_MAY_CLOSE) {
            term(m, p->price ? p->price[j] : 1, 'y', j);
        }
    }
}

/* Everybody is served, or counted as going without. */
static void served(mip *m, uint32_t i) {
    const jx_plan_problem *p = m->p;
    row(m);
    EACH_PAIR(m, i, e) {
        if (m->assigns) {
            pair(m, 1, 'x', i, e->site);
        } else {
            term(m, 1, 'y', e->site);
        }
    }
    if (p->model == JX_PLAN_COVER_MAX) {
        term(m, 1, 'u', i);
    }
    end_row(m, m->assigns ? "=" : ">=", 1);
    if (m->backup) {
        row(m);
        EACH_PAIR(m, i, e) { term(m, 1, 'y', e->site); }
        if (p->model == JX_PLAN_COVER_MAX) {
            term(m, 2, 'v', i);
        }
        end_row(m, ">=", 2);
    }
}

/* Only open sites serve; the farthest is as far as anybody's. */
static void links(mip *m, uint32_t i) {
    EACH_PAIR(m, i, e) {
        char use = m->pairs_whole ? 'x' : 'b';
        row(m);
        pair(m, 1, 'x', i, e->site);
        term(m, -1, 'y', e->site);
        end_row(m, "<=", 0);
        if (m->p->model != JX_PLAN_CENTER) {
            continue;
        }
        if (!m->pairs_whole) {
            row(m);
            pair(m, 1, 'x', i, e->site);
            pair(m, -1, 'b', i, e->site);
            end_row(m, "<=", 0);
        }
        row(m);
        jx_buf_str(m->b, " + z");
        pair(m, -(double)e->cost / 1e3, use, i, e->site);
        end_row(m, ">=", 0);
    }
}

/* What a site takes: its pairs, gathered by site first. */
static jx_status room(jx_ctx *ctx, mip *m) {
    const jx_plan_problem *p = m->p;
    uint64_t n = p->row[p->n_demands];
    uint64_t *first = jx_calloc(ctx, (size_t)p->n_sites + 1, sizeof *first);
    uint32_t *demand = jx_malloc(ctx, n, sizeof *demand);
    jx_status st = first && demand ? JX_OK : JX_E_NOMEM;
    for (uint64_t k = 0; st == JX_OK && k < n; k++) {
        first[p->entry[k].site + 1]++;
    }
    for (uint32_t j = 0; st == JX_OK && j < p->n_sites; j++) {
        first[j + 1] += first[j];
    }
    for (uint32_t i = p->n_demands; st == JX_OK && i-- > 0;) { /* backwards: counts from the end of each site's range */
        for (uint64_t k = p->row[i + 1]; k-- > p->row[i];) {
            bool counts = matters(m, i) && usable(m, &p->entry[k]);
            demand[--first[p->entry[k].site + 1]] = counts ? i : JX_NONE;
        }
    }
    for (uint32_t j = 0; st == JX_OK && j < p->n_sites; j++) {
        uint64_t end = j + 1 < p->n_sites ? first[j + 2] : n;
        if (has_room(p, j) || status_of(p, j) == JX_PLAN_BARRED) {
            continue;
        }
        row(m);
        for (uint64_t k = first[j + 1]; k < end; k++) {
            if (demand[k] != JX_NONE) {
                pair(m, p->people[demand[k]] / 1e3, 'x', demand[k], j);
            }
        }
        term(m, -(double)p->capacity[j] / 1e3, 'y', j);
        end_row(m, "<=", 0);
    }
    jx_free(ctx, first);
    jx_free(ctx, demand);
    return st;
}

static void spending(mip *m) {
    const jx_plan_problem *p = m->p;
    for (int money = 0; money < 2; money++) {
        if (money ? p->budget == UINT64_MAX : p->most_open == JX_NONE) {
            continue;
        }
        row(m);
        for (uint32_t j = 0; j < p->n_sites; j++) {
            if (status_of(p, j) == JX_PLAN_NEW || status_of(p, j) == JX_PLAN_MAY_CLOSE) {
                term(m, money && p->price ? p->price[j] : 1, 'y', j);
            }
        }
        end_row(m, "<=", money ? (double)p->budget : p->most_open);
    }
}

static void kinds(mip *m) {
    const jx_plan_problem *p = m->p;
    jx_buf_str(m->b, "\nBounds\n zero = 0");
    for (uint32_t j = 0; j < p->n_sites; j++) {
        if (status_of(p, j) == JX_PLAN_KEPT) {
            jx_buf_fmt(m->b, "\n y%u = 1", j);
        }
    }
    for (uint32_t i = 0; p->model == JX_PLAN_COVER_MAX && i < p->n_demands; i++) {
        if (matters(m, i)) {
            jx_buf_fmt(m->b, "\n u%u <= 1", i);
        }
    }
    jx_buf_str(m->b, "\nBinaries");
    for (uint32_t j = 0; j < p->n_sites; j++) {
        if (status_of(p, j) != JX_PLAN_BARRED) {
            jx_buf_fmt(m->b, "\n y%u", j);
        }
    }
    for (uint32_t i = 0; i < p->n_demands; i++) {
        if (!matters(m, i)) {
            continue;
        }
        if (m->backup && p->model == JX_PLAN_COVER_MAX) {
            jx_buf_fmt(m->b, "\n v%u", i);
        }
        if (m->assigns && (m->pairs_whole || p->model == JX_PLAN_CENTER)) {
            EACH_PAIR(m, i, e) { jx_buf_fmt(m->b, "\n %c%u_%u", m->pairs_whole ? 'x' : 'b', i, e->site); }
        }
    }
    jx_buf_str(m->b, "\nEnd\n");
}

jx_status jx_plan_mip_write(jx_ctx *ctx, const jx_plan_problem *p, jx_buf *out) {
    jx_plan_problem plain = *p;
    plain.capacity = p->covers == 2 ? NULL : p->capacity; /* what only the search cannot do is no fault here */
    JX_TRY(jx__plan_check(ctx, &plain));
    mip m = {.p = p, .b = out};
    m.cover = p->model == JX_PLAN_COVER_MAX || p->model == JX_PLAN_COVER_ALL;
    m.backup = m.cover && p->covers == 2;
    m.assigns = !m.cover || p->capacity;
    m.pairs_whole = p->capacity ? p->single : p->model == JX_PLAN_CENTER;
    jx_buf_fmt(out, "\\ junxian: %s, %u demands, %u sites\n", jx_plan_model_name(p->model), p->n_demands, p->n_sites);
    objective(&m);
    jx_buf_str(out, "\nSubject To");
    for (uint32_t i = 0; i < p->n_demands; i++) {
        if (matters(&m, i)) {
            served(&m, i);
            if (m.assigns) {
                links(&m, i);
            }
        }
    }
    if (p->capacity) {
        JX_TRY(room(ctx, &m));
    }
    spending(&m);
    kinds(&m);
    return jx_buf_ok(out);
}

/* ---- answers ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct word {
    const char *s;
    size_t n;
} word;

static bool begins(word w, const char *with) {
    size_t n = strlen(with);
    return w.n >= n && memcmp(w.s, with, n) == 0;
}

/* "y12" and nothing else. */
static bool site_name(word w, uint32_t n_sites, uint32_t *j) {
    uint64_t v = 0;
    if (w.n < 2 || w.n > 11 || w.s[0] != 'y') {
        return false;
    }
    for (size_t k = 1; k < w.n; k++) {
        if (w.s[k] < '0' || w.s[k] > '9') {
            return false;
        }
        v = v * 10 + (uint64_t)(w.s[k] - '0');
    }
    *j = (uint32_t)v;
    return v < n_sites;
}

/* The status that a line claims; the strictest word wins ("Infeasible" before "Optimal"). */
static void claim(word w, jx_mip_end *end) {
    if (begins(w, "Infeasible") || begins(w, "infeasible") || begins(w, "INFEASIBLE")) {
        *end = JX_MIP_INFEASIBLE;
    } else if (*end == JX_MIP_NOTHING && (begins(w, "Optimal") || begins(w, "optimal") || begins(w, "OPTIMAL"))) {
        *end = JX_MIP_OPTIMAL;
    } else if (begins(w, "Stopped") || begins(w, "Time")) {
        *end = JX_MIP_FEASIBLE;
    }
}

void jx_plan_mip_read(const char *text, size_t n, uint32_t n_sites, uint8_t *open, jx_mip_end *end) {
    bool any = false, named = false, relaxed = false; /* a variable was met; the last word was site j; CBC: values of the relaxed problem only */
    uint32_t j = 0;
    memset(open, 0, n_sites);
    *end = JX_MIP_NOTHING;
    for (size_t at = 0; at < n;) {
        while (at < n && (unsigned char)text[at] <= ' ') {
            named = named && text[at] != '\n';
            at++;
        }
        word w = {text + at, 0};
        while (at < n && (unsigned char)text[at] > ' ') {
            at++, w.n++;
        }
        double v;
        if (named && jx_parse_double(w.s, w.n, &v)) {
            open[j] = v > 0.5;
            any = true;
            named = false;
        } else {
            named = w.n > 0 && site_name(w, n_sites, &j);
            if (!named && !any && w.n > 0) {
                claim(w, end);
                relaxed = relaxed || begins(w, "continuous");
            }
        }
    }
    *end = *end == JX_MIP_NOTHING && any ? JX_MIP_FEASIBLE : *end;
    if (relaxed || (*end == JX_MIP_FEASIBLE && !any)) {
        *end = JX_MIP_NOTHING;
        memset(open, 0, n_sites);
    }
}

/* ---- the plan they make -------------------------------------------------------------------------------------------------------------------- */

static uint32_t in_reach(const jx_plan_problem *p, uint32_t i, const uint8_t *open) {
    uint32_t n = 0;
    for (uint64_t k = p->row[i]; k < p->row[i + 1]; k++) {
        n += open[p->entry[k].site] && p->entry[k].cost <= jx__plan_reach(p);
    }
    return n;
}

/* Does it spend no more than it may; and what it spends. */
static bool spends(const jx_plan_problem *p, const uint8_t *open, uint64_t *price) {
    uint64_t n = 0;
    *price = 0;
    for (uint32_t j = 0; j < p->n_sites; j++) {
        if (open[j] && status_of(p, j) == JX_PLAN_BARRED) {
            return false;
        }
        if (open[j] && status_of(p, j) != JX_PLAN_KEPT) {
            n++;
            *price += p->price ? p->price[j] : 1;
        }
    }
    return (p->most_open == JX_NONE || n <= p->most_open) && *price <= p->budget;
}

/* The people shared out among these sites, once each, and the objective of the whole problem. */
static jx_status shared_out(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, uint8_t *status, jx_plan *out) {
    jx_plan_problem q = *p;
    uint64_t price, second = 0;
    if (!spends(p, open, &price)) {
        return JX_E_INFEASIBLE;
    }
    for (uint32_t j = 0; j < p->n_sites; j++) {
        status[j] = open[j] ? JX_PLAN_KEPT : JX_PLAN_BARRED;
    }
    q.status = status;
    q.price = NULL;
    q.budget = UINT64_MAX;
    q.most_open = 0;
    q.covers = 1;
    q.no_runner_up = true;
    JX_TRY(jx_plan_solve(ctx, &q, out));
    for (uint32_t i = 0; p->covers == 2 && i < p->n_demands; i++) {
        if (p->people[i] > 0 && in_reach(p, i, open) < 2) {
            if (p->model == JX_PLAN_COVER_ALL) {
                jx_plan_release(ctx, out);
                return JX_E_INFEASIBLE;
            }
            second += worth(p, i);
        }
    }
    if (p->model == JX_PLAN_COVER_MAX && p->covers == 2) {
        out->objective = out->objective * (1000 - p->backup_permille) + second * p->backup_permille;
    }
    out->objective = p->model == JX_PLAN_COVER_ALL ? price : out->objective;
    return JX_OK;
}

static jx_status losses(jx_ctx *quiet, const jx_plan_problem *p, uint8_t *open, uint8_t *status, jx_plan *out) {
    for (uint32_t k = 0; k < out->n_open; k++) {
        jx_plan without;
        open[out->open[k]] = 0;
        jx_status st = shared_out(quiet, p, open, status, &without);
        open[out->open[k]] = 1;
        if (st != JX_OK && st != JX_E_INFEASIBLE) {
            return st;
        }
        out->loss[k] = st != JX_OK ? UINT64_MAX : without.objective > out->objective ? without.objective - out->objective : 0; /* a price saved is no loss */
        jx_plan_release(quiet, &without);
        JX_TRY(jx_poll(quiet));
    }
    return JX_OK;
}

jx_status jx_plan_of_sites(jx_ctx *ctx, const jx_plan_problem *p, const uint8_t *open, bool proved, jx_plan *out) {
    uint8_t *set = jx_malloc(ctx, p->n_sites, 1), *status = jx_malloc(ctx, p->n_sites, 1);
    jx_ctx *quiet = jx_ctx_quiet(ctx); /* what cannot be is said once, by us */
    jx_status st = set && status && quiet ? JX_OK : JX_E_NOMEM;
    *out = (jx_plan){0};
    for (uint32_t j = 0; st == JX_OK && j < p->n_sites; j++) {
        set[j] = open[j] || status_of(p, j) == JX_PLAN_KEPT;
    }
    st = st == JX_OK ? shared_out(quiet, p, set, status, out) : st;
    const bool impossible = st == JX_E_INFEASIBLE;
    st = st == JX_OK ? losses(quiet, p, set, status, out) : st;
    if (st == JX_OK) {
        out->proved = proved || out->objective == 0;
        out->bound = out->proved ? out->objective : 0;
        out->gap = out->proved ? 0 : 1;
        out->seed = p->seed;
    } else {
        jx_plan_release(ctx, out);
    }
    if (impossible) {
        jx_ctx_free(quiet);
        st = JX_FAIL0(ctx, PLAN_IMPOSSIBLE);
    } else {
        st = jx_ctx_quiet_end(ctx, quiet, st);
    }
    jx_free(ctx, set);
    jx_free(ctx, status);
    return st;
}
