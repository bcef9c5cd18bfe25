// The template builder: gestures with real pointers and keys, what is kept, and what screens show.

import { Builder } from "../builder";
import { expect, test } from "../gantry";
import { resize } from "../layout";
import { isAccessible, SCREENS, wakes } from "../studio";

test.use({ viewport: { width: 1440, height: 900 } });

test("a shape is drawn, moved, resized, turned, doubled and deleted by hand", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await expect(builder.layers).toHaveCount(0);

  await builder.tool("Rectangle");
  await builder.drag([300, 200], [700, 500]);
  await expect(builder.layers).toHaveCount(1);
  await builder.isNear(300, 200, 400, 300);

  await builder.drag([500, 350], [621, 407]);
  await builder.isNear(421, 257, 400, 300);

  // By its right bottom handle.
  await builder.drag([821, 557], [900, 620]);
  await builder.isNear(421, 257, 479, 363);

  const [x = 0, y = 0, , height = 0] = await builder.place();
  await builder.over.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await builder.field("Width").fill("=100*3");
  await builder.field("Width").press("Enter");
  await builder.isAt(x + 1, y + 10, 300, height);
  await builder.field("Rotation in degrees").fill("30");
  await builder.field("Rotation in degrees").press("Enter");
  await expect(builder.element("shape-1")).toHaveCSS("transform", /^matrix\(0\.866/);

  await builder.over.focus();
  await page.keyboard.press("Control+d");
  await expect(builder.layers).toHaveCount(2);
  await page.keyboard.press("Delete");
  await expect(builder.layers).toHaveCount(1);
  await builder.isSaved();
});

test("everything is undone and done again, also after it was saved", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page, "big-type");
  const before = await builder.canvas.innerHTML();
  const count = await builder.layers.count();
  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("ArrowRight");
  await builder.isSaved();
  await page.keyboard.press("Delete");
  await expect(builder.layers).toHaveCount(0);
  await builder.isSaved();
  const after = await builder.canvas.innerHTML();
  for (const _ of [1, 2]) await page.keyboard.press("Control+z");
  await expect(builder.layers).toHaveCount(count);
  await expect.poll(() => builder.canvas.innerHTML()).toBe(before);
  for (const _ of [1, 2]) await page.keyboard.press("Control+Shift+z");
  await expect.poll(() => builder.canvas.innerHTML()).toBe(after);
  await page.getByRole("button", { name: "History" }).click();
  const history = page.getByRole("dialog", { name: "What was done" });
  await history.getByRole("button", { name: "As it was opened" }).click();
  await expect.poll(() => builder.canvas.innerHTML()).toBe(before);
});

test("the outline of what the pointer is on goes with the pointer", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Rectangle");
  await builder.drag([300, 200], [700, 500]);
  await builder.click(1_500, 900);
  const outline = page.locator(".over-hover");
  const at = await builder.at(500, 350);
  await page.mouse.move(at.x, at.y);
  await expect(outline).toHaveCount(1);
  await page.mouse.move(at.x, 10);
  await expect(outline).toHaveCount(0);
});

test("the ring of the focus is whole at the top of a dialog", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.over.focus();
  await page.keyboard.press("Control+k");
  const field = page.getByLabel("Search commands");
  await expect(field).toBeFocused();
  const room = await field.evaluate((it) => {
    const { outlineWidth, outlineOffset } = getComputedStyle(it);
    const above = it.getBoundingClientRect().top - it.closest(".dialog-body")!.getBoundingClientRect().top;
    return above - parseFloat(outlineWidth) - parseFloat(outlineOffset);
  });
  expect(room).toBeGreaterThanOrEqual(0);
});

test("a text says what is typed into it, of whom it is tried with", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  const says = builder.field("Text, with fields in braces");
  await says.fill("{first_name:upper} from {city|your town}");
  await page.getByLabel("Try with").selectOption({ label: "1 Ada Pendlebury" });
  await expect(builder.element("text-1")).toHaveText("ADA from Lower Heath");
  await page.getByRole("button", { name: "The next runner" }).click();
  await expect(builder.element("text-1")).toContainText("MAXIMILIANE EVANGELINE");
  // A double click leads into the text, all of which the next letter replaces.
  const corner = await builder.at(300, 300);
  await page.mouse.dblclick(corner.x, corner.y);
  await expect(says).toBeFocused();
  await page.keyboard.type("Well run");
  await expect(builder.element("text-1")).toHaveText("Well run");
  await says.fill("{first_name}");
  await expect(builder.element("text-1")).toContainText("Maximiliane Evangeline");
  await says.fill("{first_nam}");
  await expect(page.getByRole("alert")).toContainText("There is no field `first_nam`");
  await expect(builder.element("text-1")).toContainText("Maximiliane Evangeline");
});

