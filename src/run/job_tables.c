/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The user's tables -> arrays of the county's config: cells with people, census totals, facilities. A bad row stops a run
 * with file, row and remedy; `check` reports it and goes on, so that one pass shows all that is wrong.
 */
#include <math.h>

#include "run/run_internal.h"

static const char *const lon_names[] = {"lon", "lng", "longitude", "x", "经度", NULL};
static const char *const lat_names[] = {"lat", "latitude", "y", "纬度", NULL};
static const char *const people_names[] = {"population", "people", "pop", "人口", "人口数", "常住人口", NULL};
static const char *const id_names[] = {"id", "code", "编号", "代码", NULL};
static const char *const name_names[] = {"name", "名称", "设施名称", NULL};
static const char *const kind_names[] = {"kind", "type", "类型", "设施类型", NULL};
static const char *const capacity_names[] = {"capacity", "places", "seats", "beds", "容量", "床位数", "学位数", NULL};
static const char *const level_names[] = {"level", "grade", "等级", "级别", NULL};
static const char *const hours_names[] = {"opening_hours", "hours", "开放时间", "营业时间", NULL};
static const char *const township_names[] = {"township", "town", "name", "乡镇", "乡镇街道", "街道", "名称", NULL};

/* The column the user named, or the one with a usual name. Required columns fail by name. */
static jx_status find_col(jx_ctx *ctx, const jx_text_table *t, const char *given, const char *const *usual, bool required, uint32_t *out) {
    const char *const one[] = {given, NULL};
    *out = jx_text_table_col(t, given ? one : usual);
    if (*out == JX_NONE && (required || given)) {
        return JX_FAIL_ROW(ctx, t->file, t->n_rows ? t->row_no[0] - 1 : 1, TABLE_NO_COLUMN, JX_S(given ? given : usual[0]));
    }
    return JX_OK;
}

static const char *text_at(const jx_text_table *t, uint32_t row, uint32_t col) {
    return col == JX_NONE ? "" : t->cell[(size_t)row * t->n_cols + col];
}

/* While checking, a bad row is counted and passed over; in a run it ends the job. Only bad input is forgiven. */
static jx_status bad_row(jx_ctx *ctx, jx__job *job, jx_status st) {
    if (st == JX_E_INPUT && job->checking) {
        job->n_bad++;
        jx_ctx_clear_error(ctx);
        return JX_OK;
    }
    return st;
}

/* Position of a row, in the declared system, as WGS 84. Swapped columns are told apart from nonsense. */
static jx_status row_point(jx_ctx *ctx, const jx_text_table *t, uint32_t row, uint32_t c_lon, uint32_t c_lat, jx_crs crs, jx_pt *out) {
    double lon = 0, lat = 0;
    JX_TRY(jx_text_table_real(ctx, t, row, c_lon, &lon));
    JX_TRY(jx_text_table_real(ctx, t, row, c_lat, &lat));
    if (fabs(lat) > 90 && fabs(lat) <= 180 && fabs(lon) <= 90) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], POINT_SWAPPED, JX_R(lon, 6), JX_R(lat, 6));
    }
    if (!(fabs(lat) <= 90) || !(fabs(lon) <= 180)) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[row], POINT_RANGE, JX_R(lon, 3), JX_R(lat, 3));
    }
    jx_to_wgs84(crs, &lon, &lat);
    return jx_pt_from_deg(lon, lat, out) ? JX_OK : JX_FAIL_ROW(ctx, t->file, t->row_no[row], POINT_RANGE, JX_R(lon, 3), JX_R(lat, 3));
}

/* Register the source with what was found out about the file. */
static jx_status table_source(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t, const char *what, uint32_t *idx) {
    JX_TRY(jx__job_source(ctx, job, spec->path, what, idx));
    job->sources[*idx].crs = spec->crs != JX_CRS_UNKNOWN ? jx_crs_name(spec->crs) : NULL;
    job->sources[*idx].encoding = jx_encoding_name(t->encoding);
    return JX_OK;
}

