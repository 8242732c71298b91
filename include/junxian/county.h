/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The county: areas, people, cells, facilities, standards, network - immutable once built - and its diagnosis.
 * Structs are open for readers (report, writers); only county/ writes them. All memory belongs to the object.
 */
#ifndef JUNXIAN_COUNTY_H
#define JUNXIAN_COUNTY_H

#include "junxian/geo.h"
#include "junxian/offroad.h"
#include "junxian/sweep.h"
#include "junxian/osm.h"
#include "junxian/services.h"
#include "junxian/val.h"

/** How sure a number is. Travels with it into every output. */
typedef enum jx_trust { JX_MEASURED, JX_DERIVED, JX_GUESSED } jx_trust;
const char *jx_trust_name(jx_trust t); /* "measured", "derived", "guessed" */

/* ---- areas and places ----------------------------------------------------------------------------------------- */

typedef struct jx_area {
    int64_t osm_id;      /* relation (or way) id; 0: from a user's file or the extract's box */
    const char *name;    /* as on the map; "" none. NUL-terminated, owned by the county */
    const char *name_en, *name_zh; /* NULL: not stated */
    const char *code;    /* official code (ref, ref:CN, ...), NULL none */
    uint8_t admin_level; /* of OSM; 0 unknown */
    uint32_t parent;     /* smallest area of a lower level that holds it; JX_NONE */
    bool complete;       /* all rings closed */
    bool is_box;         /* no boundary: the extract's own box */
    jx_mpoly shape;
    double area_m2;
    jx_pt label;
    double population;   /* stated for it (tag, census); NaN none */
} jx_area;

typedef enum jx_place_kind { JX_PLACE_CITY, JX_PLACE_TOWN, JX_PLACE_SUBURB, JX_PLACE_VILLAGE, JX_PLACE_QUARTER,
                             JX_PLACE_HAMLET, JX_PLACE_ISOLATED, JX_N_PLACES } jx_place_kind;
typedef struct jx_place {
    int64_t osm_id;
    const char *name, *name_en, *name_zh;
    jx_place_kind kind;
    jx_pt pt;
    double population; /* stated; NaN none */
    uint32_t township; /* index into jx_county.township; JX_NONE outside */
    bool inside;       /* the area of study; places outside name and shape nothing in it */
} jx_place;

/* ---- people ------------------------------------------------------------------------------------------------------ */

typedef enum jx_people_source {
    JX_PEOPLE_RASTER,   /* population raster given by the user */
    JX_PEOPLE_TABLE,    /* table of cells given by the user */
    JX_PEOPLE_CENSUS,   /* totals per township given by the user, spread */
    JX_PEOPLE_TAGS,     /* population=* of places and areas in the file, spread */
    JX_PEOPLE_DWELLINGS,/* dwellings x persons: a guess */
    JX_PEOPLE_NONE      /* unknown: cells are counted, never people */
} jx_people_source;
const char *jx_people_source_name(jx_people_source s);

/** What carried the spread of a township's people, shares of its people summing to 1. */
typedef struct jx_people_mix {
    double buildings, landuse, streets, places, even;
} jx_people_mix;

typedef struct jx_cells {
    uint32_t n;
    int32_t *col, *row;      /* on the grid; for a user's table both are the row number */
    jx_pt *pt;               /* people's mean position in the cell: where travel starts */
    jx_mpoly *shape;         /* only for a table of polygons, else NULL: the grid gives the ring */
    double *people;          /* >= 0; 1 where people are unknown (source NONE) */
    uint32_t *township;      /* index into jx_county.township; JX_NONE */
    uint32_t *settlement;    /* index into jx_county.places; JX_NONE */
    uint32_t *buildings;     /* residential buildings in it */
    uint8_t *urban;          /* 1 urban centre or cluster, 0 rural (DEGURBA or user's) */
    char **id;               /* user's ids for table cells, else NULL */
} jx_cells;

