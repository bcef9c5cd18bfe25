// The timing window of the builder: real reads come into it, are shown on the canvas, are played
// again, and a display is bound to where they come from.

import type { JSHandle, Locator, Page } from "@playwright/test";

import { canvas, secondsAgo } from "../board";
import { Builder } from "../builder";
import { expect, test } from "../gantry";
import { isAccessible } from "../studio";

test.use({ viewport: { width: 1440, height: 900 } });

class Timing {
  constructor(readonly page: Page) {}

  static async open(page: Page): Promise<Timing> {
    await page.getByRole("button", { name: "Timing", exact: true }).click();
    return new Timing(page);
  }

  get window() {
    return this.page.getByRole("complementary", { name: "Timing" });
  }

  get sessions() {
    return this.window.getByRole("list", { name: "Timing sessions" }).getByRole("listitem");
  }

  get reads() {
    return this.window.getByRole("list", { name: "Reads, the newest first" });
  }

  read(who: string) {
    return this.reads.getByRole("button").filter({ hasText: who });
  }

  press(name: string) {
    return this.window.getByRole("button", { name, exact: true }).click();
  }
}

/** What these within `around` say each time that it is something else, however short it stands. */
function told(around: Locator, those: string): Promise<JSHandle<string[][]>> {
  return around.evaluateHandle((around, those) => {
    const told: string[][] = [];
    const look = () => {
      const found = Array.from(around.querySelectorAll(those));
      const says = found.map((one) => one.textContent?.trim() ?? "");
      if (`${says}` !== `${told[told.length - 1]}`) told.push(says);
    };
    const all = { childList: true, subtree: true, characterData: true };
    new MutationObserver(look).observe(around, all);
    return told;
  }, those);
}

