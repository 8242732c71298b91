/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian run`: sources -> county -> diagnosis -> a folder with everything, which appears whole or not at all. */
#include "run/measures.h"
#include "run/plans.h"

/* What one run holds; released in one place whatever happened. */
typedef struct run_state {
    jx__job job;
    jx_extract *x;
    jx_county *county;
    jx_diagnosis *diag;
    jx_fairness *fairness;
    jx__plans plans;
    jx_layers *layers;
    jx_layers all;  /* those of the diagnosis and of the plans, for the writers */
    jx_outdir out;
    jx_catalog *zh; /* when the reader's catalogue is not Chinese already */
} run_state;

static void run_release(jx_ctx *ctx, run_state *s) {
    jx_outdir_abort(ctx, &s->out);
    jx_free(ctx, s->all.layer);
    jx__plans_release(ctx, &s->plans);
    jx_layers_free(ctx, s->layers);
    jx_fairness_free(ctx, s->fairness);
    jx_diagnosis_free(ctx, s->diag);
    jx_county_free(ctx, s->county);
    jx_extract_free(ctx, s->x);
    jx__job_release(ctx, &s->job);
    jx_catalog_free(ctx, s->zh);
}

static jx_status join_layers(jx_ctx *ctx, run_state *s) {
    uint32_t n = s->layers->n, more = s->plans.layers.n;
    s->all.layer = jx_malloc(ctx, (size_t)n + more, sizeof *s->all.layer);
    if (!s->all.layer) {
        return JX_E_NOMEM;
    }
    memcpy(s->all.layer, s->layers->layer, n * sizeof *s->all.layer);
    memcpy(s->all.layer + n, s->plans.layers.layer, more * sizeof *s->all.layer);
    s->all.n = n + more;
    return JX_OK;
}

static jx_status compute(jx_ctx *ctx, run_state *s) {
    jx_progress(ctx, N_("reading the extract"), 0, 0);
    JX_TRY(jx__job_extract(ctx, &s->job, &s->x));
    JX_TRY(jx__job_locate(ctx, &s->job, s->x));
    JX_TRY(jx_poll(ctx));
    jx_progress(ctx, N_("building the county: areas, streets, people, facilities"), 0, 0);
    JX_TRY(jx_county_build(ctx, s->x, &s->job.cfg, &s->county));
    jx_extract_free(ctx, s->x); /* the county holds all it needs; memory is better used for tables */
    s->x = NULL;
    JX_TRY(jx_poll(ctx));
    jx_progress(ctx, N_("travel times and diagnosis"), 0, 0);
    JX_TRY(jx_diagnose(ctx, s->county, &s->diag));
    JX_TRY(jx_fairness_of(ctx, s->county, s->diag, &s->fairness));
    JX_TRY(jx_poll(ctx));
    JX_TRY(jx__plans_solve(ctx, s->county, &s->plans));
    jx_progress(ctx, N_("writing results"), 0, 0);
    JX_TRY(jx_layers_build(ctx, s->county, s->diag, &s->layers));
    return join_layers(ctx, s);
}

static jx_status write_buf(jx_ctx *ctx, run_state *s, const char *name, jx_buf *b) {
    jx_status st = jx_buf_ok(b);
    char *path = st == JX_OK ? jx_outdir_path(ctx, &s->out, name) : NULL;
    if (st == JX_OK) {
        st = path ? jx_file_write(ctx, path, b->s, b->n) : JX_E_NOMEM;
    }
    jx_free(ctx, path);
    jx_buf_release(b);
    return st;
}

static jx_status write_gpkg(jx_ctx *ctx, run_state *s, const jx_catalog *cat, int64_t stamp) {
    char *path = jx_outdir_path(ctx, &s->out, "county.gpkg");
    jx_status st = path ? jx__layers_save(ctx, path, &s->all, cat, stamp) : JX_E_NOMEM;
    jx_free(ctx, path);
    return st;
}

static jx_status write_tables(jx_ctx *ctx, run_state *s, const jx_catalog *cat, int64_t stamp) {
    char *path = jx_outdir_path(ctx, &s->out, "tables.xlsx");
    jx_status st = path ? jx_report_xlsx(ctx, path, &s->all, cat, stamp) : JX_E_NOMEM;
    jx_free(ctx, path);
    for (uint32_t i = 0; st == JX_OK && i < s->all.n; i++) {
        const jx_layer *l = &s->all.layer[i];
        if (!l->for_tables) {
            continue;
        }
        jx_buf name;
        jx_buf_init(&name, ctx);
        jx_buf_fmt(&name, "%s.csv", l->name);
        path = jx_buf_ok(&name) == JX_OK ? jx_outdir_path(ctx, &s->out, name.s) : NULL;
        st = path ? jx_csv_write(ctx, path, l) : JX_E_NOMEM;
        jx_free(ctx, path);
        jx_buf_release(&name);
    }
    return st;
}

/* junxian.lock: what went in, so that a result can be traced and a changed input noticed. */
static jx_status write_lock(jx_ctx *ctx, run_state *s, const jx_args *args) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_json j;
    jx_json_init(&j, &b, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.lock/1");
    jx_json_key(&j, "version"), jx_json_str(&j, JX_VERSION);
    jx_json_key(&j, "options"), jx_json_obj(&j);
    for (uint32_t i = 0; i < args->n_opt; i++) {
        /* What cannot change a result stays out: the lock of two equal results is equal. */
        static const char *const neutral[] = {"threads", "quiet", "json", "overwrite", "output", "memory", "lang", "engine", "network"};
        bool skip = false;
        for (size_t k = 0; k < sizeof neutral / sizeof *neutral; k++) {
            skip = skip || strcmp(neutral[k], args->opt[i].key) == 0;
        }
        if (!skip) {
            jx_json_key(&j, args->opt[i].key), jx_json_str(&j, args->opt[i].value);
        }
    }
    jx_json_end_obj(&j);
    jx_json_key(&j, "inputs"), jx_json_arr(&j);
    for (uint32_t i = 0; i < s->job.n_sources; i++) {
        jx_json_obj(&j);
        jx_json_key(&j, "name"), jx_json_str(&j, s->job.sources[i].name);
        jx_json_key(&j, "what"), jx_json_str(&j, s->job.sources[i].what);
        jx_json_key(&j, "sha256"), jx_json_str(&j, s->job.sources[i].sha256);
        jx_json_end_obj(&j);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
    jx_buf_char(&b, '\n');
    return write_buf(ctx, s, "junxian.lock", &b);
}

static jx_status write_all(jx_ctx *ctx, run_state *s, const jx_args *args, jx_result *res) {
    uint32_t n_messages = 0;
    const jx_message *messages = jx_log_all(res->log, &n_messages);
    int64_t stamp = jx__stamp(s->county->data_time);
    jx_report_options o = {.zh = res->zh, .first_lang = res->lang, .version = JX_VERSION, .command = args->prog_command,
                           .warnings = messages, .n_warnings = n_messages, .fairness = s->fairness, .time = stamp,
                           .plans = s->plans.report, .n_plans = s->plans.n};
    if (!o.zh) {
        JX_TRY(jx_catalog_builtin(ctx, "zh_CN", &s->zh));
        o.zh = s->zh;
    }
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_status st = jx_report_html(ctx, s->county, s->diag, &o, &b);
    if (st != JX_OK) {
        jx_buf_release(&b);
        return st;
    }
    JX_TRY(write_buf(ctx, s, "report.html", &b));
    jx_buf_init(&b, ctx);
    st = jx_report_summary(ctx, s->county, s->diag, &o, &b);
    if (st != JX_OK) {
        jx_buf_release(&b);
        return st;
    }
    if (res->want_json && jx_buf_ok(&b) == JX_OK) {
        jx_buf_add(&res->json, b.s, b.n);
    }
    JX_TRY(write_buf(ctx, s, "summary.json", &b));
    JX_TRY(jx_poll(ctx));
    JX_TRY(write_gpkg(ctx, s, res->cat, stamp));
    JX_TRY(jx_poll(ctx));
    JX_TRY(write_tables(ctx, s, res->cat, stamp));
    JX_TRY(write_lock(ctx, s, args));
    JX_TRY(jx_poll(ctx));
    return jx_outdir_commit(ctx, &s->out);
}

static const char *const written_files[] = {"report.html", "county.gpkg", "tables.xlsx", "*.csv", "summary.json", "junxian.lock", NULL};

/* --dry-run: what would be read, computed and written. Costs are rough and say so. */
static jx_status dry_run(jx_ctx *ctx, run_state *s, jx_result *res) {
    const jx__embedded *demo = jx__embedded_find("demo.osm.pbf");
    size_t bytes = (size_t)(demo->end - demo->p);
    if (s->job.osm_path) {
        jx_file f;
        JX_TRY(jx_file_open(ctx, s->job.osm_path, &f));
        bytes = f.n;
        jx_file_close(ctx, &f);
    }
    double mb = (double)bytes / 1e6;
    /* Measured on the demo: 0.5 s and 60 MB per MB of extract, growing in proportion (bench/README.md). */
    double seconds = 0.3 + 0.5 * mb, mem_mb = 40 + 60 * mb;
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.plan/1");
    jx_json_key(&j, "read"), jx_json_arr(&j);
    jx_buf_str(&res->text, jx__tr(res, N_("would read")));
    jx_buf_str(&res->text, ":\n");
    for (uint32_t i = 0; i < s->job.n_sources; i++) {
        jx_buf_fmt(&res->text, "  %s  (%s)\n", s->job.sources[i].name, jx__tr(res, s->job.sources[i].what));
        jx_json_str(&j, s->job.sources[i].name);
    }
    if (s->job.network_path) {
        jx_buf_fmt(&res->text, "  %s  (%s)\n", s->job.network_path, jx__tr(res, N_("network built before")));
        jx_json_str(&j, s->job.network_path);
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "write"), jx_json_arr(&j);
    jx_buf_fmt(&res->text, "%s %s:\n ", jx__tr(res, N_("would write into")), s->job.out_path);
    for (const char *const *f = written_files; *f; f++) {
        jx_buf_fmt(&res->text, " %s", *f);
        jx_json_str(&j, *f);
    }
    jx_json_end_arr(&j);
    jx_json_key(&j, "output"), jx_json_str(&j, s->job.out_path);
    jx_json_key(&j, "seconds_about"), jx_json_real(&j, seconds, 1);
    jx_json_key(&j, "memory_mb_about"), jx_json_real(&j, mem_mb, 0);
    jx_json_end_obj(&j);
    jx_arg a[] = {JX_R(seconds, 0), JX_R(mem_mb, 0)};
    jx_buf_char(&res->text, '\n');
    jx_render(&res->text, jx__tr(res, N_("cost: about {0} s and {1} MB of memory")), 2, a);
    jx_buf_char(&res->text, '\n');
    return JX_OK;
}

/* A line for each plan. */
static void plans_in_brief(const run_state *s, jx_result *res) {
    bool zh = strcmp(res->lang, "zh_CN") == 0;
    for (uint32_t k = 0; k < s->plans.n; k++) {
        const jx_report_plan *v = &s->plans.report[k];
        jx_arg a[] = {JX_S(v->name ? v->name : jx_service_name(&s->county->services[v->service], zh)), JX_I(v->n_new), JX_I((int64_t)(v->total.nearer + 0.5)),
                      JX_R(v->total.before.mean_min, 1), JX_R(v->total.after.mean_min, 1), JX_R(100 * v->gap, 2)};
        const char *text = v->impossible              ? N_("plan {0}: none; the report says why")
                           : v->end == JX_PLAN_PROVED ? N_("plan {0}: {1,} new sites, {2,} people with a shorter way, mean {3} -> {4} min; proved")
                                                      : N_("plan {0}: {1,} new sites, {2,} people with a shorter way, mean {3} -> {4} min; at most {5} % from the best");
        jx_buf_char(&res->text, '\n');
        jx_render(&res->text, jx__tr(res, text), 6, a);
    }
    jx_buf_str(&res->text, s->plans.n ? "\n" : "");
}

static jx_status finish(jx_ctx *ctx, run_state *s, jx_result *res) {
    if (!res->want_json) {
        JX_TRY(jx_report_terminal(ctx, s->county, s->diag, res->cat, res->columns, &res->text));
        jx_arg a[] = {JX_S(s->job.out_path)};
        plans_in_brief(s, res);
        jx_buf_char(&res->text, '\n');
        jx_render(&res->text, jx__tr(res, N_("Open {0}/report.html in a browser, {0}/county.gpkg in QGIS, {0}/tables.xlsx in Excel.")), 1, a);
        jx_buf_char(&res->text, '\n');
    }
    return JX_OK;
}

jx_status jx__verb_run(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    run_state s = {0};
    jx_status st = jx__job_load(ctx, args, false, &s.job);
    if (st == JX_OK) {
        st = jx__plans_read(ctx, args, &s.job, &s.plans);
    }
    if (st == JX_OK) {
        st = jx__job_network(ctx, args, &s.job);
    }
    if (st == JX_OK && jx_args_flag(args, "dry-run")) {
        st = dry_run(ctx, &s, res);
        run_release(ctx, &s);
        return st;
    }
    if (st == JX_OK) { /* a refused folder should cost no computing */
        st = jx_outdir_begin(ctx, s.job.out_path, jx_args_flag(args, "overwrite"), &s.out);
    }
    if (st == JX_OK) {
        st = compute(ctx, &s);
    }
    if (st == JX_OK) {
        st = write_all(ctx, &s, args, res);
    }
    if (st == JX_OK) {
        st = finish(ctx, &s, res);
    }
    run_release(ctx, &s);
    return st;
}
