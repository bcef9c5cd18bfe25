// The Timing page and the alarms of every page, with a controller that does what real ones do.

import type { Page } from "@playwright/test";

import { Board, secondsAgo } from "../board";
import { type Controller, expect, type Gantry, test } from "../gantry";
import { alarms, isAccessible, logIn, meanwhile, wakes } from "../studio";

const ROSTER = `bib,first_name,last_name,city
1,Ada,Pendlebury,Lower Heath
2,Bo,Larkfield,Fernhill
3,Cleo,Quill,Millbrook
`;

const HOUR_S = 3_600;

test.use({ viewport: { width: 1280, height: 900 } });

/** An event with a roster, and somebody logged in at its Timing page. */
async function atWork(gantry: Gantry, page: Page, streams = ["mats"]): Promise<string> {
  const { partner, event } = await gantry.createEvent();
  for (const name of streams) await gantry.createStream(event, name);
  await gantry.importRoster(event, ROSTER);
  await logIn(gantry, page, partner);
  await open(page, event);
  return event;
}

async function open(page: Page, event: string): Promise<void> {
  await page.goto(`/events/${event}/timing`);
  await wakes(page);
}

const reads = (page: Page) => page.getByRole("grid", { name: "Reads, the newest first" });

test("the first connection and its reads appear by themselves", async ({
  gantry,
  controller,
  page,
}) => {
  await atWork(gantry, page);
  await page.getByRole("tab", { name: "Connect a device" }).click();
  const panel = page.getByRole("tabpanel", { name: "Connect a device" });
  await expect(panel.getByRole("status").getByText("Waiting for the first")).toBeVisible();
  await expect(panel.getByText(gantry.timing.split(":")[1], { exact: true })).toBeVisible();

  const mats = await controller({ locations: ["FINISH"], event: "Harbor 10K" });
  await expect(panel.getByText("SimpleClient 0.6.0 at 127.0.0.1")).toBeVisible();
  await expect(page.getByText('calls its event "Harbor 10K"')).toBeVisible();

  await page.getByRole("tab", { name: "Reads" }).click();
  mats.read("FINISH", "2");
  const row = reads(page).getByRole("row", { name: /Bo Larkfield/ });
  await expect(row).toContainText("FINISH");
  await expect(page.getByRole("row", { name: /FINISH: choose the point/ })).toContainText("in step");

  // Held, the list stands still; what came meanwhile is there afterwards.
  await page.getByRole("button", { name: "Hold the list" }).click();
  mats.read("FINISH", "1");
  await expect(page.getByText("2 reads", { exact: false }).first()).toBeVisible();
  await expect(reads(page).getByRole("row", { name: /Ada Pendlebury/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(reads(page).getByRole("row", { name: /Ada Pendlebury/ })).toBeVisible();

  mats.read("FINISH", "4711");
  await page.getByLabel("Kind").selectOption({ label: "Of unknown tags" });
  await expect(reads(page).getByRole("row", { name: /tag 4711/ })).toContainText("unknown");
  await expect(reads(page).getByRole("row", { name: /Bo Larkfield/ })).toHaveCount(0);
  await isAccessible(page);
});

test("a wrong clock is named on every page, and one press puts it right", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  const event = await atWork(gantry, page);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(await context.newPage(), display.url);
  await page.goto("/");
  await wakes(page);
  const mats = await controller({ locations: ["FINISH"] });
  let bib = 100;
  const read = () => mats.read("FINISH", String(bib++), secondsAgo(HOUR_S));
  const title = alarms(page).getByText(/^FINISH is (59 m 5\d s|1 h 00 m 0\d s) behind this computer/);
  await meanwhile(read, expect(title).toBeVisible({ timeout: 15_000 }));
  await alarms(page).getByRole("button", { name: /^Add .* to its reads$/ }).click();
  await expect(page.getByText("The stream's offset is set")).toBeVisible();
  await expect(title).toBeHidden();
  mats.read("FINISH", "2", secondsAgo(HOUR_S));
  await board.shows([{ bib: "2", name: "Bo Larkfield", late: false }]);
  // It says so on the Timing page, where it can be altered.
  await open(page, event);
  await expect(page.getByText(/offset \+(0:59|1:00):\d\d/)).toBeVisible();
});

test("an unknown tag is given to somebody, who is on the screen then", async ({
  gantry,
  controller,
  page,
  context,
}) => {
  const event = await atWork(gantry, page);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const board = await Board.open(await context.newPage(), display.url);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(3));
  mats.read("FINISH", "4711", secondsAgo(2));
  for (const test of ["9001", "9002"]) mats.read("FINISH", test, secondsAgo(2));
  await board.shows([{ bib: "1" }]);

  await page.getByRole("tab", { name: "Exceptions" }).click();
  const line = page.getByRole("listitem").filter({ hasText: "4711" });
  await expect(line).toContainText("1 read · FINISH");
  await line.getByRole("button", { name: "Assign" }).click();
  const dialog = page.getByRole("dialog", { name: "Whose is tag 4711?" });
  await dialog.getByLabel("Bib or name").fill("lark");
  await dialog.getByRole("button", { name: /Bo Larkfield/ }).click();
  // It stays for as long as it is pointed at.
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await expect(line).toBeHidden();
  await board.shows([{ bib: "2", name: "Bo Larkfield" }, { bib: "1" }]);
  // Those without a chip are still known by their bibs.
  mats.read("FINISH", "3");
  await board.shows([{ bib: "3" }, { bib: "2" }, { bib: "1" }]);

  // And back.
  await undo.click();
  await expect(line).toBeVisible();
  await board.shows([{ bib: "3" }, { bib: "1" }]);

  // Test tags are nobody's on purpose.
  await page.getByRole("button", { name: "Ignore test tags" }).click();
  const range = page.getByRole("dialog", { name: "Ignore test tags" });
  await range.getByLabel("From").fill("9001");
  await range.getByLabel("To").fill("9020");
  await range.getByRole("button", { name: "Ignore them" }).click();
  await expect(page.getByText("9001 – 9020", { exact: true })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "9002" })).toHaveCount(0);
  await page.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "9002" })).toBeVisible();

  // Somebody who was not on the roster.
  await line.getByRole("button", { name: "Assign" }).click();
  await dialog.getByText("Not on the roster").click();
  await dialog.getByLabel("First name").fill("Dee");
  await dialog.getByLabel("Last name").fill("Marlow");
  await dialog.getByRole("button", { name: "Add" }).click();
  await board.shows([{ bib: "3" }, { bib: "4711", name: "Dee Marlow" }, { bib: "1" }]);
});