/** A part of the people, counted by the same source: children, elderly, ... One person may be in several. */
typedef struct jx_people_group {
    const char *name;        /* as the source has it, or the name standards know it by; never translated */
    double *people;          /* cells; NaN: the source does not say for this cell */
    double *township;        /* n_townships: sums of the cells that are known; NaN where none is */
    double total;            /* of the cells that are known; NaN where none is */
    uint32_t n_unknown;      /* cells */
    jx_trust trust;
} jx_people_group;

/* ---- facilities ---------------------------------------------------------------------------------------------------- */

typedef struct jx_facility {
    const char *kind;      /* "kindergarten", of the mapping */
    const char *name;      /* "" none */
    const char *level, *hours; /* NULL not stated */
    double capacity;       /* NaN not stated */
    jx_pt pt;
    int64_t osm_id;        /* 0: from a file */
    jx_osm_type osm_type;
    uint32_t source;       /* index into jx_county.sources */
    uint32_t row;          /* of the user's file */
    uint32_t merged;       /* further objects found to be the same facility */
    uint32_t township;     /* JX_NONE outside */
    bool inside;           /* inside the area of study */
} jx_facility;

/* ---- standards ------------------------------------------------------------------------------------------------------- */

typedef enum jx_theme { JX_HEALTH, JX_EDUCATION, JX_CARE, JX_CULTURE_SPORT, JX_MARKET, JX_TRANSPORT, JX_GOVERNMENT, JX_N_THEMES } jx_theme;
const char *jx_theme_name(jx_theme t);

/** One threshold of a service by one mode. 0: the standard says nothing for that tier. */
typedef struct jx_criterion {
    jx_mode mode;
    uint32_t urban_ms, rural_ms;
    const char *clause;   /* "GB 50180-2018, annex B" */
    int year;
    bool verified;        /* false: an editable default whose clause we could not read (for one of its tiers at least) */
    bool urban_verified, rural_verified;
    const char *note_en, *note_zh; /* NULL none */
} jx_criterion;
typedef struct jx_service {
    const char *id;       /* "primary_school"; never translated */
    const char *name_en, *name_zh;
    jx_theme theme;
    const char **kinds;   /* facility kinds that serve it */
    uint32_t n_kinds;
    jx_criterion *criteria; /* the first is the headline */
    uint32_t n_criteria;
    double norm_per_10k;  /* facilities per 10,000 people that a mapped place plausibly has; under half: the map looks incomplete; NaN none */
    const char *norm_source;
    /* Schools: what the map would have to hold if it were complete; all 0 for others. */
    double pupils_per_1000, pupils_per_class, max_classes;
    const char *classes_source;
    /* What the norm wants for so many people: seats, beds. NaN none. */
    double places_per_1000;
    const char *places_of;      /* of a group of people ("elderly"); NULL: of all */
    const char *places_clause;  /* "" none */
    bool places_verified;
} jx_service;

/* ---- the county -------------------------------------------------------------------------------------------------------- */

typedef struct jx_source {
    const char *name;     /* file name as given, without folder */
    const char *what;     /* msgid: "OpenStreetMap extract", "population raster", ... */
    const char *licence, *attribution; /* NULL unknown */
    const char *crs, *encoding;        /* NULL not applicable */
    int64_t date;         /* seconds since 1970; 0 unknown */
    char sha256[65];      /* "" not computed */
} jx_source;

/** Ground for the maps: simplified polygons and lines inside the area's box. */
typedef enum jx_ground { JX_GROUND_WATER, JX_GROUND_WOOD, JX_GROUND_BUILT, JX_N_GROUNDS } jx_ground;
typedef struct jx_backdrop {
    jx_mpoly *poly[JX_N_GROUNDS];
    uint32_t n[JX_N_GROUNDS];
    jx_pt *river_pts;        /* rivers as lines */
    uint32_t *river_off;     /* n_rivers + 1 */
    uint32_t n_rivers;
} jx_backdrop;

