// How a display takes its turns, set in the studio and kept.

import type { Page } from "@playwright/test";

import { expect, type Gantry, test } from "../gantry";
import { isAccessible, logIn, wakes } from "../studio";

// What a form cannot be sent with is refused, and browsers write that down.
test.use({ viewport: { width: 1280, height: 900 }, allowedConsole: /status of 422/ });

/** On the page of displays of an event with one display, which is at FINISH. */
async function opened(gantry: Gantry, page: Page): Promise<string> {
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  const { id } = await gantry.createDisplay(event, ["FINISH"]);
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}/displays`);
  await wakes(page);
  return id;
}

const edit = (page: Page) => page.getByRole("dialog", { name: "Edit FINISH" });
const again = (page: Page) => page.getByLabel("Not again for");

/** Opens the dialog, in which the timing is folded away. */
async function begin(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Actions for FINISH" }).click();
  await page.getByRole("menuitem", { name: "Template and timing…" }).click();
  await expect(edit(page).getByLabel("Template")).toHaveValue("arrivals");
  await expect(again(page)).toBeHidden();
  await edit(page).getByText("Timing on screen").click();
  await expect(again(page)).toBeVisible();
}

test("what is set of a display's timing is kept, and can be taken back", async ({
  gantry,
  page,
}) => {
  const id = await opened(gantry, page);
  const stored = async () => (await gantry.cli(["display", "settings", "--display", id])).window_ms;
  await begin(page);
  await expect(again(page)).toHaveValue("");
  await expect(again(page)).toHaveAttribute("placeholder", "60");
  await expect(edit(page).getByText("lists everybody at once")).toBeVisible();
  await isAccessible(page);
  for (const [typed, problem] of [
    ["soon", "Type seconds, such as 4 or 2.5."],
    ["0", "Choose from 1 s to 600 s."],
  ]) {
    await again(page).fill(typed);
    await edit(page).getByRole("button", { name: "Save" }).click();
    await expect(edit(page).getByText(problem)).toBeVisible();
    await expect(again(page)).toHaveAttribute("aria-invalid", "true");
  }
  await again(page).fill("2.5");
  await edit(page).getByRole("button", { name: "Save" }).click();
  await expect(edit(page)).toBeHidden();
  await expect.poll(stored).toBe(2_500);

  await page.reload();
  await wakes(page);
  await begin(page);
  await expect(again(page)).toHaveValue("2.5");
  await again(page).fill("");
  await edit(page).getByRole("button", { name: "Save" }).click();
  await expect(edit(page)).toBeHidden();
  await expect.poll(stored).toBe(60_000);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(stored).toBe(2_500);
});

test("a new display begins with the timing of its template, or with another", async ({
  gantry,
  page,
}) => {
  await opened(gantry, page);
  const form = page.getByRole("dialog", { name: "New display" });
  const start = async () => {
    await page.getByRole("button", { name: "New display" }).click();
    await form.getByLabel("Name").fill("Second arch");
    await expect(again(page)).toBeHidden();
  };
  await start();
  await form.getByText("Timing on screen").click();
  await again(page).fill("700");
  await form.getByRole("checkbox", { name: "FINISH" }).check();
  await form.getByText("Timing on screen").click();
  await form.getByRole("button", { name: "Create display" }).click();
  // What is wrong is unfolded.
  await expect(form.getByText("Choose from 1 s to 600 s.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();

  await start();
  await form.getByText("Timing on screen").click();
  await expect(again(page)).toHaveValue("");
  await again(page).fill("90");
  await form.getByRole("button", { name: "Create display" }).click();
  await expect(form).toBeHidden();
  await page.getByRole("button", { name: "Actions for Second arch" }).click();
  await page.getByRole("menuitem", { name: "Template and timing…" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit Second arch" });
  await dialog.getByText("Timing on screen").click();
  await expect(again(page)).toHaveValue("90");
});
