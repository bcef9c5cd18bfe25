// What comes onto the builder's canvas from outside of it: fields of the list, files that are
// dropped or pasted, and the picture that a new image asks for.

import type { JSHandle, Page } from "@playwright/test";

import { Builder } from "../builder";
import { expect, test } from "../gantry";

test.use({ viewport: { width: 1440, height: 900 } });

/** One pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const FILE = { name: "arch.png", mimeType: "image/png", buffer: Buffer.from(PNG, "base64") };

/** What a drag or the clipboard holds: one file. */
async function holding(page: Page, base64: string, type: string): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    ([base64, type]) => {
      const bytes = Uint8Array.from(atob(base64 ?? ""), (sign) => sign.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], "arch", { type }));
      return data;
    },
    [base64, type],
  );
}

test("a field is dragged to where it is to stand, in one step", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await page.getByLabel("Try with").selectOption({ label: "1 Ada Pendlebury" });
  await page.getByRole("tab", { name: "Fields" }).click();
  const field = page.getByRole("button", { name: /^first_name/ });
  const [over, to] = [await builder.over.boundingBox(), await builder.at(500, 300)];
  if (!over) throw new Error("there is no canvas");
  await field.dragTo(builder.over, {
    targetPosition: { x: to.x - over.x, y: to.y - over.y },
  });
  await expect(builder.element("text-1")).toHaveText("Ada");
  const [x = 0, y = 0, width = 0, height = 0] = await builder.place();
  expect(Math.abs(x + width / 2 - 500)).toBeLessThanOrEqual(3);
  expect(Math.abs(y + height / 2 - 300)).toBeLessThanOrEqual(3);
  await builder.over.focus();
  await page.keyboard.press("Control+z");
  await expect(builder.element("text-1")).toHaveCount(0);
  // By its keys it comes into the middle.
  await field.press("Enter");
  await expect(builder.element("text-1")).toHaveText("Ada");
  await field.press(" ");
  await expect(builder.element("text-1")).toHaveText("Ada Ada");
});

test.describe(() => {
  // What is no picture.
  test.use({ allowedConsole: /status of 422/ });

  test("a picture is dropped or pasted, and what is none is said", async ({ gantry, page }) => {
    const builder = await Builder.open(gantry, page);
    const at = await builder.at(400, 400);
    const drop = async (base64: string, type: string) => {
      const dataTransfer = await holding(page, base64, type);
      const where = { clientX: at.x, clientY: at.y };
      await builder.over.dispatchEvent("dragover", { dataTransfer, ...where });
      await builder.over.dispatchEvent("drop", { dataTransfer, ...where });
    };
    await drop(PNG, "image/png");
    await expect(builder.element("image-1")).toHaveCSS("background-image", /^url\("data:image/);
    const [x = 0, y = 0, width = 0, height = 0] = await builder.place();
    expect(Math.abs(x + width / 2 - 400)).toBeLessThanOrEqual(3);
    expect(Math.abs(y + height / 2 - 400)).toBeLessThanOrEqual(3);

    await builder.over.focus();
    const clipboardData = await holding(page, PNG, "image/png");
    await builder.over.evaluate((it, clipboardData) => {
      it.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, clipboardData);
    await expect(builder.element("image-2")).toBeVisible();

    // A spreadsheet gives its cells as words, and their picture too.
    const cells = await holding(page, PNG, "image/png");
    await builder.over.evaluate((it, clipboardData) => {
      clipboardData.setData("text/plain", "Wave 1");
      clipboardData.setData("text/html", "<table><tr><td>Wave 1</td></tr></table>");
      it.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, cells);
    await expect(builder.element("text-1")).toHaveText("Wave 1");

    await drop(btoa("a list of names"), "text/plain");
    await expect(page.getByRole("alert").filter({ hasText: /picture|PNG/ })).toBeVisible();
    await expect(builder.layers).toHaveCount(3);
    await builder.isSaved();
  });
});

test("a new image asks for its file, and its place is seen until it has one", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Image");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    builder.drag([300, 300], [900, 600]),
  ]);
  await expect(page.locator(".over-empty")).toHaveCount(1);
  await chooser.setFiles(FILE);
  await expect(builder.element("image-1")).toHaveCSS("background-image", /^url\("data:image/);
  await expect(page.locator(".over-empty")).toHaveCount(0);
  // Only a new one asks.
  let asked = 0;
  page.on("filechooser", () => (asked += 1));
  await builder.click(1_500, 900);
  await builder.click(600, 450);
  await expect(builder.field("Fits")).toBeVisible();
  expect(asked).toBe(0);
});

test("a picture that comes late is that of the image that it was for", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/rpc/picture", async (route) => {
    await mayAnswer;
    await route.continue();
  });
  await builder.tool("Image");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    builder.drag([300, 300], [900, 600]),
  ]);
  const sent = page.waitForRequest("**/rpc/picture");
  await chooser.setFiles(FILE);
  await sent;
  // Meanwhile somebody goes on.
  await builder.tool("Rectangle");
  await builder.drag([1_000, 700], [1_400, 900]);
  answer();
  await expect(builder.element("image-1")).toHaveCSS("background-image", /^url\("data:image/);
});

test("a reel's pictures are added, ordered and taken out", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Sponsors");
  await builder.drag([300, 300], [900, 600]);
  const lines = page.locator(".reel-line");
  await expect(lines).toHaveText(["The logo"]);
  await expect(lines.getByRole("button", { name: "Take picture 1 out" })).toBeDisabled();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Add a picture…" }).click(),
  ]);
  await chooser.setFiles(FILE);
  await expect(lines).toHaveCount(2);
  await lines.last().getByRole("button", { name: "Show picture 2 earlier" }).click();
  await expect(lines.first().getByRole("img", { name: "Picture 1" })).toBeVisible();
  await expect(lines).toHaveText(["", "The logo"]);
  await lines.last().getByRole("button", { name: "Take picture 2 out" }).click();
  await expect(lines).toHaveCount(1);
  await expect(builder.element("sponsors-1").locator("[style*='data:image']")).toHaveCount(1);
});

test("a swatch and the clocks of a made-up runner tell the truth", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page, "clock");
  await page.getByLabel("Try with").selectOption({ label: "Made up: A full list" });
  const clocks = await builder.canvas.innerText();
  const hours = [...clocks.matchAll(/\b(\d+):\d\d:\d\d\b/g)].map(([, hours]) => Number(hours));
  expect(hours.length).toBeGreaterThan(0);
  expect(Math.max(...hours)).toBeLessThan(24);

  await builder.over.focus();
  await page.keyboard.press("Escape");
  const swatch = page.getByLabel("Color: own color").first();
  await page.getByLabel("Color: color of the theme").first().selectOption("background");
  await page.getByLabel("Background: color of the theme").fill("#123456");
  await expect(swatch).toHaveValue("#123456");
});
