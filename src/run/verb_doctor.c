/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian doctor`: what this machine has and what is missing, as a block to paste into a question. */
#include <stdlib.h>
#include <unistd.h>

#include "run/run_internal.h"

typedef struct check {
    const char *name;  /* stable, for JSON */
    const char *title; /* msgid */
    bool ok;
    const char *value, *remedy; /* remedy: msgid, shown when not ok */
} check;

static void print_checks(jx_result *res, const check *c, uint32_t n) {
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.doctor/1");
    jx_json_key(&j, "version"), jx_json_str(&j, JX_VERSION);
    jx_json_key(&j, "checks"), jx_json_arr(&j);
    jx_buf_fmt(&res->text, "junxian %s\n", JX_VERSION);
    for (uint32_t i = 0; i < n; i++) {
        jx_json_obj(&j);
        jx_json_key(&j, "name"), jx_json_str(&j, c[i].name);
        jx_json_key(&j, "ok"), jx_json_bool(&j, c[i].ok);
        jx_json_key(&j, "value"), jx_json_str(&j, c[i].value);
        jx_json_end_obj(&j);
        jx_buf_fmt(&res->text, "%s  %s: %s\n", c[i].ok ? "ok" : "--", jx__tr(res, c[i].title), c[i].value);
        if (!c[i].ok) {
            jx_buf_fmt(&res->text, "    %s\n", jx__tr(res, c[i].remedy));
        }
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

jx_status jx__verb_doctor(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    (void)args;
    static const char *const fonts[] = {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
                                        "/System/Library/Fonts/PingFang.ttc", NULL};
    const char *font = NULL;
    for (const char *const *f = fonts; *f && !font; f++) {
        font = jx_path_exists(*f) ? *f : NULL;
    }
    jx_buf mem, thr;
    jx_buf_init(&mem, ctx);
    jx_buf_init(&thr, ctx);
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    int64_t mb = pages > 0 && page > 0 ? (int64_t)pages * page / (1 << 20) : 0;
    jx_buf_fmt(&mem, "%lld MB", (long long)mb);
    jx_buf_fmt(&thr, "%u", jx_ctx_threads(ctx));
    jx_status st = jx_buf_ok(&mem) == JX_OK ? jx_buf_ok(&thr) : JX_E_NOMEM;
    if (st == JX_OK) {
        const char *locale = getenv("LC_ALL") ? getenv("LC_ALL") : getenv("LANG");
        bool writable = access(".", W_OK) == 0, gdal = jx_gdal_available();
        const check checks[] = {
            {"memory", N_("memory"), mb == 0 || mb >= 1000, mem.s, N_("Under 1 GB: cut the extract to the county (osmium extract).")},
            {"threads", N_("threads"), true, thr.s, ""},
            {"locale", N_("locale"), true, locale ? locale : "-", ""},
            {"language", N_("language of messages"), true, res->lang, ""},
            {"writable", N_("this folder can be written"), writable, writable ? "yes" : "no", N_("Change to a folder of yours, or give -o.")},
            {"gdal", N_("rasters and workbooks (GDAL plugin)"), gdal, gdal ? "yes" : "no",
             N_("GeoTIFF, XLSX and shapefiles cannot be read; save tables as CSV, or install the junxian GDAL plugin.")},
            {"cjk-font", N_("font with Chinese characters"), font != NULL, font ? font : "-", N_("Install fonts-noto-cjk to view Chinese reports on this machine.")},
        };
        print_checks(res, checks, (uint32_t)(sizeof checks / sizeof *checks));
    }
    jx_buf_release(&mem);
    jx_buf_release(&thr);
    return st;
}
