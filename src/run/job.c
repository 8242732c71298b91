/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A job: the settings and sources of one county, from a bare extract with options or from a county folder with its
 * county.yaml. Options win over county.yaml; county.yaml over the built-in standards.
 */
#include <stdlib.h>

#include "run/run_internal.h"

static char *join(jx_ctx *ctx, jx_arena *a, const char *dir, const char *name) {
    size_t nd = strlen(dir), nn = strlen(name);
    while (nd > 1 && dir[nd - 1] == '/') {
        nd--;
    }
    char *p = jx_arena_alloc(ctx, a, nd + nn + 2, 1);
    if (p) {
        memcpy(p, dir, nd);
        p[nd] = '/';
        memcpy(p + nd + 1, name, nn + 1);
    }
    return p;
}

const char *jx__job_path(jx_ctx *ctx, jx__job *job, const char *name) {
    if (!job->folder || name[0] == '/') {
        return jx_arena_strn(ctx, job->arena, name, strlen(name));
    }
    return join(ctx, job->arena, job->folder, name);
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

jx_status jx__job_source(jx_ctx *ctx, jx__job *job, const char *path, const char *what, uint32_t *idx) {
    if (job->n_sources == JX__MAX_SOURCES) {
        return JX_FAIL(ctx, SOURCES_MANY, JX_I(JX__MAX_SOURCES));
    }
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_source *s = &job->sources[job->n_sources];
    *s = (jx_source){.what = what};
    s->name = jx_arena_strn(ctx, job->arena, base_name(path), strlen(base_name(path)));
    jx_sha256 h;
    jx_sha256_init(&h);
    jx_sha256_add(&h, f.p, f.n);
    jx_sha256_hex(&h, s->sha256);
    jx_file_close(ctx, &f);
    if (!s->name) {
        return JX_E_NOMEM;
    }
    *idx = job->n_sources++;
    return JX_OK;
}

/* A settings document: the user's file, or the built-in one. */
static jx_status load_doc(jx_ctx *ctx, jx__job *job, const char *user_path, const char *builtin, jx_doc *out) {
    if (user_path) {
        const char *path = jx__job_path(ctx, job, user_path);
        return path ? jx_yaml_file(ctx, path, out) : JX_E_NOMEM;
    }
    const jx__embedded *e = jx__embedded_find(builtin);
    return jx_yaml_parse(ctx, builtin, e->p, (size_t)(e->end - e->p), out);
}

/* Option, else the key in county.yaml (at `map`), else NULL. */
static jx_status setting(jx_ctx *ctx, const jx__job *job, const jx_args *args, const char *opt, const jx_val *map, const char *key,
                         const char **out) {
    const char *v = jx_args_get(args, opt);
    if (v) {
        *out = v;
        return JX_OK;
    }
    return map ? jx_cfg_str(ctx, &job->config, map, key, out) : JX_OK;
}

static jx_status parse_crs(jx_ctx *ctx, const char *s, jx_crs *out) {
    *out = s ? jx_crs_parse(s) : JX_CRS_WGS84;
    return *out == JX_CRS_UNKNOWN ? JX_FAIL(ctx, CRS_UNKNOWN, JX_S(s)) : JX_OK;
}

static jx_status parse_encoding(jx_ctx *ctx, const char *s, jx_encoding *out) {
    static const struct {
        const char *name;
        jx_encoding e;
    } names[] = {{"auto", JX_ENC_AUTO}, {"utf-8", JX_ENC_UTF8}, {"gb18030", JX_ENC_GB18030}, {"gbk", JX_ENC_GB18030}, {"utf-16", JX_ENC_UTF16}};
    *out = JX_ENC_AUTO;
    for (size_t i = 0; s && i < sizeof names / sizeof *names; i++) {
        if (strcmp(s, names[i].name) == 0) {
            *out = names[i].e;
            return JX_OK;
        }
    }
    return s ? JX_FAIL(ctx, ENCODING_UNKNOWN, JX_S(s)) : JX_OK;
}

/* One table source of county.yaml: {file, sheet, encoding, crs, kind, columns: {...}}. */
static jx_status read_spec(jx_ctx *ctx, jx__job *job, const jx_val *v, jx__table_spec *spec) {
    static const char *const known[] = {"file", "sheet", "encoding", "crs", "kind", "columns", NULL};
    static const char *const known_cols[] = {"lon", "lat", "people", "name", "kind", "id", "groups", NULL};
    const jx_doc *d = &job->config;
    *spec = (jx__table_spec){0};
    if (v->type == JX_VAL_STR) { /* short form: just the file */
        spec->path = jx__job_path(ctx, job, v->s);
        spec->crs = JX_CRS_WGS84;
        return spec->path ? JX_OK : JX_E_NOMEM;
    }
    JX_TRY(jx_cfg_known(ctx, d, v, known));
    const char *file = NULL, *enc = NULL, *crs = NULL;
    JX_TRY(jx_cfg_str(ctx, d, v, "file", &file));
    if (!file) {
        return JX_FAIL_ROW(ctx, d->name, v->line, CONFIG_MISSING, JX_S("file"));
    }
    JX_TRY(jx_cfg_str(ctx, d, v, "sheet", &spec->sheet));
    JX_TRY(jx_cfg_str(ctx, d, v, "encoding", &enc));
    JX_TRY(jx_cfg_str(ctx, d, v, "crs", &crs));
    JX_TRY(jx_cfg_str(ctx, d, v, "kind", &spec->kind));
    JX_TRY(parse_encoding(ctx, enc, &spec->encoding));
    JX_TRY(parse_crs(ctx, crs, &spec->crs));
    const jx_val *c = jx_val_get(v, "columns");
    if (c) {
        JX_TRY(jx_cfg_known(ctx, d, c, known_cols));
        JX_TRY(jx_cfg_str(ctx, d, c, "lon", &spec->col_lon));
        JX_TRY(jx_cfg_str(ctx, d, c, "lat", &spec->col_lat));
        JX_TRY(jx_cfg_str(ctx, d, c, "people", &spec->col_people));
        JX_TRY(jx_cfg_str(ctx, d, c, "name", &spec->col_name));
        JX_TRY(jx_cfg_str(ctx, d, c, "kind", &spec->col_kind));
        JX_TRY(jx_cfg_str(ctx, d, c, "id", &spec->col_id));
        spec->groups = jx_val_get(c, "groups");
        for (uint32_t i = 0; spec->groups && spec->groups->type == JX_VAL_MAP && i < spec->groups->n; i++) {
            const char *column = NULL;
            JX_TRY(jx_cfg_str(ctx, d, spec->groups, spec->groups->keys[i], &column));
        }
        if (spec->groups && spec->groups->type != JX_VAL_MAP) {
            return JX_FAIL_ROW(ctx, d->name, spec->groups->line, CONFIG_TYPE, JX_S("groups"), JX_S("a map"), JX_S(jx_val_str(spec->groups, "...")));
        }
    }
    spec->path = jx__job_path(ctx, job, file);
    return spec->path ? JX_OK : JX_E_NOMEM;
}

static jx_status spec_from_options(jx_ctx *ctx, const jx_args *args, const char *path, jx__table_spec *spec) {
    *spec = (jx__table_spec){.path = path};
    JX_TRY(parse_crs(ctx, jx_args_get(args, "crs"), &spec->crs));
    return parse_encoding(ctx, jx_args_get(args, "encoding"), &spec->encoding);
}

static bool is_raster(const char *path) {
    size_t n = strlen(path);
    return (n > 4 && strcmp(path + n - 4, ".tif") == 0) || (n > 5 && strcmp(path + n - 5, ".tiff") == 0);
}

static jx_status load_people(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *root) {
    static const char *const known[] = {"raster", "table", "census", "persons_per_dwelling", "rules", NULL};
    const jx_val *people = jx_val_get(root, "people");
    if (people) {
        JX_TRY(jx_cfg_known(ctx, &job->config, people, known));
        JX_TRY(jx_cfg_real(ctx, &job->config, people, "persons_per_dwelling", 0.1, 50, &job->cfg.persons_per_dwelling));
        const char *raster = NULL;
        JX_TRY(jx_cfg_str(ctx, &job->config, people, "raster", &raster));
        if (raster && !(job->raster_path = jx__job_path(ctx, job, raster))) {
            return JX_E_NOMEM;
        }
    }
    jx__table_spec table = {0}, census = {0};
    const jx_val *t = jx_val_get(people, "table"), *c = jx_val_get(people, "census");
    if (t) {
        JX_TRY(read_spec(ctx, job, t, &table));
    }
    if (c) {
        JX_TRY(read_spec(ctx, job, c, &census));
    }
    const char *opt = jx_args_get(args, "population"), *opt_census = jx_args_get(args, "census");
    if (opt && is_raster(opt)) {
        job->raster_path = opt;
    } else if (opt) {
        JX_TRY(spec_from_options(ctx, args, opt, &table));
    }
    if (opt_census) {
        JX_TRY(spec_from_options(ctx, args, opt_census, &census));
    }
    if (table.path) {
        JX_TRY(jx__load_people_table(ctx, job, &table));
    }
    if (census.path) {
        JX_TRY(jx__load_census(ctx, job, &census));
    }
    uint32_t idx = 0;
    return job->raster_path ? jx__job_source(ctx, job, job->raster_path, N_("population raster"), &idx) : JX_OK;
}

static jx_status load_facilities(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *root) {
    jx__table_spec specs[JX__MAX_SOURCES];
    uint32_t n = 0;
    const jx_val *list = jx_val_get(root, "facilities");
    for (uint32_t i = 0; list && list->type == JX_VAL_SEQ && i < list->n && n < JX__MAX_SOURCES; i++) {
        JX_TRY(read_spec(ctx, job, list->items[i], &specs[n++]));
    }
    if (list && list->type != JX_VAL_SEQ && list->type != JX_VAL_NULL) {
        return JX_FAIL_ROW(ctx, job->config.name, list->line, CONFIG_TYPE, JX_S("facilities"), JX_S("a list"), JX_S(jx_val_str(list, "{...}")));
    }
    const char *opt = jx_args_get(args, "facilities");
    if (opt && n < JX__MAX_SOURCES) {
        JX_TRY(spec_from_options(ctx, args, opt, &specs[n++]));
    }
    return n ? jx__load_facilities(ctx, job, specs, n) : JX_OK;
}

static jx_status load_boundary(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *root) {
    static const char *const known[] = {"file", "crs", NULL};
    const char *file = jx_args_get(args, "boundary"), *crs = jx_args_get(args, "boundary-crs");
    const jx_val *b = jx_val_get(root, "boundary");
    if (!file && b && b->type == JX_VAL_STR) {
        file = jx__job_path(ctx, job, b->s);
    } else if (!file && b) {
        const char *name = NULL;
        JX_TRY(jx_cfg_known(ctx, &job->config, b, known));
        JX_TRY(jx_cfg_str(ctx, &job->config, b, "file", &name));
        JX_TRY(jx_cfg_str(ctx, &job->config, b, "crs", &crs));
        file = name ? jx__job_path(ctx, job, name) : NULL;
    }
    if (!file) {
        return JX_OK;
    }
    jx_crs system;
    JX_TRY(parse_crs(ctx, crs, &system));
    JX_TRY(jx_geojson_boundary(ctx, file, system, &job->boundary, &job->boundary_name));
    job->cfg.boundary = &job->boundary;
    job->cfg.boundary_name = job->title ? job->title : job->boundary_name;
    uint32_t idx = 0;
    JX_TRY(jx__job_source(ctx, job, file, N_("boundary"), &idx));
    job->sources[idx].crs = jx_crs_name(system);
    return JX_OK;
}

static bool is_yaml(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* Land cover: the grid, and which classes it has: a scheme of the built-in table by name, or a table of the user's. */
static jx_status load_cover(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *t) {
    const char *grid = NULL, *classes = NULL, *opt = jx_args_get(args, "friction"), *opt_classes = jx_args_get(args, "land-cover");
    uint32_t idx = 0;
    JX_TRY(jx_cfg_str(ctx, &job->config, t, "friction", &grid));
    JX_TRY(jx_cfg_str(ctx, &job->config, t, "land_cover", &classes));
    job->cover_path = opt ? opt : grid ? jx__job_path(ctx, job, grid) : NULL;
    if (!job->cover_path) {
        return JX_OK;
    }
    JX_TRY(jx__job_source(ctx, job, job->cover_path, N_("land cover"), &idx));
    classes = opt_classes ? opt_classes : classes;
    if (classes && is_yaml(classes)) {
        job->landcover_file = opt_classes ? opt_classes : jx__job_path(ctx, job, classes);
        JX_TRY(job->landcover_file ? jx__job_source(ctx, job, job->landcover_file, N_("walking speed by land cover"), &idx) : JX_E_NOMEM);
        JX_TRY(jx_yaml_file(ctx, job->landcover_file, &job->landcover));
    } else {
        JX_TRY(load_doc(ctx, job, NULL, "landcover.yaml", &job->landcover));
        job->cfg.landcover_scheme = classes;
    }
    job->cfg.landcover = &job->landcover;
    return JX_OK;
}

static jx_status load_ground(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *root) {
    static const char *const known[] = {"dem", "friction", "land_cover", NULL};
    const jx_val *t = jx_val_get(root, "terrain");
    const char *dem = NULL, *opt = jx_args_get(args, "dem");
    uint32_t idx = 0;
    if (t) {
        JX_TRY(jx_cfg_known(ctx, &job->config, t, known));
        JX_TRY(jx_cfg_str(ctx, &job->config, t, "dem", &dem));
    }
    job->dem_path = opt ? opt : dem ? jx__job_path(ctx, job, dem) : NULL;
    if (job->dem_path) {
        JX_TRY(jx__job_source(ctx, job, job->dem_path, N_("heights (DEM)"), &idx));
    }
    return load_cover(ctx, job, args, t);
}

static jx_status load_settings(jx_ctx *ctx, jx__job *job, const jx_args *args, const jx_val *root) {
    static const char *const known_grid[] = {"kind", "size_m", NULL};
    const jx_val *grid = jx_val_get(root, "grid");
    const char *kind = NULL, *profiles = NULL, *map = NULL, *rules = NULL;
    if (grid) {
        JX_TRY(jx_cfg_known(ctx, &job->config, grid, known_grid));
        JX_TRY(jx_cfg_real(ctx, &job->config, grid, "size_m", 25, 5000, &job->cfg.cell_m));
    }
    job->cfg.cell_m = jx_args_num(args, "cell-size", job->cfg.cell_m);
    JX_TRY(setting(ctx, job, args, "grid", grid, "kind", &kind));
    if (kind && strcmp(kind, "hex") != 0 && strcmp(kind, "square") != 0) {
        return JX_FAIL(ctx, ARG_CHOICE, JX_S("grid"), JX_S(kind), JX_S("square|hex"));
    }
    job->cfg.grid = kind && strcmp(kind, "hex") == 0 ? JX_GRID_HEX : JX_GRID_SQUARE;
    JX_TRY(setting(ctx, job, args, "area", root, "area", &job->cfg.area));
    JX_TRY(setting(ctx, job, args, "urban", root, "urban", &job->cfg.urban));
    if (job->cfg.urban && strcmp(job->cfg.urban, "degurba") == 0) {
        job->cfg.urban = NULL;
    }
    JX_TRY(setting(ctx, job, args, "profiles", root, "profiles", &profiles));
    JX_TRY(setting(ctx, job, args, "facility-map", root, "facility_map", &map));
    JX_TRY(setting(ctx, job, args, "people-rules", jx_val_get(root, "people"), "rules", &rules));
    const char *engine = jx_args_get(args, "engine");
    job->cfg.plain = engine && strcmp(engine, "dijkstra") == 0;
    const char *turns = jx_args_get(args, "turns");
    job->cfg.no_turns = turns && strcmp(turns, "off") == 0;
    job->cfg.dissect = jx_metis_dissect;
    JX_TRY(load_doc(ctx, job, profiles, "profiles.yaml", &job->profiles));
    JX_TRY(load_doc(ctx, job, map, "osm-facilities.yaml", &job->facility_map));
    JX_TRY(load_doc(ctx, job, rules, "people.yaml", &job->people));
    const char *standard = NULL;
    JX_TRY(setting(ctx, job, args, "standard", root, "standard", &standard));
    job->standard_auto = !standard;
    if (standard) {
        bool cn = strcmp(standard, "cn") == 0, intl = strcmp(standard, "intl") == 0;
        JX_TRY(load_doc(ctx, job, cn || intl ? NULL : standard, cn ? "services-cn.yaml" : "services-intl.yaml", &job->standard));
    }
    return JX_OK;
}

/* The county folder's county.yaml, or nothing for a bare extract. */
static jx_status open_input(jx_ctx *ctx, jx__job *job, const jx_args *args) {
    static const char *const known[] = {"name", "osm", "area", "boundary", "grid", "people", "facilities", "urban", "standard", "profiles", "facility_map", "terrain", "plans", NULL};
    job->input = args->input[0];
    if (strcmp(job->input, "demo") == 0 && !jx_path_exists("demo")) {
        return JX_OK; /* the embedded extract */
    }
    if (strcmp(job->input, "demo") == 0 && jx_path_is_dir("demo")) {
        const char *cfg = join(ctx, job->arena, "demo", "county.yaml");
        if (cfg && !jx_path_exists(cfg)) {
            return JX_OK; /* a folder that happens to have this name, as in our own source tree */
        }
    }
    if (!jx_path_is_dir(job->input)) {
        bool snapshot;
        JX_TRY(jx__is_snapshot(ctx, job->input, &snapshot));
        job->osm_path = job->input;
        return snapshot ? JX_FAIL(ctx, NET_NEEDS_EXTRACT, JX_S(job->input)) : JX_OK;
    }
    job->folder = job->input;
    const char *path = join(ctx, job->arena, job->folder, "county.yaml");
    if (!path) {
        return JX_E_NOMEM;
    }
    if (!jx_path_exists(path)) {
        return JX_FAIL(ctx, FOLDER_NO_CONFIG, JX_S(job->folder));
    }
    JX_TRY(jx_yaml_file(ctx, path, &job->config));
    JX_TRY(jx_cfg_known(ctx, &job->config, job->config.root, known));
    JX_TRY(jx_cfg_str(ctx, &job->config, job->config.root, "name", &job->title));
    const char *osm = NULL;
    JX_TRY(jx_cfg_str(ctx, &job->config, job->config.root, "osm", &osm));
    if (!osm) {
        return JX_FAIL_ROW(ctx, job->config.name, 1, CONFIG_MISSING, JX_S("osm"));
    }
    job->osm_path = jx__job_path(ctx, job, osm);
    return job->osm_path ? JX_OK : JX_E_NOMEM;
}

static jx_status default_out(jx_ctx *ctx, jx__job *job, const jx_args *args) {
    job->out_path = jx_args_get(args, "output");
    if (job->out_path) {
        return JX_OK;
    }
    if (job->folder) {
        job->out_path = join(ctx, job->arena, job->folder, "out");
    } else {
        const char *stem = job->osm_path ? base_name(job->osm_path) : "demo";
        size_t n = strcspn(stem, ".");
        char *p = jx_arena_alloc(ctx, job->arena, n + sizeof "-diagnosis", 1);
        if (p) {
            memcpy(p, stem, n);
            memcpy(p + n, "-diagnosis", sizeof "-diagnosis");
        }
        job->out_path = p;
    }
    return job->out_path ? JX_OK : JX_E_NOMEM;
}

jx_status jx__job_load(jx_ctx *ctx, const jx_args *args, bool checking, jx__job *job) {
    *job = (jx__job){.checking = checking};
    job->arena = jx_arena_new(ctx);
    if (!job->arena) {
        return JX_E_NOMEM;
    }
    JX_TRY(open_input(ctx, job, args));
    JX_TRY(default_out(ctx, job, args));
    const jx_val *root = job->config.root;
    JX_TRY(load_settings(ctx, job, args, root)); /* the cheap questions first */
    uint32_t idx = 0;
    if (job->osm_path) {
        JX_TRY(jx__job_source(ctx, job, job->osm_path, N_("OpenStreetMap extract"), &idx));
    } else {
        const jx__embedded *demo = jx__embedded_find("demo.osm.pbf");
        jx_source *s = &job->sources[job->n_sources++];
        *s = (jx_source){.name = "liechtenstein-2024-03.osm.pbf", .what = N_("OpenStreetMap extract")};
        jx_sha256 h;
        jx_sha256_init(&h);
        jx_sha256_add(&h, demo->p, (size_t)(demo->end - demo->p));
        jx_sha256_hex(&h, s->sha256);
    }
    job->sources[idx].licence = "ODbL 1.0";
    job->sources[idx].attribution = "\u00a9 OpenStreetMap contributors";
    job->sources[idx].crs = jx_crs_name(JX_CRS_WGS84);
    JX_TRY(load_boundary(ctx, job, args, root));
    JX_TRY(load_people(ctx, job, args, root));
    JX_TRY(load_ground(ctx, job, args, root));
    return load_facilities(ctx, job, args, root);
}

jx_status jx__job_extract(jx_ctx *ctx, jx__job *job, jx_extract **out) {
    const jx_keep keep = {jx_keep_default};
    jx_status st;
    if (job->osm_path) {
        st = jx_pbf_read(ctx, job->osm_path, &keep, out);
    } else {
        const jx__embedded *demo = jx__embedded_find("demo.osm.pbf");
        st = jx_pbf_read_bytes(ctx, demo->p, (size_t)(demo->end - demo->p), &keep, out);
    }
    if (st == JX_OK) {
        job->sources[0].date = (*out)->header.timestamp;
    }
    return st;
}

/* China by a box is enough to choose a default that is stated and can be overridden. */
static bool in_china(jx_box b) {
    double lon = (jx_deg(b.min_lon) + jx_deg(b.max_lon)) / 2, lat = (jx_deg(b.min_lat) + jx_deg(b.max_lat)) / 2;
    return lon > 73.5 && lon < 135 && lat > 18 && lat < 53.5 && !(lat > 45 && lon > 87.5 && lon < 115) && !(lon > 124 && lat < 39.7 && lat > 33);
}

static jx_status read_field(jx_ctx *ctx, const char *path, jx_box box, jx_raster_kind kind, jx_field *out) {
    static const double margin_m = 2000; /* smoothing and detours look beyond the last street */
    jx_raster r;
    JX_TRY(jx_raster_read_ground(ctx, path, jx_box_grow(box, margin_m), kind, &r));
    jx_status st = jx_field_init(ctx, r.width, r.height, r.west, r.north, r.dx, r.dy, out);
    for (size_t i = 0; st == JX_OK && i < (size_t)r.width * r.height; i++) {
        out->v[i] = (float)r.value[i];
    }
    jx_raster_release(ctx, &r);
    return st;
}

jx_status jx__job_ground(jx_ctx *ctx, jx__job *job, jx_box data_box) {
    if (job->dem_path) {
        jx_progress(ctx, N_("reading the heights"), 0, 0);
        JX_TRY(read_field(ctx, job->dem_path, data_box, JX_RASTER_HEIGHTS, &job->dem));
        job->cfg.dem = &job->dem;
    }
    if (job->cover_path) {
        jx_progress(ctx, N_("reading the land cover"), 0, 0);
        JX_TRY(read_field(ctx, job->cover_path, data_box, JX_RASTER_CLASSES, &job->cover));
        job->cfg.cover = &job->cover;
    }
    return JX_OK;
}

jx_status jx__job_locate(jx_ctx *ctx, jx__job *job, const jx_extract *x) {
    jx_box box = job->cfg.boundary ? job->boundary.box : x->data_box;
    if (job->standard_auto) {
        bool cn = in_china(box);
        JX_TRY(load_doc(ctx, job, NULL, cn ? "services-cn.yaml" : "services-intl.yaml", &job->standard));
        JX_NOTE(ctx, STANDARD_CHOSEN, JX_S(cn ? "cn" : "intl"));
    }
    if (job->raster_path) {
        JX_TRY(jx_raster_read(ctx, job->raster_path, box, &job->raster));
        job->people_raster = (jx_people_raster){job->raster.width, job->raster.height, job->raster.west, job->raster.north,
                                                job->raster.dx,    job->raster.dy,     job->raster.value, job->raster_path};
        job->cfg.people_raster = &job->people_raster;
    }
    JX_TRY(jx__job_ground(ctx, job, x->data_box));
    job->cfg.profiles = &job->profiles;
    job->cfg.facility_map = &job->facility_map;
    job->cfg.people = &job->people;
    job->cfg.standard = &job->standard;
    job->cfg.sources = job->sources;
    job->cfg.n_sources = job->n_sources;
    return JX_OK;
}

void jx__job_release(jx_ctx *ctx, jx__job *job) {
    jx_doc_release(ctx, &job->config);
    jx_doc_release(ctx, &job->profiles);
    jx_doc_release(ctx, &job->facility_map);
    jx_doc_release(ctx, &job->people);
    jx_doc_release(ctx, &job->standard);
    jx_mpoly_release(ctx, &job->boundary);
    jx_free(ctx, job->boundary_name);
    for (uint32_t i = 0; job->people_table.shape && i < job->people_table.n; i++) {
        jx_mpoly m = job->people_table.shape[i];
        jx_mpoly_release(ctx, &m);
    }
    jx_raster_release(ctx, &job->raster);
    jx_field_release(ctx, &job->dem);
    jx_field_release(ctx, &job->cover);
    jx_doc_release(ctx, &job->landcover);
    jx_snapshot_unload(ctx, &job->network);
    jx_arena_free(ctx, job->arena);
    *job = (jx__job){0};
}

int64_t jx__stamp(int64_t data_time) {
    const char *s = getenv("SOURCE_DATE_EPOCH");
    int64_t t = 0;
    return s && jx_parse_int64(s, strlen(s), &t) ? t : data_time;
}
