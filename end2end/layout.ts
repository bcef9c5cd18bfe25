// Whether a board fits its screen: measured in the page, text by text, as painted. Knows the
// markup of `crates/render`; the spec does not.

import { expect, type Page } from "@playwright/test";

/** What people bring: televisions lying and standing, phones, a laptop, a tablet, a wall. */
export const SCREENS: readonly (readonly [number, number])[] = [
  [1920, 1080],
  [1080, 1920],
  [390, 844],
  [844, 390],
  [1280, 800],
  [768, 1024],
  [1920, 480],
];

/** Whatever the page shows fits these screens. `scene` names it in a failure. */
export async function fits(page: Page, scene: string, screens = SCREENS): Promise<void> {
  // Two while the next scene comes.
  await expect(page.locator(":is(.canvas, .plain):visible")).toHaveCount(1);
  for (const [width, height] of screens) {
    await resize(page, width, height);
    // The page has asked for its next picture by then, and gets it before this does.
    await page.evaluate(
      () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
    );
    // Nothing moves, in the fonts that it is meant for.
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.evaluate(animationsEnd);
    const faults = await page.evaluate(layoutFaults);
    expect.soft(faults, `${scene} at ${width}x${height}`).toEqual([]);
  }
}

/**
 * Until the page has heard of it. Its pictures alone do not tell: where a test has put the page's
 * clock in its hands, the next of them may come first.
 */
export async function resize(page: Page, width: number, height: number): Promise<void> {
  type Resizing = { heard?: Promise<unknown> };
  const before = page.viewportSize();
  if (before?.width === width && before.height === height) return;
  await page.evaluate(() => {
    (window as Resizing).heard = new Promise((heard) => {
      addEventListener("resize", heard, { once: true });
    });
  });
  await page.setViewportSize({ width, height });
  // The event is not for the answer: it is the page's own.
  await page.evaluate(async () => {
    await (window as Resizing).heard;
  });
}

/** Runs in the page. Waits for all that moves but what moves for ever. */
export async function animationsEnd(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter((it) => Number.isFinite(it.effect?.getComputedTiming().endTime));
  await Promise.allSettled(ending.map((it) => it.finished));
}

/** Runs in the page. Returns sentences about what overflows, overlaps or is cut off. */
function layoutFaults(): string[] {
  // Fractions of a pixel are rounding.
  const SLACK_PX = 1;
  type Box = { left: number; top: number; right: number; bottom: number };
  // What is too wide was cut by `fit`, so nothing is ever left to the browser's own ellipsis.
  type Text = { what: string; box: Box; ink: Box };
  const faults: string[] = [];
  const screen: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };

  const say = (box: Box) =>
    `${box.left.toFixed(1)},${box.top.toFixed(1)} to ${box.right.toFixed(1)},${box.bottom.toFixed(1)}`;
  const inside = (inner: Box, outer: Box) =>
    inner.left >= outer.left - SLACK_PX &&
    inner.top >= outer.top - SLACK_PX &&
    inner.right <= outer.right + SLACK_PX &&
    inner.bottom <= outer.bottom + SLACK_PX;
  const overlap = (one: Box, other: Box) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > SLACK_PX &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > SLACK_PX;
  const isShown = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.textContent?.trim() !== "";
  const all = (root: ParentNode, part: string) =>
    Array.from(root.querySelectorAll(part)).filter(isShown);

  // The glyphs themselves may reach over the line that layout counts with: marks over and under,
  // and scripts from other fonts.
  const paper = document.createElement("canvas").getContext("2d")!;
  const text = (element: Element): Text => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const line = range.getBoundingClientRect();
    const style = getComputedStyle(element);
    // What is painted is scaled with the canvas it is on.
    const scale = element.getBoundingClientRect().height / element.clientHeight || 1;
    const size = parseFloat(style.fontSize) * scale;
    paper.font = `${style.fontWeight} ${size}px ${style.fontFamily}`;
    const glyphs = paper.measureText(element.textContent ?? "");
    const baseline =
      (line.top + line.bottom + glyphs.fontBoundingBoxAscent - glyphs.fontBoundingBoxDescent) / 2;
    // A line may be higher than its element: it is cut off only where something clips.
    let clip = element.parentElement;
    while (clip && getComputedStyle(clip).overflow === "visible") clip = clip.parentElement;
    const box = (clip ?? document.documentElement).getBoundingClientRect();
    const ink = {
      left: line.left,
      right: line.right,
      top: baseline - glyphs.actualBoundingBoxAscent,
      bottom: baseline + glyphs.actualBoundingBoxDescent,
    };
    return {
      what: `${element.className} "${element.textContent}"`,
      box,
      ink,
    };
  };
  const check = (texts: Text[], within: Box, where: string) => {
    for (const { what, box, ink } of texts) {
      if (!inside(ink, within)) faults.push(`${what} is out of ${where}: ${say(ink)}`);
      if (!inside(ink, box)) faults.push(`${what} is cut off: ${say(ink)} in ${say(box)}`);
    }
    for (const [index, one] of texts.entries()) {
      for (const other of texts.slice(index + 1)) {
        if (overlap(one.ink, other.ink)) faults.push(`${one.what} lies on ${other.what}`);
      }
    }
  };

  const page = document.scrollingElement!;
  if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) {
    faults.push(`the page scrolls: ${page.scrollWidth} by ${page.scrollHeight}`);
  }
  // The one canvas that is seen, and what it says: each line in its box, and none on another.
  const canvas = Array.from(document.querySelectorAll(".canvas:not(.coming)")).filter((one) =>
    one.checkVisibility(),
  );
  const lines = canvas.flatMap((one) => all(one, ".l"));
  check(lines.map(text), screen, "the screen");
  // The notice lies over everything, on a plate of its own.
  for (const { what, ink } of all(document, ".notice").map(text)) {
    if (!inside(ink, screen)) faults.push(`${what} is out of the screen: ${say(ink)}`);
  }
  if (canvas.length > 1) faults.push(`${canvas.length} canvases are seen`);
  // Pages without a board: their lines break, so their boxes are what counts.
  const plain = all(document, ".plain-text > *");
  for (const element of plain) {
    const box = element.getBoundingClientRect();
    if (!inside(box, screen)) faults.push(`"${element.textContent}" is out of the screen`);
  }
  if (lines.length + plain.length === 0) faults.push("nothing is shown");
  return faults;
}
