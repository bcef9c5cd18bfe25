// Clocks of several screens, of both levels: the same to a twentieth of a second, and never back.

import type { Page } from "@playwright/test";

import { canvas } from "../board";
import { expect, test } from "../gantry";
import { display } from "../socket";

// No clock is early, so that none are further apart than one is late.
const LATE_MS_MAX = 50;

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

// By the last eight it has heard the server several times.
const CHANGES = 14;
const KNOWING = 8;

/** Notes so many times when a clock says something else, by this computer's clock. */
async function changes(page: Page): Promise<[string, number][]> {
  return page.evaluate(async (count) => {
    const seen: [string, number][] = [];
    const clock = () =>
      Array.from(document.querySelectorAll<HTMLElement>(".canvas:not(.coming) .l"))
        .filter((line) => line.offsetWidth)
        .map((line) => line.textContent ?? "")
        .find((text) => /^\d\d:\d\d:\d\d$/.test(text)) ?? "";
    let before = clock();
    await new Promise<void>((wake) => {
      const watch = new MutationObserver(() => {
        const now = clock();
        if (now !== before) seen.push([(before = now), Date.now()]);
        if (seen.length >= count) wake(watch.disconnect());
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    return seen;
  }, CHANGES);
}

/** By how much it said a second, in UTC, after it had begun. A wrong clock is so by a whole hour. */
function lateMs([text, at]: [string, number]): number {
  const late = at - Date.parse(`1970-01-01T${text}Z`) + HOUR_MS / 2;
  return (((late % HOUR_MS) + HOUR_MS) % HOUR_MS) - HOUR_MS / 2;
}

/** Whether a time of day comes after another, also over midnight. */
function isAfter(before: string, text: string): boolean {
  const [from, to] = [before, text].map((time) => Date.parse(`1970-01-01T${time}Z`) / 1_000);
  const ahead = (to - from + DAY_S) % DAY_S;
  return 0 < ahead && ahead < DAY_S / 2;
}

test("the clocks of all screens change at one moment", async ({ gantry, context }) => {
  const { url } = await display(gantry);
  const open = async (script: string) => {
    const page = await context.newPage();
    if (script) await page.addInitScript(script);
    await page.goto(url);
    // The server's own picture has a clock too, which stands: only a script places it by a matrix.
    await expect(canvas(page)).toHaveAttribute("style", /matrix/);
    await expect(canvas(page)).toContainText(/\d\d:\d\d:\d\d/);
    return page;
  };
  const lite = "delete window.WebAssembly";
  // One whose own clock is wrong by an hour.
  const wrong = "{ const now = Date.now; Date.now = () => now() + 3600000; }";
  const pages = await Promise.all(["", "", lite, `${lite};${wrong}`].map(open));
  const told = await Promise.all(pages.map(changes));
  for (const [index, seen] of told.entries()) {
    const texts = seen.map(([text]) => text);
    const back = texts.slice(1).filter((text, before) => !isAfter(texts[before], text));
    expect(back, `clock ${index + 1} goes forward`).toEqual([]);
    // The server is on this computer, so its seconds begin with those of `Date.now`. A busy
    // computer makes a screen late now and then, never early: the least is what its clock is off.
    const late = seen.slice(-KNOWING).map(lateMs);
    const least = Math.min(...late);
    console.log(`clock ${index + 1} is late by ${late.join(", ")} ms`);
    expect(least, `clock ${index + 1} is not early`).toBeGreaterThan(-5);
    expect(least, `clock ${index + 1} is not late`).toBeLessThanOrEqual(LATE_MS_MAX);
  }
});
