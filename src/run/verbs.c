/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The verb table: each verb declared once. The command line, --help, the JSON schema, the manual page and the completion all
 * come from here; adding a verb means adding a row (CONTRIBUTING.md has the checklist).
 */
#include "run/run_internal.h"

#define FLAG(k, l, h) {.key = (k), .type = JX_P_FLAG, .letter = (l), .help = (h)}
#define TEXT(k, l, h) {.key = (k), .type = JX_P_TEXT, .letter = (l), .help = (h)}
#define PATH(k, l, h) {.key = (k), .type = JX_P_FILE, .letter = (l), .help = (h)}

#define NET_TURNS                                                                                                      \
    {.key = "turns", .type = JX_P_CHOICE, .choices = "on|off", .def = "on",                                            \
     .help = N_("whether cars keep to turn restrictions and pay for turns as the profile says")}
#define NET_DEM PATH("dem", 0, N_("heights: a GeoTIFF; walking and cycling times then depend on slope (docs/terrain.md)"))
#define NET_NETWORK PATH("network", 0, N_("a snapshot of the input's network, made by `junxian net build`; saves building it"))

#define SOURCE_PARAMS                                                                                                  \
    TEXT("area", 'a', N_("area of study: a name or an OpenStreetMap relation id (default: the best-covered area)")),   \
        PATH("boundary", 0, N_("boundary of the area of study as GeoJSON")),                                           \
        {.key = "boundary-crs", .type = JX_P_CHOICE, .choices = "wgs84|cgcs2000|gcj02|bd09", .def = "wgs84",           \
         .help = N_("coordinate system of the boundary")},                                                             \
        PATH("population", 'p', N_("people: a GeoTIFF raster, or a table of cells with lon, lat, population")),        \
        PATH("census", 0, N_("people: a table of totals per township, spread over residential buildings")),            \
        PATH("facilities", 'f', N_("a table of facilities with kind, name, lon, lat (CSV or XLSX)")),                  \
        {.key = "crs", .type = JX_P_CHOICE, .choices = "wgs84|cgcs2000|gcj02|bd09", .def = "wgs84",                    \
         .help = N_("coordinate system of --population and --facilities tables")},                                     \
        {.key = "encoding", .type = JX_P_CHOICE, .choices = "auto|utf-8|gb18030|utf-16", .def = "auto",                \
         .help = N_("character encoding of tables")},                                                                  \
        TEXT("standard", 's', N_("service standard: cn, intl, or a YAML file (default: by where the area lies)")),     \
        {.key = "cell-size", .type = JX_P_NUMBER, .unit = "m", .lo = 25, .hi = 5000, .def = "250",                     \
         .help = N_("size of the grid's cells")},                                                                      \
        {.key = "grid", .type = JX_P_CHOICE, .choices = "square|hex", .def = "square", .help = N_("shape of the cells")}, \
        TEXT("urban", 0, N_("urban and rural: degurba, all-urban, all-rural, or names of urban townships with commas")), \
        {.key = "engine", .type = JX_P_CHOICE, .choices = "hierarchy|dijkstra", .def = "hierarchy",                    \
         .help = N_("how travel times are computed; the results are the same")},                                       \
        NET_TURNS,                                                                                                     \
        NET_DEM,                                                                                                       \
        PATH("friction", 0, N_("land cover: a GeoTIFF of classes; the walk between doors and streets then goes over it")), \
        TEXT("land-cover", 0, N_("classes of --friction: worldcover, globeland30, clcd, nlcd, nlcd8, or a YAML file")),  \
        PATH("profiles", 0, N_("speeds and access rules: a YAML file in place of the built-in profiles.yaml")),        \
        PATH("facility-map", 0, N_("tags to facilities: a YAML file in place of the built-in osm-facilities.yaml")),   \
        PATH("people-rules", 0, N_("how people are spread: a YAML file in place of the built-in people.yaml"))

