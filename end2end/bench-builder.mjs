// How fast the builder follows the hand with 500 elements on the canvas, beside GrapesJS with the
// same 500 boxes in the same browser: a program for people, as its figures are those of the
// machine. `node bench-builder.mjs GANTRY [RUNS]` (in the variable CHROMIUM the browser, in CORES
// the ones it may run on, as the mask that `taskset` takes: with `CORES=2` it has the second one
// alone, while the server and this program have all).
// Both programs are driven by real events of the pointer and the keyboard, in turns; each run is a
// browser of its own. Run it on a machine that does nothing else: it says what the load was.
//
// Of each part it prints frames a second, the longest time between two frames, the longest task
// (none below 50 ms is told of by browsers) and how long it took in all, as medians and, in
// brackets, of the worst run. The hand waits until an event was taken, so that a drag of two
// seconds takes longer where the page does not keep up. `rest` is two seconds in which nothing is
// done: no part can have more frames. Where GrapesJS has no such gesture, its own nearest way is
// taken: see `all` and `steps`.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";

const [gantry, runs = "3"] = process.argv.slice(2);
const [COLUMNS, ROWS] = [20, 25];
const COUNT = COLUMNS * ROWS;
const WINDOW = { width: 1_440, height: 900 };
const BOX = { width: 60, height: 30 };
/** From one box to the next, across and down. */
const [ACROSS, DOWN] = [94, 42];
const [MOVES, MOVED_MS, STEPS] = [120, 2_000, 200];
/** The one that is dragged: in the middle, all others around it. */
const DRAGGED = Math.floor(COUNT / 2) + Math.floor(COLUMNS / 2);

/** Every second box is a shape, the others are texts. */
const boxes = Array.from({ length: COUNT }, (_, index) => ({
  id: `box-${index}`,
  x: 8 + (index % COLUMNS) * ACROSS,
  y: 8 + Math.floor(index / COLUMNS) * DOWN,
  text: index % 2 ? "No 1" : "",
}));

// What is measured within the page

/** Runs in the page before anything else: frames and long tasks, from `begin` to `end`. */
function recorder() {
  if (window !== window.top) return;
  const bench = { frames: [], tasks: [] };
  const frame = (now) => {
    bench.frames.push(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.tasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });
  window.bench = bench;
}

/** What was between two moments of the page's clock. */
async function between(page, begin_ms, end_ms) {
  // Tasks are told of after they have ended.
  await page.waitForTimeout(300);
  const { frames, tasks } = await page.evaluate(() => window.bench);
  const within = [begin_ms, ...frames.filter((at) => at > begin_ms && at < end_ms), end_ms];
  const gaps = within.slice(1).map((at, index) => at - within[index]);
  const long = tasks.filter(([at, ms]) => at + ms > begin_ms && at < end_ms).map(([, ms]) => ms);
  return {
    fps: ((within.length - 2) * 1_000) / (end_ms - begin_ms),
    frame_ms: Math.max(...gaps),
    task_ms: Math.max(0, ...long),
    total_ms: end_ms - begin_ms,
  };
}

const now = (page) => page.evaluate(() => performance.now());

/** The moment in which all that was asked for is on the screen. */
const painted = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
      }),
  );

async function measured(page, work) {
  const begin = await now(page);
  await work();
  return between(page, begin, await painted(page));
}

/** A hand: from one place of the window to another, with the button down. */
async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const began = performance.now();
  for (let move = 1; move <= MOVES; move += 1) {
    const part = move / MOVES;
    await page.mouse.move(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
    const ahead_ms = began + MOVED_MS * part - performance.now();
    if (ahead_ms > 0) await new Promise((done) => setTimeout(done, ahead_ms));
  }
  await page.mouse.up();
}

function holds(what, ...values) {
  if (!values.every(Boolean)) throw new Error(`it does not hold that ${what}`);
}

// The two programs: each opens, and says where a box is and how many are selected

