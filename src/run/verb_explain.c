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
    {"siting", N_("Siting (where to build)"),
     N_("Which candidates to open so that people are served best, by one of four models: p-median (least mean travel), p-center (shortest\n"
        "longest travel), mclp (most people within reach), lscp (cheapest set that reaches all). Objective and bound are exact whole numbers;\n"
        "'proved' means no plan is better. A site's loss is what the objective loses without it; the runner-up does without a chosen site.\n"
        "Formulas and sources: docs/siting.md.")},
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
    {"district", N_("Districts: who goes to which site"),
     N_("Every cell to one site with room for its people: the least people x time that capacities allow. The split assignment (a cell may go to several sites) is exact,\n"
        "by min-cost flow; whole cells are searched, and the gap is against the split assignment, below which no plan can be. In this order: no people crossing\n"
        "large roads (--no-crossing), no people moved (--present), least people x time. See docs/district.md.")},
    {"consortium", N_("Medical consortia: who refers to which head hospital"),
     N_("Each health centre with the people nearest to it joins one head hospital, by the least people x referral time, no group above --max-ratio times its fair part.\n"
        "Exact by branch and bound. Beds per thousand are those of the head over the people of its group. The circles of 30 and 60 minutes are defaults, not of a standard we could read.")},
    {"nearest", N_("Time to the nearest, k-th nearest, and until enough is reached"),
     N_("nearest: shortest time to any facility, exact beyond the catchment too. kth: time to the k-th nearest (--k), for choice or for when the first is shut.\n"
        "dual: time until the supply reached adds up to --wanted (dual access; Cui and Levinson 2020). Both look within the table's cut-off; beyond it: not reachable.\n"
        "Inputs: cells, facilities, travel times. Summed up as a median over people, those who cannot counting as infinitely far.")},
    {"cumulative", N_("Cumulative opportunities"),
     N_("What can be reached within the catchment: A_i = sum of S_j over facilities j with t_ij <= T (Wachs and Kumagai 1973).\n"
        "Says nothing of how many others want the same. One facility more never lowers it.")},
    {"gravity", N_("Gravity access (Hansen)"),
     N_("Supply weighted by a decay of travel time: A_i = sum of S_j f(t_ij) (Hansen 1959). Default decay: exponential, one half at the catchment.\n"
        "Like cumulative opportunities, but without a sharp edge. One facility more never lowers it.")},
    {"2sfca", N_("Two-step floating catchment areas: 2SFCA, E2SFCA, KD2SFCA"),
     N_("Step 1: a facility's supply over the people who can come: R_j = S_j / sum of P_k f(t_kj). Step 2: what a place gets: A_i = sum of R_j f(t_ij).\n"
        "2sfca: f is 1 within the catchment (Luo and Wang 2003). e2sfca: three steps, 1, 0.68, 0.22, in thirds of it (Luo and Qi 2009). kd2sfca: a kernel that falls to 0 at its edge (Dai 2010; Dai and Wang 2011).\n"
        "Access times people, summed, is exactly the supply that anybody reaches. Shown per 1,000 people.")},
    {"3sfca", N_("Three-step floating catchment area"),
     N_("As 2SFCA with f replaced by g f, where g_ij = f_ij / sum over k of f_ik is the share in which people choose among what they reach (Wan, Zou and Sternberg 2012).\n"
        "Places with many facilities near do not ask all of them for everything. Supply is conserved as in 2SFCA.")},
    {"m2sfca", N_("Modified two-step floating catchment area"),
     N_("A_i = sum of R_j f_ij f_ij: the decay counts in the first step and again in full in the second (Delamater 2013).\n"
        "Supply that is far from everybody is partly lost, so access times people is at most the supply reached: a badly placed facility helps less.")},
    {"bfca", N_("Balanced floating catchment area"),
     N_("People are shared out over the facilities they reach, and each facility's level of service over the cells that reach it, both in proportion to f (Paez, Higgins and Vivona 2019).\n"
        "Nobody and nothing is counted twice: demand at the facilities adds up to the people, and access over the cells to the levels of service. A cell's value therefore falls as cells get smaller: compare within one run only.\n"
        "It is a part of levels of service (supply per 1,000 of those who come), not a supply per person: do not read it beside 2SFCA.")},
    {"availability", N_("Spatial availability"),
     N_("Supply shared out in proportion to people and decay: V_i = sum over j of S_j P_i f_ij / sum over k of P_k f_kj (Soukhov, Paez, Higgins and Mohamed 2023).\n"
        "The values of all cells add up to the supply reached. Divided by the cell's people it is 2SFCA with the same decay.")},
    {"decay", N_("Decay of travel time"),
     N_("How much a facility counts at t minutes, from 1 at the door downwards. step:30; step:10=1,20=0.68,30=0.22; linear:30 = 1 - t/30; exponential:0.1 = exp(-0.1 t);\n"
        "gaussian:15 = exp(-(t/15)^2 / 2); kernel:30, a Gaussian that is 0 at 30 (Dai 2010); epanechnikov:30 = 1 - (t/30)^2; logistic:20,5, about one half at 20 with spread 5; power:1.5 = t^-1.5, 1 below a minute.\n"
        "--decay sets it for all measures that have one.")},
    {"gini", N_("Gini coefficient and Lorenz curve"),
     N_("Half the mean difference between two people, over the mean: 0 when all have the same, towards 1 when few have all (Gini 1912). All indices are weighted by people.\n"
        "The Lorenz curve gives the share that the k % of people with least have together (Lorenz 1905).")},
    {"theil", N_("Theil's indices and their parts"),
     N_("T = mean of r ln r, L = mean of -ln r, r being a person's value over the mean (Theil 1967). Both come apart exactly into what lies within groups and between them (Bourguignon 1979; Shorrocks 1980).\n"
        "T weighs groups by what they have, L by their people. L is infinite as soon as somebody has nothing. People without a group are a group of their own.")},
    {"palma", N_("Palma ratio and Atkinson index"),
     N_("Palma: what the tenth of people with most have over what the four tenths with least have (Palma 2011); 0.25 when all have the same.\n"
        "Atkinson: the part of the mean that could be given up if all had the same without loss of welfare, for the aversion --epsilon (Atkinson 1970).")},
    {"concentration", N_("Concentration index"),
     N_("Twice the covariance of access with the rank of people in another order, over the mean (Kakwani, Wagstaff and van Doorslaer 1997). Order: travel time by car to the largest town, or a column by township (--rank), lowest first.\n"
        "Below 0: those of low rank have more. For bounded values: Wagstaff = C m (hi - lo) / ((hi - m)(m - lo)) (2005), Erreygers = 4 C m / (hi - lo) (2009); bounds are 0 and the largest value.")},
    {"access-poverty", N_("Access poverty (FGT)"),
     N_("Share of people below the line, their mean gap over the line, and the mean of its square (Foster, Greer and Thorbecke 1984). Default line: half the mean; for travel times those beyond the catchment are poor.\n"
        "For times the gap is (t - line) / line, at most 1; people who cannot reach any are poor with gap 1.")},
    {"places", N_("Places missing (seats, beds)"),
     N_("Places wanted (by the standard's norm per 1,000 people, or one for each of --demand) against capacities, shared out in the best way within the catchment: a maximum flow, so no other sharing leaves fewer people without.\n"
        "far: no facility near. full: those near have no place left. Capacities not stated are guessed as the median of those stated, and the answer says so; if none is stated nothing is computed. Norms not read in their source are flagged.")},
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
