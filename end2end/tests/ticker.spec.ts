// A line that runs past: made in the builder, on real screens, at the same place on all of them.

import type { Frame, JSHandle, Page } from "@playwright/test";

import { Builder } from "../builder";
import { expect, test } from "../gantry";

test.use({ viewport: { width: 1440, height: 900 } });

const WORDS = "Awards at 11:00 in the big tent behind the finish";

/** How far from its place by this computer's clock, in milliseconds; all runs on one computer. */
function away(page: Page | Frame): Promise<JSHandle<() => number>> {
  return page.evaluateHandle(() => () => {
    const line = Array.from(document.querySelectorAll<HTMLElement>(".run > .l")).find(
      (one) => one.offsetWidth,
    );
    const timing = line?.getAnimations()[0]?.effect?.getComputedTiming();
    if (!timing || timing.progress == null) return Infinity;
    const once = Number(timing.duration);
    const away = (((timing.progress * once - Date.now()) % once) + once) % once;
    return Math.min(away, once - away);
  });
}

/** The same of each picture that is painted from now on. */
async function awayInPictures(page: Page | Frame): Promise<JSHandle<number[]>> {
  return (await away(page)).evaluateHandle((away) => {
    const seen: number[] = [];
    const look = () => {
      seen.push(away());
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return seen;
  });
}

/**
 * The line takes 15 seconds and more for a round. A page that came late knows the time as well as
 * the others once the server has said it again. An engine that is busy while a line begins starts
 * it late, and keeps to that: one that began anew by mistake is further off.
 */
async function isInStep(page: Page): Promise<void> {
  const awayMs = async () => (await away(page)).evaluate((away) => away());
  await expect.poll(awayMs, { timeout: 30_000 }).toBeLessThan(2_000);
}

test("a ticker runs on all screens alike, through frames and scenes, and stands still for its designer", async ({
  gantry,
  controller,
  context,
  page,
}) => {
  test.setTimeout(150_000);
  const builder = await Builder.open(gantry, page, "big-type");
  const display = await gantry.createDisplay(builder.event, ["FINISH"]);
  for (const scene of ["Runner", "Resting"]) {
    await page.getByRole("group", { name: "Scenes" }).getByRole("button", { name: scene }).click();
    await builder.over.focus();
    await page.keyboard.press("k");
    await builder.drag([0, 1000], [1920, 1080]);
    await builder.field("Text, with fields in braces").fill(WORDS);
  }
  const line = builder.canvas.locator(".run > .l");
  await expect(line).toContainText(WORDS);
  expect(await line.evaluate((it) => it.getAnimations().length)).toBe(0);
  const play = page.getByRole("button", { name: "Play the scene" });
  const [pictures, whole] = [await awayInPictures(page.frames()[1]), await builder.turns()];
  await play.click();
  await expect(play).toBeVisible({ timeout: 15_000 });
  expect(Math.min(...(await pictures.jsonValue()))).toBeLessThan(700);
  await expect.poll(() => line.evaluate((it) => it.getAnimations().length)).toBe(0);
  const { length } = await whole.jsonValue();
  // The second press, right after the first, stops it. The button is less wide by then.
  const stopped = await builder.turns();
  await play.dblclick({ position: { x: 12, y: 12 } });
  await expect(play).toBeVisible();
  expect((await stopped.jsonValue()).length, "not all of it was played").toBeLessThan(length);
  await expect.poll(() => line.evaluate((it) => it.getAnimations().length)).toBe(0);
  await builder.isSaved();

  await builder.publish("FINISH");

  const screens = await Promise.all(
    ["full", "lite"].map(async (level) => {
      const screen = await context.newPage();
      if (level === "lite") await screen.addInitScript("delete window.WebAssembly");
      await screen.goto(display.url);
      return screen;
    }),
  );
  for (const screen of screens) await isInStep(screen);

  const mats = await controller({ locations: ["FINISH"] });
  for (const [bib, name] of [["1", "Pendlebury"], ["3", "Łąkowska-Ångström"]]) {
    mats.read("FINISH", bib);
    for (const screen of screens) {
      await expect(screen.locator(".canvas:visible").last()).toContainText(name);
      await isInStep(screen);
    }
  }

  const [full] = screens;
  await full.emulateMedia({ reducedMotion: "reduce" });
  const running = full.locator(".run > .l:visible");
  await expect
    .poll(() => running.last().evaluate((it) => it.getAnimations().length))
    .toBe(0);
  await expect(running.last()).toContainText(WORDS);
});
