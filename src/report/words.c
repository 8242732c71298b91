/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Words and numbers that all writers share. */
#include <math.h>

#include "report/report_internal.h"

const char *jx__unit_word(const jx_county *c) { return c->people_source == JX_PEOPLE_NONE ? N_("cells") : N_("people"); }

const char *jx__cause_text(jx_cause k) {
    static const char *const words[] = {N_("no facility near"), N_("no road near"), N_("road slow or roundabout"), N_("no route")};
    return words[k];
}

const char *jx__theme_text(jx_theme t) {
    static const char *const words[JX_N_THEMES] = {N_("health"), N_("education"), N_("care"), N_("culture and sport"), N_("market"), N_("transport"), N_("government")};
    return words[t];
}

const char *jx__reach_text(jx_reach r) {
    static const char *const words[JX_N_REACH] = {N_("within reach"), N_("beyond the threshold"), N_("unreachable"), N_("off the network"), N_("no facility on the map"), N_("not applicable")};
    return words[r];
}

const char *jx__study_name(const jx_county *c, const jx_catalog *cat, bool zh) {
    const jx_area *a = &c->areas[c->study];
    const char *name = jx_area_name(a, zh);
    return *name ? name : jx_tr(cat, N_("the extract's box"));
}

void jx__date(jx_buf *b, int64_t t) {
    if (t <= 0) {
        jx_buf_char(b, '-');
        return;
    }
    int64_t z = t / 86400 + 719468, era = z / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
    jx_buf_fmt(b, "%lld-%s%lld-%s%lld", (long long)(yoe + era * 400 + (m <= 2)), m < 10 ? "0" : "", (long long)m, d < 10 ? "0" : "", (long long)d);
}

void jx__minutes(jx_buf *b, uint32_t ms) {
    if (ms == JX_UNREACHABLE) {
        jx_buf_str(b, "\u2013");
    } else {
        jx_buf_fixed(b, ms / 60000.0, ms % 60000 ? 1 : 0);
    }
}

void jx__people(jx_buf *b, double v, jx_trust trust) {
    if (isnan(v)) {
        jx_buf_str(b, "\u2013");
        return;
    }
    double step = 1;
    while (trust == JX_GUESSED && v / step >= 100) {
        step *= 10;
    }
    jx_buf_grouped(b, (int64_t)(floor(v / step + 0.5) * step), ",");
}

void jx__escape(jx_buf *b, const char *s) {
    for (; *s; s++) {
        switch (*s) {
        case '&':
            jx_buf_str(b, "&amp;");
            break;
        case '<':
            jx_buf_str(b, "&lt;");
            break;
        case '>':
            jx_buf_str(b, "&gt;");
            break;
        case '"':
            jx_buf_str(b, "&quot;");
            break;
        case '\'':
            jx_buf_str(b, "&#39;");
            break;
        default:
            if ((unsigned char)*s >= 32) { /* control characters have no place in a page */
                jx_buf_char(b, *s);
            }
        }
    }
}
