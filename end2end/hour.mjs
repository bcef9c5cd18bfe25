// A whole marathon on one screen, with all that goes wrong on such a day: a program for people, as
// it takes as long as one lets it. `node hour.mjs GANTRY ROSTER.csv MINUTES SPEED` (in the
// variable CHROMIUM the browser). The roster has, beside what an import takes, columns
// `split_…_s` and `finish_s` with seconds since the start: each is a timing point.
// At a third of the time the network is cut for a minute, at two thirds the server restarts.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";

const [gantry, roster, minutes, speed] = process.argv.slice(2);
const [lasts_ms, times] = [Number(minutes) * 60_000, Number(speed)];
const CUT_MS = Math.min(60_000, lasts_ms / 6);
const POINTS = ["split_10k_s", "split_half_s", "split_30k_s", "split_40k_s", "finish_s"];
const [HTTP, TIMING, PROXY] = ["127.0.0.1:7180", "127.0.0.1:7181", 7190];

const data = mkdtempSync(join(tmpdir(), "gantry-hour-"));
const env = {
  ...process.env,
  GANTRY_DATA_DIR: data,
  GANTRY_HTTP_ADDR: HTTP,
  GANTRY_TIMING_ADDR: TIMING,
  GANTRY_BASE_URL: `http://127.0.0.1:${PROXY}`,
};

function run(...words) {
  const done = spawnSync(gantry, [...words, "--json"], { env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${words.join(" ")}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

/** Rows with a field for each name of the header. Quoted fields may hold commas. */
function rows(text) {
  const fields = (line) =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((found) => found[2] ?? found[1]);
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = fields(header);
  return lines.map((line) => {
    const found = fields(line);
    return Object.fromEntries(names.map((name, index) => [name, found[index] ?? ""]));
  });
}

const people = rows(readFileSync(roster, "utf8"));
const reads = [];
for (const person of people) {
  for (const column of POINTS) {
    const at_s = Number(person[column]);
    if (at_s > 0 && person.bib) reads.push([at_s, column.slice(0, -2).toUpperCase(), person.bib]);
  }
}
reads.sort((one, other) => one[0] - other[0]);

const partner = run("partner", "create", "--name", "Hour");
const today = new Date().toISOString().slice(0, 10);
const named = ["--partner", partner.id, "--name", "An hour", "--date", today];
const event = run("event", "create", ...named, "--timezone", "UTC").id;
run("roster", "import", "--event", event, roster);
run("stream", "create", "--event", event, "--name", "CTP01", "--protocol", "ctp01");
const points = POINTS.flatMap((column) => ["--point", column.slice(0, -2).toUpperCase()]);
const shows = ["--mode", "results", "--template", "finish-wide"];
const display = run("display", "create", "--event", event, ...shows, ...points);

let server;
async function serve() {
  server = spawn(gantry, ["serve", "--json"], { env, stdio: ["ignore", "pipe", "ignore"] });
  await once(createInterface({ input: server.stdout }), "line");
}
await serve();

// What lies between the screen and the server, so that it can be cut.
let isCut = false;
const links = new Set();
createServer((near) => {
  if (isCut) return near.destroy();
  const far = createConnection({ host: "127.0.0.1", port: Number(HTTP.split(":")[1]) });
  for (const [one, other] of [[near, far], [far, near]]) {
    one.on("error", () => {}).on("close", () => other.destroy());
    one.pipe(other);
    links.add(one);
    one.on("close", () => links.delete(one));
  }
}).listen(PROXY, "127.0.0.1");

// The controller keeps what it read, and sends it again from where the server asks.
const kept = [];
let socket;
function dial() {
  const names = POINTS.map((column) => column.slice(0, -2).toUpperCase());
  const started = new Set();
  const [host, port] = TIMING.split(":");
  const link = createConnection({ host, port: Number(port) }).setEncoding("latin1").setNoDelay(true);
  const say = (line) => link.write(`${line}\r\n`, "latin1");
  let partial = "";
  link.on("connect", () => say("SimpleClient~0.6.0~CTP01"));
  link.on("error", () => {});
  link.on("close", () => setTimeout(dial, 1_000));
  link.on("data", (text) => {
    const lines = (partial + text).split(/\r?\n/);
    partial = lines.pop();
    for (const line of lines) {
      const [word, place, from] = line.split("~");
      if (word === "getconnectionid") say("ack~getconnectionid~5f00000000001");
      if (word === "geteventinfo") say("ack~geteventinfo~HOUR~1~HOUR");
      if (word === "getlocations") say(["ack", "getlocations", ...names].join("~"));
      if (word === "ping") say("ack~ping");
      if (word !== "start") continue;
      for (const name of place ? [place] : names) started.add(name);
      if (from === undefined) continue;
      for (const old of kept) if (old.place === place && old.sequence >= Number(from)) say(old.line);
    }
  });
  socket = { link, started, say };
}
dial();

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 } });
const complaints = [];
page.on("pageerror", (error) => complaints.push(error.message));
let frames = 0;
page.on("websocket", (link) =>
  link.on("framereceived", ({ payload }) => (frames += String(payload).includes('"frame"') ? 1 : 0)),
);
await page.addInitScript(() => {
  const seen = { paintings: 0, slow: 0, longest_ms: 0, longest_at: 0, bare: 0, last: 0 };
  Object.assign(window, { seen });
  const look = (now) => {
    const gap = seen.last ? now - seen.last : 0;
    if (gap > 250) seen.slow += 1;
    if (gap > seen.longest_ms) Object.assign(seen, { longest_ms: Math.round(gap), longest_at: Math.round(now / 1_000) });
    Object.assign(seen, { last: now, paintings: seen.paintings + 1 });
    const canvas = document.querySelector(".canvas");
    if (!canvas || !canvas.textContent.trim()) seen.bare += 1;
    requestAnimationFrame(look);
  };
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(look));
});
await page.goto(display.url);
const probe = await page.context().newCDPSession(page);
await probe.send("HeapProfiler.enable");

