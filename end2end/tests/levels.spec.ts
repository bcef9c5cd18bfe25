// One renderer: the server's page without a script, the full player and the lite one show the same
// picture of every built-in template, to the pixel.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "@playwright/test";

import { secondsAgo } from "../board";
import { expect, test } from "../gantry";
import { difference } from "../pixels";

const FOLDER = join(import.meta.dirname, "../../crates/model/templates");
const TEMPLATES = readdirSync(FOLDER).map((file) => file.replace(".json", ""));

const LEVELS = ["none", "full", "lite"] as const;
type Level = (typeof LEVELS)[number];

// The made-up field has a hard name at every eighth runner, 26 of them in turn.
const RUNNERS = 26 * 8;

/** Of each kind one: the longest name, the shortest, and scripts that are set another way. */
function hardOf(roster: string): string[] {
  const lines = roster.trim().split("\n").slice(1);
  const byLength = [...lines].sort((one, other) => other.length - one.length);
  const first = (script: RegExp) => lines.find((line) => script.test(line));
  const found = [
    byLength[0],
    byLength[byLength.length - 1],
    ...[/\p{Script=Arabic}/u, /\p{Script=Devanagari}|\p{Script=Thai}/u, /\p{Script=Han}/u].map(first),
  ];
  return found.map((line) => {
    if (line === undefined) throw new Error("the made-up field lacks a script");
    return line.split(",")[0];
  });
}

function sizeOf(template: string): { width: number; height: number } {
  const { layouts } = JSON.parse(readFileSync(join(FOLDER, `${template}.json`), "utf8"));
  const { width_px, height_px } = layouts[0].canvas;
  return { width: width_px, height: height_px };
}

/** A page of that level, whose socket stays silent, and whose time stands. */
async function screen(browser: Browser, level: Level): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: level !== "none" });
  const page = await context.newPage();
  if (level === "lite") await page.addInitScript("delete window.WebAssembly");
  await page.addInitScript(() => {
    // Else a page that is looked at late says for how long it has heard nothing.
    const [date, since] = [Date.now(), performance.now()];
    Date.now = () => date;
    performance.now = () => since;
    Object.assign(window, {
      WebSocket: function (this: { close: () => void }) {
        this.close = () => {};
      },
    });
  });
  return page;
}

/**
 * What runs with the time is hidden: three pages are not of one moment. And the one without a script
 * does not refresh itself, which would end the navigation to the next picture.
 */
function still(html: string): string {
  const ticks = /class="b (e-[\w-]+)[^"]*"(?: style="[^"]*")?(?:><div class="l"[^>]*)? data-(?:since|until|day|reel)=/g;
  const hidden = Array.from(html.matchAll(ticks), ([, name]) => `.${name}{visibility:hidden!important}`);
  return html
    .replace(/<noscript><meta http-equiv="refresh"[^>]*><\/noscript>/, "")
    .replace("</head>", `<style>${hidden.join("")}</style></head>`);
}

async function picture(page: Page, level: Level, url: string, html: string): Promise<string> {
  await page.route(url, (route) => route.fulfill({ body: html, contentType: "text/html" }));
  await page.goto(url);
  if (level !== "none") {
    // Until the script has taken the server's picture over.
    await expect(page.locator(".canvas:visible")).toHaveAttribute("style", /matrix/);
    if (level === "full") await page.waitForFunction("window.gantryFull");
    await page.evaluate("document.fonts.ready");
  }
  await page.unroute(url);
  const image = await page.screenshot();
  return image.toString("base64");
}

test("every template is the same picture at every level", async ({
  browser,
  gantry,
  controller,
  request,
}) => {
  test.setTimeout(600_000);
  const { event } = await gantry.createEvent("Große Nordküsten-Staffel am Alten Leuchtturm");
  await gantry.createStream(event);
  const roster = await gantry.madeUpRoster(RUNNERS);
  await gantry.importRoster(event, roster);
  const displays = await Promise.all(
    TEMPLATES.map(async (template) => {
      const { url } = await gantry.createDisplay(event, ["FINISH"], { template });
      return { template, url, size: sizeOf(template) };
    }),
  );
  const mats = await controller({ locations: ["FINISH"] });
  const pages = await Promise.all(LEVELS.map((level) => screen(browser, level)));
  const compare = async (what: string, has: RegExp) => {
    // Nobody is on a screen for long, and the pictures take their time.
    const served = displays.map(async (display) => {
      let html = "";
      await expect(async () => {
        html = await (await request.get(display.url)).text();
        if (display.template !== "clock") expect(html).toMatch(has);
      }).toPass({ timeout: 60_000 });
      return { ...display, html: still(html) };
    });
    for (const { template, url, size, html } of await Promise.all(served)) {
      const pictures: string[] = [];
      for (const [index, level] of LEVELS.entries()) {
        await pages[index].setViewportSize(size);
        pictures.push(await picture(pages[index], level, url, html));
      }
      for (const [index, level] of LEVELS.entries()) {
        const apart = await difference(pages[1], pictures[0], pictures[index]);
        expect.soft(apart, `${template} with ${what}, ${level}`).toEqual([0, 0]);
      }
    }
  };
  await compare("nobody", /./);
  for (const [index, bib] of hardOf(roster).entries()) {
    mats.read("FINISH", bib, secondsAgo(index === 0 ? 1 : 0));
    await compare(bib, new RegExp(`"(runner|arrivals)":(\\{|\\[\\{)[^{}]*"bib":"${bib}"`));
  }
  for (const page of pages) await page.context().close();
});