/* What jx__study_open reads (study.h). */
#define STUDY_MINUTES(help_text)                                                                                       \
    TEXT("service", 0, N_("service of the standard: primary_school, hospital ...")),                                   \
        {.key = "mode", .type = JX_P_CHOICE, .choices = "walk|bike|car", .letter = 'm',                                \
         .help = N_("mode of travel (default: the service's own)")},                                                   \
        {.key = "minutes", .type = JX_P_NUMBER, .unit = "min", .lo = 1, .hi = 1440, .help = help_text}, SOURCE_PARAMS
#define STUDY_PARAMS STUDY_MINUTES(N_("longest travel time that counts (default: twice the standard's threshold, at least 30)"))

#define RUN_PLANS PATH("plans", 0, N_("where to build: a YAML file with a list of plans (default: those of county.yaml)"))

static const jx_param run_params[] = {
    PATH("output", 'o', N_("folder to write (default: out/ in a county folder, else NAME-diagnosis)")),
    FLAG("overwrite", 0, N_("replace the files of an earlier run in the output folder")),
    RUN_PLANS,
    NET_NETWORK,
    SOURCE_PARAMS,
};
static const jx_param check_params[] = {RUN_PLANS, SOURCE_PARAMS};
static const jx_param init_params[] = {
    PATH("osm", 0, N_("OpenStreetMap extract to name in county.yaml")),
    TEXT("area", 'a', N_("area of study to name in county.yaml")),
};
static const jx_param inspect_params[] = {
    {.key = "encoding", .type = JX_P_CHOICE, .choices = "auto|utf-8|gb18030|utf-16", .def = "auto",
     .help = N_("character encoding of tables")},
};

#define NET_MODE {.key = "mode", .type = JX_P_CHOICE, .choices = "walk|bike|car", .def = "car", .letter = 'm', .help = N_("mode of travel")}
#define NET_CRS                                                                                                        \
    {.key = "crs", .type = JX_P_CHOICE, .choices = "wgs84|cgcs2000|gcj02|bd09", .def = "wgs84",                        \
     .help = N_("coordinate system of points and tables")}
#define NET_PROFILES PATH("profiles", 0, N_("speeds and access rules: a YAML file in place of the built-in profiles.yaml"))

#define NET_EDITS PATH("edits", 'e', N_("scenario to apply first: a YAML file of streets to close, open, slow or speed up and of roads to add"))

static const jx_param net_build_params[] = {NET_PROFILES, PATH("output", 'o', N_("snapshot to write (default in a county folder: network.jxn)"))};
static const jx_param net_info_params[] = {NET_MODE, NET_TURNS, NET_DEM, NET_PROFILES, NET_NETWORK};
static const jx_param net_route_params[] = {
    TEXT("from", 0, N_("where the way begins: LON,LAT")), TEXT("to", 0, N_("where it ends: LON,LAT")), NET_EDITS, NET_MODE, NET_CRS, NET_TURNS, NET_DEM, NET_PROFILES, NET_NETWORK,
    PATH("output", 'o', N_("GeoJSON file to write")),
};
static const jx_param net_matrix_params[] = {
    PATH("from", 0, N_("table of places to start from, with lon, lat and name")), PATH("to", 0, N_("table of places to go to (default: those of --from)")),
    {.key = "minutes", .type = JX_P_NUMBER, .unit = "min", .lo = 0, .hi = 1440, .def = "0", .help = N_("longest travel time wanted; 0: all")},
    NET_EDITS, NET_MODE, NET_CRS, NET_TURNS, NET_DEM, NET_PROFILES, NET_NETWORK, PATH("output", 'o', N_("CSV file to write")),
};
static const jx_param net_isochrone_params[] = {
    TEXT("at", 0, N_("the place: LON,LAT")),
    {.key = "minutes", .type = JX_P_TEXT, .unit = "min", .def = "5,10,15,30", .help = N_("minutes of the bands, rising, with commas")},
    {.key = "direction", .type = JX_P_CHOICE, .choices = "from|to", .def = "from", .help = N_("from the place, or to it")},
    NET_EDITS, NET_MODE, NET_CRS, NET_TURNS, NET_DEM, NET_PROFILES, NET_NETWORK, PATH("output", 'o', N_("GeoJSON file to write")),
};
static const jx_param net_load_params[] = {
    TEXT("service", 0, N_("service of the standard: primary_school, hospital ...")),
    {.key = "mode", .type = JX_P_CHOICE, .choices = "walk|bike|car", .letter = 'm', .help = N_("mode of travel (default: the service's own)")},
    NET_EDITS, NET_NETWORK,
    PATH("output", 'o', N_("GeoJSON file to write")),
    SOURCE_PARAMS,
};

