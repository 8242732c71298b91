/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** The report as one page: a leader's summary, all services at a glance, a chapter per service, then methods, sources,
 * guesses, warnings. */
#include "report/report_internal.h"

/* The page may load nothing and send nothing; a browser that finds an address in it would not follow it. */
static const char *const policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

static void head(const jx__page *p) {
    bool zh = strcmp(p->o->first_lang, "zh_CN") == 0;
    jx_buf_fmt(
        p->b,
        "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
        "content=\"%s\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<meta name=\"generator\" content=\"junxian %s\"><link rel=\"icon\" href=\"data:,\"><title>",
        zh ? "zh-CN" : "en", policy, p->o->version);
    jx__esc(p, jx__study_name(p->c, zh ? p->o->zh : NULL, zh));
    jx_buf_fmt(p->b, " \u2013 junxian</title><style>%s</style></head><body>\n", jx__css);
    jx_buf_fmt(p->b,
               "<input class=\"lang\" type=\"radio\" name=\"lang\" id=\"en\"%s>"
               "<input class=\"lang\" type=\"radio\" name=\"lang\" id=\"zh\"%s>"
               "<header><b>junxian \u90e1\u53bf</b><label for=\"en\" lang=\"en\">English</label>"
               "<label for=\"zh\" lang=\"zh-CN\">\u4e2d\u6587</label></header><main>\n",
               zh ? "" : " checked", zh ? " checked" : "");
}

/* ---- chapters beyond the diagnosis: a row here for each kind -------------------------------------------------------- */

typedef struct further {
    void (*contents)(const jx__page *p); /* links in the table of contents, between <div> and </div> */
    jx_status (*chapters)(const jx__page *p);
} further;
static const further furthers[] = {
    {jx__plan_contents, jx__plan_chapters},
    {jx__block_contents, jx__block_chapters},
    {jx__access_contents, jx__access_chapter},
    {NULL, NULL},
};

static jx_status further_chapters(const jx__page *p) {
    for (size_t i = 0; furthers[i].chapters; i++) {
        JX_TRY(jx_poll(p->ctx));
        JX_TRY(furthers[i].chapters(p));
    }
    return JX_OK;
}

static void further_contents(const jx__page *p) {
    for (size_t i = 0; furthers[i].contents; i++) {
        furthers[i].contents(p);
    }
}

static void contents(const jx__page *p) {
    jx__str(p, "<nav>");
    for (int t = 0; t < JX_N_THEMES; t++) {
        bool any = false;
        for (uint32_t i = 0; i < p->d->n_results; i++) {
            const jx_service_result *r = &p->d->results[i];
            if (r->criterion != 0 || (int)p->c->services[r->service].theme != t) {
                continue;
            }
            if (!any) {
                jx__str(p, "<div><b>");
                jx__both(p, jx__theme_text((jx_theme)t));
                jx__str(p, "</b>");
                any = true;
            }
            jx_buf_fmt(p->b, "<a href=\"#s%u\">", r->service);
            jx__both_service(p, r->service);
            jx__str(p, "</a>");
        }
        jx__str(p, any ? "</div>" : "");
    }
    if (p->o->fairness && p->o->fairness->n) {
        jx__str(p, "<div><a href=\"#fair\">");
        jx__both(p, N_("Is there enough, and is it fair"));
        jx__str(p, "</a></div>");
    }
    further_contents(p);
    jx__str(p, "</nav>\n");
}

static jx_status chapters(const jx__page *p) {
    for (uint32_t i = 0; i < p->d->n_results; i++) {
        if (p->d->results[i].criterion == 0) {
            JX_TRY(jx_poll(p->ctx));
            JX_TRY(jx__chapter(p, i));
        }
    }
    return JX_OK;
}

static jx_status body(const jx__page *p) {
    JX_TRY(jx__map_defs(p));
    JX_TRY(jx__cover(p));
    contents(p);
    jx__overview(p);
    jx__matrix(p);
    JX_TRY(jx__fairness(p));
    JX_TRY(chapters(p));
    JX_TRY(further_chapters(p));
    jx__appendix(p);
    return JX_OK;
}

static jx_status study_body(const jx__page *p, const char *title) {
    JX_TRY(jx__map_defs(p));
    jx__str(p, "<h1>");
    jx__both_names(p, jx__study_name(p->c, NULL, false), jx__study_name(p->c, p->o->zh, true));
    jx__both_names(p, ": ", "\uff1a");
    jx__both(p, title);
    jx__str(p, "</h1>");
    jx__subtitle(p);
    JX_TRY(further_chapters(p));
    jx__appendix(p);
    return JX_OK;
}

static jx_status page(jx__page *p, const char *title) {
    JX_TRY(jx__label_places(p));
    head(p);
    jx_status st = title ? study_body(p, title) : body(p);
    jx_free(p->ctx, p->named);
    JX_TRY(st);
    jx_buf_fmt(p->b, "</main><script>%s</script></body></html>\n", jx__js);
    return jx_buf_ok(p->b);
}

jx_status jx_report_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *d, const jx_report_options *o,
                         jx_buf *out) {
    jx__page p = {.ctx = ctx, .c = c, .d = d, .o = o, .b = out};
    return page(&p, NULL);
}

jx_status jx_report_study_html(jx_ctx *ctx, const jx_county *c, const jx_diagnosis *guesses, const jx_report_options *o,
                               const char *title, jx_buf *out) {
    jx__page p = {.ctx = ctx, .c = c, .d = guesses, .o = o, .b = out, .study = true};
    return page(&p, title);
}
