// A display from the studio: made, opened, watched, told what to do, and switched off.

import type { Page, Request } from "@playwright/test";

import { Board, secondsAgo } from "../board";
import { expect, type Gantry, test } from "../gantry";
import { copies, isAccessible, logIn, wakes } from "../studio";

test.use({ viewport: { width: 1280, height: 900 } });

/** Logged in, on the page of displays of an event with a stream, a roster and two points. */
async function opened(gantry: Gantry, page: Page): Promise<string> {
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, "bib,first_name,last_name,city\n1,Ada,Pendlebury,Lower Heath\n");
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}/displays`);
  await wakes(page);
  return event;
}

async function create(page: Page, point: string): Promise<void> {
  await page.getByRole("button", { name: "New display" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New display" });
  await dialog.getByLabel("Another point").fill(point);
  await dialog.getByLabel("Name").fill("Finish arch");
  await dialog.getByRole("button", { name: "Create display" }).click();
  await expect(dialog).toBeHidden();
}

const card = (page: Page) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Finish arch" }) });

/** Chooses from the menu of what its screens can be told. */
async function tell(page: Page, words: string): Promise<void> {
  await card(page).getByRole("button", { name: "Its screens" }).click();
  await page.getByRole("menuitem", { name: words }).click();
}

test("a display is made, shows a read, says which it is, and is switched off", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  // A screen that was turned may say so only ten seconds later.
  test.setTimeout(180_000);
  await opened(gantry, page);
  await expect(page.getByText("No display is on")).toBeVisible();
  await isAccessible(page);
  await create(page, "FINISH");
  await expect(card(page).getByText("No screen has it open")).toBeVisible();

  const address = await card(page).locator(".copyable code").innerText();
  expect(address).toMatch(new RegExp(`^http://${gantry.http}/d/[2-9a-z]{8}$`));
  const [screen] = await Promise.all([
    context.waitForEvent("page"),
    card(page).getByRole("link", { name: "Open" }).click(),
  ]);
  await expect(screen).toHaveURL(address);
  await screen.setViewportSize({ width: 1600, height: 900 });
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(1));
  await expect(screen.getByText("Ada Pendlebury")).toBeVisible();
  await expect(card(page).getByText("1 screen open")).toBeVisible();
  await expect(card(page).getByText(/^1600 × 900 px, Gantry/)).toBeVisible({ timeout: 20_000 });
  // Turned on its side it says so with its next pong.
  await screen.setViewportSize({ width: 900, height: 1600 });
  await expect(card(page).getByText(/^900 × 1600 px, Gantry/)).toBeVisible({ timeout: 20_000 });
  await screen.setViewportSize({ width: 1600, height: 900 });
  await isAccessible(page);

  const cover = screen.locator(".cover.on");
  await tell(page, "Show which screen is which");
  await expect(cover).toContainText(new URL(address).pathname);
  await tell(page, "Make them black");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(cover).toBeHidden({ timeout: 15_000 });
  await tell(page, "Message…");
  const message = page.getByRole("dialog", { name: "Message on Finish arch" });
  await message.getByLabel("Message").fill("Start at 9:15");
  await message.getByRole("button", { name: "Show it" }).click();
  await expect(cover).toHaveText("Start at 9:15");
  await tell(page, "Show the board again");
  await expect(cover).toBeHidden();

  await card(page).getByRole("button", { name: "Actions for Finish arch" }).click();
  await page.getByRole("menuitem", { name: "Switch off" }).click();
  const sure = page.getByRole("dialog", { name: "Switch Finish arch off?" });
  await sure.getByRole("button", { name: "Switch off" }).click();
  await expect(screen.getByText("This display has ended")).toBeVisible();
  await expect(page.getByText("No display is on")).toBeVisible();
  await page.getByRole("button", { name: "Show 1 that is over" }).click();
  await expect(card(page).getByText("Switched off for good.")).toBeVisible();
});

