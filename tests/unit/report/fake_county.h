/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * A county made by hand, as no real one is: every class of reach, a lake, names in Chinese and German, and names that
 * try to break out of a page, a workbook or a sentence. Results come from the services room; the sentences from the
 * county room.
 */
#ifndef JX_TESTS_FAKE_COUNTY_H
#define JX_TESTS_FAKE_COUNTY_H

#include "junxian/county.h"
#include "junxian/fairness.h"
#include "junxian/io.h"
#include "support.h"

/** What is odd about it. */
typedef struct fake_options {
    int32_t side;   /* cells a side; 0: 30 */
    bool no_people; /* cells are counted */
    bool guessed;   /* people are a guess */
    bool no_townships;
    bool is_box; /* no boundary */
    bool hex;
    bool table; /* cells are points of a user's table */
    bool no_services;
} fake_options;

typedef struct fake_county fake_county;
fake_county *fake_new(jx_ctx *ctx, const fake_options *o);
void fake_free(jx_ctx *ctx, fake_county *f);
const jx_county *fake_c(const fake_county *f);
const jx_diagnosis *fake_d(const fake_county *f);
const jx_fairness *fake_fairness(const fake_county *f);

/** Names that must come out as text and as nothing else. */
extern const char *const fake_hostile[8];

#endif
