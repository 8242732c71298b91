// The report in headless Chromium through the DevTools protocol: no console error, no request but the file itself, both languages.
// Usage: node browser.mjs REPORT.html
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const file = path.resolve(process.argv[2]);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "junxian-browser-"));
const chrome = spawn("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
let id = 0, rest = "";
const waiting = new Map(), events = [];
chrome.stdio[4].on("data", (d) => {
    rest += d;
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
    await sleep(300);
    const value = async (expression) => (await send("Runtime.evaluate", { expression, returnByValue: true }, sessionId)).result.value;
    check(events.some((e) => e.method === "Page.loadEventFired"), "the page loads");
    const wrong = events.filter((e) => e.method === "Runtime.exceptionThrown" || (e.method === "Runtime.consoleAPICalled" && e.params.type === "error") ||
        (e.method === "Log.entryAdded" && e.params.entry.level === "error"));
    check(wrong.length === 0, `no console error ${JSON.stringify(wrong).slice(0, 300)}`);
    const requests = events.filter((e) => e.method === "Network.requestWillBeSent").map((e) => e.params.request.url).filter((u) => !u.startsWith("data:"));
    check(requests.length === 1 && requests[0].startsWith("file:"), `one request, the file itself: ${requests.slice(0, 3)}`);
    // innerText counts hidden SVG text too, so visibility is asked of each text's own element
    const visible = () => value(`(() => { const w = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT); const out = [];
        while (w.nextNode()) if (w.currentNode.parentElement.getClientRects().length) out.push(w.currentNode.data);
        return out.join(" "); })()`);
    const en = await visible();
    check(/people/.test(en) && !/人口/.test(en), `English shows, Chinese does not ${(en.match(/.{0,40}人口.{0,20}/) || [""])[0]}`);
    check(/ODbL/.test(en) && /OpenStreetMap/.test(en), "attribution");
    await value("document.querySelector('label[for=zh]').click()");
    const zh = await visible();
    check(/人口/.test(zh) && !/ people /.test(zh), "Chinese shows after the switch, English does not");
    check(await value("[...document.querySelectorAll('svg.map')].length") > 5, "maps");
    const fair = (selector) => value(`document.querySelectorAll("#fair ${selector}").length`);
    check(await fair("table.fair tbody tr") === await value("document.querySelectorAll('section.svc[id^=s]').length"), "fairness: a row for each service");
    check(await fair(".pick svg.map") === 3 && await fair(".pick svg.chart") === 3, "fairness: maps and Lorenz curves of three services");
    check(await value("[...document.querySelectorAll('#fair table')].every(t => t.parentElement.scrollWidth <= t.parentElement.clientWidth + 1)"), "fairness: no table is cut off");
    check(await value("[...document.querySelectorAll('svg path')].every(p => !/NaN|inf/i.test(p.getAttribute('d')))"), "no NaN in a path");
    check(await value("document.documentElement.scrollWidth <= innerWidth + 1"), "nothing wider than the window");
    check(!/\{\d/.test(en + zh), "no unfilled placeholder");
    // the chapters on where to build
    check(/近期建设项目库/.test(zh) && /Project list/.test(en), "the project list in both languages");
    check(await value("document.querySelectorAll('section.plan').length") === 3, "a chapter for each plan");
    check(await value("document.querySelectorAll('nav a[href^=\"#plan\"]').length") === 3, "and a line in the contents");
    check(await value("document.querySelectorAll('#plan1 .pair svg.map').length") === 3, "before, after and their legend");
    check(await value("document.querySelectorAll('#plan3 svg.map').length") === 0 && /No plan meets these conditions/.test(en), "what cannot be has no map, but a reason");
    check(await value(`(() => { const m = [...document.querySelectorAll("#plan1 .pair figure svg.map")].map(s => s.getBoundingClientRect()); return m[0].width === m[1].width && Math.abs(m[0].top - m[1].top) < 1; })()`), "both maps have one scale, side by side");
    const hidden = await value(`(() => { const out = []; for (const svg of document.querySelectorAll("section.plan svg.map")) { const b = svg.getBoundingClientRect(); for (const t of svg.querySelectorAll("text.num")) { const r = t.getBoundingClientRect();
        const top = document.elementsFromPoint ? r.width : 1; if (!r.width || r.left < b.left || r.right > b.right) out.push(t.textContent + top); } } return out; })()`);
    check(hidden.length === 0, `every new site's number stands on the map ${hidden}`);
    const fill = await value(`(() => { const root = document.querySelector("#plan1"), bad = []; for (const u of document.querySelectorAll("section.plan use")) if (!document.querySelector(u.getAttribute("href"))) bad.push(u.getAttribute("href")); return bad.concat(root ? [] : ["none"]); })()`);
    check(fill.length === 0, `every mark of the maps is defined ${fill}`);
} finally {
    chrome.kill("SIGKILL");
    await sleep(200);
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