static const jx_param site_params[] = {
    TEXT("service", 0, N_("service of the standard: primary_school, hospital ...")),
    TEXT("kind", 0, N_("of its facilities only those of this kind exist for the plan: health_centre ...")),
    {.key = "mode", .type = JX_P_CHOICE, .choices = "walk|bike|car", .help = N_("mode of travel (default: the service's own)")},
    {.key = "model", .type = JX_P_CHOICE, .choices = "p-median|p-center|p-centre|mclp|lscp", .def = "p-median", .letter = 'm',
     .help = N_("what is best: least mean time, shortest longest time, most people within reach, or the cheapest set of sites that reaches all")},
    {.key = "add", .type = JX_P_INT, .lo = 0, .hi = 1000, .help = N_("sites to open; one more for each existing site that closes")},
    {.key = "budget", .type = JX_P_INT, .lo = 0, .hi = 9007199254740992.0, .help = N_("sum of prices the plan may cost")},
    {.key = "price", .type = JX_P_INT, .lo = 0, .hi = 4e9, .def = "1", .help = N_("price of a candidate that states none")},
    {.key = "running-price", .type = JX_P_INT, .lo = 0, .hi = 4e9, .def = "0", .help = N_("price of an existing site that may close and stays open")},
    TEXT("candidates", 0, N_("where could be built: settlements (default), cells, or a table with lon, lat and if known name, price, capacity")),
    {.key = "cutoff", .type = JX_P_NUMBER, .unit = "min", .lo = 0.01, .hi = 1440, .help = N_("what counts as within reach (default: the standard's threshold for town and country)")},
    {.key = "max-minutes", .type = JX_P_NUMBER, .unit = "min", .lo = 0, .hi = 1440, .def = "0", .help = N_("nobody may be sent farther; 0: no limit")},
    {.key = "island-people", .type = JX_P_NUMBER, .lo = 0, .hi = 1e9, .def = "100", .help = N_("parts of the network that nothing connects, that no existing site serves and where fewer people live are left out of the plan, and counted (not with mclp)")},
    {.key = "unreachable", .type = JX_P_CHOICE, .choices = "refuse|leave", .def = "refuse", .help = N_("cells with no possible site within reach: an error, or left out of the plan and counted (mclp counts them as not covered)")},
    {.key = "capacity", .type = JX_P_NUMBER, .lo = 0, .hi = 1e9, .help = N_("people (or places, with --demand) a candidate takes that states nothing (default: any number)")},
    {.key = "existing-capacity", .type = JX_P_NUMBER, .lo = 0, .hi = 1e9, .help = N_("the same of existing sites")},
    {.key = "demand", .type = JX_P_NUMBER, .lo = 0, .hi = 1000, .def = "1000", .help = N_("places wanted per 1,000 people")},
    {.key = "assign", .type = JX_P_CHOICE, .choices = "split|whole", .def = "split", .help = N_("with capacities: a cell's people may be split between sites, or go to one whole")},
    TEXT("weights", 0, N_("people who count more: rural=2, urban=1, TOWNSHIP=3, or a group of the people table (elderly=2), with commas")),
    TEXT("may-close", 0, N_("existing sites that may close: all, or names with commas (default: none)")),
    TEXT("keep", 0, N_("of those, names that stay after all")),
    {.key = "covers", .type = JX_P_INT, .lo = 1, .hi = 2, .def = "1", .help = N_("2: a second site within reach counts too (mclp), or is wanted (lscp)")},
    {.key = "backup-worth", .type = JX_P_NUMBER, .lo = 0, .hi = 0.5, .def = "0.5", .help = N_("mclp: what the second cover is worth; the first is worth the rest")},
    TEXT("refer-to", 0, N_("p-median: the service above, to which a share of the people is sent on by car")),
    {.key = "refer-share", .type = JX_P_NUMBER, .lo = 0, .hi = 1, .def = "0.2", .help = N_("that share")},
    {.key = "time-limit", .type = JX_P_NUMBER, .unit = "s", .lo = 0, .hi = 1e6,
     .help = N_("end with the best plan so far after so long; 0: no limit (default: 60 for a county, 0 for --orlib)")},
    {.key = "seed", .type = JX_P_INT, .lo = 0, .hi = 9007199254740992.0, .def = "1", .help = N_("start of the random numbers: the same seed, the same plan")},
    FLAG("preview", 0, N_("a good plan at once, and how far from best it can be at most")),
    TEXT("solver", 0, N_("a mixed-integer solver of this machine that is to find the plan: cbc, highs or scip, or its path; needed only for a second cover with capacities")),
    PATH("write-lp", 0, N_("file for the problem as a mixed-integer program, as such solvers read it")),
    PATH("output", 'o', N_("file to write: .html (a chapter in both languages), .gpkg, .geojson, .csv or .xlsx")),
    PATH("orlib", 0, N_("an OR-Library p-median file to solve")),
    {.key = "p", .type = JX_P_INT, .lo = 1, .hi = 5000, .help = N_("of --orlib: number of sites (default: the file's)")},
    SOURCE_PARAMS,
};

