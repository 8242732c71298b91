/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** YAML -> configuration tree, through libyaml's events: its one door. Aliases are refused: nobody needs them here and
 * they hide bombs. */
#include <yaml.h>

#include "junxian/io.h"

enum { MAX_DEPTH = 32, MAX_BYTES = 16 << 20 };

typedef struct reader {
    jx_ctx *ctx;
    jx_doc *doc;
    yaml_parser_t *parser;
    const char *text;
} reader;

/* libyaml gives a line for syntax, but only an offset for bytes that are no text (GBK, most often). */
static jx_status broken(const reader *r) {
    const yaml_parser_t *p = r->parser;
    int64_t line = (int64_t)p->problem_mark.line + 1;
    if (p->error == YAML_MEMORY_ERROR) {
        return JX_FAIL(r->ctx, NOMEM, JX_I(0));
    }
    if (p->error == YAML_READER_ERROR) {
        line = 1;
        for (size_t i = 0; i < p->problem_offset; i++) {
            line += r->text[i] == '\n';
        }
        return jx_fail(r->ctx, JX_M_YAML_BYTES, r->doc->name, line, -1, 0, NULL);
    }
    return JX_FAIL_ROW(r->ctx, r->doc->name, line, YAML_SYNTAX, JX_S(p->problem ? p->problem : "?"));
}

static jx_status next(const reader *r, yaml_event_t *e) {
    return yaml_parser_parse(r->parser, e) ? JX_OK : broken(r);
}

static jx_status value(const reader *r, const yaml_event_t *e, int depth, jx_val **out);

static uint32_t line_of(const yaml_event_t *e) {
    return (uint32_t)e->start_mark.line + 1;
}

static jx_status sequence(const reader *r, int depth, jx_val *seq) {
    for (;;) {
        yaml_event_t e;
        JX_TRY(next(r, &e));
        bool done = e.type == YAML_SEQUENCE_END_EVENT;
        jx_val *item = NULL;
        jx_status st = done ? JX_OK : value(r, &e, depth, &item);
        yaml_event_delete(&e);
        JX_TRY(st);
        if (done) {
            return JX_OK;
        }
        JX_TRY(jx_val_append(r->ctx, r->doc, seq, item));
    }
}

static jx_status pair(const reader *r, const yaml_event_t *key, int depth, jx_val *map) {
    if (key->type != YAML_SCALAR_EVENT) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, line_of(key), YAML_SYNTAX, JX_S(N_("a key must be a plain text")));
    }
    yaml_event_t e;
    JX_TRY(next(r, &e));
    jx_val *item = NULL;
    jx_status st = value(r, &e, depth, &item);
    yaml_event_delete(&e);
    JX_TRY(st);
    return jx_val_put(r->ctx, r->doc, map, (const char *)key->data.scalar.value, key->data.scalar.length, line_of(key),
                      item);
}

static jx_status mapping(const reader *r, int depth, jx_val *map) {
    for (;;) {
        yaml_event_t e;
        JX_TRY(next(r, &e));
        bool done = e.type == YAML_MAPPING_END_EVENT;
        jx_status st = done ? JX_OK : pair(r, &e, depth, map);
        yaml_event_delete(&e);
        JX_TRY(st);
        if (done) {
            return JX_OK;
        }
    }
}

static jx_status value(const reader *r, const yaml_event_t *e, int depth, jx_val **out) {
    if (depth > MAX_DEPTH) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, line_of(e), YAML_DEEP, JX_I(MAX_DEPTH));
    }
    const yaml_char_t *tag = e->type == YAML_SCALAR_EVENT           ? e->data.scalar.tag
                             : e->type == YAML_SEQUENCE_START_EVENT ? e->data.sequence_start.tag
                             : e->type == YAML_MAPPING_START_EVENT  ? e->data.mapping_start.tag
                                                                    : NULL;
    if (tag) {
        return JX_FAIL_ROW(r->ctx, r->doc->name, line_of(e), YAML_SYNTAX, JX_S(N_("tags (!) are not supported")));
    }
    switch (e->type) {
        case YAML_SCALAR_EVENT:
            *out = jx_val_scalar(r->ctx, r->doc, (const char *)e->data.scalar.value, e->data.scalar.length,
                                 e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE, line_of(e));
            return *out ? JX_OK : JX_E_NOMEM;
        case YAML_SEQUENCE_START_EVENT:
            *out = jx_val_seq(r->ctx, r->doc, line_of(e));
            return *out ? sequence(r, depth + 1, *out) : JX_E_NOMEM;
        case YAML_MAPPING_START_EVENT:
            *out = jx_val_map(r->ctx, r->doc, line_of(e));
            return *out ? mapping(r, depth + 1, *out) : JX_E_NOMEM;
        default:
            return JX_FAIL_ROW(r->ctx, r->doc->name, line_of(e), YAML_SYNTAX,
                               JX_S(N_("aliases (*) are not supported")));
    }
}

static jx_status document(const reader *r) {
    for (bool have = false;;) {
        yaml_event_t e;
        JX_TRY(next(r, &e));
        jx_status st = JX_OK;
        bool end = e.type == YAML_STREAM_END_EVENT;
        bool frame = end || e.type == YAML_STREAM_START_EVENT || e.type == YAML_DOCUMENT_START_EVENT ||
                     e.type == YAML_DOCUMENT_END_EVENT;
        if (!frame && have) {
            st = JX_FAIL_ROW(r->ctx, r->doc->name, line_of(&e), YAML_SYNTAX, JX_S(N_("one document a file")));
        } else if (!frame) {
            jx_val *root = NULL;
            st = value(r, &e, 0, &root);
            r->doc->root = root;
            have = true;
        }
        yaml_event_delete(&e);
        JX_TRY(st);
        if (end) {
            return have ? JX_OK : JX_FAIL_ROW(r->ctx, r->doc->name, 1, YAML_SYNTAX, JX_S(N_("the file is empty")));
        }
    }
}

jx_status jx_yaml_parse(jx_ctx *ctx, const char *name, const void *p, size_t n, jx_doc *out) {
    JX_TRY(jx_doc_init(ctx, out, name));
    yaml_parser_t parser;
    jx_status st;
    if (n > MAX_BYTES) {
        st = JX_FAIL(ctx, FILE_BIG, JX_S(name), JX_I(n), JX_I(MAX_BYTES));
    } else if (!yaml_parser_initialize(&parser)) {
        st = JX_FAIL(ctx, NOMEM, JX_I(sizeof parser));
    } else {
        yaml_parser_set_input_string(&parser, p, n);
        const reader r = {ctx, out, &parser, p};
        st = document(&r);
        yaml_parser_delete(&parser);
    }
    if (st != JX_OK) {
        jx_doc_release(ctx, out);
    }
    return st;
}

jx_status jx_yaml_file(jx_ctx *ctx, const char *path, jx_doc *out) {
    jx_file f;
    JX_TRY(jx_file_open(ctx, path, &f));
    jx_status st = jx_yaml_parse(ctx, path, f.p, f.n, out);
    jx_file_close(ctx, &f);
    return st;
}
