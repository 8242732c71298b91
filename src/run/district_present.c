/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Who goes where today: a table of cells and their sites, such as `district -o FILE.csv` writes. */
#include "run/district.h"

static const char *const cell_names[] = {"cell", "id", "单元", NULL};
static const char *const town_names[] = {"township", "town", "乡镇", "街道", NULL};
static const char *const site_names[] = {"site", "school", "district", "学校", "设施", NULL};

typedef struct known {
    char id[24];
    const char *name; /* id, or the user's */
    uint32_t cell;
} known;

static int by_name(const void *a, const void *b, void *user) {
    (void)user;
    const known *x = a, *y = b;
    int k = strcmp(x->name ? x->name : x->id, y->name ? y->name : y->id);
    return k ? k : (x->cell > y->cell) - (x->cell < y->cell);
}

static jx_status index_cells(jx_ctx *ctx, const jx_cells *s, known *k) {
    for (uint32_t i = 0; i < s->n; i++) {
        jx_buf b;
        jx_buf_init(&b, ctx);
        k[i] = (known){.name = s->id ? s->id[i] : NULL, .cell = i};
        if (!s->id) {
            jx_buf_fmt(&b, "%d_%d", (int)s->col[i], (int)s->row[i]);
        }
        jx_status st = jx_buf_ok(&b);
        if (st == JX_OK && b.n && b.n < sizeof k[i].id) {
            memcpy(k[i].id, b.s, b.n + 1);
        }
        jx_buf_release(&b);
        JX_TRY(st);
    }
    return jx_sort(ctx, k, s->n, sizeof *k, by_name, NULL);
}

typedef struct table {
    const jx_text_table *t;
    uint32_t cell, town, site, n_gone;
    const char *gone;
} table;

/* The township of a row tells parts of a square apart that a border cuts. */
static bool same_town(const jx_county *c, uint32_t cell, const char *town) {
    uint32_t t = c->cells.township[cell];
    return !town || (t == JX_NONE ? *town == 0 : strcmp(c->areas[c->township[t]].name, town) == 0);
}

static jx_status one_row(jx_ctx *ctx, const known *k, table *f, uint32_t row, jx__districts *d) {
    const jx_text_table *t = f->t;
    const char *id = t->cell[(size_t)row * t->n_cols + f->cell], *site = t->cell[(size_t)row * t->n_cols + f->site];
    const char *town = f->town == JX_NONE ? NULL : t->cell[(size_t)row * t->n_cols + f->town];
    uint32_t lo = 0, hi = d->c->cells.n, s = 0;
    bool found = false;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        bool below = strcmp(k[mid].name ? k[mid].name : k[mid].id, id) < 0;
        lo = below ? mid + 1 : lo;
        hi = below ? hi : mid;
    }
    while (s < d->n && strcmp(d->label[s], site) != 0) {
        s++;
    }
    for (; lo < d->c->cells.n && strcmp(k[lo].name ? k[lo].name : k[lo].id, id) == 0; lo++) {
        if (same_town(d->c, k[lo].cell, town)) {
            d->present[k[lo].cell] = s < d->n ? s : JX_NONE;
            found = true;
        }
    }
    if (!found) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], PRESENT_CELL, JX_S(id));
    }
    if (s == d->n && *site) {
        f->gone = f->gone ? f->gone : site;
        f->n_gone++;
    }
    return JX_OK;
}

static jx_status read_rows(jx_ctx *ctx, const jx_text_table *t, const known *k, jx__districts *d) {
    table f = {.t = t, .cell = jx_text_table_col(t, cell_names), .town = jx_text_table_col(t, town_names), .site = jx_text_table_col(t, site_names)};
    if (f.cell == JX_NONE || f.site == JX_NONE) {
        return JX_FAIL_ROW(ctx, t->file, t->n_rows ? t->row_no[0] - 1 : 1, TABLE_NO_COLUMN, JX_S(f.cell == JX_NONE ? "cell" : "site"));
    }
    for (uint32_t r = 0; r < t->n_rows; r++) {
        JX_TRY(one_row(ctx, k, &f, r, d));
    }
    if (f.n_gone) {
        JX_NOTE(ctx, PRESENT_GONE, JX_I(f.n_gone), JX_S(f.gone));
    }
    return JX_OK;
}

static jx_status from_table(jx_ctx *ctx, const jx_args *args, const char *path, jx__districts *d) {
    jx_text_table t;
    JX_TRY(jx_table_read(ctx, path, jx__encoding_of(args), NULL, &t));
    known *k = jx_malloc(ctx, d->c->cells.n, sizeof *k);
    jx_status st = k ? index_cells(ctx, &d->c->cells, k) : JX_E_NOMEM;
    if (st == JX_OK) {
        st = read_rows(ctx, &t, k, d);
    }
    jx_free(ctx, k);
    jx_text_table_release(ctx, &t);
    return st;
}

jx_status jx__districts_present(jx_ctx *ctx, const jx_args *args, jx__districts *d) {
    const char *from = jx_args_get(args, "present");
    if (!from) {
        return JX_OK;
    }
    d->present = jx_malloc(ctx, d->c->cells.n, sizeof *d->present);
    if (!d->present) {
        return JX_E_NOMEM;
    }
    for (uint32_t i = 0; i < d->c->cells.n; i++) {
        uint32_t least = JX_UNREACHABLE;
        d->present[i] = JX_NONE;
        for (uint32_t s = 0; s < d->n; s++) {
            uint32_t t = d->time[(size_t)i * d->n + s];
            d->present[i] = t < least ? s : d->present[i];
            least = t < least ? t : least;
        }
    }
    if (strcmp(from, "nearest") == 0) {
        return JX_OK;
    }
    for (uint32_t i = 0; i < d->c->cells.n; i++) {
        d->present[i] = JX_NONE;
    }
    return from_table(ctx, args, from, d);
}
