/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Facilities of a made-up county (data/make.py says what lies where): what counts once, what twice, what the user's
 * list does. */
#include "fixture.h"

static uint32_t count(const jx_county *c, const char *kind, const jx_facility **first) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n_facilities; i++) {
        if (strcmp(c->facilities[i].kind, kind) == 0) {
            *first = n++ ? *first : &c->facilities[i];
        }
    }
    return n;
}

static void one_facility_counts_once(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    fixture f;
    fixture_open(t.ctx, &f, TINY, "services-intl");
    jx_county *c = fixture_county(t.ctx, &f);
    const jx_facility *k = NULL;
    assert_int_equal(count(c, "kindergarten", &k), 1); /* its building, and two nodes in it */
    assert_int_equal(k->merged, 2);
    assert_int_equal(k->osm_type, JX_OSM_WAY);
    assert_string_equal(k->name, "Kita Sun");
    assert_string_equal(k->hours, "Mo-Fr 07:00-18:00"); /* what the building does not say, its nodes do */
    assert_true(k->capacity == 40);
    assert_int_equal(count(c, "pharmacy", &k), 1);
    assert_int_equal(count(c, "health_station", &k), 2); /* two doctors in one house */
    assert_int_equal(count(c, "bus_stop", &k), 2);       /* two poles are one stop; the next stop of that name is not */
    assert_int_equal(count(c, "primary_school", &k), 1);
    assert_int_equal(count(c, "junior_school", &k), 1);
    assert_int_equal(count(c, "sports_ground", &k), 0);
    assert_int_equal(count(c, "supermarket", &k), 1);
    assert_false(k->inside);
    assert_int_equal(k->township, JX_NONE);
    assert_int_equal(c->n_merged, 4);
    for (uint32_t i = 0; i + 1 < c->n_facilities; i++) {
        assert_true(strcmp(c->facilities[i].kind, c->facilities[i + 1].kind) <= 0);
    }
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

/* Positions as in make.py: metres from 10 E on the equator. */
static jx_pt at(double x, double y) {
    jx_pt p;
    assert_true(jx_pt_from_deg(10 + x / 111320, y / 111320, &p));
    return p;
}

static void the_users_list(void **state) {
    (void)state;
    jx_test t;
    jx_test_init(&t, 0);
    fixture f;
    fixture_open(t.ctx, &f, TINY, "services-intl");
    const jx_facility_row rows[] = {
        {.kind = "health_centre",
         .name = "Clinic of Tiny",
         .capacity = 12,
         .pt = at(3030, 1010),
         .row = 2,
         .file = "list.csv",
         .source = 1},
        {.kind = "pharmacy",
         .name = "Green Pharmacy",
         .capacity = NAN,
         .pt = at(1250, 990),
         .row = 3,
         .file = "list.csv",
         .source = 1},
        {.kind = "pharmacy",
         .name = "Green Pharmacy",
         .capacity = NAN,
         .pt = at(4500, 990),
         .row = 4,
         .file = "list.csv",
         .source = 1},
        {.kind = "dragon_stable",
         .name = "",
         .capacity = NAN,
         .pt = at(10, 10),
         .row = 5,
         .file = "list.csv",
         .source = 1},
        {.kind = "dragon_stable",
         .name = "",
         .capacity = NAN,
         .pt = at(900, 10),
         .row = 6,
         .file = "list.csv",
         .source = 1},
    };
    f.cfg.facilities = rows;
    f.cfg.n_facilities = 5;
    jx_county *c = fixture_county(t.ctx, &f);
    const jx_facility *k = NULL;
    assert_int_equal(count(c, "health_centre", &k), 1); /* the map's nameless clinic 30 m off is this one */
    assert_int_equal(k->row, 2);
    assert_int_equal(k->pt.lon, rows[0].pt.lon);
    assert_int_equal(k->merged, 1);
    assert_int_equal(count(c, "pharmacy", &k), 2); /* one 150 m from the map's of that name, one 3 km off */
    assert_int_equal(jx_test_said(&t, JX_M_FACILITY_KIND_UNKNOWN), 1); /* once for both rows */
    assert_int_equal(count(c, "dragon_stable", &k), 2);
    jx_county_free(t.ctx, c);
    f.cfg.facilities_replace_kinds = true;
    f.cfg.facilities = rows + 2;
    f.cfg.n_facilities = 1;
    c = fixture_county(t.ctx, &f);
    assert_int_equal(count(c, "pharmacy", &k), 1); /* the map's is gone, other kinds stay */
    assert_int_equal(k->row, 4);
    assert_int_equal(count(c, "kindergarten", &k), 1);
    jx_county_free(t.ctx, c);
    fixture_close(t.ctx, &f);
    jx_test_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_facility_counts_once), cmocka_unit_test(the_users_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
