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
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    const faults = await page.evaluate(layoutFaults);
    expect.soft(faults, `${scene} at ${width}x${height}`).toEqual([]);
  }
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
  const canvas = document.createElement("canvas").getContext("2d")!;
  const text = (element: Element): Text => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const line = range.getBoundingClientRect();
    const inner = element.querySelector("span, b") ?? element;
    const style = getComputedStyle(inner);
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const glyphs = canvas.measureText(element.textContent ?? "");
    const baseline =
      (line.top + line.bottom + glyphs.fontBoundingBoxAscent - glyphs.fontBoundingBoxDescent) / 2;
    const box = element.getBoundingClientRect();
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
  const head = [".kicker", ".event", ".points", ".labels span", ".notice"].flatMap((part) =>
    all(document, part),
  );
  const rows = all(document, ".row:not(.empty)");
  const rest = all(document, ".rest-text");
  check(head.concat(rest).map(text), screen, "the screen");

  let above = document.querySelector(".head")?.getBoundingClientRect().bottom ?? 0;
  let drawn = 0;
  for (const row of rows) {
    const box = row.getBoundingClientRect();
    // Rows that do not fit whole stand in a column beside the screen.
    if (box.left >= innerWidth - SLACK_PX) continue;
    drawn += 1;
    if (!inside(box, screen)) faults.push(`row ${drawn} is not whole on the screen: ${say(box)}`);
    if (box.top < above - SLACK_PX) faults.push(`row ${drawn} lies on what is over it`);
    above = box.bottom;
    const parts = [".bib", ".name", ".place-line", ".time", ".mark"]
      .flatMap((part) => all(row, part));
    check(parts.map(text), box, `row ${drawn}`);
  }
  // Pages without a board: their lines break, so their boxes are what counts.
  const plain = all(document, ".plain-text > *");
  for (const element of plain) {
    const box = element.getBoundingClientRect();
    if (!inside(box, screen)) faults.push(`"${element.textContent}" is out of the screen`);
  }
  if (drawn + rest.length + plain.length === 0) faults.push("nothing is shown");
  return faults;
}