#define ACCESS_PARAMS                                                                                                  \
    TEXT("decay", 0, N_("how much the far counts: step:30, kernel:30, gaussian:15, exponential:0.1, logistic:20,5, power:1.5 ... (default: as each measure's paper has it)")), \
        {.key = "supply", .type = JX_P_CHOICE, .choices = "count|capacity", .def = "count", .help = N_("what a facility offers: one each, or its capacity")}, \
        PATH("groups", 'g', N_("people by group: a table by township, a column of persons for each group (children, elderly ...)")), \
        TEXT("demand", 'd', N_("whose demand counts: a group of --groups or of the people table (default: all people)")),                     \
        {.key = "k", .type = JX_P_INT, .lo = 1, .hi = 1000, .def = "3", .help = N_("for the measure kth: how many facilities")}, \
        {.key = "wanted", .type = JX_P_NUMBER, .lo = 0.001, .hi = 1e9, .def = "3", .help = N_("for the measure dual: how much supply is enough")}, \
        PATH("output", 'o', N_("file to write: .html (a chapter in both languages), .gpkg (styled, for QGIS), .csv or .xlsx")), STUDY_PARAMS

static const jx_param access_params[] = {
    TEXT("measure", 0, N_("measures with commas: nearest, kth, dual, cumulative, gravity, 2sfca, e2sfca, 3sfca, m2sfca, kd2sfca, bfca, availability (default: nearest,cumulative,2sfca)")),
    ACCESS_PARAMS,
};
static const jx_param equity_params[] = {
    TEXT("measure", 0, N_("the measure whose spread is asked for (default: 2sfca)")),
    {.key = "epsilon", .type = JX_P_NUMBER, .lo = 0.01, .hi = 10, .def = "0.5", .help = N_("aversion to inequality of Atkinson's index")},
    {.key = "line", .type = JX_P_NUMBER, .lo = 1e-9, .hi = 1e9, .help = N_("poverty line in the measure's unit (default: half the mean; of times, the catchment)")},
    PATH("rank", 0, N_("order of townships for the concentration index: a table by township with a column such as income (default: travel time to the largest town)")),
    ACCESS_PARAMS,
};