test("a version that is published draws the boxes on a screen that the builder draws", async ({
  gantry,
  page,
  context,
}) => {
  const builder = await Builder.open(gantry, page, "finish-wide");
  const display = await gantry.createDisplay(builder.event, ["FINISH"], { template: "big-type" });
  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("ArrowDown");
  await builder.isSaved();
  const screen = await context.newPage();
  await screen.setViewportSize({ width: 960, height: 540 });
  await screen.goto(display.url);

  await builder.publish("FINISH");
  const ids = () =>
    screen.locator(".canvas > .b").evaluateAll((boxes) => boxes.map((box) => box.className));
  await page.getByRole("button", { name: "Resting" }).click();
  await page.getByLabel("Try with").selectOption({ label: "Nobody" });
  const drawn = () =>
    builder.canvas
      .locator(":scope > .b")
      .evaluateAll((boxes) => boxes.map((box) => box.className));
  await expect.poll(ids).toEqual(await drawn());

  await page.goto(`/events/${builder.event}/displays`);
  await wakes(page);
  await expect(page.getByText("Finish arch, version 1")).toBeVisible();
});

test.describe(() => {
  test.use({ allowedConsole: /save-template/ });

  test("what is changed while the server is away is kept over a reload", async ({
    gantry,
    page,
  }) => {
    const builder = await Builder.open(gantry, page);
    await builder.tool("Rectangle");
    await builder.drag([300, 200], [700, 500]);
    await builder.isSaved();
    const [x = 0, y = 0, width = 0, height = 0] = await builder.place();
    await page.route("**/rpc/save-template", (route) => route.abort());
    await builder.over.focus();
    await page.keyboard.press("Shift+ArrowRight");
    await expect(page.getByText("The server is away. Kept in this browser.")).toBeVisible();
    await page.unroute("**/rpc/save-template");
    await page.reload();
    await builder.awake();
    await builder.isSaved();
    await builder.click(500, 350);
    await builder.isAt(x + 10, y, width, height);
  });
});

test("a template is made, tried and published by keyboard alone", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  await gantry.createDisplay(builder.event, ["FINISH"]);
  const { keyboard } = page;
  await builder.tabTo(builder.over);
  await keyboard.press("Control+k");
  await expect(page.getByLabel("Search commands")).toBeFocused();
  await keyboard.type("text");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await palette.getByRole("option", { name: /^Text/ }).waitFor();
  await keyboard.press("Enter");
  await expect(builder.layers).toHaveCount(1);
  await builder.tabTo(builder.field("Text, with fields in braces"));
  await keyboard.press("Control+a");
  // The name is completed, and closed.
  await keyboard.type("Well run, {first");
  await expect(page.getByText("1 name fits.")).toBeAttached();
  await keyboard.press("Enter");
  await keyboard.type("!");
  await expect(builder.field("Text, with fields in braces")).toHaveValue("Well run, {first_name}!");
  await builder.isSaved();
  await builder.tabTo(builder.over, "Shift+Tab");
  await keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await keyboard.press("Escape");
  await expect(keys).toBeHidden();
  // Once nothing is selected, Tab leads out of the canvas again.
  await expect(builder.over).toBeFocused();
  await keyboard.press("Escape");
  await builder.tabTo(page.getByRole("button", { name: "Publish" }).first(), "Shift+Tab");
  await keyboard.press("Enter");
  const publish = page.getByRole("dialog", { name: "Publish" });
  await publish.getByLabel("FINISH").waitFor();
  await builder.tabTo(publish.getByLabel("FINISH"));
  await keyboard.press("Space");
  await builder.tabTo(publish.getByRole("button", { name: "Publish" }));
  await keyboard.press("Enter");
  // The other scene was left empty.
  await expect(publish.getByText("There is nothing in this scene")).toBeVisible();
  await builder.tabTo(publish.getByRole("button", { name: "Publish anyway" }));
  await keyboard.press("Enter");
  await expect(page.getByText("Version 1 is on 1 display.")).toBeVisible();
});

