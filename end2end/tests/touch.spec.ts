// The builder under fingers, on a tablet: what a mouse does with a button and a wheel.

import type { CDPSession, Page } from "@playwright/test";

import { Builder, type Point } from "../builder";
import { expect, test } from "../gantry";
import { resize } from "../layout";

test.use({ viewport: { width: 820, height: 1_180 }, hasTouch: true });

const MOVES = 10;

/**
 * Fingers as the browser gets them from a screen. One that rests for half a second opens a menu,
 * and an answer of a busy browser may take as long: where a finger is not to rest, nothing is
 * waited for before it has gone half its way or is lifted. The browser keeps the order.
 */
class Fingers {
  private constructor(
    readonly builder: Builder,
    readonly devtools: CDPSession,
  ) {}

  static async of(builder: Builder): Promise<Fingers> {
    const { page } = builder;
    return new Fingers(builder, await page.context().newCDPSession(page));
  }

  /** Of the window. */
  async #are(type: "touchStart" | "touchMove" | "touchEnd", at: Point[]): Promise<void> {
    const touchPoints = at.map((point, id) => ({ ...point, id }));
    await this.devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  }

  /** Each finger from one place of the window to another, all at once. */
  async move(...ways: { from: Point; to: Point }[]): Promise<void> {
    const at = (part: number) =>
      ways.map(({ from, to }) => ({
        x: from.x + (to.x - from.x) * part,
        y: from.y + (to.y - from.y) * part,
      }));
    const moveTo = (move: number) => this.#are("touchMove", at(move / MOVES));
    const begun = [this.#are("touchStart", at(0))];
    for (let move = 1; move <= MOVES / 2; move += 1) begun.push(moveTo(move));
    await Promise.all(begun);
    for (let move = MOVES / 2 + 1; move <= MOVES; move += 1) await moveTo(move);
    await this.#are("touchEnd", []);
  }

  /** One finger, in pixels of the canvas. */
  async drag(from: [number, number], to: [number, number]): Promise<void> {
    await this.move({
      from: await this.builder.at(...from),
      to: await this.builder.at(...to),
    });
  }

  async tap(x: number, y: number): Promise<void> {
    const at = [await this.builder.at(x, y)];
    await Promise.all([this.#are("touchStart", at), this.#are("touchEnd", [])]);
  }

  /** Rests there until it is lifted. */
  async press(x: number, y: number): Promise<void> {
    await this.#are("touchStart", [await this.builder.at(x, y)]);
  }

  async lift(): Promise<void> {
    await this.#are("touchEnd", []);
  }
}

/** All of the canvas is seen, in the middle, as large as there is room for. */
async function isFitted(builder: Builder): Promise<void> {
  const MARGIN_PX = 32;
  const off = async () => {
    const over = await builder.over.boundingBox();
    if (!over) throw new Error("there is no canvas");
    const [from, to] = [await builder.at(0, 0), await builder.at(1_920, 1_080)];
    const [left, top] = [from.x - over.x, from.y - over.y];
    const [right, bottom] = [over.x + over.width - to.x, over.y + over.height - to.y];
    return Math.max(
      Math.abs(left - right),
      Math.abs(top - bottom),
      Math.abs(Math.min(left, top) - MARGIN_PX),
    );
  };
  await expect.poll(off).toBeLessThanOrEqual(2);
}

/** Nothing but the canvas has moved. */
async function pageRests(page: Page): Promise<void> {
  const scrolled = await page.evaluate(() => [scrollX, scrollY, visualViewport?.scale]);
  expect(scrolled).toEqual([0, 0, 1]);
}

test("a shape is drawn, moved and resized by one finger", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  await builder.tool("Rectangle");
  await fingers.drag([400, 300], [1_000, 700]);
  await builder.isNear(400, 300, 600, 400);
  await fingers.drag([700, 500], [900, 650]);
  await builder.isNear(600, 450, 600, 400);
  // By its right bottom handle.
  await fingers.drag([1_200, 850], [1_400, 950]);
  await builder.isNear(600, 450, 800, 500);
  await builder.isSaved();
  await pageRests(page);
});

test("a finger beside all elements selects what it draws a rectangle around", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  for (const x of [300, 1_000]) {
    await builder.tool("Rectangle");
    await fingers.drag([x, 300], [x + 400, 700]);
  }
  await fingers.tap(960, 1_000);
  await expect(builder.field("Width")).toHaveCount(0);
  await fingers.drag([200, 200], [1_500, 800]);
  await builder.isNear(300, 300, 1_100, 400);
  // One alone, by a tap.
  await fingers.tap(1_200, 500);
  await builder.isNear(1_000, 300, 400, 400);
});

