/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Files that travel inside the binary, so that one file is all a locked-down PC needs: standards, translations, the demo. */
#include "run/run_internal.h"

#define EMBEDDED(X)                                                                                             \
    X("profiles.yaml", jx_e_profiles)                                                                           \
    X("osm-facilities.yaml", jx_e_facilities)                                                                   \
    X("people.yaml", jx_e_people)                                                                               \
    X("landcover.yaml", jx_e_landcover)                                                                         \
    X("services-cn.yaml", jx_e_services_cn)                                                                     \
    X("services-intl.yaml", jx_e_services_intl)                                                                 \
    X("zh_CN.mo", jx_e_zh)                                                                                      \
    X("demo.osm.pbf", jx_e_demo)

#define DECLARE(name, sym) extern const unsigned char sym[], sym##_end[];
EMBEDDED(DECLARE)
#undef DECLARE

static const jx__embedded files[] = {
#define ROW(name, sym) {name, sym, sym##_end},
    EMBEDDED(ROW)
#undef ROW
    {NULL, NULL, NULL}};

const jx__embedded *jx__embedded_all(void) { return files; }

const jx__embedded *jx__embedded_find(const char *name) {
    for (const jx__embedded *f = files; f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}
