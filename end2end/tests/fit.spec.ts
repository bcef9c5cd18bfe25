// The widths that the server reckons, against those that a browser draws: a text is fitted to its
// box without one.

import { expect, test } from "../gantry";

type Measured = {
  text: string;
  kind: string;
  font: string;
  /** At a font size of 100 px, as everything here. */
  reckoned: number;
  drawn: number;
};

/** What is drawn letter by letter is as wide as reckoned, but for rounding. */
const EXACT = 0.005;
const EXACT_PX = 1;
/** Scripts whose letters change beside each other may be reckoned a little wider, hardly slimmer. */
const WIDER = 0.02;
const SLIMMER = 0.02;

test("a thousand hard names are as wide as the server reckons", async ({ page }) => {
  await page.goto("/dev/fit");
  const measured = await page.evaluate(async () => {
    const spans = Array.from(document.querySelectorAll("span"));
    // All faces that these texts need, and whatever they ask for in their turn.
    await Promise.all(
      spans.map((span) => {
        const style = getComputedStyle(span);
        const font = `${style.fontWeight} 100px ${style.fontFamily}`;
        return document.fonts.load(font, span.textContent ?? "");
      }),
    );
    await document.fonts.ready;
    return spans.map((span): Measured => {
      const style = getComputedStyle(span);
      return {
        text: span.textContent ?? "",
        kind: span.dataset.kind ?? "",
        font: `${style.fontFamily.split(",")[0]} ${style.fontWeight}`,
        reckoned: Number(span.dataset.mem) / 10,
        drawn: span.getBoundingClientRect().width,
      };
    });
  });
  expect(measured).toHaveLength(1000);
  expect(new Set(measured.map((it) => it.font)).size).toBe(8);

  const off = (it: Measured) => (it.reckoned - it.drawn) / it.drawn;
  const isRight = (it: Measured) =>
    it.kind === "exact"
      ? Math.abs(it.reckoned - it.drawn) <= Math.max(EXACT_PX, EXACT * it.drawn)
      : -SLIMMER <= off(it) && off(it) <= WIDER;
  const line = (it: Measured) =>
    `${(100 * off(it)).toFixed(2)} % (${it.reckoned} for ${it.drawn}) ${it.kind} ${it.font} ${it.text}`;

  const worst = [...measured].sort((a, b) => Math.abs(off(b)) - Math.abs(off(a)));
  for (const kind of new Set(measured.map((it) => it.kind))) {
    const its = worst.filter((it) => it.kind === kind);
    console.log(`${its.length} ${kind}, the worst:\n${its.slice(0, 5).map(line).join("\n")}`);
  }
  expect(worst.filter((it) => !isRight(it)).map(line)).toEqual([]);
});
