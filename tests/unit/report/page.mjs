// The page in headless Chromium: no error, no request, both languages, tables and dot plots sort, a leader's page is one sheet of A4.
// Usage: node page.mjs REPORT.html
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const file = path.resolve(process.argv[2]);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "junxian-page-"));
const chrome = spawn("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
let id = 0, rest = "";
const waiting = new Map(), events = [], utf8 = new TextDecoder();
chrome.stdio[4].on("data", (d) => {
    rest += utf8.decode(d, { stream: true });
    for (let i; (i = rest.indexOf("\0")) >= 0; rest = rest.slice(i + 1)) {
        const m = JSON.parse(rest.slice(0, i));
        if (m.id) { waiting.get(m.id)(m); waiting.delete(m.id); } else events.push(m);
    }
});
function send(method, params = {}, sessionId) {
    const n = ++id;
    chrome.stdio[3].write(JSON.stringify({ id: n, method, params, sessionId }) + "\0");
    return new Promise((ok, bad) => waiting.set(n, (m) => m.error ? bad(new Error(`${method}: ${m.error.message}`)) : ok(m.result)));
}
let passed = 0, failed = 0;
function check(ok, what) {
    if (ok) passed++; else failed++;
    console.log(`${ok ? "ok" : "not ok"} - ${what}`);
}
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

try {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    for (const d of ["Page", "Runtime", "Network", "Log"]) await send(`${d}.enable`, {}, sessionId);
    await send("Page.navigate", { url: `file://${file}` }, sessionId);
    for (let i = 0; i < 200 && !events.some((e) => e.method === "Page.loadEventFired"); i++) await sleep(50);
    const value = async (expression) => (await send("Runtime.evaluate", { expression, returnByValue: true }, sessionId)).result.value;
    const pages = async () => {
        const { data } = await send("Page.printToPDF", { preferCSSPageSize: true }, sessionId);
        return (Buffer.from(data, "base64").toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
    };
    const column = (n) => value(`[...document.querySelectorAll("#s0 table.sort")[0].tBodies[0].rows].map(r => r.cells[${n}].textContent)`);
    const head = (n) => value(`document.querySelectorAll("#s0 table.sort")[0].tHead.rows[0].cells[${n}].click()`);

    check(await value("document.documentElement.classList.contains('on')"), "the script runs under the page's own policy");
    const own = await column(2);
    await head(2);
    const down = await column(2), num = (a) => a.map((s) => s === "\u2013" ? -1 : parseFloat(s));
    check(JSON.stringify(num(down)) === JSON.stringify(num(own).sort((a, b) => b - a)), `sorted downwards: ${down}`);
    await head(2);
    check(JSON.stringify(num(await column(2))) === JSON.stringify(num(own).sort((a, b) => a - b)), "sorted upwards");
    await head(2);
    check(JSON.stringify(await column(2)) === JSON.stringify(own), "and back to the official order");
    const dots = () => value("[...document.querySelectorAll('#s0 g.row')].map(g => [parseFloat(g.getAttribute('transform').slice(12)), +g.dataset.v]).sort((a, b) => a[0] - b[0]).map(x => x[1])");
    const before = await dots();
    await value("document.querySelector('#s0 button.by').click()");
    check(JSON.stringify(await dots()) === JSON.stringify([...before].sort((a, b) => b - a)), "townships by value");
    await value("document.querySelector('#s0 button.by').click()");
    check(JSON.stringify(await dots()) === JSON.stringify(before), "and back");
    check(await value("document.scripts.length") === 1, "no script came in by a name");

    for (const lang of ["en", "zh"]) {
        await value(`document.querySelector('label[for=${lang}]').click()`);
        check(await value("document.documentElement.lang") === (lang === "zh" ? "zh-CN" : "en"), `${lang}: the page says its language`);
        check(await value(`[...document.querySelectorAll('main .${lang === "en" ? "zh" : "en"}')].every(e => e.getClientRects().length === 0)`), `${lang}: the other language is hidden`);
        for (const width of [360, 800, 1280]) {
            await send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false }, sessionId);
            check(await value("document.documentElement.scrollWidth <= innerWidth + 1"), `${lang}, ${width} px: nothing wider than the window`);
            const over = await value(`(() => { const out = []; for (const svg of document.querySelectorAll("svg.map")) { const b = svg.getBoundingClientRect(); if (!b.width) continue;
                for (const t of svg.querySelectorAll(":scope > text, :scope > g > text")) { const r = t.getBoundingClientRect(); if (r.width && (r.right > b.right + .5 || r.bottom > b.bottom + .5)) out.push(t.textContent); } } return out; })()`);
            check(over.length === 0, `${lang}, ${width} px: legends stay in their frame ${over.slice(0, 3)}`);
        }
    }
    const clash = await value(`(() => { let n = 0; for (const g of document.querySelectorAll("svg.map .names.zh")) { const r = [...g.children].map(t => t.getBoundingClientRect());
        for (let i = 0; i < r.length; i++) for (let k = 0; k < i; k++) n += r[i].left < r[k].right - 2 && r[k].left < r[i].right - 2 && r[i].top < r[k].bottom - 4 && r[k].top < r[i].bottom - 4; } return n; })()`);
    check(clash === 0, `no name lies over another (${clash})`);
    for (const lang of ["en", "zh"]) {
        await value(`document.querySelector('label[for=${lang}]').click()`);
        await value("document.querySelectorAll('section').forEach(s => s.style.display = 'none')");
        check(await pages() === 1, `${lang}: the leader's page is one sheet of A4`);
        await value("document.querySelectorAll('section').forEach(s => s.style.display = '')");
    }
    const wrong = events.filter((e) => e.method === "Runtime.exceptionThrown" || (e.method === "Runtime.consoleAPICalled" && e.params.type === "error") ||
        (e.method === "Log.entryAdded" && e.params.entry.level === "error"));
    check(wrong.length === 0, `no error ${JSON.stringify(wrong).slice(0, 300)}`);
    const requests = events.filter((e) => e.method === "Network.requestWillBeSent").map((e) => e.params.request.url).filter((u) => !u.startsWith("data:"));
    check(requests.length === 1 && requests[0].startsWith("file:"), `one request, the file itself: ${requests.slice(0, 3)}`);
} finally {
    chrome.kill("SIGKILL");
    await sleep(200);
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