test("a connection that is nobody's is claimed with one press", async ({
  gantry,
  controller,
  page,
}) => {
  await atWork(gantry, page, ["Start box", "Finish box"]);
  // It is asked for its reads only once it is claimed.
  const mats = await controller({ locations: ["FINISH"], startsLater: true });
  await expect(page.getByRole("heading", { name: "Whose is it?" })).toBeVisible();
  await expect(alarms(page).getByText(/belongs to no stream yet/)).toBeVisible();
  await page.getByRole("button", { name: "Claim for Finish box" }).click();
  await mats.started();
  await expect(page.getByRole("heading", { name: "Whose is it?" })).toBeHidden();
  await expect(alarms(page).getByText(/belongs to no stream yet/)).toBeHidden();
  mats.read("FINISH", "3");
  await expect(reads(page).getByRole("row", { name: /Cleo Quill/ })).toBeVisible();
});

test.describe(() => {
  test.use({ allowedConsole: /pause-stream|status of 500/ });

  test("that the server is away is said once, until it answers; what it refuses stays", async ({
    gantry,
    page,
  }) => {
    await atWork(gantry, page);
    const stream = page.getByRole("list").getByRole("listitem").filter({ hasText: "mats" });
    const press = async (verb: string) => {
      await stream.getByRole("button", { name: "Actions for mats" }).click();
      await page.getByRole("menuitem", { name: verb }).click();
    };
    const errors = page.locator(".toast.error");
    const away = errors.filter({ hasText: "The server cannot be reached" });
    await page.route("**/rpc/pause-stream", (route) => route.abort());
    await press("Pause");
    await expect(away).toHaveCount(1);
    const first = await away.getAttribute("id");
    await press("Pause");
    // Another one, in the place of the first.
    await expect.poll(() => away.getAttribute("id")).not.toBe(first);
    await expect(errors).toHaveCount(1);

    await page.unroute("**/rpc/pause-stream");
    await page.route("**/rpc/pause-stream", (route) => route.fulfill({ status: 500, body: "" }));
    await press("Pause");
    const refused = errors.filter({ hasText: "load the page again" });
    await expect(refused).toBeVisible();
    await expect(away).toHaveCount(0);

    await page.unroute("**/rpc/pause-stream");
    await press("Pause");
    await expect(page.getByText("Paused; its devices keep their reads")).toBeVisible();
    await expect(refused).toBeVisible();
  });
});