test("a display lives longer, gets another name, and both can be taken back", async ({
  gantry,
  page,
}) => {
  await opened(gantry, page);
  await create(page, "FINISH");
  await expect(card(page).getByText(/^On for (3 d|2 d 23 h)/)).toBeVisible();
  await card(page).getByRole("button", { name: "Actions for Finish arch" }).click();
  await page.getByRole("menuitem", { name: "A day longer" }).click();
  await expect(card(page).getByText(/^On for (4 d|3 d 23 h)/)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card(page).getByText(/^On for (3 d|2 d 23 h)/)).toBeVisible();

  await card(page).getByRole("button", { name: "Actions for Finish arch" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const rename = page.getByRole("dialog", { name: "Rename Finish arch" });
  await expect(rename.getByLabel("Name")).toHaveValue("Finish arch");
  await rename.getByLabel("Name").fill("");
  await rename.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "FINISH", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByRole("heading", { name: "Finish arch" })).toBeVisible();
});

test("points are ticked by hand, never all of several", async ({ gantry, controller, page }) => {
  const event = await opened(gantry, page);
  for (const point of ["START", "FINISH"]) await gantry.createDisplay(event, [point]);
  const mats = await controller({ locations: ["START", "FINISH"] });
  mats.read("START", "1");
  await page.reload();
  await wakes(page);
  await page.getByRole("button", { name: "New display" }).click();
  const dialog = page.getByRole("dialog", { name: "New display" });
  for (const point of ["START", "FINISH"]) {
    await expect(dialog.getByLabel(point, { exact: true })).not.toBeChecked();
  }
  await dialog.getByRole("button", { name: "Create display" }).click();
  await expect(dialog.getByRole("alert")).toContainText("at least one");
  await dialog.getByLabel("FINISH", { exact: true }).check();
  await dialog.getByLabel("Name").fill("Finish arch");
  await dialog.getByRole("button", { name: "Create display" }).click();
  await expect(card(page).getByText("Arrivals at FINISH · stream mats")).toBeVisible();
});

test("an answer that comes after that of a later look brings nothing back", async ({
  gantry,
  page,
}) => {
  await opened(gantry, page);
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  const first: Request[] = [];
  await page.route("**/rpc/displays", async (route, request) => {
    const response = await route.fetch();
    if (first.push(request) === 1) await held;
    await route.fulfill({ response });
  });
  const looked = (count: number) => expect.poll(() => first.length).toBeGreaterThanOrEqual(count);
  await looked(1);
  await create(page, "FINISH");
  await expect(card(page)).toBeVisible();
  const gone = await page.evaluateHandle(() => {
    const gone: string[] = [];
    const look = () => {
      const titles = Array.from(document.querySelectorAll("li h2"));
      const texts = titles.map((it) => it.textContent ?? "");
      if (!texts.includes("Finish arch")) gone.push(texts.join());
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    return gone;
  });
  const late = page.waitForEvent("requestfinished", (request) => request === first[0]);
  letThrough();
  await late;
  // Two more looks are over then, of which the second begins after it was taken up.
  await looked(first.length + 2);
  expect(await gone.jsonValue()).toEqual([]);
});

test("the code for a camera is drawn, and the address is copied on plain http", async ({
  gantry,
  page,
  context,
}) => {
  await opened(gantry, page);
  await create(page, "FINISH");
  // A name that is no secure context: browsers hide their clipboard there.
  const plain = page.url().replace("127.0.0.1", "gantry.test");
  const [cookie] = await context.cookies();
  await context.addCookies([{ ...cookie, domain: "gantry.test" }]);
  await page.goto(plain);
  await wakes(page);
  expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  await copies(card(page).getByRole("button", { name: "Copy the address of Finish arch" }));
  await card(page).getByRole("button", { name: "Large QR code of Finish arch" }).click();
  const code = page.getByRole("img", { name: /^QR code of http/ });
  await expect(code).toBeVisible();
  const width = () => code.evaluate((it: HTMLImageElement) => it.naturalWidth);
  await expect.poll(width).toBeGreaterThan(0);
  await isAccessible(page);
});

test.describe("somebody who may only look", () => {
  test.use({ allowedConsole: /status of 403/ });

  test("changes no display", async ({ gantry, page }) => {
    const { partner, event } = await gantry.createEvent();
    await gantry.createStream(event);
    const display = await gantry.createDisplay(event, ["FINISH"]);
    await logIn(gantry, page, partner, "viewer");
    for (const [name, more] of [
      ["end-display", {}],
      ["rename-display", { name: "Mine" }],
      ["command-display", { command: { action: "identify" } }],
      ["edit-display", { edit: { template: "arrivals", rundown: { window_ms: 2_000 } } }],
      ["operate-display", { turn: "skip" }],
    ] as const) {
      const status = await page.evaluate(
        async ([name, body]) => {
          const headers = { "content-type": "application/json" };
          const answer = await fetch(`/rpc/${name}`, { method: "POST", headers, body });
          return answer.status;
        },
        [name, JSON.stringify({ event, display: display.id, ...more })] as const,
      );
      expect(status, name).toBe(403);
    }
    await Board.open(page, display.url);
  });
});

test("the form for a display is a new one each time", async ({ gantry, controller, page }) => {
  const event = await opened(gantry, page);
  const mats = await controller({ locations: ["FINISH", "5K"] });
  mats.read("FINISH", "1");
  mats.read("5K", "1");
  await gantry.stores(event, 2);
  await page.reload();
  await wakes(page);
  const form = page.getByRole("dialog", { name: "New display" });
  const begin = async () => {
    await page.getByRole("button", { name: "New display" }).first().click();
    await expect(form.getByRole("checkbox", { name: "5K" })).toBeVisible();
  };
  await begin();
  await form.getByRole("checkbox", { name: "5K" }).check();
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await begin();
  await expect(form.getByRole("checkbox", { name: "5K" })).not.toBeChecked();
  await form.getByRole("checkbox", { name: "FINISH" }).check();
  await form.getByRole("button", { name: "Create display" }).click();
  await expect(page.getByText("Arrivals at FINISH")).toBeVisible();
});