static const jx_param district_params[] = {
    TEXT("capacity", 0, N_("places of a site: stated (as the sites state them), balanced (an equal part each and --slack), or a number for all (default: stated)")),
    {.key = "missing-capacity", .type = JX_P_NUMBER, .lo = 0, .hi = 1e6, .help = N_("places of a site that states none")},
    {.key = "slack", .type = JX_P_NUMBER, .unit = "%", .lo = 0, .hi = 1000, .def = "5", .help = N_("with --capacity balanced: room above the equal part")},
    {.key = "per-1000", .type = JX_P_NUMBER, .lo = 0, .hi = 1000, .help = N_("people who need a place, of 1000 inhabitants (default: the standard's share of pupils; for schools without one an assumed share; else all)")},
    PATH("groups", 'g', N_("people by group: a table by township, a column of persons for each group (children, elderly ...)")),
    TEXT("demand", 'd', N_("the group of --groups or of the people table that needs places")),
    FLAG("contiguous", 0, N_("every district in one piece")),
    {.key = "no-crossing", .type = JX_P_CHOICE, .choices = "trunk|primary", .help = N_("keep people from crossing roads of this class or larger but by bridges and underpasses")},
    TEXT("present", 0, N_("today's districts, of which as few people as possible move: a table with cell and site, or nearest")),
    FLAG("around", 0, N_("sites around the area take part too")),
    PATH("output", 'o', N_("file to write: .html (maps and tables in both languages), .gpkg (styled, for QGIS), .geojson (outlines), .csv or .xlsx")),
    PATH("problem", 0, N_("JSON file to write: the whole problem and its answer, to check with a solver of your own")),
    STUDY_MINUTES(N_("longest travel time that counts (default: no limit)")),
};
static const jx_param consortium_params[] = {
    {.key = "heads", .type = JX_P_TEXT, .def = "hospital", .help = N_("kinds of the head hospitals, with commas")},
    TEXT("members", 0, N_("kinds of the members, with commas (default: health centres; where the map has none, doctors' practices and health stations)")),
    TEXT("level", 0, N_("grade of a head hospital: only those whose level has these words")),
    {.key = "max-ratio", .type = JX_P_NUMBER, .lo = 1, .hi = 1000, .help = N_("most people of a group, as a multiple of its fair part (default: no limit)")},
    {.key = "share", .type = JX_P_CHOICE, .choices = "equal|beds", .def = "equal", .help = N_("fair part of a head hospital: equal, or by its beds")},
    {.key = "circles", .type = JX_P_TEXT, .unit = "min", .def = "30,60", .help = N_("minutes of the circles around head hospitals, rising, with commas")},
    {.key = "mode", .type = JX_P_CHOICE, .choices = "walk|bike|car", .def = "car", .letter = 'm', .help = N_("mode of travel")},
    FLAG("around", 0, N_("head hospitals around the area take part too")),
    PATH("output", 'o', N_("file to write: .html (maps and tables in both languages), .gpkg (styled, for QGIS), .geojson (outlines), .csv or .xlsx")),
    PATH("problem", 0, N_("JSON file to write: the whole problem and its answer, to check with a solver of your own")),
    SOURCE_PARAMS,
};

static const jx_param common_params[] = {
    FLAG("json", 0, N_("print one JSON document instead of text")),
    FLAG("dry-run", 'n', N_("say what would be read, computed and written, and what it would cost; do nothing")),
    {.key = "threads", .type = JX_P_INT, .lo = 0, .hi = 256, .def = "0", .letter = 't',
     .help = N_("threads; 0: as many as processors (results are the same for any number)")},
    {.key = "memory", .type = JX_P_INT, .unit = "MB", .lo = 0, .hi = 1048576, .def = "0",
     .help = N_("ceiling of memory; 0: none")},
    {.key = "lang", .type = JX_P_CHOICE, .choices = "en|zh", .help = N_("language of messages and reports")},
    FLAG("quiet", 'q', N_("no progress and no notes, only warnings and errors")),
    FLAG("help", 'h', N_("what this verb does and takes")),
};

#define N_OF(a) ((uint32_t)(sizeof(a) / sizeof *(a)))

static const char *const run_examples[] = {"junxian run demo -o out-demo", "junxian run liechtenstein.osm.pbf --area Vaduz",
                                           "junxian run spo.osm.pbf --population hexgrid.csv -o spo/",
                                           "junxian run myplace/ --lang zh", NULL};
static const char *const check_examples[] = {"junxian check myplace/", "junxian check area.osm.pbf --facilities schools.csv --crs gcj02",
                                             "junxian check myplace/ --json", NULL};
