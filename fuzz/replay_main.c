/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over files without libFuzzer: every seed of the corpus as it is, then cut short at up to 64 places
 * and with up to 64 single bytes changed. The bytes lie in a heap block of their exact size, so that a sanitizer build
 * sees the first byte read behind the end.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void run(const unsigned char *bytes, size_t n) {
    unsigned char *exact = malloc(n ? n : 1);
    if (!exact) {
        abort();
    }
    memcpy(exact, bytes, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static void run_variants(unsigned char *bytes, size_t n) {
    enum { VARIANTS = 64, SMALL = 1 << 18 };
    run(bytes, n);
    if (n == 0 || n > SMALL) {
        return;
    }
    for (size_t k = 0; k < VARIANTS; k++) {
        run(bytes, n * k / VARIANTS);
        size_t at = n * k / VARIANTS;
        unsigned char before = bytes[at];
        bytes[at] = (unsigned char)(k % 2 ? before ^ (1U << k / 2 % 8) : 255U - before);
        run(bytes, n);
        bytes[at] = before;
    }
}

static int replay_file(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        return 1;
    }
    size_t cap = 1 << 16, n = 0, got;
    unsigned char *bytes = malloc(cap);
    while (bytes && (got = fread(bytes + n, 1, cap - n, f)) > 0) {
        n += got;
        if (n == cap) {
            cap *= 2;
            unsigned char *more = realloc(bytes, cap);
            if (!more) {
                free(bytes);
            }
            bytes = more;
        }
    }
    (void)fclose(f);
    if (!bytes) {
        return 1;
    }
    run_variants(bytes, n);
    free(bytes);
    return 0;
}

int main(int argc, char **argv) {
    int failed = 0;
    size_t files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (!dir) {
            failed |= replay_file(argv[i]);
            files++;
            continue;
        }
        for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
            char path[4096];
            if (e->d_name[0] != '.') {
                (void)snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
                failed |= replay_file(path);
                files++;
            }
        }
        (void)closedir(dir);
    }
    (void)printf("%zu files replayed\n", files);
    return failed || files == 0;
}
