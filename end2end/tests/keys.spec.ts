// The builder's keys wherever the focus is, and what is typed.

import { Builder } from "../builder";
import { expect, test } from "../gantry";
import { logIn, wakes } from "../studio";

test.use({ viewport: { width: 1440, height: 900 } });

test("keys do the same in the panels as on the canvas, but in what one types into", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  // Nothing was pressed yet.
  await page.keyboard.press("r");
  await builder.drag([200, 200], [600, 400]);
  await expect(builder.layers).toHaveCount(1);

  await builder.layers.first().getByRole("button").first().click();
  await page.keyboard.press("Control+d");
  await expect(builder.layers).toHaveCount(2);
  await expect(builder.over).toBeFocused();
  await builder.layers.first().getByRole("button").first().click();
  await page.keyboard.press("Delete");
  await expect(builder.layers).toHaveCount(1);
  await page.getByRole("tab", { name: "Fields" }).click();
  await page.keyboard.press("Control+z");
  await page.getByRole("tab", { name: "Layers" }).click();
  await expect(builder.layers).toHaveCount(2);

  await builder.tool("Text");
  await builder.drag([200, 500], [1700, 700]);
  const says = builder.field("Text, with fields in braces");
  await says.fill("Delete me not");
  await says.press("Delete");
  await expect(builder.layers).toHaveCount(3);
  await says.press("Escape");
  await expect(builder.over).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(builder.layers).toHaveCount(2);
});

test("what is no field stays as it was typed", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  const says = builder.field("Text, with fields in braces");
  await says.fill("Welcome {nam} from {city}");
  await expect(page.getByRole("alert").filter({ hasText: "nam" })).toBeVisible();
  await builder.click(900, 900);
  await expect(builder.element("text-1")).toContainText("Welcome {nam} from Lower Heath");
  await builder.click(300, 300);
  await expect(says).toHaveValue("Welcome {{nam}} from {city}");
});

test("a click puts a new element from there on, and onto the canvas", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.click(140, 360);
  await builder.isNear(140, 360, 768, 108);
  await builder.tool("Text");
  await builder.click(1900, 1070);
  await builder.isNear(1920 - 768, 1080 - 108, 768, 108);
});

test("Enter in a dialog's line does what the dialog is for", async ({ gantry, page }) => {
  const { partner, event } = await gantry.createEvent();
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}/templates`);
  await wakes(page);
  await page.getByRole("button", { name: "New template" }).click();
  const name = page.getByRole("dialog", { name: "New template" }).getByLabel("Name");
  await name.fill("Finish arch");
  await name.press("Enter");
  await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
  await expect(page).toHaveTitle("Finish arch – Gantry");
});