/* Where a row's cell lies: its polygon and a point inside, or the point of its lon and lat columns. */
static jx_status row_place(jx_ctx *ctx, const jx_text_table *t, uint32_t r, uint32_t c_lon, uint32_t c_lat, jx_crs crs, jx_pt *pt, jx_mpoly *shape) {
    if (!t->shape_wkt) {
        return row_point(ctx, t, r, c_lon, c_lat, crs, pt);
    }
    JX_TRY(jx_wkt_polygon(ctx, t->shape_wkt[r] ? t->shape_wkt[r] : "", crs, shape));
    *pt = jx_mpoly_label_point(shape);
    return JX_OK;
}

/* ---- groups of people: further columns of the table of cells ----------------------------------------------------------- */

typedef struct group_cols {
    uint32_t n;
    uint32_t *col;
    const char **name;
    double **v;
} group_cols;

static jx_status add_group(jx_ctx *ctx, jx__job *job, const jx_text_table *t, const char *name, uint32_t col, group_cols *g) {
    for (uint32_t k = 0; k < g->n; k++) {
        if (strcmp(g->name[k], name) == 0) {
            return JX_FAIL_ROW(ctx, t->file, t->n_rows ? t->row_no[0] - 1 : 1, GROUP_COLUMN_TWICE, JX_S(name), JX_S(t->header[g->col[k]]),
                               JX_S(t->header[col]));
        }
    }
    g->col[g->n] = col;
    g->name[g->n] = jx_arena_strn(ctx, job->arena, name, strlen(name));
    g->v[g->n] = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof **g->v);
    return g->name[g->n] && g->v[g->n++] ? JX_OK : JX_E_NOMEM;
}

/* Those that county.yaml names; without, those whose header is a usual word. */
static jx_status group_columns(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t, uint32_t people, group_cols *g) {
    uint32_t room = t->n_cols + (spec->groups ? spec->groups->n : 0);
    *g = (group_cols){0, jx_arena_alloc(ctx, job->arena, room, sizeof *g->col), jx_arena_alloc(ctx, job->arena, room, sizeof *g->name),
                      jx_arena_alloc(ctx, job->arena, room, sizeof *g->v)};
    if (!g->col || !g->name || !g->v) {
        return JX_E_NOMEM;
    }
    for (uint32_t k = 0; spec->groups && k < spec->groups->n; k++) {
        uint32_t col;
        JX_TRY(find_col(ctx, t, jx_val_str(spec->groups->items[k], ""), NULL, true, &col));
        JX_TRY(add_group(ctx, job, t, spec->groups->keys[k], col, g));
    }
    for (uint32_t k = 0; !spec->groups && k < t->n_cols; k++) {
        const char *name = jx_group_name(t->header[k]);
        if (name && k != people) {
            JX_TRY(add_group(ctx, job, t, name, k, g));
        }
    }
    return JX_OK;
}

static jx_status tell_groups(jx_ctx *ctx, const group_cols *g) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    for (uint32_t k = 0; k < g->n; k++) {
        jx_buf_fmt(&b, "%s%s", k ? ", " : "", g->name[k]);
    }
    jx_status st = g->n ? jx_buf_ok(&b) : JX_OK;
    if (st == JX_OK && g->n) {
        JX_NOTE(ctx, GROUP_COLUMNS, JX_S(b.s));
    }
    jx_buf_release(&b);
    return st;
}

