/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * The shared opening of the service verbs (access, equity, site, district, consortium): arguments -> job -> county -> one service by
 * one mode with its facilities and the travel times to them. Everything later is arithmetic on the table; further places (candidate
 * sites) get further tables from the same network and hierarchy.
 *
 *     jx__study s = {0};
 *     jx_status st = jx__study_open(ctx, args, &s);      --service, --mode, --minutes and the sources
 *     ... s.county->cells.people[i], s.offer.table->entry ...
 *     jx__study_release(ctx, &s);                        whatever happened
 *
 * A cell is a row of s.county->cells: people, township (index into county->township, JX_NONE), settlement, urban (1 town, 0 country).
 * A facility of the table, f, is s.county->facilities[s.offer.facility[f]]: name, level, capacity (NaN: not stated), inside or around.
 */
#ifndef JX_RUN_STUDY_H
#define JX_RUN_STUDY_H

#include "run/run_internal.h"

/** One service by one mode: its facilities, how they stand on the network, and the travel times of all cells to them. */
typedef struct jx__offer {
    const jx_service *service;
    const jx_criterion *criterion; /* the standard's for this mode; NULL: it has none by this mode */
    jx_mode mode;
    uint32_t cutoff_ms;            /* of the table; nearest_ms is exact beyond it too */
    uint32_t n, n_inside;          /* facilities: all that serve (inside and around), and those inside the area */
    bool few;                      /* so few that the map or the list probably lacks some: what is missing is not yet known to be */
    uint32_t *facility;            /* n: index into county->facilities, ascending; one object of two kinds counts once */
    jx_snap *snap;                 /* n: as the mode joins them to the network; edge JX_NONE: off it */
    jx_table *table;               /* cells x n facilities, people to facility */
} jx__offer;

typedef struct jx__study {
    jx__job job;
    jx_county *county;
    jx__offer offer;
} jx__study;

/**
 * The county alone: settings, sources, extract, county (the extract is released again). Seconds for a county.
 * Errors: those of the job and of jx_county_build.
 */
jx_status jx__study_county(jx_ctx *ctx, const jx_args *args, jx__study *s) JX_MUST_USE;
/**
 * The county and the service named by --service, by --mode (default: the service's own), within --minutes (default: twice the standard's
 * longest threshold, at least 30). NET_SERVICE when --service is missing or unknown.
 */
jx_status jx__study_open(jx_ctx *ctx, const jx_args *args, jx__study *s) JX_MUST_USE;
void jx__study_release(jx_ctx *ctx, jx__study *s);

/**
 * Any further service of the same county: id of the standard; mode JX_N_MODES: the service's own; cutoff_ms 0: the default above. Without
 * `times` no table is made (NULL). Release with jx__offer_release, also after an error.
 */
jx_status jx__offer_open(jx_ctx *ctx, const jx__study *s, const char *service, jx_mode mode, uint32_t cutoff_ms, bool times, jx__offer *out) JX_MUST_USE;
void jx__offer_release(jx_ctx *ctx, jx__offer *o);

/** How any places (candidate sites) stand on the network of a mode: out[n]; edge JX_NONE: off it, no people can come. */
jx_status jx__study_snap(jx_ctx *ctx, const jx__study *s, jx_mode mode, const jx_pt *places, uint32_t n, jx_snap *out) JX_MUST_USE;
/**
 * Travel times of all cells to any joints (existing and candidate together, in the caller's order) within cutoff_ms; 0: only the nearest.
 * By the county's hierarchy, which stays: the cost is one sweep for sixteen places. Free with jx_table_free.
 */
jx_status jx__study_table(jx_ctx *ctx, const jx__study *s, jx_mode mode, const jx_snap *joints, uint32_t n, uint32_t cutoff_ms, jx_table **out) JX_MUST_USE;

#endif