static const char *const init_examples[] = {"junxian init myplace/", "junxian init liyang/ --area 溧阳市 --osm jiangsu.osm.pbf",
                                            "junxian init myplace/ --lang zh", NULL};
static const char *const inspect_examples[] = {"junxian inspect area.osm.pbf", "junxian inspect schools.csv", "junxian inspect county.gpkg --json", NULL};
static const char *const explain_examples[] = {"junxian explain JX2001", "junxian explain coverage", "junxian explain population", NULL};
static const char *const doctor_examples[] = {"junxian doctor", "junxian doctor --json", "junxian doctor --lang zh", NULL};

static const char *const net_build_examples[] = {"junxian net build demo -o demo.jxn", "junxian net build area.osm.pbf -o area.jxn --json", "junxian net build myplace/", NULL};
static const char *const net_info_examples[] = {"junxian net info demo", "junxian net info area.osm.pbf --mode walk", "junxian net info demo --json", NULL};
static const char *const net_route_examples[] = {"junxian net route demo --from 9.5209,47.1410 --to 9.5250,47.2110",
                                                 "junxian net route demo.jxn --from 9.5209,47.1410 --to 9.5250,47.2110 --mode bike -o way.geojson",
                                                 "junxian net route myplace/ --from 119.48,31.43 --to 119.37,31.25 --crs gcj02", NULL};
static const char *const net_matrix_examples[] = {"junxian net matrix demo --from villages.csv", "junxian net matrix demo --from villages.csv --to clinics.csv -o times.csv",
                                                  "junxian net matrix demo --from villages.csv --edits bridge.yaml --mode walk --json", NULL};
static const char *const net_isochrone_examples[] = {"junxian net isochrone demo --at 9.5209,47.1410 -o iso.geojson",
                                                     "junxian net isochrone demo --at 9.5209,47.1410 --mode walk --minutes 5,10,15",
                                                     "junxian net isochrone demo --at 9.5209,47.1410 --direction to --json", NULL};
static const char *const net_load_examples[] = {"junxian net load demo --service primary_school -o load.geojson", "junxian net load demo --service hospital --mode car",
                                                "junxian net load myplace/ --service kindergarten --json", NULL};
static const char *const site_examples[] = {"junxian site --orlib pmed1.txt", "junxian site demo --service hospital --add 2 -o plan.html",
                                            "junxian site demo --service hospital --model mclp --cutoff 10 --budget 5 --price 2 -o plan.gpkg", NULL};

static const char *const access_examples[] = {"junxian access demo --service primary_school", "junxian access demo --service hospital --measure e2sfca,bfca --minutes 30 -o access.gpkg",
                                              "junxian access myplace/ --service kindergarten --supply capacity --groups people.csv --demand children --json", NULL};
static const char *const equity_examples[] = {"junxian equity demo --service primary_school", "junxian equity demo --service hospital --measure nearest --json",
                                              "junxian equity myplace/ --service kindergarten --groups people.csv --rank income.csv", NULL};

static const char *const district_examples[] = {"junxian district demo --service primary_school --capacity balanced", "junxian district demo --service primary_school --capacity 400 --contiguous -o districts.gpkg",
                                                "junxian district myplace/ --service primary_school --present today.csv --no-crossing trunk --json", NULL};
static const char *const consortium_examples[] = {"junxian consortium demo --around", "junxian consortium myplace/ --max-ratio 1.3 -o groups.gpkg",
                                                  "junxian consortium myplace/ --level 二级 --share beds --max-ratio 1.2 --json", NULL};