static jx_status people_rows(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t) {
    uint32_t c_lon, c_lat, c_people, c_id, n = 0;
    bool shapes = t->shape_wkt != NULL; /* a GIS layer of polygons needs no columns for its place */
    JX_TRY(find_col(ctx, t, spec->col_lon, lon_names, !shapes, &c_lon));
    JX_TRY(find_col(ctx, t, spec->col_lat, lat_names, !shapes, &c_lat));
    JX_TRY(find_col(ctx, t, spec->col_people, people_names, true, &c_people));
    JX_TRY(find_col(ctx, t, spec->col_id, id_names, false, &c_id));
    group_cols groups;
    JX_TRY(group_columns(ctx, job, spec, t, c_people, &groups));
    jx_pt *pt = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof *pt);
    double *people = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof *people);
    const char **id = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof *id);
    jx_mpoly *shape = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof *shape);
    if (!pt || !people || !id || !shape) {
        return JX_E_NOMEM;
    }
    memset(shape, 0, (t->n_rows + 1) * sizeof *shape);
    job->people_table = (jx_people_table){.n = t->n_rows, .pt = pt, .shape = shapes ? shape : NULL, .people = people, .file = spec->path,
                                          .n_groups = groups.n, .group_name = groups.name, .group = (const double *const *)groups.v}; /* owned by the job */
    for (uint32_t r = 0; r < t->n_rows; r++) {
        jx_mpoly_release(ctx, &shape[n]); /* of a row passed over */
        jx_status st = row_place(ctx, t, r, c_lon, c_lat, spec->crs, &pt[n], &shape[n]);
        if (st == JX_OK) {
            st = jx_text_table_real(ctx, t, r, c_people, &people[n]);
        }
        if (st == JX_OK && people[n] < 0) {
            st = JX_FAIL_ROW(ctx, t->file, t->row_no[r], PEOPLE_NEGATIVE, JX_R(people[n], 2));
        }
        for (uint32_t k = 0; st == JX_OK && k < groups.n; k++) {
            st = jx_text_table_group(ctx, t, r, groups.col[k], people[n], &groups.v[k][n]);
        }
        if (st != JX_OK) {
            JX_TRY(bad_row(ctx, job, st));
            continue;
        }
        const char *s = text_at(t, r, c_id);
        id[n] = jx_arena_strn(ctx, job->arena, s, strlen(s));
        if (!id[n++]) {
            return JX_E_NOMEM;
        }
    }
    jx_mpoly_release(ctx, &shape[n]);
    job->people_table.n = n;
    job->people_table.id = c_id == JX_NONE ? NULL : id;
    job->cfg.people_table = &job->people_table;
    job->table_crs = spec->crs;
    return tell_groups(ctx, &groups);
}

jx_status jx__load_people_table(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec) {
    jx_text_table t;
    uint32_t idx = 0;
    JX_TRY(jx_table_read(ctx, spec->path, spec->encoding, spec->sheet, &t));
    jx_status st = table_source(ctx, job, spec, &t, N_("table of cells with people"), &idx);
    if (st == JX_OK) {
        st = people_rows(ctx, job, spec, &t);
    }
    jx_text_table_release(ctx, &t);
    return st;
}

static jx_status census_rows(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t) {
    uint32_t c_name, c_people, n = 0;
    JX_TRY(find_col(ctx, t, spec->col_name, township_names, true, &c_name));
    JX_TRY(find_col(ctx, t, spec->col_people, people_names, true, &c_people));
    jx_census_row *rows = jx_arena_alloc(ctx, job->arena, t->n_rows + 1, sizeof *rows);
    if (!rows) {
        return JX_E_NOMEM;
    }
    for (uint32_t r = 0; r < t->n_rows; r++) {
        double people = 0;
        jx_status st = jx_text_table_real(ctx, t, r, c_people, &people);
        if (st == JX_OK && people < 0) {
            st = JX_FAIL_ROW(ctx, t->file, t->row_no[r], PEOPLE_NEGATIVE, JX_R(people, 2));
        }
        if (st != JX_OK) {
            JX_TRY(bad_row(ctx, job, st));
            continue;
        }
        const char *s = text_at(t, r, c_name);
        rows[n] = (jx_census_row){jx_arena_strn(ctx, job->arena, s, strlen(s)), people, t->row_no[r]};
        if (!rows[n++].township) {
            return JX_E_NOMEM;
        }
    }
    job->cfg.census = rows;
    job->cfg.n_census = n;
    job->cfg.census_file = spec->path;
    return JX_OK;
}

jx_status jx__load_census(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec) {
    jx_text_table t;
    uint32_t idx = 0;
    JX_TRY(jx_table_read(ctx, spec->path, spec->encoding, spec->sheet, &t));
    jx__table_spec no_points = *spec;
    no_points.crs = JX_CRS_UNKNOWN;
    jx_status st = table_source(ctx, job, &no_points, &t, N_("census totals per township"), &idx);
    if (st == JX_OK) {
        st = census_rows(ctx, job, spec, &t);
    }
    jx_text_table_release(ctx, &t);
    return st;
}