test("reads come into the window, and whoever is pressed is on the canvas", async ({
  gantry,
  page,
  controller,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  await builder.field("Text, with fields in braces").fill("{bib} {first_name} at {points}");
  const mats = await controller({ locations: ["START", "FINISH"] });
  mats.read("START", "1", secondsAgo(2));

  const timing = await Timing.open(page);
  await expect(timing.sessions).toHaveCount(1);
  await expect(timing.sessions).toContainText("live");
  await expect(timing.sessions).toContainText("EVENT1");
  await expect(timing.sessions).toContainText("FINISH");
  const search = timing.window.getByLabel("Search timing sessions");
  await search.fill("swimming");
  await expect(timing.sessions).toHaveCount(0);
  await expect(timing.window.getByText("No timing session is found.")).toBeVisible();
  await search.fill("event1 finish");
  await expect(timing.sessions).toHaveCount(1);
  await timing.sessions.getByRole("button").click();
  await expect(timing.read("1 Ada Pendlebury")).toBeVisible();

  mats.read("FINISH", "3", secondsAgo(1));
  mats.read("FINISH", "999", secondsAgo(0));
  await expect(timing.read("3 Þórdís")).toBeVisible();
  await expect(timing.read("999")).toContainText("unknown");
  await expect(timing.read("999")).toBeDisabled();
  await timing.read("1 Ada").click();
  await expect(builder.element("text-1")).toHaveText("1 Ada at START");
  await timing.read("3 Þórdís").click();
  await expect(builder.element("text-1")).toHaveText("3 Þórdís at FINISH");

  // The canvas follows what comes.
  await timing.press("Follow live");
  mats.read("FINISH", "1", secondsAgo(0));
  await expect(builder.element("text-1")).toHaveText("1 Ada at FINISH");
  await timing.press("Follow live");
  mats.read("FINISH", "2", secondsAgo(0));
  await expect(timing.read("2 Maximiliane")).toBeVisible();
  await expect(builder.element("text-1")).toHaveText("1 Ada at FINISH");
  await isAccessible(page);
});

test("a session that is over is played into the canvas and onto no screen", async ({
  gantry,
  page,
  controller,
  context,
}) => {
  test.setTimeout(150_000);
  const builder = await Builder.open(gantry, page);
  const display = await gantry.createDisplay(builder.event, ["FINISH"], { template: "finish-wide" });
  const screen = await context.newPage();
  await screen.goto(display.url);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  await builder.field("Text, with fields in braces").fill("{bib} {first_name}");
  const mats = await controller({ locations: ["FINISH"] });
  // Late, so that no screen shows them. A page that is held up plays on by a second at most: by ten
  // of the race, which never are two reads.
  mats.read("FINISH", "1", secondsAgo(3_600));
  mats.read("FINISH", "2", secondsAgo(3_585));
  mats.read("FINISH", "3", secondsAgo(3_300));
  // Shortly after midnight they are of a day that is there only once they are stored.
  await gantry.stores(builder.event, 3);
  const timing = await Timing.open(page);
  await expect(timing.sessions).toHaveCount(1);
  await timing.sessions.getByRole("button").click();
  await expect(timing.read("3 Þórdís")).toBeVisible();
  await timing.press("All sessions");
  await mats.disconnect();
  await expect(timing.sessions).toContainText("ended", { timeout: 15_000 });
  await timing.sessions.getByRole("button").click();
  await expect(timing.read("3 Þórdís")).toBeVisible();
  await expect(timing.window.getByRole("button", { name: "Follow live" })).toBeHidden();

  // Ten seconds of the race are one; of five minutes one second is left.
  await timing.window.getByLabel("Speed").selectOption("10×");
  await page.getByLabel("Try with").selectOption({ label: "Nobody" });
  await expect(builder.element("text-1")).toHaveText("");
  const isPlayed = async (texts: string[], begin: () => Promise<void>) => {
    const canvas = await told(builder.canvas, ".e-text-1");
    const list = await told(timing.reads, ".session-who");
    await begin();
    await expect(timing.window.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    await expect(builder.element("text-1")).toHaveText("3 Þórdís");
    expect(await canvas.jsonValue()).toEqual(texts.map((text) => [text]));
    // Who is still to come is not listed.
    const counts = (await list.jsonValue()).map((reads) => reads.length);
    expect(counts).toEqual([0, ...texts.map((_, index) => index + 1)]);
  };
  await isPlayed(["1 Ada", "2 Maximiliane Evangeline", "3 Þórdís"], () => timing.press("Play"));
  // From the middle on.
  const slider = timing.window.getByLabel("Position");
  await isPlayed(["2 Maximiliane Evangeline", "3 Þórdís"], () => slider.fill("5"));
  await slider.fill("5");
  await timing.press("Stop");
  await expect(timing.read("1 Ada")).toBeVisible();
  await expect(canvas(screen)).not.toContainText(/Ada|Þórdís/i);
});

test("a display is bound to points of a session, and replays nothing", async ({
  gantry,
  page,
  controller,
  context,
}) => {
  const builder = await Builder.open(gantry, page, "finish-wide");
  // Of one runner: a list would show who was read at its points before.
  const display = await gantry.createDisplay(builder.event, ["10K"], { template: "big-type" });
  const screen = await context.newPage();
  await screen.goto(display.url);
  const mats = await controller({ locations: ["START", "FINISH"] });
  mats.read("START", "1", secondsAgo(3));
  mats.read("FINISH", "1", secondsAgo(1));
  const timing = await Timing.open(page);
  await expect(timing.sessions).toHaveCount(1);
  await timing.sessions.getByRole("button").click();
  await expect(timing.read("1 Ada")).toHaveCount(2);
  await timing.window.getByText("Show it on a display").click();
  await timing.window.getByLabel("Display").selectOption({ label: "10K" });
  // With its first read a location becomes a point, of which the window hears a little later.
  await expect(timing.window.getByLabel("FINISH")).toBeChecked();
  await timing.window.getByLabel("START").uncheck();
  await timing.press("Bind the display");
  await expect(page.getByText("The display shows what is read there from now on.")).toBeVisible();
  mats.read("START", "3", secondsAgo(0));
  mats.read("FINISH", "2", secondsAgo(0));
  await expect(canvas(screen)).toContainText(/Maximiliane/i, { timeout: 15_000 });
  await expect(canvas(screen)).not.toContainText(/Ada|Þórdís/i);
});

test.describe(() => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("on a phone the window leaves the canvas in sight", async ({ gantry, page, controller }) => {
    const builder = await Builder.open(gantry, page);
    const mats = await controller({ locations: ["FINISH"] });
    mats.read("FINISH", "1", secondsAgo(1));
    const timing = await Timing.open(page);
    await timing.sessions.getByRole("button").click();
    await timing.read("1 Ada").click();
    const window = await timing.window.boundingBox();
    expect(window?.width).toBe(390);
    const over = await builder.over.boundingBox();
    expect(window?.y).toBeGreaterThan((over?.y ?? 0) + 100);
    await timing.press("Close the timing window");
    await expect(timing.window).toBeHidden();
  });
});
