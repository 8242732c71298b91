/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** A folder of its own for a test, and what lies in it. Header-only. */
#ifndef JX_TESTS_IO_FOLDER_H
#define JX_TESTS_IO_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

typedef struct folder {
    char path[512];
} folder;

static inline void folder_make(folder *f) {
    (void)snprintf(f->path, sizeof f->path, "%s/io-test-XXXXXX", JX_BINARY_DIR);
    assert_non_null(mkdtemp(f->path));
}

/** A path in the folder; the last few calls' results stay valid. */
static inline const char *in(const folder *f, const char *name) {
    static char buf[8][1024];
    static int turn;
    char *s = buf[turn++ % 8];
    (void)snprintf(s, sizeof buf[0], "%s/%s", f->path, name);
    return s;
}

static inline void folder_clear(const char *path) {
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char full[1536];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
            continue;
        }
        int n = snprintf(full, sizeof full, "%s/%s", path, e->d_name);
        if (n > 0 && (size_t)n < sizeof full && unlink(full) != 0) {
            folder_clear(full);
        }
    }
    if (d) {
        closedir(d);
    }
    rmdir(path);
}

static inline size_t folder_count(const char *path) {
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        n += e->d_name[0] != '.';
    }
    if (d) {
        closedir(d);
    }
    return n;
}

static inline void put(const char *path, const void *p, size_t n) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/** Whole file, NUL behind it; free() it. */
static inline char *get(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *s = malloc(1 << 24);
    assert_non_null(s);
    *n = fread(s, 1, (1 << 24) - 1, f);
    s[*n] = 0;
    (void)fclose(f);
    return s;
}

#endif
