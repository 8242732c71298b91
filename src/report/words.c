/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Words and numbers that all writers share. */
#include <math.h>

#include "report/report_internal.h"

const char *jx__unit_word(const jx_county *c) {
    return c->people_source == JX_PEOPLE_NONE ? N_("cells") : N_("people");
}

const char *jx__cause_text(jx_cause k) {
    static const char *const words[] = {N_("no facility near"), N_("no road near"), N_("road slow or roundabout"),
                                        N_("no route")};
    return words[k];
}

const char *jx__theme_text(jx_theme t) {
    static const char *const words[JX_N_THEMES] = {
        N_("health"), N_("education"), N_("care"),      N_("culture and sport"),
        N_("market"), N_("transport"), N_("government")};
    return words[t];
}

const char *jx__reach_text(jx_reach r) {
    static const char *const words[JX_N_REACH] = {
        N_("within reach"),    N_("beyond the threshold"),   N_("unreachable"),
        N_("off the network"), N_("no facility on the map"), N_("not applicable")};
    return words[r];
}

const char *jx__study_name(const jx_county *c, const jx_catalog *cat, bool zh) {
    const jx_area *a = &c->areas[c->study];
    const char *name = jx__area_name(c, a, zh);
    return *name ? name : jx_tr(cat, N_("the extract's box"));
}

const char *jx__area_name(const jx_county *c, const jx_area *a, bool zh) {
    for (uint32_t i = 0; zh && !a->name_zh && i < c->n_places; i++) {
        const jx_place *pl = &c->places[i];
        if (pl->name_zh && strcmp(pl->name, a->name) == 0 && jx_box_has(a->shape.box, pl->pt)) {
            return pl->name_zh;
        }
    }
    return jx_area_name(a, zh);
}

double jx__without(const jx_coverage *v) {
    return v->people - v->by_reach[JX_REACH_WITHIN];
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

void jx__date(jx_buf *b, int64_t t) {
    if (t > 0) {
        jx_buf_date(b, t, false);
    } else {
        jx_buf_char(b, '-');
    }
}

void jx__minutes(jx_buf *b, uint32_t ms) {
    if (ms == JX_UNREACHABLE) {
        jx_buf_str(b, "\u2013");
    } else {
        jx_buf_fixed(b, ms / 60000.0, ms % 60000 ? 1 : 0);
    }
}

void jx__count(jx_buf *b, const jx_county *c, double v) {
    if (!isfinite(v)) {
        jx_buf_str(b, "\u2013");
        return;
    }
    double step = 1;
    while (c->people_source != JX_PEOPLE_NONE && c->people_trust == JX_GUESSED && v / step >= 100) {
        step *= 10;
    }
    jx_buf_grouped(b, (int64_t)(floor(v / step + 0.5) * step), ",");
}

/* ---- text ---------------------------------------------------------------------------------------------------- */

/* Characters that turn the direction of what follows: a name must not rearrange the page. */
static bool turns_text(uint32_t cp) {
    return (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200e || cp == 0x200f;
}

/* What XML forbids, and the controls that no text needs. */
static bool no_text(uint32_t cp) {
    return cp < 32 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfffe || cp == 0xffff;
}

void jx__escape(jx_buf *b, const char *s) {
    for (size_t n = strlen(s); n > 0;) {
        uint32_t cp = 0;
        unsigned len = jx_utf8_decode(s, n, &cp);
        if (len == 0) {
            jx_buf_str(b, "\ufffd");
            len = 1;
        } else if (cp == '\n' || cp == '\t') {
            jx_buf_char(b, ' ');
        } else if (cp == '&') {
            jx_buf_str(b, "&amp;");
        } else if (cp == '<') {
            jx_buf_str(b, "&lt;");
        } else if (cp == '>') {
            jx_buf_str(b, "&gt;");
        } else if (cp == '"') {
            jx_buf_str(b, "&quot;");
        } else if (cp == '\'') {
            jx_buf_str(b, "&#39;");
        } else if (!no_text(cp) && !turns_text(cp)) {
            jx_buf_add(b, s, len);
        }
        s += len;
        n -= len;
    }
}

/* ---- findings ------------------------------------------------------------------------------------------------ */

bool jx__sayable(const jx_finding *f) {
    for (uint32_t i = 0; i < f->n_args; i++) {
        const jx_arg *a = &f->args[i];
        bool number = a->type == JX_ARG_REAL || (a->type == JX_ARG_STR && a->decimals == JX_REF_PEOPLE);
        if (number && !isfinite(a->r)) {
            return false;
        }
    }
    return true;
}

static void coordinates(jx_buf *b, jx_pt p) {
    jx_buf_fixed(b, jx_deg(p.lat), 4);
    jx_buf_str(b, ", ");
    jx_buf_fixed(b, jx_deg(p.lon), 4);
}

void jx__say(jx_buf *b, const jx_catalog *cat, bool zh, const jx_county *c, const jx_finding *f) {
    size_t start = b->n;
    jx_finding_render(b, cat, zh, c, f);
    if (b->failed || f->cell == JX_NONE || b->n <= start) {
        return;
    }
    /* "{place}: ...": a place without a name leaves a sentence that begins with its colon */
    bool bare = b->s[start] == ':' || (b->n - start >= 3 && memcmp(b->s + start, "\uff1a", 3) == 0);
    if (!bare) {
        return;
    }
    jx_buf rest;
    jx_buf_init(&rest, b->ctx);
    jx_buf_add(&rest, b->s + start, b->n - start);
    b->n = start;
    coordinates(b, c->cells.pt[f->cell]);
    if (jx_buf_ok(&rest) == JX_OK) {
        jx_buf_add(b, rest.s, rest.n);
    } else {
        b->failed = true;
    }
    jx_buf_release(&rest);
}

void jx__place(jx_buf *b, const jx_county *c, const jx_shortfall *s, bool zh) {
    const char *name = jx_shortfall_place(c, s, zh);
    if (*name) {
        jx_buf_str(b, name);
    } else {
        coordinates(b, c->cells.pt[s->cell]);
    }
}

/* How far the map vouches for a sentence: 0 in full, 1 in doubt, 2 the map has none of the kind at all. 3: no
 * shortfall. */
static int doubt(const jx_diagnosis *d, const jx_finding *f) {
    if (!jx__sayable(f)) {
        return 3;
    }
    if (strcmp(f->id, "SHORTFALL") == 0) {
        return 0;
    }
    return strcmp(f->id, "NOT_ON_MAP") != 0 ? 3 : f->result != JX_NONE && d->results[f->result].n_facilities ? 1 : 2;
}

uint32_t jx__top(const jx_diagnosis *d, const jx_finding **out, uint32_t n) {
    uint32_t k = 0;
    for (int level = 0; level < 3; level++) {
        for (uint32_t i = 0; i < d->n_headline && k < n; i++) {
            if (doubt(d, &d->headline[i]) == level) {
                out[k++] = &d->headline[i];
            }
        }
    }
    return k;
}