typedef struct jx_county {
    jx_arena *arena;         /* names and small arrays */
    jx_area *areas;
    uint32_t n_areas;
    uint32_t study;          /* index of the area of study */
    bool study_given;        /* by the user; else chosen as the best covered */
    uint32_t *township;      /* areas that divide the study area, in order of official code, then name; may be empty */
    uint32_t n_townships;
    jx_place *places;
    uint32_t n_places;
    jx_grid grid;
    jx_cells cells;
    jx_people_source people_source;
    jx_trust people_trust;
    double people_total;     /* NaN for JX_PEOPLE_NONE */
    jx_people_group *groups; /* in the order of the source's columns; may be none */
    uint32_t n_groups;
    double *township_people; /* per township: the figure that was spread; the sum of its cells to 1e-9 */
    jx_people_mix *township_mix;
    jx_people_mix mix;
    double persons_per_dwelling; /* used by DWELLINGS */
    double default_levels;
    jx_facility *facilities; /* sorted by kind, then position */
    uint32_t n_facilities, n_merged;
    jx_service *services;
    uint32_t n_services;
    const char *standard_id, *standard_en, *standard_zh; /* "cn", "GB 50180-2018 ...", ... */
    const char *urban_rule;  /* msgid: how urban and rural were told apart */
    jx_network *network;     /* owned */
    jx_profiles *profiles;   /* owned */
    jx_terrain *terrain;     /* owned; NULL: every street is level */
    jx_offroad *offroad;     /* owned; NULL: straight walks between doors and streets */
    jx_offroad_stats offroad_cells[JX_N_MODES], offroad_facilities[JX_N_MODES];
    jx_metric *metric[JX_N_MODES];
    jx_network *turned;      /* owned: streets with turns, for the car; NULL: nothing forbids a turn, or --turns off */
    jx_metric *turned_metric;
    const jx_network *road[JX_N_MODES];       /* what a mode travels on: one of the two networks, and the times on it */
    const jx_metric *road_metric[JX_N_MODES];
    jx_hierarchy *hierarchy; /* of all modes; NULL: travel times by plain Dijkstra */
    jx_hierarchy *turned_hierarchy;
    jx_times *times[JX_N_MODES];
    jx_tables *tables[JX_N_MODES]; /* from the cells to any facilities */
    jx_snap *cell_snap[JX_N_MODES];
    jx_snap *facility_snap[JX_N_MODES];
    jx_backdrop backdrop;
    jx_source *sources;
    uint32_t n_sources;
    int64_t data_time;       /* newest source date; what outputs are stamped with */
    uint32_t n_buildings;    /* residential, inside */
    uint32_t n_other_buildings;
    double street_km;        /* walkable, inside */
    double residential_street_km;
} jx_county;

/* What the user adds to the extract; all borrowed, all optional (zero). Filled by run/ from county.yaml and options. */
typedef struct jx_people_table {
    uint32_t n;
    const jx_pt *pt;
    const jx_mpoly *shape;    /* NULL: points */
    const double *people;
    const char *const *id;    /* NULL: row numbers */
    const char *file;
    uint32_t n_groups;        /* further columns of persons */
    const char *const *group_name;
    const double *const *group; /* n_groups x n; NaN: not known */
} jx_people_table;
typedef struct jx_people_raster { /* north-up in WGS 84; value = persons in the pixel */
    uint32_t width, height;
    double west, north, dx, dy;  /* degrees; dy > 0 downwards */
    const double *value;         /* NaN no data */
    const char *file;
} jx_people_raster;
typedef struct jx_census_row {
    const char *township;        /* name or code */
    double people;
    uint32_t row;                /* of the file, for messages */
} jx_census_row;
typedef struct jx_facility_row {
    const char *kind, *name, *level, *hours;
    double capacity;
    jx_pt pt;
    uint32_t row;
    const char *file;
    uint32_t source;             /* index into config.sources */
} jx_facility_row;

