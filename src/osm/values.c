/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Numbers in tag values: what mappers write, read leniently where it is unambiguous and refused where it is not. A
 * wrong number is worse than none: "1,234" may be a thousand people or one.
 */
#include "junxian/osm.h"

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *s) {
    while (*s == ' ') {
        s++;
    }
    return s;
}

/* The leading decimal number of s; *rest gets what follows it, blanks skipped. */
static bool leading(const char *s, double *out, const char **rest) {
    s = skip_blanks(s);
    const char *e = s + (*s == '-' || *s == '+');
    while (digit(*e) || *e == '.') {
        e++;
    }
    if (!jx_parse_double(s, (size_t)(e - s), out)) {
        return false;
    }
    *rest = skip_blanks(e);
    return true;
}

/* "1 234 567" or "1'234": groups of three after one to three digits, and nothing else. */
static bool grouped(const char *s, double *out) {
    size_t head = strspn(s, "0123456789");
    char sep = s[head];
    if (head < 1 || head > 3 || (sep != ' ' && sep != '\'')) {
        return false;
    }
    double v = 0;
    for (size_t i = 0; i < head; i++) {
        v = v * 10 + (s[i] - '0');
    }
    for (s += head; *s; s += 4) {
        if (*s != sep || !digit(s[1]) || !digit(s[2]) || !digit(s[3]) || v > 1e12) {
            return false;
        }
        v = v * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + (s[3] - '0');
    }
    *out = v;
    return true;
}

/* May this follow a number without making it another? A list, a unit, a remark; not a comma, a range, a second number.
 */
static bool harmless(const char *rest) {
    if (*rest == 'e' || *rest == 'E') {
        return !digit(rest[1]) && rest[1] != '-' && rest[1] != '+';
    }
    return !*rest || *rest == ';' || *rest == '(' || (*rest >= 'a' && *rest <= 'z') || (*rest >= 'A' && *rest <= 'Z') ||
           (unsigned char)*rest >= 0x80;
}

bool jx_tag_number(const char *s, double *out) {
    const char *rest;
    double v;
    if (!s) {
        return false;
    }
    if (grouped(skip_blanks(s), out)) {
        return true;
    }
    if (!leading(s, &v, &rest) || !harmless(rest)) {
        return false;
    }
    *out = v;
    return true;
}

/* ---- speeds ---------------------------------------------------------------------------------------------------------
 */

/* Limits by law where the tag names only the kind of road (OpenStreetMap wiki, Default speed limits; China: Road
 * Traffic Safety Law's Regulation, articles 45 and 78). */
static const struct {
    const char *text;
    double kmh;
} by_law[] = {{"none", 255},        {"walk", 7},       {"CN:urban", 50},     {"CN:rural", 70},  {"CN:motorway", 120},
              {"DE:urban", 50},     {"DE:rural", 100}, {"DE:motorway", 255}, {"AT:urban", 50},  {"AT:rural", 100},
              {"AT:motorway", 130}, {"CH:urban", 50},  {"CH:rural", 80},     {"CH:trunk", 100}, {"CH:motorway", 120},
              {"LI:urban", 50},     {"LI:rural", 80},  {"FR:urban", 50},     {"FR:rural", 80},  {"FR:motorway", 130},
              {"IT:urban", 50},     {"IT:rural", 90},  {"IT:motorway", 130}, {"RU:urban", 60},  {"RU:rural", 90},
              {"RU:motorway", 110}, {"DE:walk", 7},    {"AT:walk", 7},       {"CH:walk", 7}};

/* "DE:zone:30", "AT:zone30": a country, "zone", the limit. */
static bool zone(const char *s, double *out) {
    const char *z = strstr(s, ":zone"), *rest;
    if (!z) {
        return false;
    }
    z += 5;
    z += *z == ':';
    return leading(z, out, &rest) && !*rest;
}

double jx_tag_maxspeed(const char *s) {
    double v;
    const char *rest;
    if (!s) {
        return 0;
    }
    if (leading(s, &v, &rest)) {
        double unit = strncmp(rest, "mph", 3) == 0 ? 1.609344 : strncmp(rest, "knots", 5) == 0 ? 1.852 : 1;
        return v > 0 && v * unit < 500 ? v * unit : 0;
    }
    if (zone(s, &v)) {
        return v > 0 && v < 500 ? v : 0;
    }
    for (size_t i = 0; i < sizeof by_law / sizeof *by_law; i++) {
        if (strcmp(s, by_law[i].text) == 0) {
            return by_law[i].kmh;
        }
    }
    return 0;
}

/* ---- durations ------------------------------------------------------------------------------------------------------
 */

/* ISO 8601 PTnHnMnS, each at most once and in this order; 0 when malformed. */
static double iso_seconds(const char *s) {
    static const char units[] = "HMS";
    static const double seconds[] = {3600, 60, 1};
    double total = 0;
    int last = -1;
    for (s += 2; *s;) {
        double v;
        const char *rest, *u;
        if (!digit(*s) || !leading(s, &v, &rest) || !*rest || !(u = strchr(units, *rest)) || (int)(u - units) <= last) {
            return 0;
        }
        last = (int)(u - units);
        total += v * seconds[last];
        s = rest + 1;
    }
    return total;
}

/* "20" minutes, "1:20" hours and minutes, "1:20:30" with seconds; 0 when malformed. */
static double clock_seconds(const char *s) {
    double part[3] = {0};
    const char *rest = skip_blanks(s);
    for (int n = 0; n < 3; n++) {
        if (!digit(*rest) || !leading(rest, &part[n], &rest)) {
            return 0;
        }
        if (!*rest || strcmp(rest, "min") == 0 || strcmp(rest, "minutes") == 0) {
            return n == 0 ? part[0] * 60 : *rest ? 0 : part[0] * 3600 + part[1] * 60 + part[2];
        }
        if (*rest++ != ':') {
            return 0;
        }
    }
    return 0;
}

uint32_t jx_tag_duration_ms(const char *s) {
    if (!s) {
        return 0;
    }
    double seconds = strncmp(s, "PT", 2) == 0 ? iso_seconds(s) : clock_seconds(s);
    return seconds > 0 && seconds < 86400 * 3 ? (uint32_t)(seconds * 1000 + 0.5) : 0;
}