test("two fingers look closer and push the canvas, and change nothing on it", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  await builder.tool("Rectangle");
  await fingers.drag([100, 100], [1_800, 900]);
  const place = await builder.place();
  const [before, { x, y }] = [await builder.view(), await builder.middle()];
  // Both begin on the shape.
  await fingers.move(
    { from: { x: x - 40, y }, to: { x: x - 100, y } },
    { from: { x: x + 40, y }, to: { x: x + 100, y } },
  );
  const closer = await builder.view();
  expect(closer.scale / before.scale).toBeCloseTo(2.5, 1);
  // What lay between the fingers lies there still.
  const under = (seen: typeof before) => (x - seen.corner.x) / seen.scale;
  expect(Math.abs(under(closer) - under(before))).toBeLessThan(3);
  await fingers.move(
    { from: { x: x - 40, y }, to: { x: x + 10, y: y + 70 } },
    { from: { x: x + 40, y }, to: { x: x + 90, y: y + 70 } },
  );
  const pushed = await builder.view();
  expect(pushed.scale).toBeCloseTo(closer.scale, 2);
  expect(pushed.corner.x - closer.corner.x).toBeCloseTo(50, 0);
  expect(pushed.corner.y - closer.corner.y).toBeCloseTo(70, 0);
  await builder.isAt(...place);
  await pageRests(page);
});

test("a text that a finger has drawn is written at once", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  await builder.tool("Text");
  await fingers.drag([200, 200], [1_700, 400]);
  await expect(builder.field("Text, with fields in braces")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Well run!");
  await expect(builder.element("text-1")).toHaveText("Well run!");
});

test("a finger that rests opens the menu of what it is on, all of it in sight", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  await builder.tool("Rectangle");
  await fingers.drag([1_300, 600], [1_900, 1_060]);
  await fingers.tap(200, 200);
  await expect(builder.field("Width")).toHaveCount(0);
  const menu = page.getByRole("menu", { name: "What is selected" });
  await fingers.press(1_850, 1_050);
  await expect(menu).toBeInViewport({ ratio: 1 });
  await fingers.lift();
  await builder.isNear(1_300, 600, 600, 460);
  await menu.getByRole("menuitem", { name: /^Duplicate/ }).tap();
  await expect(menu).toBeHidden();
  await expect(builder.canvas.locator(".b")).toHaveCount(2);
  await pageRests(page);
});

test("layers are as high as fingers need, and none is missing, however many there are", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Rectangle");
  await builder.drag([100, 100], [300, 300]);
  const COUNT = 128;
  for (let count = 1; count < COUNT; count *= 2) {
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+d");
  }
  await page.getByRole("button", { name: "Layers and fields" }).tap();
  await expect(builder.layers.first()).toBeVisible();
  const row = await builder.layers.first().boundingBox();
  expect(row?.height).toBe(44);
  const scroller = page.locator(".layers");
  for (const part of [0, 0.3, 0.6, 1]) {
    await scroller.evaluate((it, part) => it.scrollTo(0, part * it.scrollHeight), part);
    const seen = () =>
      scroller.evaluate((it) => {
        const PADDING_PX = 4;
        const { top, bottom } = it.getBoundingClientRect();
        const rows = it.querySelector("ul")!.getBoundingClientRect();
        return {
          isCovered: rows.top <= top + PADDING_PX && bottom - PADDING_PX <= rows.bottom,
          height: it.scrollHeight - 2 * PADDING_PX,
        };
      });
    await expect.poll(seen).toEqual({ isCovered: true, height: COUNT * 44 });
  }
});

