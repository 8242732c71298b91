/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Numbers in tag values: what mappers write, read leniently where it is unambiguous and refused where it is not. */
#include <math.h>

#include "junxian/osm.h"

/* The leading number of s; *rest gets what follows it, blanks skipped. */
static bool leading(const char *s, double *out, const char **rest) {
    while (*s == ' ') {
        s++;
    }
    const char *e = s + (*s == '-' || *s == '+');
    while ((*e >= '0' && *e <= '9') || *e == '.') {
        e++;
    }
    if (!jx_parse_double(s, (size_t)(e - s), out)) {
        return false;
    }
    while (*e == ' ') {
        e++;
    }
    *rest = e;
    return true;
}

bool jx_tag_number(const char *s, double *out) {
    const char *rest;
    return s && leading(s, out, &rest);
}

double jx_tag_maxspeed(const char *s) {
    static const struct {
        const char *text;
        double kmh;
    } words[] = {{"none", 255},    {"walk", 7},       {"CN:urban", 50}, {"CN:rural", 70},  {"CN:motorway", 120},
                 {"DE:urban", 50}, {"DE:rural", 100}, {"AT:urban", 50}, {"AT:rural", 100}, {"CH:urban", 50},
                 {"CH:rural", 80}, {"LI:urban", 50},  {"LI:rural", 80}};
    double v;
    const char *rest;
    if (!s) {
        return 0;
    }
    if (leading(s, &v, &rest)) {
        double unit = strncmp(rest, "mph", 3) == 0 ? 1.609344 : strncmp(rest, "knots", 5) == 0 ? 1.852 : 1;
        return v > 0 && v < 500 ? v * unit : 0;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(s, words[i].text) == 0) {
            return words[i].kmh;
        }
    }
    return 0;
}

/* ISO 8601 PTnHnMnS. */
static double iso_seconds(const char *s) {
    double total = 0;
    for (s += 2; *s;) {
        double v;
        const char *rest;
        if (!leading(s, &v, &rest) || (*rest != 'H' && *rest != 'M' && *rest != 'S')) {
            return 0;
        }
        total += v * (*rest == 'H' ? 3600 : *rest == 'M' ? 60 : 1);
        s = rest + 1;
    }
    return total;
}

uint32_t jx_tag_duration_ms(const char *s) {
    double part[3] = {0}, seconds = 0;
    int n = 0;
    const char *rest = s;
    if (!s) {
        return 0;
    }
    if (strncmp(s, "PT", 2) == 0) {
        seconds = iso_seconds(s);
    } else {
        while (n < 3 && leading(rest, &part[n], &rest)) {
            n++;
            if (*rest != ':') {
                break;
            }
            rest++;
        }
        /* "20" minutes, "1:20" hours and minutes, "1:20:30" with seconds */
        seconds = *rest || !n ? 0 : n == 1 ? part[0] * 60 : part[0] * 3600 + part[1] * 60 + part[2];
    }
    return seconds > 0 && seconds < 86400 * 3 ? (uint32_t)(seconds * 1000 + 0.5) : 0;
}