static const jx_verb verbs[] = {
    {"run", "diagnose", N_("diagnose a county: who can reach which service, and who cannot"), "INPUT", 1, 1, run_params, N_OF(run_params),
     N_("a folder with report.html, county.gpkg, tables.xlsx, CSV tables, summary.json and junxian.lock"), run_examples, jx__verb_run},
    {"init", "data", N_("start a county folder with a commented county.yaml"), "FOLDER", 1, 1, init_params, N_OF(init_params),
     N_("FOLDER/county.yaml, FOLDER/sources/ and FOLDER/standards/ with the built-in standards to edit"), init_examples, jx__verb_init},
    {"check", "data", N_("validate a county folder or an extract and every source, without computing"), "INPUT", 1, 1, check_params,
     N_OF(check_params), N_("findings with file, row and remedy; exit code 1 when there are any"), check_examples, jx__verb_check},
    {"inspect", "data", N_("what is in a file: counts, extent, encoding, coordinate system, columns"), "FILE", 1, 1, inspect_params,
     N_OF(inspect_params), N_("a description of the file"), inspect_examples, jx__verb_inspect},
    {"net build", "network", N_("the network and its hierarchy into a file: the other net verbs take it as input, and start in milliseconds"), "INPUT", 1, 1,
     net_build_params, N_OF(net_build_params), N_("one file, the snapshot"), net_build_examples, jx__verb_net_build},
    {"net info", "network", N_("what the network holds: streets by mode, size of the hierarchy"), "INPUT", 1, 1, net_info_params, N_OF(net_info_params),
     N_("a description of the network"), net_info_examples, jx__verb_net_info},
    {"net route", "network", N_("the shortest way between two points, with its streets"), "INPUT", 1, 1, net_route_params, N_OF(net_route_params),
     N_("the way; GeoJSON with -o"), net_route_examples, jx__verb_net_route},
    {"net matrix", "network", N_("travel times between all places of two tables"), "INPUT", 1, 1, net_matrix_params, N_OF(net_matrix_params),
     N_("a table of times; CSV with -o"), net_matrix_examples, jx__verb_net_matrix},
    {"net isochrone", "network", N_("areas within so many minutes of a place"), "INPUT", 1, 1, net_isochrone_params, N_OF(net_isochrone_params),
     N_("the areas; GeoJSON with -o"), net_isochrone_examples, jx__verb_net_isochrone},
    {"net load", "network", N_("which streets people's trips to their nearest facility use"), "INPUT", 1, 1, net_load_params, N_OF(net_load_params),
     N_("the streets used most; GeoJSON of all with -o"), net_load_examples, jx__verb_net_load},
    {"site", "services", N_("where to build: the sites that serve best, with proof"), "[INPUT]", 0, 1, site_params, N_OF(site_params),
     N_("the sites, the objective, its proved bound, and what each site contributes"), site_examples, jx__verb_site},
    {"access", "services", N_("what people can reach, and what is left of it when others want it too"), "INPUT", 1, 1, access_params, N_OF(access_params),
     N_("a table by town, country, township and group; layers with -o"), access_examples, jx__verb_access},
    {"equity", "services", N_("how fairly access is spread over people and places"), "INPUT", 1, 1, equity_params, N_OF(equity_params),
     N_("indices of inequality with their parts; layers with -o"), equity_examples, jx__verb_equity},
    {"district", "services", N_("who goes where: every cell to one site with room, in one piece and with few moves if asked"), "INPUT", 1, 1, district_params, N_OF(district_params),
     N_("a table of sites; cells with their sites with -o"), district_examples, jx__verb_district},
    {"consortium", "services", N_("medical consortia: health centres under head hospitals, by referral time and load"), "INPUT", 1, 1, consortium_params, N_OF(consortium_params),
     N_("a table of groups and members; members with their heads with -o"), consortium_examples, jx__verb_consortium},
    {"explain", "care", N_("explain an indicator or an error code"), "NAME", 0, 1, NULL, 0, N_("half a page of text"), explain_examples, jx__verb_explain},
    {"doctor", "care", N_("what this machine has, and what is missing: a block to paste into a question"), "", 0, 0, NULL, 0, N_("a list of checks"),
     doctor_examples, jx__verb_doctor},
};

const jx_verb *jx_verbs(uint32_t *n) {
    *n = N_OF(verbs);
    return verbs;
}

