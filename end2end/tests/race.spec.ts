// A race morning from the browser: from an empty folder to a live display, and the gun.

import type { Locator, Page } from "@playwright/test";

import { Board, secondsAgo } from "../board";
import { expect, type Gantry, test } from "../gantry";
import { isAccessible, logIn, OWNER, wakes } from "../studio";

test.use({ viewport: { width: 1280, height: 900 } });

const TABS_MAX = 60;
const DAY_S = 86_400;
/** What a page that may fire a gun asks four times. */
const SERVER_CLOCK = "/rpc/clock";
/** By how much a page may mistake the server's clock: half the time of its quickest answer. */
const CLOCK_MS_MAX = 500;

/** Goes on with Tab until it has the focus, as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if (await target.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${TABS_MAX} times Tab do not lead to ${target}`);
}

async function press(page: Page, name: string, role: "button" | "link" = "button"): Promise<void> {
  await tabTo(page, page.getByRole(role, { name, exact: true }).first());
  if (role === "button") return page.keyboard.press("Enter");
  // A page that is seen and does not run yet takes no keys.
  const loads = page.waitForEvent("load");
  await page.keyboard.press("Enter");
  await loads;
  await wakes(page);
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

/** A race time that fits. */
const about = (pattern: RegExp) => expect.stringMatching(pattern) as unknown as string;

const ROSTER = `bib,first_name,last_name,city
1,Ada,Pendlebury,Lower Heath
2,Bo,Larkfield,Fernhill
`;

