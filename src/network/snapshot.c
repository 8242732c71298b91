/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/**
 * Snapshots: arrays one after another on lines of 64 bytes, behind a header and a table that name them. One row of `rows` is all
 * that a further array needs (and its check in snapshot_check.c, a line in docs/formats/network.md, and the next format number).
 */
#include "network/hierarchy_internal.h"
#include "network/snapshot_internal.h"

static const uint8_t magic[8] = {0x89, 'J', 'X', 'N', '\r', '\n', 0x1a, '\n'};
static const uint32_t endian_mark = 0x01020304;

#define NET(field, unit, mul, add) \
    {#field, JX__IN_NETWORK, sizeof *((jx_network *)0)->field, (unit), (mul), (add), offsetof(jx_network, field)}
#define COMPONENT(name, mode) \
    {(name), JX__IN_NETWORK, sizeof(uint32_t), JX__EDGES, 1, 0, offsetof(jx_network, component) + (mode) * sizeof(uint32_t *)}
#define TURN(field, unit, mul, add) \
    {"turn_" #field, JX__IN_NETWORK, sizeof *((jx_network *)0)->turns.field, (unit), (mul), (add), offsetof(jx_network, turns.field)}
#define HIER(field, unit, mul, add) \
    {#field, JX__IN_HIERARCHY, sizeof *((jx_hierarchy *)0)->field, (unit), (mul), (add), offsetof(jx_hierarchy, field)}

enum { FACTS, PROFILES }; /* the first two rows */
/* clang-format off */
static const jx__snapshot_row rows[] = {
    {"facts", JX__APART, 0, JX__ONE, 1, 0, 0}, /* elem: the size of a struct, more than fits here */
    {"profiles", JX__APART, 1, JX__PROFILE_BYTES, 1, 0, 0},
    NET(node, JX__NODES, 1, 0), NET(from, JX__EDGES, 1, 0), NET(to, JX__EDGES, 1, 0), NET(length_mm, JX__EDGES, 1, 0),
    NET(offset_mm, JX__EDGES, 1, 0), NET(cls, JX__EDGES, 1, 0), NET(access, JX__EDGES, 1, 0), NET(surface, JX__EDGES, 1, 0),
    NET(maxspeed_fwd, JX__EDGES, 1, 0), NET(maxspeed_bwd, JX__EDGES, 1, 0), NET(flags, JX__EDGES, 1, 0),
    NET(duration_ms, JX__EDGES, 1, 0), NET(way_id, JX__EDGES, 1, 0), NET(name, JX__EDGES, 1, 0), NET(names, JX__NAME_BYTES, 1, 0),
    NET(geom_off, JX__EDGES, 1, 1), NET(geom, JX__POINTS, 1, 0), NET(first_arc, JX__NODES, 1, 1), NET(arc, JX__EDGES, 2, 0),
    COMPONENT("component_walk", JX_WALK), COMPONENT("component_bike", JX_BIKE), COMPONENT("component_car", JX_CAR),
    NET(island, JX__EDGES, 1, 0),
    TURN(off, JX__TURNS, 1, 1), TURN(arc, JX__TURN_ARCS, 1, 0), TURN(kind, JX__TURNS, 1, 0), TURN(modes, JX__TURNS, 1, 0),
    TURN(relation, JX__TURNS, 1, 0),
    HIER(rank, JX__NODES, 1, 0), HIER(node, JX__NODES, 1, 0), HIER(parent, JX__NODES, 1, 0), HIER(size, JX__NODES, 1, 0),
    HIER(slot, JX__NODES, 1, 0), HIER(up, JX__NODES, 1, 1), HIER(head, JX__ARCS, 1, 0), HIER(head_slot, JX__ARCS, 1, 0),
    HIER(down, JX__NODES, 1, 1), HIER(down_arc, JX__ARCS, 1, 0), HIER(down_tail, JX__ARCS, 1, 0), HIER(edge_arc, JX__EDGES, 1, 0),
    HIER(input_arc, JX__INPUTS, 1, 0), HIER(input, JX__INPUTS, 1, 0),
};
/* clang-format on */
enum { N_ROWS = sizeof rows / sizeof *rows };

/* Hierarchy arrays carry a prefix in the file: both structs have a `node`. */
static void full_name(const jx__snapshot_row *r, char out[24]) {
    static const char prefix[] = "hierarchy_";
    size_t k = r->home == JX__IN_HIERARCHY ? sizeof prefix - 1 : 0, n = strlen(r->name);
    memset(out, 0, 24);
    memcpy(out, prefix, k);
    memcpy(out + k, r->name, n < 23 - k ? n : 23 - k);
}

static uint32_t elem_of(int row) { return row == FACTS ? (uint32_t)sizeof(jx__snapshot_facts) : rows[row].elem; }
static uint64_t count_of(int row, const uint64_t *count) { return count[rows[row].unit] * rows[row].mul + rows[row].add; }
static uint64_t up_to_line(uint64_t n) { return (n + JX__LINE - 1) / JX__LINE * JX__LINE; }

/* ---- checksums ------------------------------------------------------------------------------------------------------------- */

/*
 * Eight lanes side by side, one word of each line to a lane: (lane ^ word) * odd, folded onto itself. Each step is a bijection of the
 * word, so a single changed word always shows; lanes are independent, so the loop runs as fast as memory. Not cryptographic.
 */
static uint64_t sum_of(const uint8_t *p, size_t n) {
    uint64_t lane[8] = {0, 1, 2, 3, 4, 5, 6, 7}, w[8];
    for (size_t at = 0; at < n; at += JX__LINE) {
        if (n - at >= JX__LINE) {
            memcpy(w, p + at, sizeof w);
        } else {
            memset(w, 0, sizeof w);
            memcpy(w, p + at, n - at);
        }
        for (int k = 0; k < 8; k++) {
            uint64_t x = (lane[k] ^ w[k]) * UINT64_C(0x9e3779b97f4a7c15);
            lane[k] = x ^ x >> 32;
        }
    }
    uint64_t h = n;
    for (int k = 0; k < 8; k++) {
        h = (h ^ lane[k]) * UINT64_C(0xd1342543de82ef95);
        h ^= h >> 29;
    }
    return h;
}

/* Sections in blocks of a MiB, all blocks of all sections alike to the threads. */
typedef struct summing {
    const uint8_t *at[N_ROWS];
    size_t bytes[N_ROWS], first[N_ROWS + 1]; /* first block */
    uint64_t *block;
} summing;

static jx_status sum_blocks(jx_ctx *wctx, void *arg, size_t begin, size_t end, unsigned worker) {
    (void)wctx;
    (void)worker;
    summing *s = arg;
    int r = 0;
    for (size_t i = begin; i < end; i++) {
        while (s->first[r + 1] <= i) {
            r++;
        }
        size_t off = (i - s->first[r]) * JX__SNAPSHOT_SUM_BLOCK, left = s->bytes[r] - off;
        s->block[i] = sum_of(s->at[r] + off, left < JX__SNAPSHOT_SUM_BLOCK ? left : JX__SNAPSHOT_SUM_BLOCK);
    }
    return JX_OK;
}

static jx_status sum_all(jx_ctx *ctx, summing *s, uint64_t out[N_ROWS]) {
    for (int r = 0; r < N_ROWS; r++) {
        s->first[r + 1] = s->first[r] + (s->bytes[r] + JX__SNAPSHOT_SUM_BLOCK - 1) / JX__SNAPSHOT_SUM_BLOCK;
    }
    s->block = jx_malloc(ctx, s->first[N_ROWS], sizeof *s->block);
    jx_status st = s->block ? jx_parallel_for(ctx, s->first[N_ROWS], 1, sum_blocks, s) : JX_E_NOMEM;
    for (int r = 0; st == JX_OK && r < N_ROWS; r++) {
        out[r] = sum_of((const uint8_t *)(s->block + s->first[r]), (s->first[r + 1] - s->first[r]) * sizeof *s->block);
    }
    jx_free(ctx, s->block);
    return st;
}

/* Of header and table together; the header's own field counts as 0. */
static uint64_t sum_of_head(const jx__snapshot_header *h, const jx__snapshot_section *table) {
    jx__snapshot_header copy = *h;
    copy.checksum = 0;
    const uint64_t both[2] = {sum_of((const uint8_t *)&copy, sizeof copy), sum_of((const uint8_t *)table, N_ROWS * sizeof *table)};
    return sum_of((const uint8_t *)both, sizeof both);
}

/* ---- the key --------------------------------------------------------------------------------------------------------------- */

jx_status jx_snapshot_key(jx_ctx *ctx, const char *extract_sha256, const jx_doc *profiles, char out[JX_SNAPSHOT_KEY + 1]) {
    jx_buf b;
    jx_buf_init(&b, ctx);
    jx_buf_fmt(&b, "junxian network\nformat %d\nrules %d\nextract %s\nprofiles\n", (int)JX_SNAPSHOT_FORMAT, (int)JX_NETWORK_RULES, extract_sha256);
    jx_status st = jx_val_pack(&b, profiles->root);
    if (st == JX_OK) {
        st = jx_buf_ok(&b);
    }
    if (st == JX_OK) {
        jx_sha256 h;
        jx_sha256_init(&h);
        jx_sha256_add(&h, b.s, b.n);
        jx_sha256_hex(&h, out);
    }
    jx_buf_release(&b);
    return st;
}

jx_status jx_snapshot_match(jx_ctx *ctx, const char *name, const jx_snapshot *s, const char *key) {
    return strcmp(s->key, key) == 0 ? JX_OK : JX_FAIL(ctx, SNAPSHOT_OTHER, JX_S(name), JX_S(s->source));
}

/* ---- writing ----------------------------------------------------------------------------------------------------------------- */

/* Bytes of `names`: up to the end of the text that begins last. */
static uint64_t name_bytes(const jx_network *net) {
    uint32_t last = JX_NONE;
    for (uint32_t e = 0; e < net->n_edges; e++) {
        uint32_t at = net->name[e];
        last = at != JX_NONE && (last == JX_NONE || at > last) ? at : last;
    }
    return last == JX_NONE ? 0 : last + strlen(net->names + last) + 1;
}

/* What became of the restrictions, in one order for both directions. */
static void turn_counts(jx_turn_rules *t, uint32_t *at[JX__N_TURN_COUNTS]) {
    uint32_t *const all[] = {&t->n_relations, &t->n_kept, &t->n_conditional, &t->n_other, &t->n_unknown, &t->n_incomplete, &t->n_apart};
    _Static_assert(sizeof all / sizeof *all == JX__N_TURN_COUNTS, "all of them");
    memcpy(at, all, sizeof all);
}

static void facts_of(const jx_snapshot_content *c, jx__snapshot_facts *f) {
    const jx_network *net = c->net;
    size_t n = strlen(c->source);
    memset(f, 0, sizeof *f);
    f->height = c->h->height;
    f->n_barriers = net->n_barriers;
    f->n_missing_refs = net->n_missing_refs;
    jx_turn_rules turns = net->turns;
    uint32_t *count[JX__N_TURN_COUNTS];
    turn_counts(&turns, count);
    for (int k = 0; k < JX__N_TURN_COUNTS; k++) {
        f->turns[k] = *count[k];
    }
    f->data_box = c->data_box;
    memcpy(f->n_islands, net->n_islands, sizeof f->n_islands);
    memcpy(f->island_km, net->island_km, sizeof f->island_km);
    memcpy(f->class_km, net->class_km, sizeof f->class_km);
    f->date = c->date;
    memcpy(f->extract_sha256, c->extract_sha256, sizeof f->extract_sha256);
    while (n >= sizeof f->source || (n < strlen(c->source) && ((uint8_t)c->source[n] & 0xc0) == 0x80)) {
        n--; /* never within a character */
    }
    memcpy(f->source, c->source, n);
}

static const void *array_of(int row, const jx_network *net, const jx_hierarchy *h) {
    const void *home = rows[row].home == JX__IN_NETWORK ? (const void *)net : (const void *)h, *p;
    memcpy(&p, (const char *)home + rows[row].at, sizeof p);
    return p;
}

static jx_status put_all(jx_ctx *ctx, const jx__snapshot_header *head, const jx__snapshot_section *table, const summing *s, jx_bytes_fn put, void *user) {
    static const uint8_t zeros[JX__LINE];
    JX_TRY(put(ctx, user, head, sizeof *head));
    JX_TRY(put(ctx, user, table, N_ROWS * sizeof *table));
    for (int r = 0; r < N_ROWS; r++) {
        size_t rest = (size_t)(up_to_line(s->bytes[r]) - s->bytes[r]);
        JX_TRY(s->bytes[r] ? put(ctx, user, s->at[r], s->bytes[r]) : JX_OK);
        JX_TRY(rest ? put(ctx, user, zeros, rest) : JX_OK);
        JX_TRY(jx_poll(ctx));
    }
    return JX_OK;
}

static jx_status write_with(jx_ctx *ctx, const jx_snapshot_content *c, const jx_buf *profiles, jx_bytes_fn put, void *user) {
    jx__snapshot_header head = {.endian = endian_mark, .format = JX_SNAPSHOT_FORMAT, .rules = JX_NETWORK_RULES, .n_sections = N_ROWS};
    jx__snapshot_section table[N_ROWS] = {0};
    jx__snapshot_facts facts;
    summing s = {.first = {0}};
    const jx_network *net = c->net;
    const uint64_t count[JX__N_UNITS] = {
        [JX__NODES] = net->n_nodes, [JX__EDGES] = net->n_edges, [JX__POINTS] = net->geom_off[net->n_edges], [JX__NAME_BYTES] = name_bytes(net),
        [JX__TURNS] = net->turns.n, [JX__TURN_ARCS] = net->turns.off[net->turns.n], [JX__ARCS] = c->h->n_arcs, [JX__INPUTS] = c->h->n_inputs,
        [JX__PROFILE_BYTES] = profiles->n, [JX__ONE] = 1};
    char key[JX_SNAPSHOT_KEY + 1];
    uint64_t sums[N_ROWS], at = sizeof head + sizeof table;
    JX_TRY(jx_snapshot_key(ctx, c->extract_sha256, c->profiles, key));
    facts_of(c, &facts);
    memcpy(head.magic, magic, sizeof magic);
    memcpy(head.key, key, sizeof head.key);
    memcpy(head.count, count, sizeof count);
    for (int r = 0; r < N_ROWS; r++) {
        full_name(&rows[r], table[r].name);
        table[r].elem = elem_of(r);
        table[r].count = count_of(r, count);
        table[r].offset = at;
        s.at[r] = r == FACTS ? (const uint8_t *)&facts : r == PROFILES ? (const uint8_t *)profiles->s : array_of(r, c->net, c->h);
        s.bytes[r] = (size_t)(table[r].count * table[r].elem);
        at += up_to_line(s.bytes[r]);
    }
    head.bytes = at;
    JX_TRY(sum_all(ctx, &s, sums));
    for (int r = 0; r < N_ROWS; r++) {
        table[r].checksum = sums[r];
    }
    head.checksum = sum_of_head(&head, table);
    return put_all(ctx, &head, table, &s, put, user);
}

jx_status jx_snapshot_write(jx_ctx *ctx, const jx_snapshot_content *c, jx_bytes_fn put, void *user) {
    jx_buf profiles;
    jx_buf_init(&profiles, ctx);
    jx_status st = jx_val_pack(&profiles, c->profiles->root);
    if (st == JX_OK) {
        st = jx_buf_ok(&profiles);
    }
    if (st == JX_OK) {
        st = write_with(ctx, c, &profiles, put, user);
    }
    jx_buf_release(&profiles);
    return st;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------------ */

bool jx_snapshot_is(const void *p, size_t n) { return n >= sizeof magic && memcmp(p, magic, sizeof magic) == 0; }

bool jx_snapshot_key_of(const void *p, size_t n, char out[JX_SNAPSHOT_KEY + 1]) {
    jx__snapshot_header head;
    if (!jx_snapshot_is(p, n) || n < sizeof head) {
        return false;
    }
    memcpy(&head, p, sizeof head);
    memcpy(out, head.key, sizeof head.key);
    out[JX_SNAPSHOT_KEY] = '\0';
    return head.endian == endian_mark && head.format == JX_SNAPSHOT_FORMAT && head.rules == JX_NETWORK_RULES;
}

/* Who wrote it, for whom, and is it whole? The order matters: nothing behind a field that fails can be believed. */
static jx_status check_head(jx_ctx *ctx, const char *name, const uint8_t *p, size_t n, jx__snapshot_header *head) {
    static const uint8_t turned[4] = {1, 2, 3, 4};
    if (!jx_snapshot_is(p, n)) {
        return JX_FAIL(ctx, SNAPSHOT_NOT, JX_S(name));
    }
    if (n < sizeof *head) {
        return JX_FAIL(ctx, SNAPSHOT_SHORT, JX_S(name), JX_I((int64_t)n), JX_I(sizeof *head));
    }
    memcpy(head, p, sizeof *head);
    uint32_t other = (uint32_t)turned[0] | (uint32_t)turned[1] << 8 | (uint32_t)turned[2] << 16 | (uint32_t)turned[3] << 24;
    if (head->endian != endian_mark) {
        return head->endian == other ? JX_FAIL(ctx, SNAPSHOT_ENDIAN, JX_S(name)) : JX_FAIL(ctx, SNAPSHOT_DAMAGED, JX_S(name), JX_S("header"));
    }
    if (head->format != JX_SNAPSHOT_FORMAT || head->rules != JX_NETWORK_RULES) {
        return JX_FAIL(ctx, SNAPSHOT_VERSION, JX_S(name), JX_I(head->format), JX_I(head->rules), JX_I(JX_SNAPSHOT_FORMAT), JX_I(JX_NETWORK_RULES));
    }
    if (n < head->bytes) {
        return JX_FAIL(ctx, SNAPSHOT_SHORT, JX_S(name), JX_I((int64_t)n), JX_I((int64_t)head->bytes));
    }
    size_t table = N_ROWS * sizeof(jx__snapshot_section);
    bool fits = head->n_sections == N_ROWS && n == head->bytes && n >= sizeof *head + table;
    if (!fits || sum_of_head(head, (const jx__snapshot_section *)(const void *)(p + sizeof *head)) != head->checksum) {
        return JX_FAIL(ctx, SNAPSHOT_DAMAGED, JX_S(name), JX_S("header"));
    }
    return JX_OK;
}

static jx_status wrong(jx_ctx *ctx, const char *name, const char *section) {
    return JX_FAIL(ctx, SNAPSHOT_WRONG, JX_S(name), JX_S(section), JX_I(0));
}

/* Counts within what 32-bit numbers can name; edges and arcs below 2^31, as each has two directions. */
static bool counts_fit(const uint64_t *c) {
    return c[JX__NODES] >= 1 && c[JX__NODES] <= INT32_MAX && c[JX__EDGES] >= 1 && c[JX__EDGES] <= INT32_MAX &&
           c[JX__POINTS] < (uint64_t)1 << 40 && c[JX__NAME_BYTES] <= UINT32_MAX && c[JX__TURNS] <= INT32_MAX &&
           c[JX__TURN_ARCS] <= INT32_MAX && c[JX__ARCS] <= INT32_MAX && c[JX__INPUTS] <= c[JX__EDGES] &&
           c[JX__PROFILE_BYTES] <= INT32_MAX && c[JX__ONE] == 1;
}

/* The table must be the one a writer makes of these counts: nothing in it is free. */
static jx_status check_table(jx_ctx *ctx, const char *name, const uint8_t *p, const jx__snapshot_header *head, summing *s) {
    const jx__snapshot_section *table = (const jx__snapshot_section *)(const void *)(p + sizeof *head);
    uint64_t at = sizeof *head + N_ROWS * sizeof *table, sums[N_ROWS];
    static const uint8_t zero[sizeof head->zero];
    if (!counts_fit(head->count) || memcmp(head->zero, zero, sizeof zero) != 0) {
        return wrong(ctx, name, "header");
    }
    for (int r = 0; r < N_ROWS; r++) {
        jx__snapshot_section want = {.elem = elem_of(r), .count = count_of(r, head->count), .offset = at, .checksum = table[r].checksum};
        full_name(&rows[r], want.name);
        if (memcmp(&want, &table[r], sizeof want) != 0 || want.count * want.elem > head->bytes - at) {
            return wrong(ctx, name, want.name);
        }
        s->at[r] = p + at;
        s->bytes[r] = (size_t)(want.count * want.elem);
        at += up_to_line(s->bytes[r]);
        if (at > head->bytes) {
            return wrong(ctx, name, want.name);
        }
    }
    if (at != head->bytes) {
        return wrong(ctx, name, "header");
    }
    JX_TRY(sum_all(ctx, s, sums));
    for (int r = 0; r < N_ROWS; r++) {
        if (sums[r] != table[r].checksum) {
            return JX_FAIL(ctx, SNAPSHOT_DAMAGED, JX_S(name), JX_S(table[r].name));
        }
        for (const uint8_t *q = s->at[r] + s->bytes[r]; (size_t)(q - p) % JX__LINE; q++) {
            if (*q) {
                return JX_FAIL(ctx, SNAPSHOT_DAMAGED, JX_S(name), JX_S(table[r].name));
            }
        }
    }
    return JX_OK;
}

static void point_into(const summing *s, const jx__snapshot_header *head, const jx__snapshot_facts *f, const void *bytes, jx_snapshot *out) {
    jx_network *net = out->net;
    jx_hierarchy *h = out->h;
    for (int r = 0; r < N_ROWS; r++) {
        if (rows[r].home != JX__APART) {
            memcpy((char *)(rows[r].home == JX__IN_NETWORK ? (void *)net : (void *)h) + rows[r].at, &s->at[r], sizeof s->at[r]);
        }
    }
    net->n_nodes = h->n_nodes = (uint32_t)head->count[JX__NODES];
    net->n_edges = h->n_edges = (uint32_t)head->count[JX__EDGES];
    h->n_arcs = (uint32_t)head->count[JX__ARCS];
    h->n_inputs = (uint32_t)head->count[JX__INPUTS];
    h->height = f->height;
    net->turns.n = (uint32_t)head->count[JX__TURNS];
    uint32_t *count[JX__N_TURN_COUNTS];
    turn_counts(&net->turns, count);
    for (int k = 0; k < JX__N_TURN_COUNTS; k++) {
        *count[k] = f->turns[k];
    }
    net->n_barriers = f->n_barriers;
    net->n_missing_refs = f->n_missing_refs;
    memcpy(net->n_islands, f->n_islands, sizeof net->n_islands);
    memcpy(net->island_km, f->island_km, sizeof net->island_km);
    memcpy(net->class_km, f->class_km, sizeof net->class_km);
    net->mapped = h->mapped = (void *)(uintptr_t)bytes;
    memcpy(out->key, head->key, sizeof head->key);
    memcpy(out->extract_sha256, f->extract_sha256, sizeof f->extract_sha256);
    memcpy(out->source, f->source, sizeof out->source - 1);
    out->date = f->date;
    out->data_box = f->data_box;
    out->bytes = head->bytes;
}

static jx_status open_into(jx_ctx *ctx, const char *name, const uint8_t *p, size_t n, jx_snapshot *out) {
    jx__snapshot_header head;
    summing s = {.first = {0}};
    char key[JX_SNAPSHOT_KEY + 1];
    JX_TRY(check_head(ctx, name, p, n, &head));
    JX_TRY(check_table(ctx, name, p, &head, &s));
    const jx__snapshot_facts *facts = (const jx__snapshot_facts *)(const void *)s.at[FACTS];
    out->net = jx_calloc(ctx, 1, sizeof *out->net);
    out->h = jx_calloc(ctx, 1, sizeof *out->h);
    if (!out->net || !out->h) {
        return JX_E_NOMEM;
    }
    point_into(&s, &head, facts, p, out);
    const jx__snapshot_view v = {name, out->net, out->h, facts, head.count[JX__POINTS], head.count[JX__NAME_BYTES], head.count[JX__TURN_ARCS]};
    JX_TRY(jx__snapshot_check(ctx, &v));
    JX_TRY(jx_val_unpack(ctx, s.at[PROFILES], s.bytes[PROFILES], name, &out->profile_doc));
    JX_TRY(jx_snapshot_key(ctx, out->extract_sha256, &out->profile_doc, key));
    if (strcmp(key, out->key) != 0) {
        return wrong(ctx, name, "header");
    }
    return jx_profiles_compile(ctx, &out->profile_doc, &out->profiles);
}

jx_status jx_snapshot_open(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_snapshot **out) {
    jx_snapshot *s = jx_calloc(ctx, 1, sizeof *s);
    jx_status st = s ? open_into(ctx, name, p, n, s) : JX_E_NOMEM;
    if (st != JX_OK) {
        jx_snapshot_free(ctx, s);
        return st;
    }
    *out = s;
    return JX_OK;
}

void jx_snapshot_free(jx_ctx *ctx, jx_snapshot *s) {
    if (s) {
        jx_network_free(ctx, s->net);
        jx_hierarchy_free(ctx, s->h);
        jx_doc_release(ctx, &s->profile_doc);
        jx_profiles_free(ctx, s->profiles);
        jx_free(ctx, s);
    }
}
