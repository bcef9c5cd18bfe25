// The stand-alone player: one file that asks for its display once, and starts without a server.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Page } from "@playwright/test";

import { canvas, rows, secondsAgo } from "../board";
import { type Display, expect, test as base } from "../gantry";

const ROSTER = "bib,first_name,last_name\n1,Ada,Pendlebury\n2,Bertil,Quist\n";

// The file beside is not there but in one test, and a server that is away cannot be reached.
base.use({
  allowedConsole: /gantry-display\.js|ERR_FILE_NOT_FOUND|ERR_CONNECTION_REFUSED|WebSocket connection/,
});

const test = base.extend<{ folder: string }>({
  folder: async ({ gantry }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-stick-"));
    const answer = await fetch(gantry.url("/player.html"));
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    writeFileSync(join(folder, "player.html"), await answer.text());
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

function player(folder: string, hash = ""): string {
  return pathToFileURL(join(folder, "player.html")).href + hash;
}

/** The runners on the screen, newest first. */
async function shows(page: Page, ...bibs: string[]): Promise<void> {
  await expect(async () => {
    expect((await rows(page)).map((row) => row.bib)).toEqual(bibs);
  }).toPass({ timeout: 40_000 });
}

async function isKept(page: Page, bib: string): Promise<void> {
  const kept = () => page.evaluate(() => localStorage.getItem("gantry-last") ?? "");
  await expect.poll(kept, { timeout: 15_000 }).toContain(bib);
}

for (const level of ["full", "lite"] as const) {
  test(`on a screen of level ${level} it asks once, and starts with what it last showed`, async ({
    gantry,
    controller,
    page,
    folder,
  }) => {
    if (level === "lite") await page.addInitScript("delete window.WebAssembly");
    const { event } = await gantry.createEvent();
    await gantry.createStream(event);
    await gantry.importRoster(event, ROSTER);
    const display: Display = await gantry.createDisplay(event, ["FINISH"]);
    const mats = await controller({ locations: ["FINISH"] });
    mats.read("FINISH", "1", secondsAgo(1));

    await page.goto(player(folder));
    const address = page.getByRole("textbox", { name: "Address of the display" });
    await expect(address).toBeFocused();
    await address.fill("http://192.0.2.1/displays");
    await address.press("Enter");
    await expect(page.getByRole("alert")).toHaveText(/no address of a display/);
    // Without the scheme, as it is read out over a radio.
    await address.fill(display.url.replace("http://", " "));
    await page.getByRole("button", { name: "Show it" }).click();
    await shows(page, "1");
    expect(await page.evaluate(() => "gantryLiteRuns" in window)).toBe(level === "lite");
    await isKept(page, "Pendlebury");
    await gantry.stores(event, 1);

    // The computer is switched on again, and the server is away.
    await gantry.kill();
    await page.goto("about:blank");
    await page.goto(player(folder));
    await shows(page, "1");
    await expect(page.locator(".notice")).toHaveText(/^Reconnecting, last update \d+ s ago$/, {
      timeout: 20_000,
    });

    await gantry.serve();
    const again = await controller({ locations: ["FINISH"] });
    again.read("FINISH", "2", secondsAgo(1));
    await shows(page, "2", "1");
    await expect(page.locator(".notice")).toBeHidden();

    // Another display takes its place.
    await page.keyboard.press("F2");
    await expect(address).toHaveValue(display.url);
    const other = await gantry.createDisplay(event, ["START"]);
    await address.fill(other.url);
    await address.press("Enter");
    await expect(canvas(page)).toContainText("START");
  });
}

test("the file beside it names its display", async ({ gantry, controller, page, folder }) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "2", secondsAgo(1));
  writeFileSync(join(folder, "gantry-display.js"), `gantryDisplay = "${display.url}";\n`);
  await page.goto(player(folder));
  await shows(page, "2");
  // Whatever it draws with is in the file: nothing is asked of the server but the display.
  const asked = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((entry) => entry.name),
  );
  expect(asked.filter((name) => name.startsWith("http"))).toEqual([]);
  const fonts = () => page.evaluate(() => document.fonts.check('bold 16px "Gantry Condensed"', "Q"));
  await expect.poll(fonts).toBe(true);
});

test("where the server is another version, it shows what the server draws", async ({
  gantry,
  controller,
  page,
  folder,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(1));
  // The form of templates on the way is only for software of the same version.
  await page.routeWebSocket(/\/live$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const message: { type: string; document?: string } = JSON.parse(String(text));
      if (message.type === "snapshot") message.document = "of another version";
      socket.send(JSON.stringify(message));
    });
  });
  await page.goto(player(folder, `#${display.url}`));
  await shows(page, "1");
  mats.read("FINISH", "2", secondsAgo(1));
  await shows(page, "2", "1");
  expect(await page.evaluate(() => "gantryLiteRuns" in window)).toBe(true);
});
