/* Copyright 2026 The junxian authors. SPDX-License-Identifier: Apache-2.0 */
/** main: a context around one verb; results on stdout, chatter on stderr, Ctrl-C, exit code. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "junxian/io.h"

static volatile int stop_asked; /* set by the signal handler only */

static void on_signal(int sig) {
    (void)sig;
    if (stop_asked) {
        _exit(130); /* the second time means now; a .part may stay behind, never a torn result */
    }
    stop_asked = 1;
}

/* What the edge knows while a verb runs. */
typedef struct edge {
    jx_ctx *text_ctx; /* for rendering messages: its own, so that a full job arena cannot silence an error */
    jx_catalog *cat, *zh;
    bool quiet, tty, line_open;
    double next_progress;
    const char *phase;
} edge;

static void close_line(edge *e) {
    if (e->line_open) {
        fputs("\r\033[K", stderr);
        e->line_open = false;
    }
}

/* Names come from whoever wrote the data: none of them may steer the terminal. JSON has escaped its own. */
static bool show(FILE *f, const char *s, size_t n) {
    static const char instead[] = "\ufffd";
    bool ok = true;
    for (size_t skip = 0; ok && n > 0; s += skip, n -= skip) {
        size_t k = jx_utf8_showable(s, n, &skip);
        ok = fwrite(s, 1, k, f) == k && (skip == 0 || fwrite(instead, 1, sizeof instead - 1, f) == sizeof instead - 1);
        s += k;
        n -= k;
    }
    return ok;
}

static void print_message(void *user, const jx_message *m) {
    edge *e = user;
    if (m->level == JX_LEVEL_NOTE && e->quiet) {
        return;
    }
    close_line(e);
    static const char *const levels[] = {N_("note"), N_("warning"), N_("error")};
    jx_buf b;
    jx_buf_init(&b, e->text_ctx);
    jx_buf_fmt(&b, "%s JX%d ", jx_tr(e->cat, levels[m->level]), (int)m->id);
    jx_msg_render(&b, e->cat, m, m->level != JX_LEVEL_NOTE);
    if (jx_buf_ok(&b) == JX_OK) {
        show(stderr, b.s, b.n);
        fputc('\n', stderr);
    } else {
        fprintf(stderr, "error JX%d\n", (int)m->id);
    }
    jx_buf_release(&b);
}

/* On a terminal one redrawn line, four times a second; in a log a line per phase. */
static void print_progress(void *user, const char *phase, uint64_t done, uint64_t total) {
    edge *e = user;
    bool new_phase = phase != e->phase;
    if (e->quiet || (!new_phase && (!e->tty || jx_clock_s() < e->next_progress))) {
        return;
    }
    e->phase = phase;
    e->next_progress = jx_clock_s() + 0.25;
    if (e->tty) {
        fprintf(stderr, "\r\033[K%s", jx_tr(e->cat, phase));
        if (total && done) {
            fprintf(stderr, "  %u %%", (unsigned)(100 * done / total));
        }
        e->line_open = true;
        fflush(stderr);
    } else {
        fprintf(stderr, "%s\n", jx_tr(e->cat, phase));
    }
}

static const char *choose_lang(const char *option) {
    const char *s = option;
    static const char *const vars[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; !s && i < sizeof vars / sizeof *vars; i++) {
        s = getenv(vars[i]);
        s = s && *s ? s : NULL;
    }
    return s && s[0] == 'z' && s[1] == 'h' ? "zh_CN" : "en";
}

static unsigned terminal_columns(void) {
    struct winsize w;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40) {
        return w.ws_col;
    }
    return 100;
}

/* help, version, man, completion, verbs: answered by the command line itself. */
static bool own_word(const jx__cmd *c, const jx_catalog *cat, jx_buf *out, jx_status *st) {
    const char *w = c->verb_name, *arg = c->args.n_input ? c->args.input[0] : NULL;
    const jx_verb *asked = arg ? jx_verb_find2(arg, c->args.n_input > 1 ? c->args.input[1] : NULL) : NULL;
    *st = JX_OK;
    if (!w || (strcmp(w, "help") == 0 && !arg)) {
        jx__help_all(out, cat);
        *st = w || jx_args_flag(&c->args, "help") ? JX_OK : JX_E_USAGE;
    } else if (strcmp(w, "help") == 0 && asked) {
        jx__help_verb(out, cat, asked);
    } else if (c->verb && jx_args_flag(&c->args, "help")) {
        jx__help_verb(out, cat, c->verb);
    } else if (strcmp(w, "version") == 0) {
        jx_buf_str(out, "junxian " JX_VERSION "\n");
    } else if (strcmp(w, "man") == 0) {
        jx__man_page(out, cat);
    } else if (strcmp(w, "completion") == 0) {
        jx__bash_completion(out);
    } else if (strcmp(w, "verbs") == 0) {
        jx__verbs_json(out);
    } else {
        return false;
    }
    return true;
}

