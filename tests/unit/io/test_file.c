/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/* Files: each way of not being there told apart; writing is whole or not at all, also on a full disk. */
#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "junxian/io.h"
#include "oom.h"
#include "unit/io/folder.h"

static jx_msg_id open_error(jx_test *t, const char *path) {
    jx_file f;
    assert_int_not_equal(jx_file_open(t->ctx, path, &f), JX_OK);
    assert_null(f.p);
    return jx_test_error(t);
}

static void opening(void **state) {
    (void)state;
    jx_test t;
    folder d;
    jx_file f;
    jx_test_init(&t, 0);
    folder_make(&d);
    put(in(&d, "some"), "abc", 3);
    put(in(&d, "empty"), "", 0);
    assert_int_equal(open_error(&t, in(&d, "none")), JX_M_FILE_MISSING);
    assert_int_equal(open_error(&t, in(&d, "some/below")), JX_M_FILE_MISSING);
    assert_int_equal(open_error(&t, ""), JX_M_FILE_MISSING);
    assert_int_equal(open_error(&t, d.path), JX_M_FILE_IS_FOLDER);
    assert_int_equal(jx_file_open(t.ctx, in(&d, "some"), &f), JX_OK);
    assert_true(f.n == 3 && memcmp(f.p, "abc", 3) == 0);
    jx_file_close(t.ctx, &f);
    assert_int_equal(jx_file_open(t.ctx, in(&d, "empty"), &f), JX_OK);
    assert_int_equal(f.n, 0);
    jx_file_close(t.ctx, &f);
    assert_int_equal(jx_file_open(t.ctx, "/proc/self/status", &f),
                     JX_OK); /* says it has no bytes, and cannot be mapped */
    assert_true(f.n > 100 && !f.mapped);
    jx_file_close(t.ctx, &f);
    assert_true(jx_path_exists(d.path) && jx_path_is_dir(d.path) && !jx_path_is_dir(in(&d, "some")));
    folder_clear(d.path);
    jx_test_release(&t);
}

/* Permissions mean nothing to root, so a child that is nobody tries. */
static void no_permission(void **state) {
    (void)state;
    folder d;
    folder_make(&d);
    put(in(&d, "secret"), "abc", 3);
    assert_int_equal(chmod(in(&d, "secret"), 0), 0);
    assert_int_equal(chmod(d.path, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && seteuid(65534) != 0) {
            _exit(77);
        }
        if (access(d.path, X_OK) != 0 && geteuid() != getuid()) { /* the folder's own parents may be closed to nobody */
            struct stat s;
            if (stat(d.path, &s) != 0) {
                _exit(77);
            }
        }
        jx_test t;
        jx_test_init(&t, 0);
        jx_file f;
        jx_outdir o;
        bool ok = jx_file_open(t.ctx, in(&d, "secret"), &f) == JX_E_FILE && jx_test_error(&t) == JX_M_FILE_DENIED;
        ok = ok && jx_file_write(t.ctx, in(&d, "new"), "x", 1) == JX_E_FILE && jx_test_error(&t) == JX_M_FILE_DENIED;
        ok = ok && jx_outdir_begin(t.ctx, in(&d, "out"), false, &o) == JX_E_FILE &&
             jx_test_error(&t) == JX_M_FILE_DENIED;
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
    assert_int_equal(chmod(d.path, 0755), 0);
    folder_clear(d.path);
}

static void writing(void **state) {
    (void)state;
    jx_test t;
    folder d;
    size_t n;
    jx_test_init(&t, 0);
    folder_make(&d);
    assert_int_equal(jx_file_write(t.ctx, in(&d, "a"), "one", 3), JX_OK);
    assert_int_equal(jx_file_write(t.ctx, in(&d, "a"), "second", 6), JX_OK);
    assert_int_equal(jx_file_write(t.ctx, in(&d, "b"), NULL, 0), JX_OK);
    char *s = get(in(&d, "a"), &n);
    assert_string_equal(s, "second");
    free(s);
    assert_int_equal(folder_count(d.path), 2);
    assert_int_equal(jx_file_write(t.ctx, in(&d, "none/a"), "x", 1), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_FILE_NO_FOLDER);
    assert_int_equal(mkdir(in(&d, "sub"), 0777), 0); /* a folder of the same name is not replaced */
    assert_int_equal(jx_file_write(t.ctx, in(&d, "sub"), "x", 1), JX_E_FILE);
    (void)jx_test_error(&t);
    assert_int_equal(folder_count(d.path), 3);
    folder_clear(d.path);
    jx_test_release(&t);
}

/* A file size limit acts as a full disk does; the old file stays and nothing new is left. */
static void full_disk(void **state) {
    (void)state;
    jx_test t;
    folder d;
    size_t n;
    jx_test_init(&t, 0);
    folder_make(&d);
    assert_int_equal(jx_file_write(t.ctx, in(&d, "a"), "old", 3), JX_OK);
    struct rlimit old, tight;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tight = old;
    tight.rlim_cur = 65536;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    char *much = calloc(1, 1 << 20);
    jx_status st = jx_file_write(t.ctx, in(&d, "a"), much, 1 << 20);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(st, JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_FILE_FULL);
    assert_int_equal(folder_count(d.path), 1);
    char *s = get(in(&d, "a"), &n);
    assert_string_equal(s, "old");
    free(s);
    if (mount("tmpfs", d.path, "tmpfs", 0, "size=64k") == 0) { /* a disk that is really full, where we may make one */
        assert_int_equal(jx_file_write(t.ctx, in(&d, "b"), much, 1 << 20), JX_E_FILE);
        assert_int_equal(jx_test_error(&t), JX_M_FILE_FULL);
        assert_int_equal(folder_count(d.path), 0);
        assert_int_equal(umount(d.path), 0);
    }
    free(much);
    folder_clear(d.path);
    jx_test_release(&t);
}

static void out_file(jx_test *t, const jx_outdir *o, const char *name, const char *text) {
    char *p = jx_outdir_path(t->ctx, o, name);
    assert_non_null(p);
    assert_int_equal(jx_file_write(t->ctx, p, text, strlen(text)), JX_OK);
    jx_free(t->ctx, p);
}

static void folder_appears_whole(void **state) {
    (void)state;
    jx_test t;
    folder d;
    jx_outdir o;
    jx_test_init(&t, 0);
    folder_make(&d);
    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out/"), false, &o), JX_OK);
    out_file(&t, &o, "a", "1");
    out_file(&t, &o, "b", "2");
    assert_false(jx_path_exists(in(&d, "out")));
    assert_int_equal(jx_outdir_commit(t.ctx, &o), JX_OK);
    assert_int_equal(folder_count(in(&d, "out")), 2);
    assert_int_equal(folder_count(d.path), 1);
    jx_outdir_abort(t.ctx, &o); /* safe after commit, and twice */
    jx_outdir_abort(t.ctx, &o);
    assert_int_equal(folder_count(in(&d, "out")), 2);

    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out2"), false, &o), JX_OK);
    out_file(&t, &o, "a", "1");
    jx_outdir_abort(t.ctx, &o); /* Ctrl-C: nothing is left */
    assert_int_equal(folder_count(d.path), 1);

    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "none/out"), false, &o), JX_E_FILE);
    assert_string_equal(jx_ctx_error(t.ctx)->args[0].s, in(&d, "none")); /* what is missing is the folder around it */
    assert_int_equal(jx_test_error(&t), JX_M_FILE_MISSING);
    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out/a"), true, &o), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_OUTPUT_IS_FILE);
    folder_clear(d.path);
    jx_test_release(&t);
}