test("from an empty folder to a live display by keyboard alone", async ({
  controller,
  page,
  context,
}) => {
  // All pages in one, a key at a time.
  test.slow();
  await page.goto("/");
  await expect(page.getByLabel("Your timing company or club")).toBeFocused();
  await page.keyboard.type("Harbor Timing");
  await type(page, page.getByLabel("Your email address"), OWNER.email);
  await type(page, page.getByLabel("A password"), OWNER.password);
  await page.keyboard.press("Enter");
  await wakes(page);

  await press(page, "New event");
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Harbor Run");
  await type(page, page.getByLabel("Time zone"), "UTC");
  await press(page, "Create event");
  await expect(page.getByRole("heading", { level: 1, name: "Harbor Run" })).toBeVisible();
  await wakes(page);
  await isAccessible(page);

  await press(page, "New race");
  await expect(page.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("10K");
  await type(page, page.getByLabel("Distance"), "10");
  await isAccessible(page);
  await press(page, "Save");
  await expect(page.getByRole("heading", { name: "10K" })).toBeVisible();
  await expect(page.getByText("not started")).toBeVisible();

  await press(page, "Roster", "link");
  // Before the key: the browser is told to hand the choice over, which takes it a moment.
  const choosing = page.waitForEvent("filechooser");
  await press(page, "Import a file");
  await tabTo(page, page.getByRole("dialog").getByLabel("Roster"));
  await page.keyboard.press("Space");
  await (await choosing).setFiles({
    name: "roster.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(ROSTER),
  });
  await press(page, "Import 2 rows");
  await expect(page.getByText("The roster is in force.")).toBeVisible();
  await press(page, "Done");
  await expect(page.getByText("2 participants")).toBeVisible();

  await press(page, "Timing", "link");
  await press(page, "New stream");
  const stream = page.getByRole("dialog", { name: "New stream" });
  await type(page, stream.getByLabel("Name"), "Finish box");
  await press(page, "Save");
  await expect(page.getByRole("heading", { name: "Finish box" })).toBeVisible();
  const mats = await controller({ locations: ["FINISH"] });
  await expect(page.getByText("SimpleClient 0.6.0", { exact: true })).toBeVisible();

  await press(page, "Displays", "link");
  await press(page, "New display");
  const form = page.getByRole("dialog", { name: "New display" });
  const known = form.getByRole("checkbox", { name: "FINISH" });
  const other = form.getByLabel("Another point");
  if ((await known.count()) === 0) await type(page, other, "FINISH");
  await press(page, "Create display");
  const address = await page.locator(".copyable code", { hasText: "/d/" }).innerText();
  const board = await Board.open(await context.newPage(), address);

  const told = clockIsTold(page);
  await press(page, "Race", "link");
  await press(page, "Fire a gun");
  const gun = page.getByRole("dialog", { name: "Fire a gun" });
  await expect(gun.getByRole("checkbox", { name: "10K" })).toBeChecked();
  await isAccessible(page);
  await told();
  await press(page, "Gun");
  await expect(page.getByText(/^gun .* pressed here/)).toBeVisible();
  mats.read("FINISH", "2");
  await board.shows([{ bib: "2", name: "Bo Larkfield", time: about(/^0:\d\d$/) }]);
  await isAccessible(page);
});

/** An event today with a race, a roster and a display, and somebody at its page. */
async function atRace(gantry: Gantry, page: Page): Promise<{ event: string; address: string }> {
  const { partner, event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const { url: address } = await gantry.createDisplay(event, ["FINISH"]);
  await logIn(gantry, page, partner);
  await page.goto(`/events/${event}`);
  await wakes(page);
  await page.getByRole("button", { name: "New race" }).first().click();
  const form = page.getByRole("dialog", { name: "New race" });
  await form.getByLabel("Name").fill("10K");
  await form.getByLabel("Distance").fill("ten");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Type the distance as a number")).toBeVisible();
  await form.getByLabel("Distance").fill("10");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  return { event, address };
}

/** Gives what waits until the page knows the server's clock: before, no press of the gun counts. */
function clockIsTold(page: Page): () => Promise<void> {
  let told = 0;
  page.on("requestfinished", (it) => void (told += Number(it.url().endsWith(SERVER_CLOCK))));
  return () => expect.poll(() => told).toBeGreaterThanOrEqual(4);
}

async function fire(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Fire a gun" }).click();
  await page.getByRole("button", { name: "Gun", exact: true }).click();
}

const start = (page: Page) => page.getByRole("listitem").filter({ hasText: "gun " }).first();

/** The gun's time of day as the page says it, in seconds. */
async function gunTime(page: Page): Promise<number> {
  const said = await start(page).innerText();
  const [, h, m, s] = /gun (\d+):(\d+):(\d+)/.exec(said) ?? [];
  return Number(h) * 3_600 + Number(m) * 60 + Number(s);
}

test("the gun asks anew each time what it starts", async ({ gantry, page }) => {
  await atRace(gantry, page);
  await page.getByRole("button", { name: "Fire a gun" }).click();
  const form = page.getByRole("dialog", { name: "Fire a gun" });
  const race = form.getByRole("checkbox", { name: "10K" });
  await race.uncheck();
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();

  await page.getByRole("button", { name: "Fire a gun" }).click();
  await expect(race).toBeChecked();
  await race.uncheck();
  await form.getByRole("button", { name: "Gun", exact: true }).click();
  await expect(form.getByText("Tick what the gun starts")).toBeVisible();
  await race.check();
  // The moment of the press is kept.
  await form.getByRole("button", { name: "Send it" }).click();
  await expect(start(page)).toContainText("pressed here");
});

test("the gun is pressed, then corrected, and both undone", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  const { address } = await atRace(gantry, page);
  const board = await Board.open(await context.newPage(), address);
  const mats = await controller({ locations: ["FINISH"] });
  await fire(page);
  await expect(start(page)).toContainText("pressed here");
  await page.getByRole("button", { name: "Fire a gun" }).click();
  const again = page.getByRole("dialog", { name: "Fire a gun" });
  await expect(again).toContainText("Everything has started");
  await expect(again.getByRole("button", { name: "Gun" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  const pressed = await gunTime(page);
  mats.read("FINISH", "1");
  await board.shows([{ bib: "1", name: "Ada Pendlebury", time: about(/^0:\d\d$/) }]);

  // A minute before, unless that were yesterday.
  const earlier = Math.max(pressed - 60, 0);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  await page.getByRole("button", { name: "What to do with this start" }).click();
  await page.getByRole("menuitem", { name: "Correct the time" }).click();
  const form = page.getByRole("dialog", { name: "Correct the gun" });
  await form.getByLabel("Time of the gun").fill("soon");
  await form.getByRole("button", { name: "Correct" }).click();
  await expect(form.getByText("Write the time as 7:00:00")).toBeVisible();
  await form
    .getByLabel("Time of the gun")
    .fill(`${two(earlier / 3_600)}:${two((earlier / 60) % 60)}:${two(earlier % 60)}`);
  await form.getByRole("button", { name: "Correct" }).click();
  await expect(form).toBeHidden();
  // It stays for as long as it is pointed at.
  const undo = page.getByRole("status").getByRole("button", { name: "Undo" }).last();
  await undo.hover();
  await expect.poll(() => gunTime(page)).toBe(earlier);
  const corrected = pressed < 60 ? /^[01]:\d\d$/ : /^1:\d\d$/;
  await board.shows([{ bib: "1", time: about(corrected) }]);

  await undo.click();
  await expect.poll(() => gunTime(page)).toBe(pressed);
  await board.shows([{ bib: "1", time: about(/^0:\d\d$/) }]);
  await page.getByRole("button", { name: "What to do with this start" }).click();
  await page.getByRole("menuitem", { name: "Not started by this gun" }).click();
  await board.shows([{ bib: "1", time: "–" }]);
  await expect(page.getByText("Guns that started nothing")).toBeVisible();
  await page.getByRole("button", { name: "What this gun started" }).click();
  await page.getByRole("menuitem", { name: "It started 10K" }).click();
  await board.shows([{ bib: "1", time: about(/^0:\d\d$/) }]);
});

test.describe("while the server is away", () => {
  test.use({ allowedConsole: /ERR_CONNECTION_REFUSED|Failed to fetch|WebSocket/ });

  test("a pressed gun keeps its moment, and is sent once it is back", async ({ gantry, page }) => {
    const told = clockIsTold(page);
    await atRace(gantry, page);
    await told();
    await page.getByRole("button", { name: "Fire a gun" }).click();
    await gantry.kill();
    const from = Date.now();
    await page.getByRole("button", { name: "Gun", exact: true }).click();
    await expect(page.getByText("The moment is kept")).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: "server" })).toBeVisible();
    const before = Date.now();
    await gantry.serve();
    await expect.poll(() => Date.now() - before).toBeGreaterThan(2_000);
    await page.getByRole("button", { name: "Send it" }).click();
    await expect(start(page)).toContainText("pressed here");
    // It is said in whole seconds. Two of them after `before` it was sent.
    const second = (ms: number) => Math.floor(ms / 1_000);
    const [first, last] = [second(from - CLOCK_MS_MAX), second(before + CLOCK_MS_MAX)];
    const since = (((await gunTime(page)) - first) % DAY_S + DAY_S) % DAY_S;
    expect(since, "not when it was sent").toBeLessThanOrEqual(last - first);
  });
});

test("a bib swapped while its runner is on the screen renames nobody", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  const { event, address } = await atRace(gantry, page);
  const board = await Board.open(await context.newPage(), address);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(2));
  await board.shows([{ bib: "1", name: "Ada Pendlebury" }]);
  await page.goto(`/events/${event}/roster`);
  await wakes(page);
  const row = page.getByRole("row").filter({ hasText: "Ada Pendlebury" });
  await row.click();
  const person = page.locator("dialog#person");
  await person.getByLabel("Swap bibs with").fill("larkfield");
  await person.getByRole("button", { name: "2 Bo Larkfield" }).click();
  await expect(row).toContainText("2");
  // Bib 1 was read: it is Bo's from now on and for what was read, and Ada is Ada still.
  await board.shows([{ bib: "1", name: "Bo Larkfield" }]);
  mats.read("FINISH", "2");
  await board.shows([{ bib: "2", name: "Ada Pendlebury" }, { bib: "1", name: "Bo Larkfield" }]);
});
