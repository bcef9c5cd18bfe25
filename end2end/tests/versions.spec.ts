// What is kept of a template, whom it is tried with, and how it moves.

import type { Locator, Page } from "@playwright/test";

import { Builder } from "../builder";
import { expect, test } from "../gantry";
import { isAccessible, SCREENS } from "../studio";

test.use({ viewport: { width: 1440, height: 900 } });

async function versionsOf(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Versions", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Versions" });
  await expect(dialog).toBeVisible();
  return dialog;
}

test("whoever publishes without a display makes one that shows what was published", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Rectangle");
  await builder.drag([300, 200], [700, 500]);
  await builder.isSaved();
  const publishing = page.getByRole("dialog", { name: "Publish" });
  const open = () => page.getByRole("button", { name: "Publish" }).first().click();
  const making = page.getByRole("dialog", { name: "New display" });
  const unpublished = making.getByText("is not published yet");
  await open();
  await publishing.getByRole("link", { name: "Make a display" }).click();
  await expect(unpublished).toBeVisible();
  await making.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "New display" }).first().click();
  await expect(making).toBeVisible();
  await expect(unpublished).toBeHidden();
  await page.goBack();
  await open();
  await publishing.getByRole("button", { name: "Publish", exact: true }).click();
  // Nothing is in the scene of when nobody comes.
  await publishing.getByRole("button", { name: "Publish anyway" }).click();
  await expect(page.getByText("Version 1 is published. No display shows it yet.")).toBeVisible();
  await open();
  await publishing.getByRole("link", { name: "Make a display" }).click();
  await expect(making.getByLabel("Template").locator("option:checked")).toHaveText(
    "Finish arch, version 1",
  );
  await making.getByLabel("Another point").fill("FINISH");
  await making.getByRole("button", { name: "Create display" }).click();
  await expect(making).toBeHidden();
  await expect(page.getByText("Finish arch, version 1")).toBeVisible();
  // Only once: the address is that of the page again.
  await expect(page).toHaveURL(/\/displays$/);
});

test("a published version is seen beside the draft, gone back to, and left again", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page, "big-type");
  await gantry.createDisplay(builder.event, ["FINISH"]);
  const published = await builder.canvas.innerHTML();
  await builder.publish("FINISH");

  await builder.over.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Shift+ArrowRight");
  await builder.isSaved();
  const changed = await builder.canvas.innerHTML();
  expect(changed).not.toBe(published);

  let dialog = await versionsOf(page);
  const rows = dialog.getByRole("list", { name: "Versions" }).getByRole("listitem");
  await expect(rows).toHaveText([/Version 1.*Published just now by .*On FINISH/s]);
  await expect(dialog.getByText(/^Changes .*: place$/).first()).toBeVisible();
  await expect(dialog.locator("iframe")).toHaveCount(2);
  const pictures = dialog.frameLocator("iframe");
  const places = (index: number) =>
    pictures.nth(index).locator(".canvas > .b").first().getAttribute("style");
  await expect.poll(() => places(0)).not.toBe(await places(1));
  await dialog.getByLabel("Scene").selectOption("resting");
  await expect(dialog.locator("iframe").first()).toHaveAttribute("src", /scene=resting/);

  await dialog.getByRole("button", { name: "Restore" }).click();
  // It stays while it is pointed at.
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  await undo.hover();
  await expect(dialog).toBeHidden();
  await expect.poll(() => builder.canvas.innerHTML()).toBe(published);
  await builder.isSaved();
  await undo.click();
  await expect.poll(() => builder.canvas.innerHTML()).toBe(changed);
  await builder.isSaved();
  await builder.over.focus();
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(() => builder.canvas.innerHTML()).toBe(published);
  await builder.isSaved();
  // What was worked on is kept too.
  dialog = await versionsOf(page);
  await expect(rows).toHaveText([/Version 2.*Kept by itself/s, /Version 1/]);
  await dialog.getByRole("button", { name: "Version 1" }).click();
  await expect(dialog.getByText("There is no difference.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Restore" })).toBeDisabled();

  await dialog.getByLabel("Keep the draft as").fill("Before the rain");
  await dialog.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(rows).toHaveText([/3: Before the rain.*Kept just now/s, /Version 2/, /Version 1/]);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await builder.over.focus();
  await page.keyboard.press("Control+z");
  await expect.poll(() => builder.canvas.innerHTML()).toBe(changed);
  await builder.isSaved();
});

