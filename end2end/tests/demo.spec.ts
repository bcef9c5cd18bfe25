// What a newcomer sees first: `gantry demo`, whose log-in is printed.

import { drawn, rows } from "../board";
import { expect, test } from "../gantry";
import { fillLogin, wakes } from "../studio";

test.use({ command: "demo" });

test.beforeEach(async ({ gantry, page }) => {
  await fillLogin(page, gantry.login);
});

test("the printed log-in opens the event, its race and its displays", async ({ gantry, page }) => {
  expect(gantry.start).toBe(`${gantry.url("/")}`);
  await page.getByRole("link", { name: "Demo City 10K" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Demo City 10K" })).toBeVisible();
  await page.getByRole("link", { name: "Displays" }).click();
  await expect(page.getByRole("heading", { name: "Everywhere" })).toBeVisible();
  for (const address of gantry.displays) {
    await expect(page.getByText(address, { exact: true })).toBeVisible();
  }
});

test("a display opened from the studio runs, and is counted", async ({ page }) => {
  await page.getByRole("link", { name: "Demo City 10K" }).click();
  await page.getByRole("link", { name: "Displays" }).click();
  const heading = page.getByRole("heading", { name: "Everywhere" });
  const card = page.getByRole("listitem").filter({ has: heading });
  const [display] = await Promise.all([
    page.waitForEvent("popup"),
    card.getByRole("link", { name: "Open" }).click(),
  ]);
  await expect.poll(async () => (await rows(display)).length).toBeGreaterThan(3);
  await expect(card.getByText("1 screen open")).toBeVisible();
  await display.close();
  await expect(card.getByText("No screen has it open")).toBeVisible();
});

test("hydration changes nothing of what the server drew", async ({ page }) => {
  const link = page.getByRole("link", { name: "Demo City 10K" });
  const href = (await link.getAttribute("href")) ?? "";
  // Looks after hydration bring newer ages: held, the page stays as it was served.
  await page.route("**/rpc/**", () => {});
  for (const path of ["/", href, `${href}/timing`]) {
    const response = await page.goto(path);
    const html = (await response?.text()) ?? "";
    await wakes(page);
    const served = await page.evaluate(
      `(${drawn})(new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html")
        .querySelector("main"))`,
    );
    expect(await page.evaluate(`(${drawn})(document.querySelector("main"))`)).toEqual(served);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the displays can be read", async ({ gantry, page }) => {
    const href = await page.getByRole("link", { name: "Demo City 10K" }).getAttribute("href");
    await page.goto(`${href}/displays`);
    for (const address of gantry.displays) {
      await expect(page.getByText(address, { exact: true })).toBeVisible();
    }
  });
});