async function figures(when) {
  await probe.send("HeapProfiler.collectGarbage");
  const { usedSize } = await probe.send("Runtime.getHeapUsage");
  const seen = await page.evaluate(() => ({
    ...window.seen,
    elements: document.getElementsByTagName("*").length,
    notice: document.querySelector(".notice.on")?.textContent ?? "",
    shows: document.querySelector(".e-name")?.textContent ?? "",
  }));
  const heap_mb = (usedSize / 1e6).toFixed(2);
  console.log(JSON.stringify({ when, sent: kept.length, frames, heap_mb, ...seen }));
}

const began = Date.now();
const first_s = reads[0][0] - 5;
let next = 0;
const counts = new Map();
const pump = setInterval(() => {
  const now = new Date();
  const race_s = first_s + ((Date.now() - began) / 1_000) * times;
  while (next < reads.length && reads[next][0] <= race_s) {
    const [, place, bib] = reads[next++];
    const sequence = (counts.get(place) ?? 0) + 1;
    counts.set(place, sequence);
    const time = now.toISOString().slice(0, 22);
    const line = `CT01_33~${sequence}~${place}~${bib}~${time}~0~0F2A38~1`;
    kept.push({ place, sequence, line });
    if (socket.started.has(place) && !socket.link.destroyed) socket.say(line);
  }
}, 50);

const at = (part, what) => setTimeout(what, Math.max(0, began + lasts_ms * part - Date.now()));
at(1 / 3, () => {
  isCut = true;
  for (const link of links) link.destroy();
  setTimeout(() => figures("cut"), CUT_MS / 2);
  setTimeout(() => (isCut = false), CUT_MS);
});
at(2 / 3, async () => {
  server.kill("SIGTERM");
  await once(server, "exit");
  await serve();
  console.log(JSON.stringify({ when: "restarted" }));
});
await figures("begin");
for (let part = 1; part <= 12; part += 1) {
  await new Promise((done) => at(part / 12, done));
  await figures(`${((lasts_ms * part) / 12 / 60_000).toFixed(1)} min`);
}
clearInterval(pump);
console.log(JSON.stringify({ complaints }));
await browser.close();
server.kill("SIGTERM");
process.exit(complaints.length === 0 ? 0 : 1);
