// Feeds the demo's blocks, inflated by Node as a page would, to the WebAssembly module and compares the diagnosis with the
// native run's, byte for byte. Usage: node smoke.mjs MODULE EXTRACT NATIVE-FOLDER STANDARD
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [, , modulePath, extractPath, nativeDir, standard] = process.argv;
let passed = 0, failed = 0;
function check(ok, what) {
    if (ok) passed++; else failed++;
    console.log(`${ok ? "ok" : "not ok"} - ${what}`);
}

const module = await WebAssembly.compile(fs.readFileSync(modulePath));
check(WebAssembly.Module.imports(module).length === 0, "the module imports nothing: no file, no clock, no stdio");
const { exports: w } = await WebAssembly.instantiate(module, {});
w._initialize?.();

const bytes = (p, n) => new Uint8Array(w.memory.buffer, p, n); // anew each time: the memory may have grown
function cstr(p) {
    const m = new Uint8Array(w.memory.buffer);
    let e = p;
    while (m[e]) e++;
    return Buffer.from(m.subarray(p, e)).toString("utf8");
}
const s = w.jx_w_new();
const die = (where) => { throw new Error(`${where}: ${cstr(w.jx_w_error(s))}`); };
function lend(data, use) {
    const p = w.jx_w_alloc(s, data.length);
    if (!p) die("alloc");
    bytes(p, data.length).set(data);
    const r = use(p, data.length);
    w.jx_w_release(s, p);
    return r;
}

["profiles", "osm-facilities", "people", standard].forEach((name, i) => {
    const data = fs.readFileSync(path.join(nativeDir, `${name}.jxv`));
    if (lend(data, (p, n) => w.jx_w_doc(s, i, p, n)) !== 0) die(name);
});
lend(Buffer.from("extract"), (p, n) => w.jx_w_name(s, p, n));

const t0 = performance.now();
const file = fs.readFileSync(extractPath);
const fp = w.jx_w_alloc(s, file.length);
bytes(fp, file.length).set(file);
for (let scan = 0, done = 0; !done; scan++) {
    let index = 0;
    for (let at = 0; ;) {
        const kind = w.jx_w_frame(s, fp, file.length, at);
        if (kind < 0) die("frame");
        if (kind === 0) break;
        const packed = Buffer.from(bytes(w.jx_w_blob_data(s), w.jx_w_blob_len(s)));
        const raw = w.jx_w_blob_codec(s) === 1 ? zlib.inflateSync(packed) : packed;
        if (raw.length !== w.jx_w_blob_raw(s)) throw new Error(`inflated size differs at ${at}`);
        const frameAt = at;
        at = w.jx_w_blob_next(s);
        if (kind === 1 && scan === 0 && lend(raw, (p, n) => w.jx_w_header(s, p, n)) !== 0) die("header");
        if (kind === 2 && lend(raw, (p, n) => w.jx_w_feed(s, p, n, frameAt, index++)) !== 0) die("feed");
    }
    done = w.jx_w_next(s);
    if (done < 0) die("next");
}
w.jx_w_release(s, fp);
if (w.jx_w_diagnose(s) !== 0) die("diagnose");
console.log(`# module: ${Math.round(performance.now() - t0)} ms from bytes to diagnosis`);

function same(name, what, view) {
    const native = fs.readFileSync(path.join(nativeDir, name));
    check(native.length > 0 && Buffer.compare(native, Buffer.from(view)) === 0, what);
}
for (const [what, name] of [[0, "summary.json"], [1, "report.html"]]) {
    if (w.jx_w_ask(s, what) !== 0) die(name);
    same(name, `${name}: same bytes as the native run`, bytes(w.jx_w_text(s), w.jx_w_text_len(s)));
}
const n = w.jx_w_n_cells(s);
check(n > 100, `${n} cells`);
same("people.f64", "people per cell: same bits", bytes(w.jx_w_people(s), n * 8));
for (let r = 0; r < w.jx_w_n_results(s); r++) {
    same(`nearest-${r}.u32`, `travel times of result ${r}: same bits`, bytes(w.jx_w_nearest_ms(s, r), n * 4));
}
w.jx_w_free(s);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
