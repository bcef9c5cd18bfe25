// One renderer: the builder, the still picture of the Templates page and a display show the same of
// every built-in template, to the pixel. The display is a real one: the template is published to
// it, and a controller reads the runner with whom the builder tries it.
//
// All is drawn at one pixel of the canvas to one of the screen. Nothing is masked: where clocks
// run, the builder is told the instant at which the server drew, and the display stands still.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { BrowserContext, Page } from "@playwright/test";

import { Builder } from "../builder";
import { type Controller, expect, test } from "../gantry";
import { difference } from "../pixels";
import { wakes } from "../studio";

const FOLDER = join(import.meta.dirname, "../../crates/model/templates");
const TEMPLATES = readdirSync(FOLDER).map((file) => file.replace(".json", ""));

// As the samples of `render` have it: the instant of the still pictures.
const PICTURED_AT_US = Date.UTC(2026, 2, 6, 10, 24, 35) * 1_000;

// As `service` lends the roster's people their times: who is the first of it takes this long for a
// race of 100 m, and each after that a little longer; chip times begin a second later for each.
const KM = "0.1";
const [FIRST_MS, BETWEEN_MS, BEGIN_MS] = [18_300, 4_300, 1_000];
const BIBS = ["1", "2"];
/** Between the gun and the reads. All are read when they just have happened. */
const SINCE_GUN_S = 24;

// Room for each canvas as it is. Odd, so that half of what is left is a whole pixel.
const WINDOW = { width: 2_601, height: 2_200 };

type Size = { width: number; height: number };

type Crossing = { bib: string; gun_time_ms?: number; chip_time_ms?: number };

/** What a display's page was drawn from. */
type Drawn = {
  state: { runner?: Crossing; arrivals: Crossing[]; races?: { gun_at_us?: number }[] };
  sent_at_us: number;
};

/** One page of a display as the server answered it. */
type Answer = { html: string; drawn: Drawn };

function sizesOf(template: string): Size[] {
  const { layouts } = JSON.parse(readFileSync(join(FOLDER, `${template}.json`), "utf8"));
  const canvases = layouts.map(({ canvas }: { canvas: Record<string, number> }) => canvas);
  return canvases.map(({ width_px, height_px }: Record<string, number>) => ({
    width: width_px,
    height: height_px,
  }));
}

/** A race that has begun, with its course. Gives the gun, a whole second. */
async function startRace(page: Page, event: string): Promise<Date> {
  await page.goto(`/events/${event}`);
  await wakes(page);
  await page.getByRole("button", { name: "New race" }).first().click();
  const race = page.getByRole("dialog", { name: "New race" });
  await race.getByLabel("Name").fill("Sprint");
  await race.getByLabel("Distance").fill(KM);
  await race.getByRole("button", { name: "Save" }).click();
  await expect(race).toBeHidden();
  await page.getByRole("button", { name: "Actions for Sprint" }).click();
  await page.getByRole("menuitem", { name: "Course" }).click();
  const course = page.getByRole("dialog", { name: "Course" });
  await expect(course.getByLabel("Point").last()).toHaveValue("FINISH");
  await course.getByLabel("At (km)").last().fill(KM);
  await course.getByRole("button", { name: "Save the course" }).click();
  await expect(course).toBeHidden();

  await page.getByRole("button", { name: "Fire a gun" }).click();
  await page.getByRole("button", { name: "Gun", exact: true }).click();
  await expect(page.getByText(/^gun .* pressed here/)).toBeVisible();
  // It was yesterday's else.
  await expect.poll(() => (Date.now() / 1_000) % 86_400, { timeout: 60_000 }).toBeGreaterThan(40);
  const gun = new Date(Math.floor(Date.now() / 1_000 - SINCE_GUN_S) * 1_000);
  await page.getByRole("button", { name: "What to do with this start" }).click();
  await page.getByRole("menuitem", { name: "Correct the time" }).click();
  const correct = page.getByRole("dialog", { name: "Correct the gun" });
  await correct.getByLabel("Time of the gun").fill(gun.toISOString().slice(11, 19));
  await correct.getByRole("button", { name: "Correct" }).click();
  await expect(correct).toBeHidden();
  return gun;
}

