// What is found in a template before it is on a screen: listed, shown where it is, and asked about
// once.

import type { Locator, Page } from "@playwright/test";

import { Builder } from "../builder";
import { expect, test } from "../gantry";
import { isAccessible, SCREENS } from "../studio";

// What is typed wrong is refused, and a server that is away is no surprise here.
test.use({ allowedConsole: /set-template-panel|ERR_INTERNET_DISCONNECTED/ });

async function checkOf(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Check", exact: true }).click();
  const window = page.getByRole("region", { name: "Can it be read?" });
  await expect(window).toBeVisible();
  return window;
}

test("what is found is shown where it is, and looked at again when it is mended", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page, "big-type");
  let check = await checkOf(page);
  await expect(check.getByRole("status")).toHaveText(/^\d+ found\.$/);
  await check.getByRole("button", { name: /The theme has no logo/ }).click();
  const resting = page.getByRole("button", { name: "Resting", exact: true });
  await expect(resting).toHaveAttribute("aria-pressed", "true");
  await builder.isAt(1440, 60, 420, 160);
  await builder.over.focus();
  await page.keyboard.press("Delete");
  await expect(check.getByText("The theme has no logo", { exact: false })).toBeHidden();
  // The longest name of the roster.
  await expect(check.getByRole("button", { name: /is cut/ })).toHaveCount(1);

  // From as far as nobody reads it.
  await check.getByLabel("Screen is wide, m").fill("1,5");
  await check.getByLabel("Read from, m").fill("80");
  await check.getByLabel("Read from, m").blur();
  await expect(check.getByText(/capitals get as low as \d+ mm/).first()).toBeVisible();
  await check.getByLabel("Screen is wide, m").fill("wide");
  await check.getByLabel("Screen is wide, m").blur();
  await expect(check.getByText("It is no number of meters, such as 4.5.")).toBeVisible();
  await page.reload();
  await builder.awake();
  check = await checkOf(page);
  await expect(check.getByLabel("Screen is wide, m")).toHaveValue("1.5");
  await expect(check.getByLabel("Read from, m")).toHaveValue("80");
  await expect(check.getByText(/capitals get as low as \d+ mm/).first()).toBeVisible();
  await check.getByRole("button", { name: "Close the check" }).click();
  await expect(check).toBeHidden();
});

test("windows that are asked for while they are on the way come once, and the last one opens", async ({
  gantry,
  page,
}) => {
  // In development builds they are in the builder's own bundle, and nothing is on the way.
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(/windows\.[0-9a-f]+\.wasm/, (route) => held.then(() => route.continue()));
  await page.addInitScript(() => {
    Object.assign(window, { brought: 0 });
    window.addEventListener("gantry-windows", () => {
      Object.assign(window, { brought: (window as unknown as { brought: number }).brought + 1 });
    });
  });
  await Builder.open(gantry, page, "big-type");
  await page.getByRole("button", { name: "Timing", exact: true }).click();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  expect(await page.evaluate("brought")).toBe(1);
  release();
  await expect(page.getByRole("region", { name: "Can it be read?" })).toBeVisible();
});

test("what is published anyway is not asked about again", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page, "big-type");
  await gantry.createDisplay(builder.event, ["FINISH"]);
  const dialog = page.getByRole("dialog", { name: "Publish" });
  const open = () => page.getByRole("button", { name: "Publish" }).first().click();
  await open();
  await dialog.getByLabel("FINISH").check();
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog.getByText("The theme has no logo", { exact: false })).toBeVisible();
  await dialog.getByRole("button", { name: "Publish anyway" }).click();
  await expect(page.getByText("Version 1 is on 1 display.")).toBeVisible();

  // Sent at once, and waited for.
  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("ArrowDown");
  await open();
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Version 2 is on 1 display.")).toBeVisible();
});

test("while the server is away nothing is published, and it says why", async ({
  gantry,
  page,
  context,
}) => {
  const builder = await Builder.open(gantry, page, "big-type");
  const dialog = page.getByRole("dialog", { name: "Publish" });
  // The windows are there by then: they come when the first of them is opened.
  await page.getByRole("button", { name: "Publish" }).first().click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await context.setOffline(true);
  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+Enter");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog.getByText("The server cannot be reached", { exact: false })).toBeVisible();
  await context.setOffline(false);
  // Once more, and the displays are there to choose from.
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(dialog.getByText("This event has no display", { exact: false })).toBeVisible();
});

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`the check keeps nobody out, in ${colorScheme} colors`, async ({ gantry, page }) => {
        await page.emulateMedia({ colorScheme });
        await Builder.open(gantry, page, "finish-wide");
        const check = await checkOf(page);
        await expect(check.getByRole("button", { name: /logo/ }).first()).toBeVisible();
        await isAccessible(page);
      });
    }
  });
}
