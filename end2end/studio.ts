// The studio as somebody at work sees it: logged in through the form, on a page whose script runs.

import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";

import { expect, type Gantry } from "./gantry";
import { animationsEnd } from "./layout";
import type { Login } from "./server";

export const OWNER = { email: "owner@example.com", password: "correct horse mat" };

/** What the studio is used on. */
export const SCREENS = [
  { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true },
  { name: "tablet", viewport: { width: 820, height: 1180 }, hasTouch: true },
  { name: "desktop", viewport: { width: 1440, height: 900 }, hasTouch: false },
];

/** Makes somebody of the partner and logs in as them. The page is then the list of events. */
export async function logIn(
  gantry: Gantry,
  page: Page,
  partner: string,
  role = "owner",
): Promise<void> {
  const args = ["user", "create", "--partner", partner, "--email", OWNER.email, "--role", role];
  await gantry.cli(args, `${OWNER.password}\n`);
  await fillLogin(page, OWNER);
}

/** Types into the form of `/login` and waits for the studio. */
export async function fillLogin(page: Page, who: Login): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("Email address").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("**/");
}

/** Waits until the page's script runs: it names the page then. */
export async function wakes(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/ – Gantry$/);
}

/** What is wrong, over the content of every page. */
export const alarms = (page: Page) => page.getByRole("region", { name: "Alarms" });

/** Presses what copies and sees it said, which is for two seconds: too short to be waited for. */
export async function copies(button: Locator): Promise<void> {
  const said = await button.page().evaluateHandle(() => {
    const said = new Set<string>();
    const look = () => {
      for (const it of Array.from(document.querySelectorAll(".copied"))) said.add(it.textContent ?? "");
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    return said;
  });
  await button.click();
  await expect.poll(() => said.evaluate((said) => said.has("Copied"))).toBe(true);
}

/** Goes on until what is to happen has happened. */
export async function meanwhile(work: () => void, happens: Promise<void>): Promise<void> {
  const timer = setInterval(work, 400);
  try {
    await happens;
  } finally {
    clearInterval(timer);
  }
}

/** Nothing that keeps somebody with a reader of screens or a keyboard out. */
export async function isAccessible(page: Page): Promise<void> {
  // What is half faded in has half its contrast.
  await page.evaluate(animationsEnd);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const html = (nodes: { html: string }[]) => nodes.map((node) => node.html).join(" ");
  const named = serious.map(({ id, nodes }) => `${id}: ${html(nodes)}`);
  expect(named).toEqual([]);
}

/** Nobody has to push a page to and fro. */
export async function isNotWider(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    window.innerWidth,
  ]);
  expect(content, page.url()).toBeLessThanOrEqual(screen);
}
