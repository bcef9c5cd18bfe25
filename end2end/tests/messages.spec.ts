// The messages that displays choose from: pasted, changed, taken away, and said to whom they are.

import type { Page } from "@playwright/test";

import { expect, type Gantry, test } from "../gantry";
import { isAccessible, isNotWider, logIn, SCREENS, wakes } from "../studio";

/** Logged in, on the page of displays of an event with one display. */
async function opened(gantry: Gantry, page: Page): Promise<string> {
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.createDisplay(event, ["FINISH"]);
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}/displays`);
  await wakes(page);
  return event;
}

const section = (page: Page) => page.getByRole("region", { name: "Messages" });
const line = (page: Page, text: string) =>
  section(page).getByRole("listitem").filter({ hasText: text }).first();
const form = (page: Page) => page.getByRole("dialog");

async function paste(page: Page, lines: string[], fill = async () => {}): Promise<void> {
  await section(page).getByRole("button", { name: "Add messages" }).click();
  await form(page).getByLabel("Messages, one on each line").fill(lines.join("\n"));
  await fill();
}

const add = async (page: Page) => {
  await form(page)
    .getByRole("button", { name: /^Add \d+ message/ })
    .click();
  await expect(form(page)).toBeHidden();
};

test("messages are pasted, changed and removed, with those for whom they are", async ({
  gantry,
  page,
}) => {
  await opened(gantry, page);
  await expect(section(page).getByText("No messages yet")).toBeVisible();
  await isAccessible(page);
  await paste(page, ["Go, {first_name}!", "", "Nearly there", "Well done"], async () => {
    await form(page).getByLabel("from the city").fill("Lower Heath");
    await form(page).getByLabel("whose birthday it is").check();
    await form(page).getByLabel("Weight").fill("3");
    await isAccessible(page);
  });
  await add(page);
  await expect(page.getByText("3 messages added")).toBeVisible();
  for (const text of ["Go, {first_name}!", "Nearly there", "Well done"]) {
    for (const chip of ["From Lower Heath", "Birthday", "Weight 3"]) {
      await expect(line(page, text)).toContainText(chip);
    }
  }
  await isAccessible(page);

  // The same once more is left out.
  await paste(page, ["Nearly there"], async () => {
    await form(page).getByLabel("from the city").fill("lower heath");
    await form(page).getByLabel("whose birthday it is").check();
  });
  await add(page);
  await expect(page.getByText("All of them were there already")).toBeVisible();

  await section(page).getByRole("button", { name: "Edit “Nearly there”" }).click();
  await expect(form(page).getByLabel("from the city")).toHaveValue("Lower Heath");
  await form(page).getByLabel("Message", { exact: true }).fill("Almost home");
  await form(page).getByLabel("of the division").fill("F 35-39");
  await form(page).getByLabel("from the city").fill("");
  await form(page).getByLabel("whose birthday it is").uncheck();
  await form(page).getByLabel("whose first race it is").check();
  await form(page).getByRole("button", { name: "Save" }).click();
  await expect(form(page)).toBeHidden();
  await section(page).getByRole("button", { name: "Remove “Well done”" }).click();
  await expect(line(page, "Well done")).toHaveCount(0);

  await page.reload();
  await wakes(page);
  await expect(section(page).locator(".message")).toHaveCount(2);
  await expect(line(page, "Go, {first_name}!")).toContainText("From Lower Heath");
  for (const chip of ["Division F 35-39", "First race", "Weight 3"]) {
    await expect(line(page, "Almost home")).toContainText(chip);
  }
  await expect(line(page, "Almost home")).not.toContainText("Birthday");
});

test("what was added, removed or changed is taken back", async ({ gantry, page }) => {
  const event = await opened(gantry, page);
  await gantry.cli(["message", "add", "--event", event, "First", "Second", "Third"]);
  await page.reload();
  await wakes(page);
  const texts = section(page).locator(".message-text");
  await paste(page, ["Fourth", "Fifth", "Third"]);
  await add(page);
  await expect(texts).toHaveText(["First", "Second", "Third", "Fourth", "Fifth"]);
  await expect(page.getByText("2 messages added, 1 was there already")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(texts).toHaveText(["First", "Second", "Third"]);
  await section(page).getByRole("button", { name: "Remove “Second”" }).click();
  await expect(texts).toHaveText(["First", "Third"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(texts).toHaveText(["First", "Second", "Third"]);
  await section(page).getByRole("button", { name: "Edit “First”" }).click();
  await form(page).getByLabel("Message", { exact: true }).fill("Other");
  await form(page).getByRole("button", { name: "Save" }).click();
  await expect(texts).toHaveText(["Other", "Second", "Third"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(texts).toHaveText(["First", "Second", "Third"]);
});

test("a display of its own pool stands apart", async ({ gantry, page }) => {
  await opened(gantry, page);
  await paste(page, ["For everybody"]);
  await add(page);
  await expect(section(page).getByRole("heading", { name: "All displays" })).toBeHidden();
  await paste(page, ["At the finish"], async () => {
    await form(page).getByLabel("Shown on").selectOption("FINISH");
  });
  await add(page);
  const own = section(page).getByRole("list", { name: "Only FINISH" });
  await expect(own.locator(".message-text")).toHaveText(["At the finish"]);
  const all = section(page).getByRole("list", { name: "All displays" });
  await expect(all.locator(".message-text")).toHaveText(["For everybody"]);
});

test.describe("what cannot be taken", () => {
  test.use({ allowedConsole: /status of 422/ });

  test("is told at its field, and nothing is lost", async ({ gantry, page }) => {
    await opened(gantry, page);
    const long = `Long ${"o".repeat(300)}`;
    await paste(page, ["Good", long]);
    const submit = form(page).getByRole("button", { name: "Add 2 messages" });
    await submit.click();
    const text = form(page).getByLabel("Messages, one on each line");
    await expect(text).toHaveAccessibleDescription("Line 2 has 305 characters; shorten it to 280.");
    await expect(text).toHaveValue(`Good\n${long}`);
    await text.fill("Good\nBetter");
    await form(page).getByLabel("Weight").fill("many");
    await submit.click();
    await expect(form(page).getByLabel("Weight")).toHaveAccessibleDescription(
      "It must be from 1 to 100.",
    );
    await form(page).getByLabel("Weight").fill("1");
    await add(page);
    await expect(section(page).locator(".message-text")).toHaveText(["Good", "Better"]);
  });
});

for (const { name, viewport, hasTouch } of SCREENS) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport, hasTouch });

    test("long messages and names fit", async ({ gantry, page }) => {
      const event = await opened(gantry, page);
      const words = "Halte durch, {first_name}, der alte Leuchtturm ist schon zu sehen. ";
      const place = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch";
      const asked = ["--city", place, "--division", "Frauen 35–39", "--birthday", "--weight", "9"];
      const long = [words.repeat(4).slice(0, 279), "x".repeat(280)];
      await gantry.cli(["message", "add", "--event", event, ...asked, ...long]);
      await page.reload();
      await wakes(page);
      await expect(section(page).locator(".message")).toHaveCount(2);
      await isNotWider(page);
      await isAccessible(page);
    });
  });
}