static void folder_that_exists(void **state) {
    (void)state;
    jx_test t;
    folder d;
    jx_outdir o;
    size_t n;
    jx_test_init(&t, 0);
    folder_make(&d);
    assert_int_equal(mkdir(in(&d, "out"), 0777), 0);
    put(in(&d, "out/mine"), "keep", 4);
    put(in(&d, "out/a"), "old", 3);
    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out"), false, &o), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_OUTPUT_EXISTS);
    jx_outdir_abort(t.ctx, &o);

    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out"), true, &o), JX_OK);
    out_file(&t, &o, "a", "new");
    out_file(&t, &o, "b", "new");
    assert_int_equal(jx_outdir_commit(t.ctx, &o), JX_OK);
    char *s = get(in(&d, "out/a"), &n);
    assert_string_equal(s, "new");
    free(s);
    assert_int_equal(folder_count(in(&d, "out")), 3);
    assert_int_equal(folder_count(d.path), 1);

    assert_int_equal(mkdir(in(&d, "out/z"), 0777), 0); /* a folder in the way stops before anything is replaced */
    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "out"), true, &o), JX_OK);
    out_file(&t, &o, "a", "newest");
    out_file(&t, &o, "z", "newest");
    assert_int_equal(jx_outdir_commit(t.ctx, &o), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_FILE_IS_FOLDER);
    s = get(in(&d, "out/a"), &n);
    assert_string_equal(s, "new");
    free(s);
    assert_int_equal(folder_count(d.path), 1);

    assert_int_equal(jx_outdir_begin(t.ctx, in(&d, "late"), false, &o), JX_OK); /* somebody else was quicker */
    out_file(&t, &o, "a", "ours");
    assert_int_equal(mkdir(in(&d, "late"), 0777), 0);
    assert_int_equal(jx_outdir_commit(t.ctx, &o), JX_E_FILE);
    assert_int_equal(jx_test_error(&t), JX_M_OUTPUT_EXISTS);
    assert_int_equal(folder_count(in(&d, "late")), 0);
    assert_int_equal(folder_count(d.path), 2);
    folder_clear(d.path);
    jx_test_release(&t);
}

static jx_status whole_life(jx_ctx *ctx, void *arg) {
    const folder *d = arg;
    jx_outdir o;
    jx_file f;
    JX_TRY(jx_outdir_begin(ctx, in(d, "out"), true, &o));
    char *p = jx_outdir_path(ctx, &o, "a");
    jx_status st = p ? jx_file_write(ctx, p, "text", 4) : JX_E_NOMEM;
    jx_free(ctx, p);
    if (st != JX_OK) {
        jx_outdir_abort(ctx, &o);
        return st;
    }
    JX_TRY(jx_outdir_commit(ctx, &o));
    JX_TRY(jx_file_open(ctx, "/proc/self/status", &f));
    jx_file_close(ctx, &f);
    return JX_OK;
}

static void failing_memory(void **state) {
    (void)state;
    folder d;
    folder_make(&d);
    jx_oom_sweep(whole_life, &d);
    assert_int_equal(folder_count(d.path), 1); /* no temporary folder survived any of them */
    folder_clear(d.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening),        cmocka_unit_test(no_permission),        cmocka_unit_test(writing),
        cmocka_unit_test(full_disk),      cmocka_unit_test(folder_appears_whole), cmocka_unit_test(folder_that_exists),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