static bool print_out(const jx_buf *b) { return show(stdout, b->s, b->n) && fflush(stdout) == 0; }

static void plan(const edge *e, const jx__cmd *c, jx_result *res) {
    jx_json j;
    jx_json_init(&j, &res->json, true);
    jx_json_obj(&j);
    jx_json_key(&j, "schema"), jx_json_str(&j, "junxian.plan/1");
    jx_json_key(&j, "read"), jx_json_arr(&j);
    for (uint32_t i = 0; i < c->args.n_input; i++) {
        jx_json_str(&j, c->args.input[i]);
        jx_buf_fmt(&res->text, "%s: %s\n", jx_tr(e->cat, N_("would read")), c->args.input[i]);
    }
    for (uint32_t i = 0; i < c->verb->n_params; i++) { /* files named by options are read, too */
        const jx_param *p = &c->verb->params[i];
        const char *file = p->type == JX_P_FILE && strcmp(p->key, "output") != 0 ? jx_args_get(&c->args, p->key) : NULL;
        if (file) {
            jx_json_str(&j, file);
            jx_buf_fmt(&res->text, "%s: %s\n", jx_tr(e->cat, N_("would read")), file);
        }
    }
    jx_json_end_arr(&j);
    const char *out = jx_args_get(&c->args, "output");
    jx_json_key(&j, "write"), jx_json_arr(&j);
    if (out) {
        jx_json_str(&j, out);
        jx_buf_fmt(&res->text, "%s: %s\n", jx_tr(e->cat, N_("would write")), out);
    } else {
        jx_buf_fmt(&res->text, "%s\n", jx_tr(e->cat, N_("would write nothing")));
    }
    jx_json_end_arr(&j);
    jx_json_end_obj(&j);
}

/* The verb itself, in a context of its own with the asked-for threads and ceiling. */
static jx_status run_verb(edge *e, jx_log *log, const jx__cmd *c, const char *lang) {
    double threads = jx_args_num(&c->args, "threads", 0), mb = jx_args_num(&c->args, "memory", 0);
    jx_mem *mem = jx_mem_new(NULL, (size_t)(mb * (1 << 20)));
    jx_pool *pool = jx_pool_new((unsigned)threads);
    jx_ctx *ctx = mem ? jx_ctx_new(&(jx_ctx_options){.mem = mem, .pool = pool, .lang = lang, .sink = jx_log_sink, .sink_user = log,
                                                     .progress = print_progress, .progress_user = e, .cancel = &stop_asked})
                      : NULL;
    jx_status st = ctx ? JX_OK : JX_E_NOMEM;
    if (st == JX_OK) {
        jx_result res = {.want_json = jx_args_flag(&c->args, "json"), .cat = e->cat, .zh = e->zh, .lang = lang, .log = log, .columns = terminal_columns()};
        jx_buf_init(&res.text, ctx);
        jx_buf_init(&res.json, ctx);
        /* run, init and net build have plans of their own; the other verbs only read and write what -o says */
        static const char *const planners[] = {"run", "init", "net build"};
        bool own_plan = false;
        for (size_t i = 0; i < sizeof planners / sizeof *planners; i++) {
            own_plan = own_plan || strcmp(c->verb->name, planners[i]) == 0;
        }
        if (jx_args_flag(&c->args, "dry-run") && !own_plan) {
            plan(e, c, &res);
        } else {
            st = c->verb->run(ctx, &c->args, &res);
        }
        close_line(e);
        jx_buf *out = res.want_json ? &res.json : &res.text;
        if (res.want_json && out->n && out->s[out->n - 1] != '\n') {
            jx_buf_char(out, '\n');
        }
        if (jx_buf_ok(out) == JX_OK && !print_out(out) && st == JX_OK) {
            st = JX_FAIL0(ctx, STDOUT_WRITE);
        }
        jx_buf_release(&res.text);
        jx_buf_release(&res.json);
    }
    jx_ctx_free(ctx);
    jx_pool_free(pool);
    jx_mem_free(mem);
    return st;
}

