/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian net build`: the network and its hierarchy into a file, so that the next run begins with them. */
#include "run/net.h"

static void facts_of(jx_result *res, const char *schema, const char *path, const jx_snapshot *s) {
    jx__facts f;
    jx__facts_begin(&f, res, schema, path, "network snapshot");
    jx__fact_int(&f, "nodes", N_("junctions and ends"), s->net->n_nodes);
    jx__fact_int(&f, "edges", N_("street segments"), s->net->n_edges);
    jx__fact_int(&f, "arcs", N_("arcs of the hierarchy"), s->h->n_arcs);
    jx__fact_int(&f, "bytes", N_("bytes"), (int64_t)s->bytes);
    jx__fact_str(&f, "source", N_("built from"), s->source);
    jx__fact_str(&f, "source_sha256", N_("SHA-256 of the extract"), s->extract_sha256);
    jx__fact_str(&f, "key", N_("key of the inputs"), s->key);
    jx__facts_end(&f);
}

jx_status jx__tell_snapshot(jx_ctx *ctx, const char *schema, const char *path, jx_result *res) {
    jx_snapshot_file f;
    JX_TRY(jx_snapshot_load(ctx, path, &f));
    facts_of(res, schema, path, f.snapshot);
    jx_snapshot_unload(ctx, &f);
    return JX_OK;
}

static jx_status plan(const jx__job *job, const char *out, jx_result *res) {
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.plan/1");
    jx_json_key(&j, "read"), jx_json_arr(&j), jx_json_str(&j, job->sources[0].name), jx_json_end_arr(&j);
    jx_json_key(&j, "write"), jx_json_arr(&j), jx_json_str(&j, out), jx_json_end_arr(&j);
    jx_json_end_obj(&j);
    jx_buf_fmt(&res->text, "%s: %s\n", jx__tr(res, N_("would read")), job->sources[0].name);
    jx_buf_fmt(&res->text, "%s: %s\n", jx__tr(res, N_("would write")), out);
    return JX_OK;
}

static jx_status save(jx_ctx *ctx, const jx__net *n, int64_t date, const char *out) {
    const jx_snapshot_content c = {.net = n->net, .h = n->plain_h, .profiles = &n->job.profiles, .extract_sha256 = n->job.sources[0].sha256,
                                   .source = n->job.sources[0].name, .date = date, .data_box = n->data_box};
    uint64_t bytes;
    jx_progress(ctx, N_("writing the snapshot"), 0, 0);
    return jx_snapshot_save(ctx, out, &c, &bytes);
}

static jx_status may_replace(jx_ctx *ctx, const char *out) {
    bool snapshot;
    if (jx_path_is_dir(out)) {
        return JX_FAIL(ctx, FILE_IS_FOLDER, JX_S(out));
    }
    JX_TRY(jx__is_snapshot(ctx, out, &snapshot));
    return jx_path_exists(out) && !snapshot ? JX_FAIL(ctx, OUTPUT_NO_SNAPSHOT, JX_S(out)) : JX_OK;
}

static jx_status build(jx_ctx *ctx, const jx_args *args, jx__net *n, jx_result *res) {
    JX_TRY(jx__job_load(ctx, args, false, &n->job));
    const char *out = jx_args_get(args, "output");
    if (!out && n->job.folder && !(out = jx__job_network_path(ctx, &n->job))) {
        return JX_E_NOMEM;
    }
    if (!out) {
        return JX_FAIL0(ctx, NET_OUTPUT_MISSING);
    }
    JX_TRY(may_replace(ctx, out)); /* found out before the work, not after */
    if (jx_args_flag(args, "dry-run")) {
        return plan(&n->job, out, res);
    }
    JX_TRY(jx__net_build_streets(ctx, n));
    JX_TRY(save(ctx, n, n->job.sources[0].date, out));
    return jx__tell_snapshot(ctx, "junxian.snapshot/1", out, res); /* read back: what was written opens */
}

jx_status jx__verb_net_build(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx__net n = {0};
    jx_status st = build(ctx, args, &n, res);
    jx__net_release(ctx, &n);
    return st;
}
