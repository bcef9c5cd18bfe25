// How a display lies on its screen, what it does by itself, and that it never stands empty.

import type { Page } from "@playwright/test";
import ts from "typescript";

import { canvas } from "../board";
import { Film } from "../film";
import { expect, test } from "../gantry";
import { display, FakeSocket } from "../socket";

// What a browser says of what a test takes away.
test.use({ allowedConsole: /status of 404|ERR_FAILED|WebSocket connection|Failed to fetch/ });

const LEVELS = ["full", "lite"] as const;

async function become(page: Page, level: string): Promise<void> {
  if (level === "lite") await page.addInitScript("delete window.WebAssembly");
}

type Box = [x: number, y: number, width: number, height: number];

async function box(page: Page): Promise<Box> {
  const rect = await canvas(page).boundingBox();
  return rect ? [rect.x, rect.y, rect.width, rect.height] : [0, 0, 0, 0];
}

/** The canvas of the page's script lies there, to half a pixel. */
async function liesAt(page: Page, expected: Box, what: string): Promise<void> {
  // The server's picture, which is there first, lies at many of the same places.
  await expect(canvas(page), what).toHaveAttribute("style", /matrix/);
  const close = async () => (await box(page)).map((at, side) => Math.abs(at - expected[side]) < 0.5);
  await expect.poll(close, `${what}: ${expected}`).toEqual([true, true, true, true]);
}

for (const level of LEVELS) {
  test(`a screen of level ${level} lies as its address says`, async ({ gantry, page }) => {
    const { url } = await display(gantry);
    await become(page, level);
    await page.setViewportSize({ width: 1280, height: 900 });
    const socket = await FakeSocket.open(page, url);
    expect((await socket.says("hello")).screen.level).toBe(level);
    await liesAt(page, [0, 90, 1280, 720], "fit");
    const check = async (search: string, expected: Box) => {
      await page.goto(url + search);
      await liesAt(page, expected, search);
    };
    await check("?scale=fill", [-160, 0, 1600, 900]);
    await check("?scale=one&x=-64&y=32", [-64, 32, 1920, 1080]);
    await check("?margin=10", [128, 162, 1024, 576]);
    // Its shape is now a standing one: the other layout.
    await check("?rotate=90", [0, 90, 1280, 720]);
    await expect(canvas(page)).toHaveAttribute("style", /width: ?10\.8rem/);
    await check("?rotate=180&scale=huge&margin=99", [0, 90, 1280, 720]);
    await check("?rotate=270&margin=5", [64, 126, 1152, 648]);
    await page.goto(url);
    await liesAt(page, [0, 90, 1280, 720], "before another size");
    await page.setViewportSize({ width: 960, height: 540 });
    await liesAt(page, [0, 0, 960, 540], "after another size");
    await page.setViewportSize({ width: 540, height: 960 });
    await liesAt(page, [0, 0, 540, 960], "standing");
  });

  test(`a screen of level ${level} shows its card`, async ({ gantry, page }) => {
    const { url, code } = await display(gantry);
    await become(page, level);
    await page.setViewportSize({ width: 1280, height: 900 });
    await FakeSocket.open(page, `${url}?card=1&rotate=180`);
    const card = page.locator(".card");
    await expect(card).toContainText("canvas 1920 × 1080 · screen 1280 × 900 · scale 0.6667");
    await expect(page.locator(".cover.identify")).toContainText(`/d/${code}`);
    const { x, y, width, height } = (await card.boundingBox())!;
    const rounded = (box: number[]) => box.map((at) => Math.round(at) + 0);
    expect(rounded([x, y, width, height])).toEqual(rounded(await box(page)));
    const turned = () => card.locator("u").getAttribute("style");
    const before = await turned();
    await expect.poll(turned).not.toBe(before);
  });
}

