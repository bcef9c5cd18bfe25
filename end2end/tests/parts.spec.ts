// The studio's own components on the page that shows them all, by real keys and presses.

import type { Page } from "@playwright/test";

import { expect, test } from "../gantry";
import { copies, isAccessible, isNotWider, SCREENS } from "../studio";

const PAGE = "/dev/parts";

test.use({ command: "demo", viewport: { width: 1280, height: 900 } });

/** Opens a page of the studio and waits until its script runs. */
async function open(page: Page, url = PAGE): Promise<void> {
  await page.goto(url);
  await expect(page).toHaveTitle(/ – Gantry$/);
}

const said = (page: Page) => page.locator("#said");

test("a dialog holds the focus, closes with Esc and gives the focus back", async ({ page }) => {
  await open(page);
  const opener = page.getByRole("button", { name: "Edit race" });
  const dialog = page.getByRole("dialog", { name: "Edit race" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("!");
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("Tab");
    const outside = await page.evaluate(
      () => document.activeElement !== document.body && !document.activeElement?.closest("dialog"),
    );
    expect(outside, "the focus left the dialog").toBe(false);
  }
  // A menu inside closes by itself, and the dialog stays.
  const more = dialog.getByRole("button", { name: "More" });
  await more.focus();
  await page.keyboard.press("ArrowDown");
  await expect(dialog.getByRole("menuitem", { name: "Archive" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("menu")).toBeHidden();
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await opener.click();
  await expect(dialog.getByLabel("Name")).toHaveValue(/!/);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(said(page)).toHaveText("saved");
});

test("a dialog asks before harm, and Enter alone harms nothing", async ({ page }) => {
  await open(page);
  const opener = page.getByRole("button", { name: "Remove reads" });
  const dialog = page.getByRole("dialog", { name: "Remove simulator reads?" });
  await opener.click();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(said(page)).toHaveText("nothing yet");
  await opener.click();
  await dialog.getByRole("button", { name: "Remove 312 reads" }).click();
  await expect(dialog).toBeHidden();
  await expect(said(page)).toHaveText("removed");
});

test("a menu goes by keys and by presses", async ({ page }) => {
  await open(page);
  const button = page.getByRole("button", { name: "More for 10K" });
  const menu = page.getByRole("menu", { name: "More for 10K" });
  const item = (name: string) => menu.getByRole("menuitem", { name });
  await button.focus();
  await page.keyboard.press("ArrowDown");
  await expect(item("Edit")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(item("Copy the address")).toBeFocused();
  await page.keyboard.press("End");
  await expect(item("Archive")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(item("Edit")).toBeFocused();
  await page.keyboard.press("p");
  await expect(item("Pause")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(item("Edit")).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(menu).toBeHidden();
  await expect(said(page)).toHaveText("edit");

  await button.click();
  const [from, list] = [await button.boundingBox(), await menu.boundingBox()];
  expect(list?.y, "stands below its button").toBeCloseTo((from?.y ?? 0) + (from?.height ?? 0) + 4, 0);
  await item("Archive").click();
  await expect(said(page)).toHaveText("archive");
  await button.click();
  await page.getByRole("heading", { name: "Dialogs, menus, toasts" }).click();
  await expect(menu).toBeHidden();
});

test("tabs go by arrow keys, and are one stop of Tab", async ({ page }) => {
  await open(page);
  const tab = (name: string) => page.getByRole("tab", { name });
  const panel = page.getByRole("tabpanel");
  await tab("Reads").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab("Streams")).toBeFocused();
  await expect(panel).toHaveText("Two streams.");
  await page.keyboard.press("End");
  await expect(tab("Exceptions")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");
  await expect(tab("Reads")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(panel).toBeFocused();
  await tab("Streams").click();
  await expect(panel).toHaveText("Two streams.");
});

test("thirty thousand rows go by keys, by wheel and by typing", async ({ page }) => {
  await open(page);
  const table = page.getByRole("grid", { name: "Roster" });
  /** By the bib in its first cell. */
  const row = (bib: number) =>
    table
      .getByRole("row")
      .filter({ has: page.locator(".cell:first-child").getByText(String(bib), { exact: true }) });
  const drawn = () => table.getByRole("row").count();
  const opened = page.locator("#opened");
  await expect(table).toHaveAttribute("aria-rowcount", "30001");
  await table.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(opened).toHaveText("2");
  await page.keyboard.press("End");
  await expect(row(30_000)).toBeInViewport({ ratio: 0.9 });
  await expect(row(30_000)).toHaveAttribute("aria-rowindex", "30001");
  await page.keyboard.press("Enter");
  await expect(opened).toHaveText("30000");
  const active = await table.getAttribute("aria-activedescendant");
  await expect(page.locator(`[id="${active}"]`)).toContainText("30000");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  expect(Number(await opened.innerText())).toBeLessThan(29_995);
  expect(await drawn()).toBeLessThan(120);
  await page.keyboard.press("Home");
  await expect(row(1)).toBeInViewport({ ratio: 0.9 });

  await table.hover();
  await page.mouse.wheel(0, 400_000);
  await expect(row(1)).toHaveCount(0);
  await expect.poll(() => table.evaluate((it) => it.scrollTop)).toBeGreaterThan(300_000);
  const seen = await table.evaluate((it) => {
    const box = it.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return at?.closest("[role=row]")?.getAttribute("aria-rowindex");
  });
  expect(Number(seen), "a row is drawn where the table was scrolled to").toBeGreaterThan(5_000);
  expect(await drawn()).toBeLessThan(120);

  await page.getByRole("searchbox", { name: "Find a participant" }).click();
  await page.keyboard.type("okafro 2000");
  await expect(page.getByText("3 rows")).toBeVisible();
  await expect(row(2_000)).toBeInViewport();
  await row(2_000).getByText("Ana Okafor").click();
  await expect(opened).toHaveText("2000");
  await page.getByRole("searchbox", { name: "Find a participant" }).fill("nobody at all");
  await expect(page.getByText("Nobody found")).toBeVisible();
});

test("a row changes by itself, and rows above move nothing that is read", async ({ page }) => {
  await open(page);
  const table = page.getByRole("grid", { name: "Roster" });
  const third = table.locator("[role=row][aria-rowindex='4']");
  await third.evaluate((it) => Object.assign(it, { same: true }));
  await page.getByRole("button", { name: "Read bib 3" }).click();
  await expect(third.getByRole("gridcell").nth(3)).toHaveText("1");
  expect(await third.evaluate((it) => "same" in it), "the row was made anew").toBe(true);

  await table.hover();
  await page.mouse.wheel(0, 4_400);
  const row = table.getByRole("row").filter({ has: page.getByText("105", { exact: true }) });
  await expect(row).toBeInViewport();
  await expect.poll(() => table.evaluate((it) => it.scrollTop)).toBe(4_400);
  const before = await row.boundingBox();
  for (let count = 0; count < 20; count++) {
    await page.getByRole("button", { name: "Add above" }).click();
  }
  await expect(page.getByText("30020 rows")).toBeVisible();
  await expect.poll(async () => (await row.boundingBox())?.y).toBe(before?.y);
});

test("rows get lower, and the choice is kept", async ({ page }) => {
  await open(page);
  const row = page.getByRole("grid", { name: "Roster" }).locator("[aria-rowindex='2']");
  const height = async () => (await row.boundingBox())?.height;
  expect(await height()).toBe(44);
  await page.getByRole("button", { name: "Dense rows" }).click();
  await expect.poll(height).toBe(34);
  await page.reload();
  await expect(page.getByRole("button", { name: "Dense rows", pressed: true })).toBeVisible();
  expect(await height()).toBe(34);
});

test("a theme is kept, and is there before anything is painted", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Theme: auto" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  const dark = await ground();
  expect(dark).not.toBe(light);
  // Without the bundle, which never comes.
  await page.route("**/*.wasm", () => {});
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByRole("heading", { name: "Parts", level: 1 })).toBeVisible();
  expect(await ground()).toBe(dark);
});

test("a toast takes back what was done; an error stays", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Toast to undo" }).click();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(said(page)).toHaveText("undone");
  await expect(page.getByText("Ana Okafor withdrawn")).toBeHidden();
  await page.getByRole("button", { name: "Toast of an error" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "the disk is full" });
  await expect(alert).toBeVisible();
  await alert.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("the disk is full")).toBeHidden();
});

test("alarms are folded and put right, the worst first", async ({ page }) => {
  await open(page);
  const alarms = page.getByRole("region", { name: "Alarms" });
  await expect(alarms.locator(".banner").first()).toContainText("FINISH is 1 h");
  await alarms.getByRole("button", { name: "Fold 3 into one" }).click();
  await expect(alarms.locator(".banner")).toHaveCount(1);
  await alarms.getByRole("button", { name: "Set the offset" }).click();
  await expect(alarms.locator(".banner").first()).toContainText("23 of the last 50");
  await alarms.getByRole("button", { name: "Show all 2" }).click();
  await expect(alarms.locator(".banner")).toHaveCount(2);
});

test("a time of day is put in order, and what is none says what to do", async ({ page }) => {
  await open(page);
  const gun = page.getByLabel("Gun");
  await gun.fill("7:05 pm");
  await gun.press("Tab");
  await expect(gun).toHaveValue("19:05:00.00");
  await gun.fill("soon");
  await gun.press("Tab");
  await expect(gun).toHaveAttribute("aria-invalid", "true");
  await expect(gun).toHaveAccessibleDescription("Write the time as 7:00:00 or 7:00:00.25");
});

test("what is typed before the script is there stays", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(PAGE, { waitUntil: "commit" });
  await page.getByLabel("Bib", { exact: true }).fill("4711");
  release();
  await expect(page).toHaveTitle(/ – Gantry$/);
  await expect(page.getByLabel("Bib", { exact: true })).toHaveValue("4711");
  await expect(page.getByText("Write the bib in digits")).toBeHidden();
});

test("the first key leads past the navigation, which marks the page", async ({ page }) => {
  await open(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  const marked = page.getByRole("navigation", { name: "Studio" }).locator("[aria-current]");
  await expect(marked).toHaveText("Parts");
});

test("text is copied on plain http too, where browsers hide the clipboard", async ({
  gantry,
  page,
}) => {
  const port = gantry.http.split(":").at(-1);
  await open(page, `http://gantry.test:${port}${PAGE}`);
  expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  await copies(page.getByRole("button", { name: "Copy address of the display" }));
  await page.getByLabel("Note").focus();
  await page.keyboard.press("ControlOrMeta+v");
  await expect(page.getByLabel("Note")).toHaveValue("http://192.168.20.14:3000/d/abcdefgh");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("everything can be read", async ({ page }) => {
    await page.goto(PAGE);
    await expect(page.getByRole("heading", { name: "Parts", level: 1 })).toBeVisible();
    const rows = page.getByRole("grid", { name: "Roster" }).getByRole("row");
    await expect(rows).toHaveCount(41);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport, hasTouch, isMobile: hasTouch });

    for (const colorScheme of ["light", "dark"] as const) {
      test(`nothing is barred to anybody, ${colorScheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        await open(page);
        await page.getByRole("button", { name: "Toast of an error" }).click();
        await isAccessible(page);
        await page.getByRole("button", { name: "Edit race" }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await isAccessible(page);
      });
    }

    test("nothing is wider than the screen, and fingers can press all", async ({ page }) => {
      await open(page);
      await isNotWider(page);
      const least = hasTouch ? 44 : 32;
      const small = await page.evaluate((least) => {
        const controls = document.querySelectorAll("button, select, textarea, .input, .side-link");
        return Array.from(controls)
          .filter((it) => it.checkVisibility() && !it.closest(".vrow"))
          .filter((it) => it.getBoundingClientRect().height < least)
          .map((it) => it.outerHTML.slice(0, 120));
      }, least);
      expect(small).toEqual([]);
    });
  });
}
