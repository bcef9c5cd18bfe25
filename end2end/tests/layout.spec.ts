// Every screen that people bring, with the longest made-up names: nothing is cut off, lies on
// something else or scrolls.

import { Board, canvas, secondsAgo } from "../board";
import { expect, test } from "../gantry";
import { fits, SCREENS } from "../layout";

const EVENT = "Große Nordküsten-Staffel und Volkslauf am Alten Leuchtturm";
const POINTS = ["Kilometer 30 am Hafenbecken", "Ziel am Alten Leuchtturm"];
// As many as the template `arrivals` has rows.
const ROWS = 9;

// The made-up field has a hard name at every eighth runner, 26 of them in turn.
const HARD_EVERY = 8;
const RUNNERS = 26 * HARD_EVERY;

for (const points of [POINTS.slice(1), POINTS]) {
  test(`the hardest names fit on a display of ${points.length}`, async ({
    gantry,
    controller,
    page,
  }) => {
    const { event } = await gantry.createEvent(EVENT);
    await gantry.createStream(event);
    const roster = await gantry.madeUpRoster(RUNNERS);
    await gantry.importRoster(event, roster);
    const display = await gantry.createDisplay(event, points);
    const mats = await controller({ locations: POINTS });
    const board = await Board.open(page, display.url);

    const lines = roster.trim().split("\n").slice(1);
    const longest = [...lines].sort((one, other) => other.length - one.length);
    const hard = lines.filter((_, index) => index % HARD_EVERY === 0);
    // Late, so that each name once stands beside the mark.
    for (const [round, people] of [longest, hard, hard.slice(6)].entries()) {
      const bibs = people.slice(0, ROWS).map(bibOf);
      // Minutes apart, or the reads of one person would be one passage.
      const ago = 600 - 100 * round;
      for (const [index, bib] of bibs.entries()) {
        mats.read(points[index % points.length], bib, secondsAgo(ago - index));
      }
      await board.shows(bibs.map((bib) => ({ bib, late: true })).reverse());
      await fits(page, `round ${round}`);
    }
    // Live, so that each is once on top. The other screens have one of these two shapes.
    for (const [index, bib] of hard.map(bibOf).entries()) {
      mats.read(points[index % points.length], bib, secondsAgo(hard.length - index));
      await expect.poll(async () => (await board.rows)[0]?.bib).toBe(bib);
      await fits(page, `${bib} on top`, SCREENS.slice(0, 2));
    }
    await fits(page, "all live");
  });
}

function bibOf(line: string): string {
  return line.split(",")[0];
}

test("a display that waits fits", async ({ gantry, page }) => {
  const { event } = await gantry.createEvent(EVENT);
  await gantry.createStream(event);
  await page.goto((await gantry.createDisplay(event, POINTS)).url);
  await expect(canvas(page)).toHaveAttribute("style", /matrix/);
  await expect(canvas(page)).toContainText("Waiting for the first arrival");
  await fits(page, "resting");
});

test.describe("pages without a board", () => {
  test.use({ allowedConsole: /status of 404/ });

  test("a display that has ended, and a code that opens nothing, fit", async ({ gantry, page }) => {
    const { event } = await gantry.createEvent(EVENT);
    await gantry.createStream(event);
    const display = await gantry.createDisplay(event, POINTS, { ttl: "20s" });
    await Board.open(page, display.url);
    await expect(page.getByText("This display has ended")).toBeVisible({ timeout: 40_000 });
    await fits(page, "ended");
    await page.reload();
    await expect(page.getByText("No display here")).toBeVisible();
    await fits(page, "not found");
  });
});
