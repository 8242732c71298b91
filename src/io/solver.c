/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A mixed-integer solver of the system as a child process: a program in LP format in, its solution file out. Nothing links it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/io_internal.h"

extern char **environ;

typedef struct job {
    jx_ctx *ctx;
    const char *solver;
    char folder[256], lp[288], answer[288], options[288], limit[32], script[900];
    double seconds;
    bool over; /* its time is over, and it gave no answer */
} job;

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is(const job *j, const char *kind) { return strncmp(last_part(j->solver), kind, strlen(kind)) == 0; }

static void put(jx_buf *b, char *out, size_t room) {
    size_t n = b->n < room - 1 ? b->n : room - 1;
    memcpy(out, b->s, n);
    out[n] = 0;
    b->n = 0;
}

/* Paths and numbers as the programs want them. */
static jx_status names(job *j) {
    const char *tmp = getenv("TMPDIR");
    jx_buf b;
    jx_buf_init(&b, j->ctx);
    jx_buf_fmt(&b, "%s/junxian-XXXXXX", tmp && *tmp && strlen(tmp) < 200 ? tmp : "/tmp");
    put(&b, j->folder, sizeof j->folder);
    if (!mkdtemp(j->folder)) {
        jx_buf_release(&b);
        return jx__file_cannot(j->ctx, j->folder, errno);
    }
    jx_buf_fmt(&b, "%s/plan.lp", j->folder);
    put(&b, j->lp, sizeof j->lp);
    jx_buf_fmt(&b, "%s/answer.txt", j->folder);
    put(&b, j->answer, sizeof j->answer);
    jx_buf_fmt(&b, "%s/options.txt", j->folder);
    put(&b, j->options, sizeof j->options);
    jx_buf_fixed(&b, j->seconds > 0 ? j->seconds : 1e7, 1);
    put(&b, j->limit, sizeof j->limit);
    jx_buf_fmt(&b, "read %s set limits gap 0 set limits absgap 0 set limits time %s optimize write solution %s quit", j->lp, j->limit, j->answer);
    put(&b, j->script, sizeof j->script);
    jx_status st = jx_buf_ok(&b);
    jx_buf_release(&b);
    return st;
}

/* Until it ends; a cancelled job takes it along. Programs look at their own clock seldom: one far beyond its time is ended, without an answer. */
static jx_status wait_for(job *j, pid_t pid) {
    const struct timespec pause = {0, 20000000};
    const double until = jx_clock_s() + 1.2 * j->seconds + 5;
    int how = 0;
    for (;;) {
        pid_t got = waitpid(pid, &how, WNOHANG);
        if (got == pid) {
            break;
        }
        jx_status st = got < 0 && errno != EINTR ? jx__file_cannot(j->ctx, j->solver, errno) : jx_poll(j->ctx);
        bool over = j->seconds > 0 && jx_clock_s() > until;
        if (st != JX_OK || over) {
            kill(pid, SIGKILL);
            waitpid(pid, &how, 0);
            j->over = over;
            return st;
        }
        nanosleep(&pause, NULL);
    }
    if (!WIFEXITED(how) || WEXITSTATUS(how) == 127) {
        return JX_FAIL(j->ctx, SOLVER_FAILED, JX_S(j->solver));
    }
    return JX_OK; /* the answer says how it went */
}

/* "Optimal" is to mean it: HiGHS ends 1e-4 from the best unless told otherwise. */
static jx_status run(job *j) {
    static const char exact[] = "mip_rel_gap = 0\n";
    const char *const cbc[] = {j->solver, j->lp, "ratio", "0", "allow", "0", "sec", j->limit, "solve", "solution", j->answer, NULL};
    const char *const highs[] = {j->solver, "--options_file", j->options, "--model_file", j->lp, "--time_limit", j->limit, "--solution_file", j->answer, NULL};
    const char *const scip[] = {j->solver, "-q", "-c", j->script, NULL};
    const char *const *argv = is(j, "cbc") ? cbc : is(j, "highs") ? highs : is(j, "scip") ? scip : NULL;
    if (!argv) {
        return JX_FAIL(j->ctx, SOLVER_UNKNOWN, JX_S(j->solver));
    }
    if (argv == highs) {
        JX_TRY(jx_file_write(j->ctx, j->options, exact, sizeof exact - 1));
    }
    posix_spawn_file_actions_t act;
    pid_t pid;
    int error = posix_spawn_file_actions_init(&act);
    if (error == 0) {
        error = posix_spawn_file_actions_addopen(&act, 0, "/dev/null", O_RDONLY, 0);
        error = error ? error : posix_spawn_file_actions_addopen(&act, 1, "/dev/null", O_WRONLY, 0);
        error = error ? error : posix_spawn_file_actions_addopen(&act, 2, "/dev/null", O_WRONLY, 0);
        error = error ? error : posix_spawnp(&pid, j->solver, &act, NULL, (char *const *)(const void *)argv, environ); /* it changes none of them */
        posix_spawn_file_actions_destroy(&act);
    }
    return error ? JX_FAIL(j->ctx, SOLVER_MISSING, JX_S(j->solver), JX_S(strerror(error))) : wait_for(j, pid);
}

jx_status jx_solver_run(jx_ctx *ctx, const char *solver, const char *lp, size_t n, double seconds, jx_buf *answer) {
    job j = {.ctx = ctx, .solver = solver, .seconds = seconds};
    JX_TRY(names(&j));
    jx_status st = jx_file_write(ctx, j.lp, lp, n);
    st = st == JX_OK ? run(&j) : st;
    bool answered = st == JX_OK && !j.over;
    if (answered && !jx_path_exists(j.answer)) {
        st = JX_FAIL(ctx, SOLVER_FAILED, JX_S(solver));
    }
    jx_file f;
    st = st == JX_OK && answered ? jx_file_open(ctx, j.answer, &f) : st;
    if (st == JX_OK && answered) {
        jx_buf_add(answer, f.p, f.n);
        jx_file_close(ctx, &f);
        st = jx_buf_ok(answer);
    }
    unlink(j.lp);
    unlink(j.answer);
    unlink(j.options);
    rmdir(j.folder);
    return st;
}