/** They cross as far after the gun as the builder has it. */
function cross(mats: Controller, gun: Date): void {
  const after = (ms: number) => new Date(gun.getTime() + ms);
  for (const [index, bib] of BIBS.entries()) {
    mats.read("START", bib, after(index * BEGIN_MS));
    mats.read("FINISH", bib, after(FIRST_MS + index * BETWEEN_MS));
  }
}

async function publish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Publish" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await dialog.getByLabel("FINISH").check();
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  // No theme has a logo, and not every template asks for one.
  const anyway = dialog.getByRole("button", { name: "Publish anyway" });
  const done = page.getByText("Version 1 is on 1 display.");
  await expect(anyway.or(done)).toBeVisible();
  if (await anyway.isVisible()) await anyway.click();
  await expect(done).toBeVisible();
}

/** The builder's canvas alone, at 100 %, of somebody at an instant of the server's clock. */
async function inBuilder(
  builder: Builder,
  { at_us, whom, scene, size }: { at_us: number; whom: string; scene: string; size: Size },
): Promise<string> {
  const { page } = builder;
  const canvases = page.getByLabel("Canvas", { exact: true });
  const label = `${size.width} × ${size.height}`;
  if (await canvases.locator("option").count()) await canvases.selectOption({ label });
  await page.getByRole("button", { name: scene, exact: true }).click();
  await page.evaluate((at_us) => (Date.now = () => at_us / 1_000), at_us);
  await page.getByLabel("Try with").selectOption({ label: whom });
  await builder.over.focus();
  await page.keyboard.press("0");
  await expect(page.getByTitle("Fit the canvas")).toHaveText("100 %");
  await builder.canvas.evaluate((it) => it.ownerDocument.fonts.ready.then(() => undefined));
  // At the corner of the window, as on a screen: browsers smooth gradients by where they lie.
  const [corner, over] = [await builder.at(0, 0), await builder.over.boundingBox()];
  if (!over) throw new Error("there is no canvas");
  await page.mouse.move(over.x + over.width / 2, over.y + over.height / 2);
  await page.mouse.wheel(corner.x - over.x, corner.y - over.y);
  await expect.poll(() => builder.at(0, 0)).toEqual({ x: over.x, y: over.y });
  const image = await page.screenshot({
    clip: { x: 0, y: 0, ...size },
    style: `
      .builder-over { visibility: hidden }
      .builder-sight iframe { position: fixed !important; z-index: 9 }
    `,
  });
  return image.toString("base64");
}

/** A page that fills a screen of that size. */
async function onScreen(page: Page, url: string, size: Size): Promise<string> {
  await page.setViewportSize(size);
  await page.goto(url);
  await page.evaluate("document.fonts.ready");
  return (await page.screenshot()).toString("base64");
}

/** A screen whose socket stays silent, and whose time stands. */
async function stillScreen(context: BrowserContext): Promise<Page> {
  const screen = await context.newPage();
  await screen.addInitScript(() => {
    const now = performance.now();
    performance.now = () => now;
    Object.assign(window, {
      WebSocket: function (this: { close: () => void }) {
        this.close = () => {};
      },
    });
  });
  return screen;
}

async function onDisplay(screen: Page, url: string, html: string, size: Size): Promise<string> {
  await screen.setViewportSize(size);
  await screen.route(url, (route) => route.fulfill({ body: html, contentType: "text/html" }));
  await screen.goto(url);
  // Until the player has taken the server's picture over.
  await expect(screen.locator(".canvas:visible")).toHaveAttribute("style", /matrix/);
  await screen.waitForFunction("window.gantryFull");
  await screen.evaluate("document.fonts.ready");
  await screen.unroute(url);
  return (await screen.screenshot()).toString("base64");
}

test.use({ viewport: WINDOW });

