// Every page of the studio with the demo's event in it, on each size of screen and in each theme.

import type { Page } from "@playwright/test";

import { expect, test } from "../gantry";
import { fillLogin, isAccessible, isNotWider, logIn, SCREENS, wakes } from "../studio";

// The last page is none.
test.use({ command: "demo", allowedConsole: /status of 404/ });

const fits = async (page: Page) => {
  await isNotWider(page);
  await isAccessible(page);
};

const dialog = (page: Page) => page.locator("dialog[open]");

/** Opens a dialog, looks at it and closes it. */
async function look(page: Page, opener: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: opener }).first().click();
  await expect(dialog(page)).toBeVisible();
  await fits(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
}

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport, hasTouch, isMobile: hasTouch });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`every page can be used by everybody, ${colorScheme}`, async ({ gantry, page }) => {
        test.setTimeout(300_000);
        await page.emulateMedia({ colorScheme });
        await page.goto("/login");
        await fits(page);
        await fillLogin(page, gantry.login);
        await wakes(page);
        await fits(page);
        await look(page, "New event");
        const link = page.getByRole("link", { name: "Demo City 10K" });
        const event = (await link.getAttribute("href")) ?? "";

        await page.goto(event);
        await wakes(page);
        await fits(page);
        await look(page, "New race");

        await page.goto(`${event}/roster`);
        await wakes(page);
        await expect(page.getByRole("grid", { name: "Roster" }).getByRole("row").nth(3)).toBeVisible();
        await fits(page);
        await look(page, "Import a file");
        await look(page, "Add a participant");

        await page.goto(`${event}/timing`);
        await wakes(page);
        for (const tab of ["Reads", "Exceptions", "Points", "Connect a device"]) {
          await page.getByRole("tab", { name: tab }).click();
          await fits(page);
        }
        await look(page, "New stream");

        await page.goto(`${event}/displays`);
        await wakes(page);
        await fits(page);
        await look(page, "New display");

        await page.goto(`${event}/nothing`);
        await expect(page.getByText("There is no such page")).toBeVisible();
        await fits(page);
      });
    }
  });
}

test("the bar reaches to the edge of the window", async ({ gantry, page }) => {
  await page.goto("/login");
  await fillLogin(page, gantry.login);
  await wakes(page);
  // The browsers of these tests draw no scrollbar, and so no room is to be kept for one.
  const bar = await page.getByRole("banner").boundingBox();
  expect(bar?.width).toBe(page.viewportSize()?.width);
});

test.describe("on a phone", () => {
  const [{ viewport, hasTouch }] = SCREENS;
  test.use({ command: "serve", viewport, hasTouch, isMobile: hasTouch });

  test("names of one long word make no page wider", async ({ gantry, page }) => {
    const { partner, event } = await gantry.createEvent("Llanfairpwllgwyngyllgogerychwyrndrobwll");
    await gantry.createStream(event, "Llantysiliogogogoch".repeat(3));
    await gantry.createDisplay(event, ["Pwllgwyngyllgogerychwyrndrobwll"]);
    await logIn(gantry, page, partner);
    await wakes(page);
    await page.getByRole("button", { name: "What to do with this event" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByLabel("Time zone").fill("America/Argentina/ComodRivadavia");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("America/Argentina/ComodRivadavia")).toBeVisible();
    await isNotWider(page);
    for (const path of ["", "/roster", "/timing", "/displays"]) {
      await page.goto(`/events/${event}${path}`);
      await wakes(page);
      await isNotWider(page);
    }
  });

  test("an event that is not there leads to those that are", async ({ gantry, page }) => {
    const { partner } = await gantry.createEvent();
    await logIn(gantry, page, partner);
    await page.goto("/events/00000000-0000-0000-0000-000000000000/timing");
    await expect(page.getByText("There is no such event")).toBeVisible();
    // A link, which needs no script.
    await page.getByRole("link", { name: "All events" }).last().click();
    await expect(page.getByRole("link", { name: "Harbor Run" })).toBeVisible();
  });
});
