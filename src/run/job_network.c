/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A network built before: from --network, or from FOLDER/network.jxn; used only where its key is that of the inputs. */
#include "run/run_internal.h"

jx_status jx__is_snapshot(jx_ctx *ctx, const char *path, bool *yes) {
    jx_file f;
    *yes = false;
    if (!jx_path_exists(path) || jx_path_is_dir(path)) {
        return JX_OK; /* whoever reads it will say so */
    }
    JX_TRY(jx_file_open(ctx, path, &f));
    *yes = jx_snapshot_is(f.p, f.n);
    jx_file_close(ctx, &f);
    return JX_OK;
}

jx_status jx__job_key(jx_ctx *ctx, const jx__job *job, char out[JX_SNAPSHOT_KEY + 1]) {
    return jx_snapshot_key(ctx, job->sources[0].sha256, &job->profiles, out);
}

const char *jx__job_network_path(jx_ctx *ctx, jx__job *job) {
    return jx__job_path(ctx, job, "network.jxn");
}

/* The folder's own file may be of an older program or older inputs: then it stands for nothing, and is not an error. */
static jx_status folder_file_fits(jx_ctx *ctx, const jx__job *job, bool *fits) {
    jx_file f;
    char want[JX_SNAPSHOT_KEY + 1], have[JX_SNAPSHOT_KEY + 1];
    JX_TRY(jx__job_key(ctx, job, want));
    JX_TRY(jx_file_open(ctx, job->network_path, &f));
    *fits = jx_snapshot_key_of(f.p, f.n, have) && strcmp(have, want) == 0;
    jx_file_close(ctx, &f);
    if (!*fits) {
        JX_NOTE(ctx, NETWORK_FILE_OLD, JX_S(job->network_path));
    }
    return JX_OK;
}

jx_status jx__job_network(jx_ctx *ctx, const jx_args *args, jx__job *job) {
    char key[JX_SNAPSHOT_KEY + 1];
    bool fits = true;
    job->network_path = jx_args_get(args, "network");
    if (!job->network_path && job->folder) {
        job->network_path = jx__job_network_path(ctx, job);
        if (!job->network_path) {
            return JX_E_NOMEM;
        }
        fits = jx_path_exists(job->network_path);
        JX_TRY(fits ? folder_file_fits(ctx, job, &fits) : JX_OK);
    }
    if (!job->network_path || !fits) {
        job->network_path = NULL;
        return JX_OK;
    }
    JX_TRY(jx__job_key(ctx, job, key));
    JX_TRY(jx_snapshot_load(ctx, job->network_path, &job->network));
    JX_TRY(jx_snapshot_match(ctx, job->network_path, job->network.snapshot, key));
    job->cfg.network = job->network.snapshot->net;
    job->cfg.hierarchy = job->network.snapshot->h;
    return JX_OK;
}