typedef struct jx_county_config {
    const char *area;            /* name or relation id; NULL: best covered */
    const jx_mpoly *boundary;    /* user's own boundary, WGS 84 */
    const char *boundary_name;
    double cell_m;               /* 0: 250 */
    jx_grid_kind grid;
    const jx_people_table *people_table;
    const jx_people_raster *people_raster;
    const jx_census_row *census;
    uint32_t n_census;
    const char *census_file;
    const jx_facility_row *facilities;
    uint32_t n_facilities;
    bool facilities_replace_kinds; /* kinds in the user's list replace the map's; else both, duplicates merged */
    const jx_field *dem;         /* heights in metres over degrees; NULL: every street is level */
    const jx_field *cover;       /* land-cover classes over degrees; NULL: straight walks to the street */
    const jx_doc *landcover;     /* with cover: standards/landcover.yaml */
    const char *landcover_scheme;
    const char *urban;           /* NULL: DEGURBA; "all-urban", "all-rural", or comma list of township names that are urban */
    double persons_per_dwelling; /* 0: from standard file, else 2.6 */
    const jx_doc *profiles, *facility_map, *people, *standard; /* required: standards/{profiles,osm-facilities,people,services-*}.yaml */
    const jx_source *sources;    /* first is the extract */
    uint32_t n_sources;
    bool plain;                  /* travel times by plain Dijkstra: the same, slower; to compare with */
    bool no_turns;               /* turn restrictions and turn costs do not count */
    /* A network built before from this extract and these profiles, with its hierarchy (a snapshot); borrowed, must outlive the county.
     * NULL: built. */
    const jx_network *network;
    const jx_hierarchy *hierarchy;
    jx_dissect_fn dissect;       /* nested dissection of another house (METIS); NULL: the network's own */
} jx_county_config;

jx_status jx_county_build(jx_ctx *ctx, const jx_extract *x, const jx_county_config *cfg, jx_county **out) JX_MUST_USE;
void jx_county_free(jx_ctx *ctx, jx_county *c);
/** Joints of places as the county's own have them: over land cover where one is given. `leaving`: the places are left (cells), else
 *  arrived at (facilities). `stats` may be NULL. */
jx_status jx_county_join(jx_ctx *ctx, const jx_county *c, jx_mode mode, bool leaving, const jx_pt *places, uint32_t n, jx_snap *out,
                         jx_offroad_stats *stats) JX_MUST_USE;

/**
 * Facilities that serve a service, as indices into c->facilities, ascending; one object of two kinds (a hospital that is a health centre
 * too) counts once. out has room for c->n_facilities. O(facilities x kinds).
 */
jx_status jx_service_facilities(jx_ctx *ctx, const jx_county *c, const jx_service *s, uint32_t *out, uint32_t *n) JX_MUST_USE;
/** So few inside (and in all) for the people of the county that some are probably missing from the map: JX_GAP_FEW_FACILITIES. O(1). */
bool jx_service_few(const jx_county *c, const jx_service *s, uint32_t n_inside, uint32_t n_all);

/** Names for a reader: Chinese where stated and asked for, else as on the map. Never NULL. */
const char *jx_service_name(const jx_service *s, bool zh);
const char *jx_area_name(const jx_area *a, bool zh);
const char *jx_place_name(const jx_place *p, bool zh);
/** Settlement of a shortfall, or the township (or area) where its cell has none. */
const char *jx_shortfall_place(const jx_county *c, const jx_shortfall *s, bool zh);
/** "on foot", "by bike", "by car": msgid. */
const char *jx_mode_phrase(jx_mode m);

/* ---- diagnosis -------------------------------------------------------------------------------------------------------------- */

/** Is the map complete enough to call something missing? Reasons are bits. */
enum jx_map_gap {
    JX_GAP_NONE = 0,
    JX_GAP_FEW_FACILITIES = 1,  /* far fewer per 10,000 people than the norm, or none at all */
    JX_GAP_FEW_BUILDINGS = 2,   /* buildings per person or per street km implausibly low */
    JX_GAP_FEW_STREETS = 4,     /* streets per built-up area or people implausibly low */
    JX_GAP_VILLAGE_NO_STREET = 8/* villages without a street */
};