const builder = {
  name: "Gantry",
  async open(page, url) {
    await page.goto(url);
    await page
      .frameLocator("iframe[title=Canvas]")
      .locator(`.canvas > .b:nth-of-type(${COUNT})`)
      .waitFor();
  },
  frame: (page) => page.frameLocator("iframe[title=Canvas]"),
  box: (page, index) => builder.frame(page).locator(".canvas > .b").nth(index).boundingBox(),
  /** A rectangle around all, from beside the canvas. */
  async all(page) {
    const canvas = await builder.frame(page).locator(".canvas").boundingBox();
    const from = { x: canvas.x - 8, y: canvas.y - 8 };
    const to = { x: canvas.x + canvas.width + 8, y: canvas.y + canvas.height + 8 };
    await drag(page, from, to);
  },
  /** All of them go together. */
  async allSelected(page) {
    const ends = async () => [(await builder.box(page, 0)).x, (await builder.box(page, COUNT - 1)).x];
    const before = await ends();
    await page.keyboard.press("Shift+ArrowRight");
    const after = await ends();
    await page.keyboard.press("Control+z");
    return after.every((x, index) => x > before[index]);
  },
  /** So many steps of their own: each box that is pressed anew is moved by a pixel. */
  async steps(page) {
    await page.keyboard.press("Escape");
    for (let step = 0; step < STEPS; step += 1) {
      const { x, y, width, height } = await builder.box(page, (step * 7) % COUNT);
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.keyboard.press("Shift+ArrowDown");
    }
  },
};

const grapes = {
  name: "GrapesJS",
  async open(page, url) {
    await page.goto(url);
    await grapes.frame(page).locator(`.box:nth-of-type(${COUNT})`).waitFor();
  },
  frame: (page) => page.frameLocator(".gjs-frame"),
  box: (page, index) => grapes.frame(page).locator(`#${boxes[index].id}`).boundingBox(),
  /** It has no rectangle to select with: its own command for many, by its interface. */
  async all(page) {
    // In a task of the page: one that the debugger makes is none for what tells of long ones.
    await page.evaluate(
      () =>
        new Promise((done) => {
          setTimeout(() => {
            window.editor.select(window.editor.getWrapper().components().models);
            done();
          });
        }),
    );
  },
  allSelected: (page) =>
    page.evaluate((count) => window.editor.getSelectedAll().length === count, COUNT),
  /** It has no keys to move with: as a field of its style sets it, each in a task of its own. */
  async steps(page) {
    await page.evaluate(async (steps) => {
      const { models } = window.editor.getWrapper().components();
      window.editor.select();
      for (let step = 0; step < steps; step += 1) {
        const one = models[(step * 7) % models.length];
        one.addStyle({ top: `${Number.parseInt(one.getStyle().top, 10) + 10}px` });
        await new Promise((done) => setTimeout(done, 20));
      }
    }, STEPS);
    // The keys are its own where nothing is typed.
    await grapes.frame(page).locator("body").evaluate((it) => it.ownerDocument.defaultView.focus());
  },
};

async function measure({ name, open, box, all, allSelected, steps }, page, url) {
  const opened = await (async () => {
    await open(page, url);
    return between(page, 0, await painted(page));
  })();
  const rest = await measured(page, () => page.waitForTimeout(MOVED_MS));

  const before = await box(page, DRAGGED);
  const middle = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
  await page.mouse.click(middle.x, middle.y);
  // So that the press to come is no double click.
  await page.waitForTimeout(1_000);
  const to = { x: middle.x + 240, y: middle.y + 120 };
  const dragged = await measured(page, () => drag(page, middle, to));
  const after = await box(page, DRAGGED);
  const away = Math.hypot(after.x - before.x - 240, after.y - before.y - 120);
  holds(`in ${name} the box followed (${away.toFixed(1)} pixels away)`, away < 12);

  const selected = await measured(page, () => all(page));
  holds(`in ${name} all are selected`, await allSelected(page));

  await page.waitForTimeout(500);
  const boxBefore = await box(page, 7);
  await steps(page);
  const boxAfter = await box(page, 7);
  holds(`in ${name} there is something to undo`, boxAfter.y > boxBefore.y);
  await page.waitForTimeout(1_000);
  const undone = await measured(page, async () => {
    await page.keyboard.down("Control");
    for (let step = 0; step < STEPS; step += 1) await page.keyboard.press("z");
    await page.keyboard.up("Control");
  });
  const boxUndone = await box(page, 7);
  holds(`in ${name} all was undone`, Math.abs(boxUndone.y - boxBefore.y) < 0.5);
  return { open: opened, rest, "drag one": dragged, "select all": selected, "200 undos": undone };
}