test("one steps through the whole roster, by hand, by keys and by a search", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  await builder.tool("Text");
  await builder.drag([200, 200], [1700, 400]);
  await builder.field("Text, with fields in braces").fill("{bib}: {first_name}");
  const runners = page.getByRole("group", { name: "Runners" });
  const isAt = async (place: string, says: string) => {
    await expect(runners.getByRole("status")).toHaveText(place);
    await expect(builder.element("text-1")).toContainText(says);
  };
  await isAt("1 of 3", "1: Ada");
  await runners.getByRole("button", { name: "The runner before" }).click();
  await isAt("3 of 3", "3: Þórdís");
  await builder.over.focus();
  await page.keyboard.press(".");
  await isAt("1 of 3", "1: Ada");
  await page.keyboard.press(",");
  await isAt("3 of 3", "3: Þórdís");
  const search = runners.getByLabel("Find a runner");
  await search.fill("maximilane");
  await isAt("1 of 1 found", "2: Maximiliane");
  await search.fill("nobody at all");
  await expect(runners.getByRole("status")).toHaveText("Nobody is found");
  await search.fill("");
  await isAt("1 of 3", "1: Ada");
  await search.press("ArrowDown");
  await isAt("2 of 3", "2: Maximiliane");
  // Those who are hard to show are still there, and the roster goes on where it was.
  await page.getByLabel("Try with").selectOption({ label: "Nobody" });
  await runners.getByRole("button", { name: "The next runner" }).click();
  await isAt("3 of 3", "3: Þórdís");
});

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`a scene plays as on a screen and stands still again, ${reducedMotion}`, async ({
    gantry,
    page,
  }) => {
    await page.emulateMedia({ reducedMotion });
    const builder = await Builder.open(gantry, page, "finish-wide");
    const before = await builder.canvas.innerHTML();
    const play = page.getByRole("button", { name: "Play the scene" });
    const whole = await builder.turns();
    await play.click();
    await expect(play).toBeVisible({ timeout: 15_000 });
    const takes = reducedMotion === "reduce" ? "0.01s" : "0.25s";
    const comes = { canvases: 2, name: "canvas swap", takes };
    const turns = await whole.jsonValue();
    // The scene comes, and so does the one around it again.
    expect(turns.filter(({ canvases }) => canvases !== 1)).toEqual([comes, comes]);
    await expect(builder.canvas).toHaveCount(1);
    expect(await builder.canvas.innerHTML()).toBe(before);

    // A change ends it. The page itself makes it, and so in time, however busy all is.
    const ended = await builder.turns();
    await page.getByRole("button", { name: "Resting" }).evaluate((resting: HTMLElement) => {
      const frame = document.querySelector<HTMLIFrameElement>("iframe[title=Canvas]");
      const stage = frame!.contentDocument!.querySelector(".canvas")!.parentElement!;
      const observer = new MutationObserver(() => {
        if (stage.querySelectorAll(":scope > .canvas").length < 2) return;
        observer.disconnect();
        resting.click();
      });
      observer.observe(stage, { childList: true });
    });
    await play.click();
    // It changes nothing.
    await page.keyboard.press("Escape");
    await expect(play).toBeVisible();
    expect((await ended.jsonValue()).map(({ canvases }) => canvases)).toEqual([1, 2, 1]);
  });
}

test("scenes and canvases are added, named and removed", async ({ gantry, page }) => {
  const builder = await Builder.open(gantry, page);
  const scenes = page.getByRole("group", { name: "Scenes" });
  await builder.field("Add a scene").fill("After party");
  await builder.field("Add a scene").press("Enter");
  await expect(scenes.getByRole("button", { name: "after-party", pressed: true })).toBeVisible();
  await builder.field("Its name").fill("Party");
  await builder.field("Its name").press("Enter");
  await expect(scenes.getByRole("button", { name: "party", pressed: true })).toBeVisible();
  await builder.field("Add a canvas").selectOption("1080p upright, 1080 × 1920");
  await expect(scenes.getByLabel("Canvas")).toHaveValue("1");
  await page.getByRole("button", { name: "Remove this canvas" }).click();
  await expect(scenes.getByLabel("Canvas")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove this scene" }).click();
  await expect(scenes.getByRole("button")).toHaveCount(2);
  await builder.isSaved();
});

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, hasTouch });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`versions keep nobody out, in ${colorScheme} colors`, async ({ gantry, page }) => {
        await page.emulateMedia({ colorScheme });
        const builder = await Builder.open(gantry, page, "finish-wide");
        const dialog = await versionsOf(page);
        await expect(dialog.getByText("No version yet")).toBeVisible();
        await isAccessible(page);
        await dialog.getByLabel("Keep the draft as").fill("Rain ".repeat(23));
        await dialog.getByRole("button", { name: "Keep", exact: true }).click();
        await expect(dialog.locator("iframe")).toHaveCount(2);
        await isAccessible(page);
        await dialog.getByRole("button", { name: "Close" }).click();
        await builder.isSaved();
      });
    }
  });
}

test("of two tabs the one that comes too late loads the other's, and makes its own again", async ({
  gantry,
  page,
}) => {
  const builder = await Builder.open(gantry, page);
  const late = await page.context().newPage();
  await late.goto(page.url());
  const canvas = late.frameLocator("iframe[title=Canvas]").locator(".canvas");
  await expect(canvas).toBeVisible();
  await builder.tool("Rectangle");
  await builder.drag([200, 200], [600, 400]);
  await builder.isSaved();

  await late.getByRole("application").focus();
  await late.keyboard.press("Control+k");
  await expect(late.getByLabel("Search commands")).toBeFocused();
  await late.keyboard.type("text");
  const palette = late.getByRole("dialog", { name: "Commands" });
  await palette.getByRole("option", { name: /^Text/ }).waitFor();
  await late.keyboard.press("Enter");
  await expect(canvas.locator(".b")).toHaveCount(1);
  await expect(late.getByText("Yours is kept here.")).toBeVisible();
  // What the other one saves takes nothing away of it.
  const saved = page.waitForResponse("**/rpc/save-template");
  await builder.over.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await saved;
  await late.getByRole("button", { name: "Load theirs" }).click();
  await late.getByRole("button", { name: "Make them again" }).click();
  await expect(canvas.locator(".b")).toHaveCount(2);
  await expect(late.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
});
