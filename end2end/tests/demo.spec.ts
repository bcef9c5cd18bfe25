// What a newcomer sees first: the start page of `gantry demo`.

import { drawn } from "../board";
import { expect, test } from "../gantry";

test.use({ command: "demo" });

test("the start page shows displays and the race coming in, live", async ({ gantry, page }) => {
  await page.goto(gantry.start);
  const displays = page.getByRole("region", { name: "Displays" });
  for (const url of gantry.displays) {
    await expect(displays.getByRole("link", { name: url })).toHaveAttribute("href", url);
  }
  const timing = page.getByRole("region", { name: "Timing" });
  await expect(timing.getByText(gantry.timing)).toBeVisible();
  await expect(timing.getByText("streaming", { exact: true })).toBeVisible();
  await expect(timing.getByText("START, 5K, FINISH")).toBeVisible();
  await expect(timing.getByText("in step")).toBeVisible();

  const totals = page.getByRole("region", { name: "Since the start" });
  const total = async (label: string) => {
    const value = totals.locator("div", { has: page.getByText(label, { exact: true }) });
    return Number((await value.getByRole("definition").innerText()).replaceAll(",", ""));
  };
  await page.evaluate(() => Object.assign(window, { same: true }));
  const reads = await total("Reads");
  await expect.poll(() => total("Reads"), { timeout: 20_000 }).toBeGreaterThan(reads + 10);
  expect(await page.evaluate(() => "same" in window), "loaded anew").toBe(true);
});

test("a display opened from the start page runs, and is counted", async ({ gantry, page }) => {
  await page.goto(gantry.start);
  const [display] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: gantry.displays[0] }).click(),
  ]);
  await expect.poll(async () => display.locator(".row:not(.empty)").count()).toBeGreaterThan(3);
  const first = page.locator("li", { has: page.getByText(gantry.displays[0]) });
  await expect(first.getByText("1 screen ·")).toBeVisible();
  await display.close();
  await expect(first.getByText("0 screens ·")).toBeVisible();
});

test("hydration changes nothing of the start page", async ({ gantry, page }) => {
  // The poll after hydration brings newer numbers: held, the page stays as it was served.
  await page.route("**/rpc/**", () => {});
  const asked = page.waitForRequest("**/rpc/overview");
  const response = await page.goto(gantry.start);
  const html = (await response?.text()) ?? "";
  await asked;
  const served = await page.evaluate(
    `(${drawn})(new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html").body)`,
  );
  expect(await page.evaluate(`(${drawn})(document.body)`)).toEqual(served);
});

test.describe("while the server is away", () => {
  // What Chromium itself says of the answer.
  test.use({ allowedConsole: /status of 503/ });

  test("the start page says so, keeps what it has and comes back", async ({ gantry, page }) => {
    await page.goto(gantry.start);
    const trouble = page.getByText("The server does not answer.");
    await expect(trouble).toBeHidden();
    await page.route("**/rpc/**", (route) => route.fulfill({ status: 503, body: "away" }));
    await expect(trouble).toBeVisible();
    await expect(page.getByRole("link", { name: gantry.displays[0] })).toBeVisible();
    await page.unroute("**/rpc/**");
    await expect(trouble).toBeHidden();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the start page is all there", async ({ gantry, page }) => {
    await page.goto(gantry.start);
    await expect(page.getByRole("link", { name: gantry.displays[0] })).toBeVisible();
    await expect(page.getByText(gantry.timing)).toBeVisible();
    await expect(page.getByText("The server does not answer.")).toBeHidden();
    const reload = async () => {
      await page.reload();
      return page.getByText("streaming", { exact: true }).isVisible();
    };
    await expect.poll(reload).toBe(true);
  });
});
