// The page that the server draws: complete without a script, and the same once a script draws.

import { Board, canvas, drawn, rows, secondsAgo } from "../board";
import { expect, type Gantry, test } from "../gantry";

const ROSTER = `bib,first_name,last_name,city
1,Ada,Pendlebury,Lower Heath
2,عبد الرحمن,الحدّاد-المنصوري,عين الوادي
3,大翔,渡邊,東野市
4,Maximiliane-Charlotte Philippine,von und zu Hohenschwarzenfels-Unterleitenbacher,Aue
5,<b>Bold</b>,Zoë & Co,"Here; ""There"""
`;

/** A display of two points with five rows, one of them late. Returns its address. */
async function filled(gantry: Gantry, controller: Controllers): Promise<string> {
  const { event } = await gantry.createEvent("Große Nordküsten-Staffel & Volkslauf");
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["10K", "FINISH"]);
  const mats = await controller({ locations: ["10K", "FINISH"] });
  for (const bib of [1, 2, 3, 4]) mats.read("FINISH", String(bib), secondsAgo(10 - bib));
  mats.read("10K", "5", secondsAgo(300));
  const served = async () => (await fetch(display.url)).text();
  await expect.poll(served).toContain("Bold");
  return display.url;
}

type Controllers = (options: { locations: string[] }) => Promise<{
  read(location: string, chip: string, at?: Date): number;
}>;

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a display shows its present state", async ({ gantry, controller, page }) => {
    const url = await filled(gantry, controller);
    await page.goto(url);
    await expect(page).toHaveTitle("Große Nordküsten-Staffel & Volkslauf · 10K, FINISH");
    // It loads itself anew now and then, and perhaps right while it is read.
    await expect(async () => {
      const shown = await rows(page);
      expect(shown.map((row) => row.bib)).toEqual(["4", "3", "2", "1", "5"]);
      expect(shown[3]).toMatchObject({ name: "Ada Pendlebury", city: "Lower Heath", late: false });
      expect(shown[4]).toMatchObject({ name: "<b>Bold</b> Zoë & Co", point: "10K", late: true });
    }).toPass({ timeout: 10_000 });
    await expect(canvas(page).getByText("Ada Pendlebury")).toBeVisible();
    await expect(page.getByText("Reconnecting")).toBeHidden();
  });

  test("a display without arrivals says that it waits", async ({ gantry, page }) => {
    const { event } = await gantry.createEvent();
    await gantry.createStream(event);
    await page.goto((await gantry.createDisplay(event, ["FINISH"])).url);
    await expect(canvas(page).getByText("Waiting for the first arrival")).toBeVisible();
  });
});

test("a screen draws what the server drew", async ({ gantry, controller, page }) => {
  const url = await filled(gantry, controller);
  const html = await (await fetch(url)).text();
  const board = await Board.open(page, url);
  const served = await page.evaluate(
    `(${drawn})(new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html")
      .querySelector(".canvas"))`,
  );
  // Of the canvas itself its place differs.
  const boxes = (canvas: unknown) => (canvas as unknown[]).slice(3);
  await expect
    .poll(async () => boxes(await page.evaluate(`(${drawn})(document.querySelector(".canvas"))`)))
    .toEqual(boxes(served));
  expect((await board.rows).length).toBe(5);
});

test("the picture is there before the wasm is, and lives once it comes", async ({
  gantry,
  controller,
  page,
}) => {
  const { event } = await gantry.createEvent();
  await gantry.createStream(event);
  await gantry.importRoster(event, ROSTER);
  const display = await gantry.createDisplay(event, ["FINISH"]);
  const mats = await controller({ locations: ["FINISH"] });
  mats.read("FINISH", "1", secondsAgo(5));
  await expect.poll(async () => (await fetch(display.url)).text()).toContain("Pendlebury");

  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  const opening = Board.open(page, display.url);
  await expect(canvas(page).getByText("Ada Pendlebury")).toBeVisible();
  mats.read("FINISH", "3", secondsAgo(1));
  letThrough();
  const board = await opening;
  await board.shows([{ bib: "3" }, { bib: "1" }]);
});