/** Opens a display whose clock stands but where a test runs it on, however long the machine takes. */
async function openStanding(page: Page, url: string): Promise<FakeSocket> {
  // No page is open yet that would mind the leap to where it stands.
  const begin = Date.now();
  await page.clock.install({ time: begin });
  await page.clock.pauseAt(begin + 3_600_000);
  let waits = true;
  const opening = FakeSocket.open(page, url).finally(() => (waits = false));
  // No faster than the machine's own, or its script would have no time to begin.
  while (waits) await Promise.all([page.clock.runFor(20), page.waitForTimeout(20)]);
  const socket = await opening;
  await expect(canvas(page)).toHaveAttribute("style", /matrix/);
  return socket;
}

test("frames are held back, and what the staff say is not", async ({ gantry, page }) => {
  const { url } = await display(gantry);
  const socket = await openStanding(page, `${url}?delay=2`);
  await socket.hears(socket.frame("7"));
  await socket.hears({ type: "command", id: 1, action: "message", text: "Now" });
  await expect(page.locator(".cover.on")).toHaveText("Now");
  await page.clock.runFor(1_900);
  await expect(page.locator("body")).not.toContainText("Runner 7");
  await page.clock.runFor(200);
  await expect(canvas(page)).toContainText("Runner 7");
});

test("a scene stays below the next until that covers it, however late it does", async ({
  gantry,
  page,
}) => {
  const { url } = await display(gantry);
  const socket = await openStanding(page, url);
  const all = page.locator(".canvas");
  const late = () => page.addStyleTag({ content: ".swap{animation-play-state:paused!important}" });
  const begins = await late();
  await socket.hears(socket.frame("7"));
  await page.clock.runFor(1_500);
  await expect(canvas(page)).toContainText("Runner 7");
  await expect(all).toHaveCount(2);
  await begins.evaluate((style) => (style as Element).remove());
  await all.last().evaluate((it) => Promise.all(it.getAnimations().map((one) => one.finished)));
  await page.clock.runFor(300);
  await expect(all).toHaveCount(1);

  // In an engine that never comes to it, not for good.
  await late();
  await socket.hears(socket.frame());
  await page.clock.runFor(1_500);
  await expect(all).toHaveCount(2);
  await page.clock.runFor(1_500);
  await expect(all).toHaveCount(1);
  await expect(all).not.toContainText("Runner 7");
});

/**
 * What the engine holds, after it has thrown away what it can: the least of five looks, for a clock
 * that ticks while one looks leaves the text of its last second behind. What leaks is in all five.
 */
async function held(page: Page): Promise<{ heap: number; nodes: number; wasm: number }> {
  const session = await page.context().newCDPSession(page);
  const least = { heap: Infinity, nodes: Infinity };
  for (let look = 0; look < 5; look += 1) {
    await session.send("HeapProfiler.collectGarbage");
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes } = await session.send("Memory.getDOMCounters");
    least.heap = Math.min(least.heap, usedSize);
    least.nodes = Math.min(least.nodes, nodes);
  }
  await session.detach();
  const wasm = await page.evaluate(
    () => (window as unknown as { wasm: WebAssembly.Memory }).wasm.buffer.byteLength,
  );
  return { ...least, wasm };
}