for (const template of TEMPLATES) {
  test(`${template} is the same picture in the builder, on its card and on a display`, async ({
    gantry,
    page,
    context,
    controller,
    request,
  }) => {
    test.setTimeout(180_000);
    const source = readFileSync(join(FOLDER, `${template}.json`), "utf8");
    const { subject } = JSON.parse(source);
    const hasRaces = /"(races|elapsed|countdown)"/.test(source);
    const builder = await Builder.open(gantry, page, template);
    const other = template === "arrivals" ? "big-type" : "arrivals";
    // The builder tries at the last of the points.
    await gantry.createDisplay(builder.event, ["START"]);
    const { url } = await gantry.createDisplay(builder.event, ["FINISH"], {
      template: other,
      // Of a runner that crossed long ago, on a machine that takes its time.
      turns: ["--max-age", "300s"],
    });
    await publish(page);
    const gun = await startRace(page, builder.event);
    const mats = await controller({ locations: ["START", "FINISH"] });

    const answer = async (of: (state: Drawn["state"]) => boolean): Promise<Answer> => {
      let [html, json] = ["", ""];
      await expect(async () => {
        html = await (await request.get(url)).text();
        json = /id="gantry-state">([^<]*)</.exec(html)?.[1] ?? "{}";
        const { template, state } = JSON.parse(json);
        expect(template, "what was published").toMatch(/@\d+$/);
        expect(of(state), json).toBe(true);
      }).toPass({ timeout: 60_000 });
      return { html, drawn: JSON.parse(json) };
    };
    // The server hears of a gun that is corrected a moment after it is stored.
    const knowsGun = ({ races }: Drawn["state"]) =>
      !hasRaces || races?.[0]?.gun_at_us === gun.getTime() * 1_000;
    const nobody = await answer(
      (state) => !state.runner && state.arrivals.length === 0 && knowsGun(state),
    );
    cross(mats, gun);
    const last = BIBS.length - 1;
    // Chip times come a moment after the rest where the start is a location not heard of before.
    const isTimed = ({ bib, gun_time_ms, chip_time_ms }: Crossing) => {
      const index = BIBS.indexOf(bib);
      const took_ms = FIRST_MS + index * BETWEEN_MS;
      return gun_time_ms === took_ms && chip_time_ms === took_ms - index * BEGIN_MS;
    };
    const somebody = await answer((state) => {
      const featured = state.runner ? [state.runner] : [];
      const seen = subject === "runner" ? featured : state.arrivals;
      const is_there = seen[0]?.bib === BIBS[last] && seen.every(isTimed);
      return knowsGun(state) && (subject === "nobody" || is_there);
    });

    await page.goto(`/events/${builder.event}/templates/${builder.template}`);
    await builder.awake();
    // The roster goes on after those who cross: the second is the last of them.
    await page.getByRole("button", { name: "The next runner" }).click();
    const samples = page.getByLabel("Try with").locator("option");
    const whom = await samples.filter({ hasText: new RegExp(`^${BIBS[last]} `) }).innerText();
    const shown = subject === "nobody" ? "Resting" : "Runner";
    const card = await context.newPage();
    const screen = await stillScreen(context);
    for (const size of sizesOf(template)) {
      const check = async (what: string, other: string, seen: Parameters<typeof inBuilder>[1]) => {
        const apart = await difference(card, await inBuilder(builder, seen), other);
        expect.soft(apart, `${what}, ${size.width} × ${size.height}`).toEqual([0, 0]);
      };
      const picture = await onScreen(card, `/canvas/picture/${builder.template}`, size);
      await check("its card", picture, {
        ...{ at_us: PICTURED_AT_US, scene: shown, size },
        whom: "Made up: A full list",
      });
      for (const [{ html, drawn }, scene, who] of [
        [nobody, "Resting", "Nobody"],
        [somebody, shown, whom],
      ] as const) {
        await check(`a display, ${who}`, await onDisplay(screen, url, html, size), {
          ...{ at_us: drawn.sent_at_us, scene, size },
          whom: who,
        });
      }
    }
  });
}
