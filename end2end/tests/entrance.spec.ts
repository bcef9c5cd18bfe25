// The pages before the studio: set up on an empty folder, and log in. Both work without a script.

import { expect, test } from "../gantry";
import { fillLogin, isAccessible, OWNER, wakes } from "../studio";

test("an empty folder is set up by whoever sits at it, and they are in", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/setup$/);
  await isAccessible(page);
  await page.getByLabel("Your timing company or club").fill("Harbor Timing");
  await page.getByLabel("Your email address").fill(OWNER.email);
  await page.getByLabel("A password").fill(OWNER.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await wakes(page);
  await expect(page.getByText("No event yet")).toBeVisible();
  await page.getByRole("button", { name: OWNER.email }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/login$/);

  await page.getByLabel("Email address").fill(OWNER.email);
  await page.getByLabel("Password").fill("something else");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toContainText("is wrong");
  await isAccessible(page);
  await fillLogin(page, OWNER);
  await expect(page.getByText("No event yet")).toBeVisible();
});
