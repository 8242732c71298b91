/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** `junxian explain`: half a page about an error code or an indicator, in the reader's language. */
#include "run/run_internal.h"

typedef struct topic {
    const char *name, *title, *text;
} topic;

static const topic topics[] = {
    {"coverage", N_("Coverage (people within reach)"),
     N_("Share of people whose travel time to the nearest facility of the service is at most the standard's threshold.\n"
        "Formula: sum of people in cells with time <= threshold, divided by the sum of people in cells to which the standard applies.\n"
        "People off the network, without a route, or without any facility count as not covered; they are listed apart.\n"
        "Inputs: cells with people, facilities, street network, profile of the mode, standard (clause and year in the report).")},
    {"travel-time", N_("Travel time"),
     N_("Shortest time by one mode from the place where a cell's people live on average to a facility, in whole milliseconds.\n"
        "It has three parts: the way off the road to the nearest street (its metres and minutes are shown), the streets, and the way\n"
        "off the road to the facility. Speeds come from profiles.yaml, posted limits from the map. Exact shortest paths, no sampling.")},
    {"population", N_("People in cells"),
     N_("The best source given is used: a raster, a table of cells, census totals per township spread over residential floor area,\n"
        "population tags of the map spread the same way, or dwellings times persons. Township totals are reproduced to 1e-9.\n"
        "A village with a figure of its own inside a municipality shapes the spread and is not added on top.\n"
        "The report says which source was used and what carried the spread in each township.")},
    {"shortfall", N_("Shortfall"),
     N_("A settlement with people beyond the threshold, ranked by those people. Its cause is one of: no facility near (even a straight\n"
        "road at full speed would be too long), no road near, road slow or roundabout, no route. Where the map looks incomplete the\n"
        "report says 'not on the map', never 'missing'.")},
    {"median", N_("Median and 90th percentile of travel time"),
     N_("Half, or nine tenths, of the people reach the nearest facility within this time. All people of the group count; those who cannot\n"
        "reach any facility count as infinitely far, so a dash means that more than half (a tenth) of them cannot.")},
    {"urban", N_("Urban and rural cells"),
     N_("Degree of urbanisation (DEGURBA level 1): cells of 1 km2 with at least 300 people per km2 in groups of at least 5,000 people are\n"
        "urban clusters, 1,500 and 50,000 urban centres; both count as urban, all else as rural. `urban:` in county.yaml overrides it.")},
    {"off-network", N_("Off network"),
     N_("A cell whose people live farther from any street of the mode than profiles.yaml allows (offroad_max_m). It counts as not served,\n"
        "apart from cells that are on the network without a route.")},
    {"slope", N_("Times on slopes"),
     N_("With a DEM (--dem, or terrain: dem: in county.yaml) a street takes a time of its own uphill and downhill. Heights are means over\n"
        "about 150 m, read at equal steps along the way; walking follows Tobler's hiking function (1993) as a multiple of the speed on the\n"
        "flat, cycling holds the power that gives the speed on the flat. Bridges and tunnels run straight between their ends, stairs keep\n"
        "their own speed, cars keep theirs. Streets without a height count as level, and their share is shown. Law, window and step stand\n"
        "in profiles.yaml.")},
    {"open-ground", N_("The walk between doors and streets"),
     N_("Without land cover: the straight distance to the nearest street, times the detour factor, at the off-road speed of profiles.yaml.\n"
        "With --friction and --land-cover: the quickest way over open ground, each class at its speed (standards/landcover.yaml) relative to\n"
        "the speed on a path, uphill and downhill apart where a DEM is given (Tobler 1993). One sweep of a cost surface from all streets\n"
        "finds time and street of every place; the straight line to the nearest street competes. Where neither can be walked (water, no\n"
        "class) the straight walk stays, and the report says how often.")},
    {"exit-codes", N_("Exit codes"),
     N_("0 done; 1 done, and a check said no; 2 usage; 3 bad input; 4 file or permission; 5 no feasible solution; 6 memory or time limit;\n"
        "70 internal error; 130 stopped by the user.")},
};
enum { N_TOPICS = sizeof topics / sizeof *topics };

static void code_text(jx_buf *b, int number) {
    jx_buf_fmt(b, "JX%d", number);
}

static jx_status explain_code(const jx_msg_info *info, jx_result *res) {
    jx_buf *t = &res->text;
    code_text(t, (int)info->id);
    jx_buf_fmt(t, "  %s\n\n%s\n\n%s: %s\n", jx__tr(res, info->text), jx__tr(res, info->explanation), jx__tr(res, N_("What to do")),
               jx__tr(res, info->remedy));
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.explain/1");
    jx_json_key(&j, "code"), jx_json_int(&j, info->id);
    jx_json_key(&j, "name"), jx_json_str(&j, info->name);
    jx_json_key(&j, "text"), jx_json_str(&j, jx__tr(res, info->text));
    jx_json_key(&j, "explanation"), jx_json_str(&j, jx__tr(res, info->explanation));
    jx_json_key(&j, "remedy"), jx_json_str(&j, jx__tr(res, info->remedy));
    jx_json_key(&j, "exit_code"), jx_json_int(&j, jx_status_exit_code(info->status));
    jx_json_end_obj(&j);
    return JX_OK;
}

static jx_status explain_topic(const topic *tp, jx_result *res) {
    jx_buf_fmt(&res->text, "%s\n\n%s\n", jx__tr(res, tp->title), jx__tr(res, tp->text));
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.explain/1");
    jx_json_key(&j, "name"), jx_json_str(&j, tp->name);
    jx_json_key(&j, "title"), jx_json_str(&j, jx__tr(res, tp->title));
    jx_json_key(&j, "text"), jx_json_str(&j, jx__tr(res, tp->text));
    jx_json_end_obj(&j);
    return JX_OK;
}

static jx_status list_all(jx_result *res) {
    jx_buf_fmt(&res->text, "%s\n", jx__tr(res, N_("Names to explain:")));
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.explain/1");
    jx_json_key(&j, "names"), jx_json_arr(&j);
    for (uint32_t i = 0; i < N_TOPICS; i++) {
        jx_buf_fmt(&res->text, "  %s%s%s\n", topics[i].name, &"                "[strlen(topics[i].name) < 14 ? strlen(topics[i].name) : 14],
                   jx__tr(res, topics[i].title));
        jx_json_str(&j, topics[i].name);
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
    jx_buf_fmt(&res->text, "%s\n", jx__tr(res, N_("and every code that a message carries, such as JX2001.")));
    return JX_OK;
}

jx_status jx__verb_explain(jx_ctx *ctx, const jx_args *args, jx_result *res) {
    if (args->n_input == 0) {
        return list_all(res);
    }
    const char *name = args->input[0];
    const char *digits = (name[0] == 'J' || name[0] == 'j') && (name[1] == 'X' || name[1] == 'x') ? name + 2 : name;
    int64_t number = 0;
    if (jx_parse_int64(digits, strlen(digits), &number)) {
        const jx_msg_info *info = number > 0 && number < 10000 ? jx_msg_find((int)number) : NULL;
        return info ? explain_code(info, res) : JX_FAIL(ctx, EXPLAIN_UNKNOWN, JX_S(name));
    }
    for (uint32_t i = 0; i < N_TOPICS; i++) {
        if (strcmp(topics[i].name, name) == 0) {
            return explain_topic(&topics[i], res);
        }
    }
    return JX_FAIL(ctx, EXPLAIN_UNKNOWN, JX_S(name));
}
