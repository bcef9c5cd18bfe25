// The roster's page: a file with errors, repairs by hand and their undoing, a search that forgives.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

import { expect, type Gantry, test } from "../gantry";
import { isAccessible, logIn, wakes } from "../studio";

test.use({ viewport: { width: 1280, height: 900 } });

const FILE = `Bib,First Name,Last Name,Gender,Age,City,Race,Shirt,Chip
7,Ana,Okafor,F,34,Harbor,10K,M,A1
8,Bo,Lindqvist,M,41,Fernhill,10K,L,B1
,Cy,Nobib,M,20,Fernhill,10K,L,
8,Dee,Twice,F,22,Harbor,10K,S,D1
9,Eli,Quill,M,abc,Millbrook,10K,S,E1
`;

/** An event, and somebody logged in at its roster. */
async function atRoster(gantry: Gantry, page: Page): Promise<string> {
  const { partner, event } = await gantry.createEvent();
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}/roster`);
  await wakes(page);
  return event;
}

const grid = (page: Page) => page.getByRole("grid", { name: "Roster" });
const row = (page: Page, name: string) => grid(page).getByRole("row").filter({ hasText: name });
const person = (page: Page) => page.locator("dialog#person");
const importing = (page: Page) => page.locator("dialog#import");
const undo = (page: Page) => page.getByRole("status").getByRole("button", { name: "Undo" }).last();

async function choose(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "Import a file" }).click();
  await importing(page)
    .getByLabel("Roster")
    .setInputFiles({ name: "roster.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
}

async function load(page: Page, text = FILE): Promise<void> {
  await choose(page, text);
  await importing(page).getByRole("button", { name: /^Import \d/ }).click();
  await expect(importing(page).getByText("The roster is in force.")).toBeVisible();
  await importing(page).getByRole("button", { name: "Done" }).click();
  await expect(grid(page)).toBeVisible();
}

test("a file with errors says what it would do, and gives its rejected rows back", async ({
  gantry,
  page,
}) => {
  await atRoster(gantry, page);
  await expect(page.getByText("No participant yet")).toBeVisible();
  await isAccessible(page);
  await choose(page, FILE);
  const dialog = importing(page);
  await expect(dialog.getByRole("button", { name: "Import 2 rows" })).toBeVisible();
  await expect(dialog.getByText("10K, 10 km")).toBeVisible();
  await isAccessible(page);
  await dialog.locator("summary", { hasText: "Rejected" }).click();
  await expect(dialog.getByText("the bib is empty; give the person one")).toBeVisible();
  const saving = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save the rejected rows as a file" }).click();
  const saved = await readFile(await (await saving).path(), "utf8");
  expect(saved).toContain("Dee,Twice");
  expect(saved).toContain("Eli,Quill");
  expect(saved).not.toContain("Okafor");

  await expect(dialog.getByText("2 To add new on the roster")).toBeVisible();
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route("**/rpc/roster-stage", (route) => held.then(() => route.continue()));
  await dialog.getByRole("button", { name: "Import 2 rows" }).click();
  await expect(dialog.getByText("Importing")).toBeVisible();
  // Nothing can be pressed there meanwhile.
  await expect(dialog.locator(".dialog-foot")).toBeHidden();
  goOn();
  await expect(dialog.getByText("The roster is in force.")).toBeVisible();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(row(page, "Ana Okafor")).toContainText("10K");
  await expect(page.getByText("2 participants")).toBeVisible();
});

test.describe("a file that cannot be used", () => {
  test.use({ allowedConsole: /status of 422/ });

  test("says what it is and what to do, and nothing is lost", async ({
    gantry,
    page,
  }) => {
    await atRoster(gantry, page);
    await load(page, "bib,name\n1,Ada Pendlebury\n");
    const zip = Buffer.from("504b0304", "hex");
    const files: [name: string, bytes: Buffer, says: RegExp][] = [
      ["empty.csv", Buffer.from(""), /is empty; choose the file with the roster/i],
      ["list.csv", Buffer.from("Ana,Okafor,Harbor\n"), /no row names its columns/i],
      ["people.csv", Buffer.from("name,city\nAna Okafor,Harbor\n"), /holds the bib/i],
      ["bibs.csv", Buffer.from("bib,city\n1,Harbor\n"), /no column holds a name/i],
      ["open.csv", Buffer.from(`bib,name\n1,"Ana${" Ana".repeat(20_000)}\n`), /quotation mark left open/i],
      ["cut.xlsx", Buffer.concat([zip, Buffer.alloc(2_000, 7)]), /damaged|archive/i],
      ["old.xls", Buffer.from("d0cf11e0a1b11ae1".padEnd(1_024, "0"), "hex"), /old Excel file|password/i],
      ["list.pdf", Buffer.from("%PDF-1.7\n1 0 obj\n"), /it is a PDF/i],
      ["list.json", Buffer.from('[{"bib": 1, "name": "Ana"}]'), /it is JSON/i],
      ["photo.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /it is no text/i],
    ];
    await page.getByRole("button", { name: "Import a file" }).click();
    for (const [name, buffer, says] of files) {
      await importing(page)
        .getByLabel("Roster")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer });
      await expect(importing(page).getByText(says), name).toBeVisible();
      if (name === "empty.csv") await isAccessible(page);
      // Another can be chosen at once, or after one press.
      const again = importing(page).getByRole("button", { name: "Another file" });
      if (await again.isVisible()) await again.click();
    }
    await page.keyboard.press("Escape");
    await expect(row(page, "Ada Pendlebury")).toBeVisible();
    await expect(page.getByText("1 participant", { exact: true })).toBeVisible();
  });
});

