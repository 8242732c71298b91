/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Files: mapped reading, whole-or-nothing writing, and the output folder that appears complete or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/io_internal.h"

jx_status jx__file_cannot(jx_ctx *ctx, const char *path, int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            return JX_FAIL(ctx, FILE_MISSING, JX_S(path));
        case EACCES:
        case EPERM:
        case EROFS:
            return JX_FAIL(ctx, FILE_DENIED, JX_S(path));
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return JX_FAIL(ctx, FILE_FULL, JX_S(path));
        default:
            return JX_FAIL(ctx, FILE_ERROR, JX_S(path), JX_S(strerror(error)));
    }
}

double jx_clock_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool jx_path_exists(const char *path) {
    struct stat s;
    return stat(path, &s) == 0;
}

bool jx_path_is_dir(const char *path) {
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* What cannot be mapped (a pipe, some network drives) is read. */
static jx_status read_all(jx_ctx *ctx, const char *path, int fd, jx_file *out) {
    JX_VEC(uint8_t) buf = {0};
    jx_status st = JX_OK;
    for (;;) {
        st = jx_vec_reserve(ctx, &buf, 1 << 16);
        if (st != JX_OK) {
            break;
        }
        ssize_t got = read(fd, buf.v + buf.n, buf.cap - buf.n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            st = jx__file_cannot(ctx, path, errno);
        }
        if (got <= 0) {
            break;
        }
        buf.n += (size_t)got;
    }
    if (st != JX_OK) {
        jx_vec_free(ctx, &buf);
        return st;
    }
    *out = (jx_file){buf.v, buf.n, false};
    return JX_OK;
}

jx_status jx_file_open(jx_ctx *ctx, const char *path, jx_file *out) {
    *out = (jx_file){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat s;
    if (fd < 0) {
        return jx__file_cannot(ctx, path, errno);
    }
    jx_status st = JX_OK;
    if (fstat(fd, &s) != 0) {
        st = jx__file_cannot(ctx, path, errno);
    } else if (S_ISDIR(s.st_mode)) {
        st = JX_FAIL(ctx, FILE_IS_FOLDER, JX_S(path));
    } else {
        void *p = S_ISREG(s.st_mode) && s.st_size > 0 ? mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                                                      : MAP_FAILED;
        if (p != MAP_FAILED) {
            *out = (jx_file){p, (size_t)s.st_size, true};
        } else {
            st = read_all(ctx, path, fd, out);
        }
    }
    close(fd);
    return st;
}

void jx_file_close(jx_ctx *ctx, jx_file *f) {
    if (f->mapped) {
        munmap((void *)(uintptr_t)f->p, f->n);
    } else {
        jx_free(ctx, (void *)(uintptr_t)f->p);
    }
    *f = (jx_file){0};
}

static char *with_suffix(jx_ctx *ctx, const char *path, const char *suffix) {
    size_t n = strlen(path), m = strlen(suffix);
    char *out = jx_malloc(ctx, n + m + 1, 1);
    if (out) {
        memcpy(out, path, n);
        memcpy(out + n, suffix, m + 1);
    }
    return out;
}

static int write_fully(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return put < 0 ? errno : ENOSPC;
        }
        p += put;
        n -= (size_t)put;
    }
    return 0;
}

char *jx__file_part(jx_ctx *ctx, const char *path) {
    return with_suffix(ctx, path, ".part");
}

static int to_disk(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC), error = fd < 0 || fsync(fd) != 0 ? errno : 0;
    if (fd >= 0) {
        close(fd);
    }
    return error;
}

jx_status jx__file_settle(jx_ctx *ctx, const char *part, const char *path) {
    int error = to_disk(part);
    if (!error && rename(part, path) != 0) {
        error = errno;
    }
    if (error) {
        unlink(part);
    }
    return error ? jx__file_cannot(ctx, path, error) : JX_OK;
}

jx_status jx__file_out_begin(jx_ctx *ctx, const char *path, jx__file_out *out) {
    *out = (jx__file_out){.path = path, .part = jx__file_part(ctx, path)};
    if (!out->part) {
        return JX_E_NOMEM;
    }
    out->fd = open(out->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out->fd < 0) {
        jx_status st = errno == ENOENT || errno == ENOTDIR ? JX_FAIL(ctx, FILE_NO_FOLDER, JX_S(path)) : jx__file_cannot(ctx, path, errno);
        jx_free(ctx, out->part);
        return st;
    }
    return JX_OK;
}

jx_status jx__file_out_put(jx_ctx *ctx, void *out, const void *p, size_t n) {
    jx__file_out *f = out;
    int error = write_fully(f->fd, p, n);
    f->n += n;
    return error ? jx__file_cannot(ctx, f->path, error) : JX_OK;
}

jx_status jx__file_out_end(jx_ctx *ctx, jx__file_out *out, jx_status st) {
    if (close(out->fd) != 0 && st == JX_OK) {
        st = jx__file_cannot(ctx, out->path, errno);
    }
    if (st == JX_OK) {
        st = jx__file_settle(ctx, out->part, out->path);
    } else {
        unlink(out->part);
    }
    jx_free(ctx, out->part);
    return st;
}

jx_status jx_file_write(jx_ctx *ctx, const char *path, const void *p, size_t n) {
    jx__file_out out;
    JX_TRY(jx__file_out_begin(ctx, path, &out));
    return jx__file_out_end(ctx, &out, jx__file_out_put(ctx, &out, p, n));
}

/* ---- the output folder ---------------------------------------------------------------------------------------------
 */