test("a board holds no more after many frames than before", async ({ gantry, page }) => {
  // The promise is of 200,000: GANTRY_FRAMES=200000 takes ten minutes.
  const frames = Number(process.env.GANTRY_FRAMES ?? 20_000);
  test.setTimeout(60_000 + 9 * frames);
  const { url } = await display(gantry);
  // The wasm's own memory is no part of the heap.
  await page.addInitScript(() => {
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args) => {
      const made = await instantiate(...args);
      (window as unknown as { wasm: unknown }).wasm = made.instance.exports.memory;
      return made;
    };
  });
  const socket = await FakeSocket.open(page, url);
  const round = async (count: number) => {
    const frame = JSON.stringify(socket.frame("BIB"));
    await page.evaluate(
      async ([frame, count]) => {
        const open = window as unknown as { socket: { onmessage(event: object): void }; seq: number };
        open.seq ??= 1_000;
        for (let sent = 0; sent < count; sent += 10) {
          for (let more = 0; more < 10; more += 1) {
            open.seq += 1;
            const data = frame
              .replace(/"seq":\d+/, `"seq":${open.seq}`)
              .replaceAll("BIB", String(open.seq % 10_000));
            // Every two-hundredth rests, so that scenes change too.
            const rests = data.replace(/"arrivals":\[.*?\]/, '"arrivals":[]');
            open.socket.onmessage({ data: open.seq % 200 < 5 ? rests : data });
          }
          await new Promise(requestAnimationFrame);
        }
        await new Promise((wake) => setTimeout(wake, 1_500));
      },
      [frame, count] as const,
    );
    await expect(page.locator(".canvas")).toHaveCount(1);
    return held(page);
  };
  const before = await round(2_000);
  const after = await round(frames);
  console.log(`${frames} frames: ${JSON.stringify({ before, after })}`);
  expect(after.nodes).toBe(before.nodes);
  expect(after.wasm).toBe(before.wasm);
  expect(after.heap - before.heap).toBeLessThan(256 * 1_024);
});

test("scenes and templates come one over the other, and nothing is ever empty", async ({
  gantry,
  page,
}) => {
  const { url } = await display(gantry);
  const socket = await FakeSocket.open(page, url);
  await expect(canvas(page)).toContainText("Waiting for the first arrival");
  const film = await Film.start(page);
  for (let round = 0; round < 12; round += 1) {
    await socket.hears(socket.frame(String(round)), socket.frame(), socket.frame(String(round)));
    await page.waitForTimeout(60);
    await socket.hears(round % 3 ? socket.frame() : socket.snapshot(String(round)));
    await page.waitForTimeout(round % 2 ? 400 : 30);
  }
  await socket.hears(socket.frame("77"));
  await expect(canvas(page)).toContainText("Runner 77");
  await expect(page.locator(".canvas")).toHaveCount(1);
  await film.isNeverEmpty();
});

test("a new version is loaded when its page is there", async ({ gantry, page }) => {
  const { url } = await display(gantry);
  const socket = await FakeSocket.open(page, url);
  const loaded: number[] = [];
  page.on("load", () => loaded.push(Date.now()));
  await socket.hears(socket.ping());
  await socket.says("pong");
  const looked = page.waitForRequest((request) => request.method() === "HEAD");
  await socket.hears(socket.ping("another"));
  await looked;
  await expect.poll(() => loaded.length, { timeout: 60_000 }).toBe(1);
});

test.describe("what an engine lacks", () => {
  const without: Record<string, (page: Page) => Promise<unknown>> = {
    WebAssembly: (page) => page.addInitScript("delete window.WebAssembly"),
    "a wasm that can be instantiated": (page) =>
      page.addInitScript("WebAssembly.instantiateStreaming = WebAssembly.instantiate = () => Promise.reject(1)"),
    "its wasm": (page) => page.route(/\.wasm$/, (route) => route.abort()),
    "its script": (page) => page.route(/kiosk[^/]*\.js$/, (route) => route.abort()),
    "a script that it can read": (page) =>
      page.route(/kiosk[^/]*\.js$/, (route) =>
        route.fulfill({ contentType: "text/javascript", body: "export default a ?=? b" }),
      ),
    "the widths of signs": (page) => page.route(/advances/, (route) => route.abort()),
  };
  test.use({ allowedConsole: /./ });
  for (const [what, take] of Object.entries(without)) {
    test(`without ${what} the server draws`, async ({ gantry, page }) => {
      const { url } = await display(gantry);
      await take(page);
      const socket = await FakeSocket.open(page, url);
      await expect.poll(async () => (await socket.says("hello")).screen.level).toBe("lite");
      const html = "<div class='screen'><div class='canvas l0' style='width:19.2rem;height:10.8rem'>drawn</div></div>";
      await socket.hears({ type: "html", seq: 9, html });
      await expect(canvas(page)).toHaveText("drawn");
    });
  }
});

