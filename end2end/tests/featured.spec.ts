// Displays that feature one runner at a time: whose turn it is, what is said to them, and another
// template in the middle of it.

import type { Page } from "@playwright/test";

import { canvas, secondsAgo } from "../board";
import { Film } from "../film";
import { expect, test } from "../gantry";
import { logIn, wakes } from "../studio";

const ROSTER = `bib,first_name,last_name,city
1,Ada,Pendlebury,Akureyri
2,Bertil,Quist,Fernhill
3,Cleo,Rasmussen,Akureyri
`;

const name = (page: Page) => canvas(page).locator(".e-name");
const message = (page: Page) => canvas(page).locator(".e-message");

test("each has a turn and, on every screen, the same message", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  // A turn is longer than this test: whoever comes next is brought on by hand.
  const turns = ["--dwell", "60s", "--stay", "30m", "--max-age", "300s"];
  const cheer = { template: "cheer", turns };
  const display = await gantry.createDisplay(event, ["10K"], cheer);
  const beside = await gantry.createDisplay(event, ["10K"], cheer);
  const other = await context.newPage();
  await page.goto(display.url);
  await other.goto(beside.url);
  const staff = await context.newPage();
  await logIn(gantry, staff, partner);
  await staff.goto(`/events/${event}/displays`);
  await wakes(staff);
  const next = async (code: string) => {
    const card = staff.getByRole("listitem").filter({ hasText: code });
    await card.getByRole("button", { name: "Its screens" }).click();
    await staff.getByRole("menuitem", { name: "Skip to the next" }).click();
  };
  const mats = await controller({ locations: ["10K"] });

  mats.read("10K", "1", secondsAgo(1));
  await expect(name(page)).toHaveText("Ada");
  await expect(name(other)).toHaveText("Ada");
  await expect(message(page), "no message is there yet").toHaveText("You are doing great");

  const texts = ["{city} is proud of {first_name}", "{first_name} flies", "Come on, {first_name}"];
  await gantry.cli(["message", "add", "--event", event, ...texts]);
  mats.read("10K", "2", secondsAgo(1));
  // What is stored waits for its turn already.
  await gantry.stores(event, 2);
  await next(display.code);
  await expect(name(page)).toHaveText("Bertil");
  await expect(name(other), "each display has its own turns").toHaveText("Ada");
  await next(beside.code);
  await expect(name(other)).toHaveText("Bertil");
  const said = ["Fernhill is proud of Bertil", "Bertil flies", "Come on, Bertil"];
  await expect.poll(async () => said.includes(await message(page).innerText())).toBe(true);
  await expect(message(other)).toHaveText(await message(page).innerText());

  mats.read("10K", "3", secondsAgo(0));
  await gantry.stores(event, 3);
  await expect(name(page)).toHaveText("Bertil");
  await next(display.code);
  await expect(name(page)).toHaveText("Cleo");
});

test("another template comes in the middle of twenty reads a second, and nothing is ever empty", async ({
  gantry,
  controller,
  page,
}) => {
  test.setTimeout(120_000);
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, await gantry.madeUpRoster(2_000));
  const display = await gantry.createDisplay(event, ["FINISH"], { template: "finish-wide" });
  await page.goto(display.url);
  await expect(canvas(page)).toContainText("Harbor Run");
  const mats = await controller({ locations: ["FINISH"] });
  const film = await Film.start(page);
  let bib = 0;
  const reads = setInterval(() => mats.read("FINISH", String((bib += 1))), 50);
  for (const template of ["arrivals", "big-type", "led-strip", "finish-tall", "clock", "arrivals"]) {
    await gantry.cli(["display", "set-template", "--display", display.id, "--template", template]);
    await page.waitForTimeout(1_500);
  }
  clearInterval(reads);
  await expect(canvas(page).locator(".e-first-bib")).toHaveText(String(bib));
  await film.isNeverEmpty();
});