test("tags that are nobody's raise an alarm, which leads to them and ends with them", async ({
  gantry,
  controller,
  page,
}) => {
  await atWork(gantry, page);
  const mats = await controller({ locations: ["FINISH"] });
  for (let tag = 9_001; tag <= 9_030; tag++) mats.read("FINISH", String(tag));
  const alarm = alarms(page).getByText(/30 of the last 30 tags are nobody's/);
  await expect(alarm).toBeVisible();
  for (const tag of ["9030", "9021"]) {
    await expect(alarms(page).getByText(tag, { exact: false })).toBeVisible();
  }
  await page.getByRole("tab", { name: "Exceptions" }).click();
  await page.getByRole("button", { name: "Ignore test tags" }).click();
  const range = page.getByRole("dialog", { name: "Ignore test tags" });
  await range.getByLabel("From").fill("9001");
  await range.getByLabel("To").fill("9030");
  await range.getByRole("button", { name: "Ignore them" }).click();
  await expect(alarm).toBeHidden();
});

test("a client that is gone is missed, and welcome back", async ({ gantry, controller, page }) => {
  await atWork(gantry, page);
  const mats: Controller = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1");
  await expect(reads(page).getByRole("row", { name: /Ada Pendlebury/ })).toBeVisible();
  await mats.disconnect();
  const gone = alarms(page).getByText("SimpleClient of mats is gone (FINISH)");
  await expect(gone).toBeVisible({ timeout: 25_000 });
  await expect(page.getByRole("link", { name: /Timing/ })).toContainText("1");
  await mats.reconnect(gantry.timing);
  await expect(gone).toBeHidden();
});

test("a server that does not answer is said, and what was known stays", async ({
  gantry,
  controller,
  page,
}) => {
  await atWork(gantry, page);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1");
  const row = reads(page).getByRole("row", { name: /Ada Pendlebury/ });
  await expect(row).toBeVisible();
  const away = alarms(page).getByText(/^The server does not answer/);
  gantry.pause();
  await expect(away).toBeVisible({ timeout: 20_000 });
  await expect(row).toBeVisible();
  gantry.resume();
  await expect(away).toBeHidden();
  mats.read("FINISH", "2");
  await expect(reads(page).getByRole("row", { name: /Bo Larkfield/ })).toBeVisible();
});

test("a stream is set up, paused and put away, each with the way back", async ({
  gantry,
  page,
}) => {
  await atWork(gantry, page, []);
  await page.getByRole("button", { name: "New stream" }).first().click();
  const form = page.getByRole("dialog", { name: "New stream" });
  await form.getByLabel("Name").fill("Finish box");
  await form.getByLabel("Offset").fill("an hour");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText(/Type it as 1:00:03/)).toBeVisible();
  await form.getByLabel("Offset").fill("-0:02.5");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Finish box" }) });
  await expect(card).toContainText("offset -0:00:02.500");
  await expect(card).toContainText("takes reads");
  const act = async (what: string) => {
    await card.getByRole("button", { name: "Actions for Finish box" }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  await act("Pause");
  await expect(card).toContainText("paused");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toContainText("takes reads");
  await act("Archive");
  await expect(card).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(card).toContainText("takes reads");
});

test("from when on a point counts is said, and taken back", async ({
  gantry,
  controller,
  page,
}) => {
  await atWork(gantry, page);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1");
  await page.getByRole("tab", { name: "Points" }).click();
  const point = page.getByRole("listitem").filter({ hasText: "all of its reads count" });
  await point.getByRole("button", { name: "Count from now" }).click();
  await expect(page.getByText(/^counts from \d\d:\d\d:\d\d/)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(point).toBeVisible();
});

test("reads of the simulator are marked, and put aside by one press", async ({ gantry, page }) => {
  const event = await atWork(gantry, page);
  const { code } = await gantry.createDisplay(event, ["FINISH"]);
  const to = ["--to", gantry.timing, "--points", "FINISH"];
  await gantry.cli(["sim", "--runners", "3", "--speed", "0", ...to]);
  const row = reads(page).getByRole("row", { name: /Bo Larkfield/ });
  await expect(row).toContainText("DEMO");
  const board = await Board.open(await page.context().newPage(), `/d/${code}`);
  const bibs = async () => (await board.rows).map((row) => row.bib).sort();
  await expect.poll(bibs).toEqual(["1", "2", "3"]);

  await page.getByRole("tab", { name: "Points" }).click();
  const remove = page.getByRole("button", { name: "Remove simulator reads" });
  await remove.click();
  await expect(page.getByText("The simulator's reads are put aside")).toBeVisible();
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await expect(remove).toBeHidden();
  await expect.poll(bibs).toEqual([]);
  await undo.click();
  await expect(remove).toBeVisible();
  await expect.poll(bibs).toEqual(["1", "2", "3"]);
});