test("the scripts for old engines are of their language", async ({ gantry, page }) => {
  const { url } = await display(gantry);
  const player = await page.request.get(gantry.url("/player.html"));
  const html = (await (await page.request.get(url)).text()) + (await player.text());
  const kinds = new Set<string>();
  const K = ts.SyntaxKind;
  const newer = [
    ...[K.ArrowFunction, K.ClassDeclaration, K.TemplateExpression, K.SpreadElement],
    ...[K.NoSubstitutionTemplateLiteral, K.ForOfStatement, K.AwaitExpression, K.YieldExpression],
    ...[K.ShorthandPropertyAssignment, K.SpreadAssignment, K.ComputedPropertyName],
    ...[K.ObjectBindingPattern, K.ArrayBindingPattern, K.MethodDeclaration, K.QuestionDotToken],
    ...[K.QuestionQuestionToken, K.AsteriskAsteriskToken, K.BigIntLiteral, K.MetaProperty],
  ];
  let scripts = 0;
  for (const [, code] of html.matchAll(/<script(?: nomodule)?>(.*?)<\/script>/gs)) {
    scripts += 1;
    const source = ts.createSourceFile("page.js", code, ts.ScriptTarget.ES5, true, ts.ScriptKind.JS);
    expect((source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([]);
    const look = (node: ts.Node): void => {
      if (newer.includes(node.kind) || node.flags & ts.NodeFlags.BlockScoped) kinds.add(K[node.kind]);
      if (ts.isParameter(node) && (node.initializer || node.dotDotDotToken)) kinds.add("Parameter");
      if (ts.isCatchClause(node) && !node.variableDeclaration) kinds.add("CatchClause");
      node.forEachChild(look);
    };
    look(source);
  }
  expect(scripts).toBe(4);
  expect([...kinds]).toEqual([]);
});

test("without any script the page comes again by itself", async ({ browser, gantry, controller }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, "bib,first_name,last_name\n1,Ada,Pendlebury\n");
  const { url } = await gantry.createDisplay(event, ["FINISH"]);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  await expect(page.getByText("Waiting for the first arrival").first()).toBeVisible();
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1");
  await expect(page.getByText("Ada Pendlebury").first()).toBeVisible({ timeout: 40_000 });
  await context.close();
});

test("without a wake lock a video keeps the screen on", async ({ gantry, page }) => {
  const { url } = await display(gantry);
  // As on plain http from another computer.
  await page.addInitScript("Object.defineProperty(navigator, 'wakeLock', { value: undefined })");
  await page.goto(url);
  const runs = () =>
    page.evaluate(() => {
      const video = document.querySelector<HTMLVideoElement>("video.awake");
      return video !== null && !video.paused && video.currentTime > 0;
    });
  await expect.poll(runs).toBe(true);
});

test("nobody leaves a display by accident", async ({ gantry, page }) => {
  const { url } = await display(gantry);
  await page.goto("about:blank");
  await FakeSocket.open(page, url);
  const stopped = await page.evaluate(() => {
    const tried: Record<string, Event> = {
      menu: new MouseEvent("contextmenu", { bubbles: true, cancelable: true }),
      drop: new Event("drop", { bubbles: true, cancelable: true }),
      backspace: new KeyboardEvent("keydown", { keyCode: 8, bubbles: true, cancelable: true }),
      back: new KeyboardEvent("keydown", { keyCode: 37, altKey: true, bubbles: true, cancelable: true }),
      f5: new KeyboardEvent("keydown", { keyCode: 116, bubbles: true, cancelable: true }),
    };
    return Object.entries(tried).map(([name, event]) => [name, !document.body.dispatchEvent(event)]);
  });
  expect(Object.fromEntries(stopped)).toEqual({
    menu: true,
    drop: true,
    backspace: true,
    back: true,
    f5: false,
  });
});