// Gantry, with an event and a template of 500 elements

const data = mkdtempSync(join(tmpdir(), "gantry-bench-"));
const env = { ...process.env, GANTRY_DATA_DIR: data };
Object.assign(env, { GANTRY_HTTP_ADDR: "127.0.0.1:0", GANTRY_TIMING_ADDR: "127.0.0.1:0" });

function run(words, input = "") {
  const done = spawnSync(gantry, [...words, "--json"], { env, input, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${words.join(" ")}: ${done.stderr}`);
  return JSON.parse(done.stdout);
}

const WHO = { email: "owner@example.com", password: "correct horse mat" };
const partner = run(["partner", "create", "--name", "Bench"]).id;
const today = new Date().toISOString().slice(0, 10);
const named = ["--partner", partner, "--name", "A bench", "--date", today, "--timezone", "UTC"];
const event = run(["event", "create", ...named]).id;
const whom = ["--partner", partner, "--email", WHO.email, "--role", "owner"];
run(["user", "create", ...whom], `${WHO.password}\n`);
const server = spawn(gantry, ["serve", "--json"], { env, stdio: ["ignore", "pipe", "ignore"] });
const [line] = await once(createInterface({ input: server.stdout }), "line");
const http = `http://${JSON.parse(line).http}`;

async function logIn(page) {
  await page.goto(`${http}/login`);
  await page.getByLabel("Email address").fill(WHO.email);
  await page.getByLabel("Password").fill(WHO.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL(`${http}/`);
}

/** The address of a template with all the boxes, made as its designer would: two, and copies. */
async function template(page) {
  await page.goto(`${http}/events/${event}/templates`);
  await page.waitForFunction(() => document.title.endsWith(" – Gantry"));
  await page.getByRole("button", { name: "New template" }).click();
  const dialog = page.getByRole("dialog", { name: "New template" });
  await dialog.getByLabel("Name").fill("Bench");
  await dialog.getByRole("button", { name: "Create and open" }).click();
  const canvas = builder.frame(page).locator(".canvas");
  await canvas.waitFor();
  const key = async (name, times = 1) => {
    for (let time = 0; time < times; time += 1) await page.keyboard.press(name);
  };
  const set = async (label, value) => {
    await page.getByRole("complementary").getByLabel(label, { exact: true }).fill(String(value));
    await key("Enter");
  };
  for (const [tool, left] of [["Rectangle", 8], ["Text", 8 + ACROSS]]) {
    await page.getByRole("toolbar").getByRole("button", { name: tool, exact: true }).click();
    const area = await canvas.boundingBox();
    await drag(page, { x: area.x + 100, y: area.y + 100 }, { x: area.x + 200, y: area.y + 150 });
    await set("Left edge", left);
    await set("Top edge", 8);
    await set("Width", BOX.width);
    await set("Height", BOX.height);
    if (tool === "Text") {
      await page.getByLabel("Text, with fields in braces").fill("No 1");
      await set("Size in pixels", 20);
    }
  }
  // A copy lies 20 pixels beside, is taken to its place, and the next ones go on as far.
  const copies = async (right, down, count) => {
    await page.getByRole("application").focus();
    await key("Control+a");
    await key("Control+d");
    for (const [px, more, less] of [[right, "Right", "Left"], [down, "Down", "Up"]]) {
      const way = `Arrow${px < 20 ? less : more}`;
      await key(`Shift+${way}`, Math.floor(Math.abs(px - 20) / 10));
      await key(way, Math.abs(px - 20) % 10);
    }
    await key("Control+d", count - 2);
  };
  await copies(2 * ACROSS, 0, COLUMNS / 2);
  await copies(0, DOWN, ROWS);
  await canvas.locator(`.b:nth-of-type(${COUNT})`).waitFor();
  await page.getByRole("status").filter({ hasText: /^Saved$/ }).waitFor();
  return page.url();
}

// GrapesJS, in a page of its own

const GRAPES = join(import.meta.dirname, "node_modules/grapesjs");
const parts = boxes.map(({ id, x, y, text }) => {
  const at = `left:${x}px;top:${y}px;width:${BOX.width}px;height:${BOX.height}px`;
  const look = text ? "font-size:20px;color:#fff" : "background:#ffc400";
  return `<div id="${id}" class="box" style="position:absolute;${at};${look}">${text}</div>`;
});
const config = {
  ...{ container: "#gjs", height: "100vh", storageManager: false, dragMode: "absolute" },
  components: parts.join(""),
  canvasCss: "body{background:#000}",
};
const PAGE = `<!DOCTYPE html><meta charset="utf-8"><title>GrapesJS</title>
<link rel="stylesheet" href="/css/grapes.min.css"><style>body{margin:0}</style>
<div id="gjs"></div><script src="/grapes.min.js"></script>
<script>window.editor = grapesjs.init(${JSON.stringify(config)});</script>`;
const pages = createServer((request, response) => {
  const isPage = request.url === "/";
  try {
    const body = isPage ? PAGE : readFileSync(join(GRAPES, "dist", request.url));
    const type = request.url.endsWith(".css") ? "text/css" : "text/javascript";
    response.writeHead(200, { "content-type": isPage ? "text/html" : type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await once(pages.listen(0, "127.0.0.1"), "listening");

// The runs

/** Sets where this program may run, and with it what it starts. Gives where it might before. */
function keepTo(mask) {
  const words = ["-p", ...(mask ? [mask] : []), String(process.pid)];
  const said = spawnSync("taskset", words, { encoding: "utf8" }).stdout;
  return /current affinity mask: (\w+)/.exec(said)?.[1];
}

async function browser() {
  const before = keepTo();
  if (process.env.CORES) keepTo(process.env.CORES);
  const launched = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
  });
  if (process.env.CORES) keepTo(before);
  const page = await launched.newPage({ viewport: WINDOW });
  await page.addInitScript(recorder);
  return { launched, page };
}

const found = new Map();
console.log(`load before: ${loadavg().map((load) => load.toFixed(2)).join(" ")}`);
try {
  for (let round = 0; round < Number(runs); round += 1) {
    for (const program of [builder, grapes]) {
      const { launched, page } = await browser();
      if (program === builder) await logIn(page);
      // A new one each time: of the last run, one box lies elsewhere.
      const url =
        program === builder ? await template(page) : `http://127.0.0.1:${pages.address().port}/`;
      for (const [part, figures] of Object.entries(await measure(program, page, url))) {
        const key = `${part}|${program.name}`;
        found.set(key, [...(found.get(key) ?? []), figures]);
      }
      await launched.close();
    }
  }
} finally {
  console.log(`load after: ${loadavg().map((load) => load.toFixed(2)).join(" ")}`);
  server.kill("SIGTERM");
  pages.close();
  rmSync(data, { recursive: true, force: true });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const shown = (all, of, worst) => {
  const values = all.map((figures) => figures[of]);
  return `${median(values).toFixed(0)} (${worst(...values).toFixed(0)})`;
};
const rows = [...found].sort(([one], [other]) => {
  const parts = [...found.keys()].map((key) => key.split("|")[0]);
  return parts.indexOf(one.split("|")[0]) - parts.indexOf(other.split("|")[0]);
});
console.table(
  rows.map(([key, all]) => {
    const [part, program] = key.split("|");
    return {
      ...{ part, program },
      "frames a second": shown(all, "fps", Math.min),
      "longest frame, ms": shown(all, "frame_ms", Math.max),
      "longest task, ms": shown(all, "task_ms", Math.max),
      "in all, ms": shown(all, "total_ms", Math.max),
    };
  }),
);
