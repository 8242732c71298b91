/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian init`: a county folder with a commented county.yaml and the built-in standards as files to edit. */
#include <errno.h>
#include <sys/stat.h>

#include "run/run_internal.h"

/* clang-format off */
static const char *const template_en =
    "# The county folder of {0}. Lines that begin with # are comments: remove the # to use a line.\n"
    "# Validate with `junxian check {0}`, diagnose with `junxian run {0}`.\n"
    "\n"
    "name: \"{0}\"\n"
    "\n"
    "# The OpenStreetMap extract (.osm.pbf). A province is fine; a county with its surroundings is faster.\n"
    "osm: {1}\n"
    "\n"
    "# Area of study: a name as on the map, or the number of the OpenStreetMap relation.\n"
    "{2}\n"
    "\n"
    "# Or a boundary of your own (GeoJSON). crs: wgs84, cgcs2000, gcj02 (Amap, Tencent), bd09 (Baidu).\n"
    "#boundary: {file: sources/boundary.geojson, crs: gcj02}\n"
    "\n"
    "# Cells in which people are counted.\n"
    "grid: {kind: square, size_m: 250}\n"
    "\n"
    "# People, best source first; the first one given is used. Without any, population tags of the map are spread\n"
    "# over residential buildings.\n"
    "people:\n"
    "  #raster: sources/population.tif            # persons per pixel, WGS 84\n"
    "  #table: {file: sources/cells.csv, crs: wgs84}   # columns lon, lat, population\n"
    "  #census: {file: sources/census.xlsx}       # columns township, population\n"
    "  persons_per_dwelling: 2.6                  # only where nothing better is known\n"
    "\n"
    "# Your own lists of facilities; they join those of the map, duplicates are merged.\n"
    "# Columns: kind, name, lon, lat; also capacity, level, opening_hours. encoding: auto, utf-8, gb18030.\n"
    "facilities:\n"
    "  #- {file: sources/schools.xlsx, crs: gcj02, kind: primary_school}\n"
    "  #- {file: sources/clinics.csv, crs: wgs84, encoding: gb18030, columns: {name: 机构名称, lon: 经度, lat: 纬度, kind: 类型}}\n"
    "\n"
    "# Heights in metres (a DEM, any coordinate system): walking and cycling then take their time by slope.\n"
    "#terrain: {dem: sources/dem.tif}\n"
    "# Land cover: the walk between doors and streets then goes over open ground at the speed of its class.\n"
    "#terrain: {dem: sources/dem.tif, friction: sources/landcover.tif, land_cover: worldcover}\n"
    "\n"
    "# Town and country: degurba (by density, the default), all-urban, all-rural, or names of urban townships.\n"
    "urban: degurba\n"
    "\n"
    "# Service standard: cn (GB 50180-2018), intl, or a file such as standards/services-cn.yaml after editing it.\n"
    "{3}\n"
    "#profiles: standards/profiles.yaml           # speeds and access rules\n"
    "#facility_map: standards/osm-facilities.yaml # which tags make which facility\n"
    "\n"
    "# Where to build: each plan becomes a chapter of the report. Keys are the options of `junxian site`.\n"
    "#plans:\n"
    "#  - {name: Two more hospitals, service: hospital, add: 2}\n"
    "#  - {service: kindergarten, model: mclp, candidates: sources/plots.csv, budget: 2000}   # table: lon, lat, name, cost\n";
static const char *const template_zh =
    "# {0} 的县域文件夹。以 # 开头的行是注释,去掉 # 即可启用。\n"
    "# 校验: `junxian check {0}`;诊断: `junxian run {0}`。\n"
    "\n"
    "name: \"{0}\"\n"
    "\n"
    "# OpenStreetMap 数据提取文件 (.osm.pbf)。全省文件也可以;只含本县及周边的文件更快。\n"
    "osm: {1}\n"
    "\n"
    "# 研究范围:地图上的名称,或 OpenStreetMap 关系编号。\n"
    "{2}\n"
    "\n"
    "# 也可使用自有行政边界 (GeoJSON)。crs: wgs84、cgcs2000、gcj02 (高德、腾讯)、bd09 (百度)。\n"
    "#boundary: {file: sources/boundary.geojson, crs: gcj02}\n"
    "\n"
    "# 统计人口的网格。\n"
    "grid: {kind: square, size_m: 250}\n"
    "\n"
    "# 人口数据,精度高者优先;均未给出时,将地图上的人口标签分摊到住宅建筑。\n"
    "people:\n"
    "  #raster: sources/population.tif            # 每像元人数,WGS 84\n"
    "  #table: {file: sources/cells.csv, crs: wgs84}   # 列: 经度、纬度、人口\n"
    "  #census: {file: sources/census.xlsx}       # 列: 乡镇、人口\n"
    "  persons_per_dwelling: 2.6                  # 仅在没有更好来源时使用\n"
    "\n"
    "# 自有设施名录;与地图上的设施合并,重复者只计一次。\n"
    "# 列: kind (类型)、name (名称)、lon (经度)、lat (纬度),可选 capacity (容量)、level (等级)、opening_hours (开放时间)。\n"
    "# encoding: auto、utf-8、gb18030。\n"
    "facilities:\n"
    "  #- {file: sources/schools.xlsx, crs: gcj02, kind: primary_school}\n"
    "  #- {file: sources/clinics.csv, crs: wgs84, encoding: gb18030, columns: {name: 机构名称, lon: 经度, lat: 纬度, kind: 类型}}\n"
    "\n"
    "# 高程 (DEM,单位米,坐标系不限): 给出后步行与骑行时间随坡度变化。\n"
    "#terrain: {dem: sources/dem.tif}\n"
    "# 土地覆盖: 给出后,门口与道路之间按各类地面的速度步行。\n"
    "#terrain: {dem: sources/dem.tif, friction: sources/landcover.tif, land_cover: worldcover}\n"
    "\n"
    "# 城乡划分: degurba (按密度,默认)、all-urban、all-rural,或列出城镇地区的乡镇名称。\n"
    "urban: degurba\n"
    "\n"
    "# 服务标准: cn (GB 50180-2018)、intl,或编辑后的文件,如 standards/services-cn.yaml。\n"
    "{3}\n"
    "#profiles: standards/profiles.yaml           # 速度与通行规则\n"
    "#facility_map: standards/osm-facilities.yaml # 标签与设施类型的对应\n"
    "\n"
    "# 布局优化方案: 每个方案在报告中成一章。键与 `junxian site` 的选项相同。\n"
    "#plans:\n"
    "#  - {name: 新增两所医院, service: hospital, add: 2}\n"
    "#  - {service: kindergarten, model: mclp, candidates: sources/plots.csv, budget: 2000}   # 表: 经度、纬度、名称、费用\n";
/* clang-format on */

/* {0}..{3} by hand: jx_render would take the YAML's own braces for arguments. */
static void fill(jx_buf *b, const char *tmpl, const char *const args[4]) {
    for (const char *p = tmpl; *p; p++) {
        if (p[0] == '{' && p[1] >= '0' && p[1] <= '3' && p[2] == '}') {
            jx_buf_str(b, args[p[1] - '0']);
            p += 2;
        } else {
            jx_buf_char(b, *p);
        }
    }
}

static jx_status make_dir(jx_ctx *ctx, const char *path) {
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return JX_FAIL(ctx, FOLDER_CANNOT_MAKE, JX_S(path), JX_S(strerror(errno)));
    }
    return JX_OK;
}

static jx_status write_in(jx_ctx *ctx, const char *folder, const char *name, const void *p, size_t n) {
    jx_buf path;
    jx_buf_init(&path, ctx);
    jx_buf_fmt(&path, "%s/%s", folder, name);
    jx_status st = jx_buf_ok(&path);
    /* A standard that the user has edited already is his; only missing files are added. */
    if (st == JX_OK && !jx_path_exists(path.s)) {
        st = jx_file_write(ctx, path.s, p, n);
    }
    jx_buf_release(&path);
    return st;
}

static jx_status config_text(jx_ctx *ctx, const jx_args *args, const char *folder, bool zh, jx_buf *out) {
    const char *osm = jx_args_get(args, "osm"), *area = jx_args_get(args, "area");
    const char *slash = strrchr(folder, '/');
    jx_buf area_line;
    jx_buf_init(&area_line, ctx);
    if (area) {
        jx_buf_fmt(&area_line, "area: \"%s\"", area);
    } else {
        jx_buf_str(&area_line, zh ? "#area: \"溧阳市\"" : "#area: \"Vaduz\"");
    }
    jx_status st = jx_buf_ok(&area_line);
    if (st == JX_OK) {
        const char *const fillers[4] = {slash && slash[1] ? slash + 1 : folder, osm ? osm : "sources/area.osm.pbf", area_line.s,
                                        zh ? "standard: cn" : "#standard: intl"};
        fill(out, zh ? template_zh : template_en, fillers);
        st = jx_buf_ok(out);
    }
    jx_buf_release(&area_line);
    return st;
}

static jx_status populate(jx_ctx *ctx, const jx_args *args, jx_result *res, const char *folder) {
    jx_buf path, text;
    jx_buf_init(&path, ctx);
    jx_buf_init(&text, ctx);
    jx_buf_fmt(&path, "%s/county.yaml", folder);
    jx_status st;
    JX_TRY_OUT(st, jx_buf_ok(&path));
    if (jx_path_exists(path.s)) {
        st = JX_FAIL(ctx, FOLDER_HAS_CONFIG, JX_S(path.s));
        goto out;
    }
    JX_TRY_OUT(st, config_text(ctx, args, folder, strcmp(res->lang, "zh_CN") == 0, &text));
    JX_TRY_OUT(st, make_dir(ctx, folder));
    JX_TRY_OUT(st, jx_file_write(ctx, path.s, text.s, text.n));
    path.n = strlen(folder);
    jx_buf_str(&path, "/sources");
    JX_TRY_OUT(st, jx_buf_ok(&path));
    JX_TRY_OUT(st, make_dir(ctx, path.s));
    path.n = strlen(folder);
    jx_buf_str(&path, "/standards");
    JX_TRY_OUT(st, jx_buf_ok(&path));
    JX_TRY_OUT(st, make_dir(ctx, path.s));
    for (const jx__embedded *e = jx__embedded_all(); e->name; e++) {
        if (strstr(e->name, ".yaml")) {
            JX_TRY_OUT(st, write_in(ctx, path.s, e->name, e->p, (size_t)(e->end - e->p)));
        }
    }
out:
    jx_buf_release(&text);
    jx_buf_release(&path);
    return st;
}

jx_status jx__verb_init(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    jx_buf folder; /* without trailing slashes */
    jx_buf_init(&folder, ctx);
    size_t n = strlen(args->input[0]);
    while (n > 1 && args->input[0][n - 1] == '/') {
        n--;
    }
    jx_buf_add(&folder, args->input[0], n);
    jx_status st = jx_buf_ok(&folder);
    if (st == JX_OK && !jx_args_flag(args, "dry-run")) {
        st = populate(ctx, args, res, folder.s);
    }
    if (st == JX_OK) {
        jx_arg a[] = {JX_S(folder.s)};
        jx_render(&res->text, jx__tr(res, N_("{0}/county.yaml: edit it, put your files into {0}/sources/, then run: junxian check {0}")), 1, a);
        jx_buf_char(&res->text, '\n');
        jx_json j;
        jx_json_init(&j, &res->json, true);
        jx_json_obj(&j);
        jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.init/1");
        jx_json_key(&j, "folder"), jx_json_str(&j, folder.s);
        jx_json_end_obj(&j);
    }
    jx_buf_release(&folder);
    return st;
}
