// Clocks of several screens, of both levels: the same to a twentieth of a second, and never back.

import type { Page } from "@playwright/test";

import { expect, test } from "../gantry";
import { display } from "../socket";

// No clock is early, so that none are further apart than one is late.
const LATE_MS_MAX = 50;

const DAY_S = 86_400;

// The lite ones have no use for what the page preloads.
test.use({ allowedConsole: /preload/ });

/** Notes when a clock says something else, by this computer's clock, for a while. */
async function changes(page: Page): Promise<Map<string, number>> {
  const list = await page.evaluate(async () => {
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
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
      setTimeout(() => wake(watch.disconnect()), 8_000);
    });
    return seen;
  });
  return new Map(list);
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
    await expect(page.locator(".canvas:visible")).toContainText(/\d\d:\d\d:\d\d/);
    return page;
  };
  const lite = "delete window.WebAssembly";
  // One whose own clock is wrong by an hour.
  const wrong = "{ const now = Date.now; Date.now = () => now() + 3600000; }";
  const pages = await Promise.all(["", "", lite, `${lite};${wrong}`].map(open));
  const told = await Promise.all(pages.map(changes));
  for (const [index, seen] of told.entries()) {
    expect(seen.size, `clock ${index + 1} runs`).toBeGreaterThan(5);
    const texts = Array.from(seen.keys());
    const back = texts.slice(1).filter((text, before) => !isAfter(texts[before], text));
    expect(back, `clock ${index + 1} goes forward`).toEqual([]);
    // The server is on this computer, so its seconds begin with those of `Date.now`. A busy
    // computer makes a screen late now and then, never early: the least is what its clock is off.
    // By the last five it has heard the server several times.
    const ats = Array.from(seen.values()).slice(-5);
    const late = ats.map((at) => ((at + 500) % 1_000) - 500);
    const least = Math.min(...late);
    console.log(`clock ${index + 1} is late by ${late.join(", ")} ms`);
    expect(least, `clock ${index + 1} is not early`).toBeGreaterThan(-5);
    expect(least, `clock ${index + 1} is not late`).toBeLessThanOrEqual(LATE_MS_MAX);
  }
});