/* Needs no memory of ours, so that cleaning up never fails for want of it. The folder holds files of ours only. */
static void remove_tree(const char *path) {
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            unlinkat(dirfd(d), e->d_name, 0);
        }
    }
    if (d) {
        closedir(d);
    }
    rmdir(path);
}

/* Why no folder can be made at `path`: most often the folder that it should stand in is not there. */
static jx_status cannot_make(jx_ctx *ctx, const char *path, int error) {
    const char *slash = strrchr(path, '/');
    char *parent = error == ENOENT && slash > path ? jx_strndup(ctx, path, (size_t)(slash - path)) : NULL;
    jx_status st = jx__file_cannot(ctx, parent ? parent : path, error);
    jx_free(ctx, parent);
    return st;
}

jx_status jx_outdir_begin(jx_ctx *ctx, const char *path, bool overwrite, jx_outdir *out) {
    *out = (jx_outdir){.overwrite = overwrite, .existed = jx_path_exists(path)};
    if (out->existed && !jx_path_is_dir(path)) {
        return JX_FAIL(ctx, OUTPUT_IS_FILE, JX_S(path));
    }
    if (out->existed && !overwrite) {
        return JX_FAIL(ctx, OUTPUT_EXISTS, JX_S(path));
    }
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    out->path = jx_strndup(ctx, path, n);
    char suffix[32] = ".part-";
    size_t k = strlen(suffix);
    for (long pid = (long)getpid(); pid && k < sizeof suffix - 1;
         pid /= 10) { /* unique is enough, the order of digits is not */
        suffix[k++] = (char)('0' + pid % 10);
    }
    suffix[k] = 0;
    out->tmp = out->path ? with_suffix(ctx, out->path, suffix) : NULL;
    if (!out->tmp) {
        jx_free(ctx, out->path);
        *out = (jx_outdir){0};
        return JX_E_NOMEM;
    }
    remove_tree(out->tmp); /* left by a killed run of the same number */
    if (mkdir(out->tmp, 0777) != 0) {
        int error = errno;
        jx_status st = cannot_make(ctx, out->path, error);
        jx_free(ctx, out->path);
        jx_free(ctx, out->tmp);
        *out = (jx_outdir){0};
        return st;
    }
    return JX_OK;
}

char *jx_outdir_path(jx_ctx *ctx, const jx_outdir *d, const char *name) {
    size_t n = strlen(d->tmp), m = strlen(name);
    char *p = jx_malloc(ctx, n + m + 2, 1);
    if (p) {
        memcpy(p, d->tmp, n);
        p[n] = '/';
        memcpy(p + n + 1, name, m + 1);
    }
    return p;
}

typedef struct names {
    JX_VEC(char *) list;
} names;

static void free_names(jx_ctx *ctx, names *n) {
    for (size_t i = 0; i < n->list.n; i++) {
        jx_free(ctx, n->list.v[i]);
    }
    jx_vec_free(ctx, &n->list);
}

/* All files of the temporary folder first: moving while reading a folder may miss some. */
static jx_status list_files(jx_ctx *ctx, const jx_outdir *d, names *out) {
    jx_status st = JX_OK;
    DIR *dir = opendir(d->tmp);
    if (!dir) {
        return jx__file_cannot(ctx, d->tmp, errno);
    }
    for (struct dirent *e; st == JX_OK && (e = readdir(dir)) != NULL;) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            char *name = jx_strdup(ctx, e->d_name);
            st = name ? jx_vec_push(ctx, &out->list, name) : JX_E_NOMEM;
            if (st != JX_OK) {
                jx_free(ctx, name);
            }
        }
    }
    closedir(dir);
    return st;
}

/* Into an existing folder: file by file, each by rename, so that every file is whole at any moment. What would stop
 * half-way is found before the first is moved. */
static jx_status move_files(jx_ctx *ctx, const jx_outdir *d) {
    names n = {0};
    jx_status st = list_files(ctx, d, &n);
    for (int moving = 0; moving < 2; moving++) {
        for (size_t i = 0; st == JX_OK && i < n.list.n; i++) {
            jx_buf from, to;
            jx_buf_init(&from, ctx);
            jx_buf_init(&to, ctx);
            jx_buf_fmt(&from, "%s/%s", d->tmp, n.list.v[i]);
            jx_buf_fmt(&to, "%s/%s", d->path, n.list.v[i]);
            st = jx_buf_ok(&from) == JX_OK ? jx_buf_ok(&to) : JX_E_NOMEM;
            if (st == JX_OK && !moving && jx_path_is_dir(to.s)) {
                st = JX_FAIL(ctx, FILE_IS_FOLDER, JX_S(to.s));
            } else if (st == JX_OK && moving && rename(from.s, to.s) != 0) {
                st = jx__file_cannot(ctx, to.s, errno);
            }
            jx_buf_release(&from);
            jx_buf_release(&to);
        }
    }
    free_names(ctx, &n);
    return st;
}

jx_status jx_outdir_commit(jx_ctx *ctx, jx_outdir *d) {
    jx_status st = JX_OK;
    if (!jx_path_exists(d->path)) {
        if (rename(d->tmp, d->path) != 0) {
            st = jx__file_cannot(ctx, d->path, errno);
        }
    } else if (!d->overwrite) { /* it appeared while we worked */
        st = JX_FAIL(ctx, OUTPUT_EXISTS, JX_S(d->path));
    } else {
        st = move_files(ctx, d);
    }
    jx_outdir_abort(ctx, d);
    return st;
}

void jx_outdir_abort(jx_ctx *ctx, jx_outdir *d) {
    if (d->tmp) {
        remove_tree(d->tmp); /* gone already after a commit by rename */
    }
    jx_free(ctx, d->tmp);
    jx_free(ctx, d->path);
    *d = (jx_outdir){0};
}