test("how a field is written, what stands in for it, and when it is seen is chosen", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  await builder.field("Text, with fields in braces").fill("{first_name} from {team}");
  await page.getByLabel("Try with").selectOption({ label: "1 Ada Pendlebury" });
  const text = builder.element("text-1");
  await expect(text).toHaveText("Ada from");
  await builder.field("How first_name is written").selectOption("LARGE");
  await builder.field("Instead, where team says nothing").fill("no {team}");
  await builder.field("Instead, where team says nothing").press("Enter");
  await expect(text).toHaveText("ADA from no team");
  await expect(builder.field("Text, with fields in braces")).toHaveValue(
    "{first_name:upper} from {team|no team}",
  );

  const inspector = page.getByRole("complementary", { name: "Inspector" });
  const seen = inspector.locator("section").filter({ hasText: "Is seen" });
  await seen.getByRole("button", { name: "Add a condition" }).click();
  await seen.getByLabel("Field").selectOption("city");
  await seen.getByLabel("Says").selectOption("does not say just");
  await seen.getByLabel("What it says").fill("Lower Heath");
  await seen.getByLabel("What it says").press("Enter");
  await expect(text).toBeHidden();
  await seen.getByRole("button", { name: "Add a condition" }).click();
  await seen.getByLabel("How many of these").selectOption("any of these");
  await expect(text).toBeVisible();
  await seen.getByRole("button", { name: "Remove the condition" }).last().click();
  await expect(text).toBeHidden();
  await seen.getByRole("button", { name: "Remove the condition" }).first().click();
  await expect(seen.getByText("Always.")).toBeVisible();
  await expect(text).toBeVisible();
  await builder.isSaved();
});

for (const deviceScaleFactor of [1, 1.5]) {
  test.describe(`with ${deviceScaleFactor} pixels of the device to one of the page`, () => {
    test.use({ deviceScaleFactor });

    test("the canvas is sharp at 100 %, however large the window is", async ({ gantry, page }) => {
      const builder = await Builder.open(gantry, page, "big-type");
      await builder.over.focus();
      await page.keyboard.press("0");
      await expect(page.getByTitle("Fit the canvas")).toHaveText("100 %");
      const corners = new Set<string>();
      for (const [width, height] of [
        [1_440, 900],
        [1_441, 901],
        [1_442, 903],
      ]) {
        await resize(page, width, height);
        // Whoever watches sizes hears of them after the event, and before the next picture.
        await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
        // In its frame, which the browser itself lays on whole pixels.
        const corner = await builder.canvas.evaluate((it) => {
          const { e, f } = new DOMMatrix(getComputedStyle(it).transform);
          return [e, f];
        });
        corners.add(`${corner}`);
        for (const px of corner) {
          const ofDevice = px * deviceScaleFactor;
          expect(Math.abs(ofDevice - Math.round(ofDevice)), `${px}`).toBeLessThan(0.01);
        }
      }
      expect(corners.size, "it has moved with the window").toBeGreaterThan(1);
    });
  });
}

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch });

    test("no words of the inspector are cut", async ({ gantry, page }) => {
      const builder = await Builder.open(gantry, page);
      await expect(builder.field("Headings")).toBeVisible();
      expect(await page.evaluate(cutWords), "the canvas and its theme").toEqual([]);
      await builder.tool("Text");
      await builder.drag([200, 200], [1_700, 400]);
      await builder.field("Text, with fields in braces").fill("{first_name} from {city}");
      await builder.field("Instead, where city says nothing").waitFor();
      expect(await page.evaluate(cutWords), "a text").toEqual([]);
    });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`the builder keeps nobody out, in ${colorScheme} colors`, async ({ gantry, page }) => {
        await page.emulateMedia({ colorScheme });
        const builder = await Builder.open(gantry, page, "finish-wide");
        await isAccessible(page);
        await page.goto(`/events/${builder.event}/templates`);
        await wakes(page);
        await isAccessible(page);
      });
    }
  });
}

/** Runs in the page: what has less room in the inspector than its words need. */
function cutWords(): string[] {
  const ARROW_PX = 20;
  const paper = document.createElement("canvas").getContext("2d")!;
  const cut: string[] = [];
  for (const slot of Array.from(document.querySelectorAll(".inspector .slot"))) {
    if (slot.scrollWidth > slot.clientWidth) cut.push(slot.textContent ?? "");
  }
  const fields = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
    ".inspector :is(select, input[placeholder])",
  );
  for (const field of Array.from(fields)) {
    const style = getComputedStyle(field);
    const [words, arrowPx] =
      field instanceof HTMLSelectElement
        ? [field.selectedOptions[0]?.text ?? "", ARROW_PX]
        : [field.placeholder, 0];
    paper.font = style.font;
    const room =
      field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrowPx;
    if (field.checkVisibility() && paper.measureText(words).width > room) cut.push(words);
  }
  return cut;
}