test("an edit by hand is kept by the next file, which says so", async ({ gantry, page }) => {
  await atRoster(gantry, page);
  await load(page);
  await row(page, "Ana Okafor").click();
  await expect(person(page).getByLabel("Shirt")).toHaveValue("M");
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await row(page, "Bo Lindqvist").click();
  await expect(person(page).getByLabel("Shirt")).toHaveValue("L");
  await person(page).getByLabel("Shirt").fill("XL");
  await person(page).getByRole("button", { name: "Save" }).click();
  await expect(row(page, "Bo Lindqvist")).toContainText("edited");
  await row(page, "Bo Lindqvist").click();
  await expect(person(page).getByLabel("Shirt")).toHaveValue("XL");
  await page.keyboard.press("Escape");
  await row(page, "Ana Okafor").click();
  await expect(person(page).getByLabel("Shirt")).toHaveValue("M");
  await person(page).getByLabel("City").fill("Lower Heath");
  await person(page).getByRole("button", { name: "Save" }).click();
  await expect(row(page, "Ana Okafor")).toContainText("Lower Heath");

  await choose(page, FILE.replace("34,Harbor", "35,Harbor"));
  await expect(importing(page).getByText("Edited by hand")).toBeVisible();
  await importing(page).getByRole("button", { name: "Import 1 row" }).click();
  await importing(page).getByRole("button", { name: "Done" }).click();
  await expect(row(page, "Ana Okafor")).toContainText("35");
  await expect(row(page, "Ana Okafor")).toContainText("Lower Heath");
});

test("withdrawn, swapped, removed, and each undone", async ({ gantry, page }) => {
  await atRoster(gantry, page);
  await load(page);
  await row(page, "Ana Okafor").click();
  await person(page).getByRole("button", { name: "Withdraw" }).click();
  await expect(row(page, "Ana Okafor")).toContainText("withdrawn");
  await undo(page).click();
  await expect(row(page, "Ana Okafor")).not.toContainText("withdrawn");

  await row(page, "Ana Okafor").click();
  await person(page).getByLabel("Swap bibs with").fill("lindqivst");
  await person(page).getByRole("button", { name: "8 Bo Lindqvist" }).click();
  await expect(row(page, "Ana Okafor")).toContainText("8");
  await expect(row(page, "Bo Lindqvist")).toContainText("7");
  await undo(page).click();
  await expect(row(page, "Ana Okafor")).toContainText("7");

  await row(page, "Bo Lindqvist").click();
  await person(page).getByRole("button", { name: "Remove" }).click();
  await expect(row(page, "Bo Lindqvist")).toHaveCount(0);
  await undo(page).click();
  await expect(row(page, "Bo Lindqvist")).toHaveCount(1);
});

test("somebody is added with the keyboard and found with a mistake", async ({ gantry, page }) => {
  await atRoster(gantry, page);
  await load(page);
  await page.getByRole("button", { name: "Add a participant" }).click();
  await expect(person(page).getByLabel("Bib", { exact: true })).toBeFocused();
  await page.keyboard.type("205");
  await person(page).getByLabel("Last name").fill("Żółkowska");
  await person(page).getByLabel("Last name").press("Tab");
  await person(page).getByRole("button", { name: "Add" }).press("Enter");
  await expect(row(page, "Żółkowska")).toBeVisible();

  await page.getByRole("searchbox", { name: "Find in the roster" }).fill("zolkwoska");
  await expect(page.getByText("1 found")).toBeVisible();
  await expect(row(page, "Okafor")).toHaveCount(0);
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(person(page).getByLabel("Last name")).toHaveValue("Żółkowska");
});
