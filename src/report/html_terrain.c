/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** What the heights did, where any were given: to the page, to the terminal. */
#include "report/report_internal.h"

const char *jx__slope_text(const jx_profile *p) {
    return !p->slopes ? N_("no law: level")
                      : p->slope_law == JX_SLOPE_BIKE_POWER ? N_("the power that gives the flat speed is held on every slope (Martin et al. 1998, as in AccessMod); who would climb slower than on foot pushes")
                                                            : N_("Tobler's hiking function (1993), as a multiple of the speed on the flat");
}

static double share(double part, double whole) { return whole > 0 ? part / whole * 100 : 0; }

static void heights_of_mode(const jx__page *p, jx_mode m) {
    const jx_slope_stats *s = &p->c->metric[m]->slope;
    const jx_arg a[] = {JX_R(s->time_factor, 3), JX_R(share(s->void_km, s->street_km), 1), JX_R(s->street_km, 0),
                        JX_R(share(s->level_km, s->street_km), 1), JX_R(share(s->own_km, s->street_km), 1)};
    jx__str(p, "<li>");
    jx__both(p, jx_mode_phrase(m));
    jx__str(p, ": ");
    jx__both(p, jx__slope_text(jx_profiles_get(p->c->profiles, m)));
    if (s->used) {
        jx__str(p, ". ");
        jx__both_args(p, N_("Over all streets, both ways, times are {0} times those on the flat. Of {2} km of streets {1} % have no height and count as level, {3} % are bridges and tunnels taken as level, {4} % stairs with a speed of their own."), 5, a);
    }
    jx__str(p, "</li>");
}

void jx__open_ground(const jx__page *p) {
    const jx_offroad *o = p->c->offroad;
    if (!o) {
        return;
    }
    const jx_offroad_stats *s = &p->c->offroad_cells[JX_WALK];
    const jx_arg a[] = {JX_S(o->scheme), JX_R(o->heights.dx, 0), JX_R(o->path_kmh, 1)};
    const jx_arg b[] = {JX_I(p->c->cells.n), JX_I(s->n_straight), JX_I(s->n_around), JX_I(s->n_unknown), JX_I(s->n_off)};
    jx__str(p, "<h3>");
    jx__both(p, N_("Open ground"));
    jx__str(p, "</h3><p>");
    jx__both_args(p, N_("The walk between doors and streets goes over the land cover among the sources (classes: {0}; squares of {1} m), at a speed for each class relative to {2} km/h on a path, without a detour factor. Which class is how fast is an assumption: the steps are the example of WHO's AccessMod."), 3, a);
    jx__str(p, " ");
    jx__both(p, o->on_heights ? N_("Slopes count by Tobler's function, up and down apart.") : N_("The ground counts as level."));
    jx__str(p, " ");
    jx__both_args(p, N_("Of {0} cells, {1} reach a street straight, {2} quicker around or at another street, {3} stand on ground without a known way and keep the straight walk of the table above, {4} are off the network."), 5, b);
    jx__str(p, "</p>");
}

void jx__heights(const jx__page *p) {
    const jx_terrain *t = p->c->terrain;
    if (!t) {
        return;
    }
    const jx_arg a[] = {JX_R(t->cell_m, 0), JX_R(t->smooth_m, 0), JX_R(t->step_m, 0)};
    jx__str(p, "<h3>");
    jx__both(p, N_("Heights"));
    jx__str(p, "</h3><p>");
    jx__both_args(p, N_("All times on foot and by bike, and the shares within reach that follow from them, rest on the DEM among the sources: cells of about {0} m, means over about {1} m, heights read every {2} m along each street, uphill and downhill apart. Times by car do not."), 3, a);
    jx__str(p, "</p><ul>");
    for (int m = 0; m < JX_N_MODES; m++) {
        heights_of_mode(p, (jx_mode)m);
    }
    jx__str(p, "</ul>");
}

void jx__heights_line(jx_buf *out, const jx_catalog *cat, const jx_county *c) {
    for (int m = 0; c->terrain && m < JX_N_MODES; m++) {
        const jx_slope_stats *s = &c->metric[m]->slope;
        const jx_arg a[] = {JX_S(jx_tr(cat, jx_mode_phrase((jx_mode)m))), JX_R(s->time_factor, 3), JX_R(share(s->void_km, s->street_km), 1)};
        if (s->used) {
            jx_render(out, jx_tr(cat, N_("slopes, {0}: times are {1} times those on the flat over all streets; {2} % of the streets have no height")), 3, a);
            jx_buf_char(out, '\n');
        }
    }
}