/* Of a family like "net" the second word counts too; without one its verbs are named. */
static jx_status unknown_verb(jx_ctx *ctx, const jx__cmd *c) {
    uint32_t n;
    const jx_verb *v = jx_verbs(&n);
    const char *word = strcmp(c->verb_name, "help") == 0 && c->args.n_input ? c->args.input[0] : c->verb_name;
    const char *second = c->args.n_input > (word != c->verb_name) ? c->args.input[word != c->verb_name] : NULL;
    size_t len = strlen(word);
    bool family = false;
    jx_buf b, known;
    jx_buf_init(&b, ctx);
    jx_buf_init(&known, ctx);
    for (uint32_t i = 0; i < n; i++) {
        if (strncmp(v[i].name, word, len) == 0 && v[i].name[len] == ' ') {
            jx_buf_fmt(&known, "%s%s", family ? " " : "", v[i].name + len + 1);
            family = true;
        }
    }
    jx_buf_fmt(&b, "%s%s%s", word, family && second ? " " : "", family && second ? second : "");
    jx_status st = jx_buf_ok(&b) == JX_OK ? jx_buf_ok(&known) : jx_buf_ok(&b);
    if (st == JX_OK && family && !second) {
        st = JX_FAIL(ctx, VERB_FAMILY, JX_S(word), JX_S(known.s));
    } else if (st == JX_OK) {
        st = JX_FAIL(ctx, VERB_UNKNOWN, JX_S(b.s), JX_S(jx__nearest_verb(b.s)));
    }
    jx_buf_release(&known);
    jx_buf_release(&b);
    return st;
}

static jx_status run(jx_ctx *ctx, edge *e, jx_log *log, int argc, char **argv) {
    jx__cmd c = {0};
    jx_buf own;
    jx_buf_init(&own, ctx);
    const char *version = argc == 2 && strcmp(argv[1], "--version") == 0 ? "version" : NULL;
    char *version_argv[] = {argv[0], (char *)(uintptr_t)"version", NULL};
    jx_status st = jx__cmd_parse(ctx, argc, version ? version_argv : argv, &c), own_st = JX_OK;
    const char *lang = choose_lang(jx_args_get(&c.args, "lang"));
    if (st != JX_OK || (st = jx_catalog_builtin(ctx, lang, &e->cat)) != JX_OK) {
        goto out;
    }
    e->zh = e->cat;
    e->quiet = jx_args_flag(&c.args, "quiet");
    if (own_word(&c, e->cat, &own, &own_st)) {
        st = jx_buf_ok(&own) == JX_OK && print_out(&own) ? own_st : JX_E_FILE;
    } else if (!c.verb) {
        st = unknown_verb(ctx, &c);
    } else if ((st = jx_args_check(ctx, c.verb, &c.args)) == JX_OK) {
        st = run_verb(e, log, &c, lang);
    }
out:
    jx_buf_release(&own);
    jx__cmd_release(ctx, &c);
    return st;
}

int main(int argc, char **argv) {
    struct sigaction sa = {.sa_handler = on_signal};
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);
    jx_mem *mem = jx_mem_new(NULL, 0);
    jx_ctx *text_ctx = mem ? jx_ctx_new(&(jx_ctx_options){.mem = mem}) : NULL;
    jx_log *log = text_ctx ? jx_log_new(mem) : NULL;
    jx_ctx *ctx = log ? jx_ctx_new(&(jx_ctx_options){.mem = mem, .sink = jx_log_sink, .sink_user = log}) : NULL;
    jx_status st = JX_E_NOMEM;
    if (ctx) {
        edge e = {.text_ctx = text_ctx, .tty = isatty(STDERR_FILENO) != 0};
        jx_log_also(log, print_message, &e);
        st = run(ctx, &e, log, argc, argv);
        uint32_t n = 0;
        jx_log_all(log, &n);
        if (st != JX_OK && st != JX_E_CHECK && st != JX_E_USAGE && n == 0) {
            fprintf(stderr, "error: %s\n", jx_status_name(st)); /* a failure must never be silent */
        }
        jx_catalog_free(ctx, e.cat);
    }
    jx_ctx_free(ctx);
    jx_log_free(log);
    jx_ctx_free(text_ctx);
    jx_mem_free(mem);
    return jx_status_exit_code(st);
}