test("a finger moves a layer by its handle, and scrolls the layers by all else", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  for (const shape of ["Rectangle", "Ellipse", "Clock"]) {
    await builder.tool(shape);
    await builder.drag([100, 100], [300, 300]);
  }
  await page.getByRole("button", { name: "Layers and fields" }).tap();
  await expect(builder.layers.first()).toBeVisible();
  const fingers = await Fingers.of(builder);
  await expect(builder.layers).toHaveText(["Clock", "Ellipse", "Rectangle"]);
  const handle = builder.layers.nth(2).locator(".layer-handle");
  const [from, to] = [await handle.boundingBox(), await builder.layers.first().boundingBox()];
  if (!from || !to) throw new Error("there is no layer to be moved");
  const x = from.x + from.width / 2;
  const begin = { x, y: from.y + from.height / 2 };
  await fingers.move({ from: begin, to: { x, y: to.y + 5 } });
  await expect(builder.layers).toHaveText(["Rectangle", "Clock", "Ellipse"]);
  // A tap, and a finger that leaves the list, move nothing.
  await fingers.move({ from: begin, to: begin });
  await fingers.move({ from: begin, to: { x: 600, y: begin.y - 200 } });
  await expect(builder.layers).toHaveText(["Rectangle", "Clock", "Ellipse"]);

  for (let count = 3; count < 40; count *= 2) {
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+d");
  }
  const scroller = page.locator(".layers");
  await expect.poll(() => scroller.evaluate((it) => it.scrollHeight > 1.5 * it.clientHeight)).toBe(true);
  const name = { x: to.x + to.width / 3, y: to.y + 500 };
  await fingers.move({ from: name, to: { ...name, y: name.y - 300 } });
  await expect.poll(() => scroller.evaluate((it) => it.scrollTop)).toBeGreaterThan(100);
  await pageRests(page);
});

for (const [width, height] of [
  [820, 1_180],
  [1_180, 820],
]) {
  test(`a tablet of ${width} by ${height} leaves the room to the canvas, also beside the layers`, async ({
    gantry,
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const builder = await Builder.open(gantry, page);
    await isFitted(builder);
    const whole = await builder.view();
    expect(whole.scale * 1_920).toBeGreaterThan(0.65 * width);
    const layers = page.getByRole("button", { name: "Layers and fields" });
    await layers.tap();
    await expect(page.getByLabel("Search layers")).toBeVisible();
    await isFitted(builder);
    const beside = await builder.view();
    expect(beside.corner.x).toBeGreaterThan(whole.corner.x);
    expect(beside.scale * 1_920).toBeGreaterThan(0.45 * width);
    await layers.tap();
    await expect(page.getByLabel("Search layers")).toBeHidden();
    await isFitted(builder);
    expect(await builder.view()).toEqual(whole);
    // Who looks for one brings them too.
    await builder.over.focus();
    await page.keyboard.press("Control+f");
    await expect(page.getByLabel("Search layers")).toBeFocused();
  });
}

test("the canvas stays fitted when the tablet is turned, and where one looks when one looks closer", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const fingers = await Fingers.of(builder);
  await isFitted(builder);
  await resize(page, 1_180, 820);
  await isFitted(builder);
  await resize(page, 820, 1_180);
  await isFitted(builder);
  const { x, y } = await builder.middle();
  await fingers.move(
    { from: { x: x - 40, y: y - 30 }, to: { x: x - 140, y: y - 60 } },
    { from: { x: x + 40, y: y - 30 }, to: { x: x + 140, y: y - 60 } },
  );
  const before = await builder.view();
  const seen = async () => {
    const [{ scale, corner }, at] = [await builder.view(), await builder.middle()];
    return { scale, x: (at.x - corner.x) / scale, y: (at.y - corner.y) / scale };
  };
  const upon = await seen();
  await resize(page, 1_180, 820);
  await expect.poll(async () => (await builder.view()).corner).not.toEqual(before.corner);
  const away = async () => {
    const now = await seen();
    return Math.hypot(now.x - upon.x, now.y - upon.y) * now.scale;
  };
  await expect.poll(away).toBeLessThan(1.5);
  expect((await seen()).scale).toBe(upon.scale);
});
