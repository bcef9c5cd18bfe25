// Takes the pictures of docs/TEMPLATES.md from pages of the example `pages`, whose folder also has
// the fonts: `node pictures.mjs PAGES OUT`.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

const [pages, out] = process.argv.slice(2);

// As wide as a page of text; what stands or is a strip keeps its shape.
const wide = { width: 960, height: 540 };
const tall = { width: 405, height: 720 };
const pictures = [
  ["finish-wide", wide, { resting: "resting", runner: "usual" }],
  ["finish-tall", tall, { resting: "resting", runner: "usual" }],
  ["big-type", wide, { resting: "resting", runner: "usual" }],
  ["arrivals", wide, { resting: "resting", runner: "live" }],
  ["arrivals-tall", tall, { resting: "resting", runner: "live" }],
  ["start-welcome", wide, { resting: "before-resting", runner: "before-the-gun" }],
  ["cheer", wide, { resting: "course-resting", runner: "course" }],
  ["clock", wide, { resting: "races-1", runner: "races-4" }],
  ["led-strip", { width: 960, height: 240 }, { resting: "resting", runner: "usual" }],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--allow-file-access-from-files"],
});
for (const [name, viewport, scenes] of pictures) {
  const template = name.replace(/^arrivals-tall$/, "arrivals");
  // Without a script a page stands as the server drew it.
  const context = await browser.newContext({ viewport, javaScriptEnabled: false });
  for (const [scene, state] of Object.entries(scenes)) {
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(pages, `${template}.${state}.html`)).href);
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: join(out, `${name}-${scene}.png`) });
  }
  await context.close();
}
await browser.close();