/* Text of a cell in the job's arena; "" gives NULL when `optional`. */
static jx_status keep_text(jx_ctx *ctx, jx__job *job, const char *s, bool optional, const char **out) {
    *out = NULL;
    if (*s || !optional) {
        *out = jx_arena_strn(ctx, job->arena, s, strlen(s));
        return *out ? JX_OK : JX_E_NOMEM;
    }
    return JX_OK;
}

typedef struct facility_cols {
    uint32_t lon, lat, kind, name, level, hours, capacity;
} facility_cols;

static jx_status facility_row(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t, uint32_t r, const facility_cols *c,
                              jx_facility_row *f) {
    JX_TRY(row_point(ctx, t, r, c->lon, c->lat, spec->crs, &f->pt));
    f->capacity = NAN;
    if (*text_at(t, r, c->capacity)) {
        JX_TRY(jx_text_table_real(ctx, t, r, c->capacity, &f->capacity));
    }
    const char *kind = spec->kind ? spec->kind : text_at(t, r, c->kind);
    if (!*kind) {
        return JX_FAIL_ROW(ctx, t->file, t->row_no[r], FACILITY_NO_KIND, JX_S("kind"));
    }
    JX_TRY(keep_text(ctx, job, kind, false, &f->kind));
    JX_TRY(keep_text(ctx, job, text_at(t, r, c->name), false, &f->name));
    JX_TRY(keep_text(ctx, job, text_at(t, r, c->level), true, &f->level));
    JX_TRY(keep_text(ctx, job, text_at(t, r, c->hours), true, &f->hours));
    f->row = t->row_no[r];
    f->file = spec->path;
    return JX_OK;
}

static jx_status facility_rows(jx_ctx *ctx, jx__job *job, const jx__table_spec *spec, const jx_text_table *t, uint32_t source,
                               jx_facility_row *rows, uint32_t *n) {
    facility_cols c;
    JX_TRY(find_col(ctx, t, spec->col_lon, lon_names, true, &c.lon));
    JX_TRY(find_col(ctx, t, spec->col_lat, lat_names, true, &c.lat));
    JX_TRY(find_col(ctx, t, spec->col_kind, kind_names, !spec->kind, &c.kind));
    JX_TRY(find_col(ctx, t, spec->col_name, name_names, false, &c.name));
    JX_TRY(find_col(ctx, t, NULL, level_names, false, &c.level));
    JX_TRY(find_col(ctx, t, NULL, hours_names, false, &c.hours));
    JX_TRY(find_col(ctx, t, NULL, capacity_names, false, &c.capacity));
    for (uint32_t r = 0; r < t->n_rows; r++) {
        jx_facility_row f = {.source = source};
        jx_status st = facility_row(ctx, job, spec, t, r, &c, &f);
        if (st != JX_OK) {
            JX_TRY(bad_row(ctx, job, st));
            continue;
        }
        rows[(*n)++] = f;
    }
    return JX_OK;
}

jx_status jx__load_facilities(jx_ctx *ctx, jx__job *job, const jx__table_spec *specs, uint32_t n_specs) {
    for (uint32_t i = 0; i < n_specs; i++) {
        jx_text_table t;
        uint32_t idx = 0, n = job->cfg.n_facilities;
        JX_TRY(jx_table_read(ctx, specs[i].path, specs[i].encoding, specs[i].sheet, &t));
        jx_facility_row *rows = jx_arena_alloc(ctx, job->arena, (size_t)n + t.n_rows + 1, sizeof *rows);
        jx_status st = rows ? table_source(ctx, job, &specs[i], &t, N_("list of facilities"), &idx) : JX_E_NOMEM;
        if (st == JX_OK) {
            if (n) {
                memcpy(rows, job->cfg.facilities, n * sizeof *rows);
            }
            job->facility_crs[idx] = specs[i].crs;
            st = facility_rows(ctx, job, &specs[i], &t, idx, rows, &n);
            job->cfg.facilities = rows;
            job->cfg.n_facilities = n;
        }
        jx_text_table_release(ctx, &t);
        JX_TRY(st);
    }
    return JX_OK;
}