#define JX_CURVE_MINUTES 121

typedef struct jx_service_result {   /* one service by one criterion */
    uint32_t service, criterion;
    uint32_t n_facilities;           /* that serve it: inside and around */
    uint32_t n_inside;
    uint32_t *facility;              /* n_facilities: index into county.facilities */
    jx_table *table;                 /* kept only for the headline criteria; NULL otherwise */
    uint32_t *threshold_ms;          /* per cell */
    uint32_t *nearest_ms;            /* per cell */
    uint32_t *nearest;               /* per cell: index into county.facilities */
    uint8_t *reach;                  /* per cell: jx_reach */
    jx_coverage total, urban, rural;
    jx_coverage *township;           /* n_townships */
    uint32_t worst_township;         /* lowest share among those with people; JX_NONE */
    double curve[JX_CURVE_MINUTES];  /* people within t minutes */
    jx_shortfall *shortfalls;
    uint32_t n_shortfalls;
    unsigned map_gap;                /* bits: shortfalls of this service may rest on a gap in the map */
    double per_10k;                  /* facilities inside per 10,000 people; NaN */
} jx_service_result;

/** What a text argument of a finding stands for (jx_arg.decimals); the index is in jx_arg.i. Names are looked up by language. */
enum jx_finding_ref {
    JX_REF_TEXT = 0,
    JX_REF_MSGID = 1,
    JX_REF_SERVICE,
    JX_REF_PLACE,
    JX_REF_AREA,
    JX_REF_FACILITY,
    JX_REF_PEOPLE, /* r persons, as sure as i says: a jx_trust, or JX__CELLS for cells ("about 2,140 people") */
    JX_REF_LIMIT   /* a criterion's threshold with its mode ("15 min on foot"): i = service * 256 + criterion */
};
enum { JX__CELLS = JX_GUESSED + 1 };

/** A sentence in waiting: rendered by the edge with jx_finding_render. */
typedef struct jx_finding {
    const char *id;       /* "SHORTFALL", "COVERAGE", "GUESS", "CHECK_FIRST", ... stable */
    const char *msgid;    /* English template with {0}.. */
    uint32_t n_args;
    jx_arg args[JX_MSG_MAX_ARGS]; /* strings owned by the diagnosis; of a text, `decimals` is a jx_finding_ref */
    jx_trust trust;
    double people;        /* concerned; NaN */
    uint32_t result;      /* index into results; JX_NONE */
    uint32_t place;       /* settlement; JX_NONE */
    uint32_t cell;        /* JX_NONE */
} jx_finding;

typedef struct jx_diagnosis {
    jx_arena *arena;
    jx_service_result *results; /* services in file order, criteria in order */
    uint32_t n_results;
    jx_finding *headline;   /* coverage and shortfall sentences, most people first */
    uint32_t n_headline;
    jx_finding *check_first; /* where the map may be incomplete: what to check first */
    uint32_t n_check_first;
    jx_finding *guesses;    /* numbers that rest on guesses, and defaults used */
    uint32_t n_guesses;
    unsigned map_gap;       /* over all services */
    double buildings_per_100_people, street_km_per_km2, street_km_per_1000_people;
    uint32_t villages_without_street;
} jx_diagnosis;

/** Cost: one table per service and mode. Same bits for any thread count. */
jx_status jx_diagnose(jx_ctx *ctx, const jx_county *c, jx_diagnosis **out) JX_MUST_USE;
void jx_diagnosis_free(jx_ctx *ctx, jx_diagnosis *d);
/** What the county's numbers rest on and nothing else: a diagnosis without results, for pages on a single question. O(streets). */
jx_status jx_county_guesses(jx_ctx *ctx, const jx_county *c, jx_diagnosis **out) JX_MUST_USE;
/** Append the finding as a sentence; `zh` chooses names, `cat` the words (NULL: English). */
void jx_finding_render(jx_buf *b, const jx_catalog *cat, bool zh, const jx_county *c, const jx_finding *f);

#endif