const jx_verb *jx_verb_find(const char *name) {
    for (uint32_t i = 0; i < N_OF(verbs); i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

const jx_verb *jx_verb_find2(const char *first, const char *second) {
    size_t n = strlen(first);
    for (uint32_t i = 0; second && i < N_OF(verbs); i++) {
        if (strncmp(verbs[i].name, first, n) == 0 && verbs[i].name[n] == ' ' && strcmp(verbs[i].name + n + 1, second) == 0) {
            return &verbs[i];
        }
    }
    return second ? NULL : jx_verb_find(first);
}

const jx_param *jx_common_params(uint32_t *n) {
    *n = N_OF(common_params);
    return common_params;
}

const char *jx_args_get(const jx_args *a, const char *key) {
    for (uint32_t i = a->n_opt; i > 0; i--) { /* the last one given wins */
        if (strcmp(a->opt[i - 1].key, key) == 0) {
            return a->opt[i - 1].value;
        }
    }
    return NULL;
}

bool jx_args_flag(const jx_args *a, const char *key) { return jx_args_get(a, key) != NULL; }

double jx_args_num(const jx_args *a, const char *key, double def) {
    const char *s = jx_args_get(a, key);
    double v = def;
    if (s && !jx_parse_double(s, strlen(s), &v)) {
        v = def; /* cannot happen after jx_args_check */
    }
    return v;
}

static const jx_param *find_param(const jx_verb *v, const char *key) {
    for (uint32_t i = 0; i < v->n_params; i++) {
        if (strcmp(v->params[i].key, key) == 0) {
            return &v->params[i];
        }
    }
    for (uint32_t i = 0; i < N_OF(common_params); i++) {
        if (strcmp(common_params[i].key, key) == 0) {
            return &common_params[i];
        }
    }
    return NULL;
}

bool jx__in_choices(const char *choices, const char *value) {
    size_t n = strlen(value);
    for (const char *c = choices; *c;) {
        size_t len = strcspn(c, "|");
        if (len == n && memcmp(c, value, n) == 0) {
            return true;
        }
        c += len + (c[len] == '|');
    }
    return false;
}

static jx_status check_value(jx_ctx *ctx, const jx_param *p, const char *value) {
    double num = 0;
    int64_t whole = 0;
    switch (p->type) {
    case JX_P_CHOICE:
        return jx__in_choices(p->choices, value) ? JX_OK : JX_FAIL(ctx, ARG_CHOICE, JX_S(p->key), JX_S(value), JX_S(p->choices));
    case JX_P_INT:
        if (!jx_parse_int64(value, strlen(value), &whole)) {
            return JX_FAIL(ctx, ARG_NUMBER, JX_S(p->key), JX_S(value));
        }
        num = (double)whole;
        break;
    case JX_P_NUMBER:
        if (!jx_parse_double(value, strlen(value), &num)) {
            return JX_FAIL(ctx, ARG_NUMBER, JX_S(p->key), JX_S(value));
        }
        break;
    case JX_P_FILE:
    case JX_P_TEXT:
        return *value ? JX_OK : JX_FAIL(ctx, ARG_EMPTY, JX_S(p->key));
    case JX_P_FLAG:
        return JX_OK;
    }
    if (num < p->lo || num > p->hi) {
        return JX_FAIL(ctx, ARG_RANGE, JX_S(p->key), JX_S(value), JX_R(p->lo, -1), JX_R(p->hi, -1));
    }
    return JX_OK;
}

jx_status jx_args_check(jx_ctx *ctx, const jx_verb *v, const jx_args *a) {
    if (a->n_input < v->min_inputs) {
        return JX_FAIL(ctx, ARG_INPUT_MISSING, JX_S(v->name), JX_S(v->inputs));
    }
    if (a->n_input > v->max_inputs) {
        return JX_FAIL(ctx, ARG_INPUT_MANY, JX_S(v->name), JX_I(v->max_inputs), JX_S(a->input[v->max_inputs]));
    }
    for (uint32_t i = 0; i < a->n_opt; i++) {
        const jx_param *p = find_param(v, a->opt[i].key);
        if (!p) {
            return JX_FAIL(ctx, ARG_UNKNOWN, JX_S(a->opt[i].key), JX_S(v->name));
        }
        JX_TRY(check_value(ctx, p, a->opt[i].value));
    }
    return JX_OK;
}
