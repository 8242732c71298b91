/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** Sentences in waiting -> sentences: names by language, people as sure as they are, thresholds with their mode. */
#include <math.h>

#include "county/diagnose_internal.h"

const char *jx_service_name(const jx_service *s, bool zh) {
    return zh ? s->name_zh : s->name_en;
}

const char *jx_area_name(const jx_area *a, bool zh) {
    return zh && a->name_zh ? a->name_zh : a->name;
}

const char *jx_place_name(const jx_place *p, bool zh) {
    return zh && p->name_zh ? p->name_zh : p->name;
}

const char *jx_mode_phrase(jx_mode m) {
    static const char *const phrases[JX_N_MODES] = {N_("on foot"), N_("by bike"), N_("by car")};
    return phrases[m];
}

/* Two significant digits, for what rests on a guess. */
static double two_digits(double v) {
    double unit = 1;
    while (v / unit >= 100) {
        unit *= 10;
    }
    return rint(v / unit) * unit;
}

static void add_people(jx_buf *b, const jx_catalog *cat, const jx_arg *a) {
    static const char *const phrases[] = {N_("{0,} people"), N_("about {0,} people"), N_("roughly {0,} people"),
                                          N_("{0,} cells")};
    double v = a->i == JX_GUESSED ? two_digits(a->r) : rint(a->r);
    const jx_arg n = JX_I(v);
    const char *one = a->i == JX__CELLS ? N_("1 cell") : N_("1 person");
    jx_render(b, jx_tr(cat, v == 1 ? one : phrases[a->i]), 1, &n);
}

static jx_arg minutes(uint32_t ms) {
    return JX_R(ms / 60000.0, ms % 60000 ? 1 : 0);
}

/* "15 min on foot", or both tiers where they differ. */
static void add_limit(jx_buf *b, const jx_catalog *cat, const jx_criterion *k) {
    const char *mode = jx_tr(cat, jx_mode_phrase(k->mode));
    if (!k->urban_ms || !k->rural_ms || k->urban_ms == k->rural_ms) {
        jx_render(b, jx_tr(cat, N_("{0} min {1}")), 2,
                  (jx_arg[]){minutes(k->urban_ms ? k->urban_ms : k->rural_ms), JX_S(mode)});
    } else {
        jx_render(b, jx_tr(cat, N_("{0} min {1} ({2} min in the country)")), 3,
                  (jx_arg[]){minutes(k->urban_ms), JX_S(mode), minutes(k->rural_ms)});
    }
}

static void add_text(jx_buf *b, const jx_catalog *cat, bool zh, const jx_county *c, const jx_arg *a) {
    switch (a->decimals) {
        case JX_REF_MSGID:
            jx_buf_str(b, jx_tr(cat, a->s));
            break;
        case JX_REF_SERVICE:
            jx_buf_str(b, jx_service_name(&c->services[a->i], zh));
            break;
        case JX_REF_PLACE:
            jx_buf_str(b, jx_place_name(&c->places[a->i], zh));
            break;
        case JX_REF_AREA:
            jx_buf_str(b, jx_area_name(&c->areas[a->i], zh));
            break;
        case JX_REF_FACILITY:
            jx_buf_str(b, c->facilities[a->i].name);
            break;
        case JX_REF_PEOPLE:
            add_people(b, cat, a);
            break;
        case JX_REF_LIMIT:
            add_limit(b, cat, &c->services[a->i >> 8].criteria[a->i & 255]);
            break;
        default:
            jx_buf_str(b, a->s ? a->s : "");
            break;
    }
}

void jx_finding_render(jx_buf *b, const jx_catalog *cat, bool zh, const jx_county *c, const jx_finding *f) {
    jx_arg a[JX_MSG_MAX_ARGS];
    size_t at[JX_MSG_MAX_ARGS];
    jx_buf texts; /* all texts, each with a NUL behind it; pointers are taken once it has stopped growing */
    jx_buf_init(&texts, b->ctx);
    for (uint32_t i = 0; i < f->n_args; i++) {
        a[i] = f->args[i];
        at[i] = texts.n;
        if (a[i].type == JX_ARG_STR) {
            add_text(&texts, cat, zh, c, &a[i]);
            jx_buf_char(&texts, '\0');
        }
    }
    if (jx_buf_ok(&texts) == JX_OK) {
        for (uint32_t i = 0; i < f->n_args; i++) {
            if (a[i].type == JX_ARG_STR) {
                a[i] = JX_S(texts.s + at[i]);
            }
        }
        jx_render(b, jx_tr(cat, f->msgid), f->n_args, a);
    } else {
        b->failed = true;
    }
    jx_buf_release(&texts);
}
